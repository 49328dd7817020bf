//! What has to be dropped and created anew: objects that no ALTER changes, and all that hangs on them.
//!
//! None of them holds rows. Owner, comment, privileges and parts come back with the object (see `make`).
//!
//! | rung | statement | phase | undone by |
//! |---|---|---|---|
//! | Absent | DROP of the old form | expand, or with what it waits for | CREATE of the old form |
//! | Public | CREATE of the new form with all that belongs to it | the same | DROP of the new form |

use super::build::rung;
use super::lowering::Lowering;
use super::{Lowered, built, make};
use crate::catalog::types::Type;
use crate::catalog::{Object, ObjectId};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, State};
use indexmap::IndexSet;

/// The two rungs of an object that is made anew; none when it comes with another one.
pub(super) fn ladder(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(entry) = lowering.from(id) else {
        return Ok(Vec::new());
    };
    let comes_with_whole = match &entry.object {
        Object::ViewColumn | Object::Column(_) | Object::Default(_) | Object::DomainConstraint(_) => lowering
            .pair
            .from
            .whole(id)
            .is_some_and(|whole| lowering.is_replaced(&whole)),
        Object::Trigger(trigger) => trigger.parent.is_some(),
        _ => false,
    };
    if comes_with_whole {
        return Ok(Vec::new());
    }
    let old = rung(
        State::Absent,
        Phase::Expand,
        make::undo(lowering, lowering.pair.from, id),
        make::statements(lowering, lowering.pair.from, id)?,
    );
    let new = rung(
        State::Public,
        Phase::Expand,
        make::statements(lowering, lowering.pair.to, id)?,
        make::undo(lowering, lowering.pair.to, id),
    );
    let why = "no ALTER makes this change, and it holds no rows: it is dropped and created anew in one transaction";
    let ladder = Ladder::new(
        id.clone(),
        format!("{} is created anew", describe(id)),
        why,
        vec![old, new],
    );
    built(id, ladder.map(Ladder::in_one_phase))
}

/// All objects to be made anew: those whose difference asks for it, and what depends on them, in catalog order.
pub(super) fn closure(lowering: &Lowering<'_>) -> IndexSet<ObjectId> {
    let mut found: IndexSet<ObjectId> = IndexSet::new();
    let mut waiting: Vec<ObjectId> = Vec::new();
    for (id, attributes) in lowering.all_altered() {
        if must_be_replaced(lowering, id, attributes) {
            waiting.push(id.clone());
        }
        // A column that changes its type must be free of what the server compiled against the old one.
        if matches!(id, ObjectId::Column(..)) && changes_compiled_form(attributes) {
            waiting.extend(dependents(lowering, id).filter(|dependent| is_compiled(lowering, dependent)));
        }
    }
    while let Some(id) = waiting.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        let parts = lowering.pair.from.parts(&id).map(|(part, _)| part.clone());
        let hangers = dependents(lowering, &id).filter(|dependent| is_recreatable(lowering, dependent));
        waiting.extend(parts.chain(hangers).filter(|next| lowering.pair.to.contains(next)));
    }
    found.sort_by_key(|id| lowering.pair.to.position(id));
    found
}

fn dependents<'a>(lowering: &'a Lowering<'_>, id: &ObjectId) -> impl Iterator<Item = ObjectId> + 'a {
    let found = lowering.dependents.from.get(id).map(Vec::as_slice).unwrap_or_default();
    found
        .iter()
        .filter(|dependent| lowering.pair.to.contains(dependent))
        .cloned()
}

/// Whether a difference can be made by DROP and CREATE only.
fn must_be_replaced(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> bool {
    let has = |attribute: Attribute| attributes.contains(&attribute);
    let Some(entry) = lowering.from(id) else { return false };
    if has(Attribute::Kind) {
        return true;
    }
    match &entry.object {
        Object::View(_) => has(Attribute::Query),
        Object::MaterializedView(_) => has(Attribute::Query),
        Object::Routine(_) => has(Attribute::RoutineInterface),
        Object::Trigger(trigger) => has(Attribute::Definition) && trigger.constraint.is_some(),
        Object::Policy(_) => has(Attribute::Definition),
        Object::Definition(_) => has(Attribute::Definition),
        Object::Type(object) => match **object {
            Type::Range(_) | Type::Base(_) | Type::Shell => has(Attribute::Definition),
            Type::Domain(_) => has(Attribute::DataType) || has(Attribute::Collation),
            Type::Enum(_) | Type::Composite(_) => false,
        },
        Object::Schema
        | Object::Extension(_)
        | Object::Table(_)
        | Object::Column(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Index(_)
        | Object::Sequence(_)
        | Object::ViewColumn
        | Object::DomainConstraint(_)
        | Object::Rule(_)
        | Object::DefaultPrivileges(_) => false,
    }
}

/// Whether the server refuses the change of a column while views, policies and the like refer to it.
fn changes_compiled_form(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        matches!(
            attribute,
            Attribute::DataType | Attribute::Collation | Attribute::Generated
        )
    })
}

/// Objects that the server keeps in compiled form, bound to columns by number.
fn is_compiled(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering.from(id).is_some_and(|entry| match &entry.object {
        Object::View(_)
        | Object::MaterializedView(_)
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Trigger(_)
        | Object::Routine(_)
        | Object::Definition(_) => true,
        Object::Schema
        | Object::Extension(_)
        | Object::Table(_)
        | Object::Column(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Index(_)
        | Object::Sequence(_)
        | Object::ViewColumn
        | Object::Type(_)
        | Object::DomainConstraint(_)
        | Object::DefaultPrivileges(_) => false,
    })
}

/// Objects that can be dropped and created anew when what they depend on is: they hold no rows themselves.
fn is_recreatable(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering.from(id).is_some_and(|entry| match &entry.object {
        Object::View(_)
        | Object::MaterializedView(_)
        | Object::ViewColumn
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Trigger(_)
        | Object::Routine(_)
        | Object::Definition(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Index(_)
        | Object::Type(_)
        | Object::DomainConstraint(_) => true,
        Object::Schema
        | Object::Extension(_)
        | Object::Table(_)
        | Object::Column(_)
        | Object::Sequence(_)
        | Object::DefaultPrivileges(_) => false,
    })
}
