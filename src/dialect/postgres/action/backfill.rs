//! Batched moves of data: which rows, in which order, and what is done with them.
//!
//! Knows nothing of how the loop is written; the writer makes one DO block of it that commits after every batch.

use crate::catalog::{DataType, ObjectId, Template};

/// A batched, restartable, throttled move of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The table whose rows are walked.
    pub relation: ObjectId,
    /// In which order.
    pub walk: Walk,
    /// What is done with each batch.
    pub work: Work,
}

/// How a table's rows are walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Along a unique key of columns that are not null, up to the greatest key at the start.
    Key(Vec<(ObjectId, DataType)>),
    /// Page by page, for a table without such a key; of a partitioned table, leaf by leaf.
    Pages(Leaves),
}

/// Whether a table's rows lie in itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// They do.
    Itself,
    /// They lie in its partitions.
    Partitions,
}

/// What is done with each batch. It must be harmless to do it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// UPDATE … SET.
    Update {
        /// The columns with the expressions they get, over the row's columns.
        assignments: Vec<(ObjectId, Template)>,
        /// Which rows still need it.
        remaining: Remaining,
    },
    /// INSERT INTO another table … SELECT, under a lock of the rows read; rows that are there already stay.
    Copy {
        /// The other table.
        into: ObjectId,
        /// Its columns with the expressions they get, over the row's columns.
        columns: Vec<(ObjectId, Template)>,
        /// The columns of a unique key of the other table that tell a row copied already.
        key: Vec<ObjectId>,
        /// Which rows are copied; none means all.
        condition: Option<Template>,
    },
}

/// Which rows still need an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remaining {
    /// Those where a column is not what it should be: for expressions that give the same value every time.
    Different,
    /// Those where the first assigned column is null: for expressions that do not.
    Null,
    /// Those for which a condition holds.
    Where(Template),
}
