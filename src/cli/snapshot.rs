//! `underpin snapshot`: a schema as canonical SQL.

use std::io;

use serde::Serialize;

use super::arguments::Snapshot;
use super::progress::Stage;
use super::render::{self, JsonDiagnostic};
use super::{Exit, exit_of, input, print, print_json, report};
use crate::diagnostic::{Checked, Diagnostic};
use crate::dialect::postgres::Zone;
use crate::dialect::postgres::full_name;
use crate::dialect::postgres::read::{ReadOptions, Unmodelled};
use crate::script::{Script, script};
use crate::source::Sources;

/// What `snapshot --json` writes.
#[derive(Debug, Serialize)]
struct Output {
    parts: Vec<Part>,
    diagnostics: Vec<JsonDiagnostic>,
}

/// Statements that belong together.
#[derive(Debug, Serialize)]
struct Part {
    /// The name of the object with schema and relation, quoted where needed.
    object: String,
    /// The statements in the order in which they run.
    statements: Vec<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &Snapshot) -> io::Result<Exit> {
    let mut sources = Sources::new();
    let Checked { value, diagnostics } = read(arguments, &mut sources).unwrap_or_else(|diagnostic| Checked {
        value: None,
        diagnostics: vec![diagnostic],
    });
    if arguments.json {
        print_json(&Output {
            parts: value.as_ref().map(parts).unwrap_or_default(),
            diagnostics: render::json(&diagnostics, &sources),
        })?;
        return Ok(exit_of(&diagnostics));
    }
    if let Some(script) = value {
        print(&script.text())?;
    }
    report(&diagnostics, &sources)
}

fn read(arguments: &Snapshot, sources: &mut Sources) -> Result<Checked<Option<Script>>, Diagnostic> {
    let scope = arguments.scoping.scope(sources).map_err(|diagnostic| *diagnostic)?;
    let ids = input::read(&arguments.schema, sources)?;
    let options = ReadOptions {
        version: arguments.server.pg,
        unmodelled: Unmodelled::Refuse,
        runner: None,
        zone: Zone::Unknown,
    };
    let _stage = Stage::begin("reading");
    Ok(script(sources, &ids, options, &scope))
}

fn parts(script: &Script) -> Vec<Part> {
    let parts = script.parts.iter().map(|part| Part {
        object: full_name(&part.object),
        statements: part.statements.clone(),
    });
    parts.collect()
}
