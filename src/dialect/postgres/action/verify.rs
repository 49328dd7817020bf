//! What a step must have reached, to be asked of the server after it.
//!
//! Knows what is expected; the writer makes a DO block of it that raises an error when it does not hold.

use crate::catalog::{Ident, ObjectId, Template};

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// No row of a table satisfies a condition.
    NoRows {
        /// The table.
        relation: ObjectId,
        /// What no row may satisfy, over its columns.
        condition: Template,
        /// What such rows are, for the message: `rows without an organisation`.
        what: String,
    },
    /// No column still waits for its backfill: every row has the value it should have.
    Backfilled(Box<super::Backfill>),
    /// No two rows are equal in these columns.
    NoDuplicates {
        /// The table or materialized view.
        relation: ObjectId,
        /// Whether it can be read at any time.
        readable: Readable,
        /// The columns.
        columns: Vec<ObjectId>,
        /// Whether two nulls are equal.
        nulls: NullsAre,
        /// Which rows count; none means all.
        condition: Option<Template>,
    },
    /// Every row's key is found in another table.
    NoOrphans {
        /// The referencing table.
        relation: ObjectId,
        /// Its columns.
        columns: Vec<ObjectId>,
        /// The referenced table.
        table: ObjectId,
        /// Its columns.
        referenced: Vec<ObjectId>,
    },
    /// A constraint of a table exists and is validated.
    ConstraintValid(ObjectId),
    /// A not-null constraint of a table exists by its name and is validated (18 and later).
    NotNullValid(ObjectId, Ident),
    /// A column is NOT NULL.
    ColumnNotNull(ObjectId),
    /// An index exists and is valid.
    IndexValid(ObjectId),
    /// An index, by whose name nothing may be left behind, does not exist.
    IndexAbsent(ObjectId),
    /// A table has no partition whose detaching was interrupted.
    NoPendingDetach(ObjectId),
    /// A relation is there.
    Exists(ObjectId),
    /// Nothing but these functions uses a type, and nothing but the type uses the functions: DROP … CASCADE takes no more.
    UsedByFunctionsOnly {
        /// The type; its array and multirange types count as it.
        data_type: ObjectId,
        /// The functions.
        functions: Vec<ObjectId>,
    },
    /// A table holds no row.
    Empty(ObjectId),
}

/// Whether a relation can be read at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// A table can.
    Always,
    /// A materialized view cannot before it has been filled: reading one is an error then (`ExecOpenScanRelation`).
    OncePopulated,
}

/// Whether two nulls count as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullsAre {
    /// They do not.
    Distinct,
    /// They do.
    Equal,
}
