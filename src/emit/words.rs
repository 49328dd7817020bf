//! Facts of a plan in plain words, and texts made fit for SQL comments and Markdown.
//!
//! Knows what a lock means for those who read and write. Decides nothing.

use crate::catalog::{Array, DataType, ObjectId};
use crate::plan::lock::strongest;
use crate::plan::{Effect, File, Lock, LockMode, Phase, Reversal, Side, Statement};
use std::collections::HashSet;

/// Width to which comments in SQL are broken, in characters.
const WIDTH: usize = 110;

/// The locks of a side that others can wait for, the strongest per relation: a relation that the same side has made
/// before is not seen by them before its end. One that only got another name is.
pub(super) fn felt_locks(file: &File, side: Side) -> Vec<Lock> {
    let mut made: HashSet<String> = HashSet::new();
    let mut felt: Vec<&Lock> = Vec::new();
    for statement in file.statements(side) {
        felt.extend(
            statement
                .locks
                .iter()
                .filter(|lock| !made.contains(&unquoted(&lock.relation))),
        );
        if statement.removes.is_empty() {
            made.extend(statement.provides.iter().filter_map(|id| match id {
                ObjectId::Relation(name) => Some(name.to_string()),
                _ => None,
            }));
        }
    }
    strongest(felt)
}

/// The strong locks of a side that last while rows are read or written, since a lock is held to the end of its transaction;
/// what goes by the statement that locks it is not among them.
pub(super) fn held_at_length(file: &File, side: Side) -> Vec<Lock> {
    let felt = felt_locks(file, side);
    let is_felt = |lock: &Lock| felt.iter().any(|other| other.relation == lock.relation);
    let works = |statement: &Statement| {
        let long = |lock: &Lock| (lock.scans || lock.rewrites) && is_felt(lock);
        statement.locks.iter().any(long)
    };
    let statements = file.statements(side);
    let mut held: Vec<&Lock> = Vec::new();
    for (position, statement) in statements.iter().enumerate() {
        let goes = |lock: &Lock| {
            let name = unquoted(&lock.relation);
            let removed = |id: &ObjectId| matches!(id, ObjectId::Relation(relation) if relation.to_string() == name);
            statement.removes.iter().any(removed)
        };
        let works_later = statements[position + 1..].iter().any(works);
        held.extend(statement.locks.iter().filter(|lock| {
            let lasts = works_later || lock.scans || lock.rewrites;
            lasts && lock.mode.blocks_writes() && is_felt(lock) && !goes(lock)
        }));
    }
    strongest(held)
}

/// Such locks as a sentence; none without any.
pub(super) fn waits_at_length(locks: &[Lock]) -> Option<String> {
    const MOST: usize = 4;
    let modes: Vec<String> = locks
        .iter()
        .take(MOST)
        .map(|lock| format!("{} ({})", lock.relation, lock.mode.words()))
        .collect();
    let more = match locks.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let stay = if locks.len() == 1 { "stays" } else { "stay" };
    (!locks.is_empty()).then(|| {
        format!(
            "{}{more} {stay} locked while this file reads or writes rows",
            modes.join(", ")
        )
    })
}

/// A name without its quotes.
fn unquoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '"' {
            text.push(letter);
        } else if letters.peek() == Some(&'"') {
            letters.next();
            text.push('"');
        }
    }
    text
}

/// Who waits while a lock is held.
pub(super) fn who_waits(mode: LockMode) -> &'static str {
    match mode {
        LockMode::AccessShare | LockMode::RowShare | LockMode::RowExclusive => "reads and writes go on",
        LockMode::ShareUpdateExclusive => "reads and writes go on, VACUUM and DDL wait",
        LockMode::Share | LockMode::ShareRowExclusive => "writes wait, reads go on",
        LockMode::Exclusive => "writes and row locks wait, plain reads go on",
        LockMode::AccessExclusive => "reads and writes wait",
    }
}

/// What decides how long a lock is held.
pub(super) fn how_long(lock: &Lock) -> &'static str {
    match (lock.rewrites, lock.scans) {
        (true, _) => "all rows and indexes are written anew",
        (false, true) => "all rows are read",
        (false, false) if lock.mode == LockMode::RowExclusive => "single rows, each as long as its batch",
        (false, false) => "brief",
    }
}

/// A truth label, as it stands in headers and documents.
pub(super) fn label(reversal: &Reversal) -> String {
    match reversal {
        Reversal::Exact => "exact".to_owned(),
        Reversal::LosesData(what) => format!("loses data: {what}"),
        Reversal::Irreversible(why) => format!("irreversible: {why}"),
    }
}

/// A file's truth labels, the gravest first.
pub(super) fn labels(file: &File) -> Vec<String> {
    let rank = |reversal: &&Reversal| match reversal {
        Reversal::Irreversible(_) => 0,
        Reversal::LosesData(_) => 1,
        Reversal::Exact => 2,
    };
    let mut reversals: Vec<&Reversal> = file.reversals.iter().collect();
    reversals.sort_by_key(rank);
    reversals.into_iter().map(label).collect()
}

