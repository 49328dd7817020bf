//! Diagnostics: what is said to the user, where, and with which code.
//!
//! Knows codes, severities, places and the words. Does not know how they are shown: `cli::render` does.
//!
//! Words follow PostgreSQL's message style: the message is short, factual, in lower case and without a full stop;
//! detail and hint are sentences.

mod codes;

pub use codes::{Code, UnknownCode};

use crate::source::Span;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written; the exit code is 1.
    Error,
    /// The work goes on, but the user probably meant something else.
    Warning,
    /// Something the user should know and need not change.
    Note,
}

/// A place with a word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said at the place; may be empty.
    pub text: String,
}

/// One thing said to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of thing it is; `underpin explain CODE` tells more.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// One line, lower case, no full stop.
    pub message: String,
    /// Where; the first label is the place shown as `file:line:column`.
    pub labels: Vec<Label>,
    /// More facts, in sentences.
    pub detail: Option<String>,
    /// What to do or write instead, in sentences.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error: the run fails.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message.into())
    }

    /// A warning: the run goes on.
    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message.into())
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message.into())
    }

    /// Adds a place without words.
    pub fn at(self, span: Span) -> Diagnostic {
        self.label(span, "")
    }

    /// Adds a place with a word on it.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Sets the detail.
    pub fn detail(mut self, detail: impl Into<String>) -> Diagnostic {
        self.detail = Some(detail.into());
        self
    }

    /// Sets the hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// The place shown as `file:line:column`.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }

    fn new(severity: Severity, code: Code, message: String) -> Diagnostic {
        Diagnostic {
            code,
            severity,
            message,
            labels: Vec::new(),
            detail: None,
            hint: None,
        }
    }
}

/// A value and what there is to say about it. With errors the value is the part that could be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Checked<T> {
    /// The value.
    pub value: T,
    /// What was found on the way, in the order of finding.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value about which there is nothing to say.
    pub fn clean(value: T) -> Checked<T> {
        Checked {
            value,
            diagnostics: Vec::new(),
        }
    }

    /// Whether any diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// The same diagnostics with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Checked<U> {
        Checked {
            value: change(self.value),
            diagnostics: self.diagnostics,
        }
    }

    /// Moves the diagnostics to the end of `diagnostics` and gives the value.
    pub fn unpack(self, diagnostics: &mut Vec<Diagnostic>) -> T {
        diagnostics.extend(self.diagnostics);
        self.value
    }
}

/// Whether any of the diagnostics is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn only_errors_count_as_errors() {
        let warning = Diagnostic::warning(Code::DirectiveWithoutEffect, "directive changed nothing");
        let error = Diagnostic::error(Code::SyntaxError, "syntax error");
        let mut checked = Checked {
            value: 1,
            diagnostics: vec![warning],
        };
        assert!(!checked.has_errors());
        checked.diagnostics.push(error);
        assert!(checked.has_errors());
    }

    #[test]
    fn the_first_label_is_the_place() {
        let here = Span::new(SourceId(0), 3, 5);
        let there = Span::new(SourceId(0), 0, 1);
        let diagnostic = Diagnostic::note(Code::DataSkipped, "rows skipped")
            .at(here)
            .label(there, "begins here");
        assert_eq!(diagnostic.span(), Some(here));
    }
}
