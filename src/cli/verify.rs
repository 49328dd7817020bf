//! `underpin verify`: a plan proved on a real server.
//!
//! Knows where plan and server come from, and how the proof is told. What is proved is `live::verify`'s business. On a
//! server that is given only a database of our own making is touched.

mod roles;

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::arguments::Verify;
use super::migrations::{committed, number, numbered_entries};
use super::progress::Stage;
use super::render::{self, JsonDiagnostic};
use super::{Exit, changes, diff, exit_of, input, print, print_json, report};
use crate::compile::{Compared, CompileOptions, compare, compile, from_record};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::live::cluster::Cluster;
use crate::live::server::{Given, Server};
use crate::live::verify::{Migration, Proof, Subject, Wanted, WayBack, verify};
use crate::live::{Error, find, plan_folder};
use crate::source::{SourceId, Sources};

/// What `verify --json` writes.
#[derive(Debug, Serialize)]
struct Output {
    /// The server's major version; null when nothing was proved.
    postgres: Option<u16>,
    files: Vec<OutputFile>,
    findings: Vec<String>,
    notes: Vec<String>,
    diagnostics: Vec<JsonDiagnostic>,
}

/// A file that led up.
#[derive(Debug, Serialize)]
struct OutputFile {
    file: String,
    milliseconds: u128,
    /// `led`, `none`, or `not_tried`.
    way_back: &'static str,
    /// What was locked, by relation.
    locks: Vec<(String, String)>,
}

/// A proof with the server that it was made on.
struct Proved {
    major: u16,
    proof: Proof,
    notes: Vec<String>,
    /// Our own files, and how the user knows them.
    names: Vec<(PathBuf, String)>,
}

impl Proved {
    fn findings(&self) -> Vec<String> {
        let findings = self.proof.findings.iter();
        findings
            .map(|finding| in_the_users_names(&finding.to_string(), &self.names))
            .collect()
    }

