//! ALTER TABLE: what belongs to a relation as a whole: storage, owner, row security, triggers' firing, its type.
//!
//! Knows which kinds of relations a command is for.

use super::alter_table::{Altered, definition};
use super::options::OptionChange;
use super::table::{Recursion, relation_name};
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::table::{Column, Persistence, ReplicaIdentity, RowSecurity};
use crate::catalog::trigger::Firing;
use crate::catalog::types::Type;
use crate::catalog::{Ident, Object, ObjectId, Options};
use crate::diagnostic::Code;
use crate::dialect::postgres::storage::type_storage;
use ast::{AlterTableType, NodeEnum};

impl Interpreter {
    /// The commands that concern no column and no constraint.
    pub(super) fn alter_relation(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        match command.subtype() {
            AlterTableType::AtChangeOwner => self.change_owner(altered, command),
            AlterTableType::AtClusterOn => {
                let index = self.index_of_table(&altered.name, &command.name, altered.location)?;
                self.refuse_cluster_of_view(&altered.id, altered.location)?;
                self.change_table(&altered.id, |table| table.cluster_on = Some(index));
                Ok(())
            }
            AlterTableType::AtDropCluster => {
                self.change_table(&altered.id, |table| table.cluster_on = None);
                Ok(())
            }
            AlterTableType::AtSetLogged => self.set_persistence(altered, Persistence::Logged),
            AlterTableType::AtSetUnLogged => self.set_persistence(altered, Persistence::Unlogged),
            // What SET WITHOUT OIDS asks for has been so since PostgreSQL 12.
            AlterTableType::AtDropOids => Ok(()),
            AlterTableType::AtSetAccessMethod => self.set_access_method(altered, command),
            AlterTableType::AtSetTableSpace => self.set_tablespace(altered, command),
            AlterTableType::AtSetRelOptions => self.relation_options(altered, command, OptionChange::Set),
            AlterTableType::AtResetRelOptions => self.relation_options(altered, command, OptionChange::Reset),
            AlterTableType::AtEnableTrig | AlterTableType::AtEnableTrigAll | AlterTableType::AtEnableTrigUser => {
                self.set_trigger_firing(altered, command, Firing::Origin)
            }
            AlterTableType::AtEnableAlwaysTrig => self.set_trigger_firing(altered, command, Firing::Always),
            AlterTableType::AtEnableReplicaTrig => self.set_trigger_firing(altered, command, Firing::Replica),
            AlterTableType::AtDisableTrig | AlterTableType::AtDisableTrigAll | AlterTableType::AtDisableTrigUser => {
                self.set_trigger_firing(altered, command, Firing::Disabled)
            }
            AlterTableType::AtEnableRule => self.set_rule_firing(altered, command, Firing::Origin),
            AlterTableType::AtEnableAlwaysRule => self.set_rule_firing(altered, command, Firing::Always),
            AlterTableType::AtEnableReplicaRule => self.set_rule_firing(altered, command, Firing::Replica),
            AlterTableType::AtDisableRule => self.set_rule_firing(altered, command, Firing::Disabled),
            AlterTableType::AtAddOf => self.add_of(altered, command),
            AlterTableType::AtDropOf => {
                self.change_table(&altered.id, |table| table.of_type = None);
                Ok(())
            }
            AlterTableType::AtReplicaIdentity => self.set_replica_identity(altered, command),
            AlterTableType::AtEnableRowSecurity => self.set_row_security(altered, Security::Enable),
            AlterTableType::AtDisableRowSecurity => self.set_row_security(altered, Security::Disable),
            AlterTableType::AtForceRowSecurity => self.set_row_security(altered, Security::Force),
            AlterTableType::AtNoForceRowSecurity => self.set_row_security(altered, Security::NoForce),
            AlterTableType::AtGenericOptions => self.relation_foreign_options(altered, command),
            _ => Err(self.refuse(altered.location, "this form of ALTER TABLE")),
        }
    }

