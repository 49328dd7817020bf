//! A table that stays becomes a partition, is one no longer, or is one with another bound.
//!
//! | difference | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|---|
//! | becomes one | … Validated | a check that proves the bound, see `bound_check` | | expand; enforce when constraints come with it | |
//! | | Public | ATTACH PARTITION; DROP CONSTRAINT of the check | SHARE UPDATE EXCLUSIVE on the partitioned table, ACCESS EXCLUSIVE on the table, catalog only | the same | ADD of the check, NOT VALID; DETACH PARTITION |
//! | is one no longer | Absent | DETACH PARTITION; DROP of what it had with the place and is wanted without; not-null constraints take their own names | ACCESS EXCLUSIVE on both, catalog only | contract | the same is made; ATTACH PARTITION |
//! | another bound | … Validated | a check that proves the new bound | | contract | |
//! | | Public | DETACH PARTITION; ATTACH PARTITION; DROP CONSTRAINT of the check | ACCESS EXCLUSIVE on both, catalog only | contract | the same backwards |
//!
//! Where the bound cannot be proved so (a hash, a default partition, a key that is an expression) the table is read under the
//! lock, which is a hazard. A default partition beside gets a check that none of its rows belongs to the new one.
//! DETACH is not concurrent here, because that would leave a check of the bound behind, under a name that the server
//! chooses. What the partitioned table demands, its partition must have before: constraints and indexes that come with
//! the place are made first, as if the table stood alone, and taken over by ATTACH.

use crate::catalog::table::{Inheritance, PartitionOf, Table};
use crate::catalog::{Object, ObjectId};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Concurrency, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::bound_check::{BoundCheck, Rows};
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::column::{not_null_rungs, renamed_apart};
use crate::dialect::postgres::lower::facts::{self, Care, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, constraint, make, partition, refuse};
use crate::plan::{Ladder, Phase, Rung, State, Statement};

/// The ladder of a table whose place among partitions differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, from: &Table, to: &Table) -> Lowered<Vec<Ladder>> {
    let (title, steps) = match (&from.partition_of, &to.partition_of) {
        (None, Some(place)) => {
            let (mut steps, parts) = demanded(lowering, id)?;
            let phase = if steps.is_empty() {
                Phase::Expand
            } else {
                Phase::Enforce
            };
            let mut move_in = vec![attach(lowering, id, place, work(lowering, id, place))];
            move_in
                .iter_mut()
                .for_each(|statement| statement.requires.extend(parts.iter().cloned()));
            let back = vec![detach(lowering, id, place)];
            steps.extend(proved(lowering, id, place, phase, move_in, back)?);
            ("becomes a partition", steps)
        }
        (Some(place), None) => {
            let mut up = vec![detach(lowering, id, place)];
            let mut down = Vec::new();
            for (part, _) in lowering.pair.from.parts(id) {
                if is_left_over(lowering, part) {
                    up.extend(make::undo(lowering, lowering.pair.from, part));
                    down.extend(make::statements(lowering, lowering.pair.from, part)?);
                }
            }
            down.push(attach(lowering, id, place, RowWork::Scan));
            (
                "is no partition any more",
                vec![rung(State::Absent, Phase::Contract, up, down)],
            )
        }
        (Some(old), Some(new)) => {
            numbered_below(lowering, id, new)?;
            let move_in = vec![
                detach(lowering, id, old),
                attach(lowering, id, new, work(lowering, id, new)),
            ];
            let back = vec![detach(lowering, id, new), attach(lowering, id, old, RowWork::Scan)];
            (
                "has another bound",
                proved(lowering, id, new, Phase::Contract, move_in, back)?,
            )
        }
        (None, None) => return Ok(Vec::new()),
    };
    let mut steps = steps;
    if to.partition_of.is_none() {
        let (up, down) = renamed_apart(lowering, id);
        if !up.is_empty() {
            steps.push(rung(State::Public, Phase::Contract, up, down));
        }
    }
    let why = "the rows stay where they are; only where they are looked for changes";
    built(
        id,
        Ladder::new(id.clone(), format!("{} {title}", describe(id)), why, steps),
    )
}