    fn notes(&self) -> Vec<String> {
        let notes = self.notes.iter().chain(&self.proof.notes);
        notes.map(|note| in_the_users_names(note, &self.names)).collect()
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Verify) -> io::Result<Exit> {
    let mut sources = Sources::new();
    let mut diagnostics = Vec::new();
    let proved = work(arguments, &mut sources, &mut diagnostics).unwrap_or_else(|diagnostic| {
        diagnostics.push(*diagnostic);
        None
    });
    let exit = match (&proved, exit_of(&diagnostics)) {
        (Some(proved), Exit::Done) if !proved.proof.findings.is_empty() => Exit::Different,
        (Some(_) | None, exit) => exit,
    };
    if arguments.json {
        print_json(&output(proved.as_ref(), render::json(&diagnostics, &sources)))?;
        return Ok(exit);
    }
    report(&diagnostics, &sources)?;
    use std::io::Write as _;
    match &proved {
        Some(proved) => {
            print(&text(proved))?;
            for words in closing_words(proved) {
                writeln!(io::stderr(), "{words}")?;
            }
        }
        None if exit == Exit::Done => writeln!(io::stderr(), "no difference: nothing to prove")?,
        None => {}
    }
    Ok(exit)
}

/// Reads, plans, starts a server and proves. Nothing when there is an error among the diagnostics or nothing to prove.
///
/// # Errors
/// An input cannot be read, or the server fails.
fn work(
    arguments: &Verify,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Proved>, Box<Diagnostic>> {
    let scratch = Scratch::new()?;
    let Some(prepared) = prepare(arguments, &scratch, sources, diagnostics)? else {
        return Ok(None);
    };
    let options = &prepared.options;
    let Some(compared) = compare(sources, &prepared.from, &prepared.to, options).unpack(&mut Vec::new()) else {
        return Ok(None);
    };
    let from = scratch.texts("from", &prepared.from, sources)?;
    let to = scratch.texts("to", &prepared.to, sources)?;
    let judge = |dump: &str| judged(dump, &prepared.to, sources, options);
    let subject = Subject {
        from: &from,
        wanted: match options.scope.is_everything() {
            true => Wanted::Files(&to),
            false => Wanted::Judge(&judge),
        },
        seed: arguments.seed.as_deref(),
        rows: arguments.rows,
        old_application: arguments.old_app.as_deref(),
        new_application: arguments.new_app.as_deref(),
        migrations: &prepared.migrations,
    };
    let mut names: Vec<(PathBuf, String)> = Vec::new();
    for (files, ids) in [(&from, &prepared.from), (&to, &prepared.to)] {
        let shown = ids
            .iter()
            .filter_map(|id| sources.get(*id))
            .map(|source| source.name.clone());
        names.extend(files.iter().cloned().zip(shown));
    }
    for migration in &prepared.migrations {
        names.extend([&migration.up, &migration.down].map(|file| (file.clone(), name(file))));
    }
    match prove(arguments, &subject, options.version, &compared) {
        Ok(proved) => Ok(Some(Proved { names, ..proved })),
        Err(error) => {
            let mut diagnostic = failed(&error);
            diagnostic.message = in_the_users_names(&diagnostic.message, &names);
            Err(Box::new(diagnostic))
        }
    }
}

/// Words with the names that the user knows in the place of those of our own files; psql's way to say a place is cut short.
fn in_the_users_names(words: &str, names: &[(PathBuf, String)]) -> String {
    names.iter().fold(words.to_owned(), |words, (file, name)| {
        let file = file.display();
        words
            .replace(&format!("{file}: psql:{file}:"), &format!("{name}:"))
            .replace(&file.to_string(), name)
    })
}

/// What is to be proved.
struct Prepared {
    from: Vec<SourceId>,
    to: Vec<SourceId>,
    migrations: Vec<Migration>,
    options: CompileOptions,
}

fn prepare(
    arguments: &Verify,
    scratch: &Scratch,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Prepared>, Box<Diagnostic>> {
    if arguments.committed {
        return prepare_committed(arguments, sources).map(Some);
    }
    let scope = arguments.scoping.scope(sources)?;
    let options = arguments
        .planning
        .compile_options(&arguments.reading, scope, "schema", 1)?;
    let (from, to) = diff::read(&arguments.schemas, sources)?;
    let stage = Stage::begin("planning");
    let compiled = compile(sources, &from, &to, &options).unpack(diagnostics);
    drop(stage);
    let Some(compiled) = compiled.filter(|compiled| !has_errors(diagnostics) && !compiled.files.is_empty()) else {
        return Ok(None);
    };
    let directory = scratch.0.join("migrations");
    for file in compiled.files.iter().chain(&compiled.documents) {
        scratch.write(&directory.join(&file.name), &file.text)?;
    }
    let migrations = migrations(&directory)?;
    Ok(Some(Prepared {
        from,
        to,
        migrations,
        options,
    }))
}

/// The last plan in a directory of migrations, as its files lie.
fn prepare_committed(arguments: &Verify, sources: &mut Sources) -> Result<Prepared, Box<Diagnostic>> {
    let directory = Path::new(&arguments.schemas.from);
    let entries = numbered_entries(directory)?;
    let refuse = |message: String| {
        let hint = "With --committed FROM is a directory of migrations with a plan in it, as plan writes it.";
        Box::new(Diagnostic::error(Code::UnreadableFile, message).hint(hint))
    };
    let Some(folder) = entries.iter().rev().find(|entry| entry.is_plan(None)) else {
        return Err(refuse(format!("there is no plan in \"{}\"", directory.display())));
    };
    let place = directory.join(&folder.name);
    let unreadable = |why: String| refuse(format!("the plan \"{}\" cannot be read: {why}", place.display()));
    let plan = committed(directory, folder).map_err(unreadable)?;
    let options = from_record(&plan.plan, folder.number).map_err(unreadable)?;
    let mut from = match &arguments.schemas.baseline {
        Some(baseline) => input::read(baseline, sources)?,
        None => Vec::new(),
    };
    let mut before = input::files_of_directory(directory)?;
    before.retain(|file| {
        let name = file.strip_prefix(directory).unwrap_or(file).to_string_lossy();
        number(&name).is_some_and(|number| number < folder.number)
    });
    from.extend(input::read_files(&before, sources)?);
    let to = input::read(&arguments.schemas.to, sources)?;
    let migrations = plan_folder::migrations(&place.join("plan.json")).map_err(|error| Box::new(failed(&error)))?;
    Ok(Prepared {
        from,
        to,
        migrations,
        options,
    })
}

fn migrations(directory: &Path) -> Result<Vec<Migration>, Box<Diagnostic>> {
    let read = || -> Result<Vec<Migration>, Error> {
        let plans = plan_folder::plans(directory)?;
        let read: Vec<Vec<Migration>> = plans
            .iter()
            .map(|plan| plan_folder::migrations(plan))
            .collect::<Result<_, _>>()?;
        Ok(read.concat())
    };
    read().map_err(|error| Box::new(failed(&error)))
}

/// Proves on the server that is asked for.
fn prove(arguments: &Verify, subject: &Subject<'_>, version: u16, compared: &Compared) -> Result<Proved, Error> {
    let prefix = format!("underpin_verify_{}", std::process::id());
    let mut notes = Vec::new();
    let mut note_version = |major: u16| {
        if major != version {
            notes.push(format!(
                "the plan is made for PostgreSQL {version}, the server is a PostgreSQL {major}"
            ));
        }
        major
    };
    if let Some(address) = &arguments.server {
        let server = Given::reach(address)?;
        let major = note_version(server.major());
        let _stage = Stage::begin("proving");
        let proof = verify(&server, &prefix, subject)?;
        return Ok(Proved {
            major,
            proof,
            notes,
            names: Vec::new(),
        });
    }
    let installation = match &arguments.pg_bin {
        Some(directory) => find::server_in(directory)?,
        None => find::server(Some(version))?,
    };
    let major = note_version(installation.major);
    let stage = Stage::begin("starting a server");
    let cluster = Cluster::start(&installation)?;
    drop(stage);
    // The server is ours, and gone in the end: what the schemas take for granted can be made.
    roles::make(&cluster, compared)?;
    let _stage = Stage::begin("proving");
    let proof = verify(&cluster, &prefix, subject)?;
    Ok(Proved {
        major,
        proof,
        notes,
        names: Vec::new(),
    })
}

/// What differs, in scope, between a dump and the wanted schema.
fn judged(dump: &str, to: &[SourceId], sources: &Sources, options: &CompileOptions) -> Vec<String> {
    let mut texts = Sources::new();
    let from = texts.add("the server's schema", dump);
    let to: Vec<SourceId> = to
        .iter()
        .filter_map(|id| sources.get(*id))
        .map(|source| texts.add(source.name.as_str(), source.text.as_str()))
        .collect();
    let mut diagnostics = Vec::new();
    match compare(&texts, &[from], &to, options).unpack(&mut diagnostics) {
        Some(compared) => changes::lines(&compared),
        None => diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect(),
    }
}

fn failed(error: &Error) -> Diagnostic {
    let hint = match error {
        Error::NotFound { .. } => {
            "Install PostgreSQL (on Debian: apt-get install postgresql), name its programs' directory with --pg-bin, or give a \
             scratch server with --server postgres://…."
        }
        Error::Sql { .. } => {
            "The schema itself cannot be loaded on this server. If it needs an extension or role that is not there, give a server \
             that has it with --server postgres://…."
        }
        Error::Server(_) => {
            "The server must be running and take connections at this address, and its user must be allowed to make databases and to see \
             the locks of others."
        }
        Error::System { .. } | Error::Program { .. } | Error::NotStarted { .. } | Error::NoUser => {
            "A scratch server of your own can be given with --server postgres://…; it is left as it was."
        }
        Error::Hosts => {
            "Write postgres://USER@HOST:PORT/DATABASE; the directory of a socket is a host with %2F for each slash."
        }
        Error::Plan { .. } => "Restore plan.json as plan has written it.",
    };
    Diagnostic::error(Code::NotProved, error.to_string()).hint(hint)
}

/// A line a file, then what is not as it should be.
fn text(proved: &Proved) -> String {
    let proof = &proved.proof;
    let mut text = String::new();
    let names: Vec<String> = proof.steps.iter().map(|step| name(&step.up)).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0);
    for (step, name) in proof.steps.iter().zip(&names) {
        let back = match step.way_back {
            WayBack::Led => "there and back",
            WayBack::None => "there, no way back",
            WayBack::NotTried => "there",
        };
        let locks: Vec<String> = step
            .observed
            .iter()
            .map(|(relation, mode)| format!("{relation} {mode}"))
            .collect();
        let line = format!(
            "{name:width$}  {:>6} ms  {back:18}  {}",
            step.took.as_millis(),
            locks.join(", ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for finding in proved.findings() {
        let _ = writeln!(text, "\nnot as planned: {finding}");
    }
    text
}

fn closing_words(proved: &Proved) -> Vec<String> {
    let proof = &proved.proof;
    let notes = proved.notes().into_iter().map(|note| format!("note: {note}"));
    let (rows, tables) = proof.rows;
    let tables = match tables {
        1 => "1 table".to_owned(),
        tables => format!("{tables} tables"),
    };
    let summary = match proof.findings.len() {
        0 => format!(
            "proved on PostgreSQL {}, with {rows} rows in {tables}: up, back from every stop, and up again; no lock beyond \
             what is declared was seen",
            proved.major
        ),
        1 => "1 thing is not as planned".to_owned(),
        count => format!("{count} things are not as planned"),
    };
    notes.chain([summary]).collect()
}

fn output(proved: Option<&Proved>, diagnostics: Vec<JsonDiagnostic>) -> Output {
    let steps = proved.iter().flat_map(|proved| &proved.proof.steps);
    let files = steps.map(|step| OutputFile {
        file: name(&step.up),
        milliseconds: step.took.as_millis(),
        way_back: match step.way_back {
            WayBack::Led => "led",
            WayBack::None => "none",
            WayBack::NotTried => "not_tried",
        },
        locks: step
            .observed
            .iter()
            .map(|(relation, mode)| (relation.clone(), mode.to_string()))
            .collect(),
    });
    Output {
        postgres: proved.map(|proved| proved.major),
        files: files.collect(),
        findings: proved.map(Proved::findings).unwrap_or_default(),
        notes: proved.map(Proved::notes).unwrap_or_default(),
        diagnostics,
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A directory that is removed with its contents in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, Box<Diagnostic>> {
        let directory = std::env::temp_dir().join(format!("underpin-verify-{}", std::process::id()));
        fs::create_dir_all(&directory).map_err(|error| unwritable(&directory, &error))?;
        Ok(Scratch(directory))
    }

    fn write(&self, file: &Path, text: &str) -> Result<(), Box<Diagnostic>> {
        let parent = file.parent().unwrap_or(&self.0);
        fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
        fs::write(file, text).map_err(|error| unwritable(file, &error))
    }

    /// Writes texts into files that run in the order of the texts.
    fn texts(&self, side: &str, ids: &[SourceId], sources: &Sources) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
        let mut files = Vec::new();
        for (number, source) in ids.iter().filter_map(|id| sources.get(*id)).enumerate() {
            let kept = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
            let last = source.name.rsplit('/').next().unwrap_or_default();
            let name: String = last.chars().filter(|letter| kept(*letter)).collect();
            let file = self.0.join(side).join(format!("{:04}-{name}", number + 1));
            self.write(&file, &source.text)?;
            files.push(file);
        }
        Ok(files)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let message = format!("could not write \"{}\": {error}", path.display());
    Box::new(Diagnostic::error(Code::UnwritableOutput, message))
}
