//! Foreign keys that are bound to another index. The server binds one to the oldest unique index over the columns that it
//! refers to, and the index cannot go before it does (`transformFkeyCheckAttrs`, `RelationGetIndexList`).
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | that in which the index goes | DROP of the foreign keys; what takes the index away; ADD of the foreign keys NOT VALID | ACCESS EXCLUSIVE on all, catalog only | its own | the same backwards |
//! | Validated | VALIDATE CONSTRAINT of each | SHARE UPDATE EXCLUSIVE, scan | the same | – |
//!
//! A foreign key that follows its key from one set of columns to another is bound to the new index in the same rung.
//!
//! All of it is one transaction, so that no row escapes the foreign keys: a unique index that foreign keys may be bound to is
//! not dropped concurrently.

use super::check;
use crate::catalog::constraint::{Constraint, ConstraintKind, Key};
use crate::catalog::index::{Coverage, Index};
use crate::catalog::table::Validation;
use crate::catalog::{Entry, Ident, ObjectId};
use crate::dialect::postgres::action::Action;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::make;
use crate::plan::{LockMode, Phase, Rung, Statement};

/// Puts statements between the DROP and the ADD of the foreign keys that go by a key. The rungs that validate them.
pub(super) fn bind_anew(
    lowering: &Lowering<'_>,
    key: &Key,
    phase: Phase,
    up: &mut Vec<Statement>,
    down: &mut Vec<Statement>,
) -> Vec<Rung> {
    // In the last phase every foreign key is what is wanted.
    let users = bound(lowering, SideOf::To, &key.columns);
    wrap(lowering, (SideOf::To, &key.columns), users, phase, (up, down))
}

/// The same for the foreign keys of what is, around a key that gets another index.
pub(super) fn bind_around(lowering: &Lowering<'_>, key: &Key, last: &mut Rung) -> Vec<Rung> {
    let users = bound(lowering, SideOf::From, &key.columns);
    let statements = (&mut last.up, &mut last.down);
    wrap(lowering, (SideOf::From, &key.columns), users, last.phase, statements)
}

/// Whether a foreign key goes by a key that is over other columns from now on, and follows it there: neither can its new
/// form be without the new index, nor can the old index go before its old form.
pub(super) fn follows(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let of = |side| match &facts::constraint(lowering.catalog(side), id)?.kind {
        ConstraintKind::ForeignKey(foreign) => Some(foreign),
        ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => None,
    };
    let (Some(from), Some(to)) = (of(SideOf::From), of(SideOf::To)) else {
        return false;
    };
    let over_the_same = same(&from.referenced, &to.referenced);
    if from.table != to.table || (over_the_same && from.period == to.period) {
        return false;
    }
    let key = |catalog, id: &ObjectId| match &facts::constraint(catalog, id)?.kind {
        ConstraintKind::Key(key) => Some(&key.columns),
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => None,
    };
    let (before, after) = (lowering.pair.from, lowering.pair.to);
    let changes = before.parts(&from.table).any(|(part, _)| {
        key(before, part).is_some_and(|columns| same(columns, &from.referenced))
            && key(after, part).is_some_and(|columns| same(columns, &to.referenced))
    });
    // A key WITHOUT OVERLAPS serves foreign keys with PERIOD alone.
    changes && (over_the_same || lowering.surroundings.key_over(&from.table, &from.referenced).is_none())
}

/// The same around a rung of the last phase in which a unique index goes that foreign keys may be bound to.
pub(in crate::dialect::postgres::lower) fn bind_around_index(
    lowering: &Lowering<'_>,
    index: &Index,
    last: &mut Rung,
) -> Vec<Rung> {
    let columns = unique_columns(index).unwrap_or_default();
    let users = bound(lowering, SideOf::To, &columns);
    let statements = (&mut last.up, &mut last.down);
    wrap(lowering, (SideOf::To, &columns), users, last.phase, statements)
}

/// Whether foreign keys that stay may be bound to an index.
pub(in crate::dialect::postgres::lower) fn is_bound(lowering: &Lowering<'_>, index: &Index) -> bool {
    unique_columns(index).is_some_and(|columns| !bound(lowering, SideOf::To, &columns).is_empty())
}

