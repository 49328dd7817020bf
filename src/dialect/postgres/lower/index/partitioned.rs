//! Indexes of partitioned tables.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present, for each partition | DROP INDEX CONCURRENTLY IF EXISTS; CREATE INDEX CONCURRENTLY | SHARE UPDATE EXCLUSIVE | expand | DROP INDEX CONCURRENTLY |
//! | Public | CREATE INDEX ON ONLY the partitioned table; ATTACH PARTITION of each part | SHARE on the partitioned table, catalog only | expand | DROP INDEX |
//!
//! An index that differs:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present, for each partition | CREATE INDEX CONCURRENTLY, under a name of scaffolding where its own is taken | SHARE UPDATE EXCLUSIVE | expand | DROP INDEX CONCURRENTLY |
//! | Enforced | CREATE INDEX ON ONLY under a name of scaffolding; ATTACH PARTITION of each part | SHARE on the partitioned table, catalog only | expand | DROP INDEX |
//! | Public | DROP INDEX of the old one; ALTER INDEX … RENAME | ACCESS EXCLUSIVE on all, catalog only | contract | RENAME back; the old one is built under the lock |
//!
//! Parts bear the names that they have in the wanted schema; a part that is there already is only attached. Partitioned
//! partitions have their own index ON ONLY, with their parts attached first. An index that goes is dropped in contract,
//! with all its parts: a short ACCESS EXCLUSIVE lock on every partition, because there is no concurrent form. A part that is
//! to stay is built anew beside it before, concurrently, and takes the name then; on the way back of a new index the parts
//! that stood by themselves are built under the lock.

use super::{attached, concurrently, phase, without_duplicates};
use crate::catalog::index::{Coverage, Index};
use crate::catalog::{Entry, Ident, Object, ObjectId};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, Concurrency, CreateMode, Guard, Kind, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::constraint::rebind;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make, partition, refuse};
use crate::diff::Attribute;
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// A new index of a partitioned table that stays.
pub(super) fn create(lowering: &Lowering<'_>, id: &ObjectId, index: &Index) -> Lowered<Vec<Ladder>> {
    let phase = phase(lowering, index);
    let mut steps: Vec<Rung> = if index.uniqueness.is_unique() {
        without_duplicates(lowering, id, index, phase).into_iter().collect()
    } else {
        Vec::new()
    };
    let mut made = Vec::new();
    parts_first(lowering, id, index, phase, &mut steps, &mut made);
    let mut down = make::undo(lowering, lowering.pair.to, id);
    // It takes its parts along, those too that stood by themselves.
    for part in descendants(lowering, SideOf::To, id) {
        if stands_alone(lowering, SideOf::From, &part) && !lowering.is_created(&part) {
            remade(lowering, SideOf::From, &part, &mut down)?;
        }
    }
    let mut last = rung(State::Public, phase, made, down);
    last.company = Company::NextFile;
    steps.push(last);
    let why = "a partitioned table's index cannot be built concurrently, but those of its partitions can";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is created", describe(id)), why, steps),
    )
}

