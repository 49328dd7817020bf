//! Filling a column of old rows.

use crate::catalog::{ObjectId, Template};
use crate::dialect::postgres::action::backfill::Remaining;
use crate::dialect::postgres::action::{Action, Backfill, Expectation, Work};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung_alone;
use crate::dialect::postgres::lower::facts;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::walk::walk;
use crate::plan::{Phase, Rung, State};

/// The rung that gives a value to every row that has none, batch by batch.
pub(super) fn rung(lowering: &Lowering<'_>, column: &ObjectId, value: &Template) -> Rung {
    let relation = facts::relation(column);
    let backfill = Backfill {
        walk: walk(lowering.pair.from, &relation),
        relation,
        work: Work::Update {
            assignments: vec![(column.clone(), value.clone())],
            remaining: Remaining::Null,
        },
    };
    let filled = Expectation::Backfilled(Box::new(backfill.clone()));
    let must_be_filled = facts::column(lowering.pair.to, column).is_some_and(|column| column.not_null.is_some());
    let verify =
        must_be_filled.then(|| lowering.verify(filled, format!("No row waits for a value in {}.", describe(column))));
    rung_alone(
        State::Backfilled,
        Phase::Backfill,
        lowering.statement(
            Action::Backfill(Box::new(backfill)),
            format!(
                "Old rows get a value in {}, batch by batch; it can be run again at any time.",
                describe(column)
            ),
        ),
        Vec::new(),
        verify.into_iter().collect(),
    )
}
