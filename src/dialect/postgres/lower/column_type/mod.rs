//! A column that changes its type or collation: in place where that is a change of the catalog, through a second column
//! where it is not.
//!
//! Here: which way is taken. `classify` knows what the server would do, `cast` how values are converted, `direct` and
//! `second_column` are the two patterns.

mod cast;
mod classify;
mod direct;
mod identity;
mod second_column;
#[cfg(test)]
mod tests;

pub(super) use cast::{Conversion, Reach, Values, base, conversion};
pub(super) use second_column::{group, retyped_twins};

use super::lowering::Lowering;
use super::shadow::names::{Purpose, beside};
use super::{Lowered, column, refuse};
use crate::catalog::hashing::HashSet;
use crate::catalog::table::{Column, Inheritance};
use crate::catalog::{Catalog, DataType, Object, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::action::RowWork;
use crate::dialect::postgres::{describe, write};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Reversal};
use cast::{Context, context};
use direct::Direct;

/// The ladders of a column whose type or collation differs, its other attributes with it.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let Some(columns) = columns(lowering, id) else {
        return Ok(Vec::new());
    };
    if follows_parent(columns) {
        let rest = rest(columns, attributes);
        return if rest.is_empty() {
            Ok(Vec::new())
        } else {
            column::alter(lowering, id, &rest)
        };
    }
    if let Some(generated) = generated_from(lowering, id) {
        return Err(refuse::unsupported(
            lowering,
            id,
            format!(
                "the type of {} cannot be changed while {} is generated from it",
                describe(id),
                describe(&generated)
            ),
            "PostgreSQL refuses it. Drop the generated column in one plan and add it again in another.",
        ));
    }
    warn_of_what_a_time_does_not_say(lowering, id, columns);
    match way(lowering, id, columns) {
        Way::SecondColumn => second_column::ladders(lowering, id),
        Way::Direct => {
            let said = lowering.intent.conversions.contains_key(id);
            if !(said || is_foreign(lowering, id)) {
                // Without a cast the server would refuse the statement.
                conversion(lowering, id, id)?;
            }
            let mut ladders = direct::ladder(lowering, &in_place(lowering, id, columns))?;
            let rest = rest(columns, attributes);
            if !rest.is_empty() {
                ladders.extend(column::alter(lowering, id, &rest)?);
            }
            Ok(ladders)
        }
    }
}

/// The objects besides columns whose differences the change of a type makes itself.
pub(super) fn claims(lowering: &Lowering<'_>) -> HashSet<ObjectId> {
    let mut claims = HashSet::default();
    for (id, attributes) in lowering.all_altered() {
        let found = columns(lowering, id).filter(|columns| changes_type(attributes) && !follows_parent(*columns));
        let Some(columns) = found else {
            continue;
        };
        match way(lowering, id, columns) {
            Way::Direct => {
                let direct = in_place(lowering, id, columns);
                let checks = direct::checks(lowering, &direct);
                claims.extend(checks.into_iter().map(|check| check.to.0));
                claims.extend(direct::default_to_settle(lowering, id, columns));
                claims.extend(direct::indexes_anew(lowering, id));
            }
            // See `shadow::claims`.
            Way::SecondColumn => {}
        }
    }
    claims
}

/// The columns that change through a second column, in the order of the catalog.
fn through_second_column(lowering: &Lowering<'_>) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = lowering
        .all_altered()
        .filter(|(id, attributes)| {
            changes_type(attributes)
                && columns(lowering, id)
                    .is_some_and(|columns| !follows_parent(columns) && way(lowering, id, columns) == Way::SecondColumn)
        })
        .map(|(id, _)| id.clone())
        .collect();
    found.sort_by_key(|id| lowering.pair.to.position(id));
    found
}

/// Whether the column is a parent's: its type changes with the parent's, and cannot change by itself
/// (`ATPrepAlterColumnType`).
fn follows_parent(columns: Pair<&Column>) -> bool {
    let inherited = |column: &Column| match column.inheritance {
        Inheritance::Local => false,
        Inheritance::Inherited | Inheritance::Merged => true,
    };
    inherited(columns.from) && inherited(columns.to)
}

/// The name that the old column has beside the new one until the last phase, where the type changes so.
pub(super) fn old_beside(lowering: &Lowering<'_>, id: &ObjectId) -> Option<ObjectId> {
    let columns = columns(lowering, id)?;
    let changes = lowering.altered(id).is_some_and(changes_type) && !follows_parent(columns);
    (changes && way(lowering, id, columns) == Way::SecondColumn).then(|| beside(lowering, id, Purpose::Old))
}

/// Which pattern makes the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// In place.
    Direct,
    /// Through a second column.
    SecondColumn,
}

fn way(lowering: &Lowering<'_>, id: &ObjectId, columns: Pair<&Column>) -> Way {
    let table = id.parent();
    let may_rewrite = lowering.allows(Code::TableRewrite.name(), id)
        || table.is_some_and(|table| lowering.is_small(&table) || lowering.has_no_rows(&table));
    let said = lowering.intent.conversions.contains_key(id);
    let work = classify::work(lowering, id, columns.from, columns.to);
    // The rows of a foreign table are somewhere else.
    if is_foreign(lowering, id) || may_rewrite || !said && work.without_checks() == RowWork::CatalogOnly {
        Way::Direct
    } else {
        Way::SecondColumn
    }
}

