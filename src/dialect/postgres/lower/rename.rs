//! Renames by directive that keep the object: the object keeps its rows and all that hangs on it follows by itself.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public (direct) | ALTER … RENAME, SET SCHEMA | ACCESS EXCLUSIVE, catalog only | expand | the same backwards |
//! | Public (table, by view) | ALTER TABLE … RENAME, CREATE VIEW under the old name | ACCESS EXCLUSIVE, catalog only | expand | DROP VIEW, RENAME back |
//! | Absent (table, by view) | DROP VIEW of the old name | ACCESS EXCLUSIVE on the view | contract | CREATE VIEW |
//!
//! A column is not renamed here under live traffic: see `rename_column`.

use super::build::rung;
use super::column::not_null;
use super::lowering::Lowering;
use super::{Lowered, built, make, rename_column_view};
use crate::catalog::view::{ColumnTypes, View};
use crate::catalog::{Catalog, Entry, Form, Ident, Object, ObjectId, Options, TemplateBuilder};
use crate::dialect::postgres::action::{Action, Kind, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::write;
use crate::plan::{Ladder, Lock, LockMode, Phase, State, Statement};
use crate::snapshot::intent::Rename;
use crate::syntax::RenameMethod;
use std::sync::Arc;

/// Whether a rename keeps the object, so that the catalog that is can be renamed before it is compared.
pub fn keeps_object(rename: &Rename) -> bool {
    match rename.method {
        RenameMethod::Direct => true,
        RenameMethod::View => matches!(rename.to, ObjectId::Relation(_) | ObjectId::Column(..)),
        RenameMethod::DualWrite => false,
    }
}

/// What is, under its new names. Renames come in an order in which a part's follows its table's.
pub fn renamed(from: &Catalog, renames: &[Rename]) -> Catalog {
    let mut catalog = from.clone();
    for rename in renames.iter().filter(|rename| keeps_object(rename)) {
        catalog.rename(&current(rename, renames), &rename.to);
    }
    catalog
}

/// The old identity of a part, under the new name of its table.
pub(super) fn current(rename: &Rename, renames: &[Rename]) -> ObjectId {
    let mut from = rename.from.clone();
    for other in renames
        .iter()
        .filter(|other| keeps_object(other) && other.to != rename.to)
    {
        if rename.from.parent().as_ref() == Some(&other.from) {
            from = from.renamed(&other.from, &other.to).unwrap_or(from);
        }
    }
    from
}

/// The ladder of a rename that keeps the object.
pub(super) fn ladder(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Vec<Ladder>> {
    let Some(entry) = lowering.from(&rename.to) else {
        return match rename.to {
            ObjectId::Constraint(..) => not_null_ladder(lowering, rename),
            ObjectId::Relation(_) => sequence_ladder(lowering, rename),
            _ => Ok(Vec::new()),
        };
    };
    if rename.method == RenameMethod::View && matches!(rename.to, ObjectId::Column(..)) {
        return rename_column_view::ladder(lowering, rename);
    }
    let from = current(rename, &lowering.intent.renames);
    let title = format!("{} is renamed to {}", describe(&from), rename.to.last_name());
    let mut up = renaming(lowering, &from, entry, &rename.to);
    if !lowering.pair.to.contains(&rename.to) {
        // It only makes way: what bears the name from now on is dropped afterwards.
        for statement in &mut up {
            let borne = std::mem::take(&mut statement.provides);
            statement.releases.extend(borne);
        }
    }
    let mut down = renaming(lowering, &rename.to, entry, &from);
    let view = match (&rename.method, &entry.object) {
        (RenameMethod::View, Object::Table(_)) => Some(compatible_view(lowering, &from, &rename.to)?),
        _ => None,
    };
    let mut rungs = Vec::new();
    let why = match view {
        Some((create, drop)) => {
            up.extend(create.iter().cloned());
            down.splice(0..0, drop.iter().cloned());
            rungs.push(rung(State::Public, Phase::Expand, up, down));
            rungs.push(rung(State::Absent, Phase::Contract, drop, create));
            "the rows stay where they are; a view under the old name serves the old application until it is gone"
        }
        None => {
            rungs.push(rung(State::Public, Phase::Expand, up, down));
            match &rename.to {
                to if !lowering.pair.to.contains(to) => "its name is needed for what comes before it goes",
                ObjectId::Constraint(..) => "nothing but the name differs, so nothing is built anew",
                _ if matches!(entry.object, Object::Index(_) | Object::Sequence(_)) => {
                    "nothing but the name differs, so nothing is built anew"
                }
                _ => "the directive asks for a plain rename; whatever still uses the old name fails from then on",
            }
        }
    };
    built(&rename.to, Ladder::new(rename.to.clone(), title, why, rungs))
}

/// The ladder of a not-null constraint, which is a part of its column and no object of its own.
fn not_null_ladder(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Vec<Ladder>> {
    let title = format!("{} is renamed to {}", describe(&rename.from), rename.to.last_name());
    let up = not_null::renamed(lowering, &rename.from, &rename.to);
    let down = not_null::renamed(lowering, &rename.to, &rename.from);
    let rungs = vec![rung(State::Public, Phase::Expand, vec![up], vec![down])];
    let why = "its name is needed for what comes before it goes";
    built(&rename.to, Ladder::new(rename.to.clone(), title, why, rungs))
}

/// The ladder of an identity's sequence, which is a part of its column and no object of its own.
fn sequence_ladder(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Vec<Ladder>> {
    let title = format!("{} is renamed to {}", describe(&rename.from), rename.to.last_name());
    let renaming = |from: &ObjectId, to: &ObjectId| {
        let subject = Subject {
            id: from.clone(),
            kind: Kind::Sequence,
        };
        locking(lowering.rename(subject, &to.last_name(), "The name is free."), from)
    };
    let mut up = renaming(&rename.from, &rename.to);
    let borne = std::mem::take(&mut up.provides);
    up.releases.extend(borne);
    let down = renaming(&rename.to, &rename.from);
    let rungs = vec![rung(State::Public, Phase::Expand, vec![up], vec![down])];
    let why = "its name is needed for what comes before it goes";
    built(&rename.to, Ladder::new(rename.to.clone(), title, why, rungs))
}

/// The statement with the lock on a relation under a name that it has only for a while, so that no catalog knows it.
pub(super) fn locking(mut statement: Statement, id: &ObjectId) -> Statement {
    let relation = write::identity(id);
    let known = statement.locks.iter().any(|lock| lock.relation == relation);
    if matches!(id, ObjectId::Relation(_)) && !known {
        let mode = LockMode::AccessExclusive;
        statement.locks.push(Lock {
            relation,
            mode,
            scans: false,
            rewrites: false,
        });
    }
    statement
}

fn renaming(lowering: &Lowering<'_>, from: &ObjectId, entry: &Entry, to: &ObjectId) -> Vec<Statement> {
    let actions = Action::renames(from, entry, to);
    actions
        .into_iter()
        .map(|action| {
            let statement = lowering.statement(action, format!("{} becomes {}.", describe(from), to.last_name()));
            locking(statement, from)
        })
        .collect()
}

/// The statements that make and drop a view under a table's old name, over its columns under their present names.
fn compatible_view(
    lowering: &Lowering<'_>,
    old: &ObjectId,
    table: &ObjectId,
) -> Lowered<(Vec<Statement>, Vec<Statement>)> {
    let catalog = lowering.pair.from;
    let columns: Vec<Ident> = catalog.columns(table).map(|(name, _)| name.clone()).collect();
    let alias = table.last_name();
    let mut query = TemplateBuilder::default();
    query.push_str("SELECT ");
    for (position, (column, _)) in catalog.columns(table).enumerate() {
        query.push_str(if position == 0 { "" } else { ", " });
        query.push_reference(table.clone(), Form::Bare);
        query.push_str(".");
        if let Some(name) = table.qualified_name() {
            query.push_reference(ObjectId::Column(name.clone(), column.clone()), Form::Bare);
        }
    }
    query.push_str(" FROM ");
    query.push_reference(table.clone(), Form::Qualified);
    let mut options = Options::new();
    if lowering.options.version >= 15 {
        // Without it the policies of the table would not hold for those who come through the view.
        options.insert(Arc::from("security_invoker"), Arc::from("true"));
    }
    let view = View {
        query: query.finish(),
        columns,
        types: ColumnTypes::default(),
        options,
    };
    let mut entry = Entry::new(Object::View(Box::new(view)));
    entry.privileges = catalog.get(table).and_then(|table| table.privileges.clone());
    let drop = lowering.statement(Action::drop(old, &entry), format!("The old name of {alias} goes."));
    let drop = locking(drop, old);
    let create = make::entry_statements(lowering, old, entry, Vec::new());
    Ok((create, vec![drop]))
}
