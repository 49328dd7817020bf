//! CREATE INDEX, and the keys of indexes wherever they stand.
//!
//! Knows what the server fills in (`indexcmds.c`, `DefineIndex`). The parts that partitions get are
//! `partition_index`'s business.

use super::naming::{IndexPurpose, expression_column_name, index_column_names};
use super::table::Recursion;
use super::{Applied, Interpreter, ast};
use crate::catalog::index::{Coverage, Direction, Index, IndexKey, Nulls, Uniqueness};
use crate::catalog::{DataType, Ident, Object, ObjectId, QualifiedName};
use crate::dialect::postgres::analyse::Scope;
use ast::{NodeEnum, SortByDir, SortByNulls};

/// An index key and the name that its column has in the index.
pub(super) struct NamedKey {
    pub key: IndexKey,
    pub name: Ident,
}

impl Interpreter {
    /// CREATE INDEX.
    pub(super) fn create_index(&mut self, statement: &ast::IndexStmt) -> Applied {
        let Some(range) = &statement.relation else {
            return Err(self.refuse(-1, "an index without a table"));
        };
        let table = self.relation(range)?;
        let table_id = ObjectId::Relation(table.clone());
        match self.catalog.get(&table_id).map(|entry| &entry.object) {
            Some(Object::Table(_) | Object::MaterializedView(_)) => {}
            _ => return Err(self.wrong_kind(&table, "a table or materialized view", range.location)),
        }
        if statement.nulls_not_distinct {
            self.needs_version(15, range.location, "NULLS NOT DISTINCT")?;
        }
        let method = access_method(&statement.access_method);
        let mut keys = Vec::with_capacity(statement.index_params.len());
        let mut names = Vec::new();
        for node in &statement.index_params {
            let named = self.index_key(&table, node, &method)?;
            keys.push(named.key);
            names.push(named.name);
        }
        let include = self.key_columns(&table, &statement.index_including_params, range.location)?;
        names.extend(include.iter().map(ObjectId::last_name));
        let name = if statement.idxname.is_empty() {
            self.choose_index_name(&table, &index_column_names(names), IndexPurpose::Plain)
        } else {
            Ident::from(statement.idxname.as_str())
        };
        let name = table.with_name(name);
        if self.relation_name_taken(&name) {
            return match statement.if_not_exists {
                true => Ok(()),
                false => Err(self.relation_exists(&name, range.location)),
            };
        }
        let predicate = match statement.where_clause.as_deref() {
            Some(node) => Some(self.expression(node, &Scope::relation(table_id.clone()))?),
            None => None,
        };
        let recursion = Recursion::of(range);
        let partitions = self.partitions(&table_id);
        let index = Index {
            table: table_id.clone(),
            method,
            uniqueness: match (statement.unique, statement.nulls_not_distinct) {
                (false, false) => Uniqueness::None,
                (false, true) => Uniqueness::NoneNullsNotDistinct,
                (true, false) => Uniqueness::Unique,
                (true, true) => Uniqueness::NullsNotDistinct,
            },
            keys,
            include,
            predicate,
            options: self.storage_options(&statement.options)?,
            tablespace: self.tablespace(&statement.table_space),
            statistics: Vec::new(),
            parent: None,
            coverage: match recursion == Recursion::Only && !partitions.is_empty() {
                true => Coverage::Only,
                false => Coverage::Whole,
            },
        };
        let id = ObjectId::Relation(name);
        self.add_part(id.clone(), Object::Index(Box::new(index)), range.location)?;
        if recursion == Recursion::Children {
            for partition in partitions {
                self.cover_partition(&id, &partition)?;
            }
        }
        Ok(())
    }

    /// One key of an index: a column or an expression with its order.
    pub(super) fn index_key(&self, table: &QualifiedName, node: &ast::Node, method: &Ident) -> Applied<NamedKey> {
        let Some(NodeEnum::IndexElem(element)) = &node.node else {
            return Err(self.refuse(-1, "this index key"));
        };
        let (expression, name) = if let Some(raw) = element.expr.as_deref() {
            let scope = Scope::relation(ObjectId::Relation(table.clone()));
            (self.element(raw, &scope)?, expression_column_name(raw))
        } else {
            let column = self.column(table, &element.name, -1)?;
            (
                super::column::column_reference(column),
                Ident::from(element.name.as_str()),
            )
        };
        let column = expression
            .as_column()
            .map(|column| ObjectId::Column(table.clone(), column.clone()));
        let data_type = self.key_type(column.as_ref(), element.expr.as_deref(), table);
        let collation = match element.collation.as_slice() {
            [] => None,
            parts => {
                let collation = self.collation_named(parts, -1)?;
                let own = column.as_ref().and_then(|column| self.own_collation(column));
                (own.as_ref() != Some(&collation)).then_some(collation)
            }
        };
        let operator_class_options = self.storage_options(&element.opclassopts)?;
        let operator_class = match element.opclass.as_slice() {
            [] => None,
            parts => {
                let class = self.operator_class(parts, method);
                let implied =
                    operator_class_options.is_empty() && self.is_default_class(&class, method, data_type.as_ref());
                (!implied).then_some(class.template)
            }
        };
        let direction = match element.ordering() {
            SortByDir::SortbyDesc => Direction::Descending,
            _ => Direction::Ascending,
        };
        let nulls = match (element.nulls_ordering(), direction) {
            (SortByNulls::SortbyNullsFirst, _) => Nulls::First,
            (SortByNulls::SortbyNullsLast, _) => Nulls::Last,
            (_, Direction::Ascending) => Nulls::Last,
            (_, Direction::Descending) => Nulls::First,
        };
        Ok(NamedKey {
            key: IndexKey {
                expression,
                collation,
                operator_class,
                operator_class_options,
                direction,
                nulls,
            },
            name,
        })
    }

    /// The type of an index key, where it can be known.
    fn key_type(
        &self,
        column: Option<&ObjectId>,
        expression: Option<&ast::Node>,
        table: &QualifiedName,
    ) -> Option<DataType> {
        match (column, expression) {
            (Some(column), _) => self.table_column(column).map(|column| column.data_type.clone()),
            (None, Some(node)) => self.expression_type(node, &Scope::relation(ObjectId::Relation(table.clone()))),
            (None, None) => None,
        }
    }

    /// The collation that a column of a table has.
    pub(super) fn own_collation(&self, column: &ObjectId) -> Option<ObjectId> {
        let column = self.table_column(column)?;
        Some(match &column.collation {
            Some(collation) => collation.clone(),
            None => self.type_collation(&column.data_type),
        })
    }

    /// The tablespace of a new relation: as written, else default_tablespace.
    pub(super) fn tablespace(&self, written: &str) -> Option<Ident> {
        match written {
            "" => self.settings.tablespace.clone(),
            "pg_default" => None,
            name => Some(Ident::from(name)),
        }
    }
}

/// The access method of an index; `rtree` is the old name of `gist`.
pub(super) fn access_method(written: &str) -> Ident {
    match written {
        "" => Ident::from("btree"),
        "rtree" => Ident::from("gist"),
        name => Ident::from(name),
    }
}
