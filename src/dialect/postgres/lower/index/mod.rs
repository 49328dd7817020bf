//! Indexes on tables and materialized views.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present, of a unique index | a check that no two rows are equal | ACCESS SHARE, scan | expand | – |
//! | Present | DROP INDEX CONCURRENTLY IF EXISTS, what an interrupted build has left | SHARE UPDATE EXCLUSIVE | expand | – |
//! | Public | CREATE INDEX CONCURRENTLY; the next file checks that it is valid | SHARE UPDATE EXCLUSIVE | expand; enforce when its columns wait for a backfill | DROP INDEX CONCURRENTLY |
//!
//! On a new or small table it is one CREATE INDEX. An index that goes is dropped concurrently in contract, because
//! queries of the old application, and its ON CONFLICT, may need it. Changes are in `change`, partitioned tables in
//! `partitioned`.

mod change;
pub(super) mod incomplete;
mod key_part;
mod partitioned;

pub(super) use change::alter;
pub(super) use partitioned::is_changed;

use super::build::{rung, rung_alone};
use super::constraint::{rebind, waits_for_backfill};
use super::facts::{self, Care, SideOf};
use super::lowering::Lowering;
use super::{Lowered, built, make, materialized, replace};
use crate::catalog::index::{Index, Uniqueness};
use crate::catalog::{Entry, Object, ObjectId};
use crate::dialect::postgres::action::verify::{NullsAre, Readable};
use crate::dialect::postgres::action::{Action, CreateMode, Expectation};
use crate::dialect::postgres::describe;
use crate::plan::{Company, Ladder, Phase, Rung, State};

/// A new index.
pub(super) fn create(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(index) = facts::index(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    let table = &index.table;
    let title = format!("{} is created", describe(id));
    if lowering.is_created(table) && incomplete::lacks_parts(lowering.pair.to, id) {
        let steps: Vec<Rung> = incomplete::made(lowering, SideOf::To, id)?.into_iter().collect();
        let why = "some of the partitions are wanted without it, so each part is made apart";
        return built(id, Ladder::new(id.clone(), title, why, steps));
    }
    if let Some(parent) = &index.parent {
        let with_parent =
            lowering.is_created(parent) || lowering.is_replaced(parent) || partitioned::is_changed(lowering, parent);
        if with_parent || lowering.is_created(table) {
            // It is made with the parent's, or before its table is attached.
            return Ok(Vec::new());
        }
    }
    let filled_apart =
        lowering.is_created(table) && materialized::company(lowering, SideOf::To, table) == Company::Scan;
    if filled_apart || replace::is_materialized_anew(lowering, table) {
        // It is made with its materialized view.
        return Ok(Vec::new());
    }
    if !lowering.is_created(table) {
        key_part::nothing_stands_in_the_way(lowering, SideOf::To, id)?;
    }
    let why = "its index is built while writers go on";
    if has_no_traffic(lowering, table) {
        let down = match key_part::key_part(lowering, SideOf::To, id) {
            // It goes with its table.
            Some(_) => Vec::new(),
            None => make::undo(lowering, lowering.pair.to, id),
        };
        let up = make::statements(lowering, lowering.pair.to, id)?;
        let steps = vec![rung(State::Public, Phase::Expand, up, down)];
        let why = "the table is new or small, so that the build is over before anybody waits";
        return built(id, Ladder::new(id.clone(), title, why, steps));
    }
    if facts::is_partitioned(lowering.pair.to, table) {
        return partitioned::create(lowering, id, index);
    }
    let steps = online(lowering, id, index, phase(lowering, index));
    built(id, Ladder::new(id.clone(), title, why, steps))
}

/// An index that goes.
pub(super) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let (Some(index), Some(entry)) = (facts::index(lowering.pair.from, id), lowering.from(id)) else {
        return Ok(Vec::new());
    };
    if index
        .parent
        .as_ref()
        .is_some_and(|parent| super::drop::goes(lowering, parent) || partitioned::is_changed(lowering, parent))
    {
        return Ok(Vec::new());
    }
    key_part::nothing_stands_in_the_way(lowering, SideOf::From, id)?;
    let title = format!("{} is dropped", describe(id));
    let why = "queries of the old application may need it until the new one is deployed";
    if facts::is_partitioned(lowering.pair.from, &index.table) {
        return partitioned::drop(lowering, id);
    }
    let steps = if has_no_traffic(lowering, &index.table) || rebind::is_bound(lowering, index) {
        let mut last = rung(
            State::Absent,
            Phase::Contract,
            make::undo(lowering, lowering.pair.from, id),
            make::statements(lowering, lowering.pair.from, id)?,
        );
        let later = rebind::bind_around_index(lowering, index, &mut last);
        std::iter::once(last).chain(later).collect()
    } else {
        gone(lowering, id, entry, index)
    };
    built(id, Ladder::new(id.clone(), title, why, steps))
}

