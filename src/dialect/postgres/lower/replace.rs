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
use super::{
    Lowered, built, constraint, definition, drop, make, materialized, program, refuse, rename_column, routine, types,
    view_in_place,
};
use crate::catalog::hashing::{HashSet, IndexSet};
use crate::catalog::{Entry, Ident, Object, ObjectId};
use crate::diagnostic::Code;
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, Reversal, Rung, State, Statement};

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
        Object::Index(index) => is_materialized_anew(lowering, &index.table),
        _ => false,
    };
    if comes_with_whole {
        return Ok(Vec::new());
    }
    refuse_loss(lowering, id, &entry.object)?;
    refuse_stayers(lowering, id)?;
    warn_users(lowering, id);
    let title = format!("{} is created anew", describe(id));
    if let Some(rungs) = constraint::check_anew::rungs(lowering, id) {
        let why = "what it is compiled against is made anew; old rows are checked in a file of their own";
        return built(id, Ladder::new(id.clone(), title, why, rungs).map(Ladder::in_one_phase));
    }
    let reversal = match &entry.object {
        Object::Table(_) => Reversal::LosesData(format!("the rows of {}", describe(id))),
        _ => Reversal::Exact,
    };
    let old = Rung {
        reversal,
        ..rung(
            State::Absent,
            Phase::Expand,
            make::undo(lowering, lowering.pair.from, id),
            if is_materialized_anew(lowering, id) {
                make::statements_with_parts(lowering, lowering.pair.from, id)?
            } else {
                as_it_was(lowering, id)?
            },
        )
    };
    let new = rung(
        State::Public,
        Phase::Expand,
        if is_materialized_anew(lowering, id) {
            make::statements_with_parts(lowering, lowering.pair.to, id)?
        } else {
            make::statements(lowering, lowering.pair.to, id)?
        },
        make::undo(lowering, lowering.pair.to, id),
    );
    let why = "no ALTER makes this change, and it holds no rows: it is dropped and created anew in one transaction";
    let rungs = match materialized::gap::around(lowering, id) {
        Some((before, after)) => vec![before, old, new, after],
        None => vec![old, new],
    };
    let why = if lowering.materialized.is_gap(id) {
        materialized::gap::WHY
    } else {
        why
    };
    let ladder = Ladder::new(id.clone(), title, why, rungs);
    built(id, ladder.map(Ladder::in_one_phase))
}

/// Whether a relation is a materialized view that is made anew: its indexes go and come with it.
pub(super) fn is_materialized_anew(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let is = |entry: Option<&Entry>| entry.is_some_and(|entry| matches!(entry.object, Object::MaterializedView(_)));
    lowering.is_replaced(id) && is(lowering.from(id)) && is(lowering.to(id))
}

