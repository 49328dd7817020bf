//! Objects that go: in the contract phase, with a way back that builds them anew.

use super::facts::SideOf;
use super::lowering::Lowering;
use super::table::{self, inheriting};
use super::{
    Lowered, access, built, column, constraint, default, index, make, materialized, partition, program, provided,
    refuse, replace, routine, sequence, types,
};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::{Object, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::describe;
use crate::plan::{Ladder, Phase, Reversal, Rung, State};

/// The ladders of an object that goes; none when it goes with another.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(entry) = lowering.from(id) else {
        return Ok(Vec::new());
    };
    match &entry.object {
        Object::ViewColumn => Ok(Vec::new()),
        _ if table::is_left_over(lowering, id) => Ok(Vec::new()),
        Object::Constraint(constraint) => match constraint.kind {
            _ if constraint.parent.is_some()
                && (goes_with_parent(lowering, constraint.parent.as_ref()) || goes_with_whole(lowering, id)) =>
            {
                Ok(Vec::new())
            }
            // Tables may refer to each other in a circle: the keys between them go first.
            ConstraintKind::ForeignKey(_) => constraint::drop(lowering, id),
            ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
                if goes_with_whole(lowering, id) {
                    Ok(Vec::new())
                } else {
                    constraint::drop(lowering, id)
                }
            }
        },
        _ if goes_with_whole(lowering, id) && !make::goes_apart(lowering, lowering.pair.from, id) => Ok(Vec::new()),
        Object::Column(_) => column::drop(lowering, id),
        Object::Default(_) => default::drop(lowering, id),
        Object::Index(_) => index::drop(lowering, id),
        Object::Sequence(sequence) if sequence.owned_by.as_ref().is_some_and(|column| goes(lowering, column)) => {
            Ok(Vec::new())
        }
        // A sequence of numbers that an identity goes on with is taken away where the identity begins.
        Object::Sequence(sequence)
            if sequence
                .owned_by
                .as_ref()
                .is_some_and(|owner| column::identity_begins(lowering, owner)) =>
        {
            Ok(Vec::new())
        }
        Object::Trigger(trigger) if trigger.parent.is_some() => Ok(Vec::new()),
        Object::DomainConstraint(_) => types::drop_constraint(lowering, id),
        Object::DefaultPrivileges(_) => access::default_privileges(lowering, id),
        Object::Provided(_) => provided::ladders(lowering, id),
        // Its successor takes its place in one transaction.
        Object::Routine(_) if routine::successor(lowering, id).is_some() => Ok(Vec::new()),
        Object::Table(table) if table.partition_of.is_some() => partition::drop(lowering, id),
        Object::Type(_) => match types::with_functions::functions(lowering.pair.from, id) {
            functions if functions.is_empty() => plain(lowering, id),
            functions => types::with_functions::drop(lowering, id, &functions),
        },
        Object::Schema
        | Object::Extension(_)
        | Object::Table(_)
        | Object::Sequence(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::Routine(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Definition(_) => plain(lowering, id),
    }
}

/// One rung: DROP, and for the way back all that makes the object anew.
pub(super) fn plain(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let mut up = make::undo(lowering, lowering.pair.from, id);
    let mut down = make::statements_with_parts(lowering, lowering.pair.from, id)?;
    // A sequence whose column stays belongs to it again.
    if let Some(Object::Sequence(sequence)) = lowering.from(id).map(|entry| &entry.object)
        && let Some(column) = &sequence.owned_by
    {
        down.push(sequence::owned_by(lowering, id, Some(column)));
    }
    // Its parts of such an index go with the whole, before it.
    for statement in &mut up {
        let released = &mut statement.releases;
        released.retain(|index| !index::incomplete::lacks_parts(lowering.pair.from, index));
    }
    if let Some(first) = up.first_mut() {
        first
            .requires
            .extend(inheriting::there_before(lowering, lowering.pair.from, id));
    }
    let reversal = loss(lowering, id);
    let (phase, why) = if program::is_swapped(lowering, id) {
        (
            Phase::Expand,
            "a new one does its work from now on, and the two must not both run",
        )
    } else if replace::stands_on_replaced(lowering, id) {
        refuse::warn(
            lowering,
            Code::NonAdditiveExpand,
            id,
            format!("{} is dropped before the deploy", describe(id)),
            "It depends on something that is dropped and created anew. If the old application needs it until then, \
             change the one and drop the other in two plans.",
        );
        (
            Phase::Expand,
            "what it depends on is made anew for the new application, and cannot be while it is there",
        )
    } else {
        (
            Phase::Contract,
            "the old application may use it until the new one is deployed, so it goes last",
        )
    };
    let gone = |up, down, reversal| Rung {
        state: State::Absent,
        phase,
        up,
        down,
        verify: Vec::new(),
        reversal,
        company: materialized::company(lowering, SideOf::From, id),
    };
    let mut rungs = Vec::new();
    if let Some(added) = inheriting::not_valid(lowering, lowering.pair.from, id) {
        rungs.push(gone(added.down, added.up, Reversal::Exact));
    }
    for (part, _) in lowering.pair.from.parts(id) {
        if let Some(made) = index::incomplete::made(lowering, SideOf::From, part)? {
            rungs.push(gone(made.down, made.up, Reversal::Exact));
        }
    }
    rungs.push(gone(up, down, reversal));
    built(
        id,
        Ladder::new(id.clone(), format!("{} is dropped", describe(id)), why, rungs),
    )
}

