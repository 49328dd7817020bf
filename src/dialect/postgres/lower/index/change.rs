//! An index that differs.
//!
//! | difference | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | what it indexes, or where | the new one is built concurrently under a name of scaffolding | SHARE UPDATE EXCLUSIVE | expand | DROP INDEX CONCURRENTLY |
//! | | DROP INDEX CONCURRENTLY of the old one | SHARE UPDATE EXCLUSIVE | contract | CREATE INDEX CONCURRENTLY |
//! | | ALTER INDEX … RENAME | SHARE UPDATE EXCLUSIVE | contract | RENAME back |
//! | storage parameters, statistics | SET (…), RESET (…), SET STATISTICS | SHARE UPDATE EXCLUSIVE | expand | the same backwards |
//! | part of a partitioned index | ATTACH PARTITION | SHARE UPDATE EXCLUSIVE | expand | the part's own index is built anew |
//!
//! At no time is there no index. On a small table it is DROP and CREATE in one transaction. On a partitioned table see
//! `partitioned`.

use super::{attached, built_concurrently, has_no_traffic, key_part, partitioned, phase, without_duplicates};
use crate::catalog::index::Index;
use crate::catalog::{Entry, Ident, Object, ObjectId};
use crate::dialect::postgres::action::{Action, Kind, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::{rung, rung_alone};
use crate::dialect::postgres::lower::constraint::rebind;
use crate::dialect::postgres::lower::drop::goes;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make, marks, options};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, Rung, State, Statement};

/// The ladders of an index that differs.
pub(in crate::dialect::postgres::lower) fn alter(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    attributes: &[Attribute],
) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (facts::index(lowering.pair.from, id), facts::index(lowering.pair.to, id)) else {
        return Ok(Vec::new());
    };
    if partitioned::is_changed(lowering, id) {
        return replaced(lowering, id, from, to);
    }
    let mut ladders = Vec::new();
    for attribute in attributes {
        ladders.extend(match attribute {
            Attribute::Options => set_options(lowering, id, from, to)?,
            Attribute::Statistics => set_statistics(lowering, id, from, to)?,
            Attribute::Parent => attach(lowering, id, to)?,
            // It is whole when its last part is attached.
            Attribute::Coverage => Vec::new(),
            other => return Err(lowering.no_pattern(id, &format!("a change of {other:?}"))),
        });
    }
    Ok(ladders)
}

