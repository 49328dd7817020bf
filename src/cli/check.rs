//! `underpin check`: whether migrations lead to a schema, and whether the last plan among them is current.
//!
//! Knows the two questions and how the answers are told. Writes no file; a finding is no error, and has an exit code of its
//! own.

mod plan;

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::arguments::Check;
use super::changes::{self, JsonChange};
use super::migrations::{Committed, committed, numbered_entries};
use super::progress::Stage;
use super::render::{self, JsonDiagnostic};
use super::{Exit, exit_of, input, print, print_json, report};
use crate::compile::{CompileOptions, compare, from_record};
use crate::diagnostic::{Code, Diagnostic, Severity, has_errors};
use crate::source::{SourceId, Sources};

/// What is not as it should be.
#[derive(Debug, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
enum Finding {
    /// The migrations do not lead to the schema.
    DoesNotLeadToSchema {
        /// What is missing in them.
        changes: Vec<JsonChange>,
        /// The same in words.
        #[serde(skip)]
        lines: Vec<String>,
    },
    /// The plan is not what the compiler makes now.
    PlanNotCurrent {
        /// Its folder.
        plan: String,
        /// The files that are not as they would be written.
        files: Vec<plan::Different>,
    },
    /// Files of the plan lack statements that it has: they were edited.
    PlanEdited {
        /// Its folder.
        plan: String,
        /// The files.
        files: Vec<String>,
    },
    /// Files of a plan are not there, and others stand behind it.
    PlanIncomplete {
        /// Its folder.
        plan: String,
        /// The files.
        missing: Vec<String>,
    },
    /// A file has the number of one of the plan's.
    SameNumber {
        /// The plan's folder.
        plan: String,
        /// The file.
        file: String,
    },
}

/// What `check --json` writes.
#[derive(Debug, Serialize)]
struct Output<'a> {
    findings: &'a [Finding],
    /// The command that would bring the migrations up to date.
    remedy: Option<&'a str>,
    diagnostics: Vec<JsonDiagnostic>,
}

/// What came of a check.
#[derive(Debug, Default)]
struct Checked {
    findings: Vec<Finding>,
    /// What is so, in words.
    good: Vec<String>,
    /// What to do about the findings.
    remedy: Option<Remedy>,
}

/// What to do.
#[derive(Debug)]
struct Remedy {
    words: String,
    command: String,
}

/// Runs the command.
pub(super) fn run(arguments: &Check) -> io::Result<Exit> {
    let mut sources = Sources::new();
    let mut diagnostics = Vec::new();
    let checked = work(arguments, &mut sources, &mut diagnostics).unwrap_or_else(|diagnostic| {
        diagnostics.push(*diagnostic);
        Checked::default()
    });
    // What a plan is warned of was said when it was made.
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let exit = match (exit_of(&diagnostics), checked.findings.is_empty()) {
        (Exit::Done, false) => Exit::Different,
        (exit, _) => exit,
    };
    if arguments.json {
        print_json(&Output {
            findings: &checked.findings,
            remedy: checked.remedy.as_ref().map(|remedy| remedy.command.as_str()),
            diagnostics: render::json(&diagnostics, &sources),
        })?;
        return Ok(exit);
    }
    report(&diagnostics, &sources)?;
    print(&text(arguments, &checked.findings))?;
    use std::io::Write as _;
    let mut stderr = io::stderr();
    if exit != Exit::Failed {
        for words in &checked.good {
            writeln!(stderr, "{words}")?;
        }
    }
    if let Some(remedy) = &checked.remedy {
        writeln!(stderr, "\nhint: {}\n\n    {}", remedy.words, remedy.command)?;
    }
    Ok(exit)
}

