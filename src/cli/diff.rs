//! `underpin diff`: how two schemas differ.

use std::fmt::Write;
use std::io;

use serde::Serialize;

use super::arguments::{Diff, Reading, Schemas};
use super::changes::{self, JsonChange};
use super::progress::Stage;
use super::render::{self, JsonDiagnostic};
use super::{Exit, exit_of, input, print, print_json, report};
use crate::compile::{Compared, compare};
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
    let (compared, diagnostics) = compared(&arguments.schemas, arguments.reading, &mut sources);
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
    reading: Reading,
    sources: &mut Sources,
) -> (Option<Compared>, Vec<Diagnostic>) {
    let (from, to) = match read(schemas, sources) {
        Ok(both) => both,
        Err(diagnostic) => return (None, vec![diagnostic]),
    };
    let stage = Stage::begin("comparing");
    let compared = compare(sources, &from, &to, &reading.compile_options());
    drop(stage);
    (compared.value, compared.diagnostics)
}

/// The texts of both sides.
pub(super) fn read(schemas: &Schemas, sources: &mut Sources) -> Result<(Vec<SourceId>, Vec<SourceId>), Diagnostic> {
    let _stage = Stage::begin("reading");
    let from = input::read(&schemas.from, sources)?;
    let to = input::read(&schemas.to, sources)?;
    Ok((from, to))
}

/// One line a change; nothing for equal schemas, so that the output can be counted.
fn text(compared: &Compared) -> String {
    let mut text = String::new();
    for line in changes::lines(compared) {
        let _ = writeln!(text, "{line}");
    }
    text
}
