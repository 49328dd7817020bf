//! Columns that exist twice for a while: the machinery of changed types and of columns renamed under live traffic.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | ADD COLUMN without default; a trigger that keeps both columns equal | ACCESS EXCLUSIVE, SHARE ROW EXCLUSIVE, catalog only | expand | DROP of both |
//! | Backfilled | the rows there are, in batches | ROW EXCLUSIVE | backfill | nothing |
//! | Enforced | indexes over the new column, CONCURRENTLY; its constraints NOT VALID | SHARE UPDATE EXCLUSIVE; ACCESS EXCLUSIVE, catalog only | enforce | DROP |
//! | Validated | VALIDATE; both columns are compared | SHARE UPDATE EXCLUSIVE | enforce | VALIDATE of what the switch back put on |
//! | Public | the switch: names, keys, default, identity, sequence | ACCESS EXCLUSIVE, catalog only | enforce | the same backwards |
//! | Absent | the trigger and the old column go | ACCESS EXCLUSIVE, catalog only | contract | the column again, filled from the new one, its indexes CONCURRENTLY |
//!
//! What must stand alone on the way back has a file of its own whose way up only looks.
//! Columns that are bound together, by a foreign key or in one index, move together.

mod build;
mod carry;
mod contract;
mod enforce;
mod expand;
pub(super) mod names;
mod partitions;
mod refusal;
mod switch;

pub(super) use carry::Carried;

use super::column_type::{Conversion, Values};
use super::lowering::Lowering;
use super::{Lowered, built};
use crate::catalog::hashing::HashSet;
use crate::catalog::table::Column;
use crate::catalog::{Entry, Ident, Object, ObjectId};
use crate::dialect::postgres::action::sync::SyncNames;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, Reversal};
use carry::carried;

/// One column that exists twice.
#[derive(Clone, Debug)]
pub(super) struct Twin {
    /// The table.
    pub table: ObjectId,
    /// The column as it is and as it is wanted; one identity when it keeps its name.
    pub ends: Pair<ObjectId>,
    /// The new column until the switch.
    pub new: ObjectId,
    /// The old column from the switch on.
    pub old: ObjectId,
    /// Both definitions.
    pub entries: Pair<Entry>,
    /// How values go from one to the other.
    pub conversion: Conversion,
    /// Who writes which column.
    pub writers: Writers,
}

/// Who writes which of the two columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writers {
    /// Both applications know one name: the old column bears it until the switch, the new one after it.
    OneName,
    /// The old application writes the old name, the new one the new name.
    BothNames,
}

impl Twin {
    /// The old definition.
    fn from(&self) -> Option<&Column> {
        column_of(&self.entries.from)
    }

    /// The new definition.
    fn to(&self) -> Option<&Column> {
        column_of(&self.entries.to)
    }
}

fn column_of(entry: &Entry) -> Option<&Column> {
    match &entry.object {
        Object::Column(column) => Some(column),
        _ => None,
    }
}

/// Columns that move together, with what hangs on them.
pub(super) struct Group<'a> {
    lowering: &'a Lowering<'a>,
    /// In the order of the catalog.
    twins: Vec<Twin>,
    /// The same, and the columns of partitions that follow them.
    all: Vec<Twin>,
    /// Indexes and constraints over them, in the order of the catalog.
    carried: Vec<Carried>,
    /// The tables of the columns, each once.
    tables: Vec<ObjectId>,
    title: String,
    why: &'static str,
}

