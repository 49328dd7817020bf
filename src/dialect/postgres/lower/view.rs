//! Views and materialized views that stay: what one ALTER can change. A changed query makes them anew (`replace`).
//!
//! | change | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | options | ALTER VIEW … SET, RESET | ACCESS EXCLUSIVE on the view, catalog only | expand | the old options |
//! | tablespace, access method of a materialized view | ALTER MATERIALIZED VIEW … SET | ACCESS EXCLUSIVE, its rows are copied | expand | the old one |

use super::build::rung;
use super::lowering::Lowering;
use super::{Lowered, built};
use crate::catalog::{Object, ObjectId, Options};
use crate::dialect::postgres::action::Action;
use crate::dialect::postgres::action::{AlterTable, Scope, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, State};
use std::sync::Arc;

/// The ladders of a view that differs in what can be altered.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, _attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    let forms = |pair: Pair<&Object>| -> Vec<TableForm> {
        match (pair.from, pair.to) {
            (Object::View(from), Object::View(to)) => options(Pair::new(&from.options, &to.options)),
            (Object::MaterializedView(from), Object::MaterializedView(to)) => {
                let mut forms = options(Pair::new(&from.options, &to.options));
                if from.access_method != to.access_method {
                    forms.push(TableForm::AccessMethod(to.access_method.clone()));
                }
                if from.tablespace != to.tablespace {
                    forms.push(TableForm::Tablespace(to.tablespace.clone()));
                }
                forms
            }
            _ => Vec::new(),
        }
    };
    let objects = Pair::new(&from.object, &to.object);
    let statements = |pair: Pair<&Object>| {
        let forms = forms(pair);
        let action = |form| {
            Action::AlterTable(Box::new(AlterTable {
                relation: Subject::of(id, to),
                scope: Scope::Descendants,
                forms: vec![form],
            }))
        };
        forms
            .into_iter()
            .map(|form| lowering.statement(action(form), format!("{} changes in place.", describe(id))))
            .collect::<Vec<_>>()
    };
    let (up, down) = (statements(objects), statements(objects.reverse()));
    if up.is_empty() {
        return Ok(Vec::new());
    }
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("{} changes", describe(id));
    let why = "ALTER changes it where it stands; nothing that hangs on it is touched";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// What leads from options to others: those that are set, those that go back to their default.
fn options(pair: Pair<&Options>) -> Vec<TableForm> {
    let set: Options = pair
        .to
        .iter()
        .filter(|(name, value)| pair.from.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let gone: Vec<Arc<str>> = pair
        .from
        .keys()
        .filter(|name| !pair.to.contains_key(*name))
        .cloned()
        .collect();
    let mut forms = Vec::new();
    if !set.is_empty() {
        forms.push(TableForm::SetOptions(set));
    }
    if !gone.is_empty() {
        forms.push(TableForm::ResetOptions(gone));
    }
    forms
}
