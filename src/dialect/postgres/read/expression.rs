//! The analyser as the interpreter uses it: against the catalog as it is now, refusals at their place.
//!
//! Knows how a refusal becomes a diagnostic, and nothing of what an expression means.

use super::{Applied, Interpreter, ast};
use crate::catalog::{DataType, Template};
use crate::diagnostic::Diagnostic;
use crate::dialect::postgres::Zone;
use crate::dialect::postgres::analyse::{Analyser, Query, Refusal, Scope};

impl Interpreter {
    /// An analyser for the catalog and the search path as they are now.
    pub(super) fn analyser(&self) -> Analyser<'_> {
        let mut analyser = Analyser::new(&self.catalog, &self.settings.search_path, self.version());
        analyser.zone = self.zone();
        analyser.shows_stored = self.is_dump && self.shows_stored;
        analyser
    }

    /// The session's time zone: as the text sets it, else as it is known from elsewhere.
    pub(super) fn zone(&self) -> Zone {
        self.settings.zone.unwrap_or(self.options.zone)
    }

    /// An expression in canonical form.
    pub(super) fn expression(&self, node: &ast::Node, scope: &Scope) -> Applied<Template> {
        self.analyser()
            .expression(node, scope)
            .map_err(|refusal| self.refused(refusal, -1))
    }

    /// An expression that becomes a value of a type, as a default or a generated column does.
    ///
    /// A literal without a type takes that type, as on the server (`coerce_type` of an unknown constant).
    pub(super) fn expression_for(&self, node: &ast::Node, scope: &Scope, data_type: &DataType) -> Applied<Template> {
        self.analyser()
            .value(node, scope, data_type)
            .map_err(|refusal| self.refused(refusal, -1))
    }

    /// The type of an expression, where it is known.
    pub(super) fn expression_type(&self, node: &ast::Node, scope: &Scope) -> Option<DataType> {
        self.analyser().expression_type(node, scope)
    }

    /// A key of an index or a partition key in canonical form.
    pub(super) fn element(&self, node: &ast::Node, scope: &Scope) -> Applied<Template> {
        self.analyser()
            .element(node, scope)
            .map_err(|refusal| self.refused(refusal, -1))
    }

    /// A query in canonical form with the names of its columns.
    pub(super) fn query(&self, node: &ast::Node, scope: &Scope, names: &[&str]) -> Applied<Query> {
        self.analyser()
            .query(node, scope, names)
            .map_err(|refusal| self.refused(refusal, -1))
    }

    /// A statement of a rule or of an SQL body in canonical form.
    pub(super) fn canonical_statement(&self, node: &ast::Node, scope: &Scope) -> Applied<Template> {
        self.analyser()
            .statement(node, scope)
            .map_err(|refusal| self.refused(refusal, -1))
    }

    /// A type as written, resolved.
    pub(super) fn data_type(&self, name: &ast::TypeName) -> Applied<DataType> {
        self.analyser()
            .data_type(name)
            .map_err(|refusal| self.refused(refusal, name.location))
    }

    /// The type of a field that the grammar demands.
    pub(super) fn required_data_type(&self, name: Option<&ast::TypeName>, location: i32) -> Applied<DataType> {
        match name {
            Some(name) => self.data_type(name),
            None => Err(self.refuse(location, "an element without a type")),
        }
    }

    /// The diagnostic of a refusal; `location` stands in where the refusal has none.
    pub(super) fn refused(&self, refusal: Refusal, location: i32) -> Box<Diagnostic> {
        let refusal = refusal.at(location);
        let mut error = self.error(refusal.code, refusal.location, refusal.message);
        error.hint = refusal.hint;
        error
    }
}
