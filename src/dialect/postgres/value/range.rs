//! Ranges (`range_in`, `range_out`, `int4range_canonical` and its kin of `rangetypes.c`).
//!
//! Knows bounds without quotes and escapes inside; other texts are left as they are.

use super::{Zone, time};

/// A range as PostgreSQL shows it.
pub(super) fn output(text: &str, name: &str, zone: Zone) -> Option<String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("empty") {
        return Some("empty".to_owned());
    }
    let element = match name {
        "int4range" => "int4",
        "int8range" => "int8",
        "numrange" => "numeric",
        "daterange" => "date",
        "tsrange" => "timestamp",
        _ => "timestamptz",
    };
    let mut lower_included = text.starts_with('[');
    let mut upper_included = text.ends_with(']');
    let inner = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let (lower, upper) = inner.split_once(',')?;
    if upper.contains(',') || inner.contains('\\') {
        return None;
    }
    let mut lower = bound(lower, element, zone)?;
    let mut upper = bound(upper, element, zone)?;
    lower_included &= lower.is_some();
    upper_included &= upper.is_some();
    if let "int4" | "int8" | "date" = element {
        // Discrete ranges begin with their first value and end before the first value after them.
        if let (Some(value), false) = (&lower, lower_included) {
            lower = Some(next(value, element)?);
            lower_included = true;
        }
        if let (Some(value), true) = (&upper, upper_included) {
            upper = Some(next(value, element)?);
            upper_included = false;
        }
        if lower.is_some() && lower == upper {
            return Some("empty".to_owned());
        }
    } else if lower.is_some() && lower == upper && !(lower_included && upper_included) {
        return Some("empty".to_owned());
    }
    let quoted = |bound: Option<String>| match bound {
        Some(bound) if bound.contains(' ') => ["\"", &bound, "\""].concat(),
        Some(bound) => bound,
        None => String::new(),
    };
    Some(format!(
        "{}{},{}{}",
        if lower_included { '[' } else { '(' },
        quoted(lower),
        quoted(upper),
        if upper_included { ']' } else { ')' }
    ))
}

/// A bound's value; `Some(None)` for none.
fn bound(text: &str, element: &str, zone: Zone) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    let text = text.trim();
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    if text.contains('"') || text.to_ascii_lowercase().contains("infinity") {
        return None;
    }
    super::scalar(text, element, zone).map(Some)
}

/// The value after one of a discrete type.
fn next(value: &str, element: &str) -> Option<String> {
    match element {
        "date" => time::day_after(value),
        _ => super::scalar(
            &(value.parse::<i64>().ok()?.checked_add(1)?).to_string(),
            element,
            Zone::Unknown,
        ),
    }
}
