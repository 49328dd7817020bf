//! Constants: the text of a literal as its type's output function shows it.
//!
//! Knows the types whose values have one plain form. `None` is "not known", never "the same": such a text stays as it is
//! written. What a text means may depend on a setting of the session; that is said by [`doubt`].

mod array;
mod interval;
mod json;
mod network;
mod number;
mod range;
mod time;

use crate::catalog::{Array, DataType, Doubt};

/// The time zone of a session, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Zone {
    /// Nobody has said it.
    #[default]
    Unknown,
    /// UTC.
    Utc,
}

/// The text that a type shows for the value of a literal's text; `None` where that is not known.
pub(in crate::dialect::postgres) fn output(text: &str, data_type: &DataType, zone: Zone) -> Option<String> {
    if !data_type.name.is_system() {
        return None;
    }
    let name = data_type.name.name.as_str();
    match data_type.array {
        Array::Array => array::output(text, name, zone),
        Array::Scalar => scalar(text, name, zone),
    }
}

/// The text of a value of one of PostgreSQL's own types by its internal name.
fn scalar(text: &str, name: &str, zone: Zone) -> Option<String> {
    match name {
        "int2" => number::integer(text)
            .and_then(|value| i16::try_from(value).ok())
            .map(|value| value.to_string()),
        "int4" => number::integer(text)
            .and_then(|value| i32::try_from(value).ok())
            .map(|value| value.to_string()),
        "int8" => number::integer(text)
            .and_then(|value| i64::try_from(value).ok())
            .map(|value| value.to_string()),
        "oid" => number::integer(text)
            .and_then(|value| u32::try_from(value).ok())
            .map(|value| value.to_string()),
        "numeric" => number::decimal(text),
        "float4" => number::real(text),
        "float8" => number::double(text),
        "bool" => number::truth(text).map(|value| value.to_string()),
        "text" | "varchar" | "name" => Some(text.to_owned()),
        "uuid" => network::uuid(text),
        "date" => time::date_output(text),
        "time" => time::time_of_day(text),
        "timetz" => time::zoned_time(text, zone),
        "timestamp" => time::timestamp_output(text),
        "timestamptz" => time::zoned(text, zone),
        "interval" => interval::output(text),
        "jsonb" => json::output(text),
        "inet" => network::inet(text),
        "cidr" => network::cidr(text),
        "macaddr" => network::macaddr(text),
        "bytea" => network::bytea(text),
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => {
            range::output(text, name, zone)
        }
        _ => None,
    }
}

