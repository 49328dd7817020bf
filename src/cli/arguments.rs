//! The command line's grammar and its help.
//!
//! Knows words and defaults. Does nothing.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::sizes;
use crate::compile::CompileOptions;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::read::{NEWEST, OLDEST, Unmodelled};
use crate::scope::{Rule, Scope};
use crate::snapshot::intent::Sizes;

const INPUTS: &str = "\
FROM is the schema that is, TO the one that is wanted. Each is
  FILE.sql            a file of SQL, hand-written or from pg_dump --schema-only
  DIRECTORY           all .sql files in and below it; of migrations, what leads forward
  git:REVISION:PATH   a file or directory as a revision has it
  postgres://…        a live database, read through pg_dump
  -                   standard input";

const PLAN_EXAMPLES: &str = "\
Examples:
  underpin plan migrations schema.sql --out migrations --name add-org
  underpin plan git:main:schema.sql schema.sql --out migrations --name add-org
  underpin plan postgres://localhost/shop schema.sql --out migrations --name drop-name --allow table-rewrite

Where FROM is the directory of migrations itself, it may be empty or missing: that is an empty schema.

Exit code: 0 written, or nothing to do; 1 error, or a hazard that was not allowed.";

const DIFF_EXAMPLES: &str = "\
Examples:
  underpin diff live.sql schema.sql
  pg_dump --schema-only staging | underpin diff - schema.sql --exit-code

Exit code: 0 compared; 1 error; 2 there are differences and --exit-code was given.";

const SNAPSHOT_HELP: &str = "\
The script makes the schema on an empty database. It depends on what the schema is, not on how SCHEMA was written: two
texts of one schema give the same script, and the script of a script is itself.

Examples:
  underpin snapshot schema/ > schema.sql
  pg_dump --schema-only shop | underpin snapshot - > live.sql

Exit code: 0 printed; 1 error.";

const CHECK_EXAMPLES: &str = "\
Two things are checked:
  - the migrations, applied in their order, give SCHEMA;
  - the last plan among them is what the compiler makes now, file by file, with the options that the plan was made with.

Examples:
  underpin check migrations schema.sql
  underpin check migrations schema.sql --baseline before-the-first-migration.sql
  underpin check migrations schema.sql --from live.sql

Exit code: 0 all is so; 1 error; 2 something is not.";

#[cfg(feature = "live")]
const VERIFY_EXAMPLES: &str = "\
The plan from FROM to TO is compiled and not written. A throw-away server is started from the installed programs of
PostgreSQL, or a database of its own is made on a scratch server and dropped in the end; no other is touched.

Examples:
  underpin verify live.sql schema.sql
  underpin verify migrations schema.sql --committed --seed rows.sql
  underpin verify live.sql schema.sql --server postgres://postgres@localhost/postgres

Exit code: 0 proved, or nothing to prove; 1 error; 2 something is not as planned.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  underpin explain U0502
  underpin explain drop-column
  underpin explain             lists all codes";

/// Compiles the way from one PostgreSQL schema to another into migrations that are safe under live traffic.
#[derive(Debug, Parser)]
#[command(name = "underpin", version, about, after_help = INPUTS, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the migration files that turn FROM into TO
    #[command(after_help = PLAN_EXAMPLES)]
    Plan(Plan),
    /// Show how FROM and TO differ
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Diff),
    /// Print a schema as canonical SQL
    #[command(after_help = SNAPSHOT_HELP)]
    Snapshot(Snapshot),
    /// Check that migrations lead to a schema and that their last plan is current
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Prove a plan on a real server: up, back from every stop, up again, with rows, locks watched
    #[cfg(feature = "live")]
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(Box<Verify>),
    /// Say what a code or a hazard means, with bad and good SQL
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain {
        /// A number (U0502) or a name (drop-column); all codes are listed without it
        code: Option<String>,
    },
    /// Show an intermediate form as text
    #[command(subcommand)]
    Debug(Debug),
    /// Write the completions of a shell to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// The two schemas.
