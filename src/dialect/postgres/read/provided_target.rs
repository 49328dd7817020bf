//! Which object of the server or of an extension a name in a GRANT or REVOKE means.
//!
//! Knows where such an object is looked for, and that a name which could mean several is refused. Knows nothing of privileges.

use super::ast::{Node, NodeEnum, ObjectType, ObjectWithArgs};
use super::identify::global_definition;
use super::lookup::is_system_schema;
use super::provided::{named, type_in_table};
use super::{Applied, Interpreter, ast};
use crate::catalog::definition::ProvidedKind;
use crate::catalog::{DataType, DefinitionKind, Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::provided::{ProvidedRoutine, Provider};
use crate::dialect::postgres::privileges::initial::{Named, routine_extension};
use std::sync::Arc;

/// The languages that every database has.
const LANGUAGES: [&str; 4] = ["plpgsql", "sql", "c", "internal"];

/// An object that is provided, as a statement means it.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Its identity were it the schema's.
    pub(super) id: ObjectId,
    pub(super) provider: Provider,
    pub(super) kind: ProvidedKind,
    /// The columns of a relation, where they are known.
    columns: Option<Vec<&'static str>>,
}

impl Interpreter {
    /// What a statement means that names no object of the schema; `None` where nobody provides one of that name.
    ///
    /// # Errors
    /// A name that could mean several.
    pub(super) fn provided_target(&self, kind: ObjectType, object: &Node) -> Applied<Option<Target>> {
        match object.node.as_ref() {
            Some(NodeEnum::RangeVar(range)) => Ok(self.provided_relation(kind, &range.schemaname, &range.relname)),
            Some(NodeEnum::ObjectWithArgs(named)) => self.provided_routine(kind, named),
            _ => {
                let names = ast::strings(std::slice::from_ref(object));
                let listed = ast::strings(ast::list(object));
                let names = if listed.is_empty() { names } else { listed };
                Ok(match (names.as_slice(), kind) {
                    ([name], ObjectType::ObjectSchema) => provided_schema(name),
                    ([name], ObjectType::ObjectLanguage) => self.provided_language(name),
                    ([name], ObjectType::ObjectFdw) => self.provided_wrapper(name),
                    ([name], ObjectType::ObjectType | ObjectType::ObjectDomain) => self.provided_type("", name),
                    ([schema, name], ObjectType::ObjectType | ObjectType::ObjectDomain) => {
                        self.provided_type(schema, name)
                    }
                    _ => None,
                })
            }
        }
    }

    fn provided_relation(&self, kind: ObjectType, schema: &str, name: &str) -> Option<Target> {
        let (provider, name, columns) = self.analyser().provided_relation(schema, name)?;
        Some(Target {
            id: ObjectId::Relation(name),
            provider,
            kind: match kind {
                ObjectType::ObjectSequence => ProvidedKind::Sequence,
                _ => ProvidedKind::Relation,
            },
            columns,
        })
    }

