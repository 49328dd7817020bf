//! Numbers and truth values (`int.c`, `numeric.c`, `float.c`, `bool.c`).

/// An integer in decimal, or in hexadecimal, octal or binary as PostgreSQL 16 and newer take it (`pg_strtoint64_safe`).
pub(super) fn integer(text: &str) -> Option<i128> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some(_) | None => (10, lower.as_str()),
    };
    let plain = without_underscores(digits)?;
    if !plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let value = i128::from_str_radix(&plain, radix).ok()?;
    Some(if negative { -value } else { value })
}

/// Digits without the underscores that may stand between two of them.
fn without_underscores(digits: &str) -> Option<String> {
    let wrong = digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    (!wrong).then(|| digits.replace('_', ""))
}

/// A number without an exponent, a leading zero or a sign that says nothing; digits behind the point stay.
pub(super) fn decimal(text: &str) -> Option<String> {
    const LARGEST_EXPONENT: i32 = 1000;
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    match (digits.to_ascii_lowercase().as_str(), negative) {
        ("nan", _) => return Some("NaN".to_owned()),
        ("infinity" | "inf", false) => return Some("Infinity".to_owned()),
        ("infinity" | "inf", true) => return Some("-Infinity".to_owned()),
        _ => {}
    }
    let digits = without_underscores(digits)?;
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_empty = whole.is_empty() && fraction.is_empty();
    if !is_number(whole) || !is_number(fraction) || is_empty || exponent.abs() > LARGEST_EXPONENT {
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

/// A `double precision` (`float8out`): the shortest digits that give it back, scientific from 15 digits on.
pub(super) fn double(text: &str) -> Option<String> {
    const DIGITS: i32 = 15;
    let value: f64 = plain_float(text)?.parse().ok()?;
    special(value).or_else(|| shortest(&format!("{value:e}"), DIGITS))
}

/// A `real` (`float4out`): as [`double`], scientific from 6 digits on.
pub(super) fn real(text: &str) -> Option<String> {
    const DIGITS: i32 = 6;
    let value: f32 = plain_float(text)?.parse().ok()?;
    special(f64::from(value)).or_else(|| shortest(&format!("{value:e}"), DIGITS))
}

/// A text that both C's and Rust's conversions understand, and alike.
fn plain_float(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let is_word = ["nan", "inf", "infinity"].contains(&unsigned);
    let is_digits = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".e+-".contains(&byte));
    (is_word || is_digits).then_some(text)
}

fn special(value: f64) -> Option<String> {
    let word = if value.is_nan() {
        "NaN"
    } else if value == f64::INFINITY {
        "Infinity"
    } else if value == f64::NEG_INFINITY {
        "-Infinity"
    } else {
        return None;
    };
    Some(word.to_owned())
}

/// Digits and exponent as `double_to_shortest_decimal_buf` puts them.
fn shortest(scientific: &str, digits_before_exponent: i32) -> Option<String> {
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    if (-4..digits_before_exponent).contains(&exponent) {
        let plain = decimal(&format!("{mantissa}e{exponent}"))?;
        return Some([sign, &plain].concat());
    }
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    Some(format!("{sign}{mantissa}e{exponent_sign}{:02}", exponent.abs()))
}

/// The spellings of truth values that `boolin` takes: any beginning of a word that is its own only.
pub(super) fn truth(text: &str) -> Option<bool> {
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
