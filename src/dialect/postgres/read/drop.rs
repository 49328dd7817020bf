//! DROP of every kind (PostgreSQL manual, the DROP commands; `dropcmds.c`).
//!
//! Knows which object each form names. What goes along is `remove`'s business.

use super::ast::{DropStmt, DropSubscriptionStmt, DropUserMappingStmt, ObjectType};
use super::identify::{Found, global_definition};
use super::remove::Behaviour;
use super::{Applied, Interpreter};
use crate::catalog::{DefinitionKind, Ident, Object, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use std::sync::Arc;

impl Interpreter {
    pub(super) fn drop_objects(&mut self, statement: &DropStmt) -> Applied {
        let kind = statement.remove_type();
        let mut roots = Vec::new();
        for object in &statement.objects {
            if matches!(kind, ObjectType::ObjectTable | ObjectType::ObjectView) && self.drop_temporary(object) {
                continue;
            }
            match self.look_up(kind, Some(object)) {
                Ok(Found::Object(id)) => {
                    self.check_droppable(kind, &id)?;
                    roots.push(id);
                }
                Ok(Found::Missing(_)) if statement.missing_ok => {}
                Ok(Found::Missing(error)) => return Err(error),
                Err(error) => return Err(error),
            }
        }
        if roots.is_empty() {
            return Ok(());
        }
        let behaviour = Behaviour::of(statement.behavior());
        if kind == ObjectType::ObjectExtension {
            self.note_unknown_members(&roots);
        }
        self.remove(roots, behaviour, -1)
    }

    pub(super) fn drop_user_mapping(&mut self, statement: &DropUserMappingStmt) -> Applied {
        let server = Ident::from(statement.servername.as_str());
        let id = self.user_mapping_id(statement.user.as_ref(), server)?;
        self.drop_one(id, statement.missing_ok)
    }

    pub(super) fn drop_subscription(&mut self, statement: &DropSubscriptionStmt) -> Applied {
        let name = Ident::from(statement.subname.as_str());
        let id = ObjectId::Definition(Arc::new(global_definition(DefinitionKind::Subscription, name)));
        self.drop_one(id, statement.missing_ok)
    }

    fn drop_one(&mut self, id: ObjectId, missing_ok: bool) -> Applied {
        if self.catalog.contains(&id) {
            return self.remove(vec![id], Behaviour::Restrict, -1);
        }
        if missing_ok {
            return Ok(());
        }
        let shown = crate::dialect::postgres::describe(&id);
        Err(self.error(Code::UnknownObject, -1, format!("{shown} does not exist")))
    }

    /// Refuses to drop what belongs to another object (`dependency.c`, "you can drop … instead").
    fn check_droppable(&self, kind: ObjectType, id: &ObjectId) -> Applied {
        let owner = match (kind, id) {
            (ObjectType::ObjectIndex, ObjectId::Constraint(..)) => Some(id.clone()),
            (ObjectType::ObjectSequence, ObjectId::Column(..)) => Some(id.clone()),
            _ => match self.catalog.get(id).map(|entry| &entry.object) {
                Some(Object::Index(index)) => index.parent.clone(),
                Some(Object::Trigger(trigger)) => trigger.parent.clone(),
                _ => None,
            },
        };
        match owner {
            None => Ok(()),
            Some(owner) => {
                let owner = crate::dialect::postgres::describe(&owner);
                Err(self.error(
                    Code::DependentObjects,
                    -1,
                    format!("cannot drop {} because {owner} requires it", shown_kind(kind)),
                ))
            }
        }
    }

    /// What an extension made is not in the catalog, so nothing can be said about who uses it.
    fn note_unknown_members(&mut self, roots: &[ObjectId]) {
        for id in roots {
            let shown = crate::dialect::postgres::describe(id);
            self.diagnostics.push(
                Diagnostic::note(
                    Code::DependentObjects,
                    format!("what depends on the objects of {shown} is not known"),
                )
                .at(self.place(-1)),
            );
        }
    }
}

fn shown_kind(kind: ObjectType) -> &'static str {
    match kind {
        ObjectType::ObjectIndex => "index",
        ObjectType::ObjectSequence => "sequence",
        ObjectType::ObjectTrigger => "trigger",
        _ => "object",
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn a_list_may_hold_what_depends_on_each_other() {
        let schema = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;";
        assert_same(
            &[schema, "DROP VIEW v, w; DROP TABLE IF EXISTS t, missing;"].concat(),
            "",
        );
    }

    #[test]
    fn the_kind_must_be_right_and_an_index_belongs_to_its_constraint() {
        let schema = "CREATE TABLE t (a int PRIMARY KEY);";
        assert_eq!(errors(&[schema, "DROP VIEW t;"].concat()), ["\"t\" is not a view"]);
        assert_eq!(errors(&[schema, "DROP INDEX t_pkey;"].concat()).len(), 1);
    }
}
