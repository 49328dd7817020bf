//! `plan.json`: the plan for programs, in a form of its own with a version, so that the types of the compiler may change.
//!
//! Its JSON Schema is `grammar/plan.schema.json`, made from these types; a test holds the two together. A change that a
//! reader of version 1 could not understand makes it version 2.

use super::{Input, Numbered, words};
use crate::catalog::{ObjectId, QualifiedName};
use crate::diagnostic::Diagnostic;
use crate::plan;
use crate::plan::Side;
use serde::{Deserialize, Serialize};

/// The version of the form.
pub const VERSION: u32 = 1;

/// Gives a type the traits of all types here; the schema is made in tests only.
macro_rules! json {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        $item
    )*};
}

json! {
    /// A migration from one schema to another, as files that run in order.
    pub struct Plan {
        /// The version of this form; 1.
        pub version: u32,
        /// What the files are named after.
        pub name: String,
        /// The oldest PostgreSQL major version that the files run on as they are.
        pub postgres: u16,
        /// What it was compiled with, where that is not what holds by itself.
        #[serde(default, skip_serializing_if = "Options::is_empty")]
        pub options: Options,
        /// The phases that the plan has, in order.
        pub phases: Vec<Phase>,
        /// The files, in the order of execution.
        pub files: Vec<File>,
        /// What changes, object by object.
        pub ladders: Vec<Ladder>,
        /// What could hurt, and was allowed or is said aloud only.
        pub hazards: Vec<Hazard>,
    }

    /// The options of the command line, so that the plan can be compiled again.
    #[derive(Default)]
    pub struct Options {
        /// Up to how many rows a table is changed directly.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub small_table: Option<u64>,
        /// The hazards that were taken, by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub allow: Vec<String>,
        /// How large the tables are that the plan has to do with, where statistics were given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub sizes: Vec<TableSize>,
        /// The schemas that it is limited to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub schemas: Vec<String>,
        /// The rules of what is left out, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub ignore: Vec<String>,
        /// Whether owners are left as they are.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub no_owner: bool,
        /// Whether privileges are left as they are.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub no_privileges: bool,
        /// Whether what the wanted schema does not mention is left as it is.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub keep_unmentioned: bool,
        /// Whether statements that are not modelled are compared as text.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub carry_unmodelled: bool,
        /// The role that runs the schemas' statements.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
    }

    /// The size of a table.
    pub struct TableSize {
        /// Its schema, unquoted.
        pub schema: String,
        /// Its name, unquoted.
        pub table: String,
        /// About how many rows it holds; null where nobody has counted.
        pub rows: Option<u64>,
        /// The bytes of its rows and indexes.
        pub bytes: Option<u64>,
    }

    /// A stretch between two deploys.
    pub struct Phase {
        /// Its name.
        pub name: PhaseName,
        /// Who must work with its result.
        pub audience: String,
        /// What must be true before it begins.
        pub begins_when: Vec<String>,
    }

    /// The name of a phase.
    #[derive(Copy)]
    pub enum PhaseName {
        /// New objects beside the old.
        Expand,
        /// Rows get their new values.
        Backfill,
        /// What is new becomes binding.
        Enforce,
        /// What is old goes.
        Contract,
    }

    /// A numbered pair of files.
    pub struct File {
        /// Its number.
        pub number: u64,
        /// The phase it belongs to.
        pub phase: PhaseName,
        /// The way there.
        pub up: Script,
        /// The way back.
        pub down: Script,
        /// What the way back restores; the labels of all that the file does.
        pub reversals: Vec<Reversal>,
        /// The ladders it serves, by their place in `ladders`.
        pub ladders: Vec<usize>,
    }

    /// One direction of a file.
    pub struct Script {
        /// The file's name.
        pub file: String,
        /// Whether it is one transaction.
        pub transaction: Frame,
        /// Its statements in order; none where there is nothing to undo.
        pub statements: Vec<Statement>,
        /// The strongest lock on each relation, by relation.
        pub locks: Vec<Lock>,
    }

    /// How a file runs.
    #[derive(Copy)]
    pub enum Frame {
        /// As one transaction.
        One,
        /// As one statement outside of any.
        None,
    }

    /// One statement.
    pub struct Statement {
        /// The SQL without the final semicolon.
        pub sql: String,
        /// What it does and why, in one line.
        pub comment: String,
        /// What it changes.
        pub effect: Effect,
        /// Whether it may stand in a transaction.
        pub transaction: Transaction,
        /// The locks it takes.
        pub locks: Vec<Lock>,
    }

    /// What a statement changes.
    #[derive(Copy)]
    pub enum Effect {
        /// The schema.
        Schema,
        /// Rows only.
        Data,
        /// Nothing: it looks, and raises an error when something is not as it should be.
        Check,
        /// Neither schema nor rows: a lock taken early, a setting, statistics for the planner, an index written again.
        Upkeep,
    }

    /// Whether a statement may stand in a transaction.
    #[derive(Copy)]
    pub enum Transaction {
        /// It may.
        Inside,
        /// It may, but what it makes can be used only after the commit.
        CommitAfter,
        /// It may not.
        Alone,
    }

    /// A lock on a relation, held to the end of the transaction.
    pub struct Lock {
        /// The relation with its schema, quoted where needed.
        pub relation: String,
        /// The mode as LOCK TABLE spells it: `ACCESS EXCLUSIVE`.
        pub mode: String,
        /// Whether SELECT waits for it.
        pub blocks_reads: bool,
        /// Whether INSERT, UPDATE and DELETE wait for it.
        pub blocks_writes: bool,
        /// Whether the relation's rows are read under it.
        pub scans: bool,
        /// Whether the relation is written anew under it.
        pub rewrites: bool,
    }

    /// What a way back restores.
    #[serde(tag = "label")]
    pub enum Reversal {
        /// All of it.
        Exact {},
        /// The shape, but not these values.
        LosesData {
            /// What is lost.
            what: String,
        },
        /// Nothing: the down file raises an error.
        Irreversible {
            /// Why.
            why: String,
        },
    }

    /// What changes of one object, and the states it goes through.
    pub struct Ladder {
        /// The object.
        pub object: Object,
        /// What changes, in words.
        pub title: String,
        /// Why it is done so.
        pub why: String,
        /// The states, in order.
        pub rungs: Vec<Rung>,
    }

    /// The identity of an object.
    pub struct Object {
        /// Its kind: `relation`, `column`, `constraint` …
        pub kind: String,
        /// Its name from the outside in, unquoted: schema, relation, column.
        pub name: Vec<String>,
        /// The argument types of a routine, the operand types of an operator, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub types: Vec<String>,
    }

    /// One state of an object.
    pub struct Rung {
        /// The state.
        pub state: State,
        /// The phase it was planned for; what it waits for may have moved it to a later one.
        pub phase: PhaseName,
        /// What the way back from it restores.
        pub reversal: Reversal,
    }

    /// A state on the way.
    #[derive(Copy)]
    pub enum State {
        /// It is there.
        Present,
        /// New rows obey it.
        Enforced,
        /// Old rows have their values.
        Backfilled,
        /// Old rows are known to obey it.
        Validated,
        /// It stands under its final name and in its final form.
        Public,
        /// The old form is gone.
        Absent,
    }

    /// Something that could hurt.
    pub struct Hazard {
        /// The code, as `underpin explain` knows it.
        pub code: String,
        /// The name by which it can be allowed.
        pub name: String,
        /// What it is about.
        pub message: String,
    }
}

