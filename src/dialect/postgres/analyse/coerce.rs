//! Values brought to a type: the casts that the server writes where the text had none.
//!
//! Knows which implicit casts the server's deparser shows (`coerce_type`, `select_common_type`, `get_rule_expr`), and how
//! a literal that has found its type is written (`get_const_expr`). Without a known type nothing is changed.

use super::fragment::{Fragment, Shape, Writer};
use super::typing::{Fit, TypeFacts, pseudo, same};
use super::{Analyser, value};
use crate::catalog::DataType;
use crate::dialect::postgres::value::doubt;

/// `ARRAY[…]` of elements that are brought to one type, with the type of the array.
pub(super) fn array_of(elements: Vec<Fragment>, data_type: Option<DataType>) -> Fragment {
    let mut writer = Writer::with("ARRAY[");
    writer.list(", ", &elements).text("]");
    let mut array = writer.closed().typed(data_type);
    array.elements = Some(elements);
    array
}

impl Analyser<'_> {
    /// A value where `target` is wanted, an implicit cast shown as the server shows it for an operand.
    pub(super) fn coerced(&self, fragment: Fragment, target: &DataType) -> Fragment {
        if fragment.untyped {
            return self.typed_literal(&fragment, target);
        }
        if fragment.elements.is_some()
            && self.element_type(target).is_some()
            && fragment.data_type.as_ref().is_some_and(|given| !same(given, target))
        {
            // The server coerces the array as a whole and shows that as `(ARRAY[…])::type[]`, which it would not store
            // again: a cast that is written there becomes one of each element (`transformTypeCast`). What stands around
            // the array decides the same way when it is read anew, so the cast is not written.
            return fragment.typed(Some(target.without_modifiers()));
        }
        match &fragment.data_type {
            Some(given)
                if pseudo(target).is_none() && !same(given, target) && self.fit(given, target) == Fit::Coerced =>
            {
                self.cast_to(&fragment, target.without_modifiers())
            }
            _ => fragment,
        }
    }

    /// A value at a place that takes any type and where an implicit cast is not shown: a default, a condition.
    pub(super) fn assigned(&self, fragment: Fragment, target: &DataType) -> Fragment {
        if fragment.untyped {
            return self.typed_literal(&fragment, target);
        }
        fragment
    }

    /// A value whose type nothing decides: a literal becomes `text` (`resolveTargetListUnknowns`).
    pub(super) fn settled(&self, fragment: Fragment) -> Fragment {
        if fragment.untyped {
            return self.typed_literal(&fragment, &DataType::system("text"));
        }
        fragment
    }

    /// An untyped literal that has found its type. One of a domain's type is first of the type under the domain.
    pub(super) fn typed_literal(&self, fragment: &Fragment, target: &DataType) -> Fragment {
        let base = self.base_type(target);
        let Some(text) = &fragment.text else {
            // NULL of a domain keeps the domain for the checks only.
            let mut writer = Writer::with("NULL::");
            self.write_type(&mut writer, &base);
            return writer.closed().typed(Some(base));
        };
        if let Ok(Some(named)) = self.name_constant(text, &base, -1) {
            return named;
        }
        let typed = self.constant_of(text, &base);
        typed.typed(Some(target.without_modifiers()))
    }

    /// A constant of a type, written as the server writes it.
    pub(super) fn constant_of(&self, text: &str, data_type: &DataType) -> Fragment {
        let mut writer = Writer::default();
        let shown = if data_type.is_system("interval") && !data_type.modifiers.is_empty() {
            value::as_written(text)
        } else {
            value::canonical(text, data_type, self.zone)
        };
        if let Some(doubt) = doubt(text, data_type, self.zone) {
            writer.doubt(doubt);
        }
        let plain = match shown.form {
            value::Form::Bare => {
                writer.text(&shown.text);
                true
            }
            value::Form::Quoted => {
                writer.literal(&shown.text).text("::");
                self.write_type(&mut writer, &data_type.without_modifiers());
                false
            }
        };
        let shape = if plain { Shape::Literal } else { Shape::Closed };
        let mut fragment = Fragment::new(writer.finish(), shape).typed(Some(data_type.clone()));
        fragment.constant = Some(shown);
        fragment
    }

    /// The type that values of several types come to (`select_common_type`); `None` when one is not known.
    pub(super) fn common_type(&self, fragments: &[Fragment]) -> Option<DataType> {
        if fragments
            .iter()
            .any(|fragment| fragment.data_type.is_none() && !fragment.untyped)
        {
            return None;
        }
        let known: Vec<DataType> = fragments
            .iter()
            .filter_map(|fragment| fragment.data_type.clone())
            .collect();
        if known.is_empty() {
            return (!fragments.is_empty()).then(|| DataType::system("text"));
        }
        // Where all are the very same type the modifiers stay.
        if known.len() == fragments.len() && known.iter().all(|other| other == &known[0]) {
            return Some(known[0].clone());
        }
        self.common_of(&known)
    }

    /// The common type of known types.
    pub(super) fn common_of(&self, types: &[DataType]) -> Option<DataType> {
        let first = types.first()?;
        if types.iter().all(|other| same(other, first)) {
            return Some(first.without_modifiers());
        }
        let bases: Vec<DataType> = types.iter().map(|data_type| self.base_type(data_type)).collect();
        let facts: Option<Vec<TypeFacts>> = bases.iter().map(|data_type| self.facts(data_type)).collect();
        let facts = facts?;
        let mut best = 0;
        for index in 1..bases.len() {
            if same(&bases[index], &bases[best]) {
                continue;
            }
            if facts[index].category != facts[best].category {
                return None;
            }
            let forth = self.fit(&bases[best], &bases[index]) != Fit::No;
            let back = self.fit(&bases[index], &bases[best]) != Fit::No;
            if !facts[best].preferred && forth && !back {
                best = index;
            }
        }
        Some(bases[best].clone())
    }

    /// Values brought to their common type, with that type; as they are when it is not known.
    pub(super) fn harmonised(&self, fragments: Vec<Fragment>) -> (Vec<Fragment>, Option<DataType>) {
        match self.common_type(&fragments) {
            Some(common) => {
                let coerced = fragments
                    .into_iter()
                    .map(|fragment| self.coerced(fragment, &common))
                    .collect();
                (coerced, Some(common))
            }
            None => (fragments, None),
        }
    }
}
