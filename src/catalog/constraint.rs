//! Constraints of tables and domains, NOT NULL aside (PostgreSQL manual, "Constraints"; `pg_constraint`).

use super::id::ObjectId;
use super::index::IndexKey;
use super::name::Ident;
use super::options::Options;
use super::refers::{Refers, refers};
use super::table::{Inherit, Inheritance, Validation};
use super::template::Template;

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// DEFERRABLE and INITIALLY DEFERRED.
    pub deferral: Deferral,
    /// NOT VALID and NOT ENFORCED.
    pub validation: Validation,
    /// Where it comes from.
    pub inheritance: Inheritance,
    /// The partitioned parent's constraint that this one is a part of (an attached key, a foreign key's copy).
    pub parent: Option<ObjectId>,
}
refers!(Constraint { kind, parent });

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// At once, always.
    NotDeferrable,
    /// At once, unless SET CONSTRAINTS says otherwise.
    InitiallyImmediate,
    /// At the end of the transaction.
    InitiallyDeferred,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// CHECK (expression).
    Check {
        /// The expression without the outer parentheses.
        expression: Template,
        /// NO INHERIT.
        inherit: Inherit,
    },
    /// PRIMARY KEY or UNIQUE.
    Key(Key),
    /// FOREIGN KEY.
    ForeignKey(ForeignKey),
    /// EXCLUDE.
    Exclude(Exclude),
}

/// PRIMARY KEY or UNIQUE with the index behind it, which bears the constraint's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Which of the two.
    pub kind: KeyKind,
    /// The key columns in order, as column identities.
    pub columns: Vec<ObjectId>,
    /// INCLUDE.
    pub include: Vec<ObjectId>,
    /// WITHOUT OVERLAPS on the last column (PostgreSQL 18).
    pub overlaps: Overlaps,
    /// Storage parameters of the index.
    pub options: Options,
    /// The tablespace of the index.
    pub tablespace: Option<Ident>,
}
refers!(Key { columns, include });

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// PRIMARY KEY.
    Primary,
    /// UNIQUE, where nulls are distinct.
    Unique,
    /// UNIQUE NULLS NOT DISTINCT (PostgreSQL 15).
    UniqueNullsNotDistinct,
}

/// Whether a temporal key forbids overlaps instead of equality in its last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlaps {
    /// An ordinary key.
    Allowed,
    /// WITHOUT OVERLAPS.
    Without,
}

/// FOREIGN KEY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<ObjectId>,
    /// The referenced table.
    pub table: ObjectId,
    /// The referenced columns, always resolved.
    pub referenced: Vec<ObjectId>,
    /// MATCH FULL or SIMPLE.
    pub matching: Match,
    /// ON DELETE.
    pub on_delete: ReferentialAction,
    /// The columns of ON DELETE SET NULL (…) or SET DEFAULT (…), when named (PostgreSQL 15).
    pub on_delete_columns: Vec<ObjectId>,
    /// ON UPDATE.
    pub on_update: ReferentialAction,
    /// PERIOD on the last column of both sides (PostgreSQL 18).
    pub period: Period,
}
refers!(ForeignKey {
    columns,
    table,
    referenced,
    on_delete_columns
});

/// How nulls in a foreign key are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // PostgreSQL's own words
pub enum Match {
    Simple,
    Full,
    Partial,
}

/// Whether the last column of a foreign key is a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Period {
    None,
    Period,
}

/// What happens to referencing rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // PostgreSQL's own words
pub enum ReferentialAction {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// EXCLUDE with the index behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclude {
    /// The index access method.
    pub method: Ident,
    /// What is compared, and by which operator (as written after WITH).
    pub elements: Vec<ExcludeElement>,
    /// INCLUDE.
    pub include: Vec<ObjectId>,
    /// WHERE, without the outer parentheses.
    pub predicate: Option<Template>,
    /// Storage parameters of the index.
    pub options: Options,
    /// The tablespace of the index.
    pub tablespace: Option<Ident>,
}
refers!(Exclude {
    elements,
    include,
    predicate
});

/// An element of EXCLUDE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcludeElement {
    /// The column or expression.
    pub key: IndexKey,
    /// The operator as it stands after WITH.
    pub operator: Template,
}
refers!(ExcludeElement { key, operator });

impl Refers for ConstraintKind {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        match self {
            ConstraintKind::Check { expression, inherit: _ } => expression.references().for_each(sink),
            ConstraintKind::Key(key) => key.references(sink),
            ConstraintKind::ForeignKey(key) => key.references(sink),
            ConstraintKind::Exclude(exclude) => exclude.references(sink),
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        match self {
            ConstraintKind::Check { expression, inherit: _ } => expression.rename(rename),
            ConstraintKind::Key(key) => key.rename(rename),
            ConstraintKind::ForeignKey(key) => key.rename(rename),
            ConstraintKind::Exclude(exclude) => exclude.rename(rename),
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(super::Doubt)) {
        match self {
            ConstraintKind::Check { expression, inherit: _ } => expression.doubts().iter().copied().for_each(sink),
            ConstraintKind::Exclude(exclude) => exclude.doubts(sink),
            ConstraintKind::Key(_) | ConstraintKind::ForeignKey(_) => {}
        }
    }
}

/// A CHECK constraint of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainConstraint {
    /// The expression over VALUE, without the outer parentheses.
    pub expression: Template,
    /// NOT VALID.
    pub validation: Validation,
}
refers!(DomainConstraint { expression });
