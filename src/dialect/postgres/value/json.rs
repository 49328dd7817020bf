//! `jsonb` values (`jsonb.c`, `JsonbToCString`; keys in the order of `lengthCompareJsonbStringValue`).
//!
//! `json` keeps its text and is not read here.

use super::number::decimal;

/// Deeper values are left as they are written.
const DEEPEST: usize = 200;

enum Value {
    Plain(String),
    Text(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// A value as `jsonb` shows it.
pub(super) fn output(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.skip_space();
    if !reader.rest.is_empty() {
        return None;
    }
    let mut shown = String::new();
    show(&value, &mut shown);
    Some(shown)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn takes(&mut self, token: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        if self.takes("{") {
            return self.object(depth);
        }
        if self.takes("[") {
            return self.array(depth);
        }
        if self.takes("\"") {
            return self.string().map(Value::Text);
        }
        for word in ["true", "false", "null"] {
            if self.takes(word) {
                return Some(Value::Plain(word.to_owned()));
            }
        }
        let end = self
            .rest
            .find(|character: char| !matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let unsigned = digits.strip_prefix('-').unwrap_or(digits);
        // JSON's numbers begin with a digit, and have one on each side of a point.
        if !unsigned.starts_with(|first: char| first.is_ascii_digit()) || digits.ends_with('.') {
            return None;
        }
        self.rest = rest;
        decimal(digits).map(Value::Plain)
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        if self.takes("]") {
            return Some(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.takes("]") {
                return Some(Value::Array(items));
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut members: Vec<(String, Value)> = Vec::new();
        if self.takes("}") {
            return Some(Value::Object(members));
        }
        loop {
            if !self.takes("\"") {
                return None;
            }
            let key = self.string()?;
            if !self.takes(":") {
                return None;
            }
            let value = self.value(depth + 1)?;
            // Of members with one key the last stays.
            members.retain(|(known, _)| *known != key);
            members.push((key, value));
            if self.takes("}") {
                break;
            }
            if !self.takes(",") {
                return None;
            }
        }
        members.sort_by(|(left, _), (right, _)| {
            let by_length = left.len().cmp(&right.len());
            by_length.then_with(|| left.as_bytes().cmp(right.as_bytes()))
        });
        Some(Value::Object(members))
    }

    /// A string after its opening quote.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let end = self.rest.find(['"', '\\'])?;
            let (plain, rest) = self.rest.split_at(end);
            text.push_str(plain);
            if let Some(after) = rest.strip_prefix('"') {
                self.rest = after;
                return Some(text);
            }
            let mut characters = rest.strip_prefix('\\')?.chars();
            let escape = characters.next()?;
            self.rest = characters.as_str();
            text.push(match escape {
                '"' | '\\' | '/' => escape,
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => self.code_point()?,
                _ => return None,
            });
        }
    }

    /// Four hexadecimal digits; halves of surrogate pairs are put together.
    fn code_point(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).filter(|character| *character != '\0');
        }
        self.rest = self.rest.strip_prefix("\\u")?;
        let second = self.four_digits()?;
        let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest.get(..4)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        self.rest = self.rest.get(4..)?;
        Some(value)
    }
}

fn show(value: &Value, shown: &mut String) {
    match value {
        Value::Plain(text) => shown.push_str(text),
        Value::Text(text) => show_text(text, shown),
        Value::Array(items) => {
            shown.push('[');
            for (index, item) in items.iter().enumerate() {
                shown.push_str(if index > 0 { ", " } else { "" });
                show(item, shown);
            }
            shown.push(']');
        }
        Value::Object(members) => {
            shown.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                shown.push_str(if index > 0 { ", " } else { "" });
                show_text(key, shown);
                shown.push_str(": ");
                show(value, shown);
            }
            shown.push('}');
        }
    }
}

/// A string with the escapes of `escape_json`.
fn show_text(text: &str, shown: &mut String) {
    shown.push('"');
    for character in text.chars() {
        match character {
            '\u{8}' => shown.push_str("\\b"),
            '\u{c}' => shown.push_str("\\f"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '"' => shown.push_str("\\\""),
            '\\' => shown.push_str("\\\\"),
            control if u32::from(control) < 0x20 => shown.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => shown.push(other),
        }
    }
    shown.push('"');
}
