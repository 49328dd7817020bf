//! Operators, operator families and operator classes (`operatorcmds.c`, `opclasscmds.c`).
//!
//! Knows their clauses in canonical order. A commutator or negator stands as text: it may not exist yet, and two
//! operators name each other.

use super::ast::{
    CreateOpClassItem, CreateOpClassStmt, CreateOpFamilyStmt, DefElem, DefineStmt, Node, NodeEnum, ObjectWithArgs,
};
use super::base_type::{option_names, type_template};
use super::identify::Found;
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::{
    DataType, DefinitionId, DefinitionKind, Form, Ident, ObjectId, QualifiedName, Template, TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::{ident, qualified};
use std::sync::Arc;

/// `OPCLASS_ITEM_OPERATOR` of `parsenodes.h`.
const OPERATOR_ITEM: i32 = 1;
/// `OPCLASS_ITEM_FUNCTION`.
const FUNCTION_ITEM: i32 = 2;

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

    pub(super) fn create_operator_family(&mut self, statement: &CreateOpFamilyStmt) -> Applied {
        let name = self.new_name_of(&statement.opfamilyname, -1)?;
        self.create_family(&name, &Ident::from(statement.amname.as_str()), Existing::Refuse)
    }

    fn create_family(&mut self, name: &QualifiedName, method: &Ident, existing: Existing) -> Applied {
        let body = Template::text(&["USING ", &ident(method)].concat());
        self.create_definition(
            collection_id(DefinitionKind::OperatorFamily, name, method),
            body,
            Vec::new(),
            existing,
        )
    }

    pub(super) fn create_operator_class(&mut self, statement: &CreateOpClassStmt) -> Applied {
        let name = self.new_name_of(&statement.opclassname, -1)?;
        let method = Ident::from(statement.amname.as_str());
        let data_type = self
            .required_data_type(statement.datatype.as_ref(), -1)?
            .without_modifiers();
        let family = self.family_of_class(statement, &name, &method)?;
        let mut items: Vec<((i32, i32), Template)> = Vec::new();
        for node in &statement.items {
            let Some(NodeEnum::CreateOpClassItem(item)) = node.node.as_ref() else {
                continue;
            };
            if let Some(template) = self.class_item(item, &data_type)? {
                items.push(((item.itemtype, item.number), template));
            }
        }
        items.sort_by_key(|(key, _)| *key);
        let mut builder = TemplateBuilder::default();
        if statement.is_default {
            builder.push_str("DEFAULT ");
        }
        builder.push_str("FOR TYPE ");
        builder.push_template(&type_template(&data_type));
        builder.push_str(&[" USING ", &ident(&method), " FAMILY "].concat());
        builder.push_template(&family);
        builder.push_str(" AS ");
        if items.is_empty() {
            // The grammar demands an item; the type stored as itself says nothing.
            builder.push_str("STORAGE ");
            builder.push_template(&type_template(&data_type));
        }
        for (place, (_, item)) in items.iter().enumerate() {
            if place > 0 {
                builder.push_str(", ");
            }
            builder.push_template(item);
        }
        let id = collection_id(DefinitionKind::OperatorClass, &name, &method);
        self.create_definition(id, builder.finish(), Vec::new(), Existing::Refuse)
    }

    /// The family named, or the one of the class's own name, which is made when it is not there.
    fn family_of_class(
        &mut self,
        statement: &CreateOpClassStmt,
        class: &QualifiedName,
        method: &Ident,
    ) -> Applied<Template> {
        if statement.opfamilyname.is_empty() {
            self.create_family(class, method, Existing::Skip)?;
            let id = collection_id(DefinitionKind::OperatorFamily, class, method);
            return Ok(super::function_reference::reference(
                ObjectId::Definition(Arc::new(id)),
                Form::Qualified,
            ));
        }
        let (schema, name) = self.split_names(&statement.opfamilyname)?;
        match self.find_operator_collection(DefinitionKind::OperatorFamily, schema, name, method.as_str()) {
            Some(id) => Ok(super::function_reference::reference(id, Form::Qualified)),
            None if schema.is_empty() || schema == crate::catalog::name::SYSTEM_SCHEMA => {
                Ok(Template::text(&ident(&Ident::from(name))))
            }
            None => Err(self.error(
                Code::UnknownObject,
                -1,
                format!("operator family \"{name}\" does not exist for access method \"{method}\""),
            )),
        }
    }

    fn class_item(&self, item: &CreateOpClassItem, data_type: &DataType) -> Applied<Option<Template>> {
        let mut builder = TemplateBuilder::default();
        match (item.itemtype, item.name.as_ref()) {
            (OPERATOR_ITEM, Some(named)) => {
                builder.push_str(&["OPERATOR ", &item.number.to_string(), " "].concat());
                builder.push_template(&self.operator_with_operands(named, data_type)?);
                if !item.order_family.is_empty() {
                    let (schema, name) = self.split_names(&item.order_family)?;
                    builder.push_str(" FOR ORDER BY ");
                    let family = self.find_operator_collection(DefinitionKind::OperatorFamily, schema, name, "btree");
                    match family {
                        Some(id) => builder.push_reference(id, Form::Qualified),
                        None => builder.push_str(&ident(&Ident::from(name))),
                    }
                }
            }
            (FUNCTION_ITEM, Some(named)) => {
                builder.push_str(&["FUNCTION ", &item.number.to_string(), " "].concat());
                let mut types = Vec::new();
                for node in &item.class_args {
                    if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                        types.push(self.data_type(name)?.without_modifiers());
                    }
                }
                if types.is_empty() {
                    types = vec![data_type.clone(), data_type.clone()];
                }
                builder.push_template(&type_list(&types));
                builder.push_str(" ");
                builder.push_template(&self.function_with_arguments(named)?);
            }
            _ => {
                let stored = self
                    .required_data_type(item.storedtype.as_ref(), -1)?
                    .without_modifiers();
                if &stored == data_type {
                    return Ok(None);
                }
                builder.push_str("STORAGE ");
                builder.push_template(&type_template(&stored));
            }
        }
        Ok(Some(builder.finish()))
    }

    /// `name(left, right)`; without operands both are the class's type.
    fn operator_with_operands(&self, named: &ObjectWithArgs, data_type: &DataType) -> Applied<Template> {
        let mut types = self.operand_types(&named.objargs)?;
        if types.is_empty() {
            types = vec![Some(data_type.clone()), Some(data_type.clone())];
        }
        let object = Node {
            node: Some(NodeEnum::ObjectWithArgs(ObjectWithArgs {
                objargs: named.objargs.clone(),
                ..named.clone()
            })),
        };
        let (schema, name) = self.split_names(&named.objname)?;
        let identity = |schema: &Ident| {
            ObjectId::Definition(Arc::new(DefinitionId {
                kind: DefinitionKind::Operator,
                schema: Some(schema.clone()),
                name: Ident::from(name),
                types: types.clone(),
                within: None,
            }))
        };
        let mut builder = TemplateBuilder::default();
        let exists = |found: &QualifiedName| self.catalog.contains(&identity(&found.schema));
        match self.find(schema, name, exists) {
            Some(found) => builder.push_reference(identity(&found.schema), Form::Qualified),
            None if !named.objargs.is_empty() && !schema.is_empty() && schema != "pg_catalog" => {
                // The error of an operator that does not exist, unless an extension may have it.
                if !self.has_extensions() {
                    self.identify(ast::ObjectType::ObjectOperator, Some(&object))?;
                }
                builder.push_str(&[&ident(&Ident::from(schema)), ".", name].concat());
            }
            None => builder.push_str(name),
        }
        let types: Vec<DataType> = types.into_iter().flatten().collect();
        builder.push_template(&type_list(&types));
        Ok(builder.finish())
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
                if is_system && crate::dialect::postgres::analyse::is_system_function(name) {
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

/// The identity of an operator class or family.
fn collection_id(kind: DefinitionKind, name: &QualifiedName, method: &Ident) -> DefinitionId {
    DefinitionId {
        kind,
        schema: Some(name.schema.clone()),
        name: name.name.clone(),
        types: Vec::new(),
        within: Some(method.clone()),
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
