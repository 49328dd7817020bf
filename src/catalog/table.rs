//! Tables and their columns (PostgreSQL manual, CREATE TABLE; `pg_class`, `pg_attribute`, `pg_attrdef`).

use super::bound::Bound;
use super::data_type::DataType;
use super::id::ObjectId;
use super::name::Ident;
use super::options::Options;
use super::privilege::Privileges;
use super::refers::refers;
use super::sequence::SequenceOptions;
use super::template::Template;
use std::sync::Arc;

/// A table, partitioned table, partition or foreign table; its columns are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Whether its changes are in the write-ahead log.
    pub persistence: Persistence,
    /// The server and options of a foreign table.
    pub foreign: Option<Foreign>,
    /// How a partitioned table assigns rows, as `RANGE (a, lower(b))`.
    pub partition_key: Option<PartitionKey>,
    /// The partitioned table it is a partition of, with its bound.
    pub partition_of: Option<PartitionOf>,
    /// The tables it inherits from, in order (`INHERITS`), as relations.
    pub inherits: Vec<ObjectId>,
    /// The composite type of a typed table (`OF`).
    pub of_type: Option<DataType>,
    /// The table access method, when one is named that is not the default `heap`.
    pub access_method: Option<Ident>,
    /// The tablespace, when it is not the database's default.
    pub tablespace: Option<Ident>,
    /// Storage parameters, those of its TOAST table as `toast.name`.
    pub options: Options,
    /// Whether row security policies apply.
    pub row_security: RowSecurity,
    /// What identifies a row in logical replication.
    pub replica_identity: ReplicaIdentity,
    /// The index that CLUSTER goes by, as a relation or a constraint.
    pub cluster_on: Option<ObjectId>,
}
refers!(Table {
    foreign,
    partition_key,
    partition_of,
    inherits,
    of_type,
    replica_identity,
    cluster_on
});

/// Whether changes of a table are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// As usual.
    Logged,
    /// Emptied after a crash, not replicated.
    Unlogged,
}

/// What makes a table foreign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The server's identity.
    pub server: ObjectId,
    /// The table's options for the wrapper.
    pub options: Options,
}
refers!(Foreign { server });

/// The key of a partitioned table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionKey {
    /// LIST, RANGE or HASH.
    pub strategy: PartitionStrategy,
    /// Columns or expressions with collation and operator class, as they stand between the parentheses.
    pub keys: Vec<Template>,
}
refers!(PartitionKey { keys });

/// How rows find their partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // PostgreSQL's own words
pub enum PartitionStrategy {
    List,
    Range,
    Hash,
}

/// A partition's place in its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: ObjectId,
    /// Which of its rows are this partition's.
    pub bound: Bound,
}
refers!(PartitionOf { parent, bound });

/// Row level security (PostgreSQL manual, "Row Security Policies").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSecurity {
    /// Policies are not looked at.
    Disabled,
    /// Policies hold for everybody but the owner.
    Enabled,
    /// Policies hold for the owner too.
    Forced,
    /// FORCE is set while row security itself is off.
    ForcedButDisabled,
}

/// What identifies a row for logical replication (ALTER TABLE … REPLICA IDENTITY).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// A unique index, as a relation or as the constraint that owns it.
    Index(ObjectId),
}

impl super::refers::Refers for ReplicaIdentity {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        if let ReplicaIdentity::Index(id) = self {
            sink(id);
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        if let ReplicaIdentity::Index(id) = self
            && let Some(new) = rename(id)
        {
            *id = new;
        }
    }
    fn doubts(&self, _: &mut dyn FnMut(super::Doubt)) {}
}

/// A column of a table. A default is an object of its own; a generation expression is not, because it cannot exist apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The column's type with modifiers.
    pub data_type: DataType,
    /// The collation, when it is not the type's own.
    pub collation: Option<ObjectId>,
    /// NOT NULL, which PostgreSQL 18 keeps as a named constraint.
    pub not_null: Option<NotNull>,
    /// GENERATED … AS IDENTITY.
    pub identity: Option<Box<Identity>>,
    /// GENERATED ALWAYS AS (expression).
    pub generated: Option<Box<Generated>>,
    /// SET STORAGE, when it is not the type's own; upper case.
    pub storage: Option<Arc<str>>,
    /// COMPRESSION, when one is named.
    pub compression: Option<Ident>,
    /// SET STATISTICS, when it is not the default.
    pub statistics: Option<i32>,
    /// `n_distinct` and `n_distinct_inherited`.
    pub options: Options,
    /// Options of a foreign table's column for the wrapper.
    pub foreign_options: Options,
    /// Where the column comes from.
    pub inheritance: Inheritance,
}
refers!(Column {
    data_type,
    collation,
    generated
});

/// Where a column or a constraint of a table comes from (`attislocal`, `attinhcount`; `conislocal`, `coninhcount`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inheritance {
    /// Declared here only.
    Local,
    /// From a parent table or partitioned table only.
    Inherited,
    /// Declared here and in a parent.
    Merged,
}

/// NOT NULL on a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotNull {
    /// The constraint's name as PostgreSQL 18 keeps it; earlier servers have none and it is derived by 18's rule.
    pub name: Ident,
    /// Whether the existing rows are known to satisfy it.
    pub validation: Validation,
    /// NO INHERIT.
    pub inherit: Inherit,
    /// Where it comes from.
    pub inheritance: Inheritance,
}

/// Whether existing rows are known to satisfy a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// Checked.
    Valid,
    /// `NOT VALID`: new rows only.
    NotValid,
    /// `NOT ENFORCED` (PostgreSQL 18): not checked at all.
    NotEnforced,
}

/// Whether children of a table get a constraint too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inherit {
    /// They do.
    Inherit,
    /// `NO INHERIT`.
    NoInherit,
}

/// GENERATED … AS IDENTITY with its sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// ALWAYS or BY DEFAULT.
    pub generation: IdentityGeneration,
    /// The name of the sequence; it is in the table's schema.
    pub sequence: Ident,
    /// Its options, all resolved.
    pub options: SequenceOptions,
    /// Persistence of the sequence.
    pub persistence: Persistence,
    /// GRANT and REVOKE on the sequence; `None` while the built-in default holds. Its owner is the table's.
    pub privileges: Option<Privileges>,
}

/// When an identity column takes its value from the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityGeneration {
    /// Always, unless OVERRIDING SYSTEM VALUE is said.
    Always,
    /// When no value is given.
    ByDefault,
}

/// GENERATED ALWAYS AS (expression).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The expression, without the outer parentheses.
    pub expression: Template,
    /// Whether the value is kept.
    pub storage: GeneratedStorage,
}
refers!(Generated { expression });

/// Whether a generated column's value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratedStorage {
    /// STORED.
    Stored,
    /// VIRTUAL (PostgreSQL 18).
    Virtual,
}

/// A column's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    /// The expression.
    pub expression: Template,
    /// Inherited defaults follow the parent and are not written for a child.
    pub inheritance: Inheritance,
}
refers!(Default { expression });
