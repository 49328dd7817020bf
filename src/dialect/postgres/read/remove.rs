//! Taking objects out: what goes with them by itself, what stands in the way, what CASCADE takes along.
//!
//! Knows the strength of each dependency (`pg_depend.deptype`, set by the commands in `src/backend/commands`). Every
//! DROP goes through here, ALTER TABLE's forms too, so that nothing is left behind that names what is gone.

use super::{Applied, Interpreter};
use crate::catalog::constraint::{Constraint, ConstraintKind, ForeignKey};
use crate::catalog::hashing::{IndexMap, IndexSet};
use crate::catalog::table::ReplicaIdentity;
use crate::catalog::{Catalog, DefinitionKind, Entry, Object, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::describe;

/// How many objects that CASCADE takes along are named.
const SHOWN: usize = 10;

/// RESTRICT or CASCADE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Dependents are an error.
    Restrict,
    /// Dependents go too, and a note says so.
    Cascade,
}

impl Behaviour {
    /// RESTRICT unless CASCADE is written.
    pub(super) fn of(behaviour: super::ast::DropBehavior) -> Self {
        match behaviour {
            super::ast::DropBehavior::DropCascade => Behaviour::Cascade,
            super::ast::DropBehavior::DropRestrict | super::ast::DropBehavior::Undefined => Behaviour::Restrict,
        }
    }
}

/// What becomes of an object when one that it refers to goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dependence {
    /// It goes too (`DEPENDENCY_AUTO`, `DEPENDENCY_INTERNAL`, `DEPENDENCY_PARTITION_PRI`).
    Automatic,
    /// It stands in the way (`DEPENDENCY_NORMAL`).
    Blocks,
    /// It stays and forgets the reference.
    Loose,
    /// It has a member that stands in the way; CASCADE takes only the member along (`pg_publication_rel`).
    MemberBlocks,
}

impl Interpreter {
    /// Takes objects out with all that goes with them.
    ///
    /// # Errors
    /// Other objects depend on them and CASCADE was not written; nothing is taken out then.
    pub(super) fn remove(&mut self, roots: Vec<ObjectId>, behaviour: Behaviour, location: i32) -> Applied {
        let (gone, blocked) = removal(&self.catalog, roots.clone(), behaviour);
        if !blocked.is_empty() {
            let lines: Vec<String> = blocked
                .iter()
                .take(SHOWN)
                .map(|(dependent, on)| format!("{} depends on {}.", describe(dependent), describe(on)))
                .collect();
            return match behaviour {
                Behaviour::Restrict => {
                    let what: Vec<String> = roots.iter().map(describe).collect();
                    let message = format!("cannot drop {} because other objects depend on it", what.join(", "));
                    let mut error = self.error(Code::DependentObjects, location, message);
                    error.detail = Some(lines.join(" "));
                    error.hint = Some("Drop the dependent objects first, or write CASCADE.".into());
                    Err(error)
                }
                Behaviour::Cascade => {
                    let taken: Vec<String> = blocked.keys().take(SHOWN).map(describe).collect();
                    let others = match blocked.len().saturating_sub(SHOWN) {
                        0 => String::new(),
                        count => format!(" and {count} other objects"),
                    };
                    let message = format!("drop cascades to {}{others}", taken.join(", "));
                    self.diagnostics
                        .push(Diagnostic::note(Code::DependentObjects, message).at(self.place(location)));
                    self.take_out(&gone);
                    Ok(())
                }
            };
        }
        self.take_out(&gone);
        Ok(())
    }

    fn take_out(&mut self, gone: &IndexSet<ObjectId>) {
        let loose: IndexSet<ObjectId> = gone
            .iter()
            .flat_map(|id| self.catalog.dependents_of(id))
            .filter(|id| self.catalog.get(id).is_some_and(may_forget))
            .collect();
        for id in gone.iter().rev() {
            self.catalog.remove(id);
            self.origins.remove(id);
        }
        for id in loose {
            if let Some(entry) = self.catalog.get_mut(&id) {
                forget(entry, gone);
            }
        }
    }
}

