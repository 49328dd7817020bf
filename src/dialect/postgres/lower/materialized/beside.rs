//! A materialized view, and the views that hang together with it, built beside the old ones and renamed into their place.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | CREATE of the new ones under other names, filled, with indexes, privileges, comments, triggers | ACCESS SHARE on the tables, scan | expand | DROP |
//! | Public | the old ones step aside by RENAME, the new ones take their names | ACCESS EXCLUSIVE on the views, catalog only | expand | RENAME back |
//! | Absent | DROP of the old ones | ACCESS EXCLUSIVE on what nobody reads | expand | CREATE of the old ones, filled, under other names |
//!
//! Readers find the old rows until the moment of the renames and the new ones from then on; on the way back likewise,
//! because the old ones are filled again before the names go back.

use super::super::build::rung;
use super::super::facts::SideOf;
use super::super::lowering::Lowering;
use super::super::rename::locking;
use super::super::{Lowered, built, make, replace};
use crate::catalog::hashing::IndexSet;
use crate::catalog::view::Population;
use crate::catalog::{Catalog, Object, ObjectId};
use crate::dialect::postgres::action::{Action, Kind, Subject};
use crate::dialect::postgres::describe;
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// The ladder of views that are built beside the old ones.
pub(in super::super) fn ladder(lowering: &Lowering<'_>, group: &IndexSet<ObjectId>) -> Lowered<Vec<Ladder>> {
    let Some(lead) = group.iter().find(|view| super::is_materialized(lowering, view)) else {
        return Ok(Vec::new());
    };
    for view in group {
        replace::warn_users(lowering, view);
    }
    let new = Copies::of(lowering, SideOf::To, group, "new");
    let old = Copies::of(lowering, SideOf::From, group, "old");
    let built_beside = Rung {
        company: Company::Scan,
        ..rung(
            State::Present,
            Phase::Expand,
            new.made(lowering)?,
            new.gone(lowering, &[]),
        )
    };
    let mut up = old.step_aside(lowering);
    up.extend(new.take_place(lowering));
    let mut down = new.step_aside(lowering);
    down.extend(old.take_place(lowering));
    let switched = Rung {
        company: Company::NextFile,
        ..rung(State::Public, Phase::Expand, up, down)
    };
    let needed: Vec<ObjectId> = group
        .iter()
        .flat_map(|view| lowering.pair.from.requirements(view))
        .filter(|needed| !group.contains(needed) && !needed.parent().is_some_and(|whole| group.contains(&whole)))
        .collect();
    let absent = Rung {
        company: Company::Scan,
        ..rung(
            State::Absent,
            Phase::Expand,
            old.gone(lowering, &needed),
            old.made(lowering)?,
        )
    };
    let title = match group.len() {
        1 => format!("{} is built anew beside the old one", describe(lead)),
        _ => format!(
            "{} is built anew beside the old one, with the views that hang together with it",
            describe(lead)
        ),
    };
    let why = "filling it reads all rows of its tables, so it is filled in a file that locks nothing that others wait \
               for; the new one then takes the old one's name";
    built(
        lead,
        Ladder::new(lead.clone(), title, why, vec![built_beside, switched, absent]),
    )
}

/// The views of one side under other names.
struct Copies {
    /// The side's catalog with the views under their other names.
    catalog: Catalog,
    /// The views in the order in which they are made.
    views: Vec<Copy>,
}

/// A view, or an index of one, under its own and under its other name.
struct Copy {
    kind: Kind,
    own: ObjectId,
    other: ObjectId,
    indexes: Vec<Copy>,
}

impl Copies {
    fn of(lowering: &Lowering<'_>, side: SideOf, group: &IndexSet<ObjectId>, purpose: &str) -> Copies {
        let mut catalog = lowering.catalog(side).clone();
        let views: Vec<Copy> = in_order(lowering.catalog(side), group)
            .into_iter()
            .filter_map(|view| copy(lowering, lowering.catalog(side), view, purpose))
            .collect();
        for view in &views {
            for renamed in view.indexes.iter().chain([view]) {
                catalog.rename(&renamed.own, &renamed.other);
            }
            if let Some(entry) = catalog.get_mut(&view.other)
                && let Object::MaterializedView(definition) = &mut entry.object
            {
                definition.population = Population::WithData;
            }
        }
        Copies { catalog, views }
    }

    /// The statements that make them under their other names, filled, with all that belongs to them.
    fn made(&self, lowering: &Lowering<'_>) -> Lowered<Vec<Statement>> {
        let mut made = Vec::new();
        for view in &self.views {
            let statements = make::statements_with_parts(lowering, &self.catalog, &view.other)?;
            made.extend(super::with_builds(statements, &view.other, &self.catalog));
            if view.kind == Kind::MaterializedView {
                made.push(super::analyzed(lowering, &view.other));
            }
        }
        Ok(made)
    }

    /// The statements that take them away under their other names; they let go of what is `needed` by them.
    fn gone(&self, lowering: &Lowering<'_>, needed: &[ObjectId]) -> Vec<Statement> {
        let mut gone: Vec<Statement> = self
            .views
            .iter()
            .rev()
            .flat_map(|view| {
                let dropped = make::undo(lowering, &self.catalog, &view.other);
                dropped.into_iter().map(|statement| locking(statement, &view.other))
            })
            .collect();
        if let Some(last) = gone.last_mut() {
            last.releases.extend(needed.iter().cloned());
        }
        gone
    }

    /// The renames from their own names to the others.
    fn step_aside(&self, lowering: &Lowering<'_>) -> Vec<Statement> {
        self.views
            .iter()
            .flat_map(|view| std::iter::once(view).chain(&view.indexes))
            .map(|copy| renamed(lowering, copy.kind, &copy.own, &copy.other))
            .collect()
    }

