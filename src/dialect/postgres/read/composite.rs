//! Composite types: CREATE TYPE … AS, ALTER TYPE … ADD, DROP, ALTER ATTRIBUTE (`typecmds.c`, `tablecmds.c`).
//!
//! Knows that tables made OF the type follow only when CASCADE is written.

use super::ast::{AlterTableCmd, AlterTableStmt, AlterTableType, ColumnDef, CompositeTypeStmt, DropBehavior, NodeEnum};
use super::{Applied, Interpreter};
use crate::catalog::types::{Attribute, Type};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;

impl Interpreter {
    pub(super) fn create_composite(&mut self, statement: &CompositeTypeStmt) -> Applied {
        let Some(range) = statement.typevar.as_ref() else {
            return Err(self.refuse(-1, "a type without a name"));
        };
        let name = self.new_name(&range.schemaname, &range.relname, range.location)?;
        let mut attributes: Vec<Attribute> = Vec::new();
        for node in &statement.coldeflist {
            let Some(NodeEnum::ColumnDef(column)) = node.node.as_ref() else {
                return Err(self.refuse(-1, "this attribute"));
            };
            let attribute = self.attribute(column)?;
            if attributes.iter().any(|known| known.name == attribute.name) {
                return Err(self.error(
                    Code::DuplicateObject,
                    column.location,
                    format!("column \"{}\" specified more than once", attribute.name),
                ));
            }
            attributes.push(attribute);
        }
        self.create_type(name, Type::Composite(attributes))
    }

    /// ALTER TYPE of a composite type, which the grammar gives as an ALTER TABLE.
    pub(super) fn alter_composite(&mut self, statement: &AlterTableStmt) -> Applied {
        let Some(range) = statement.relation.as_ref() else {
            return Err(self.refuse(-1, "ALTER TYPE without a name"));
        };
        let found = self.find_type(&range.schemaname, &range.relname);
        let name = match found {
            Some(name) => name,
            None if statement.missing_ok => return Ok(()),
            None => {
                let shown = super::lookup::shown_name(&range.schemaname, &range.relname);
                return Err(self.error(
                    Code::UnknownType,
                    range.location,
                    format!("type {shown} does not exist"),
                ));
            }
        };
        for node in &statement.cmds {
            if let Some(NodeEnum::AlterTableCmd(command)) = node.node.as_ref() {
                self.alter_attribute(&name, command)?;
            }
        }
        Ok(())
    }

    fn alter_attribute(&mut self, name: &QualifiedName, command: &AlterTableCmd) -> Applied {
        if command.subtype() == AlterTableType::AtChangeOwner {
            let role = self.role_named(command.newowner.as_ref())?;
            self.set_owner(&ObjectId::Type(name.clone()), role);
            return Ok(());
        }
        let Some(mut attributes) = self.composite(name).cloned() else {
            return Err(self.error(
                Code::InvalidDefinition,
                -1,
                format!("\"{}\" is not a composite type", name.name),
            ));
        };
        let typed = self.tables_of_type(name);
        if !typed.is_empty() {
            let what = match command.behavior() {
                DropBehavior::DropCascade => "ALTER TYPE … CASCADE of the type of a typed table",
                DropBehavior::DropRestrict | DropBehavior::Undefined => "ALTER TYPE of the type of a typed table",
            };
            return Err(self.refuse(-1, what));
        }
        let position = |attributes: &[Attribute], wanted: &str| {
            attributes
                .iter()
                .position(|attribute| attribute.name.as_str() == wanted)
        };
        let missing = |wanted: &str| {
            self.error(
                Code::UnknownColumn,
                -1,
                format!("attribute \"{wanted}\" of type \"{}\" does not exist", name.name),
            )
        };
        let definition = match command.def.as_deref().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::ColumnDef(column)) => Some(&**column),
            _ => None,
        };
        match (command.subtype(), definition) {
            (AlterTableType::AtAddColumn, Some(column)) => {
                let attribute = self.attribute(column)?;
                if position(&attributes, attribute.name.as_str()).is_some() {
                    return Err(self.error(
                        Code::DuplicateObject,
                        column.location,
                        format!(
                            "attribute \"{}\" of type \"{}\" already exists",
                            attribute.name, name.name
                        ),
                    ));
                }
                attributes.push(attribute);
            }
            (AlterTableType::AtDropColumn, _) => match position(&attributes, &command.name) {
                Some(place) => {
                    attributes.remove(place);
                }
                None if command.missing_ok => return Ok(()),
                None => return Err(missing(&command.name)),
            },
            (AlterTableType::AtAlterColumnType, Some(column)) => {
                let changed = self.attribute(column)?;
                let place = position(&attributes, &command.name).ok_or_else(|| missing(&command.name))?;
                if let Some(attribute) = attributes.get_mut(place) {
                    attribute.data_type = changed.data_type;
                    attribute.collation = changed.collation;
                }
            }
            _ => return Err(self.refuse(-1, "this form of ALTER TYPE")),
        }
        if let Some(entry) = self.catalog.get_mut(&ObjectId::Type(name.clone())) {
            entry.object = Object::Type(Box::new(Type::Composite(attributes)));
        }
        Ok(())
    }

    fn attribute(&self, column: &ColumnDef) -> Applied<Attribute> {
        let data_type = self.required_data_type(column.type_name.as_ref(), column.location)?;
        let collation = self.collation_clause(column.coll_clause.as_deref())?;
        Ok(Attribute {
            name: Ident::from(column.colname.as_str()),
            data_type,
            collation,
            comment: None,
        })
    }
}
