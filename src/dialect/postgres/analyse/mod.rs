//! Expressions, queries and types: from the parser's tree to canonical text with references by identity.
//!
//! Knows PostgreSQL's name resolution and the way its own deparser writes (`parse_relation.c`, `parse_func.c`,
//! `ruleutils.c`). Reads the catalog as it is at that moment and changes nothing in it. The text that comes out is both
//! what is compared and what is written: every object of the schema in it is a reference, PostgreSQL's own objects are
//! plain text without their schema.

mod refusal;
mod scope;

pub use refusal::Refusal;
pub use scope::Scope;

use crate::catalog::{Catalog, DataType, Ident, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast;

/// Turns trees into templates against one state of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Analyser<'a> {
    /// The objects that names can mean.
    pub catalog: &'a Catalog,
    /// The schemas in which unqualified names are looked for, `pg_catalog` aside.
    pub search_path: &'a [Ident],
}

/// A query in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The query. Its outermost select list bears no output names: they are in `columns` and nowhere else, so that a
    /// column of a view can be renamed; whoever writes the query writes `(columns)` before it.
    pub template: Template,
    /// The names of its output columns in order.
    pub columns: Vec<Ident>,
}

impl<'a> Analyser<'a> {
    /// An analyser for a catalog and a search path.
    pub fn new(catalog: &'a Catalog, search_path: &'a [Ident]) -> Self {
        Analyser { catalog, search_path }
    }

    /// An expression in canonical form; an operator at its top stands in parentheses, as in `pg_get_expr`.
    ///
    /// # Errors
    /// A name that means nothing in `scope`, or a construct that is not supported.
    pub fn expression(&self, _node: &ast::Node, _scope: &Scope) -> Result<Template, Refusal> {
        Err(Refusal::new(
            Code::UnsupportedClause,
            -1,
            "an expression is not supported",
        ))
    }

    /// A SELECT, VALUES or TABLE in canonical form.
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn query(&self, _node: &ast::Node, _scope: &Scope) -> Result<Query, Refusal> {
        Err(Refusal::new(Code::UnsupportedClause, -1, "a query is not supported"))
    }

    /// A statement of a rule's action or a BEGIN ATOMIC body: SELECT, INSERT, UPDATE, DELETE, MERGE, NOTIFY, RETURN.
    ///
    /// # Errors
    /// As [`Analyser::expression`].
    pub fn statement(&self, _node: &ast::Node, _scope: &Scope) -> Result<Template, Refusal> {
        Err(Refusal::new(
            Code::UnsupportedClause,
            -1,
            "a statement is not supported",
        ))
    }

    /// A type as written, resolved; `relation.column%TYPE` becomes the column's type.
    ///
    /// # Errors
    /// A type that does not exist.
    pub fn data_type(&self, _name: &ast::TypeName) -> Result<DataType, Refusal> {
        Err(Refusal::new(Code::UnknownType, -1, "a type is not supported"))
    }
}
