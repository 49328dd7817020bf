//! How an object is called in messages: its kind in PostgreSQL's words, and its name.

use super::write;
use crate::catalog::constraint::{ConstraintKind, KeyKind};
use crate::catalog::definition::ProvidedKind;
use crate::catalog::routine::RoutineKind;
use crate::catalog::types::Type;
use crate::catalog::{DefinitionKind, Object, ObjectId};

/// `table or view app.users`, `column name of app.users`, … for messages and documents.
pub fn describe(id: &ObjectId) -> String {
    match id {
        ObjectId::Schema(name) => format!("schema {name}"),
        ObjectId::Extension(name) => format!("extension {name}"),
        ObjectId::Type(name) => format!("type {name}"),
        ObjectId::Relation(name) => format!("relation {name}"),
        ObjectId::Routine(name, signature) => {
            let types: Vec<String> = signature
                .iter()
                .map(|data_type| data_type.name.name.to_string())
                .collect();
            format!("function {name}({})", types.join(", "))
        }
        ObjectId::Column(relation, name) => format!("column {name} of {relation}"),
        ObjectId::Default(relation, name) => format!("default of column {name} of {relation}"),
        ObjectId::Constraint(relation, name) => format!("constraint {name} of {relation}"),
        ObjectId::DomainConstraint(domain, name) => format!("constraint {name} of domain {domain}"),
        ObjectId::Trigger(relation, name) => format!("trigger {name} of {relation}"),
        ObjectId::Rule(relation, name) => format!("rule {name} of {relation}"),
        ObjectId::Policy(relation, name) => format!("policy {name} of {relation}"),
        ObjectId::DefaultPrivileges(id) => {
            let schema = id
                .schema
                .as_ref()
                .map(|schema| format!(" in schema {schema}"))
                .unwrap_or_default();
            let role = id
                .role
                .as_ref()
                .map(|role| format!(" for role {role}"))
                .unwrap_or_default();
            format!("default privileges on {}{schema}{role}", id.object_kind.to_lowercase())
        }
        // A cast and a transform have no name but what they are about.
        ObjectId::Definition(definition) if definition.name.as_str().is_empty() => {
            format!("{} {}", kind_words(definition.kind), write::identity(id))
        }
        ObjectId::Definition(id) => {
            let schema = id
                .schema
                .as_ref()
                .map(|schema| format!("{schema}."))
                .unwrap_or_default();
            format!("{} {schema}{}", kind_words(id.kind), id.name)
        }
        ObjectId::Provided(id) => describe(id),
    }
}

/// A kind in PostgreSQL's words, lower case.
pub fn kind_words(kind: DefinitionKind) -> &'static str {
    kind.words()
}

/// The kind of an object in PostgreSQL's words, lower case, as exactly as the object says it: `foreign key`, `enum type`.
pub fn object_words(id: &ObjectId, object: &Object) -> &'static str {
    match object {
        Object::Schema => "schema",
        Object::Extension(_) => "extension",
        Object::Table(table) if table.foreign.is_some() => "foreign table",
        Object::Table(table) if table.partition_of.is_some() => "partition",
        Object::Table(table) if table.partition_key.is_some() => "partitioned table",
        Object::Table(_) => "table",
        Object::Column(_) | Object::ViewColumn => "column",
        Object::Default(_) => "default",
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Check { .. } => "check constraint",
            ConstraintKind::Key(key) => match key.kind {
                KeyKind::Primary => "primary key",
                KeyKind::Unique | KeyKind::UniqueNullsNotDistinct => "unique constraint",
            },
            ConstraintKind::ForeignKey(_) => "foreign key",
            ConstraintKind::Exclude(_) => "exclusion constraint",
        },
        Object::Index(_) => "index",
        Object::Sequence(_) => "sequence",
        Object::View(_) => "view",
        Object::MaterializedView(_) => "materialized view",
        Object::Type(object) => match &**object {
            Type::Enum(_) => "enum type",
            Type::Composite(_) => "composite type",
            Type::Domain(_) => "domain",
            Type::Range(_) => "range type",
            Type::Base(_) | Type::Shell => "type",
        },
        Object::DomainConstraint(_) => "domain constraint",
        Object::Routine(routine) => match routine.kind {
            RoutineKind::Function | RoutineKind::WindowFunction => "function",
            RoutineKind::Procedure => "procedure",
        },
        Object::Trigger(_) => "trigger",
        Object::Rule(_) => "rule",
        Object::Policy(_) => "policy",
        Object::Definition(_) => match id {
            ObjectId::Definition(definition) => kind_words(definition.kind),
            // Aggregates stand under a routine's identity.
            _ => "aggregate",
        },
        Object::DefaultPrivileges(_) => "default privileges",
        Object::Provided(provided) => match provided.kind {
            ProvidedKind::Schema => "schema",
            ProvidedKind::Relation => "table",
            ProvidedKind::Column => "column",
            ProvidedKind::Sequence => "sequence",
            ProvidedKind::Function => "function",
            ProvidedKind::Procedure => "procedure",
            ProvidedKind::Type => "type",
            ProvidedKind::Language => kind_words(DefinitionKind::Language),
            ProvidedKind::ForeignDataWrapper => kind_words(DefinitionKind::ForeignDataWrapper),
        },
    }
}

/// The name of an object with its schema and what it is a part of, quoted where needed: `app.users.email`.
pub fn full_name(id: &ObjectId) -> String {
    match id {
        ObjectId::Constraint(whole, name)
        | ObjectId::Trigger(whole, name)
        | ObjectId::Rule(whole, name)
        | ObjectId::Policy(whole, name)
        | ObjectId::DomainConstraint(whole, name) => format!("{}.{}", write::qualified(whole), write::ident(name)),
        ObjectId::DefaultPrivileges(privileges) => {
            let role = privileges
                .role
                .as_ref()
                .map(|role| format!(" for {}", write::ident(role)));
            let schema = privileges
                .schema
                .as_ref()
                .map(|schema| format!(" in {}", write::ident(schema)));
            let kind = privileges.object_kind.to_lowercase();
            format!("on {kind}{}{}", schema.unwrap_or_default(), role.unwrap_or_default())
        }
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::Type(_)
        | ObjectId::Relation(_)
        | ObjectId::Routine(..)
        | ObjectId::Column(..)
        | ObjectId::Default(..)
        | ObjectId::Definition(_)
        | ObjectId::Provided(_) => write::identity(id),
    }
}
