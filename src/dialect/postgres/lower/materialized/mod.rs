//! Materialized views whose fill takes long: which pattern makes them.
//!
//! A fill reads all rows of the tables under the query, so it never shares a transaction with a lock that others wait for.
//! A new one is filled in a file of its own ([`company`]). One that must be made anew is built beside the old one and
//! takes its name ([`beside`]); where the old one must go first, because the server refuses a change while it exists, it
//! is made empty and filled in a later file, and the gap is said ([`gap`]). Where the rows are few nothing of this is needed.

pub(super) mod beside;
pub(super) mod gap;

use super::facts::SideOf;
use super::lowering::Lowering;
use super::{rename_column, replace, routine};
use crate::catalog::hashing::{HashSet, IndexSet};
use crate::catalog::view::Population;
use crate::catalog::{Catalog, Object, ObjectId};
use crate::dialect::postgres::action::Action;
use crate::dialect::postgres::write;
use crate::plan::{Company, Lock, LockMode, Statement};

/// What is decided about the materialized views that must be made anew.
#[derive(Debug, Default)]
pub struct Materialized {
    /// Views, materialized or not, that are built beside the old ones, and those that hang together with them.
    pub beside: Vec<IndexSet<ObjectId>>,
    /// Materialized views that are made empty and filled later, those that read each other together, the lowest first.
    pub gaps: Vec<Vec<ObjectId>>,
}

impl Materialized {
    /// Whether a view is built beside the old one.
    pub fn is_beside(&self, id: &ObjectId) -> bool {
        self.beside.iter().any(|group| group.contains(id))
    }

    /// Whether a materialized view is made empty and filled later.
    pub fn is_gap(&self, id: &ObjectId) -> bool {
        self.gaps.iter().any(|group| group.contains(id))
    }
}

/// Sorts the materialized views that must be made anew into patterns.
pub(super) fn settle(lowering: &Lowering<'_>) -> Materialized {
    let mut settled = Materialized::default();
    let mut seen: HashSet<ObjectId> = HashSet::default();
    for id in lowering.replaced() {
        if seen.contains(id) || !is_materialized(lowering, id) || !is_long_on_either_side(lowering, id) {
            continue;
        }
        let component = component(lowering, id);
        seen.extend(component.iter().cloned());
        let views: IndexSet<ObjectId> = component.iter().filter(|id| is_view(lowering, id)).cloned().collect();
        let in_place = |part: &ObjectId| {
            let whole = whole_view(lowering.pair.from, part);
            views.contains(part) || whole.is_some_and(|whole| views.contains(&whole))
        };
        if component.iter().all(in_place) && !views.iter().any(|view| must_go_first(lowering, view)) {
            settled.beside.push(views);
        } else {
            let filled = views.into_iter().filter(|view| is_materialized(lowering, view));
            let mut gap: Vec<ObjectId> = filled.collect();
            gap.sort_by_key(|view| lowering.pair.to.position(view));
            settled.gaps.push(gap);
        }
    }
    settled
}

/// What the patterns here make of their own, parts included, so that no other pattern does.
pub(super) fn claims(lowering: &Lowering<'_>) -> HashSet<ObjectId> {
    let mut claimed: HashSet<ObjectId> = HashSet::default();
    let mut waiting: Vec<ObjectId> = lowering.materialized.beside.iter().flatten().cloned().collect();
    while let Some(id) = waiting.pop() {
        for catalog in [lowering.pair.from, lowering.pair.to] {
            waiting.extend(catalog.parts(&id).map(|(part, _)| part.clone()));
        }
        claimed.insert(id);
    }
    claimed
}

/// With what the creation of a view on one side may share a file: a long fill with nothing.
pub(super) fn company(lowering: &Lowering<'_>, side: SideOf, view: &ObjectId) -> Company {
    if is_long(lowering, side, view) {
        Company::Scan
    } else {
        Company::Catalog
    }
}

/// Whether filling a materialized view on a side reads rows that are not known to be few.
pub(super) fn is_long(lowering: &Lowering<'_>, side: SideOf, view: &ObjectId) -> bool {
    let catalog = lowering.catalog(side);
    let filled = match catalog.get(view).map(|entry| &entry.object) {
        Some(Object::MaterializedView(definition)) => {
            definition.population == Population::WithData || lowering.is_replaced(view)
        }
        _ => false,
    };
    filled && reads_many_rows(lowering, catalog, view)
}

