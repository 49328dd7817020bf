//! Storage parameters and foreign options.

use super::quote::{ident, is_keyword, literal, word};
use crate::catalog::{Ident, Options};
use crate::dialect::postgres::action::table::OptionsChange;

/// `name = value, …`, as it stands inside WITH or SET; an option of a namespace keeps its dot (`toast.…`).
pub fn parameters(options: &Options) -> String {
    let parameter = |(name, value): (&std::sync::Arc<str>, &std::sync::Arc<str>)| {
        if value.is_empty() {
            option_name(name)
        } else {
            format!("{} = {}", option_name(name), option_value(value))
        }
    };
    options.iter().map(parameter).collect::<Vec<_>>().join(", ")
}

/// The names alone, as they stand inside RESET.
pub fn names<T: AsRef<str>>(names: &[T]) -> String {
    names
        .iter()
        .map(|name| option_name(name.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// ` WITH (…)`, or nothing without options.
pub fn with_clause(options: &Options) -> String {
    if options.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", parameters(options))
    }
}

/// ` OPTIONS (name 'value', …)`, or nothing without options.
pub fn foreign_clause(options: &Options) -> String {
    if options.is_empty() {
        return String::new();
    }
    let listed: Vec<String> = options
        .iter()
        .map(|(name, value)| format!("{} {}", word(name), literal(value)))
        .collect();
    format!(" OPTIONS ({})", listed.join(", "))
}

/// `OPTIONS (ADD …, SET …, DROP …)`.
pub fn foreign_change(change: &OptionsChange) -> String {
    let mut listed = Vec::new();
    for name in change.from.keys().filter(|name| !change.to.contains_key(*name)) {
        listed.push(format!("DROP {}", word(name)));
    }
    for (name, value) in &change.to {
        match change.from.get(name) {
            None => listed.push(format!("ADD {} {}", word(name), literal(value))),
            Some(old) if old != value => listed.push(format!("SET {} {}", word(name), literal(value))),
            Some(_) => {}
        }
    }
    format!("OPTIONS ({})", listed.join(", "))
}

/// ` TABLESPACE name`, or nothing.
pub fn tablespace_clause(tablespace: Option<&Ident>) -> String {
    tablespace
        .map(|name| format!(" TABLESPACE {}", ident(name)))
        .unwrap_or_default()
}

fn option_name(name: &str) -> String {
    name.split('.').map(word).collect::<Vec<_>>().join(".")
}

/// Numbers and lower-case words stand as they are, all else in quotes (as `flatten_reloptions` does, numbers aside).
fn option_value(value: &str) -> String {
    let is_number = value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && value.bytes().filter(|byte| *byte == b'.').count() <= 1;
    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // The grammar takes reserved words here; of the other classes only types and functions.
    let is_switch = matches!(value, "true" | "false" | "on");
    if is_number || is_switch || (is_word && !is_keyword(value)) {
        value.to_owned()
    } else {
        literal(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn options(pairs: &[(&str, &str)]) -> Options {
        pairs
            .iter()
            .map(|(name, value)| (Arc::from(*name), Arc::from(*value)))
            .collect()
    }

    #[test]
    fn values_are_quoted_only_where_they_must_be() {
        let wanted = options(&[
            ("autovacuum_vacuum_scale_factor", "0.05"),
            ("buffering", "auto"),
            ("fillfactor", "70"),
            ("list", "a, b"),
            ("security_barrier", ""),
            ("toast.autovacuum_enabled", "false"),
        ]);
        assert_eq!(
            parameters(&wanted),
            "autovacuum_vacuum_scale_factor = 0.05, buffering = auto, fillfactor = 70, list = 'a, b', \
             security_barrier, toast.autovacuum_enabled = false"
        );
    }

    #[test]
    fn foreign_options_change_one_by_one() {
        let change = OptionsChange {
            from: options(&[("host", "a"), ("port", "1"), ("user", "u")]),
            to: options(&[("dbname", "d"), ("host", "b"), ("user", "u")]),
        };
        assert_eq!(
            foreign_change(&change),
            "OPTIONS (DROP port, ADD dbname 'd', SET host 'b')"
        );
    }
}
