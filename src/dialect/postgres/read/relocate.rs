//! SET SCHEMA (`AlterObjectSchemaStmt`; `alter.c`, `tablecmds.c` `AlterTableNamespace`).
//!
//! Knows what moves along: a table takes its indexes and the sequences that its columns own.

use super::ast::{AlterObjectSchemaStmt, ObjectType};
use super::identify::Found;
use super::{Applied, Interpreter};
use crate::catalog::{DefinitionId, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use std::sync::Arc;

impl Interpreter {
    pub(super) fn set_schema(&mut self, statement: &AlterObjectSchemaStmt) -> Applied {
        let schema = Ident::from(statement.newschema.as_str());
        if !self.catalog.contains(&ObjectId::Schema(schema.clone())) {
            return Err(self.error(Code::UnknownSchema, -1, format!("schema \"{schema}\" does not exist")));
        }
        if let Some(range) = statement.relation.as_ref() {
            return match self.relation_or_hidden(range) {
                Some((ObjectId::Relation(name), _)) => {
                    let kind = statement.object_type();
                    if kind != ObjectType::ObjectTable {
                        self.check_relation_kind(kind, &ObjectId::Relation(name.clone()), &name)?;
                    }
                    self.move_relation(&name, &schema)
                }
                Some(_) => Err(self.error(
                    Code::InvalidDefinition,
                    range.location,
                    "cannot move an index or sequence that belongs to a constraint or column",
                )),
                None if statement.missing_ok => Ok(()),
                None => self.relation(range).map(|_| ()),
            };
        }
        match self.look_up(statement.object_type(), statement.object.as_deref())? {
            Found::Object(id) => self.move_named(&id, schema),
            Found::Missing(_) if statement.missing_ok => Ok(()),
            Found::Missing(error) => Err(error),
        }
    }

    fn move_relation(&mut self, name: &QualifiedName, schema: &Ident) -> Applied {
        if &name.schema == schema {
            return Ok(());
        }
        let relation = ObjectId::Relation(name.clone());
        let indexes = self.catalog.parts(&relation).map(|(id, _)| id.clone());
        let mut following: Vec<ObjectId> = indexes.filter(|id| matches!(id, ObjectId::Relation(_))).collect();
        following.extend(self.owned_sequences(&relation));
        following.sort_by_key(|id| self.catalog.position(id));
        let following = following.iter().filter_map(|id| id.qualified_name().cloned());
        for name in std::iter::once(name.clone()).chain(following) {
            let to = QualifiedName::new(schema.clone(), name.name.as_str());
            if self.relation_name_taken(&to) {
                return Err(self.name_taken(&ObjectId::Relation(to)));
            }
            self.rename_object(&ObjectId::Relation(name), ObjectId::Relation(to))?;
        }
        Ok(())
    }

    fn move_named(&mut self, id: &ObjectId, schema: Ident) -> Applied {
        let moved = |name: &QualifiedName| QualifiedName::new(schema.clone(), name.name.as_str());
        let to = match id {
            ObjectId::Type(name) => ObjectId::Type(moved(name)),
            ObjectId::Routine(name, signature) => ObjectId::Routine(moved(name), signature.clone()),
            ObjectId::Definition(definition) => ObjectId::Definition(Arc::new(DefinitionId {
                schema: Some(schema),
                ..(**definition).clone()
            })),
            ObjectId::Extension(_) => {
                if let Some(entry) = self.catalog.get_mut(id)
                    && let Object::Extension(extension) = &mut entry.object
                {
                    extension.schema = Some(ObjectId::Schema(schema.clone()));
                }
                self.move_provided(id, &schema);
                return Ok(());
            }
            ObjectId::Schema(_)
            | ObjectId::Relation(_)
            | ObjectId::Column(..)
            | ObjectId::Default(..)
            | ObjectId::Constraint(..)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Trigger(..)
            | ObjectId::Rule(..)
            | ObjectId::Policy(..)
            | ObjectId::DefaultPrivileges(_)
            | ObjectId::Provided(_) => return Err(self.refuse(-1, "SET SCHEMA of this object")),
        };
        if &to == id {
            return Ok(());
        }
        self.rename_object(id, to)
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn a_table_takes_indexes_and_sequences_along() {
        assert_same(
            "CREATE SCHEMA s; CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY); CREATE INDEX i ON t (b);
             ALTER TABLE t SET SCHEMA s;",
            "CREATE SCHEMA s; CREATE TABLE s.t (a serial, b int GENERATED ALWAYS AS IDENTITY);
             CREATE INDEX i ON s.t (b);",
        );
    }
}
