//! What lowering asks of the writer: one place to see it all.

use super::lowering::Lowering;
use crate::catalog::{Catalog, ObjectId};
use crate::dialect::postgres::action::{Action, Create};
use crate::plan::{Effect, Lock, Statement, Transaction};

/// What must follow a CREATE to make the object whole: owner, comment, privileges, and clauses that CREATE cannot say.
pub fn completion(_lowering: &Lowering<'_>, _catalog: &Catalog, _create: &Create) -> Vec<Statement> {
    Vec::new()
}

/// What an action does to the set of objects.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// The identities that exist after it and did not before.
    pub provides: Vec<ObjectId>,
    /// The identities that exist no more.
    pub removes: Vec<ObjectId>,
    /// The identities that must exist before it.
    pub requires: Vec<ObjectId>,
}

/// The statement's text.
pub fn sql(_action: &Action, _version: u16) -> String {
    String::new()
}

/// What it needs, makes and takes away.
pub fn effects(_action: &Action) -> Effects {
    Effects::default()
}

/// What it changes.
pub fn effect(_action: &Action) -> Effect {
    Effect::Schema
}

/// Whether it may stand in a transaction.
pub fn transaction(_action: &Action) -> Transaction {
    Transaction::Inside
}

/// What it locks.
pub fn locks(_action: &Action, _version: u16) -> Vec<Lock> {
    Vec::new()
}
