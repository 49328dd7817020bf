//! Ordered rungs to files: one file is one transaction, or one statement outside of any.

use super::ladder::{Company, Reversal};
use super::lock::strongest;
use super::order::Ordered;
use super::statement::{Effect, Statement, Transaction};
use super::{Lock, Phase};
use crate::catalog::hashing::HashMap;
use crate::catalog::{ObjectId, QualifiedName};

/// The files of a plan, in the order of execution.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The files.
    pub files: Vec<File>,
}

/// One numbered pair of files.
#[derive(Clone, Debug)]
pub struct File {
    /// Its phase.
    pub phase: Phase,
    /// The statements of the up file, checks included.
    pub up: Vec<Statement>,
    /// The statements of the down file.
    pub down: Vec<Statement>,
    /// What the down file restores: the worst of its rungs, each said once.
    pub reversals: Vec<Reversal>,
    /// What changes here, in words, each said once, with the reason for its lowering.
    pub purposes: Vec<Purpose>,
    /// With what the file's rungs could share it.
    pub company: Company,
}

/// What a file does for one ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The ladder's number.
    pub ladder: usize,
    /// What changes.
    pub title: String,
    /// Why it is lowered so.
    pub why: String,
}

/// Which of a pair of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Side {
    Up,
    Down,
}

impl File {
    /// The statements of one side.
    pub fn statements(&self, side: Side) -> &[Statement] {
        match side {
            Side::Up => &self.up,
            Side::Down => &self.down,
        }
    }

    /// Whether a side is one statement outside a transaction.
    pub fn is_alone(&self, side: Side) -> bool {
        self.statements(side)
            .iter()
            .any(|statement| statement.transaction == Transaction::Alone)
    }

    /// The locks of a side: the strongest per relation, in the order of the relations' names.
    pub fn locks(&self, side: Side) -> Vec<Lock> {
        strongest(self.statements(side).iter().flat_map(|statement| &statement.locks))
    }

    /// Whether the down file only raises an error.
    pub fn is_irreversible(&self) -> bool {
        self.reversals
            .iter()
            .any(|reversal| matches!(reversal, Reversal::Irreversible(_)))
    }
}

/// A file that is being filled.
struct Filling<'a> {
    phase: Phase,
    company: Company,
    rungs: Vec<Ordered<'a>>,
}

