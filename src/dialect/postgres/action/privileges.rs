//! Differences between access privileges, statement by statement.
//!
//! Knows which kinds of objects have privileges; what each grants without a GRANT stands in
//! [`crate::dialect::postgres::privileges`], which the reader goes by as well.

use super::Kind;
use crate::catalog::{DefaultPrivilegesId, DefinitionKind, GrantOption, Grantee, Privileges};
use crate::dialect::postgres::privileges::PrivilegeKind;
use std::collections::{BTreeMap, BTreeSet};

/// One GRANT or REVOKE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivilegeChange {
    /// Grant or revoke.
    pub direction: PrivilegeDirection,
    /// The privileges, upper case, in the order of their names; never empty.
    pub privileges: Vec<&'static str>,
    /// To or from whom.
    pub grantee: Grantee,
}

/// Which way a privilege goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivilegeDirection {
    /// GRANT, with or without WITH GRANT OPTION.
    Grant(GrantOption),
    /// REVOKE.
    Revoke,
    /// REVOKE GRANT OPTION FOR.
    RevokeGrantOption,
}

/// What a kind of object grants when nobody has granted anything (`acldefault`). The owner's own privileges are listed
/// too, because they can be revoked; that it may grant them needs no grant option.
pub fn built_in(kind: Kind, version: u16) -> Privileges {
    let kind = match kind {
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView => PrivilegeKind::Table,
        Kind::Sequence => PrivilegeKind::Sequence,
        Kind::Schema => PrivilegeKind::Schema,
        Kind::Function | Kind::Procedure | Kind::Aggregate => PrivilegeKind::Routine,
        Kind::Type | Kind::Domain => PrivilegeKind::Type,
        Kind::Definition(DefinitionKind::Language) => PrivilegeKind::Language,
        Kind::Definition(DefinitionKind::ForeignDataWrapper) => PrivilegeKind::ForeignDataWrapper,
        Kind::Definition(DefinitionKind::Server) => PrivilegeKind::Server,
        Kind::Extension
        | Kind::Index
        | Kind::Column
        | Kind::Default
        | Kind::Constraint
        | Kind::DomainConstraint
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::DefaultPrivileges
        | Kind::Definition(_) => return Privileges::default(),
    };
    kind.built_in(version)
}

/// What objects of a kind named by ALTER DEFAULT PRIVILEGES grant when no default privileges are set. Those of one schema
/// come on top of all others, so they begin with nothing.
pub fn built_in_default(id: &DefaultPrivilegesId, version: u16) -> Privileges {
    if id.schema.is_some() {
        return Privileges::default();
    }
    match id.object_kind {
        "TABLES" => built_in(Kind::Table, version),
        "SEQUENCES" => built_in(Kind::Sequence, version),
        "FUNCTIONS" | "ROUTINES" => built_in(Kind::Function, version),
        "TYPES" => built_in(Kind::Type, version),
        "SCHEMAS" => built_in(Kind::Schema, version),
        "LARGE OBJECTS" => PrivilegeKind::LargeObject.built_in(version),
        _ => Privileges::default(),
    }
}

/// What leads from one set of privileges on an object or column to another; `None` is what the kind grants by itself.
pub fn changes(kind: Kind, from: Option<&Privileges>, to: Option<&Privileges>, version: u16) -> Vec<PrivilegeChange> {
    let standard = built_in(kind, version);
    difference(from.unwrap_or(&standard), to.unwrap_or(&standard))
}

/// What leads from one set of default privileges to another; `None` is what holds when none are set.
pub fn default_changes(
    id: &DefaultPrivilegesId,
    from: Option<&Privileges>,
    to: Option<&Privileges>,
    version: u16,
) -> Vec<PrivilegeChange> {
    let standard = built_in_default(id, version);
    difference(from.unwrap_or(&standard), to.unwrap_or(&standard))
}

/// What leads from one set of privileges to another, grantee by grantee: first what is taken, then what is given.
fn difference(from: &Privileges, to: &Privileges) -> Vec<PrivilegeChange> {
    let nothing = BTreeMap::new();
    let grantees: BTreeSet<&Grantee> = from.held.keys().chain(to.held.keys()).collect();
    let mut found = Vec::new();
    for grantee in grantees {
        let before = from.held.get(grantee).unwrap_or(&nothing);
        let after = to.held.get(grantee).unwrap_or(&nothing);
        let mut add = |direction, privileges: Vec<&'static str>| {
            if !privileges.is_empty() {
                found.push(PrivilegeChange {
                    direction,
                    privileges,
                    grantee: grantee.clone(),
                });
            }
        };
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        add(PrivilegeDirection::Revoke, gone.copied().collect());
        let (mut optionless, mut plain, mut with_option) = (Vec::new(), Vec::new(), Vec::new());
        for (name, option) in after {
            match (before.get(name), option) {
                (Some(GrantOption::With), GrantOption::Without) => optionless.push(*name),
                (None, GrantOption::Without) => plain.push(*name),
                (None | Some(GrantOption::Without), GrantOption::With) => with_option.push(*name),
                (Some(GrantOption::Without), GrantOption::Without) | (Some(GrantOption::With), GrantOption::With) => {}
            }
        }
        add(PrivilegeDirection::RevokeGrantOption, optionless);
        add(PrivilegeDirection::Grant(GrantOption::Without), plain);
        add(PrivilegeDirection::Grant(GrantOption::With), with_option);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_not_everybody_may_call() {
        let mut wanted = built_in(Kind::Function, 18);
        wanted.revoke(&Grantee::Public, "EXECUTE");
        wanted.grant(Grantee::Role("app".into()), "EXECUTE", GrantOption::With);
        let found = changes(Kind::Function, None, Some(&wanted), 18);
        assert_eq!(
            found,
            [
                PrivilegeChange {
                    direction: PrivilegeDirection::Revoke,
                    privileges: vec!["EXECUTE"],
                    grantee: Grantee::Public
                },
                PrivilegeChange {
                    direction: PrivilegeDirection::Grant(GrantOption::With),
                    privileges: vec!["EXECUTE"],
                    grantee: Grantee::Role("app".into())
                },
            ]
        );
        assert_eq!(changes(Kind::Function, Some(&wanted), Some(&wanted), 18), []);
    }

    #[test]
    fn a_grant_option_goes_without_its_privilege() {
        let (mut from, mut to) = (Privileges::default(), Privileges::default());
        from.grant(Grantee::Role("app".into()), "SELECT", GrantOption::With);
        to.grant(Grantee::Role("app".into()), "SELECT", GrantOption::Without);
        let found = changes(Kind::Column, Some(&from), Some(&to), 18);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].direction, PrivilegeDirection::RevokeGrantOption);
    }
}
