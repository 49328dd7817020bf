//! The first phases: the new column beside the old one, both kept equal, the rows there are filled in.

use super::{Group, Twin, Writers};
use crate::catalog::table::Column;
use crate::catalog::{Catalog, Entry, Form, Object, ObjectId, Template, TemplateBuilder};
use crate::dialect::postgres::action::backfill::Remaining;
use crate::dialect::postgres::action::sync::{ColumnSync, Sync, objects};
use crate::dialect::postgres::action::{
    Action, Backfill, Create, CreateMode, Expectation, Guard, Names, RowWork, Subject, TableForm, Work, complete,
};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::{rung, rung_alone};
use crate::dialect::postgres::lower::make;
use crate::dialect::postgres::lower::walk::walk;
use crate::plan::{Phase, Rung, State, Statement};

/// Which way values flow where one name serves both applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the old column to the new one.
    Forward,
    /// From the new one to the old one, after the switch.
    Backward,
}

impl Group<'_> {
    /// The new columns and the triggers.
    pub(super) fn expand(&self) -> Vec<Rung> {
        let mut rungs = Vec::new();
        for table in &self.tables {
            let mut up = Vec::new();
            let mut down = self.drop_sync(table);
            for twin in self.twins_of(table) {
                up.extend(self.add_column(&twin.new, &new_column(twin)));
                down.push(self.drop_column(&twin.new));
            }
            up.extend(self.create_sync(table, Direction::Forward));
            rungs.push(rung(State::Present, Phase::Expand, up, down));
        }
        rungs
    }

    /// The new columns of the rows there are.
    pub(super) fn backfill(&self, phase: Phase) -> Vec<Rung> {
        let catalog = self.lowering.pair.from;
        self.tables
            .iter()
            .map(|table| {
                let work = self.fill(table, catalog, Direction::Forward);
                rung_alone(
                    State::Backfilled,
                    phase,
                    self.statement(
                        Action::Backfill(Box::new(work.clone())),
                        format!("The rows of {} that were there before the trigger.", table.last_name()),
                    ),
                    Vec::new(),
                    vec![self.verify(Expectation::Backfilled(Box::new(work)), "Every row has its new value.")],
                )
            })
            .collect()
    }

    /// The move of one table's values, over the columns as they are called before or after the switch.
    pub(super) fn fill(&self, table: &ObjectId, catalog: &Catalog, direction: Direction) -> Backfill {
        let assignments: Vec<(ObjectId, Template)> = self
            .twins_of(table)
            .map(|twin| match direction {
                Direction::Forward => (twin.new.clone(), twin.conversion.up.clone()),
                Direction::Backward => (twin.old.clone(), twin.conversion.down.clone()),
            })
            .collect();
        let comparable = self
            .twins_of(table)
            .all(|twin| [twin.from(), twin.to()].into_iter().flatten().all(is_comparable));
        Backfill {
            relation: table.clone(),
            walk: walk(catalog, table),
            work: Work::Update {
                remaining: if comparable {
                    Remaining::Different
                } else {
                    Remaining::Where(filled_nowhere(&assignments))
                },
                assignments,
            },
        }
    }

    pub(super) fn add_column(&self, id: &ObjectId, entry: &Entry) -> Vec<Statement> {
        let (Object::Column(column), Some(table)) = (&entry.object, id.parent()) else {
            return Vec::new();
        };
        let form = TableForm::AddColumn {
            id: id.clone(),
            column: column.clone(),
            default: None,
            constraints: Vec::new(),
            work: RowWork::CatalogOnly,
            guard: Guard::None,
        };
        let mut statements = vec![self.alter(&table, form, "Without a default: a value in it says who wrote the row.")];
        let completion = complete::column_completion(&Subject::table(&table), id, entry, self.lowering.options.version);
        statements.extend(completion.into_iter().map(|action| {
            let comment = complete::comment(&action).unwrap_or_default();
            self.statement(action, comment)
        }));
        statements
    }

    pub(super) fn drop_column(&self, id: &ObjectId) -> Statement {
        let table = id.parent().unwrap_or_else(|| id.clone());
        self.alter(
            &table,
            TableForm::DropColumn {
                id: id.clone(),
                guard: Guard::None,
            },
            format!("{} goes with all that is on it.", describe(id)),
        )
    }

    /// The function and the trigger of a table.
    pub(super) fn create_sync(&self, table: &ObjectId, direction: Direction) -> Vec<Statement> {
        let Some(names) = self.sync_names(table) else {
            return Vec::new();
        };
        let [function, trigger] = objects(&names, &self.sync(table, direction));
        [function, trigger]
            .into_iter()
            .flat_map(|(id, entry)| make::entry_statements(self.lowering, &id, entry, Vec::new()))
            .map(|mut statement| {
                statement.releases.clear();
                statement
            })
            .collect()
    }

    /// The function of a table with its direction turned; none when both directions are in it already.
    pub(super) fn turn_sync(&self, table: &ObjectId, direction: Direction) -> Option<Statement> {
        if self.twins_of(table).all(|twin| twin.writers == Writers::BothNames) {
            return None;
        }
        let names = self.sync_names(table)?;
        let [(id, entry), _] = objects(&names, &self.sync(table, direction));
        let create = Create {
            id,
            entry,
            parts: Vec::new(),
            mode: CreateMode::OrReplace,
            guard: Guard::None,
            names: Names::WhereOthers,
        };
        Some(self.statement(
            Action::Create(Box::new(create)),
            "The columns have changed their names: values flow the other way.",
        ))
    }

    pub(super) fn drop_sync(&self, table: &ObjectId) -> Vec<Statement> {
        let Some(names) = self.sync_names(table) else {
            return Vec::new();
        };
        let [function, trigger] = objects(&names, &self.sync(table, Direction::Forward));
        [trigger, function]
            .into_iter()
            .map(|(id, entry)| self.statement(Action::drop(&id, &entry), format!("{} goes.", describe(&id))))
            .collect()
    }

    fn sync(&self, table: &ObjectId, direction: Direction) -> Sync {
        let (mut columns, mut followers) = (Vec::new(), Vec::new());
        for twin in self.twins_of(table) {
            match (twin.writers, direction) {
                (Writers::BothNames, Direction::Forward | Direction::Backward) => columns.push(ColumnSync {
                    old: Some(twin.old.clone()),
                    new: twin.new.clone(),
                    up: twin.conversion.up.clone(),
                    down: Some(twin.conversion.down.clone()),
                }),
                (Writers::OneName, Direction::Forward) => {
                    followers.push((twin.new.clone(), twin.conversion.up.clone()));
                }
                (Writers::OneName, Direction::Backward) => {
                    followers.push((twin.old.clone(), twin.conversion.down.clone()));
                }
            }
        }
        Sync::Followers {
            table: table.clone(),
            columns,
            followers,
        }
    }
}