/// All that goes, and what only CASCADE takes along, with the object in each one's way.
fn removal(
    catalog: &Catalog,
    roots: Vec<ObjectId>,
    behaviour: Behaviour,
) -> (IndexSet<ObjectId>, IndexMap<ObjectId, ObjectId>) {
    let mut gone: IndexSet<ObjectId> = roots.into_iter().collect();
    let mut blocked: IndexMap<ObjectId, ObjectId> = IndexMap::default();
    let mut next = 0;
    while let Some(id) = gone.get_index(next).cloned() {
        next += 1;
        let mut found: Vec<(ObjectId, Dependence)> = Vec::new();
        for dependent in catalog.dependents_of(&id) {
            if let Some(entry) = catalog.get(&dependent) {
                let dependence = dependence(catalog, &dependent, entry, &id);
                found.push((dependent, dependence));
            }
        }
        let keys = foreign_keys_on(catalog, &id, &gone);
        let keys = keys.into_iter().chain(foreign_keys_to_whole(catalog, &id));
        found.extend(keys.map(|key| (key, Dependence::Blocks)));
        if let ObjectId::Extension(extension) = &id {
            let members = catalog.iter().filter(|(_, entry)| {
                entry.extension.as_ref() == Some(extension) || entry.depends_on.contains(extension)
            });
            found.extend(members.map(|(member, _)| (member.clone(), Dependence::Automatic)));
        }
        for (dependent, dependence) in found {
            match dependence {
                Dependence::Loose => {}
                Dependence::Automatic => {
                    blocked.shift_remove(&dependent);
                    gone.insert(dependent);
                }
                Dependence::MemberBlocks => {
                    let whole = catalog.whole(&id);
                    if !whole.is_some_and(|table| gone.contains(&table)) {
                        blocked.insert(dependent, id.clone());
                    }
                }
                Dependence::Blocks if gone.contains(&dependent) => {}
                Dependence::Blocks => {
                    blocked.insert(dependent.clone(), id.clone());
                    if behaviour == Behaviour::Cascade {
                        gone.insert(dependent);
                    }
                }
            }
        }
    }
    // What went by itself in the end, by another way, was in nobody's way.
    if behaviour == Behaviour::Restrict {
        blocked.retain(|dependent, _| !gone.contains(dependent));
    }
    (gone, blocked)
}