/// What a literal's meaning depends on; `None` for nothing.
pub(in crate::dialect::postgres) fn doubt(text: &str, data_type: &DataType, zone: Zone) -> Option<Doubt> {
    if !data_type.name.is_system() {
        return None;
    }
    let name = data_type.name.name.as_str();
    if name == "money" {
        return Some(Doubt::Locale);
    }
    let has_time = matches!(
        name,
        "date" | "time" | "timetz" | "timestamp" | "timestamptz" | "daterange" | "tsrange" | "tstzrange"
    );
    if !has_time || output(text, data_type, zone).is_some() {
        return None;
    }
    if data_type.array == Array::Scalar && time::is_now(text) {
        return Some(Doubt::Now);
    }
    let zoned = matches!(name, "timetz" | "timestamptz" | "tstzrange");
    if zoned && data_type.array == Array::Scalar && time::lacks_zone(text) {
        return Some(Doubt::TimeZone);
    }
    match name {
        "time" | "timetz" => None,
        "tstzrange" => Some(Doubt::TimeZone),
        "timestamptz" if data_type.array == Array::Array => Some(Doubt::TimeZone),
        _ => Some(Doubt::DateStyle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(text: &str, name: &str) -> Option<String> {
        let (name, array) = match name.strip_suffix("[]") {
            Some(element) => (element, Array::Array),
            None => (name, Array::Scalar),
        };
        let data_type = DataType {
            array,
            ..DataType::system(name)
        };
        output(text, &data_type, Zone::Unknown)
    }

    /// Each taken from a server: what was written, and what pg_dump said of it.
    #[test]
    fn a_literal_is_shown_as_its_type_shows_it() {
        for (name, pairs) in [
            (
                "int4",
                &[(" 07", "7"), ("0x1F", "31"), ("-1", "-1"), ("1_000", "1000")][..],
            ),
            (
                "numeric",
                &[
                    ("1.50", "1.50"),
                    ("1e3", "1000"),
                    ("-0", "0"),
                    (".5", "0.5"),
                    ("5.", "5"),
                ],
            ),
            (
                "float8",
                &[
                    ("1e10", "10000000000"),
                    ("1e15", "1e+15"),
                    ("1.50", "1.5"),
                    ("1e-5", "1e-05"),
                    ("1e-4", "0.0001"),
                ],
            ),
            (
                "float8",
                &[
                    ("1e100", "1e+100"),
                    ("123456789.123456789", "123456789.12345679"),
                    ("inf", "Infinity"),
                    ("-0", "-0"),
                ],
            ),
            (
                "float4",
                &[
                    ("16777217", "1.6777216e+07"),
                    ("123456.789", "123456.79"),
                    ("1e10", "1e+10"),
                    ("0.1", "0.1"),
                ],
            ),
            ("bool", &[("t", "true"), ("of", "false")]),
            (
                "interval",
                &[
                    ("24:00", "24:00:00"),
                    ("1 hour", "01:00:00"),
                    ("1 year 2 months", "1 year 2 mons"),
                    ("-1 day", "-1 days"),
                ],
            ),
            (
                "interval",
                &[
                    ("P1Y2M3DT4H5M6S", "1 year 2 mons 3 days 04:05:06"),
                    ("@ 1 minute ago", "-00:01:00"),
                    ("0", "00:00:00"),
                ],
            ),
            (
                "interval",
                &[
                    ("1.5 hours", "01:30:00"),
                    ("100ms", "00:00:00.1"),
                    ("1 week", "7 days"),
                    ("90 minutes", "01:30:00"),
                    ("-1 day 2:00", "-1 days +02:00:00"),
                ],
            ),
            (
                "date",
                &[
                    ("2020-1-5", "2020-01-05"),
                    ("20200105", "2020-01-05"),
                    ("2020/01/05", "2020-01-05"),
                    ("epoch", "1970-01-01"),
                ],
            ),
            (
                "timestamp",
                &[
                    ("2024-01-01", "2024-01-01 00:00:00"),
                    ("2020-1-5 1:02:03", "2020-01-05 01:02:03"),
                    ("20200105T100000", "2020-01-05 10:00:00"),
                ],
            ),
            (
                "timestamptz",
                &[
                    ("2024-01-01 01:30+02", "2023-12-31 23:30:00+00"),
                    ("2020-01-05 10:00:00+0:00", "2020-01-05 10:00:00+00"),
                ],
            ),
            (
                "timestamptz",
                &[
                    ("2020-01-05 10:00:00 UTC", "2020-01-05 10:00:00+00"),
                    ("2020-01-05T10:00:00.120Z", "2020-01-05 10:00:00.12+00"),
                ],
            ),
            (
                "time",
                &[
                    ("1:02:03", "01:02:03"),
                    ("10:00 PM", "22:00:00"),
                    ("100000", "10:00:00"),
                    ("24:00", "24:00:00"),
                ],
            ),
            ("timetz", &[("10:00+02", "10:00:00+02"), ("10:00:00Z", "10:00:00+00")]),
            (
                "jsonb",
                &[
                    ("{\"b\":2,\"a\":1}", "{\"a\": 1, \"b\": 2}"),
                    ("[1,2]", "[1, 2]"),
                    ("{\"a\":1.0, \"a\":2}", "{\"a\": 2}"),
                    ("1e2", "100"),
                ],
            ),
            (
                "jsonb",
                &[
                    (
                        "{\"aa\":1,\"b\":[1, {\"z\":null}]}",
                        "{\"b\": [1, {\"z\": null}], \"aa\": 1}",
                    ),
                    ("{\"a\":\"\\u0041\"}", "{\"a\": \"A\"}"),
                ],
            ),
            (
                "int4[]",
                &[
                    ("{ 1, 2 }", "{1,2}"),
                    ("{{1,2},{3,4}}", "{{1,2},{3,4}}"),
                    ("{NULL,1}", "{NULL,1}"),
                    ("{}", "{}"),
                ],
            ),
            (
                "text[]",
                &[
                    ("{\"a\",\"b c\"}", "{a,\"b c\"}"),
                    ("{ a , b }", "{a,b}"),
                    ("{\"\",null}", "{\"\",NULL}"),
                    ("{a\\,b}", "{\"a,b\"}"),
                    ("{\"NULL\"}", "{\"NULL\"}"),
                ],
            ),
            ("date[]", &[("{2020-01-05,2020-1-6}", "{2020-01-05,2020-01-06}")]),
            (
                "inet",
                &[
                    ("10.0.0.1/32", "10.0.0.1"),
                    ("10.0.0.0/8", "10.0.0.0/8"),
                    ("2001:DB8::1", "2001:db8::1"),
                ],
            ),
            (
                "cidr",
                &[("10/8", "10.0.0.0/8"), ("10.1", "10.1.0.0/16"), ("::1/128", "::1/128")],
            ),
            (
                "macaddr",
                &[
                    ("08-00-2b-01-02-03", "08:00:2b:01:02:03"),
                    ("08002b010203", "08:00:2b:01:02:03"),
                ],
            ),
            (
                "bytea",
                &[
                    ("\\xDEADBEEF", "\\xdeadbeef"),
                    ("abc", "\\x616263"),
                    ("\\000a", "\\x0061"),
                ],
            ),
            (
                "int4range",
                &[
                    ("[1,5]", "[1,6)"),
                    ("(0,5]", "[1,6)"),
                    ("( 1 , 3 )", "[2,3)"),
                    ("empty", "empty"),
                    ("[1,)", "[1,)"),
                ],
            ),
            ("daterange", &[("[2020-01-01,2020-01-31]", "[2020-01-01,2020-02-01)")]),
            ("numrange", &[("[1.5,2]", "[1.5,2]")]),
            (
                "tsrange",
                &[(
                    "[2020-01-01,2020-02-01 10:00)",
                    "[\"2020-01-01 00:00:00\",\"2020-02-01 10:00:00\")",
                )],
            ),
        ] {
            for (text, shown) in pairs {
                assert_eq!(shows(text, name).as_deref(), Some(*shown), "{name} {text}");
                assert_eq!(
                    shows(shown, name).as_deref(),
                    Some(*shown),
                    "{name} {shown} is its own form"
                );
            }
        }
    }

    #[test]
    fn what_a_setting_decides_is_not_known() {
        for (name, text, doubt_found) in [
            ("date", "01/02/2024", Doubt::DateStyle),
            ("timestamptz", "2024-01-01", Doubt::TimeZone),
            ("timestamptz", "2024-01-01 10:00", Doubt::TimeZone),
            ("timetz", "10:00", Doubt::TimeZone),
            ("timestamptz", "NOW()", Doubt::Now),
            ("date", "today", Doubt::Now),
            ("money", "5", Doubt::Locale),
        ] {
            assert_eq!(shows(text, name), None, "{name} {text}");
            assert_eq!(
                doubt(text, &DataType::system(name), Zone::Unknown),
                Some(doubt_found),
                "{name} {text}"
            );
        }
        let zoned = DataType::system("timestamptz");
        assert_eq!(
            output("2024-01-01", &zoned, Zone::Utc).as_deref(),
            Some("2024-01-01 00:00:00+00")
        );
        assert_eq!(doubt("2024-01-01", &zoned, Zone::Utc), None);
        assert_eq!(doubt("2024-01-01", &DataType::system("date"), Zone::Unknown), None);
    }
}
