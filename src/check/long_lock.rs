//! Locks that keep others out for as long as a table is scanned or rewritten.
//!
//! A lock is held to the end of its transaction. So it hurts for long when its own statement reads or writes the rows
//! of the relation, and when any later statement of the same file does long work on whatever relation.
//! (PostgreSQL manual, "Explicit Locking"; DESIGN's law that no lock is "should be fine".)

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{File, Lock, Plan, Side, Statement};

/// The hazards of the up files. `is_harmless` tells relations whose locks nobody waits for or not for long: made by the
/// plan itself, or known to be small; `allows` tells hazards that the author takes, for a relation.
pub fn long_locks(
    plan: &Plan,
    is_harmless: &dyn Fn(&str) -> bool,
    allows: &dyn Fn(Code, &str) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in &plan.files {
        for statement in file.statements(Side::Up) {
            found.extend(
                statement
                    .locks
                    .iter()
                    .filter(|lock| !is_harmless(&lock.relation))
                    .filter_map(|lock| {
                        let code = own_hazard(lock)?;
                        (!allows(code, &lock.relation)).then(|| own_work(statement, lock, code))
                    }),
            );
        }
        if !file.is_alone(Side::Up) {
            found.extend(others_work(file, is_harmless, allows));
        }
    }
    found
}

/// The hazard of a lock by the work done under it on the locked relation itself.
fn own_hazard(lock: &Lock) -> Option<Code> {
    if !lock.stops_traffic_at_length() {
        return None;
    }
    Some(if lock.rewrites {
        Code::TableRewrite
    } else {
        Code::TableLockScan
    })
}

fn own_work(statement: &Statement, lock: &Lock, code: Code) -> Diagnostic {
    let work = if lock.rewrites { "written anew" } else { "read" };
    let message = format!(
        "{} would be locked in {} mode while all its rows are {work}",
        lock.relation,
        lock.mode.words()
    );
    Diagnostic::error(code, message)
        .detail(format!("The statement: {}", first_line(&statement.sql)))
        .hint(format!(
            "If the table is small, write \"-- underpin: rows NUMBER\" at it; if it may stand still, use --allow {}.",
            code.name()
        ))
}

/// A strong lock of one statement that lasts while a later statement of the same transaction does long work.
fn others_work(
    file: &File,
    is_harmless: &dyn Fn(&str) -> bool,
    allows: &dyn Fn(Code, &str) -> bool,
) -> Option<Diagnostic> {
    let statements = file.statements(Side::Up);
    for (position, statement) in statements.iter().enumerate() {
        let held = statement
            .locks
            .iter()
            .find(|lock| lock.mode.blocks_writes() && !is_harmless(&lock.relation));
        let Some(held) = held.filter(|lock| !allows(Code::TableLockScan, &lock.relation)) else {
            continue;
        };
        for later in &statements[position + 1..] {
            let works = |lock: &&Lock| (lock.scans || lock.rewrites) && !is_harmless(&lock.relation);
            if let Some(long) = later.locks.iter().find(works)
                && own_hazard(long).is_none_or(|code| !allows(code, &long.relation))
            {
                let message = format!(
                    "{} would stay locked in {} mode while the rows of {} are read in the same transaction",
                    held.relation,
                    held.mode.words(),
                    long.relation
                );
                return Some(
                    Diagnostic::error(Code::TableLockScan, message)
                        .detail(format!(
                            "First: {}. Then: {}",
                            first_line(&statement.sql),
                            first_line(&later.sql)
                        ))
                        .hint(format!(
                            "To have it all the same, use --allow {}.",
                            Code::TableLockScan.name()
                        )),
                );
            }
        }
    }
    None
}

fn first_line(sql: &str) -> &str {
    sql.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Company, Effect, LockMode, Phase, Reversal, Transaction};

    fn statement(relation: &str, mode: LockMode, scans: bool) -> Statement {
        Statement {
            sql: format!("ALTER TABLE {relation}"),
            comment: String::new(),
            provides: Vec::new(),
            removes: Vec::new(),
            requires: Vec::new(),
            releases: Vec::new(),
            mentions: Vec::new(),
            claims: Vec::new(),
            effect: Effect::Schema,
            transaction: Transaction::Inside,
            locks: vec![Lock {
                relation: relation.into(),
                mode,
                scans,
                rewrites: false,
            }],
            locks_on_made: Vec::new(),
        }
    }

    fn plan(up: Vec<Statement>) -> Plan {
        let file = File {
            phase: Phase::Expand,
            up,
            down: Vec::new(),
            reversals: vec![Reversal::Exact],
            purposes: Vec::new(),
            company: Company::Catalog,
        };
        Plan { files: vec![file] }
    }

    #[test]
    fn a_scan_under_a_strong_lock_is_a_hazard_unless_the_table_is_new_or_it_is_allowed() {
        let plan = plan(vec![statement("app.t", LockMode::AccessExclusive, true)]);
        assert_eq!(long_locks(&plan, &|_| false, &|_, _| false).len(), 1);
        assert!(long_locks(&plan, &|relation| relation == "app.t", &|_, _| false).is_empty());
        assert!(long_locks(&plan, &|_| false, &|code, _| code == Code::TableLockScan).is_empty());
    }

    #[test]
    fn a_strong_lock_that_lasts_while_another_table_is_read_is_a_hazard() {
        let strong = statement("app.t", LockMode::AccessExclusive, false);
        let scan = statement("app.u", LockMode::ShareUpdateExclusive, true);
        assert_eq!(
            long_locks(&plan(vec![strong.clone(), scan.clone()]), &|_| false, &|_, _| false).len(),
            1
        );
        assert!(long_locks(&plan(vec![scan, strong]), &|_| false, &|_, _| false).is_empty());
    }
}
