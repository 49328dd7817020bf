//! An object with what every object can have: owner, comment, privileges, security labels.

use super::constraint::{Constraint, DomainConstraint};
use super::definition::{DefaultPrivileges, Definition, Extension, Provided};
use super::id::{DefinitionId, DefinitionKind, ObjectId};
use super::index::Index;
use super::name::Ident;
use super::privilege::Privileges;
use super::refers::Refers;
use super::routine::Routine;
use super::sequence::Sequence;
use super::table::{Column, Default, Table};
use super::template::Doubt;
use super::trigger::{Policy, Rule, Trigger};
use super::types::Type;
use super::view::{MaterializedView, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An entry of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub object: Object,
    /// Its owner, when the text names one; without, it is the role that runs the text.
    pub owner: Option<Ident>,
    /// COMMENT ON.
    pub comment: Option<Arc<str>>,
    /// COMMENT ON what has no entry of its own and goes with this object.
    pub hidden_comments: BTreeMap<Hidden, Arc<str>>,
    /// GRANT and REVOKE; `None` while the built-in default holds.
    pub privileges: Option<Privileges>,
    /// SECURITY LABEL, by provider.
    pub security_labels: BTreeMap<Ident, Arc<str>>,
    /// The extension it belongs to (`ALTER EXTENSION … ADD`); such an object is not planned.
    pub extension: Option<Ident>,
    /// The extensions with which it goes (`DEPENDS ON EXTENSION`), in the order of their names.
    pub depends_on: Vec<Ident>,
}

/// What goes with an object and has no entry of its own, but may bear a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hidden {
    /// The index of a key or exclusion constraint.
    Index,
    /// The sequence of an identity column.
    Sequence,
    /// The NOT NULL constraint of a column (PostgreSQL 18) or domain (17).
    NotNull,
}

/// Every kind of object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is documented where it is defined
pub enum Object {
    Schema,
    Extension(Box<Extension>),
    Table(Box<Table>),
    Column(Box<Column>),
    Default(Box<Default>),
    Constraint(Box<Constraint>),
    Index(Box<Index>),
    Sequence(Box<Sequence>),
    View(Box<View>),
    MaterializedView(Box<MaterializedView>),
    /// A column of a view or materialized view: there to be referred to, commented and granted on.
    ViewColumn,
    Type(Box<Type>),
    DomainConstraint(Box<DomainConstraint>),
    Routine(Box<Routine>),
    Trigger(Box<Trigger>),
    Rule(Box<Rule>),
    Policy(Box<Policy>),
    /// Kinds kept by their definition; aggregates are among them under a routine's identity.
    Definition(Box<Definition>),
    DefaultPrivileges(DefaultPrivileges),
    /// Made by the server or an extension: there to be granted on.
    Provided(Provided),
}

impl Entry {
    /// An entry with nothing but the object.
    pub fn new(object: Object) -> Self {
        Entry {
            object,
            owner: None,
            comment: None,
            hidden_comments: BTreeMap::new(),
            privileges: None,
            security_labels: BTreeMap::new(),
            extension: None,
            depends_on: Vec::new(),
        }
    }
}

/// The access methods that every server has.
const BUILT_IN_METHODS: [&str; 7] = ["heap", "btree", "hash", "gist", "gin", "spgist", "brin"];

/// Hands over the access method of a table or index, which is an object where the schema makes it. It has no schema and
/// cannot be renamed.
fn access_method(name: Option<&Ident>, sink: &mut dyn FnMut(&ObjectId)) {
    if let Some(name) = name.filter(|name| !BUILT_IN_METHODS.contains(&name.as_str())) {
        sink(&ObjectId::Definition(Arc::new(DefinitionId {
            kind: DefinitionKind::AccessMethod,
            schema: None,
            name: name.clone(),
            types: Vec::new(),
            within: None,
        })));
    }
}

impl Refers for Object {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        match self {
            Object::Schema | Object::ViewColumn => {}
            Object::Extension(object) => object.references(sink),
            Object::Table(object) => {
                object.references(sink);
                access_method(object.access_method.as_ref(), sink);
            }
            Object::Column(object) => object.references(sink),
            Object::Default(object) => object.references(sink),
            Object::Constraint(object) => object.references(sink),
            Object::Index(object) => {
                object.references(sink);
                access_method(Some(&object.method), sink);
            }
            Object::Sequence(object) => object.references(sink),
            Object::View(object) => object.references(sink),
            Object::MaterializedView(object) => {
                object.references(sink);
                access_method(object.access_method.as_ref(), sink);
            }
            Object::Type(object) => object.references(sink),
            Object::DomainConstraint(object) => object.references(sink),
            Object::Routine(object) => object.references(sink),
            Object::Trigger(object) => object.references(sink),
            Object::Rule(object) => object.references(sink),
            Object::Policy(object) => object.references(sink),
            Object::Definition(object) => object.references(sink),
            Object::DefaultPrivileges(object) => object.references(sink),
            Object::Provided(object) => object.references(sink),
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        match self {
            Object::Schema | Object::ViewColumn => {}
            Object::Extension(object) => object.rename(rename),
            Object::Table(object) => object.rename(rename),
            Object::Column(object) => object.rename(rename),
            Object::Default(object) => object.rename(rename),
            Object::Constraint(object) => object.rename(rename),
            Object::Index(object) => object.rename(rename),
            Object::Sequence(object) => object.rename(rename),
            Object::View(object) => object.rename(rename),
            Object::MaterializedView(object) => object.rename(rename),
            Object::Type(object) => object.rename(rename),
            Object::DomainConstraint(object) => object.rename(rename),
            Object::Routine(object) => object.rename(rename),
            Object::Trigger(object) => object.rename(rename),
            Object::Rule(object) => object.rename(rename),
            Object::Policy(object) => object.rename(rename),
            Object::Definition(object) => object.rename(rename),
            Object::DefaultPrivileges(object) => object.rename(rename),
            Object::Provided(object) => object.rename(rename),
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(Doubt)) {
        match self {
            Object::Schema | Object::ViewColumn => {}
            Object::Extension(object) => object.doubts(sink),
            Object::Table(object) => object.doubts(sink),
            Object::Column(object) => object.doubts(sink),
            Object::Default(object) => object.doubts(sink),
            Object::Constraint(object) => object.doubts(sink),
            Object::Index(object) => object.doubts(sink),
            Object::Sequence(object) => object.doubts(sink),
            Object::View(object) => object.doubts(sink),
            Object::MaterializedView(object) => object.doubts(sink),
            Object::Type(object) => object.doubts(sink),
            Object::DomainConstraint(object) => object.doubts(sink),
            Object::Routine(object) => object.doubts(sink),
            Object::Trigger(object) => object.doubts(sink),
            Object::Rule(object) => object.doubts(sink),
            Object::Policy(object) => object.doubts(sink),
            Object::Definition(object) => object.doubts(sink),
            Object::DefaultPrivileges(object) => object.doubts(sink),
            Object::Provided(object) => object.doubts(sink),
        }
    }
}
