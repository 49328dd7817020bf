//! Which collation a name means, and CREATE COLLATION.
//!
//! Knows that PostgreSQL's own collations depend on the platform: a name that the schema does not define is taken for
//! one of the server's.

use super::ast::{CollateClause, DefElem, DefineStmt, Node};
use super::base_type::option_names;
use super::identify::{definition_in_schema, schema_definition};
use super::locale_tag::language_tag;
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter};
use crate::catalog::{DefinitionKind, Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::{ident, literal};
use std::collections::BTreeMap;

impl Interpreter {
    /// The collation of a COLLATE clause; `None` without one and for `"default"`.
    pub(super) fn collation_clause(&self, clause: Option<&CollateClause>) -> Applied<Option<ObjectId>> {
        match clause {
            Some(clause) => self.collation(&clause.collname, clause.location),
            None => Ok(None),
        }
    }

    /// A collation by name; `None` for `"default"`.
    ///
    /// # Errors
    /// A name with a schema of its own that holds no such collation.
    pub(super) fn collation(&self, names: &[Node], location: i32) -> Applied<Option<ObjectId>> {
        let (schema, name) = self.split_names(names)?;
        if let Some(id) = self.find_definition(DefinitionKind::Collation, schema, name) {
            return Ok(Some(id));
        }
        let is_system = schema.is_empty() || super::lookup::is_system_schema(&Ident::from(schema));
        if !is_system {
            let shown = super::lookup::shown_name(schema, name);
            return Err(self.error(
                Code::UnknownObject,
                location,
                format!("collation {shown} does not exist"),
            ));
        }
        if name == "default" {
            return Ok(None);
        }
        Ok(Some(definition_in_schema(
            DefinitionKind::Collation,
            &QualifiedName::system(name),
        )))
    }

    /// CREATE COLLATION with options or FROM another one (`collationcmds.c`, `DefineCollation`).
    pub(super) fn create_collation(&mut self, statement: &DefineStmt) -> Applied {
        let name = self.new_name_of(&statement.defnames, -1)?;
        let mut options: BTreeMap<String, String> = BTreeMap::new();
        let mut body = None;
        for option in definition_elements(&statement.definition) {
            let key = option.defname.to_lowercase();
            if key == "from" {
                body = Some(self.copied_collation(option)?);
                continue;
            }
            let value = definition_text(option).unwrap_or_default();
            match key.as_str() {
                "rules" => self.needs_version(16, option.location, "RULES of a collation")?,
                "provider" if value.eq_ignore_ascii_case("builtin") => {
                    self.needs_version(17, option.location, "the provider builtin")?;
                }
                _ => {}
            }
            options.insert(key, value);
        }
        let body = match body {
            Some(body) => body,
            None => self.collation_body(options)?,
        };
        let id = schema_definition(DefinitionKind::Collation, &name);
        let existing = if statement.if_not_exists {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        self.create_definition(id, body, Vec::new(), existing)
    }

    fn copied_collation(&self, option: &DefElem) -> Applied<Template> {
        let names = option_names(option);
        let (schema, name) = self.split_names(names)?;
        if let Some(id) = self.find_definition(DefinitionKind::Collation, schema, name)
            && let Some(Object::Definition(definition)) = self.catalog.get(&id).map(|entry| &entry.object)
        {
            return Ok(definition.body.clone());
        }
        match name {
            "C" | "POSIX" => Ok(Template::text(
                &["(PROVIDER = libc, LOCALE = ", &literal(name), ")"].concat(),
            )),
            _ => {
                // What one of the server's own collations stands for depends on its platform.
                let text = ["FROM ", &ident(&Ident::from(name))].concat();
                Ok(Template::text(&text))
            }
        }
    }

    /// The options in one order and spelling; LC_COLLATE and LC_CTYPE that are alike are LOCALE.
    fn collation_body(&self, mut options: BTreeMap<String, String>) -> Applied<Template> {
        options.remove("version");
        if let (Some(collate), Some(ctype)) = (options.get("lc_collate"), options.get("lc_ctype"))
            && collate == ctype
        {
            let locale = collate.clone();
            options.insert("locale".to_owned(), locale);
            options.remove("lc_collate");
            options.remove("lc_ctype");
        }
        let provider = options
            .remove("provider")
            .unwrap_or_else(|| "libc".to_owned())
            .to_lowercase();
        if provider == "icu"
            && self.version() >= 16
            && let Some(locale) = options.get_mut("locale")
            && let Some(tag) = language_tag(locale)
        {
            *locale = tag;
        }
        let mut items = vec![["PROVIDER = ", &provider].concat()];
        if let Some(deterministic) = options.remove("deterministic")
            && ["false", "off", "no", "0"].contains(&deterministic.to_lowercase().as_str())
        {
            items.push("DETERMINISTIC = false".to_owned());
        }
        for key in ["locale", "lc_collate", "lc_ctype", "rules"] {
            if let Some(value) = options.remove(key) {
                items.push([&key.to_uppercase(), " = ", &literal(&value)].concat());
            }
        }
        match options.keys().next() {
            Some(unknown) => Err(self.refuse(-1, &format!("option {unknown} of a collation"))),
            None => Ok(Template::text(&["(", &items.join(", "), ")"].concat())),
        }
    }
}
