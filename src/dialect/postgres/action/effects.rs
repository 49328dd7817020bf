//! What an action needs, makes and takes away.
//!
//! Knows identities only; the text of statements is not looked at.

use crate::catalog::ObjectId;

/// What an action does to the set of objects; the fields mean what [`crate::plan::Statement`] says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// The identities that exist after it and did not before.
    pub provides: Vec<ObjectId>,
    /// The identities that exist no more.
    pub removes: Vec<ObjectId>,
    /// The identities that must exist before it.
    pub requires: Vec<ObjectId>,
    /// The identities it stops depending on: they can go only after it.
    pub releases: Vec<ObjectId>,
}
