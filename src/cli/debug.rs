//! `underpin debug`: every intermediate form as stable text.
//!
//! For people who look for the place where something went wrong. The forms may change with any version.

use std::fmt::Write;
use std::io;

use super::arguments::{Debug, Notation, Planning, Reading, Schemas, Scoping};
use super::changes;
use super::diff;
use super::{Exit, input, print, report};
use crate::catalog::{Catalog, Ident, ObjectId};
use crate::compile::{Compared, Compiled, compile};
use crate::diagnostic::{Checked, Diagnostic};
use crate::dialect::postgres::Zone;
use crate::dialect::postgres::read::{ReadOptions, read_script};
use crate::dialect::postgres::{full_name, object_words};
use crate::plan::{File, Ladder, Side, Statement};
use crate::snapshot::Snapshot;
use crate::source::{SourceId, Sources};
use crate::syntax;

/// Runs the command.
pub(super) fn run(command: &Debug) -> io::Result<Exit> {
    let mut sources = Sources::new();
    let Checked { value, diagnostics } = match command {
        Debug::Tokens { schema } => read(schema, &mut sources).map(|ids| tokens(&ids, &sources)),
        Debug::Catalog { schema, reading } => {
            snapshot(schema, reading, &mut sources).map(|snapshot| snapshot.map(|snapshot| catalog(&snapshot.catalog)))
        }
        Debug::Graph {
            schema,
            notation,
            reading,
        } => snapshot(schema, reading, &mut sources)
            .map(|snapshot| snapshot.map(|snapshot| graph(&snapshot.catalog, *notation))),
        Debug::Changes {
            schemas,
            reading,
            scoping,
        } => {
            let (compared, diagnostics) = diff::compared(schemas, reading, scoping, &mut sources);
            Ok(Checked {
                value: compared.as_ref().map(all_changes).unwrap_or_default(),
                diagnostics,
            })
        }
        Debug::Plan {
            schemas,
            reading,
            planning,
            scoping,
        } => compiled(schemas, reading, planning, scoping, &mut sources)
            .map(|compiled| compiled.map(|compiled| compiled.as_ref().map(plan).unwrap_or_default())),
    }
    .unwrap_or_else(|diagnostic| Checked {
        value: String::new(),
        diagnostics: vec![diagnostic],
    });
    print(&value)?;
    report(&diagnostics, &sources)
}

fn read(schema: &str, sources: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    input::read(schema, sources)
}

fn snapshot(schema: &str, reading: &Reading, sources: &mut Sources) -> Result<Checked<Snapshot>, Diagnostic> {
    let ids = read(schema, sources)?;
    let options = reading.compile_options();
    let options = ReadOptions {
        version: options.version,
        unmodelled: options.unmodelled,
        runner: options.role.as_deref().map(Ident::from),
        zone: Zone::Unknown,
    };
    Ok(read_script(sources, &ids, options))
}

fn compiled(
    schemas: &Schemas,
    reading: &Reading,
    planning: &Planning,
    scoping: &Scoping,
    sources: &mut Sources,
) -> Result<Checked<Option<Compiled>>, Diagnostic> {
    let scope = scoping.scope(sources).map_err(|diagnostic| *diagnostic)?;
    let (from, to) = diff::read(schemas, sources)?;
    let options = planning
        .compile_options(reading, scope, "schema", 1)
        .map_err(|diagnostic| *diagnostic)?;
    Ok(compile(sources, &from, &to, &options))
}

/// Statements and directives with their places.
fn tokens(ids: &[SourceId], sources: &Sources) -> Checked<String> {
    let mut text = String::new();
    let mut diagnostics = Vec::new();
    for &id in ids {
        let script = syntax::split(id, sources.text(id)).unpack(&mut diagnostics);
        let name = sources.get(id).map_or("", |source| source.name.as_str());
        let mut at = |span, what: &str| {
            let (line, column) = sources.line_column(span);
            let _ = writeln!(text, "{name}:{line}:{column} {what}");
        };
        for statement in &script.statements {
            let words: Vec<&str> = sources.slice(statement.span).split_whitespace().take(6).collect();
            at(statement.span, &format!("statement {}", words.join(" ")));
        }
        for directive in &script.directives {
            at(directive.span, &format!("directive {:?}", directive.kind));
        }
        for skipped in &script.skipped {
            at(skipped.span, &format!("skipped {:?}", skipped.reason));
        }
    }
    Checked {
        value: text,
        diagnostics,
    }
}

