//! What a statement is about: an identity with the kind that chooses the words.
//!
//! Tables, views, sequences and indexes share one kind of identity because they share a namespace; the statement that
//! drops or comments one needs the word. Knows kinds only; how they are written is the writer's business.

use crate::catalog::definition::ProvidedKind;
use crate::catalog::routine::RoutineKind;
use crate::catalog::types::Type;
use crate::catalog::{DefinitionKind, Entry, Hidden, Object, ObjectId};

/// An object with its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Which.
    pub id: ObjectId,
    /// What it is.
    pub kind: Kind,
}

/// The kind of an object as statements call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // PostgreSQL's own words
pub enum Kind {
    Schema,
    Extension,
    Table,
    ForeignTable,
    View,
    MaterializedView,
    Index,
    Sequence,
    Column,
    Default,
    Constraint,
    Type,
    Domain,
    DomainConstraint,
    Function,
    Procedure,
    Aggregate,
    Trigger,
    Rule,
    Policy,
    DefaultPrivileges,
    Definition(DefinitionKind),
}

impl Subject {
    /// The subject of a catalog's entry.
    pub fn of(id: &ObjectId, entry: &Entry) -> Subject {
        Subject {
            id: match id {
                ObjectId::Provided(inner) => (**inner).clone(),
                other => other.clone(),
            },
            kind: Kind::of(id, &entry.object),
        }
    }

    /// What goes with an object and has no entry of its own; nothing where the object has no such part.
    pub fn hidden(id: &ObjectId, object: &Object, part: Hidden) -> Option<Subject> {
        let (id, kind) = match (id, object, part) {
            (ObjectId::Constraint(table, name), Object::Constraint(_), Hidden::Index) => {
                (ObjectId::Relation(table.with_name(name.clone())), Kind::Index)
            }
            (ObjectId::Column(table, _), Object::Column(column), Hidden::Sequence) => {
                let sequence = column.identity.as_ref()?.sequence.clone();
                (ObjectId::Relation(table.with_name(sequence)), Kind::Sequence)
            }
            (ObjectId::Column(table, _), Object::Column(column), Hidden::NotNull) => {
                let name = column.not_null.as_ref()?.name.clone();
                (ObjectId::Constraint(table.clone(), name), Kind::Constraint)
            }
            (ObjectId::Type(domain), Object::Type(object), Hidden::NotNull) => match &**object {
                Type::Domain(of) => {
                    let name = of.not_null.clone()?;
                    (ObjectId::DomainConstraint(domain.clone(), name), Kind::DomainConstraint)
                }
                Type::Enum(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => return None,
            },
            (_, _, Hidden::Index | Hidden::Sequence | Hidden::NotNull) => return None,
        };
        Some(Subject { id, kind })
    }

    /// A table that is not foreign.
    pub fn table(id: &ObjectId) -> Subject {
        Subject {
            id: id.clone(),
            kind: Kind::Table,
        }
    }

    /// A column of any relation, or an attribute of a composite type under the type's name.
    pub fn column(id: &ObjectId) -> Subject {
        Subject {
            id: id.clone(),
            kind: Kind::Column,
        }
    }
}

impl Kind {
    /// The kind of a catalog's object.
    pub fn of(id: &ObjectId, object: &Object) -> Kind {
        match object {
            Object::Schema => Kind::Schema,
            Object::Extension(_) => Kind::Extension,
            Object::Table(table) if table.foreign.is_some() => Kind::ForeignTable,
            Object::Table(_) => Kind::Table,
            Object::Column(_) | Object::ViewColumn => Kind::Column,
            Object::Default(_) => Kind::Default,
            Object::Constraint(_) => Kind::Constraint,
            Object::Index(_) => Kind::Index,
            Object::Sequence(_) => Kind::Sequence,
            Object::View(_) => Kind::View,
            Object::MaterializedView(_) => Kind::MaterializedView,
            Object::Type(object) => match **object {
                Type::Domain(_) => Kind::Domain,
                Type::Enum(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => Kind::Type,
            },
            Object::DomainConstraint(_) => Kind::DomainConstraint,
            Object::Routine(routine) => match routine.kind {
                RoutineKind::Function | RoutineKind::WindowFunction => Kind::Function,
                RoutineKind::Procedure => Kind::Procedure,
            },
            Object::Trigger(_) => Kind::Trigger,
            Object::Rule(_) => Kind::Rule,
            Object::Policy(_) => Kind::Policy,
            Object::Definition(_) => match id {
                ObjectId::Definition(definition) => Kind::Definition(definition.kind),
                // Aggregates are kept by their definition under a routine's identity.
                ObjectId::Routine(..)
                | ObjectId::Schema(_)
                | ObjectId::Extension(_)
                | ObjectId::Type(_)
                | ObjectId::Relation(_)
                | ObjectId::Column(..)
                | ObjectId::Default(..)
                | ObjectId::Constraint(..)
                | ObjectId::DomainConstraint(..)
                | ObjectId::Trigger(..)
                | ObjectId::Rule(..)
                | ObjectId::Policy(..)
                | ObjectId::DefaultPrivileges(_)
                | ObjectId::Provided(_) => Kind::Aggregate,
            },
            Object::DefaultPrivileges(_) => Kind::DefaultPrivileges,
            Object::Provided(provided) => match provided.kind {
                ProvidedKind::Schema => Kind::Schema,
                ProvidedKind::Relation => Kind::Table,
                ProvidedKind::Column => Kind::Column,
                ProvidedKind::Sequence => Kind::Sequence,
                ProvidedKind::Function => Kind::Function,
                ProvidedKind::Procedure => Kind::Procedure,
                ProvidedKind::Type => Kind::Type,
                ProvidedKind::Language => Kind::Definition(DefinitionKind::Language),
                ProvidedKind::ForeignDataWrapper => Kind::Definition(DefinitionKind::ForeignDataWrapper),
            },
        }
    }
}
