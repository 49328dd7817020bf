//! The switch: in one short transaction the new column takes the old one's place, and back.
//!
//! Every statement changes the catalog only. What is bound to a column by its number is moved by hand: keys, checks,
//! foreign keys, default, identity, owned sequence (PostgreSQL manual, `pg_depend`).

use super::build::{constraint_of, of_sort};
use super::carry::{Carried, Sort};
use super::enforce::NAMED_NOT_NULL;
use super::expand::Direction;
use super::names::{Purpose, of_column};
use super::partitions::{Stage, parent_of};
use super::{Group, Twin, column_of, default_of, not_null_id};
use crate::catalog::constraint::Constraint;
use crate::catalog::sequence::Sequence;
use crate::catalog::table::{Column, Identity, Persistence, ReplicaIdentity};
use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::dialect::postgres::action::{Action, Guard, Kind, SequencePosition, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::pair::Pair;
use crate::plan::lock::LockMode;
use crate::plan::{Company, Phase, Rung, State, Statement};

impl Group<'_> {
    /// The rung of the switch.
    pub(super) fn switch(&self) -> Rung {
        rung(State::Public, Phase::Enforce, self.switch_up(), self.switch_down())
    }

    fn switch_up(&self) -> Vec<Statement> {
        let mut statements = vec![self.lock()];
        for (id, constraint) in self.constraints(&[Sort::ForeignKey, Sort::Check, Sort::Primary], old_form) {
            statements.push(self.drop_constraint(id, constraint, Guard::None));
        }
        for twin in &self.twins {
            statements.extend(self.release(twin, &twin.ends.from, twin.entries.as_ref(), self.lowering.pair.from));
        }
        for carried in self.kept(&[Sort::Index]) {
            statements.push(self.rename_index(&carried.from.0, &carried.old));
        }
        for carried in self.kept(&[Sort::Unique]) {
            statements.push(self.rename_constraint(&carried.from.0, &carried.old));
        }
        for twin in &self.twins {
            statements.extend(self.rename_not_null(&twin.table, old_not_null_names(self, twin)));
            statements.extend(self.rename_column(&twin.ends.from, &twin.old));
            statements.extend(self.rename_column(&twin.new, &twin.ends.to));
            statements.extend(self.rename_not_null(&twin.table, new_not_null_names(self, twin)));
        }
        for carried in self.kept(&[Sort::Index]) {
            if let Some((to, _)) = &carried.to {
                statements.push(self.rename_index(&carried.new, to));
            }
        }
        statements.extend(self.add_keys(&[Sort::Primary, Sort::Unique], Stage::Wanted));
        for carried in self.kept(&[Sort::Check, Sort::ForeignKey]) {
            if let Some((to, _)) = &carried.to {
                statements.push(self.rename_constraint(&carried.new, to));
            }
        }
        statements.extend(self.marks(self.lowering.pair.to));
        for twin in &self.twins {
            statements.extend(self.take_on(twin, &twin.ends.to, twin.entries.as_ref(), self.lowering.pair.to));
        }
        for table in &self.tables {
            statements.extend(self.turn_sync(table, Direction::Backward));
        }
        statements
    }

    fn switch_down(&self) -> Vec<Statement> {
        let mut statements = vec![self.lock()];
        for (id, constraint) in self.constraints(&[Sort::ForeignKey, Sort::Primary, Sort::Unique], new_form) {
            statements.push(self.drop_constraint(id, constraint, Guard::None));
        }
        for carried in self.kept(&[Sort::Check]) {
            if let Some((to, _)) = &carried.to {
                statements.push(self.rename_constraint(to, &carried.new));
            }
        }
        for twin in &self.twins {
            statements.extend(self.release(
                twin,
                &twin.ends.to,
                twin.entries.as_ref().reverse(),
                self.lowering.pair.to,
            ));
        }
        for carried in self.kept(&[Sort::Index]) {
            if let Some((to, _)) = &carried.to {
                statements.push(self.rename_index(to, &carried.new));
            }
        }
        for twin in &self.twins {
            statements.extend(self.rename_not_null(&twin.table, new_not_null_names(self, twin).map(Pair::reverse)));
            statements.extend(self.rename_column(&twin.ends.to, &twin.new));
            statements.extend(self.rename_column(&twin.old, &twin.ends.from));
            statements.extend(self.rename_not_null(&twin.table, old_not_null_names(self, twin).map(Pair::reverse)));
        }
        for carried in self.kept(&[Sort::Index]) {
            statements.push(self.rename_index(&carried.old, &carried.from.0));
        }
        for carried in self.kept(&[Sort::Unique]) {
            statements.push(self.rename_constraint(&carried.old, &carried.from.0));
        }
        statements.extend(self.add_keys(&[Sort::Primary], Stage::Before));
        for (id, constraint) in self.constraints(&[Sort::Check, Sort::ForeignKey], old_form) {
            statements.push(self.add_not_valid(id, constraint));
        }
        for carried in of_sort(&self.carried, &[Sort::Check, Sort::ForeignKey]) {
            statements.extend(self.belongings(&carried.from.0, &carried.from.1));
        }
        statements.extend(self.marks(self.lowering.pair.from));
        for twin in &self.twins {
            let entries = twin.entries.as_ref().reverse();
            statements.extend(self.take_on(twin, &twin.ends.from, entries, self.lowering.pair.from));
        }
        for table in &self.tables {
            statements.extend(self.turn_sync(table, Direction::Forward));
        }
        statements
    }

    /// All tables that any statement of the switch locks, at once.
    fn lock(&self) -> Statement {
        let mut relations = self.tables.clone();
        for carried in of_sort(&self.carried, &[Sort::ForeignKey]) {
            for table in [Some(carried.table()), self.referenced(&carried.from.1)]
                .into_iter()
                .flatten()
            {
                if !relations.contains(&table) {
                    relations.push(table);
                }
            }
        }
        relations.sort_by_key(|table| self.lowering.pair.from.position(table));
        self.statement(
            Action::LockTable {
                relations,
                mode: LockMode::AccessExclusive,
            },
            "All tables at once, so that the short lock is waited for once.",
        )
    }

    /// Those that are there on both sides.
    fn kept<'g>(&'g self, sorts: &'g [Sort]) -> impl Iterator<Item = &'g Carried> {
        of_sort(&self.carried, sorts).filter(|carried| carried.to.is_some())
    }

    fn constraints<'g>(
        &'g self,
        sorts: &'g [Sort],
        form: impl Fn(&'g Carried) -> Option<(&'g ObjectId, &'g Constraint)> + 'g,
    ) -> impl Iterator<Item = (&'g ObjectId, &'g Constraint)> {
        sorts
            .iter()
            .flat_map(move |sort| of_sort(&self.carried, std::slice::from_ref(sort)))
            .filter_map(form)
    }

    /// Default and identity come off the column that bears the name; `entries` go from the leaving to the coming form.
    fn release(&self, twin: &Twin, column: &ObjectId, entries: Pair<&Entry>, catalog: &Catalog) -> Vec<Statement> {
        let mut statements = Vec::new();
        if let Some(identity) = identity_of(entries.from) {
            if identity_of(entries.to).is_some() {
                statements.extend(self.save_position(twin, identity));
            }
            statements.push(self.alter(
                &twin.table,
                TableForm::DropIdentity(column.clone(), Guard::None),
                "The identity moves to the other column.",
            ));
        }
        if self.default(catalog, column).is_some() {
            statements.push(self.alter(
                &twin.table,
                TableForm::DropDefault(column.clone()),
                "The default moves to the other column.",
            ));
        }
        statements
    }

    /// Default, owned sequence and identity go onto the column that bears the name now.
    fn take_on(&self, twin: &Twin, column: &ObjectId, entries: Pair<&Entry>, catalog: &Catalog) -> Vec<Statement> {
        let mut statements = Vec::new();
        let sequences: Vec<Pair<ObjectId>> = self
            .owned_sequences(twin)
            .into_iter()
            .map(|names| {
                if column == &twin.ends.to && std::ptr::eq(catalog, self.lowering.pair.to) {
                    names
                } else {
                    names.reverse()
                }
            })
            .collect();
        for names in sequences.iter().filter(|names| !names.is_same()) {
            let subject = Subject {
                id: names.from.clone(),
                kind: Kind::Sequence,
            };
            statements.push(self.rename(subject, &names.to));
        }
        if let Some(expression) = self.default(catalog, column) {
            statements.push(self.alter(
                &twin.table,
                TableForm::SetDefault(column.clone(), expression),
                "The default of the column under this name.",
            ));
        }
        for sequence in sequences.into_iter().map(|names| names.to) {
            statements.push(self.statement(
                Action::SetOwnedBy {
                    sequence: sequence.clone(),
                    column: Some(column.clone()),
                },
                format!("{} goes away with the column it is for.", describe(&sequence)),
            ));
        }
        if let Some(identity) = identity_of(entries.to) {
            statements.push(self.alter(
                &twin.table,
                TableForm::AddIdentity(column.clone(), identity.clone()),
                "The identity with its sequence under the same name.",
            ));
            statements.extend(self.restore_position(twin, column, identity, identity_of(entries.from)));
        }
        statements
    }

    /// The default of a column, unless it is made anew by itself.
    fn default(&self, catalog: &Catalog, column: &ObjectId) -> Option<crate::catalog::Template> {
        let id = default_of(column);
        match catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Default(default)) if !self.lowering.is_replaced(&id) => Some(default.expression.clone()),
            _ => None,
        }
    }

    /// The sequences that belong to the column on both sides. One that bears another name now, because it is named after
    /// its column, is the same when nothing else differs.
    pub(super) fn owned_sequences(&self, twin: &Twin) -> Vec<Pair<ObjectId>> {
        let lowering = self.lowering;
        let mut coming = owned_by(lowering.pair.to, &twin.ends.to);
        let mut found = Vec::new();
        for (from, entry) in owned_by(lowering.pair.from, &twin.ends.from) {
            let same = |(to, wanted): &(ObjectId, Entry)| {
                to == &from || lowering.is_dropped(&from) && lowering.is_created(to) && same_sequence(&entry, wanted)
            };
            if let Some(position) = coming.iter().position(same) {
                let (to, _) = coming.remove(position);
                found.push(Pair { from, to });
            }
        }
        found
    }

    /// DROP IDENTITY drops the sequence: a second one remembers where it stood.
    fn save_position(&self, twin: &Twin, identity: &Identity) -> Vec<Statement> {
        let (id, entry) = self.position_sequence(twin, identity);
        vec![
            self.statement(
                Action::create(id.clone(), entry, Vec::new()),
                "Remembers where the identity stands while it moves.",
            ),
            self.statement(
                Action::SetSequenceValue {
                    sequence: id,
                    position: SequencePosition::As(identity_sequence(twin, identity)),
                },
                "The next value is taken over exactly.",
            ),
        ]
    }

    fn restore_position(
        &self,
        twin: &Twin,
        column: &ObjectId,
        identity: &Identity,
        saved: Option<&Identity>,
    ) -> Vec<Statement> {
        let sequence = identity_sequence(twin, identity);
        let Some(saved) = saved else {
            if column == &twin.ends.to && self.is_numbered_late(twin) {
                return Vec::new();
            }
            return vec![self.behind_all(sequence, column)];
        };
        let (id, entry) = self.position_sequence(twin, saved);
        vec![
            self.statement(
                Action::SetSequenceValue {
                    sequence,
                    position: SequencePosition::As(id.clone()),
                },
                "The next value is taken over exactly.",
            ),
            self.statement(Action::drop(&id, &entry), "It is remembered where it belongs."),
        ]
    }

    fn behind_all(&self, sequence: ObjectId, column: &ObjectId) -> Statement {
        self.statement(
            Action::SetSequenceValue {
                sequence,
                position: SequencePosition::Behind(column.clone()),
            },
            "The next value is behind all there are.",
        )
    }

    /// Whether a column becomes an identity whose greatest value no index tells: the rows are not read under the strong lock.
    fn is_numbered_late(&self, twin: &Twin) -> bool {
        identity_of(&twin.entries.from).is_none()
            && identity_of(&twin.entries.to).is_some()
            && !self.lowering.surroundings.begins_an_index(&twin.ends.to)
    }

    /// The rung behind the switch in which such identities are set behind the values there are.
    pub(super) fn numbered_late(&self) -> Option<Rung> {
        let late = self.twins.iter().filter(|twin| self.is_numbered_late(twin));
        let up: Vec<Statement> = late
            .filter_map(|twin| {
                let sequence = identity_sequence(twin, identity_of(&twin.entries.to)?);
                Some(self.behind_all(sequence, &twin.ends.to))
            })
            .collect();
        (!up.is_empty()).then(|| Rung {
            company: Company::Scan,
            ..rung(State::Public, Phase::Enforce, up, Vec::new())
        })
    }

    fn position_sequence(&self, twin: &Twin, identity: &Identity) -> (ObjectId, Entry) {
        let sequence = Sequence {
            persistence: Persistence::Logged,
            options: identity.options.clone(),
            owned_by: None,
        };
        (
            ObjectId::Relation(of_column(self.lowering, &twin.ends.to, Purpose::Position)),
            Entry::new(Object::Sequence(Box::new(sequence))),
        )
    }

    /// REPLICA IDENTITY and CLUSTER ON, where they go by an index that has been switched.
    fn marks(&self, catalog: &Catalog) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut tables: Vec<&ObjectId> = Vec::new();
        for twin in &self.all {
            if !tables.contains(&&twin.table) {
                tables.push(&twin.table);
            }
        }
        for table in tables {
            let Some(Object::Table(definition)) = catalog.get(table).map(|entry| &entry.object) else {
                continue;
            };
            let switched = |id: &ObjectId| {
                self.kept(&[Sort::Index, Sort::Unique, Sort::Primary])
                    .any(|carried| &carried.from.0 == id || carried.to.as_ref().is_some_and(|(to, _)| to == id))
            };
            if let ReplicaIdentity::Index(index) = &definition.replica_identity
                && switched(index)
            {
                statements.push(self.alter(
                    table,
                    TableForm::ReplicaIdentity(definition.replica_identity.clone()),
                    "Replication goes by the index under this name.",
                ));
            }
            if let Some(index) = definition.cluster_on.as_ref().filter(|index| switched(index)) {
                statements.push(self.alter(
                    table,
                    TableForm::ClusterOn(Some(index.clone())),
                    "CLUSTER goes by the index under this name.",
                ));
            }
        }
        statements
    }

    /// RENAME CONSTRAINT of a NOT NULL, on servers that keep its name.
    fn rename_not_null(&self, table: &ObjectId, names: Option<Pair<ObjectId>>) -> Option<Statement> {
        let names = names.filter(|names| !names.is_same() && self.lowering.options.version >= NAMED_NOT_NULL)?;
        debug_assert_eq!(names.from.parent().as_ref(), Some(table));
        Some(self.rename_constraint(&names.from, &names.to))
    }
}

