//! The plan: ladders of rungs, their order, the files they make, and the proof. Knows no dialect: statements arrive rendered.

mod ladder;
pub mod lock;
mod order;
mod prove;
mod schedule;
mod statement;

pub use ladder::{Company, Ladder, LadderError, Reversal, Rung, State, Unity};
pub use lock::{Lock, LockMode};
pub use order::{EdgeRule, OrderError, Ordered, order};
pub use prove::{Judge, ProvedFile, prove};
pub use schedule::{File, Plan, Side, schedule};
pub use statement::{Effect, Statement, Transaction};

use serde::{Deserialize, Serialize};

/// A stretch of a migration between two deploys. `Ord` is the order in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// New objects beside the old; the old application works on, unchanged.
    Expand,
    /// Batched moves of rows; nothing else.
    Backfill,
    /// Constraints validated, columns switched.
    Enforce,
    /// The old shape and the scaffolding go.
    Contract,
}

impl Phase {
    /// Every phase, first to last.
    pub const ALL: [Phase; 4] = [Phase::Expand, Phase::Backfill, Phase::Enforce, Phase::Contract];

    /// The phase's name as it stands in file names.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Expand => "expand",
            Phase::Backfill => "backfill",
            Phase::Enforce => "enforce",
            Phase::Contract => "contract",
        }
    }

    /// Who must work with the phase's result.
    pub fn audience(self) -> &'static str {
        match self {
            Phase::Expand => "the old application, unchanged",
            Phase::Backfill => "the old and the new application",
            Phase::Enforce => "the new application; the old one where a sync trigger still bridges",
            Phase::Contract => "the new application",
        }
    }

    /// What must be true before the next phase begins.
    pub fn gate(self) -> &'static str {
        match self {
            Phase::Expand => "the application that writes the new shape is deployed",
            Phase::Backfill => "no row is left to fill, as the completion check says",
            Phase::Enforce => "the rollback window has passed and nothing reads the old shape",
            Phase::Contract => "none",
        }
    }
}
