//! Dates and times in ISO form (`datetime.c`; pg_dump sets DateStyle `ISO`).
//!
//! Knows forms that mean the same under every DateStyle: those that begin with a year of four digits. A time with time
//! zone needs its offset in the text; it is shown in UTC.

use super::Zone;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Day {
    year: i64,
    month: i64,
    day: i64,
}

/// Whether the text means the time at which it is read.
pub(super) fn is_now(text: &str) -> bool {
    let word = text.trim().to_ascii_lowercase();
    let word = word.strip_suffix("()").unwrap_or(&word);
    let first = word.split_whitespace().next().unwrap_or_default();
    ["now", "today", "tomorrow", "yesterday"].contains(&first)
}

/// Whether the text is in ISO form but for the offset of its zone.
pub(super) fn lacks_zone(text: &str) -> bool {
    timestamp(text).is_some_and(|(.., offset)| offset.is_none()) || time_of_day(text).is_some()
}

/// Values that are words; they mean the same everywhere.
fn infinite(text: &str) -> Option<String> {
    let word = text.trim().to_ascii_lowercase();
    matches!(word.as_str(), "infinity" | "-infinity").then_some(word)
}

fn is_epoch(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("epoch")
}

/// A date.
pub(super) fn date_output(text: &str) -> Option<String> {
    if is_epoch(text) {
        return Some("1970-01-01".to_owned());
    }
    // A time of day behind a date says nothing.
    infinite(text).or_else(|| timestamp(text).map(|(day, ..)| day.to_string()))
}

/// A timestamp without time zone; the offset of a zone in it says nothing.
pub(super) fn timestamp_output(text: &str) -> Option<String> {
    if is_epoch(text) {
        return Some("1970-01-01 00:00:00".to_owned());
    }
    infinite(text).or_else(|| timestamp(text).map(|(day, time, _)| format!("{day} {time}")))
}

/// The day after one that is written in ISO form.
pub(super) fn day_after(text: &str) -> Option<String> {
    let day = date(text)?;
    let (year, month, day) = civil_from_days(days_from_civil(day.year, day.month, day.day) + 1);
    Some(Day { year, month, day }.to_string())
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `2024-01-31`, `2024-1-31`, `2024/01/31`, `20240131`.
fn date(text: &str) -> Option<Day> {
    let number = |part: &str, least: usize, most: usize| {
        let is_number = (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<i64>().ok()).flatten()
    };
    let parts: Vec<&str> = match text.split(['-', '/']).collect::<Vec<_>>().as_slice() {
        [all] if all.len() == 8 && all.is_ascii() => vec![&all[..4], &all[4..6], &all[6..]],
        [year, month, day] => vec![year, month, day],
        _ => return None,
    };
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let day = Day {
        year: number(year, 4, 4)?,
        month: number(month, 1, 2)?,
        day: number(day, 1, 2)?,
    };
    let is_real = day.year > 0 && (1..=12).contains(&day.month) && (1..=31).contains(&day.day);
    is_real.then_some(day)
}

/// Date, time and zone offset (in minutes, where one is written) of a timestamp in ISO form.
fn timestamp(text: &str) -> Option<(Day, String, Option<i64>)> {
    let text = text.trim();
    let (day, rest) = match text.split_once([' ', 'T', 't']) {
        Some((day, rest)) => (day, rest.trim()),
        None => (text, ""),
    };
    let day = date(day)?;
    let (time, zone) = split_zone(rest)?;
    let time = match time.trim() {
        "" => "00:00:00".to_owned(),
        time => time_of_day(time)?,
    };
    // The end of a day is shown as the beginning of the next.
    let is_end = time.starts_with("24");
    (!is_end).then_some((day, time, offset(zone)?))
}

/// A time of day and the zone behind it.
fn split_zone(text: &str) -> Option<(&str, &str)> {
    let lower = text.to_ascii_lowercase();
    for name in ["utc", "gmt", "z"] {
        if let Some(before) = lower.strip_suffix(name) {
            return text.split_at_checked(before.len());
        }
    }
    text.split_at_checked(text.find(['+', '-']).unwrap_or(text.len()))
}

/// A time of day in ISO form with its seconds, no zeros at the end of their fraction.
pub(super) fn time_of_day(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if lower == "allballs" {
        return Some("00:00:00".to_owned());
    }
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim_end(), Some(0)),
        (_, Some(clock)) => (clock.trim_end(), Some(12)),
        (None, None) => (lower.as_str(), None),
    };
    let number = |part: &str, most: i64| -> Option<i64> {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let value: i64 = is_number.then(|| part.parse().ok()).flatten()?;
        (value <= most).then_some(value)
    };
    let parts: Vec<&str> = match clock.split(':').collect::<Vec<_>>().as_slice() {
        [all] if all.len() == 6 && all.is_ascii() => vec![&all[..2], &all[2..4], &all[4..]],
        [all] if all.len() == 4 && all.is_ascii() => vec![&all[..2], &all[2..]],
        [hour, minute] if !minute.contains('.') => vec![hour, minute],
        [hour, minute, second] => vec![hour, minute, second],
        _ => return None,
    };
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, *second),
        _ => return None,
    };
    let (mut hour, minute) = (number(hour, 24)?, number(minute, 59)?);
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
    let second = number(whole, 59)?;
    let fraction = fraction.trim_end_matches('0');
    let is_short = fraction.len() <= 6 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let is_past_end = hour == 24 && (minute, second, fraction) != (0, 0, "");
    if !is_short || is_past_end {
        return None;
    }
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute:02}:{second:02}{point}{fraction}"))
}

