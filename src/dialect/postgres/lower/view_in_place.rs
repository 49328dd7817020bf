//! A view whose query changes where it stands: nothing that hangs on it or is built on it is touched.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public, the columns stay | CREATE OR REPLACE VIEW | ACCESS EXCLUSIVE on the view, catalog only | expand | CREATE OR REPLACE VIEW with the old query |
//! | Public, columns come at the end | CREATE OR REPLACE VIEW | the same | expand | DROP VIEW, CREATE VIEW, with the views that are built on it |
//!
//! The server asks that the old columns are the first of the new ones, with their names, types and collations
//! (`checkViewColumns` in view.c). Where that is not known, the view is made anew (`replace`).

use super::build::rung;
use super::lowering::Lowering;
use super::{Lowered, built, facts, make, refuse};
use crate::catalog::template::Piece;
use crate::catalog::types::Type;
use crate::catalog::view::View;
use crate::catalog::{Catalog, DataType, Object, ObjectId, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, CreateMode};
use crate::dialect::postgres::describe;
use crate::plan::{Ladder, Phase, State, Statement};

/// What CREATE OR REPLACE does to a view's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Columns {
    /// They stay.
    Same,
    /// More of them come at the end; no OR REPLACE leads back.
    Appended,
}

/// Whether a view with another query can be replaced where it stands, and be led back.
pub(super) fn is_possible(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    match change(lowering, id) {
        None => false,
        Some(Columns::Same) => true,
        Some(Columns::Appended) => users(lowering, id).is_some(),
    }
}

/// The ladder of such a view; its options are said by the same statement.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(columns) = change(lowering, id) else {
        return Ok(Vec::new());
    };
    let up = replaced(lowering, lowering.pair.to, id);
    let (down, why) = match columns {
        Columns::Same => (
            replaced(lowering, lowering.pair.from, id),
            "its columns stay, so it is replaced where it stands and nothing on it is touched",
        ),
        Columns::Appended => (
            made_again(lowering, id)?,
            "its new columns come last, so it is replaced where it stands and nothing on it is touched",
        ),
    };
    warn_of_old_rows(lowering, id);
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("{} gets another query", describe(id));
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

