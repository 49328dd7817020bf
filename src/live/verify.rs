//! Proves a plan on a server: up, down and up again, from every file on the way, with rows and with locks watched.
//!
//! Knows the files of a plan and what the plan says of them, through [`Migration`]. Does not read plans, and compares
//! by what `pg_dump` says, not by our own differ.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Error;
use super::cluster::Cluster;
use super::compare::{Difference, Schema, differences};
use super::locks::{Observed, observe};
use super::rows::{self, Rows};
use super::run::Runner;
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
#[derive(Debug, Clone)]
pub struct Subject<'paths> {
    /// The schema that is.
    pub from: &'paths Path,
    /// The schema that is wanted.
    pub to: &'paths Path,
    /// Rows to put into the schema that is.
    pub seed: Option<&'paths Path>,
    /// What the old application does; it must work through the phases before the first gate.
    pub old_application: Option<&'paths Path>,
    /// What the new application does; it must work once the last file of the first phase has run, and from then on.
    pub new_application: Option<&'paths Path>,
    /// The plan, in the order of execution.
    pub migrations: &'paths [Migration],
}

/// One thing that is not as the plan promises.
#[derive(Debug)]
pub enum Finding {
    /// A file failed.
    Failed {
        /// What was being done.
        stage: String,
        /// The server's words.
        message: String,
    },
    /// The schema is not the one it should be.
    Diverged {
        /// After what.
        stage: String,
        /// In what.
        differences: Vec<Difference>,
    },
    /// Rows are not what they were.
    RowsChanged {
        /// After what.
        stage: String,
        /// Which, in words.
        what: Vec<String>,
    },
    /// A file locked more than it says.
    LockNotDeclared {
        /// The file.
        file: PathBuf,
        /// Schema and name of the relation.
        relation: String,
        /// The mode that was seen.
        observed: LockMode,
        /// The mode the plan declares, if any.
        declared: Option<LockMode>,
    },
    /// A way back that is said to be none did not say so.
    SilentlyReversed {
        /// The file that leads back.
        file: PathBuf,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Failed { stage, message } => write!(formatter, "{stage}: {message}"),
            Finding::Diverged { stage, differences } => {
                write!(formatter, "{stage}: the schema is not the one it should be")?;
                differences
                    .iter()
                    .try_for_each(|difference| write!(formatter, "\n{difference}"))
            }
            Finding::RowsChanged { stage, what } => write!(formatter, "{stage}: {}", what.join(", ")),
            Finding::LockNotDeclared {
                file,
                relation,
                observed,
                declared,
            } => {
                write!(
                    formatter,
                    "{}: {relation} was locked in {observed} mode, ",
                    file.display()
                )?;
                match declared {
                    Some(declared) => write!(formatter, "declared was {declared}"),
                    None => write!(formatter, "declared was nothing"),
                }
            }
            Finding::SilentlyReversed { file } => {
                write!(
                    formatter,
                    "{}: should have raised that it can not be undone",
                    file.display()
                )
            }
        }
    }
}

/// Proves a plan; no findings, no doubt. The databases it makes begin with `prefix` and are gone in the end.
///
/// For every file: the files up to it are run and then undone, last first; the schema is then the old one, and so are
/// the rows where the way back is said to be exact. After the last file the schema is the wanted one.
///
/// # Errors
/// When the schemas themselves can not be loaded, or the server fails; a plan that fails is a finding.
pub fn verify(cluster: &Cluster, prefix: &str, subject: &Subject<'_>) -> Result<Vec<Finding>, Error> {
    let mut walk = Walk::begin(cluster, prefix, subject)?;
    let proved = walk.all();
    // The databases go, whatever came of the proof; its own result is the one to tell.
    let dropped = cluster.drop_database(&walk.database);
    proved?;
    dropped?;
    Ok(walk.findings)
}

/// A proof on its way.
struct Walk<'a> {
    cluster: &'a Cluster,
    runner: Runner<'a>,
    subject: &'a Subject<'a>,
    database: String,
    origin: Schema,
    origin_rows: Rows,
    wanted: Schema,
    findings: Vec<Finding>,
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
    fn begin(cluster: &'a Cluster, prefix: &str, subject: &'a Subject<'a>) -> Result<Walk<'a>, Error> {
        let runner = Runner::new(cluster);
        let database = format!("{prefix}_proof");
        fresh(cluster, &database)?;
        runner.file(&database, subject.to)?;
        let wanted = Schema::of(cluster, &database)?;
        let mut walk = Walk {
            cluster,
            runner,
            subject,
            database,
            origin: Schema::default(),
            origin_rows: Rows::new(),
            wanted,
            findings: Vec::new(),
        };
        walk.load()?;
        walk.origin = Schema::of(cluster, &walk.database)?;
        walk.origin_rows = walk.rows()?;
        Ok(walk)
    }

    /// The whole proof.
    fn all(&mut self) -> Result<(), Error> {
        let count = self.subject.migrations.len();
        for last in 0..count {
            let looks = |migration: &Migration| migration.work == Work::Looks;
            if last + 1 < count && self.subject.migrations.get(last).is_some_and(looks) {
                continue;
            }
            if self.up_to(last)? == Progress::Stopped {
                return Ok(());
            }
            if last + 1 == count {
                self.expect_wanted("after the last file")?;
            }
            if self.down_from(last)? == Progress::Stopped {
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
            if number < last {
                if self.run(&migration.up, "on the way up")? == Progress::Stopped {
                    return Ok(Progress::Stopped);
                }
                continue;
            }
            match observe(self.cluster, &self.database, &migration.up) {
                Ok(observed) => self.expect_declared(migration, &observed),
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
                    self.findings.push(Finding::SilentlyReversed { file });
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
        let schema = Schema::of(self.cluster, &self.database)?;
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
            self.findings.push(Finding::RowsChanged { stage, what });
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
            self.findings.push(Finding::LockNotDeclared {
                file: migration.up.clone(),
                relation: relation.clone(),
                observed: *mode,
                declared,
            });
        }
    }

    fn expect_wanted(&mut self, stage: &str) -> Result<(), Error> {
        let schema = Schema::of(self.cluster, &self.database)?;
        self.expect_schema(stage, &schema, &self.wanted.clone());
        let what = rows::lost(&self.origin_rows, &self.rows()?);
        if !what.is_empty() {
            let stage = stage.to_owned();
            self.findings.push(Finding::RowsChanged { stage, what });
        }
        Ok(())
    }

    fn expect_schema(&mut self, stage: &str, got: &Schema, wanted: &Schema) {
        let differences = differences(got, wanted);
        if !differences.is_empty() {
            self.findings.push(Finding::Diverged {
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
        self.findings.push(Finding::Failed {
            stage: stage.to_owned(),
            message: error.to_string(),
        });
    }

    /// Makes the database anew with the old schema and its rows.
    fn load(&self) -> Result<(), Error> {
        fresh(self.cluster, &self.database)?;
        self.runner.file(&self.database, self.subject.from)?;
        self.subject
            .seed
            .map_or(Ok(()), |seed| self.runner.file(&self.database, seed))
    }

    fn rows(&self) -> Result<Rows, Error> {
        rows::rows(&mut self.cluster.connect(&self.database)?)
    }
}

/// Makes an empty database in place of what may be there.
fn fresh(cluster: &Cluster, database: &str) -> Result<(), Error> {
    cluster.drop_database(database)?;
    cluster.create_database(database)
}

/// A file's name for people.
fn name(file: &Path) -> String {
    file.file_name().map_or_else(
        || file.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
