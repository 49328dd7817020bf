//! Canonical expressions over one column of a known value: true, false, or not known.
//!
//! Reads the canonical form that the analyser makes, in which every operator stands between its own parentheses and every
//! constant bears its type. What it does not read makes the answer "not known", never a guess: texts are compared for
//! equality only, because their order is the collation's.

use crate::catalog::template::Piece;
use crate::catalog::{ObjectId, Template};
use std::cmp::Ordering;

/// A value of the column or of a part of the expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(Decimal),
    Text(String),
    /// So many zero bytes.
    Bytes(usize),
    Truth(bool),
    Null,
}

/// A number with digits behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    /// The digits, as many behind the point as [`DIGITS`].
    scaled: i128,
}

/// So many digits behind the point are kept; a number with more is not known.
const DIGITS: usize = 12;
/// Ten to that power.
const SCALE: i128 = 1_000_000_000_000;

impl Decimal {
    /// The number when nothing stands behind its point.
    pub(super) fn whole(self) -> Option<i128> {
        (self.scaled % SCALE == 0).then_some(self.scaled / SCALE)
    }

    fn read(text: &str) -> Option<Decimal> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
        if before.is_empty() || before.len() > 20 || behind.len() > DIGITS || !is_number(before) || !is_number(behind) {
            return None;
        }
        let scaled: i128 = format!("{before}{behind:0<DIGITS$}").parse().ok()?;
        Some(Decimal { scaled: sign * scaled })
    }
}

impl Value {
    /// A whole number.
    pub(super) fn whole(number: i128) -> Value {
        // A number that is out of reach is none that a check is tried with.
        let scaled = number.checked_mul(SCALE).unwrap_or_default();
        Value::Number(Decimal { scaled })
    }
}

/// Whether an expression is known to be true when a column has a value; other columns are not known.
pub(super) fn is_true(expression: &Template, column: &ObjectId, value: &Value) -> bool {
    let Some(tokens) = tokens(expression, column) else {
        return false;
    };
    let mut reader = Reader {
        tokens: &tokens,
        position: 0,
        value,
    };
    let found = reader.expression();
    reader.position == tokens.len() && found == Some(Some(Value::Truth(true)))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// The column whose value is known.
    Column,
    /// Another object's name: a column, a type, a function.
    Other(ObjectId),
    Number(String),
    Text(String),
    Word(String),
    Sign(String),
}

/// The tokens of a template; none when a letter in it is not understood.
fn tokens(expression: &Template, column: &ObjectId) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    for piece in expression.pieces() {
        match piece {
            Piece::Reference(id, _) if id == column => found.push(Token::Column),
            Piece::Reference(id, _) => found.push(Token::Other(id.clone())),
            Piece::Output(..) => return None,
            Piece::Text(text) => split(text, &mut found)?,
        }
    }
    Some(found)
}

fn split(text: &str, found: &mut Vec<Token>) -> Option<()> {
    const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";
    let letters: Vec<char> = text.chars().collect();
    let mut position = 0;
    let run = |start: usize, fits: &dyn Fn(char) -> bool| -> String {
        letters[start..]
            .iter()
            .copied()
            .take_while(|letter| fits(*letter))
            .collect()
    };
    while let Some(&letter) = letters.get(position) {
        if letter.is_whitespace() {
            position += 1;
        } else if letter == '\'' {
            let mut string = String::new();
            position += 1;
            loop {
                match (letters.get(position)?, letters.get(position + 1)) {
                    ('\'', Some('\'')) => {
                        string.push('\'');
                        position += 2;
                    }
                    ('\'', _) => break,
                    (other, _) => {
                        string.push(*other);
                        position += 1;
                    }
                }
            }
            position += 1;
            found.push(Token::Text(string));
        } else if letter.is_ascii_digit() {
            let number = run(position, &|letter| letter.is_ascii_digit() || letter == '.');
            position += number.len();
            found.push(Token::Number(number));
        } else if letter.is_ascii_alphabetic() || letter == '_' {
            let word = run(position, &|letter| letter.is_ascii_alphanumeric() || letter == '_');
            position += word.len();
            found.push(Token::Word(word.to_ascii_lowercase()));
        } else if "()[],.".contains(letter) {
            position += 1;
            found.push(Token::Sign(letter.to_string()));
        } else if letter == ':' && letters.get(position + 1) == Some(&':') {
            position += 2;
            found.push(Token::Sign("::".to_owned()));
        } else if OPERATOR.contains(letter) {
            let operator = run(position, &|letter| OPERATOR.contains(letter));
            position += operator.len();
            found.push(Token::Sign(operator));
        } else {
            return None;
        }
    }
    Some(())
}

