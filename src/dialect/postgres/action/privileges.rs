//! Differences between access privileges, statement by statement.
//!
//! Knows what every kind of object grants without a GRANT (`acldefault` in `acl.c`).

use crate::catalog::{GrantOption, Grantee};

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
