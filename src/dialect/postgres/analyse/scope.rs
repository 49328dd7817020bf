//! What names mean where an expression stands.
//!
//! Knows the surroundings of an expression only: a table's columns, OLD and NEW, a routine's arguments. The range
//! table of a query is built by the analyser itself.

use crate::catalog::{DataType, Ident, ObjectId};

/// The names that an expression may use besides those it brings along.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub(super) names: Names,
    pub(super) arguments: Option<Arguments>,
}

/// What stands around an expression.
#[derive(Clone, Debug, Default)]
pub(super) enum Names {
    /// Nothing.
    #[default]
    None,
    /// The columns of a relation, by themselves or behind its name.
    Relation(ObjectId),
    /// VALUE of a domain over a type.
    Value(Option<DataType>),
    /// OLD and NEW of a trigger's relation.
    Trigger(ObjectId),
    /// old and new of a rule's relation.
    Rule(ObjectId),
}

/// The arguments of a routine.
#[derive(Clone, Debug)]
pub(super) struct Arguments {
    /// The routine's name, which may stand before an argument's.
    pub(super) routine: Ident,
    /// Names and types of the input arguments in order.
    pub(super) list: Vec<(Option<Ident>, DataType)>,
}

impl Scope {
    /// No names at all: a default, a partition bound.
    pub fn none() -> Self {
        Scope::default()
    }

    /// The columns of a relation, written bare: a check, an index, a generated column, a partition key.
    pub fn relation(relation: ObjectId) -> Self {
        Scope::of(Names::Relation(relation))
    }

    /// VALUE: a check of a domain.
    pub fn value() -> Self {
        Scope::of(Names::Value(None))
    }

    /// VALUE of a domain over this type.
    pub fn value_of(base: DataType) -> Self {
        Scope::of(Names::Value(Some(base)))
    }

    /// OLD and NEW: the WHEN of a trigger.
    pub fn trigger(relation: ObjectId) -> Self {
        Scope::of(Names::Trigger(relation))
    }

    /// old and new: condition and actions of a rule.
    pub fn rule(relation: ObjectId) -> Self {
        Scope::of(Names::Rule(relation))
    }

    /// The columns of a policy's table; inside a subquery they stand behind the table's name.
    pub fn policy(relation: ObjectId) -> Self {
        Scope::of(Names::Relation(relation))
    }

    /// The input arguments of a routine, by name or `$n`: an SQL body that is not a string, an argument's default.
    pub fn arguments(routine: Ident, arguments: Vec<(Option<Ident>, DataType)>) -> Self {
        Scope {
            names: Names::None,
            arguments: Some(Arguments {
                routine,
                list: arguments,
            }),
        }
    }

    fn of(names: Names) -> Self {
        Scope { names, arguments: None }
    }
}
