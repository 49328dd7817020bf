//! Names of scaffolding: they say what they belong to and that they are ours, they fit, and nothing else bears them.
//!
//! Deterministic: a name follows from the names it stands for and from the two catalogs alone.

use super::super::lowering::Lowering;
use crate::catalog::{Ident, ObjectId, QualifiedName};

/// The greatest length of an identifier in bytes (`NAMEDATALEN` less one).
const LONGEST: usize = 63;

/// What a name of scaffolding is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Purpose {
    /// What will bear the final name.
    New,
    /// What bore it and goes.
    Old,
    /// What bore it and goes, where something else takes the place of what bore it.
    Gone,
    /// The function that keeps two columns equal.
    Sync,
    /// A check that proves that a column holds no null.
    NotNull,
    /// Where an identity stood while it moves.
    Position,
}

impl Purpose {
    fn suffix(self) -> &'static str {
        match self {
            Purpose::New => "_underpin_new",
            Purpose::Old => "_underpin_old",
            Purpose::Gone => "_underpin_gone",
            Purpose::Sync => "_underpin_sync",
            Purpose::NotNull => "_underpin_not_null",
            Purpose::Position => "_underpin_position",
        }
    }
}

/// The scaffolding's identity beside an object of the same kind: a column, a constraint, an index.
pub(in super::super) fn beside(lowering: &Lowering<'_>, id: &ObjectId, purpose: Purpose) -> ObjectId {
    free(id.last_name().as_str(), purpose, &|name| {
        let renamed = match id {
            ObjectId::Column(table, _) => ObjectId::Column(table.clone(), name),
            ObjectId::Constraint(table, _) => ObjectId::Constraint(table.clone(), name),
            ObjectId::Relation(relation) => ObjectId::Relation(relation.with_name(name)),
            other => other.clone(),
        };
        let taken = match &renamed {
            ObjectId::Column(..) => is_there(lowering, &renamed),
            // The index behind a key shares the names of relations.
            ObjectId::Constraint(table, name) => {
                is_there(lowering, &renamed) || is_there(lowering, &ObjectId::Relation(table.with_name(name.clone())))
            }
            other => is_there(lowering, other),
        };
        (!taken).then_some(renamed)
    })
    .unwrap_or_else(|| id.clone())
}

/// A relation or function of scaffolding in the schema of a table, named after the table and a column.
pub(in super::super) fn of_column(lowering: &Lowering<'_>, column: &ObjectId, purpose: Purpose) -> QualifiedName {
    let table = column
        .qualified_name()
        .cloned()
        .unwrap_or_else(|| QualifiedName::system(""));
    let stem = [table.name.as_str(), "_", column.last_name().as_str()].concat();
    let name = free(&stem, purpose, &|name| {
        let whole = table.with_name(name.clone());
        let taken = is_there(lowering, &ObjectId::Relation(whole.clone()))
            || is_there(lowering, &ObjectId::Routine(whole, std::sync::Arc::from([])));
        (!taken).then_some(name)
    });
    table.with_name(name.unwrap_or_else(|| fitted(&stem, purpose.suffix())))
}

/// The name of a check or not-null constraint of scaffolding over a column.
pub(in super::super) fn constraint_of_column(lowering: &Lowering<'_>, column: &ObjectId, purpose: Purpose) -> ObjectId {
    let name = of_column(lowering, column, purpose);
    let table = column.qualified_name().cloned().unwrap_or_else(|| name.clone());
    ObjectId::Constraint(table, name.name)
}

/// A trigger that fires after all others of its kind: the server goes by name.
pub(in super::super) fn last_trigger(column: &ObjectId) -> ObjectId {
    let table = column
        .qualified_name()
        .cloned()
        .unwrap_or_else(|| QualifiedName::system(""));
    let stem = ["zzz_underpin_", column.last_name().as_str()].concat();
    ObjectId::Trigger(table, fitted(&stem, ""))
}

fn is_there(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering.from(id).is_some() || lowering.to(id).is_some()
}

/// The first of the numbered names that is free.
pub(in super::super) fn free<T>(stem: &str, purpose: Purpose, accept: &dyn Fn(Ident) -> Option<T>) -> Option<T> {
    let numbered = (2..1000).map(|number| [purpose.suffix(), &number.to_string()].concat());
    std::iter::once(purpose.suffix().to_owned())
        .chain(numbered)
        .find_map(|suffix| accept(fitted(stem, &suffix)))
}

/// A stem and a suffix as an identifier; a long stem is cut and told apart by a number made of all of it.
fn fitted(stem: &str, suffix: &str) -> Ident {
    if stem.len() + suffix.len() <= LONGEST {
        return Ident::new([stem, suffix].concat());
    }
    let hash = stem.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let tail = format!("_{hash:08x}{suffix}");
    let mut end = LONGEST.saturating_sub(tail.len()).min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    Ident::new([&stem[..end], tail.as_str()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_still_tells_its_origin() {
        let stem = "a".repeat(60);
        let other = ["b".repeat(59), "ä".to_owned()].concat();
        for stem in [stem.as_str(), other.as_str()] {
            let name = fitted(stem, "_underpin_new");
            assert!(name.as_str().len() <= LONGEST);
            assert!(name.as_str().ends_with("_underpin_new"));
        }
        assert_ne!(
            fitted(&["a".repeat(62), "x".to_owned()].concat(), "_underpin_new"),
            fitted(&["a".repeat(62), "y".to_owned()].concat(), "_underpin_new")
        );
    }
}