/// The name of the new column's NOT NULL before and after the switch.
fn new_not_null_names(group: &Group<'_>, twin: &Twin) -> Option<Pair<ObjectId>> {
    let wanted = twin.to()?.not_null.as_ref()?;
    Some(Pair {
        from: not_null_id(&twin.table, &group.new_not_null(twin).name),
        to: not_null_id(&twin.table, &wanted.name),
    })
}

/// The name of the old column's NOT NULL before and after the switch.
fn old_not_null_names(group: &Group<'_>, twin: &Twin) -> Option<Pair<ObjectId>> {
    let name = &twin.from()?.not_null.as_ref()?.name;
    Some(Pair {
        from: not_null_id(&twin.table, name),
        to: not_null_id(&twin.table, &group.old_not_null_name(twin)?),
    })
}

fn old_form(carried: &Carried) -> Option<(&ObjectId, &Constraint)> {
    Some((&carried.from.0, constraint_of(&carried.from.1)?)).filter(|_| parent_of(&carried.from.1).is_none())
}

fn new_form(carried: &Carried) -> Option<(&ObjectId, &Constraint)> {
    let (id, entry) = carried.to.as_ref().filter(|(_, entry)| parent_of(entry).is_none())?;
    Some((id, constraint_of(entry)?))
}

/// The sequences that a column owns.
fn owned_by(catalog: &Catalog, column: &ObjectId) -> Vec<(ObjectId, Entry)> {
    let dependents = catalog.dependents_of(column);
    dependents
        .into_iter()
        .filter_map(|id| catalog.get(&id).cloned().map(|entry| (id, entry)))
        .filter(|(_, entry)| {
            matches!(&entry.object, Object::Sequence(sequence) if sequence.owned_by.as_ref() == Some(column))
        })
        .collect()
}

/// Whether two sequences differ in name and owner column only.
fn same_sequence(one: &Entry, other: &Entry) -> bool {
    let bare = |entry: &Entry| {
        let mut entry = entry.clone();
        if let Object::Sequence(sequence) = &mut entry.object {
            sequence.owned_by = None;
        }
        entry
    };
    bare(one) == bare(other)
}

fn identity_of(entry: &Entry) -> Option<&Identity> {
    column_of(entry).and_then(|column: &Column| column.identity.as_deref())
}

fn identity_sequence(twin: &Twin, identity: &Identity) -> ObjectId {
    match twin.table.qualified_name() {
        Some(table) => ObjectId::Relation(table.with_name(identity.sequence.clone())),
        None => twin.table.clone(),
    }
}