/// The new column as it is added: no rule holds for it yet.
fn new_column(twin: &Twin) -> Entry {
    let mut entry = match twin.writers {
        // Comment and privileges that change are changed under the one name, after the switch.
        Writers::OneName => Entry {
            object: twin.entries.to.object.clone(),
            ..twin.entries.from.clone()
        },
        Writers::BothNames => twin.entries.to.clone(),
    };
    without_rules(&mut entry);
    entry
}

/// The old column as the way back adds it again.
pub(super) fn old_column(twin: &Twin) -> Entry {
    let mut entry = twin.entries.from.clone();
    without_rules(&mut entry);
    entry
}

fn without_rules(entry: &mut Entry) {
    if let Object::Column(column) = &mut entry.object {
        column.not_null = None;
        column.identity = None;
    }
}

/// Types without an operator for equality: they are compared as text, or not at all.
pub(super) fn is_comparable(column: &Column) -> bool {
    let name = &column.data_type.name;
    !(name.is_system()
        && matches!(
            name.name.as_str(),
            "json" | "xml" | "point" | "polygon" | "line" | "lseg" | "path" | "box" | "circle"
        ))
}

/// The rows whose first new value is missing though it should not be.
fn filled_nowhere(assignments: &[(ObjectId, Template)]) -> Template {
    let mut condition = TemplateBuilder::default();
    for (position, (column, value)) in assignments.iter().enumerate() {
        condition.push_str(if position == 0 { "(" } else { " OR (" });
        condition.push_reference(column.clone(), Form::Bare);
        condition.push_str(" IS NULL) <> ((");
        condition.push_template(value);
        condition.push_str(") IS NULL)");
    }
    condition.finish()
}
