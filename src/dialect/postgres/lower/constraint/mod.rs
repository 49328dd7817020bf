//! Constraints of tables that stay: which pattern makes which difference.

mod change;
mod check;
pub(super) mod check_anew;
mod exclude;
mod foreign_key;
mod key;
mod partitioned_foreign_key;
mod partitioned_key;
pub(super) mod rebind;
pub(super) mod takeover;

use super::build::rung;
use super::column::not_null_rungs;
use super::facts::{self, Care, SideOf};
use super::lowering::Lowering;
use super::{Lowered, built, create, drop as dropping, make};
use crate::catalog::ObjectId;
use crate::catalog::constraint::{Constraint, ConstraintKind, ForeignKey, Key, KeyKind, ReferentialAction};
use crate::catalog::table::{Inheritance, Validation};
use crate::dialect::postgres::action::RowWork;
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, Rung, State, Statement};

/// A new constraint.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(constraint) = facts::constraint(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    if create::whole_is_created(lowering, id) {
        return on_new_table(lowering, id, constraint);
    }
    if constraint.inheritance == Inheritance::Inherited || constraint.parent.is_some() {
        // It comes with the parent's, or is there when the partition is attached.
        return Ok(Vec::new());
    }
    match &constraint.kind {
        ConstraintKind::Check { .. } => check::add(lowering, id, constraint),
        ConstraintKind::ForeignKey(key) => foreign_key::add(lowering, id, constraint, key),
        ConstraintKind::Key(key) => key::add(lowering, id, constraint, key),
        ConstraintKind::Exclude(_) => exclude::add(lowering, id, constraint),
    }
}

/// The rungs of a constraint that a table must have to become a partition, as if it were the table's own.
pub(super) fn demanded(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Rung>> {
    let Some(constraint) = facts::constraint(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    let own = Constraint {
        inheritance: Inheritance::Local,
        parent: None,
        ..constraint.clone()
    };
    match &own.kind {
        ConstraintKind::Check { .. } => Ok(check::rungs(lowering, id, &own, Phase::Enforce)),
        ConstraintKind::ForeignKey(key) => Ok(foreign_key::rungs(lowering, id, &own, key, Phase::Enforce)),
        ConstraintKind::Key(key) if !facts::is_partitioned(lowering.pair.to, &facts::relation(id)) => {
            key::rungs(lowering, id, &own, key)
        }
        ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
            Err(lowering.no_pattern(id, "what a table needs to become a partition,"))
        }
    }
}

/// A constraint that goes.
///
/// | kind | statement | lock | phase | undone by |
/// |---|---|---|---|---|
/// | check, foreign key that only forbids | DROP CONSTRAINT: the new application may break it | ACCESS EXCLUSIVE, catalog only | expand | ADD CONSTRAINT |
/// | key that foreign keys go by | see `takeover` | | | |
/// | foreign key that acts, key, exclusion | DROP CONSTRAINT: the old application may rely on it (ON DELETE, ON CONFLICT) | ACCESS EXCLUSIVE, catalog only | contract | ADD CONSTRAINT |
pub(super) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(constraint) = facts::constraint(lowering.pair.from, id) else {
        return Ok(Vec::new());
    };
    let goes_with_table = dropping::goes_with_whole(lowering, id);
    if let ConstraintKind::Key(key) = &constraint.kind
        && takeover::has_successor(lowering, id, key)
    {
        // The new key takes it away, together with what is bound to it.
        return Ok(Vec::new());
    }
    if constraint.inheritance == Inheritance::Inherited && !goes_with_table {
        return Ok(Vec::new());
    }
    let phase = match &constraint.kind {
        _ if goes_with_table => Phase::Contract,
        ConstraintKind::Check { .. } => Phase::Expand,
        ConstraintKind::ForeignKey(key) => {
            let acts = |action: ReferentialAction| match action {
                ReferentialAction::NoAction | ReferentialAction::Restrict => false,
                ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => true,
            };
            if acts(key.on_delete) || acts(key.on_update) || dropping::goes(lowering, &key.table) {
                Phase::Contract
            } else {
                Phase::Expand
            }
        }
        ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => Phase::Contract,
    };
    let mut up = make::undo(lowering, lowering.pair.from, id);
    if let ConstraintKind::ForeignKey(key) = &constraint.kind {
        let freed = keys_behind(lowering, key);
        up.iter_mut()
            .for_each(|statement| statement.releases.extend(freed.iter().cloned()));
    }
    let mut down = make::statements(lowering, lowering.pair.from, id)?;
    let mut later: Vec<Rung> = Vec::new();
    for (own, wanted) in partitioned_foreign_key::apart(lowering, SideOf::To, SideOf::From, id) {
        // It goes with the partitioned table's, of which it is a part, and is to stay.
        let not_valid = Constraint {
            validation: Validation::NotValid,
            ..wanted.clone()
        };
        up.extend(partitioned_foreign_key::alone(
            lowering,
            lowering.pair.to,
            &own,
            &not_valid,
        ));
        if wanted.validation == Validation::Valid {
            let mut step = check::validated(lowering, &own, &wanted);
            step.phase = phase;
            later.push(step);
        }
    }
    if let ConstraintKind::Key(key) = &constraint.kind {
        let (after, before) = nullable_again(lowering, key);
        up.extend(after);
        down.splice(0..0, before);
        later.extend(rebind::bind_anew(lowering, key, phase, &mut up, &mut down));
    }
    let why = match phase {
        Phase::Expand => "the new application may write what it forbids, and the old one does not need it",
        Phase::Backfill | Phase::Enforce | Phase::Contract => {
            "the old application may rely on it until the new one is deployed"
        }
    };
    let mut steps = vec![rung(State::Absent, phase, up, down)];
    steps.extend(later);
    built(
        id,
        Ladder::new(id.clone(), format!("{} is dropped", describe(id)), why, steps),
    )
}

