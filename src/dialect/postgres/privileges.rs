//! The privileges there are, by kind of object, and those that hold without any GRANT.
//!
//! Knows `acldefault` and the `ACL_ALL_RIGHTS_…` masks of `acl.c` and `acl.h`, and what `initdb` grants on the schema
//! `public`. Knows nothing of statements.

pub mod initial;

use crate::catalog::definition::ProvidedKind;
use crate::catalog::{
    Catalog, DefaultPrivilegesId, DefinitionKind, GrantOption, Grantee, Ident, Object, ObjectId, Privileges,
};
use std::sync::Arc;

/// The kinds that privileges tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivilegeKind {
    /// Tables, views, materialized views, foreign tables.
    Table,
    /// Columns of those.
    Column,
    /// Sequences, those of identity columns too.
    Sequence,
    /// Functions, procedures, aggregates.
    Routine,
    /// Types and domains.
    Type,
    /// Schemas but the `public` one that CREATE DATABASE makes.
    Schema,
    /// The schema `public` as CREATE DATABASE makes it.
    PublicSchema,
    /// Languages.
    Language,
    /// Foreign-data wrappers.
    ForeignDataWrapper,
    /// Foreign servers.
    Server,
    /// Large objects: only their default privileges are a schema's.
    LargeObject,
}

impl PrivilegeKind {
    /// The kind of an object; `None` for one that nothing can be granted on.
    pub fn of(id: &ObjectId, object: &Object) -> Option<PrivilegeKind> {
        match object {
            Object::Schema if id == &ObjectId::Schema("public".into()) => Some(PrivilegeKind::PublicSchema),
            Object::Schema => Some(PrivilegeKind::Schema),
            Object::Table(_) | Object::View(_) | Object::MaterializedView(_) => Some(PrivilegeKind::Table),
            Object::Column(_) | Object::ViewColumn => Some(PrivilegeKind::Column),
            Object::Sequence(_) => Some(PrivilegeKind::Sequence),
            Object::Routine(_) => Some(PrivilegeKind::Routine),
            Object::Type(_) => Some(PrivilegeKind::Type),
            Object::Definition(_) => match id {
                ObjectId::Routine(..) => Some(PrivilegeKind::Routine),
                ObjectId::Definition(definition) => match definition.kind {
                    DefinitionKind::Language => Some(PrivilegeKind::Language),
                    DefinitionKind::ForeignDataWrapper => Some(PrivilegeKind::ForeignDataWrapper),
                    DefinitionKind::Server => Some(PrivilegeKind::Server),
                    DefinitionKind::AccessMethod
                    | DefinitionKind::Collation
                    | DefinitionKind::Conversion
                    | DefinitionKind::TextSearchParser
                    | DefinitionKind::TextSearchTemplate
                    | DefinitionKind::TextSearchDictionary
                    | DefinitionKind::TextSearchConfiguration
                    | DefinitionKind::Operator
                    | DefinitionKind::OperatorFamily
                    | DefinitionKind::OperatorClass
                    | DefinitionKind::Cast
                    | DefinitionKind::Transform
                    | DefinitionKind::UserMapping
                    | DefinitionKind::Statistics
                    | DefinitionKind::Publication
                    | DefinitionKind::Subscription
                    | DefinitionKind::EventTrigger => None,
                },
                _ => None,
            },
            Object::Extension(_)
            | Object::Default(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::DomainConstraint(_)
            | Object::Trigger(_)
            | Object::Rule(_)
            | Object::Policy(_)
            | Object::DefaultPrivileges(_) => None,
            Object::Provided(provided) => Some(PrivilegeKind::of_provided(provided.kind)),
        }
    }

    /// The kind of what the server or an extension makes.
    pub fn of_provided(kind: ProvidedKind) -> PrivilegeKind {
        match kind {
            ProvidedKind::Schema => PrivilegeKind::Schema,
            ProvidedKind::Relation => PrivilegeKind::Table,
            ProvidedKind::Column => PrivilegeKind::Column,
            ProvidedKind::Sequence => PrivilegeKind::Sequence,
            ProvidedKind::Function | ProvidedKind::Procedure => PrivilegeKind::Routine,
            ProvidedKind::Type => PrivilegeKind::Type,
            ProvidedKind::Language => PrivilegeKind::Language,
            ProvidedKind::ForeignDataWrapper => PrivilegeKind::ForeignDataWrapper,
        }
    }

    /// The kind that a set of default privileges is for, by the words of ALTER DEFAULT PRIVILEGES.
    pub fn of_default(object_kind: &str) -> Option<PrivilegeKind> {
        match object_kind {
            "TABLES" => Some(PrivilegeKind::Table),
            "SEQUENCES" => Some(PrivilegeKind::Sequence),
            "FUNCTIONS" => Some(PrivilegeKind::Routine),
            "TYPES" => Some(PrivilegeKind::Type),
            "SCHEMAS" => Some(PrivilegeKind::Schema),
            "LARGE OBJECTS" => Some(PrivilegeKind::LargeObject),
            _ => None,
        }
    }

    /// The words of ALTER DEFAULT PRIVILEGES for the kind.
    pub fn default_words(self) -> Option<&'static str> {
        match self {
            PrivilegeKind::Table => Some("TABLES"),
            PrivilegeKind::Sequence => Some("SEQUENCES"),
            PrivilegeKind::Routine => Some("FUNCTIONS"),
            PrivilegeKind::Type => Some("TYPES"),
            PrivilegeKind::Schema => Some("SCHEMAS"),
            PrivilegeKind::LargeObject => Some("LARGE OBJECTS"),
            PrivilegeKind::Column
            | PrivilegeKind::PublicSchema
            | PrivilegeKind::Language
            | PrivilegeKind::ForeignDataWrapper
            | PrivilegeKind::Server => None,
        }
    }

