//! Triggers, and their copies on partitions (`trigger.c`, `tablecmds.c` `CloneRowTriggersToPartition`).
//!
//! Knows the bits in which the grammar hands over timing and events.

use super::ast::{CreateTrigStmt, NodeEnum};
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::constraint::Deferral;
use crate::catalog::trigger::{ConstraintTrigger, Firing, Trigger, TriggerEvent, TriggerLevel, TriggerTiming};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName, Refers};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use std::sync::Arc;

/// `TRIGGER_TYPE_BEFORE` of `catalog/pg_trigger.h`.
const BEFORE: i32 = 1 << 1;
/// `TRIGGER_TYPE_INSTEAD`.
const INSTEAD: i32 = 1 << 6;
/// The event bits, in the order in which a trigger's events are kept.
const EVENTS: [(i32, TriggerEvent); 4] = [
    (1 << 2, TriggerEvent::Insert),
    (1 << 3, TriggerEvent::Delete),
    (1 << 4, TriggerEvent::Update),
    (1 << 5, TriggerEvent::Truncate),
];

impl Interpreter {
    pub(super) fn create_trigger(&mut self, statement: &CreateTrigStmt) -> Applied {
        let Some(range) = statement.relation.as_ref() else {
            return Err(self.refuse(-1, "a trigger without a table"));
        };
        let relation = self.relation(range)?;
        let trigger = self.trigger(statement, &relation)?;
        let id = ObjectId::Trigger(relation.clone(), Ident::from(statement.trigname.as_str()));
        let existing = if statement.replace {
            self.check_trigger_replaceable(&id, &trigger)?;
            Existing::Replace
        } else {
            Existing::Refuse
        };
        let is_row = trigger.level == TriggerLevel::Row;
        self.create(id.clone(), Object::Trigger(Box::new(trigger)), range.location, existing)?;
        if is_row {
            for partition in self.partitions(&ObjectId::Relation(relation)) {
                if let ObjectId::Relation(partition) = partition {
                    self.copy_trigger(&id, &partition)?;
                }
            }
        }
        Ok(())
    }

    /// Gives a partition copies of its parent's row triggers, and its own partitions in turn.
    pub(super) fn copy_row_triggers(&mut self, parent: &QualifiedName, partition: &QualifiedName) -> Applied {
        let triggers: Vec<ObjectId> = self
            .catalog
            .parts(&ObjectId::Relation(parent.clone()))
            .filter(
                |(_, entry)| matches!(&entry.object, Object::Trigger(trigger) if trigger.level == TriggerLevel::Row),
            )
            .map(|(id, _)| id.clone())
            .collect();
        for trigger in triggers {
            self.copy_trigger(&trigger, partition)?;
        }
        Ok(())
    }

    /// Takes the copies of a former parent's triggers from a table that is no partition any more, and from its partitions.
    pub(super) fn drop_copied_triggers(&mut self, partition: &QualifiedName) {
        let id = ObjectId::Relation(partition.clone());
        let copies: Vec<ObjectId> = self
            .catalog
            .parts(&id)
            .filter(|(_, entry)| matches!(&entry.object, Object::Trigger(trigger) if trigger.parent.is_some()))
            .map(|(id, _)| id.clone())
            .collect();
        for copy in copies {
            self.drop_trigger_copies_of(&copy);
            self.catalog.remove(&copy);
        }
    }

    fn drop_trigger_copies_of(&mut self, trigger: &ObjectId) {
        let copies: Vec<ObjectId> = self
            .catalog
            .iter()
            .filter(
                |(_, entry)| matches!(&entry.object, Object::Trigger(copy) if copy.parent.as_ref() == Some(trigger)),
            )
            .map(|(id, _)| id.clone())
            .collect();
        for copy in copies {
            self.drop_trigger_copies_of(&copy);
            self.catalog.remove(&copy);
        }
    }

    fn copy_trigger(&mut self, original: &ObjectId, partition: &QualifiedName) -> Applied {
        let (ObjectId::Trigger(parent, name), Some(entry)) = (original, self.catalog.get(original)) else {
            return Ok(());
        };
        let Object::Trigger(trigger) = &entry.object else {
            return Ok(());
        };
        let id = ObjectId::Trigger(partition.clone(), name.clone());
        let mut copy = (**trigger).clone();
        // The copy's columns are the partition's; all else stays.
        copy.rename(&|id| match id {
            ObjectId::Column(relation, column) if relation == parent => {
                Some(ObjectId::Column(partition.clone(), column.clone()))
            }
            ObjectId::Relation(relation) if relation == parent => Some(ObjectId::Relation(partition.clone())),
            _ => None,
        });
        copy.parent = Some(original.clone());
        let is_copy_already = matches!(
            self.catalog.get(&id).map(|entry| &entry.object),
            Some(Object::Trigger(known)) if known.parent.as_ref() == Some(original)
        );
        let existing = if is_copy_already {
            Existing::Replace
        } else {
            Existing::Refuse
        };
        self.create(id.clone(), Object::Trigger(Box::new(copy)), -1, existing)?;
        for child in self.partitions(&ObjectId::Relation(partition.clone())) {
            if let ObjectId::Relation(child) = child {
                self.copy_trigger(&id, &child)?;
            }
        }
        Ok(())
    }