fn replaced(lowering: &Lowering<'_>, id: &ObjectId, from: &Index, to: &Index) -> Lowered<Vec<Ladder>> {
    if from.parent.is_none() || to.parent.is_none() {
        for side in [SideOf::From, SideOf::To] {
            key_part::nothing_stands_in_the_way(lowering, side, id)?;
        }
    }
    let title = format!("{} is built anew", describe(id));
    if from.table != to.table {
        return moved(lowering, id, from, to);
    }
    if has_no_traffic(lowering, &from.table) {
        let mut up = make::undo(lowering, lowering.pair.from, id);
        up.extend(make::statements(lowering, lowering.pair.to, id)?);
        let mut down = make::undo(lowering, lowering.pair.to, id);
        down.extend(make::statements(lowering, lowering.pair.from, id)?);
        let marks = marks::handed_on(lowering, Pair::new(id, id), Pair::new(id, id));
        up.extend(marks.to);
        down.extend(marks.from);
        let why = "the table is small, so that the build is over before anybody waits";
        let mut last = rung(State::Public, phase(lowering, to), up, down);
        if rebind::is_bound(lowering, from) {
            last.phase = Phase::Contract;
        }
        let later = rebind::bind_around_index(lowering, from, &mut last);
        let steps = std::iter::once(last).chain(later).collect();
        return built(id, Ladder::new(id.clone(), title, why, steps));
    }
    if from.parent.is_some() && to.parent.is_some() {
        // The parent says what is to be done.
        return Ok(Vec::new());
    }
    if facts::is_partitioned(lowering.pair.to, &to.table) {
        return partitioned::replaced(lowering, id, to);
    }
    let Some(name) = id.qualified_name() else {
        return Ok(Vec::new());
    };
    let identity = |name_of: Ident| ObjectId::Relation(name.with_name(name_of));
    let new = identity(lowering.scaffold_name(id.last_name().as_str(), "new", identity));
    let phase = phase(lowering, to);
    let mut steps = Vec::new();
    if to.uniqueness.is_unique() {
        steps.extend(without_duplicates(lowering, &new, to, phase));
    }
    steps.extend(super::concurrently(lowering, &new, to, phase));
    if let Some(entry) = lowering.to(id) {
        let said = make::completion(lowering, &new, entry);
        if !said.is_empty() {
            steps.push(rung(State::Enforced, phase, said, Vec::new()));
        }
    }
    if rebind::is_bound(lowering, from) {
        steps.extend(in_place_of(lowering, id, from, (&new, to))?);
        let why = "the new index is built beside the old one, and takes its place together with the foreign keys";
        return built(id, Ladder::new(id.clone(), title, why, steps));
    }
    let completion = |side: &crate::catalog::Catalog| {
        side.get(id)
            .map(|entry| make::completion(lowering, id, entry))
            .unwrap_or_default()
    };
    // What belongs to the old one goes with it, and comes back when it has been built again.
    let mut said = completion(lowering.pair.from);
    let marks = marks::handed_on(lowering, Pair::new(id, id), Pair::new(id, &new));
    said.extend(marks.from);
    if !said.is_empty() {
        let mut up = vec![lowering.verify_index(id)];
        up.extend(marks.to);
        steps.push(rung(State::Present, Phase::Contract, up, said));
    }
    let mut old = lowering.drop_index_concurrently(id, "The new index serves all that this one served.");
    old.releases.extend(lowering.pair.from.requirements(id));
    steps.push(rung_alone(
        State::Absent,
        Phase::Contract,
        old,
        vec![built_concurrently(lowering, id, from)],
        Vec::new(),
    ));
    let subject = |id: &ObjectId| Subject {
        id: id.clone(),
        kind: Kind::Index,
    };
    let mut up = vec![lowering.rename(
        subject(&new),
        &id.last_name(),
        "The new index takes the name of the old one.",
    )];
    if let Some(parent) = &to.parent {
        up.push(attached(lowering, parent, id));
    }
    let down = vec![lowering.rename(subject(id), &new.last_name(), "The name is free for the old index.")];
    steps.push(rung(State::Public, Phase::Contract, up, down));
    let why = "the new index is built beside the old one, so that there is one at any time";
    built(id, Ladder::new(id.clone(), title, why, steps))
}

/// The rungs in which a new index takes the place of one that foreign keys may be bound to.
fn in_place_of(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    from: &Index,
    (new, to): (&ObjectId, &Index),
) -> Lowered<Vec<Rung>> {
    let subject = Subject {
        id: new.clone(),
        kind: Kind::Index,
    };
    let marks = marks::handed_on(lowering, Pair::new(id, id), Pair::new(id, id));
    let mut up = make::undo(lowering, lowering.pair.from, id);
    up.push(lowering.rename(subject, &id.last_name(), "The new index takes the name of the old one."));
    up.extend(marks.to);
    let mut down = make::undo(lowering, lowering.pair.to, id);
    down.extend(make::statements(lowering, lowering.pair.from, id)?);
    down.extend(marks.from);
    let mut last = rung(State::Absent, Phase::Contract, up, down);
    let later = rebind::bind_around_index(lowering, from, &mut last);
    // While it is there, and older, the server would bind the foreign keys to it.
    let entry = Entry::new(Object::Index(Box::new(to.clone())));
    last.down.push(lowering.statement(
        Action::create(new.clone(), entry, Vec::new()),
        "The new index stands by itself again.",
    ));
    Ok(std::iter::once(last).chain(later).collect())
}

