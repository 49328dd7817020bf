//! Two of a kind: what is and what is wanted. All set logic of the comparison lives here.

use indexmap::IndexSet;
use std::hash::Hash;

/// What is, and what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pair<T> {
    /// What is.
    pub from: T,
    /// What is wanted.
    pub to: T,
}

impl<T> Pair<T> {
    /// A pair of its two sides.
    pub fn new(from: T, to: T) -> Self {
        Pair { from, to }
    }

    /// The same function on both sides.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Pair<U> {
        Pair {
            from: change(self.from),
            to: change(self.to),
        }
    }

    /// References to both sides.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair {
            from: &self.from,
            to: &self.to,
        }
    }

    /// Two pairs as a pair of twos.
    pub fn zip<U>(self, other: Pair<U>) -> Pair<(T, U)> {
        Pair {
            from: (self.from, other.from),
            to: (self.to, other.to),
        }
    }

    /// The other way round: the way back.
    pub fn reverse(self) -> Pair<T> {
        Pair {
            from: self.to,
            to: self.from,
        }
    }
}

impl<T> Pair<Option<T>> {
    /// Where something stands: on one side only, or on both.
    pub fn transpose(self) -> Option<Presence<T>> {
        match (self.from, self.to) {
            (None, None) => None,
            (Some(from), None) => Some(Presence::Gone(from)),
            (None, Some(to)) => Some(Presence::New(to)),
            (Some(from), Some(to)) => Some(Presence::Both(Pair { from, to })),
        }
    }
}

impl<T: PartialEq> Pair<T> {
    /// Whether the two sides are equal.
    pub fn is_same(&self) -> bool {
        self.from == self.to
    }
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence<T> {
    /// In what is only.
    Gone(T),
    /// In what is wanted only.
    New(T),
    /// In both.
    Both(Pair<T>),
}

/// All keys of both sides, each once: those of `from` first, in order, then the new ones of `to`, in order.
pub fn keys<'a, K: Eq + Hash>(from: impl Iterator<Item = &'a K>, to: impl Iterator<Item = &'a K>) -> IndexSet<&'a K> {
    from.chain(to).collect()
}