    fn trigger(&self, statement: &CreateTrigStmt, relation: &QualifiedName) -> Applied<Trigger> {
        let id = ObjectId::Relation(relation.clone());
        let events: Vec<TriggerEvent> = EVENTS
            .iter()
            .filter(|(bit, _)| statement.events & bit != 0)
            .map(|(_, event)| *event)
            .collect();
        // The server keeps them in the author's order (`tgattr`).
        let columns = ast::strings(&statement.columns)
            .into_iter()
            .map(|column| self.column(relation, column, -1))
            .collect::<Applied<Vec<ObjectId>>>()?;
        let when = statement
            .when_clause
            .as_deref()
            .map(|condition| self.expression(condition, &Scope::trigger(id.clone())))
            .transpose()?;
        let (mut old_table, mut new_table) = (None, None);
        for node in &statement.transition_rels {
            if let Some(NodeEnum::TriggerTransition(transition)) = node.node.as_ref() {
                if !transition.is_table {
                    return Err(self.refuse(-1, "ROW variable naming in the REFERENCING clause"));
                }
                let name = Some(Ident::from(transition.name.as_str()));
                if transition.is_new {
                    new_table = name;
                } else {
                    old_table = name;
                }
            }
        }
        let constraint = if statement.isconstraint {
            let from = statement.constrrel.as_ref();
            Some(ConstraintTrigger {
                deferral: match (statement.deferrable, statement.initdeferred) {
                    (_, true) => Deferral::InitiallyDeferred,
                    (true, false) => Deferral::InitiallyImmediate,
                    (false, false) => Deferral::NotDeferrable,
                },
                from: from
                    .map(|range| self.relation(range))
                    .transpose()?
                    .map(ObjectId::Relation),
            })
        } else {
            None
        };
        Ok(Trigger {
            timing: match statement.timing {
                BEFORE => TriggerTiming::Before,
                INSTEAD => TriggerTiming::InsteadOf,
                _ => TriggerTiming::After,
            },
            events,
            columns,
            level: if statement.row {
                TriggerLevel::Row
            } else {
                TriggerLevel::Statement
            },
            when,
            old_table,
            new_table,
            function: self.function_reference(&statement.funcname, &[], -1)?,
            arguments: ast::strings(&statement.args).into_iter().map(Arc::from).collect(),
            constraint,
            firing: Firing::Origin,
            parent: None,
        })
    }

    fn check_trigger_replaceable(&self, id: &ObjectId, trigger: &Trigger) -> Applied {
        match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Trigger(known))
                if known.constraint.is_some() != trigger.constraint.is_some() || known.parent.is_some() =>
            {
                Err(self.error(
                    Code::InvalidDefinition,
                    -1,
                    format!("trigger \"{}\" cannot be replaced", id.last_name()),
                ))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{ObjectId, QualifiedName};
    use crate::dialect::postgres::read::testing::{assert_same, catalog, errors};

    const FUNCTION: &str = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

    #[test]
    fn partitions_get_copies_of_row_triggers_either_way() {
        let table = "CREATE TABLE p (a int) PARTITION BY LIST (a);";
        let trigger = "CREATE TRIGGER g BEFORE UPDATE OF a ON p FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f();";
        let partition = "CREATE TABLE c PARTITION OF p DEFAULT;";
        let first = [FUNCTION, table, trigger, partition].concat();
        assert_same(&first, &[FUNCTION, table, partition, trigger].concat());
        let copy = ObjectId::Trigger(QualifiedName::new("public", "c"), "g".into());
        assert!(catalog(&first).contains(&copy));
        assert!(!catalog(&[&first, "DROP TRIGGER g ON p;"].concat()).contains(&copy));
        assert_eq!(errors(&[&first, "DROP TRIGGER g ON c;"].concat()).len(), 1);
    }

    #[test]
    fn a_function_that_is_not_there_is_an_error() {
        assert_eq!(
            errors("CREATE TABLE t (a int); CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();"),
            ["function \"f\" does not exist"]
        );
    }
}