/// The offset of a zone in minutes: `Some(None)` where none is written, `None` where it is not understood.
fn offset(zone: &str) -> Option<Option<i64>> {
    let zone = zone.trim();
    if zone.is_empty() {
        return Some(None);
    }
    if ["z", "utc", "gmt"].contains(&zone.to_ascii_lowercase().as_str()) {
        return Some(Some(0));
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let number = |part: &str, most: i64| -> Option<i64> {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let value: i64 = is_number.then(|| part.parse().ok()).flatten()?;
        (value <= most).then_some(value)
    };
    Some(Some(sign * (number(hours, 15)? * 60 + number(minutes, 59)?)))
}

/// The offset of a text that names none.
fn assumed(zone: Zone) -> Option<i64> {
    match zone {
        Zone::Unknown => None,
        Zone::Utc => Some(0),
    }
}

/// A timestamp with time zone in UTC; without an offset it is not known.
pub(super) fn zoned(text: &str, zone: Zone) -> Option<String> {
    if is_epoch(text) {
        return Some("1970-01-01 00:00:00+00".to_owned());
    }
    if let Some(word) = infinite(text) {
        return Some(word);
    }
    let (day, time, offset) = timestamp(text)?;
    let hour: i64 = time.get(..2)?.parse().ok()?;
    let minute: i64 = time.get(3..5)?.parse().ok()?;
    let minutes =
        days_from_civil(day.year, day.month, day.day) * 1440 + hour * 60 + minute - offset.or(assumed(zone))?;
    let (year, month, day) = civil_from_days(minutes.div_euclid(1440));
    let (hour, minute) = (minutes.rem_euclid(1440) / 60, minutes.rem_euclid(60));
    let seconds = time.get(5..)?;
    let day = Day { year, month, day };
    Some(format!("{day} {hour:02}:{minute:02}{seconds}+00"))
}

/// A time of day with the offset of its zone, which it keeps.
pub(super) fn zoned_time(text: &str, session: Zone) -> Option<String> {
    let (time, zone) = split_zone(text.trim())?;
    let time = time_of_day(time)?;
    let offset = offset(zone)?.or(assumed(session))?;
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    Some(match minutes {
        0 => format!("{time}{sign}{hours:02}"),
        _ => format!("{time}{sign}{hours:02}:{minutes:02}"),
    })
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
