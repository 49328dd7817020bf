//! `MIGRATION-PLAN.md`: the plan for the people who review it and who run it.
//!
//! Knows the plan. Says what changes and why it is done so, who works when, what is locked, what is checked, and from where on
//! there is no way back.

use super::words::{by_reason, capital, cell, felt_locks, how_long, labels, sentence, who_waits};
use super::{Input, Numbered};
use crate::plan::{Effect, Phase, Reversal, Side, Statement};
use std::fmt::Write;

/// The most statements of a file that are told one by one: a first migration makes hundreds of objects.
const MOST_STATEMENTS: usize = 30;

/// The whole document.
pub(super) fn text(input: &Input<'_>) -> String {
    [
        opening(input),
        changes(input),
        phases(input),
        compatibility(input),
        locks(input),
        checks(input),
        hazards(input),
        point_of_no_return(input),
    ]
    .concat()
}

fn opening(input: &Input<'_>) -> String {
    let files = match input.plan.files.len() {
        1 => "1 file".to_owned(),
        number => format!("{number} files"),
    };
    let words: Vec<&str> = input.phases().into_iter().map(Phase::word).collect();
    let phases = match words.as_slice() {
        [one] => format!("1 phase ({one})"),
        several => format!("{} phases ({})", several.len(), several.join(", ")),
    };
    format!(
        "# Migration plan: {name}\n\n\
         {files} in {phases}, for PostgreSQL {version}. Run the files in the order of their numbers, one after the other:\n\n\
         ```sh\n\
         psql -v ON_ERROR_STOP=1 -f FILE\n\
         ```\n\n\
         Each file can be run again after it failed. How to go back stands in `ROLLBACK-PLAN.md`.\n",
        name = input.name,
        version = input.version,
    )
}

fn changes(input: &Input<'_>) -> String {
    let ladders = input.ladders.iter().map(|ladder| (ladder.title(), ladder.why()));
    let groups = by_reason(ladders).into_iter().map(|(titles, why)| {
        let mut group: String = titles
            .iter()
            .map(|title| format!("- {}\n", cell(&sentence(title))))
            .collect();
        if !why.is_empty() {
            let _ = write!(group, "\n  {}\n", cell(&sentence(why)));
        }
        group
    });
    format!("\n## What changes\n\n{}", groups.collect::<Vec<_>>().join("\n"))
}

fn phases(input: &Input<'_>) -> String {
    let mut text = "\n## Phases\n".to_owned();
    for phase in input.phases() {
        let _ = write!(
            text,
            "\n### {}\n\n{}\n\n",
            capital(phase.word()),
            super::words::meaning(phase)
        );
        match input.conditions(phase).as_slice() {
            [] => text += "Begins: at once.\n\n",
            conditions => {
                text += "Begins when\n\n";
                for condition in conditions {
                    let _ = writeln!(text, "- [ ] {condition}");
                }
                text.push('\n');
            }
        }
        text += "| file | transaction | what it does |\n|---|---|---|\n";
        for numbered in input.numbered().filter(|numbered| numbered.file.phase == phase) {
            let file = input.file_name(numbered, Side::Up);
            let transaction = match numbered.file.is_alone(Side::Up) {
                true => "none",
                false => "one",
            };
            let _ = writeln!(text, "| `{file}` | {transaction} | {} |", work(&numbered.file.up));
        }
    }
    text
}

/// What statements do, in one cell of a table.
fn work(statements: &[Statement]) -> String {
    let comments = statements.iter().take(MOST_STATEMENTS);
    let mut words: Vec<String> = comments.map(|statement| cell(&sentence(&statement.comment))).collect();
    match statements.len().saturating_sub(MOST_STATEMENTS) {
        0 => {}
        more => words.push(format!("and {more} statements more")),
    }
    words.join("<br>")
}

fn compatibility(input: &Input<'_>) -> String {
    let mut text = "\n## Which application works when\n\n\
                    The old application is the one that knew the schema before; the new one knows the schema that is wanted.\n\n\
                    | once this phase has run | old application | new application |\n|---|---|---|\n"
        .to_owned();
    for phase in input.phases() {
        let (old, new) = applications(phase);
        let _ = writeln!(text, "| {} | {old} | {new} |", phase.word());
    }
    text
}

