//! Triggers that keep an old and a new shape equal while both are written.
//!
//! They are ordinary catalog objects, a function and a trigger, so that creating, dropping and ordering them needs no
//! rule of its own. Knows their shape; their names are chosen by the pattern that uses them.

use crate::catalog::{ObjectId, QualifiedName, Template};

/// What a sync function keeps equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Columns of one row, in a BEFORE trigger.
    Columns {
        /// The table.
        table: ObjectId,
        /// The pairs of columns.
        columns: Vec<ColumnSync>,
    },
    /// A row of another table, in an AFTER trigger: the other row is made, changed or emptied with this one.
    Rows(RowSync),
}

/// An old and a new column of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSync {
    /// The column that the old application writes; none when the new value has no single source column.
    pub old: Option<ObjectId>,
    /// The column that the new application writes. It has no default while both are written.
    pub new: ObjectId,
    /// The new value, over the row's columns.
    pub up: Template,
    /// The old value, over the row's columns; without it nothing flows back.
    pub down: Option<Template>,
}

/// A row of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSync {
    /// The table whose writes are followed.
    pub from: ObjectId,
    /// The table that is written.
    pub to: ObjectId,
    /// The key: the column of `to`, and the column of `from` it equals.
    pub key: Vec<(ObjectId, ObjectId)>,
    /// The other columns: the column of `to`, and its value over the columns of `from`.
    pub columns: Vec<(ObjectId, Template)>,
    /// What happens when the row of `to` is not there.
    pub missing: MissingRow,
    /// What happens when the row of `from` goes.
    pub gone: GoneRow,
}

/// What happens when there is no row to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingRow {
    /// It is inserted.
    Insert,
    /// Nothing.
    Ignore,
}

/// What happens to the other row when this one is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneRow {
    /// It is deleted.
    Delete,
    /// Its columns become null.
    Empty,
    /// Nothing: a foreign key takes care of it.
    Ignore,
}

/// The names of a sync trigger and its function, which is in the table's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncNames {
    /// The function.
    pub function: QualifiedName,
    /// The trigger's identity.
    pub trigger: ObjectId,
}
