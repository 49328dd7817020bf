//! What the server does with a table's rows when a column changes its type or collation.
//!
//! Knows the measured cases (PostgreSQL 14 to 18): which types are stored alike, and what turns a change of the catalog
//! into reading all rows. Decides nothing about what is done instead.

use super::super::lowering::Lowering;
use super::cast::base;
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::index::{Index, IndexKey};
use crate::catalog::table::{Column, Inheritance, Validation};
use crate::catalog::{Array, DataType, Object, ObjectId, Template};
use crate::dialect::postgres::action::RowWork;

/// The work of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Work {
    /// What becomes of the rows themselves.
    pub rows: RowWork,
    /// Whether indexes are built anew.
    pub indexes: IndexWork,
    /// The checks over the column, which are verified anew unless they are taken off.
    pub checks: Vec<ObjectId>,
}

/// What becomes of a table's indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum IndexWork {
    /// They stay.
    Kept,
    /// Some are built anew, and nobody writes meanwhile.
    Rebuilt,
}

impl Work {
    /// The work when the checks are taken off.
    pub fn without_checks(&self) -> RowWork {
        match (self.rows, self.indexes) {
            (RowWork::CatalogOnly, IndexWork::Rebuilt) => RowWork::Scan,
            (work, IndexWork::Kept | IndexWork::Rebuilt) => work,
        }
    }
}

/// What `ALTER COLUMN … TYPE` does for a column that is in both catalogs.
pub(in super::super) fn work(lowering: &Lowering<'_>, id: &ObjectId, from: &Column, to: &Column) -> Work {
    let change = Change {
        storage: storage(lowering, &from.data_type, &to.data_type),
        order: if from.collation == to.collation {
            Order::Same
        } else {
            Order::Other
        },
    };
    let mut found = Work {
        rows: match change.storage {
            Storage::Same | Storage::SameButOrder => RowWork::CatalogOnly,
            Storage::Other => RowWork::Rewrite,
        },
        indexes: IndexWork::Kept,
        checks: Vec::new(),
    };
    let Some(table) = id.parent() else { return found };
    for (part, entry) in lowering.pair.from.parts(&table) {
        match &entry.object {
            Object::Index(index) if rebuilds(&change, index, id) => found.indexes = IndexWork::Rebuilt,
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Check { expression, .. } if refers_to(expression, id) => match constraint.validation {
                    Validation::Valid => found.checks.push(part.clone()),
                    Validation::NotValid | Validation::NotEnforced => {}
                },
                ConstraintKind::Key(key) if key.columns.contains(id) && change.reorders(constraint.parent.as_ref()) => {
                    found.indexes = IndexWork::Rebuilt;
                }
                ConstraintKind::Exclude(exclude) => {
                    let keys = exclude.elements.iter().map(|element| &element.key);
                    if rebuilds_keys(&change, keys, exclude.predicate.as_ref(), id) {
                        found.indexes = IndexWork::Rebuilt;
                    }
                }
                ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::ForeignKey(_) => {}
            },
            _ => {}
        }
    }
    let children_scan = || has_attached_index(lowering, &table, id) || has_own_work(lowering, &change, &table, id);
    if found.indexes == IndexWork::Kept && children_scan() {
        found.indexes = IndexWork::Rebuilt;
    }
    found
}

/// What changes, as far as rows and indexes are concerned.
struct Change {
    storage: Storage,
    order: Order,
}

impl Change {
    /// Whether an index over the plain column is built anew.
    fn reorders(&self, parent: Option<&ObjectId>) -> bool {
        self.order == Order::Other || self.storage == Storage::SameButOrder || parent.is_some()
    }
}

/// How the old and the new type are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// Alike, and compared alike.
    Same,
    /// Alike, but indexes compare otherwise.
    SameButOrder,
    /// Otherwise.
    Other,
}

/// Whether values are compared as before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Same,
    Other,
}

/// Whether the server finds that no row has to be written (`ATColumnChangeRequiresRewrite`, and the support functions of
/// the length coercions).
fn storage(lowering: &Lowering<'_>, from: &DataType, to: &DataType) -> Storage {
    if from == to {
        return Storage::Same;
    }
    let (from, to) = (base(lowering.pair.from, from), base(lowering.pair.to, to));
    if to.demands && !from.demands {
        return Storage::Other;
    }
    let (from, to) = (from.data_type, to.data_type);
    if from == to {
        return Storage::Same;
    }
    if from.array == Array::Array || to.array == Array::Array {
        let loosened = from.array == to.array && from.name == to.name && to.modifiers.is_empty();
        return match loosened && is(&from, "numeric") {
            true => Storage::Same,
            false => Storage::Other,
        };
    }
    let same = match (system_name(&from), system_name(&to)) {
        (Some("varchar"), Some("varchar")) | (Some("varbit"), Some("varbit")) => no_shorter(&from, &to, i64::MAX),
        (Some("varchar"), Some("text")) => true,
        (Some("text"), Some("varchar")) => to.modifiers.is_empty(),
        (Some("numeric"), Some("numeric")) => numeric_widens(&from, &to),
        (Some("timestamp"), Some("timestamp"))
        | (Some("timestamptz"), Some("timestamptz"))
        | (Some("time"), Some("time"))
        | (Some("timetz"), Some("timetz"))
        // Without a precision all six digits are kept.
        | (Some("interval"), Some("interval")) => to.modifiers.is_empty() || no_shorter(&from, &to, 6),
        (Some("cidr"), Some("inet")) | (Some("xml"), Some("text")) => true,
        (Some("timestamp"), Some("timestamptz")) | (Some("timestamptz"), Some("timestamp")) => {
            let kept = to.modifiers.is_empty() || no_shorter(&from, &to, 6);
            return if kept { Storage::SameButOrder } else { Storage::Other };
        }
        (Some("text" | "varchar"), None) | (None, Some("text" | "varchar")) => {
            let (citext, text) = if from.name.is_system() { (&to, &from) } else { (&from, &to) };
            let kept = std::ptr::eq(text, &from) || to.modifiers.is_empty();
            return if kept && citext.name.name.as_str() == "citext" {
                Storage::SameButOrder
            } else {
                Storage::Other
            };
        }
        _ => false,
    };
    if same { Storage::Same } else { Storage::Other }
}