/// The objects in the order in which they came to be.
fn catalog(catalog: &Catalog) -> String {
    let mut text = String::new();
    for (id, entry) in catalog.iter() {
        let _ = writeln!(
            text,
            "{} {}\n{entry:#?}\n",
            object_words(id, &entry.object),
            full_name(id)
        );
    }
    text
}

/// Every change by itself, parts too.
fn all_changes(compared: &Compared) -> String {
    let mut text = String::new();
    for change in changes::json(compared) {
        let attributes: Vec<&str> = change.attributes.iter().map(|attribute| attribute.attribute).collect();
        let line = format!(
            "{} {} {} {}",
            change.change,
            change.kind,
            change.name,
            attributes.join(", ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What requires what: an arrow from an object to what must exist before it.
fn graph(catalog: &Catalog, notation: Notation) -> String {
    let label = |id: &ObjectId| match catalog.get(id) {
        Some(entry) => format!("{} {}", object_words(id, &entry.object), full_name(id)),
        None => full_name(id),
    };
    let quoted = |id: &ObjectId| label(id).replace('"', "'");
    let mut text = match notation {
        Notation::Dot => "digraph schema {\n  rankdir = LR\n".to_owned(),
        Notation::Mermaid => "graph LR\n".to_owned(),
    };
    for (number, (id, _)) in catalog.iter().enumerate() {
        let _ = match notation {
            Notation::Dot => writeln!(text, "  n{number} [label = \"{}\"]", quoted(id).replace('\\', "\\\\")),
            Notation::Mermaid => writeln!(text, "  n{number}[\"{}\"]", quoted(id)),
        };
        let requirements = catalog.requirements(id);
        for requirement in requirements
            .iter()
            .filter_map(|requirement| catalog.position(requirement))
        {
            let _ = match notation {
                Notation::Dot => writeln!(text, "  n{number} -> n{requirement}"),
                Notation::Mermaid => writeln!(text, "  n{number} --> n{requirement}"),
            };
        }
    }
    text += match notation {
        Notation::Dot => "}\n",
        Notation::Mermaid => "",
    };
    text
}

/// Ladders with their rungs, then files with their statements.
fn plan(compiled: &Compiled) -> String {
    let mut text = String::new();
    for (number, ladder) in compiled.ladders.iter().enumerate() {
        ladder_text(number, ladder, &mut text);
    }
    let names = compiled.files.chunks(2).filter_map(|pair| pair.first());
    for (file, written) in compiled.plan.files.iter().zip(names) {
        file_text(file, &written.name, &mut text);
    }
    text
}

fn ladder_text(number: usize, ladder: &Ladder, text: &mut String) {
    let _ = writeln!(text, "ladder {number} {}", full_name(ladder.object()));
    let _ = writeln!(text, "  {}\n  {}", ladder.title(), ladder.why());
    for rung in ladder.rungs() {
        let _ = writeln!(
            text,
            "  {:?} in {}, {:?}, back {:?}",
            rung.state,
            rung.phase.word(),
            rung.company,
            rung.reversal
        );
        for (side, statements) in [("up", &rung.up), ("down", &rung.down), ("verify", &rung.verify)] {
            for statement in statements {
                let _ = writeln!(text, "    {side} {}", statement.comment);
                footprint(statement, text);
            }
        }
    }
    text.push('\n');
}

/// What the order goes by.
fn footprint(statement: &Statement, text: &mut String) {
    let lists = [
        ("provides", &statement.provides),
        ("removes", &statement.removes),
        ("requires", &statement.requires),
        ("releases", &statement.releases),
        ("mentions", &statement.mentions),
    ];
    for (word, ids) in lists.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        let names: Vec<String> = ids.iter().map(full_name).collect();
        let _ = writeln!(text, "      {word} {}", names.join(", "));
    }
}

fn file_text(file: &File, name: &str, text: &mut String) {
    let _ = writeln!(text, "file {name} {:?} {:?}", file.company, file.reversals);
    for (word, side) in [("up", Side::Up), ("down", Side::Down)] {
        for statement in file.statements(side) {
            let _ = writeln!(
                text,
                "  {word} {:?} {:?} {}",
                statement.effect, statement.transaction, statement.comment
            );
        }
        for lock in file.locks(side) {
            let work = match (lock.scans, lock.rewrites) {
                (_, true) => " rewrites",
                (true, false) => " scans",
                (false, false) => "",
            };
            let _ = writeln!(text, "  {word} locks {} {}{work}", lock.relation, lock.mode);
        }
    }
    text.push('\n');
}
