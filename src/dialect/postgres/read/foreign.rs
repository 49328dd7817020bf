//! Foreign-data wrappers, servers and user mappings (PostgreSQL manual; `foreigncmds.c`).
//!
//! Knows their clauses. Options are clauses of their own, because ALTER changes them one by one.

use super::ast::{
    AlterFdwStmt, AlterForeignServerStmt, AlterUserMappingStmt, CreateFdwStmt, CreateForeignServerStmt,
    CreateUserMappingStmt, DefElem, Node, RoleSpec, RoleSpecType,
};
use super::base_type::option_names;
use super::definition::{clause, text_clause};
use super::identify::global_definition;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter};
use crate::catalog::definition::{Clause, ClauseName};
use crate::catalog::{
    DataType, DefinitionId, DefinitionKind, Form, Ident, ObjectId, Options, Template, TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::CURRENT_USER;
use crate::dialect::postgres::analyse::provided::Provider;
use crate::dialect::postgres::write::literal;
use std::sync::Arc;

impl Interpreter {
    pub(super) fn create_wrapper(&mut self, statement: &CreateFdwStmt) -> Applied {
        let mut clauses = self.wrapper_functions(&statement.func_options)?;
        clauses.extend(option_clauses(&self.foreign_options(&statement.options)?));
        let id = global_definition(
            DefinitionKind::ForeignDataWrapper,
            Ident::from(statement.fdwname.as_str()),
        );
        self.create_definition(id, Template::default(), clauses, Existing::Refuse)
    }

    pub(super) fn alter_wrapper(&mut self, statement: &AlterFdwStmt) -> Applied {
        let id = global_definition(
            DefinitionKind::ForeignDataWrapper,
            Ident::from(statement.fdwname.as_str()),
        );
        let functions = self.wrapper_functions(&statement.func_options)?;
        let mut clauses = self.clauses_of(&id)?;
        for option in definition_elements(&statement.func_options) {
            if let Some(name) = function_clause(option) {
                clauses.retain(|clause| clause.name != name);
            }
        }
        clauses.extend(functions);
        self.change_option_clauses(&mut clauses, &statement.options)?;
        self.set_clauses(id, clauses);
        Ok(())
    }

    pub(super) fn create_server(&mut self, statement: &CreateForeignServerStmt) -> Applied {
        let wrapper = self.named_definition(DefinitionKind::ForeignDataWrapper, &statement.fdwname)?;
        let mut body = TemplateBuilder::default();
        body.push_str("FOREIGN DATA WRAPPER ");
        match wrapper {
            Some(wrapper) => body.push_reference(wrapper, Form::Bare),
            // One that an extension has brought.
            None => {
                let name = Ident::from(statement.fdwname.as_str());
                body.push_str(&crate::dialect::postgres::write::ident(&name));
                match self.analyser().wrapper_provider(name.as_str()) {
                    Some(Provider::Extension(extension) | Provider::Unknown(extension)) => {
                        body.push_dependency(ObjectId::Extension(extension));
                    }
                    Some(Provider::Server) | None => {}
                }
            }
        }
        let mut clauses = Vec::new();
        if !statement.servertype.is_empty() {
            clauses.push(text_clause(ClauseName::Type, &literal(&statement.servertype)));
        }
        if !statement.version.is_empty() {
            clauses.push(text_clause(ClauseName::Version, &literal(&statement.version)));
        }
        clauses.extend(option_clauses(&self.foreign_options(&statement.options)?));
        let id = global_definition(DefinitionKind::Server, Ident::from(statement.servername.as_str()));
        let existing = if statement.if_not_exists {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        self.create_definition(id, body.finish(), clauses, existing)
    }

    pub(super) fn alter_server(&mut self, statement: &AlterForeignServerStmt) -> Applied {
        let id = global_definition(DefinitionKind::Server, Ident::from(statement.servername.as_str()));
        let mut clauses = self.clauses_of(&id)?;
        if statement.has_version {
            clauses.retain(|clause| clause.name != ClauseName::Version);
            if !statement.version.is_empty() {
                clauses.push(text_clause(ClauseName::Version, &literal(&statement.version)));
            }
        }
        self.change_option_clauses(&mut clauses, &statement.options)?;
        self.set_clauses(id, clauses);
        Ok(())
    }

    pub(super) fn create_user_mapping(&mut self, statement: &CreateUserMappingStmt) -> Applied {
        let server = Ident::from(statement.servername.as_str());
        let server_id = self.named_definition(DefinitionKind::Server, &statement.servername)?;
        let ObjectId::Definition(id) = self.user_mapping_id(statement.user.as_ref(), server)? else {
            return Err(self.refuse(-1, "this user mapping"));
        };
        // The identity names the server; the body depends on it without saying so.
        let mut body = TemplateBuilder::default();
        if let Some(server) = server_id {
            body.push_dependency(server);
        }
        let clauses = option_clauses(&self.foreign_options(&statement.options)?);
        let existing = if statement.if_not_exists {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        self.create_definition((*id).clone(), body.finish(), clauses, existing)
    }

    pub(super) fn alter_user_mapping(&mut self, statement: &AlterUserMappingStmt) -> Applied {
        let server = Ident::from(statement.servername.as_str());
        let ObjectId::Definition(id) = self.user_mapping_id(statement.user.as_ref(), server)? else {
            return Err(self.refuse(-1, "this user mapping"));
        };
        let id = (*id).clone();
        let mut clauses = self.clauses_of(&id)?;
        self.change_option_clauses(&mut clauses, &statement.options)?;
        self.set_clauses(id, clauses);
        Ok(())
    }

    /// The identity of a user mapping: a role, or PUBLIC, within a server.
    pub(super) fn user_mapping_id(&self, role: Option<&RoleSpec>, server: Ident) -> Applied<ObjectId> {
        let is_public = role.is_some_and(|role| role.roletype() == RoleSpecType::RolespecPublic);
        let name = if is_public {
            Ident::from("public")
        } else {
            self.role_named(role)?.unwrap_or_else(|| Ident::from(CURRENT_USER))
        };
        Ok(ObjectId::Definition(Arc::new(DefinitionId {
            kind: DefinitionKind::UserMapping,
            schema: None,
            name,
            types: Vec::new(),
            within: Some(server),
        })))
    }

    /// A definition without a schema; `None` where an extension may have brought it.
    pub(super) fn named_definition(&self, kind: DefinitionKind, name: &str) -> Applied<Option<ObjectId>> {
        let id = ObjectId::Definition(Arc::new(global_definition(kind, Ident::from(name))));
        if self.catalog.contains(&id) {
            return Ok(Some(id));
        }
        if self.has_extensions() {
            return Ok(None);
        }
        let shown = crate::dialect::postgres::describe(&id);
        Err(self.error(Code::UnknownObject, -1, format!("{shown} does not exist")))
    }

    fn wrapper_functions(&self, options: &[Node]) -> Applied<Vec<Clause>> {
        let mut clauses = Vec::new();
        for option in definition_elements(options) {
            let Some(name) = function_clause(option) else {
                return Err(self.refuse(option.location, "this option of a foreign-data wrapper"));
            };
            // NO HANDLER and NO VALIDATOR come without a value.
            if option.arg.is_none() {
                continue;
            }
            let signature = match name {
                ClauseName::Validator => vec![
                    DataType {
                        array: crate::catalog::Array::Array,
                        ..DataType::system("text")
                    },
                    DataType::system("oid"),
                ],
                _ => Vec::new(),
            };
            let function = self.function_reference(option_names(option), &signature, option.location)?;
            clauses.push(clause(name, None, function));
        }
        Ok(clauses)
    }

    /// OPTIONS (ADD …, SET …, DROP …) on the option clauses of a definition.
    fn change_option_clauses(&self, clauses: &mut Vec<Clause>, list: &[Node]) -> Applied {
        let mut options = Options::new();
        for clause in clauses.iter().filter(|clause| clause.name == ClauseName::Option) {
            if let Some(key) = &clause.key {
                options.insert(key.clone(), Arc::from(""));
            }
        }
        let before = options.clone();
        self.change_foreign_options(&mut options, list)?;
        clauses.retain(|clause| {
            clause.name != ClauseName::Option || clause.key.as_ref().is_some_and(|key| options.contains_key(key))
        });
        for (name, value) in &options {
            let is_untouched = before.get(name) == Some(value)
                && !definition_elements(list).any(|option| option.defname.as_str() == &**name);
            if is_untouched {
                continue;
            }
            clauses.retain(|clause| !(clause.name == ClauseName::Option && clause.key.as_ref() == Some(name)));
            clauses.push(clause(
                ClauseName::Option,
                Some(name.clone()),
                Template::text(&literal(value)),
            ));
        }
        Ok(())
    }
}

fn function_clause(option: &DefElem) -> Option<ClauseName> {
    match option.defname.as_str() {
        "handler" => Some(ClauseName::Handler),
        "validator" => Some(ClauseName::Validator),
        _ => None,
    }
}

/// Options as clauses.
fn option_clauses(options: &Options) -> Vec<Clause> {
    options
        .iter()
        .map(|(name, value)| clause(ClauseName::Option, Some(name.clone()), Template::text(&literal(value))))
        .collect()
}
