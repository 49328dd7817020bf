//! Sequences.
//!
//! | difference | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | new, owned by a column | CREATE SEQUENCE; when the column is there, OWNED BY | ACCESS SHARE on the table | expand | OWNED BY NONE; DROP SEQUENCE |
//! | options | ALTER SEQUENCE | SHARE ROW EXCLUSIVE on the sequence | expand | the same backwards |
//! | owner column | OWNED BY | ACCESS SHARE on the table | expand | the same backwards |
//! | logged or not (15 and later) | SET LOGGED, SET UNLOGGED | ACCESS EXCLUSIVE on the sequence | expand | the same backwards |
//!
//! The position is kept. Only where no position of the old range lies in the new one does the sequence start anew.

use super::build::rung;
use super::column::identity_ends;
use super::lowering::Lowering;
use super::{Lowered, built, make, refuse};
use crate::catalog::sequence::{Sequence, SequenceOptions};
use crate::catalog::{Catalog, Object, ObjectId};
use crate::dialect::postgres::action::{Action, SequenceForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, State, Statement};

/// The first version that changes whether a sequence is logged.
const PERSISTENCE: u16 = 15;

/// A new sequence that a column owns: a serial column's, or one that is said to be.
pub(super) fn create(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(to) = sequence(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    let Some(column) = &to.owned_by else {
        return Ok(Vec::new());
    };
    // The sequence that follows an identity takes over its position, together with it.
    if identity_ends(lowering, column) {
        return Ok(Vec::new());
    }
    let made = rung(
        State::Present,
        Phase::Expand,
        make::statements(lowering, lowering.pair.to, id)?,
        make::undo(lowering, lowering.pair.to, id),
    );
    let owned = rung(
        State::Public,
        Phase::Expand,
        vec![owned_by(lowering, id, Some(column))],
        vec![owned_by(lowering, id, None)],
    );
    let why = "the column's default needs the sequence, and the sequence belongs to the column";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} is created", describe(id)),
            why,
            vec![made, owned],
        ),
    )
}

/// A sequence that differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (sequence(lowering.pair.from, id), sequence(lowering.pair.to, id)) else {
        return Ok(Vec::new());
    };
    let (mut up, mut down) = (Vec::new(), Vec::new());
    let mut apart = Vec::new();
    for attribute in attributes {
        match attribute {
            Attribute::SequenceOptions => {
                up.push(altered(lowering, id, forms(&from.options, &to.options)));
                down.push(altered(lowering, id, forms(&to.options, &from.options)));
            }
            Attribute::OwnedBy if changes_tables(from, to) => {
                // The old column's table may go before the new column is there.
                apart = vec![
                    rung(
                        State::Present,
                        Phase::Expand,
                        vec![owned_by(lowering, id, None)],
                        vec![owned_by(lowering, id, from.owned_by.as_ref())],
                    ),
                    rung(
                        State::Public,
                        Phase::Expand,
                        vec![owned_by(lowering, id, to.owned_by.as_ref())],
                        vec![owned_by(lowering, id, None)],
                    ),
                ];
            }
            Attribute::OwnedBy => {
                up.push(owned_by(lowering, id, to.owned_by.as_ref()));
                down.push(owned_by(lowering, id, from.owned_by.as_ref()));
            }
            Attribute::Persistence if lowering.options.version >= PERSISTENCE => {
                up.push(altered(lowering, id, vec![SequenceForm::Persistence(to.persistence)]));
                down.push(altered(lowering, id, vec![SequenceForm::Persistence(from.persistence)]));
            }
            Attribute::Persistence => {
                let message = format!("servers before 15 cannot change whether {} is logged", describe(id));
                let hint = "Drop the sequence and create it anew in a migration of your own.";
                return Err(refuse::unsupported(lowering, id, message, hint));
            }
            other => return Err(lowering.no_pattern(id, &format!("a change of {other:?}"))),
        }
    }
    down.reverse();
    let mut steps = Vec::new();
    if !up.is_empty() {
        steps.push(rung(State::Public, Phase::Expand, up, down));
    }
    steps.extend(apart);
    let why = "the sequence changes in place and keeps its position";
    built(
        id,
        Ladder::new(id.clone(), format!("{} changes", describe(id)), why, steps),
    )
}

/// Whether a sequence passes from one column to another.
fn changes_tables(from: &Sequence, to: &Sequence) -> bool {
    from.owned_by.is_some() && to.owned_by.is_some()
}

/// The forms of ALTER SEQUENCE that lead from one set of options to another. Bounds are said whenever the type changes,
/// because the server moves bounds that are the old type's own.
pub(super) fn forms(from: &SequenceOptions, to: &SequenceOptions) -> Vec<SequenceForm> {
    let retyped = from.data_type != to.data_type;
    let mut forms = Vec::new();
    if retyped {
        forms.push(SequenceForm::DataType(to.data_type.clone()));
    }
    if from.increment != to.increment {
        forms.push(SequenceForm::Increment(to.increment));
    }
    if retyped || from.minimum != to.minimum {
        forms.push(SequenceForm::Minimum(to.minimum));
    }
    if retyped || from.maximum != to.maximum {
        forms.push(SequenceForm::Maximum(to.maximum));
    }
    if from.start != to.start {
        forms.push(SequenceForm::Start(to.start));
    }
    if to.minimum > from.maximum || to.maximum < from.minimum {
        forms.push(SequenceForm::Restart(to.start));
    }
    if from.cache != to.cache {
        forms.push(SequenceForm::Cache(to.cache));
    }
    if from.cycle != to.cycle {
        forms.push(SequenceForm::Cycle(to.cycle));
    }
    forms
}

fn sequence<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Sequence> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Sequence(sequence)) => Some(sequence),
        _ => None,
    }
}

fn altered(lowering: &Lowering<'_>, id: &ObjectId, forms: Vec<SequenceForm>) -> Statement {
    let sequence = id.clone();
    lowering.statement(
        Action::AlterSequence { sequence, forms },
        format!("{} gives its numbers in another way.", describe(id)),
    )
}

/// `ALTER SEQUENCE … OWNED BY`.
pub(super) fn owned_by(lowering: &Lowering<'_>, id: &ObjectId, column: Option<&ObjectId>) -> Statement {
    let comment = match column {
        Some(column) => format!("{} goes away with {}.", describe(id), describe(column)),
        None => format!("{} stands by itself.", describe(id)),
    };
    lowering.statement(
        Action::SetOwnedBy {
            sequence: id.clone(),
            column: column.cloned(),
        },
        comment,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::DataType;
    use crate::catalog::sequence::Cycle;

    fn options(data_type: &str, minimum: i64, maximum: i64) -> SequenceOptions {
        SequenceOptions {
            data_type: DataType::system(data_type),
            start: minimum,
            increment: 1,
            minimum,
            maximum,
            cache: 1,
            cycle: Cycle::NoCycle,
        }
    }

    #[test]
    fn a_wider_type_says_its_bounds_and_keeps_the_position() {
        let forms = forms(&options("int4", 1, 2_147_483_647), &options("int8", 1, i64::MAX));
        assert_eq!(
            forms,
            [
                SequenceForm::DataType(DataType::system("int8")),
                SequenceForm::Minimum(1),
                SequenceForm::Maximum(i64::MAX)
            ]
        );
    }

    #[test]
    fn a_range_apart_from_the_old_one_starts_anew() {
        let forms = forms(&options("int8", 1, 10), &options("int8", 100, 200));
        assert!(forms.contains(&SequenceForm::Restart(100)));
    }
}
