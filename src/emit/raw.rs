//! Migration files as they run with `psql -v ON_ERROR_STOP=1 -f`: a pair of numbered up and down files for each file of
//! the plan.
//!
//! A file is one transaction, or one statement that cannot be in one. The latter begins with `-- no-transaction` and
//! holds nothing else, since most programs send a file as one query, which is an implicit transaction.

use super::frame::{self, Duration, Limits};
use super::words::{
    after_failure, by_reason, comment, felt_locks, held_at_length, how_long, labels, meaning, nothing_to_undo,
    one_line, only_checks, sentence, waits_at_length, who_waits,
};
use super::{Input, Numbered, WrittenFile};
use crate::plan::{File, Lock, Reversal, Side, Statement};

/// The first bytes of a file that is not a transaction.
const NO_TRANSACTION: &str = "-- no-transaction\n";

/// The most purposes that a header lists: a first migration makes hundreds of objects.
const MOST_PURPOSES: usize = 30;

/// The migration files in the order of execution, each up followed by its down.
pub fn migrations(input: &Input<'_>) -> Vec<WrittenFile> {
    let mut written = Vec::with_capacity(input.plan.files.len() * 2);
    for numbered in input.numbered() {
        for side in [Side::Up, Side::Down] {
            written.push(WrittenFile {
                name: input.file_name(numbered, side),
                text: text(input, numbered, side),
            });
        }
    }
    written
}

fn text(input: &Input<'_>, numbered: Numbered<'_>, side: Side) -> String {
    let file = numbered.file;
    let header = header(input, numbered, side);
    if file.statements(side).is_empty() {
        header
    } else if file.is_alone(side) {
        let statements: String = file.statements(side).iter().map(statement_text).collect();
        format!("{NO_TRANSACTION}{header}\n{statements}")
    } else {
        format!("{header}\n{}", transaction(file, side))
    }
}

/// A side as one transaction with its settings.
fn transaction(file: &File, side: Side) -> String {
    let statements = file.statements(side);
    let mut text = String::new();
    let limits = Limits::of(file, side);
    let mut duration = statements.first().map_or(Duration::Short, Duration::of);
    text += "BEGIN;\n";
    text += limits.set_lock_timeout();
    text += limits.set_statement_timeout(duration);
    if frame::makes_routines(file, side) {
        text += frame::BODIES_UNCHECKED;
    }
    for statement in statements {
        text.push('\n');
        if Duration::of(statement) != duration {
            duration = Duration::of(statement);
            text += limits.set_statement_timeout(duration);
        }
        text += &statement_text(statement);
    }
    text += "\nCOMMIT;\n";
    text
}

/// The comment that a file opens with.
fn header(input: &Input<'_>, numbered: Numbered<'_>, side: Side) -> String {
    let file = numbered.file;
    let up = input.file_name(numbered, Side::Up);
    let down = input.file_name(numbered, Side::Down);
    let phase = file.phase;
    let mut text = match side {
        Side::Up => comment("", &up),
        Side::Down => comment("", &format!("{down} undoes {up}.")),
    };
    let meaning = meaning(phase);
    let audience = phase.audience();
    text += &match side {
        Side::Up => comment("", &format!("Phase {}: {meaning} For {audience}.", phase.word())),
        Side::Down => comment("", &format!("Phase {}.", phase.word())),
    };
    text += "--\n";
    text += &purposes(file, side);
    text += "--\n";
    if side == Side::Down
        && let Some(why) = nothing_to_undo(file)
    {
        return text + &comment("Nothing to undo: ", why) + &comment("Truth label: ", &labels(file).join("; "));
    }
    if side == Side::Down && file.is_irreversible() {
        return text + &comment("Truth label: ", &truth(file));
    }
    text += &comment(
        "Transaction: ",
        match file.is_alone(side) {
            true => "none; one statement, which the server refuses in a transaction or which commits by itself.",
            false => "one; the file takes effect as a whole or not at all.",
        },
    );
    text += &locks(&felt_locks(file, side));
    if side == Side::Down
        && let Some(words) = waits_at_length(&held_at_length(file, side))
    {
        text += &comment(
            "Hazard: ",
            &format!("{words}; run it when those who read and write can wait."),
        );
    }
    text += &comment("Time limits: ", &time_limits(file, side));
    text += &comment("If it fails: ", after_failure(file, side));
    text + &match side {
        Side::Up => comment("Undone by: ", &format!("{down} ({}).", labels(file).join("; "))),
        Side::Down => comment("Truth label: ", &truth(file)),
    }
}

