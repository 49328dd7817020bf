//! Access privileges of one object (PostgreSQL manual, "Privileges"; `aclitem[]`).

use super::name::Ident;
use std::collections::BTreeMap;

/// Who holds a privilege.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grantee {
    /// PUBLIC.
    Public,
    /// The object's owner, whoever that is.
    Owner,
    /// A role by name.
    Role(Ident),
}

/// Whether a privilege may be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantOption {
    /// Without grant option.
    Without,
    /// WITH GRANT OPTION.
    With,
}

/// The privileges on one object, the built-in default ones included. Names are upper case: `SELECT`, `USAGE`, `EXECUTE`, …
///
/// Grantors other than the owner are refused when read, so they are no part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privileges {
    /// Who holds what.
    pub held: BTreeMap<Grantee, BTreeMap<&'static str, GrantOption>>,
}

impl Privileges {
    /// Adds a privilege; a grant option once given is not lost by a grant without one (`aclupdate`, ACL_MODECHG_ADD).
    pub fn grant(&mut self, grantee: Grantee, privilege: &'static str, option: GrantOption) {
        let held = self.held.entry(grantee).or_default().entry(privilege).or_insert(option);
        *held = (*held).max(option);
    }

    /// Takes a privilege away altogether.
    pub fn revoke(&mut self, grantee: &Grantee, privilege: &str) {
        if let Some(held) = self.held.get_mut(grantee) {
            held.remove(privilege);
            if held.is_empty() {
                self.held.remove(grantee);
            }
        }
    }

    /// Takes only the grant option away.
    pub fn revoke_grant_option(&mut self, grantee: &Grantee, privilege: &str) {
        if let Some(option) = self.held.get_mut(grantee).and_then(|held| held.get_mut(privilege)) {
            *option = GrantOption::Without;
        }
    }
}
