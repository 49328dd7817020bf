//! ALTER TABLE and its like for indexes, sequences, views and foreign tables.
//!
//! Knows which file reads which command, and the passes in which the server works a list of commands off: drops come
//! first, what depends on new columns last, whatever the order of the text (`AlterTablePass`, `tablecmds.c`).

use super::constraint::{Constraints, NotNullDraft, Pending, TableAge};
use super::links::ChildKind;
use super::lookup::shown_name;
use super::table::{Recursion, relation_name};
use super::{Applied, Interpreter, ast};
use crate::catalog::{Object, ObjectId, QualifiedName};
use crate::diagnostic::{Code, Diagnostic};
use ast::{AlterTableType, NodeEnum};
use std::collections::{BTreeMap, VecDeque};

/// The passes of ALTER TABLE in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pass {
    Drop,
    AlterType,
    AddColumn,
    SetExpression,
    AddCheck,
    ColumnAttributes,
    AddIndex,
    AddOtherConstraint,
    Misc,
}

/// What is to be done in a pass.
pub(super) enum Work<'a> {
    Command(&'a ast::AlterTableCmd),
    Check(Pending<'a>),
    NotNull(NotNullDraft),
    Key(Pending<'a>),
    ForeignKey(Pending<'a>),
}

/// The work that is left, by pass.
#[derive(Default)]
pub(super) struct Queue<'a> {
    passes: BTreeMap<Pass, VecDeque<Work<'a>>>,
}

impl<'a> Queue<'a> {
    fn push(&mut self, pass: Pass, work: Work<'a>) {
        self.passes.entry(pass).or_default().push_back(work);
    }

    /// The constraints of a new column or an ADD CONSTRAINT, each in its pass.
    pub(super) fn push_constraints(&mut self, constraints: Constraints<'a>) {
        for check in constraints.checks {
            self.push(Pass::AddCheck, Work::Check(check));
        }
        // What identity and serial say of a column is the constraint that the column's own clause names
        // (`transformColumnDefinition`).
        let mut not_nulls = constraints.not_nulls;
        let named: Vec<crate::catalog::Ident> = not_nulls
            .iter()
            .filter(|draft| draft.name.is_some())
            .map(|draft| draft.column.clone())
            .collect();
        not_nulls.retain(|draft| draft.name.is_some() || !named.contains(&draft.column));
        for not_null in not_nulls {
            self.push(Pass::ColumnAttributes, Work::NotNull(not_null));
        }
        for key in constraints.keys {
            self.push(Pass::AddIndex, Work::Key(key));
        }
        for key in constraints.foreign_keys {
            self.push(Pass::AddOtherConstraint, Work::ForeignKey(key));
        }
    }

    /// The next piece; passes that come back to life are worked off before later ones.
    fn pop(&mut self) -> Option<Work<'a>> {
        let mut entry = self.passes.first_entry()?;
        let work = entry.get_mut().pop_front();
        if entry.get().is_empty() {
            entry.remove();
        }
        work
    }
}

/// A table that is being altered.
#[derive(Clone, Debug)]
pub(super) struct Altered {
    pub name: QualifiedName,
    pub id: ObjectId,
    pub recursion: Recursion,
    pub location: i32,
}

impl Interpreter {
    /// ALTER TABLE, ALTER INDEX, ALTER SEQUENCE, ALTER VIEW, ALTER MATERIALIZED VIEW, ALTER FOREIGN TABLE.
    pub(super) fn alter_table(&mut self, statement: &ast::AlterTableStmt) -> Applied {
        let Some(range) = &statement.relation else {
            return Err(self.refuse(-1, "ALTER without a name"));
        };
        let Some(name) = self.find_relation_or_hidden(&range.schemaname, &range.relname) else {
            if statement.missing_ok {
                return Ok(());
            }
            let shown = shown_name(&range.schemaname, &range.relname);
            return Err(self.error(
                Code::UnknownRelation,
                range.location,
                format!("relation {shown} does not exist"),
            ));
        };
        let id = self
            .hidden_relation(&name)
            .unwrap_or_else(|| ObjectId::Relation(name.clone()));
        self.check_altered_kind(&id, &name, statement.objtype(), range.location)?;
        let altered = Altered {
            name,
            id,
            recursion: Recursion::of(range),
            location: range.location,
        };
        let mut queue = Queue::default();
        for node in &statement.cmds {
            match &node.node {
                Some(NodeEnum::AlterTableCmd(command)) => {
                    queue.push(pass_of(command), Work::Command(command));
                }
                _ => return Err(self.refuse(range.location, "this form of ALTER TABLE")),
            }
        }
        while let Some(work) = queue.pop() {
            let done = match work {
                Work::Command(command) => self.alter(&altered, command, &mut queue),
                Work::Check(pending) => self.add_check(&altered.name, &pending, altered.recursion),
                Work::NotNull(draft) => self.set_not_null(&altered.name, &draft, altered.recursion),
                Work::Key(pending) => self.add_key(&altered.name, &pending, altered.recursion),
                Work::ForeignKey(pending) => self.add_foreign_key(&altered.name, &pending, altered.recursion),
            };
            self.keep(done);
        }
        Ok(())
    }

    /// ALTER TABLE takes a relation of any kind, the others one of theirs (`RangeVarCallbackForAlterRelation`).
    fn check_altered_kind(&self, id: &ObjectId, name: &QualifiedName, said: ast::ObjectType, location: i32) -> Applied {
        let object = self.catalog.get(id).map(|entry| &entry.object);
        let is_foreign = matches!(object, Some(Object::Table(table)) if table.foreign.is_some());
        let is_index = matches!(object, Some(Object::Index(_) | Object::Constraint(_)));
        let (is_said, words) = match said {
            ast::ObjectType::ObjectIndex => (is_index, "an index"),
            ast::ObjectType::ObjectView => (matches!(object, Some(Object::View(_))), "a view"),
            ast::ObjectType::ObjectMatview => (
                matches!(object, Some(Object::MaterializedView(_))),
                "a materialized view",
            ),
            ast::ObjectType::ObjectForeignTable => (is_foreign, "a foreign table"),
            // An identity column's sequence stands with the column.
            ast::ObjectType::ObjectSequence => (
                matches!(object, Some(Object::Sequence(_) | Object::Column(_))),
                "a sequence",
            ),
            _ => (true, "a relation"),
        };
        match is_said {
            true => Ok(()),
            false => Err(self.wrong_kind(name, words, location)),
        }
    }

    fn alter<'a>(&mut self, altered: &Altered, command: &'a ast::AlterTableCmd, queue: &mut Queue<'a>) -> Applied {
        let is_table = self.table(&altered.id).is_some();
        match command.subtype() {
            AlterTableType::AtAddColumn
            | AlterTableType::AtDropColumn
            | AlterTableType::AtAlterColumnType
            | AlterTableType::AtSetNotNull
            | AlterTableType::AtDropNotNull
            | AlterTableType::AtSetExpression
            | AlterTableType::AtDropExpression
            | AlterTableType::AtSetOptions
            | AlterTableType::AtResetOptions
            | AlterTableType::AtSetStorage
            | AlterTableType::AtSetCompression
            | AlterTableType::AtAlterColumnGenericOptions
            | AlterTableType::AtAddIdentity
            | AlterTableType::AtSetIdentity
            | AlterTableType::AtDropIdentity
            | AlterTableType::AtAddConstraint
            | AlterTableType::AtAlterConstraint
            | AlterTableType::AtValidateConstraint
            | AlterTableType::AtDropConstraint
            | AlterTableType::AtAddInherit
            | AlterTableType::AtDropInherit
            | AlterTableType::AtAddOf
            | AlterTableType::AtDropOf
            | AlterTableType::AtReplicaIdentity
            | AlterTableType::AtEnableRowSecurity
            | AlterTableType::AtDisableRowSecurity
            | AlterTableType::AtForceRowSecurity
            | AlterTableType::AtNoForceRowSecurity
            | AlterTableType::AtGenericOptions
            | AlterTableType::AtDetachPartition
            | AlterTableType::AtDetachPartitionFinalize
                if !is_table =>
            {
                Err(self.wrong_kind(&altered.name, "a table", altered.location))
            }
            AlterTableType::AtAddColumn => self.add_column(altered, command, queue),
            AlterTableType::AtDropColumn => self.drop_column(altered, command),
            AlterTableType::AtAlterColumnType => self.alter_column_type(altered, command),
            AlterTableType::AtColumnDefault => self.alter_column_default(altered, command),
            AlterTableType::AtSetNotNull => {
                let draft = NotNullDraft::plain(&command.name.as_str().into(), altered.location);
                self.set_not_null(&altered.name, &draft, altered.recursion)
            }
            AlterTableType::AtDropNotNull => self.drop_not_null(
                &altered.name,
                &command.name.as_str().into(),
                altered.recursion,
                altered.location,
            ),
            AlterTableType::AtSetExpression => self.set_expression(altered, command),
            AlterTableType::AtDropExpression => self.drop_expression(altered, command),
            AlterTableType::AtSetStatistics => self.set_statistics(altered, command),
            AlterTableType::AtSetOptions | AlterTableType::AtResetOptions => self.column_options(altered, command),
            AlterTableType::AtSetStorage => self.set_storage(altered, command),
            AlterTableType::AtSetCompression => self.set_compression(altered, command),
            AlterTableType::AtAlterColumnGenericOptions => self.column_foreign_options(altered, command),
            AlterTableType::AtAddIdentity => self.add_identity(altered, command),
            AlterTableType::AtSetIdentity => self.set_identity(altered, command),
            AlterTableType::AtDropIdentity => self.drop_identity(altered, command),
            AlterTableType::AtAddConstraint => match definition(command) {
                Some(NodeEnum::Constraint(constraint)) => {
                    let mut constraints = Constraints::default();
                    self.table_constraint(constraint, TableAge::Existing, &mut constraints)?;
                    queue.push_constraints(constraints);
                    Ok(())
                }
                _ => Err(self.refuse(altered.location, "this constraint")),
            },
            AlterTableType::AtAlterConstraint => self.alter_constraint(altered, command),
            AlterTableType::AtValidateConstraint => self.validate_constraint(altered, command),
            AlterTableType::AtDropConstraint => self.drop_constraint(altered, command),
            AlterTableType::AtAddInherit => {
                let parent = self.parent_named(command)?;
                self.add_inherit(&altered.name, &parent, altered.location)
            }
            AlterTableType::AtDropInherit => {
                let parent = self.parent_named(command)?;
                self.drop_inherit(&altered.name, &parent, altered.location)
            }
            AlterTableType::AtAttachPartition => match (definition(command), &altered.id) {
                (Some(NodeEnum::PartitionCmd(partition)), id) => match (&partition.name, is_table) {
                    (_, true) => self.attach_partition(&altered.name, partition),
                    (Some(range), false) => self.attach_index_partition(id, range),
                    (None, false) => Err(self.refuse(altered.location, "ATTACH PARTITION without a name")),
                },
                _ => Err(self.refuse(altered.location, "this ATTACH PARTITION")),
            },
            AlterTableType::AtDetachPartition | AlterTableType::AtDetachPartitionFinalize => {
                self.alter_detach(altered, command)
            }
            _ => self.alter_relation(altered, command),
        }
    }

    /// DETACH PARTITION; FINALIZE ends one that CONCURRENTLY has begun, of which the catalog has no middle.
    fn alter_detach(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let Some(NodeEnum::PartitionCmd(partition)) = definition(command) else {
            return Err(self.refuse(altered.location, "this DETACH PARTITION"));
        };
        let Some(range) = &partition.name else {
            return Err(self.refuse(altered.location, "DETACH PARTITION without a name"));
        };
        let child = self.relation(range)?;
        let attached = self.partitions(&altered.id).contains(&ObjectId::Relation(child));
        if command.subtype() == AlterTableType::AtDetachPartitionFinalize && !attached {
            return Ok(());
        }
        self.detach_partition(&altered.name, range)
    }

    fn parent_named(&self, command: &ast::AlterTableCmd) -> Applied<QualifiedName> {
        match definition(command) {
            Some(NodeEnum::RangeVar(range)) => self.relation(range),
            _ => Err(self.refuse(-1, "this parent")),
        }
    }

    /// The column that a command names, which must not be a view's.
    pub(super) fn altered_column(&self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied<ObjectId> {
        let id = self.column(&altered.name, &command.name, altered.location)?;
        match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Column(_)) => Ok(id),
            _ => Err(self.wrong_kind(&altered.name, "a table", altered.location)),
        }
    }

    /// Refuses ONLY where children have to follow.
    pub(super) fn refuse_only(&self, altered: &Altered, what: &str) -> Applied {
        if altered.recursion == Recursion::Children || self.children(&altered.id).is_empty() {
            return Ok(());
        }
        Err(self.error(
            Code::UnsupportedClause,
            altered.location,
            format!("{what} in child tables too"),
        ))
    }

    /// Refuses to change alone what comes from a parent.
    pub(super) fn refuse_inherited(&self, altered: &Altered, what: String) -> Box<Diagnostic> {
        let kind = match self.child_kind(&altered.id) {
            ChildKind::Partition => "partition",
            ChildKind::Inheriting => "child table",
        };
        self.error(
            Code::UnsupportedClause,
            altered.location,
            format!("cannot {what} of {kind} \"{}\": it is inherited", altered.name.name),
        )
    }

    /// A table and all below it, the table first; the table alone with ONLY.
    pub(super) fn with_descendants(&self, altered: &Altered) -> Vec<QualifiedName> {
        let mut tables = vec![altered.id.clone()];
        let mut next = 0;
        while altered.recursion == Recursion::Children
            && let Some(table) = tables.get(next).cloned()
        {
            next += 1;
            for child in self.children(&table) {
                if !tables.contains(&child) {
                    tables.push(child);
                }
            }
        }
        tables.iter().map(relation_name).collect()
    }
}

/// The definition that a command brings along.
pub(super) fn definition(command: &ast::AlterTableCmd) -> Option<&NodeEnum> {
    command.def.as_deref()?.node.as_ref()
}

/// The pass of a command (`ATPrepCmd`).
fn pass_of(command: &ast::AlterTableCmd) -> Pass {
    match command.subtype() {
        AlterTableType::AtDropColumn
        | AlterTableType::AtDropConstraint
        | AlterTableType::AtDropNotNull
        | AlterTableType::AtDropExpression
        | AlterTableType::AtDropIdentity => Pass::Drop,
        AlterTableType::AtColumnDefault if command.def.is_none() => Pass::Drop,
        AlterTableType::AtAlterColumnType => Pass::AlterType,
        AlterTableType::AtAddColumn => Pass::AddColumn,
        AlterTableType::AtSetExpression => Pass::SetExpression,
        AlterTableType::AtAddConstraint => Pass::AddCheck,
        AlterTableType::AtSetNotNull => Pass::ColumnAttributes,
        AlterTableType::AtColumnDefault | AlterTableType::AtAddIdentity => Pass::AddOtherConstraint,
        _ => Pass::Misc,
    }
}
