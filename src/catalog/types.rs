//! Types of their own: enum, composite, domain, range, base and shell types (PostgreSQL manual, CREATE TYPE, CREATE DOMAIN).

use super::data_type::DataType;
use super::id::ObjectId;
use super::name::Ident;
use super::refers::{Refers, refers};
use super::template::Template;
use std::sync::Arc;

/// A type of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// ENUM: the labels in their order.
    Enum(Vec<Arc<str>>),
    /// A composite type.
    Composite(Vec<Attribute>),
    /// A domain; its CHECK constraints are objects of their own.
    Domain(Domain),
    /// RANGE with its multirange type.
    Range(Range),
    /// A base type, by the options of CREATE TYPE in the order of their names.
    Base(Vec<(Arc<str>, Option<Template>)>),
    /// A type that is announced only.
    Shell,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Ident,
    /// Its type with modifiers.
    pub data_type: DataType,
    /// The collation, when it is not the type's own.
    pub collation: Option<ObjectId>,
    /// COMMENT ON COLUMN type.attribute.
    pub comment: Option<Arc<str>>,
}
refers!(Attribute { data_type, collation });

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The type it is over.
    pub base: DataType,
    /// The collation, when it is not the base type's own.
    pub collation: Option<ObjectId>,
    /// DEFAULT.
    pub default: Option<Template>,
    /// NOT NULL, with the constraint's name as PostgreSQL 17 and later keep it.
    pub not_null: Option<Ident>,
}
refers!(Domain {
    base,
    collation,
    default
});

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// SUBTYPE.
    pub subtype: DataType,
    /// SUBTYPE_OPCLASS, when it is not the default.
    pub operator_class: Option<Template>,
    /// COLLATION, when it is not the subtype's own.
    pub collation: Option<ObjectId>,
    /// CANONICAL.
    pub canonical: Option<Template>,
    /// SUBTYPE_DIFF.
    pub difference: Option<Template>,
    /// The multirange type's name; it is in the range's schema.
    pub multirange: Ident,
}
refers!(Range {
    subtype,
    operator_class,
    collation,
    canonical,
    difference
});

impl Refers for Type {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        match self {
            Type::Enum(_) | Type::Shell => {}
            Type::Composite(attributes) => attributes.references(sink),
            Type::Domain(domain) => domain.references(sink),
            Type::Range(range) => range.references(sink),
            Type::Base(options) => options.iter().for_each(|(_, value)| value.references(sink)),
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        match self {
            Type::Enum(_) | Type::Shell => {}
            Type::Composite(attributes) => attributes.rename(rename),
            Type::Domain(domain) => domain.rename(rename),
            Type::Range(range) => range.rename(rename),
            Type::Base(options) => options.iter_mut().for_each(|(_, value)| value.rename(rename)),
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(super::Doubt)) {
        match self {
            Type::Domain(domain) => domain.doubts(sink),
            Type::Enum(_) | Type::Shell | Type::Composite(_) | Type::Range(_) | Type::Base(_) => {}
        }
    }
}
