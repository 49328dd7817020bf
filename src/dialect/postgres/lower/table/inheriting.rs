//! New tables with parents, and constraints of a new table that its children have in another form.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | CREATE TABLE; ALTER COLUMN … DROP DEFAULT where the parent has a default and the child none | none, the table is new | expand | DROP TABLE |
//! | Enforced | ADD CONSTRAINT … NOT VALID, when the children that have it so are there and before those that have it valid | none, the tables are new | expand | DROP CONSTRAINT |
//!
//! A child that is made after its parent's constraint has it valid, whatever the parent's is, since it holds no row
//! (measured on 18); one that is there before has it as the parent has it. So the order says which is which.

use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{Inherit, Inheritance, NotNull, Validation};
use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::dialect::postgres::action::TableForm;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::pair::Pair;
use crate::plan::{Phase, Rung, State, Statement};

/// The defaults that a new table has from its parents and is wanted without.
pub(in crate::dialect::postgres::lower) fn without_defaults(
    lowering: &Lowering<'_>,
    catalog: &Catalog,
    id: &ObjectId,
) -> Vec<Statement> {
    let Some(table) = facts::table(catalog, id) else {
        return Vec::new();
    };
    let has_default = |column: &ObjectId| facts::default_of(catalog, column).is_some();
    let in_parent = |name: &crate::catalog::Ident| {
        let mut parents = table.inherits.iter().filter_map(ObjectId::qualified_name);
        parents.any(|parent| has_default(&ObjectId::Column(parent.clone(), name.clone())))
    };
    let columns = catalog.parts(id).filter(|(_, entry)| match &entry.object {
        Object::Column(column) => column.inheritance != Inheritance::Local && column.generated.is_none(),
        _ => false,
    });
    columns
        .filter(|(column, _)| !has_default(column) && in_parent(&column.last_name()))
        .map(|(column, _)| {
            lowering.alter_table(
                id,
                TableForm::DropDefault(column.clone()),
                format!("{} has no default, unlike its parent's.", describe(column)),
            )
        })
        .collect()
}

/// Whether a column has NOT NULL from parents that its table gets with INHERIT only, which demands it beforehand.
pub(in crate::dialect::postgres::lower) fn is_of_other_parents(id: &ObjectId, pair: Pair<&Catalog>) -> bool {
    let table = facts::relation(id);
    let (Some(from), Some(to)) = (facts::table(pair.from, &table), facts::table(pair.to, &table)) else {
        return false;
    };
    let gives = |parent: &&ObjectId| {
        let name = parent.qualified_name();
        let column = name.map(|name| ObjectId::Column(name.clone(), id.last_name()));
        column
            .and_then(|column| facts::column(pair.to, &column))
            .is_some_and(|column| column.not_null.is_some())
    };
    let mut parents = to.inherits.iter().filter(gives).peekable();
    parents.peek().is_some() && parents.all(|parent| !from.inherits.contains(parent))
}

/// Whether a table is made before a constraint of one above it is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    TableFirst,
    ConstraintFirst,
    Either,
}

/// A constraint of a table that is not valid, and that tables below it have too.
enum NotValid<'a> {
    Check(&'a ObjectId, &'a Constraint),
    NotNull(&'a ObjectId, &'a NotNull),
}

impl NotValid<'_> {
    /// Which of the two comes first, this constraint or a table below that has it from here; either where it has one of
    /// its own as well, or none.
    fn order(&self, catalog: &Catalog, table: &ObjectId) -> Order {
        let Some(name) = table.qualified_name() else {
            return Order::Either;
        };
        let (inheritance, validation, same_name) = match self {
            NotValid::Check(id, _) => {
                match facts::constraint(catalog, &ObjectId::Constraint(name.clone(), id.last_name())) {
                    Some(below) => (below.inheritance, below.validation, true),
                    None => return Order::Either,
                }
            }
            NotValid::NotNull(id, above) => {
                let column = facts::column(catalog, &ObjectId::Column(name.clone(), id.last_name()));
                match column.and_then(|column| column.not_null.as_ref()) {
                    Some(below) => (below.inheritance, below.validation, below.name == above.name),
                    None => return Order::Either,
                }
            }
        };
        match (inheritance, validation) {
            (Inheritance::Local, _) => Order::Either,
            (_, Validation::NotValid) => Order::TableFirst,
            // A NOT NULL that comes from two parents bears the name of the first that gave it.
            (Inheritance::Inherited, Validation::Valid) if !same_name => Order::TableFirst,
            (Inheritance::Inherited, Validation::Valid) => Order::ConstraintFirst,
            (Inheritance::Merged, Validation::Valid) | (_, Validation::NotEnforced) => Order::Either,
        }
    }

    fn id(&self) -> Option<ObjectId> {
        match self {
            NotValid::Check(id, _) => Some((*id).clone()),
            NotValid::NotNull(id, not_null) => {
                let table = id.qualified_name()?;
                Some(ObjectId::Constraint(table.clone(), not_null.name.clone()))
            }
        }
    }
}

