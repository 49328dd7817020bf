//! The labels of an enum.
//!
//! | change | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | new labels | ALTER TYPE … ADD VALUE, each at its place | none on tables | expand | the type made anew without them |
//! | labels go, or change their order | the type made anew | ACCESS EXCLUSIVE on every table that uses it, written anew | contract | the same backwards |
//!
//! A new label can be used only after its commit. On the way back the tables that use the type are written anew, and a
//! row that still holds a new label stops it: nothing is lost. Another name for a label is a label that goes and one
//! that comes, since nothing says that they mean the same.

use super::enum_anew::{self, Anew};
use super::{holders, tables_of};
use crate::catalog::ObjectId;
use crate::catalog::hashing::{HashMap, HashSet};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, EnumPosition, Guard};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, refuse};
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State, Statement};
use std::sync::Arc;

/// The labels of an enum in their order.
type Labels = Vec<Arc<str>>;

/// The ladder of an enum whose labels differ: first those that come, then those that go.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Labels>) -> Lowered<Vec<Ladder>> {
    let grown = grown(pair);
    let mut rungs = Vec::new();
    if &grown != pair.from {
        rungs.push(added(lowering, id, Pair::new(pair.from, &grown)));
    }
    if &grown != pair.to {
        rungs.push(shrunk(lowering, id, pair, &grown)?);
    }
    let title = format!("the values of {} change", describe(id));
    let why =
        "a new value is added in place; one that goes, or another order, takes a new type and writes its tables anew";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The old labels in their order, with each new one where it will stand among them.
fn grown(pair: Pair<&Labels>) -> Labels {
    let there: HashSet<&Arc<str>> = pair.from.iter().collect();
    // The new ones before each label that is there already.
    let mut before: HashMap<&Arc<str>, Vec<&Arc<str>>> = HashMap::default();
    let mut coming = Vec::new();
    for label in pair.to {
        match there.contains(label) {
            true => before.entry(label).or_default().append(&mut coming),
            false => coming.push(label),
        }
    }
    let mut grown = Labels::with_capacity(pair.from.len());
    for label in pair.from {
        grown.extend(before.remove(label).into_iter().flatten().cloned());
        grown.push(label.clone());
    }
    grown.extend(coming.into_iter().cloned());
    grown
}

fn added(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Labels>) -> Rung {
    let mut up = Vec::new();
    let there: HashSet<&Arc<str>> = pair.from.iter().collect();
    let mut next = vec![None; pair.to.len()];
    for position in (1..pair.to.len()).rev() {
        let label = &pair.to[position];
        next[position - 1] = if there.contains(label) {
            Some(label)
        } else {
            next[position]
        };
    }
    for (label, next) in pair.to.iter().zip(next) {
        if there.contains(label) {
            continue;
        }
        let action = Action::AddEnumValue {
            enum_type: id.clone(),
            label: label.clone(),
            position: next.map_or(EnumPosition::Last, |next| EnumPosition::Before(next.clone())),
            guard: Guard::None,
        };
        up.push(lowering.statement(action, format!("{label} can be used once this is committed.")));
    }
    let back = Anew {
        id,
        catalog: lowering.pair.from,
        labels: pair.from,
    };
    let (down, reversal) = match enum_anew::statements(lowering, &back) {
        Ok(down) => (down, Reversal::Exact),
        Err(refusal) => (
            lowering.no_way_back(&refusal.message),
            Reversal::Irreversible(refusal.message.clone()),
        ),
    };
    Rung {
        reversal,
        ..rung(State::Present, Phase::Expand, up, down)
    }
}

/// The rung that makes the type anew with the wanted labels.
///
/// # Errors
/// The hazard, where rows hold values of the type and neither are few nor is it allowed; what stands in the way.
fn shrunk(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Labels>, grown: &Labels) -> Lowered<Rung> {
    let gone: Vec<&str> = pair
        .from
        .iter()
        .filter(|label| !pair.to.contains(label))
        .map(|label| &**label)
        .collect();
    let tables = tables_of(&holders(lowering.pair.to, id));
    let large = tables
        .iter()
        .find(|table| !lowering.is_small(table) && !lowering.has_no_rows(table));
    if let Some(table) = large {
        let (code, message) = if gone.is_empty() {
            (
                Code::ReorderEnum,
                format!("the values of {} change their order", describe(id)),
            )
        } else {
            (
                Code::RemoveEnumValue,
                format!("{} goes from the values of {}", gone.join(", "), describe(id)),
            )
        };
        let detail = format!(
            "The type is made anew, and {} is written anew while nobody can read it.",
            describe(table)
        );
        refuse::hazard(lowering, code, id, message, detail)?;
    }
    let forward = Anew {
        id,
        catalog: lowering.pair.to,
        labels: pair.to,
    };
    let back = Anew {
        id,
        catalog: lowering.pair.to,
        labels: grown,
    };
    let mut up = enum_anew::statements(lowering, &forward)?;
    let down = enum_anew::statements(lowering, &back)?;
    settle(&mut up, id);
    Ok(Rung {
        state: State::Absent,
        phase: Phase::Contract,
        up,
        down,
        verify: Vec::new(),
        reversal: Reversal::Exact,
        company: Company::Catalog,
    })
}

