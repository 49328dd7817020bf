//! Sequences (PostgreSQL manual, CREATE SEQUENCE; `pg_sequence`).

use super::data_type::DataType;
use super::id::ObjectId;
use super::refers::refers;
use super::table::Persistence;

/// A sequence by itself; an identity column's sequence belongs to the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Whether its changes are logged.
    pub persistence: Persistence,
    /// All options, resolved.
    pub options: SequenceOptions,
    /// The column it goes away with (OWNED BY).
    pub owned_by: Option<ObjectId>,
}
refers!(Sequence { options, owned_by });

/// A sequence's options with PostgreSQL's defaults filled in (`sequence.c`, `init_params`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceOptions {
    /// smallint, integer or bigint.
    pub data_type: DataType,
    /// START WITH.
    pub start: i64,
    /// INCREMENT BY; never 0.
    pub increment: i64,
    /// MINVALUE.
    pub minimum: i64,
    /// MAXVALUE.
    pub maximum: i64,
    /// CACHE; at least 1.
    pub cache: i64,
    /// CYCLE or NO CYCLE.
    pub cycle: Cycle,
}
refers!(SequenceOptions { data_type });

/// What happens at the end of a sequence's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
    /// An error.
    NoCycle,
    /// It starts again.
    Cycle,
}
