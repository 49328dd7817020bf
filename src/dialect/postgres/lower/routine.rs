//! Functions and procedures that stay, and those of other arguments that take a function's place.
//!
//! | change | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | body and properties | CREATE OR REPLACE | none on relations | expand | CREATE OR REPLACE with the old form |
//! | result, argument names | DROP, CREATE in one transaction (`replace`) | as what hangs on it | expand | the same backwards |
//! | other arguments, calls could mean either | DROP of the old, CREATE of the new in one transaction | none on relations | expand | the same backwards |
//! | other arguments, told apart by their number | CREATE | none | expand, the old one is dropped in contract | DROP |
//!
//! A function with other arguments is another function. While both exist, a call that fits both fails as ambiguous
//! (42725), which a parameter with a default is enough for; so the two change places at once, where nothing but string
//! bodies uses the old one. Where a table does, both have to be there for a time, and that is said.

use super::build::rung;
use super::lowering::Lowering;
use super::refuse::warn;
use super::{Lowered, built, make};
use crate::catalog::routine::{Argument, ArgumentMode, Routine};
use crate::catalog::{Entry, Object, ObjectId};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, CreateMode};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, State};

/// The ladder of a routine that is replaced in place.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, _attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    let replaced = |entry: &Entry| {
        let action = Action::create_as(CreateMode::OrReplace, id.clone(), entry.clone(), Vec::new());
        vec![lowering.statement(action, format!("{} is replaced in place.", describe(id)))]
    };
    let rungs = vec![rung(State::Public, Phase::Expand, replaced(to), replaced(from))];
    let title = format!("{} is replaced", describe(id));
    let why =
        "its arguments and result stay, so CREATE OR REPLACE changes it for the next call; owner and privileges stay";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// Whether CREATE OR REPLACE refuses to lead from one form to the other, or back (`ProcedureCreate` in pg_proc.c): it
/// takes no other result, no other names or modes of arguments, and takes no default away.
pub(super) fn needs_replacement(from: &Routine, to: &Routine) -> bool {
    let same_argument = |(from, to): (&Argument, &Argument)| {
        from.mode == to.mode
            && from.name == to.name
            && from.data_type == to.data_type
            && from.default.is_some() == to.default.is_some()
    };
    from.returns != to.returns
        || from.arguments.len() != to.arguments.len()
        || !from.arguments.iter().zip(&to.arguments).all(same_argument)
}

/// The new routine that takes the place of one that goes: the same name, and a call could mean either.
pub(super) fn successor(lowering: &Lowering<'_>, id: &ObjectId) -> Option<ObjectId> {
    let ObjectId::Routine(name, _) = id else { return None };
    let Object::Routine(old) = &lowering.from(id)?.object else {
        return None;
    };
    let new = lowering
        .pair
        .to
        .iter()
        .find(|(other, entry)| match (other, &entry.object) {
            (ObjectId::Routine(other_name, _), Object::Routine(new)) => {
                other_name == name && lowering.is_created(other) && may_be_confused(old, new)
            }
            _ => false,
        });
    let (new, _) = new?;
    // One new routine takes the place of one old one.
    let first = lowering.pair.from.iter().find(|(other, entry)| match (other, &entry.object) {
        (ObjectId::Routine(other_name, _), Object::Routine(old)) => {
            other_name == name
                && lowering.is_dropped(other)
                && matches!(&lowering.to(new).map(|entry| &entry.object), Some(Object::Routine(new)) if may_be_confused(old, new))
        }
        _ => false,
    });
    (first.is_some_and(|(first, _)| first == id) && is_free(lowering, id)).then(|| new.clone())
}

/// The routine whose place a new one takes.
pub(super) fn predecessor(lowering: &Lowering<'_>, id: &ObjectId) -> Option<ObjectId> {
    let ObjectId::Routine(name, _) = id else { return None };
    lowering
        .pair
        .from
        .iter()
        .map(|(old, _)| old)
        .filter(|old| matches!(old, ObjectId::Routine(other, _) if other == name) && lowering.is_dropped(old))
        .find(|old| successor(lowering, old).as_ref() == Some(id))
        .cloned()
}

/// The ladder of a routine that takes another's place in one transaction.
pub(super) fn swap(lowering: &Lowering<'_>, old: &ObjectId, new: &ObjectId) -> Lowered<Vec<Ladder>> {
    warn(
        lowering,
        Code::FunctionSignature,
        new,
        format!("{} takes the place of {}", describe(new), describe(old)),
        "Calls that fit the new arguments go on; all others fail from then on. \
         Give the new function another name to keep both.",
    );
    let absent = rung(
        State::Absent,
        Phase::Expand,
        make::undo(lowering, lowering.pair.from, old),
        make::statements(lowering, lowering.pair.from, old)?,
    );
    let public = rung(
        State::Public,
        Phase::Expand,
        make::statements(lowering, lowering.pair.to, new)?,
        make::undo(lowering, lowering.pair.to, new),
    );
    let title = format!("{} takes the place of {}", describe(new), describe(old));
    let why =
        "while both exist a call could mean either and fails as ambiguous, so they change places in one transaction";
    let ladder = Ladder::new(new.clone(), title, why, vec![absent, public]);
    built(new, ladder.map(Ladder::in_one_phase))
}

/// Says that a routine of other arguments comes beside one that goes, where a call could mean either.
pub(super) fn warn_of_confusion(lowering: &Lowering<'_>, id: &ObjectId) {
    let (ObjectId::Routine(name, _), Some(Object::Routine(new))) = (id, lowering.to(id).map(|entry| &entry.object))
    else {
        return;
    };
    let confused = lowering
        .pair
        .from
        .iter()
        .find(|(old, entry)| match (old, &entry.object) {
            (ObjectId::Routine(other, _), Object::Routine(old_routine)) => {
                other == name && lowering.is_dropped(old) && may_be_confused(old_routine, new)
            }
            _ => false,
        });
    if let Some((old, _)) = confused {
        warn(
            lowering,
            Code::FunctionSignature,
            id,
            format!("until the last phase {} stands beside {}", describe(id), describe(old)),
            "A call that fits both fails as ambiguous meanwhile. Give the new function another name.",
        );
    }
}

/// Whether nothing that the server knows of holds a routine until the last phase: what uses it is itself made anew.
fn is_free(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let users = lowering.dependents.from.get(id).map(Vec::as_slice).unwrap_or_default();
    users.iter().all(|user| lowering.is_replaced(user))
}

/// Whether a call may fit both: some number of arguments that both take.
fn may_be_confused(old: &Routine, new: &Routine) -> bool {
    let (old, new) = (taken(old), taken(new));
    old.0 <= new.1 && new.0 <= old.1
}

/// The least and the greatest number of arguments that a call may give.
fn taken(routine: &Routine) -> (usize, usize) {
    let inputs: Vec<&Argument> = routine
        .arguments
        .iter()
        .filter(|argument| argument.mode != ArgumentMode::Out)
        .collect();
    let variadic = inputs.iter().any(|argument| argument.mode == ArgumentMode::Variadic);
    let least = inputs
        .iter()
        .filter(|argument| argument.default.is_none() && argument.mode != ArgumentMode::Variadic)
        .count();
    let greatest = if variadic { usize::MAX } else { inputs.len() };
    (least, greatest)
}
