//! Proves a plan on a server: up, down and up again, from every file on the way, with rows and with locks watched.
//!
//! Knows the files of a plan and what the plan says of them, through [`Migration`]. Does not read plans, and compares
//! by what `pg_dump` says, not by our own differ.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::Error;
use super::compare::{Schema, differences, dump};
pub use super::finding::{Finding, Proof, Step, WayBack};
use super::generate::{self, Tried};
use super::locks::{Observed, observe};
use super::rows::{self, Rows};
use super::run::Runner;
use super::server::Server;
use crate::plan::{Lock, LockMode, Phase, Reversal};

/// One pair of files, and what the plan says of it.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The file that leads up.
    pub up: PathBuf,
    /// The file that leads back.
    pub down: PathBuf,
    /// The phase both belong to.
    pub phase: Phase,
    /// What the way back restores: the worst of its parts.
    pub reversals: Vec<Reversal>,
    /// The locks the file that leads up declares.
    pub locks: Vec<Lock>,
    /// Whether the file that leads up changes anything.
    pub work: Work,
}

/// Whether a file changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// It does.
    Changes,
    /// It only looks. Its way back, if it has one, completes the way back of the next file that changes something, and has
    /// nothing to undo where that file has not run.
    Looks,
}

/// What is to be proved.
#[derive(Clone)]
pub struct Subject<'paths> {
    /// The schema that is, as files that run in order.
    pub from: &'paths [PathBuf],
    /// The schema that is wanted.
    pub wanted: Wanted<'paths>,
    /// Rows to put into the schema that is.
    pub seed: Option<&'paths Path>,
    /// How many rows to make in each table that has none after that.
    pub rows: u32,
    /// What the old application does; it must work through the phases before the first gate.
    pub old_application: Option<&'paths Path>,
    /// What the new application does; it must work once the last file of the first phase has run, and from then on.
    pub new_application: Option<&'paths Path>,
    /// The plan, in the order of execution.
    pub migrations: &'paths [Migration],
}

/// How it is known that a schema is the wanted one.
#[derive(Clone, Copy)]
pub enum Wanted<'a> {
    /// Its dump is that of the schema that these files make.
    Files(&'a [PathBuf]),
    /// A judge who is given its dump names no differences: where not the whole of it is looked at.
    Judge(&'a dyn Fn(&str) -> Vec<String>),
}

/// Proves a plan; no findings, no doubt. The database it makes begins with `prefix` and is gone in the end; one of that name
/// must not be there.
///
/// For every file: the files up to it are run and then undone, last first; the schema is then the old one, and so are
/// the rows where the way back is said to be exact. After the last file the schema is the wanted one. Rows that were made
/// here and break a rule of the plan prove nothing against it: it is tried again with others, and in the end without.
///
/// # Errors
/// When the schemas themselves can not be loaded, or the server fails; a plan that fails is a finding.
pub fn verify(server: &dyn Server, prefix: &str, subject: &Subject<'_>) -> Result<Proof, Error> {
    let database = format!("{prefix}_proof");
    let mut tried = Tried::default();
    loop {
        server.create_database(&database)?;
        let proved = Walk::begin(server, &database, subject, &tried).and_then(|mut walk| {
            walk.all()?;
            Ok(walk.proof)
        });
        // The database goes, whatever came of the proof; its own result is the one to tell.
        let dropped = server.drop_database(&database);
        let mut proof = proved?;
        dropped?;
        if !has_other_rows(&mut tried, subject, &proof) {
            proof.notes.extend(tried.notes);
            return Ok(proof);
        }
    }
}

/// Whether a proof failed by rows that were made, and there are others to try.
fn has_other_rows(tried: &mut Tried, subject: &Subject<'_>, proof: &Proof) -> bool {
    let Some(Finding::Failed { message, fault, .. }) = proof.findings.first() else {
        return false;
    };
    match fault {
        Some(fault) if subject.rows > 0 && fault.is_of_rows() => {
            tried.in_vain(fault.table.as_deref(), message.lines().next().unwrap_or_default())
        }
        Some(_) | None => false,
    }
}

/// A proof on its way.
struct Walk<'a> {
    server: &'a dyn Server,
    runner: Runner<'a>,
    subject: &'a Subject<'a>,
    database: String,
    origin: Schema,
    origin_rows: Rows,
    wanted: Option<Schema>,
    tried: &'a Tried,
    proof: Proof,
}

/// Whether a stretch of the walk came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It did.
    Done,
    /// It stopped at a finding, or where there is no way back.
    Stopped,
}

