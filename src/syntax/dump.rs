//! Whether a text is pg_dump's.
//!
//! Knows the lines that pg_dump begins with (`RestoreArchive` in `pg_backup_archiver.c`, `_selectOutputSchema`). A dump
//! says what stands in a catalog, a script what is to be done; some words mean another thing in the one than in the other.

/// Lines that pg_dump writes; some projects keep its statements and leave out its comments.
const FIRST_COMMENT: &str = "-- PostgreSQL database dump";
const SETTINGS: [&str; 2] = [
    "SELECT pg_catalog.set_config('search_path', '', false);",
    "SET check_function_bodies = false;",
];
/// How far down these lines can stand.
const BEGINNING: usize = 64;

/// Whether a text is pg_dump's.
pub fn is_dump(text: &str) -> bool {
    let beginning: Vec<&str> = text.lines().take(BEGINNING).map(str::trim_end).collect();
    let has = |line: &str| beginning.contains(&line);
    has(FIRST_COMMENT) || SETTINGS.iter().all(|line| has(line))
}

/// The major version of the server that a dump was made of, where its comments say it.
pub fn dumped_from(text: &str) -> Option<u16> {
    let mut lines = text.lines().take(BEGINNING);
    let version = lines.find_map(|line| line.strip_prefix("-- Dumped from database version "))?;
    let major: String = version.chars().take_while(char::is_ascii_digit).collect();
    major.parse().ok()
}

/// Whether every time with a zone that a dump shows stands at offset zero, and there is one: its server's zone is UTC then,
/// or one that is never away from it on those days.
pub fn shows_utc(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut found = false;
    // `00:00:00+00'`, with a fraction perhaps: the end of a time with its seconds and an offset.
    for (end, _) in text.match_indices('\'') {
        let Some(start) = end.checked_sub(3) else { continue };
        let [sign @ (b'+' | b'-'), tens, ones] = bytes[start..end] else {
            continue;
        };
        let before = text.get(..start).unwrap_or_default();
        let clock = before
            .trim_end_matches(|character: char| character.is_ascii_digit() || character == '.' || character == ':');
        let is_clock = before.len() - clock.len() >= "00:00:00".len();
        if !is_clock || !tens.is_ascii_digit() || !ones.is_ascii_digit() {
            continue;
        }
        if (sign, tens, ones) != (b'+', b'0', b'0') {
            return false;
        }
        found = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_shows_its_zone_by_its_times() {
        assert!(shows_utc(
            "FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00.5+00')"
        ));
        assert!(!shows_utc(
            "FROM ('2026-01-01 00:00:00+00') TO ('2026-07-01 00:00:00+01')"
        ));
        assert!(!shows_utc("DEFAULT 'a+00'"), "no time at all");
    }

    #[test]
    fn a_dump_says_which_server_it_was_made_of() {
        let text = "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 14.23 (Debian 14.23-1)\n";
        assert_eq!(dumped_from(text), Some(14));
        assert_eq!(dumped_from("CREATE TABLE t (a int);"), None);
    }

    #[test]
    fn a_dump_is_known_with_and_without_its_comments() {
        assert!(is_dump(
            "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (a integer);\n"
        ));
        assert!(is_dump(&SETTINGS.join("\n")));
        assert!(!is_dump("SET check_function_bodies = false;\nCREATE TABLE t (a int);"));
        assert!(!is_dump(
            "-- made from a PostgreSQL database dump\nCREATE TABLE t (a int);"
        ));
    }
}