/// Puts statements between the DROP and the ADD of foreign keys as they are on a side, both ways. The rungs that validate them.
pub(super) fn wrap(
    lowering: &Lowering<'_>,
    (side, columns): (SideOf, &[ObjectId]),
    users: Vec<(ObjectId, Constraint)>,
    phase: Phase,
    (up, down): (&mut Vec<Statement>, &mut Vec<Statement>),
) -> Vec<Rung> {
    // The way back ends without the new unique indexes over the columns: while one is there, and older than the key that
    // is made anew, the server would bind the foreign keys to it.
    let indexes = if users.is_empty() {
        Vec::new()
    } else {
        indexes_over(lowering, columns)
    };
    let mut rebuilt = Vec::new();
    for (index, entry) in indexes {
        down.splice(0..0, hidden(make::undo(lowering, lowering.pair.to, &index)));
        let create = Action::create(index.clone(), entry, Vec::new());
        rebuilt.extend(hidden(vec![
            lowering.statement(create, "The index stands by itself again."),
        ]));
    }
    let mut later = Vec::new();
    let locked = locks(lowering, columns, &users);
    for (user, foreign) in users {
        let followed = match follows(lowering, &user) {
            true => facts::constraint(lowering.pair.to, &user).cloned(),
            false => None,
        };
        let (old, side_after) = (foreign, if followed.is_some() { SideOf::To } else { side });
        let foreign = followed.unwrap_or_else(|| old.clone());
        let not_valid = Constraint {
            validation: Validation::NotValid,
            ..foreign.clone()
        };
        let drop = |constraint: &Constraint| {
            let mut statement = lowering.drop_constraint(&user, constraint, "It goes by what goes.");
            // Seen from outside it is there before and after.
            statement.removes.clear();
            statement.releases.clear();
            if side == SideOf::To {
                statement.requires.push(user.clone());
            }
            statement
        };
        let add = |side, constraint: &Constraint, comment: &str| {
            let mut statement = lowering.add_constraint(&user, constraint, comment);
            statement.provides.clear();
            let mut made = vec![statement];
            if let Some(entry) = lowering.catalog(side).get(&user) {
                made.extend(make::completion(lowering, &user, entry));
            }
            made
        };
        up.insert(0, drop(&old));
        up.extend(add(
            side_after,
            &not_valid,
            "It goes by another key or index from now on.",
        ));
        down.insert(0, drop(&foreign));
        down.extend(add(side, &old, "It goes by the old key or index again."));
        let mut step = check::validated(lowering, &user, &foreign);
        step.phase = phase;
        later.push(step);
    }
    down.extend(rebuilt);
    if !up.is_empty() {
        up.splice(0..0, locked.iter().cloned());
    }
    down.splice(0..0, locked);
    later
}

/// The locks, the referenced table first: DROP CONSTRAINT takes them the other way round, and running checks would meet it.
fn locks(lowering: &Lowering<'_>, columns: &[ObjectId], users: &[(ObjectId, Constraint)]) -> Option<Statement> {
    let mut relations: Vec<ObjectId> = columns.first().map(facts::relation).into_iter().collect();
    for (user, _) in users {
        let relation = facts::relation(user);
        if !relations.contains(&relation) {
            relations.push(relation);
        }
    }
    if relations.len() < 2 {
        return None;
    }
    let action = Action::LockTable {
        relations,
        mode: LockMode::AccessExclusive,
    };
    Some(lowering.statement(
        action,
        "The referenced table is locked first, as running checks do, so that no deadlock comes of it.",
    ))
}

/// Statements that leave things as they are, seen from outside.
fn hidden(mut statements: Vec<Statement>) -> Vec<Statement> {
    for statement in &mut statements {
        statement.provides.clear();
        statement.removes.clear();
        statement.releases.clear();
    }
    statements
}

/// New unique indexes over columns that foreign keys could go by.
pub(super) fn indexes_over(lowering: &Lowering<'_>, columns: &[ObjectId]) -> Vec<(ObjectId, Entry)> {
    let Some(relation) = columns.first().map(facts::relation) else {
        return Vec::new();
    };
    let serves = |index: &Index| unique_columns(index).is_some_and(|own| same(&own, columns));
    let parts = lowering.pair.to.parts(&relation);
    parts
        .filter(|(id, _)| lowering.is_created(id))
        .filter(|(id, _)| facts::index(lowering.pair.to, id).is_some_and(serves))
        .map(|(id, entry)| (id.clone(), entry.clone()))
        .collect()
}

/// The columns of a unique index, if foreign keys could go by it.
pub(super) fn unique_columns(index: &Index) -> Option<Vec<ObjectId>> {
    let table = index.table.qualified_name()?;
    let serves = index.uniqueness.is_unique() && index.predicate.is_none() && index.coverage == Coverage::Whole;
    let column = |name: &Ident| ObjectId::Column(table.clone(), name.clone());
    let columns = index.keys.iter().map(|key| key.expression.as_column().map(column));
    columns.collect::<Option<Vec<ObjectId>>>().filter(|_| serves)
}

/// The foreign keys of a side that may be bound to an index over columns, because they refer to them; those that go
/// themselves are not among them.
pub(super) fn bound(lowering: &Lowering<'_>, side: SideOf, columns: &[ObjectId]) -> Vec<(ObjectId, Constraint)> {
    let Some(table) = columns.first().map(facts::relation) else {
        return Vec::new();
    };
    let users = lowering.users(side, &table);
    users
        .into_iter()
        .filter(|user| lowering.pair.to.contains(user))
        .filter_map(|user| {
            let constraint = facts::constraint(lowering.catalog(side), &user)?;
            let is_bound = match &constraint.kind {
                ConstraintKind::ForeignKey(foreign) => foreign.table == table && same(&foreign.referenced, columns),
                ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
            };
            (is_bound && constraint.parent.is_none()).then(|| (user, constraint.clone()))
        })
        .collect()
}

/// Whether two lists hold the same columns in any order.
pub(super) fn same(left: &[ObjectId], right: &[ObjectId]) -> bool {
    left.len() == right.len() && left.iter().all(|column| right.contains(column))
}
