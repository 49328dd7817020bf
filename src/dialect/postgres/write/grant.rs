//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use super::identity::identity;
use super::quote::{ident, qualified};
use crate::catalog::{DefaultPrivilegesId, DefinitionKind, GrantOption, Grantee, Ident, ObjectId};
use crate::dialect::postgres::action::{Kind, PrivilegeChange, PrivilegeDirection, Subject};

/// GRANT or REVOKE on an object or a column.
pub fn on_object(subject: &Subject, owner: Option<&Ident>, change: &PrivilegeChange) -> String {
    let (privileges, object) = match &subject.id {
        ObjectId::Column(relation, column) => {
            let column = ident(column);
            let listed: Vec<String> = change
                .privileges
                .iter()
                .map(|privilege| format!("{privilege} ({column})"))
                .collect();
            (listed.join(", "), format!("TABLE {}", qualified(relation)))
        }
        id => (
            change.privileges.join(", "),
            format!("{} {}", words(subject.kind), identity(id)),
        ),
    };
    statement(&privileges, &object, &grantee(&change.grantee, owner), change)
}

/// ALTER DEFAULT PRIVILEGES.
pub fn by_default(id: &DefaultPrivilegesId, change: &PrivilegeChange) -> String {
    let mut text = "ALTER DEFAULT PRIVILEGES".to_owned();
    if let Some(role) = &id.role {
        text.push_str(&format!(" FOR ROLE {}", ident(role)));
    }
    if let Some(schema) = &id.schema {
        text.push_str(&format!(" IN SCHEMA {}", ident(schema)));
    }
    let grantee = grantee(&change.grantee, id.role.as_ref());
    let change = statement(&change.privileges.join(", "), id.object_kind, &grantee, change);
    format!("{text} {change}")
}

fn statement(privileges: &str, object: &str, grantee: &str, change: &PrivilegeChange) -> String {
    match change.direction {
        PrivilegeDirection::Grant(GrantOption::Without) => format!("GRANT {privileges} ON {object} TO {grantee}"),
        PrivilegeDirection::Grant(GrantOption::With) => {
            format!("GRANT {privileges} ON {object} TO {grantee} WITH GRANT OPTION")
        }
        PrivilegeDirection::Revoke => format!("REVOKE {privileges} ON {object} FROM {grantee}"),
        PrivilegeDirection::RevokeGrantOption => {
            format!("REVOKE GRANT OPTION FOR {privileges} ON {object} FROM {grantee}")
        }
    }
}

fn grantee(grantee: &Grantee, owner: Option<&Ident>) -> String {
    match (grantee, owner) {
        (Grantee::Public, _) => "PUBLIC".to_owned(),
        (Grantee::Role(role), _) => ident(role),
        (Grantee::Owner, Some(owner)) => ident(owner),
        // An object without a named owner is the owner's who runs the statement.
        (Grantee::Owner, None) => "CURRENT_USER".to_owned(),
    }
}

/// The words of a kind after GRANT … ON: all relations but sequences are tables there.
fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Column | Kind::Index => "TABLE",
        Kind::Aggregate => "FUNCTION",
        Kind::Definition(DefinitionKind::Server) => "FOREIGN SERVER",
        Kind::Schema
        | Kind::Extension
        | Kind::Sequence
        | Kind::Default
        | Kind::Constraint
        | Kind::Type
        | Kind::Domain
        | Kind::DomainConstraint
        | Kind::Function
        | Kind::Procedure
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::DefaultPrivileges
        | Kind::Definition(_) => super::identity::words(kind),
    }
}