/// The keys and unique indexes that a foreign key may go by: they can go only after it.
fn keys_behind(lowering: &Lowering<'_>, key: &ForeignKey) -> Vec<ObjectId> {
    let catalog = lowering.pair.from;
    let is_behind = |part: &&ObjectId| match (facts::constraint(catalog, part), facts::index(catalog, part)) {
        (Some(constraint), _) => match &constraint.kind {
            ConstraintKind::Key(other) => key.referenced.iter().all(|column| other.columns.contains(column)),
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
        },
        (None, Some(index)) => {
            let columns = facts::columns_of_index(index);
            key.referenced.iter().all(|column| columns.contains(column))
        }
        (None, None) => false,
    };
    let parts: Vec<&ObjectId> = catalog.parts(&key.table).map(|(part, _)| part).collect();
    parts.into_iter().filter(|part| is_behind(part)).cloned().collect()
}

/// A constraint that differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (
        facts::constraint(lowering.pair.from, id),
        facts::constraint(lowering.pair.to, id),
    ) else {
        return Ok(Vec::new());
    };
    if to.inheritance == Inheritance::Inherited {
        return Ok(Vec::new());
    }
    change::alter(lowering, id, from, to, attributes)
}

/// On a new table a constraint is valid at once: there are no rows.
fn on_new_table(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint) -> Lowered<Vec<Ladder>> {
    if constraint.parent.is_some() || constraint.inheritance == Inheritance::Inherited {
        // ATTACH PARTITION makes it, or the parent's.
        return Ok(Vec::new());
    }
    let up = make::statements(lowering, lowering.pair.to, id)?;
    let down = make::undo(lowering, lowering.pair.to, id);
    let why = "the table is new, so there are no rows to check";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} is added", describe(id)),
            why,
            vec![rung(State::Public, Phase::Expand, up, down)],
        ),
    )
}

/// The phase in which a constraint over columns may first be enforced: the old application cannot break one over columns
/// that it does not write, unless their old rows wait for a backfill.
fn first_phase(lowering: &Lowering<'_>, columns: &[ObjectId]) -> Phase {
    let new = |column: &ObjectId| lowering.is_created(column) && !lowering.intent.backfills.contains_key(column);
    if columns.iter().all(new) {
        Phase::Expand
    } else {
        Phase::Enforce
    }
}

/// Whether any of the columns gets the values of its old rows in the backfill phase.
pub(super) fn waits_for_backfill(lowering: &Lowering<'_>, columns: &[ObjectId]) -> bool {
    columns.iter().any(|column| {
        let by_default = || {
            facts::default_of(lowering.pair.to, column)
                .is_some_and(|default| super::volatility::is_volatile(lowering.pair.to, &default.expression))
        };
        let numbered = || facts::column(lowering.pair.to, column).is_some_and(|column| column.identity.is_some());
        let online = lowering.care(&facts::relation(column)) == Care::Online;
        lowering.intent.backfills.contains_key(column)
            || (lowering.is_created(column) && online && (by_default() || numbered()))
    })
}

/// Primary keys leave NOT NULL behind: for columns that are wanted nullable, what follows the DROP and what precedes the
/// ADD of the way back.
fn nullable_again(lowering: &Lowering<'_>, key: &Key) -> (Vec<Statement>, Vec<Statement>) {
    let (mut after, mut before) = (Vec::new(), Vec::new());
    if key.kind != KeyKind::Primary {
        return (after, before);
    }
    for column in &key.columns {
        let wanted = |side| facts::column(lowering.catalog(side), column).map(|column| column.not_null.as_ref());
        if let (Some(Some(old)), Some(None)) = (wanted(SideOf::From), wanted(SideOf::To)) {
            after.extend(super::column::nullable(lowering, SideOf::To, column));
            before.push(super::column::set_not_null(lowering, column, old, RowWork::Scan));
        }
    }
    (after, before)
}

/// The rungs that make the columns of a new primary key NOT NULL where they are not yet.
fn not_null_first(lowering: &Lowering<'_>, key: &Key) -> Vec<Rung> {
    if key.kind != KeyKind::Primary {
        return Vec::new();
    }
    let nullable =
        |column: &&ObjectId| facts::column(lowering.pair.from, column).is_none_or(|column| column.not_null.is_none());
    key.columns
        .iter()
        .filter(nullable)
        .flat_map(|column| not_null_rungs(lowering, column))
        .collect()
}