/// What dropping an object loses; said aloud where it is rows.
fn loss(lowering: &Lowering<'_>, id: &ObjectId) -> Reversal {
    let Some(entry) = lowering.from(id) else {
        return Reversal::Exact;
    };
    match &entry.object {
        Object::Table(table) if table.foreign.is_none() => {
            let name = describe(id);
            if !lowering.allows("drop-table", id) {
                lowering.say(
                    Diagnostic::warning(Code::DropTable, format!("{name} is dropped with all its rows"))
                        .hint("If it has another name now, write \"-- underpin: renamed-from\" at the new table."),
                );
            }
            Reversal::LosesData(format!("the rows of {name}"))
        }
        Object::Sequence(_) => Reversal::LosesData(format!("the position of {}", describe(id))),
        Object::Table(_)
        | Object::Schema
        | Object::Extension(_)
        | Object::Column(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Index(_)
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
        | Object::Provided(_) => Reversal::Exact,
    }
}

/// Whether an object goes, or is made anew.
pub(super) fn goes(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering.is_dropped(id) || lowering.is_replaced(id)
}

/// Whether the object is a part of something that goes.
pub(super) fn goes_with_whole(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let mut whole = lowering.pair.from.whole(id);
    while let Some(current) = whole {
        if goes(lowering, &current) {
            return true;
        }
        whole = lowering.pair.from.whole(&current);
    }
    false
}

fn goes_with_parent(lowering: &Lowering<'_>, parent: Option<&ObjectId>) -> bool {
    parent.is_some_and(|parent| goes(lowering, parent))
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn an_extension_goes_after_what_may_use_it_without_naming_it() {
        let extension = "CREATE EXTENSION btree_gist;";
        let key = "CREATE TABLE t (a int, b tstzrange, PRIMARY KEY (a, b WITHOUT OVERLAPS));";
        expect![[r#"
            contract: DROP TABLE public.t
            contract: DROP EXTENSION btree_gist
        "#]]
        .assert_eq(&ups(&[extension, key].concat(), ""));
    }

    #[test]
    fn an_extension_goes_after_the_old_column_of_a_type_of_its() {
        let all = ups(
            "CREATE EXTENSION hstore; CREATE TABLE t (a hstore);",
            "CREATE TABLE t (a text);",
        );
        assert!(all.ends_with("contract: DROP EXTENSION hstore\n"), "{all}");
    }

    #[test]
    fn a_part_goes_before_its_table_where_what_it_uses_needs_the_table() {
        let tables = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;
                      CREATE POLICY p ON t USING (a IN (SELECT a FROM v));
                      CREATE TABLE u (a int); CREATE POLICY p ON u USING (a IN (SELECT a FROM t));
                      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT max(a) FROM d';
                      CREATE TABLE d (a int DEFAULT f());";
        expect![[r#"
            contract: DROP POLICY p ON public.t
            contract: DROP VIEW public.v
            contract: DROP POLICY p ON public.u
            contract: DROP TABLE public.t
            contract: DROP TABLE public.u
            contract: ALTER TABLE public.d ALTER COLUMN a DROP DEFAULT
            contract: DROP FUNCTION public.f()
            contract: DROP TABLE public.d
        "#]]
        .assert_eq(&ups(tables, ""));
        expect![[r#"
            contract: CREATE TABLE public.d ( a integer )
            contract: CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $$SELECT max(a) FROM d$$
            contract: ALTER TABLE public.d ALTER COLUMN a SET DEFAULT public.f()
            contract: CREATE TABLE public.u ( a integer )
            contract: CREATE TABLE public.t ( a integer )
            contract: CREATE POLICY p ON public.u USING ((a IN (SELECT t.a FROM public.t)))
            contract: CREATE VIEW public.v AS SELECT a FROM public.t
            contract: CREATE POLICY p ON public.t USING ((a IN (SELECT v.a FROM public.v)))
        "#]]
        .assert_eq(&downs(tables, ""));
    }

    #[test]
    fn on_the_way_back_a_body_finds_what_it_names() {
        // The server writes the body of an immutable SQL function out where a generated column calls it.
        let functions = "CREATE FUNCTION a_outer() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT b_inner()';
                         CREATE FUNCTION b_inner() RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'x'$$;";
        let table = "CREATE TABLE t (a text GENERATED ALWAYS AS (a_outer()) STORED);";
        let made = downs(&[functions, table].concat(), "");
        let places =
            ["FUNCTION public.b_inner", "FUNCTION public.a_outer", "TABLE public.t"].map(|name| made.find(name));
        assert!(places.is_sorted() && places[0].is_some(), "{made}");
    }
}
