//! FROM: relations, subqueries, functions and joins, and the names they make visible.
//!
//! Knows what each item is called by and which columns it shows (`parse_clause.c`), and how it is written
//! (`get_from_clause_item`). NATURAL becomes USING with the columns of that moment, as on the server.

use super::expression::kind_name;
use super::fragment::{Fragment, Writer};
use super::literal::{missing, required};
use super::range::{ColumnName, Columns, Item, Level, Merged, RangeColumn, RangeName, Sees, Visible};
use super::resolve::{fixed, system_columns, write_column_name};
use super::select::Names;
use super::with::{aliased, write_column_list};
use super::{Analyser, Refusal, system};
use crate::catalog::{DataType, Form, Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, JoinType, NodeEnum};

/// An item of FROM: its text and what it shows.
pub(super) struct FromItem {
    /// The text.
    pub(super) template: Template,
    /// What can be named by itself.
    pub(super) visible: Vec<Visible>,
}

impl Analyser<'_> {
    /// FROM or USING with the word before it.
    pub(super) fn write_from(
        &self,
        writer: &mut Writer,
        word: &str,
        nodes: &[ast::Node],
        level: &mut Level,
    ) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let item = self.item_of(node, level)?;
            level.visible.extend(item.visible);
            writer
                .text(if index == 0 { word } else { ", " })
                .template(&item.template);
        }
        Ok(())
    }

    /// One item. Its range table entries are added to `level`; what it shows is for the caller to add.
    pub(super) fn item_of(&self, node: &ast::Node, level: &mut Level) -> Result<FromItem, Refusal> {
        match node.node.as_ref() {
            Some(NodeEnum::RangeVar(relation)) => self.range_variable(relation, level),
            Some(NodeEnum::RangeSubselect(query)) => self.range_subselect(query, level),
            Some(NodeEnum::RangeFunction(function)) => self.range_function(function, level),
            Some(NodeEnum::RangeTableSample(sample)) => self.table_sample(sample, level),
            Some(NodeEnum::JoinExpr(join)) => {
                self.enter(level)?;
                let item = self.join(join, level);
                self.leave(level);
                item
            }
            Some(NodeEnum::RangeTableFunc(table)) => self.xml_table(table, level),
            Some(NodeEnum::JsonTable(table)) => self.json_table(table, level),
            Some(other) => {
                let message = format!("{} in FROM is not supported", kind_name(other));
                Err(Refusal::new(Code::UnsupportedClause, -1, message))
            }
            None => Err(missing(-1)),
        }
    }

    /// A table, view or common table expression.
    fn range_variable(&self, node: &ast::RangeVar, level: &mut Level) -> Result<FromItem, Refusal> {
        let mut writer = Writer::default();
        let item = self.relation_item(&mut writer, node, level)?;
        Ok(show(writer, item, level))
    }

    /// Writes a relation with its alias; gives the item it makes.
    pub(super) fn relation_item(
        &self,
        writer: &mut Writer,
        node: &ast::RangeVar,
        level: &Level,
    ) -> Result<Item, Refusal> {
        if !node.inh {
            writer.text("ONLY ");
        }
        let mut item = self.named_relation(writer, node, level)?;
        if let Some(alias) = &node.alias {
            let names = ast::strings(&alias.colnames);
            // The server keeps an alias that is the relation's own name too (`get_rte_alias` in ruleutils.c): it stays when
            // the relation gets another.
            let columns = aliased(item.all(self.catalog), &names);
            write_alias(writer, &alias.aliasname, &columns, names.len());
            item.name = RangeName::Alias(Ident::from(alias.aliasname.as_str()));
            if !names.is_empty() {
                item.columns = Columns::Listed(columns);
            }
        }
        Ok(item)
    }

    fn named_relation(&self, writer: &mut Writer, node: &ast::RangeVar, level: &Level) -> Result<Item, Refusal> {
        let (schema, name) = (node.schemaname.as_str(), node.relname.as_str());
        if schema.is_empty()
            && let Some(table) = level.common_table(name)
        {
            writer.name(name);
            return Ok(listed(name, table.columns.clone()));
        }
        let in_path = if schema.is_empty() { "pg_catalog" } else { schema };
        if let Some(relation) = system::relation(self.version, in_path, name) {
            if in_path != "pg_catalog" {
                writer.name(in_path).text(".");
            }
            writer.name(name);
            let mut item = listed(name, system_columns(relation));
            item.relation = Some(QualifiedName::new(in_path, name));
            return Ok(item);
        }
        let written = Some(schema).filter(|schema| !schema.is_empty());
        if let Some(relation) = self.own_relation(written, name) {
            return self.catalog_relation(writer, relation, node.location);
        }
        if let Some((extension, home)) = self.extension_relation(written, name)
            && let Some((_, relation)) = system::extension_relations(name)
                .iter()
                .find(|(owner, _)| *owner == extension.as_str())
        {
            writer
                .reference(ObjectId::Schema(home), Form::Bare)
                .text(".")
                .name(name);
            writer.dependency(ObjectId::Extension(extension));
            return Ok(listed(name, system_columns(*relation)));
        }
        let shown = if schema.is_empty() {
            name.to_owned()
        } else {
            [schema, ".", name].concat()
        };
        let message = format!("relation \"{shown}\" does not exist");
        Err(Refusal::new(Code::UnknownRelation, node.location, message))
    }

    fn catalog_relation(&self, writer: &mut Writer, relation: QualifiedName, location: i32) -> Result<Item, Refusal> {
        let id = ObjectId::Relation(relation.clone());
        let columns = match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Table(_) | Object::View(_) | Object::MaterializedView(_)) => {
                Columns::Relation(relation.clone())
            }
            Some(Object::Sequence(_)) => Columns::Listed(vec![
                fixed("last_value", Some(DataType::system("int8"))),
                fixed("log_cnt", Some(DataType::system("int8"))),
                fixed("is_called", Some(DataType::system("bool"))),
            ]),
            Some(_) | None => {
                let message = format!("\"{}\" is no table or view", relation.name);
                return Err(Refusal::new(Code::UnknownRelation, location, message));
            }
        };
        writer.reference(id, Form::Qualified);
        Ok(Item {
            name: RangeName::Relation(relation.clone()),
            columns,
            relation: Some(relation),
        })
    }

    fn range_subselect(&self, node: &ast::RangeSubselect, level: &mut Level) -> Result<FromItem, Refusal> {
        let query = required(node.subquery.as_deref(), -1)?;
        let sees = if node.lateral {
            Sees::Everything
        } else {
            Sees::CommonTables
        };
        let selected = self.select(query, level, sees, Names::Shown)?;
        let mut writer = Writer::with(if node.lateral { "LATERAL (" } else { "(" });
        writer.template(&selected.template).text(")");
        let mut columns = selected.columns;
        let mut name = String::new();
        if let Some(alias) = &node.alias {
            let names = ast::strings(&alias.colnames);
            columns = aliased(columns, &names);
            write_alias(&mut writer, &alias.aliasname, &columns, names.len());
            name.clone_from(&alias.aliasname);
        }
        Ok(show(writer, listed(&name, columns), level))
    }

    fn table_sample(&self, node: &ast::RangeTableSample, level: &mut Level) -> Result<FromItem, Refusal> {
        let mut item = self.item_of(required(node.relation.as_deref(), node.location)?, level)?;
        let mut writer = Writer::default();
        writer.template(&item.template).text(" TABLESAMPLE ");
        writer.name(ast::strings(&node.method).last().copied().unwrap_or(""));
        writer.text("(").list(", ", &self.exprs(&node.args, level)?).text(")");
        if let Some(seed) = node.repeatable.as_deref() {
            writer
                .text(" REPEATABLE (")
                .fragment(&self.expr(seed, level)?)
                .text(")");
        }
        item.template = writer.finish();
        Ok(item)
    }

    fn join(&self, node: &ast::JoinExpr, level: &mut Level) -> Result<FromItem, Refusal> {
        let first_item = level.items.len();
        let left = self.item_of(required(node.larg.as_deref(), -1)?, level)?;
        // The right side may be LATERAL: it sees the left side and what stands before the join.
        let before = level.visible.len();
        level.visible.extend(left.visible.iter().cloned());
        let right = self.item_of(required(node.rarg.as_deref(), -1)?, level);
        level.visible.truncate(before);
        let right = right?;

        let kind = JoinType::try_from(node.jointype).unwrap_or(JoinType::Undefined);
        let merged_names = self.merged_names(node, &left.visible, &right.visible, level)?;
        let merged = self.merge(&merged_names, kind, [&left.visible, &right.visible], level)?;
        let mut visible: Vec<Visible> = merged.iter().cloned().map(Visible::Merged).collect();
        visible.extend(without(&left.visible, &merged_names));
        visible.extend(without(&right.visible, &merged_names));

        let mut writer = Writer::with("(");
        writer.template(&left.template);
        let has_condition = node.quals.is_some() || !merged.is_empty();
        writer.text(match kind {
            JoinType::JoinLeft => " LEFT JOIN ",
            JoinType::JoinRight => " RIGHT JOIN ",
            JoinType::JoinFull => " FULL JOIN ",
            JoinType::JoinInner if has_condition => " JOIN ",
            JoinType::JoinInner => " CROSS JOIN ",
            _ => return Err(missing(-1)),
        });
        writer.template(&right.template);
        if !merged.is_empty() {
            self.write_using(&mut writer, node, &merged, &right.visible, level);
        } else if let Some(condition) = node.quals.as_deref() {
            let outside = std::mem::replace(&mut level.visible, visible.clone());
            let condition = self.expr(condition, level);
            level.visible = outside;
            writer.text(" ON (").fragment(&condition?).text(")");
        } else if kind != JoinType::JoinInner {
            // NATURAL without a common column.
            writer.text(" ON TRUE");
        }
        writer.text(")");
        if let Some(alias) = &node.join_using_alias {
            let columns = merged.into_iter().map(|merged| merged.column).collect();
            level.push(listed(&alias.aliasname, columns));
        }
        let Some(alias) = &node.alias else {
            return Ok(FromItem {
                template: writer.finish(),
                visible,
            });
        };
        // The alias hides what is joined.
        let names = ast::strings(&alias.colnames);
        let columns = self
            .visible_columns(&visible, level)
            .into_iter()
            .map(|(column, _)| column)
            .collect();
        let columns = aliased(columns, &names);
        write_alias(&mut writer, &alias.aliasname, &columns, names.len());
        level.items.truncate(first_item);
        Ok(show(writer, listed(&alias.aliasname, columns), level))
    }

    /// The columns of USING, or those that both sides of a NATURAL join show.
    fn merged_names(
        &self,
        node: &ast::JoinExpr,
        left: &[Visible],
        right: &[Visible],
        level: &Level,
    ) -> Result<Vec<Ident>, Refusal> {
        if !node.is_natural {
            return Ok(ast::strings(&node.using_clause).into_iter().map(Ident::from).collect());
        }
        let right = self.visible_columns(right, level);
        Ok(self
            .visible_columns(left, level)
            .into_iter()
            .map(|(column, _)| column.name.ident())
            .filter(|name| right.iter().any(|(column, _)| column.name.is(name.as_str())))
            .collect())
    }

    /// The merged columns: that of the side that is always there when the types agree, else a column of the join.
    fn merge(
        &self,
        names: &[Ident],
        kind: JoinType,
        sides: [&[Visible]; 2],
        level: &Level,
    ) -> Result<Vec<Merged>, Refusal> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let [left, right] = sides.map(|side| self.visible_columns(side, level));
        let find = |columns: &[(RangeColumn, Fragment)], name: &Ident| {
            let mut found = columns.iter().filter(|(column, _)| column.name.is(name.as_str()));
            found.next().cloned().ok_or_else(|| {
                let message = format!("column \"{name}\" specified in USING clause does not exist in both tables");
                Refusal::new(Code::UnknownColumn, -1, message)
            })
        };
        let mut merged = Vec::with_capacity(names.len());
        for name in names {
            let (left, right) = (find(&left, name)?, find(&right, name)?);
            let same_type = left.0.data_type.is_some() && left.0.data_type == right.0.data_type;
            let template = match kind {
                JoinType::JoinInner | JoinType::JoinLeft if same_type => left.1.template,
                JoinType::JoinRight if same_type => right.1.template,
                _ => {
                    let mut writer = Writer::default();
                    write_column_name(&mut writer, &left.0);
                    writer.finish()
                }
            };
            merged.push(Merged {
                column: RangeColumn {
                    name: left.0.name,
                    data_type: left.0.data_type.filter(|_| same_type),
                },
                template,
            });
        }
        Ok(merged)
    }

    fn write_using(
        &self,
        writer: &mut Writer,
        node: &ast::JoinExpr,
        merged: &[Merged],
        right: &[Visible],
        level: &Level,
    ) {
        writer.text(" USING (");
        for (index, merged) in merged.iter().enumerate() {
            if index > 0 {
                writer.text(", ");
            }
            write_column_name(writer, &merged.column);
        }
        writer.text(")");
        for (column, _) in self.visible_columns(right, level) {
            if let ColumnName::Of(id) = &column.name
                && merged
                    .iter()
                    .any(|merged| merged.column.name.is(id.last_name().as_str()))
            {
                writer.dependency(id.clone());
            }
        }
        if let Some(alias) = &node.join_using_alias {
            writer.text(" AS ").name(&alias.aliasname);
        }
    }
}

