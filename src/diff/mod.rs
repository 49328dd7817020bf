//! The differences of two catalogs, as changes of objects and their attributes: what differs, never how it is done.
//!
//! Knows the catalog only. One function per kind lists the attributes in which two objects of one identity differ;
//! the match is whole, so a field without a rule is a compile error (every struct is taken apart by name).

mod alike;
mod attribute;
mod program;
mod relation;

pub use alike::alike;
pub use attribute::Attribute;

use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::pair::{Pair, Presence};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An object is wanted that is not.
    Create(ObjectId),
    /// An object is that is not wanted.
    Drop(ObjectId),
    /// An object differs in attributes.
    Alter(ObjectId, Vec<Attribute>),
}

impl Change {
    /// The object.
    pub fn object(&self) -> &ObjectId {
        match self {
            Change::Create(id) | Change::Drop(id) | Change::Alter(id, _) => id,
        }
    }
}

/// The first version whose NOT NULL of a domain is a constraint with a name (`typecmds.c`, `domainAddNotNullConstraint`).
pub const DOMAIN_NOT_NULL_NAMED: u16 = 17;

/// What counts as a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether owners are compared; a wanted schema that names no owner at all does not manage them.
    pub owners: Attention,
    /// Whether versions of extensions are compared; a dump does not say them.
    pub extension_versions: Attention,
    /// Whether the names of NOT NULL constraints and their validity are compared; servers before 18 do not keep them.
    pub not_null_names: Attention,
    /// Whether the names of NOT NULL constraints of domains are compared; servers before 17 do not keep them.
    pub domain_not_null_names: Attention,
}

/// Whether something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// It is.
    Compared,
    /// It is not.
    Ignored,
}

impl Comparison {
    /// This comparison, without the owners when another one of fewer objects does not look at them.
    pub fn within(self, fewer: Comparison) -> Self {
        Comparison {
            owners: match self.owners {
                Attention::Compared => fewer.owners,
                Attention::Ignored => Attention::Ignored,
            },
            ..self
        }
    }

    /// The comparison for a wanted catalog on a server version.
    pub fn of(to: &Catalog, version: u16) -> Self {
        Comparison {
            owners: if to.names_owners() {
                Attention::Compared
            } else {
                Attention::Ignored
            },
            extension_versions: Attention::Compared,
            not_null_names: if version >= 18 {
                Attention::Compared
            } else {
                Attention::Ignored
            },
            domain_not_null_names: if version >= DOMAIN_NOT_NULL_NAMED {
                Attention::Compared
            } else {
                Attention::Ignored
            },
        }
    }
}

/// All differences: objects of `from` in their order, then the new ones of `to` in theirs.
///
/// Members of extensions are the extension's business and never differ.
pub fn diff(pair: Pair<&Catalog>, comparison: Comparison) -> Vec<Change> {
    let mut changes = Vec::new();
    for id in pair.from.differences(pair.to) {
        match pair.map(|catalog| catalog.get(id)).transpose() {
            Some(Presence::New(entry)) if entry.extension.is_none() => changes.push(Change::Create(id.clone())),
            Some(Presence::Gone(entry)) if entry.extension.is_none() => changes.push(Change::Drop(id.clone())),
            // An index of that name on another table is another index.
            Some(Presence::Both(_)) if !pair.map(|catalog| catalog.whole(id)).is_same() => {
                changes.push(Change::Drop(id.clone()));
                changes.push(Change::Create(id.clone()));
            }
            Some(Presence::Both(entries)) => {
                let attributes = attributes(entries, comparison);
                if !attributes.is_empty() {
                    changes.push(Change::Alter(id.clone(), attributes));
                }
            }
            Some(Presence::New(_) | Presence::Gone(_)) | None => {}
        }
    }
    changes
}