/// The rungs of an index that is built concurrently, with all that belongs to it.
fn online(lowering: &Lowering<'_>, id: &ObjectId, index: &Index, phase: Phase) -> Vec<Rung> {
    let mut steps = Vec::new();
    if index.uniqueness.is_unique() {
        steps.extend(without_duplicates(lowering, id, index, phase));
    }
    steps.extend(concurrently(lowering, id, index, phase));
    steps.extend(belongings(lowering, id, index, phase));
    steps
}

/// Comment, statistics and the partitioned parent of a new index, which cannot stand with a concurrent build.
fn belongings(lowering: &Lowering<'_>, id: &ObjectId, index: &Index, phase: Phase) -> Option<Rung> {
    let mut up = lowering
        .to(id)
        .map(|entry| make::completion(lowering, id, entry))
        .unwrap_or_default();
    if let Some(parent) = index
        .parent
        .as_ref()
        .filter(|_| !lowering.becomes_partition(&index.table))
    {
        up.push(attached(lowering, parent, id));
    }
    (!up.is_empty()).then(|| rung(State::Public, phase, up, Vec::new()))
}

/// `ALTER INDEX parent ATTACH PARTITION index`.
fn attached(lowering: &Lowering<'_>, parent: &ObjectId, index: &ObjectId) -> crate::plan::Statement {
    lowering.statement(
        Action::AttachIndex {
            parent: parent.clone(),
            index: index.clone(),
        },
        format!("{} becomes a part of {}.", describe(index), describe(parent)),
    )
}

/// The cleanup and the concurrent build of an index, each alone in its file; the file after checks that it is valid.
pub(super) fn concurrently(lowering: &Lowering<'_>, id: &ObjectId, index: &Index, phase: Phase) -> Vec<Rung> {
    let cleanup = lowering.statement(
        Action::DropInvalidIndex {
            index: id.clone(),
            table: index.table.clone(),
        },
        "What an interrupted build may have left goes first: run this file again before building again.",
    );
    let down = lowering.drop_index_concurrently(id, format!("{} is dropped.", describe(id)));
    vec![
        rung_alone(State::Present, phase, cleanup, Vec::new(), Vec::new()),
        rung_alone(
            State::Enforced,
            phase,
            built_concurrently(lowering, id, index),
            vec![down],
            vec![lowering.verify_index(id)],
        ),
    ]
}

/// `CREATE INDEX CONCURRENTLY`.
fn built_concurrently(lowering: &Lowering<'_>, id: &ObjectId, index: &Index) -> crate::plan::Statement {
    let mut index = index.clone();
    index.parent = None;
    let entry = Entry::new(Object::Index(Box::new(index)));
    lowering.statement(
        Action::create_as(CreateMode::Concurrently, id.clone(), entry, Vec::new()),
        format!("{} is built while writers go on.", describe(id)),
    )
}

