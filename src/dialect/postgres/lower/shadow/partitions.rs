//! Columns of partitioned tables: the partitions' columns follow by themselves, what stands on them does not.
//!
//! | what | before the switch | the switch | undone by |
//! |---|---|---|---|
//! | an index | one of each leaf, CONCURRENTLY; CREATE INDEX ON ONLY; ATTACH PARTITION of each part | RENAME of each part | DROP INDEX of the whole |
//! | a key | a unique index of each leaf, CONCURRENTLY | DROP of the whole; ALTER TABLE ONLY … ADD CONSTRAINT; of each leaf ADD … USING INDEX; ATTACH PARTITION | the same backwards |
//! | column, NOT NULL, check, default, trigger | at the partitioned table, for all | the same | the same |
//!
//! Until its last part is attached a whole is not valid, so that all of it is one transaction.

use super::super::lowering::Lowering;
use super::build::{constraint_of, index_of, of_sort, table_of};
use super::carry::{Carried, Sort};
use super::{Group, Twin};
use crate::catalog::hashing::HashSet;
use crate::catalog::index::Coverage;
use crate::catalog::table::Inheritance;
use crate::catalog::{Entry, Object, ObjectId};
use crate::dialect::postgres::action::{Action, AlterTable, CreateMode, Scope, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::facts;
use crate::pair::Pair;
use crate::plan::{Rung, Statement};

/// The columns of the partitions below a column that exists twice, at every level.
pub(super) fn below(lowering: &Lowering<'_>, twin: &Twin) -> Vec<Twin> {
    if !facts::is_partitioned(lowering.pair.from, &twin.table) {
        return Vec::new();
    }
    let partitions = lowering.surroundings.descendants(&twin.table).into_iter();
    partitions
        .filter_map(|partition| moved(lowering, twin, partition))
        .collect()
}

/// The same column of a partition; none of one that the plan makes.
fn moved(lowering: &Lowering<'_>, twin: &Twin, partition: ObjectId) -> Option<Twin> {
    let name = partition.qualified_name()?.clone();
    let column = |id: &ObjectId| ObjectId::Column(name.clone(), id.last_name());
    let own = |id: &ObjectId| match id {
        ObjectId::Column(table, _) if Some(table) == twin.table.qualified_name() => Some(column(id)),
        _ => None,
    };
    let ends = twin.ends.as_ref().map(column);
    let mut conversion = twin.conversion.clone();
    conversion.up.rename(&own);
    conversion.down.rename(&own);
    Some(Twin {
        entries: Pair {
            from: lowering.from(&ends.from)?.clone(),
            to: lowering.to(&ends.to).or_else(|| lowering.from(&ends.from))?.clone(),
        },
        new: column(&twin.new),
        old: column(&twin.old),
        ends,
        table: partition,
        conversion,
        writers: twin.writers,
    })
}

/// What a partition has from the partitioned table and needs no statement of its own.
pub(super) fn follows(entry: &Entry) -> bool {
    match &entry.object {
        Object::Constraint(constraint) => {
            constraint.inheritance == Inheritance::Inherited && constraint.parent.is_none()
        }
        _ => false,
    }
}

/// The whole that an index or key is a part of.
pub(super) fn parent_of(entry: &Entry) -> Option<&ObjectId> {
    match &entry.object {
        Object::Index(index) => index.parent.as_ref(),
        Object::Constraint(constraint) => constraint.parent.as_ref(),
        _ => None,
    }
}

/// Which form of what is carried is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The new one, before the switch.
    New,
    /// The wanted one, by the switch.
    Wanted,
    /// The old one, by the switch back.
    Before,
    /// The old one, after the switch.
    Old,
}