    fn change_owner(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let role = self.role_named(command.newowner.as_ref())?;
        if matches!(altered.id, ObjectId::Relation(_)) {
            self.set_owner(&altered.id, role);
            return Ok(());
        }
        // The index of a key or the sequence of an identity column is its table's owner's; saying so is no change.
        let owner = altered
            .id
            .parent()
            .and_then(|table| self.catalog.get(&table))
            .and_then(|entry| entry.owner.clone());
        match owner == role {
            true => Ok(()),
            false => Err(self.error(
                Code::UnsupportedClause,
                altered.location,
                format!("cannot change owner of \"{}\" apart from its table", altered.name.name),
            )),
        }
    }

    fn set_persistence(&mut self, altered: &Altered, persistence: Persistence) -> Applied {
        let columns: Vec<ObjectId> = match self.catalog.get_mut(&altered.id).map(|entry| &mut entry.object) {
            Some(Object::Sequence(sequence)) => {
                sequence.persistence = persistence;
                return Ok(());
            }
            Some(Object::Column(column)) => {
                if let Some(identity) = &mut column.identity {
                    identity.persistence = persistence;
                }
                return Ok(());
            }
            Some(Object::Table(table)) => {
                table.persistence = persistence;
                self.column_names(&altered.id)
                    .into_iter()
                    .map(|name| ObjectId::Column(altered.name.clone(), name))
                    .collect()
            }
            _ => return Err(self.wrong_kind(&altered.name, "a table or sequence", altered.location)),
        };
        // The sequences of a table's columns follow since PostgreSQL 15.
        if self.version() < 15 {
            return Ok(());
        }
        for column in &columns {
            self.change_column(column, |column| {
                if let Some(identity) = &mut column.identity {
                    identity.persistence = persistence;
                }
            });
        }
        for owned in self.owned_sequences(&altered.id) {
            if let Some(Object::Sequence(sequence)) = self.catalog.get_mut(&owned).map(|entry| &mut entry.object) {
                sequence.persistence = persistence;
            }
        }
        Ok(())
    }

    fn set_access_method(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        self.needs_version(15, altered.location, "SET ACCESS METHOD")?;
        let method = match command.name.as_str() {
            "" => self.settings.access_method.clone(),
            "heap" => None,
            name => Some(Ident::from(name)),
        };
        match self.catalog.get_mut(&altered.id).map(|entry| &mut entry.object) {
            Some(Object::Table(table)) => table.access_method = method,
            Some(Object::MaterializedView(view)) => view.access_method = method,
            _ => return Err(self.wrong_kind(&altered.name, "a table or materialized view", altered.location)),
        }
        Ok(())
    }

    fn set_tablespace(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let tablespace = match command.name.as_str() {
            "pg_default" => None,
            name => Some(Ident::from(name)),
        };
        match self.catalog.get_mut(&altered.id).map(|entry| &mut entry.object) {
            Some(Object::Table(table)) => table.tablespace = tablespace,
            Some(Object::MaterializedView(view)) => view.tablespace = tablespace,
            Some(Object::Index(index)) => index.tablespace = tablespace,
            Some(Object::Constraint(constraint)) => match &mut constraint.kind {
                ConstraintKind::Key(key) => key.tablespace = tablespace,
                ConstraintKind::Exclude(exclude) => exclude.tablespace = tablespace,
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {}
            },
            _ => return Err(self.wrong_kind(&altered.name, "a table, index or materialized view", altered.location)),
        }
        Ok(())
    }

    fn relation_options(&mut self, altered: &Altered, command: &ast::AlterTableCmd, change: OptionChange) -> Applied {
        let Some(NodeEnum::List(list)) = definition(command) else {
            return Err(self.refuse(altered.location, "these options"));
        };
        let Some(mut options) = self.options_of(&altered.id) else {
            return Err(self.wrong_kind(&altered.name, "a relation with options", altered.location));
        };
        self.change_options(&mut options, &list.items, change)?;
        if change == OptionChange::Set && self.is_without_toast(&altered.id) {
            options.retain(|name, _| !name.starts_with("toast."));
        }
        if let Some(place) = self
            .catalog
            .get_mut(&altered.id)
            .and_then(|entry| options_in(&mut entry.object))
        {
            *place = options;
        }
        Ok(())
    }

