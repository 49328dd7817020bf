//! Parts that differ in nothing but their name: constraints, indexes and owned sequences of one table.
//!
//! Such a part holds no meaning of its own beyond its definition, so giving it the other name is the same as dropping it
//! and creating the other, without building anything anew. That is no guess: nothing of it can be lost.

use super::Change;
use crate::catalog::hashing::HashMap;
use crate::catalog::{Catalog, Entry, Object, ObjectId, Refers};
use crate::pair::Pair;

/// What goes and what comes in its place under another name, in the order of the changes; each is used once.
pub fn alike(pair: Pair<&Catalog>, changes: &[Change]) -> Vec<(ObjectId, ObjectId)> {
    let mut coming: HashMap<ObjectId, Vec<&ObjectId>> = HashMap::default();
    for change in changes {
        if let Change::Create(id) = change
            && !pair.from.contains(id)
            && let Some(whole) = whole(pair.to, id)
        {
            coming.entry(whole).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    for change in changes {
        let Change::Drop(gone) = change else { continue };
        if pair.to.contains(gone) {
            continue;
        }
        let Some(coming) = whole(pair.from, gone).and_then(|whole| coming.get_mut(&whole)) else {
            continue;
        };
        if let Some(position) = coming.iter().position(|come| are_alike(pair, gone, come)) {
            found.push((gone.clone(), coming.remove(position).clone()));
        }
    }
    found
}

/// What a part that may be renamed hangs on, which two that are alike have in common.
fn whole(catalog: &Catalog, id: &ObjectId) -> Option<ObjectId> {
    match &catalog.get(id)?.object {
        Object::Constraint(_) => id.parent(),
        Object::Index(index) => Some(index.table.clone()),
        Object::Sequence(sequence) => sequence.owned_by.clone(),
        Object::Schema
        | Object::Extension(_)
        | Object::Type(_)
        | Object::DomainConstraint(_)
        | Object::Table(_)
        | Object::Column(_)
        | Object::Default(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::ViewColumn
        | Object::Routine(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Definition(_)
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => None,
    }
}

fn are_alike(pair: Pair<&Catalog>, gone: &ObjectId, come: &ObjectId) -> bool {
    if gone.schema() != come.schema() {
        return false;
    }
    let (Some(from), Some(to)) = (pair.from.get(gone), pair.to.get(come)) else {
        return false;
    };
    // Where a column changes its type, what stands on it is built anew in any case.
    let retyped = |column: &ObjectId| match (
        pair.from.get(column).map(|entry| &entry.object),
        pair.to.get(column).map(|entry| &entry.object),
    ) {
        (Some(Object::Column(from)), Some(Object::Column(to))) => {
            from.data_type != to.data_type || from.collation != to.collation
        }
        _ => false,
    };
    if !matches!(to.object, Object::Sequence(_)) && columns_under(come, to).iter().any(retyped) {
        return false;
    }
    match (&from.object, &to.object) {
        (Object::Constraint(from), Object::Constraint(to)) => gone.parent() == come.parent() && from == to,
        (Object::Index(from), Object::Index(to)) => from == to,
        // A sequence that no column owns is a thing of its own: its position belongs to its name.
        (Object::Sequence(from), Object::Sequence(to)) => from.owned_by.is_some() && from == to,
        _ => false,
    }
}

/// The columns that an index or a constraint is over, as far as it names them.
fn columns_under(id: &ObjectId, entry: &Entry) -> Vec<ObjectId> {
    let mut found = Vec::new();
    entry.object.references(&mut |id| found.push(id.clone()));
    if let Object::Index(index) = &entry.object
        && let Some(table) = index.table.qualified_name()
    {
        let named = index.keys.iter().filter_map(|key| key.expression.as_column());
        found.extend(named.map(|column| ObjectId::Column(table.clone(), column.clone())));
    }
    found.retain(|used| matches!(used, ObjectId::Column(..)) && used != id);
    found
}
