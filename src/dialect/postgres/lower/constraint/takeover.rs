//! A key that goes while something else depends on it: a new primary key, or foreign keys that go by it.
//!
//! A table has one primary key, so that a new one takes the old one's place in one transaction. A foreign key is bound to
//! one index: it has to be added anew to be bound to another.
//!
//! | situation | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|---|
//! | a new primary key of another name | Public | DROP of the foreign keys and the old key; ADD of the new key USING INDEX; ADD of the foreign keys NOT VALID | ACCESS EXCLUSIVE on all, catalog only | enforce | the same backwards |
//! | a new key over the same columns | Public | the same | the same | enforce | the same backwards |
//! | another key that is there | Absent | DROP of the foreign keys and the key; ADD of the foreign keys NOT VALID | ACCESS EXCLUSIVE on all, catalog only | contract | the same backwards |
//! | all of them | Validated | VALIDATE CONSTRAINT of each foreign key | SHARE UPDATE EXCLUSIVE, scan | the same | – |
//!
//! All of it is one transaction, so that no row escapes the foreign keys. Where a new primary key is over other columns, the
//! foreign keys are bound to the key that is over theirs, which has to be there before; on the way back they leave it before
//! it goes.

use super::rebind::{bound, indexes_over, same, unique_columns, wrap};
use super::{nullable_again, partitioned_key};
use crate::catalog::ObjectId;
use crate::catalog::constraint::{ForeignKey, Key, KeyKind};
use crate::catalog::index::Index;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, index, make, marks};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Rung, Statement};

/// Whether a new key takes the place of one that goes.
pub(super) fn has_successor(lowering: &Lowering<'_>, id: &ObjectId, key: &Key) -> bool {
    successor(lowering, id, key).is_some()
}

/// The key that takes the place of one that goes: the new primary key of its table, or, because foreign keys go by it, a
/// new key over the same columns.
fn successor<'a>(lowering: &Lowering<'a>, id: &ObjectId, key: &Key) -> Option<&'a ObjectId> {
    let relation = facts::relation(id);
    let comes = |other: &ObjectId| lowering.is_created(other) || lowering.altered(other).is_some();
    let primary = facts::primary_key(lowering.pair.to, &relation)
        .filter(|(other, _)| key.kind == KeyKind::Primary && comes(other));
    let over_the_same = || {
        facts::keys(lowering.pair.to, &relation)
            .find(|(other, other_key)| lowering.is_created(other) && same(&other_key.columns, &key.columns))
            .filter(|_| !bound(lowering, SideOf::From, &key.columns).is_empty())
    };
    primary.or_else(over_the_same).map(|(other, _)| other)
}

/// Lets a new key take the place of keys that go: its last rung takes them away and binds the foreign keys anew. The rungs
/// that follow.
pub(super) fn take_over(lowering: &Lowering<'_>, id: &ObjectId, key: &Key, last: &mut Rung) -> Lowered<Vec<Rung>> {
    let relation = facts::relation(id);
    let mut later = Vec::new();
    if key.kind == KeyKind::Primary {
        after_the_other_primary_key(lowering, id, last);
    }
    for (old_id, old_key) in facts::keys(lowering.pair.from, &relation) {
        let is_over_the_same = same(&key.columns, &old_key.columns);
        if lowering.is_dropped(old_id) {
            match successor(lowering, old_id, old_key) {
                Some(new) if new == id => later.extend(take_place(lowering, (id, key), (old_id, old_key), last)?),
                Some(_) if is_over_the_same => leave_before_gone(lowering, &key.columns, last),
                Some(_) | None => {}
            }
        } else if old_id != id && is_over_the_same && lowering.is_created(id) && gets_another_index(lowering, old_id) {
            leave_before_gone(lowering, &key.columns, last);
        }
    }
    // An index that goes, or becomes another one, comes back before this key goes.
    let is_over_the_same = |index: &Index| unique_columns(index).is_some_and(|columns| same(&columns, &key.columns));
    let index_goes = lowering.pair.from.parts(&relation).any(|(part, _)| {
        facts::index(lowering.pair.from, part).is_some_and(is_over_the_same)
            && (lowering.is_dropped(part) || index::is_changed(lowering, part))
    });
    if index_goes && lowering.is_created(id) {
        leave_before_gone(lowering, &key.columns, last);
    }
    Ok(later)
}

/// Whether a key stays under its name and gets another index.
fn gets_another_index(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering
        .altered(id)
        .is_some_and(|attributes| attributes.contains(&Attribute::Definition))
}

/// Whether a new key takes the place of another one, and the marks of its index with it.
pub(in crate::dialect::postgres::lower) fn takes_place(
    lowering: &Lowering<'_>,
    old: &ObjectId,
    new: &ObjectId,
) -> bool {
    facts::keys(lowering.pair.from, &facts::relation(old))
        .any(|(id, key)| id == old && lowering.is_dropped(id) && successor(lowering, id, key) == Some(new))
}

/// Whether the primary key over a column is over others before the last phase.
pub(in crate::dialect::postgres::lower) fn is_let_go(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    facts::primary_key(lowering.pair.from, &facts::relation(id))
        .is_some_and(|(key, _)| next_primary_key(lowering, key).is_some())
}

