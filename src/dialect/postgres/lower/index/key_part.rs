//! Indexes of partitioned tables of which the key of a partition is a part.
//!
//! | difference | statement | undone by |
//! |---|---|---|
//! | new, with its table | CREATE INDEX | DROP TABLE, of the table |
//! | gone, with its table | DROP TABLE, of the table | CREATE INDEX, with the table |
//! | any other | refused | – |
//!
//! The server cannot drop such an index: the part would go with it, but belongs to the key (measured on 14 and 18).

use super::partitioned::descendants;
use crate::catalog::ObjectId;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, refuse};

/// The key of a partition that is a part of an index, at any level; of a key the parts are keys, and go with it.
pub(super) fn key_part(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> Option<ObjectId> {
    let catalog = lowering.catalog(side);
    facts::index(catalog, id)?;
    let parts = descendants(lowering, side, id);
    parts
        .into_iter()
        .find(|part| facts::constraint(catalog, part).is_some())
}

/// Goes on when no key of a partition is a part of an index.
///
/// # Errors
/// The index comes or goes while its table stays, and could not be dropped.
pub(super) fn nothing_stands_in_the_way(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> Lowered<()> {
    let Some(key) = key_part(lowering, side, id) else {
        return Ok(());
    };
    let index = describe(id);
    let (message, hint) = match side {
        SideOf::From => (
            format!("{index} cannot be dropped: {} is a part of it", describe(&key)),
            "PostgreSQL drops neither of the two while they belong together. Detach the partition in one plan, and change \
             the index in the next one.",
        ),
        SideOf::To => (
            format!(
                "there would be no way back from {index}: with {} as a part it cannot be dropped",
                describe(&key)
            ),
            "Make it a key of the partitioned table, or give the partition an index of its own beside its key: CREATE INDEX \
             on the partition, CREATE INDEX … ON ONLY the partitioned table, ALTER INDEX … ATTACH PARTITION.",
        ),
    };
    Err(refuse::unsupported(lowering, id, message, hint))
}