    /// Whether no column of a table can be stored out of line, so that it has no TOAST table: the server passes over its
    /// parameters in silence then (`ATExecSetRelOptions`).
    pub(super) fn is_without_toast(&self, id: &ObjectId) -> bool {
        let is_table = matches!(self.catalog.get(id).map(|entry| &entry.object), Some(Object::Table(_)));
        let is_plain = |column: &Column| match &column.storage {
            Some(storage) => &**storage == "PLAIN",
            None => type_storage(&self.catalog, &column.data_type) == Some("PLAIN"),
        };
        is_table && self.catalog.columns(id).all(|(_, column)| is_plain(column))
    }

    fn options_of(&mut self, id: &ObjectId) -> Option<Options> {
        self.catalog
            .get_mut(id)
            .and_then(|entry| options_in(&mut entry.object))
            .map(|options| options.clone())
    }

    fn relation_foreign_options(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let Some(NodeEnum::List(list)) = definition(command) else {
            return Err(self.refuse(altered.location, "these options"));
        };
        let Some(mut foreign) = self.table(&altered.id).and_then(|table| table.foreign.clone()) else {
            return Err(self.wrong_kind(&altered.name, "a foreign table", altered.location));
        };
        self.change_foreign_options(&mut foreign.options, &list.items)?;
        self.change_table(&altered.id, |table| table.foreign = Some(foreign));
        Ok(())
    }

    /// ENABLE and DISABLE TRIGGER: by name, or ALL and USER. The triggers behind foreign keys are no part of a schema.
    fn set_trigger_firing(&mut self, altered: &Altered, command: &ast::AlterTableCmd, firing: Firing) -> Applied {
        let wanted: Vec<ObjectId> = self
            .catalog
            .parts(&altered.id)
            .filter(|(id, entry)| {
                let named = command.name.is_empty() || id.last_name().as_str() == command.name;
                matches!(entry.object, Object::Trigger(_)) && named
            })
            .map(|(id, _)| id.clone())
            .collect();
        if wanted.is_empty() && !command.name.is_empty() {
            let message = format!(
                "trigger \"{}\" for table \"{}\" does not exist",
                command.name, altered.name.name
            );
            return Err(self.error(Code::UnknownObject, altered.location, message));
        }
        for trigger in wanted {
            self.set_firing(&trigger, firing, altered.recursion);
        }
        match command.subtype() {
            AlterTableType::AtDisableTrigAll => self.disable_keys(&altered.id, altered.location),
            AlterTableType::AtEnableTrigAll => self.enable_keys(&altered.id),
            _ => {}
        }
        Ok(())
    }

    /// A partition's copy of a trigger follows.
    fn set_firing(&mut self, trigger: &ObjectId, firing: Firing, recursion: Recursion) {
        if let Some(Object::Trigger(found)) = self.catalog.get_mut(trigger).map(|entry| &mut entry.object) {
            found.firing = firing;
        }
        let Some(table) = trigger.parent() else { return };
        if recursion == Recursion::Only {
            return;
        }
        for partition in self.partitions(&table) {
            let copy = ObjectId::Trigger(relation_name(&partition), trigger.last_name());
            let is_copy = matches!(self.catalog.get(&copy).map(|entry| &entry.object),
                Some(Object::Trigger(found)) if found.parent.as_ref() == Some(trigger));
            if is_copy {
                self.set_firing(&copy, firing, recursion);
            }
        }
    }