/// Whether an index is one of a table's own on a side, and no part of another.
fn stands_alone(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> bool {
    facts::index(lowering.catalog(side), id).is_some_and(|index| index.parent.is_none())
}

/// The statement that drops an index with all its parts.
fn dropped(lowering: &Lowering<'_>, id: &ObjectId) -> Vec<Statement> {
    refuse::warn(
        lowering,
        Code::PartitionedIndexDrop,
        id,
        format!("{} is dropped under a short lock on all partitions", describe(id)),
        "DROP INDEX CONCURRENTLY does not work on partitioned tables.",
    );
    let mut up = make::undo(lowering, lowering.pair.from, id);
    let parts = descendants(lowering, SideOf::From, id);
    for statement in &mut up {
        // A partition that goes takes its part along before.
        for part in parts.iter().filter(|part| !is_on_dropped(lowering, part)) {
            statement.removes.push(part.clone());
            statement.releases.extend(lowering.pair.from.requirements(part));
        }
        let removes = statement.removes.clone();
        statement.releases.retain(|released| !removes.contains(released));
    }
    up
}

/// Whether a part of an index is on a partition that goes.
fn is_on_dropped(lowering: &Lowering<'_>, part: &ObjectId) -> bool {
    let table =
        facts::index(lowering.pair.from, part).map_or_else(|| facts::relation(part), |index| index.table.clone());
    lowering.is_dropped(&table)
}

/// Foreign keys that stay and may be bound to an index of a partitioned table that goes are not bound anew by any pattern.
fn nothing_bound(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let Some(index) = facts::index(lowering.pair.from, id).filter(|index| rebind::is_bound(lowering, index)) else {
        return Ok(());
    };
    let message = format!(
        "{} cannot go while foreign keys go by the columns of {}",
        describe(id),
        describe(&index.table)
    );
    let hint = "The server may have bound them to it. Drop the foreign keys in one plan and add them in the next one.";
    Err(refuse::unsupported(lowering, id, message, hint))
}

/// An index of a partitioned table that differs: the new one stands beside the old one until nobody needs that.
pub(super) fn replaced(lowering: &Lowering<'_>, id: &ObjectId, index: &Index) -> Lowered<Vec<Ladder>> {
    nothing_bound(lowering, id)?;
    let phase = phase(lowering, index);
    let mut beside = Beside::default();
    let new = beside.put(lowering, id, index, phase);
    let mut steps: Vec<Rung> = if index.uniqueness.is_unique() {
        without_duplicates(lowering, &new, index, phase).into_iter().collect()
    } else {
        Vec::new()
    };
    steps.append(&mut beside.steps);
    let drop_new = lowering.statement(
        Action::Drop {
            subject: of_index(&new),
            concurrency: Concurrency::Blocking,
            guard: Guard::None,
        },
        "The new index goes with all its parts.",
    );
    let mut middle = rung(State::Enforced, phase, beside.made, vec![drop_new]);
    middle.company = Company::NextFile;
    steps.push(middle);
    let mut up = dropped(lowering, id);
    let mut down = Vec::new();
    for (scaffold, name) in &beside.renames {
        let comment = "The new index takes the name of the old one.";
        up.push(lowering.rename(of_index(scaffold), &name.last_name(), comment));
        let comment = "The name is free for the old index.";
        down.push(lowering.rename(of_index(name), &scaffold.last_name(), comment));
    }
    remade(lowering, SideOf::From, id, &mut down)?;
    steps.push(rung(State::Public, Phase::Contract, up, down));
    let why = "the new index is built beside the old one, so that there is one at any time";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is built anew", describe(id)), why, steps),
    )
}

fn of_index(id: &ObjectId) -> Subject {
    Subject {
        id: id.clone(),
        kind: Kind::Index,
    }
}

/// A new index with its parts, beside an old one that may have their names.
#[derive(Default)]
struct Beside {
    /// The rungs that build the parts.
    steps: Vec<Rung>,
    /// The statements that then make the index and attach the parts.
    made: Vec<Statement>,
    /// Names of scaffolding and the names that take their place.
    renames: Vec<(ObjectId, ObjectId)>,
}

impl Beside {
    /// Makes an index with its parts; the name that it has until the old one is gone.
    fn put(&mut self, lowering: &Lowering<'_>, id: &ObjectId, index: &Index, phase: Phase) -> ObjectId {
        let new = self.name(lowering, id);
        self.made.push(on_only(lowering, &new, index));
        for part in parts(lowering, SideOf::To, id) {
            let Some(part_index) = facts::index(lowering.pair.to, &part) else {
                // A key constraint of the partition serves as a part.
                self.made.push(attached(lowering, &new, &part));
                continue;
            };
            if lowering.is_created(&part_index.table) && partition::waits(lowering, &index.table) {
                // It is attached when this index is what it will be, and brings its part.
                continue;
            }
            let stands_alone = facts::index(lowering.pair.from, &part).is_some_and(|old| old.parent.is_none());
            let used = if lowering.is_created(&part_index.table) || (stands_alone && !is_changed(lowering, &part)) {
                part.clone()
            } else if facts::is_partitioned(lowering.pair.to, &part_index.table) {
                self.put(lowering, &part, part_index, phase)
            } else {
                let used = self.name(lowering, &part);
                self.steps.extend(concurrently(lowering, &used, part_index, phase));
                self.complete(lowering, &part, &used);
                used
            };
            self.made.push(attached(lowering, &new, &used));
        }
        self.complete(lowering, id, &new);
        new
    }