fn replaced(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<Statement> {
    let Some(entry) = catalog.get(id) else {
        return Vec::new();
    };
    let action = Action::create_as(CreateMode::OrReplace, id.clone(), entry.clone(), Vec::new());
    vec![lowering.statement(action, format!("{} is replaced in place.", describe(id)))]
}

/// The way back from appended columns: the views on it go, it goes, and all come back as they were.
fn made_again(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Statement>> {
    let catalog = lowering.pair.from;
    let mut chain = vec![id.clone()];
    chain.extend(users(lowering, id).unwrap_or_default());
    chain.sort_by_key(|view| catalog.position(view));
    let mut statements: Vec<Statement> = chain
        .iter()
        .rev()
        .flat_map(|view| make::undo(lowering, catalog, view))
        .collect();
    for view in &chain {
        statements.extend(make::statements_with_parts(lowering, catalog, view)?);
    }
    Ok(statements)
}

/// The views that are built on a view, directly or not; none when one of them is no view, or changes in this plan too, so
/// that its form on the way back is not that of the schema that is.
fn users(lowering: &Lowering<'_>, id: &ObjectId) -> Option<Vec<ObjectId>> {
    let catalog = lowering.pair.from;
    let mut found: Vec<ObjectId> = Vec::new();
    let mut waiting = vec![id.clone()];
    while let Some(view) = waiting.pop() {
        let parts: Vec<ObjectId> = catalog.parts(&view).map(|(part, _)| part.clone()).collect();
        for user in std::iter::once(&view)
            .chain(&parts)
            .flat_map(|used| lowering.users(facts::SideOf::From, used))
        {
            let whole = catalog.whole(&user).unwrap_or_else(|| user.clone());
            if whole == view || &whole == id || found.contains(&whole) {
                continue;
            }
            let is_view = matches!(catalog.get(&whole)?.object, Object::View(_)) && (whole == user);
            let stays = |part: &ObjectId| {
                !lowering.is_dropped(part) && !lowering.is_created(part) && lowering.altered(part).is_none()
            };
            let unchanged = stays(&whole)
                && [catalog, lowering.pair.to]
                    .iter()
                    .all(|catalog| catalog.parts(&whole).all(|(part, _)| stays(part)));
            if !is_view || !unchanged {
                return None;
            }
            found.push(whole.clone());
            waiting.push(whole);
        }
    }
    Some(found)
}

/// Says which materialized views show the rows of the old query.
fn warn_of_old_rows(lowering: &Lowering<'_>, id: &ObjectId) {
    let (mut waiting, mut seen) = (vec![id.clone()], Vec::new());
    while let Some(current) = waiting.pop() {
        for user in &lowering.users(facts::SideOf::To, &current) {
            if seen.contains(user) {
                continue;
            }
            seen.push(user.clone());
            match lowering.to(user).map(|entry| &entry.object) {
                Some(Object::View(_)) => waiting.push(user.clone()),
                Some(Object::MaterializedView(_)) if lowering.from(user).is_some() && !lowering.is_replaced(user) => {
                    refuse::warn(
                        lowering,
                        Code::ViewRecreate,
                        user,
                        format!(
                            "{} shows what {} was until it is refreshed",
                            describe(user),
                            describe(id)
                        ),
                        "Nothing in it changes but its rows: run REFRESH MATERIALIZED VIEW after the plan, \
                         CONCURRENTLY where it has a unique index.",
                    );
                }
                _ => {}
            }
        }
    }
}

/// What OR REPLACE would do to the columns; none where the server refuses it or might.
fn change(lowering: &Lowering<'_>, id: &ObjectId) -> Option<Columns> {
    let (Some(Object::View(from)), Some(Object::View(to))) = (
        lowering.from(id).map(|entry| &entry.object),
        lowering.to(id).map(|entry| &entry.object),
    ) else {
        return None;
    };
    if !to.columns.starts_with(&from.columns) {
        return None;
    }
    let known = |view: &View| -> Option<Vec<DataType>> {
        let types = view.types.0.iter().take(from.columns.len()).cloned();
        let types: Option<Vec<DataType>> = types.collect();
        types.filter(|types| types.len() == from.columns.len())
    };
    let types = known(from)?;
    if types != known(to)? {
        return None;
    }
    let plain = |catalog: &Catalog, view: &View| has_default_collations(catalog, &view.query);
    if types.iter().any(may_be_collated) && !(plain(lowering.pair.from, from) && plain(lowering.pair.to, to)) {
        return None;
    }
    Some(if from.columns.len() == to.columns.len() {
        Columns::Same
    } else {
        Columns::Appended
    })
}

/// Whether values of a type can have a collation (`pg_type.typcollation`); a type of the schema itself may, when it is a
/// domain over one that has. The same domain has the same collation.
fn may_be_collated(data_type: &DataType) -> bool {
    data_type.name.schema.as_str() != "pg_catalog"
        || ["text", "varchar", "bpchar"].contains(&data_type.name.name.as_str())
}

/// Whether all strings of a query have the database's default collation: no COLLATE, no column that has another one, and
/// nothing of type `name`, whose collation is "C" and stays through a cast.
fn has_default_collations(catalog: &Catalog, query: &Template) -> bool {
    const OTHERS: [&str; 14] = [
        "collate",
        "name",
        "user",
        "session_user",
        "current_user",
        "current_role",
        "current_catalog",
        "current_database",
        "current_schema",
        "pg_catalog",
        "information_schema",
        "pg_get_userbyid",
        "getpgusername",
        "system_user",
    ];
    let words = |text: &str| {
        text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .all(|word| !OTHERS.contains(&word.to_ascii_lowercase().as_str()))
    };
    let plain_text = query.pieces().iter().all(|piece| match piece {
        Piece::Text(text) => words(text),
        Piece::Reference(..) | Piece::Output(..) => true,
    });
    let is_domain = |data_type: &DataType| {
        let domain = data_type.reference().and_then(|id| catalog.get(&id));
        domain.is_some_and(|entry| matches!(&entry.object, Object::Type(object) if matches!(**object, Type::Domain(_))))
    };
    plain_text
        && query
            .references()
            .all(|reference| match catalog.get(reference).map(|entry| &entry.object) {
                Some(Object::Column(column)) => {
                    column.collation.is_none()
                        && column.data_type != DataType::system("name")
                        && !is_domain(&column.data_type)
                }
                Some(Object::View(view)) => has_default_collations(catalog, &view.query),
                Some(Object::MaterializedView(view)) => has_default_collations(catalog, &view.query),
                Some(Object::Routine(_) | Object::Definition(_)) => false,
                _ => true,
            })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, said, ups};
    use expect_test::expect;

    const TABLE: &str = "CREATE TABLE t (a int, b int, s text, c text COLLATE \"C\");";

    fn with_table(text: &str) -> String {
        format!("{TABLE} {text}")
    }

    #[test]
    fn the_same_columns_are_replaced_in_place_both_ways_and_what_is_on_the_view_stays() {
        let from =
            with_table("CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON v TO app;");
        let to = with_table(
            "CREATE VIEW v AS SELECT b AS a FROM t WHERE a > 0; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON v TO app;",
        );
        expect![[r#"
            expand: CREATE OR REPLACE VIEW public.v AS SELECT b AS a FROM public.t WHERE (a > 0)
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: CREATE OR REPLACE VIEW public.v AS SELECT a FROM public.t
        "#]]
        .assert_eq(&downs(&from, &to));
    }

    #[test]
    fn columns_at_the_end_are_appended_and_the_way_back_makes_the_views_again() {
        let from =
            with_table("CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON w TO app;");
        let to = with_table(
            "CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON w TO app;",
        );
        expect![[r#"
            expand: CREATE OR REPLACE VIEW public.v AS SELECT a, b FROM public.t
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: DROP VIEW public.w
            expand: DROP VIEW public.v
            expand: CREATE VIEW public.v AS SELECT a FROM public.t
            expand: CREATE VIEW public.w AS SELECT a FROM public.v
            expand: GRANT SELECT ON TABLE public.w TO app
        "#]]
        .assert_eq(&downs(&from, &to));
    }

    #[test]
    fn another_type_or_perhaps_another_collation_makes_the_view_anew() {
        for (old, new) in [("a", "b::bigint"), ("s", "c"), ("s", "current_user::text")] {
            let of = |column: &str| with_table(&format!("CREATE VIEW v AS SELECT {column} AS x FROM t;"));
            let plan = ups(&of(old), &of(new));
            assert!(plan.starts_with("expand: DROP VIEW public.v\n"), "{old} {new}: {plan}");
        }
    }

    #[test]
    fn a_materialized_view_above_keeps_its_old_rows_and_that_is_said() {
        let above = "CREATE MATERIALIZED VIEW m AS SELECT a FROM v;";
        let from = with_table(&format!("CREATE VIEW v AS SELECT a FROM t; {above}"));
        let to = with_table(&format!("CREATE VIEW v AS SELECT b AS a FROM t; {above}"));
        expect![[r#"
            view-recreate: relation public.m shows what relation public.v was until it is refreshed
        "#]]
        .assert_eq(&said(&from, &to));
    }
}