/// Distributes ordered rungs over files. Checks after a statement that stood alone open the next transaction of the same
/// phase; at a phase's end they are a file of their own, since the next phase may be weeks away.
pub fn schedule(ordered: &[Ordered<'_>]) -> Plan {
    let mut groups: Vec<Filling<'_>> = Vec::new();
    for rung in ordered {
        match groups.last_mut().filter(|group| joins(group, rung)) {
            Some(group) => group.rungs.push(*rung),
            None => groups.push(Filling {
                phase: rung.phase,
                company: company(rung.rung.company),
                rungs: vec![*rung],
            }),
        }
    }
    let mut files: Vec<File> = Vec::with_capacity(groups.len());
    let mut pending = Checks::default();
    for group in groups {
        let mut checks: Vec<Statement> = group
            .rungs
            .iter()
            .flat_map(|rung| rung.rung.verify.iter().cloned())
            .collect();
        let mut file = fill(group);
        if let Some(last) = files.last()
            && last.phase != file.phase
        {
            files.extend(closing(last, std::mem::take(&mut pending)));
        }
        if file.company == Company::Alone {
            if !checks.is_empty() {
                pending.note(&file.purposes);
            }
            pending.statements.append(&mut checks);
        } else {
            file.up.splice(0..0, std::mem::take(&mut pending).statements);
            file.up.append(&mut checks);
        }
        files.push(file);
    }
    if let Some(last) = files.last() {
        let closing = closing(last, pending);
        files.extend(closing);
    }
    feel_made(&mut files);
    Plan { files }
}

/// Says the locks on what the plan has made in the phases after it: the applications between use it.
fn feel_made(files: &mut [File]) {
    let mut made: HashMap<ObjectId, Phase> = HashMap::default();
    for file in files {
        for statement in &file.up {
            for id in &statement.provides {
                made.entry(id.clone()).or_insert(file.phase);
            }
        }
        for statement in file.up.iter_mut().chain(&mut file.down) {
            let felt = statement
                .locks_on_made
                .iter()
                .filter(|(relation, _)| made.get(relation).is_some_and(|phase| *phase < file.phase));
            let locks: Vec<Lock> = statement
                .locks
                .iter()
                .chain(felt.map(|(_, lock)| lock))
                .cloned()
                .collect();
            statement.locks = strongest(&locks);
        }
    }
}

/// Checks that wait for a transaction to run in, and what they are for.
#[derive(Default)]
struct Checks {
    statements: Vec<Statement>,
    purposes: Vec<Purpose>,
}

impl Checks {
    fn note(&mut self, purposes: &[Purpose]) {
        for purpose in purposes {
            if !self.purposes.contains(purpose) {
                self.purposes.push(purpose.clone());
            }
        }
    }
}

/// A file with the checks that no other file of their phase has taken; none without checks.
fn closing(last: &File, checks: Checks) -> Option<File> {
    (!checks.statements.is_empty()).then(|| File {
        phase: last.phase,
        up: checks.statements,
        down: Vec::new(),
        reversals: vec![Reversal::Exact],
        purposes: checks.purposes,
        company: Company::Catalog,
    })
}

/// A rung that only must not stand with the rung below it counts as a short change otherwise.
fn company(company: Company) -> Company {
    match company {
        Company::NextFile => Company::Catalog,
        other => other,
    }
}

fn joins(group: &Filling<'_>, rung: &Ordered<'_>) -> bool {
    let commits = group
        .rungs
        .iter()
        .flat_map(|other| &other.rung.up)
        .any(|statement| statement.transaction == Transaction::CommitAfter);
    let commits_too = rung
        .rung
        .up
        .iter()
        .any(|statement| statement.transaction == Transaction::CommitAfter);
    let same_ladder = group
        .rungs
        .iter()
        .any(|other| other.ladder_number == rung.ladder_number);
    if group.phase != rung.phase || group.company != company(rung.rung.company) || (commits && !commits_too) {
        return false;
    }
    match rung.rung.company {
        Company::Catalog => true,
        Company::NextFile => !same_ladder,
        Company::Scan => group.rungs.iter().all(|other| relation(other) == relation(rung)),
        Company::Alone => false,
    }
}

/// The relation that a rung is about: long scans of two relations do not share a transaction.
fn relation<'a>(rung: &Ordered<'a>) -> Option<&'a QualifiedName> {
    rung.ladder.object().qualified_name()
}

fn fill(group: Filling<'_>) -> File {
    let mut file = File {
        phase: group.phase,
        up: Vec::new(),
        down: Vec::new(),
        reversals: Vec::new(),
        purposes: Vec::new(),
        company: group.company,
    };
    for rung in &group.rungs {
        file.up.extend(rung.rung.up.iter().cloned());
        let purpose = Purpose {
            ladder: rung.ladder_number,
            title: rung.ladder.title().to_owned(),
            why: rung.ladder.why().to_owned(),
        };
        if !file.purposes.contains(&purpose) {
            file.purposes.push(purpose);
        }
        if rung.rung.reversal != Reversal::Exact && !file.reversals.contains(&rung.rung.reversal) {
            file.reversals.push(rung.rung.reversal.clone());
        }
    }
    for rung in group.rungs.iter().rev() {
        file.down.extend(rung.rung.down.iter().cloned());
    }
    if file.reversals.is_empty() {
        file.reversals.push(Reversal::Exact);
    }
    debug_assert!(
        file.up
            .iter()
            .all(|statement| statement.effect != Effect::Schema || !statement.sql.is_empty())
    );
    file
}
