//! How an object is called in messages: its kind in PostgreSQL's words, and its name.

use crate::catalog::{DefinitionKind, ObjectId};

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
        ObjectId::Definition(id) => {
            let schema = id
                .schema
                .as_ref()
                .map(|schema| format!("{schema}."))
                .unwrap_or_default();
            format!("{} {schema}{}", kind_words(id.kind), id.name)
        }
    }
}

/// A kind in PostgreSQL's words, lower case.
pub fn kind_words(kind: DefinitionKind) -> &'static str {
    kind.words()
}