/// What the file is for, and on the way up why it is done so.
fn purposes(file: &File, side: Side) -> String {
    let mut text = match side {
        Side::Up if only_checks(&file.up) => comment("", "Checked is:"),
        Side::Up => String::new(),
        Side::Down => comment("", "Takes back what the up file did for:"),
    };
    let listed = file.purposes.iter().take(MOST_PURPOSES);
    for (titles, why) in by_reason(listed.map(|purpose| (purpose.title.as_str(), purpose.why.as_str()))) {
        text.extend(titles.into_iter().map(|title| comment("* ", &sentence(title))));
        match side {
            Side::Up => text += &comment("  ", &sentence(why)),
            Side::Down => {}
        }
    }
    match file.purposes.len().saturating_sub(MOST_PURPOSES) {
        0 => text,
        more => text + &comment("* ", &format!("and {more} more; each statement says what it is for.")),
    }
}

/// A down file's truth label, and what it means where it is good.
fn truth(file: &File) -> String {
    let words = labels(file).join("; ");
    if file.is_irreversible() {
        format!("{words}. This file raises an error and changes nothing, so that nobody takes it for done.")
    } else if file.reversals.iter().all(|reversal| *reversal == Reversal::Exact) {
        format!("{words}; the schema and the rows that were there are as they were before the up file.")
    } else {
        format!("{words}. The shape comes back, those values do not.")
    }
}

/// The locks in columns, one line a relation.
fn locks(locks: &[Lock]) -> String {
    if locks.is_empty() {
        return comment("Locks: ", "none on a relation that is in use.");
    }
    let relation_width = locks
        .iter()
        .map(|lock| lock.relation.chars().count())
        .max()
        .unwrap_or(0);
    let mode_width = locks.iter().map(|lock| lock.mode.words().len()).max().unwrap_or(0);
    let lines = locks.iter().map(|lock| {
        let relation = one_line(&lock.relation);
        let mode = lock.mode.words();
        let (who, long) = (who_waits(lock.mode), how_long(lock));
        format!("--   {relation:relation_width$}  {mode:mode_width$}  {who}; {long}\n")
    });
    "-- Locks:\n".to_owned() + &lines.collect::<String>()
}

fn time_limits(file: &File, side: Side) -> String {
    if file.is_alone(side) {
        return "none can be set in this file, and none should hold: run it with lock_timeout and statement_timeout 0. \
                It makes no reader or writer wait for long."
            .to_owned();
    }
    let limits = Limits::of(file, side);
    let durations = || file.statements(side).iter().map(Duration::of);
    let lock = limits.lock_timeout();
    let short = limits.short_statement_timeout();
    let statement = match (
        durations().any(|duration| duration == Duration::Short),
        durations().any(|duration| duration == Duration::ByRows),
    ) {
        (true, true) => format!("statement_timeout {short}, none for what reads or writes rows"),
        (false, true) => "no statement_timeout, since the time depends on the number of rows".to_owned(),
        (true | false, false) => format!("statement_timeout {short}"),
    };
    format!("lock_timeout {lock}, {statement}.")
}

fn statement_text(statement: &Statement) -> String {
    format!("{}{};\n", comment("", &sentence(&statement.comment)), statement.sql)
}

#[cfg(test)]
mod tests;
