//! The range table: which names of columns and relations can be seen at a place of a query.
//!
//! Knows levels (a query inside a query), items (what stands in FROM) and the columns they show (`parse_relation.c`).
//! Does not know how FROM is read (`from`) nor how a name is written (`resolve`).

use super::scope::{Names, Scope};
use crate::catalog::{Catalog, DataType, Ident, Object, ObjectId, QualifiedName, Template};
use std::cell::Cell;

/// The name of a column as a query shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ColumnName {
    /// A name of the query's own: an alias, or what a function or expression is called by.
    Fixed(Ident),
    /// The name of a relation's column that is handed on unchanged, so that a rename is handed on too.
    Of(ObjectId),
}

impl ColumnName {
    /// The name now.
    pub(super) fn ident(&self) -> Ident {
        match self {
            ColumnName::Fixed(name) => name.clone(),
            ColumnName::Of(id) => id.last_name(),
        }
    }

    /// Whether the name now is `text`.
    pub(super) fn is(&self, text: &str) -> bool {
        match self {
            ColumnName::Fixed(name) | ColumnName::Of(ObjectId::Column(_, name)) => name.as_str() == text,
            ColumnName::Of(id) => id.last_name().as_str() == text,
        }
    }
}

/// A column of a query, a function or an aliased relation.
#[derive(Clone, Debug)]
pub(super) struct RangeColumn {
    /// Its name.
    pub(super) name: ColumnName,
    /// Its type, where it is known.
    pub(super) data_type: Option<DataType>,
}

/// What an item of FROM is called by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RangeName {
    /// An alias, a function's or a common table expression's name.
    Alias(Ident),
    /// The relation's own name.
    Relation(QualifiedName),
    /// The relation's own columns, seen from an expression that belongs to the relation: no name is written.
    Own(QualifiedName),
}

impl RangeName {
    /// The name that may stand before a column.
    pub(super) fn ident(&self) -> &Ident {
        match self {
            RangeName::Alias(name) => name,
            RangeName::Relation(relation) | RangeName::Own(relation) => &relation.name,
        }
    }
}

/// The columns of an item.
#[derive(Clone, Debug)]
pub(super) enum Columns {
    /// Those of a relation of the catalog, under their own names.
    Relation(QualifiedName),
    /// A list.
    Listed(Vec<RangeColumn>),
}

/// Something in FROM that can be named before a column.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What it is called by.
    pub(super) name: RangeName,
    /// Its columns.
    pub(super) columns: Columns,
    /// The relation behind it, for whole-row references.
    pub(super) relation: Option<QualifiedName>,
}

impl Item {
    /// The column of a name.
    pub(super) fn column(&self, catalog: &Catalog, name: &str) -> Option<RangeColumn> {
        match &self.columns {
            Columns::Relation(relation) => relation_column(catalog, relation, name),
            Columns::Listed(columns) => columns.iter().find(|column| column.name.is(name)).cloned(),
        }
    }

    /// Whether more than one column has the name.
    pub(super) fn is_ambiguous(&self, name: &str) -> bool {
        match &self.columns {
            Columns::Relation(_) => false,
            Columns::Listed(columns) => columns.iter().filter(|column| column.name.is(name)).count() > 1,
        }
    }

    /// All columns in order.
    pub(super) fn all(&self, catalog: &Catalog) -> Vec<RangeColumn> {
        match &self.columns {
            Columns::Relation(relation) => relation_columns(catalog, relation),
            Columns::Listed(columns) => columns.clone(),
        }
    }
}

/// Columns that can be named without anything before them, in the order in which `*` shows them.
#[derive(Clone, Debug)]
pub(super) enum Visible {
    /// The columns of the item at that place, without those that a join has merged.
    Item(usize, Vec<Ident>),
    /// A column that a join has merged.
    Merged(Merged),
}

/// A column that USING or NATURAL has made of two.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    /// Its name and type.
    pub(super) column: RangeColumn,
    /// How it is written.
    pub(super) template: Template,
}

/// A common table expression that can be named in FROM.
#[derive(Clone, Debug)]
pub(super) struct CommonTable {
    /// Its name.
    pub(super) name: Ident,
    /// Its columns.
    pub(super) columns: Vec<RangeColumn>,
}

/// What a query sees of the query around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sees {
    /// Everything: an expression's subquery, LATERAL.
    Everything,
    /// The common table expressions only: a subquery in FROM.
    CommonTables,
}

