//! New objects: which are written with their table, which by a pattern of their own, which by a plain CREATE.

use super::build::rung;
use super::facts::SideOf;
use super::lowering::Lowering;
use super::table::inheriting;
use super::{
    Lowered, access, built, column, common, constraint, default, index, make, materialized, partition, program,
    provided, routine, sequence, types,
};
use crate::catalog::trigger::Firing;
use crate::catalog::{Object, ObjectId};
use crate::dialect::postgres::describe;
use crate::plan::{Company, Ladder, Phase, Rung, State};

/// The ladders of a new object; none when it is written with another.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(entry) = lowering.to(id) else {
        return Ok(Vec::new());
    };
    match &entry.object {
        Object::ViewColumn => Ok(Vec::new()),
        Object::Column(_) if whole_is_created(lowering, id) => Ok(Vec::new()),
        Object::Column(_) => {
            let mut ladders = column::add(lowering, id)?;
            ladders.extend(common::hidden_comments(lowering, id, None, entry)?);
            Ok(ladders)
        }
        Object::Default(_) if make::is_inline(lowering.pair.to, id, lowering) => Ok(Vec::new()),
        Object::Default(_) => default::set(lowering, id),
        Object::Constraint(_) if make::is_inline(lowering.pair.to, id, lowering) => Ok(Vec::new()),
        Object::Constraint(_) => constraint::add(lowering, id),
        Object::DomainConstraint(_) if whole_is_created(lowering, id) => Ok(Vec::new()),
        Object::Index(_) => index::create(lowering, id),
        Object::Table(table) if table.partition_of.is_some() => partition::create(lowering, id),
        Object::Sequence(sequence) if sequence.owned_by.is_some() => sequence::create(lowering, id),
        Object::Trigger(trigger) if trigger.parent.is_some() => program::create_copy(lowering, id),
        Object::DomainConstraint(_) => types::add_constraint(lowering, id),
        Object::DefaultPrivileges(_) => access::default_privileges(lowering, id),
        Object::Provided(_) => provided::ladders(lowering, id),
        Object::Routine(_) => match routine::predecessor(lowering, id) {
            Some(old) => routine::swap(lowering, &old, id),
            None => {
                routine::warn_of_confusion(lowering, id);
                plain(lowering, id)
            }
        },
        Object::MaterializedView(_) => materialized(lowering, id),
        Object::Type(_) => match types::with_functions::functions(lowering.pair.to, id) {
            functions if functions.is_empty() => plain(lowering, id),
            functions => types::with_functions::create(lowering, id, &functions),
        },
        Object::Schema
        | Object::Extension(_)
        | Object::Table(_)
        | Object::Sequence(_)
        | Object::View(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Definition(_) => plain(lowering, id),
    }
}

/// One rung: CREATE with all that belongs to the object, and DROP for the way back.
pub(super) fn plain(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let mut up = make::statements(lowering, lowering.pair.to, id)?;
    let down = make::undo(lowering, lowering.pair.to, id);
    if let Some(first) = up.first_mut() {
        first
            .requires
            .extend(inheriting::there_before(lowering, lowering.pair.to, id));
        first.claims.extend(program::swapped_out(lowering, id));
    }
    let mut rungs = vec![rung(State::Present, Phase::Expand, up, down)];
    rungs.extend(inheriting::not_valid(lowering, lowering.pair.to, id));
    let late = make::late(lowering, lowering.pair.to, id);
    if !late.is_empty() {
        rungs.push(rung(State::Public, Phase::Expand, late, Vec::new()));
    }
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} is created", describe(id)),
            first_use(lowering, id),
            rungs,
        ),
    )
}

/// From when on a new object makes itself felt: what hangs on a relation that is there is nobody's to begin with.
fn first_use(lowering: &Lowering<'_>, id: &ObjectId) -> &'static str {
    let object = lowering.to(id).map(|entry| &entry.object);
    let whole = lowering.pair.to.whole(id);
    let is_on_what_is_there =
        whole.is_some_and(|whole| lowering.from(&whole).is_some() && !lowering.is_created(&whole));
    match object {
        Some(Object::Trigger(trigger)) if is_on_what_is_there => match trigger.firing {
            Firing::Disabled => "it is disabled, so it does not fire yet",
            Firing::Origin | Firing::Replica | Firing::Always => {
                "it fires from now on, for what the old application does too"
            }
        },
        Some(Object::Rule(rule)) if is_on_what_is_there => match rule.firing {
            Firing::Disabled => "it is disabled, so it rewrites nothing yet",
            Firing::Origin | Firing::Replica | Firing::Always => {
                "it rewrites from now on what the old application says too"
            }
        },
        Some(Object::Policy(_)) if is_on_what_is_there => {
            "where row security is on it holds from now on, for the old application too"
        }
        _ => "nothing uses it yet, so a plain CREATE is safe",
    }
}

/// A materialized view with its indexes; where its fill takes long, in a file of its own.
fn materialized(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    match materialized::company(lowering, SideOf::To, id) {
        Company::Scan => {
            let mut up = make::statements_with_parts(lowering, lowering.pair.to, id)?;
            up.push(materialized::analyzed(lowering, id));
            let down = make::undo(lowering, lowering.pair.to, id);
            let rungs = vec![Rung {
                company: Company::Scan,
                ..rung(State::Present, Phase::Expand, up, down)
            }];
            let title = format!("{} is created", describe(id));
            let why = "filling it reads all rows of its tables, so no lock that others wait for is held meanwhile";
            built(id, Ladder::new(id.clone(), title, why, rungs))
        }
        Company::Catalog | Company::NextFile | Company::Alone => plain(lowering, id),
    }
}

/// Whether what the object is a part of is new or made anew, so that it comes with it.
pub(super) fn whole_is_created(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering
        .pair
        .to
        .whole(id)
        .is_some_and(|whole| lowering.is_created(&whole) || lowering.is_replaced(&whole))
}
