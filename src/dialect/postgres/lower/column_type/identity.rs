//! An identity whose column changes its type: the server gives the sequence the column's type, and refuses bounds that
//! the type does not hold.

use super::super::sequence;
use crate::catalog::sequence::SequenceOptions;
use crate::catalog::table::{Column, Identity};
use crate::catalog::{DataType, ObjectId};
use crate::dialect::postgres::action::TableForm;
use crate::pair::Pair;

/// Whether the identity's difference is made with the type: its options and ALWAYS or BY DEFAULT, nothing else.
pub(super) fn follows(columns: Pair<&Column>) -> bool {
    match (&columns.from.identity, &columns.to.identity) {
        (Some(from), Some(to)) => {
            let expected = Identity {
                options: to.options.clone(),
                generation: to.generation,
                ..(**from).clone()
            };
            expected == **to
        }
        (None, _) | (_, None) => false,
    }
}

/// The changes of the identity that stand before and after the change of the type.
pub(super) fn around(id: &ObjectId, columns: Pair<&Column>) -> (Option<TableForm>, Option<TableForm>) {
    let (Some(from), Some(to)) = (&columns.from.identity, &columns.to.identity) else {
        return (None, None);
    };
    if !follows(columns) {
        return (None, None);
    }
    let generation = (from.generation != to.generation).then_some(to.generation);
    let form = |from: &SequenceOptions, to: &SequenceOptions| {
        let options = sequence::forms(from, to);
        (generation.is_some() || !options.is_empty()).then(|| TableForm::SetIdentity {
            id: id.clone(),
            generation,
            options,
        })
    };
    let (old, new) = (bounds(&from.options.data_type), bounds(&to.options.data_type));
    if new.to < old.to {
        // A smaller type takes the sequence only when its bounds fit already.
        let target = SequenceOptions {
            data_type: from.options.data_type.clone(),
            ..to.options.clone()
        };
        return (form(&from.options, &target), None);
    }
    // A bound that was the old type's becomes the new one's (`init_params` in `sequence.c`).
    let mut carried = from.options.clone();
    carried.data_type = to.options.data_type.clone();
    if carried.minimum == old.from {
        carried.minimum = new.from;
    }
    if carried.maximum == old.to {
        carried.maximum = new.to;
    }
    (None, form(&carried, &to.options))
}

/// The least and the greatest value of a sequence's type.
fn bounds(data_type: &DataType) -> Pair<i64> {
    match data_type.name.name.as_str() {
        "int2" => Pair::new(i64::from(i16::MIN), i64::from(i16::MAX)),
        "int4" => Pair::new(i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => Pair::new(i64::MIN, i64::MAX),
    }
}
