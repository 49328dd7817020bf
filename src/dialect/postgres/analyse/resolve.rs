//! Names of columns and relations to what they mean, and how they are written.
//!
//! Knows the order in which PostgreSQL looks (`parse_relation.c`, `transformColumnRef`). A column of a query is always
//! written behind its range table name; a column of the relation that an expression belongs to stands by itself.

use super::fragment::{Fragment, Shape, Writer};
use super::range::{Columns, Item, Level, Merged, RangeColumn, RangeName, Visible, relation_columns};
use super::scope::Names;
use super::{Analyser, Refusal, system};
use crate::catalog::{Array, DataType, Form, Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, NodeEnum};

/// The columns that every table has (PostgreSQL manual, "System Columns").
const SYSTEM_COLUMNS: &[(&str, &str)] = &[
    ("tableoid", "oid"),
    ("xmin", "xid"),
    ("cmin", "cid"),
    ("xmax", "xid"),
    ("cmax", "cid"),
    ("ctid", "tid"),
];

/// What a name by itself can mean on one level.
enum Candidate<'l> {
    Column(&'l Item, RangeColumn),
    Merged(&'l Merged),
}

impl Analyser<'_> {
    /// A relation of the catalog by the name as written.
    pub(super) fn own_relation(&self, schema: Option<&str>, name: &str) -> Option<QualifiedName> {
        let exists = |name: &QualifiedName| self.catalog.contains(&ObjectId::Relation(name.clone()));
        match schema.filter(|schema| !schema.is_empty()) {
            Some(schema) => Some(QualifiedName::new(schema, name)).filter(exists),
            None => self
                .search_path
                .iter()
                .map(|schema| QualifiedName::new(schema.clone(), name))
                .find(exists),
        }
    }

    /// A column, a whole row, an argument or VALUE.
    pub(super) fn column_reference(&self, node: &ast::ColumnRef, level: &Level) -> Result<Fragment, Refusal> {
        let names = ast::strings(&node.fields);
        let star = matches!(
            node.fields.last().and_then(|field| field.node.as_ref()),
            Some(NodeEnum::AStar(_))
        );
        let found = match (names.as_slice(), star) {
            ([name], false) => self.single_name(name, level),
            ([table, column], false) => self.qualified_column(None, table, column, level),
            ([schema, table, column] | [_, schema, table, column], false) => {
                self.qualified_column(Some(schema), table, column, level)
            }
            ([table], true) => self.whole_row(None, table, level),
            ([schema, table] | [_, schema, table], true) => self.whole_row(Some(schema), table, level),
            _ => Err(Refusal::new(Code::UnsupportedClause, -1, "\"*\" is not supported here")),
        };
        found.map_err(|refusal| refusal.at(node.location))
    }

    fn single_name(&self, name: &str, level: &Level) -> Result<Fragment, Refusal> {
        for here in level.seen() {
            let mut candidates = self.candidates(name, here);
            let Some(first) = candidates.next() else { continue };
            if candidates.next().is_some() {
                let message = format!("column reference \"{name}\" is ambiguous");
                return Err(Refusal::new(Code::UnknownColumn, -1, message));
            }
            return Ok(match first {
                Candidate::Column(item, column) => self.column_of(item, column, here, level),
                Candidate::Merged(merged) => merged_column(merged),
            });
        }
        if let Some(fragment) = self.system_column_by_itself(name, level) {
            return Ok(fragment);
        }
        if name == "value"
            && let Names::Value(base) = &level.scope.names
        {
            return Ok(Writer::with("VALUE").closed().typed(base.clone()));
        }
        // What the query shows goes before an argument (`sql_fn_post_column_ref`).
        if level.seen().any(|here| here.item(name).is_some()) {
            return self.whole_row(None, name, level);
        }
        if let Some(fragment) = self.argument(name, level) {
            return Ok(fragment);
        }
        let message = format!("column \"{name}\" does not exist");
        Err(Refusal::new(Code::UnknownColumn, -1, message))
    }

    /// The columns of a level that a name by itself can mean.
    fn candidates<'l>(&'l self, name: &'l str, here: &'l Level) -> impl Iterator<Item = Candidate<'l>> {
        here.visible.iter().flat_map(move |visible| {
            let mut found = Vec::new();
            match visible {
                Visible::Item(index, merged) if merged.iter().all(|hidden| hidden.as_str() != name) => {
                    if let Some(item) = here.items.get(*index)
                        && let Some(column) = item.column(self.catalog, name)
                    {
                        if item.is_ambiguous(name) {
                            found.push(Candidate::Column(item, column.clone()));
                        }
                        found.push(Candidate::Column(item, column));
                    }
                }
                Visible::Item(..) => {}
                Visible::Merged(merged) if merged.column.name.is(name) => found.push(Candidate::Merged(merged)),
                Visible::Merged(_) => {}
            }
            found
        })
    }

    /// Whether the level itself shows a column of that name.
    pub(super) fn shows(&self, name: &str, level: &Level) -> bool {
        self.candidates(name, level).next().is_some()
    }

    fn system_column_by_itself(&self, name: &str, level: &Level) -> Option<Fragment> {
        let (_, data_type) = SYSTEM_COLUMNS.iter().find(|(column, _)| *column == name)?;
        level.seen().find_map(|here| {
            let mut items = here.visible.iter().filter_map(|visible| match visible {
                Visible::Item(index, _) => here.items.get(*index).filter(|item| item.relation.is_some()),
                Visible::Merged(_) => None,
            });
            let item = items.next().filter(|_| items.next().is_none())?;
            Some(self.column_of(item, system_column(name, data_type), here, level))
        })
    }

    fn qualified_column(
        &self,
        schema: Option<&str>,
        table: &str,
        column: &str,
        level: &Level,
    ) -> Result<Fragment, Refusal> {
        let Some((item, here)) = self.find_item(schema, table, level) else {
            return self.not_an_item(schema, table, column, level);
        };
        if item.is_ambiguous(column) {
            let message = format!("column reference \"{column}\" is ambiguous");
            return Err(Refusal::new(Code::UnknownColumn, -1, message));
        }
        if let Some(found) = item.column(self.catalog, column) {
            return Ok(self.column_of(item, found, here, level));
        }
        let system_type = SYSTEM_COLUMNS.iter().find(|(name, _)| *name == column);
        if let (Some((_, data_type)), true) = (system_type, item.relation.is_some()) {
            return Ok(self.column_of(item, system_column(column, data_type), here, level));
        }
        // `table.function` is another way to write `function(table)`.
        let row = self.row_of(item, here, level);
        if let Some(fragment) = self.call_of_row(column, &row) {
            return Ok(fragment);
        }
        let message = format!("column {table}.{column} does not exist");
        Err(Refusal::new(Code::UnknownColumn, -1, message))
    }

    /// `routine.argument` or `argument.field`; otherwise nothing is called so.
    fn not_an_item(&self, schema: Option<&str>, table: &str, column: &str, level: &Level) -> Result<Fragment, Refusal> {
        if schema.is_none()
            && let Some(arguments) = &level.scope.arguments
        {
            if arguments.routine.as_str() == table
                && let Some(fragment) = self.argument(column, level)
            {
                return Ok(fragment);
            }
            if let Some(fragment) = self.argument(table, level) {
                return Ok(self.field_of(&fragment, column));
            }
        }
        let message = format!("missing FROM-clause entry for table \"{table}\"");
        Err(Refusal::new(Code::UnknownRelation, -1, message))
    }

    /// An argument of the routine around, behind the routine's name where the query shows something of its name.
    fn argument(&self, name: &str, level: &Level) -> Option<Fragment> {
        let arguments = level.scope.arguments.as_ref()?;
        let (_, data_type) = arguments
            .list
            .iter()
            .find(|(argument, _)| argument.as_ref().is_some_and(|argument| argument.as_str() == name))?;
        let mut writer = Writer::default();
        let is_shown = |here: &Level| self.shows(name, here) || here.item(name).is_some();
        if level.seen().any(is_shown) || self.system_column_by_itself(name, level).is_some() {
            writer.name(arguments.routine.as_str()).text(".");
        }
        writer.name(name);
        Some(writer.closed().typed(Some(data_type.clone())))
    }

    pub(super) fn find_item<'l>(
        &self,
        schema: Option<&str>,
        table: &str,
        level: &'l Level,
    ) -> Option<(&'l Item, &'l Level<'l>)> {
        level.seen().find_map(|here| {
            let item = here.items.iter().find(|item| match (schema, &item.name) {
                (None, name) => name.ident().as_str() == table,
                (Some(schema), RangeName::Relation(relation) | RangeName::Own(relation)) => {
                    relation.schema.as_str() == schema && relation.name.as_str() == table
                }
                (Some(_), RangeName::Alias(_)) => false,
            })?;
            Some((item, here))
        })
    }

    fn whole_row(&self, schema: Option<&str>, table: &str, level: &Level) -> Result<Fragment, Refusal> {
        match self.find_item(schema, table, level) {
            Some((item, here)) => Ok(self.row_of(item, here, level)),
            None => {
                let message = format!("missing FROM-clause entry for table \"{table}\"");
                Err(Refusal::new(Code::UnknownRelation, -1, message))
            }
        }
    }

    /// A whole row by the item's name; `name.*` where a column bears the name too. It depends on every column.
    fn row_of(&self, item: &Item, here: &Level, level: &Level) -> Fragment {
        let mut writer = Writer::default();
        write_range_name(&mut writer, item, here);
        let name = item.name.ident().as_str();
        let taken = level.seen().any(|here| self.candidates(name, here).next().is_some());
        if taken {
            writer.text(".*");
        }
        let mut data_type = None;
        if let Columns::Relation(relation) = &item.columns {
            for column in relation_columns(self.catalog, relation) {
                if let super::range::ColumnName::Of(id) = column.name {
                    writer.dependency(id);
                }
            }
        }
        if let Some(relation) = &item.relation {
            data_type = Some(DataType::plain(relation.clone()));
        }
        Fragment::new(writer.finish(), Shape::WholeRow).typed(data_type)
    }

    /// A column that `here` shows, as it is written on `level`.
    pub(super) fn column_of(&self, item: &Item, column: RangeColumn, here: &Level, level: &Level) -> Fragment {
        let mut writer = Writer::default();
        let own = (matches!(item.name, RangeName::Own(_)) || here.bare.get()) && std::ptr::eq(here, level);
        let name = item.name.ident().as_str();
        // A name that an inner query uses for something else can only have been written without it.
        let hidden = level
            .seen()
            .take_while(|inner| !std::ptr::eq(*inner, here))
            .any(|inner| inner.item(name).is_some());
        if !own && !hidden {
            write_range_name(&mut writer, item, here);
            writer.text(".");
        }
        write_column_name(&mut writer, &column);
        Fragment::new(writer.finish(), Shape::Column(column.name)).typed(column.data_type)
    }

    /// `(value).field`; a field of a relation's row type is that relation's column.
    pub(super) fn field_of(&self, value: &Fragment, field: &str) -> Fragment {
        let mut writer = Writer::default();
        writer.enclosed(value).text(".");
        let mut field_type = None;
        let column = match &value.data_type {
            Some(row) if row.array == Array::Scalar => super::range::relation_column(self.catalog, &row.name, field),
            _ => None,
        };
        match column {
            Some(column) => {
                write_column_name(&mut writer, &column);
                field_type = column.data_type;
            }
            None => {
                writer.name(field);
                if let Some(attribute) = value.data_type.as_ref().and_then(|row| self.attribute(row, field)) {
                    field_type = Some(attribute);
                }
            }
        }
        writer.closed().typed(field_type)
    }

    /// The columns of a row type: of a composite type of its own, or of a relation.
    pub(super) fn row_columns(&self, row: &DataType) -> Option<Vec<RangeColumn>> {
        use crate::catalog::Object;
        use crate::catalog::types::Type;
        if row.array == Array::Array {
            return None;
        }
        if let Some(entry) = self.catalog.get(&ObjectId::Type(row.name.clone())) {
            return match &entry.object {
                Object::Type(own) => match &**own {
                    Type::Composite(attributes) => Some(
                        attributes
                            .iter()
                            .map(|attribute| RangeColumn {
                                name: super::range::ColumnName::Fixed(attribute.name.clone()),
                                data_type: Some(attribute.data_type.clone()),
                            })
                            .collect(),
                    ),
                    Type::Domain(domain) => self.row_columns(&domain.base),
                    Type::Enum(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
                },
                _ => None,
            };
        }
        if self.catalog.contains(&ObjectId::Relation(row.name.clone())) {
            return Some(relation_columns(self.catalog, &row.name));
        }
        let system = system::relation(self.version, row.name.schema.as_str(), row.name.name.as_str())?;
        Some(system_columns(system))
    }

    fn attribute(&self, row: &DataType, field: &str) -> Option<DataType> {
        let columns = self.row_columns(row)?;
        columns.into_iter().find(|column| column.name.is(field))?.data_type
    }
}

