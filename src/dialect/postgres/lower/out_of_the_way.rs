//! Names that something which goes still bears when something else comes under them.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | ALTER TABLE … RENAME CONSTRAINT, ALTER INDEX … RENAME | ACCESS EXCLUSIVE, SHARE UPDATE EXCLUSIVE, catalog only | expand | the same backwards |
//! | Public | ALTER SEQUENCE … RENAME | ACCESS EXCLUSIVE on the sequence, catalog only | expand | the same backwards |
//!
//! What goes, goes in contract, and what comes is needed before. Indexes and the indexes behind keys share the names of a
//! schema's relations; not-null constraints (18 and later) share those of their table's constraints: a column that was
//! renamed once leaves its constraint's name for the next column to collide with, and an identity's sequence keeps the name
//! of the table and the column that it was made for. So what goes gives its name up first.
//! Names on one and the same table are left to the patterns of keys and indexes, which put one in the place of the other.

use super::shadow::names::{Purpose, free};
use crate::catalog::table::Inheritance;
use crate::catalog::{Catalog, Ident, Object, ObjectId, QualifiedName};
use crate::dialect::postgres::action::surroundings::index_relation;
use crate::diff::Change;
use crate::pair::Pair;
use std::collections::{HashMap, HashSet};

/// The first major version whose catalog keeps the names of not-null constraints.
const NAMED: u16 = 18;

/// What has to give up its name, and the name that it bears until it goes.
pub fn names_in_the_way(pair: Pair<&Catalog>, changes: &[Change], version: u16) -> Vec<(ObjectId, ObjectId)> {
    let mut found = relation_names(pair, changes);
    found.extend(sequence_names(pair, changes));
    if version >= NAMED {
        found.extend(not_null_names(pair, changes));
    }
    found
}

/// Indexes and keys whose name an index, a key or another relation elsewhere takes.
fn relation_names(pair: Pair<&Catalog>, changes: &[Change]) -> Vec<(ObjectId, ObjectId)> {
    let mut coming: HashMap<ObjectId, Option<ObjectId>> = HashMap::new();
    for change in changes {
        let Change::Create(id) = change else { continue };
        for (id, object) in with_parts(pair.to, id) {
            let name = index_relation(id, object).or_else(|| relation_itself(id));
            coming.extend(name.map(|name| (name, pair.to.whole(id))));
        }
    }
    let mut taken: HashSet<ObjectId> = HashSet::new();
    let mut found = Vec::new();
    for change in changes {
        let Change::Drop(id) = change else { continue };
        for (id, object) in with_parts(pair.from, id) {
            let Some(name) = index_relation(id, object) else {
                continue;
            };
            let elsewhere = coming.get(&name).is_some_and(|whole| *whole != pair.from.whole(id));
            if !elsewhere || !taken.insert(name) {
                continue;
            }
            let is_there = |id: &ObjectId| pair.from.contains(id) || pair.to.contains(id);
            let other = free(id.last_name().as_str(), Purpose::Old, &|name| {
                let renamed = with_last_name(id, name.clone())?;
                let relation = ObjectId::Relation(id.qualified_name()?.with_name(name));
                (!is_there(&renamed) && !is_there(&relation)).then_some(renamed)
            });
            found.extend(other.map(|other| (id.clone(), other)));
        }
    }
    found
}

/// Sequences that go, with an identity or by themselves, whose name the identity of another column takes.
fn sequence_names(pair: Pair<&Catalog>, changes: &[Change]) -> Vec<(ObjectId, ObjectId)> {
    let mut coming: HashMap<ObjectId, ObjectId> = HashMap::new();
    for change in changes {
        let (Change::Create(id) | Change::Alter(id, _)) = change else {
            continue;
        };
        for (id, object) in with_parts(pair.to, id) {
            coming.extend(sequence_of(id, object).map(|sequence| (sequence, id.clone())));
        }
    }
    let mut taken: HashSet<ObjectId> = HashSet::new();
    let mut found = Vec::new();
    for change in changes {
        let Change::Drop(id) = change else { continue };
        for (id, object) in with_parts(pair.from, id) {
            let (sequence, column) = match object {
                Object::Sequence(sequence) => (id.clone(), sequence.owned_by.as_ref()),
                _ => match sequence_of(id, object) {
                    Some(sequence) => (sequence, Some(id)),
                    None => continue,
                },
            };
            // Where a column's own sequence becomes its identity's, or the other way round, its pattern sees to it.
            let elsewhere = coming.get(&sequence).is_some_and(|other| Some(other) != column);
            if !elsewhere || !taken.insert(sequence.clone()) {
                continue;
            }
            let other = free(sequence.last_name().as_str(), Purpose::Gone, &|name| {
                let renamed = with_last_name(&sequence, name)?;
                let is_there = pair.from.contains(&renamed) || pair.to.contains(&renamed);
                (!is_there).then_some(renamed)
            });
            found.extend(other.map(|other| (sequence, other)));
        }
    }
    found
}

