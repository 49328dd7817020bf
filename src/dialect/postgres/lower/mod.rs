//! Lowering: each difference becomes a ladder of rungs, through a pattern that is safe under live traffic.
//!
//! A pattern is one file: its doc comment is the table of its rungs, its function returns data, its tests stand below.
//! Here: who calls which pattern, in the order of the sources. Knows the two catalogs and the author's intent; makes no SQL.

mod access;
mod alter;
mod bound_check;
mod build;
mod column;
mod column_type;
mod common;
mod constraint;
mod create;
mod default;
mod definition;
mod drop;
mod facts;
mod forms;
mod index;
mod lowering;
mod make;
mod marks;
mod materialized;
mod members;
mod names;
mod options;
mod out_of_the_way;
mod partition;
mod program;
mod provided;
mod refuse;
mod rename;
mod rename_column;
mod rename_column_view;
mod replace;
mod routine;
mod scaffold;
mod sequence;
mod shadow;
mod table;
#[cfg(test)]
mod testing;
mod types;
mod view;
mod view_in_place;
mod volatility;
mod walk;

pub use lowering::{LowerOptions, Lowering};
pub use rename::renamed;

use crate::catalog::hashing::HashMap;
use crate::catalog::{Catalog, ObjectId};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::diff::Change;
use crate::pair::Pair;
use crate::plan::{Ladder, LadderError, Reversal};
use crate::snapshot::intent::{Intent, Rename};
use crate::source::{SourceId, Span};
use crate::syntax::RenameMethod;

/// What a pattern gives, or why it cannot.
pub type Lowered<T> = Result<T, Box<Diagnostic>>;

/// Lowers all changes. `pair.from` has direct renames applied already; `origins` are those of
/// the wanted schema.
///
/// With errors the value is empty of the changes that could not be lowered.
pub fn lower(
    pair: Pair<&Catalog>,
    changes: &[Change],
    intent: &Intent,
    origins: &HashMap<ObjectId, Span>,
    options: &LowerOptions,
) -> Checked<Vec<Ladder>> {
    let mut lowering = Lowering::new(pair, changes, intent, origins, options);
    let mut ladders = Vec::new();
    let mut diagnostics = Vec::new();
    for rename in intent.renames.iter().filter(|rename| rename::keeps_object(rename)) {
        match rename::ladder(&lowering, rename) {
            Ok(more) => ladders.extend(more),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    for rename in intent.renames.iter().filter(|rename| !rename::keeps_object(rename)) {
        match rename_column::ladders(&lowering, rename) {
            Ok(more) => ladders.extend(more),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    for change in changes.iter().filter(|change| !lowering.is_claimed(change.object())) {
        let lowered = match change {
            Change::Create(id) => create::ladders(&lowering, id),
            Change::Drop(id) => drop::ladders(&lowering, id),
            Change::Alter(id, _) if lowering.is_replaced(id) => Ok(Vec::new()),
            Change::Alter(id, attributes) => alter::ladders(&lowering, id, attributes),
        };
        match lowered {
            Ok(more) => ladders.extend(more),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let groups = lowering.materialized.beside.iter();
    for built in groups.map(|group| materialized::beside::ladder(&lowering, group)) {
        match built {
            Ok(more) => ladders.extend(more),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    for id in lowering.replaced().iter().filter(|id| !lowering.is_claimed(id)) {
        match replace::ladder(&lowering, id) {
            Ok(more) => ladders.extend(more),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    diagnostics.extend(ladders.iter().filter_map(|ladder| one_way(&lowering, ladder)));
    diagnostics.append(&mut lowering.take_diagnostics());
    Checked {
        value: ladders,
        diagnostics,
    }
}

/// The refusal of a ladder that no down file takes back, unless it is taken on purpose.
fn one_way(lowering: &Lowering<'_>, ladder: &Ladder) -> Option<Diagnostic> {
    let why = ladder.rungs().iter().find_map(|rung| match &rung.reversal {
        Reversal::Irreversible(why) => Some(why),
        Reversal::Exact | Reversal::LosesData(_) => None,
    })?;
    let message = format!("there is no way back: {}", ladder.title());
    let refused = refuse::hazard(lowering, Code::Irreversible, ladder.object(), message, why.clone());
    refused.err().map(|diagnostic| *diagnostic)
}

/// What is, and the renames there are, with the names given up that what comes needs before their bearers go. Nothing when
/// no name is in the way.
pub fn out_of_the_way(
    pair: Pair<&Catalog>,
    changes: &[Change],
    intent: &Intent,
    version: u16,
) -> Option<(Catalog, Intent)> {
    let names = out_of_the_way::names_in_the_way(pair, changes, version);
    if names.is_empty() {
        return None;
    }
    let (mut catalog, mut intent) = (pair.from.clone(), intent.clone());
    for (from, to) in names {
        match (catalog.contains(&from), &from) {
            (true, _) => {
                catalog.rename(&from, &to);
            }
            (false, ObjectId::Relation(_)) => out_of_the_way::rename_sequence(&mut catalog, &from, &to),
            (false, _) => out_of_the_way::rename_not_null(&mut catalog, &from, &to),
        }
        intent.renames.push(Rename {
            from,
            to,
            method: RenameMethod::Direct,
            span: Span::new(SourceId(0), 0, 0),
        });
    }
    Some((catalog, intent))
}

/// A ladder that breaks a law of ladders is a fault of the pattern: it is reported, not written.
pub(super) fn built(id: &ObjectId, ladder: Result<Ladder, LadderError>) -> Lowered<Vec<Ladder>> {
    match ladder {
        Ok(ladder) => Ok(vec![ladder]),
        Err(LadderError::Empty) => Ok(Vec::new()),
        Err(error) => Err(Box::new(Diagnostic::error(
            Code::ProofFailed,
            format!("the steps for {} break a law of plans: {error}", super::describe(id)),
        ))),
    }
}