impl Stage {
    /// The name of the form, and what tells its whole.
    fn of(self, carried: &Carried) -> Option<(ObjectId, &ObjectId, &Entry)> {
        let wanted = carried.to.as_ref();
        match self {
            Stage::New => wanted.map(|(id, entry)| (carried.new.clone(), id, entry)),
            Stage::Wanted => wanted.map(|(id, entry)| (id.clone(), id, entry)),
            Stage::Before => Some((carried.from.0.clone(), &carried.from.0, &carried.from.1)),
            Stage::Old => Some((carried.old.clone(), &carried.from.0, &carried.from.1)),
        }
    }

    /// The unique index that the form of a key goes by.
    fn index(self, carried: &Carried) -> ObjectId {
        match self {
            Stage::New | Stage::Wanted => index_of(&carried.new),
            Stage::Before | Stage::Old => index_of(&carried.old),
        }
    }
}

impl Group<'_> {
    /// Whether something is on a partitioned table: it is made of parts.
    pub(super) fn is_whole(&self, carried: &Carried) -> bool {
        facts::is_partitioned(self.lowering.pair.from, &carried.table())
    }

    /// CREATE INDEX ON ONLY of the partitioned indexes, and ATTACH PARTITION of their parts.
    pub(super) fn whole_indexes(&self, stage: Stage) -> Vec<Statement> {
        let mut statements = Vec::new();
        for carried in of_sort(&self.carried, &[Sort::Index]).filter(|carried| self.is_whole(carried)) {
            let entry = match stage {
                Stage::New | Stage::Wanted => carried.new_before(&self.all),
                Stage::Before | Stage::Old => Some(carried.old_after(&self.all)),
            };
            let (Some((id, ..)), Some(entry)) = (stage.of(carried), entry) else {
                continue;
            };
            let Object::Index(mut index) = entry.object else {
                continue;
            };
            index.parent = None;
            index.coverage = Coverage::Only;
            index.statistics.clear();
            let entry = Entry::new(Object::Index(index));
            statements.push(self.statement(
                Action::create_as(CreateMode::OnOnly, id.clone(), entry, Vec::new()),
                format!("{} is made without touching the partitions.", describe(&id)),
            ));
        }
        statements.extend(self.attached(&[Sort::Index], stage));
        statements
    }

    /// DROP INDEX of the partitioned indexes over the new columns: their parts go with them.
    pub(super) fn drop_whole_indexes(&self) -> Vec<Statement> {
        let wholes = of_sort(&self.carried, &[Sort::Index]).filter(|carried| self.is_whole(carried));
        let roots = wholes.filter(|carried| parent_of(&carried.from.1).is_none() && carried.to.is_some());
        roots
            .map(|carried| {
                let entry = Entry::new(carried.from.1.object.clone());
                let action = Action::drop(&carried.new, &entry);
                self.statement(action, format!("{} goes with all its parts.", describe(&carried.new)))
            })
            .collect()
    }

    /// ADD of keys, part by part where the table is partitioned.
    pub(super) fn add_keys(&self, sorts: &[Sort], stage: Stage) -> Vec<Statement> {
        let mut statements = Vec::new();
        for carried in of_sort(&self.carried, sorts) {
            let Some((id, _, entry)) = stage
                .of(carried)
                .filter(|_| carried.to.is_some() || stage == Stage::Old)
            else {
                continue;
            };
            let entry = match stage {
                Stage::Old => carried.old_after(&self.all),
                Stage::New | Stage::Wanted | Stage::Before => entry.clone(),
            };
            let Some(constraint) = constraint_of(&entry) else {
                continue;
            };
            let mut own = constraint.clone();
            if own.parent.take().is_some() {
                own.inheritance = Inheritance::Local;
            }
            if self.is_whole(carried) {
                let form = TableForm::AddConstraint(id.clone(), Box::new(own));
                statements.push(self.statement(
                    Action::AlterTable(Box::new(AlterTable {
                        relation: Subject::table(&table_of(&id)),
                        scope: Scope::Only,
                        forms: vec![form],
                    })),
                    format!("{} is made without touching the partitions.", describe(&id)),
                ));
            } else {
                statements.push(self.add_key(&id, &own, &stage.index(carried)));
            }
            statements.extend(self.belongings(&id, &entry));
        }
        statements.extend(self.attached(sorts, stage));
        statements
    }

    /// Names on a partition that goes at the end are taken and given here, and gone with it: nobody waits for them.
    pub(super) fn leave_gone_partitions(&self, rungs: &mut [Rung]) {
        let on_gone = self
            .carried
            .iter()
            .filter(|carried| self.lowering.is_dropped(&carried.table()));
        let mut ids: HashSet<ObjectId> = HashSet::default();
        for carried in on_gone {
            for id in [&carried.from.0, &carried.new, &carried.old] {
                ids.insert(id.clone());
                ids.extend(self.lowering.with_shared_names(vec![id.clone(), index_of(id)]));
            }
        }
        for statement in rungs.iter_mut().flat_map(|rung| &mut rung.up) {
            statement.provides.retain(|id| !ids.contains(id));
            statement.claims.retain(|id| !ids.contains(id));
            statement.removes.retain(|id| !ids.contains(id));
            statement.requires.retain(|id| !ids.contains(id));
        }
    }

    fn attached(&self, sorts: &[Sort], stage: Stage) -> Vec<Statement> {
        let mut statements = Vec::new();
        for carried in of_sort(&self.carried, sorts) {
            let Some((part, _, entry)) = stage.of(carried) else {
                continue;
            };
            let Some(parent) = parent_of(entry) else { continue };
            let wholes = self.carried.iter().filter_map(|whole| stage.of(whole));
            let whole = wholes.into_iter().find(|(_, id, _)| *id == parent);
            if let Some((whole, ..)) = whole {
                let comment = format!("{} becomes a part of {}.", describe(&part), describe(&whole));
                let action = Action::AttachIndex {
                    parent: whole,
                    index: part,
                };
                statements.push(self.statement(action, comment));
            }
        }
        statements
    }
}

