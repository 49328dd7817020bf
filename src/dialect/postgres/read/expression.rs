//! The analyser as the interpreter uses it: against the catalog as it is now, refusals at their place.
//!
//! Knows how a refusal becomes a diagnostic, and nothing of what an expression means.

use super::{Applied, Interpreter, ast, constant};
use crate::catalog::{Array, DataType, Template};
use crate::diagnostic::Diagnostic;
use crate::dialect::postgres::analyse::{Analyser, Query, Refusal, Scope};
use ast::{NodeEnum, a_const::Val};

impl Interpreter {
    /// An analyser for the catalog and the search path as they are now.
    pub(super) fn analyser(&self) -> Analyser<'_> {
        Analyser::new(&self.catalog, &self.settings.search_path)
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
        let data_type = self.base_type(data_type);
        match literal_of_type(node, &data_type) {
            Some(node) => self.expression(&node, scope),
            None => self.expression(node, scope),
        }
    }

    /// The type of an expression, where it is known.
    pub(super) fn expression_type(&self, _node: &ast::Node, _scope: &Scope) -> Option<DataType> {
        None
    }

    /// A query in canonical form with the names of its columns.
    pub(super) fn query(&self, node: &ast::Node, scope: &Scope) -> Applied<Query> {
        self.analyser()
            .query(node, scope)
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

/// An untyped literal as a constant of a type: bare where the server shows it so, else with a cast.
fn literal_of_type(node: &ast::Node, data_type: &DataType) -> Option<ast::Node> {
    let Some(NodeEnum::AConst(constant)) = &node.node else {
        return None;
    };
    let mut constant = constant.clone();
    if let Some(Val::Sval(text)) = &mut constant.val {
        if let Some(shown) = constant::output(&text.sval, data_type) {
            text.sval = shown;
        }
        let bare = match data_type.name.name.as_str() {
            _ if data_type.array == Array::Array || !data_type.name.is_system() => None,
            "bool" => boolean(&text.sval),
            "numeric" if text.sval.contains('.') && !text.sval.starts_with('-') => Some(Val::Fval(ast::Float {
                fval: text.sval.clone(),
            })),
            "int4" => text
                .sval
                .parse()
                .ok()
                .filter(|ival| *ival >= 0)
                .map(|ival| Val::Ival(ast::Integer { ival })),
            _ => None,
        };
        if bare.is_some() {
            constant.val = bare;
            return Some(node_of(NodeEnum::AConst(constant)));
        }
    } else if !constant.isnull {
        return None;
    }
    let cast = ast::TypeCast {
        arg: Some(Box::new(node_of(NodeEnum::AConst(constant)))),
        type_name: Some(ast::type_name(data_type)),
        location: -1,
    };
    Some(node_of(NodeEnum::TypeCast(Box::new(cast))))
}

fn boolean(text: &str) -> Option<Val> {
    let boolval = match text {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    Some(Val::Boolval(ast::Boolean { boolval }))
}

fn node_of(node: NodeEnum) -> ast::Node {
    ast::Node { node: Some(node) }
}