    /// Comment and statistics, under the name that it has so far.
    fn complete(&mut self, lowering: &Lowering<'_>, id: &ObjectId, used: &ObjectId) {
        if let Some(entry) = lowering.to(id) {
            self.made.extend(make::completion(lowering, used, entry));
        }
    }

    fn name(&mut self, lowering: &Lowering<'_>, id: &ObjectId) -> ObjectId {
        let Some(name) = id.qualified_name().filter(|_| lowering.pair.from.contains(id)) else {
            return id.clone();
        };
        let identity = |new: Ident| ObjectId::Relation(name.with_name(new));
        let new = identity(lowering.scaffold_name(id.last_name().as_str(), "new", identity));
        self.renames.push((new.clone(), id.clone()));
        new
    }
}

/// Whether an index stays and is another one, so that it is built anew.
pub(in crate::dialect::postgres::lower) fn is_changed(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering.altered(id).is_some_and(|attributes| {
        attributes
            .iter()
            .any(|attribute| matches!(attribute, Attribute::Definition | Attribute::Tablespace))
    })
}

/// An index of a partitioned table that goes, with all its parts.
pub(super) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    nothing_bound(lowering, id)?;
    let mut beside = Beside::default();
    let mut up = dropped(lowering, id);
    let mut down = Vec::new();
    for part in descendants(lowering, SideOf::From, id) {
        // A part that stays is built anew beside the old one, which goes with the whole.
        let Some(part_index) = facts::index(lowering.pair.to, &part).filter(|index| index.parent.is_none()) else {
            continue;
        };
        if facts::is_partitioned(lowering.pair.to, &part_index.table) {
            let message = format!("{} cannot stay while {} goes", describe(&part), describe(id));
            let hint = "The server drops it with the index that it is a part of. Give it another name.";
            return Err(refuse::unsupported(lowering, &part, message, hint));
        }
        let new = beside.name(lowering, &part);
        beside
            .steps
            .extend(concurrently(lowering, &new, part_index, Phase::Contract));
        up.push(lowering.rename(of_index(&new), &part.last_name(), "It stands by itself from now on."));
        if let Some(entry) = lowering.to(&part) {
            up.extend(make::completion(lowering, &part, entry));
        }
        down.push(lowering.rename(of_index(&part), &new.last_name(), "The name is free for the part."));
    }
    remade(lowering, SideOf::From, id, &mut down)?;
    let mut last = rung(State::Absent, Phase::Contract, up, down);
    if !beside.steps.is_empty() {
        last.company = Company::NextFile;
    }
    beside.steps.push(last);
    let why = "queries of the old application may need it until the new one is deployed";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is dropped", describe(id)), why, beside.steps),
    )
}

/// An index from nothing: the index ON ONLY its table, then its parts, each attached.
pub(super) fn remade(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId, down: &mut Vec<Statement>) -> Lowered<()> {
    let catalog = lowering.catalog(side);
    let Some(index) = facts::index(catalog, id) else {
        return Ok(());
    };
    if !facts::is_partitioned(catalog, &index.table) {
        down.extend(make::statements(lowering, catalog, id)?);
        return Ok(());
    }
    down.push(on_only(lowering, id, index));
    for part in parts(lowering, side, id) {
        if is_on_dropped(lowering, &part) && !lowering.is_dropped(&index.table) {
            // It is made with its partition, and attached with it. When the table goes too, the index lacks a part (see
            // `incomplete`): its parts are made with it alone.
            continue;
        }
        if facts::index(catalog, &part).is_some() {
            remade(lowering, side, &part, down)?;
        }
        down.push(attached(lowering, id, &part));
    }
    if let Some(entry) = catalog.get(id) {
        down.extend(make::completion(lowering, id, entry));
    }
    Ok(())
}

