//! A value that a CHECK accepts: a small evaluator of canonical expressions that answers true, false or "not known".
//!
//! Knows comparisons with constants, lengths, LIKE, lists, AND, OR, NOT, IS NULL over numbers, texts, byte strings and
//! enums. Whatever else stands in an expression is not known, and a value is taken only where the whole is known to be true.

use super::evaluate::{Value, is_true};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::template::Piece;
use crate::catalog::types::Type;
use crate::catalog::{Array, Catalog, DataType, Form, Object, ObjectId, Template, TemplateBuilder};
use crate::dialect::postgres::write;

/// The longest text that is made up to satisfy a length.
const LONGEST: usize = 1_000;

/// A value of a column's type that its checks accept; none where no value is known to be one.
pub(super) fn satisfying(catalog: &Catalog, column: &ObjectId, data_type: &DataType) -> Option<Template> {
    let relation = column.parent()?;
    let checks: Vec<&Template> = catalog
        .parts(&relation)
        .filter_map(|(_, entry)| match &entry.object {
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Check { expression, .. } => Some(expression),
                ConstraintKind::Key(_) | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => None,
            },
            _ => None,
        })
        .filter(|expression| expression.references().any(|reference| reference == column))
        .collect();
    let kind = Kind::of(catalog, data_type)?;
    let fits = |value: &Value| {
        kind.holds(value, data_type) && checks.iter().all(|expression| is_true(expression, column, value))
    };
    let value = candidates(&kind, &checks).into_iter().find(fits)?;
    written(&value, data_type)
}

/// What values of a type are to the evaluator.
enum Kind {
    /// Whole numbers between two bounds.
    Whole(i128, i128),
    /// Numbers of any kind.
    Number,
    /// Texts.
    Text,
    /// Byte strings.
    Bytes,
    /// The labels of an enum.
    Labels(Vec<String>),
}