/// Whether an object is a part that a table has with its partitioned table, stands by itself when the table is no partition
/// any more, and is not wanted then.
pub(in crate::dialect::postgres::lower) fn is_left_over(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let Some(entry) = lowering.from(id).filter(|_| lowering.is_dropped(id)) else {
        return false;
    };
    let table = match &entry.object {
        Object::Index(index) if index.parent.is_some() => index.table.clone(),
        Object::Constraint(constraint)
            if constraint.parent.is_some() || constraint.inheritance == Inheritance::Inherited =>
        {
            facts::relation(id)
        }
        _ => return false,
    };
    let is_partition = |catalog| facts::table(catalog, &table).map(|table| table.partition_of.is_some());
    is_partition(lowering.pair.from) == Some(true) && is_partition(lowering.pair.to) == Some(false)
}

/// The first major version in which the partitions of a table have its identity.
const IDENTITY_BELOW: u16 = 17;

/// DETACH takes the identity away from the partitions of a partition, and ATTACH gives it to the partition alone
/// (`ATExecDropIdentity`, `MergeAttributesIntoExisting`): after that neither can be said again.
fn numbered_below(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Lowered<()> {
    let has_identity = |side| {
        let mut columns = lowering.catalog(side).columns(&place.parent);
        columns.any(|(_, column)| column.identity.is_some())
    };
    let is_split = [SideOf::From, SideOf::To].into_iter().any(|side| {
        !lowering.partitions(side, id).is_empty() && (has_identity(SideOf::From) || has_identity(SideOf::To))
    });
    if lowering.options.version < IDENTITY_BELOW || !is_split {
        return Ok(());
    }
    let message = format!(
        "{} cannot get another bound while it has partitions of its own and {} has an identity",
        describe(id),
        describe(&place.parent)
    );
    let hint = "The server takes the identity away from its partitions and does not give it back. Detach them in a migration \
                of your own, change the bound, and attach them again.";
    Err(refuse::unsupported(lowering, id, message, hint))
}

/// The rungs of a move to a place whose bound is proved beforehand.
fn proved(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    place: &PartitionOf,
    phase: Phase,
    move_in: Vec<Statement>,
    back: Vec<Statement>,
) -> Lowered<Vec<Rung>> {
    let mut checks = Vec::new();
    if lowering.care(id) == Care::Online {
        match BoundCheck::of(lowering, lowering.pair.to, id, place, Rows::Every) {
            Some(check) => checks.push(check),
            None => scanned(lowering, id)?,
        }
    }
    checks.extend(partition::default_checks(lowering, id, place)?);
    let mut steps: Vec<Rung> = checks.iter().flat_map(|check| check.rungs(lowering, phase)).collect();
    let (mut up, mut down) = (move_in, back);
    for statement in &mut up {
        statement.requires.extend(checks.iter().map(|check| check.id().clone()));
    }
    up.extend(checks.iter().map(|check| check.dropped(lowering)));
    down.extend(checks.iter().map(|check| check.added(lowering)));
    steps.push(rung(State::Public, phase, up, down));
    Ok(steps)
}

/// The rungs of what the table must have for its place among partitions, and the parts of indexes that are built by
/// ladders of their own.
fn demanded(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<(Vec<Rung>, Vec<ObjectId>)> {
    let (mut steps, mut indexes) = (Vec::new(), Vec::new());
    for (part, entry) in lowering.pair.to.parts(id) {
        match &entry.object {
            Object::Column(column) => {
                let nullable = facts::column(lowering.pair.from, part).is_some_and(|column| column.not_null.is_none());
                let inherited = column
                    .not_null
                    .as_ref()
                    .is_some_and(|not_null| not_null.inheritance == Inheritance::Inherited);
                if nullable && inherited && !in_new_key(lowering, id, part) {
                    steps.extend(not_null_rungs(lowering, part));
                }
            }
            Object::Constraint(constraint)
                if lowering.is_created(part)
                    && (constraint.inheritance == Inheritance::Inherited || constraint.parent.is_some()) =>
            {
                steps.extend(constraint::demanded(lowering, part)?);
            }
            Object::Index(_) if lowering.is_created(part) => indexes.push(part.clone()),
            _ => {}
        }
    }
    steps.sort_by_key(|step| step.phase);
    Ok((steps, indexes))
}

/// Whether a primary key that comes makes the column NOT NULL.
fn in_new_key(lowering: &Lowering<'_>, id: &ObjectId, column: &ObjectId) -> bool {
    facts::primary_key(lowering.pair.to, id)
        .is_some_and(|(key_id, key)| lowering.is_created(key_id) && key.columns.contains(column))
}

fn scanned(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let message = format!(
        "all rows of {} are read under a lock to see that they obey its bound",
        describe(id)
    );
    refuse::hazard_of_rows(lowering, Code::TableLockScan, id, message)
}

/// What ATTACH does to the table's rows on the way up.
fn work(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> RowWork {
    let proved = || BoundCheck::of(lowering, lowering.pair.to, id, place, Rows::Every).is_some();
    if lowering.care(id) == Care::Direct || proved() {
        RowWork::CatalogOnly
    } else {
        RowWork::Scan
    }
}

fn attach(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf, work: RowWork) -> Statement {
    let form = TableForm::AttachPartition {
        partition: id.clone(),
        bound: place.bound.clone(),
        work,
    };
    lowering.alter_table(&place.parent, form, format!("{} becomes a partition.", describe(id)))
}

fn detach(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Statement {
    let form = TableForm::DetachPartition {
        partition: id.clone(),
        concurrency: Concurrency::Blocking,
    };
    lowering.alter_table(&place.parent, form, format!("{} stands by itself.", describe(id)))
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn what_is_left_over_goes_with_the_place() {
        let tables = "CREATE TABLE r (a int PRIMARY KEY);
                      CREATE TABLE p (a int REFERENCES r, b int CHECK (b > 0)) PARTITION BY LIST (a);
                      CREATE INDEX pi ON p (b);";
        let from = [tables, "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"].concat();
        let to = [tables, "CREATE TABLE p1 (a int, b int);"].concat();
        expect![[r#"
            contract: ALTER TABLE public.p DETACH PARTITION public.p1
            contract: ALTER TABLE public.p1 DROP CONSTRAINT p_b_check
            contract: DROP INDEX public.p1_b_idx
            contract: ALTER TABLE public.p1 DROP CONSTRAINT p_a_fkey
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            contract: ALTER TABLE public.p1 ADD CONSTRAINT p_b_check CHECK ((b > 0))
            contract: CREATE INDEX p1_b_idx ON public.p1 (b)
            contract: ALTER TABLE public.p1 ADD CONSTRAINT p_a_fkey FOREIGN KEY (a) REFERENCES public.r (a)
            contract: ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1)
        "#]]
        .assert_eq(&downs(&from, &to));
    }

    #[test]
    fn a_partition_with_partitions_of_its_own_keeps_its_bound_under_an_identity() {
        let with = |bound: &str| {
            format!(
                "CREATE TABLE p (a int GENERATED ALWAYS AS IDENTITY, b text) PARTITION BY LIST (b);
                 CREATE TABLE p1 PARTITION OF p FOR VALUES IN ({bound}) PARTITION BY LIST (a);
                 CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);"
            )
        };
        expect![[r#"
            unsupported-clause: relation public.p1 cannot get another bound while it has partitions of its own and relation public.p has an identity
        "#]].assert_eq(&said(&with("'x'"), &with("'y'")));
    }
}