/// What a phase is, in a sentence.
pub(super) fn meaning(phase: Phase) -> &'static str {
    match phase {
        Phase::Expand => "New objects are made beside the old ones.",
        Phase::Backfill => "Rows that are there get their new values, in batches.",
        Phase::Enforce => "What is new becomes binding.",
        Phase::Contract => "What is old goes.",
    }
}

/// Why a down file without a statement is right. `None` when it holds statements.
pub(super) fn nothing_to_undo(file: &File) -> Option<&'static str> {
    if !file.down.is_empty() {
        return None;
    }
    let has = |effect| file.up.iter().any(|statement| statement.effect == effect);
    Some(if has(Effect::Schema) {
        "what the up file did stands in nobody's way; the down files before it take its result away."
    } else if has(Effect::Data) {
        "the up file changed no schema. The values it wrote lie in what earlier files made and go with it."
    } else {
        "the up file only looks and changes nothing."
    })
}

/// Whether statements only look.
pub(super) fn only_checks(statements: &[Statement]) -> bool {
    statements.iter().all(|statement| statement.effect.changes_nothing())
}

/// What is left after a side of a file has failed halfway, and what to do.
pub(super) fn after_failure(file: &File, side: Side) -> &'static str {
    let statements = file.statements(side);
    let moves_rows = statements.iter().any(|statement| statement.effect == Effect::Data);
    if only_checks(statements) {
        "nothing was changed. The error names what does not hold; run again what should bring it about, then this file."
    } else if !file.is_alone(side) {
        "everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds the lock first."
    } else if moves_rows {
        "batches that were committed stay; run the file again and it goes on with the rows that are left."
    } else if statements.iter().any(|statement| !statement.provides.is_empty()) {
        "run the file before it and this one again: what an interrupted run leaves behind is taken away there."
    } else {
        "run the file again."
    }
}

/// A data type with its schema where it is not PostgreSQL's own, unquoted.
pub(super) fn data_type(data_type: &DataType) -> String {
    let name = if data_type.name.is_system() {
        data_type.name.name.to_string()
    } else {
        data_type.name.to_string()
    };
    let modifiers = if data_type.modifiers.is_empty() {
        String::new()
    } else {
        format!("({})", data_type.modifiers.join(","))
    };
    match data_type.array {
        Array::Scalar => name + &modifiers,
        Array::Array => name + &modifiers + "[]",
    }
}

/// Text on one line: line feeds and other control characters become spaces, so that a name cannot end a comment.
pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

/// Lines of SQL comment: the first line after `first`, the others indented by as much.
pub(super) fn comment(first: &str, text: &str) -> String {
    let indent = " ".repeat(first.chars().count());
    let mut lines: Vec<String> = Vec::new();
    for word in one_line(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if 3 + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("{indent}{word}")),
            None => lines.push(format!("{first}{word}")),
        }
    }
    lines.iter().map(|line| format!("-- {line}\n")).collect()
}

/// Text fit for a cell of a Markdown table or a line of a list.
pub(super) fn cell(text: &str) -> String {
    one_line(text)
        .replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
}

/// Words as a sentence: with a full stop, and a capital where the first word is plainly a word and not a name.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let first_word = text.split(' ').next().unwrap_or_default();
    let mut sentence = match first_word.chars().all(|letter| letter.is_ascii_lowercase()) {
        true => capital(text),
        false => text.to_owned(),
    };
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', ':']) {
        sentence.push('.');
    }
    sentence
}

/// The first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What changes, grouped by the reason for its lowering: neighbours with one reason share it.
pub(super) fn by_reason<'a>(changes: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(Vec<&'a str>, &'a str)> {
    let mut groups: Vec<(Vec<&str>, &str)> = Vec::new();
    for (title, why) in changes {
        match groups.last_mut() {
            Some((titles, last)) if *last == why => titles.push(title),
            Some(_) | None => groups.push((vec![title], why)),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_line_feed_cannot_end_a_comment() {
        let text = comment("", "table \"a\nDROP TABLE b; --\r\"");
        assert_eq!(text, "-- table \"a DROP TABLE b; -- \"\n");
    }

    #[test]
    fn names_lose_their_quotes() {
        assert_eq!(unquoted("app.\"My \"\"T\"\"\""), "app.My \"T\"");
        assert_eq!(unquoted("app.users"), "app.users");
    }

    #[test]
    fn sentences_keep_the_case_of_names() {
        assert_eq!(sentence("table app.t is dropped"), "Table app.t is dropped.");
        assert_eq!(sentence("users_pkey goes."), "users_pkey goes.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn long_comments_are_broken_and_indented() {
        let text = comment("Why: ", &"word ".repeat(40));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.len() <= WIDTH), "{text}");
        assert!(lines[1].starts_with("--      word"), "{text}");
    }
}
