//! What statements call an object: the words of its kind, and its name with all that is needed to find it.

use super::data_type::{data_type, data_types};
use super::quote::{ident, qualified};
use crate::catalog::{DefinitionId, DefinitionKind, ObjectId};
use crate::dialect::postgres::action::{Kind, Subject};

/// The words of a kind: `MATERIALIZED VIEW`, `FUNCTION`, `TEXT SEARCH CONFIGURATION`.
pub fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "SCHEMA",
        Kind::Extension => "EXTENSION",
        Kind::Table => "TABLE",
        Kind::ForeignTable => "FOREIGN TABLE",
        Kind::View => "VIEW",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        Kind::Index => "INDEX",
        Kind::Sequence => "SEQUENCE",
        Kind::Column | Kind::Default => "COLUMN",
        Kind::Constraint | Kind::DomainConstraint => "CONSTRAINT",
        Kind::Type => "TYPE",
        Kind::Domain => "DOMAIN",
        Kind::Function => "FUNCTION",
        Kind::Procedure => "PROCEDURE",
        Kind::Aggregate => "AGGREGATE",
        Kind::Trigger => "TRIGGER",
        Kind::Rule => "RULE",
        Kind::Policy => "POLICY",
        Kind::DefaultPrivileges => "DEFAULT PRIVILEGES",
        Kind::Definition(kind) => definition_words(kind),
    }
}

/// The words of a kind that is kept by its definition.
pub fn definition_words(kind: DefinitionKind) -> &'static str {
    match kind {
        DefinitionKind::Language => "LANGUAGE",
        DefinitionKind::AccessMethod => "ACCESS METHOD",
        DefinitionKind::Collation => "COLLATION",
        DefinitionKind::Conversion => "CONVERSION",
        DefinitionKind::TextSearchParser => "TEXT SEARCH PARSER",
        DefinitionKind::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        DefinitionKind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        DefinitionKind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        DefinitionKind::Operator => "OPERATOR",
        DefinitionKind::OperatorFamily => "OPERATOR FAMILY",
        DefinitionKind::OperatorClass => "OPERATOR CLASS",
        DefinitionKind::Cast => "CAST",
        DefinitionKind::Transform => "TRANSFORM",
        DefinitionKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        DefinitionKind::Server => "SERVER",
        DefinitionKind::UserMapping => "USER MAPPING",
        DefinitionKind::Statistics => "STATISTICS",
        DefinitionKind::Publication => "PUBLICATION",
        DefinitionKind::Subscription => "SUBSCRIPTION",
        DefinitionKind::EventTrigger => "EVENT TRIGGER",
    }
}

/// The name of an object with what tells it from others of its name: `app.f(integer)`, `name ON app.users`,
/// `app.fast_ops USING btree`. It follows the kind's words in ALTER, COMMENT and DROP.
pub fn identity(id: &ObjectId) -> String {
    match id {
        ObjectId::Schema(name) | ObjectId::Extension(name) => ident(name),
        ObjectId::Type(name) | ObjectId::Relation(name) => qualified(name),
        ObjectId::Routine(name, signature) => format!("{}({})", qualified(name), data_types(signature.iter())),
        ObjectId::Column(relation, column) | ObjectId::Default(relation, column) => {
            format!("{}.{}", qualified(relation), ident(column))
        }
        ObjectId::Constraint(whole, name)
        | ObjectId::Trigger(whole, name)
        | ObjectId::Rule(whole, name)
        | ObjectId::Policy(whole, name) => format!("{} ON {}", ident(name), qualified(whole)),
        ObjectId::DomainConstraint(domain, name) => format!("{} ON DOMAIN {}", ident(name), qualified(domain)),
        ObjectId::DefaultPrivileges(_) => String::new(),
        ObjectId::Definition(definition) => definition_identity(definition),
        ObjectId::Provided(id) => identity(id),
    }
}