/// The rungs that build the parts, and the statements that then make the index and attach them.
fn parts_first(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    index: &Index,
    phase: Phase,
    steps: &mut Vec<Rung>,
    made: &mut Vec<Statement>,
) {
    made.push(on_only(lowering, id, index));
    for part in parts(lowering, SideOf::To, id) {
        let Some(part_index) = facts::index(lowering.pair.to, &part) else {
            // A key constraint of the partition serves as a part.
            made.push(attached(lowering, id, &part));
            continue;
        };
        if lowering.is_created(&part_index.table) && partition::waits(lowering, &index.table) {
            continue;
        }
        if lowering.is_created(&part_index.table) {
            // A new partition brought its part when it was attached.
            made.push(attached(lowering, id, &part));
            continue;
        }
        let partitioned = facts::is_partitioned(lowering.pair.to, &part_index.table);
        match (lowering.is_created(&part), partitioned) {
            (false, _) => {}
            (true, true) => parts_first(lowering, &part, part_index, phase, steps, made),
            (true, false) => steps.extend(concurrently(lowering, &part, part_index, phase)),
        }
        made.push(attached(lowering, id, &part));
        if lowering.is_created(&part)
            && let Some(entry) = lowering.to(&part)
            && !partitioned
        {
            made.extend(make::completion(lowering, &part, entry));
        }
    }
    if let Some(entry) = lowering.to(id) {
        made.extend(make::completion(lowering, id, entry));
    }
}

/// `CREATE INDEX … ON ONLY`; of a table without partitions the index is whole at once.
fn on_only(lowering: &Lowering<'_>, id: &ObjectId, index: &Index) -> Statement {
    let mut index = index.clone();
    index.parent = None;
    index.coverage = Coverage::Only;
    lowering.statement(
        Action::create_as(
            CreateMode::OnOnly,
            id.clone(),
            Entry::new(Object::Index(Box::new(index))),
            Vec::new(),
        ),
        format!("{} is made without touching the partitions.", describe(id)),
    )
}

/// The indexes and keys of partitions that are parts of an index.
fn parts(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> Vec<ObjectId> {
    let catalog = lowering.catalog(side);
    let is_part = |user: &&ObjectId| {
        let parent = facts::index(catalog, user)
            .and_then(|index| index.parent.as_ref())
            .or_else(|| facts::constraint(catalog, user).and_then(|constraint| constraint.parent.as_ref()));
        parent == Some(id)
    };
    lowering.users(side, id).iter().filter(is_part).cloned().collect()
}

/// The parts of an index at every level.
pub(super) fn descendants(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> Vec<ObjectId> {
    let mut found = Vec::new();
    let mut waiting = parts(lowering, side, id);
    while let Some(part) = waiting.pop() {
        waiting.extend(parts(lowering, side, &part));
        found.push(part);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn a_part_that_stood_by_itself_comes_back_on_the_way_back() {
        let table = "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
                     CREATE INDEX i1 ON t1 (a);";
        let whole = [table, "CREATE INDEX i ON t (a);"].concat();
        expect![[r#"
            expand: DROP INDEX public.i
            expand: CREATE INDEX i1 ON public.t1 (a)
        "#]]
        .assert_eq(&downs(table, &whole));
        expect![[r#"
            contract: DROP INDEX CONCURRENTLY IF EXISTS public.i1_underpin_new
            contract: CREATE INDEX CONCURRENTLY i1_underpin_new ON public.t1 (a)
            contract: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.i1_underpin_new') AND indisvalid ) THEN RAISE EXCEPTION 'index public.i1_underpin_new is missing or invalid'; END IF; END $$
            contract: DROP INDEX public.i
            contract: ALTER INDEX public.i1_underpin_new RENAME TO i1
        "#]].assert_eq(&ups(&whole, table));
    }

    #[test]
    fn parts_are_built_apart_and_attached() {
        let found = ups(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);",
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX i ON t (a);",
        );
        expect![[r#"
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.t1_a_idx
            expand: CREATE INDEX CONCURRENTLY t1_a_idx ON public.t1 (a)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.t1_a_idx') AND indisvalid ) THEN RAISE EXCEPTION 'index public.t1_a_idx is missing or invalid'; END IF; END $$
            expand: CREATE INDEX i ON ONLY public.t (a)
            expand: ALTER INDEX public.i ATTACH PARTITION public.t1_a_idx
        "#]].assert_eq(&found);
    }
}