    /// All privileges of the kind, upper case, on a server of the version: what ALL means.
    pub fn all(self, version: u16) -> &'static [&'static str] {
        match self {
            PrivilegeKind::Table if version >= 17 => &[
                "DELETE",
                "INSERT",
                "MAINTAIN",
                "REFERENCES",
                "SELECT",
                "TRIGGER",
                "TRUNCATE",
                "UPDATE",
            ],
            PrivilegeKind::Table => &[
                "DELETE",
                "INSERT",
                "REFERENCES",
                "SELECT",
                "TRIGGER",
                "TRUNCATE",
                "UPDATE",
            ],
            PrivilegeKind::Column => &["INSERT", "REFERENCES", "SELECT", "UPDATE"],
            PrivilegeKind::Sequence => &["SELECT", "UPDATE", "USAGE"],
            PrivilegeKind::LargeObject => &["SELECT", "UPDATE"],
            PrivilegeKind::Routine => &["EXECUTE"],
            PrivilegeKind::Schema | PrivilegeKind::PublicSchema => &["CREATE", "USAGE"],
            PrivilegeKind::Type
            | PrivilegeKind::Language
            | PrivilegeKind::ForeignDataWrapper
            | PrivilegeKind::Server => &["USAGE"],
        }
    }

    /// What holds while nothing has been granted or revoked.
    pub fn built_in(self, version: u16) -> Privileges {
        let mut privileges = Privileges::default();
        if self != PrivilegeKind::Column {
            for privilege in self.all(version) {
                privileges.grant(Grantee::Owner, privilege, GrantOption::Without);
            }
        }
        let public: &[&'static str] = match self {
            PrivilegeKind::Routine => &["EXECUTE"],
            PrivilegeKind::Type | PrivilegeKind::Language => &["USAGE"],
            // Until 14 everybody could create in the schema public.
            PrivilegeKind::PublicSchema if version < 15 => &["CREATE", "USAGE"],
            PrivilegeKind::PublicSchema => &["USAGE"],
            PrivilegeKind::Table
            | PrivilegeKind::Column
            | PrivilegeKind::Sequence
            | PrivilegeKind::Schema
            | PrivilegeKind::ForeignDataWrapper
            | PrivilegeKind::LargeObject
            | PrivilegeKind::Server => &[],
        };
        for privilege in public {
            privileges.grant(Grantee::Public, privilege, GrantOption::Without);
        }
        privileges
    }
}

/// What a new object has that a role makes, by the words of ALTER DEFAULT PRIVILEGES for its kind; no role is the one that
/// runs the text. Default privileges for all schemas stand in the place of the built-in ones, those of one schema come on
/// top (`get_user_default_acl` in aclchk.c).
pub fn of_new_object(
    catalog: &Catalog,
    role: Option<&Ident>,
    object_kind: &'static str,
    schema: Option<&Ident>,
    built_in: &Privileges,
) -> Privileges {
    let find = |schema: Option<&Ident>| -> Option<&Privileges> {
        let defaults = ObjectId::DefaultPrivileges(Arc::new(DefaultPrivilegesId {
            role: role.cloned(),
            schema: schema.cloned(),
            object_kind,
        }));
        match catalog.get(&defaults).map(|entry| &entry.object) {
            Some(Object::DefaultPrivileges(defaults)) => Some(&defaults.privileges),
            _ => None,
        }
    };
    let mut privileges = find(None).unwrap_or(built_in).clone();
    if let Some(here) = schema.and_then(|schema| find(Some(schema))) {
        for (grantee, names) in &here.held {
            for (name, option) in names {
                privileges.grant(grantee.clone(), name, *option);
            }
        }
    }
    privileges
}

/// A privilege by the word that a statement writes, in upper case; `None` for a word that is none.
pub fn privilege_named(word: &str) -> Option<&'static str> {
    const ALL: [&str; 11] = [
        "CREATE",
        "DELETE",
        "EXECUTE",
        "INSERT",
        "MAINTAIN",
        "REFERENCES",
        "SELECT",
        "TRIGGER",
        "TRUNCATE",
        "UPDATE",
        "USAGE",
    ];
    ALL.into_iter().find(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_may_execute_a_new_function_and_nobody_may_read_a_new_table() {
        let public = |kind: PrivilegeKind| kind.built_in(18).held.contains_key(&Grantee::Public);
        assert!(public(PrivilegeKind::Routine) && public(PrivilegeKind::Type) && public(PrivilegeKind::Language));
        assert!(!public(PrivilegeKind::Table) && !public(PrivilegeKind::Schema) && !public(PrivilegeKind::Server));
    }

    #[test]
    fn maintain_came_with_17() {
        assert!(!PrivilegeKind::Table.all(16).contains(&"MAINTAIN"));
        assert!(PrivilegeKind::Table.all(17).contains(&"MAINTAIN"));
    }
}
