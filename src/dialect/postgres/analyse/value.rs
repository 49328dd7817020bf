//! The text of constants as their type's output function gives it, as far as no setting has a part in it.
//!
//! Knows numbers, truth values, UUIDs and dates in ISO form. What depends on DateStyle, IntervalStyle, TimeZone or a
//! locale stays as it was written.

use crate::catalog::DataType;
use crate::dialect::postgres::read::constant::{output, says_zone};

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

/// A constant of a type.
pub(super) fn canonical(text: &str, data_type: &DataType) -> Shown {
    let quoted = |text: String| Shown {
        text,
        form: Form::Quoted,
    };
    let bare = |text: &str| Shown {
        text: text.to_owned(),
        form: Form::Bare,
    };
    if data_type.is_system("int4") {
        return match integer(text) {
            Some(value) if value >= 0 => bare(&value.to_string()),
            Some(value) => quoted(value.to_string()),
            None => quoted(text.to_owned()),
        };
    }
    if data_type.is_system("int2") || data_type.is_system("int8") || data_type.is_system("oid") {
        return quoted(integer(text).map_or_else(|| text.to_owned(), |value| value.to_string()));
    }
    if data_type.is_system("numeric") {
        return match decimal(text) {
            Some(number) if !number.starts_with('-') && number.contains('.') => bare(&number),
            Some(number) => quoted(number),
            None => quoted(text.to_owned()),
        };
    }
    if data_type.is_system("bool") {
        return match truth(text) {
            Some(true) => bare("true"),
            Some(false) => bare("false"),
            None => quoted(text.to_owned()),
        };
    }
    if data_type.is_system("uuid") {
        return quoted(uuid(text));
    }
    if data_type.is_system("timestamptz") && !says_zone(text) {
        return quoted(text.to_owned());
    }
    if ["date", "time", "timestamp", "timestamptz"]
        .iter()
        .any(|name| data_type.is_system(name))
    {
        return quoted(output(text, data_type).unwrap_or_else(|| text.to_owned()));
    }
    quoted(text.to_owned())
}

fn integer(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// A number without an exponent, a leading zero or a sign that says nothing; digits behind the point stay.
fn decimal(text: &str) -> Option<String> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) || exponent.abs() > 1000 {
        return None;
    }
    let mut all = [whole, fraction].concat();
    let mut scale = i32::try_from(fraction.len()).ok()? - exponent;
    while scale < 0 {
        all.push('0');
        scale += 1;
    }
    let scale = usize::try_from(scale).ok()?;
    while all.len() <= scale {
        all.insert(0, '0');
    }
    let (whole, fraction) = all.split_at(all.len() - scale);
    let whole = whole.trim_start_matches('0');
    let zero = whole.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    let mut number = String::from(if negative && !zero { "-" } else { "" });
    number.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    Some(number)
}

/// The spellings of truth values that `boolin` takes: any beginning of a word that is its own only.
fn truth(text: &str) -> Option<bool> {
    let word = text.trim().to_ascii_lowercase();
    let begins = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if begins("true", 1) || begins("yes", 1) || word == "on" || word == "1" {
        Some(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || word == "0" {
        Some(false)
    } else {
        None
    }
}

/// A UUID in lower case with its hyphens, when it is one in the usual form.
fn uuid(text: &str) -> String {
    let trimmed = text.trim().trim_start_matches('{').trim_end_matches('}');
    let digits: String = trimmed.chars().filter(|character| *character != '-').collect();
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return text.to_owned();
    }
    let lower = digits.to_ascii_lowercase();
    let parts = [&lower[..8], &lower[8..12], &lower[12..16], &lower[16..20], &lower[20..]];
    parts.join("-")
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
            let found = canonical(text, &DataType::system(data_type));
            assert_eq!((found.text.as_str(), found.form), (shown, form), "{text} {data_type}");
        }
    }
}
