//! The pipeline: two texts in, a proved plan and its files out.
//!
//! A pure function of texts and options: no input or output, clock, environment or random number. Knows the order of
//! the stages; what a stage does stands in its module.

use crate::diagnostic::{Checked, Code, Diagnostic, has_errors};
use crate::dialect::postgres::read::{ReadOptions, Unmodelled, read_script};
use crate::diff::{Change, Comparison, diff};
use crate::emit::WrittenFile;
use crate::pair::Pair;
use crate::plan::{Ladder, Plan};
use crate::snapshot::Snapshot;
use crate::source::{SourceId, Sources};

/// What a compilation depends on besides the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileOptions {
    /// The server's major version, 14 to 18.
    pub version: u16,
    /// What the files are named after; letters, digits and underscores.
    pub name: String,
    /// The number of the first file.
    pub first_number: u32,
    /// Tables that are known to have at most so many rows are changed directly, under a lock; none without it.
    pub small_table_rows: Option<u64>,
    /// The hazards that the user takes, by name.
    pub allowed: Vec<String>,
    /// What happens to statements that are parsed but not modelled.
    pub unmodelled: Unmodelled,
}

/// Two snapshots and their differences.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What is, and what is wanted.
    pub snapshots: Pair<Snapshot>,
    /// The differences.
    pub changes: Vec<Change>,
}

/// A plan in all its forms. Without a difference everything in it is empty.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The differences.
    pub changes: Vec<Change>,
    /// The files' statements.
    pub plan: Plan,
    /// The way of each object.
    pub ladders: Vec<Ladder>,
    /// The migration files, in the order of execution, each up followed by its down.
    pub files: Vec<WrittenFile>,
    /// The plan folder's files.
    pub documents: Vec<WrittenFile>,
}

/// Reads both sides and finds what differs. Nothing when a side cannot be read.
pub fn compare(
    sources: &Sources,
    from: &[SourceId],
    to: &[SourceId],
    options: &CompileOptions,
) -> Checked<Option<Compared>> {
    let read_options = ReadOptions {
        version: options.version,
        unmodelled: options.unmodelled,
    };
    let mut diagnostics = Vec::new();
    let snapshots = Pair::new(from, to).map(|ids| read_script(sources, ids, read_options).unpack(&mut diagnostics));
    let value = (!has_errors(&diagnostics)).then(|| {
        let catalogs = snapshots.as_ref().map(|snapshot| &snapshot.catalog);
        let changes = diff(catalogs, Comparison::of(catalogs.to, options.version));
        Compared { snapshots, changes }
    });
    Checked { value, diagnostics }
}

/// Compiles the way from one schema to another. Nothing when there is an error; the diagnostics say which.
pub fn compile(
    sources: &Sources,
    from: &[SourceId],
    to: &[SourceId],
    options: &CompileOptions,
) -> Checked<Option<Compiled>> {
    let mut diagnostics = Vec::new();
    let Some(compared) = compare(sources, from, to, options).unpack(&mut diagnostics) else {
        return Checked {
            value: None,
            diagnostics,
        };
    };
    if !compared.changes.is_empty() {
        diagnostics.push(Diagnostic::error(
            Code::UnsupportedStatement,
            "the changes cannot be planned",
        ));
        return Checked {
            value: None,
            diagnostics,
        };
    }
    let value = Some(Compiled {
        changes: compared.changes,
        plan: Plan::default(),
        ladders: Vec::new(),
        files: Vec::new(),
        documents: Vec::new(),
    });
    Checked { value, diagnostics }
}