/// How `dependent` takes it that `on`, which it refers to or is a part of, goes.
fn dependence(catalog: &Catalog, dependent: &ObjectId, entry: &Entry, on: &ObjectId) -> Dependence {
    if catalog.whole(dependent).as_ref() == Some(on) {
        return Dependence::Automatic;
    }
    let own_column = |relation: Option<&ObjectId>| match on {
        ObjectId::Column(owner, _) => relation == Some(&ObjectId::Relation(owner.clone())),
        _ => false,
    };
    match &entry.object {
        Object::Table(table) => {
            let is_parent = table.partition_of.as_ref().is_some_and(|part| &part.parent == on);
            let is_loose = table.cluster_on.as_ref() == Some(on)
                || matches!(&table.replica_identity, ReplicaIdentity::Index(index) if index == on);
            if is_parent {
                Dependence::Automatic
            } else if is_loose {
                Dependence::Loose
            } else {
                Dependence::Blocks
            }
        }
        Object::Index(index) if own_column(Some(&index.table)) || index.parent.as_ref() == Some(on) => {
            Dependence::Automatic
        }
        Object::Constraint(constraint) if constraint.parent.as_ref() == Some(on) => {
            match catalog.get(on).map(|entry| &entry.object) {
                // The index of a partition's key, attached to an index that is no key: it would go with that index, but
                // belongs to its key, so that the key stands in the way.
                Some(Object::Index(_)) => Dependence::Blocks,
                _ => Dependence::Automatic,
            }
        }
        Object::Constraint(constraint)
            if own_column(dependent.parent().as_ref()) && !is_referenced_by(constraint, on) =>
        {
            Dependence::Automatic
        }
        Object::Sequence(sequence) if sequence.owned_by.as_ref() == Some(on) => Dependence::Automatic,
        Object::Trigger(trigger) if trigger.parent.as_ref() == Some(on) => Dependence::Automatic,
        Object::DefaultPrivileges(_) | Object::Provided(_) => Dependence::Automatic,
        Object::Definition(_) => match (dependent, on) {
            (ObjectId::Definition(id), ObjectId::Relation(_) | ObjectId::Column(..))
                if id.kind == DefinitionKind::Statistics =>
            {
                Dependence::Automatic
            }
            (ObjectId::Definition(id), ObjectId::Relation(_) | ObjectId::Schema(_))
                if id.kind == DefinitionKind::Publication =>
            {
                Dependence::Loose
            }
            // A column of a column list or row filter (`publication_add_relation`).
            (ObjectId::Definition(id), ObjectId::Column(..)) if id.kind == DefinitionKind::Publication => {
                Dependence::MemberBlocks
            }
            _ => Dependence::Blocks,
        },
        Object::Schema
        | Object::Extension(_)
        | Object::Column(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Index(_)
        | Object::Sequence(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::ViewColumn
        | Object::Type(_)
        | Object::DomainConstraint(_)
        | Object::Routine(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_) => Dependence::Blocks,
    }
}

/// Whether a column is on the referenced side of a foreign key; of a self-reference the key still goes by itself.
fn is_referenced_by(constraint: &Constraint, column: &ObjectId) -> bool {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => key.referenced.contains(column) && !key.columns.contains(column),
        ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
    }
}

/// The foreign keys that rely on a unique key or index, when no other that stays serves them.
fn foreign_keys_on(catalog: &Catalog, id: &ObjectId, gone: &IndexSet<ObjectId>) -> Vec<ObjectId> {
    let Some((table, columns)) = unique_columns(catalog, id) else {
        return Vec::new();
    };
    let serves = |key: &ForeignKey, columns: &[ObjectId]| {
        key.referenced.len() == columns.len() && key.referenced.iter().all(|column| columns.contains(column))
    };
    let other_serves = |key: &ForeignKey| {
        catalog.parts(&table).any(|(other, _)| {
            !gone.contains(other) && unique_columns(catalog, other).is_some_and(|(_, columns)| serves(key, &columns))
        })
    };
    let candidates = catalog.dependents_of(&table);
    candidates
        .into_iter()
        .filter(|candidate| match catalog.get(candidate).map(|entry| &entry.object) {
            Some(Object::Constraint(constraint)) => match &constraint.kind {
                ConstraintKind::ForeignKey(key) => key.table == table && serves(key, &columns) && !other_serves(key),
                ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
            },
            _ => false,
        })
        .collect()
}

/// The foreign keys that refer to a table of which a relation is a partition, at any level: the server makes a constraint
/// for each partition, which depends on it (`addFkRecurseReferenced`).
fn foreign_keys_to_whole(catalog: &Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let mut found = Vec::new();
    let mut current = id.clone();
    while let Some(Object::Table(table)) = catalog.get(&current).map(|entry| &entry.object) {
        let Some(place) = &table.partition_of else { break };
        current = place.parent.clone();
        let refers = |dependent: &ObjectId| match catalog.get(dependent).map(|entry| &entry.object) {
            Some(Object::Constraint(constraint)) => match &constraint.kind {
                ConstraintKind::ForeignKey(key) => key.table == current,
                ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
            },
            _ => false,
        };
        found.extend(catalog.dependents_of(&current).into_iter().filter(refers));
    }
    found
}

/// The table and the columns of a key or of a whole unique index of plain columns.
fn unique_columns(catalog: &Catalog, id: &ObjectId) -> Option<(ObjectId, Vec<ObjectId>)> {
    match &catalog.get(id)?.object {
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Key(key) => Some((id.parent()?, key.columns.clone())),
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => None,
        },
        Object::Index(index) if index.uniqueness.is_unique() && index.predicate.is_none() => {
            let table = index.table.qualified_name()?;
            let columns: Option<Vec<ObjectId>> = index
                .keys
                .iter()
                .map(|key| Some(ObjectId::Column(table.clone(), key.expression.as_column()?.clone())))
                .collect();
            Some((index.table.clone(), columns?))
        }
        _ => None,
    }
}

/// Whether an object holds references that it can do without.
fn may_forget(entry: &Entry) -> bool {
    matches!(entry.object, Object::Table(_) | Object::Definition(_))
}