/// What is dropped and made again within the rung is nobody else's concern. The old form of the type counts as gone, so
/// that all who use it for the last time come before.
fn settle(statements: &mut [Statement], id: &ObjectId) {
    for statement in statements.iter_mut() {
        statement.provides.clear();
        statement.removes.clear();
        statement.requires.clear();
        statement.releases.clear();
        statement.mentions.clear();
    }
    if let Some(first) = statements.first_mut() {
        first.removes.push(id.clone());
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, said, ups, ups_allowing};
    use expect_test::expect;

    #[test]
    fn a_new_label_comes_before_the_next_one_that_is_there() {
        let from = "CREATE TYPE e AS ENUM ('b', 'd');";
        let to = "CREATE TYPE e AS ENUM ('a', 'b', 'c1', 'c2', 'd', 'e');";
        expect![[r#"
            expand: ALTER TYPE public.e ADD VALUE 'a' BEFORE 'b'
            expand: ALTER TYPE public.e ADD VALUE 'c1' BEFORE 'd'
            expand: ALTER TYPE public.e ADD VALUE 'c2' BEFORE 'd'
            expand: ALTER TYPE public.e ADD VALUE 'e'
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            expand: ALTER TYPE public.e RENAME TO e_underpin_old
            expand: CREATE TYPE public.e AS ENUM ( 'b', 'd' )
            expand: DROP TYPE public.e_underpin_old
        "#]]
        .assert_eq(&downs(from, to));
    }

    #[test]
    fn a_function_that_comes_to_use_a_new_label_waits_for_it() {
        let from = "CREATE TYPE e AS ENUM ('a'); CREATE FUNCTION f(e) RETURNS bool LANGUAGE plpgsql AS $$BEGIN RETURN $1 = 'a'; END$$;
            ALTER FUNCTION f(e) OWNER TO o;";
        let to = from
            .replace("ENUM ('a'", "ENUM ('a', 'b'")
            .replace("$1 = 'a'", "$1 IN ('a', 'b')");
        expect![[r#"
            expand: ALTER TYPE public.e ADD VALUE 'b'
            expand: CREATE OR REPLACE FUNCTION public.f(public.e) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RETURN $1 IN ('a', 'b'); END$$
        "#]].assert_eq(&ups(from, &to));
        expect![[r#"
            expand: CREATE OR REPLACE FUNCTION public.f(public.e) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RETURN $1 = 'a'; END$$
            expand: DROP FUNCTION public.f(public.e)
            expand: ALTER TYPE public.e RENAME TO e_underpin_old
            expand: CREATE TYPE public.e AS ENUM ( 'a' )
            expand: CREATE FUNCTION public.f(public.e) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RETURN $1 = 'a'; END$$
            expand: ALTER FUNCTION public.f(public.e) OWNER TO o
            expand: DROP TYPE public.e_underpin_old
        "#]].assert_eq(&downs(from, &to));
    }

    #[test]
    fn a_label_that_goes_is_refused_while_a_table_may_hold_it() {
        let from = "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e);";
        let to = "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (x e);";
        expect![[r#"
            reorder-enum: the values of type public.e change their order
        "#]]
        .assert_eq(&said(from, to));
        expect![[r#"
            remove-enum-value: a goes from the values of type public.e
        "#]]
        .assert_eq(&said(from, &to.replace("'b', 'a'", "'b'")));
    }

    #[test]
    fn what_names_a_label_is_made_again_around_the_new_type() {
        let from = "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (x e DEFAULT 'a', y e[], CHECK (x <> 'b'));
            CREATE INDEX plain ON t (x); CREATE INDEX part ON t (y) WHERE x = 'a'; CREATE VIEW v AS SELECT x FROM t;";
        let to = from.replace(", 'c'", "");
        expect![[r#"
            contract: ALTER TABLE public.t ALTER COLUMN x DROP DEFAULT
            contract: ALTER TABLE public.t DROP CONSTRAINT t_x_check
            contract: DROP INDEX public.part
            contract: DROP VIEW public.v
            contract: ALTER TYPE public.e RENAME TO e_underpin_old
            contract: CREATE TYPE public.e AS ENUM ( 'a', 'b' )
            contract: ALTER TABLE public.t ALTER COLUMN x TYPE public.e USING x::text::public.e, ALTER COLUMN y TYPE public.e[] USING y::text[]::public.e[]
            contract: CREATE VIEW public.v AS SELECT x FROM public.t
            contract: CREATE INDEX part ON public.t (y) WHERE (x = 'a'::public.e)
            contract: ALTER TABLE public.t ADD CONSTRAINT t_x_check CHECK ((x <> 'b'::public.e))
            contract: ALTER TABLE public.t ALTER COLUMN x SET DEFAULT 'a'::public.e
            contract: DROP TYPE public.e_underpin_old
        "#]].assert_eq(&ups_allowing(from, &to, &["remove-enum-value"]));
    }

    #[test]
    fn a_domain_over_the_type_stands_in_the_way() {
        let from = "CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e;";
        let to = "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e;";
        expect![[r#"
            unsupported-clause: the values of type public.e cannot be removed or reordered while type public.d depends on it
        "#]].assert_eq(&said(from, to));
    }
}
