//! What a proof came to: the files as they ran, and what is not as the plan promises.
//!
//! Knows words. Proves nothing.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::Fault;
use super::compare::Difference;
use super::locks::Observed;
use crate::plan::LockMode;

/// What a proof came to.
#[derive(Debug, Default)]
pub struct Proof {
    /// What is not as promised; nothing, no doubt.
    pub findings: Vec<Finding>,
    /// The files in their order, as far as the proof has come.
    pub steps: Vec<Step>,
    /// Tables that got no rows though some were wanted, and why.
    pub notes: Vec<String>,
    /// How many rows there were in how many tables.
    pub rows: (i64, usize),
}

/// A file that led up, and whether there was a way back from it.
#[derive(Debug, Clone)]
pub struct Step {
    /// The file.
    pub up: PathBuf,
    /// How long it took.
    pub took: Duration,
    /// What it locked.
    pub observed: Observed,
    /// The way back from it to the beginning.
    pub way_back: WayBack,
}

/// How a way back went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    /// It was not tried: the file only looks, or the proof stopped.
    NotTried,
    /// It led to the old schema.
    Led,
    /// There is none, and its file says so.
    None,
}

/// One thing that is not as the plan promises.
#[derive(Debug)]
pub enum Finding {
    /// A file failed.
    Failed {
        /// What was being done.
        stage: String,
        /// The server's words.
        message: String,
        /// Their kind.
        fault: Option<Fault>,
    },
    /// The schema is not the wanted one, by the words of a judge.
    Misjudged {
        /// After what.
        stage: String,
        /// In what.
        differences: Vec<String>,
    },
    /// The schema is not the one it should be.
    Diverged {
        /// After what.
        stage: String,
        /// In what.
        differences: Vec<Difference>,
    },
    /// Rows are not what they were.
    RowsChanged {
        /// After what.
        stage: String,
        /// Which, in words.
        what: Vec<String>,
    },
    /// A file locked more than it says.
    LockNotDeclared {
        /// The file.
        file: PathBuf,
        /// Schema and name of the relation.
        relation: String,
        /// The mode that was seen.
        observed: LockMode,
        /// The mode the plan declares, if any.
        declared: Option<LockMode>,
    },
    /// A way back that is said to be none did not say so.
    SilentlyReversed {
        /// The file that leads back.
        file: PathBuf,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Failed { stage, message, .. } => write!(formatter, "{stage}: {message}"),
            Finding::Misjudged { stage, differences } => {
                write!(formatter, "{stage}: the schema is not the one it should be")?;
                differences
                    .iter()
                    .try_for_each(|difference| write!(formatter, "\n{difference}"))
            }
            Finding::Diverged { stage, differences } => {
                write!(formatter, "{stage}: the schema is not the one it should be")?;
                differences
                    .iter()
                    .try_for_each(|difference| write!(formatter, "\n{difference}"))
            }
            Finding::RowsChanged { stage, what } => write!(formatter, "{stage}: {}", what.join(", ")),
            Finding::LockNotDeclared {
                file,
                relation,
                observed,
                declared,
            } => {
                write!(
                    formatter,
                    "{}: {relation} was locked in {observed} mode, ",
                    file.display()
                )?;
                match declared {
                    Some(declared) => write!(formatter, "declared was {declared}"),
                    None => write!(formatter, "declared was nothing"),
                }
            }
            Finding::SilentlyReversed { file } => {
                write!(
                    formatter,
                    "{}: should have raised that it can not be undone",
                    file.display()
                )
            }
        }
    }
}
