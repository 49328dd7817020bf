//! The forms of `ALTER TABLE` and its kin (PostgreSQL manual, ALTER TABLE, ALTER VIEW, ALTER INDEX …).
//!
//! Knows what each form changes and, where the server's work depends on more than the form, what that work is.

use super::subject::Subject;
use super::{Concurrency, Guard, SequenceForm};
use crate::catalog::bound::Bound;
use crate::catalog::constraint::{Constraint, Deferral};
use crate::catalog::table::{
    Column, GeneratedStorage, Identity, IdentityGeneration, Inherit, NotNull, Persistence, ReplicaIdentity,
};
use crate::catalog::trigger::Firing;
use crate::catalog::{DataType, Ident, ObjectId, Options, QualifiedName, Template};
use std::sync::Arc;

/// `ALTER TABLE relation form, form …`; by the relation's kind also ALTER FOREIGN TABLE, VIEW, MATERIALIZED VIEW, INDEX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterTable {
    /// The relation.
    pub relation: Subject,
    /// Whether its descendants change with it.
    pub scope: Scope,
    /// What changes. Forms that must stand alone: attach, detach.
    pub forms: Vec<TableForm>,
}

/// Whether a table's partitions and inheritance children change with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// They do.
    Descendants,
    /// `ONLY`.
    Only,
}

/// What the server does with a relation's rows while it holds the statement's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowWork {
    /// Nothing: only the catalog changes.
    CatalogOnly,
    /// It reads them all, or builds an index over them.
    Scan,
    /// It writes them all anew.
    Rewrite,
}

