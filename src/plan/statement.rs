//! One statement of a migration, rendered by a dialect, with all that the plan has to know of it.

use super::lock::Lock;
use crate::catalog::ObjectId;
use serde::{Deserialize, Serialize};

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The SQL without the final semicolon.
    pub sql: String,
    /// One line that says what it does and why.
    pub comment: String,
    /// Objects that exist after it and, in this form, did not before.
    pub provides: Vec<ObjectId>,
    /// Objects that it may meet only in their new form, if at all: who bore the name before is gone by then.
    pub claims: Vec<ObjectId>,
    /// Objects that exist no longer, in their old form.
    pub removes: Vec<ObjectId>,
    /// Objects that must exist, in their new form where they change, before it runs.
    pub requires: Vec<ObjectId>,
    /// Objects that it stops depending on, in their old form: they can go only after it.
    pub releases: Vec<ObjectId>,
    /// Objects that a string body names. They should, but need not, exist before it, and go after it where it takes the
    /// body away, so that the way back makes them first. A circle is broken here first.
    pub mentions: Vec<ObjectId>,
    /// Whether it changes the schema, moves rows, or only looks.
    pub effect: Effect,
    /// Whether it may stand in a transaction.
    pub transaction: Transaction,
    /// The locks it takes on relations that others may use.
    pub locks: Vec<Lock>,
    /// The locks it takes on relations that the plan makes, each with the relation whose making brings it. Others feel
    /// them in the phases after that.
    pub locks_on_made: Vec<(ObjectId, Lock)>,
}

/// What a statement changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The schema: the proof interprets it.
    Schema,
    /// Rows only.
    Data,
    /// Nothing: it looks and raises when something is not as it should be.
    Check,
    /// Neither schema nor rows: a lock taken early, a setting, statistics for the planner, an index written again.
    Upkeep,
}

impl Effect {
    /// Whether schema and rows are the same after it as before.
    pub fn changes_nothing(self) -> bool {
        match self {
            Effect::Schema | Effect::Data => false,
            Effect::Check | Effect::Upkeep => true,
        }
    }
}

/// Whether a statement may stand in a transaction block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transaction {
    /// With others in one transaction.
    Inside,
    /// In a transaction, but its result can be used only after the commit (ALTER TYPE … ADD VALUE).
    CommitAfter,
    /// Not in a transaction block (CONCURRENTLY, a backfill that commits).
    Alone,
}