/// An index of the same name on another table: the old one goes, if not with its table, and the new one is built when
/// the name is free.
fn moved(lowering: &Lowering<'_>, id: &ObjectId, from: &Index, to: &Index) -> Lowered<Vec<Ladder>> {
    let mut steps = Vec::new();
    if !goes(lowering, &from.table) {
        let up = make::undo(lowering, lowering.pair.from, id);
        let down = make::statements(lowering, lowering.pair.from, id)?;
        steps.push(rung(State::Absent, Phase::Contract, up, down));
    }
    if has_no_traffic(lowering, &to.table) {
        let up = make::statements(lowering, lowering.pair.to, id)?;
        let down = make::undo(lowering, lowering.pair.to, id);
        steps.push(rung(State::Public, Phase::Contract, up, down));
    } else {
        steps.extend(super::online(lowering, id, to, Phase::Contract));
    }
    // What the new one takes is the name of the old one, which is free only when that is gone.
    for statement in steps.iter_mut().flat_map(|step| &mut step.up) {
        statement.releases.retain(|released| released != &from.table);
    }
    let why = "one name cannot stand for two indexes at a time";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} moves to another table", describe(id)),
            why,
            steps,
        ),
    )
}

fn set_options(lowering: &Lowering<'_>, id: &ObjectId, from: &Index, to: &Index) -> Lowered<Vec<Ladder>> {
    let statements = |from: &Index, to: &Index| -> Vec<Statement> {
        let (set, reset) = options::difference(&from.options, &to.options);
        let set = (!set.is_empty()).then_some(TableForm::SetOptions(set));
        let reset = (!reset.is_empty()).then_some(TableForm::ResetOptions(reset));
        set.into_iter()
            .chain(reset)
            .map(|form| lowering.alter_table(id, form, "A storage parameter, for pages written from now on."))
            .collect()
    };
    changed(id, statements(from, to), statements(to, from))
}

fn set_statistics(lowering: &Lowering<'_>, id: &ObjectId, from: &Index, to: &Index) -> Lowered<Vec<Ladder>> {
    let statements = |from: &Index, to: &Index| -> Vec<Statement> {
        let target = |index: &Index, position: u16| {
            let found = index.statistics.iter().find(|(other, _)| *other == position);
            found.map(|(_, target)| *target)
        };
        let mut positions: Vec<u16> = from
            .statistics
            .iter()
            .chain(&to.statistics)
            .map(|(position, _)| *position)
            .collect();
        positions.sort_unstable();
        positions.dedup();
        positions
            .into_iter()
            .filter(|position| target(from, *position) != target(to, *position))
            .map(|position| {
                let form = TableForm::SetKeyStatistics(position, target(to, position));
                lowering.alter_table(id, form, "How much ANALYZE keeps of this key.")
            })
            .collect()
    };
    changed(id, statements(from, to), statements(to, from))
}

fn attach(lowering: &Lowering<'_>, id: &ObjectId, to: &Index) -> Lowered<Vec<Ladder>> {
    let Some(parent) = &to.parent else {
        return Ok(Vec::new());
    };
    let attached_with_table = lowering
        .altered(&to.table)
        .is_some_and(|attributes| attributes.contains(&Attribute::PartitionOf));
    if lowering.is_created(parent) || lowering.is_replaced(parent) || attached_with_table {
        return Ok(Vec::new());
    }
    let why = format!("{} cannot be taken out of {} again", describe(id), describe(parent));
    let mut step = rung(
        State::Public,
        Phase::Expand,
        vec![attached(lowering, parent, id)],
        lowering.no_way_back(&why),
    );
    step.reversal = crate::plan::Reversal::Irreversible(why);
    let title = format!("{} becomes a part of {}", describe(id), describe(parent));
    built(
        id,
        Ladder::new(id.clone(), title, "the catalog alone changes", vec![step]),
    )
}

fn changed(id: &ObjectId, up: Vec<Statement>, down: Vec<Statement>) -> Lowered<Vec<Ladder>> {
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("a setting of {} changes", describe(id)),
            "the catalog alone changes",
            vec![rung(State::Public, Phase::Expand, up, down)],
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn there_is_an_index_at_any_time() {
        let found = ups(
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);",
            "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a, b);",
        );
        expect![[r#"
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.i_underpin_new
            expand: CREATE INDEX CONCURRENTLY i_underpin_new ON public.t (a, b)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.i_underpin_new') AND indisvalid ) THEN RAISE EXCEPTION 'index public.i_underpin_new is missing or invalid'; END IF; END $$
            contract: DROP INDEX CONCURRENTLY IF EXISTS public.i
            contract: ALTER INDEX public.i_underpin_new RENAME TO i
        "#]].assert_eq(&found);
    }
}