/// Whether the old and the new application work on a phase's result.
fn applications(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Expand => ("works, unchanged", "works; deploy it now"),
        Phase::Backfill => ("works", "works"),
        Phase::Enforce => ("works only where a sync trigger still bridges", "works"),
        Phase::Contract => ("does not work any more", "works"),
    }
}

fn locks(input: &Input<'_>) -> String {
    let mut text = "\n## Locks\n\n".to_owned();
    let mut rows = String::new();
    for numbered in input.numbered() {
        let file = input.file_name(numbered, Side::Up);
        for lock in felt_locks(numbered.file, Side::Up) {
            let _ = writeln!(
                rows,
                "| `{file}` | {} | {} | {} | {} |",
                cell(&lock.relation),
                lock.mode,
                who_waits(lock.mode),
                how_long(&lock)
            );
        }
    }
    if rows.is_empty() {
        return text + "No relation that is in use is locked.\n";
    }
    text += "Who waits for a lock makes others wait behind it; `lock_timeout` bounds that in every file that is a \
             transaction.\n\n\
             | file | relation | mode | who waits | how long |\n|---|---|---|---|---|\n";
    text + &rows
}

fn checks(input: &Input<'_>) -> String {
    let is_check = |statement: &&Statement| statement.effect == Effect::Check;
    let checked = |numbered: &Numbered<'_>| numbered.file.up.iter().any(|statement| is_check(&statement));
    if !input.numbered().any(|numbered| checked(&numbered)) {
        return String::new();
    }
    let mut text = "\n## Checks\n\n\
                    The files run these by themselves, and stop with an error when one does not hold. They may be run by hand at \
                    any time after the file.\n"
        .to_owned();
    for numbered in input.numbered().filter(checked) {
        let _ = write!(text, "\n`{}`\n", input.file_name(numbered, Side::Up));
        for statement in numbered.file.up.iter().filter(is_check) {
            let fence = fence(&statement.sql);
            let comment = cell(&sentence(&statement.comment));
            let _ = write!(text, "\n{comment}\n\n{fence}sql\n{};\n{fence}\n", statement.sql);
        }
    }
    text
}

/// A fence longer than any run of backticks in a text.
fn fence(text: &str) -> String {
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

fn hazards(input: &Input<'_>) -> String {
    if input.hazards.is_empty() {
        return String::new();
    }
    let mut text = "\n## Hazards\n\n".to_owned();
    for hazard in input.hazards {
        let _ = write!(text, "- `{}`: {}", hazard.code.name(), cell(&hazard.message));
        if let Some(detail) = &hazard.detail {
            let _ = write!(text, ". {}", cell(detail));
        }
        text.push('\n');
    }
    text
}

fn point_of_no_return(input: &Input<'_>) -> String {
    let loses = |numbered: &Numbered<'_>| {
        let reversals = &numbered.file.reversals;
        reversals
            .iter()
            .any(|reversal| matches!(reversal, Reversal::LosesData(_)))
    };
    let mut text = "\n## Point of no return\n\n".to_owned();
    let first_loss = input.numbered().find(loses);
    let last = input.numbered().find(|numbered| numbered.file.is_irreversible());
    match last {
        Some(numbered) => {
            let file = input.file_name(numbered, Side::Up);
            let why = labels(numbered.file).join("; ");
            let _ = writeln!(text, "`{file}` cannot be undone ({}).", cell(&why));
        }
        None => text += "None: every file has a way back.\n",
    }
    if let Some(numbered) = first_loss {
        let file = input.file_name(numbered, Side::Up);
        let what = labels(numbered.file).join("; ");
        let _ = writeln!(
            text,
            "\nFrom `{file}` on, going back does not bring back all values ({}).",
            cell(&what)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::sample::Sample;
    use expect_test::expect_file;

    #[test]
    fn the_document_says_all_that_a_review_needs() {
        expect_file!["sample/MIGRATION-PLAN.md"].assert_eq(&text(&Sample::new().input()));
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("select 1"), "```");
        assert_eq!(fence("select '````'"), "`````");
    }
}
