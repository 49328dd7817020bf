//! Functions that a clause names: a trigger's, a type's input, a handler.
//!
//! Knows that the schema's own become references and PostgreSQL's own plain text. An extension's function stands under
//! its name with the schema as written.

use super::{Applied, Interpreter, ast};
use crate::catalog::{
    DataType, DefinitionKind, Form, Ident, ObjectId, QualifiedName, Signature, Template, TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::is_system_function;
use crate::dialect::postgres::write::{ident, qualified};

impl Interpreter {
    /// A function by name and argument types.
    ///
    /// # Errors
    /// A function that neither the schema nor PostgreSQL has, where no extension could have brought it.
    pub(super) fn function_reference(
        &self,
        names: &[ast::Node],
        signature: &[DataType],
        location: i32,
    ) -> Applied<Template> {
        let signature: Signature = signature.into();
        if let Some(function) = self.handler_function(names, &signature) {
            return Ok(reference(function, Form::Qualified));
        }
        let (schema, name) = self.split_names(names)?;
        let may_be_system = schema.is_empty() || schema == crate::catalog::name::SYSTEM_SCHEMA;
        if may_be_system && is_system_function(self.version(), name) {
            return Ok(Template::text(&ident(&Ident::from(name))));
        }
        if self.has_extensions() {
            let text = if schema.is_empty() {
                ident(&Ident::from(name))
            } else {
                qualified(&QualifiedName::new(schema, name))
            };
            return Ok(Template::text(&text));
        }
        let shown = super::lookup::shown_name(schema, name);
        Err(self.error(
            Code::UnknownFunction,
            location,
            format!("function {shown} does not exist"),
        ))
    }

    /// An operator class of an access method by name; one that the schema does not define is PostgreSQL's or an extension's.
    pub(super) fn operator_class_reference(&self, names: &[ast::Node], method: &str) -> Applied<Template> {
        let (schema, name) = self.split_names(names)?;
        if let Some(id) = self.find_operator_collection(DefinitionKind::OperatorClass, schema, name, method) {
            return Ok(reference(id, Form::Qualified));
        }
        if schema.is_empty() || schema == crate::catalog::name::SYSTEM_SCHEMA {
            return Ok(Template::text(&ident(&Ident::from(name))));
        }
        Ok(Template::text(&qualified(&QualifiedName::new(schema, name))))
    }

    /// Whether extensions are installed, whose objects the catalog does not hold.
    pub(super) fn has_extensions(&self) -> bool {
        self.catalog.extensions().next().is_some()
    }
}

/// A template that is one reference.
pub(super) fn reference(id: ObjectId, form: Form) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_reference(id, form);
    builder.finish()
}