#[derive(Clone, Debug, Args)]
pub struct Schemas {
    /// The schema that is: an .sql file, a directory, git:REVISION:PATH, postgres://…, or - for standard input
    ///
    /// A file may be hand-written or come from pg_dump --schema-only. Of a directory all .sql files in and below it are
    /// read; of migrations only what leads forward.
    pub from: String,
    /// The schema that is wanted, in any of these forms
    pub to: String,
    /// What FROM builds on, where FROM is migrations that begin with a database that was there: read before FROM
    #[arg(long, value_name = "SCHEMA")]
    pub baseline: Option<String>,
}

/// The server.
#[derive(Clone, Copy, Debug, Args)]
pub struct Server {
    /// The major version of the server, 14 to 18
    #[arg(long, value_name = "VERSION", default_value_t = NEWEST,
          value_parser = clap::value_parser!(u16).range(i64::from(OLDEST)..=i64::from(NEWEST)))]
    pub pg: u16,
}

/// What reading depends on.
#[derive(Clone, Debug, Args)]
pub struct Reading {
    /// The server.
    #[command(flatten)]
    pub server: Server,
    /// Carry statements that are not modelled as text instead of refusing them; they are compared, not planned
    #[arg(long)]
    pub carry_unmodelled: bool,
    /// The role that runs the schemas' statements and owns what they make: CURRENT_USER in them
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
}

/// What is looked at.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Scope")]
pub struct Scoping {
    /// Look only at what is in this schema; may be given several times, and hold * and ?
    #[arg(long = "schema", value_name = "NAME", value_parser = Scope::schema)]
    pub schemas: Vec<Rule>,
    /// Leave out what matches, as in 'table audit.*' or '*_backup'; may be given several times
    #[arg(long, value_name = "[KIND] PATTERN")]
    pub exclude: Vec<Rule>,
    /// A file of such rules, one a line; without it .underpinignore, if it stands in the current directory
    #[arg(long, value_name = "FILE")]
    pub ignore: Option<PathBuf>,
    /// Leave owners as they are
    #[arg(long)]
    pub no_owner: bool,
    /// Leave privileges as they are
    #[arg(long)]
    pub no_privileges: bool,
    /// Leave alone what TO does not mention: objects, columns, comments, owners, grants
    #[arg(long)]
    pub keep_unmentioned: bool,
}

/// `plan`.
#[derive(Clone, Debug, Args)]
pub struct Plan {
    /// The schemas.
    #[command(flatten)]
    pub schemas: Schemas,
    /// The directory of migrations; it is made if it is not there, and numbering goes on from what it holds
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What the change is, for the files' names: 0001_expand_NAME.up.sql
    #[arg(long, default_value = "schema", value_parser = file_name)]
    pub name: String,
    /// Reading.
    #[command(flatten)]
    pub reading: Reading,
    /// Planning.
    #[command(flatten)]
    pub planning: Planning,
    /// Replace the plan of the same name, if its files are the last in the directory
    #[arg(long)]
    pub force: bool,
    /// Write what was done to standard output as JSON, diagnostics included
    #[arg(long)]
    pub json: bool,
    /// Scope.
    #[command(flatten)]
    pub scoping: Scoping,
}

/// What planning depends on.
#[derive(Clone, Debug, Args)]
pub struct Planning {
    /// Change tables that are known to hold at most so many rows directly, under a lock
    #[arg(long, value_name = "ROWS")]
    pub small_table: Option<u64>,
    /// How large tables are, as JSON; README.md gives the query that writes it
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,
    /// Hazards to take, by name, with commas between them; the error that asks for one names it
    #[arg(long, value_name = "HAZARD", value_delimiter = ',', value_parser = hazard)]
    pub allow: Vec<Code>,
}