/// All objects to be made anew: those whose difference asks for it, and what depends on them, in catalog order.
pub(super) fn closure(lowering: &Lowering<'_>) -> IndexSet<ObjectId> {
    let mut found: IndexSet<ObjectId> = IndexSet::default();
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
    // What was compiled against a function that changes places with a new one cannot wait for the last phase.
    for id in lowering
        .all_dropped()
        .filter(|id| routine::rival(lowering, id).is_some())
    {
        waiting.extend(dependents(lowering, id).filter(|dependent| is_recreatable(lowering, dependent)));
    }
    for column in rename_column::old_columns(lowering) {
        waiting.extend(dependents(lowering, &column).filter(|dependent| is_compiled(lowering, dependent)));
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

/// Whether an object that goes depends on something that is made anew, by itself or through others that go. It holds no
/// rows: tables and columns wait for the last phase, whatever waits for them.
pub(super) fn stands_on_replaced(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let (mut waiting, mut seen) = (vec![id.clone()], HashSet::default());
    while let Some(current) = waiting.pop() {
        if !seen.insert(current.clone()) || !is_compiled(lowering, &current) {
            continue;
        }
        for needed in lowering.pair.from.requirements(&current) {
            if lowering.is_replaced(&needed) {
                return true;
            }
            if lowering.is_dropped(&needed) {
                waiting.push(needed);
            }
        }
    }
    false
}

/// The statements that make the old form again, with the parts that were dropped together with it and do not come back.
fn as_it_was(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Statement>> {
    let catalog = lowering.pair.from;
    let mut statements = make::statements(lowering, catalog, id)?;
    for (part, entry) in catalog.parts(id).filter(|(part, _)| lowering.is_dropped(part)) {
        let own = match &entry.object {
            Object::Index(index) => index.parent.is_none(),
            Object::Trigger(trigger) => trigger.parent.is_none(),
            Object::Rule(_) | Object::Policy(_) => true,
            _ => false,
        };
        if own {
            statements.extend(make::statements(lowering, catalog, part)?);
        }
    }
    Ok(statements)
}

/// Refuses to make anew what would be lost with more than itself.
fn refuse_loss(lowering: &Lowering<'_>, id: &ObjectId, object: &Object) -> Lowered<()> {
    match object {
        Object::Table(_) => refuse::hazard(
            lowering,
            Code::DropTable,
            id,
            format!(
                "{} is dropped with all its rows, since another kind of object takes its name",
                describe(id)
            ),
            "A table cannot become a view, or a view a table.",
        ),
        Object::Type(_) => types::may_be_replaced(lowering, id),
        Object::Definition(_) => definition::may_be_replaced(lowering, id),
        _ => Ok(()),
    }
}

/// Refuses to drop what something needs that cannot be dropped with it: a column, a table.
fn refuse_stayers(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let stays = |dependent: &ObjectId| {
        !lowering.is_replaced(dependent)
            && !drop::goes_with_whole(lowering, dependent)
            && lowering.pair.to.requirements(dependent).contains(id)
    };
    match dependents(lowering, id).find(stays) {
        None => Ok(()),
        Some(dependent) => Err(refuse::unsupported(
            lowering,
            id,
            format!(
                "{} cannot be dropped and created anew while {} uses it",
                describe(id),
                describe(&dependent)
            ),
            "Make one of another name beside it, let what uses it go over to that, and drop the old one.",
        )),
    }
}

/// Says what the users of the old form will miss.
pub(super) fn warn_users(lowering: &Lowering<'_>, id: &ObjectId) {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return;
    };
    let missing = |from: &[Ident], to: &[Ident]| from.iter().find(|column| !to.contains(column)).cloned();
    let missing = match (&from.object, &to.object) {
        (Object::View(from), Object::View(to)) => missing(&from.columns, &to.columns),
        (Object::MaterializedView(from), Object::MaterializedView(to)) => missing(&from.columns, &to.columns),
        (Object::Routine(from), Object::Routine(to)) => {
            if routine::needs_replacement(from, to) {
                refuse::warn(
                    lowering,
                    Code::FunctionSignature,
                    id,
                    format!("the arguments or the result of {} change", describe(id)),
                    "Callers of the old form may fail. Give the new form another name to keep both.",
                );
            }
            None
        }
        _ => None,
    };
    if let Some(column) = missing {
        refuse::warn(
            lowering,
            Code::ViewRecreate,
            id,
            format!("{} loses its column {column}", describe(id)),
            "The old application fails when it reads the column. Keep it until nobody does.",
        );
    }
}

fn dependents<'a>(lowering: &'a Lowering<'_>, id: &ObjectId) -> impl Iterator<Item = ObjectId> + 'a {
    let found = lowering.pair.from.dependents_of(id).into_iter();
    found.filter(|dependent| lowering.pair.to.contains(dependent))
}

/// Whether a difference can be made by DROP and CREATE only.
fn must_be_replaced(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> bool {
    let has = |attribute: Attribute| attributes.contains(&attribute);
    let Some(entry) = lowering.from(id) else { return false };
    if has(Attribute::Kind) {
        return true;
    }
    let Some(wanted) = lowering.to(id) else { return false };
    match (&entry.object, &wanted.object) {
        (Object::View(_), _) => has(Attribute::Query) && !view_in_place::is_possible(lowering, id),
        (Object::MaterializedView(_), _) => {
            // ALTER MATERIALIZED VIEW … SET ACCESS METHOD came with 15.
            has(Attribute::Query) || (has(Attribute::AccessMethod) && lowering.options.version < 15)
        }
        (Object::Routine(from), Object::Routine(to)) => routine::needs_replacement(from, to),
        (Object::Trigger(_) | Object::Policy(_), to) => program::needs_replacement(&entry.object, to, attributes),
        (Object::Definition(from), Object::Definition(to)) => {
            definition::needs_replacement(id, from, to, lowering.options.version)
        }
        (Object::Type(from), Object::Type(to)) => types::needs_replacement(lowering, id, from, to),
        (
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
            | Object::Routine(_)
            | Object::Rule(_)
            | Object::Definition(_)
            | Object::DefaultPrivileges(_)
            | Object::Provided(_),
            _,
        ) => false,
    }
}

/// Whether the server refuses the change of a column while views, policies and the like refer to it.
pub(super) fn changes_compiled_form(attributes: &[Attribute]) -> bool {
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
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => false,
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
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{said, ups_allowing};
    use expect_test::expect;

    #[test]
    fn a_table_does_not_become_a_view_in_silence() {
        let (from, to) = ("CREATE TABLE t (a int);", "CREATE VIEW t AS SELECT 1 AS a;");
        expect![[r#"
            drop-table: relation public.t is dropped with all its rows, since another kind of object takes its name
        "#]]
        .assert_eq(&said(from, to));
        expect![[r#"
            expand: DROP TABLE public.t
            expand: CREATE VIEW public.t AS SELECT 1 AS a
        "#]]
        .assert_eq(&ups_allowing(from, to, &["drop-table"]));
    }

    #[test]
    fn a_type_whose_values_a_table_holds_is_not_made_anew() {
        let from = "CREATE DOMAIN d AS int; CREATE TABLE t (x d);";
        let to = "CREATE DOMAIN d AS bigint; CREATE TABLE t (x d);";
        expect![[r#"
            unsupported-clause: type public.d cannot be changed in this way while column x of public.t uses it
        "#]]
        .assert_eq(&said(from, to));
    }

    #[test]
    fn a_view_that_goes_does_not_keep_the_one_below_it_from_being_made_anew() {
        let from = "CREATE VIEW base AS SELECT 1 AS a; CREATE VIEW above AS SELECT a FROM base;";
        let to = "CREATE VIEW base AS SELECT 2::bigint AS a;";
        expect![[r#"
            expand: DROP VIEW public.above
            expand: DROP VIEW public.base
            expand: CREATE VIEW public.base AS SELECT (2)::bigint AS a
        "#]]
        .assert_eq(&ups_allowing(from, to, &[]));
        expect![[r#"
            non-additive-expand: relation public.above is dropped before the deploy
        "#]]
        .assert_eq(&said(from, to));
    }
}
