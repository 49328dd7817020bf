//! The text of constants as their type's output function gives it, as far as no setting has a part in it.
//!
//! Knows which constants stand by themselves. What depends on DateStyle, TimeZone or a locale stays as it was written.

use crate::catalog::DataType;
use crate::dialect::postgres::value::{Zone, output};

/// A constant's text and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The text without quotes.
    pub(super) text: String,
    /// Whether it stands by itself or in quotes with its type.
    pub(super) form: Form,
}

/// How a constant is written (`get_const_expr`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// By itself: it reads back as a constant of its type.
    Bare,
    /// In quotes, with its type behind it.
    Quoted,
}

/// A constant whose text is kept.
pub(super) fn as_written(text: &str) -> Shown {
    Shown {
        text: text.to_owned(),
        form: Form::Quoted,
    }
}

/// A constant of a type.
pub(super) fn canonical(text: &str, data_type: &DataType, zone: Zone) -> Shown {
    let text = output(text, data_type, zone).unwrap_or_else(|| text.to_owned());
    let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let is_bare = (data_type.is_system("int4") && starts_with_digit)
        || (data_type.is_system("numeric") && starts_with_digit && text.contains('.'))
        || (data_type.is_system("bool") && matches!(text.as_str(), "true" | "false"));
    Shown {
        text,
        form: if is_bare { Form::Bare } else { Form::Quoted },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_as_the_server_writes_them() {
        for (text, data_type, shown, form) in [
            ("5", "int4", "5", Form::Bare),
            (" 05", "int4", "5", Form::Bare),
            ("-5", "int4", "-5", Form::Quoted),
            ("5", "int8", "5", Form::Quoted),
            ("1.50", "numeric", "1.50", Form::Bare),
            ("1e3", "numeric", "1000", Form::Quoted),
            ("1.5e-2", "numeric", "0.015", Form::Bare),
            ("-0", "numeric", "0", Form::Quoted),
            ("NaN", "numeric", "NaN", Form::Quoted),
            ("t", "bool", "true", Form::Bare),
            ("of", "bool", "false", Form::Bare),
            ("o", "bool", "o", Form::Quoted),
            (
                "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
                "uuid",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                Form::Quoted,
            ),
            ("01/02/2020", "date", "01/02/2020", Form::Quoted),
            ("2020-01-05", "timestamp", "2020-01-05 00:00:00", Form::Quoted),
            ("{\"a\":1}", "json", "{\"a\":1}", Form::Quoted),
        ] {
            let found = canonical(text, &DataType::system(data_type), Zone::Unknown);
            assert_eq!((found.text.as_str(), found.form), (shown, form), "{text} {data_type}");
        }
    }
}
