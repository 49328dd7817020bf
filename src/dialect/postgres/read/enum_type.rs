//! Enum types: CREATE TYPE … AS ENUM, ADD VALUE, RENAME VALUE (`pg_enum.c`).
//!
//! Knows where a new label goes.

use super::ast::{AlterEnumStmt, CreateEnumStmt};
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::hashing::HashSet;
use crate::catalog::types::Type;
use crate::catalog::{Object, ObjectId};
use crate::diagnostic::Code;
use std::sync::Arc;

impl Interpreter {
    pub(super) fn create_enum(&mut self, statement: &CreateEnumStmt) -> Applied {
        let name = self.new_name_of(&statement.type_name, -1)?;
        let mut labels: Vec<Arc<str>> = Vec::new();
        let mut known = HashSet::default();
        for label in ast::strings(&statement.vals) {
            if !known.insert(label) {
                return Err(self.error(
                    Code::DuplicateObject,
                    -1,
                    format!("enum label \"{label}\" used more than once"),
                ));
            }
            labels.push(Arc::from(label));
        }
        self.create_type(name, Type::Enum(labels))
    }

    /// Puts a new type in; its name must be free among relations' row types too.
    pub(super) fn create_type(&mut self, name: crate::catalog::QualifiedName, definition: Type) -> Applied {
        let id = ObjectId::Type(name.clone());
        let relation = ObjectId::Relation(name);
        let has_row_type = self
            .catalog
            .get(&relation)
            .is_some_and(|entry| !matches!(entry.object, Object::Index(_) | Object::Sequence(_)));
        if has_row_type {
            return Err(self.name_taken(&relation));
        }
        // A shell type waits for its definition.
        let is_shell = matches!(
            self.catalog.get(&id).map(|entry| &entry.object),
            Some(Object::Type(known)) if matches!(**known, Type::Shell)
        );
        let existing = if is_shell { Existing::Replace } else { Existing::Refuse };
        self.create(id, Object::Type(Box::new(definition)), -1, existing)?;
        Ok(())
    }

    pub(super) fn alter_enum(&mut self, statement: &AlterEnumStmt) -> Applied {
        let (schema, name) = self.split_names(&statement.type_name)?;
        let unknown = || {
            self.error(
                Code::UnknownType,
                -1,
                format!("type {} does not exist", super::lookup::shown_name(schema, name)),
            )
        };
        let id = ObjectId::Type(self.find_type(schema, name).ok_or_else(unknown)?);
        let labels = match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Type(data_type)) => match &**data_type {
                Type::Enum(labels) => labels.clone(),
                _ => return Err(self.error(Code::InvalidDefinition, -1, format!("{name} is not an enum"))),
            },
            _ => return Err(unknown()),
        };
        let labels = if statement.old_val.is_empty() {
            self.with_label(labels, statement)?
        } else {
            self.with_renamed_label(labels, statement)?
        };
        if let Some(entry) = self.catalog.get_mut(&id) {
            entry.object = Object::Type(Box::new(Type::Enum(labels)));
        }
        Ok(())
    }

    fn with_label(&self, mut labels: Vec<Arc<str>>, statement: &AlterEnumStmt) -> Applied<Vec<Arc<str>>> {
        let new: Arc<str> = Arc::from(statement.new_val.as_str());
        if labels.contains(&new) {
            if statement.skip_if_new_val_exists {
                return Ok(labels);
            }
            return Err(self.error(
                Code::DuplicateObject,
                -1,
                format!("enum label \"{new}\" already exists"),
            ));
        }
        let position = if statement.new_val_neighbor.is_empty() {
            labels.len()
        } else {
            let neighbour = self.label_position(&labels, &statement.new_val_neighbor)?;
            neighbour + usize::from(statement.new_val_is_after)
        };
        labels.insert(position, new);
        Ok(labels)
    }

    fn with_renamed_label(&self, mut labels: Vec<Arc<str>>, statement: &AlterEnumStmt) -> Applied<Vec<Arc<str>>> {
        let position = self.label_position(&labels, &statement.old_val)?;
        let new: Arc<str> = Arc::from(statement.new_val.as_str());
        if labels.contains(&new) {
            return Err(self.error(
                Code::DuplicateObject,
                -1,
                format!("enum label \"{new}\" already exists"),
            ));
        }
        if let Some(label) = labels.get_mut(position) {
            *label = new;
        }
        Ok(labels)
    }

    fn label_position(&self, labels: &[Arc<str>], wanted: &str) -> Applied<usize> {
        labels.iter().position(|label| &**label == wanted).ok_or_else(|| {
            self.error(
                Code::UnknownObject,
                -1,
                format!("\"{wanted}\" is not an existing enum label"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn labels_go_where_they_are_told() {
        assert_same(
            "CREATE TYPE m AS ENUM ('a', 'c'); ALTER TYPE m ADD VALUE 'b' BEFORE 'c'; ALTER TYPE m ADD VALUE 'd';
             ALTER TYPE m ADD VALUE IF NOT EXISTS 'a'; ALTER TYPE m RENAME VALUE 'd' TO 'e';",
            "CREATE TYPE m AS ENUM ('a', 'b', 'c', 'e');",
        );
    }

    #[test]
    fn a_neighbour_must_be_there() {
        assert_eq!(
            errors("CREATE TYPE m AS ENUM ('a'); ALTER TYPE m ADD VALUE 'c' AFTER 'b';"),
            ["\"b\" is not an existing enum label"]
        );
    }
}
