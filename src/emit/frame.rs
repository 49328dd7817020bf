//! What stands around the statements of a file: the transaction and its settings.
//!
//! Knows which time limits which work gets. The settings are PostgreSQL's and are constant texts; nothing here is made of
//! names.

use super::words::felt_locks;
use crate::catalog::ObjectId;
use crate::plan::{Effect, File, Lock, LockMode, Side, Statement};

/// The time limits of a file in a transaction.
///
/// A waiting request blocks like a held lock, so the wait is short. Above one second (`deadlock_timeout`) a request gets
/// past an autovacuum, which only the deadlock check cancels; below it a request gives way before a deadlock's victim,
/// which might be the application, is chosen. Hence the two limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limits {
    /// At most one relation is locked against others.
    OneRelation,
    /// Several are, so that a deadlock is possible.
    SeveralRelations,
}

/// How long one statement may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Duration {
    /// It changes system catalogs only.
    Short,
    /// Its time depends on the number of rows.
    ByRows,
}

impl Limits {
    /// The limits of one side of a file.
    pub(super) fn of(file: &File, side: Side) -> Limits {
        let strong = |lock: &Lock| lock.mode >= LockMode::ShareUpdateExclusive;
        let locked = felt_locks(file, side).into_iter().filter(strong).count();
        if locked > 1 {
            Limits::SeveralRelations
        } else {
            Limits::OneRelation
        }
    }

    /// The value of `lock_timeout`.
    pub(super) fn lock_timeout(self) -> &'static str {
        match self {
            Limits::OneRelation => "2s",
            Limits::SeveralRelations => "500ms",
        }
    }

    /// The value of `statement_timeout` for statements that change system catalogs only.
    pub(super) fn short_statement_timeout(self) -> &'static str {
        match self {
            Limits::OneRelation => "10s",
            Limits::SeveralRelations => "3s",
        }
    }

    /// Sets the limit on waiting for locks.
    pub(super) fn set_lock_timeout(self) -> &'static str {
        match self {
            Limits::OneRelation => "SET LOCAL lock_timeout = '2s';\n",
            Limits::SeveralRelations => "SET LOCAL lock_timeout = '500ms';\n",
        }
    }

    /// Sets the limit on the statements that follow.
    pub(super) fn set_statement_timeout(self, duration: Duration) -> &'static str {
        match (duration, self) {
            (Duration::ByRows, _) => "SET LOCAL statement_timeout = 0;\n",
            (Duration::Short, Limits::OneRelation) => "SET LOCAL statement_timeout = '10s';\n",
            (Duration::Short, Limits::SeveralRelations) => "SET LOCAL statement_timeout = '3s';\n",
        }
    }
}

impl Duration {
    /// How long a statement may run.
    pub(super) fn of(statement: &Statement) -> Duration {
        let reads_rows = statement.locks.iter().any(|lock| lock.scans || lock.rewrites);
        match statement.effect {
            Effect::Data => Duration::ByRows,
            Effect::Schema | Effect::Check | Effect::Upkeep if reads_rows => Duration::ByRows,
            Effect::Schema | Effect::Check | Effect::Upkeep => Duration::Short,
        }
    }
}

/// Whether a side makes routines, whose bodies the server would check against what is there at the moment.
pub(super) fn makes_routines(file: &File, side: Side) -> bool {
    file.statements(side)
        .iter()
        .flat_map(|statement| &statement.provides)
        .any(|id| matches!(id, ObjectId::Routine(..)))
}

/// Lets routines be made before what their bodies name.
pub(super) const BODIES_UNCHECKED: &str = "-- Bodies may name what is made later; the check would refuse them.\n\
                                           SET LOCAL check_function_bodies = off;\n";
