//! Actions to statements: rendered, with what they need, make, take away and lock.

use super::facts::{self, SideOf};
use super::lowering::Lowering;
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::types::Type;
use crate::catalog::{Object, ObjectId};
use crate::dialect::postgres::action::{Action, CreateMode, effect, footprint, locks, transaction};
use crate::dialect::postgres::write;
use crate::plan::{Company, Lock, Phase, Reversal, Rung, State, Statement};
use std::sync::Arc;

impl Lowering<'_> {
    /// Renders an action. What it drops or lets go of is looked up in the catalog that is.
    pub fn statement(&self, action: Action, comment: impl Into<String>) -> Statement {
        let effects = footprint(&action, &self.surroundings);
        let mut provides = self.with_shared_names(effects.provides);
        let removes = self.with_shared_names(effects.removes);
        let mut releases = Vec::new();
        for id in &removes {
            let carried = self.is_carried(id);
            let requirements = self.pair.from.requirements(id).into_iter();
            releases.extend(requirements.filter(|id| !(carried && self.stays_as_column(id))));
            releases.extend(self.partitions_referred_to(id));
        }
        // Changed in place: what only the old form needed may go after it.
        if let Some(id) = changed_in_place(&action) {
            releases.extend(self.pair.from.requirements(id));
        }
        // What uses an extension does not always name it: a key WITHOUT OVERLAPS, the operator class that is the default.
        let uses = |id: &ObjectId| !matches!(id, ObjectId::Schema(_) | ObjectId::Extension(_));
        if removes.iter().any(uses) {
            releases.extend(self.extensions_that_go().cloned());
        }
        releases.retain(|id| !removes.contains(id) && !effects.requires.contains(id));
        releases.sort();
        releases.dedup();
        provides.sort();
        provides.dedup();
        let mentions = match &action {
            Action::Create(create) => mentioned(&create.entry.object),
            Action::Drop { subject, .. } => self
                .from(&subject.id)
                .map_or_else(Vec::new, |entry| mentioned(&entry.object)),
            _ => Vec::new(),
        };
        let (locks, locks_on_made) = locks(&action, &self.surroundings, self.options.version);
        Statement {
            sql: write::action(&action, self.options.version),
            comment: comment.into(),
            provides,
            claims: effects.claims,
            removes,
            requires: effects.requires,
            releases,
            mentions,
            effect: effect(&action),
            transaction: transaction(&action),
            locks: self.felt(&action, locks),
            locks_on_made,
        }
    }

    /// The extensions that go.
    pub fn extensions_that_go(&self) -> impl Iterator<Item = &ObjectId> {
        self.pair.from.extensions().filter(|id| self.is_dropped(id))
    }

    /// Whether the server carries an object along when a column under it changes: the column need not wait for its end.
    fn is_carried(&self, id: &ObjectId) -> bool {
        self.pair.from.get(id).is_some_and(|entry| {
            matches!(
                entry.object,
                Object::Index(_) | Object::Constraint(_) | Object::Default(_)
            )
        })
    }

    /// The partitions, at every level, of the table that a foreign key refers to. The server makes a constraint for each of
    /// them, which hangs on the partition (`addFkRecurseReferenced`): none can be dropped before the foreign key.
    fn partitions_referred_to(&self, id: &ObjectId) -> Vec<ObjectId> {
        let Some(ConstraintKind::ForeignKey(key)) =
            facts::constraint(self.pair.from, id).map(|constraint| &constraint.kind)
        else {
            return Vec::new();
        };
        self.partitions_at_every_level(SideOf::From, &key.table)
    }

    fn stays_as_column(&self, id: &ObjectId) -> bool {
        matches!(id, ObjectId::Column(..)) && self.pair.to.contains(id)
    }

    /// The names that come and go with objects in the namespaces of relations and types: a relation's row type, the index
    /// of a key, the sequence of an identity column, the multirange type of a range type.
    pub(super) fn with_shared_names(&self, mut ids: Vec<ObjectId>) -> Vec<ObjectId> {
        let object = |id: &ObjectId| self.to(id).or_else(|| self.from(id)).map(|entry| &entry.object);
        let mut names: Vec<ObjectId> = Vec::new();
        for id in &ids {
            match (id, object(id)) {
                (ObjectId::Relation(name), _) => names.push(ObjectId::Type(name.clone())),
                (ObjectId::Constraint(relation, name), Some(Object::Constraint(constraint))) => match constraint.kind {
                    ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
                        names.push(ObjectId::Relation(relation.with_name(name.clone())));
                    }
                    ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {}
                },
                (ObjectId::Column(relation, _), Some(Object::Column(column))) => {
                    let sequence = column.identity.as_ref().map(|identity| identity.sequence.clone());
                    names.extend(sequence.map(|sequence| ObjectId::Relation(relation.with_name(sequence))));
                }
                (ObjectId::Type(name), Some(Object::Type(found))) => {
                    if let Type::Range(range) = &**found {
                        names.push(ObjectId::Type(name.with_name(range.multirange.clone())));
                    }
                }
                _ => {}
            }
        }
        ids.extend(names);
        ids
    }

    /// The locks as others feel them: a table of this plan holds no row yet, so a constraint added to it looks nothing up.
    fn felt(&self, action: &Action, mut locks: Vec<Lock>) -> Vec<Lock> {
        if let Action::AlterTable(alter) = action
            && self.is_created(&alter.relation.id)
        {
            for lock in &mut locks {
                lock.scans = false;
            }
        }
        locks
    }

    /// The statement that raises an error in place of a way back.
    pub fn no_way_back(&self, why: &str) -> Vec<Statement> {
        vec![self.statement(
            Action::Raise {
                message: Arc::from(why),
            },
            "There is no way back.",
        )]
    }
}

/// What a string body names.
fn mentioned(object: &Object) -> Vec<ObjectId> {
    match object {
        Object::Routine(routine) => routine.mentions.0.clone(),
        _ => Vec::new(),
    }
}

/// The object that an action changes where it stands, so that it lets go of what its old form needed.
fn changed_in_place(action: &Action) -> Option<&ObjectId> {
    match action {
        Action::Create(create) => (create.mode == CreateMode::OrReplace).then_some(&create.id),
        Action::AlterPolicy { policy, .. } => Some(policy),
        Action::AlterDefinition { id, .. } => Some(id),
        Action::AlterDomain { domain, .. } => Some(domain),
        Action::AlterComposite { composite, .. } => Some(composite),
        _ => None,
    }
}

/// A rung of short catalog changes that can be undone exactly.
pub fn rung(state: State, phase: Phase, up: Vec<Statement>, down: Vec<Statement>) -> Rung {
    Rung {
        state,
        phase,
        up,
        down,
        verify: Vec::new(),
        reversal: Reversal::Exact,
        company: Company::Catalog,
    }
}

/// A rung of one statement outside a transaction, with checks that run after it.
pub fn rung_alone(state: State, phase: Phase, up: Statement, down: Vec<Statement>, verify: Vec<Statement>) -> Rung {
    Rung {
        state,
        phase,
        up: vec![up],
        down,
        verify,
        reversal: Reversal::Exact,
        company: Company::Alone,
    }
}
