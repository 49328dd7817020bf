//! Partitions of partitioned tables that come and go.
//!
//! | difference | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|---|
//! | new | Public | CREATE TABLE with its indexes; ATTACH PARTITION | SHARE UPDATE EXCLUSIVE on the partitioned table | expand | DROP TABLE |
//! | gone | Present | DETACH PARTITION CONCURRENTLY | SHARE UPDATE EXCLUSIVE on the partitioned table | contract | ATTACH PARTITION |
//! | | Absent | DROP TABLE | ACCESS EXCLUSIVE on the table alone | contract | CREATE TABLE, its rows are lost |
//! | gone with its parent | Absent | DROP TABLE; after a DETACH PARTITION where a foreign key that stays refers to the whole | ACCESS EXCLUSIVE | contract | CREATE TABLE, its rows are lost |
//!
//! A default partition gets a check first that none of its rows belongs to the new one (see `bound_check`), so that it is not
//! read while it is locked; from then until the ATTACH it takes no such row. Beside a default partition another can
//! only be detached under a lock on all of them.

use super::bound_check::{BoundCheck, Rows};
use super::build::{rung, rung_alone};
use super::facts::{self, Care, SideOf};
use super::lowering::Lowering;
use super::{Lowered, built, column, column_type, drop as dropping, make, refuse};
use crate::catalog::constraint::{Constraint, ConstraintKind, Deferral, KeyKind};
use crate::catalog::table::{Column, Inherit, Inheritance, PartitionOf, Validation};
use crate::catalog::{Catalog, Entry, Ident, Object, ObjectId, Refers, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Concurrency, Guard, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State, Statement};

/// The greatest length of a name that the server does not shorten (`NAMEDATALEN` less one).
const LONGEST: usize = 63;

/// A new partition.
pub(super) fn create(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(place) = place(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    let checks = match lowering.is_created(&place.parent) {
        true => Vec::new(),
        false => default_checks(lowering, id, place)?,
    };
    let mut up = make::statements(lowering, lowering.pair.to, id)?;
    let shape = Shape::of(lowering, &place.parent);
    for statement in &mut up {
        statement.requires.extend(shape.there.iter().cloned());
        statement
            .claims
            .extend(shape.gone.iter().chain(&shape.indexes).chain(&shape.aside).cloned());
    }
    let mut down = Vec::new();
    if !lowering.is_created(&place.parent) && is_referred_to(lowering, SideOf::To, id) {
        let form = TableForm::DetachPartition {
            partition: id.clone(),
            concurrency: Concurrency::Blocking,
        };
        down.push(lowering.alter_table(&place.parent, form, format!("{} stands by itself.", describe(id))));
    }
    down.extend(make::undo(lowering, lowering.pair.to, id));
    up.extend(checks.iter().map(|check| check.dropped(lowering)));
    down.extend(checks.iter().map(|check| check.added(lowering)));
    let mut steps: Vec<Rung> = checks
        .iter()
        .flat_map(|check| check.rungs(lowering, Phase::Expand))
        .collect();
    steps.push(rung(State::Public, Phase::Expand, up, down));
    let late = make::late(lowering, lowering.pair.to, id);
    if !late.is_empty() {
        steps.push(rung(State::Public, Phase::Expand, late, Vec::new()));
    }
    let why = if !shape.waits() {
        "it is made apart and then attached, so that the partitioned table is hardly locked"
    } else {
        "it is made apart and then attached; it has the partitioned table's new shape, so that it waits until what it lacks \
         is gone there"
    };
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("partition {} is created", id.last_name()),
            why,
            steps,
        ),
    )
}

