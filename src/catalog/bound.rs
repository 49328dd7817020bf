//! What a partition's bound says: which rows of the partitioned table are its own.
//!
//! Values are templates in the form of the key's type. Knows no syntax: `write` says FOR VALUES.

use super::id::ObjectId;
use super::refers::Refers;
use super::template::Template;

/// The rows that are a partition's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Those that no other partition takes.
    Default,
    /// Those whose key is one of these values; `None` is null.
    List(Vec<Option<Template>>),
    /// Those whose key is not below the first limits and below the second ones, one for each column of the key.
    Range {
        /// FROM, inclusive.
        from: Vec<Limit>,
        /// TO, exclusive.
        to: Vec<Limit>,
    },
    /// Those whose key's hash leaves this remainder.
    Hash {
        /// The divisor.
        modulus: i32,
        /// What is left.
        remainder: i32,
    },
}

/// A limit of a range in one column of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// MINVALUE: below every value.
    Minimum,
    /// A value.
    Value(Template),
    /// MAXVALUE: above every value.
    Maximum,
}

impl Bound {
    fn values(&self) -> Vec<&Template> {
        match self {
            Bound::Default | Bound::Hash { .. } => Vec::new(),
            Bound::List(values) => values.iter().flatten().collect(),
            Bound::Range { from, to } => from.iter().chain(to).filter_map(Limit::value).collect(),
        }
    }
}

impl Limit {
    /// The value, when it is one.
    pub fn value(&self) -> Option<&Template> {
        match self {
            Limit::Value(value) => Some(value),
            Limit::Minimum | Limit::Maximum => None,
        }
    }

    fn value_mut(&mut self) -> Option<&mut Template> {
        match self {
            Limit::Value(value) => Some(value),
            Limit::Minimum | Limit::Maximum => None,
        }
    }
}

impl Refers for Bound {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        for value in self.values() {
            value.references().for_each(&mut *sink);
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        match self {
            Bound::Default | Bound::Hash { .. } => {}
            Bound::List(values) => values.iter_mut().flatten().for_each(|value| value.rename(rename)),
            Bound::Range { from, to } => from
                .iter_mut()
                .chain(to)
                .filter_map(Limit::value_mut)
                .for_each(|value| value.rename(rename)),
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(super::Doubt)) {
        for value in self.values() {
            value.doubts().iter().copied().for_each(&mut *sink);
        }
    }
}
