//! An object whole: the statements that make it with all that belongs to it, and the one that takes it away.
//!
//! Used for what is created, for what is made anew, and for the way back of what is dropped.

use super::lowering::Lowering;
use super::{Lowered, access};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::table::Inheritance;
use crate::catalog::view::Population;
use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::dialect::postgres::action::complete;
use crate::dialect::postgres::action::{Action, Create, CreateMode, Guard, Scope, Subject, TableForm};
use crate::dialect::postgres::action::{AlterTable, RowWork};
use crate::dialect::postgres::describe;
use crate::plan::Statement;
use std::collections::HashSet;

/// The statements that make an object: CREATE with what is written inside, then owner, comment, privileges and the rest.
///
/// A partition is made as a table of its own with its indexes and then attached, so that the server adopts them under
/// their own names and the partitioned table is locked only for the moment of the ATTACH.
pub fn statements(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Lowered<Vec<Statement>> {
    let Some(entry) = catalog.get(id) else {
        return Ok(Vec::new());
    };
    let mut entry = entry.clone();
    let mut after = Vec::new();
    match &mut entry.object {
        Object::Table(table) => {
            if let Some(partition) = table.partition_of.take() {
                after.extend(adopted_indexes(lowering, catalog, id));
                let form = TableForm::AttachPartition {
                    partition: id.clone(),
                    bound: partition.bound,
                    work: RowWork::CatalogOnly,
                };
                after.push(lowering.statement(
                    Action::AlterTable(Box::new(AlterTable {
                        relation: Subject::table(&partition.parent),
                        scope: Scope::Descendants,
                        forms: vec![form],
                    })),
                    format!("{} becomes a partition.", describe(id)),
                ));
            }
        }
        Object::Sequence(sequence) => sequence.owned_by = None,
        Object::Index(index) => index.parent = None,
        // Whoever reads it wants to find it filled again.
        Object::MaterializedView(view) if lowering.is_replaced(id) => view.population = Population::WithData,
        _ => {}
    }
    let parts = inline_parts(lowering, catalog, id);
    let mut statements = entry_statements(lowering, id, entry, parts);
    statements.splice(1..1, after);
    Ok(statements)
}

/// CREATE of a definition with what must follow it.
pub fn entry_statements(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    entry: Entry,
    parts: Vec<(ObjectId, Entry)>,
) -> Vec<Statement> {
    let mut create = Create {
        id: id.clone(),
        entry,
        parts,
        mode: CreateMode::Plain,
        guard: Guard::None,
    };
    let privileges = access::after_creation(lowering, &mut create);
    let made = complete::creation(create, lowering.options.version);
    let statement = |action: Action| {
        let comment = complete::comment(&action).unwrap_or_else(|| format!("{} is created.", describe(id)));
        lowering.statement(action, comment)
    };
    made.into_iter().map(statement).chain(privileges).collect()
}

/// The same, with the parts that have statements of their own: owned sequences, indexes, keys, triggers, rules, policies.
pub fn statements_with_parts(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Lowered<Vec<Statement>> {
    let mut made = Vec::new();
    let sequences = owned_sequences(lowering, catalog, id);
    for (sequence, _) in &sequences {
        made.extend(statements(lowering, catalog, sequence)?);
    }
    made.extend(statements(lowering, catalog, id)?);
    for (sequence, column) in sequences {
        let action = Action::SetOwnedBy {
            sequence: sequence.clone(),
            column: Some(column),
        };
        made.push(lowering.statement(action, format!("{} goes away with its column.", describe(&sequence))));
    }
    for (part, entry) in catalog.parts(id) {
        match &entry.object {
            Object::Index(index) if index.parent.is_none() => made.extend(statements(lowering, catalog, part)?),
            Object::Trigger(trigger) if trigger.parent.is_none() => made.extend(statements(lowering, catalog, part)?),
            Object::Rule(_) | Object::Policy(_) => made.extend(statements(lowering, catalog, part)?),
            _ => {}
        }
    }
    Ok(made)
}

/// The statement that takes an object away; parts go with it.
pub fn undo(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<Statement> {
    let Some(entry) = catalog.get(id) else {
        return Vec::new();
    };
    let mut statement = lowering.statement(Action::drop(id, entry), format!("{} is dropped.", describe(id)));
    // What goes with it is taken away by the same statement.
    let mut going = vec![id.clone()];
    while let Some(current) = going.pop() {
        let parts = catalog.parts(&current).map(|(part, _)| part.clone());
        let sequences = owned_sequences(lowering, catalog, &current)
            .into_iter()
            .map(|(sequence, _)| sequence);
        for part in parts.chain(sequences).collect::<Vec<_>>() {
            statement.releases.extend(catalog.requirements(&part));
            statement.removes.push(part.clone());
            going.push(part);
        }
    }
    let removes: HashSet<ObjectId> = statement.removes.iter().cloned().collect();
    statement.releases.retain(|released| !removes.contains(released));
    statement.releases.sort();
    statement.releases.dedup();
    vec![statement]
}

/// The parts written inside a CREATE: columns in order, then their defaults, then constraints; a domain's constraints.
pub fn inline_parts(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<(ObjectId, Entry)> {
    let whole_table = matches!(
        catalog.get(id).map(|entry| &entry.object),
        Some(Object::Table(table)) if table.partition_of.is_some()
    );
    let own = |inheritance: Inheritance| whole_table || inheritance != Inheritance::Inherited;
    let mut columns = Vec::new();
    let mut defaults = Vec::new();
    let mut constraints = Vec::new();
    for (part, entry) in catalog.parts(id) {
        let written = (part.clone(), entry.clone());
        match &entry.object {
            Object::Column(column) if own(column.inheritance) => {
                columns.push(written);
                let found = catalog
                    .parts(part)
                    .filter(|(default, _)| is_inline(catalog, default, lowering));
                defaults.extend(found.map(|(default, entry)| (default.clone(), entry.clone())));
            }
            Object::ViewColumn => columns.push(written),
            Object::Constraint(_) if is_inline(catalog, part, lowering) => {
                let (part, mut entry) = written;
                if let Object::Constraint(constraint) = &mut entry.object {
                    constraint.parent = None;
                }
                constraints.push((part, entry));
            }
            Object::DomainConstraint(_) => constraints.push(written),
            _ => {}
        }
    }
    columns.into_iter().chain(defaults).chain(constraints).collect()
}

/// Whether a default or constraint is written inside the CREATE of its table: the table is made (or, for a way back,
/// made again), and what the part needs does not itself need the table. Foreign keys never are: their tables may refer to
/// each other in a circle.
pub fn is_inline(catalog: &Catalog, id: &ObjectId, lowering: &Lowering<'_>) -> bool {
    let Some(entry) = catalog.get(id) else { return false };
    let Some(table) = table_of(catalog, id) else {
        return false;
    };
    if !(lowering.is_created(&table) || lowering.is_dropped(&table) || lowering.is_replaced(&table)) {
        return false;
    }
    let partition = matches!(
        catalog.get(&table).map(|entry| &entry.object),
        Some(Object::Table(table)) if table.partition_of.is_some()
    );
    match &entry.object {
        Object::Default(default) => {
            (partition || default.inheritance != Inheritance::Inherited) && !needs(catalog, id, &table)
        }
        Object::Constraint(constraint) => {
            let kind_fits = match constraint.kind {
                ConstraintKind::ForeignKey(_) => false,
                ConstraintKind::Check { .. } => partition || constraint.inheritance != Inheritance::Inherited,
                ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => true,
            };
            kind_fits && !needs(catalog, id, &table)
        }
        _ => false,
    }
}

fn table_of(catalog: &Catalog, id: &ObjectId) -> Option<ObjectId> {
    let whole = catalog.whole(id)?;
    match whole {
        ObjectId::Column(..) => catalog.whole(&whole),
        other => Some(other),
    }
}

/// Whether a part uses a function that in its turn needs the table.
fn needs(catalog: &Catalog, part: &ObjectId, table: &ObjectId) -> bool {
    let mut waiting: Vec<ObjectId> = catalog
        .requirements(part)
        .into_iter()
        .filter(|id| matches!(id, ObjectId::Routine(..)))
        .collect();
    let mut seen: HashSet<ObjectId> = HashSet::new();
    while let Some(id) = waiting.pop() {
        if &id == table {
            return true;
        }
        if !seen.insert(id.clone()) {
            continue;
        }
        if let Some(Object::Routine(routine)) = catalog.get(&id).map(|entry| &entry.object) {
            waiting.extend(routine.mentions.0.iter().cloned());
        }
        waiting.extend(catalog.requirements(&id));
    }
    false
}

/// The indexes of a partition that belong to indexes of its parent: made before the ATTACH, which adopts them.
fn adopted_indexes(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<Statement> {
    let adopted = catalog
        .parts(id)
        .filter(|(_, entry)| matches!(&entry.object, Object::Index(index) if index.parent.is_some()));
    adopted
        .filter_map(|(index, _)| statements(lowering, catalog, index).ok())
        .flatten()
        .collect()
}

/// The sequences that go away with a table's columns or with a column, each with the column.
pub fn owned_sequences(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<(ObjectId, ObjectId)> {
    let dependents = if std::ptr::eq(catalog, lowering.pair.from) {
        &lowering.dependents.from
    } else {
        &lowering.dependents.to
    };
    let columns: Vec<ObjectId> = match id {
        ObjectId::Relation(_) => catalog
            .parts(id)
            .map(|(part, _)| part.clone())
            .filter(|part| matches!(part, ObjectId::Column(..)))
            .collect(),
        ObjectId::Column(..) => vec![id.clone()],
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for column in columns {
        for dependent in dependents.get(&column).map(Vec::as_slice).unwrap_or_default() {
            if let Some(Object::Sequence(sequence)) = catalog.get(dependent).map(|entry| &entry.object)
                && sequence.owned_by.as_ref() == Some(&column)
            {
                found.push((dependent.clone(), column.clone()));
            }
        }
    }
    found
}
