//! A schema as one canonical script: the statements that make it on an empty database, in the order of their dependencies.
//!
//! Knows that the script is the way from nothing to the schema, written without phases, transactions and guards, and in
//! which order objects stand that do not wait for each other. The text depends on the catalog alone, not on how its source
//! was written, so that equal schemas give equal scripts (the order of a table's columns is part of its shape). Like a
//! plan it is proved before it is given out: the text is read again and must be the very same schema.

mod place;

use crate::catalog::hashing::HashSet;
use crate::catalog::{Catalog, ObjectId};
use crate::compile::{change_in_words, circle};
use crate::diagnostic::{Checked, Code, Diagnostic, has_errors};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::{LowerOptions, lower};
use crate::dialect::postgres::read::{ReadOptions, Replay, read_script};
use crate::diff::{Comparison, diff};
use crate::emit;
use crate::pair::Pair;
use crate::plan::{Effect, Ladder, order};
use crate::scope::{Scope, narrow};
use crate::snapshot::Snapshot;
use crate::snapshot::intent::Intent;
use crate::source::{SourceId, Sources};

/// A schema as statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The statements that belong together, in the order in which they run.
    pub parts: Vec<ScriptPart>,
}

/// One object, or a step on its way, with what is said of it besides: owner, comment, privileges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptPart {
    /// The object.
    pub object: ObjectId,
    /// The statements without their semicolons.
    pub statements: Vec<String>,
}

impl Script {
    /// The script as it runs with `psql -f`; empty for an empty schema.
    pub fn text(&self) -> String {
        let makes_routines = self
            .parts
            .iter()
            .any(|part| matches!(part.object, ObjectId::Routine(..)));
        let parts = self.parts.iter().map(|part| part.statements.as_slice());
        emit::script(parts, makes_routines)
    }
}

/// Reads texts and writes what is in scope of the schema they make as a script. Nothing when there is an error; the diagnostics
/// say which.
pub fn script(sources: &Sources, ids: &[SourceId], options: ReadOptions, scope: &Scope) -> Checked<Option<Script>> {
    let mut diagnostics = Vec::new();
    let snapshot = read_script(sources, ids, options.clone()).unpack(&mut diagnostics);
    let value = if has_errors(&diagnostics) {
        None
    } else {
        write(&snapshot, &options, scope).map_or_else(
            |mut errors| {
                diagnostics.append(&mut errors);
                None
            },
            Some,
        )
    };
    Checked { value, diagnostics }
}

/// The script of what is in scope of a snapshot. It runs where what it refers to out of scope is there.
///
/// # Errors
/// What has no statement that makes it, or a script that is not the schema when it is read again.
pub fn write(snapshot: &Snapshot, options: &ReadOptions, scope: &Scope) -> Result<Script, Vec<Diagnostic>> {
    let mut nothing = read_script(&Sources::new(), &[], options.clone()).value.catalog;
    let wanted = if scope.is_everything() {
        place::sorted(&snapshot.catalog)
    } else {
        let narrowed = narrow(Pair::new(&nothing, &snapshot.catalog), scope, options.version);
        if !narrowed.errors.is_empty() {
            return Err(narrowed.errors);
        }
        for (id, entry) in narrowed.assumed {
            nothing.insert(id, entry);
        }
        place::sorted(&narrowed.to)
    };
    has_no_members(&wanted, snapshot).map_err(|refusal| vec![refusal])?;
    let pair = Pair::new(&nothing, &wanted);
    let changes = diff(pair, Comparison::of(&wanted, options.version));
    let lower_options = LowerOptions {
        version: options.version,
        small_table_rows: None,
        allowed: HashSet::default(),
    };
    let Checked {
        value: ladders,
        diagnostics,
    } = lower(pair, &changes, &Intent::default(), &snapshot.origins, &lower_options);
    // Warnings are of changes under live traffic, and there is none.
    if has_errors(&diagnostics) {
        return Err(errors(diagnostics));
    }
    let script = ordered(&ladders).map_err(|error| vec![error])?;
    prove(&script, &nothing, &wanted, options).map_err(|error| vec![error])?;
    Ok(script)
}

fn errors(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut errors = diagnostics;
    errors.retain(|diagnostic| has_errors(std::slice::from_ref(diagnostic)));
    errors
}

/// The statements of all rungs that change the schema, in order.
fn ordered(ladders: &[Ladder]) -> Result<Script, Diagnostic> {
    let ordered = order(ladders).map_err(|error| circle(&error))?;
    let parts = ordered.into_iter().map(|place| ScriptPart {
        object: place.ladder.object().clone(),
        statements: place
            .rung
            .up
            .iter()
            .filter(|statement| statement.effect == Effect::Schema)
            .map(|statement| statement.sql.clone())
            .collect(),
    });
    Ok(Script {
        parts: parts.filter(|part| !part.statements.is_empty()).collect(),
    })
}

/// Reads the script again on nothing; it must make the very same schema.
fn prove(script: &Script, nothing: &Catalog, wanted: &Catalog, options: &ReadOptions) -> Result<(), Diagnostic> {
    let mut replay = Replay::new(nothing.clone(), options.clone());
    replay.apply(&script.text(), &HashSet::default())?;
    let differences = diff(
        Pair::new(replay.catalog(), wanted),
        Comparison::of(wanted, options.version),
    );
    match differences.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!("the script does not make the schema: {}", change_in_words(first));
            let detail = format!("It differs in {} objects.", differences.len());
            Err(Diagnostic::error(Code::ProofFailed, message).detail(detail))
        }
    }
}

/// Refuses objects that were made members of an extension: nothing would say so in the script.
fn has_no_members(wanted: &Catalog, snapshot: &Snapshot) -> Result<(), Diagnostic> {
    let member = wanted.iter().find(|(_, entry)| entry.extension.is_some());
    let Some((id, _)) = member else { return Ok(()) };
    let message = format!(
        "{} belongs to an extension by ALTER EXTENSION, which has no place in a script",
        describe(id)
    );
    let mut refusal = Diagnostic::error(Code::UnsupportedClause, message)
        .hint("Leave the object to the extension's own script, or take the ALTER EXTENSION … ADD out.");
    if let Some(span) = snapshot.origins.get(id) {
        refusal = refusal.at(*span);
    }
    Err(refusal)
}

#[cfg(test)]
mod tests;
