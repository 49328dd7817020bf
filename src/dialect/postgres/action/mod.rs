//! What a statement of a migration does, as data.
//!
//! An action owns the definitions it needs, because scaffolding exists in neither snapshot. One action is one statement;
//! `write::action` gives its text, [`footprint()`] what it needs and makes and [`locks()`] what it locks. It must not hold SQL
//! beyond the catalog's templates, and it does not know why a plan holds it.

pub mod backfill;
pub mod complete;
pub mod effects;
pub mod footprint;
pub mod locks;
pub mod privileges;
pub mod subject;
pub mod surroundings;
pub mod sync;
pub mod table;
pub mod verify;

pub use backfill::{Backfill, Leaves, Walk, Work};
pub use effects::{effect, transaction};
pub use footprint::{Footprint, footprint};
pub use locks::locks;
pub use privileges::{PrivilegeChange, PrivilegeDirection};
pub use subject::{Kind, Subject};
pub use surroundings::Surroundings;
pub use table::{AlterTable, RowWork, Scope, TableForm};
pub use verify::Expectation;

use crate::catalog::definition::Clause;
use crate::catalog::routine::{Leakproof, NullInput, Parallel, Security, Volatility};
use crate::catalog::sequence::Cycle;
use crate::catalog::table::{Persistence, Validation};
use crate::catalog::types::Attribute;
use crate::catalog::{DataType, DefaultPrivilegesId, Entry, Ident, ObjectId, Template};
use crate::plan::lock::LockMode;
use std::sync::Arc;