/// The kind's words and the identity: `AGGREGATE app.total(*)`, `TABLE app.users`.
pub fn subject(subject: &Subject) -> String {
    let name = match (&subject.id, subject.kind) {
        // An aggregate without arguments is called with a star.
        (ObjectId::Routine(name, signature), Kind::Aggregate) if signature.is_empty() => {
            format!("{}(*)", qualified(name))
        }
        // Without a mode the types could be those of a procedure's output too (`LookupFuncWithArgs`).
        (ObjectId::Routine(name, signature), Kind::Procedure) => {
            let inputs: Vec<String> = signature
                .iter()
                .map(|input| format!("IN {}", data_type(input)))
                .collect();
            format!("{}({})", qualified(name), inputs.join(", "))
        }
        (id, _) => identity(id),
    };
    format!("{} {name}", words(subject.kind))
}

/// The name that CREATE gives an object kept by its definition; what follows it is the definition's body.
pub fn created_name(definition: &DefinitionId) -> String {
    match definition.kind {
        DefinitionKind::Operator | DefinitionKind::OperatorFamily | DefinitionKind::OperatorClass => {
            schema_name(definition)
        }
        DefinitionKind::Language
        | DefinitionKind::AccessMethod
        | DefinitionKind::Collation
        | DefinitionKind::Conversion
        | DefinitionKind::TextSearchParser
        | DefinitionKind::TextSearchTemplate
        | DefinitionKind::TextSearchDictionary
        | DefinitionKind::TextSearchConfiguration
        | DefinitionKind::Cast
        | DefinitionKind::Transform
        | DefinitionKind::ForeignDataWrapper
        | DefinitionKind::Server
        | DefinitionKind::UserMapping
        | DefinitionKind::Statistics
        | DefinitionKind::Publication
        | DefinitionKind::Subscription
        | DefinitionKind::EventTrigger => definition_identity(definition),
    }
}

/// The name without its schema; an operator's is never quoted.
pub fn operator_or_ident(definition: &DefinitionId) -> String {
    if definition.kind == DefinitionKind::Operator {
        definition.name.as_str().to_owned()
    } else {
        ident(&definition.name)
    }
}

fn definition_identity(definition: &DefinitionId) -> String {
    let type_at = |position: usize| {
        definition
            .types
            .get(position)
            .and_then(Option::as_ref)
            .map_or_else(|| "NONE".to_owned(), data_type)
    };
    let within = definition.within.as_ref().map(ident).unwrap_or_default();
    match definition.kind {
        DefinitionKind::Operator => format!("{} ({}, {})", schema_name(definition), type_at(0), type_at(1)),
        DefinitionKind::OperatorFamily | DefinitionKind::OperatorClass => {
            format!("{} USING {within}", schema_name(definition))
        }
        DefinitionKind::Cast => format!("({} AS {})", type_at(0), type_at(1)),
        DefinitionKind::Transform => format!("FOR {} LANGUAGE {within}", type_at(0)),
        DefinitionKind::UserMapping => format!("FOR {} SERVER {within}", role(definition.name.as_str())),
        DefinitionKind::Language
        | DefinitionKind::AccessMethod
        | DefinitionKind::Collation
        | DefinitionKind::Conversion
        | DefinitionKind::TextSearchParser
        | DefinitionKind::TextSearchTemplate
        | DefinitionKind::TextSearchDictionary
        | DefinitionKind::TextSearchConfiguration
        | DefinitionKind::ForeignDataWrapper
        | DefinitionKind::Server
        | DefinitionKind::Statistics
        | DefinitionKind::Publication
        | DefinitionKind::Subscription
        | DefinitionKind::EventTrigger => schema_name(definition),
    }
}

fn schema_name(definition: &DefinitionId) -> String {
    match &definition.schema {
        Some(schema) => format!("{}.{}", ident(schema), operator_or_ident(definition)),
        None => operator_or_ident(definition),
    }
}

/// A role's name; the empty name and `public` are everybody.
fn role(name: &str) -> String {
    if name.is_empty() || name == "public" {
        "PUBLIC".to_owned()
    } else if name == crate::dialect::postgres::CURRENT_USER {
        name.to_owned()
    } else {
        super::quote::word(name)
    }
}
