//! Intervals (`DecodeInterval`, `DecodeISO8601Interval` and `EncodeInterval` of `datetime.c`).
//!
//! Knows the units, ISO 8601 durations, clock times and signs; shows what IntervalStyle `postgres` shows, which pg_dump
//! sets. Fractions are understood down from weeks; those of months and years are rounded by the server and left alone.

const MICROS_PER_SECOND: i128 = 1_000_000;
const MICROS_PER_DAY: i128 = 86_400 * MICROS_PER_SECOND;

/// Months, days and microseconds, each by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Interval {
    months: i128,
    days: i128,
    micros: i128,
}

/// A number with the digits behind its point, as a count of millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    millionths: i128,
}

/// The interval of a text as PostgreSQL shows it.
pub(super) fn output(text: &str) -> Option<String> {
    let text = text.trim();
    let interval = if text.starts_with('P') {
        iso(text)?
    } else {
        words(text)?
    };
    Some(show(interval))
}

/// Units by their spellings, the most common ones first (`deltatktbl`).
fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "year" | "years" | "y" | "yr" | "yrs" => "year",
        "month" | "months" | "mon" | "mons" => "month",
        "week" | "weeks" | "w" => "week",
        "day" | "days" | "d" => "day",
        "hour" | "hours" | "h" | "hr" | "hrs" => "hour",
        "minute" | "minutes" | "m" | "min" | "mins" => "minute",
        "second" | "seconds" | "s" | "sec" | "secs" => "second",
        "millisecond" | "milliseconds" | "ms" | "msec" | "msecs" => "millisecond",
        "microsecond" | "microseconds" | "us" | "usec" | "usecs" => "microsecond",
        "decade" | "decades" => "decade",
        "century" | "centuries" => "century",
        _ => return None,
    })
}

fn number(text: &str) -> Option<Number> {
    const DIGITS: usize = 6;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_empty = whole.is_empty() && fraction.is_empty();
    if is_empty || !is_digits(whole) || !is_digits(fraction) || fraction.len() > DIGITS || whole.len() > 12 {
        return None;
    }
    let mut all = [if whole.is_empty() { "0" } else { whole }, fraction].concat();
    all.push_str(&"0".repeat(DIGITS - fraction.len()));
    let value: i128 = all.parse().ok()?;
    Some(Number {
        millionths: if negative { -value } else { value },
    })
}

impl Number {
    /// The number when it is whole.
    fn whole(self) -> Option<i128> {
        (self.millionths % MICROS_PER_SECOND == 0).then_some(self.millionths / MICROS_PER_SECOND)
    }
}

impl Interval {
    fn add(&mut self, value: Number, unit: &str) -> Option<()> {
        match unit {
            "century" => self.months += value.whole()? * 1200,
            "decade" => self.months += value.whole()? * 120,
            "year" => self.months += value.whole()? * 12,
            "month" => self.months += value.whole()?,
            "week" => self.add_days(value.millionths * 7)?,
            "day" => self.add_days(value.millionths)?,
            "hour" => self.micros += value.millionths * 3600,
            "minute" => self.micros += value.millionths * 60,
            "second" => self.micros += value.millionths,
            // The server rounds what is smaller than a microsecond.
            "millisecond" if value.millionths % 1000 == 0 => self.micros += value.millionths / 1000,
            "microsecond" => self.micros += value.whole()?,
            _ => return None,
        }
        Some(())
    }

    /// Days in millionths; what is not whole becomes time.
    fn add_days(&mut self, millionths: i128) -> Option<()> {
        self.days += millionths / MICROS_PER_SECOND;
        self.micros += (millionths % MICROS_PER_SECOND) * (MICROS_PER_DAY / MICROS_PER_SECOND);
        Some(())
    }
}

/// `[@] quantity unit [quantity unit …] [time] [ago]`.
fn words(text: &str) -> Option<Interval> {
    let lower = text.to_ascii_lowercase();
    let mut interval = Interval::default();
    let mut pending: Option<Number> = None;
    let mut units = Vec::new();
    let mut is_ago = false;
    let mut is_any = false;
    for token in lower.split_whitespace().flat_map(tokens) {
        if is_ago {
            return None;
        }
        let token = token.as_str();
        if token == "@" && !is_any {
            continue;
        }
        if token == "ago" {
            is_ago = true;
            continue;
        }
        if token.contains(':') {
            // A number before a time of day is a count of days.
            if let Some(days) = pending.take() {
                take_unit(&mut units, "day")?;
                interval.add(days, "day")?;
            }
            take_unit(&mut units, "time")?;
            interval.micros += clock(token)?;
        } else if let Some(value) = number(token) {
            if pending.is_some() {
                return None;
            }
            pending = Some(value);
        } else {
            let unit = unit(token)?;
            take_unit(&mut units, unit)?;
            interval.add(pending.take()?, unit)?;
        }
        is_any = true;
    }
    // A number alone is a count of seconds.
    if let Some(seconds) = pending {
        take_unit(&mut units, "second")?;
        interval.add(seconds, "second")?;
    }
    if !is_any {
        return None;
    }
    if is_ago {
        interval.months = -interval.months;
        interval.days = -interval.days;
        interval.micros = -interval.micros;
    }
    Some(interval)
}