/// A partition that goes.
pub(super) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(place) = place(lowering.pair.from, id) else {
        return Ok(Vec::new());
    };
    if dropping::goes(lowering, &place.parent) && !is_referred_to(lowering, SideOf::From, &place.parent) {
        return dropping::plain(lowering, id);
    }
    let name = describe(id);
    if let Some(index) = index_that_comes(lowering, &place.parent) {
        let message = format!("{name} cannot go while {} comes or changes", describe(&index));
        let hint =
            "Every partition needs its part of it as long as it is one. Drop the partition in a plan of its own.";
        return Err(refuse::unsupported(lowering, id, message, hint));
    }
    refuse::warn(
        lowering,
        Code::DropTable,
        id,
        format!("{name} is dropped with all its rows"),
        "To keep the rows, keep the table and make it no partition of another.",
    );
    // On the way back it is attached to what it was made like.
    let shape = Shape::of(lowering, &place.parent);
    let detach = |concurrency: Concurrency| {
        let form = TableForm::DetachPartition {
            partition: id.clone(),
            concurrency,
        };
        let mut statement = lowering.alter_table(&place.parent, form, format!("{name} stands by itself."));
        statement.requires.extend(shape.there.iter().cloned());
        // Of an index that changes the partition has its part as long as it is one, on either way.
        let gone = shape
            .gone
            .iter()
            .filter(|id| lowering.is_dropped(id) && !matches!(id, ObjectId::Relation(_)));
        statement.releases.extend(gone.cloned());
        // On the way back it gets those with the partitioned table.
        statement.claims.extend(shape.aside.iter().cloned());
        statement
    };
    let attach = vec![lowering.alter_table(
        &place.parent,
        TableForm::AttachPartition {
            partition: id.clone(),
            bound: place.bound.clone(),
            work: RowWork::Scan,
        },
        format!("{name} becomes a partition."),
    )];
    // A parent that goes needs no care, and its own place would be in the check that the concurrent form leaves behind.
    let blocks = dropping::goes(lowering, &place.parent) || has_default(lowering, SideOf::From, &place.parent);
    let first = if blocks {
        rung(
            State::Present,
            Phase::Contract,
            vec![detach(Concurrency::Blocking)],
            attach,
        )
    } else {
        let statement = detach(Concurrency::Concurrently);
        let mut back = attach;
        back.extend(without_left_check(lowering, id, place));
        rung_alone(State::Present, Phase::Contract, statement, back, Vec::new())
    };
    let mut second = rung(
        State::Absent,
        Phase::Contract,
        make::undo(lowering, lowering.pair.from, id),
        make::standalone(lowering, &as_it_goes(lowering, id, &place.parent), id)?,
    );
    for statement in &mut second.up {
        // What moves to another column comes back to its name, or goes with the old one before.
        statement
            .releases
            .retain(|id| !lowering.is_claimed(id) && column_type::old_beside(lowering, id).is_none());
    }
    second.reversal = Reversal::LosesData(format!("the rows of {name}"));
    second.company = Company::NextFile;
    let why = match dropping::goes(lowering, &place.parent) {
        true => "a foreign key that stays may refer to it, so it is detached first",
        false => "it is detached first, so that the partitioned table is hardly locked",
    };
    built(
        id,
        Ladder::new(id.clone(), format!("{name} is dropped"), why, vec![first, second]),
    )
}

/// Whether a foreign key that stays refers to a table that stays and of which another one is a partition, at any level: then
/// each of its partitions has to be detached before it is dropped, also from one that goes.
fn is_referred_to(lowering: &Lowering<'_>, side: SideOf, partition: &ObjectId) -> bool {
    let catalog = lowering.catalog(side);
    let mut current = partition.clone();
    while let Some(place) = place(catalog, &current) {
        current = place.parent.clone();
        let refers = |user: &ObjectId| {
            let kind = facts::constraint(catalog, user).map(|constraint| &constraint.kind);
            matches!(kind, Some(ConstraintKind::ForeignKey(key)) if key.table == current) && !lowering.is_dropped(user)
        };
        if lowering.users(side, &current).iter().any(refers) {
            return true;
        }
    }
    false
}