/// The attributes in which two entries of one identity differ.
pub fn attributes(pair: Pair<&Entry>, comparison: Comparison) -> Vec<Attribute> {
    let mut found = Vec::new();
    of_object(pair.map(|entry| &entry.object), comparison, &mut found);
    // Who owns what the server or an extension makes is no matter of the schema.
    let is_owned = !matches!(pair.to.object, Object::Provided(_));
    if is_owned && comparison.owners == Attention::Compared && pair.from.owner != pair.to.owner {
        found.push(Attribute::Owner);
    }
    let mut note = |differs: bool, attribute: Attribute| {
        if differs && !found.contains(&attribute) {
            found.push(attribute);
        }
    };
    note(pair.from.comment != pair.to.comment, Attribute::Comment);
    note(
        pair.from.hidden_comments != pair.to.hidden_comments,
        Attribute::HiddenComments,
    );
    note(pair.from.privileges != pair.to.privileges, Attribute::Privileges);
    note(
        pair.from.security_labels != pair.to.security_labels,
        Attribute::SecurityLabels,
    );
    note(pair.from.extension != pair.to.extension, Attribute::ExtensionMembership);
    note(
        pair.from.depends_on != pair.to.depends_on,
        Attribute::ExtensionDependence,
    );
    found
}

fn of_object(pair: Pair<&Object>, comparison: Comparison, found: &mut Vec<Attribute>) {
    match (pair.from, pair.to) {
        (Object::Schema, Object::Schema) | (Object::ViewColumn, Object::ViewColumn) => {}
        (Object::Extension(from), Object::Extension(to)) => program::extension(Pair { from, to }, comparison, found),
        (Object::Table(from), Object::Table(to)) => relation::table(Pair { from, to }, found),
        (Object::Column(from), Object::Column(to)) => relation::column(Pair { from, to }, comparison, found),
        (Object::Default(from), Object::Default(to)) => relation::default(Pair { from, to }, found),
        (Object::Constraint(from), Object::Constraint(to)) => relation::constraint(Pair { from, to }, found),
        (Object::Index(from), Object::Index(to)) => relation::index(Pair { from, to }, found),
        (Object::Sequence(from), Object::Sequence(to)) => relation::sequence(Pair { from, to }, found),
        (Object::View(from), Object::View(to)) => relation::view(Pair { from, to }, found),
        (Object::MaterializedView(from), Object::MaterializedView(to)) => {
            relation::materialized_view(Pair { from, to }, found);
        }
        (Object::Type(from), Object::Type(to)) => program::data_type(Pair { from, to }, comparison, found),
        (Object::DomainConstraint(from), Object::DomainConstraint(to)) => {
            program::domain_constraint(Pair { from, to }, found);
        }
        (Object::Routine(from), Object::Routine(to)) => program::routine(Pair { from, to }, found),
        (Object::Trigger(from), Object::Trigger(to)) => program::trigger(Pair { from, to }, found),
        (Object::Rule(from), Object::Rule(to)) => program::rule(Pair { from, to }, found),
        (Object::Policy(from), Object::Policy(to)) => program::policy(Pair { from, to }, found),
        (Object::Definition(from), Object::Definition(to)) => program::definition(Pair { from, to }, found),
        (Object::DefaultPrivileges(from), Object::DefaultPrivileges(to)) => {
            if from != to {
                found.push(Attribute::Privileges);
            }
        }
        (Object::Provided(from), Object::Provided(to)) => program::provided(Pair { from, to }, found),
        (
            Object::Schema
            | Object::Extension(_)
            | Object::Table(_)
            | Object::Column(_)
            | Object::Default(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::Sequence(_)
            | Object::View(_)
            | Object::MaterializedView(_)
            | Object::ViewColumn
            | Object::Type(_)
            | Object::DomainConstraint(_)
            | Object::Routine(_)
            | Object::Trigger(_)
            | Object::Rule(_)
            | Object::Policy(_)
            | Object::Definition(_)
            | Object::DefaultPrivileges(_)
            | Object::Provided(_),
            _,
        ) => found.push(Attribute::Kind),
    }
}
