//! Partitioned tables and partitions: PARTITION BY, ATTACH and DETACH, and what a partition gets from its parent.
//!
//! Knows what CREATE … PARTITION OF and ATTACH PARTITION make alike (`DefineRelation`, `ATExecAttachPartition`): both
//! leave the same database. Bounds have a file of their own, indexes too.

use super::table::relation_name;
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::table::{Inheritance, PartitionKey, PartitionOf, PartitionStrategy};
use crate::catalog::{Form, ObjectId, QualifiedName, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use ast::NodeEnum;

impl Interpreter {
    /// PARTITION BY of a table whose columns are there.
    pub(super) fn partition_key(
        &self,
        table: &QualifiedName,
        specification: &ast::PartitionSpec,
    ) -> Applied<PartitionKey> {
        let strategy = match specification.strategy() {
            ast::PartitionStrategy::List => PartitionStrategy::List,
            ast::PartitionStrategy::Range => PartitionStrategy::Range,
            ast::PartitionStrategy::Hash => PartitionStrategy::Hash,
            ast::PartitionStrategy::Undefined => {
                return Err(self.refuse(specification.location, "this partitioning strategy"));
            }
        };
        let keys: Applied<Vec<Template>> = specification
            .part_params
            .iter()
            .map(|node| match &node.node {
                Some(NodeEnum::PartitionElem(element)) => self.partition_element(table, element, strategy),
                _ => Err(self.refuse(specification.location, "this partition key")),
            })
            .collect();
        Ok(PartitionKey { strategy, keys: keys? })
    }

    fn partition_element(
        &self,
        table: &QualifiedName,
        element: &ast::PartitionElem,
        strategy: PartitionStrategy,
    ) -> Applied<Template> {
        let mut builder = TemplateBuilder::default();
        let column;
        if let Some(raw) = element.expr.as_deref() {
            let expression = self.element(raw, &Scope::relation(ObjectId::Relation(table.clone())))?;
            column = expression
                .as_column()
                .map(|name| ObjectId::Column(table.clone(), name.clone()));
            builder.push_template(&expression);
        } else {
            let id = self.column(table, &element.name, element.location)?;
            builder.push_reference(id.clone(), Form::Bare);
            column = Some(id);
        }
        let data_type = column
            .as_ref()
            .and_then(|column| self.table_column(column))
            .map(|column| column.data_type.clone());
        if !element.collation.is_empty() {
            let collation = self.collation_named(&element.collation, element.location)?;
            let own = column.as_ref().and_then(|column| self.own_collation(column));
            if own.as_ref() != Some(&collation) {
                builder.push_str(" COLLATE ");
                builder.push_reference(collation, Form::Qualified);
            }
        }
        if !element.opclass.is_empty() {
            let method = match strategy {
                PartitionStrategy::Hash => "hash",
                PartitionStrategy::List | PartitionStrategy::Range => "btree",
            };
            let method = crate::catalog::Ident::from(method);
            let class = self.operator_class(&element.opclass, &method);
            if !self.is_default_class(&class, &method, data_type.as_ref()) {
                builder.push_str(" ");
                builder.push_template(&class.template);
            }
        }
        Ok(builder.finish())
    }

    /// ATTACH PARTITION.
    pub(super) fn attach_partition(&mut self, parent: &QualifiedName, command: &ast::PartitionCmd) -> Applied {
        let (Some(range), Some(bound)) = (&command.name, &command.bound) else {
            return Err(self.refuse(-1, "ATTACH PARTITION without a bound"));
        };
        let child = self.relation(range)?;
        let (child_id, parent_id) = (ObjectId::Relation(child.clone()), ObjectId::Relation(parent.clone()));
        let Some(table) = self.table(&child_id) else {
            return Err(self.wrong_kind(&child, "a table", range.location));
        };
        if table.partition_of.is_some() || !table.inherits.is_empty() {
            let message = format!("\"{}\" is already a partition or an inheritance child", child.name);
            return Err(self.error(Code::UnsupportedClause, range.location, message));
        }
        self.refuse_circle(&child_id, &parent_id, range.location)?;
        let bound = self.partition_bound(&parent_id, bound)?;
        let own = self.column_names(&child_id);
        if let Some(extra) = own.iter().find(|name| {
            !self
                .catalog
                .contains(&ObjectId::Column(parent.clone(), (*name).clone()))
        }) {
            let message = format!(
                "table \"{}\" contains column \"{extra}\" not found in parent \"{}\"",
                child.name, parent.name
            );
            return Err(self.error(Code::UnknownColumn, range.location, message));
        }
        self.change_table(&child_id, |table| {
            table.partition_of = Some(PartitionOf {
                parent: parent_id.clone(),
                bound,
            });
        });
        self.note_child(parent_id.clone(), child_id.clone());
        self.merge_into(&child, parent, range.location)?;
        self.equip_partition(&parent_id, &child_id)
    }

    /// Gives a partition its parts of the parent's indexes, keys, foreign keys and row triggers.
    pub(super) fn equip_partition(&mut self, parent: &ObjectId, partition: &ObjectId) -> Applied {
        self.cover_partition_by_all(parent, partition)?;
        self.copy_row_triggers(&relation_name(parent), &relation_name(partition))?;
        self.copy_foreign_keys(parent, partition)
    }

    /// DETACH PARTITION: what the partition has it keeps as its own, except copies of triggers.
    pub(super) fn detach_partition(&mut self, parent: &QualifiedName, range: &ast::RangeVar) -> Applied {
        let child = self.relation(range)?;
        let (child_id, parent_id) = (ObjectId::Relation(child.clone()), ObjectId::Relation(parent.clone()));
        if !self.partitions(&parent_id).contains(&child_id) {
            let message = format!(
                "relation \"{}\" is not a partition of relation \"{}\"",
                child.name, parent.name
            );
            return Err(self.error(Code::UnknownRelation, range.location, message));
        }
        self.change_table(&child_id, |table| table.partition_of = None);
        for index in self.indexes(&child_id) {
            let is_part = self
                .index_parent(&index)
                .and_then(|above| self.catalog.whole(&above))
                .is_some_and(|table| table == parent_id);
            if is_part {
                self.detach_index(&index);
            }
        }
        for (id, constraint) in self.constraints(&child_id) {
            if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) && constraint.parent.is_some() {
                self.change_constraint(&id, |constraint| {
                    constraint.parent = None;
                    constraint.inheritance = Inheritance::Local;
                });
            }
        }
        self.drop_copied_triggers(&child);
        self.disinherit(&child);
        Ok(())
    }
}