    fn provided_routine(&self, kind: ObjectType, named: &ObjectWithArgs) -> Applied<Option<Target>> {
        let (schema, name) = self.split_names(&named.objname)?;
        let analyser = self.analyser();
        let mut arguments = Vec::new();
        for node in &named.objargs {
            if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                match analyser.data_type(name) {
                    Ok(data_type) => arguments.push(data_type.without_modifiers()),
                    Err(_) => return Ok(None),
                }
            }
        }
        let mut found = analyser.provided_routines(schema, name);
        found.retain(|routine| named.args_unspecified || routine.arguments == arguments);
        if found.is_empty() && !named.args_unspecified {
            found.extend(self.member_of_other_release(schema, name, &arguments));
        }
        found.retain(|routine| match kind {
            ObjectType::ObjectProcedure => routine.kind == 'p',
            ObjectType::ObjectFunction => routine.kind != 'p',
            _ => true,
        });
        let target = |provider, schema, is_procedure, arguments: Vec<DataType>| Target {
            id: ObjectId::Routine(QualifiedName::new(schema, name), arguments.into()),
            provider,
            kind: match is_procedure {
                true => ProvidedKind::Procedure,
                false => ProvidedKind::Function,
            },
            columns: None,
        };
        // Which arguments an extension's function takes depends on the extension's version.
        let is_open = found.len() > 1 || found.iter().any(|routine| routine.provider != Provider::Server);
        if named.args_unspecified && is_open {
            let mut error = self.error(
                Code::UnknownFunction,
                -1,
                format!("function name \"{name}\" may not be unique"),
            );
            error.hint = Some("Write the argument types after the name.".into());
            return Err(error);
        }
        if let Some(routine) = found.into_iter().next() {
            let is_procedure = routine.kind == 'p';
            return Ok(Some(target(
                routine.provider,
                routine.schema,
                is_procedure,
                routine.arguments,
            )));
        }
        // Without the types nobody knows which of an unknown extension's functions is meant.
        if named.args_unspecified {
            return Ok(None);
        }
        let unknown = analyser.unknown_extension(schema);
        Ok(unknown.map(|(extension, home)| {
            let is_procedure = kind == ObjectType::ObjectProcedure;
            target(Provider::Unknown(extension), home, is_procedure, arguments)
        }))
    }

    /// A function that an extension has in another release than the one in the tables of functions, where more or less than
    /// usual is held on it.
    fn member_of_other_release(&self, schema: &str, name: &str, arguments: &[DataType]) -> Option<ProvidedRoutine> {
        let types: Vec<String> = arguments.iter().map(type_in_table).collect();
        let extension = routine_extension(name, &types.join(" "), self.version())?;
        let (extension, home) = self.analyser().reached(extension, schema)?;
        Some(ProvidedRoutine {
            provider: Provider::Extension(extension),
            schema: home,
            kind: 'f',
            arguments: arguments.to_vec(),
        })
    }

    fn provided_type(&self, schema: &str, name: &str) -> Option<Target> {
        let (provider, name) = self.analyser().provided_type(schema, name)?;
        Some(Target {
            id: ObjectId::Type(name),
            provider,
            kind: ProvidedKind::Type,
            columns: None,
        })
    }

    fn provided_language(&self, name: &str) -> Option<Target> {
        let provider = if LANGUAGES.contains(&name) {
            Provider::Server
        } else {
            // The procedural languages are called as their extensions are.
            let extension = ObjectId::Extension(Ident::from(name));
            self.catalog
                .contains(&extension)
                .then(|| Provider::Extension(Ident::from(name)))?
        };
        Some(global(DefinitionKind::Language, name, provider, ProvidedKind::Language))
    }

    fn provided_wrapper(&self, name: &str) -> Option<Target> {
        let provider = self.analyser().wrapper_provider(name)?;
        let kind = ProvidedKind::ForeignDataWrapper;
        Some(global(DefinitionKind::ForeignDataWrapper, name, provider, kind))
    }

    pub(super) fn provided_column(&self, target: &Target, column: &str) -> Applied<Target> {
        let ObjectId::Relation(relation) = &target.id else {
            return Err(self.error(
                Code::InvalidDefinition,
                -1,
                "column privileges are only valid for relations",
            ));
        };
        if let Some(columns) = &target.columns
            && !columns.contains(&column)
        {
            let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
            return Err(self.error(Code::UnknownColumn, -1, message));
        }
        Ok(Target {
            id: ObjectId::Column(relation.clone(), Ident::from(column)),
            provider: target.provider.clone(),
            kind: ProvidedKind::Column,
            columns: None,
        })
    }
}

impl Target {
    pub(super) fn extension(&self) -> Option<Ident> {
        match &self.provider {
            Provider::Server => None,
            Provider::Extension(extension) | Provider::Unknown(extension) => Some(extension.clone()),
        }
    }

    pub(super) fn named(&self) -> Named {
        named(&self.id, self.kind, self.extension())
    }
}

fn provided_schema(name: &str) -> Option<Target> {
    let name = Ident::from(name);
    is_system_schema(&name).then_some(Target {
        id: ObjectId::Schema(name),
        provider: Provider::Server,
        kind: ProvidedKind::Schema,
        columns: None,
    })
}

fn global(definition: DefinitionKind, name: &str, provider: Provider, kind: ProvidedKind) -> Target {
    Target {
        id: ObjectId::Definition(Arc::new(global_definition(definition, Ident::from(name)))),
        provider,
        kind,
        columns: None,
    }
}
