//! INSERT, UPDATE, DELETE, NOTIFY, and the bodies of SQL routines that are no strings.
//!
//! Knows their clauses and what names mean in them (`get_insert_query_def` and its neighbours in `ruleutils.c`).
//! Columns that an INSERT does not name are written as they are at that moment, as on the server.

use super::fragment::Writer;
use super::literal::{missing, required};
use super::range::{Columns, Item, Level, RangeName, Sees, Visible};
use super::select::{Names, Selected, Untyped};
use super::{Analyser, Refusal};
use crate::catalog::{DataType, Form, Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, NodeEnum, OnConflictAction, OverridingKind, ReturningOptionKind};

impl Analyser<'_> {
    /// A statement of a rule or an SQL body.
    pub(super) fn any_statement(&self, node: &ast::Node, level: &Level) -> Result<Selected, Refusal> {
        let mut writer = Writer::default();
        match node.node.as_ref() {
            Some(NodeEnum::SelectStmt(statement)) => {
                // Of a routine's body nobody sees the names (`print_function_sqlbody`).
                let names = match level.scope.arguments {
                    Some(_) => Names::Kept,
                    None => Names::Shown,
                };
                return self.select_statement(statement, level, Sees::Everything, names);
            }
            Some(
                NodeEnum::InsertStmt(_) | NodeEnum::UpdateStmt(_) | NodeEnum::DeleteStmt(_) | NodeEnum::MergeStmt(_),
            ) => return self.modification(node, level),
            Some(NodeEnum::ReturnStmt(statement)) => {
                let value = self.expr(required(statement.returnval.as_deref(), -1)?, level)?;
                writer.text("RETURN ").fragment(&value);
            }
            Some(NodeEnum::NotifyStmt(statement)) => {
                writer.text("NOTIFY ").name(&statement.conditionname);
                if !statement.payload.is_empty() {
                    writer.text(", ").literal(&statement.payload);
                }
            }
            Some(NodeEnum::RawStmt(statement)) => {
                return self.any_statement(required(statement.stmt.as_deref(), statement.stmt_location)?, level);
            }
            Some(other) => {
                let kind = super::expression::kind_name(other);
                let message = format!("a statement of kind {kind} is not supported here");
                return Err(Refusal::new(Code::UnsupportedStatement, -1, message));
            }
            None => return Err(missing(-1)),
        }
        Ok(Selected::new(writer.finish(), Vec::new()))
    }

    /// INSERT, UPDATE, DELETE or MERGE; its columns are those of RETURNING.
    pub(super) fn modification(&self, node: &ast::Node, outer: &Level) -> Result<Selected, Refusal> {
        self.deeper(outer, || match node.node.as_ref() {
            Some(NodeEnum::InsertStmt(statement)) => self.insert(statement, outer),
            Some(NodeEnum::UpdateStmt(statement)) => self.update(statement, outer),
            Some(NodeEnum::DeleteStmt(statement)) => self.delete(statement, outer),
            Some(NodeEnum::MergeStmt(statement)) => self.merge_statement(statement, outer),
            _ => Err(missing(-1)),
        })
    }

    fn insert(&self, node: &ast::InsertStmt, outer: &Level) -> Result<Selected, Refusal> {
        let mut level = outer.inner(Sees::Everything);
        let mut writer = Writer::default();
        self.write_with(&mut writer, node.with_clause.as_ref(), &mut level)?;
        writer.text("INSERT INTO ");
        let relation = node.relation.as_ref().ok_or_else(|| missing(-1))?;
        let (item, table) = self.target_relation(&mut writer, relation, " AS ", &level)?;
        // The rows are read before the table's own names can be seen.
        let source = match node.select_stmt.as_deref() {
            Some(query) => Some(self.inserted(query, &node.cols, &table, &level)?),
            None => None,
        };
        level.push(item);
        level.visible.push(Visible::Item(0, Vec::new()));
        if let Some(source) = &source {
            writer.text(" (");
            if node.cols.is_empty() {
                self.write_first_columns(&mut writer, &table, source.columns.len());
            } else {
                self.write_assigned_columns(&mut writer, &node.cols, &table, &level)?;
            }
            writer.text(")");
        }
        writer.text(
            match OverridingKind::try_from(node.r#override).unwrap_or(OverridingKind::Undefined) {
                OverridingKind::OverridingUserValue => " OVERRIDING USER VALUE",
                OverridingKind::OverridingSystemValue => " OVERRIDING SYSTEM VALUE",
                OverridingKind::OverridingNotSet | OverridingKind::Undefined => "",
            },
        );
        match &source {
            Some(source) => writer.text(" ").template(&source.template),
            None => writer.text(" DEFAULT VALUES"),
        };
        if let Some(clause) = node.on_conflict_clause.as_deref() {
            self.write_on_conflict(&mut writer, clause, &table, &mut level)?;
        }
        self.returning(writer, node.returning_clause.as_ref(), &table, level)
    }

    /// The rows of INSERT: their literals take the types of the columns they are for.
    fn inserted(
        &self,
        query: &ast::Node,
        columns: &[ast::Node],
        table: &QualifiedName,
        level: &Level,
    ) -> Result<Selected, Refusal> {
        let Some(NodeEnum::SelectStmt(statement)) = query.node.as_ref() else {
            return Err(missing(-1));
        };
        let types = if columns.is_empty() {
            let all = super::range::relation_columns(self.catalog, table);
            all.into_iter().map(|column| column.data_type).collect()
        } else {
            let of = |node: &ast::Node| match node.node.as_ref()? {
                NodeEnum::ResTarget(target) if target.indirection.is_empty() => {
                    self.column_type_of(table, &target.name)
                }
                _ => None,
            };
            columns.iter().map(of).collect()
        };
        self.select_as(
            statement,
            level.inner(Sees::Everything),
            Names::Kept,
            &Untyped::Of(types),
        )
    }

    fn column_type_of(&self, table: &QualifiedName, name: &str) -> Option<DataType> {
        super::range::relation_column(self.catalog, table, name)?.data_type
    }

    fn write_on_conflict(
        &self,
        writer: &mut Writer,
        clause: &ast::OnConflictClause,
        table: &QualifiedName,
        level: &mut Level,
    ) -> Result<(), Refusal> {
        writer.text(" ON CONFLICT");
        if let Some(infer) = clause.infer.as_deref() {
            if infer.conname.is_empty() {
                writer.text(" (");
                self.write_inferred(writer, &infer.index_elems, level)?;
                writer.text(")");
                self.write_condition(writer, " WHERE ", infer.where_clause.as_deref(), level)?;
            } else {
                let name = Ident::from(infer.conname.as_str());
                let id = ObjectId::Constraint(table.clone(), name);
                writer.text(" ON CONSTRAINT ").reference(id, Form::Bare);
            }
        }
        if clause.action != OnConflictAction::OnconflictUpdate as i32 {
            writer.text(" DO NOTHING");
            return Ok(());
        }
        level.push(Item {
            name: RangeName::Alias(Ident::from("excluded")),
            columns: Columns::Relation(table.clone()),
            relation: Some(table.clone()),
        });
        writer.text(" DO UPDATE SET ");
        self.write_assignments(writer, &clause.target_list, table, level)?;
        self.write_condition(writer, " WHERE ", clause.where_clause.as_deref(), level)?;
        level.items.pop();
        Ok(())
    }

    /// The elements of an index as ON CONFLICT names them.
    fn write_inferred(&self, writer: &mut Writer, nodes: &[ast::Node], level: &Level) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::IndexElem(element)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(if index > 0 { ", " } else { "" });
            match element.expr.as_deref() {
                Some(expression) => {
                    writer.enclosed(&self.expr(expression, level)?);
                }
                None => {
                    let item = level.items.first().ok_or_else(|| missing(-1))?;
                    let column = item.column(self.catalog, &element.name).ok_or_else(|| {
                        let message = format!("column \"{}\" does not exist", element.name);
                        Refusal::new(Code::UnknownColumn, -1, message)
                    })?;
                    super::resolve::write_column_name(writer, &column);
                }
            }
            if !element.collation.is_empty() {
                writer.text(" COLLATE ");
                self.write_collation(writer, &element.collation, -1)?;
            }
            if let Some(class) = ast::strings(&element.opclass).last() {
                writer.text(" ").name(class);
            }
        }
        Ok(())
    }

    fn update(&self, node: &ast::UpdateStmt, outer: &Level) -> Result<Selected, Refusal> {
        let mut level = outer.inner(Sees::Everything);
        let mut writer = Writer::default();
        self.write_with(&mut writer, node.with_clause.as_ref(), &mut level)?;
        writer.text("UPDATE ");
        let relation = node.relation.as_ref().ok_or_else(|| missing(-1))?;
        let (item, table) = self.target_relation(&mut writer, relation, " ", &level)?;
        level.push(item);
        level.visible.push(Visible::Item(0, Vec::new()));
        let mut from = Writer::default();
        self.write_from(&mut from, " FROM ", &node.from_clause, &mut level)?;
        writer.text(" SET ");
        self.write_assignments(&mut writer, &node.target_list, &table, &level)?;
        writer.template(&from.finish());
        self.write_condition(&mut writer, " WHERE ", node.where_clause.as_deref(), &level)?;
        self.returning(writer, node.returning_clause.as_ref(), &table, level)
    }

    fn delete(&self, node: &ast::DeleteStmt, outer: &Level) -> Result<Selected, Refusal> {
        let mut level = outer.inner(Sees::Everything);
        let mut writer = Writer::default();
        self.write_with(&mut writer, node.with_clause.as_ref(), &mut level)?;
        writer.text("DELETE FROM ");
        let relation = node.relation.as_ref().ok_or_else(|| missing(-1))?;
        let (item, table) = self.target_relation(&mut writer, relation, " ", &level)?;
        level.push(item);
        level.visible.push(Visible::Item(0, Vec::new()));
        self.write_from(&mut writer, " USING ", &node.using_clause, &mut level)?;
        self.write_condition(&mut writer, " WHERE ", node.where_clause.as_deref(), &level)?;
        self.returning(writer, node.returning_clause.as_ref(), &table, level)
    }

    /// Writes the table that is changed; INSERT needs a word before the alias.
    pub(super) fn target_relation(
        &self,
        writer: &mut Writer,
        node: &ast::RangeVar,
        alias_word: &str,
        level: &Level,
    ) -> Result<(Item, QualifiedName), Refusal> {
        let bare = ast::RangeVar {
            alias: None,
            ..node.clone()
        };
        let mut item = self.relation_item(writer, &bare, level)?;
        let Some(table) = item.relation.clone() else {
            let message = format!("relation \"{}\" cannot be changed", node.relname);
            return Err(Refusal::new(Code::UnsupportedClause, node.location, message));
        };
        if let Some(alias) = &node.alias {
            writer.text(alias_word).name(&alias.aliasname);
            item.name = RangeName::Alias(Ident::from(alias.aliasname.as_str()));
        }
        Ok((item, table))
    }

    fn write_first_columns(&self, writer: &mut Writer, table: &QualifiedName, count: usize) {
        let columns = super::range::relation_columns(self.catalog, table);
        for (index, column) in columns.iter().take(count).enumerate() {
            writer.text(if index > 0 { ", " } else { "" });
            super::resolve::write_column_name(writer, column);
        }
    }

    /// The columns of INSERT.
    pub(super) fn write_assigned_columns(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        table: &QualifiedName,
        level: &Level,
    ) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(if index > 0 { ", " } else { "" });
            self.write_assigned_column(writer, target, table, level)?;
        }
        Ok(())
    }

    /// A column that is assigned to, with the part of it that is.
    fn write_assigned_column(
        &self,
        writer: &mut Writer,
        target: &ast::ResTarget,
        table: &QualifiedName,
        level: &Level,
    ) -> Result<(), Refusal> {
        let id = ObjectId::Column(table.clone(), Ident::from(target.name.as_str()));
        if self.catalog.contains(&id) {
            writer.reference(id, Form::Bare);
        } else if table.is_system() {
            writer.name(&target.name);
        } else {
            let message = format!(
                "column \"{}\" of relation \"{}\" does not exist",
                target.name, table.name
            );
            return Err(Refusal::new(Code::UnknownColumn, target.location, message));
        }
        for step in &target.indirection {
            match step.node.as_ref() {
                Some(NodeEnum::String(field)) => {
                    writer.text(".").name(&field.sval);
                }
                Some(NodeEnum::AIndices(indices)) => self.write_subscript(writer, indices, None, level)?,
                _ => return Err(missing(target.location)),
            }
        }
        Ok(())
    }

    /// SET of UPDATE; several columns that get one row are written together.
    pub(super) fn write_assignments(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        table: &QualifiedName,
        level: &Level,
    ) -> Result<(), Refusal> {
        let mut index = 0;
        while let Some(node) = nodes.get(index) {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(if index > 0 { ", " } else { "" });
            let value = required(target.val.as_deref(), target.location)?;
            if let Some(NodeEnum::MultiAssignRef(several)) = value.node.as_ref() {
                let count = usize::try_from(several.ncolumns).unwrap_or(1).max(1);
                let group = nodes
                    .get(index..index + count)
                    .ok_or_else(|| missing(target.location))?;
                writer.text("(");
                self.write_assigned_columns(writer, group, table, level)?;
                let source = required(several.source.as_deref(), target.location)?;
                writer.text(") = ").fragment(&self.expr(source, level)?);
                index += count;
            } else {
                self.write_assigned_column(writer, target, table, level)?;
                let mut value = self.expr(value, level)?;
                if target.indirection.is_empty()
                    && let Some(data_type) = self.column_type_of(table, &target.name)
                {
                    value = self.assigned(value, &data_type);
                }
                writer.text(" = ").fragment(&value);
                index += 1;
            }
        }
        Ok(())
    }

    /// RETURNING, which ends the statement.
    pub(super) fn returning(
        &self,
        mut writer: Writer,
        clause: Option<&ast::ReturningClause>,
        table: &QualifiedName,
        mut level: Level,
    ) -> Result<Selected, Refusal> {
        let Some(clause) = clause else {
            return Ok(Selected::new(writer.finish(), Vec::new()));
        };
        writer.text(" RETURNING ");
        let mut names = ["old", "new"].map(str::to_owned);
        for (index, node) in clause.options.iter().enumerate() {
            let Some(NodeEnum::ReturningOption(option)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            let old = option.option == ReturningOptionKind::ReturningOptionOld as i32;
            writer.text(if index > 0 { ", " } else { "WITH (" });
            writer.text(if old { "OLD AS " } else { "NEW AS " }).name(&option.value);
            names[usize::from(!old)].clone_from(&option.value);
        }
        if !clause.options.is_empty() {
            writer.text(") ");
        }
        for name in names {
            // A range table entry or a rule's own old and new take precedence.
            if level.seen().any(|here| here.item(&name).is_some()) {
                continue;
            }
            level.push(Item {
                name: RangeName::Alias(Ident::from(name.as_str())),
                columns: Columns::Relation(table.clone()),
                relation: Some(table.clone()),
            });
        }
        let targets = self.targets(&clause.exprs, &level)?;
        self.write_targets(&mut writer, &targets, Names::Shown);
        Ok(Selected::new(
            writer.finish(),
            targets.iter().map(super::target::Target::column).collect(),
        ))
    }
}