/// A form of `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// ADD COLUMN.
    AddColumn {
        /// The column.
        id: ObjectId,
        /// Its definition.
        column: Box<Column>,
        /// DEFAULT.
        default: Option<Template>,
        /// Constraints written with it.
        constraints: Vec<(ObjectId, Constraint)>,
        /// What it does to the rows: a volatile default writes them all.
        work: RowWork,
        /// IF NOT EXISTS.
        guard: Guard,
    },
    /// DROP COLUMN.
    DropColumn {
        /// The column.
        id: ObjectId,
        /// IF EXISTS.
        guard: Guard,
    },
    /// ALTER COLUMN … TYPE.
    ColumnType {
        /// The column.
        id: ObjectId,
        /// The new type.
        data_type: DataType,
        /// COLLATE.
        collation: Option<ObjectId>,
        /// USING.
        using: Option<Template>,
        /// What it does to the rows.
        work: RowWork,
    },
    /// SET DEFAULT.
    SetDefault(ObjectId, Template),
    /// DROP DEFAULT, by the column.
    DropDefault(ObjectId),
    /// SET NOT NULL; `CatalogOnly` when a valid constraint proves it.
    SetNotNull(ObjectId, RowWork),
    /// DROP NOT NULL.
    DropNotNull(ObjectId),
    /// ADD CONSTRAINT name NOT NULL column, NOT VALID by its own validation (18 and later).
    AddNotNull(ObjectId, NotNull),
    /// ALTER CONSTRAINT … INHERIT or NO INHERIT of a not-null constraint (18 and later).
    NotNullInheritance(ObjectId, Inherit),
    /// ADD CONSTRAINT, NOT VALID or NOT ENFORCED by its own validation.
    AddConstraint(ObjectId, Box<Constraint>),
    /// ADD CONSTRAINT of a foreign key on a partitioned table whose partitions have an equal valid one each: it adopts them
    /// and reads no row.
    AdoptForeignKey(ObjectId, Box<Constraint>),
    /// ADD PRIMARY KEY or UNIQUE … USING INDEX; the index takes the constraint's name.
    AddKeyUsingIndex {
        /// The constraint.
        id: ObjectId,
        /// What it demands.
        constraint: Box<Constraint>,
        /// The index.
        index: ObjectId,
        /// `Scan` for a primary key over a column that nothing proves to be not null.
        work: RowWork,
    },
    /// VALIDATE CONSTRAINT of a check or foreign key.
    ValidateConstraint(ObjectId, Validated),
    /// VALIDATE CONSTRAINT of a not-null constraint by its name (18 and later).
    ValidateNotNull(Ident),
    /// DROP CONSTRAINT.
    DropConstraint {
        /// The constraint.
        id: ObjectId,
        /// What it demanded, for the locks it takes.
        constraint: Box<Constraint>,
        /// IF EXISTS.
        guard: Guard,
    },
    /// DROP CONSTRAINT of a not-null constraint by its name (18 and later).
    DropNotNullConstraint(Ident),
    /// ALTER CONSTRAINT … DEFERRABLE and its like.
    ConstraintDeferral(ObjectId, Deferral),
    /// ALTER CONSTRAINT … ENFORCED or NOT ENFORCED of a foreign key (18 and later).
    ConstraintEnforcement(ObjectId, Enforcement),
    /// ADD GENERATED … AS IDENTITY.
    AddIdentity(ObjectId, Identity),
    /// SET GENERATED …, SET options, RESTART.
    SetIdentity {
        /// The column.
        id: ObjectId,
        /// ALWAYS or BY DEFAULT, when it changes.
        generation: Option<IdentityGeneration>,
        /// The sequence's options that change.
        options: Vec<SequenceForm>,
    },
    /// DROP IDENTITY.
    DropIdentity(ObjectId, Guard),
    /// SET EXPRESSION (17 and later).
    SetExpression(ObjectId, Template, GeneratedStorage),
    /// DROP EXPRESSION.
    DropExpression(ObjectId),
    /// SET STORAGE; none is DEFAULT (16 and later).
    SetStorage(ObjectId, Option<Arc<str>>),
    /// SET COMPRESSION; none is default.
    SetCompression(ObjectId, Option<Ident>),
    /// SET STATISTICS; none is the default.
    SetStatistics(ObjectId, Option<i32>),
    /// SET STATISTICS of an index's expression key by its 1-based position; none is the default.
    SetKeyStatistics(u16, Option<i32>),
    /// SET (…) of a column.
    SetColumnOptions(ObjectId, Options),
    /// RESET (…) of a column.
    ResetColumnOptions(ObjectId, Vec<Arc<str>>),
    /// ALTER COLUMN … OPTIONS of a foreign table.
    ColumnForeignOptions(ObjectId, OptionsChange),
    /// SET (…) of storage parameters or view options.
    SetOptions(Options),
    /// RESET (…).
    ResetOptions(Vec<Arc<str>>),
    /// OPTIONS of a foreign table.
    ForeignOptions(OptionsChange),
    /// SET LOGGED or SET UNLOGGED: the table is written anew.
    Persistence(Persistence),
    /// SET TABLESPACE; none is `pg_default`. The file is copied.
    Tablespace(Option<Ident>),
    /// SET ACCESS METHOD; none is `heap` (15 and later). The table is written anew.
    AccessMethod(Option<Ident>),
    /// ENABLE or DISABLE ROW LEVEL SECURITY.
    RowSecurity(Switch),
    /// FORCE or NO FORCE ROW LEVEL SECURITY.
    ForceRowSecurity(Switch),
    /// REPLICA IDENTITY.
    ReplicaIdentity(ReplicaIdentity),
    /// CLUSTER ON, or SET WITHOUT CLUSTER.
    ClusterOn(Option<ObjectId>),
    /// INHERIT.
    Inherit(ObjectId),
    /// NO INHERIT.
    NoInherit(ObjectId),
    /// OF a composite type.
    OfType(QualifiedName),
    /// NOT OF.
    NotOf,
    /// ENABLE, DISABLE, ENABLE REPLICA, ENABLE ALWAYS TRIGGER.
    TriggerFiring(ObjectId, Firing),
    /// ENABLE, DISABLE, ENABLE REPLICA, ENABLE ALWAYS RULE.
    RuleFiring(ObjectId, Firing),
    /// ATTACH PARTITION, of the partitioned table; stands alone.
    AttachPartition {
        /// The partition.
        partition: ObjectId,
        /// `FOR VALUES …` or `DEFAULT`.
        bound: Bound,
        /// `CatalogOnly` when valid constraints prove the bound.
        work: RowWork,
    },
    /// DETACH PARTITION, of the partitioned table; stands alone.
    DetachPartition {
        /// The partition.
        partition: ObjectId,
        /// CONCURRENTLY.
        concurrency: Concurrency,
    },
    /// DETACH PARTITION … FINALIZE, after an interrupted CONCURRENTLY; stands alone.
    FinalizeDetach(ObjectId),
}

/// What a validated constraint demands, for the locks it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validated {
    /// CHECK.
    Check,
    /// A foreign key to this table.
    ForeignKey(ObjectId),
}

/// Whether a foreign key is enforced, and what it references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// ENFORCED: every row is read.
    Enforced(ObjectId),
    /// NOT ENFORCED.
    NotEnforced(ObjectId),
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// ENABLE, FORCE.
    On,
    /// DISABLE, NO FORCE.
    Off,
}

/// A change of a foreign object's options: ADD, SET and DROP follow from the two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsChange {
    /// As they are.
    pub from: Options,
    /// As they become.
    pub to: Options,
}
