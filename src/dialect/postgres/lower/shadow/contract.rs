//! The last phase: the old column goes. Its way back makes it again, step by step, one file each.

use super::build::{index_of, index_to_build, of_sort};
use super::carry::Sort;
use super::expand::{Direction, old_column};
use super::names::{Purpose, beside};
use super::partitions::Stage;
use super::{Group, Twin, not_null_id};
use crate::catalog::table::{NotNull, Validation};
use crate::catalog::{Entry, Form, Ident, ObjectId, Template, TemplateBuilder};
use crate::dialect::postgres::action::backfill::{Backfill, Remaining, Work};
use crate::dialect::postgres::action::{Action, Expectation};
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::column_type::Values;
use crate::plan::{Company, Phase, Rung, State, Statement};

use super::enforce::NAMED_NOT_NULL;

impl Group<'_> {
    /// The rungs of the phase. All but the last only look on the way up: what they do is on the way back, where the last
    /// rung's down file comes first.
    pub(super) fn contract(&self) -> Vec<Rung> {
        let mut rungs = Vec::new();
        let finish = self.finish_old();
        if !finish.is_empty() {
            rungs.push(self.for_the_way_back(finish));
        }
        let validations: Vec<Statement> = self
            .old_not_nulls()
            .map(|(twin, not_null)| self.validate_not_null(&twin.old, &not_null))
            .collect();
        if !validations.is_empty() {
            rungs.push(self.for_the_way_back(validations));
            let additions = self
                .old_not_nulls()
                .map(|(twin, not_null)| self.add_not_null(&twin.old, &not_null))
                .collect();
            rungs.push(self.for_the_way_back(additions));
        }
        for (id, entry) in self.old_indexes() {
            let mut looks = self.new_stands();
            let Some(look) = looks.pop() else { continue };
            rungs.push(self.way_back(look, self.build_index(&id, entry)));
        }
        for table in &self.tables {
            let fill = self.fill(table, self.lowering.pair.to, Direction::Backward);
            rungs.push(self.way_back(
                self.verify(
                    Expectation::Backfilled(Box::new(self.agreement(table, &fill))),
                    "Both columns agree to the last: nobody has written the old one past the new one.",
                ),
                self.statement(
                    Action::Backfill(Box::new(fill)),
                    "The old values are computed from the new ones.",
                ),
            ));
        }
        rungs.push(self.drop_old());
        rungs
    }

    /// A rung that only looks on the way up. It has a file of its own: with something that changes in it, its way back would be
    /// gone before the old columns are.
    fn for_the_way_back(&self, down: Vec<Statement>) -> Rung {
        Rung {
            company: Company::Alone,
            ..rung(State::Public, Phase::Contract, self.new_stands(), down)
        }
    }

    /// What tells that both columns agree. Where a conversion loses something, a row that nobody has written since the switch
    /// still has the old value that the new one came from, which the new one does not give back.
    fn agreement(&self, table: &ObjectId, fill: &Backfill) -> Backfill {
        let mut agreed = fill.clone();
        let loses = self
            .twins_of(table)
            .any(|twin| twin.conversion.values == Values::Changed);
        if let Work::Update { remaining, .. } = &mut agreed.work
            && *remaining == Remaining::Different
            && loses
        {
            *remaining = Remaining::Where(self.disagreement(table));
        }
        agreed
    }

    /// The rows in which neither column is what the other one gives.
    fn disagreement(&self, table: &ObjectId) -> Template {
        let mut condition = TemplateBuilder::default();
        for (position, twin) in self.twins_of(table).enumerate() {
            condition.push_str(if position == 0 { "(" } else { " OR (" });
            push_differs(&mut condition, &twin.old, &twin.conversion.down);
            if twin.conversion.values == Values::Changed {
                // The old column has made room for the new one's name.
                let mut up = twin.conversion.up.clone();
                up.rename(&|id| (*id == twin.ends.from).then(|| twin.old.clone()));
                condition.push_str(" AND ");
                push_differs(&mut condition, &twin.ends.to, &up);
            }
            condition.push_str(")");
        }
        condition.finish()
    }

    /// A look that costs nothing: the new columns are what they should be.
    fn new_stands(&self) -> Vec<Statement> {
        let twin = self
            .twins
            .iter()
            .find(|twin| twin.to().is_some_and(|column| column.not_null.is_some()));
        let index =
            of_sort(&self.carried, &[Sort::Index, Sort::Primary, Sort::Unique]).find_map(|carried| carried.to.as_ref());
        let expectation = match (twin, index, self.tables.first()) {
            (_, Some((id, _)), _) => Expectation::IndexValid(index_of(id)),
            (Some(twin), None, _) => Expectation::ColumnNotNull(twin.ends.to.clone()),
            (None, None, Some(table)) => Expectation::NoPendingDetach(table.clone()),
            (None, None, None) => return Vec::new(),
        };
        vec![self.verify(expectation, "The new column stands; this file is for the way back.")]
    }

    /// What stands on the old columns after the switch and needs an index: the aside and the going, and the spare one.
    fn old_indexes(&self) -> Vec<(ObjectId, Entry)> {
        of_sort(&self.carried, &[Sort::Index, Sort::Primary, Sort::Unique])
            .filter(|carried| !self.is_whole(carried))
            .filter_map(|carried| index_to_build(&carried.old, &carried.old_after(&self.all)))
            .collect()
    }

    /// What is left to do when indexes and proofs are there: unique constraints, NOT NULL before 18, comments.
    fn finish_old(&self) -> Vec<Statement> {
        let mut statements = self.whole_indexes(Stage::Old);
        for carried in of_sort(&self.carried, &[Sort::Index]) {
            statements.extend(self.belongings(&carried.old, &carried.old_after(&self.all)));
        }
        statements.extend(self.add_keys(&[Sort::Unique], Stage::Old));
        if self.lowering.options.version < NAMED_NOT_NULL {
            for (twin, not_null) in self.old_not_nulls() {
                statements.extend(self.set_not_null_by_check(&twin.old, &not_null));
            }
        }
        statements
    }

    fn drop_old(&self) -> Rung {
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for table in &self.tables {
            up.extend(self.drop_sync(table));
            for twin in self.twins_of(table) {
                up.push(self.drop_old_column(twin));
                down.extend(self.add_column(&twin.old, &old_column(twin)));
            }
            down.extend(self.create_sync(table, Direction::Backward));
        }
        Rung {
            reversal: self.reversal(),
            ..rung(State::Absent, Phase::Contract, up, down)
        }
    }

    /// DROP COLUMN with what goes with it, and what may go after it: its type, its collation, the extension of its type.
    fn drop_old_column(&self, twin: &Twin) -> Statement {
        let mut statement = self.drop_column(&twin.old);
        let from = self.lowering.pair.from;
        statement.releases = from
            .requirements(&twin.ends.from)
            .into_iter()
            .filter(|id| *id != twin.table && !matches!(id, ObjectId::Schema(_)))
            .chain(self.lowering.extensions_that_go().cloned())
            .collect();
        for carried in of_sort(&self.carried, &[Sort::Index, Sort::Primary, Sort::Unique]) {
            let of_this =
                |other: &Twin| other.table == carried.table() && other.old.last_name() == twin.old.last_name();
            if self.all.iter().any(of_this) {
                statement.removes.push(carried.old.clone());
                statement.removes.push(index_of(&carried.old));
            }
        }
        statement.removes.sort();
        statement.removes.dedup();
        statement
    }

    /// The name of the old column's NOT NULL after the switch.
    pub(super) fn old_not_null_name(&self, twin: &Twin) -> Option<Ident> {
        let not_null = twin.from()?.not_null.as_ref()?;
        let id = not_null_id(&twin.table, &not_null.name);
        Some(beside(self.lowering, &id, Purpose::Old).last_name())
    }

    /// The old columns that are NOT NULL, with the constraint as the way back makes it.
    fn old_not_nulls(&self) -> impl Iterator<Item = (&Twin, NotNull)> {
        self.twins.iter().filter_map(|twin| {
            let not_null = twin.from()?.not_null.as_ref()?;
            let made = NotNull {
                name: self.old_not_null_name(twin)?,
                validation: Validation::NotValid,
                ..not_null.clone()
            };
            Some((twin, made))
        })
    }
}

/// A column that is not what an expression gives.
fn push_differs(condition: &mut TemplateBuilder, column: &ObjectId, value: &Template) {
    condition.push_reference(column.clone(), Form::Bare);
    condition.push_str(" IS DISTINCT FROM (");
    condition.push_template(value);
    condition.push_str(")");
}
