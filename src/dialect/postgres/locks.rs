//! The lock table: what each form of statement locks on PostgreSQL 14 to 18, and whether it may run in a transaction.
//!
//! Knows roles, not relations: whoever makes a statement knows which relation plays which role. Must not look at SQL.
//! Every line was measured on the five servers by reading `pg_locks` before the commit; the measurements are
//! `grammar/postgres/locks.tsv`, and a test holds the two together.

mod form;
mod table;

pub use form::Form;
pub use table::locks;

use crate::plan::lock::LockMode;

/// The oldest major version the table knows.
pub const OLDEST_VERSION: u16 = 14;

/// The newest major version the table knows.
pub const NEWEST_VERSION: u16 = 18;

/// The part a relation plays in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The table, view, materialized view, sequence or composite type the statement is about; of partition forms, the
    /// partition.
    Target,
    /// The target's partitions and inheritance children, at every level.
    Partitions,
    /// The index the statement names or makes a constraint of; else every index of the target that the change touches.
    Index,
    /// The sequence a column of the target owns.
    Sequence,
    /// The table the target is a partition or an inheritance child of.
    Parent,
    /// An index of the parent that one of the target's is attached to.
    ParentIndex,
    /// The parent's default partition.
    DefaultPartition,
    /// The table at the far end of the target's foreign key.
    ReferencedTable,
    /// The partitions of the table at the far end of the target's foreign key.
    ReferencedPartitions,
    /// A table whose foreign key ends at the target.
    ReferencingTable,
    /// A relation whose definition or rows the statement reads.
    Source,
    /// Tables with a column of the domain, or with a default that calls the sequence, which the statement is about.
    Users,
}

/// What a form locks on the relations that play one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormLock {
    /// Which relations.
    pub role: Role,
    /// The strongest mode held on them.
    pub mode: LockMode,
    /// Whether their rows are read under the lock; of a partitioned table, its partitions' rows.
    pub scans: bool,
    /// Whether they are written anew under the lock.
    pub rewrites: bool,
}

/// Whether a form may stand in a transaction block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionBlock {
    /// The server runs it between `BEGIN` and `COMMIT`.
    Allowed,
    /// The server refuses it there (SQLSTATE 25001).
    Refused,
}

/// Whether a form may stand in a transaction block; the same in all versions.
pub fn transaction_block(form: Form) -> TransactionBlock {
    // Most forms may. Named here are those that commit on their own account between their stages.
    const REFUSED: [Form; 5] = [
        Form::CreateIndexConcurrently,
        Form::DropIndexConcurrently,
        Form::ReindexConcurrently,
        Form::DetachPartitionConcurrently,
        Form::DetachReferencedPartitionConcurrently,
    ];
    if REFUSED.contains(&form) {
        TransactionBlock::Refused
    } else {
        TransactionBlock::Allowed
    }
}

/// The first major version that has the form, at least [`OLDEST_VERSION`].
pub fn available_since(form: Form) -> u16 {
    const SINCE: [(Form, u16); 14] = [
        (Form::SetAccessMethod, 15),
        (Form::SetSequenceLogged, 15),
        (Form::SetExpression, 17),
        (Form::SetVirtualExpression, 18),
        (Form::AddNotNull, 18),
        (Form::AddNotNullNotValid, 18),
        (Form::ValidateNotNull, 18),
        (Form::DropNotNullConstraint, 18),
        (Form::AlterNotNullInheritance, 18),
        (Form::AddCheckNotEnforced, 18),
        (Form::AddForeignKeyNotValidPartitioned, 18),
        (Form::AddForeignKeyNotEnforced, 18),
        (Form::EnforceForeignKey, 18),
        (Form::UnenforceForeignKey, 18),
    ];
    SINCE
        .iter()
        .find(|(late, _)| *late == form)
        .map_or(OLDEST_VERSION, |(_, version)| *version)
}

#[cfg(test)]
mod tests;