/// The sequence of a column's identity.
fn sequence_of(id: &ObjectId, object: &Object) -> Option<ObjectId> {
    match object {
        Object::Column(column) => {
            let identity = column.identity.as_ref()?;
            Some(ObjectId::Relation(
                id.qualified_name()?.with_name(identity.sequence.clone()),
            ))
        }
        _ => None,
    }
}

/// Gives the sequence of an identity another name.
pub(super) fn rename_sequence(catalog: &mut Catalog, from: &ObjectId, to: &ObjectId) {
    let columns = catalog
        .iter()
        .filter(|(id, entry)| sequence_of(id, &entry.object).as_ref() == Some(from));
    let columns: Vec<ObjectId> = columns.map(|(id, _)| id.clone()).collect();
    for id in columns {
        if let Some(Object::Column(column)) = catalog.get_mut(&id).map(|entry| &mut entry.object)
            && let Some(identity) = &mut column.identity
        {
            identity.sequence = to.last_name();
        }
    }
}

/// An object and its parts.
fn with_parts<'a>(catalog: &'a Catalog, id: &'a ObjectId) -> Vec<(&'a ObjectId, &'a Object)> {
    let itself = catalog.get(id).map(|entry| (id, &entry.object));
    let parts = catalog.parts(id).map(|(id, entry)| (id, &entry.object));
    itself.into_iter().chain(parts).collect()
}

fn relation_itself(id: &ObjectId) -> Option<ObjectId> {
    matches!(id, ObjectId::Relation(_)).then(|| id.clone())
}

fn with_last_name(id: &ObjectId, name: Ident) -> Option<ObjectId> {
    match id {
        ObjectId::Relation(relation) => Some(ObjectId::Relation(relation.with_name(name))),
        ObjectId::Constraint(table, _) => Some(ObjectId::Constraint(table.clone(), name)),
        _ => None,
    }
}

/// Not-null constraints of columns that go, or that may be null, whose name another constraint of the table takes.
fn not_null_names(pair: Pair<&Catalog>, changes: &[Change]) -> Vec<(ObjectId, ObjectId)> {
    let mut found = Vec::new();
    for change in changes {
        let (Change::Drop(id) | Change::Alter(id, _)) = change else {
            continue;
        };
        let ObjectId::Column(table, column) = id else { continue };
        let own = |catalog: &Catalog| match catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Column(column)) => column.not_null.clone(),
            _ => None,
        };
        let Some(old) = own(pair.from).filter(|old| old.inheritance == Inheritance::Local) else {
            continue;
        };
        if own(pair.to).is_some() || !bears(pair.to, table, &old.name) {
            continue;
        }
        let stem = [table.name.as_str(), "_", column.as_str(), "_not_null"].concat();
        let is_free = |name: &Ident| !bears(pair.from, table, name) && !bears(pair.to, table, name);
        let other = free(&stem, Purpose::Old, &|name| {
            is_free(&name).then(|| ObjectId::Constraint(table.clone(), name))
        });
        found.extend(other.map(|other| (ObjectId::Constraint(table.clone(), old.name), other)));
    }
    found
}

/// Whether a constraint of a table bears a name, not-null constraints among them.
fn bears(catalog: &Catalog, table: &QualifiedName, name: &Ident) -> bool {
    catalog.contains(&ObjectId::Constraint(table.clone(), name.clone()))
        || catalog
            .columns(&ObjectId::Relation(table.clone()))
            .any(|(_, column)| column.not_null.as_ref().is_some_and(|found| found.name == *name))
}

