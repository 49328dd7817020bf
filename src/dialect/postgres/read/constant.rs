//! Constants: the text of a literal as its type's output function shows it.
//!
//! Knows the types whose values have one plain form that no setting changes. For any other the text stays as it is
//! written: `None` is "not known", never "the same". A timestamp without a zone is taken in UTC, the server's built-in
//! setting of TimeZone.

use crate::catalog::{Array, DataType};

/// The text that a type shows for the value of a literal's text; `None` where that is not known.
pub(in crate::dialect::postgres) fn output(text: &str, data_type: &DataType) -> Option<String> {
    if data_type.array == Array::Array || !data_type.name.is_system() {
        return None;
    }
    match data_type.name.name.as_str() {
        "int2" => text.trim().parse::<i16>().ok().map(|value| value.to_string()),
        "int4" => text.trim().parse::<i32>().ok().map(|value| value.to_string()),
        "int8" => text.trim().parse::<i64>().ok().map(|value| value.to_string()),
        "bool" => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Some("true".to_owned()),
            "false" | "f" | "no" | "n" | "off" | "0" => Some("false".to_owned()),
            _ => None,
        },
        "text" | "varchar" | "name" => Some(text.to_owned()),
        "numeric" if is_plain_number(text) => Some(text.to_owned()),
        "time" => time_of_day(text),
        "uuid" => Some(text.to_ascii_lowercase()),
        "date" => date(text).map(|_| text.to_owned()),
        "timestamp" => timestamp(text).map(|(date, time, _)| [&date, " ", &time].concat()),
        "timestamptz" => zoned(text),
        _ => None,
    }
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn date(text: &str) -> Option<(i64, i64, i64)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// Date, time and zone offset (in minutes, where one is written) of a timestamp in ISO form.
fn timestamp(text: &str) -> Option<(String, String, Option<i64>)> {
    let (day, rest) = match text.split_once([' ', 'T']) {
        Some((day, rest)) => (day, rest.trim()),
        None => (text, ""),
    };
    date(day)?;
    let zone_at = rest.find(['+', '-', 'Z', 'z']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at_checked(zone_at)?;
    let time = match time.trim() {
        "" => "00:00:00".to_owned(),
        time => time_of_day(time)?,
    };
    Some((day.to_owned(), time, offset(zone)?))
}

/// A time of day in ISO form with its seconds, no zeros at the end of their fraction.
fn time_of_day(text: &str) -> Option<String> {
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split(':').collect::<Vec<&str>>().as_slice() {
        [hour, minute] if two(hour) && two(minute) => Some([hour, ":", minute, ":00"].concat()),
        [hour, minute, second] if two(hour) && two(minute) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            let plain = two(whole) && fraction.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| [hour, ":", minute, ":", whole, point, fraction].concat())
        }
        _ => None,
    }
}

/// The offset of a zone in minutes: `Some(None)` where none is written, `None` where it is not understood.
fn offset(zone: &str) -> Option<Option<i64>> {
    let zone = zone.trim();
    if zone.is_empty() {
        return Some(None);
    }
    if zone.eq_ignore_ascii_case("z") {
        return Some(Some(0));
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits: String = zone.chars().skip(1).filter(|character| *character != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i64>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    Some(Some(sign * (hours * 60 + minutes)))
}

/// Whether a timestamp in ISO form says its zone; without one it means what TimeZone says when it is read.
pub fn says_zone(text: &str) -> bool {
    timestamp(text).is_some_and(|(_, _, offset)| offset.is_some())
}

/// A timestamp with time zone in UTC.
fn zoned(text: &str) -> Option<String> {
    let (day, time, offset) = timestamp(text)?;
    let (year, month, day) = date(&day)?;
    let hour: i64 = time.get(..2)?.parse().ok()?;
    let minute: i64 = time.get(3..5)?.parse().ok()?;
    let minutes = days_from_civil(year, month, day) * 1440 + hour * 60 + minute - offset.unwrap_or(0);
    let (year, month, day) = civil_from_days(minutes.div_euclid(1440));
    let (hour, minute) = (minutes.rem_euclid(1440) / 60, minutes.rem_euclid(60));
    let seconds = time.get(5..)?;
    Some(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}{seconds}+00"
    ))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date that many days after 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(text: &str, data_type: &str) -> Option<String> {
        output(text, &DataType::system(data_type))
    }

    #[test]
    fn a_literal_is_shown_as_its_type_shows_it() {
        assert_eq!(shows(" 07", "int4").as_deref(), Some("7"));
        assert_eq!(shows("t", "bool").as_deref(), Some("true"));
        assert_eq!(shows("2024-01-01", "timestamp").as_deref(), Some("2024-01-01 00:00:00"));
        assert_eq!(
            shows("2024-01-01 01:30+02", "timestamptz").as_deref(),
            Some("2023-12-31 23:30:00+00")
        );
        assert_eq!(shows("01/02/2024", "date"), None, "DateStyle decides what this means");
    }
}