fn system_name(data_type: &DataType) -> Option<&str> {
    data_type.name.is_system().then(|| data_type.name.name.as_str())
}

fn is(data_type: &DataType, name: &str) -> bool {
    system_name(data_type) == Some(name)
}

/// The one modifier, `unlimited` without one; `None` when it is no number.
fn length(data_type: &DataType, unlimited: i64) -> Option<i64> {
    match &*data_type.modifiers {
        [] => Some(unlimited),
        [only] => only.parse().ok(),
        _ => None,
    }
}

fn no_shorter(from: &DataType, to: &DataType, unlimited: i64) -> bool {
    match (length(from, unlimited), length(to, unlimited)) {
        (Some(from), Some(to)) => from <= to,
        _ => false,
    }
}

/// More digits at the same scale, or no limit at all.
fn numeric_widens(from: &DataType, to: &DataType) -> bool {
    let parts = |data_type: &DataType| -> Option<(i64, i64)> {
        match &*data_type.modifiers {
            [precision] => Some((precision.parse().ok()?, 0)),
            [precision, scale] => Some((precision.parse().ok()?, scale.parse().ok()?)),
            _ => None,
        }
    };
    match (parts(from), parts(to)) {
        (_, None) => to.modifiers.is_empty(),
        (Some((precision, scale)), Some((new_precision, new_scale))) => {
            scale == new_scale && precision <= new_precision
        }
        (None, Some(_)) => false,
    }
}

fn rebuilds(change: &Change, index: &Index, column: &ObjectId) -> bool {
    rebuilds_keys(change, index.keys.iter(), index.predicate.as_ref(), column)
        || index.parent.is_some() && index.keys.iter().any(|key| refers_to(&key.expression, column))
}

/// An expression or a predicate over the column is compiled for its type; a plain key only has an order.
fn rebuilds_keys<'a>(
    change: &Change,
    mut keys: impl Iterator<Item = &'a IndexKey>,
    predicate: Option<&Template>,
    column: &ObjectId,
) -> bool {
    predicate.is_some_and(|predicate| refers_to(predicate, column))
        || keys.any(|key| {
            refers_to(&key.expression, column)
                && (key.expression.as_column().is_none() || key.collation.is_none() && change.reorders(None))
        })
}

/// Whether a partition has an index over the column that belongs to one of its parent.
fn has_attached_index(lowering: &Lowering<'_>, table: &ObjectId, column: &ObjectId) -> bool {
    lowering.surroundings.descendants(table).iter().any(|partition| {
        lowering
            .pair
            .from
            .parts(partition)
            .any(|(_, entry)| match &entry.object {
                Object::Index(index) => {
                    index.parent.is_some()
                        && index.keys.iter().any(|key| {
                            key.expression
                                .references()
                                .any(|id| id.last_name() == column.last_name())
                        })
                }
                Object::Constraint(constraint) => match &constraint.kind {
                    ConstraintKind::Key(key) => {
                        constraint.parent.is_some() && key.columns.iter().any(|id| id.last_name() == column.last_name())
                    }
                    ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
                },
                _ => false,
            })
    })
}

/// Whether a child or partition has an index of its own that is built anew, or a check of its own that is verified anew.
fn has_own_work(lowering: &Lowering<'_>, change: &Change, table: &ObjectId, column: &ObjectId) -> bool {
    lowering.surroundings.descendants(table).iter().any(|child| {
        let Some(name) = child.qualified_name() else {
            return false;
        };
        let own = ObjectId::Column(name.clone(), column.last_name());
        lowering.pair.from.parts(child).any(|(_, entry)| match &entry.object {
            Object::Index(index) => rebuilds(change, index, &own),
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Check { expression, .. } => {
                    constraint.inheritance == Inheritance::Local
                        && constraint.validation == Validation::Valid
                        && refers_to(expression, &own)
                }
                ConstraintKind::Key(key) => key.columns.contains(&own) && change.reorders(None),
                ConstraintKind::Exclude(_) => true,
                ConstraintKind::ForeignKey(_) => false,
            },
            _ => false,
        })
    })
}

fn refers_to(template: &Template, column: &ObjectId) -> bool {
    template.references().any(|id| id == column)
}
