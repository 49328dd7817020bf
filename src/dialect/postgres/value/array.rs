//! Arrays in braces (`array_in` and `array_out` of `arrayfuncs.c`).
//!
//! Knows nesting, quotes and NULL. A text with dimensions before it, or an element whose own form is not known, is left
//! as it is.

use super::Zone;

/// Deeper arrays than PostgreSQL takes (`MAXDIM`).
const DEEPEST: usize = 6;

enum Item {
    Null,
    Value(String),
    Array(Vec<Item>),
}

/// An array as PostgreSQL shows it, its elements as their type shows them.
pub(super) fn output(text: &str, element: &str, zone: Zone) -> Option<String> {
    let mut reader = Reader {
        rest: text.trim(),
        zone,
    };
    if !reader.rest.starts_with('{') {
        return None;
    }
    let array = reader.array(element, 1)?;
    if !reader.rest.trim().is_empty() {
        return None;
    }
    let mut shown = String::new();
    show(&array, &mut shown);
    Some(shown)
}

struct Reader<'a> {
    rest: &'a str,
    zone: Zone,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, token: char) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn array(&mut self, element: &str, depth: usize) -> Option<Vec<Item>> {
        if depth > DEEPEST || !self.takes('{') {
            return None;
        }
        let mut items = Vec::new();
        if self.takes('}') {
            return (depth == 1).then_some(items);
        }
        loop {
            self.skip_space();
            items.push(if self.rest.starts_with('{') {
                Item::Array(self.array(element, depth + 1)?)
            } else {
                self.item(element)?
            });
            if self.takes('}') {
                return Some(items);
            }
            if !self.takes(',') {
                return None;
            }
        }
    }

    fn item(&mut self, element: &str) -> Option<Item> {
        let mut value = String::new();
        let mut is_quoted = false;
        // Spaces at the end count only when they were quoted or escaped.
        let mut kept = 0;
        if self.takes('"') {
            is_quoted = true;
            loop {
                let mut characters = self.rest.chars();
                match characters.next()? {
                    '"' => {
                        self.rest = characters.as_str();
                        break;
                    }
                    '\\' => value.push(characters.next()?),
                    other => value.push(other),
                }
                self.rest = characters.as_str();
            }
            kept = value.len();
        } else {
            loop {
                let mut characters = self.rest.chars();
                match characters.next()? {
                    ',' | '}' => break,
                    '{' | '"' => return None,
                    '\\' => {
                        value.push(characters.next()?);
                        kept = value.len();
                    }
                    other => {
                        value.push(other);
                        if !other.is_whitespace() {
                            kept = value.len();
                        }
                    }
                }
                self.rest = characters.as_str();
            }
        }
        value.truncate(kept);
        if !is_quoted && value.eq_ignore_ascii_case("null") {
            return Some(Item::Null);
        }
        if !is_quoted && value.is_empty() {
            return None;
        }
        super::scalar(&value, element, self.zone).map(Item::Value)
    }
}

fn show(items: &[Item], shown: &mut String) {
    shown.push('{');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            shown.push(',');
        }
        match item {
            Item::Null => shown.push_str("NULL"),
            Item::Array(inner) => show(inner, shown),
            Item::Value(value) => show_value(value, shown),
        }
    }
    shown.push('}');
}

fn show_value(value: &str, shown: &mut String) {
    let is_special = |character: char| {
        matches!(
            character,
            '"' | '\\' | '{' | '}' | ',' | ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}'
        )
    };
    let needs_quotes = value.is_empty() || value.eq_ignore_ascii_case("null") || value.contains(is_special);
    if !needs_quotes {
        shown.push_str(value);
        return;
    }
    shown.push('"');
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown.push('"');
}