impl Options {
    /// Whether all is as it is by itself.
    pub fn is_empty(&self) -> bool {
        *self == Options::default()
    }
}

/// The text of `plan.json`.
pub(super) fn text(input: &Input<'_>) -> String {
    // A value made of strings, numbers and lists is always JSON.
    let mut text = serde_json::to_string_pretty(&plan(input)).unwrap_or_default();
    text.push('\n');
    text
}

/// The plan in this form.
pub fn plan(input: &Input<'_>) -> Plan {
    Plan {
        version: VERSION,
        name: input.name.to_owned(),
        postgres: input.version,
        options: input.options.clone(),
        phases: input
            .phases()
            .into_iter()
            .map(|phase| Phase {
                name: phase.into(),
                audience: phase.audience().to_owned(),
                begins_when: input.conditions(phase).into_iter().map(str::to_owned).collect(),
            })
            .collect(),
        files: input.numbered().map(|numbered| file(input, numbered)).collect(),
        ladders: input.ladders.iter().map(ladder).collect(),
        hazards: input.hazards.iter().map(hazard).collect(),
    }
}

fn file(input: &Input<'_>, numbered: Numbered<'_>) -> File {
    let file = numbered.file;
    File {
        number: numbered.number,
        phase: file.phase.into(),
        up: script(input, numbered, Side::Up),
        down: script(input, numbered, Side::Down),
        reversals: file.reversals.iter().map(Reversal::from).collect(),
        ladders: file.purposes.iter().map(|purpose| purpose.ladder).collect(),
    }
}

fn script(input: &Input<'_>, numbered: Numbered<'_>, side: Side) -> Script {
    let file = numbered.file;
    Script {
        file: input.file_name(numbered, side),
        transaction: if file.is_alone(side) { Frame::None } else { Frame::One },
        statements: file
            .statements(side)
            .iter()
            .map(|statement| Statement {
                sql: statement.sql.clone(),
                comment: statement.comment.clone(),
                effect: statement.effect.into(),
                transaction: statement.transaction.into(),
                locks: statement.locks.iter().map(Lock::from).collect(),
            })
            .collect(),
        locks: file.locks(side).iter().map(Lock::from).collect(),
    }
}

fn ladder(ladder: &plan::Ladder) -> Ladder {
    Ladder {
        object: object(ladder.object()),
        title: ladder.title().to_owned(),
        why: ladder.why().to_owned(),
        rungs: ladder
            .rungs()
            .iter()
            .map(|rung| Rung {
                state: rung.state.into(),
                phase: rung.phase.into(),
                reversal: Reversal::from(&rung.reversal),
            })
            .collect(),
    }
}

