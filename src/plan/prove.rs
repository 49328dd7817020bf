//! The proof in memory: the files' texts, read back and applied to what is, must give what is wanted; the way back must
//! lead to every phase boundary.
//!
//! Knows no dialect: how a text is applied and when two catalogs are the same is handed in. It looks at the texts that
//! will be written, not at the actions they were made from, so that a fault of the writer is found as well.

use super::schedule::{File, Plan};
use super::{Phase, Side};
use crate::catalog::{Catalog, Since};
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::Change;

/// One pair of files as texts.
#[derive(Clone, Copy, Debug)]
pub struct ProvedFile<'a> {
    /// The up file's name.
    pub name: &'a str,
    /// The up file's text.
    pub up: &'a str,
    /// The down file's text.
    pub down: &'a str,
}

/// What a proof needs of a dialect: a catalog that files are applied to, and when two catalogs are the same.
pub trait Judge {
    /// Applies the text of one side of a file to the catalog.
    ///
    /// # Errors
    /// The first statement that cannot be applied.
    fn apply(&mut self, file: &File, side: Side, text: &str) -> Result<(), Diagnostic>;
    /// The catalog after what was applied so far.
    fn catalog(&self) -> &Catalog;
    /// The differences that remain between what the files led to and what was expected.
    fn differences(&self, expected: &Catalog) -> Vec<Change>;
    /// A change in words.
    fn describe(&self, change: &Change) -> String;
}

/// Proves a plan; `judge` begins with what is.
///
/// # Errors
/// The file and the difference. Such a plan is a fault of the compiler: nothing of it may be written.
pub fn prove(to: &Catalog, plan: &Plan, files: &[ProvedFile<'_>], judge: &mut dyn Judge) -> Result<(), Diagnostic> {
    let begin = judge.catalog().clone();
    let mut boundaries: Vec<(usize, Since)> = Vec::new();
    let mut phase: Option<Phase> = None;
    for (number, (file, text)) in plan.files.iter().zip(files).enumerate() {
        if phase != Some(file.phase) {
            boundaries.push((number, judge.catalog().since(&begin)));
            phase = Some(file.phase);
        }
        step(judge, file, text, Side::Up)?;
    }
    expect(judge, to, "after all up files the schema is not the one that is wanted")?;
    for (number, (file, text)) in plan.files.iter().zip(files).enumerate().rev() {
        if file.is_irreversible() {
            break;
        }
        step(judge, file, text, Side::Down)?;
        if let Some((_, since)) = boundaries.iter().find(|(first, _)| *first == number) {
            let message = format!("the way back does not lead to the state before {}", text.name);
            expect(judge, &begin.with(since), &message)?;
        }
    }
    Ok(())
}

fn step(judge: &mut dyn Judge, file: &File, text: &ProvedFile<'_>, side: Side) -> Result<(), Diagnostic> {
    let (content, which) = match side {
        Side::Up => (text.up, "up"),
        Side::Down => (text.down, "down"),
    };
    judge.apply(file, side, content).map_err(|inner| {
        let message = format!("the {which} file of {} cannot be applied: {}", text.name, inner.message);
        Diagnostic::error(Code::ProofFailed, message)
            .hint("This is a fault of the compiler; nothing was written. Please report it with both schemas.")
    })
}

/// At most so many differences are shown; the first ones tell the cause.
const SHOWN_DIFFERENCES: usize = 8;

fn expect(judge: &dyn Judge, expected: &Catalog, message: &str) -> Result<(), Diagnostic> {
    let differences = judge.differences(expected);
    if differences.is_empty() {
        return Ok(());
    }
    let mut shown: Vec<String> = differences
        .iter()
        .take(SHOWN_DIFFERENCES)
        .map(|change| judge.describe(change))
        .collect();
    if differences.len() > shown.len() {
        shown.push(format!("and {} more", differences.len() - SHOWN_DIFFERENCES));
    }
    Err(Diagnostic::error(Code::ProofFailed, message.to_owned())
        .detail(shown.join("; "))
        .hint("This is a fault of the compiler; nothing was written. Please report it with both schemas."))
}
