//! Types as `format_type` writes them (`format_type.c`), other schemas' types with their schema.

use super::quote::{qualified, word};
use crate::catalog::{Array, DataType};
use std::sync::Arc;

/// A type with its modifiers: `character varying(30)`, `interval day to second(3)`, `app.mood[]`.
pub fn data_type(data_type: &DataType) -> String {
    let scalar = if data_type.name.schema.as_str() == crate::catalog::name::SYSTEM_SCHEMA {
        system_type(data_type.name.name.as_str(), &data_type.modifiers)
    } else {
        format!("{}{}", qualified(&data_type.name), parentheses(&data_type.modifiers))
    };
    match data_type.array {
        Array::Scalar => scalar,
        Array::Array => format!("{scalar}[]"),
    }
}

/// Types with commas between them, as in a signature.
pub fn data_types<'a>(types: impl IntoIterator<Item = &'a DataType>) -> String {
    types.into_iter().map(data_type).collect::<Vec<_>>().join(", ")
}

fn system_type(name: &str, modifiers: &[Arc<str>]) -> String {
    let arguments = parentheses(modifiers);
    match name {
        "bool" => "boolean".to_owned(),
        "int2" => "smallint".to_owned(),
        "int4" => "integer".to_owned(),
        "int8" => "bigint".to_owned(),
        "float4" => "real".to_owned(),
        "float8" => "double precision".to_owned(),
        "numeric" => format!("numeric{arguments}"),
        "varchar" => format!("character varying{arguments}"),
        // `character` and `bit` alone would mean a length of 1.
        "bpchar" if modifiers.is_empty() => "bpchar".to_owned(),
        "bpchar" => format!("character{arguments}"),
        "bit" if modifiers.is_empty() => "\"bit\"".to_owned(),
        "bit" => format!("bit{arguments}"),
        "varbit" => format!("bit varying{arguments}"),
        "time" => format!("time{arguments} without time zone"),
        "timetz" => format!("time{arguments} with time zone"),
        "timestamp" => format!("timestamp{arguments} without time zone"),
        "timestamptz" => format!("timestamp{arguments} with time zone"),
        "interval" => interval(modifiers),
        "json" => "json".to_owned(),
        other => format!("{}{arguments}", word(other)),
    }
}

/// `interval`, its fields, its precision; the fields stand first among the modifiers, as words.
fn interval(modifiers: &[Arc<str>]) -> String {
    match modifiers {
        [fields, precision @ ..] if fields.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            format!("interval {fields}{}", parentheses(precision))
        }
        precision => format!("interval{}", parentheses(precision)),
    }
}

fn parentheses(modifiers: &[Arc<str>]) -> String {
    if modifiers.is_empty() {
        String::new()
    } else {
        format!("({})", modifiers.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QualifiedName;

    #[test]
    fn types_are_written_as_format_type_does() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("int4", &[], "integer"),
            ("numeric", &["10", "2"], "numeric(10,2)"),
            ("varchar", &["30"], "character varying(30)"),
            ("bpchar", &["3"], "character(3)"),
            ("bpchar", &[], "bpchar"),
            ("char", &[], "\"char\""),
            ("bit", &["4"], "bit(4)"),
            ("varbit", &[], "bit varying"),
            ("timestamptz", &["3"], "timestamp(3) with time zone"),
            ("interval", &["3"], "interval(3)"),
            ("interval", &["day to second", "3"], "interval day to second(3)"),
            ("text", &[], "text"),
        ];
        for (name, modifiers, written) in cases {
            let mut wanted = DataType::system(name);
            wanted.modifiers = modifiers.iter().map(|text| Arc::from(*text)).collect();
            assert_eq!(data_type(&wanted), *written);
        }
    }

    #[test]
    fn own_types_bear_their_schema_and_arrays_their_brackets() {
        let mut mood = DataType::plain(QualifiedName::new("app", "Mood"));
        mood.array = Array::Array;
        assert_eq!(data_type(&mood), "app.\"Mood\"[]");
    }
}