/// A unit may stand once only.
fn take_unit(units: &mut Vec<String>, unit: &str) -> Option<()> {
    if units.iter().any(|taken| taken == unit) {
        return None;
    }
    units.push(unit.to_owned());
    Some(())
}

/// A word at the places where its digits end: `1h30m` and `100ms`.
fn tokens(word: &str) -> Vec<String> {
    if word.contains(':') || word == "@" {
        return vec![word.to_owned()];
    }
    let mut found: Vec<String> = Vec::new();
    let mut was_letter = None;
    for character in word.chars() {
        let is_letter = character.is_ascii_alphabetic();
        match found.last_mut() {
            Some(last) if was_letter == Some(is_letter) => last.push(character),
            Some(_) | None => found.push(character.to_string()),
        }
        was_letter = Some(is_letter);
    }
    found
}

/// `[-]h:m[:s[.f]]` in microseconds.
fn clock(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let parts: Vec<&str> = digits.split(':').collect();
    let plain = |part: &str| -> Option<i128> {
        let is_digits = !part.is_empty() && part.len() < 10 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then(|| part.parse().ok()).flatten()
    };
    let (hours, minutes, seconds) = match parts.as_slice() {
        // Minutes and seconds when there is a fraction, hours and minutes otherwise.
        [hours, minutes] if !minutes.contains('.') => (plain(hours)?, plain(minutes)?, 0),
        [hours, minutes, seconds] if !seconds.starts_with(['-', '+']) => {
            (plain(hours)?, plain(minutes)?, number(seconds)?.millionths)
        }
        _ => return None,
    };
    if minutes > 59 || seconds >= 60 * MICROS_PER_SECOND {
        return None;
    }
    let micros = (hours * 3600 + minutes * 60) * MICROS_PER_SECOND + seconds;
    Some(if negative { -micros } else { micros })
}

/// `P1Y2M3W4DT5H6M7S`.
fn iso(text: &str) -> Option<Interval> {
    let mut interval = Interval::default();
    let mut digits = String::new();
    let mut in_time = false;
    let mut is_any = false;
    for character in text.chars().skip(1) {
        match (character, in_time) {
            ('T', false) if digits.is_empty() => in_time = true,
            ('0'..='9' | '.' | '-' | '+', _) => digits.push(character),
            (letter, _) => {
                let unit = match (letter, in_time) {
                    ('Y', false) => "year",
                    ('M', false) => "month",
                    ('W', false) => "week",
                    ('D', false) => "day",
                    ('H', true) => "hour",
                    ('M', true) => "minute",
                    ('S', true) => "second",
                    _ => return None,
                };
                interval.add(number(&std::mem::take(&mut digits))?, unit)?;
                is_any = true;
            }
        }
    }
    (is_any && digits.is_empty()).then_some(interval)
}

fn show(interval: Interval) -> String {
    let mut text = String::new();
    let mut was_negative = false;
    let parts = [
        (interval.months / 12, "year"),
        (interval.months % 12, "mon"),
        (interval.days, "day"),
    ];
    for (value, unit) in parts {
        if value == 0 {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        let sign = if was_negative && value > 0 { "+" } else { "" };
        let plural = if value == 1 { "" } else { "s" };
        text.push_str(&format!("{sign}{value} {unit}{plural}"));
        was_negative = value < 0;
    }
    if text.is_empty() || interval.micros != 0 {
        let sign = match (interval.micros < 0, was_negative) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        if !text.is_empty() {
            text.push(' ');
        }
        let micros = interval.micros.abs();
        let seconds = micros / MICROS_PER_SECOND;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        text.push_str(&format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"));
        let fraction = format!("{:06}", micros % MICROS_PER_SECOND);
        let fraction = fraction.trim_end_matches('0');
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
    }
    text
}