/// `diff`.
#[derive(Clone, Debug, Args)]
pub struct Diff {
    /// The schemas.
    #[command(flatten)]
    pub schemas: Schemas,
    /// Exit with 2 if there are differences
    #[arg(long)]
    pub exit_code: bool,
    /// Write the differences to standard output as JSON, diagnostics included
    #[arg(long)]
    pub json: bool,
    /// Reading.
    #[command(flatten)]
    pub reading: Reading,
    /// Scope.
    #[command(flatten)]
    pub scoping: Scoping,
}

/// `check`.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// The directory of migrations
    pub migrations: PathBuf,
    /// The schema that they must lead to, in any of the forms of TO
    pub schema: String,
    /// What the first migration builds on: a dump, for instance; an empty database without it
    #[arg(long, value_name = "FROM", conflicts_with = "from")]
    pub baseline: Option<String>,
    /// What the last plan was made from, in the place of the migrations before it
    #[arg(long, value_name = "FROM")]
    pub from: Option<String>,
    /// Take the last plan as right if its first files are there: the others are to come
    #[arg(long)]
    pub begun: bool,
    /// Check only that the migrations lead to the schema: plans may be edited, or made by another version of this program
    #[arg(long, conflicts_with_all = ["begun", "from"])]
    pub replay_only: bool,
    /// Write what was found to standard output as JSON, diagnostics included
    #[arg(long)]
    pub json: bool,
    /// The major version of the server, 14 to 18; that of the last plan without it
    #[arg(long, value_name = "VERSION",
          value_parser = clap::value_parser!(u16).range(i64::from(OLDEST)..=i64::from(NEWEST)))]
    pub pg: Option<u16>,
    /// Scope; that of the last plan without any of its options.
    #[command(flatten)]
    pub scoping: Scoping,
}

/// `snapshot`.
#[derive(Clone, Debug, Args)]
pub struct Snapshot {
    /// The schema: an .sql file, a directory, git:REVISION:PATH, postgres://…, or - for standard input
    pub schema: String,
    /// The server.
    #[command(flatten)]
    pub server: Server,
    /// Write the statements to standard output as JSON, diagnostics included
    #[arg(long)]
    pub json: bool,
    /// Scope.
    #[command(flatten)]
    pub scoping: Scoping,
}

/// `verify`.
#[cfg(feature = "live")]
#[derive(Clone, Debug, Args)]
pub struct Verify {
    /// The schemas.
    #[command(flatten)]
    pub schemas: Schemas,
    /// FROM is a directory of migrations: prove the last plan in it, as its files lie, from what the migrations before it make
    #[arg(long)]
    pub committed: bool,
    /// Rows of your own: a file of SQL that is run after FROM
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,
    /// How many rows to make in each table that has none then
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub rows: u32,
    /// What the old application does, as SQL: tried, and undone, after every file up to the end of the backfill
    #[arg(long, value_name = "FILE")]
    pub old_app: Option<PathBuf>,
    /// What the new application does, as SQL: tried, and undone, after every file from the end of the first phase on
    #[arg(long, value_name = "FILE")]
    pub new_app: Option<PathBuf>,
    /// A scratch server of your own, postgres://…; a database is made on it and dropped, no other is touched
    #[arg(long, value_name = "ADDRESS", conflicts_with = "pg_bin")]
    pub server: Option<String>,
    /// The directory of the programs of PostgreSQL to start a server from; the newest installed without it
    #[arg(long, value_name = "DIR")]
    pub pg_bin: Option<PathBuf>,
    /// Write what was found to standard output as JSON, diagnostics included
    #[arg(long)]
    pub json: bool,
    /// Reading.
    #[command(flatten)]
    pub reading: Reading,
    /// Planning.
    #[command(flatten)]
    pub planning: Planning,
    /// Scope.
    #[command(flatten)]
    pub scoping: Scoping,
}

