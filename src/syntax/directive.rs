//! Directives: what the author of a schema tells the compiler in comments.
//!
//! Knows the grammar (`grammar/directive.pest`). Does not know which element a directive belongs to; it says only where
//! that element stands.

use crate::diagnostic::Code;
use crate::source::Span;

/// A comment `-- underpin: …` or `/* underpin: … */`, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The directive itself, without the comment's marks and without `underpin:`.
    pub span: Span,
    /// Whether it speaks of what stands before it or of what follows.
    pub placement: Placement,
    /// A byte of the element it speaks of: for `OwnLine` the first token after the comment, for `AfterCode` the last token
    /// before it that is no comma, semicolon or opening parenthesis. `None` when there is no such token.
    pub anchor: Option<u32>,
    /// What it says.
    pub kind: DirectiveKind,
}

/// Where a directive stands on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Alone on its line: it speaks of the element that follows.
    OwnLine,
    /// After code: it speaks of the element that stands before it on the line.
    AfterCode,
}

/// What a directive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `renamed-from name [via dual-write | view | direct]`: the element had this name in the old schema.
    RenamedFrom {
        /// One to three parts, folded to lower case unless quoted, as PostgreSQL folds identifiers.
        name: Vec<String>,
        /// How the rename is to be carried through.
        how: RenameMethod,
    },
    /// `backfill expression`: the value that existing rows get in a new column.
    Backfill {
        /// The expression as written.
        expression: String,
    },
    /// `using expression [reverse expression]`: how a column's values get their new type.
    Using {
        /// From the old column to the new value, as written.
        using: String,
        /// From the new column back to the old value, as written.
        reverse: Option<String>,
    },
    /// `rows number`: about how many rows the table holds.
    Rows(u64),
    /// `allow hazard [because 'reason']`: a hazard the author accepts.
    Allow {
        /// The hazard.
        hazard: Code,
        /// The author's reason.
        because: Option<String>,
    },
}

/// How a rename is carried through under live traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameMethod {
    /// Two columns that a trigger keeps equal until the old application is gone.
    DualWrite,
    /// A view under the old name.
    View,
    /// At once, with `ALTER … RENAME`; the old application breaks.
    Direct,
}
