//! Views and materialized views that stay: what one ALTER can change. A changed query is
//! replaced in place where the server can (`view_in_place`), else the view is made anew (`replace`).
//!
//! | change | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | options | ALTER VIEW … SET, RESET | ACCESS EXCLUSIVE on the view, catalog only | expand | the old options |
//! | tablespace, access method of a materialized view | ALTER MATERIALIZED VIEW … SET | ACCESS EXCLUSIVE, its rows are copied | expand | the old one |

use super::build::rung;
use super::lowering::Lowering;
use super::{Lowered, built, view_in_place};
use crate::catalog::{Object, ObjectId, Options};
use crate::dialect::postgres::action::Action;
use crate::dialect::postgres::action::{AlterTable, Scope, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, State};
use std::sync::Arc;

/// The ladders of a view that differs in what can be altered.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    let forms = |pair: Pair<&Object>| -> Vec<TableForm> {
        match (pair.from, pair.to) {
            (Object::View(from), Object::View(to)) => options(Pair::new(&from.options, &to.options)),
            (Object::MaterializedView(from), Object::MaterializedView(to)) => {
                let mut forms = options(Pair::new(&from.options, &to.options));
                if from.access_method != to.access_method {
                    forms.push(TableForm::AccessMethod(to.access_method.clone()));
                }
                if from.tablespace != to.tablespace {
                    forms.push(TableForm::Tablespace(to.tablespace.clone()));
                }
                forms
            }
            _ => Vec::new(),
        }
    };
    if matches!(from.object, Object::View(_)) && attributes.contains(&Attribute::Query) {
        return view_in_place::ladders(lowering, id);
    }
    let objects = Pair::new(&from.object, &to.object);
    let statements = |pair: Pair<&Object>| {
        let forms = forms(pair);
        let action = |form| {
            Action::AlterTable(Box::new(AlterTable {
                relation: Subject::of(id, to),
                scope: Scope::Descendants,
                forms: vec![form],
            }))
        };
        forms
            .into_iter()
            .map(|form| lowering.statement(action(form), format!("{} changes in place.", describe(id))))
            .collect::<Vec<_>>()
    };
    let (up, down) = (statements(objects), statements(objects.reverse()));
    if up.is_empty() {
        return Ok(Vec::new());
    }
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("{} changes", describe(id));
    let why = "ALTER changes it where it stands; nothing that hangs on it is touched";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// What leads from options to others: those that are set, those that go back to their default.
fn options(pair: Pair<&Options>) -> Vec<TableForm> {
    let set: Options = pair
        .to
        .iter()
        .filter(|(name, value)| pair.from.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let gone: Vec<Arc<str>> = pair
        .from
        .keys()
        .filter(|name| !pair.to.contains_key(*name))
        .cloned()
        .collect();
    let mut forms = Vec::new();
    if !set.is_empty() {
        forms.push(TableForm::SetOptions(set));
    }
    if !gone.is_empty() {
        forms.push(TableForm::ResetOptions(gone));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn options_are_set_and_reset_in_place() {
        let from = "CREATE VIEW v WITH (security_barrier = true) AS SELECT 1 AS a;";
        let to = "CREATE VIEW v WITH (check_option = local) AS SELECT 1 AS a;";
        expect![[r#"
            expand: ALTER VIEW public.v SET (check_option = local)
            expand: ALTER VIEW public.v RESET (security_barrier)
        "#]]
        .assert_eq(&ups(from, to));
    }

    #[test]
    fn a_changed_query_makes_the_view_anew_with_all_that_hangs_on_it() {
        let from = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t;
            CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE INDEX i ON m (a);
            GRANT SELECT ON m TO app; COMMENT ON COLUMN m.a IS 'one';";
        let to = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;
            CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE INDEX i ON m (a);
            GRANT SELECT ON m TO app; COMMENT ON COLUMN m.a IS 'one';";
        expect![[r#"
            expand: CREATE VIEW public.v_underpin_new AS SELECT a FROM public.t
            expand: CREATE MATERIALIZED VIEW public.m_underpin_new AS SELECT a FROM public.v_underpin_new WITH DATA
            expand: GRANT SELECT ON TABLE public.m_underpin_new TO app
            expand: COMMENT ON COLUMN public.m_underpin_new.a IS 'one'
            expand: CREATE INDEX i_underpin_new ON public.m_underpin_new (a)
            expand: ANALYZE public.m_underpin_new
            expand: ALTER VIEW public.v RENAME TO v_underpin_old
            expand: ALTER MATERIALIZED VIEW public.m RENAME TO m_underpin_old
            expand: ALTER INDEX public.i RENAME TO i_underpin_old
            expand: ALTER VIEW public.v_underpin_new RENAME TO v
            expand: ALTER MATERIALIZED VIEW public.m_underpin_new RENAME TO m
            expand: ALTER INDEX public.i_underpin_new RENAME TO i
            expand: DROP MATERIALIZED VIEW public.m_underpin_old
            expand: DROP VIEW public.v_underpin_old
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            view-recreate: relation public.v loses its column b
        "#]]
        .assert_eq(&said(from, to));
    }

    #[test]
    fn an_index_that_went_with_the_old_form_comes_back_with_it() {
        let from = "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE INDEX i ON m (a);";
        let to = "CREATE MATERIALIZED VIEW m AS SELECT 2 AS a;";
        expect![[r#"
            expand: DROP MATERIALIZED VIEW public.m
            expand: CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS a WITH DATA
            expand: CREATE INDEX i ON public.m (a)
        "#]]
        .assert_eq(&downs(from, to));
    }
}