impl Kind {
    fn of(catalog: &Catalog, data_type: &DataType) -> Option<Kind> {
        if data_type.array == Array::Array {
            return None;
        }
        if let Some(id) = data_type.reference() {
            let Object::Type(object) = &catalog.get(&id)?.object else {
                return None;
            };
            return match &**object {
                Type::Enum(labels) => Some(Kind::Labels(labels.iter().map(|label| label.to_string()).collect())),
                Type::Domain(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
            };
        }
        Some(match data_type.name.name.as_str() {
            "int2" => Kind::Whole(i128::from(i16::MIN), i128::from(i16::MAX)),
            "int4" => Kind::Whole(i128::from(i32::MIN), i128::from(i32::MAX)),
            "int8" => Kind::Whole(i128::from(i64::MIN), i128::from(i64::MAX)),
            "numeric" | "float8" => Kind::Number,
            "text" | "varchar" => Kind::Text,
            "bytea" => Kind::Bytes,
            _ => return None,
        })
    }

    /// Whether a value is one of the type, its modifiers heeded.
    fn holds(&self, value: &Value, data_type: &DataType) -> bool {
        let modifier = |position: usize| {
            data_type
                .modifiers
                .get(position)
                .and_then(|text| text.parse::<u32>().ok())
        };
        match (self, value) {
            (Kind::Whole(least, greatest), Value::Number(number)) => number
                .whole()
                .is_some_and(|number| (*least..=*greatest).contains(&number)),
            (Kind::Number, Value::Number(number)) => match modifier(0) {
                // Whole numbers with fewer digits than stand before the point are surely held.
                Some(precision) => {
                    let before = precision.saturating_sub(modifier(1).unwrap_or(0)).min(30);
                    number.whole().is_some_and(|number| number.abs() < 10_i128.pow(before))
                }
                None => true,
            },
            (Kind::Text, Value::Text(text)) => modifier(0).is_none_or(|most| text.chars().count() <= most as usize),
            (Kind::Bytes, Value::Bytes(_)) => true,
            (Kind::Labels(labels), Value::Text(text)) => labels.contains(text),
            _ => false,
        }
    }
}

/// Values worth a trial: the neutral one first, then what stands in the checks and its neighbours.
fn candidates(kind: &Kind, checks: &[&Template]) -> Vec<Value> {
    let mut numbers: Vec<i128> = vec![0, 1];
    let mut texts: Vec<String> = vec![String::new(), "-".to_owned()];
    for piece in checks.iter().flat_map(|expression| expression.pieces()) {
        if let Piece::Text(text) = piece {
            constants(text, &mut numbers, &mut texts);
        }
    }
    let near: Vec<i128> = numbers
        .iter()
        .flat_map(|number| [*number, number + 1, number - 1])
        .collect();
    let lengths = near
        .iter()
        .filter_map(|number| usize::try_from(*number).ok())
        .filter(|length| *length <= LONGEST);
    match kind {
        Kind::Whole(..) | Kind::Number => near.iter().map(|number| Value::whole(*number)).collect(),
        Kind::Text => {
            let made = lengths.map(|length| "-".repeat(length));
            let exact = texts.iter().filter(|text| !text.contains('%')).cloned();
            let shortest = texts.iter().map(|text| text.replace('%', "").replace('_', "-"));
            let longer = texts.iter().map(|text| text.replace(['%', '_'], "-"));
            exact
                .chain(shortest)
                .chain(longer)
                .chain(made)
                .map(Value::Text)
                .collect()
        }
        Kind::Bytes => lengths.map(Value::Bytes).collect(),
        Kind::Labels(labels) => labels.iter().cloned().map(Value::Text).collect(),
    }
}

/// The whole numbers and the strings in a piece of canonical text.
fn constants(text: &str, numbers: &mut Vec<i128>, texts: &mut Vec<String>) {
    let mut outside = true;
    for part in text.split('\'') {
        if outside {
            let found = part.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.' || letter == '_'));
            numbers.extend(found.filter_map(|word| word.split('.').next()?.parse::<i128>().ok()));
        } else {
            numbers.extend(part.parse::<i128>().ok());
            texts.push(part.to_owned());
        }
        outside = !outside;
    }
}

/// A value as an expression.
fn written(value: &Value, data_type: &DataType) -> Option<Template> {
    let text = match value {
        Value::Number(number) => number.whole()?.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(length) => format!("\\x{}", "00".repeat(*length)),
        Value::Truth(_) | Value::Null => return None,
    };
    let mut builder = TemplateBuilder::default();
    builder.push_str(&write::literal(&text));
    builder.push_str("::");
    match data_type.reference() {
        Some(id) => builder.push_reference(id, Form::Qualified),
        None => builder.push_str(&write::data_type(data_type)),
    }
    Some(builder.finish())
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::said;

    /// What a new column of a type under a check is filled with; nothing where it is refused.
    fn value(data_type: &str, check: &str) -> Option<String> {
        let to = format!(
            "CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int, x {data_type} NOT NULL CHECK ({check}));"
        );
        let said = said(
            "CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int);",
            &to,
        );
        let given = said.split_once("rows that exist get ")?;
        Some(given.1.trim().to_owned())
    }

    #[test]
    fn a_neutral_value_satisfies_what_is_asked_of_it() {
        let cases = [
            ("bytea", "length(x) = 2", "E'\\\\x0000'::bytea"),
            ("int", "x > 0", "'1'::integer"),
            ("int", "x BETWEEN 10 AND 20", "'10'::integer"),
            ("numeric", "x >= 0 AND x < 1.5", "'0'::numeric"),
            ("smallint", "x <= -3", "'-3'::smallint"),
            ("int", "x IN (7, 8)", "'7'::integer"),
            ("text", "x IN ('a', 'b')", "'a'::text"),
            ("text", "btrim(x) <> ''", "'-'::text"),
            ("text", "x LIKE 'ab%' AND length(x) = 3", "'ab-'::text"),
            ("text", "x LIKE 'ab_'", "'ab_'::text"),
            ("varchar(3)", "length(x) >= 3", "'---'::character varying(3)"),
            ("text", "char_length(x) <= 10 OR x IS NULL", "''::text"),
            ("mood", "x = 'high'", "'high'::public.mood"),
            ("int", "id > 5 OR x = 2", "'2'::integer"),
        ];
        for (data_type, check, expected) in cases {
            assert_eq!(value(data_type, check).unwrap_or_default(), expected, "{check}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (data_type, check) in [
            ("text", "x ~ '^a'"),
            ("text", "x > 'a'"),
            ("int", "x > id"),
            ("varchar(2)", "length(x) = 3"),
            ("int", "x > 3 AND x < 2"),
            ("text COLLATE \"C\"", "x = 'a'"),
        ] {
            assert_eq!(value(data_type, check), None, "{check}");
        }
    }
}