impl<'a> Group<'a> {
    /// The columns bound to the first one among all that move; `None` when another one comes first and has the ladder.
    pub(super) fn of(
        lowering: &'a Lowering<'a>,
        first: &ObjectId,
        all: &[Twin],
        title: String,
        why: &'static str,
    ) -> Option<Group<'a>> {
        let mut members: Vec<bool> = all.iter().map(|twin| &twin.ends.to == first).collect();
        loop {
            let carried: Vec<Carried> = all
                .iter()
                .zip(&members)
                .filter(|(_, member)| **member)
                .flat_map(|(twin, _)| carried(lowering, &with_partitions(lowering, std::slice::from_ref(twin))))
                .collect();
            let bound: HashSet<&ObjectId> = carried.iter().flat_map(Carried::references).collect();
            let before = members.clone();
            for (member, twin) in members.iter_mut().zip(all) {
                let columns = with_partitions(lowering, std::slice::from_ref(twin));
                *member |= columns
                    .iter()
                    .any(|twin| bound.contains(&twin.ends.from) || bound.contains(&twin.ends.to));
            }
            if members == before {
                break;
            }
        }
        let twins: Vec<Twin> = all
            .iter()
            .zip(&members)
            .filter(|(_, member)| **member)
            .map(|(twin, _)| twin.clone())
            .collect();
        if twins.first().is_none_or(|twin| &twin.ends.to != first) {
            return None;
        }
        let mut tables: Vec<ObjectId> = Vec::new();
        for twin in &twins {
            if !tables.contains(&twin.table) {
                tables.push(twin.table.clone());
            }
        }
        let all = with_partitions(lowering, &twins);
        Some(Group {
            lowering,
            carried: carried(lowering, &all),
            twins,
            all,
            tables,
            title,
            why,
        })
    }

    /// The ladder of the whole group, at its first column.
    ///
    /// # Errors
    /// What hangs on a column and cannot be carried over.
    pub(super) fn ladders(&self) -> Lowered<Vec<Ladder>> {
        refusal::check(self)?;
        let Some(first) = self.twins.first() else {
            return Ok(Vec::new());
        };
        let mut rungs = self.expand();
        rungs.extend(self.backfill(Phase::Backfill));
        rungs.extend(self.enforce());
        rungs.push(self.switch());
        rungs.extend(self.numbered_late());
        rungs.extend(self.contract());
        self.leave_gone_partitions(&mut rungs);
        built(
            &first.ends.to,
            Ladder::new(first.ends.to.clone(), self.title.clone(), self.why, rungs),
        )
    }

    /// What the ladder makes besides the columns: differences that no other pattern has to see to.
    pub(super) fn claims(&self) -> HashSet<ObjectId> {
        let mut claims = HashSet::default();
        // What is on a partition that goes, goes with it.
        let stays = |carried: &&Carried| !self.lowering.is_dropped(&carried.table());
        for carried in self.carried.iter().filter(stays) {
            claims.insert(carried.from.0.clone());
            claims.extend(carried.to.iter().map(|(id, _)| id.clone()));
        }
        for twin in &self.twins {
            if !twin.ends.is_same() {
                claims.extend([twin.ends.from.clone(), twin.ends.to.clone()]);
            }
            for names in self.owned_sequences(twin) {
                let altered = self.lowering.altered(&names.to);
                if altered.is_none_or(|attributes| attributes == [Attribute::OwnedBy]) {
                    claims.extend([names.from, names.to]);
                }
            }
        }
        for end in self.all.iter().flat_map(|twin| [&twin.ends.from, &twin.ends.to]) {
            let default = default_of(end);
            if !self.lowering.is_replaced(&default) {
                claims.insert(default);
            }
        }
        claims
    }

    fn twins_of<'g>(&'g self, table: &'g ObjectId) -> impl Iterator<Item = &'g Twin> {
        self.twins.iter().filter(move |twin| &twin.table == table)
    }

    /// The names of the sync function and trigger of a table.
    fn sync_names(&self, table: &ObjectId) -> Option<SyncNames> {
        let twin = self.twins_of(table).next()?;
        Some(SyncNames {
            function: names::of_column(self.lowering, &twin.ends.to, names::Purpose::Sync),
            trigger: names::last_trigger(&twin.ends.to),
        })
    }

    /// What the way back from the contract phase restores.
    fn reversal(&self) -> Reversal {
        let changed: Vec<String> = self
            .twins
            .iter()
            .filter(|twin| twin.conversion.values == Values::Changed)
            .map(|twin| super::column_type::lost(&twin.ends.to))
            .collect();
        if changed.is_empty() {
            Reversal::Exact
        } else {
            Reversal::LosesData(changed.join("; "))
        }
    }
}

/// Columns with those of the partitions that follow them.
fn with_partitions(lowering: &Lowering<'_>, twins: &[Twin]) -> Vec<Twin> {
    let below = twins.iter().flat_map(|twin| partitions::below(lowering, twin));
    twins.iter().cloned().chain(below).collect()
}

/// All columns that exist twice for a while, in the order of the catalog. Those that cannot are said at their place.
pub(super) fn twins(lowering: &Lowering<'_>) -> Vec<Twin> {
    let mut twins = super::column_type::retyped_twins(lowering);
    twins.extend(super::rename_column::renamed_twins(lowering));
    twins.sort_by_key(|twin| lowering.pair.to.position(&twin.ends.to));
    twins
}

/// What the ladders of all such columns take upon themselves.
pub(super) fn claims(lowering: &Lowering<'_>) -> HashSet<ObjectId> {
    let twins = twins(lowering);
    let group = |twin: &Twin| match twin.writers {
        Writers::OneName => super::column_type::group(lowering, &twin.ends.to, &twins),
        Writers::BothNames => super::rename_column::group(lowering, &twin.ends.to, &twins),
    };
    twins
        .iter()
        .filter_map(group)
        .flat_map(|group| group.claims())
        .collect()
}

/// The default of a column.
fn default_of(column: &ObjectId) -> ObjectId {
    match column {
        ObjectId::Column(table, name) => ObjectId::Default(table.clone(), name.clone()),
        other => other.clone(),
    }
}

/// The name of a relation's NOT NULL as the server keeps it, as a constraint.
fn not_null_id(table: &ObjectId, name: &Ident) -> ObjectId {
    match table.qualified_name() {
        Some(table) => ObjectId::Constraint(table.clone(), name.clone()),
        None => table.clone(),
    }
}