/// An item of a fixed name with a list of columns.
pub(super) fn listed(name: &str, columns: Vec<RangeColumn>) -> Item {
    Item {
        name: RangeName::Alias(Ident::from(name)),
        columns: Columns::Listed(columns),
        relation: None,
    }
}

/// Adds an item that shows all its columns.
pub(super) fn show(writer: Writer, item: Item, level: &mut Level) -> FromItem {
    let index = level.push(item);
    FromItem {
        template: writer.finish(),
        visible: vec![Visible::Item(index, Vec::new())],
    }
}

/// ` alias(columns)` with the first `count` of the columns.
pub(super) fn write_alias(writer: &mut Writer, alias: &str, columns: &[RangeColumn], count: usize) {
    writer.text(" ").name(alias);
    write_column_list(writer, columns, count);
}

/// What is shown without columns of these names.
fn without(visible: &[Visible], names: &[Ident]) -> Vec<Visible> {
    visible
        .iter()
        .filter_map(|visible| match visible {
            Visible::Item(index, merged) => {
                let all = merged.iter().chain(names).cloned().collect();
                Some(Visible::Item(*index, all))
            }
            Visible::Merged(merged) if names.iter().any(|name| merged.column.name.is(name.as_str())) => None,
            Visible::Merged(merged) => Some(Visible::Merged(merged.clone())),
        })
        .collect()
}