/// `debug`.
#[derive(Clone, Debug, Subcommand)]
pub enum Debug {
    /// The statements and directives of a text
    Tokens {
        /// A file, a directory, or - for standard input
        schema: String,
    },
    /// The objects of a schema
    Catalog {
        /// A file, a directory, or - for standard input
        schema: String,
        /// Reading.
        #[command(flatten)]
        reading: Reading,
    },
    /// The differences, attribute by attribute
    Changes {
        /// The schemas.
        #[command(flatten)]
        schemas: Schemas,
        /// Reading.
        #[command(flatten)]
        reading: Reading,
        /// Scope.
        #[command(flatten)]
        scoping: Scoping,
    },
    /// What depends on what in a schema
    Graph {
        /// A file, a directory, or - for standard input
        schema: String,
        /// The notation
        #[arg(long, value_enum, default_value_t = Notation::Dot)]
        notation: Notation,
        /// Reading.
        #[command(flatten)]
        reading: Reading,
    },
    /// The ladders and files of a plan
    Plan {
        /// The schemas.
        #[command(flatten)]
        schemas: Schemas,
        /// Reading.
        #[command(flatten)]
        reading: Reading,
        /// Planning.
        #[command(flatten)]
        planning: Planning,
        /// Scope.
        #[command(flatten)]
        scoping: Scoping,
    },
}

/// A notation for graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Notation {
    /// Graphviz.
    Dot,
    /// Mermaid, as Markdown on many sites shows it.
    Mermaid,
}

impl Reading {
    /// What happens to statements that are not modelled.
    fn unmodelled(&self) -> Unmodelled {
        match self.carry_unmodelled {
            true => Unmodelled::Carry,
            false => Unmodelled::Refuse,
        }
    }

    /// The options of a comparison, which plans nothing.
    pub fn compile_options(&self) -> CompileOptions {
        CompileOptions {
            version: self.server.pg,
            unmodelled: self.unmodelled(),
            role: self.role.clone(),
            ..CompileOptions::default()
        }
    }
}

impl Planning {
    /// The options of a compilation.
    ///
    /// # Errors
    /// The sizes of tables cannot be read.
    pub fn compile_options(
        &self,
        reading: &Reading,
        scope: Scope,
        name: &str,
        first_number: u64,
    ) -> Result<CompileOptions, Box<Diagnostic>> {
        Ok(CompileOptions {
            name: name.to_owned(),
            first_number,
            small_table_rows: self.small_table,
            allowed: self.allow.iter().map(|code| code.name().to_owned()).collect(),
            sizes: match &self.stats {
                Some(file) => sizes::read(file)?,
                None => Sizes::new(),
            },
            scope,
            ..reading.compile_options()
        })
    }
}

/// Reads the name of a migration: letters, digits and underscores in lower case; other characters become underscores.
fn file_name(text: &str) -> Result<String, String> {
    const LONGEST: usize = 60;
    let letters = text.trim().chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '_',
    });
    let name: String = letters.collect();
    let name = name.trim_matches('_');
    if name.is_empty() {
        Err("a name needs letters or digits".to_owned())
    } else if name.len() > LONGEST {
        Err(format!("a name has at most {LONGEST} characters"))
    } else {
        Ok(name.to_owned())
    }
}

/// Reads the name or number of a hazard.
fn hazard(text: &str) -> Result<Code, String> {
    match text.trim().parse::<Code>() {
        Ok(code) if code.is_hazard() => Ok(code),
        Ok(_) | Err(_) => {
            let names: Vec<&str> = Code::hazards().map(Code::name).collect();
            Err(format!("no such hazard; there are {}", names.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_grammar_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_name_becomes_part_of_a_file_name() {
        assert_eq!(file_name("Add-Org v2").unwrap(), "add_org_v2");
        assert!(file_name("../..").is_err());
        assert!(file_name(&"x".repeat(61)).is_err());
    }

    #[test]
    fn only_hazards_can_be_allowed() {
        let parse =
            |hazards| Arguments::try_parse_from(["underpin", "plan", "a", "b", "--out", "o", "--allow", hazards]);
        assert!(parse("drop-column,U0501").is_ok());
        assert!(parse("syntax-error").unwrap_err().to_string().contains("drop-table"));
    }
}
