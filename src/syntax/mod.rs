//! Text to statements, comments and directives.
//!
//! Knows where a statement begins and ends and what `psql` and `pg_dump` put around statements. Knows nothing of what a
//! statement says: that is for the parser and for `snapshot`. Does no input or output.

mod directive;
mod dump;
mod head;
mod meta;
mod scan;
mod split;

pub use directive::{Directive, DirectiveKind, Placement, RenameMethod};
pub use dump::{dumped_from, is_dump, shows_utc};
pub use split::split;

use crate::source::Span;

/// One SQL statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// From the first token to the last, without the semicolon and without comments before and after.
    pub span: Span,
}

/// A text, split.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// The statements in the order of the text.
    pub statements: Vec<Statement>,
    /// The directives in the order of the text.
    pub directives: Vec<Directive>,
    /// What is neither a statement nor a comment and has no bearing on the schema.
    pub skipped: Vec<Skipped>,
}

impl Script {
    /// The statement that holds the byte at `place`.
    pub fn statement_at(&self, place: u32) -> Option<&Statement> {
        let after = self
            .statements
            .partition_point(|statement| statement.span.start <= place);
        self.statements
            .get(after.checked_sub(1)?)
            .filter(|statement| statement.span.contains(place))
    }
}

/// A stretch of text that was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub span: Span,
    /// Why it has no bearing on the schema.
    pub reason: SkipReason,
}

/// Why a stretch of text has no bearing on the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// A `COPY … FROM stdin` with its rows.
    CopyData,
    /// A psql meta-command that changes only how psql behaves or what it shows.
    MetaCommand,
}