/// One statement of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `CREATE …` of any kind.
    Create(Box<Create>),
    /// `DROP …` of any kind; never with CASCADE. A column, a default or a constraint of a table goes by [`TableForm`].
    Drop {
        /// What goes.
        subject: Subject,
        /// Whether writers may go on (`DROP INDEX CONCURRENTLY`).
        concurrency: Concurrency,
        /// Whether it may be gone already.
        guard: Guard,
    },
    /// `DROP TYPE … CASCADE` of a type and the functions that it and that need it; behind
    /// [`Expectation::UsedByFunctionsOnly`] alone.
    DropTypeWithFunctions {
        /// The type.
        subject: Subject,
        /// Its functions.
        functions: Vec<ObjectId>,
    },
    /// `RENAME TO`, `RENAME COLUMN`, `RENAME CONSTRAINT`: another last name in the same place.
    Rename {
        /// What is renamed, by its old identity.
        subject: Subject,
        /// The new identity; only the last name differs.
        to: ObjectId,
    },
    /// `SET SCHEMA`.
    SetSchema {
        /// What moves, by its old identity.
        subject: Subject,
        /// The new schema.
        schema: Ident,
    },
    /// `ALTER TABLE` and its kin for other relations, with one form or several.
    AlterTable(Box<AlterTable>),
    /// `ALTER INDEX parent ATTACH PARTITION index`.
    AttachIndex {
        /// The partitioned table's index or the key constraint that owns it.
        parent: ObjectId,
        /// The partition's index or the key constraint that owns it.
        index: ObjectId,
    },
    /// `ALTER SEQUENCE`.
    AlterSequence {
        /// The sequence; an identity column's is named by the relation it is.
        sequence: ObjectId,
        /// What changes.
        forms: Vec<SequenceForm>,
    },
    /// `ALTER SEQUENCE … OWNED BY`.
    SetOwnedBy {
        /// The sequence.
        sequence: ObjectId,
        /// The column; none for `OWNED BY NONE`.
        column: Option<ObjectId>,
    },
    /// `SELECT setval(…)`: brings a sequence to where its next value is free.
    SetSequenceValue {
        /// The sequence.
        sequence: ObjectId,
        /// Where the position comes from.
        position: SequencePosition,
    },
    /// `ALTER TYPE … ADD VALUE`.
    AddEnumValue {
        /// The enum type.
        enum_type: ObjectId,
        /// The new label.
        label: Arc<str>,
        /// Where it stands among the others.
        position: EnumPosition,
        /// Whether it may be there already.
        guard: Guard,
    },
    /// `ALTER TYPE … RENAME VALUE`.
    RenameEnumValue {
        /// The enum type.
        enum_type: ObjectId,
        /// The old label.
        from: Arc<str>,
        /// The new label.
        to: Arc<str>,
    },
    /// `ALTER DOMAIN`, which takes one form at a time.
    AlterDomain {
        /// The domain.
        domain: ObjectId,
        /// What changes.
        form: DomainForm,
    },
    /// `ALTER TYPE` of a composite type.
    AlterComposite {
        /// The type.
        composite: ObjectId,
        /// What changes, attribute by attribute.
        forms: Vec<AttributeForm>,
    },
    /// `ALTER TYPE … RENAME ATTRIBUTE`.
    RenameAttribute {
        /// The type.
        composite: ObjectId,
        /// The old name.
        from: Ident,
        /// The new name.
        to: Ident,
    },
    /// `ALTER FUNCTION` and `ALTER PROCEDURE`.
    AlterRoutine {
        /// The routine.
        routine: Subject,
        /// What changes.
        forms: Vec<RoutineForm>,
    },
    /// `ALTER POLICY`; what is `None` stays.
    AlterPolicy {
        /// The policy.
        policy: ObjectId,
        /// TO; an empty list is PUBLIC.
        roles: Option<Vec<Ident>>,
        /// USING.
        using: Option<Template>,
        /// WITH CHECK.
        check: Option<Template>,
    },
    /// `ALTER` of one clause of an object kept by its definition.
    AlterDefinition {
        /// The object.
        id: ObjectId,
        /// The clause as it was, when it was there.
        from: Option<Clause>,
        /// The clause as it becomes; none takes it away.
        to: Option<Clause>,
    },
    /// `ALTER EXTENSION … UPDATE` and `SET SCHEMA`.
    AlterExtension {
        /// The extension.
        extension: Ident,
        /// What changes.
        form: ExtensionForm,
    },
    /// `OWNER TO`.
    SetOwner {
        /// What changes hands.
        subject: Subject,
        /// The new owner; none is the role that runs the statement.
        owner: Option<Ident>,
    },
    /// `COMMENT ON`.
    Comment {
        /// What is commented. An attribute of a composite type is a column of the type's name.
        subject: Subject,
        /// The comment; none takes it away.
        comment: Option<Arc<str>>,
    },
    /// `GRANT` and `REVOKE` on one object or column.
    ChangePrivileges {
        /// What they are on.
        subject: Subject,
        /// The object's owner where known, for what is granted to it.
        owner: Option<Ident>,
        /// What is granted or revoked.
        change: PrivilegeChange,
    },
    /// `ALTER DEFAULT PRIVILEGES`.
    ChangeDefaultPrivileges {
        /// Which.
        id: Arc<DefaultPrivilegesId>,
        /// What is granted or revoked.
        change: PrivilegeChange,
    },
    /// `SECURITY LABEL`.
    SecurityLabel {
        /// What is labelled.
        subject: Subject,
        /// The label provider.
        provider: Ident,
        /// The label; none takes it away.
        label: Option<Arc<str>>,
    },
    /// `ALTER … [NO] DEPENDS ON EXTENSION`.
    DependOnExtension {
        /// What goes with the extension, or no longer.
        subject: Subject,
        /// The extension.
        extension: Ident,
        /// Whether it does.
        dependence: Dependence,
    },
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh {
        /// The materialized view.
        view: ObjectId,
        /// CONCURRENTLY, which needs a unique index.
        concurrency: Concurrency,
    },
    /// `REINDEX INDEX CONCURRENTLY`.
    Reindex {
        /// The index, or the key constraint that owns it.
        index: ObjectId,
    },
    /// `LOCK TABLE … IN … MODE`, relation by relation in the order given.
    LockTable {
        /// The relations.
        relations: Vec<ObjectId>,
        /// How strongly.
        mode: LockMode,
    },
    /// `ANALYZE`.
    Analyze {
        /// The relation.
        relation: ObjectId,
        /// Its columns; none means all.
        columns: Vec<Ident>,
    },
    /// `SET LOCAL name = 'value'`: a setting that the statement after it depends on.
    SetLocal {
        /// The setting.
        name: &'static str,
        /// Its value, unquoted.
        value: Arc<str>,
    },
    /// A batched, restartable, throttled move of data.
    Backfill(Box<Backfill>),
    /// A check that raises an error when what should hold does not.
    Verify(Box<Expectation>),
    /// Takes away what an interrupted `CREATE INDEX CONCURRENTLY` has left: `DROP INDEX CONCURRENTLY IF EXISTS`.
    DropInvalidIndex {
        /// The index that the next statement makes.
        index: ObjectId,
        /// Its table.
        table: ObjectId,
    },
    /// Raises an error: the down of what cannot be undone.
    Raise {
        /// Why, in a sentence.
        message: Arc<str>,
    },
}

/// `CREATE …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// The new object.
    pub id: ObjectId,
    /// Its definition. Owner, comment, privileges and labels are not written here: see [`complete`].
    pub entry: Entry,
    /// What is written inside: a table's columns, their defaults and constraints, a domain's constraints; in order.
    pub parts: Vec<(ObjectId, Entry)>,
    /// OR REPLACE, CONCURRENTLY, ON ONLY.
    pub mode: CreateMode,
    /// Whether it may be there already.
    pub guard: Guard,
    /// Whether the names of its NOT NULL constraints are all written.
    pub names: Names,
}

/// Whether a name is written that the server would choose by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// It is left out.
    WhereOthers,
    /// It is written: the server would choose another, because a constraint of another table has the name.
    All,
}

/// How an object is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateMode {
    /// `CREATE`.
    Plain,
    /// `CREATE OR REPLACE`: view, routine, trigger, rule, aggregate, language, transform.
    OrReplace,
    /// `CREATE INDEX CONCURRENTLY`.
    Concurrently,
    /// `CREATE INDEX … ON ONLY`.
    OnOnly,
}

/// Whether an object goes with an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependence {
    /// DEPENDS ON EXTENSION.
    Depends,
    /// NO DEPENDS ON EXTENSION.
    Independent,
}

