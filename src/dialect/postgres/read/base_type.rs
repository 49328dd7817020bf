//! Range types, base types and shell types (PostgreSQL manual, CREATE TYPE; `typecmds.c`).
//!
//! Knows the options of CREATE TYPE and the name that a multirange type gets by itself.

use super::ast::{AlterTypeStmt, CreateRangeStmt, DefElem, DefineStmt, NodeEnum};
use super::function_reference::reference;
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Interpreter, ast};
use crate::catalog::types::{Range, Type};
use crate::catalog::{DataType, Form, Ident, Object, ObjectId, QualifiedName, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::{ident, literal};
use std::sync::Arc;

/// The longest name in bytes (`NAMEDATALEN - 1`).
const LONGEST: usize = 63;

impl Interpreter {
    pub(super) fn create_range(&mut self, statement: &CreateRangeStmt) -> Applied {
        let name = self.new_name_of(&statement.type_name, -1)?;
        let mut subtype: Option<DataType> = None;
        let mut range = Range {
            subtype: DataType::plain(name.clone()),
            operator_class: None,
            collation: None,
            canonical: None,
            difference: None,
            multirange: multirange_name(&name.name),
        };
        for option in definition_elements(&statement.params) {
            match option.defname.as_str() {
                "subtype" => subtype = Some(self.option_type(option)?),
                "subtype_opclass" => {
                    range.operator_class = Some(self.operator_class_reference(option_names(option), "btree")?);
                }
                "collation" => range.collation = self.collation(option_names(option), option.location)?,
                "canonical" => {
                    let own = DataType::plain(name.clone());
                    range.canonical = Some(self.function_reference(option_names(option), &[own], option.location)?);
                }
                "subtype_diff" => {
                    let subtype = subtype.clone().map(|subtype| subtype.without_modifiers());
                    let signature: Vec<DataType> = subtype.into_iter().cycle().take(2).collect();
                    range.difference =
                        Some(self.function_reference(option_names(option), &signature, option.location)?);
                }
                "multirange_type_name" => {
                    // Without a schema it goes where new types go, not where the range type is.
                    let multirange = self.new_name_of(option_names(option), option.location)?;
                    if multirange.schema != name.schema {
                        let message = format!("multirange type {multirange} in another schema than its range type");
                        let hint = format!(
                            "Write multirange_type_name = {}.{}.",
                            ident(&name.schema),
                            ident(&multirange.name)
                        );
                        return Err(Box::new(self.refuse(option.location, &message).hint(hint)));
                    }
                    range.multirange = multirange.name;
                }
                other => return Err(self.refuse(option.location, &format!("option {other} of a range type"))),
            }
        }
        range.subtype =
            subtype.ok_or_else(|| self.error(Code::InvalidDefinition, -1, "type attribute \"subtype\" is required"))?;
        self.create_type(name, Type::Range(range))
    }

    /// CREATE TYPE name and CREATE TYPE name (INPUT = …).
    pub(super) fn create_base_type(&mut self, statement: &DefineStmt) -> Applied {
        let name = self.new_name_of(&statement.defnames, -1)?;
        if statement.definition.is_empty() {
            return self.create_type(name, Type::Shell);
        }
        let mut options = Vec::new();
        for option in definition_elements(&statement.definition) {
            options.push((
                Arc::from(option.defname.to_lowercase().as_str()),
                self.base_type_option(&name, option)?,
            ));
        }
        options.sort_by(|(left, _): &(Arc<str>, Option<Template>), (right, _)| left.cmp(right));
        self.create_type(name, Type::Base(options))
    }

    /// ALTER TYPE … SET (…) of a base type.
    pub(super) fn alter_base_type(&mut self, statement: &AlterTypeStmt) -> Applied {
        let (schema, shown) = self.split_names(&statement.type_name)?;
        let Some(name) = self.find_type(schema, shown) else {
            return Err(self.error(Code::UnknownType, -1, format!("type \"{shown}\" does not exist")));
        };
        let mut changed = Vec::new();
        for option in definition_elements(&statement.options) {
            let value = self.base_type_option(&name, option)?;
            changed.push((Arc::<str>::from(option.defname.to_lowercase().as_str()), value));
        }
        let not_base = self.error(Code::InvalidDefinition, -1, format!("\"{shown}\" is not a base type"));
        let Some(Object::Type(data_type)) = self
            .catalog
            .get_mut(&ObjectId::Type(name))
            .map(|entry| &mut entry.object)
        else {
            return Err(not_base);
        };
        let Type::Base(options) = &mut **data_type else {
            return Err(not_base);
        };
        for (name, value) in changed {
            options.retain(|(known, _)| *known != name);
            // `option = NONE` takes a function away.
            if value.as_ref().and_then(Template::as_text) != Some("NONE") {
                options.push((name, value));
            }
        }
        options.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(())
    }

    fn base_type_option(&self, name: &QualifiedName, option: &DefElem) -> Applied<Option<Template>> {
        let system = DataType::system;
        let own = DataType::plain(name.clone());
        let is_none = matches!(
            option.arg.as_deref().and_then(|node| node.node.as_ref()),
            None | Some(NodeEnum::String(_))
        ) && definition_text(option).is_some_and(|text| text.eq_ignore_ascii_case("none"));
        if is_none {
            return Ok(Some(Template::text("NONE")));
        }
        let signatures: Vec<Vec<DataType>> = match option.defname.to_lowercase().as_str() {
            "input" => vec![
                vec![system("cstring")],
                vec![system("cstring"), system("oid"), system("int4")],
            ],
            "receive" => vec![
                vec![system("internal")],
                vec![system("internal"), system("oid"), system("int4")],
            ],
            "output" | "send" => vec![vec![own]],
            "typmod_in" => vec![vec![DataType {
                array: crate::catalog::Array::Array,
                ..system("cstring")
            }]],
            "typmod_out" => vec![vec![system("int4")]],
            "analyze" => vec![vec![system("internal")]],
            "subscript" => vec![vec![system("internal")]],
            "like" | "element" => {
                let mut builder = TemplateBuilder::default();
                builder.push_template(&type_template(&self.option_type(option)?));
                return Ok(Some(builder.finish()));
            }
            "category" | "delimiter" | "default" => {
                let text = definition_text(option).unwrap_or_default();
                return Ok(Some(Template::text(&literal(&text))));
            }
            "internallength" | "alignment" | "storage" | "preferred" | "collatable" | "passedbyvalue" => {
                return Ok(definition_text(option).map(|text| Template::text(&text.to_lowercase())));
            }
            other => return Err(self.refuse(option.location, &format!("option {other} of a base type"))),
        };
        for signature in &signatures {
            let signature: crate::catalog::Signature = signature.as_slice().into();
            if let Some(function) = self.handler_function(option_names(option), &signature) {
                return Ok(Some(reference(function, Form::Qualified)));
            }
        }
        let first = signatures.into_iter().next().unwrap_or_default();
        self.function_reference(option_names(option), &first, option.location)
            .map(Some)
    }

    /// The type that is an option's value.
    pub(super) fn option_type(&self, option: &DefElem) -> Applied<DataType> {
        match option.arg.as_deref().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::TypeName(name)) => self.data_type(name),
            _ => Err(self.refuse(option.location, "this value of an option")),
        }
    }
}

