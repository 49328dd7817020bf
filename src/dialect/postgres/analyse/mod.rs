//! Expressions, queries and types: from the parser's tree to canonical text with references by identity.
//!
//! Knows PostgreSQL's name resolution and the way its own deparser writes (`parse_relation.c`, `parse_func.c`,
//! `ruleutils.c`). Reads the catalog as it is at that moment and changes nothing in it. The text that comes out is both
//! what is compared and what is written: every object of the schema in it is a reference, PostgreSQL's own objects are
//! plain text without their schema.

mod call;
mod callee;
mod candidate;
mod coerce;
mod expression;
mod extension;
mod fragment;
mod from;
mod from_function;
mod json;
mod literal;
mod mentions;
mod merge;
mod modify;
mod normal;
mod operator;
mod order;
pub mod provided;
mod range;
mod refusal;
mod resolve;
mod scope;
mod select;
mod system;
mod target;
mod types;
mod typing;
mod value;
mod with;
mod xml;

#[cfg(test)]
mod tests;

pub use mentions::note_mentions;
pub use refusal::Refusal;
pub use scope::Scope;

use crate::catalog::{Catalog, DataType, Ident, Template};
use crate::dialect::postgres::Zone;
use crate::dialect::postgres::read::ast;
use range::{Level, Sees};
use select::Names;
use std::cell::Cell;

/// Turns trees into templates against one state of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Analyser<'a> {
    /// The objects that names can mean.
    pub catalog: &'a Catalog,
    /// The schemas in which unqualified names are looked for, `pg_catalog` aside.
    pub search_path: &'a [Ident],
    /// The server's major version, which decides what is in `pg_catalog`.
    pub version: u16,
    /// The session's time zone.
    pub zone: Zone,
    /// Whether the text shows trees that are stored, as pg_dump's does; some words do not make them anew.
    pub shows_stored: bool,
}

/// A query in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The query. Its outermost select list bears no output names, only the places where they are written: they are in
    /// `columns` and nowhere else, so that a column of a view can be renamed.
    pub template: Template,
    /// The names of its output columns in order.
    pub columns: Vec<Ident>,
    /// The types of its output columns, where they are known.
    pub types: Vec<Option<DataType>>,
}

impl<'a> Analyser<'a> {
    /// An analyser for a catalog, a search path and a major version.
    pub fn new(catalog: &'a Catalog, search_path: &'a [Ident], version: u16) -> Self {
        Analyser {
            catalog,
            search_path,
            version,
            zone: Zone::Unknown,
            shows_stored: false,
        }
    }

    /// An expression in canonical form; an operator at its top stands in parentheses, as in `pg_get_expr`.
    ///
    /// # Errors
    /// A name that means nothing in `scope`, or a construct that is not supported.
    pub fn expression(&self, node: &ast::Node, scope: &Scope) -> Result<Template, Refusal> {
        let depth = Cell::new(0);
        Ok(self.expr(node, &Level::outermost(scope, &depth))?.template)
    }

    /// An expression that becomes a value of a type: a default, a generated column. A literal takes that type; a cast
    /// that the server adds on its own is not written.
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn value(&self, node: &ast::Node, scope: &Scope, data_type: &DataType) -> Result<Template, Refusal> {
        let depth = Cell::new(0);
        let value = self.expr(node, &Level::outermost(scope, &depth))?;
        Ok(self.assigned(value, data_type).template)
    }

    /// An expression as a key of an index or a partition key: a call stands by itself, anything else in parentheses
    /// (`pg_get_indexdef_worker`, `pg_get_partkeydef_worker`).
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn element(&self, node: &ast::Node, scope: &Scope) -> Result<Template, Refusal> {
        let depth = Cell::new(0);
        let value = self.expr(node, &Level::outermost(scope, &depth))?;
        Ok(match value.shape {
            fragment::Shape::Call | fragment::Shape::Construct | fragment::Shape::Column(_) => value.template,
            fragment::Shape::Closed
            | fragment::Shape::Parenthesised
            | fragment::Shape::Literal
            | fragment::Shape::WholeRow => {
                let mut writer = fragment::Writer::with("(");
                writer.fragment(&value).text(")");
                writer.finish()
            }
        })
    }

    /// The type of an expression, where it is known.
    pub fn expression_type(&self, node: &ast::Node, scope: &Scope) -> Option<DataType> {
        let depth = Cell::new(0);
        let value = self.expr(node, &Level::outermost(scope, &depth)).ok()?;
        self.settled(value).data_type
    }

    /// A SELECT, VALUES or TABLE in canonical form. `names` are those that its first columns get in the place of their own.
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn query(&self, node: &ast::Node, scope: &Scope, names: &[&str]) -> Result<Query, Refusal> {
        let depth = Cell::new(0);
        let level = Level::outermost(scope, &depth);
        let selected = match node.node.as_ref() {
            Some(ast::NodeEnum::SelectStmt(statement)) => {
                let mut inner = level.inner(Sees::Everything);
                inner.whole = Some(names.iter().map(|name| Ident::from(*name)).collect());
                self.select_as(statement, inner, Names::Output, &select::Untyped::Text)?
            }
            Some(_) | None => self.select(node, &level, Sees::Everything, Names::Output)?,
        };
        Ok(Query {
            template: selected.template,
            columns: selected.columns.iter().map(|column| column.name.ident()).collect(),
            types: selected.columns.into_iter().map(|column| column.data_type).collect(),
        })
    }

    /// A statement of a rule's action or an SQL body: SELECT, INSERT, UPDATE, DELETE, MERGE, NOTIFY, RETURN.
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn statement(&self, node: &ast::Node, scope: &Scope) -> Result<Template, Refusal> {
        let depth = Cell::new(0);
        Ok(self.any_statement(node, &Level::outermost(scope, &depth))?.template)
    }

    /// The body of a routine that is no string: `RETURN expression` or `BEGIN ATOMIC … END`.
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn body(&self, node: &ast::Node, scope: &Scope) -> Result<Template, Refusal> {
        let statements = match node.node.as_ref() {
            Some(ast::NodeEnum::List(_)) => ast::list(node),
            _ => return self.statement(node, scope),
        };
        let mut writer = fragment::Writer::with("BEGIN ATOMIC");
        // The parser wraps the statements in a list of one list.
        for statement in statements
            .iter()
            .flat_map(ast::list)
            .filter(|statement| statement.node.is_some())
        {
            writer.text(" ").template(&self.statement(statement, scope)?).text(";");
        }
        writer.text(" END");
        Ok(writer.finish())
    }
}

/// Whether `pg_catalog` of a major version has a function, procedure or aggregate of this name.
pub fn is_system_function(version: u16, name: &str) -> bool {
    !system::functions(version, name).is_empty()
}

/// The well-known extensions that bring a function of this name.
pub fn function_extensions(name: &str) -> impl Iterator<Item = &'static str> {
    system::extension_functions(name)
        .iter()
        .map(|(extension, _)| *extension)
}
