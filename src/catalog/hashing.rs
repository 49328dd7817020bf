//! Maps and sets that hash by one fixed, fast function.
//!
//! Identities are hashed more often than anything else is done, and they come from schemas, not from an adversary: the
//! standard library's keyed hash costs several times as much and buys nothing here. Being fixed, this one also gives
//! every run the same order of iteration.

use std::hash::BuildHasherDefault;

/// A map.
pub type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Hasher>>;
/// A set.
pub type HashSet<T> = std::collections::HashSet<T, BuildHasherDefault<Hasher>>;
/// A map that keeps the order of insertion.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, BuildHasherDefault<Hasher>>;
/// A set that keeps the order of insertion.
pub type IndexSet<T> = indexmap::IndexSet<T, BuildHasherDefault<Hasher>>;

/// Mixes eight bytes at a time by a rotation, an exclusive or and a multiplication.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hasher {
    state: u64,
}

/// An odd number without pattern: the fraction of the golden ratio.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher {
    fn mix(&mut self, word: u64) {
        self.state = (self.state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }
}

impl std::hash::Hasher for Hasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            // The length tells a short rest from the same bytes followed by zeros.
            self.mix(u64::from_le_bytes(last) ^ (rest.len() as u64) << 56);
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.mix(number as u64);
    }

    /// A multiplication carries upwards only, and tables look at the low bits too.
    fn finish(&self) -> u64 {
        self.state ^ (self.state >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{ObjectId, QualifiedName};
    use std::hash::{BuildHasher, BuildHasherDefault};

    fn hash(of: &ObjectId) -> u64 {
        BuildHasherDefault::<Hasher>::default().hash_one(of)
    }

    #[test]
    fn identities_that_differ_little_spread_over_the_low_bits_and_the_high_ones() {
        let names = (0..4096).map(|number| QualifiedName::new("public", format!("table_{number}").as_str()));
        let hashes: Vec<u64> = names.map(|name| hash(&ObjectId::Relation(name))).collect();
        // Of 4,096 balls in 4,096 urns some 63 % of the urns get one.
        for bits in [|hash: u64| hash & 0xfff, |hash: u64| hash >> 52] {
            let urns: HashSet<u64> = hashes.iter().map(|hash| bits(*hash)).collect();
            assert!(urns.len() > 2_300, "{} of 4096", urns.len());
        }
    }

    #[test]
    fn the_bounds_of_names_count() {
        let one = ObjectId::Relation(QualifiedName::new("ab", "c"));
        let other = ObjectId::Relation(QualifiedName::new("a", "bc"));
        assert_ne!(hash(&one), hash(&other));
    }
}