/// The columns of a relation that the tables know.
pub(super) fn system_columns(relation: system::Relation) -> Vec<RangeColumn> {
    relation
        .columns()
        .map(|(name, data_type)| fixed(name, system_type(data_type)))
        .collect()
}

/// A column of a fixed name.
pub(super) fn fixed(name: &str, data_type: Option<DataType>) -> RangeColumn {
    RangeColumn {
        name: super::range::ColumnName::Fixed(Ident::from(name)),
        data_type,
    }
}

/// A type as the tables name it; `None` for a type that depends on the call or on an extension.
pub(super) fn system_type(name: &str) -> Option<DataType> {
    let (element, array) = match name.strip_suffix("[]") {
        Some(element) => (element, Array::Array),
        None => (name, Array::Scalar),
    };
    if element.starts_with(['+', '-']) || element.starts_with("any") || element == "record" {
        return None;
    }
    let name = match element.split_once('.') {
        Some((schema, name)) => QualifiedName::new(schema, name),
        None => QualifiedName::system(element),
    };
    Some(DataType {
        array,
        ..DataType::plain(name)
    })
}

fn system_column(name: &str, data_type: &str) -> RangeColumn {
    fixed(name, Some(DataType::system(data_type)))
}

pub(super) fn merged_column(merged: &Merged) -> Fragment {
    Fragment::new(merged.template.clone(), Shape::Column(merged.column.name.clone()))
        .typed(merged.column.data_type.clone())
}

/// Writes what an item is called by; where two items of a query share a relation's name, with the schema.
pub(super) fn write_range_name(writer: &mut Writer, item: &Item, here: &Level) {
    match &item.name {
        RangeName::Alias(name) => {
            writer.name(name.as_str());
        }
        RangeName::Relation(relation) | RangeName::Own(relation) => {
            let same = here
                .items
                .iter()
                .filter(|other| other.name.ident() == &relation.name)
                .count();
            let form = if same > 1 { Form::Qualified } else { Form::Bare };
            writer.reference(ObjectId::Relation(relation.clone()), form);
        }
    }
}

/// Writes a column's own name.
pub(super) fn write_column_name(writer: &mut Writer, column: &RangeColumn) {
    match &column.name {
        super::range::ColumnName::Fixed(name) => writer.name(name.as_str()),
        super::range::ColumnName::Of(id) => writer.reference(id.clone(), Form::Bare),
    };
}
