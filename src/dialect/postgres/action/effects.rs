//! What an action needs, makes and takes away.
//!
//! Knows identities only; the text of statements is not looked at.

use crate::catalog::ObjectId;

/// What an action does to the set of objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The identities that exist after it and did not before.
    pub provides: Vec<ObjectId>,
    /// The identities that exist no more.
    pub removes: Vec<ObjectId>,
    /// The identities that must exist before it.
    pub requires: Vec<ObjectId>,
}

/// What an action changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// The schema: the proof of a plan interprets it.
    Schema,
    /// Rows only.
    Data,
    /// Nothing: it looks, waits, or raises an error.
    Check,
}

/// Whether a statement may stand between BEGIN and COMMIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transaction {
    /// It may, with others.
    Inside,
    /// It may, but what it makes can be used only after the commit (`ALTER TYPE … ADD VALUE`).
    CommitAfter,
    /// It commits on its own account, or the server refuses it in a transaction.
    Alone,
}