/// The checks that no row of a default partition belongs to a new one, so that ATTACH PARTITION does not read it.
///
/// # Errors
/// The hazard of reading it under a lock, where the bound cannot be proved and it is not small.
pub(super) fn default_checks(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Lowered<Vec<BoundCheck>> {
    let mut checks = Vec::new();
    if place.is_default() {
        return Ok(checks);
    }
    for default in defaults(lowering, SideOf::From, &place.parent) {
        if &default == id || lowering.care(&default) == Care::Direct {
            continue;
        }
        if let Some(check) = BoundCheck::of(lowering, lowering.pair.to, &default, place, Rows::NoneOf(id)) {
            checks.push(check);
            continue;
        }
        let message = format!(
            "all rows of the default partition {} are read under a lock to see that none belongs to {}",
            describe(&default),
            describe(id)
        );
        refuse::hazard_of_rows(lowering, Code::TableLockScan, &default, message)?;
    }
    Ok(checks)
}

/// DETACH CONCURRENTLY leaves a check of the bound on the partition, under a name that the server chooses
/// (`DetachAddConstraintIfNeeded`, `ChooseConstraintName`): attached again the partition is as it was without it.
fn without_left_check(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Option<Statement> {
    let table = id.qualified_name()?;
    let key = facts::table(lowering.pair.from, &place.parent)?
        .partition_key
        .as_ref()?;
    if self::place(lowering.pair.from, &place.parent).is_some() {
        return None;
    }
    let stem = match key.keys.as_slice() {
        [only] => [table.name.as_str(), "_", only.as_column()?.as_str(), "_check"].concat(),
        _ => [table.name.as_str(), "_check"].concat(),
    };
    let taken = |name: &str| {
        let id = ObjectId::Constraint(table.clone(), Ident::new(name));
        lowering.pair.from.contains(&id) || lowering.pair.to.contains(&id)
    };
    if stem.len() > LONGEST || taken(&stem) {
        return None;
    }
    let constraint = Constraint {
        kind: ConstraintKind::Check {
            expression: Template::default(),
            inherit: Inherit::Inherit,
        },
        deferral: Deferral::NotDeferrable,
        validation: Validation::Valid,
        inheritance: Inheritance::Local,
        parent: None,
    };
    let form = TableForm::DropConstraint {
        id: ObjectId::Constraint(table.clone(), Ident::new(stem)),
        constraint: Box::new(constraint),
        guard: Guard::IfNeeded,
    };
    Some(lowering.alter_table(id, form, "The server has left it when the partition was detached."))
}

/// What a new partition waits for: it is made as the partitioned table will be, and the server attaches it only when both
/// are alike in columns, NOT NULL and checks (`MergeAttributesIntoExisting`, `MergeConstraintsIntoExisting`). Indexes and
/// foreign keys it gets with the ATTACH.
#[derive(Default)]
struct Shape {
    /// What has to be as it is wanted.
    there: Vec<ObjectId>,
    /// What has to be gone.
    gone: Vec<ObjectId>,
    /// Indexes and keys of which a new partition would get a part while they are there.
    indexes: Vec<ObjectId>,
    /// What the plan puts beside columns for a while, and takes away in the last phase.
    aside: Vec<ObjectId>,
}

impl Shape {
    fn of(lowering: &Lowering<'_>, parent: &ObjectId) -> Shape {
        let mut shape = Shape::default();
        if lowering.is_created(parent) {
            return shape;
        }
        let changes = |id: &ObjectId, wanted: &[Attribute]| {
            let found = lowering.altered(id).unwrap_or_default();
            found.iter().any(|attribute| wanted.contains(attribute))
        };
        for (id, entry) in lowering.pair.to.parts(parent) {
            match &entry.object {
                Object::Column(column) => shape.column(lowering, id, column),
                Object::Constraint(constraint) if counts(&constraint.kind) && changes(id, &[Attribute::Definition]) => {
                    shape.there.push(id.clone());
                }
                _ => {}
            }
        }
        for (id, entry) in lowering.pair.from.parts(parent) {
            // While an index is there, the ATTACH would make a part of it; one that changes stands beside the new one.
            let has_it = match &entry.object {
                Object::Column(_) => lowering.is_dropped(id),
                Object::Constraint(constraint) if is_key(&constraint.kind) => {
                    lowering.is_dropped(id) || changes(id, &[Attribute::Definition])
                }
                Object::Constraint(constraint) => counts(&constraint.kind) && lowering.is_dropped(id),
                Object::Index(_) => {
                    lowering.is_dropped(id) || changes(id, &[Attribute::Definition, Attribute::Tablespace])
                }
                _ => false,
            };
            let counted = match &entry.object {
                Object::Index(_) => false,
                Object::Constraint(constraint) => counts(&constraint.kind) && lowering.is_dropped(id),
                _ => true,
            };
            match (has_it, counted) {
                (true, true) => shape.gone.push(id.clone()),
                (true, false) => shape.indexes.push(id.clone()),
                (false, _) => {}
            }
        }
        if shape.waits() {
            // It comes when they are what they will be, and brings its parts.
            shape.there.extend(index_ids(lowering, parent));
        }
        shape
    }

    /// Whether it is there only in the last phase.
    fn waits(&self) -> bool {
        !self.gone.is_empty() || !self.indexes.is_empty() || !self.aside.is_empty()
    }

    fn column(&mut self, lowering: &Lowering<'_>, id: &ObjectId, column: &Column) {
        let altered = lowering.altered(id).unwrap_or_default();
        let is_new = lowering.is_created(id);
        let changes = |wanted: &[Attribute]| is_new || altered.iter().any(|attribute| wanted.contains(attribute));
        if let Some(old) = column_type::old_beside(lowering, id) {
            // Both columns are there until the old one goes.
            self.aside.push(old);
        } else if changes(&[Attribute::DataType, Attribute::Collation, Attribute::Generated]) {
            self.there.push(id.clone());
        }
        let table = id.qualified_name();
        if let (Some(table), Some(not_null)) = (table, &column.not_null)
            && changes(&[Attribute::NotNull])
        {
            self.there
                .push(ObjectId::Constraint(table.clone(), not_null.name.clone()));
        }
        if let (Some(table), Some(identity)) = (table, &column.identity)
            && changes(&[Attribute::Identity])
        {
            self.there
                .push(ObjectId::Relation(table.with_name(identity.sequence.clone())));
        }
    }
}

/// Whether the server compares a constraint when a partition is attached; of a primary key it is NOT NULL of its columns.
fn counts(kind: &ConstraintKind) -> bool {
    match kind {
        ConstraintKind::Check { .. } => true,
        ConstraintKind::Key(key) => key.kind == KeyKind::Primary,
        ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
    }
}

fn is_key(kind: &ConstraintKind) -> bool {
    match kind {
        ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => true,
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => false,
    }
}

/// Whether a new partition of a table is attached only when the last phase has taken something from the table.
pub(super) fn waits(lowering: &Lowering<'_>, parent: &ObjectId) -> bool {
    Shape::of(lowering, parent).waits()
}

/// An index or key of a partitioned table that comes or becomes another one: it is whole when every partition has its part.
fn index_that_comes(lowering: &Lowering<'_>, parent: &ObjectId) -> Option<ObjectId> {
    index_ids(lowering, parent).into_iter().next()
}

fn index_ids(lowering: &Lowering<'_>, parent: &ObjectId) -> Vec<ObjectId> {
    let parts = lowering.pair.to.parts(parent);
    let found = parts.filter(|(id, entry)| {
        let is_one = match &entry.object {
            Object::Index(_) => true,
            Object::Constraint(constraint) => is_key(&constraint.kind),
            _ => false,
        };
        let changes = |attributes: &[Attribute]| attributes.contains(&Attribute::Definition);
        is_one && (lowering.is_created(id) || lowering.altered(id).is_some_and(changes))
    });
    found.map(|(id, _)| id.clone()).collect()
}

/// A partition that goes as it is when it goes: it has followed the partitioned table until then. On the way back it is made
/// like that, and goes back together with the partitioned table.
fn as_it_goes(lowering: &Lowering<'_>, id: &ObjectId, parent: &ObjectId) -> Catalog {
    let mut catalog = lowering.pair.from.clone();
    let (Some(table), Some(parent_table)) = (id.qualified_name(), parent.qualified_name()) else {
        return catalog;
    };
    let own = |part: &ObjectId| match part {
        ObjectId::Column(_, name) => Some(ObjectId::Column(table.clone(), name.clone())),
        ObjectId::Default(_, name) => Some(ObjectId::Default(table.clone(), name.clone())),
        ObjectId::Constraint(_, name) => Some(ObjectId::Constraint(table.clone(), name.clone())),
        _ => None,
    };
    let to_own = |part: &ObjectId| match part {
        ObjectId::Relation(name) if name == parent_table => Some(id.clone()),
        part if part.qualified_name() == Some(parent_table) => own(part),
        _ => None,
    };
    let all_parts = |side: SideOf| -> Vec<(&ObjectId, &Entry)> {
        let catalog = lowering.catalog(side);
        let of_columns = catalog.parts(parent).flat_map(|(column, _)| catalog.parts(column));
        catalog.parts(parent).chain(of_columns).collect()
    };
    for (part, entry) in all_parts(SideOf::To) {
        let changes = lowering.is_created(part) || lowering.altered(part).is_some();
        let Some(own) = own(part).filter(|_| changes) else {
            continue;
        };
        let mut wanted = entry.object.clone();
        wanted.rename(&to_own);
        match &mut wanted {
            Object::Column(column) => {
                column.inheritance = Inheritance::Inherited;
                if let Some(not_null) = &mut column.not_null {
                    not_null.inheritance = Inheritance::Inherited;
                }
            }
            Object::Constraint(constraint) if matches!(constraint.kind, ConstraintKind::Check { .. }) => {
                constraint.inheritance = Inheritance::Inherited;
            }
            Object::Default(_) => {}
            _ => continue,
        }
        match catalog.get_mut(&own) {
            Some(found) => found.object = wanted,
            None => {
                catalog.insert(own, Entry::new(wanted));
            }
        }
    }
    for (part, entry) in all_parts(SideOf::From) {
        let Some(own) = own(part).filter(|_| lowering.is_dropped(part)) else {
            continue;
        };
        match &entry.object {
            Object::Default(_) if lowering.pair.to.contains(&facts::column_of(part)) => {
                catalog.remove(&own);
            }
            Object::Column(_) if column::is_nullable_before_it_goes(lowering, part) => {
                if let Some(Object::Column(column)) = catalog.get_mut(&own).map(|entry| &mut entry.object) {
                    column.not_null = None;
                }
            }
            _ => {}
        }
    }
    catalog
}

/// Whether a partitioned table has a default partition.
fn has_default(lowering: &Lowering<'_>, side: SideOf, parent: &ObjectId) -> bool {
    !defaults(lowering, side, parent).is_empty()
}

fn defaults(lowering: &Lowering<'_>, side: SideOf, parent: &ObjectId) -> Vec<ObjectId> {
    let catalog = lowering.catalog(side);
    let is_default = |partition: &ObjectId| place(catalog, partition).is_some_and(PartitionOf::is_default);
    let partitions = lowering.partitions(side, parent);
    partitions.into_iter().filter(is_default).collect()
}

fn place<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a PartitionOf> {
    facts::table(catalog, id).and_then(|table| table.partition_of.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_new_partition_comes_when_an_index_that_goes_or_changes_is_gone() {
        let partitioned = "CREATE TABLE t (a int, b int) PARTITION BY LIST (a);
            CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);";
        let from = [partitioned, "CREATE INDEX i ON t (b);"].concat();
        let new = "CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);";
        for index in ["", "CREATE INDEX i ON t (b, a);"] {
            let found = ups(&from, &[partitioned, new, index].concat());
            let places = (
                found.find("DROP INDEX public.i"),
                found.find("ATTACH PARTITION public.t2 "),
            );
            assert!(
                matches!(places, (Some(first), Some(second)) if first < second),
                "{found}"
            );
        }
    }

    #[test]
    fn a_partition_is_detached_before_it_goes() {
        let found = ups(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);",
            "CREATE TABLE t (a int) PARTITION BY LIST (a);",
        );
        expect![[r#"
            contract: ALTER TABLE public.t DETACH PARTITION public.t1 CONCURRENTLY
            contract: DROP TABLE public.t1
        "#]]
        .assert_eq(&found);
    }
}