    fn set_rule_firing(&mut self, altered: &Altered, command: &ast::AlterTableCmd, firing: Firing) -> Applied {
        let id = ObjectId::Rule(altered.name.clone(), Ident::from(command.name.as_str()));
        match self.catalog.get_mut(&id).map(|entry| &mut entry.object) {
            Some(Object::Rule(rule)) => {
                rule.firing = firing;
                Ok(())
            }
            _ => {
                let message = format!(
                    "rule \"{}\" for relation \"{}\" does not exist",
                    command.name, altered.name.name
                );
                Err(self.error(Code::UnknownObject, altered.location, message))
            }
        }
    }

    /// OF type: the columns must be the type's.
    fn add_of(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let Some(NodeEnum::TypeName(name)) = definition(command) else {
            return Err(self.refuse(altered.location, "this type"));
        };
        let of_type = self.data_type(name)?;
        let fits = match self.type_of(&of_type) {
            Some(Type::Composite(attributes)) => attributes
                .iter()
                .map(|attribute| (&attribute.name, &attribute.data_type))
                .eq(self
                    .catalog
                    .columns(&altered.id)
                    .map(|(name, column)| (name, &column.data_type))),
            _ => false,
        };
        if !fits {
            let message = format!("table \"{}\" has not the columns of its type", altered.name.name);
            return Err(self.error(Code::UnsupportedClause, altered.location, message));
        }
        self.change_table(&altered.id, |table| {
            table.of_type = Some(of_type);
            table.inherits.clear();
        });
        Ok(())
    }

    fn set_replica_identity(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let Some(NodeEnum::ReplicaIdentityStmt(wanted)) = definition(command) else {
            return Err(self.refuse(altered.location, "this replica identity"));
        };
        let identity = match wanted.identity_type.as_str() {
            "n" => ReplicaIdentity::Nothing,
            "f" => ReplicaIdentity::Full,
            "i" => ReplicaIdentity::Index(self.index_of_table(&altered.name, &wanted.name, altered.location)?),
            _ => ReplicaIdentity::Default,
        };
        self.change_table(&altered.id, |table| table.replica_identity = identity);
        Ok(())
    }

    fn set_row_security(&mut self, altered: &Altered, wanted: Security) -> Applied {
        self.change_table(&altered.id, |table| {
            table.row_security = wanted.applied(table.row_security);
        });
        Ok(())
    }
}

/// The four commands about row security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Enable,
    Disable,
    Force,
    NoForce,
}

impl Security {
    /// What a table's state becomes.
    fn applied(self, before: RowSecurity) -> RowSecurity {
        match (self, before) {
            (Security::Enable, RowSecurity::Disabled | RowSecurity::Enabled) => RowSecurity::Enabled,
            (Security::Enable, RowSecurity::Forced | RowSecurity::ForcedButDisabled) => RowSecurity::Forced,
            (Security::Disable, RowSecurity::Disabled | RowSecurity::Enabled) => RowSecurity::Disabled,
            (Security::Disable, RowSecurity::Forced | RowSecurity::ForcedButDisabled) => RowSecurity::ForcedButDisabled,
            (Security::Force, RowSecurity::Enabled | RowSecurity::Forced) => RowSecurity::Forced,
            (Security::Force, RowSecurity::Disabled | RowSecurity::ForcedButDisabled) => RowSecurity::ForcedButDisabled,
            (Security::NoForce, RowSecurity::Enabled | RowSecurity::Forced) => RowSecurity::Enabled,
            (Security::NoForce, RowSecurity::Disabled | RowSecurity::ForcedButDisabled) => RowSecurity::Disabled,
        }
    }
}

/// Where an object keeps its options.
fn options_in(object: &mut Object) -> Option<&mut Options> {
    match object {
        Object::Table(table) => Some(&mut table.options),
        Object::Index(index) => Some(&mut index.options),
        Object::View(view) => Some(&mut view.options),
        Object::MaterializedView(view) => Some(&mut view.options),
        Object::Constraint(constraint) => match &mut constraint.kind {
            ConstraintKind::Key(key) => Some(&mut key.options),
            ConstraintKind::Exclude(exclude) => Some(&mut exclude.options),
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => None,
        },
        _ => None,
    }
}
