//! What the author told the compiler in directives, bound to objects. Neutral: expressions are templates already.

use crate::catalog::hashing::HashMap;
use crate::catalog::{ObjectId, QualifiedName, Template};
use crate::source::Span;
use crate::syntax::RenameMethod;
use std::collections::BTreeMap;

/// So many rows are read or written anew before a lock is noticed, without another word from the user
/// (measured: 130 000 rows a second are rewritten on two busy cores).
const FEW_ROWS: u64 = 10_000;

/// So many bytes, indexes included, are as quickly read or written anew.
const FEW_BYTES: u64 = 8 * 1024 * 1024;

/// Where the user says how many rows are few, a table of few rows must not be larger than this: its rows are long.
const MANY_BYTES: u64 = 64 * 1024 * 1024;

/// All that directives said.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// `renamed-from`, in the order of the text.
    pub renames: Vec<Rename>,
    /// `backfill`, by column: the value of existing rows, over the table's columns.
    pub backfills: HashMap<ObjectId, Said<Template>>,
    /// `using`, by column.
    pub conversions: HashMap<ObjectId, Said<Conversion>>,
    /// `rows`, by table.
    pub rows: HashMap<ObjectId, Said<u64>>,
    /// What the server's statistics say, by table; a directive says it better.
    pub sizes: HashMap<ObjectId, Size>,
    /// `allow`.
    pub allowances: Vec<Allowance>,
}

/// How large a table is by the server's statistics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// About how many rows it holds; `None` where nobody has counted.
    pub rows: Option<u64>,
    /// The bytes of its rows and indexes.
    pub bytes: Option<u64>,
}

/// The sizes of tables, by the names that the tables have.
pub type Sizes = BTreeMap<QualifiedName, Size>;

impl Intent {
    /// Whether a table is known to be small enough to be read or written anew under a strong lock; `limit` is what the user
    /// calls few rows.
    pub fn is_small(&self, table: &ObjectId, limit: Option<u64>) -> bool {
        let few = |rows: u64| rows <= limit.unwrap_or(FEW_ROWS);
        if let Some(said) = self.rows.get(table) {
            return few(said.value);
        }
        let Some(size) = self.sizes.get(table) else {
            return false;
        };
        match (size.rows, size.bytes, limit) {
            (Some(rows), Some(bytes), None) => few(rows) && bytes <= FEW_BYTES,
            (Some(rows), Some(bytes), Some(_)) => few(rows) && bytes <= MANY_BYTES,
            (Some(rows), None, _) => few(rows),
            (None, Some(bytes), None) => bytes <= FEW_BYTES,
            (None, Some(_) | None, _) => false,
        }
    }

    /// Takes in the sizes of the tables that are, under the names that they will have.
    pub fn take_sizes(&mut self, sizes: &Sizes) {
        for (name, size) in sizes {
            let table = ObjectId::Relation(name.clone());
            let renamed = |id: ObjectId, rename: &Rename| id.renamed(&rename.from, &rename.to).unwrap_or(id);
            self.sizes.insert(self.renames.iter().fold(table, renamed), *size);
        }
    }
}

/// Something said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// An object that has another name now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The identity it had.
    pub from: ObjectId,
    /// The identity it has.
    pub to: ObjectId,
    /// How old and new application live through it.
    pub method: RenameMethod,
    /// Where it was said.
    pub span: Span,
}

/// How the values of a column become those of its new type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The new value, over the columns as they were.
    pub using: Template,
    /// The old value, over the columns as they are; `None` when there is no way back.
    pub reverse: Option<Template>,
}

/// A hazard that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The hazard's name, as in `--allow`.
    pub hazard: String,
    /// The object it is allowed for; `None` for all.
    pub object: Option<ObjectId>,
    /// The reason given.
    pub because: Option<String>,
    /// Where it was said; `None` on the command line.
    pub span: Option<Span>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn a_table_is_small_by_rows_and_bytes_and_a_directive_says_it_better() {
        let table = ObjectId::Relation(QualifiedName::new("public", "t"));
        let is_small = |rows: Option<u64>, bytes: Option<u64>, limit| {
            let mut intent = Intent::default();
            intent.take_sizes(&Sizes::from([(
                QualifiedName::new("public", "t"),
                Size { rows, bytes },
            )]));
            intent.is_small(&table, limit)
        };
        assert!(is_small(Some(9_000), Some(1 << 20), None));
        assert!(!is_small(Some(9_000), Some(1 << 30), None), "its rows are long");
        assert!(is_small(Some(90_000), Some(1 << 25), Some(100_000)));
        assert!(!is_small(Some(90_000), Some(1 << 30), Some(100_000)));
        assert!(is_small(None, Some(1 << 20), None), "never counted");
        assert!(!is_small(None, None, None));
        let mut intent = Intent::default();
        let span = crate::source::Span::new(SourceId(0), 0, 0);
        intent.rows.insert(table.clone(), Said { value: 1_000_000, span });
        intent.take_sizes(&Sizes::from([(
            QualifiedName::new("public", "t"),
            Size {
                rows: Some(1),
                bytes: None,
            },
        )]));
        assert!(!intent.is_small(&table, None));
    }
}
