//! Sync triggers: made before a backfill, taken away when the old application is gone.
//!
//! They are an ordinary function and an ordinary trigger with names that say `underpin`. The trigger sorts behind all
//! others, so that it sees what they made of the row, and fires for replicated rows too (ENABLE ALWAYS).

use super::lowering::Lowering;
use crate::catalog::routine::Volatility;
use crate::catalog::routine::{
    Body, Leakproof, Mentions, NullInput, Parallel, Returns, Routine, RoutineKind, Security,
};
use crate::catalog::trigger::{Firing, Trigger, TriggerEvent, TriggerLevel, TriggerTiming};
use crate::catalog::{DataType, Entry, Form, Object, ObjectId, QualifiedName, TemplateBuilder};
use crate::dialect::postgres::action::sync::{Sync, SyncNames};
use crate::dialect::postgres::action::{Action, Subject, TableForm};
use crate::dialect::postgres::write;
use crate::plan::Statement;
use std::sync::Arc;

impl Lowering<'_> {
    /// Names for a sync trigger of a table; `what` tells triggers of one table apart.
    pub fn sync_names(&self, table: &QualifiedName, what: &str) -> SyncNames {
        let base = format!("{}_{what}", table.name);
        let function = self.scaffold_name(&base, "sync", |name| {
            ObjectId::Routine(table.with_name(name), Arc::from([]))
        });
        let trigger = self.scaffold_name(&format!("zzz_{base}"), "sync", |name| {
            ObjectId::Trigger(table.clone(), name)
        });
        SyncNames {
            function: table.with_name(function),
            trigger: ObjectId::Trigger(table.clone(), trigger),
        }
    }

    /// The statements that make a sync trigger: its function, itself, and that it always fires.
    pub fn sync_made(
        &self,
        names: &SyncNames,
        sync: &Sync,
        events: &[TriggerEvent],
        timing: TriggerTiming,
    ) -> Vec<Statement> {
        let function = ObjectId::Routine(names.function.clone(), Arc::from([]));
        let mut call = TemplateBuilder::default();
        call.push_reference(function.clone(), Form::Qualified);
        let trigger = Trigger {
            timing,
            events: events.to_vec(),
            columns: Vec::new(),
            level: TriggerLevel::Row,
            when: None,
            old_table: None,
            new_table: None,
            function: call.finish(),
            arguments: Vec::new(),
            constraint: None,
            firing: Firing::Origin,
            parent: None,
        };
        let table = super::facts::relation(&names.trigger);
        vec![
            self.statement(
                Action::create(
                    function,
                    Entry::new(Object::Routine(Box::new(function_of(sync)))),
                    Vec::new(),
                ),
                "What the old application does not write is filled in by this function.",
            ),
            self.statement(
                Action::create(
                    names.trigger.clone(),
                    Entry::new(Object::Trigger(Box::new(trigger))),
                    Vec::new(),
                ),
                "It runs for every row that is written, after all other triggers.",
            ),
            self.alter_table(
                &table,
                TableForm::TriggerFiring(names.trigger.clone(), Firing::Always),
                "Rows that replication writes are filled in too.",
            ),
        ]
    }

    /// The statements that take a sync trigger away.
    pub fn sync_gone(&self, names: &SyncNames, sync: &Sync) -> Vec<Statement> {
        let function = ObjectId::Routine(names.function.clone(), Arc::from([]));
        let entry = Entry::new(Object::Routine(Box::new(function_of(sync))));
        let trigger = Subject {
            id: names.trigger.clone(),
            kind: crate::dialect::postgres::action::Kind::Trigger,
        };
        let drop = |subject: Subject| Action::Drop {
            subject,
            concurrency: crate::dialect::postgres::action::Concurrency::Blocking,
            guard: crate::dialect::postgres::action::Guard::None,
        };
        vec![
            self.statement(drop(trigger), "Nobody writes the old shape any more."),
            self.statement(drop(Subject::of(&function, &entry)), "Its trigger is gone."),
        ]
    }
}

fn function_of(sync: &Sync) -> Routine {
    Routine {
        kind: RoutineKind::Function,
        arguments: Vec::new(),
        returns: Some(Returns::Value(DataType::system("trigger"))),
        language: "plpgsql".into(),
        body: Body::Text(Arc::from(write::sync::body(sync))),
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
    }
}