/// What a part of an expression is: `None` when it cannot be read, `Some(None)` when its value is not known.
type Part = Option<Option<Value>>;

struct Reader<'a> {
    tokens: &'a [Token],
    position: usize,
    value: &'a Value,
}

impl Reader<'_> {
    fn expression(&mut self) -> Part {
        let mut left = self.conjunction()?;
        while self.word("or") {
            left = either(left, self.conjunction()?);
        }
        Some(left)
    }

    fn conjunction(&mut self) -> Part {
        let mut left = self.negation()?;
        while self.word("and") {
            left = not(&either(not(&left), not(&self.negation()?)));
        }
        Some(left)
    }

    fn negation(&mut self) -> Part {
        if self.word("not") {
            return Some(not(&self.negation()?));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Part {
        let left = self.operand()?;
        if self.word("is") {
            let negated = self.word("not");
            let is_null = self.word("null").then(|| left.map(|value| value == Value::Null))?;
            return Some(is_null.map(|is_null| Value::Truth(is_null != negated)));
        }
        let Some(Token::Sign(operator)) = self.tokens.get(self.position).cloned() else {
            return Some(left);
        };
        if [")", "]", ","].contains(&operator.as_str()) {
            return Some(left);
        }
        self.position += 1;
        if self.word("any") {
            return self.any(left, &operator);
        }
        let right = self.operand()?;
        Some(compared(&left, &operator, &right))
    }

    /// `(ARRAY[…])` behind `= ANY`.
    fn any(&mut self, left: Option<Value>, operator: &str) -> Part {
        for expected in ["(", "array", "["] {
            self.next(expected)?;
        }
        let mut found = Some(Value::Truth(false));
        loop {
            let member = self.operand()?;
            found = either(found, compared(&left, operator, &member));
            if !self.sign(",") {
                break;
            }
        }
        self.next("]")?;
        self.next(")")?;
        Some(found)
    }

    fn operand(&mut self) -> Part {
        let mut value = self.primary()?;
        while self.sign("::") {
            value = self.cast(value)?;
        }
        Some(value)
    }

    fn primary(&mut self) -> Part {
        let token = self.tokens.get(self.position)?.clone();
        self.position += 1;
        match token {
            Token::Column => Some(Some(self.value.clone())),
            Token::Number(text) => Some(Decimal::read(&text).map(Value::Number)),
            Token::Text(text) => Some(Some(Value::Text(text))),
            Token::Sign(sign) if sign == "(" => {
                let inner = self.expression()?;
                self.next(")")?;
                Some(inner)
            }
            Token::Sign(_) => None,
            Token::Word(word) if word == "true" || word == "false" => Some(Some(Value::Truth(word == "true"))),
            Token::Word(word) if word == "null" => Some(Some(Value::Null)),
            Token::Word(word) => {
                self.next("(")?;
                // TRIM(BOTH FROM text) is btrim(text) under its standard name.
                if word == "trim" {
                    self.next("both")?;
                    self.next("from")?;
                }
                let argument = self.expression()?;
                self.next(")")?;
                Some(argument.and_then(|argument| called(&word, &argument)))
            }
            Token::Other(ObjectId::Column(..)) => Some(None),
            Token::Other(_) => None,
        }
    }

    fn cast(&mut self, value: Option<Value>) -> Part {
        // An enum's own labels are compared as they are written.
        if let Some(Token::Other(ObjectId::Type(_))) = self.tokens.get(self.position) {
            self.position += 1;
            return Some(value.filter(|value| matches!(value, Value::Text(_))));
        }
        let mut name = String::new();
        while let Some(Token::Word(word)) = self.tokens.get(self.position) {
            if ["and", "or", "is", "not"].contains(&word.as_str()) {
                break;
            }
            name.push_str(word);
            name.push(' ');
            self.position += 1;
        }
        let value = match (name.trim_end(), value) {
            ("text" | "character varying", Some(Value::Text(text))) => Some(Value::Text(text)),
            ("integer" | "bigint" | "smallint", Some(Value::Number(number))) => {
                number.whole().map(|_| Value::Number(number))
            }
            ("numeric" | "double precision", Some(Value::Number(number))) => Some(Value::Number(number)),
            ("integer" | "bigint" | "smallint" | "numeric" | "double precision", Some(Value::Text(text))) => {
                Decimal::read(&text).map(Value::Number)
            }
            ("bytea", Some(Value::Text(text))) if text.is_empty() => Some(Value::Bytes(0)),
            _ => None,
        };
        Some(value)
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.position), Some(Token::Word(next)) if next == word);
        self.position += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.position), Some(Token::Sign(next)) if next == sign);
        self.position += usize::from(found);
        found
    }

    fn next(&mut self, expected: &str) -> Option<()> {
        (self.word(expected) || self.sign(expected)).then_some(())
    }
}

