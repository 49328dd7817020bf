//! Ladders: the rungs that one object climbs from what is to what is wanted, and the way back down.
//!
//! A ladder is made only by [`Ladder::new`], which refuses a phase that goes back and a reversible rung above an
//! irreversible one, so that no later stage has to ask.

use super::Phase;
use super::statement::{Statement, Transaction};
use crate::catalog::ObjectId;
use serde::{Deserialize, Serialize};

/// The rungs of one object.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// The object that climbs.
    object: ObjectId,
    /// What changes, in words, for documents: `column users.name is renamed to full_name`.
    title: String,
    /// Why it is lowered in this way, in words.
    why: String,
    unity: Unity,
    rungs: Vec<Rung>,
}

/// Whether the rungs of a ladder may be apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unity {
    /// Each rung is in its own phase.
    Rungs,
    /// All are in one phase: what is dropped is created anew at once (a view and what hangs on it).
    OnePhase,
}

/// A state on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is there: created, altered, or made ready.
    Present,
    /// New rows obey it (NOT VALID, a sync trigger).
    Enforced,
    /// Old rows have their values.
    Backfilled,
    /// Old rows are known to obey it.
    Validated,
    /// It stands under its final name and in its final form.
    Public,
    /// The old form is gone.
    Absent,
}

/// One rung: what leads up to its state, and back.
#[derive(Clone, Debug)]
pub struct Rung {
    /// The state it leads to.
    pub state: State,
    /// The phase it belongs to, at the earliest.
    pub phase: Phase,
    /// The statements that lead up, in order.
    pub up: Vec<Statement>,
    /// The statements that lead back, in order.
    pub down: Vec<Statement>,
    /// Checks that raise when the way up did not hold; they run in the same file, or after it when it is one statement alone.
    pub verify: Vec<Statement>,
    /// What the way back restores.
    pub reversal: Reversal,
    /// With what it may share a file.
    pub company: Company,
}

/// What a way back restores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "label", content = "what")]
pub enum Reversal {
    /// All of it.
    Exact,
    /// The shape, but not the values named here.
    LosesData(String),
    /// Nothing, for the reason named here: the way back raises an error.
    Irreversible(String),
}

/// With what a rung may share a file. `Ord` is the order in which files of one phase are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Company {
    /// Short changes of the system catalogs.
    Catalog,
    /// Long scans under weak locks (VALIDATE): never in a transaction that holds a strong lock.
    Scan,
    /// Short changes that must not share a transaction with the rung below (a proof that would be lost, an enum value before its use).
    NextFile,
    /// One statement alone, outside a transaction, in either direction.
    Alone,
}

/// Why a ladder cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// A rung is in an earlier phase than the one below it.
    #[error("the {next} phase cannot follow the {previous} phase on one ladder", next = next.word(), previous = previous.word())]
    PhaseGoesBack {
        /// The lower rung's phase.
        previous: Phase,
        /// The upper rung's phase.
        next: Phase,
    },
    /// A rung that can be undone stands above one that cannot.
    #[error("a rung that can be undone stands above one that cannot")]
    ReversibleAboveIrreversible,
    /// A statement outside a transaction shares its rung with others.
    #[error("a statement that must stand alone shares its rung: {0}")]
    NotAlone(String),
    /// A ladder without rungs.
    #[error("a ladder without rungs")]
    Empty,
}

impl Ladder {
    /// Builds a ladder.
    ///
    /// # Errors
    /// The law that the rungs break; lowering must not produce such rungs, so it is reported as a bug.
    pub fn new(
        object: ObjectId,
        title: impl Into<String>,
        why: impl Into<String>,
        rungs: Vec<Rung>,
    ) -> Result<Ladder, LadderError> {
        if rungs.is_empty() {
            return Err(LadderError::Empty);
        }
        for pair in rungs.windows(2) {
            let [lower, upper] = pair else { continue };
            if upper.phase < lower.phase {
                return Err(LadderError::PhaseGoesBack {
                    previous: lower.phase,
                    next: upper.phase,
                });
            }
            let lower_is_final = matches!(lower.reversal, Reversal::Irreversible(_));
            if lower_is_final && !matches!(upper.reversal, Reversal::Irreversible(_)) {
                return Err(LadderError::ReversibleAboveIrreversible);
            }
        }
        for rung in &rungs {
            for statements in [&rung.up, &rung.down] {
                if let Some(alone) = statements
                    .iter()
                    .find(|statement| statement.transaction == Transaction::Alone)
                    && (statements.len() > 1 || rung.company != Company::Alone)
                {
                    return Err(LadderError::NotAlone(alone.comment.clone()));
                }
            }
        }
        Ok(Ladder {
            object,
            title: title.into(),
            why: why.into(),
            unity: Unity::Rungs,
            rungs,
        })
    }

    /// The same ladder with all rungs in one phase, the latest that any of them needs.
    pub fn in_one_phase(self) -> Ladder {
        Ladder {
            unity: Unity::OnePhase,
            ..self
        }
    }

    /// Whether its rungs may be apart.
    pub fn unity(&self) -> Unity {
        self.unity
    }

    /// The object that climbs.
    pub fn object(&self) -> &ObjectId {
        &self.object
    }

    /// What changes, in words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Why it is lowered in this way.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The rungs, lowest first.
    pub fn rungs(&self) -> &[Rung] {
        &self.rungs
    }
}