/// Whether a part of a table is a constraint that is added by [`not_valid`] and not with the table.
pub(in crate::dialect::postgres::lower) fn is_added_later(
    lowering: &Lowering<'_>,
    catalog: &Catalog,
    part: &ObjectId,
    entry: &Entry,
) -> bool {
    let Some(table) = part.parent() else { return false };
    is_not_valid(part, entry).is_some() && !inheriting(lowering, catalog, &table).is_empty()
}

fn is_not_valid<'a>(id: &'a ObjectId, entry: &'a Entry) -> Option<NotValid<'a>> {
    match &entry.object {
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Check {
                inherit: Inherit::Inherit,
                ..
            } if constraint.validation == Validation::NotValid && constraint.inheritance != Inheritance::Inherited => {
                Some(NotValid::Check(id, constraint))
            }
            ConstraintKind::Check { .. }
            | ConstraintKind::Key(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Exclude(_) => None,
        },
        Object::Column(column) => column
            .not_null
            .as_ref()
            .filter(|not_null| {
                not_null.validation == Validation::NotValid
                    && not_null.inherit == Inherit::Inherit
                    && not_null.inheritance != Inheritance::Inherited
            })
            .map(|not_null| NotValid::NotNull(id, not_null)),
        _ => None,
    }
}

/// The tables below that inherit; partitions are attached when they have all that their table has.
fn inheriting(lowering: &Lowering<'_>, catalog: &Catalog, table: &ObjectId) -> Vec<ObjectId> {
    let below = lowering.surroundings.descendants(table).into_iter();
    below
        .filter(|child| facts::table(catalog, child).is_some_and(|child| !child.inherits.is_empty()))
        .collect()
}

/// The rung of a new table's constraints that are not valid and that tables below have too; none for most tables.
pub(in crate::dialect::postgres::lower) fn not_valid(
    lowering: &Lowering<'_>,
    catalog: &Catalog,
    table: &ObjectId,
) -> Option<Rung> {
    let below = inheriting(lowering, catalog, table);
    if below.is_empty() {
        return None;
    }
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for (part, entry) in catalog.parts(table) {
        let Some(found) = is_not_valid(part, entry) else {
            continue;
        };
        let mut add = match found {
            NotValid::Check(id, constraint) => {
                lowering.add_constraint(id, constraint, format!("{} holds for new rows.", describe(id)))
            }
            NotValid::NotNull(id, not_null) => lowering.alter_table(
                table,
                TableForm::AddNotNull(id.clone(), not_null.clone()),
                format!("New rows have a value in {}.", describe(id)),
            ),
        };
        let mut drop = match found {
            NotValid::Check(id, constraint) => {
                lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))
            }
            NotValid::NotNull(id, _) => lowering.alter_table(
                table,
                TableForm::DropNotNull(id.clone()),
                format!("{} may be null.", describe(id)),
            ),
        };
        let before = below
            .iter()
            .filter(|child| found.order(catalog, child) == Order::TableFirst);
        for child in before {
            add.requires.push(child.clone());
            drop.requires.push(child.clone());
        }
        up.push(add);
        down.insert(0, drop);
    }
    (!up.is_empty()).then(|| rung(State::Enforced, Phase::Expand, up, down))
}

/// The constraints above a table that are not valid where its own is: they are there before it.
pub(in crate::dialect::postgres::lower) fn there_before(
    lowering: &Lowering<'_>,
    catalog: &Catalog,
    table: &ObjectId,
) -> Vec<ObjectId> {
    let (mut waiting, mut found) = (vec![table.clone()], Vec::new());
    while let Some(current) = waiting.pop() {
        let Some(of) = facts::table(catalog, &current) else {
            continue;
        };
        for parent in &of.inherits {
            for (part, entry) in catalog.parts(parent) {
                if let Some(above) = is_not_valid(part, entry)
                    && above.order(catalog, table) == Order::ConstraintFirst
                    && lowering.has_no_rows(parent)
                {
                    found.extend(above.id());
                }
            }
            waiting.push(parent.clone());
        }
    }
    found
}
