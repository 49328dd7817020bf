//! `ROLLBACK-PLAN.md`: how to go back, file by file, and what comes back.
//!
//! Knows the plan. Makes no promise beyond the files' truth labels.

use super::words::{cell, held_at_length, labels, nothing_to_undo, waits_at_length};
use super::{Input, Numbered};
use crate::plan::{Phase, Reversal, Side};
use std::fmt::Write;

/// The whole document.
pub(super) fn text(input: &Input<'_>) -> String {
    let mut text = format!(
        "# Rollback plan: {}\n\n\
         Begin with the last file that was run and changed something (a file that only checks has nothing to undo by itself; \
         its down completes that of the file after it) and go up this table, one file after the other, as far back as you want \
         to go. An up file that failed halfway counts as not run when it is a transaction, and as run when it is not.\n\n\
         | undo | by | transaction | what comes back |\n|---|---|---|---|\n",
        input.name
    );
    for numbered in input.numbered().rev() {
        text += &row(input, numbered);
    }
    text += "\nThe labels: *exact*, all is as it was before the file; *loses data*, the shape comes back but not the values named; \
             *irreversible*, the down file raises an error and changes nothing. What the applications have written meanwhile stays as far as the \
             schema before has a place for it.\n";
    text += &applications(input);
    text += &waits(input);
    text + &limits(input)
}

fn row(input: &Input<'_>, numbered: Numbered<'_>) -> String {
    let up = input.file_name(numbered, Side::Up);
    let down = input.file_name(numbered, Side::Down);
    let file = numbered.file;
    let transaction = match (file.is_alone(Side::Up), file.is_alone(Side::Down)) {
        (false, false) => "up and down",
        (false, true) => "up only",
        (true, false) => "down only",
        (true, true) => "neither",
    };
    let label = cell(&labels(file).join("; "));
    let note = match nothing_to_undo(file) {
        Some(why) => format!("; nothing to undo: {why}"),
        None => String::new(),
    };
    format!("| `{up}` | `{down}` | {transaction} | {label}{note} |\n")
}

/// Which application must be running before a phase is undone.
fn applications(input: &Input<'_>) -> String {
    let mut text = "\n## Before a phase is undone\n\n".to_owned();
    for phase in input.phases().into_iter().rev() {
        let _ = writeln!(text, "- {}: {}", phase.word(), before_undoing(phase));
    }
    text
}

fn before_undoing(phase: Phase) -> &'static str {
    match phase {
        Phase::Expand => {
            "the old application is deployed everywhere; the new one does not work without the new objects."
        }
        Phase::Backfill => "nothing; old and new application work before and after.",
        Phase::Enforce => "nothing; what was binding is lifted.",
        Phase::Contract => "nothing; the old shape comes back beside the new one, as far as the label says.",
    }
}

/// Which down files make others wait for long.
fn waits(input: &Input<'_>) -> String {
    let mut text = String::new();
    for numbered in input.numbered().rev() {
        let undoes = nothing_to_undo(numbered.file).is_none() && !numbered.file.is_irreversible();
        let words = waits_at_length(&held_at_length(numbered.file, Side::Down)).filter(|_| undoes);
        if let Some(words) = words {
            let down = input.file_name(numbered, Side::Down);
            let _ = writeln!(text, "- `{down}`: {}.", cell(&words));
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("\n## Who has to wait\n\n{text}"),
    }
}

/// From where on going back is limited.
fn limits(input: &Input<'_>) -> String {
    let mut text = "\n## When it is no longer possible\n\n".to_owned();
    let mut limited = false;
    for numbered in input.numbered() {
        let file = input.file_name(numbered, Side::Up);
        for reversal in &numbered.file.reversals {
            match reversal {
                Reversal::Exact => continue,
                Reversal::LosesData(what) => {
                    let _ = writeln!(
                        text,
                        "- `{file}` can be undone, without these values: {}. Save them first if they are needed.",
                        cell(what)
                    );
                }
                Reversal::Irreversible(why) => {
                    let _ = writeln!(
                        text,
                        "- Once `{file}` has run there is no way back behind it: {}. Only a backup brings it back.",
                        cell(why)
                    );
                }
            }
            limited = true;
        }
    }
    if !limited {
        text += "It is possible at any time.\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::sample::Sample;
    use expect_test::expect_file;

    #[test]
    fn the_document_goes_back_from_the_last_file() {
        expect_file!["sample/ROLLBACK-PLAN.md"].assert_eq(&text(&Sample::new().input()));
    }
}