/// Whether a query reads a table that is not new and not known to be small, itself or through views and functions.
fn reads_many_rows(lowering: &Lowering<'_>, catalog: &Catalog, view: &ObjectId) -> bool {
    let (mut waiting, mut seen) = (vec![view.clone()], HashSet::default());
    while let Some(current) = waiting.pop() {
        if !seen.insert(current.clone()) {
            continue;
        }
        match catalog.get(&current).map(|entry| &entry.object) {
            Some(Object::Table(_)) => {
                if !lowering.has_no_rows(&current) && !lowering.is_small(&current) {
                    return true;
                }
                continue;
            }
            Some(Object::Routine(routine)) => waiting.extend(routine.mentions.0.iter().cloned()),
            Some(Object::View(_) | Object::MaterializedView(_)) => {}
            _ => continue,
        }
        waiting.extend(catalog.requirements(&current));
    }
    false
}

/// Planner statistics of a view that was just filled: it has none until somebody collects them.
pub(super) fn analyzed(lowering: &Lowering<'_>, view: &ObjectId) -> Statement {
    let action = Action::Analyze {
        relation: view.clone(),
        columns: Vec::new(),
    };
    lowering.statement(
        action,
        "The server learns what the rows are like before anybody asks for them.",
    )
}

/// The statements of a view that is filled by them: the builds of its indexes read its rows, which is nobody's wait but
/// takes its time.
fn with_builds(mut statements: Vec<Statement>, view: &ObjectId, catalog: &Catalog) -> Vec<Statement> {
    let is_index = |id: &ObjectId| matches!(catalog.get(id).map(|entry| &entry.object), Some(Object::Index(_)));
    for statement in &mut statements {
        if statement.provides.iter().any(is_index) {
            statement.locks.push(Lock {
                relation: write::identity(view),
                mode: LockMode::Share,
                scans: true,
                rewrites: false,
            });
        }
    }
    statements
}

fn is_long_on_either_side(lowering: &Lowering<'_>, view: &ObjectId) -> bool {
    is_long(lowering, SideOf::From, view) || is_long(lowering, SideOf::To, view)
}

/// What must be made anew together: everything that hangs together with an object, on either side.
fn component(lowering: &Lowering<'_>, id: &ObjectId) -> IndexSet<ObjectId> {
    let (mut waiting, mut found) = (vec![id.clone()], IndexSet::default());
    while let Some(current) = waiting.pop() {
        if !lowering.is_replaced(&current) || !found.insert(current.clone()) {
            continue;
        }
        for side in [SideOf::From, SideOf::To] {
            let catalog = lowering.catalog(side);
            waiting.extend(lowering.users(side, &current));
            waiting.extend(catalog.requirements(&current));
            waiting.extend(catalog.parts(&current).map(|(part, _)| part.clone()));
            waiting.extend(catalog.whole(&current));
        }
    }
    found.sort_by_key(|id| lowering.pair.to.position(id));
    found
}

/// Whether the server refuses something in this plan while the old form of a view, or a part of it, exists.
fn must_go_first(lowering: &Lowering<'_>, view: &ObjectId) -> bool {
    let catalog = lowering.pair.from;
    let renamed = rename_column::old_columns(lowering);
    let mut parts = vec![view.clone()];
    let mut next = 0;
    while let Some(current) = parts.get(next).cloned() {
        next += 1;
        parts.extend(catalog.parts(&current).map(|(part, _)| part.clone()));
    }
    parts
        .iter()
        .flat_map(|part| catalog.requirements(part))
        .any(|needed| match &needed {
            ObjectId::Column(..) => {
                renamed.contains(&needed) || lowering.altered(&needed).is_some_and(replace::changes_compiled_form)
            }
            ObjectId::Routine(..) => lowering.is_dropped(&needed) && routine::rival(lowering, &needed).is_some(),
            _ => false,
        })
}

/// Whether an object is a view of the same kind on both sides.
fn is_view(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let objects = (lowering.from(id), lowering.to(id));
    let (Some(from), Some(to)) = objects else { return false };
    matches!(
        (&from.object, &to.object),
        (Object::View(_), Object::View(_)) | (Object::MaterializedView(_), Object::MaterializedView(_))
    )
}

fn is_materialized(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    is_view(lowering, id)
        && matches!(
            lowering.from(id).map(|entry| &entry.object),
            Some(Object::MaterializedView(_))
        )
}

/// The outermost whole of a part: the view of a default of its column.
fn whole_view(catalog: &Catalog, part: &ObjectId) -> Option<ObjectId> {
    let mut whole = catalog.whole(part)?;
    while let Some(next) = catalog.whole(&whole) {
        whole = next;
    }
    Some(whole)
}
