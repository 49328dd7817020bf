//! Indexes of new or vanishing partitioned tables that lack a part at some level: invalid ones (`indisvalid`).
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | CREATE INDEX ON ONLY the table, when all partitions are attached; the parts that there are, each attached | none, the tables are new | expand | DROP INDEX |
//!
//! A plain CREATE INDEX, and every ATTACH PARTITION of a table after it, would make the parts that are not wanted.

use super::key_part::{key_part, nothing_stands_in_the_way};
use super::partitioned::remade;
use crate::catalog::index::Coverage;
use crate::catalog::{Catalog, ObjectId};
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, make};
use crate::plan::{Phase, Rung, State};

/// Whether an index, or one above it that it is a part of, lacks a part.
pub(in crate::dialect::postgres::lower) fn lacks_parts(catalog: &Catalog, id: &ObjectId) -> bool {
    let mut current = id.clone();
    while let Some(index) = facts::index(catalog, &current) {
        if index.coverage == Coverage::Only {
            return true;
        }
        match &index.parent {
            Some(parent) => current = parent.clone(),
            None => return false,
        }
    }
    false
}

/// The rung that makes such an index whose table comes or goes, with all its parts; none for a part, which is made with
/// the whole, and for an index that lacks nothing.
pub(in crate::dialect::postgres::lower) fn made(
    lowering: &Lowering<'_>,
    side: SideOf,
    id: &ObjectId,
) -> Lowered<Option<Rung>> {
    let catalog = lowering.catalog(side);
    let Some(index) = facts::index(catalog, id) else {
        return Ok(None);
    };
    if index.parent.is_some() || !lacks_parts(catalog, id) {
        return Ok(None);
    }
    let mut up = Vec::new();
    remade(lowering, side, id, &mut up)?;
    let goes_with_its_table = match side {
        SideOf::To => key_part(lowering, side, id).is_some(),
        SideOf::From => {
            nothing_stands_in_the_way(lowering, side, id)?;
            false
        }
    };
    let mut down = match goes_with_its_table {
        true => Vec::new(),
        false => make::undo(lowering, catalog, id),
    };
    let mut tables = vec![index.table.clone()];
    let mut partitions = Vec::new();
    while let Some(table) = tables.pop() {
        let below = lowering.partitions(side, &table);
        partitions.extend(below.iter().cloned());
        tables.extend(below);
    }
    for statement in up.iter_mut().chain(&mut down) {
        statement.requires.extend(partitions.iter().cloned());
    }
    for statement in &mut down {
        statement
            .removes
            .extend(super::partitioned::descendants(lowering, side, id));
    }
    Ok(Some(rung(State::Public, Phase::Expand, up, down)))
}
