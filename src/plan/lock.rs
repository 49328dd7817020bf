//! Table locks as data: which relation a statement locks, how strongly, and for how long a stretch of work.
//!
//! Knows the eight lock modes and which conflict (PostgreSQL manual, chapter 13.3 "Explicit Locking"). Must not know
//! statements or dialects: what a statement locks is written down in `dialect`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A table lock mode. `Ord` is PostgreSQL's own numbering (`storage/lockdefs.h`): a greater mode is a stronger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LockMode {
    /// `ACCESS SHARE`: a plain `SELECT`.
    AccessShare,
    /// `ROW SHARE`: `SELECT … FOR UPDATE`, and the parent's side of a foreign key check.
    RowShare,
    /// `ROW EXCLUSIVE`: `INSERT`, `UPDATE`, `DELETE`.
    RowExclusive,
    /// `SHARE UPDATE EXCLUSIVE`: `VACUUM`, `VALIDATE CONSTRAINT`, `CREATE INDEX CONCURRENTLY`.
    ShareUpdateExclusive,
    /// `SHARE`: `CREATE INDEX`; nobody writes meanwhile.
    Share,
    /// `SHARE ROW EXCLUSIVE`: `CREATE TRIGGER`, `ADD FOREIGN KEY`; nobody writes meanwhile.
    ShareRowExclusive,
    /// `EXCLUSIVE`: `REFRESH MATERIALIZED VIEW CONCURRENTLY`; only plain reading goes on.
    Exclusive,
    /// `ACCESS EXCLUSIVE`: most of `ALTER TABLE`; nobody reads or writes meanwhile.
    AccessExclusive,
}

impl LockMode {
    /// Every mode, weakest first.
    pub const ALL: [LockMode; 8] = [
        LockMode::AccessShare,
        LockMode::RowShare,
        LockMode::RowExclusive,
        LockMode::ShareUpdateExclusive,
        LockMode::Share,
        LockMode::ShareRowExclusive,
        LockMode::Exclusive,
        LockMode::AccessExclusive,
    ];

    /// The mode as `LOCK TABLE` spells it and as people say it: `ACCESS EXCLUSIVE`.
    pub fn words(self) -> &'static str {
        match self {
            LockMode::AccessShare => "ACCESS SHARE",
            LockMode::RowShare => "ROW SHARE",
            LockMode::RowExclusive => "ROW EXCLUSIVE",
            LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            LockMode::Share => "SHARE",
            LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            LockMode::Exclusive => "EXCLUSIVE",
            LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// The mode as column `pg_locks.mode` spells it: `AccessExclusiveLock`.
    pub fn catalog_name(self) -> &'static str {
        match self {
            LockMode::AccessShare => "AccessShareLock",
            LockMode::RowShare => "RowShareLock",
            LockMode::RowExclusive => "RowExclusiveLock",
            LockMode::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            LockMode::Share => "ShareLock",
            LockMode::ShareRowExclusive => "ShareRowExclusiveLock",
            LockMode::Exclusive => "ExclusiveLock",
            LockMode::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// Reads what [`LockMode::words`] writes; nothing for other words.
    pub fn from_words(words: &str) -> Option<LockMode> {
        LockMode::ALL.into_iter().find(|mode| mode.words() == words)
    }

    /// Reads a value of `pg_locks.mode`; nothing for a mode that is no table lock (`SIReadLock`).
    pub fn from_catalog_name(name: &str) -> Option<LockMode> {
        LockMode::ALL.into_iter().find(|mode| mode.catalog_name() == name)
    }

    /// Whether two sessions can not hold the two modes on one relation at once (manual, table 13.2).
    pub fn conflicts_with(self, other: LockMode) -> bool {
        use LockMode::{
            AccessExclusive, AccessShare, Exclusive, RowExclusive, RowShare, Share, ShareRowExclusive,
            ShareUpdateExclusive,
        };
        let (weaker, stronger) = if self <= other { (self, other) } else { (other, self) };
        match weaker {
            AccessShare => stronger == AccessExclusive,
            RowShare => stronger >= Exclusive,
            RowExclusive => stronger >= Share,
            // SHARE is the one mode of the upper half that does not conflict with itself.
            Share => stronger != Share,
            ShareUpdateExclusive | ShareRowExclusive | Exclusive | AccessExclusive => true,
        }
    }

    /// Whether a plain `SELECT` waits for a holder of this mode.
    pub fn blocks_reads(self) -> bool {
        self.conflicts_with(LockMode::AccessShare)
    }

    /// Whether `INSERT`, `UPDATE` and `DELETE` wait for a holder of this mode.
    pub fn blocks_writes(self) -> bool {
        self.conflicts_with(LockMode::RowExclusive)
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words())
    }
}

/// What one statement holds on one relation, from when it gets the lock until its transaction ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Lock {
    /// The relation as the user writes it: schema and name, quoted where needed.
    pub relation: String,
    /// The strongest mode held.
    pub mode: LockMode,
    /// Whether the relation's rows are read while the lock is held, so that its size decides the time.
    pub scans: bool,
    /// Whether the relation is written anew, with all its indexes, while the lock is held.
    pub rewrites: bool,
}

impl Lock {
    /// Whether the lock keeps readers or writers out for as long as a scan or a rewrite of the relation takes.
    pub fn stops_traffic_at_length(&self) -> bool {
        self.mode.blocks_writes() && (self.scans || self.rewrites)
    }
}

/// The strongest lock per relation, with the work done under any of them, in the order of the relations' names.
pub fn strongest<'a>(locks: impl IntoIterator<Item = &'a Lock>) -> Vec<Lock> {
    let mut strongest: BTreeMap<&str, Lock> = BTreeMap::new();
    for lock in locks {
        let found = strongest.entry(&lock.relation).or_insert_with(|| lock.clone());
        found.mode = found.mode.max(lock.mode);
        found.scans |= lock.scans;
        found.rewrites |= lock.rewrites;
    }
    strongest.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_are_the_manuals_table() {
        // One row per mode in `ALL`'s order, as in table 13.2 of the manual: x conflicts, - does not.
        let manual = [
            "-------x", "------xx", "----xxxx", "---xxxxx", "--xx-xxx", "--xxxxxx", "-xxxxxxx", "xxxxxxxx",
        ];
        for (held, row) in LockMode::ALL.into_iter().zip(manual) {
            for (wanted, cell) in LockMode::ALL.into_iter().zip(row.chars()) {
                assert_eq!(held.conflicts_with(wanted), cell == 'x', "{held} and {wanted}");
            }
        }
    }

    #[test]
    fn names_read_back() {
        for mode in LockMode::ALL {
            assert_eq!(LockMode::from_words(mode.words()), Some(mode));
            assert_eq!(LockMode::from_catalog_name(mode.catalog_name()), Some(mode));
        }
        assert_eq!(LockMode::from_catalog_name("SIReadLock"), None);
    }

    #[test]
    fn a_scan_under_share_update_exclusive_stops_nobody() {
        let lock = |mode, scans| Lock {
            relation: "t".to_owned(),
            mode,
            scans,
            rewrites: false,
        };
        assert!(!lock(LockMode::ShareUpdateExclusive, true).stops_traffic_at_length());
        assert!(!lock(LockMode::AccessExclusive, false).stops_traffic_at_length());
        assert!(lock(LockMode::Share, true).stops_traffic_at_length());
    }
}
