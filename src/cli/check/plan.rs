//! Whether the plan that stands last among migrations is what the compiler makes now.
//!
//! Knows how a plan is compiled again: from what is before its files, to the schema, with the options that its `plan.json`
//! keeps. Only the last plan can be: what an older one was to lead to is not written down.

use std::fs;
use std::path::Path;

use serde::Serialize;
use similar::TextDiff;

use super::{Checked, Finding, Texts};
use crate::cli::arguments::Check;
use crate::cli::migrations::{Committed, number};
use crate::compile::{CompileOptions, Compiled, compile};
use crate::diagnostic::Diagnostic;
use crate::dialect::postgres::read::NEWEST;
use crate::emit::plan_json::Script;
use crate::scope::{Heed, Scope, Unmentioned};
use crate::source::{SourceId, Sources};

/// What is checked.
pub(super) struct Subject<'a> {
    pub arguments: &'a Check,
    pub committed: &'a Committed,
    pub options: &'a CompileOptions,
}

/// How much of a plan is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it, or it is not known.
    Whole,
    /// Its first files, as they should be.
    Begun,
}

/// A file that is not as it would be written.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Different {
    /// Its name below the directory.
    pub file: String,
    /// What is the matter with it.
    pub state: State,
    /// From what is there to what would be written, as a unified diff.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub difference: String,
}

/// What is the matter with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It is not there.
    Missing,
    /// It says something else.
    Different,
    /// It would not be written.
    NotPlanned,
}

impl State {
    pub fn words(self) -> &'static str {
        match self {
            State::Missing => "missing",
            State::Different => "different",
            State::NotPlanned => "no longer planned",
        }
    }
}

/// The name of a file below a directory, with `/` between its parts.
pub(super) fn name_below(directory: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(directory).unwrap_or(file);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The files of the plan that are there and lack a statement which its `plan.json` has: somebody has edited them.
pub(super) fn edited(directory: &Path, committed: &Committed) -> Vec<String> {
    let files = &committed.plan.files;
    let scripts = files.iter().flat_map(|file| [&file.up, &file.down]);
    let is_edited = |script: &&Script| {
        let text = fs::read_to_string(directory.join(&script.file));
        text.is_ok_and(|text| !script.statements.iter().all(|statement| text.contains(&statement.sql)))
    };
    scripts.filter(is_edited).map(|script| script.file.clone()).collect()
}

/// Compiles the plan again and compares file by file.
pub(super) fn check(
    subject: &Subject<'_>,
    texts: &Texts,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
    checked: &mut Checked,
) -> Extent {
    let committed = subject.committed;
    let plan = committed.folder.name.trim_end_matches(".plan").to_owned();
    let first = committed.folder.number;
    let is_before = |name: &str| number(name).is_some_and(|number| number < first);
    let behind: Vec<&str> = texts
        .files
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !is_before(name) && !committed.files.iter().any(|file| file == name))
        .collect();
    if !behind.is_empty() {
        stands_before_others(subject, plan, &behind, checked);
        return Extent::Whole;
    }
    let earlier = texts
        .files
        .iter()
        .filter(|(name, _)| is_before(name))
        .map(|(_, id)| *id);
    let from: Vec<SourceId> = match subject.arguments.from {
        Some(_) => texts.base.clone(),
        None => texts.base.iter().copied().chain(earlier).collect(),
    };
    let Some(compiled) = compile(sources, &from, &texts.schema, subject.options).unpack(diagnostics) else {
        return Extent::Whole;
    };
    let directory = &subject.arguments.migrations;
    let there = pairs_there(directory, &compiled);
    let all = compiled.files.len() / 2;
    let (expected, extent) = match subject.arguments.begun && there < all {
        true => (there, Extent::Begun),
        false => (all, Extent::Whole),
    };
    let files = different(directory, committed, &compiled, expected);
    if !files.is_empty() {
        checked.findings.push(Finding::PlanNotCurrent { plan, files });
        return Extent::Whole;
    }
    checked.good.push(match extent {
        Extent::Whole => format!("plan {plan} is what the compiler makes now"),
        Extent::Begun => {
            format!("plan {plan} is what the compiler makes now; {expected} of its {all} steps are there, the others are to come")
        }
    });
    extent
}

