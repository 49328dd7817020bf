//! Triggers that keep an old and a new shape equal while both are written.
//!
//! They are ordinary catalog objects, a function and a trigger, so that creating, dropping and ordering them needs no
//! rule of its own. Knows their shape; their names are chosen by the pattern that uses them.

use crate::catalog::routine::{
    Body, Leakproof, Mentions, NullInput, Parallel, Returns, Routine, RoutineKind, Security, Volatility,
};
use crate::catalog::trigger::{Firing, Trigger, TriggerEvent, TriggerLevel, TriggerTiming};
use crate::catalog::{DataType, Entry, Form, Ident, Object, ObjectId, QualifiedName, Template, TemplateBuilder};
use crate::dialect::postgres::write::sync::body;
use std::sync::Arc;

/// What a sync function keeps equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Columns of one row, in a BEFORE trigger.
    Columns {
        /// The table.
        table: ObjectId,
        /// The pairs of columns.
        columns: Vec<ColumnSync>,
    },
    /// Columns of one row that follow others, beside pairs of columns, in a BEFORE trigger.
    Followers {
        /// The table.
        table: ObjectId,
        /// The pairs of columns.
        columns: Vec<ColumnSync>,
        /// The columns that nobody writes, with their values over the row's columns at every write.
        followers: Vec<(ObjectId, Template)>,
    },
    /// A row of another table, in an AFTER trigger: the other row is made, changed or emptied with this one.
    Rows(RowSync),
}

/// An old and a new column of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSync {
    /// The column that the old application writes; none when the new value has no single source column.
    pub old: Option<ObjectId>,
    /// The column that the new application writes. It has no default while both are written.
    pub new: ObjectId,
    /// The new value, over the row's columns.
    pub up: Template,
    /// The old value, over the row's columns; without it nothing flows back.
    pub down: Option<Template>,
}

/// A row of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSync {
    /// The table whose writes are followed.
    pub from: ObjectId,
    /// The table that is written.
    pub to: ObjectId,
    /// The key: the column of `to`, and the column of `from` it equals.
    pub key: Vec<(ObjectId, ObjectId)>,
    /// The other columns: the column of `to`, and its value over the columns of `from`.
    pub columns: Vec<(ObjectId, Template)>,
    /// What happens when the row of `to` is not there.
    pub missing: MissingRow,
    /// What happens when the row of `from` goes.
    pub gone: GoneRow,
}

/// What happens when there is no row to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingRow {
    /// It is inserted.
    Insert,
    /// Nothing.
    Ignore,
}

/// What happens to the other row when this one is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneRow {
    /// It is deleted.
    Delete,
    /// Its columns become null.
    Empty,
    /// Nothing: a foreign key takes care of it.
    Ignore,
}

/// The names of a sync trigger and its function, which is in the table's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncNames {
    /// The function.
    pub function: QualifiedName,
    /// The trigger's identity.
    pub trigger: ObjectId,
}

/// The function and the trigger of a sync, as catalog entries.
///
/// The trigger fires in sessions that apply replicated changes too: what it writes is the same however often it runs.
pub fn objects(names: &SyncNames, sync: &Sync) -> [(ObjectId, Entry); 2] {
    let function = ObjectId::Routine(names.function.clone(), Arc::from([]));
    let routine = Routine {
        kind: RoutineKind::Function,
        arguments: Vec::new(),
        returns: Some(Returns::Value(DataType::system("trigger"))),
        language: Ident::from("plpgsql"),
        body: Body::Text(Arc::from(body(sync))),
        volatility: Volatility::Volatile,
        null_input: NullInput::Called,
        security: Security::Invoker,
        leakproof: Leakproof::NotLeakproof,
        parallel: Parallel::Unsafe,
        cost: None,
        rows: None,
        support: None,
        transforms: Vec::new(),
        settings: Vec::new(),
        mentions: Mentions::default(),
    };
    let (timing, events) = match sync {
        Sync::Columns { .. } | Sync::Followers { .. } => {
            (TriggerTiming::Before, vec![TriggerEvent::Insert, TriggerEvent::Update])
        }
        Sync::Rows(rows) => {
            let mut events = vec![TriggerEvent::Insert, TriggerEvent::Update];
            match rows.gone {
                GoneRow::Delete | GoneRow::Empty => events.insert(1, TriggerEvent::Delete),
                GoneRow::Ignore => {}
            }
            (TriggerTiming::After, events)
        }
    };
    let mut calls = TemplateBuilder::default();
    calls.push_reference(function.clone(), Form::Qualified);
    let trigger = Trigger {
        timing,
        events,
        columns: Vec::new(),
        level: TriggerLevel::Row,
        when: None,
        old_table: None,
        new_table: None,
        function: calls.finish(),
        arguments: Vec::new(),
        constraint: None,
        firing: Firing::Always,
        parent: None,
    };
    [
        (function, Entry::new(Object::Routine(Box::new(routine)))),
        (names.trigger.clone(), Entry::new(Object::Trigger(Box::new(trigger)))),
    ]
}