/// Gives the not-null constraint of a table another name, and those that its children have from it.
pub(super) fn rename_not_null(catalog: &mut Catalog, from: &ObjectId, to: &ObjectId) {
    let (ObjectId::Constraint(table, old), ObjectId::Constraint(_, new)) = (from, to) else {
        return;
    };
    let mut waiting = vec![(ObjectId::Relation(table.clone()), true)];
    while let Some((relation, is_first)) = waiting.pop() {
        let columns: Vec<ObjectId> = catalog
            .parts(&relation)
            .filter(|(_, entry)| match &entry.object {
                Object::Column(column) => column
                    .not_null
                    .as_ref()
                    .is_some_and(|found| found.name == *old && (is_first || found.inheritance != Inheritance::Local)),
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        if columns.is_empty() {
            continue;
        }
        for id in columns {
            if let Some(Object::Column(column)) = catalog.get_mut(&id).map(|entry| &mut entry.object)
                && let Some(not_null) = &mut column.not_null
            {
                not_null.name = new.clone();
            }
        }
        let children = catalog.iter().filter(|(_, entry)| match &entry.object {
            Object::Table(table) => {
                let parent = table.partition_of.as_ref().map(|partition| &partition.parent);
                table.inherits.iter().chain(parent).any(|parent| *parent == relation)
            }
            _ => false,
        });
        waiting.extend(children.map(|(id, _)| (id.clone(), false)));
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_key_that_goes_gives_its_name_to_another_table() {
        let tables = "CREATE TABLE a (id int NOT NULL); CREATE TABLE b (id int NOT NULL);";
        let found = ups(
            &[tables, "ALTER TABLE a ADD CONSTRAINT k UNIQUE (id);"].concat(),
            &[tables, "ALTER TABLE b ADD CONSTRAINT k UNIQUE (id);"].concat(),
        );
        expect![[r#"
            expand: ALTER TABLE public.a RENAME CONSTRAINT k TO k_underpin_old
            expand: DO $$ BEGIN IF EXISTS ( SELECT FROM public.b WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1 ) THEN RAISE EXCEPTION 'public.b has rows that are equal in (id)'; END IF; END $$
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.k
            expand: CREATE UNIQUE INDEX CONCURRENTLY k ON public.b (id)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.k') AND indisvalid ) THEN RAISE EXCEPTION 'index public.k is missing or invalid'; END IF; END $$
            enforce: ALTER TABLE public.b ADD CONSTRAINT k UNIQUE USING INDEX k
            contract: ALTER TABLE public.a DROP CONSTRAINT k_underpin_old
        "#]].assert_eq(&found);
    }

    #[test]
    fn a_column_that_was_renamed_gives_up_the_name_of_its_not_null_constraint() {
        let found = ups(
            "CREATE TABLE t (b int CONSTRAINT t_a_not_null NOT NULL);",
            "CREATE TABLE t (a int NOT NULL DEFAULT 0);",
        );
        expect![[r#"
            expand: ALTER TABLE public.t RENAME CONSTRAINT t_a_not_null TO t_b_not_null_underpin_old
            expand: ALTER TABLE public.t ALTER COLUMN b DROP NOT NULL
            expand: ALTER TABLE public.t ADD COLUMN a integer DEFAULT 0 NOT NULL
            contract: ALTER TABLE public.t DROP COLUMN b
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn an_identity_that_goes_gives_its_sequence_s_name_to_another_column() {
        let found = ups(
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s), b int);",
            "CREATE TABLE t (c int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s), b int);",
        );
        assert!(
            found.contains("expand: ALTER SEQUENCE public.s RENAME TO s_underpin_gone\n"),
            "{found}"
        );
        let found = ups(
            "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s));",
            "CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s));",
        );
        expect![[r#"
            expand: ALTER SEQUENCE public.s RENAME TO s_underpin_gone
            expand: CREATE TABLE public.b ( id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.s) NOT NULL )
            contract: DROP TABLE public.a
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn names_on_one_table_are_left_alone() {
        let found = ups(
            "CREATE TABLE t (a int NOT NULL, CONSTRAINT k UNIQUE (a));",
            "CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX k ON t (a);",
        );
        assert!(!found.contains("RENAME CONSTRAINT k TO k_underpin_old"), "{found}");
    }
}