    /// The renames from the other names to their own.
    fn take_place(&self, lowering: &Lowering<'_>) -> Vec<Statement> {
        self.views
            .iter()
            .flat_map(|view| std::iter::once(view).chain(&view.indexes))
            .map(|copy| renamed(lowering, copy.kind, &copy.other, &copy.own))
            .collect()
    }
}

fn copy(lowering: &Lowering<'_>, catalog: &Catalog, view: &ObjectId, purpose: &str) -> Option<Copy> {
    let indexes = catalog
        .parts(view)
        .filter(|(_, entry)| matches!(entry.object, Object::Index(_)))
        .filter_map(|(index, entry)| {
            Some(Copy {
                kind: Kind::of(index, &entry.object),
                own: index.clone(),
                other: other_name(lowering, index, purpose)?,
                indexes: Vec::new(),
            })
        })
        .collect();
    Some(Copy {
        kind: Kind::of(view, &catalog.get(view)?.object),
        own: view.clone(),
        other: other_name(lowering, view, purpose)?,
        indexes,
    })
}

fn other_name(lowering: &Lowering<'_>, relation: &ObjectId, purpose: &str) -> Option<ObjectId> {
    let name = relation.qualified_name()?;
    let identity = |other| ObjectId::Relation(name.with_name(other));
    let other = lowering.scaffold_name(name.name.as_str(), purpose, identity);
    Some(identity(other))
}

fn renamed(lowering: &Lowering<'_>, kind: Kind, from: &ObjectId, to: &ObjectId) -> Statement {
    let subject = Subject { id: from.clone(), kind };
    let action = Action::Rename {
        subject,
        to: to.clone(),
    };
    let mut statement = lowering.statement(action, format!("{} becomes {}.", describe(from), to.last_name()));
    // It goes on under the other name, and needs what it needed.
    statement.releases.clear();
    match kind {
        Kind::Index => statement,
        _ => locking(statement, from),
    }
}

/// The views so that each comes after those that it reads.
fn in_order<'a>(catalog: &Catalog, group: &'a IndexSet<ObjectId>) -> Vec<&'a ObjectId> {
    let mut ordered: Vec<&ObjectId> = Vec::new();
    let mut waiting: Vec<&ObjectId> = group.iter().collect();
    waiting.sort_by_key(|view| catalog.position(view));
    while !waiting.is_empty() {
        let ready = |view: &&ObjectId| {
            let needed = catalog.requirements(view);
            waiting.iter().all(|other| other == view || !needed.contains(*other))
        };
        // Views never read each other in a circle.
        let position = waiting.iter().position(ready).unwrap_or_default();
        ordered.push(waiting.remove(position));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn the_new_one_is_filled_beside_the_old_one_and_takes_its_name() {
        let table = "CREATE TABLE t (a int, b int);";
        let hanging = "CREATE UNIQUE INDEX i ON m (a); GRANT SELECT ON m TO app; COMMENT ON COLUMN m.a IS 'one';
            CREATE VIEW v AS SELECT a FROM m;";
        let of = |query: &str| format!("{table} CREATE MATERIALIZED VIEW m AS {query}; {hanging}");
        let (from, to) = (of("SELECT a FROM t"), of("SELECT a, b FROM t"));
        expect![[r#"
            expand: CREATE MATERIALIZED VIEW public.m_underpin_new AS SELECT a, b FROM public.t WITH DATA
            expand: GRANT SELECT ON TABLE public.m_underpin_new TO app
            expand: COMMENT ON COLUMN public.m_underpin_new.a IS 'one'
            expand: CREATE UNIQUE INDEX i_underpin_new ON public.m_underpin_new (a)
            expand: ANALYZE public.m_underpin_new
            expand: CREATE VIEW public.v_underpin_new AS SELECT a FROM public.m_underpin_new
            expand: ALTER MATERIALIZED VIEW public.m RENAME TO m_underpin_old
            expand: ALTER INDEX public.i RENAME TO i_underpin_old
            expand: ALTER VIEW public.v RENAME TO v_underpin_old
            expand: ALTER MATERIALIZED VIEW public.m_underpin_new RENAME TO m
            expand: ALTER INDEX public.i_underpin_new RENAME TO i
            expand: ALTER VIEW public.v_underpin_new RENAME TO v
            expand: DROP VIEW public.v_underpin_old
            expand: DROP MATERIALIZED VIEW public.m_underpin_old
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: CREATE MATERIALIZED VIEW public.m_underpin_old AS SELECT a FROM public.t WITH DATA
            expand: GRANT SELECT ON TABLE public.m_underpin_old TO app
            expand: COMMENT ON COLUMN public.m_underpin_old.a IS 'one'
            expand: CREATE UNIQUE INDEX i_underpin_old ON public.m_underpin_old (a)
            expand: ANALYZE public.m_underpin_old
            expand: CREATE VIEW public.v_underpin_old AS SELECT a FROM public.m_underpin_old
            expand: ALTER MATERIALIZED VIEW public.m RENAME TO m_underpin_new
            expand: ALTER INDEX public.i RENAME TO i_underpin_new
            expand: ALTER VIEW public.v RENAME TO v_underpin_new
            expand: ALTER MATERIALIZED VIEW public.m_underpin_old RENAME TO m
            expand: ALTER INDEX public.i_underpin_old RENAME TO i
            expand: ALTER VIEW public.v_underpin_old RENAME TO v
            expand: DROP VIEW public.v_underpin_new
            expand: DROP MATERIALIZED VIEW public.m_underpin_new
        "#]]
        .assert_eq(&downs(&from, &to));
        expect![""].assert_eq(&said(&from, &to));
    }
}
