//! Plans as text: migration files, `plan.json` and the documents for people.
//!
//! Knows the plan. Makes no SQL of its own beyond a file's frame (`BEGIN`, `COMMIT`, settings), does no input or output,
//! and writes nothing volatile: no time, no version of the tool, no path.

mod frame;
mod migration_plan;
pub mod plan_json;
mod raw;
mod rollback_plan;
mod script;
mod words;

pub use raw::migrations;
pub use script::script;

use crate::diagnostic::Diagnostic;
use crate::plan::{File, Ladder, Phase, Plan, Side};

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its path below the directory of migrations, with `/` between the parts.
    pub name: String,
    /// All of its text.
    pub text: String,
}

/// All that the texts are made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What each file holds.
    pub plan: &'a Plan,
    /// What changes, and by which rungs.
    pub ladders: &'a [Ladder],
    /// What the files are named after: lower-case letters, digits and underscores.
    pub name: &'a str,
    /// The number of the first file.
    pub first_number: u64,
    /// The server's major version that the plan is made for.
    pub version: u16,
    /// What could hurt, and is not refused.
    pub hazards: &'a [Diagnostic],
    /// What the plan was compiled with.
    pub options: &'a plan_json::Options,
}

/// The plan folder's files: `plan.json`, `MIGRATION-PLAN.md`, `ROLLBACK-PLAN.md`. Empty for a plan without files.
pub fn documents(input: &Input<'_>) -> Vec<WrittenFile> {
    if input.plan.files.is_empty() {
        return Vec::new();
    }
    let folder = format!("{:04}_{}.plan", input.first_number, input.name);
    let document = |name: &str, text: String| WrittenFile {
        name: format!("{folder}/{name}"),
        text,
    };
    vec![
        document("plan.json", plan_json::text(input)),
        document("MIGRATION-PLAN.md", migration_plan::text(input)),
        document("ROLLBACK-PLAN.md", rollback_plan::text(input)),
    ]
}

/// A planned file with its number.
#[derive(Clone, Copy, Debug)]
struct Numbered<'a> {
    number: u64,
    file: &'a File,
}

impl<'a> Input<'a> {
    /// The files with their numbers, in the order of execution.
    fn numbered(&self) -> impl DoubleEndedIterator<Item = Numbered<'a>> + ExactSizeIterator + use<'a> {
        let first = self.first_number;
        self.plan.files.iter().enumerate().map(move |(place, file)| Numbered {
            number: first.saturating_add(u64::try_from(place).unwrap_or(u64::MAX)),
            file,
        })
    }

    /// The name of a file: `0001_expand_add_org.up.sql`.
    fn file_name(&self, numbered: Numbered<'_>, side: Side) -> String {
        let side = match side {
            Side::Up => "up",
            Side::Down => "down",
        };
        let phase = numbered.file.phase.word();
        format!("{:04}_{phase}_{}.{side}.sql", numbered.number, self.name)
    }

    /// The phases that the plan has, first to last.
    fn phases(&self) -> Vec<Phase> {
        let has = |phase: &Phase| self.plan.files.iter().any(|file| file.phase == *phase);
        Phase::ALL.into_iter().filter(has).collect()
    }

    /// What must be true before a phase of the plan begins: the gates between it and the phase before it.
    fn conditions(&self, phase: Phase) -> Vec<&'static str> {
        let phases = self.phases();
        let previous = phases.iter().copied().take_while(|other| *other < phase).last();
        let lies_between = |gate: &Phase| *gate < phase && previous.is_none_or(|previous| *gate >= previous);
        // A completion query belongs to a backfill; without one there is nothing to complete.
        let applies = |gate: &Phase| *gate != Phase::Backfill || phases.contains(gate);
        Phase::ALL
            .into_iter()
            .filter(|gate| lies_between(gate) && applies(gate))
            .map(Phase::gate)
            .collect()
    }
}

#[cfg(test)]
mod sample;