/// Takes the loose references out of an object that stays.
fn forget(entry: &mut Entry, gone: &IndexSet<ObjectId>) {
    match &mut entry.object {
        Object::Table(table) => {
            if table.cluster_on.as_ref().is_some_and(|index| gone.contains(index)) {
                table.cluster_on = None;
            }
            if matches!(&table.replica_identity, ReplicaIdentity::Index(index) if gone.contains(index)) {
                table.replica_identity = ReplicaIdentity::Default;
            }
        }
        Object::Definition(definition) => {
            super::publication::forget_members(&mut definition.clauses, |id| gone.contains(id));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn what_depends_stands_in_the_way() {
        let schema = "CREATE TABLE t (a int PRIMARY KEY); CREATE VIEW v AS SELECT a FROM t;
                      CREATE TABLE u (a int REFERENCES t);";
        let refused = errors(&[schema, "DROP TABLE t;"].concat());
        assert_eq!(refused.len(), 1);
        assert_same(&[schema, "DROP TABLE t CASCADE;"].concat(), "CREATE TABLE u (a int);");
    }

    #[test]
    fn parts_owned_sequences_and_memberships_go_by_themselves() {
        let schema = "CREATE TABLE t (a serial); CREATE INDEX ON t (a); CREATE TABLE u (b int);
                      CREATE PUBLICATION p FOR TABLE t, u; CREATE STATISTICS s ON a, (a + 1) FROM t;";
        assert_same(
            &[schema, "DROP TABLE t;"].concat(),
            "CREATE TABLE u (b int); CREATE PUBLICATION p FOR TABLE u;",
        );
    }

    #[test]
    fn a_column_of_a_publications_list_or_filter_stands_in_the_way() {
        let tables = "CREATE TABLE t (a int, b int); CREATE TABLE u (a int);";
        for member in ["t (a)", "t WHERE (a > 0)"] {
            let schema = [tables, "CREATE PUBLICATION p FOR TABLE u, ", member, ";"].concat();
            assert_eq!(errors(&[&schema, "ALTER TABLE t DROP COLUMN a;"].concat()).len(), 1);
            assert_same(
                &[&schema, "ALTER TABLE t DROP COLUMN a CASCADE;"].concat(),
                "CREATE TABLE t (b int); CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE u;",
            );
            assert_same(
                &[&schema, "DROP TABLE t;"].concat(),
                "CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE u;",
            );
        }
    }

    #[test]
    fn a_partition_that_a_foreign_key_may_refer_to_goes_only_when_it_is_detached() {
        let rest = "CREATE TABLE t (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE u (a int REFERENCES t);";
        let part = "CREATE TABLE p PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (a);
                    CREATE TABLE q PARTITION OF p FOR VALUES IN (1);";
        let schema = [rest, part].concat();
        for refused in ["DROP TABLE q;", "DROP TABLE p;", "DROP TABLE t;"] {
            assert_eq!(errors(&[&schema, refused].concat()).len(), 1);
        }
        let detached = "ALTER TABLE t DETACH PARTITION p; DROP TABLE q; DROP TABLE p;";
        assert_same(&[&schema, detached].concat(), rest);
        assert!(errors(&[&schema, "DROP TABLE u, q;"].concat()).is_empty());
    }

    #[test]
    fn a_partitions_key_stands_in_the_way_of_the_index_that_it_is_a_part_of() {
        let rest = "CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a);";
        let schema = [
            rest,
            "CREATE TABLE p PARTITION OF t (PRIMARY KEY (a)) FOR VALUES IN (1); CREATE UNIQUE INDEX i ON t (a);",
        ]
        .concat();
        assert_eq!(errors(&[&schema, "DROP INDEX i;"].concat()).len(), 1);
        assert_same(&[&schema, "DROP TABLE p; DROP INDEX i;"].concat(), rest);
        assert_same(&[&schema, "DROP TABLE t;"].concat(), "");
    }

    #[test]
    fn a_foreign_key_needs_one_of_the_keys_that_serve_it() {
        let schema = "CREATE TABLE t (a int UNIQUE); CREATE UNIQUE INDEX other ON t (a);
                      CREATE TABLE u (a int REFERENCES t (a));";
        assert!(errors(&[schema, "DROP INDEX other;"].concat()).is_empty());
        let both = "DROP INDEX other; ALTER TABLE t DROP CONSTRAINT t_a_key;";
        assert_eq!(errors(&[schema, both].concat()).len(), 1);
    }
}
