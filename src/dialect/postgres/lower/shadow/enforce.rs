//! Before the switch: all that will stand on the new column stands beside the old, complete and valid.

use super::build::{constraint_of, index_to_build, of_sort, table_of};
use super::carry::{Sort, index_of_key};
use super::expand::Direction;
use super::names::{Purpose, constraint_of_column};
use super::partitions::Stage;
use super::{Group, Twin, not_null_id};
use crate::catalog::constraint::{Constraint, ConstraintKind, Deferral};
use crate::catalog::hashing::HashSet;
use crate::catalog::table::{Inherit, Inheritance, NotNull, Validation};
use crate::catalog::{Entry, Form, ObjectId, TemplateBuilder};
use crate::dialect::postgres::action::table::Validated;
use crate::dialect::postgres::action::{Action, Expectation, Guard, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::plan::lock::LockMode;
use crate::plan::{Company, Phase, Rung, State, Statement};

/// The first server that keeps NOT NULL as a constraint that can be NOT VALID.
pub(super) const NAMED_NOT_NULL: u16 = 18;

impl Group<'_> {
    /// The rungs between the backfill and the switch.
    pub(super) fn enforce(&self) -> Vec<Rung> {
        let mut rungs: Vec<Rung> = self
            .indexes()
            .into_iter()
            .flat_map(|(id, entry)| self.index_rungs(&id, entry))
            .collect();
        let (mut add, mut take_off) = (self.lock_for_foreign_keys(), Vec::new());
        let (mut validate, mut validate_back) = (Vec::new(), Vec::new());
        add.extend(self.whole_indexes(Stage::New));
        take_off.extend(self.drop_whole_indexes());
        for carried in of_sort(&self.carried, &[Sort::Index]) {
            if let Some((_, wanted)) = &carried.to {
                add.extend(self.belongings(&carried.new, wanted));
            }
        }
        for twin in self.twins_with_new_not_null() {
            add.push(self.add_not_null(&twin.new, &self.new_not_null(twin)));
            take_off.push(self.take_off_not_null(&twin.new, &self.new_not_null(twin)));
            validate.push(self.validate_not_null(&twin.new, &self.new_not_null(twin)));
        }
        for carried in of_sort(&self.carried, &[Sort::Check, Sort::ForeignKey]) {
            if let Some(entry) = carried.new_before(&self.all)
                && let Some(constraint) = constraint_of(&entry)
            {
                add.push(self.add_not_valid(&carried.new, constraint));
                add.extend(self.belongings(&carried.new, &entry));
                take_off.push(self.drop_constraint(&carried.new, constraint, Guard::IfNeeded));
                validate.extend(self.validate(&carried.new, constraint));
            }
            if let Some(constraint) = constraint_of(&carried.from.1) {
                validate_back.extend(self.validate(&carried.from.0, constraint));
            }
        }
        if !add.is_empty() {
            take_off.reverse();
            rungs.push(rung(State::Enforced, Phase::Enforce, add, take_off));
        }
        let proved = self.lowering.options.version < NAMED_NOT_NULL && self.twins_with_new_not_null().next().is_some();
        if proved {
            rungs.push(Rung {
                company: Company::Scan,
                ..rung(
                    State::Validated,
                    Phase::Enforce,
                    std::mem::take(&mut validate),
                    Vec::new(),
                )
            });
            rungs.push(self.set_not_null());
        }
        validate.extend(self.look_before_switch());
        self.hold_back_what_is_made_anew(&mut validate);
        rungs.push(Rung {
            company: Company::Scan,
            ..rung(State::Validated, Phase::Enforce, validate, validate_back)
        });
        rungs
    }

    /// The indexes to be built: the new ones, and one over the old columns of a primary key for the way back.
    fn indexes(&self) -> Vec<(ObjectId, Entry)> {
        let mut found = Vec::new();
        let parts = of_sort(&self.carried, &[Sort::Index, Sort::Primary, Sort::Unique]);
        for carried in parts.filter(|carried| !self.is_whole(carried)) {
            if let Some(entry) = carried.new_before(&self.all) {
                found.extend(index_to_build(&carried.new, &entry));
            }
            if carried.sort() == Sort::Primary {
                found.extend(self.spare_index(carried.from.0.clone(), &carried.from.1, &carried.old));
            }
        }
        found
    }

    /// The index that the primary key over the old columns goes by after a way back.
    pub(super) fn spare_index(&self, key: ObjectId, entry: &Entry, old: &ObjectId) -> Option<(ObjectId, Entry)> {
        match &constraint_of(entry)?.kind {
            ConstraintKind::Key(definition) => {
                Some((super::build::index_of(old), index_of_key(&table_of(&key), definition)))
            }
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => None,
        }
    }

    /// Foreign keys lock both tables; taken first and in one order, they wait for nobody that waits for them.
    fn lock_for_foreign_keys(&self) -> Vec<Statement> {
        let mut tables: Vec<ObjectId> = Vec::new();
        for carried in of_sort(&self.carried, &[Sort::ForeignKey]).filter(|carried| carried.to.is_some()) {
            for table in [self.referenced(&carried.from.1), Some(carried.table())]
                .into_iter()
                .flatten()
            {
                if !tables.contains(&table) {
                    tables.push(table);
                }
            }
        }
        if tables.is_empty() {
            return Vec::new();
        }
        // What is referenced comes before what refers, as the application's own checks lock them.
        tables.sort_by_key(|table| self.lowering.pair.from.position(table));
        vec![self.statement(
            Action::LockTable {
                relations: tables,
                mode: LockMode::ShareRowExclusive,
            },
            "Foreign keys lock both tables.",
        )]
    }

    pub(super) fn referenced(&self, entry: &Entry) -> Option<ObjectId> {
        match &constraint_of(entry)?.kind {
            ConstraintKind::ForeignKey(key) => Some(key.table.clone()),
            ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => None,
        }
    }

    fn twins_with_new_not_null(&self) -> impl Iterator<Item = &Twin> {
        self.twins
            .iter()
            .filter(|twin| twin.to().is_some_and(|column| column.not_null.is_some()))
    }

    /// NOT NULL of the new column under the name it has until the switch.
    pub(super) fn new_not_null(&self, twin: &Twin) -> NotNull {
        let name = constraint_of_column(self.lowering, &twin.ends.to, Purpose::NotNull).last_name();
        let wanted = twin.to().and_then(|column| column.not_null.clone());
        NotNull {
            name,
            validation: Validation::NotValid,
            inherit: wanted.map_or(Inherit::Inherit, |wanted| wanted.inherit),
            inheritance: Inheritance::Local,
        }
    }

    /// NOT NULL for new rows: a constraint of that kind, or a check on servers that cannot leave it unproved.
    pub(super) fn add_not_null(&self, column: &ObjectId, not_null: &NotNull) -> Statement {
        let table = table_of(column);
        let form = if self.lowering.options.version >= NAMED_NOT_NULL {
            TableForm::AddNotNull(column.clone(), not_null.clone())
        } else {
            let check = not_null_check(column);
            TableForm::AddConstraint(not_null_id(&table, &not_null.name), Box::new(check))
        };
        self.alter(
            &table,
            form,
            format!("No new row has a null in {}.", column.last_name()),
        )
    }

    fn take_off_not_null(&self, column: &ObjectId, not_null: &NotNull) -> Statement {
        let table = table_of(column);
        if self.lowering.options.version >= NAMED_NOT_NULL {
            self.alter(
                &table,
                TableForm::DropNotNull(column.clone()),
                format!("{} may be null again.", describe(column)),
            )
        } else {
            let id = not_null_id(&table, &not_null.name);
            self.drop_constraint(&id, &not_null_check(column), Guard::IfNeeded)
        }
    }

    pub(super) fn validate_not_null(&self, column: &ObjectId, not_null: &NotNull) -> Statement {
        let table = table_of(column);
        let form = if self.lowering.options.version >= NAMED_NOT_NULL {
            TableForm::ValidateNotNull(not_null.name.clone())
        } else {
            TableForm::ValidateConstraint(not_null_id(&table, &not_null.name), Validated::Check)
        };
        self.alter(&table, form, format!("No row has a null in {}.", column.last_name()))
    }

    /// SET NOT NULL by the check that proves it, which then goes: two statements, or the proof would be gone first.
    pub(super) fn set_not_null_by_check(&self, column: &ObjectId, not_null: &NotNull) -> Vec<Statement> {
        let table = table_of(column);
        vec![
            self.alter(
                &table,
                TableForm::SetNotNull(column.clone(), RowWork::CatalogOnly),
                "The valid check proves it: no row is read.",
            ),
            self.drop_constraint(
                &not_null_id(&table, &not_null.name),
                &not_null_check(column),
                Guard::None,
            ),
        ]
    }

    fn set_not_null(&self) -> Rung {
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for twin in self.twins_with_new_not_null() {
            up.extend(self.set_not_null_by_check(&twin.new, &self.new_not_null(twin)));
            down.push(self.alter(
                &twin.table,
                TableForm::DropNotNull(twin.new.clone()),
                format!("{} may be null again.", describe(&twin.new)),
            ));
        }
        Rung {
            company: Company::NextFile,
            ..rung(State::Validated, Phase::Enforce, up, down)
        }
    }

    /// Both columns agree, and the server knows the new one's values: its plans are good from the first query on.
    fn look_before_switch(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        for table in &self.tables {
            let fill = self.fill(table, self.lowering.pair.from, Direction::Forward);
            statements.push(self.verify(
                Expectation::Backfilled(Box::new(fill)),
                "Both columns agree in every row.",
            ));
            statements.push(self.statement(
                Action::Analyze {
                    relation: table.clone(),
                    columns: self.twins_of(table).map(|twin| twin.new.last_name()).collect(),
                },
                "The server learns the new values before they are asked for.",
            ));
        }
        statements
    }

    /// Views and whatever else is made anew around the columns goes only when the switch is next.
    fn hold_back_what_is_made_anew(&self, statements: &mut [Statement]) {
        let Some(last) = statements.last_mut() else { return };
        let mut waiting: Vec<ObjectId> = self.twins.iter().map(|twin| twin.ends.from.clone()).collect();
        let mut seen: HashSet<ObjectId> = HashSet::default();
        while let Some(id) = waiting.pop() {
            for dependent in self.lowering.pair.from.dependents_of(&id) {
                if seen.insert(dependent.clone()) {
                    waiting.push(dependent);
                }
            }
        }
        let mut held: Vec<ObjectId> = seen.into_iter().filter(|id| self.lowering.is_replaced(id)).collect();
        held.sort();
        last.releases = held;
    }
}

/// CHECK (column IS NOT NULL) NOT VALID, in the form in which the server recognises the proof.
fn not_null_check(column: &ObjectId) -> Constraint {
    let mut expression = TemplateBuilder::default();
    expression.push_str("(");
    expression.push_reference(column.clone(), Form::Bare);
    expression.push_str(" IS NOT NULL)");
    Constraint {
        kind: ConstraintKind::Check {
            expression: expression.finish(),
            inherit: Inherit::Inherit,
        },
        deferral: Deferral::NotDeferrable,
        validation: Validation::NotValid,
        inheritance: Inheritance::Local,
        parent: None,
    }
}
