//! Why a tree could not be turned into a template.
//!
//! Knows the place as the parser gives it. Does not know files: the caller makes a diagnostic of it.

use super::Analyser;
use crate::diagnostic::Code;

/// What stops the analysis of one expression, query or type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Byte offset in the statement's text as the parser gives it; -1 where it gives none.
    pub location: i32,
    /// What kind of error it is.
    pub code: Code,
    /// One line in PostgreSQL's style.
    pub message: String,
    /// What to write instead, in sentences.
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal without a hint.
    pub fn new(code: Code, location: i32, message: impl Into<String>) -> Self {
        Refusal {
            location,
            code,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to write instead.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The refusal of what a major version does not know.
    pub fn version(needed: u16, target: u16, location: i32, what: &str) -> Self {
        let message = format!("{what} needs PostgreSQL {needed}, the target is {target}");
        Refusal::new(Code::VersionTooOld, location, message)
    }

    /// The same at `location`, unless a place is known already.
    pub fn at(mut self, location: i32) -> Self {
        if self.location < 0 {
            self.location = location;
        }
        self
    }
}

impl Analyser<'_> {
    /// Refuses an expression that the target version's parser does not know.
    pub(super) fn needs_version(&self, needed: u16, location: i32, what: &str) -> Result<(), Refusal> {
        if self.version >= needed {
            return Ok(());
        }
        Err(Refusal::version(needed, self.version, location, what))
    }
}