fn not(value: &Option<Value>) -> Option<Value> {
    match value {
        Some(Value::Truth(truth)) => Some(Value::Truth(!truth)),
        Some(Value::Null) => Some(Value::Null),
        _ => None,
    }
}

/// OR of two values: true when either is, whatever the other is.
fn either(left: Option<Value>, right: Option<Value>) -> Option<Value> {
    match (left, right) {
        (Some(Value::Truth(true)), _) | (_, Some(Value::Truth(true))) => Some(Value::Truth(true)),
        (Some(Value::Truth(false)), Some(Value::Truth(false))) => Some(Value::Truth(false)),
        (Some(Value::Null), Some(Value::Null | Value::Truth(_))) | (Some(Value::Truth(_)), Some(Value::Null)) => {
            Some(Value::Null)
        }
        _ => None,
    }
}

fn compared(left: &Option<Value>, operator: &str, right: &Option<Value>) -> Option<Value> {
    let (left, right) = (left.as_ref()?, right.as_ref()?);
    let truth = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Some(Value::Null),
        (Value::Number(left), Value::Number(right)) => {
            let order = left.scaled.cmp(&right.scaled);
            match operator {
                "=" => order == Ordering::Equal,
                "<>" => order != Ordering::Equal,
                "<" => order == Ordering::Less,
                ">" => order == Ordering::Greater,
                "<=" => order != Ordering::Greater,
                ">=" => order != Ordering::Less,
                _ => return None,
            }
        }
        (Value::Text(left), Value::Text(right)) => match operator {
            "=" => left == right,
            "<>" => left != right,
            "~~" => like(left, right)?,
            "!~~" => !like(left, right)?,
            _ => return None,
        },
        (Value::Bytes(left), Value::Bytes(right)) => match operator {
            "=" => left == right,
            "<>" => left != right,
            _ => return None,
        },
        _ => return None,
    };
    Some(Value::Truth(truth))
}

/// LIKE with the signs `%` and `_`; a pattern with an escape is not known.
fn like(text: &str, pattern: &str) -> Option<bool> {
    if pattern.contains('\\') {
        return None;
    }
    fn matches(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', rest)) => (0..=text.len()).any(|skipped| matches(&text[skipped..], rest)),
            Some((sign, rest)) => text
                .split_first()
                .is_some_and(|(letter, others)| (*sign == '_' || sign == letter) && matches(others, rest)),
        }
    }
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    (text.len() * pattern.len() <= 10_000).then(|| matches(&text, &pattern))
}

fn called(function: &str, argument: &Value) -> Option<Value> {
    let count = |length: usize| i128::try_from(length).ok().map(Value::whole);
    match (function, argument) {
        ("length" | "char_length" | "character_length", Value::Text(text)) => count(text.chars().count()),
        ("length" | "octet_length", Value::Bytes(length)) => count(*length),
        ("btrim" | "trim", Value::Text(text)) => Some(Value::Text(text.trim_matches(' ').to_owned())),
        ("lower", Value::Text(text)) if text.is_ascii() => Some(Value::Text(text.to_ascii_lowercase())),
        ("upper", Value::Text(text)) if text.is_ascii() => Some(Value::Text(text.to_ascii_uppercase())),
        _ => None,
    }
}