impl<'a> Walk<'a> {
    fn begin(
        server: &'a dyn Server,
        database: &str,
        subject: &'a Subject<'a>,
        tried: &'a Tried,
    ) -> Result<Walk<'a>, Error> {
        let runner = Runner::new(server);
        let wanted = match subject.wanted {
            Wanted::Files(files) => {
                files.iter().try_for_each(|file| runner.file(database, file))?;
                Some(Schema::of(server, database)?)
            }
            Wanted::Judge(_) => None,
        };
        let mut walk = Walk {
            server,
            runner,
            subject,
            database: database.to_owned(),
            origin: Schema::default(),
            origin_rows: Rows::new(),
            wanted,
            tried,
            proof: Proof::default(),
        };
        walk.load()?;
        walk.origin = Schema::of(server, &walk.database)?;
        walk.origin_rows = walk.rows()?;
        let counts = walk.origin_rows.values().map(|table| table.count);
        let filled = counts.clone().filter(|count| *count > 0).count();
        walk.proof.rows = (counts.sum(), filled);
        Ok(walk)
    }

    /// The whole proof.
    fn all(&mut self) -> Result<(), Error> {
        let count = self.subject.migrations.len();
        for last in 0..count {
            let looks = |migration: &Migration| migration.work == Work::Looks;
            if last + 1 < count && self.subject.migrations.get(last).is_some_and(looks) {
                // It runs on the way to the next stop, and is watched there.
                continue;
            }
            if self.up_to(last)? == Progress::Stopped {
                return Ok(());
            }
            if last + 1 == count {
                self.expect_wanted("after the last file")?;
            }
            let way_back = self.down_from(last)?;
            if let Some(step) = self.proof.steps.last_mut() {
                step.way_back = match way_back {
                    Progress::Done => WayBack::Led,
                    Progress::Stopped if self.proof.findings.is_empty() => WayBack::None,
                    Progress::Stopped => WayBack::NotTried,
                };
            }
            if way_back == Progress::Stopped {
                // What can not be undone is begun anew, which the next stretch needs.
                self.load()?;
            }
        }
        for migration in self.subject.migrations {
            if self.run(&migration.up, "a second time")? == Progress::Stopped {
                return Ok(());
            }
        }
        self.expect_wanted("after the way up, back and up again")
    }

    /// Runs the files up to and with number `last`, that one under watch.
    fn up_to(&mut self, last: usize) -> Result<Progress, Error> {
        let subject = self.subject;
        for (number, migration) in subject.migrations.iter().enumerate().take(last + 1) {
            // What has run before has been watched.
            if number < self.proof.steps.len() {
                if self.run(&migration.up, "on the way up")? == Progress::Stopped {
                    return Ok(Progress::Stopped);
                }
                continue;
            }
            let begin = Instant::now();
            match observe(self.server, &self.database, &migration.up) {
                Ok(observed) => {
                    self.expect_declared(migration, &observed);
                    self.proof.steps.push(Step {
                        up: migration.up.clone(),
                        took: begin.elapsed(),
                        observed,
                        way_back: WayBack::NotTried,
                    });
                }
                Err(error) => {
                    self.failed("on the way up", &error);
                    return Ok(Progress::Stopped);
                }
            }
            self.try_applications(number);
        }
        Ok(Progress::Done)
    }

    /// Runs the ways back from number `last` down to the first.
    fn down_from(&mut self, last: usize) -> Result<Progress, Error> {
        let subject = self.subject;
        let mut exact = true;
        for migration in subject.migrations.iter().take(last + 1).rev() {
            let irreversible = |reversal: &Reversal| matches!(reversal, Reversal::Irreversible(_));
            if migration.reversals.iter().any(irreversible) {
                if self.runner.file(&self.database, &migration.down).is_ok() {
                    let file = migration.down.clone();
                    self.proof.findings.push(Finding::SilentlyReversed { file });
                }
                return Ok(Progress::Stopped);
            }
            exact &= migration.reversals.iter().all(|reversal| *reversal == Reversal::Exact);
            if self.run(&migration.down, "on the way back")? == Progress::Stopped {
                return Ok(Progress::Stopped);
            }
        }
        let stage = match subject.migrations.get(last) {
            Some(migration) => format!("back from {}", name(&migration.up)),
            None => "back".to_owned(),
        };
        let schema = Schema::of(self.server, &self.database)?;
        self.expect_schema(&stage, &schema, &self.origin.clone());
        let now = self.rows()?;
        let what = if exact {
            rows::changed(&self.origin_rows, &now)
        } else {
            // Rows of a dropped table are what its label says is lost.
            let said = subject
                .migrations
                .iter()
                .take(last + 1)
                .flat_map(|migration| &migration.reversals);
            let losses: Vec<&str> = said
                .filter_map(|reversal| match reversal {
                    Reversal::LosesData(what) => Some(what.as_str()),
                    Reversal::Exact | Reversal::Irreversible(_) => None,
                })
                .collect();
            let mut lost = rows::lost(&self.origin_rows, &now);
            lost.retain(|line| {
                let table = line.split(" holds ").next().unwrap_or(line);
                !losses
                    .iter()
                    .any(|what| what.starts_with("the rows of") && what.contains(table))
            });
            lost
        };
        if !what.is_empty() {
            self.proof.findings.push(Finding::RowsChanged { stage, what });
        }
        Ok(Progress::Done)
    }

    /// Runs the applications' statements that must work after file `number`.
    fn try_applications(&mut self, number: usize) {
        let migrations = self.subject.migrations;
        let Some(migration) = migrations.get(number) else {
            return;
        };
        let next = migrations.get(number + 1).map(|next| next.phase);
        let old = self
            .subject
            .old_application
            .filter(|_| migration.phase <= Phase::Backfill);
        let first = migrations.first().map(|first| first.phase);
        let past_the_gate = next.is_none() || Some(migration.phase) != first || next != first;
        let new = self.subject.new_application.filter(|_| past_the_gate);
        for application in [old, new].into_iter().flatten() {
            if let Err(error) = self.runner.trial(&self.database, application) {
                let stage = format!("the application after {}", name(&migration.up));
                self.failed(&stage, &error);
            }
        }
    }

    /// Compares the locks that were seen with those that were declared.
    fn expect_declared(&mut self, migration: &Migration, observed: &Observed) {
        for (relation, mode) in observed {
            let declared = migration
                .locks
                .iter()
                .filter(|lock| lock.relation.replace('"', "") == *relation)
                .map(|lock| lock.mode)
                .max();
            // A mere look at another table keeps nobody from anything but dropping it.
            if *mode == LockMode::AccessShare || declared.is_some_and(|declared| *mode <= declared) {
                continue;
            }
            self.proof.findings.push(Finding::LockNotDeclared {
                file: migration.up.clone(),
                relation: relation.clone(),
                observed: *mode,
                declared,
            });
        }
    }

    fn expect_wanted(&mut self, stage: &str) -> Result<(), Error> {
        match (self.subject.wanted, self.wanted.clone()) {
            (Wanted::Judge(judge), _) => {
                let differences = judge(&dump(self.server, &self.database)?);
                if !differences.is_empty() {
                    self.proof.findings.push(Finding::Misjudged {
                        stage: stage.to_owned(),
                        differences,
                    });
                }
            }
            (Wanted::Files(_), Some(wanted)) => {
                let schema = Schema::of(self.server, &self.database)?;
                self.expect_schema(stage, &schema, &wanted);
            }
            (Wanted::Files(_), None) => {}
        }
        let what = rows::lost(&self.origin_rows, &self.rows()?);
        if !what.is_empty() {
            let stage = stage.to_owned();
            self.proof.findings.push(Finding::RowsChanged { stage, what });
        }
        Ok(())
    }

    fn expect_schema(&mut self, stage: &str, got: &Schema, wanted: &Schema) {
        let differences = differences(got, wanted);
        if !differences.is_empty() {
            self.proof.findings.push(Finding::Diverged {
                stage: stage.to_owned(),
                differences,
            });
        }
    }

    /// Runs a file; one that fails is a finding.
    fn run(&mut self, file: &Path, stage: &str) -> Result<Progress, Error> {
        match self.runner.file(&self.database, file) {
            Ok(()) => Ok(Progress::Done),
            Err(error @ Error::Sql { .. }) => {
                self.failed(stage, &error);
                Ok(Progress::Stopped)
            }
            Err(error) => Err(error),
        }
    }

    fn failed(&mut self, stage: &str, error: &Error) {
        self.proof.findings.push(Finding::Failed {
            stage: stage.to_owned(),
            message: error.to_string(),
            fault: match error {
                Error::Sql { fault, .. } => fault.clone(),
                Error::NotFound { .. }
                | Error::System { .. }
                | Error::Program { .. }
                | Error::NotStarted { .. }
                | Error::NoUser
                | Error::Hosts
                | Error::Plan { .. }
                | Error::Server(_) => None,
            },
        });
    }

    /// Makes the database anew with the old schema and its rows.
    fn load(&self) -> Result<(), Error> {
        self.server.drop_database(&self.database)?;
        self.server.create_database(&self.database)?;
        for file in self.subject.from {
            self.runner.file(&self.database, file)?;
        }
        if let Some(seed) = self.subject.seed {
            self.runner.file(&self.database, seed)?;
        }
        match self.subject.rows {
            0 => Ok(()),
            rows => {
                let mut client = self.server.connect(&self.database)?;
                generate::fill(&mut client, rows, self.tried)
            }
        }
    }

    fn rows(&self) -> Result<Rows, Error> {
        rows::rows(&mut self.server.connect(&self.database)?)
    }
}

/// A file's name for people.
fn name(file: &Path) -> String {
    file.file_name().map_or_else(
        || file.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
