//! What a table says of one of its indexes: REPLICA IDENTITY USING INDEX, CLUSTER ON.
//!
//! The server forgets it together with the index (`relation_mark_replica_identity` keeps it in `pg_index`). Whatever puts an
//! index in the place of another says it again, there and back:
//!
//! | statement | lock | undone by |
//! |---|---|---|
//! | ALTER TABLE … REPLICA IDENTITY USING INDEX, CLUSTER ON | ACCESS EXCLUSIVE, SHARE UPDATE EXCLUSIVE, catalog only | the same for the old index |

use super::facts;
use super::lowering::Lowering;
use crate::catalog::ObjectId;
use crate::catalog::table::{ReplicaIdentity, Table};
use crate::dialect::postgres::action::TableForm;
use crate::pair::Pair;
use crate::plan::Statement;

/// Which of the marks of a table is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// REPLICA IDENTITY USING INDEX.
    Replication,
    /// CLUSTER ON.
    Clustering,
}

impl Mark {
    /// The index that a table marks.
    pub(super) fn of(self, table: &Table) -> Option<&ObjectId> {
        match (self, &table.replica_identity) {
            (Mark::Replication, ReplicaIdentity::Index(index)) => Some(index),
            (Mark::Replication, ReplicaIdentity::Default | ReplicaIdentity::Nothing | ReplicaIdentity::Full) => None,
            (Mark::Clustering, _) => table.cluster_on.as_ref(),
        }
    }

    fn statement(self, lowering: &Lowering<'_>, table: &ObjectId, index: &ObjectId) -> Statement {
        let (form, comment) = match self {
            Mark::Replication => (
                TableForm::ReplicaIdentity(ReplicaIdentity::Index(index.clone())),
                "Replication goes by this index.",
            ),
            Mark::Clustering => (TableForm::ClusterOn(Some(index.clone())), "CLUSTER goes by this index."),
        };
        lowering.alter_table(table, form, comment)
    }
}

/// The statements that mark the index that comes in the place of another, and those of the way back; each index under the
/// name that it has at that time.
pub(super) fn handed_on(
    lowering: &Lowering<'_>,
    index: Pair<&ObjectId>,
    at_that_time: Pair<&ObjectId>,
) -> Pair<Vec<Statement>> {
    let mut found = Pair {
        from: Vec::new(),
        to: Vec::new(),
    };
    let relation = |id: &ObjectId, catalog| {
        facts::index(catalog, id).map_or_else(|| facts::relation(id), |index| index.table.clone())
    };
    let tables = Pair {
        from: relation(index.from, lowering.pair.from),
        to: relation(index.to, lowering.pair.to),
    };
    for mark in [Mark::Replication, Mark::Clustering] {
        let is_marked =
            |catalog, table, index| facts::table(catalog, table).and_then(|table| mark.of(table)) == Some(index);
        if is_marked(lowering.pair.from, &tables.from, index.from) && is_marked(lowering.pair.to, &tables.to, index.to)
        {
            found
                .from
                .push(mark.statement(lowering, &tables.from, at_that_time.from));
            found.to.push(mark.statement(lowering, &tables.to, at_that_time.to));
        }
    }
    found
}
