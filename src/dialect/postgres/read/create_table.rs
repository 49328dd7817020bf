//! CREATE TABLE and CREATE FOREIGN TABLE.
//!
//! Knows the order in which the server makes the parts of a table (`transformCreateStmt`, `DefineRelation`), because
//! implicit names depend on it. Each kind of part has a file of its own.

use super::column::{ColumnDraft, Numbering, plain_column};
use super::constraint::{Constraints, TableAge};
use super::inherit::{Inherited, InheritedColumn};
use super::lookup::shown_name;
use super::table::Recursion;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::table::{Foreign, Inheritance, PartitionOf, Persistence, ReplicaIdentity, RowSecurity, Table};
use crate::catalog::types::Type;
use crate::catalog::{DataType, DefinitionId, DefinitionKind, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use ast::NodeEnum;
use std::sync::Arc;

/// An element of a table definition that brings columns, in the order of the text.
enum Element<'a> {
    Column(ColumnDraft<'a>),
    /// A column of a parent or of the table's type, to which constraints or a default are added.
    Options(ColumnDraft<'a>),
    Like(&'a ast::TableLikeClause),
}

impl Interpreter {
    /// CREATE TABLE.
    pub(super) fn create_table(&mut self, statement: &ast::CreateStmt) -> Applied {
        self.define_table(statement, None)
    }

    /// CREATE FOREIGN TABLE.
    pub(super) fn create_foreign_table(&mut self, statement: &ast::CreateForeignTableStmt) -> Applied {
        let Some(base) = &statement.base_stmt else {
            return Err(self.refuse(-1, "a foreign table without a name"));
        };
        let server = ObjectId::Definition(Arc::new(DefinitionId {
            kind: DefinitionKind::Server,
            schema: None,
            name: Ident::from(statement.servername.as_str()),
            types: Vec::new(),
            within: None,
        }));
        if !self.catalog.contains(&server) {
            let message = format!("server \"{}\" does not exist", statement.servername);
            return Err(self.error(Code::UnknownObject, -1, message));
        }
        let options = self.foreign_options(&statement.options)?;
        self.define_table(base, Some(Foreign { server, options }))
    }

    fn define_table(&mut self, statement: &ast::CreateStmt, foreign: Option<Foreign>) -> Applied {
        let Some(range) = &statement.relation else {
            return Err(self.refuse(-1, "a table without a name"));
        };
        let persistence = self.persistence(range)?;
        let name = self.new_name(&range.schemaname, &range.relname, range.location)?;
        if self.relation_name_taken(&name) {
            return match statement.if_not_exists {
                true => Ok(()),
                false => Err(self.relation_exists(&name, range.location)),
            };
        }
        let id = ObjectId::Relation(name.clone());
        let parents = self.parents_as_written(statement)?;
        // The rows of a foreign table are there already, elsewhere (`transformCheckConstraints` is told to skip them).
        let age = match foreign {
            Some(_) => TableAge::Existing,
            None => TableAge::New,
        };
        let table = self.table_frame(statement, foreign, persistence, &parents)?;
        let mut constraints = Constraints::default();
        let mut elements = Vec::new();
        for node in &statement.table_elts {
            match self.table_element(node, age, &mut constraints) {
                Ok(element) => elements.extend(element),
                Err(error) => self.diagnostics.push(*error),
            }
        }
        let mut inherited = self.inherited(&name, &parents, range.location)?;
        if let Some(of_type) = &table.of_type {
            inherited.columns = self.columns_of_type(of_type)?;
        }
        let partition_parent = table.partition_of.as_ref().map(|partition| partition.parent.clone());
        self.create(
            id.clone(),
            Object::Table(Box::new(table)),
            range.location,
            Existing::Refuse,
        )?;
        for parent in parents {
            self.note_child(parent, id.clone());
        }
        self.define_columns(
            &name,
            elements.as_mut_slice(),
            inherited.columns,
            &mut constraints,
            persistence,
        );
        if let Some(specification) = &statement.partspec {
            match self.partition_key(&name, specification) {
                Ok(key) => self.change_table(&id, |table| table.partition_key = Some(key)),
                Err(error) => self.diagnostics.push(*error),
            }
        }
        let inherited = Inherited {
            columns: Vec::new(),
            ..inherited
        };
        self.define_constraints(&name, &inherited, &constraints);
        if let Some(parent) = partition_parent {
            let equipped = self.equip_partition(&parent, &id);
            self.keep(equipped);
        }
        for element in &elements {
            if let Element::Like(clause) = element {
                let expanded = self.expand_like(&name, clause);
                self.keep(expanded);
            }
        }
        if self.is_without_toast(&id) {
            self.change_table(&id, |table| table.options.retain(|name, _| !name.starts_with("toast.")));
        }
        let keys = self.add_new_keys(&name, &constraints.keys);
        self.keep(keys);
        for pending in &constraints.foreign_keys {
            let added = self.add_foreign_key(&name, pending, Recursion::Children);
            self.keep(added);
        }
        Ok(())
    }

    /// The tables after INHERITS or PARTITION OF.
    fn parents_as_written(&self, statement: &ast::CreateStmt) -> Applied<Vec<ObjectId>> {
        let mut parents = Vec::new();
        for node in &statement.inh_relations {
            let Some(NodeEnum::RangeVar(range)) = &node.node else {
                return Err(self.refuse(-1, "this parent"));
            };
            let parent = self.relation(range)?;
            let id = ObjectId::Relation(parent.clone());
            let Some(table) = self.table(&id) else {
                return Err(self.wrong_kind(&parent, "a table", range.location));
            };
            if statement.partbound.is_none() && (table.partition_key.is_some() || table.partition_of.is_some()) {
                let message = format!("cannot inherit from partitioned table or partition \"{}\"", parent.name);
                return Err(self.error(Code::UnsupportedClause, range.location, message));
            }
            parents.push(id);
        }
        Ok(parents)
    }

    /// The table without its columns.
    fn table_frame(
        &self,
        statement: &ast::CreateStmt,
        foreign: Option<Foreign>,
        persistence: Persistence,
        parents: &[ObjectId],
    ) -> Applied<Table> {
        let partition_of = match (&statement.partbound, parents) {
            (Some(bound), [parent]) => Some(PartitionOf {
                parent: parent.clone(),
                bound: self.partition_bound(parent, bound)?,
            }),
            _ => None,
        };
        let of_type = match &statement.of_typename {
            Some(name) => Some(self.data_type(name)?),
            None => None,
        };
        let parent_tablespace = partition_of
            .as_ref()
            .and_then(|partition| self.table(&partition.parent))
            .and_then(|table| table.tablespace.clone());
        let tablespace = match (&foreign, statement.tablespacename.as_str(), parent_tablespace) {
            (Some(_), _, _) => None,
            (None, "", Some(tablespace)) => Some(tablespace),
            (None, written, _) => self.tablespace(written),
        };
        let access_method = match (statement.access_method.as_str(), &foreign, &statement.partspec) {
            ("heap", _, _) => None,
            ("", None, None) => self.settings.access_method.clone(),
            ("", _, _) => None,
            (method, _, _) => Some(Ident::from(method)),
        };
        Ok(Table {
            persistence,
            foreign,
            partition_key: None,
            inherits: match partition_of {
                Some(_) => Vec::new(),
                None => parents.to_vec(),
            },
            partition_of,
            of_type,
            access_method,
            tablespace,
            options: self.storage_options(&statement.options)?,
            row_security: RowSecurity::Disabled,
            replica_identity: ReplicaIdentity::Default,
            cluster_on: None,
        })
    }

    /// Reads an element of the list between the parentheses; a constraint goes into `constraints`.
    fn table_element<'a>(
        &self,
        node: &'a ast::Node,
        age: TableAge,
        constraints: &mut Constraints<'a>,
    ) -> Applied<Option<Element<'a>>> {
        match &node.node {
            Some(NodeEnum::ColumnDef(definition)) if definition.type_name.is_none() => {
                let mut draft = ColumnDraft {
                    name: Ident::from(definition.colname.as_str()),
                    location: definition.location,
                    column: plain_column(DataType::system("void")),
                    numbering: Numbering::None,
                    default: None,
                    generated: None,
                };
                self.column_constraints(definition, &mut draft, constraints)?;
                Ok(Some(Element::Options(draft)))
            }
            Some(NodeEnum::ColumnDef(definition)) => self
                .column_draft(definition, constraints)
                .map(Element::Column)
                .map(Some),
            Some(NodeEnum::Constraint(constraint)) => {
                self.table_constraint(constraint, age, constraints)?;
                Ok(None)
            }
            Some(NodeEnum::TableLikeClause(clause)) => Ok(Some(Element::Like(clause))),
            _ => Err(self.refuse(-1, "this element of a table")),
        }
    }

    /// The columns that a typed table has from its type.
    fn columns_of_type(&self, of_type: &DataType) -> Applied<Vec<InheritedColumn>> {
        match self.type_of(of_type) {
            Some(Type::Composite(attributes)) => Ok(attributes
                .iter()
                .map(|attribute| {
                    let mut column = plain_column(attribute.data_type.clone());
                    column.collation = attribute.collation.clone();
                    InheritedColumn {
                        name: attribute.name.clone(),
                        column,
                        default: None,
                    }
                })
                .collect()),
            _ => {
                let message = format!("type {} is not a composite type", of_type.name.name);
                Err(self.error(Code::UnknownType, -1, message))
            }
        }
    }

    /// Puts all columns in, then their sequences, defaults and generation expressions.
    fn define_columns<'a>(
        &mut self,
        table: &QualifiedName,
        elements: &mut [Element<'a>],
        mut inherited: Vec<InheritedColumn>,
        constraints: &mut Constraints<'a>,
        persistence: Persistence,
    ) {
        let kind = self.child_kind(&ObjectId::Relation(table.clone()));
        for element in elements.iter_mut() {
            let (draft, typed) = match element {
                Element::Column(draft) => (draft, true),
                Element::Options(draft) => (draft, false),
                Element::Like(_) => continue,
            };
            let Some(known) = inherited.iter_mut().find(|known| known.name == draft.name) else {
                continue;
            };
            if typed {
                let same = self.same_type(&draft.name, &known.column, &draft.column, draft.location);
                self.merge_definition(&mut known.column, &draft.column, kind);
                self.keep(same);
            }
            // What the definition says takes the place of what the parent says.
            if draft.default.is_some() || !matches!(draft.numbering, Numbering::None) {
                known.default = None;
            }
            if draft.generated.is_some() {
                known.column.generated = None;
            }
            draft.column = known.column.clone();
        }
        let persistence_of_sequences = match self.version() >= 15 {
            true => persistence,
            false => Persistence::Logged,
        };
        for known in &inherited {
            let own = elements.iter_mut().find_map(|element| match element {
                Element::Column(draft) | Element::Options(draft) if draft.name == known.name => Some(draft),
                _ => None,
            });
            let inserted = match own {
                Some(draft) => self.insert_column(table, draft, persistence_of_sequences),
                None => self.add_part(
                    ObjectId::Column(table.clone(), known.name.clone()),
                    Object::Column(Box::new(known.column.clone())),
                    -1,
                ),
            };
            self.keep(inserted);
            if let Some(default) = &known.default {
                self.put_default(table, &known.name, Some(default.clone()), -1);
            }
        }
        for element in elements.iter_mut() {
            let inserted = match element {
                Element::Column(draft) if inherited.iter().all(|known| known.name != draft.name) => {
                    self.insert_column(table, draft, persistence_of_sequences)
                }
                Element::Column(_) => Ok(()),
                Element::Options(draft) if inherited.iter().all(|known| known.name != draft.name) => {
                    let message = format!("column \"{}\" does not exist", draft.name);
                    Err(self.error(Code::UnknownColumn, draft.location, message))
                }
                Element::Options(_) => Ok(()),
                Element::Like(clause) => self.like_columns(table, clause, constraints),
            };
            self.keep(inserted);
        }
        for element in elements.iter() {
            if let Element::Column(draft) | Element::Options(draft) = element {
                let finished = self.define_values(table, draft, persistence_of_sequences);
                self.keep(finished);
            }
        }
    }

    /// Makes a column's sequence, default and generation expression.
    pub(super) fn define_values(
        &mut self,
        table: &QualifiedName,
        draft: &ColumnDraft<'_>,
        persistence: Persistence,
    ) -> Applied {
        let serial = match draft.numbering {
            Numbering::Serial => Some(self.create_serial_sequence(
                table,
                &draft.name,
                &draft.column.data_type,
                persistence,
                draft.location,
            )?),
            Numbering::None | Numbering::Identity(..) => None,
        };
        self.finish_column(table, draft, serial.as_ref())
    }

    /// CHECK and NOT NULL of a new table, its parents' and its own.
    fn define_constraints(&mut self, table: &QualifiedName, inherited: &Inherited, constraints: &Constraints<'_>) {
        for (name, constraint) in &inherited.checks {
            let put = self.put_check(table, name, constraint.clone(), Recursion::Children, -1);
            self.keep(put);
        }
        for pending in &constraints.checks {
            let added = self.add_check(table, pending, Recursion::Children);
            self.keep(added);
        }
        // A table's PRIMARY KEY makes its columns NOT NULL after those that say so themselves.
        let mut wanted = constraints.not_nulls.clone();
        wanted.extend(constraints.keys.iter().flat_map(|key| key.primary_key_not_nulls()));
        let put = self.new_not_nulls(table, &wanted, &inherited.not_nulls);
        self.keep(put);
    }

    /// The table that LIKE names.
    pub(super) fn like_source(&self, clause: &ast::TableLikeClause) -> Applied<QualifiedName> {
        let Some(range) = &clause.relation else {
            return Err(self.refuse(-1, "LIKE without a table"));
        };
        let name = self.find_relation(&range.schemaname, &range.relname).ok_or_else(|| {
            let shown = shown_name(&range.schemaname, &range.relname);
            self.error(
                Code::UnknownRelation,
                range.location,
                format!("relation {shown} does not exist"),
            )
        })?;
        match self.table(&ObjectId::Relation(name.clone())) {
            Some(_) => Ok(name),
            None => Err(self.refuse(range.location, "LIKE of anything but a table")),
        }
    }

    /// A column that stands in a table by itself, whatever it was copied from.
    pub(super) fn add_local_column(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        mut column: crate::catalog::table::Column,
    ) -> Applied {
        column.inheritance = Inheritance::Local;
        self.add_part(
            ObjectId::Column(table.clone(), name.clone()),
            Object::Column(Box::new(column)),
            -1,
        )
    }
}