/// One query's names, with the queries around it.
#[derive(Debug)]
pub(super) struct Level<'q> {
    /// The query around this one.
    pub(super) parent: Option<(&'q Level<'q>, Sees)>,
    /// What stands around the outermost query.
    pub(super) scope: &'q Scope,
    /// WITH.
    pub(super) common: Vec<CommonTable>,
    /// What can be named before a column.
    pub(super) items: Vec<Item>,
    /// What can be named by itself.
    pub(super) visible: Vec<Visible>,
    /// Of the outermost query of a view, the names that its first output columns get.
    pub(super) whole: Option<Vec<Ident>>,
    /// Whether columns of this level are written on it without the name of the only item they can be of. The server
    /// does so in the outermost query of a view (`get_query_def`, since 16).
    pub(super) bare: Cell<bool>,
    /// How deep the analysis is in the tree.
    pub(super) depth: &'q Cell<u32>,
}

impl<'q> Level<'q> {
    /// The level that an expression's surroundings make.
    pub(super) fn outermost(scope: &'q Scope, depth: &'q Cell<u32>) -> Self {
        let mut level = Level {
            parent: None,
            scope,
            common: Vec::new(),
            items: Vec::new(),
            visible: Vec::new(),
            whole: None,
            bare: Cell::new(false),
            depth,
        };
        match &scope.names {
            Names::None | Names::Value(_) => {}
            Names::Relation(ObjectId::Relation(relation)) => {
                level.push(Item {
                    name: RangeName::Own(relation.clone()),
                    columns: Columns::Relation(relation.clone()),
                    relation: Some(relation.clone()),
                });
                level.visible.push(Visible::Item(0, Vec::new()));
            }
            Names::Trigger(ObjectId::Relation(relation)) | Names::Rule(ObjectId::Relation(relation)) => {
                level.push_old_and_new(relation);
            }
            Names::Relation(_) | Names::Trigger(_) | Names::Rule(_) => {}
        }
        level
    }

    /// A query inside this one.
    pub(super) fn inner<'i>(&'i self, sees: Sees) -> Level<'i> {
        Level {
            parent: Some((self, sees)),
            scope: self.scope,
            common: Vec::new(),
            items: Vec::new(),
            visible: Vec::new(),
            whole: None,
            bare: Cell::new(false),
            depth: self.depth,
        }
    }

    /// Adds an item; gives its place.
    pub(super) fn push(&mut self, item: Item) -> usize {
        self.items.push(item);
        self.items.len() - 1
    }

    /// Adds `old` and `new` of a relation.
    pub(super) fn push_old_and_new(&mut self, relation: &QualifiedName) {
        for name in ["old", "new"] {
            self.push(Item {
                name: RangeName::Alias(Ident::from(name)),
                columns: Columns::Relation(relation.clone()),
                relation: Some(relation.clone()),
            });
        }
    }

    /// The levels whose columns can be seen from here, from the inside out.
    pub(super) fn seen(&self) -> impl Iterator<Item = &Level<'q>> {
        let mut next = Some(self);
        let mut shown = true;
        std::iter::from_fn(move || {
            loop {
                let level = next?;
                let show = shown;
                next = level.parent.map(|(parent, sees)| {
                    shown = sees == Sees::Everything;
                    parent
                });
                if show {
                    return Some(level);
                }
            }
        })
    }

    /// The common table expression of a name.
    pub(super) fn common_table(&self, name: &str) -> Option<&CommonTable> {
        let mut level = Some(self);
        while let Some(here) = level {
            if let Some(found) = here.common.iter().rev().find(|table| table.name.as_str() == name) {
                return Some(found);
            }
            level = here.parent.map(|(parent, _)| parent);
        }
        None
    }

    /// The item of a name on this level.
    pub(super) fn item(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.name.ident().as_str() == name)
    }
}

/// A column of a relation of the catalog.
pub(super) fn relation_column(catalog: &Catalog, relation: &QualifiedName, name: &str) -> Option<RangeColumn> {
    let id = ObjectId::Column(relation.clone(), Ident::from(name));
    let entry = catalog.get(&id)?;
    let data_type = match &entry.object {
        Object::Column(column) => Some(column.data_type.clone()),
        _ => view_column_type(catalog, relation, &id),
    };
    Some(RangeColumn {
        name: ColumnName::Of(id),
        data_type,
    })
}

/// The columns of a relation of the catalog in order.
pub(super) fn relation_columns(catalog: &Catalog, relation: &QualifiedName) -> Vec<RangeColumn> {
    catalog
        .parts(&ObjectId::Relation(relation.clone()))
        .filter_map(|(id, _)| match id {
            ObjectId::Column(_, name) => relation_column(catalog, relation, name.as_str()),
            _ => None,
        })
        .collect()
}

fn view_column_type(catalog: &Catalog, relation: &QualifiedName, id: &ObjectId) -> Option<DataType> {
    let (columns, types) = match &catalog.get(&ObjectId::Relation(relation.clone()))?.object {
        Object::View(view) => (&view.columns, &view.types),
        Object::MaterializedView(view) => (&view.columns, &view.types),
        _ => return None,
    };
    let name = id.last_name();
    let place = columns.iter().position(|column| *column == name)?;
    types.0.get(place).cloned().flatten()
}
