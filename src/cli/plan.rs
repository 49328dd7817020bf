//! `underpin plan`: the migration files that turn one schema into another.
//!
//! Knows the order of the work: read, number on, compile, write, tell. Writes nothing unless all of it succeeded.

use std::fmt::Write;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::arguments::Plan;
use super::progress::Stage;
use super::render::{self, JsonDiagnostic};
use super::write_out::{self, Existing};
use super::{Exit, diff, exit_of, print, print_json, report};
use crate::compile::{Compiled, compile};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::plan::Phase;
use crate::source::Sources;

/// What `plan --json` writes.
#[derive(Debug, Serialize)]
struct Output {
    /// The files that were written, below the directory of migrations, in the order of execution; then the documents.
    files: Vec<String>,
    diagnostics: Vec<JsonDiagnostic>,
}

/// Runs the command.
pub(super) fn run(arguments: &Plan) -> io::Result<Exit> {
    let mut sources = Sources::new();
    let mut diagnostics = Vec::new();
    let compiled = match work(arguments, &mut sources, &mut diagnostics) {
        Ok(compiled) => compiled,
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            None
        }
    };
    if arguments.json {
        let files = compiled
            .iter()
            .flat_map(|compiled| compiled.files.iter().chain(&compiled.documents));
        print_json(&Output {
            files: files.map(|file| file.name.clone()).collect(),
            diagnostics: render::json(&diagnostics, &sources),
        })?;
        return Ok(exit_of(&diagnostics));
    }
    let exit = report(&diagnostics, &sources)?;
    if let Some(compiled) = compiled {
        match compiled.files.is_empty() {
            true => {
                use std::io::Write as _;
                writeln!(io::stderr(), "no difference: nothing to plan")?;
            }
            false => {
                print(&summary(&compiled, &arguments.out))?;
            }
        }
    }
    Ok(exit)
}

/// Reads, compiles and writes. Nothing when there is an error among the diagnostics.
///
/// # Errors
/// What the file system refused.
fn work(
    arguments: &Plan,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Compiled>, Box<Diagnostic>> {
    let existing = match arguments.force {
        true => Existing::Replace,
        false => Existing::Keep,
    };
    let target = write_out::Target::find(&arguments.out, &arguments.name, existing)?;
    let scope = arguments.scoping.scope(sources)?;
    let options =
        arguments
            .planning
            .compile_options(&arguments.reading, scope, &arguments.name, target.first_number())?;
    let is_replaced = |file: &Path| target.replaces(file);
    let (from, to) = diff::read_for_plan(&arguments.schemas, &arguments.out, &is_replaced, sources)?;
    let stage = Stage::begin("planning");
    let compiled = compile(sources, &from, &to, &options).unpack(diagnostics);
    drop(stage);
    let Some(compiled) = compiled.filter(|_| !has_errors(diagnostics)) else {
        return Ok(None);
    };
    if !compiled.files.is_empty() {
        let _stage = Stage::begin("writing");
        target.write(compiled.files.iter().chain(&compiled.documents))?;
    }
    Ok(Some(compiled))
}

/// The files by phase, each phase with what must be true before the next.
fn summary(compiled: &Compiled, out: &Path) -> String {
    let mut text = String::new();
    let phases: Vec<Phase> = Phase::ALL
        .into_iter()
        .filter(|phase| compiled.plan.files.iter().any(|file| file.phase == *phase))
        .collect();
    for phase in &phases {
        let _ = writeln!(text, "{} (for {})", phase.word(), phase.audience());
        // Up and down files take turns.
        let ups = compiled.files.iter().step_by(2);
        for (written, _) in ups.zip(&compiled.plan.files).filter(|(_, file)| file.phase == *phase) {
            let _ = writeln!(text, "  {}", out.join(&written.name).display());
        }
        if phases.last() != Some(phase) {
            let _ = writeln!(text, "  then: {}", phase.gate());
        }
    }
    for document in &compiled.documents {
        let _ = writeln!(text, "{}", out.join(&document.name).display());
    }
    text
}
