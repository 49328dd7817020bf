//! Helpers of the patterns' tests: two texts to the statements of the plan, a line each.

use super::{LowerOptions, lower, out_of_the_way, renamed};
use crate::catalog::ObjectId;
use crate::catalog::hashing::{HashMap, HashSet};
use crate::diagnostic::{Checked, has_errors};
use crate::dialect::postgres::read::{ReadOptions, bind, read_pair};
use crate::diff::{Comparison, diff};
use crate::pair::Pair;
use crate::plan::{Plan, Side, order, schedule};
use crate::source::Sources;

/// The statements of the up files, each with its phase.
pub(super) fn ups(from: &str, to: &str) -> String {
    lines(&plan(from, to, &[]), Side::Up)
}

/// The statements of the down files, last file first.
pub(super) fn downs(from: &str, to: &str) -> String {
    lines(&plan(from, to, &[]), Side::Down)
}

/// The statements of the down files where hazards are allowed, last file first.
pub(super) fn downs_allowing(from: &str, to: &str, hazards: &[&str]) -> String {
    lines(&plan(from, to, hazards), Side::Down)
}

/// The statements of the up files where hazards are allowed.
pub(super) fn ups_allowing(from: &str, to: &str, hazards: &[&str]) -> String {
    lines(&plan(from, to, hazards), Side::Up)
}

/// What is said about a plan, a line each, with the code's name.
pub(super) fn said(from: &str, to: &str) -> String {
    let lowered = lowered(from, to, &[]);
    let mut said: Vec<String> = lowered
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{}: {}", diagnostic.code.name(), diagnostic.message))
        .collect();
    said.push(String::new());
    said.join("\n")
}

fn plan(from: &str, to: &str, hazards: &[&str]) -> Plan {
    let lowered = lowered(from, to, hazards);
    assert!(!has_errors(&lowered.diagnostics), "{:#?}", lowered.diagnostics);
    let ordered = order(&lowered.value).unwrap();
    schedule(&ordered)
}

fn lowered(from: &str, to: &str, hazards: &[&str]) -> Checked<Vec<crate::plan::Ladder>> {
    let mut sources = Sources::new();
    let ids = Pair {
        from: sources.add("from.sql", from),
        to: sources.add("to.sql", to),
    };
    let ids = ids.as_ref().map(std::slice::from_ref);
    let read = read_pair(&sources, ids, ReadOptions::default());
    assert!(!read.has_errors(), "{:#?}", read.diagnostics);
    let snapshots = read.value;
    let bound = bind(&sources, snapshots.as_ref(), 18);
    assert!(!bound.has_errors(), "{:#?}", bound.diagnostics);
    let before = renamed(&snapshots.from.catalog, &bound.value.renames);
    let catalogs = Pair::new(&before, &snapshots.to.catalog);
    let options = LowerOptions {
        version: 18,
        small_table_rows: None,
        allowed: hazards
            .iter()
            .map(|hazard| (*hazard).to_owned())
            .collect::<HashSet<String>>(),
    };
    let comparison = Comparison::of(catalogs.to, options.version);
    let changes = diff(catalogs, comparison);
    let origins: HashMap<ObjectId, _> = snapshots.to.origins.clone();
    match out_of_the_way(catalogs, &changes, &bound.value, options.version) {
        None => lower(catalogs, &changes, &bound.value, &origins, &options),
        Some((moved, intent)) => {
            let catalogs = Pair::new(&moved, catalogs.to);
            lower(catalogs, &diff(catalogs, comparison), &intent, &origins, &options)
        }
    }
}

fn lines(plan: &Plan, side: Side) -> String {
    let mut files: Vec<_> = plan.files.iter().collect();
    if side == Side::Down {
        files.reverse();
    }
    let mut text = String::new();
    for file in files {
        for statement in file.statements(side) {
            let words: Vec<&str> = statement.sql.split_whitespace().collect();
            text.push_str(&format!("{}: {}\n", file.phase.word(), words.join(" ")));
        }
    }
    text
}
