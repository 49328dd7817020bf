//! ALTER TABLE: attributes of columns: statistics, options, storage, compression, identity.
//!
//! Knows which of them go down to children and which say what holds anyway.

use super::alter_table::{Altered, definition};
use super::column::compression;
use super::options::{OptionChange, definition_text};
use super::{Applied, Interpreter, ast};
use crate::catalog::table::{Identity, IdentityGeneration, Persistence};
use crate::catalog::{Ident, Object, ObjectId};
use crate::diagnostic::Code;
use ast::{AlterTableType, NodeEnum};

impl Interpreter {
    /// SET STATISTICS of a column, or of an index's expression by its number.
    pub(super) fn set_statistics(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let target = match definition(command) {
            Some(NodeEnum::Integer(value)) if value.ival >= 0 => Some(value.ival),
            Some(NodeEnum::Integer(_)) | None => None,
            _ => return Err(self.refuse(altered.location, "this statistics target")),
        };
        if command.name.is_empty() {
            let position = u16::try_from(command.num).unwrap_or_default();
            return self.set_index_statistics(altered, position, target);
        }
        let name = Ident::from(command.name.as_str());
        self.column(&altered.name, &command.name, altered.location)?;
        if self.table(&altered.id).is_none() {
            return Err(self.refuse(altered.location, "SET STATISTICS of anything but a table or an index"));
        }
        for table in self.with_descendants(altered) {
            self.change_column(&ObjectId::Column(table, name.clone()), |column| {
                column.statistics = target
            });
        }
        Ok(())
    }

    fn set_index_statistics(&mut self, altered: &Altered, position: u16, target: Option<i32>) -> Applied {
        let Some(Object::Index(index)) = self.catalog.get(&altered.id).map(|entry| &entry.object) else {
            return Err(self.wrong_kind(&altered.name, "an index", altered.location));
        };
        let mut index = (**index).clone();
        let key = usize::from(position)
            .checked_sub(1)
            .and_then(|place| index.keys.get(place));
        if key.is_none_or(|key| key.expression.as_column().is_some()) {
            let message = format!(
                "cannot alter statistics of column number {position} of index \"{}\"",
                altered.name.name
            );
            return Err(self.error(Code::UnknownColumn, altered.location, message));
        }
        index.statistics.retain(|(known, _)| *known != position);
        if let Some(target) = target {
            index.statistics.push((position, target));
            index.statistics.sort_unstable();
        }
        self.replace(&altered.id, Object::Index(Box::new(index)));
        Ok(())
    }

    /// SET (…) and RESET (…) of a column.
    pub(super) fn column_options(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let list = match definition(command) {
            Some(NodeEnum::List(list)) => list.items.as_slice(),
            _ => return Err(self.refuse(altered.location, "these options")),
        };
        let change = match command.subtype() {
            AlterTableType::AtResetOptions => OptionChange::Reset,
            _ => OptionChange::Set,
        };
        let Some(mut options) = self.table_column(&id).map(|column| column.options.clone()) else {
            return Ok(());
        };
        self.change_options(&mut options, list, change)?;
        self.change_column(&id, |column| column.options = options);
        Ok(())
    }

    /// SET STORAGE.
    pub(super) fn set_storage(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let (Some(text), Some(column)) = (definition_string(command), self.table_column(&id)) else {
            return Err(self.refuse(altered.location, "this storage"));
        };
        let storage = self.column_storage(&column.data_type, text, altered.location)?;
        let name = id.last_name();
        for table in self.with_descendants(altered) {
            let storage = storage.clone();
            self.change_column(&ObjectId::Column(table, name.clone()), |column| {
                column.storage = storage
            });
        }
        Ok(())
    }

    /// SET COMPRESSION.
    pub(super) fn set_compression(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let Some(text) = definition_string(command) else {
            return Err(self.refuse(altered.location, "this compression"));
        };
        let method = compression(text);
        self.change_column(&id, |column| column.compression = method);
        Ok(())
    }

