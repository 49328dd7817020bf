//! Text search parsers, templates, dictionaries and configurations (`tsearchcmds.c`).
//!
//! Knows the token types of the default parser and the mappings of the configurations that `initdb` makes, because
//! CREATE … COPY takes them over.

use super::ast::{AlterTsConfigType, AlterTsConfigurationStmt, AlterTsDictionaryStmt, DefineStmt, Node, ObjectType};
use super::base_type::option_names;
use super::definition::clause;
use super::identify::{definition_in_schema, schema_definition};
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::{Clause, ClauseName};
use crate::catalog::{
    DataType, DefinitionId, DefinitionKind, Form, Ident, Object, ObjectId, QualifiedName, Template, TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::literal;
use std::sync::Arc;

/// Token types of the default parser that hold ASCII words.
const ASCII_WORDS: [&str; 3] = ["asciihword", "asciiword", "hword_asciipart"];
/// Token types that hold words of any letters.
const WORDS: [&str; 3] = ["hword", "hword_part", "word"];
/// Token types that no stemmer touches.
const SIMPLE: [&str; 13] = [
    "email",
    "file",
    "float",
    "host",
    "hword_numpart",
    "int",
    "numhword",
    "numword",
    "sfloat",
    "uint",
    "url",
    "url_path",
    "version",
];

impl Interpreter {
    pub(super) fn create_text_search(&mut self, statement: &DefineStmt) -> Applied {
        let name = self.new_name_of(&statement.defnames, -1)?;
        match statement.kind() {
            ObjectType::ObjectTsparser => {
                let body = self.function_options(&statement.definition, parser_signature)?;
                self.create_in_schema(DefinitionKind::TextSearchParser, &name, body, Vec::new())
            }
            ObjectType::ObjectTstemplate => {
                let body = self.function_options(&statement.definition, template_signature)?;
                self.create_in_schema(DefinitionKind::TextSearchTemplate, &name, body, Vec::new())
            }
            ObjectType::ObjectTsdictionary => self.create_dictionary(&name, statement),
            ObjectType::ObjectTsconfiguration => self.create_configuration(&name, statement),
            _ => Err(self.refuse(-1, "this kind of definition")),
        }
    }

    pub(super) fn alter_dictionary(&mut self, statement: &AlterTsDictionaryStmt) -> Applied {
        let id = self.existing_in_schema(DefinitionKind::TextSearchDictionary, &statement.dictname)?;
        let mut clauses = self.clauses_of(&id)?;
        for option in definition_elements(&statement.options) {
            let key: Arc<str> = Arc::from(option.defname.as_str());
            clauses.retain(|clause| clause.key.as_ref() != Some(&key));
            if let Some(value) = definition_text(option) {
                clauses.push(parameter(key, &value));
            }
        }
        self.set_clauses(id, clauses);
        Ok(())
    }

    pub(super) fn alter_configuration(&mut self, statement: &AlterTsConfigurationStmt) -> Applied {
        let id = self.existing_in_schema(DefinitionKind::TextSearchConfiguration, &statement.cfgname)?;
        let mut clauses = self.clauses_of(&id)?;
        let tokens: Vec<Arc<str>> = ast::strings(&statement.tokentype).into_iter().map(Arc::from).collect();
        let is_of = |clause: &Clause, token: &Arc<str>| {
            clause.name == ClauseName::Mapping && clause.key.as_ref() == Some(token)
        };
        match statement.kind() {
            AlterTsConfigType::AlterTsconfigAddMapping | AlterTsConfigType::AlterTsconfigAlterMappingForToken => {
                let dictionaries = self.dictionary_list(&statement.dicts)?;
                for token in tokens {
                    let is_there = clauses.iter().any(|clause| is_of(clause, &token));
                    if is_there && statement.kind() == AlterTsConfigType::AlterTsconfigAddMapping {
                        return Err(self.error(
                            Code::DuplicateObject,
                            -1,
                            format!("a mapping for token type \"{token}\" already exists"),
                        ));
                    }
                    clauses.retain(|clause| !is_of(clause, &token));
                    clauses.push(clause(ClauseName::Mapping, Some(token), dictionaries.clone()));
                }
            }
            AlterTsConfigType::AlterTsconfigReplaceDict | AlterTsConfigType::AlterTsconfigReplaceDictForToken => {
                let [old, new] = statement.dicts.as_slice() else {
                    return Err(self.refuse(-1, "this form of ALTER MAPPING"));
                };
                let (old, new) = (self.dictionary(ast::list(old))?, self.dictionary(ast::list(new))?);
                for clause in clauses.iter_mut().filter(|clause| clause.name == ClauseName::Mapping) {
                    let is_meant = tokens.is_empty() || clause.key.as_ref().is_some_and(|key| tokens.contains(key));
                    if is_meant {
                        clause.value.rename(&|id| (id == &old).then(|| new.clone()));
                    }
                }
            }
            AlterTsConfigType::AlterTsconfigDropMapping => {
                for token in tokens {
                    let is_there = clauses.iter().any(|clause| is_of(clause, &token));
                    if !is_there && !statement.missing_ok {
                        return Err(self.error(
                            Code::UnknownObject,
                            -1,
                            format!("mapping for token type \"{token}\" does not exist"),
                        ));
                    }
                    clauses.retain(|clause| !is_of(clause, &token));
                }
            }
            AlterTsConfigType::AlterTsconfigTypeUndefined => {
                return Err(self.refuse(-1, "this form of ALTER TEXT SEARCH CONFIGURATION"));
            }
        }
        self.set_clauses(id, clauses);
        Ok(())
    }

    fn create_dictionary(&mut self, name: &QualifiedName, statement: &DefineStmt) -> Applied {
        let mut template = None;
        let mut clauses = Vec::new();
        for option in definition_elements(&statement.definition) {
            if option.defname.eq_ignore_ascii_case("template") {
                template = Some(self.text_search_object(DefinitionKind::TextSearchTemplate, option_names(option))?);
            } else {
                let value = definition_text(option).unwrap_or_default();
                clauses.push(parameter(Arc::from(option.defname.as_str()), &value));
            }
        }
        let Some(template) = template else {
            return Err(self.error(Code::InvalidDefinition, -1, "text search template is required"));
        };
        let mut body = TemplateBuilder::default();
        body.push_reference(template, Form::Qualified);
        self.create_in_schema(DefinitionKind::TextSearchDictionary, name, body.finish(), clauses)
    }

    fn create_configuration(&mut self, name: &QualifiedName, statement: &DefineStmt) -> Applied {
        let mut body = TemplateBuilder::default();
        let mut clauses = Vec::new();
        for option in definition_elements(&statement.definition) {
            match option.defname.to_lowercase().as_str() {
                "parser" => {
                    let parser = self.text_search_object(DefinitionKind::TextSearchParser, option_names(option))?;
                    body.push_reference(parser, Form::Qualified);
                }
                "copy" => {
                    let (schema, source) = self.split_names(option_names(option))?;
                    let own = self.find_definition(DefinitionKind::TextSearchConfiguration, schema, source);
                    match own
                        .as_ref()
                        .and_then(|id| self.catalog.get(id))
                        .map(|entry| &entry.object)
                    {
                        Some(Object::Definition(definition)) => {
                            body.push_template(&definition.body);
                            clauses.clone_from(&definition.clauses);
                        }
                        _ => match system_mappings(source) {
                            Some(mappings) => {
                                let parser = QualifiedName::system("default");
                                let parser = definition_in_schema(DefinitionKind::TextSearchParser, &parser);
                                body.push_reference(parser, Form::Qualified);
                                clauses = mappings;
                            }
                            None => {
                                let shown = super::lookup::shown_name(schema, source);
                                return Err(self.error(
                                    Code::UnknownObject,
                                    option.location,
                                    format!("text search configuration {shown} does not exist"),
                                ));
                            }
                        },
                    }
                }
                other => return Err(self.refuse(option.location, &format!("option {other}"))),
            }
        }
        self.create_in_schema(DefinitionKind::TextSearchConfiguration, name, body.finish(), clauses)
    }

    fn dictionary_list(&self, names: &[Node]) -> Applied<Template> {
        let mut builder = TemplateBuilder::default();
        for name in names {
            if !builder.is_empty() {
                builder.push_str(", ");
            }
            builder.push_reference(self.dictionary(ast::list(name))?, Form::Qualified);
        }
        Ok(builder.finish())
    }

    fn dictionary(&self, names: &[Node]) -> Applied<ObjectId> {
        self.text_search_object(DefinitionKind::TextSearchDictionary, names)
    }

    /// A parser, template or dictionary; one that the schema does not define is PostgreSQL's or an extension's.
    fn text_search_object(&self, kind: DefinitionKind, names: &[Node]) -> Applied<ObjectId> {
        let (schema, name) = self.split_names(names)?;
        if let Some(id) = self.find_definition(kind, schema, name) {
            return Ok(id);
        }
        let is_system = schema.is_empty() || schema == crate::catalog::name::SYSTEM_SCHEMA;
        if !is_system && !self.has_extensions() {
            let shown = super::lookup::shown_name(schema, name);
            return Err(self.error(
                Code::UnknownObject,
                -1,
                format!("{} {shown} does not exist", crate::dialect::postgres::kind_words(kind)),
            ));
        }
        let schema = if schema.is_empty() {
            crate::catalog::name::SYSTEM_SCHEMA
        } else {
            schema
        };
        Ok(definition_in_schema(kind, &QualifiedName::new(schema, name)))
    }

    /// `(OPTION = function, …)` in the order of the options' names.
    fn function_options(&self, options: &[Node], signature: fn(&str) -> Vec<DataType>) -> Applied<Template> {
        let mut functions = Vec::new();
        for option in definition_elements(options) {
            let name = option.defname.to_lowercase();
            let function = self.function_reference(option_names(option), &signature(&name), option.location)?;
            functions.push((name.to_uppercase(), function));
        }
        functions.sort_by(|left, right| left.0.cmp(&right.0));
        let mut builder = TemplateBuilder::default();
        builder.push_str("(");
        for (place, (name, function)) in functions.iter().enumerate() {
            if place > 0 {
                builder.push_str(", ");
            }
            builder.push_str(name);
            builder.push_str(" = ");
            builder.push_template(function);
        }
        builder.push_str(")");
        Ok(builder.finish())
    }

    /// Puts a definition in that stands in a schema.
    pub(super) fn create_in_schema(
        &mut self,
        kind: DefinitionKind,
        name: &QualifiedName,
        body: Template,
        clauses: Vec<Clause>,
    ) -> Applied {
        let id = schema_definition(kind, name);
        self.create_definition(id, body, clauses, Existing::Refuse)
    }

    /// The identity of a definition in a schema that must exist.
    pub(super) fn existing_in_schema(&self, kind: DefinitionKind, names: &[Node]) -> Applied<DefinitionId> {
        let (schema, name) = self.split_names(names)?;
        match self.find_definition(kind, schema, name) {
            Some(ObjectId::Definition(id)) => Ok((*id).clone()),
            _ => {
                let shown = super::lookup::shown_name(schema, name);
                let words = crate::dialect::postgres::kind_words(kind);
                Err(self.error(Code::UnknownObject, -1, format!("{words} {shown} does not exist")))
            }
        }
    }
}

fn parameter(key: Arc<str>, value: &str) -> Clause {
    clause(ClauseName::Parameter, Some(key), Template::text(&literal(value)))
}

fn internals(count: usize) -> Vec<DataType> {
    vec![DataType::system("internal"); count]
}

fn parser_signature(option: &str) -> Vec<DataType> {
    match option {
        "start" => vec![DataType::system("internal"), DataType::system("int4")],
        "gettoken" => internals(3),
        "headline" => vec![
            DataType::system("internal"),
            DataType::system("internal"),
            DataType::system("tsquery"),
        ],
        _ => internals(1),
    }
}

fn template_signature(option: &str) -> Vec<DataType> {
    match option {
        "lexize" => internals(4),
        _ => internals(1),
    }
}

/// The mappings of a configuration that `initdb` makes (`snowball_create.pl`); `None` for a name it does not make.
fn system_mappings(configuration: &str) -> Option<Vec<Clause>> {
    const LANGUAGES: [&str; 28] = [
        "arabic",
        "armenian",
        "basque",
        "catalan",
        "danish",
        "dutch",
        "english",
        "finnish",
        "french",
        "german",
        "greek",
        "hindi",
        "hungarian",
        "indonesian",
        "irish",
        "italian",
        "lithuanian",
        "nepali",
        "norwegian",
        "portuguese",
        "romanian",
        "russian",
        "serbian",
        "spanish",
        "swedish",
        "tamil",
        "turkish",
        "yiddish",
    ];
    let stemmer = |language: &str| Ident::from([language, "_stem"].concat().as_str());
    let (ascii, other) = match configuration {
        "simple" => (Ident::from("simple"), Ident::from("simple")),
        // Words of ASCII letters in a text of another script are taken for English.
        "russian" | "hindi" => (stemmer("english"), stemmer(configuration)),
        language if LANGUAGES.contains(&language) => (stemmer(language), stemmer(language)),
        _ => return None,
    };
    let mapping = |token: &&str, dictionary: &Ident| {
        let dictionary = QualifiedName::system(dictionary.as_str());
        let mut builder = TemplateBuilder::default();
        builder.push_reference(
            definition_in_schema(DefinitionKind::TextSearchDictionary, &dictionary),
            Form::Qualified,
        );
        clause(ClauseName::Mapping, Some(Arc::from(*token)), builder.finish())
    };
    let simple = Ident::from("simple");
    let mut clauses: Vec<Clause> = ASCII_WORDS.iter().map(|token| mapping(token, &ascii)).collect();
    clauses.extend(WORDS.iter().map(|token| mapping(token, &other)));
    clauses.extend(SIMPLE.iter().map(|token| mapping(token, &simple)));
    Some(clauses)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn a_copy_has_the_mappings_of_what_it_copies() {
        assert_same(
            "CREATE TEXT SEARCH CONFIGURATION c (COPY = russian);
             ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING REPLACE russian_stem WITH simple;
             ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciihword, asciiword, hword_asciipart WITH simple;",
            "CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.simple);",
        );
    }
}