/// What on a partitioned table cannot be carried over.
pub(super) fn obstacle(lowering: &Lowering<'_>, twin: &Twin) -> Option<String> {
    let (from, to) = (lowering.pair.from, lowering.pair.to);
    let column = twin.ends.from.last_name();
    let tables: Vec<ObjectId> = std::iter::once(twin.table.clone())
        .chain(lowering.surroundings.descendants(&twin.table))
        .filter(|table| from.contains(table))
        .collect();
    let default = |catalog: &crate::catalog::Catalog, table: &ObjectId| {
        let column = ObjectId::Column(table.qualified_name()?.clone(), column.clone());
        facts::default_of(catalog, &column).map(|default| default.expression.clone())
    };
    for table in &tables {
        let definition = facts::table(from, table)?;
        if let Some(key) = &definition.partition_key {
            let own = ObjectId::Column(table.qualified_name()?.clone(), column.clone());
            if key.keys.iter().any(|key| key.references().any(|id| *id == own))
                || key.keys.iter().any(|key| key.as_column() == Some(&column))
            {
                return Some(format!("it is in the partition key of {}", describe(table)));
            }
        }
        if lowering.is_dropped(table) {
            continue;
        }
        if !to.contains(table)
            || facts::table(to, table).map(|table| table.partition_of.is_some())
                != Some(definition.partition_of.is_some())
        {
            return Some(format!("{} changes its place at the same time", describe(table)));
        }
        if default(from, table) != default(from, &twin.table) || default(to, table) != default(to, &twin.table) {
            return Some(format!("{} has another default for it", describe(table)));
        }
        for scaffold in [&twin.new, &twin.old] {
            let own = ObjectId::Column(table.qualified_name()?.clone(), scaffold.last_name());
            if from.contains(&own) || to.contains(&own) {
                return Some(format!(
                    "{} has a column of the name {}",
                    describe(table),
                    scaffold.last_name()
                ));
            }
        }
    }
    None
}