fn hazard(diagnostic: &Diagnostic) -> Hazard {
    Hazard {
        code: diagnostic.code.number().to_owned(),
        name: diagnostic.code.name().to_owned(),
        message: diagnostic.message.clone(),
    }
}

fn object(id: &ObjectId) -> Object {
    let outer = |kind: &str, name: &QualifiedName, inner: &[&str]| Object {
        kind: kind.to_owned(),
        name: [name.schema.as_str(), name.name.as_str()]
            .into_iter()
            .chain(inner.iter().copied())
            .map(str::to_owned)
            .collect(),
        types: Vec::new(),
    };
    let alone = |kind: &str, name: Vec<String>| Object {
        kind: kind.to_owned(),
        name,
        types: Vec::new(),
    };
    match id {
        ObjectId::Schema(name) => alone("schema", vec![name.to_string()]),
        ObjectId::Extension(name) => alone("extension", vec![name.to_string()]),
        ObjectId::Type(name) => outer("type", name, &[]),
        ObjectId::Relation(name) => outer("relation", name, &[]),
        ObjectId::Routine(name, signature) => Object {
            types: signature.iter().map(words::data_type).collect(),
            ..outer("routine", name, &[])
        },
        ObjectId::Column(relation, name) => outer("column", relation, &[name.as_str()]),
        ObjectId::Default(relation, name) => outer("default", relation, &[name.as_str()]),
        ObjectId::Constraint(relation, name) => outer("constraint", relation, &[name.as_str()]),
        ObjectId::DomainConstraint(domain, name) => outer("domain_constraint", domain, &[name.as_str()]),
        ObjectId::Trigger(relation, name) => outer("trigger", relation, &[name.as_str()]),
        ObjectId::Rule(relation, name) => outer("rule", relation, &[name.as_str()]),
        ObjectId::Policy(relation, name) => outer("policy", relation, &[name.as_str()]),
        ObjectId::DefaultPrivileges(id) => {
            let parts = [id.role.as_ref(), id.schema.as_ref()];
            let mut name: Vec<String> = parts.into_iter().flatten().map(ToString::to_string).collect();
            name.push(id.object_kind.to_lowercase());
            alone("default_privileges", name)
        }
        ObjectId::Definition(id) => {
            let parts = [id.schema.as_ref(), id.within.as_ref(), Some(&id.name)];
            let name = parts.into_iter().flatten().map(ToString::to_string).collect();
            Object {
                types: id.types.iter().flatten().map(words::data_type).collect(),
                ..alone(&id.kind.words().replace([' ', '-'], "_"), name)
            }
        }
        ObjectId::Provided(id) => object(id),
    }
}

/// One word to one word, for enums whose values carry nothing.
macro_rules! same_words {
    ($($from:path => $to:ident { $($value:ident)* })*) => {$(
        impl From<$from> for $to {
            fn from(value: $from) -> $to {
                match value {
                    $(<$from>::$value => $to::$value,)*
                }
            }
        }
    )*};
}

same_words! {
    plan::Phase => PhaseName { Expand Backfill Enforce Contract }
    plan::Effect => Effect { Schema Data Check Upkeep }
    plan::Transaction => Transaction { Inside CommitAfter Alone }
    plan::State => State { Present Enforced Backfilled Validated Public Absent }
}

impl From<&plan::Lock> for Lock {
    fn from(lock: &plan::Lock) -> Lock {
        Lock {
            relation: lock.relation.clone(),
            mode: lock.mode.words().to_owned(),
            blocks_reads: lock.mode.blocks_reads(),
            blocks_writes: lock.mode.blocks_writes(),
            scans: lock.scans,
            rewrites: lock.rewrites,
        }
    }
}

impl From<&plan::Reversal> for Reversal {
    fn from(reversal: &plan::Reversal) -> Reversal {
        match reversal {
            plan::Reversal::Exact => Reversal::Exact {},
            plan::Reversal::LosesData(what) => Reversal::LosesData { what: what.clone() },
            plan::Reversal::Irreversible(why) => Reversal::Irreversible { why: why.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::sample;
    use expect_test::expect_file;

    #[test]
    fn the_committed_schema_is_that_of_the_types() {
        let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Plan)).unwrap();
        schema.push('\n');
        // UPDATE_EXPECT=1 writes it anew.
        expect_file!["../../grammar/plan.schema.json"].assert_eq(&schema);
    }

    #[test]
    fn a_plan_reads_back_as_it_was_written() {
        let sample = sample::Sample::new();
        let written = text(&sample.input());
        let read: Plan = serde_json::from_str(&written).unwrap();
        assert_eq!(read, plan(&sample.input()));
        assert_eq!(read.version, VERSION);
        assert!(read.files.iter().all(|file| !file.up.statements.is_empty()));
    }
}