/// A plan that others have built on is not compiled again, but must be whole, and its numbers its own.
fn stands_before_others(subject: &Subject<'_>, plan: String, behind: &[&str], checked: &mut Checked) {
    let numbers: Vec<u64> = subject.committed.files.iter().filter_map(|name| number(name)).collect();
    let same = behind
        .iter()
        .find(|name| number(name).is_some_and(|number| numbers.contains(&number)));
    if let Some(file) = same {
        let file = (*file).to_owned();
        checked.findings.push(Finding::SameNumber { plan, file });
        return;
    }
    let directory = &subject.arguments.migrations;
    let missing: Vec<String> = subject
        .committed
        .files
        .iter()
        .filter(|name| !directory.join(name).is_file())
        .cloned()
        .collect();
    if !missing.is_empty() {
        checked.findings.push(Finding::PlanIncomplete { plan, missing });
        return;
    }
    let first = behind.first().copied().unwrap_or_default();
    checked.good.push(format!(
        "plan {plan} was not compiled again: {first} stands behind it, so that {} is not what it leads to",
        subject.arguments.schema
    ));
}

/// Up to which pair of files something of the plan is there.
fn pairs_there(directory: &Path, compiled: &Compiled) -> usize {
    let pairs = compiled.files.chunks(2).enumerate();
    let mut there = pairs.filter(|(_, pair)| pair.iter().any(|file| directory.join(&file.name).exists()));
    there.next_back().map_or(0, |(number, _)| number + 1)
}

fn different(directory: &Path, committed: &Committed, compiled: &Compiled, pairs: usize) -> Vec<Different> {
    let scripts = compiled.files.iter().take(2 * pairs);
    let mut found = Vec::new();
    for file in scripts.chain(&compiled.documents) {
        let is = match fs::read(directory.join(&file.name)) {
            Ok(bytes) if bytes == file.text.as_bytes() => continue,
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => {
                found.push(Different {
                    file: file.name.clone(),
                    state: State::Missing,
                    difference: String::new(),
                });
                continue;
            }
        };
        let path = directory.join(&file.name).display().to_string();
        let difference = TextDiff::from_lines(is.as_str(), file.text.as_str())
            .unified_diff()
            .header(&path, "planned now")
            .to_string();
        found.push(Different {
            file: file.name.clone(),
            state: State::Different,
            difference,
        });
    }
    let planned = |name: &&String| compiled.files.iter().any(|file| file.name == **name);
    let superfluous = committed.files.iter().filter(|name| !planned(name));
    found.extend(
        superfluous
            .filter(|name| directory.join(name).exists())
            .map(|name| Different {
                file: name.clone(),
                state: State::NotPlanned,
                difference: String::new(),
            }),
    );
    found
}

/// The options of a plan as words of the command line.
pub(super) fn arguments(options: &CompileOptions) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    if options.version != NEWEST {
        add("--pg", options.version.to_string());
    }
    if let Some(rows) = options.small_table_rows {
        add("--small-table", rows.to_string());
    }
    if !options.allowed.is_empty() {
        add("--allow", options.allowed.join(","));
    }
    if !options.sizes.is_empty() {
        add("--stats", "stats.json".to_owned());
    }
    for schema in &options.scope.schemas {
        add("--schema", Scope::schema_name(schema));
    }
    for rule in &options.scope.rules {
        add("--exclude", rule.to_string());
    }
    let flags = [
        (options.scope.owners == Heed::Ignored, "--no-owner"),
        (options.scope.privileges == Heed::Ignored, "--no-privileges"),
        (options.scope.unmentioned == Unmentioned::Stays, "--keep-unmentioned"),
    ];
    words.extend(
        flags
            .iter()
            .filter(|(given, _)| *given)
            .map(|(_, flag)| (*flag).to_owned()),
    );
    words
}