/// Whether other sessions may go on writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// They wait.
    Blocking,
    /// CONCURRENTLY.
    Concurrently,
}

/// Whether a statement may find its work done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It is an error.
    None,
    /// IF EXISTS or IF NOT EXISTS.
    IfNeeded,
}

/// Where a sequence's position comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequencePosition {
    /// Behind the greatest value of a column.
    Behind(ObjectId),
    /// Where another sequence stands.
    As(ObjectId),
}

/// Where a new label of an enum stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumPosition {
    /// At the end.
    Last,
    /// BEFORE another.
    Before(Arc<str>),
    /// AFTER another.
    After(Arc<str>),
}

/// A change of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceForm {
    /// AS.
    DataType(DataType),
    /// INCREMENT BY.
    Increment(i64),
    /// MINVALUE.
    Minimum(i64),
    /// MAXVALUE.
    Maximum(i64),
    /// START WITH, which says where a RESTART goes.
    Start(i64),
    /// RESTART WITH, which says what the next value is.
    Restart(i64),
    /// CACHE.
    Cache(i64),
    /// CYCLE or NO CYCLE.
    Cycle(Cycle),
    /// SET LOGGED or SET UNLOGGED (15 and later); stands alone.
    Persistence(Persistence),
}

/// A change of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainForm {
    /// SET DEFAULT, or DROP DEFAULT without one.
    Default(Option<Template>),
    /// SET NOT NULL, or ADD CONSTRAINT … NOT NULL (17 and later) with a name that the server would not choose: every table
    /// with a column of the domain is read.
    SetNotNull(Option<Ident>),
    /// DROP NOT NULL.
    DropNotNull,
    /// ADD CONSTRAINT … CHECK; NOT VALID by its own validation.
    AddConstraint {
        /// The constraint.
        id: ObjectId,
        /// What it demands.
        expression: Template,
        /// NOT VALID or checked at once.
        validation: Validation,
    },
    /// VALIDATE CONSTRAINT.
    ValidateConstraint(Ident),
    /// DROP CONSTRAINT.
    DropConstraint(Ident),
}

/// A change of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeForm {
    /// ADD ATTRIBUTE.
    Add(Attribute),
    /// DROP ATTRIBUTE.
    Drop(Ident),
    /// ALTER ATTRIBUTE … TYPE.
    Alter(Attribute),
}

/// A change of a routine that needs no new definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutineForm {
    /// IMMUTABLE, STABLE, VOLATILE.
    Volatility(Volatility),
    /// CALLED ON NULL INPUT, STRICT.
    NullInput(NullInput),
    /// SECURITY INVOKER, DEFINER.
    Security(Security),
    /// LEAKPROOF.
    Leakproof(Leakproof),
    /// PARALLEL.
    Parallel(Parallel),
    /// COST.
    Cost(Arc<str>),
    /// ROWS.
    Rows(Arc<str>),
    /// SUPPORT.
    Support(Template),
    /// SET name TO value, as it is written after TO.
    Set(Arc<str>, Arc<str>),
    /// RESET name.
    Reset(Arc<str>),
}

/// A change of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionForm {
    /// UPDATE TO, or to the default version.
    Update(Option<Arc<str>>),
    /// SET SCHEMA.
    SetSchema(Ident),
}

impl Action {
    /// `CREATE` with its inline parts.
    pub fn create(id: ObjectId, entry: Entry, parts: Vec<(ObjectId, Entry)>) -> Action {
        Action::create_as(CreateMode::Plain, id, entry, parts)
    }

    /// `CREATE` in a given mode.
    pub fn create_as(mode: CreateMode, id: ObjectId, entry: Entry, parts: Vec<(ObjectId, Entry)>) -> Action {
        Action::Create(Box::new(Create {
            id,
            entry,
            parts,
            mode,
            guard: Guard::None,
            names: Names::WhereOthers,
        }))
    }

    /// Plain `DROP`.
    pub fn drop(id: &ObjectId, entry: &Entry) -> Action {
        Action::Drop {
            subject: Subject::of(id, entry),
            concurrency: Concurrency::Blocking,
            guard: Guard::None,
        }
    }

    /// What leads from one identity to another of the same kind: `SET SCHEMA`, `RENAME`, both or nothing.
    pub fn renames(id: &ObjectId, entry: &Entry, to: &ObjectId) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut subject = Subject::of(id, entry);
        if let (Some(old), Some(new)) = (id.schema(), to.schema())
            && old != new
            && id.parent().is_none()
        {
            let moved = subject.id.with_schema_name(new);
            let schema = new.clone();
            actions.push(Action::SetSchema {
                subject: subject.clone(),
                schema,
            });
            subject.id = moved;
        }
        if subject.id.last_name() != to.last_name() {
            actions.push(Action::Rename {
                subject,
                to: to.clone(),
            });
        }
        actions
    }

    /// `ALTER TABLE` with one form, for the table and its descendants.
    pub fn alter_table(relation: Subject, form: TableForm) -> Action {
        Action::AlterTable(Box::new(AlterTable {
            relation,
            scope: Scope::Descendants,
            forms: vec![form],
        }))
    }
}