/// Reads and checks.
///
/// # Errors
/// An input cannot be read.
fn work(
    arguments: &Check,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Checked, Box<Diagnostic>> {
    let directory = &arguments.migrations;
    if !directory.is_dir() {
        let message = format!("there is no directory of migrations \"{}\"", directory.display());
        let hint = "Give the directory first and the schema second: underpin check migrations schema.sql.";
        return Err(Box::new(Diagnostic::error(Code::UnreadableFile, message).hint(hint)));
    }
    let last = last_plan(directory)?;
    let options = options(arguments, last.as_ref(), sources)?;
    let stage = Stage::begin("reading");
    let base = match arguments.baseline.as_ref().or(arguments.from.as_ref()) {
        Some(base) => input::read(base, sources)?,
        None => Vec::new(),
    };
    let files = input::files_of_directory(directory)?;
    let ids = input::read_files(&files, sources)?;
    let schema = input::read(&arguments.schema, sources)?;
    drop(stage);
    let texts = Texts {
        base,
        files: files
            .iter()
            .map(|file| plan::name_below(directory, file))
            .zip(ids)
            .collect(),
        schema,
    };
    let mut checked = Checked::default();
    let mut begun = false;
    if let Some(last) = last.as_ref().filter(|_| !arguments.replay_only) {
        let _stage = Stage::begin("planning");
        let subject = plan::Subject {
            arguments,
            committed: last,
            options: &options,
        };
        begun = plan::check(&subject, &texts, sources, diagnostics, &mut checked) == plan::Extent::Begun;
    }
    if !begun && !has_errors(diagnostics) {
        let _stage = Stage::begin("comparing");
        replay(
            arguments,
            last.as_ref(),
            &options,
            &texts,
            sources,
            diagnostics,
            &mut checked,
        );
    }
    moved_on(arguments, last.as_ref(), &mut checked);
    if !checked.findings.is_empty() {
        checked.remedy = Some(remedy(arguments, last.as_ref(), &options, &checked.findings));
    }
    Ok(checked)
}

/// The texts of a check.
struct Texts {
    /// What the migrations build on.
    base: Vec<SourceId>,
    /// The migrations in their order, by their names in the directory.
    files: Vec<(String, SourceId)>,
    /// What they must lead to.
    schema: Vec<SourceId>,
}

/// The plan whose files come last.
fn last_plan(directory: &Path) -> Result<Option<Committed>, Box<Diagnostic>> {
    let entries = numbered_entries(directory)?;
    let Some(folder) = entries.iter().rev().find(|entry| entry.is_plan(None)) else {
        return Ok(None);
    };
    match committed(directory, folder) {
        Ok(committed) => Ok(Some(committed)),
        Err(why) => {
            let message = format!(
                "the plan \"{}\" cannot be read: {why}",
                directory.join(&folder.name).display()
            );
            let hint = "Restore its plan.json as plan has written it, or check with --replay-only after taking the folder away.";
            Err(Box::new(Diagnostic::error(Code::UnreadableFile, message).hint(hint)))
        }
    }
}

/// The options that the last plan was made with; what the command line says goes before them.
fn options(
    arguments: &Check,
    last: Option<&Committed>,
    sources: &mut Sources,
) -> Result<CompileOptions, Box<Diagnostic>> {
    let mut options = match last {
        None => CompileOptions::default(),
        Some(last) => from_record(&last.plan, last.folder.number).map_err(|why| {
            let message = format!("the options in the plan \"{}\" cannot be read: {why}", last.folder.name);
            Box::new(
                Diagnostic::error(Code::UnreadableFile, message).hint("Restore its plan.json as plan has written it."),
            )
        })?,
    };
    if last.is_none() || arguments.scoping.says_anything() {
        options.scope = arguments.scoping.scope(sources)?;
    }
    if let Some(version) = arguments.pg {
        options.version = version;
    }
    Ok(options)
}

/// Applies the migrations to what they build on and compares.
fn replay(
    arguments: &Check,
    last: Option<&Committed>,
    options: &CompileOptions,
    texts: &Texts,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
    checked: &mut Checked,
) {
    // What is before the last plan stands in the place of the migrations before it.
    let only_plan = arguments.from.as_ref().and(last);
    let migrations: Vec<SourceId> = texts
        .files
        .iter()
        .filter(|(name, _)| only_plan.is_none_or(|last| last.files.contains(name)))
        .map(|(_, id)| *id)
        .collect();
    let from: Vec<SourceId> = texts.base.iter().chain(&migrations).copied().collect();
    let Some(compared) = compare(sources, &from, &texts.schema, options).unpack(diagnostics) else {
        return;
    };
    let lines = changes::lines(&compared);
    if lines.is_empty() {
        let count = migrations.len();
        let files = if count == 1 {
            "migration leads"
        } else {
            "migrations lead"
        };
        checked.good.push(format!("{count} {files} to {}", arguments.schema));
        return;
    }
    let finding = Finding::DoesNotLeadToSchema {
        changes: changes::json(&compared),
        lines,
    };
    // It says more than what differs in the files of a plan.
    checked.findings.insert(0, finding);
}

/// Where the schema itself has moved on, its last plan leads elsewhere as well, and how each of its files would look is of no
/// interest: only whether somebody has edited them.
fn moved_on(arguments: &Check, last: Option<&Committed>, checked: &mut Checked) {
    let leads_elsewhere = |finding: &Finding| matches!(finding, Finding::DoesNotLeadToSchema { .. });
    let Some(last) = last.filter(|_| checked.findings.iter().any(leads_elsewhere)) else {
        return;
    };
    checked
        .findings
        .retain(|finding| !matches!(finding, Finding::PlanNotCurrent { .. }));
    let files = plan::edited(&arguments.migrations, last);
    if !files.is_empty() {
        let plan = last.folder.name.trim_end_matches(".plan").to_owned();
        checked.findings.push(Finding::PlanEdited { plan, files });
    }
}

/// The command to give.
fn remedy(arguments: &Check, last: Option<&Committed>, options: &CompileOptions, findings: &[Finding]) -> Remedy {
    let directory = arguments.migrations.display().to_string();
    let mut words: Vec<String> = vec!["underpin".to_owned(), "plan".to_owned()];
    words.push(arguments.from.clone().unwrap_or_else(|| directory.clone()));
    words.extend([arguments.schema.clone(), "--out".to_owned(), directory.clone()]);
    if let Some(baseline) = &arguments.baseline {
        words.extend(["--baseline".to_owned(), baseline.clone()]);
    }
    words.extend(plan::arguments(options));
    let command = |words: Vec<String>| {
        let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        quoted.join(" ")
    };
    for finding in findings {
        match finding {
            Finding::SameNumber { plan, .. } => {
                let name = last.map_or("NAME", |last| last.plan.name.as_str());
                return Remedy {
                    words: format!("take the files of plan {plan} away and plan it again, so that it is numbered on:"),
                    command: format!(
                        "git rm -r '{directory}/*_{name}.*' && {}",
                        command([words, strings(&["--name", name])].concat())
                    ),
                };
            }
            Finding::PlanIncomplete { plan, missing } => {
                return Remedy {
                    words: format!(
                        "the files of plan {plan} belong together; take these back, or take away the whole plan:"
                    ),
                    command: format!(
                        "git checkout HEAD^ -- {}",
                        missing
                            .iter()
                            .map(|file| quoted(&format!("{directory}/{file}")))
                            .collect::<Vec<_>>()
                            .join(" ")
                    ),
                };
            }
            Finding::PlanNotCurrent { plan, .. } => {
                let name = last.map_or("NAME", |last| last.plan.name.as_str());
                return Remedy {
                    words: format!(
                        "if no file of plan {plan} has run anywhere that matters, this writes it anew; if its files were edited on \
                         purpose, or made by another version of this program, check with --replay-only:"
                    ),
                    command: command([words, strings(&["--name", name, "--force"])].concat()),
                };
            }
            Finding::DoesNotLeadToSchema { .. } | Finding::PlanEdited { .. } => {}
        }
    }
    Remedy {
        words: match last {
            Some(last) => format!(
                "this adds what is missing; if no file of plan {} has run anywhere that matters, it can be written anew with \
                 --name {} --force:",
                last.folder.name.trim_end_matches(".plan"),
                last.plan.name
            ),
            None => "this adds what is missing:".to_owned(),
        },
        command: command([words, strings(&["--name", "NAME"])].concat()),
    }
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@+".contains(letter);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// The findings for people.
fn text(arguments: &Check, findings: &[Finding]) -> String {
    let mut text = String::new();
    let path = |name: &String| -> PathBuf { arguments.migrations.join(name) };
    for finding in findings {
        match finding {
            Finding::DoesNotLeadToSchema { lines, .. } => {
                let _ = writeln!(text, "the migrations do not lead to {}; they lack:", arguments.schema);
                for line in lines {
                    let _ = writeln!(text, "  {line}");
                }
            }
            Finding::PlanNotCurrent { plan, files } => {
                let _ = writeln!(text, "plan {plan} is not what the compiler makes now:");
                for file in files {
                    let _ = writeln!(text, "  {}: {}", file.state.words(), path(&file.file).display());
                }
                for file in files {
                    text.push_str(&file.difference);
                }
            }
            Finding::PlanEdited { plan, files } => {
                let _ = writeln!(text, "files of plan {plan} were edited:");
                for file in files {
                    let _ = writeln!(text, "  {}", path(file).display());
                }
            }
            Finding::PlanIncomplete { plan, missing } => {
                let _ = writeln!(text, "plan {plan} lacks files:");
                for file in missing {
                    let _ = writeln!(text, "  {}", path(file).display());
                }
            }
            Finding::SameNumber { plan, file } => {
                let _ = writeln!(text, "{} has the number of a file of plan {plan}", path(file).display());
            }
        }
    }
    text
}
