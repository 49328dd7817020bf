//! Operators (`operatorcmds.c`).
//!
//! Knows their clauses in canonical order. A commutator or negator stands as text: it may not exist yet, and two
//! operators name each other.

use super::ast::{DefElem, DefineStmt, Node, NodeEnum, ObjectWithArgs};
use super::base_type::{option_names, type_template};
use super::identify::Found;
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::{
    DataType, DefinitionId, DefinitionKind, Form, Ident, ObjectId, QualifiedName, Template, TemplateBuilder,
};
use crate::dialect::postgres::write::{ident, qualified};

impl Interpreter {
    pub(super) fn create_operator(&mut self, statement: &DefineStmt) -> Applied {
        let name = self.new_name_of(&statement.defnames, -1)?;
        let operand = |names: &[&str]| -> Applied<Option<DataType>> {
            let option = definition_elements(&statement.definition)
                .find(|option| names.contains(&option.defname.to_lowercase().as_str()));
            option
                .map(|option| Ok(self.option_type(option)?.without_modifiers()))
                .transpose()
        };
        let (left, right) = (operand(&["leftarg"])?, operand(&["rightarg"])?);
        let signature: Vec<DataType> = left.iter().chain(&right).cloned().collect();
        let mut parts: Vec<(u8, Template)> = Vec::new();
        for option in definition_elements(&statement.definition) {
            if let Some(part) = self.operator_option(option, &signature)? {
                parts.push(part);
            }
        }
        for (place, word, data_type) in [(1, "LEFTARG = ", &left), (2, "RIGHTARG = ", &right)] {
            if let Some(data_type) = data_type {
                parts.push((place, worded(word, &type_template(data_type))));
            }
        }
        parts.sort_by_key(|(place, _)| *place);
        parts.dedup();
        let body = listed("(", parts.into_iter().map(|(_, part)| part), ")");
        let id = DefinitionId {
            kind: DefinitionKind::Operator,
            schema: Some(name.schema.clone()),
            name: name.name.clone(),
            types: vec![left, right],
            within: None,
        };
        self.create_definition(id, body, Vec::new(), Existing::Refuse)
    }

    /// An option with its place in the canonical order.
    fn operator_option(&self, option: &DefElem, signature: &[DataType]) -> Applied<Option<(u8, Template)>> {
        let system = DataType::system;
        let names = option_names(option);
        let is_set = || definition_text(option).is_none_or(|text| text == "true");
        Ok(Some(match option.defname.to_lowercase().as_str() {
            "leftarg" | "rightarg" => return Ok(None),
            "function" | "procedure" => {
                let function = self.function_reference(names, signature, option.location)?;
                (0, worded("FUNCTION = ", &function))
            }
            "commutator" => (3, self.operator_name("COMMUTATOR = ", names)?),
            "negator" => (4, self.operator_name("NEGATOR = ", names)?),
            "restrict" => {
                let signature = [system("internal"), system("oid"), system("internal"), system("int4")];
                let function = self.function_reference(names, &signature, option.location)?;
                (5, worded("RESTRICT = ", &function))
            }
            "join" => {
                let signature = [
                    system("internal"),
                    system("oid"),
                    system("internal"),
                    system("int2"),
                    system("internal"),
                ];
                let function = self.function_reference(names, &signature, option.location)?;
                (6, worded("JOIN = ", &function))
            }
            "hashes" if is_set() => (7, Template::text("HASHES")),
            "merges" if is_set() => (8, Template::text("MERGES")),
            "hashes" | "merges" => return Ok(None),
            // What these said before PostgreSQL 8.3 is said by MERGES.
            "sort1" | "sort2" | "ltcmp" | "gtcmp" => (8, Template::text("MERGES")),
            other => return Err(self.refuse(option.location, &format!("option {other} of an operator"))),
        }))
    }

    /// `WORD = OPERATOR(schema.name)`.
    fn operator_name(&self, word: &str, names: &[Node]) -> Applied<Template> {
        let (schema, name) = self.split_names(names)?;
        let schema = if schema.is_empty() {
            self.creation_schema(-1)?
        } else {
            Ident::from(schema)
        };
        let text = [word, "OPERATOR(", &ident(&schema), ".", name, ")"].concat();
        Ok(Template::text(&text))
    }

    /// `function(types)` of a function with its arguments written.
    pub(super) fn function_with_arguments(&self, named: &ObjectWithArgs) -> Applied<Template> {
        let mut builder = TemplateBuilder::default();
        let mut types = Vec::new();
        for node in &named.objargs {
            if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                types.push(self.data_type(name)?.without_modifiers());
            }
        }
        match self.find_routine(ast::ObjectType::ObjectFunction, named)? {
            Found::Object(ObjectId::Routine(name, signature)) => {
                types = signature.to_vec();
                builder.push_reference(ObjectId::Routine(name, signature), Form::Qualified);
            }
            Found::Object(_) => return Err(self.refuse(-1, "this function")),
            Found::Missing(error) => {
                let (schema, name) = self.split_names(&named.objname)?;
                let is_system = schema.is_empty() || schema == crate::catalog::name::SYSTEM_SCHEMA;
                if is_system && crate::dialect::postgres::analyse::is_system_function(self.version(), name) {
                    builder.push_str(&ident(&Ident::from(name)));
                } else if self.has_extensions() {
                    let text = match schema {
                        "" => ident(&Ident::from(name)),
                        schema => qualified(&QualifiedName::new(schema, name)),
                    };
                    builder.push_str(&text);
                } else {
                    return Err(error);
                }
            }
        }
        builder.push_template(&type_list(&types));
        Ok(builder.finish())
    }
}

/// `(type, type)`.
pub(super) fn type_list(types: &[DataType]) -> Template {
    listed("(", types.iter().map(type_template), ")")
}

/// Templates with commas between them.
pub(super) fn listed(open: &str, items: impl Iterator<Item = Template>, close: &str) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str(open);
    for (place, item) in items.enumerate() {
        if place > 0 {
            builder.push_str(", ");
        }
        builder.push_template(&item);
    }
    builder.push_str(close);
    builder.finish()
}

/// Words before a template.
pub(super) fn worded(words: &str, template: &Template) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str(words);
    builder.push_template(template);
    builder.finish()
}