    /// OPTIONS of a foreign table's column.
    pub(super) fn column_foreign_options(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let (Some(NodeEnum::List(list)), Some(column)) = (definition(command), self.table_column(&id)) else {
            return Err(self.refuse(altered.location, "these options"));
        };
        let mut options = column.foreign_options.clone();
        self.change_foreign_options(&mut options, &list.items)?;
        self.change_column(&id, |column| column.foreign_options = options);
        Ok(())
    }

    /// ADD GENERATED … AS IDENTITY.
    pub(super) fn add_identity(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let Some(NodeEnum::Constraint(constraint)) = definition(command) else {
            return Err(self.refuse(altered.location, "this identity"));
        };
        let Some(column) = self.table_column(&id).cloned() else {
            return Ok(());
        };
        let name = id.last_name();
        let invalid = |what: &str| {
            let message = format!("column \"{name}\" of relation \"{}\" {what}", altered.name.name);
            Err(self.error(Code::UnsupportedClause, altered.location, message))
        };
        if column.identity.is_some() {
            return invalid("is already an identity column");
        }
        if column.not_null.is_none() {
            return invalid("must be declared NOT NULL before identity can be added");
        }
        if self.default_of(&altered.name, &name).is_some() {
            return invalid("already has a default value");
        }
        let (sequence, options, persistence) = self.identity_sequence(
            &altered.name,
            &name,
            &column.data_type,
            &constraint.options,
            altered.location,
        )?;
        let own = match self.table(&altered.id) {
            Some(table) if self.version() >= 15 => table.persistence,
            _ => Persistence::Logged,
        };
        self.note_hidden_relation(altered.name.with_name(sequence.clone()), id.clone());
        let identity = Identity {
            generation: generation(&constraint.generated_when),
            sequence,
            options,
            persistence: persistence.unwrap_or(own),
            privileges: None,
        };
        self.change_column(&id, |column| column.identity = Some(Box::new(identity)));
        self.apply_default_privileges(&id);
        Ok(())
    }

    /// SET GENERATED and the options of an identity column's sequence.
    pub(super) fn set_identity(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let Some(NodeEnum::List(list)) = definition(command) else {
            return Err(self.refuse(altered.location, "this identity"));
        };
        let Some(mut identity) = self.table_column(&id).and_then(|column| column.identity.clone()) else {
            return Err(self.not_identity(altered, &command.name));
        };
        let mut rest = Vec::new();
        for node in &list.items {
            match &node.node {
                Some(NodeEnum::DefElem(element)) if element.defname == "generated" => {
                    // The parser gives the letter's number.
                    identity.generation = match definition_text(element).as_deref() {
                        Some("100" | "d") => IdentityGeneration::ByDefault,
                        _ => IdentityGeneration::Always,
                    };
                }
                _ => rest.push(node.clone()),
            }
        }
        let said = self.sequence_options(&rest)?;
        identity.options = self.resolve_sequence(Some(&identity.options), &said)?;
        self.change_column(&id, |column| column.identity = Some(identity));
        Ok(())
    }

    /// DROP IDENTITY.
    pub(super) fn drop_identity(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let is_identity = self.table_column(&id).is_some_and(|column| column.identity.is_some());
        if !is_identity && !command.missing_ok {
            return Err(self.not_identity(altered, &command.name));
        }
        self.change_column(&id, |column| column.identity = None);
        Ok(())
    }

    fn not_identity(&self, altered: &Altered, column: &str) -> Box<crate::diagnostic::Diagnostic> {
        let message = format!(
            "column \"{column}\" of relation \"{}\" is not an identity column",
            altered.name.name
        );
        self.error(Code::UnsupportedClause, altered.location, message)
    }
}

fn generation(letter: &str) -> IdentityGeneration {
    match letter {
        "d" => IdentityGeneration::ByDefault,
        _ => IdentityGeneration::Always,
    }
}

/// The text that a command brings along; DEFAULT is written as a word.
fn definition_string(command: &ast::AlterTableCmd) -> Option<&str> {
    match definition(command)? {
        NodeEnum::String(text) => Some(&text.sval),
        _ => None,
    }
}
