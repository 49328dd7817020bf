//! `underpin diff`: how two schemas differ.

use std::fmt::Write;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::arguments::{Diff, Reading, Schemas, Scoping};
use super::changes::{self, JsonChange};
use super::migrations::is_same_place;
use super::progress::Stage;
use super::render::{self, JsonDiagnostic};
use super::{Exit, exit_of, input, print, print_json, report};
use crate::compile::{Compared, CompileOptions, compare};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Sources};

/// What `diff --json` writes.
#[derive(Debug, Serialize)]
struct Output {
    changes: Vec<JsonChange>,
    diagnostics: Vec<JsonDiagnostic>,
}

/// Runs the command.
pub(super) fn run(arguments: &Diff) -> io::Result<Exit> {
    let mut sources = Sources::new();
    let (compared, diagnostics) = compared(&arguments.schemas, &arguments.reading, &arguments.scoping, &mut sources);
    if arguments.json {
        print_json(&Output {
            changes: compared.as_ref().map(changes::json).unwrap_or_default(),
            diagnostics: render::json(&diagnostics, &sources),
        })?;
    } else {
        report(&diagnostics, &sources)?;
        if let Some(compared) = &compared {
            print(&text(compared))?;
        }
    }
    Ok(match &compared {
        Some(compared) if arguments.exit_code && !changes::is_empty(compared) => Exit::Different,
        Some(_) | None => exit_of(&diagnostics),
    })
}

/// Reads both sides and compares them.
pub(super) fn compared(
    schemas: &Schemas,
    reading: &Reading,
    scoping: &Scoping,
    sources: &mut Sources,
) -> (Option<Compared>, Vec<Diagnostic>) {
    let scope = match scoping.scope(sources) {
        Ok(scope) => scope,
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let (from, to) = match read(schemas, sources) {
        Ok(both) => both,
        Err(diagnostic) => return (None, vec![diagnostic]),
    };
    let options = CompileOptions {
        scope,
        ..reading.compile_options()
    };
    let stage = Stage::begin("comparing");
    let compared = compare(sources, &from, &to, &options);
    drop(stage);
    (compared.value, compared.diagnostics)
}

/// The texts of both sides.
pub(super) fn read(schemas: &Schemas, sources: &mut Sources) -> Result<(Vec<SourceId>, Vec<SourceId>), Diagnostic> {
    let _stage = Stage::begin("reading");
    let mut from = baseline(schemas, sources)?;
    from.extend(input::read(&schemas.from, sources)?);
    let to = input::read(&schemas.to, sources)?;
    Ok((from, to))
}

fn baseline(schemas: &Schemas, sources: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    match &schemas.baseline {
        Some(baseline) => input::read(baseline, sources),
        None => Ok(Vec::new()),
    }
}

/// The texts of both sides for a plan. Where what is are the migrations that the plan goes to, the files that it replaces do
/// not count, and no migrations are an empty schema.
pub(super) fn read_for_plan(
    schemas: &Schemas,
    out: &Path,
    is_replaced: &dyn Fn(&Path) -> bool,
    sources: &mut Sources,
) -> Result<(Vec<SourceId>, Vec<SourceId>), Diagnostic> {
    let from = Path::new(&schemas.from);
    if !is_same_place(from, out) || from.is_file() {
        return read(schemas, sources);
    }
    let _stage = Stage::begin("reading");
    let mut files = match from.is_dir() {
        true => input::files_of_directory(from)?,
        false => Vec::new(),
    };
    files.retain(|file| !is_replaced(file));
    let mut from = baseline(schemas, sources)?;
    from.extend(input::read_files(&files, sources)?);
    Ok((from, input::read(&schemas.to, sources)?))
}

/// One line a change; nothing for equal schemas, so that the output can be counted.
fn text(compared: &Compared) -> String {
    let mut text = String::new();
    for line in changes::lines(compared) {
        let _ = writeln!(text, "{line}");
    }
    text
}
