//! How a backfill walks a table's rows: along a key, else page by page.
//!
//! Knows which keys have an order that an index gives, and of what type the variables are that hold their values.

use super::column_type::base;
use super::facts;
use crate::catalog::constraint::Overlaps;
use crate::catalog::{Catalog, DataType, ObjectId};
use crate::dialect::postgres::action::{Leaves, Walk};

/// Along the primary key or another key that is never null, else page by page.
///
/// A key WITHOUT OVERLAPS is no order to walk in: its index is a GiST index, which has none.
pub(super) fn walk(catalog: &Catalog, relation: &ObjectId) -> Walk {
    let primary = facts::primary_key(catalog, relation).into_iter();
    for (_, key) in primary.chain(facts::keys(catalog, relation)) {
        let columns: Option<Vec<(ObjectId, DataType)>> = key
            .columns
            .iter()
            .map(|id| match facts::column(catalog, id) {
                Some(column) if column.not_null.is_some() => {
                    // A domain may refuse the null that a variable begins with.
                    Some((id.clone(), base(catalog, &column.data_type).data_type))
                }
                _ => None,
            })
            .collect();
        if let Some(columns) = columns
            && key.overlaps == Overlaps::Allowed
        {
            return Walk::Key(columns);
        }
    }
    Walk::Pages(match facts::is_partitioned(catalog, relation) {
        true => Leaves::Partitions,
        false => Leaves::Itself,
    })
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;

    #[test]
    fn a_variable_takes_the_null_that_a_domain_refuses() {
        let from =
            "CREATE DOMAIN d AS integer NOT NULL CHECK (VALUE > 0); CREATE TABLE t (id d PRIMARY KEY, n integer);";
        let all = ups(from, &from.replace("n integer", "n bigint"));
        assert!(all.contains("underpin_low integer;"), "{all}");
        assert!(!all.contains("underpin_low public.d;"), "{all}");
    }
}
