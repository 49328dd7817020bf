//! What the author told the compiler in directives, bound to objects. Neutral: expressions are templates already.

use crate::catalog::{ObjectId, Template};
use crate::source::Span;
use crate::syntax::RenameMethod;
use std::collections::HashMap;

/// All that directives said.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// `renamed-from`, in the order of the text.
    pub renames: Vec<Rename>,
    /// `backfill`, by column: the value of existing rows, over the table's columns.
    pub backfills: HashMap<ObjectId, Said<Template>>,
    /// `using`, by column.
    pub conversions: HashMap<ObjectId, Said<Conversion>>,
    /// `rows`, by table.
    pub rows: HashMap<ObjectId, Said<u64>>,
    /// `allow`.
    pub allowances: Vec<Allowance>,
}

/// Something said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// An object that has another name now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The identity it had.
    pub from: ObjectId,
    /// The identity it has.
    pub to: ObjectId,
    /// How old and new application live through it.
    pub method: RenameMethod,
    /// Where it was said.
    pub span: Span,
}

/// How the values of a column become those of its new type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The new value, over the columns as they were.
    pub using: Template,
    /// The old value, over the columns as they are; `None` when there is no way back.
    pub reverse: Option<Template>,
}

/// A hazard that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The hazard's name, as in `--allow`.
    pub hazard: String,
    /// The object it is allowed for; `None` for all.
    pub object: Option<ObjectId>,
    /// The reason given.
    pub because: Option<String>,
    /// Where it was said; `None` on the command line.
    pub span: Option<Span>,
}