/// A column that is generated from this one.
fn generated_from(lowering: &Lowering<'_>, id: &ObjectId) -> Option<ObjectId> {
    let hangers = lowering.pair.from.dependents_of(id);
    hangers.into_iter().find(|hanger| {
        let object = lowering.from(hanger).map(|entry| &entry.object);
        matches!(object, Some(Object::Column(column)) if column.generated.is_some())
    })
}

fn is_foreign(lowering: &Lowering<'_>, column: &ObjectId) -> bool {
    let table = column.parent();
    table.is_some_and(|table| {
        matches!(
            lowering.from(&table).map(|entry| &entry.object),
            Some(Object::Table(table)) if table.foreign.is_some()
        )
    })
}

/// What the pattern in place has to know.
fn in_place<'a>(lowering: &Lowering<'_>, id: &'a ObjectId, columns: Pair<&'a Column>) -> Direct<'a> {
    let mut work = classify::work(lowering, id, columns.from, columns.to);
    let mut work_back = classify::work(lowering, id, columns.to, columns.from);
    let catalogs = (lowering.pair.from, lowering.pair.to);
    let casts_by_itself = |from: &Column, to: &Column| {
        context(catalogs, &from.data_type, &to.data_type).is_some_and(|context| context >= Context::Assignment)
    };
    let said = lowering.intent.conversions.get(id).map(|said| &said.value);
    let cast = conversion(lowering, id, id).ok();
    let mut using = Pair::default();
    let mut reversal = Reversal::Exact;
    match (said, &cast) {
        (Some(said), _) => {
            (work.rows, work_back.rows) = (RowWork::Rewrite, RowWork::Rewrite);
            using.to = Some(said.using.clone());
            using.from = said.reverse.clone();
            reversal = match said.reverse {
                Some(_) => Reversal::LosesData(lost(id)),
                None => Reversal::Irreversible(format!("no way back is given for the values of {}", describe(id))),
            };
        }
        (None, Some(cast)) => {
            using.to = (!casts_by_itself(columns.from, columns.to)).then(|| cast.up.clone());
            using.from = (!casts_by_itself(columns.to, columns.from)).then(|| cast.down.clone());
            reversal = match cast.values {
                Values::Kept => Reversal::Exact,
                Values::Changed => Reversal::LosesData(lost(id)),
            };
        }
        // Refused before it comes to this, and nothing to convert in a foreign table.
        (None, None) => {}
    }
    if is_foreign(lowering, id) {
        (work.rows, work_back.rows) = (RowWork::CatalogOnly, RowWork::CatalogOnly);
        (using, reversal) = (Pair::default(), Reversal::Exact);
    }
    let why = match work.without_checks() {
        RowWork::CatalogOnly => "the server stores the values of both types alike: only its catalog changes",
        RowWork::Scan | RowWork::Rewrite => {
            "the table is known to be small, or may stand still: it is changed directly, under a lock"
        }
    };
    Direct {
        id,
        columns,
        work,
        work_back,
        using,
        reversal,
        why,
    }
}

/// What a way back by conversion does not restore.
pub(super) fn lost(id: &ObjectId) -> String {
    format!(
        "what the conversion of {} did not keep: its old values are computed from the new ones",
        describe(id)
    )
}

/// The other attributes, those aside that change with the type.
fn rest(columns: Pair<&Column>, attributes: &[Attribute]) -> Vec<Attribute> {
    let identity_follows = identity::follows(columns);
    attributes
        .iter()
        .copied()
        .filter(|attribute| !matches!(attribute, Attribute::DataType | Attribute::Collation))
        .filter(|attribute| !(identity_follows && *attribute == Attribute::Identity))
        .collect()
}

/// Whether a type is a domain that demands something of its values.
pub(super) fn demands(catalog: &Catalog, data_type: &DataType) -> bool {
    cast::base(catalog, data_type).demands
}

fn changes_type(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| matches!(attribute, Attribute::DataType | Attribute::Collation))
}

fn columns<'a>(lowering: &Lowering<'a>, id: &ObjectId) -> Option<Pair<&'a Column>> {
    match (&lowering.from(id)?.object, &lowering.to(id)?.object) {
        (Object::Column(from), Object::Column(to)) => Some(Pair { from, to }),
        _ => None,
    }
}

/// Nothing in a time says in which zone it was meant, and nothing in a time of day on which day.
fn warn_of_what_a_time_does_not_say(lowering: &Lowering<'_>, id: &ObjectId, columns: Pair<&Column>) {
    let (from, to) = (&columns.from.data_type, &columns.to.data_type);
    let changes_zone = from.is_system("timestamp") && to.is_system("timestamptz")
        || from.is_system("timestamptz") && to.is_system("timestamp");
    let said = if changes_zone {
        Some((
            "as times in UTC",
            "If they are meant in another zone, write \"-- underpin: using (… AT TIME ZONE '…') reverse (… AT TIME ZONE '…')\".",
        ))
    } else if cast::gains_date(from, to) {
        Some((
            "as times on 1970-01-01",
            "If they are meant on another day, write \"-- underpin: using (… + …) reverse (…::time)\".",
        ))
    } else {
        None
    };
    if let Some((how, hint)) = said
        && !lowering.intent.conversions.contains_key(id)
    {
        let diagnostic = Diagnostic::warning(
            Code::DataLoss,
            format!(
                "the values of {} are converted from {} to {} {how}",
                describe(id),
                write::data_type(from),
                write::data_type(to)
            ),
        )
        .hint(hint);
        lowering.say(match lowering.origins.get(id) {
            Some(span) => diagnostic.at(*span),
            None => diagnostic,
        });
    }
}
