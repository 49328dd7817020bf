//! An object whole: the statements that make it with all that belongs to it, and the one that takes it away.
//!
//! Used for what is created, for what is made anew, and for the way back of what is dropped.

use super::index::incomplete::lacks_parts;
use super::lowering::Lowering;
use super::table::inheriting;
use super::{Lowered, access, facts, members, program};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::hashing::HashSet;
use crate::catalog::table::Inheritance;
use crate::catalog::view::Population;
use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::dialect::postgres::action::complete;
use crate::dialect::postgres::action::{Action, Create, CreateMode, Guard, Names, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::write::objects::column::NOT_NULL_OF_TABLE;
use crate::plan::Statement;

/// The statements that make an object: CREATE with what is written inside, then owner, comment, privileges and the rest.
///
/// A partition is made as a table of its own with its indexes and then attached, so that the server adopts them under
/// their own names and the partitioned table is locked only for the moment of the ATTACH.
pub fn statements(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Lowered<Vec<Statement>> {
    placed(lowering, catalog, id, Place::AsItIs)
}

/// Where a partition is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In its partitioned table.
    AsItIs,
    /// As a table of its own.
    Apart,
}

fn placed(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId, place: Place) -> Lowered<Vec<Statement>> {
    let Some(entry) = catalog.get(id) else {
        return Ok(Vec::new());
    };
    let mut entry = entry.clone();
    let mut after = Vec::new();
    let parts = inline_parts(lowering, catalog, id);
    match &mut entry.object {
        Object::Table(table) => {
            after.extend(inheriting::without_defaults(lowering, catalog, id));
            if let Some(partition) = table.partition_of.take() {
                after.extend(adopted_indexes(lowering, catalog, id));
                let form = TableForm::AttachPartition {
                    partition: id.clone(),
                    bound: partition.bound,
                    work: RowWork::CatalogOnly,
                };
                if place == Place::AsItIs {
                    after.push(lowering.alter_table(
                        &partition.parent,
                        form,
                        format!("{} becomes a partition.", describe(id)),
                    ));
                }
            }
        }
        Object::Sequence(sequence) => sequence.owned_by = None,
        Object::Index(index) => index.parent = None,
        Object::View(_) => after.extend(view_defaults(lowering, catalog, id)),
        // Whoever reads it wants to find it filled again.
        Object::MaterializedView(view) if lowering.is_replaced(id) => {
            view.population = if lowering.materialized.is_gap(id) {
                Population::WithNoData
            } else {
                Population::WithData
            };
        }
        _ => {}
    }
    let (mut made, back) = members::under(lowering, id, &entry);
    made.extend(statements_around(lowering, id, entry, parts, after));
    made.extend(back);
    made.extend(members::privileges(lowering, catalog, id)?);
    Ok(made)
}

/// Whether a NOT NULL constraint bears the name that the server would choose were it not a constraint of another table
/// (`ChooseConstraintName`).
fn names(lowering: &Lowering<'_>, table: &ObjectId, parts: &[(ObjectId, Entry)]) -> Names {
    let is_taken = parts.iter().any(|(id, entry)| match &entry.object {
        Object::Column(column) => column.not_null.as_ref().is_some_and(|not_null| {
            let chosen = format!("{}_{}_not_null", table.last_name(), id.last_name());
            not_null.name.as_str() == chosen && lowering.surroundings.is_named_elsewhere(table, &not_null.name)
        }),
        _ => false,
    });
    match is_taken && lowering.options.version >= NOT_NULL_OF_TABLE {
        true => Names::All,
        false => Names::WhereOthers,
    }
}

/// CREATE of a definition with what must follow it.
pub fn entry_statements(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    entry: Entry,
    parts: Vec<(ObjectId, Entry)>,
) -> Vec<Statement> {
    statements_around(lowering, id, entry, parts, Vec::new())
}

/// The same, with statements between what defines the object and what is said of it: an ATTACH, which asks for all
/// constraints and nothing else.
fn statements_around(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    entry: Entry,
    parts: Vec<(ObjectId, Entry)>,
    between: Vec<Statement>,
) -> Vec<Statement> {
    let action = match &entry.object {
        Object::Constraint(constraint) => {
            let mut constraint = constraint.clone();
            constraint.parent = None;
            on_table(lowering, id, TableForm::AddConstraint(id.clone(), constraint))
        }
        Object::Default(default) => on_table(
            lowering,
            id,
            TableForm::SetDefault(facts::column_of(id), default.expression.clone()),
        ),
        _ => {
            let names = names(lowering, id, &parts);
            let mut create = Create {
                id: id.clone(),
                entry,
                parts,
                mode: CreateMode::Plain,
                guard: Guard::None,
                names,
            };
            let privileges = access::after_creation(lowering, &mut create);
            let version = lowering.options.version;
            let made = |actions: Vec<Action>| actions.into_iter().map(|action| commented(lowering, id, action));
            return made(complete::definition(&create, version))
                .chain(between)
                .chain(made(complete::all_belongings(&create, version)))
                .chain(privileges)
                .collect();
        }
    };
    let mut made = vec![commented(lowering, id, action)];
    made.extend(between);
    made.extend(completion(lowering, id, &entry));
    made
}

/// What makes an object whole after its CREATE or ADD: comment, privileges, and clauses that those cannot say.
pub fn completion(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry) -> Vec<Statement> {
    let version = lowering.options.version;
    let actions = match &entry.object {
        Object::Column(_) => complete::column_completion(&lowering.subject(&facts::relation(id)), id, entry, version),
        Object::Constraint(_) | Object::Default(_) => complete::belongings(id, entry, None, version),
        _ => {
            let create = Create {
                id: id.clone(),
                entry: entry.clone(),
                parts: Vec::new(),
                mode: CreateMode::Plain,
                guard: Guard::None,
                names: Names::WhereOthers,
            };
            complete::completion(&create, version)
        }
    };
    actions
        .into_iter()
        .map(|action| commented(lowering, id, action))
        .collect()
}

fn on_table(lowering: &Lowering<'_>, id: &ObjectId, form: TableForm) -> Action {
    Action::alter_table(lowering.subject(&facts::relation(id)), form)
}

fn commented(lowering: &Lowering<'_>, id: &ObjectId, action: Action) -> Statement {
    let comment = match &action {
        Action::AlterTable(alter) if matches!(alter.forms.as_slice(), [TableForm::AddConstraint(added, _)] if added == id) => {
            None
        }
        Action::AlterTable(alter) if matches!(alter.forms.as_slice(), [TableForm::SetDefault(..)]) => None,
        other => complete::comment(other),
    };
    let comment = comment.unwrap_or_else(|| format!("{} is created.", describe(id)));
    lowering.statement(action, comment)
}

/// A partition as a table of its own, with the parts that have statements of their own and without the ATTACH.
pub fn standalone(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Lowered<Vec<Statement>> {
    whole(lowering, catalog, id, Place::Apart)
}

/// The defaults of a view's columns, which CREATE VIEW cannot say.
fn view_defaults(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<Statement> {
    let columns = catalog.parts(id).map(|(column, _)| column);
    columns
        .flat_map(|column| catalog.parts(column))
        .filter(|(_, entry)| matches!(entry.object, Object::Default(_)))
        .flat_map(|(default, entry)| entry_statements(lowering, default, entry.clone(), Vec::new()))
        .collect()
}

/// The same, with the parts that have statements of their own: owned sequences, indexes, keys, triggers, rules, policies.
pub fn statements_with_parts(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Lowered<Vec<Statement>> {
    whole(lowering, catalog, id, Place::AsItIs)
}

fn whole(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId, place: Place) -> Lowered<Vec<Statement>> {
    let mut made = Vec::new();
    let sequences = owned_sequences(lowering, catalog, id);
    for (sequence, _) in &sequences {
        made.extend(statements(lowering, catalog, sequence)?);
    }
    made.extend(placed(lowering, catalog, id, place)?);
    for (sequence, column) in sequences {
        let action = Action::SetOwnedBy {
            sequence: sequence.clone(),
            column: Some(column),
        };
        made.push(lowering.statement(action, format!("{} goes away with its column.", describe(&sequence))));
    }
    for (part, entry) in catalog.parts(id) {
        match &entry.object {
            _ if goes_apart(lowering, catalog, part) => {}
            Object::Index(index) if index.parent.is_none() && !lacks_parts(catalog, part) => {
                made.extend(statements(lowering, catalog, part)?);
            }
            Object::Trigger(trigger) if trigger.parent.is_none() => made.extend(statements(lowering, catalog, part)?),
            Object::Trigger(_) => made.extend(program::own_firing(lowering, catalog, part)),
            Object::Rule(_) | Object::Policy(_) => made.extend(statements(lowering, catalog, part)?),
            Object::Constraint(constraint)
                if !is_foreign_key(entry)
                    && constraint.parent.is_none()
                    && constraint.inheritance != Inheritance::Inherited
                    && !is_inline(catalog, part, lowering) =>
            {
                made.extend(statements(lowering, catalog, part)?);
            }
            _ => {}
        }
    }
    made.extend(late(lowering, catalog, id));
    Ok(made)
}

/// What a table says of its own indexes, when they are there: the replica identity, the index to cluster on.
pub fn late(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<Statement> {
    match catalog.get(id) {
        Some(entry) if matches!(entry.object, Object::Table(_)) => complete::late_completion(id, entry)
            .into_iter()
            .map(|action| commented(lowering, id, action))
            .collect(),
        _ => Vec::new(),
    }
}

/// The statement that takes an object away; parts go with it.
pub fn undo(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<Statement> {
    let Some(entry) = catalog.get(id) else {
        return Vec::new();
    };
    let action = match &entry.object {
        Object::Column(_) => {
            let guard = Guard::None;
            on_table(lowering, id, TableForm::DropColumn { id: id.clone(), guard })
        }
        Object::Default(_) => on_table(lowering, id, TableForm::DropDefault(facts::column_of(id))),
        Object::Constraint(constraint) => {
            let (constraint, guard) = (constraint.clone(), Guard::None);
            let id = id.clone();
            on_table(
                lowering,
                &id.clone(),
                TableForm::DropConstraint { id, constraint, guard },
            )
        }
        _ => Action::drop(id, entry),
    };
    let mut statement = lowering.statement(action, format!("{} is dropped.", describe(id)));
    // What goes with it is taken away by the same statement.
    let mut going = vec![id.clone()];
    while let Some(current) = going.pop() {
        // Foreign keys go before, by ladders of their own: tables may refer to each other in a circle.
        let parts = catalog
            .parts(&current)
            .filter(|(part, entry)| !is_foreign_key(entry) && !goes_apart(lowering, catalog, part))
            .map(|(part, _)| part.clone());
        let sequences = owned_sequences(lowering, catalog, &current)
            .into_iter()
            .map(|(sequence, _)| sequence);
        statement.removes.extend(hidden_relations(catalog, &current));
        for part in parts.chain(sequences).collect::<Vec<_>>() {
            statement.releases.extend(catalog.requirements(&part));
            statement.removes.push(part.clone());
            going.push(part);
        }
    }
    statement.removes = lowering.with_shared_names(std::mem::take(&mut statement.removes));
    let removes: HashSet<ObjectId> = statement.removes.iter().cloned().collect();
    statement.releases.retain(|released| !removes.contains(released));
    statement.releases.sort();
    statement.releases.dedup();
    vec![statement]
}

/// The relations that have no entry of their own: the index behind a key, the sequence behind an identity.
fn hidden_relations(catalog: &Catalog, whole: &ObjectId) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for (id, entry) in catalog.parts(whole) {
        let Some(table) = id.qualified_name() else { continue };
        let name = match &entry.object {
            Object::Constraint(constraint) => match constraint.kind {
                ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => Some(id.last_name()),
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => None,
            },
            Object::Column(column) => column.identity.as_ref().map(|identity| identity.sequence.clone()),
            _ => None,
        };
        found.extend(name.map(|name| ObjectId::Relation(table.with_name(name))));
    }
    found
}

fn is_foreign_key(entry: &Entry) -> bool {
    matches!(&entry.object, Object::Constraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
}

/// The parts written inside a CREATE: columns in order, then their defaults, then constraints; a domain's constraints.
pub fn inline_parts(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<(ObjectId, Entry)> {
    let mut columns = Vec::new();
    let mut defaults = Vec::new();
    let mut constraints = Vec::new();
    for (part, entry) in catalog.parts(id) {
        let written = (part.clone(), entry.clone());
        match &entry.object {
            // Those that come from a parent too: what is said of them here is the table's own.
            Object::Column(_) => {
                let later = inheriting::is_added_later(lowering, catalog, part, entry);
                let (id, mut entry) = written;
                if let Object::Column(column) = &mut entry.object
                    && later
                {
                    column.not_null = None;
                }
                columns.push((id, entry));
                let found = catalog
                    .parts(part)
                    .filter(|(default, _)| is_inline(catalog, default, lowering));
                defaults.extend(found.map(|(default, entry)| (default.clone(), entry.clone())));
            }
            Object::ViewColumn => columns.push(written),
            Object::Constraint(_)
                if is_inline(catalog, part, lowering)
                    && !inheriting::is_added_later(lowering, catalog, part, entry) =>
            {
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
                ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => !is_said_before(catalog, id, &table, constraint),
            };
            kind_fits && !needs(catalog, id, &table)
        }
        _ => false,
    }
}

/// Whether a key is the same as one before it but for its name: in one CREATE TABLE the server makes one of the two
/// (`transformIndexConstraints`).
fn is_said_before(catalog: &Catalog, id: &ObjectId, table: &ObjectId, constraint: &Constraint) -> bool {
    let mut before = catalog.parts(table).take_while(|(part, _)| *part != id);
    before.any(|(_, entry)| match &entry.object {
        Object::Constraint(other) => other.kind == constraint.kind && other.deferral == constraint.deferral,
        _ => false,
    })
}

fn table_of(catalog: &Catalog, id: &ObjectId) -> Option<ObjectId> {
    let whole = catalog.whole(id)?;
    match whole {
        ObjectId::Column(..) => catalog.whole(&whole),
        other => Some(other),
    }
}

/// Whether a part of a table that goes has a ladder of its own before it: what it uses goes after it and cannot go after
/// the table, which that needs in its turn. On the way back it is the last to come.
pub fn goes_apart(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> bool {
    let (Some(entry), Some(table)) = (catalog.get(id), table_of(catalog, id)) else {
        return false;
    };
    if !std::ptr::eq(catalog, lowering.pair.from) || !lowering.is_dropped(&table) {
        return false;
    }
    match &entry.object {
        Object::Default(default) => {
            let is_partition = facts::table(catalog, &table).is_some_and(|found| found.partition_of.is_some());
            default.inheritance != Inheritance::Inherited && !is_partition && needs(catalog, id, &table)
        }
        Object::Trigger(trigger) if trigger.parent.is_some() => false,
        Object::Policy(_) | Object::Rule(_) | Object::Trigger(_) => {
            let is_other =
                |used: &ObjectId| matches!(used, ObjectId::Relation(_)) && *used != table && lowering.is_dropped(used);
            catalog.requirements(id).iter().any(is_other) || needs(catalog, id, &table)
        }
        _ => false,
    }
}

/// Whether a part uses a function that in its turn needs the table.
fn needs(catalog: &Catalog, part: &ObjectId, table: &ObjectId) -> bool {
    let mut waiting: Vec<ObjectId> = catalog
        .requirements(part)
        .into_iter()
        .filter(|id| matches!(id, ObjectId::Routine(..)))
        .collect();
    let mut seen: HashSet<ObjectId> = HashSet::default();
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
        .filter(|(_, entry)| matches!(&entry.object, Object::Index(index) if index.parent.is_some()))
        .filter(|(index, _)| !lacks_parts(catalog, index));
    adopted
        .filter_map(|(index, _)| statements(lowering, catalog, index).ok())
        .flatten()
        .collect()
}

/// The sequences that go away with a table's columns or with a column, each with the column; those that stay are not
/// among them, since they let go of the column first.
pub fn owned_sequences(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Vec<(ObjectId, ObjectId)> {
    let other = if std::ptr::eq(catalog, lowering.pair.from) {
        lowering.pair.to
    } else {
        lowering.pair.from
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
        for dependent in catalog.dependents_of(&column) {
            if let Some(Object::Sequence(sequence)) = catalog.get(&dependent).map(|entry| &entry.object)
                && sequence.owned_by.as_ref() == Some(&column)
                && (!other.contains(&dependent) || lowering.is_replaced(id))
            {
                found.push((dependent, column.clone()));
            }
        }
    }
    found
}