/// The primary key as it is next: the one that takes the place of the old one, or the same over other columns.
pub(in crate::dialect::postgres::lower) fn next_primary_key<'a>(
    lowering: &Lowering<'a>,
    key: &ObjectId,
) -> Option<&'a ObjectId> {
    let (next, _) = facts::primary_key(lowering.pair.to, &facts::relation(key))?;
    let changes = gets_another_index(lowering, next) || takes_place(lowering, key, next);
    changes.then_some(next)
}

/// The keys that take the place of those that a foreign key over these columns would be bound to as long as they are there.
pub(super) fn successors(lowering: &Lowering<'_>, foreign: &ForeignKey) -> Vec<ObjectId> {
    facts::keys(lowering.pair.from, &foreign.table)
        .filter(|(_, key)| same(&key.columns, &foreign.referenced))
        .filter_map(|(id, key)| match lowering.is_dropped(id) {
            true => successor(lowering, id, key).cloned(),
            false => gets_another_index(lowering, id).then(|| id.clone()),
        })
        .collect()
}

/// A primary key that is to be a mere unique one gives the place free before.
fn after_the_other_primary_key(lowering: &Lowering<'_>, id: &ObjectId, last: &mut Rung) {
    let Some((old, _)) = facts::primary_key(lowering.pair.from, &facts::relation(id)) else {
        return;
    };
    if old != id && lowering.altered(old).is_some() {
        last.up
            .iter_mut()
            .for_each(|statement| statement.requires.push(old.clone()));
    }
}

/// The last rung of a new key takes an old one away.
fn take_place(
    lowering: &Lowering<'_>,
    (id, key): (&ObjectId, &Key),
    (old_id, old_key): (&ObjectId, &Key),
    last: &mut Rung,
) -> Lowered<Vec<Rung>> {
    let (after, before) = nullable_again(lowering, old_key);
    let mut up = make::undo(lowering, lowering.pair.from, old_id);
    up.append(&mut last.up);
    up.extend(after);
    let mut down = std::mem::take(&mut last.down);
    // The DROP of the new key comes first. Its index must not be there yet when the foreign keys look for one.
    let index = down.split_off(down.len().min(1));
    down.extend(before);
    down.extend(made_again(lowering, old_id)?);
    // Whatever else changes a foreign key needs the new key, and so comes after: here it is what it was.
    let users = bound(lowering, SideOf::From, &old_key.columns);
    let marks = marks::handed_on(lowering, Pair::new(old_id, id), Pair::new(old_id, id));
    up.extend(marks.to);
    down.extend(marks.from);
    // Those that go by another key from now on leave that one when it goes.
    let stay = !same(&key.columns, &old_key.columns) && indexes_over(lowering, &old_key.columns).is_empty();
    let mut back = if stay { Vec::new() } else { std::mem::take(&mut down) };
    let later = wrap(
        lowering,
        (SideOf::From, &old_key.columns),
        users,
        last.phase,
        (&mut up, &mut back),
    );
    if !stay {
        down = back;
    }
    down.extend(index);
    last.up = up;
    last.down = down;
    Ok(later)
}

/// The old key once more.
fn made_again(lowering: &Lowering<'_>, old_id: &ObjectId) -> Lowered<Vec<Statement>> {
    if facts::is_partitioned(lowering.pair.from, &facts::relation(old_id)) {
        let mut made = Vec::new();
        partitioned_key::again(lowering, old_id, &mut made);
        return Ok(made);
    }
    make::statements(lowering, lowering.pair.from, old_id)
}

/// On the way back the foreign keys leave a key before it goes, for the old one that is there again: as long as both are
/// there, the server binds them to the index that is older.
fn leave_before_gone(lowering: &Lowering<'_>, columns: &[ObjectId], last: &mut Rung) {
    let mut down = std::mem::take(&mut last.down);
    let index = down.split_off(down.len().min(1));
    let users = bound(lowering, SideOf::From, columns);
    wrap(
        lowering,
        (SideOf::From, columns),
        users,
        last.phase,
        (&mut Vec::new(), &mut down),
    );
    down.extend(index);
    last.down = down;
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn foreign_keys_follow_from_a_unique_constraint_to_the_primary_key() {
        let found = ups(
            "CREATE TABLE p (id int NOT NULL CONSTRAINT u UNIQUE); CREATE TABLE c (p int CONSTRAINT f REFERENCES p (id));",
            "CREATE TABLE p (id int NOT NULL CONSTRAINT k PRIMARY KEY); CREATE TABLE c (p int CONSTRAINT f REFERENCES p (id));",
        );
        expect![[r#"
            expand: DO $$ BEGIN IF EXISTS ( SELECT FROM public.p WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1 ) THEN RAISE EXCEPTION 'public.p has rows that are equal in (id)'; END IF; END $$
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.k
            expand: CREATE UNIQUE INDEX CONCURRENTLY k ON public.p (id)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.k') AND indisvalid ) THEN RAISE EXCEPTION 'index public.k is missing or invalid'; END IF; END $$
            enforce: LOCK TABLE public.p, public.c IN ACCESS EXCLUSIVE MODE
            enforce: ALTER TABLE public.c DROP CONSTRAINT f
            enforce: ALTER TABLE public.p DROP CONSTRAINT u
            enforce: ALTER TABLE public.p ADD CONSTRAINT k PRIMARY KEY USING INDEX k
            enforce: ALTER TABLE public.c ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES public.p (id) NOT VALID
            enforce: ALTER TABLE public.c VALIDATE CONSTRAINT f
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.c') AND conname = 'f' AND convalidated ) THEN RAISE EXCEPTION 'constraint f of public.c is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }
}
