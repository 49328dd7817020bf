//! In which order objects stand in a script where nothing else decides: by kind, then by name, and the parts of a table
//! behind it.
//!
//! Knows kinds and names. Who waits for whom is the order's business.

use crate::catalog::constraint::ConstraintKind;
use crate::catalog::{Catalog, DefinitionKind, Entry, Object, ObjectId};

/// The sections of a script. `Ord` is their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Schemas,
    Extensions,
    /// What other objects are written in or kept by: languages, access methods, collations, servers …
    Foundations,
    Types,
    Routines,
    /// Operators and what is made of them, casts, transforms.
    Operators,
    Sequences,
    Tables,
    Views,
    /// Foreign keys: tables may refer to each other in a circle.
    References,
    /// What watches other objects: statistics, publications, event triggers.
    Watchers,
    DefaultPrivileges,
}

/// What stands behind a table, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Whole,
    /// In the order of the table: it is part of its shape.
    Column,
    Default,
    Constraint,
    Index,
    Trigger,
    Rule,
    Policy,
}

/// A copy of a catalog in the order of a script.
pub(super) fn sorted(catalog: &Catalog) -> Catalog {
    catalog.in_order_of(|id, entry| {
        let whole = catalog
            .whole(id)
            .map_or_else(|| id.clone(), |whole| catalog.whole(&whole).unwrap_or(whole));
        let part = part(&entry.object);
        let name = (part != Part::Column).then(|| id.clone());
        (section(catalog, id, entry, &whole), whole, part, name)
    })
}

fn section(catalog: &Catalog, id: &ObjectId, entry: &Entry, whole: &ObjectId) -> Section {
    match &entry.object {
        Object::Constraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) => {
            Section::References
        }
        _ if whole != id => catalog
            .get(whole)
            .map_or(Section::Tables, |entry| section(catalog, whole, entry, whole)),
        Object::Schema => Section::Schemas,
        Object::Extension(_) => Section::Extensions,
        Object::Type(_) | Object::DomainConstraint(_) => Section::Types,
        Object::Routine(_) => Section::Routines,
        Object::Sequence(_) => Section::Sequences,
        Object::Table(_)
        | Object::Column(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Index(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_) => Section::Tables,
        Object::View(_) | Object::MaterializedView(_) | Object::ViewColumn => Section::Views,
        // What is granted on it is for those who use what the schema makes.
        Object::DefaultPrivileges(_) | Object::Provided(_) => Section::DefaultPrivileges,
        Object::Definition(_) => match id {
            ObjectId::Definition(definition) => of_definition(definition.kind),
            // Aggregates are kept by their definition under a routine's identity.
            _ => Section::Routines,
        },
    }
}

fn of_definition(kind: DefinitionKind) -> Section {
    match kind {
        DefinitionKind::Language
        | DefinitionKind::AccessMethod
        | DefinitionKind::Collation
        | DefinitionKind::Conversion
        | DefinitionKind::TextSearchParser
        | DefinitionKind::TextSearchTemplate
        | DefinitionKind::TextSearchDictionary
        | DefinitionKind::TextSearchConfiguration
        | DefinitionKind::ForeignDataWrapper
        | DefinitionKind::Server
        | DefinitionKind::UserMapping => Section::Foundations,
        DefinitionKind::Operator
        | DefinitionKind::OperatorFamily
        | DefinitionKind::OperatorClass
        | DefinitionKind::Cast
        | DefinitionKind::Transform => Section::Operators,
        DefinitionKind::Statistics
        | DefinitionKind::Publication
        | DefinitionKind::Subscription
        | DefinitionKind::EventTrigger => Section::Watchers,
    }
}

fn part(object: &Object) -> Part {
    match object {
        Object::Column(_) | Object::ViewColumn => Part::Column,
        Object::Default(_) => Part::Default,
        Object::Constraint(_) | Object::DomainConstraint(_) => Part::Constraint,
        Object::Index(_) => Part::Index,
        Object::Trigger(_) => Part::Trigger,
        Object::Rule(_) => Part::Rule,
        Object::Policy(_) => Part::Policy,
        Object::Schema
        | Object::Extension(_)
        | Object::Table(_)
        | Object::Sequence(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::Type(_)
        | Object::Routine(_)
        | Object::Definition(_)
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => Part::Whole,
    }
}
