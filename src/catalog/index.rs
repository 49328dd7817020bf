//! Indexes that stand by themselves; a key constraint's index belongs to the constraint (`pg_index`).

use super::id::ObjectId;
use super::name::Ident;
use super::options::Options;
use super::refers::refers;
use super::template::Template;

/// An index (PostgreSQL manual, CREATE INDEX).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The table or materialized view.
    pub table: ObjectId,
    /// The access method: `btree`, `gin`, …
    pub method: Ident,
    /// UNIQUE and NULLS NOT DISTINCT.
    pub uniqueness: Uniqueness,
    /// The keys in order.
    pub keys: Vec<IndexKey>,
    /// INCLUDE.
    pub include: Vec<ObjectId>,
    /// WHERE, without the outer parentheses.
    pub predicate: Option<Template>,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, when it is not the default.
    pub tablespace: Option<Ident>,
    /// SET STATISTICS of expression keys, by 1-based position.
    pub statistics: Vec<(u16, i32)>,
    /// The partitioned table's index that this one is attached to, as a relation or a key constraint.
    pub parent: Option<ObjectId>,
    /// Whether every partition has its part (an index made with ON ONLY is invalid until then).
    pub coverage: Coverage,
}
refers!(Index {
    table,
    keys,
    include,
    predicate,
    parent
});

/// Whether an index forbids equal keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// Equal keys are allowed.
    None,
    /// Equal keys are allowed. NULLS NOT DISTINCT was said nevertheless, which means nothing, and the server keeps it.
    NoneNullsNotDistinct,
    /// UNIQUE, nulls are distinct.
    Unique,
    /// UNIQUE NULLS NOT DISTINCT.
    NullsNotDistinct,
}

impl Uniqueness {
    /// Whether equal keys are forbidden.
    pub fn is_unique(self) -> bool {
        match self {
            Uniqueness::None | Uniqueness::NoneNullsNotDistinct => false,
            Uniqueness::Unique | Uniqueness::NullsNotDistinct => true,
        }
    }
}

/// Whether an index of a partitioned table covers its partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// It does, or the table has no partitions.
    Whole,
    /// Made with ON ONLY: parts are attached one by one.
    Only,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKey {
    /// A column reference, or an expression without the outer parentheses.
    pub expression: Template,
    /// COLLATE, when it is not the column's or expression's own.
    pub collation: Option<ObjectId>,
    /// The operator class, when it is not the default: its name as a template, with its options.
    pub operator_class: Option<Template>,
    /// Parameters of the operator class.
    pub operator_class_options: Options,
    /// ASC or DESC.
    pub direction: Direction,
    /// NULLS FIRST or LAST, resolved: last for ASC, first for DESC unless said.
    pub nulls: Nulls,
}
refers!(IndexKey {
    expression,
    collation,
    operator_class
});

/// The order of an index key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Where nulls stand in an index key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Nulls {
    First,
    Last,
}
