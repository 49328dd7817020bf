//! A key that goes while foreign keys go by it. Each is bound to one index: it has to be added anew to be bound to another.
//!
//! | situation | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|---|
//! | a new key over the same columns | Public | DROP of the foreign keys and the old key; ADD of the new key USING INDEX; ADD of the foreign keys NOT VALID | ACCESS EXCLUSIVE on all, catalog only | enforce | the same backwards |
//! | another key that is there | Absent | DROP of the foreign keys and the key; ADD of the foreign keys NOT VALID | ACCESS EXCLUSIVE on all, catalog only | contract | the same backwards |
//! | both | Validated | VALIDATE CONSTRAINT of each | SHARE UPDATE EXCLUSIVE, scan | the same | – |
//!
//! All of it is one transaction, so that no row escapes the foreign keys.

use super::{check, nullable_again};
use crate::catalog::ObjectId;
use crate::catalog::constraint::{Constraint, ConstraintKind, Key};
use crate::catalog::table::Validation;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, make};
use crate::plan::{Phase, Rung, Statement};

/// Whether a new key over the same columns takes the place of one that goes, because foreign keys go by it.
pub(super) fn has_successor(lowering: &Lowering<'_>, id: &ObjectId, key: &Key) -> bool {
    facts::keys(lowering.pair.to, &facts::relation(id))
        .any(|(other, other_key)| lowering.is_created(other) && same(&other_key.columns, &key.columns))
        && !bound(lowering, SideOf::From, id, key).is_empty()
}

/// Lets a new key take the place of one over the same columns that goes: its last rung takes the old key away and binds the
/// foreign keys anew. The rungs that follow.
pub(super) fn take_over(lowering: &Lowering<'_>, id: &ObjectId, key: &Key, last: &mut Rung) -> Lowered<Vec<Rung>> {
    let old = facts::keys(lowering.pair.from, &facts::relation(id)).find(|(other, other_key)| {
        lowering.is_dropped(other)
            && same(&other_key.columns, &key.columns)
            && has_successor(lowering, other, other_key)
    });
    let Some((old_id, old_key)) = old else {
        return Ok(Vec::new());
    };
    let (after, before) = nullable_again(lowering, old_key);
    let mut up = make::undo(lowering, lowering.pair.from, old_id);
    up.append(&mut last.up);
    up.extend(after);
    let mut down = std::mem::take(&mut last.down);
    // The DROP of the new key comes first. Its index must not be there yet when the foreign keys look for one.
    let index = down.split_off(down.len().min(1));
    down.extend(before);
    down.extend(make::statements(lowering, lowering.pair.from, old_id)?);
    // Whatever else changes a foreign key needs the new key, and so comes after: here it is what it was.
    let users = bound(lowering, SideOf::From, old_id, old_key);
    let later = wrap(lowering, SideOf::From, users, last.phase, &mut up, &mut down);
    down.extend(index);
    last.up = up;
    last.down = down;
    Ok(later)
}

/// Puts statements between the DROP and the ADD of the foreign keys that go by a key. The rungs that validate them.
pub(super) fn bind_anew(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    key: &Key,
    phase: Phase,
    up: &mut Vec<Statement>,
    down: &mut Vec<Statement>,
) -> Vec<Rung> {
    // In the last phase every foreign key is what is wanted.
    let users = bound(lowering, SideOf::To, id, key);
    wrap(lowering, SideOf::To, users, phase, up, down)
}

fn wrap(
    lowering: &Lowering<'_>,
    side: SideOf,
    users: Vec<(ObjectId, Constraint)>,
    phase: Phase,
    up: &mut Vec<Statement>,
    down: &mut Vec<Statement>,
) -> Vec<Rung> {
    let mut later = Vec::new();
    for (user, foreign) in users {
        let not_valid = Constraint {
            validation: Validation::NotValid,
            ..foreign.clone()
        };
        let drop = || {
            let mut statement = lowering.drop_constraint(&user, &foreign, "It goes by the key that goes.");
            // Seen from outside it is there before and after.
            statement.removes.clear();
            statement.releases.clear();
            if side == SideOf::To {
                statement.requires.push(user.clone());
            }
            statement
        };
        let add = |constraint: &Constraint, comment: &str| {
            let mut statement = lowering.add_constraint(&user, constraint, comment);
            statement.provides.clear();
            let mut made = vec![statement];
            if let Some(entry) = lowering.catalog(side).get(&user) {
                made.extend(make::completion(lowering, &user, entry));
            }
            made
        };
        up.insert(0, drop());
        up.extend(add(&not_valid, "It goes by the other key from now on."));
        down.insert(0, drop());
        down.extend(add(&foreign, "It goes by the old key again."));
        let mut step = check::validated(lowering, &user, &foreign);
        step.phase = phase;
        later.push(step);
    }
    later
}

/// The foreign keys of a side that may be bound to the index of a key that goes, because it is over the columns that they
/// refer to; those that go themselves are not among them.
fn bound(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId, key: &Key) -> Vec<(ObjectId, Constraint)> {
    let table = facts::relation(id);
    let users = lowering.users(side, &table);
    users
        .into_iter()
        .filter(|user| lowering.pair.to.contains(user))
        .filter_map(|user| {
            let constraint = facts::constraint(lowering.catalog(side), &user)?;
            let is_bound = match &constraint.kind {
                ConstraintKind::ForeignKey(foreign) => {
                    foreign.table == table && same(&foreign.referenced, &key.columns)
                }
                ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
            };
            (is_bound && constraint.parent.is_none()).then(|| (user, constraint.clone()))
        })
        .collect()
}

/// Whether two lists hold the same columns in any order.
fn same(left: &[ObjectId], right: &[ObjectId]) -> bool {
    left.len() == right.len() && left.iter().all(|column| right.contains(column))
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
            enforce: ALTER TABLE public.c DROP CONSTRAINT f
            enforce: ALTER TABLE public.p DROP CONSTRAINT u
            enforce: ALTER TABLE public.p ADD CONSTRAINT k PRIMARY KEY USING INDEX k
            enforce: ALTER TABLE public.c ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES public.p (id) NOT VALID
            enforce: ALTER TABLE public.c VALIDATE CONSTRAINT f
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.c') AND conname = 'f' AND convalidated ) THEN RAISE EXCEPTION 'constraint f of public.c is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }
}
