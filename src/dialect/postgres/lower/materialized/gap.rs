//! A materialized view that must go before a change that the server refuses while it exists.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | a check that it is there | – | expand | REFRESH: the old form is filled again |
//! | Absent | DROP | ACCESS EXCLUSIVE on it, catalog only | expand | CREATE … WITH NO DATA |
//! | Public | CREATE … WITH NO DATA, with all that hangs on it | the same | expand | DROP |
//! | Backfilled | REFRESH | ACCESS EXCLUSIVE on it, ACCESS SHARE on its tables, scan | expand | – |
//!
//! Between the second and the last of these files nobody can read it, which is said. Neither fill shares a transaction with
//! the change for whose sake it went.

use super::super::build::rung;
use super::super::lowering::Lowering;
use super::super::refuse;
use crate::catalog::ObjectId;
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, Concurrency, Expectation};
use crate::dialect::postgres::describe;
use crate::plan::{Company, Phase, Rung, State};

/// Why it is lowered so.
pub(in super::super) const WHY: &str = "the server refuses a change of this plan while it exists: it goes before, comes back empty, and is filled in a file \
     that locks nothing else; nobody can read it in between";

/// The rungs around those that make it anew: the lowest and the highest; none for one that another one's rungs fill.
pub(in super::super) fn around(lowering: &Lowering<'_>, id: &ObjectId) -> Option<(Rung, Rung)> {
    let group = lowering
        .materialized
        .gaps
        .iter()
        .find(|group| group.first() == Some(id))?;
    let fill = |view: &ObjectId| {
        let action = Action::Refresh {
            view: view.clone(),
            concurrency: Concurrency::Blocking,
        };
        let filled = lowering.statement(action, format!("{} is filled from its query.", describe(view)));
        [filled, super::analyzed(lowering, view)]
    };
    let there = |view: &ObjectId| {
        let mut check = lowering.verify(
            Expectation::Exists(view.clone()),
            format!("{} is there; the way back fills it here again.", describe(view)),
        );
        // It comes before the view goes, not after it has come again.
        check.requires.clear();
        check.releases.push(view.clone());
        check
    };
    for view in group {
        refuse::warn(
            lowering,
            Code::ViewRecreate,
            view,
            format!("{} cannot be read while it is made anew and filled", describe(view)),
            "The server refuses to change what it reads while it exists. It is dropped and made empty in one short \
             transaction and filled in a later file; run the two one after the other.",
        );
    }
    let before = Rung {
        company: Company::Scan,
        ..rung(
            State::Present,
            Phase::Expand,
            group.iter().map(there).collect(),
            group.iter().flat_map(fill).collect(),
        )
    };
    let after = Rung {
        company: Company::Scan,
        ..rung(
            State::Backfilled,
            Phase::Expand,
            group.iter().flat_map(fill).collect(),
            Vec::new(),
        )
    };
    Some((before, after))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn a_changed_column_under_it_makes_a_gap_that_is_said() {
        let of = |data_type: &str| {
            format!(
                "CREATE TABLE t (a {data_type}); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE INDEX i ON m (a);"
            )
        };
        let (from, to) = (of("varchar(10)"), of("varchar(20)"));
        expect![[r#"
            expand: DO $$ BEGIN IF to_regclass('public.m') IS NULL THEN RAISE EXCEPTION 'public.m is missing'; END IF; END $$
            expand: DROP MATERIALIZED VIEW public.m
            expand: ALTER TABLE public.t ALTER COLUMN a TYPE character varying(20)
            expand: CREATE MATERIALIZED VIEW public.m AS SELECT a FROM public.t WITH NO DATA
            expand: CREATE INDEX i ON public.m (a)
            expand: ANALYZE public.t (a)
            expand: REFRESH MATERIALIZED VIEW public.m
            expand: ANALYZE public.m
        "#]].assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: DROP MATERIALIZED VIEW public.m
            expand: ALTER TABLE public.t ALTER COLUMN a TYPE character varying(10)
            expand: CREATE MATERIALIZED VIEW public.m AS SELECT a FROM public.t WITH NO DATA
            expand: CREATE INDEX i ON public.m (a)
            expand: REFRESH MATERIALIZED VIEW public.m
            expand: ANALYZE public.m
        "#]]
        .assert_eq(&downs(&from, &to));
        expect![[r#"
            view-recreate: relation public.m cannot be read while it is made anew and filled
        "#]]
        .assert_eq(&said(&from, &to));
    }
}