/// The name parts that are an option's value; a type name's where the grammar took it for one.
pub(super) fn option_names(option: &DefElem) -> &[ast::Node] {
    match option.arg.as_deref() {
        Some(node) => match node.node.as_ref() {
            Some(NodeEnum::TypeName(name)) => &name.names,
            _ => ast::list(node),
        },
        None => &[],
    }
}

/// A type as a template, so that it follows a rename.
pub(super) fn type_template(data_type: &DataType) -> Template {
    let mut builder = TemplateBuilder::default();
    match data_type.reference() {
        Some(id) if data_type.modifiers.is_empty() => {
            builder.push_reference(id, Form::Qualified);
            if data_type.array == crate::catalog::Array::Array {
                builder.push_str("[]");
            }
        }
        _ => builder.push_str(&crate::dialect::postgres::write::data_type(data_type)),
    }
    builder.finish()
}

/// The name of a range's multirange type (`makeMultirangeTypeName`): "range" becomes "multirange", or it is put behind.
fn multirange_name(range: &Ident) -> Ident {
    let name = range.as_str();
    let full = match name.find("range") {
        Some(place) => {
            let (before, after) = name.split_at(place);
            format!("{before}multi{after}")
        }
        None => {
            let suffix = "_multirange";
            format!("{}{suffix}", clip(name, LONGEST - suffix.len()))
        }
    };
    Ident::from(clip(&full, LONGEST))
}

/// The longest prefix of at most `length` bytes that cuts no character.
fn clip(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multirange_is_named_after_its_range() {
        assert_eq!(
            multirange_name(&Ident::from("price_range")).as_str(),
            "price_multirange"
        );
        assert_eq!(multirange_name(&Ident::from("floats")).as_str(), "floats_multirange");
        let long = "a".repeat(63);
        assert_eq!(multirange_name(&Ident::from(long.as_str())).as_str().len(), 63);
    }
}