/// The rung that finds duplicates before the build does, which would leave an invalid index behind.
pub(super) fn without_duplicates(lowering: &Lowering<'_>, id: &ObjectId, index: &Index, phase: Phase) -> Option<Rung> {
    let columns: Vec<ObjectId> = index
        .keys
        .iter()
        .filter_map(|key| {
            let column = key.expression.as_column()?;
            let table = index.table.qualified_name()?;
            Some(ObjectId::Column(table.clone(), column.clone()))
        })
        .collect();
    let expectation = Expectation::NoDuplicates {
        relation: index.table.clone(),
        readable: match lowering.pair.to.get(&index.table).map(|entry| &entry.object) {
            Some(Object::MaterializedView(_)) => Readable::OncePopulated,
            _ => Readable::Always,
        },
        columns: columns.clone(),
        nulls: match index.uniqueness {
            Uniqueness::NullsNotDistinct => NullsAre::Equal,
            Uniqueness::None | Uniqueness::NoneNullsNotDistinct | Uniqueness::Unique => NullsAre::Distinct,
        },
        condition: index.predicate.clone(),
    };
    // Expressions are left to the build itself.
    if columns.len() != index.keys.len() || columns.is_empty() {
        return None;
    }
    let mut step = rung(
        State::Present,
        phase,
        vec![lowering.verify(expectation, format!("No two rows are equal for {}.", describe(id)))],
        Vec::new(),
    );
    step.company = Company::Scan;
    Some(step)
}

/// The rungs of an index that is dropped concurrently. What a build of the way back could not say goes first.
fn gone(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry, index: &Index) -> Vec<Rung> {
    let mut steps = Vec::new();
    let said = make::completion(lowering, id, entry);
    if !said.is_empty() {
        let there = lowering.verify_index(id);
        steps.push(rung(State::Present, Phase::Contract, vec![there], said));
    }
    let mut up = lowering.drop_index_concurrently(id, format!("{} is dropped while writers go on.", describe(id)));
    up.releases.extend(lowering.pair.from.requirements(id));
    let down = built_concurrently(lowering, id, index);
    steps.push(rung_alone(State::Absent, Phase::Contract, up, vec![down], Vec::new()));
    steps
}

/// The phase in which an index is built: after the backfill of its columns, else every update would have to keep it.
fn phase(lowering: &Lowering<'_>, index: &Index) -> Phase {
    if waits_for_backfill(lowering, &facts::columns_of_index(index)) {
        Phase::Enforce
    } else {
        Phase::Expand
    }
}

/// Whether an index may be built in place: the relation is new, made anew by this plan, or small.
fn has_no_traffic(lowering: &Lowering<'_>, table: &ObjectId) -> bool {
    lowering.is_replaced(table) || lowering.care(table) == Care::Direct
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_unique_index_is_preceded_by_a_look_for_duplicates() {
        let found = ups(
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a);",
        );
        expect![[r#"
            expand: DO $$ BEGIN IF EXISTS ( SELECT FROM public.t WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1 ) THEN RAISE EXCEPTION 'public.t has rows that are equal in (a)'; END IF; END $$
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.i
            expand: CREATE UNIQUE INDEX CONCURRENTLY i ON public.t (a)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.i') AND indisvalid ) THEN RAISE EXCEPTION 'index public.i is missing or invalid'; END IF; END $$
        "#]].assert_eq(&found);
    }

    #[test]
    fn a_materialized_view_without_data_is_not_looked_into() {
        let view = "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t WITH NO DATA;";
        let found = ups(view, &[view, "CREATE UNIQUE INDEX i ON v (a);"].concat());
        let (check, _) = found.split_once('\n').unwrap();
        expect![[r#"expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass('public.v') AND relispopulated ) THEN RETURN; END IF; IF EXISTS ( SELECT FROM public.v WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1 ) THEN RAISE EXCEPTION 'public.v has rows that are equal in (a)'; END IF; END $$"#]]
            .assert_eq(check);
    }

    #[test]
    fn the_index_of_a_new_table_is_built_in_place() {
        let found = ups("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a);");
        expect![[r#"
            expand: CREATE TABLE public.t ( a integer )
            expand: CREATE INDEX i ON public.t (a)
        "#]]
        .assert_eq(&found);
    }
}
