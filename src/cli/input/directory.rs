//! Which files of a directory are read, and in which order, by the names that migration tools give.
//!
//! Knows names, not texts and no file system: the list may come from a revision. What is ambiguous is refused, since a
//! guess at an order is a guess at a schema.
//!
//! | tool | names | read |
//! |---|---|---|
//! | Underpin, golang-migrate, sqlx | `NUMBER_x.up.sql`, `NUMBER_x.down.sql` | the `.up.sql` files |
//! | Diesel | `NUMBER_x/up.sql`, `NUMBER_x/down.sql` | the `up.sql` files |
//! | db-migrate | `NUMBER-x-up.sql`, `NUMBER-x-down.sql` | the `-up.sql` files |
//! | Flyway | `V1_2__x.sql`, `R__x.sql`, `U1_2__x.sql`, `B1_2__x.sql` | versions in their order, then repeatable ones; not undo files |
//! | dbmate, goose, sql-migrate, rambler, tern, Prisma, Drizzle, plain files | `NUMBER_x.sql` | all, in the order of paths |

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};

/// The file that lists the changes of a Sqitch project in their order.
const SQITCH_PLAN: &str = "sqitch.plan";

/// Whether a file is of any interest: SQL, or the mark of a tool.
pub fn is_read(name: &str) -> bool {
    let last = file_name(name);
    last.to_ascii_lowercase().ends_with(".sql") || last == SQITCH_PLAN
}

/// The files to read, in order. Paths are relative to the directory `place`, with `/` between their parts.
///
/// # Errors
/// Names that leave the order or the direction open.
pub fn arrange(mut paths: Vec<String>, place: &str) -> Result<Vec<String>, Diagnostic> {
    if let Some(plan) = paths.iter().find(|path| file_name(path) == SQITCH_PLAN) {
        let message = format!("\"{place}/{plan}\" is a Sqitch plan, which is not read");
        let hint = "Deploy it to a scratch database and give a dump of that: pg_dump --schema-only.";
        return Err(Diagnostic::error(Code::UnsupportedInput, message).hint(hint));
    }
    paths.sort_by(|left, right| compare_paths(left, right));
    if paths.iter().any(|path| flyway(path).is_some()) {
        return flyway_order(paths, place);
    }
    let all: BTreeSet<String> = paths.iter().map(|path| path.to_ascii_lowercase()).collect();
    let direction = |path: &String| direction(path, &all);
    if !paths.iter().any(|path| direction(path) == Some(Direction::Up)) {
        return Ok(paths);
    }
    if let Some(other) = paths.iter().find(|path| direction(path).is_none()) {
        let message = format!("\"{place}/{other}\" stands among migrations and is none");
        let detail = "The directory holds .up.sql files, so its .sql files are migrations, and the place of this one in \
                      their order is not known.";
        return Err(Diagnostic::error(Code::UnsupportedInput, message)
            .detail(detail)
            .hint("Name it .up.sql, or put it elsewhere."));
    }
    paths.retain(|path| direction(path) == Some(Direction::Up));
    Ok(paths)
}

/// Which way a file leads, where its name says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// The direction that a name says. `-up.sql` says one only beside its `-down.sql`: it may end a sentence (`clean-up.sql`).
fn direction(path: &str, all: &BTreeSet<String>) -> Option<Direction> {
    let path = path.to_ascii_lowercase();
    let name = file_name(&path);
    let sibling = |ending: &str, other: &str| {
        let stem = path.strip_suffix(ending);
        stem.is_some_and(|stem| all.contains(&format!("{stem}{other}")))
    };
    if name == "up.sql" || name.ends_with(".up.sql") || sibling("-up.sql", "-down.sql") {
        Some(Direction::Up)
    } else if name == "down.sql" || name.ends_with(".down.sql") || sibling("-down.sql", "-up.sql") {
        Some(Direction::Down)
    } else {
        None
    }
}

/// What a name says to Flyway.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Flyway {
    /// `V1_2__x.sql`.
    Versioned(Vec<u64>),
    /// `B1_2__x.sql`: stands for all versions up to its own.
    Baseline(Vec<u64>),
    /// `U1_2__x.sql`.
    Undo,
    /// `R__x.sql`, by what stands after the underscores.
    Repeatable(String),
}

/// Reads a Flyway name; nothing for any other.
fn flyway(path: &str) -> Option<Flyway> {
    let name = file_name(path);
    let stem = name.strip_suffix(".sql").or_else(|| name.strip_suffix(".SQL"))?;
    let (head, description) = stem.split_once("__")?;
    if head == "R" {
        return Some(Flyway::Repeatable(description.to_owned()));
    }
    let version = |text: &str| -> Option<Vec<u64>> {
        let parts = text.split(['.', '_']);
        parts.map(|part| part.parse::<u64>().ok()).collect()
    };
    if let Some(text) = head.strip_prefix('V') {
        version(text).map(Flyway::Versioned)
    } else if let Some(text) = head.strip_prefix('B') {
        version(text).map(Flyway::Baseline)
    } else {
        let parts: Option<Vec<u64>> = version(head.strip_prefix('U')?);
        parts.map(|_| Flyway::Undo)
    }
}

/// The order in which Flyway migrates an empty database: the last baseline, the versions above it, what is repeatable.
fn flyway_order(paths: Vec<String>, place: &str) -> Result<Vec<String>, Diagnostic> {
    let refuse = |message: String, hint: &str| Err(Diagnostic::error(Code::AmbiguousMigrations, message).hint(hint));
    let mut baseline: Option<(Vec<u64>, String)> = None;
    let mut versioned: Vec<(Vec<u64>, String)> = Vec::new();
    let mut repeatable: Vec<(String, String)> = Vec::new();
    for path in paths {
        match flyway(&path) {
            Some(Flyway::Versioned(version)) => versioned.push((significant(version), path)),
            Some(Flyway::Baseline(version)) => {
                let version = significant(version);
                if baseline.as_ref().is_none_or(|(other, _)| *other < version) {
                    baseline = Some((version, path));
                }
            }
            Some(Flyway::Undo) => {}
            Some(Flyway::Repeatable(description)) => repeatable.push((description, path)),
            None => {
                let message = format!("\"{place}/{path}\" stands among Flyway migrations and is none");
                let hint = "Name it by Flyway's rules (V1__what.sql, R__what.sql), or put it elsewhere; callbacks are not run.";
                return refuse(message, hint);
            }
        }
    }
    versioned.sort();
    repeatable.sort();
    for (one, other) in versioned.iter().zip(versioned.iter().skip(1)) {
        if one.0 == other.0 {
            let message = format!("\"{place}/{}\" and \"{place}/{}\" have one version", one.1, other.1);
            return refuse(
                message,
                "Give one of them another version; which comes first is not known.",
            );
        }
    }
    if let Some((version, _)) = &baseline {
        versioned.retain(|(other, _)| other > version);
    }
    let first = baseline.into_iter().chain(versioned).map(|(_, path)| path);
    Ok(first.chain(repeatable.into_iter().map(|(_, path)| path)).collect())
}

/// A version without the zeros at its end: 1.0 is 1.
fn significant(mut version: Vec<u64>) -> Vec<u64> {
    while version.last() == Some(&0) {
        version.pop();
    }
    version
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Orders paths part by part; `2_b` stands before `10_a`.
fn compare_paths(left: &str, right: &str) -> Ordering {
    let key = |part: &str| {
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        // Without leading zeros the longer number is the greater one, whatever its length.
        let number = part[..digits].trim_start_matches('0').to_owned();
        (digits == 0, number.len(), number, part.to_owned())
    };
    left.split('/').map(key).cmp(right.split('/').map(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged(names: &[&str]) -> Result<Vec<String>, Diagnostic> {
        arrange(names.iter().map(|name| (*name).to_owned()).collect(), "migrations")
    }

    #[test]
    fn numbers_count_as_numbers_and_only_ups_are_read() {
        for (names, read) in [
            (
                &["10_a.sql", "2_b.sql", "b/1.sql"][..],
                &["2_b.sql", "10_a.sql", "b/1.sql"][..],
            ),
            (
                &["2_a.up.sql", "1_b.up.sql", "1_b.down.sql"],
                &["1_b.up.sql", "2_a.up.sql"],
            ),
            (
                &["2_a/up.sql", "2_a/down.sql", "1_b/up.sql"],
                &["1_b/up.sql", "2_a/up.sql"],
            ),
            (
                &["1-a-up.sql", "1-a-down.sql", "2-b-up.sql", "2-b-down.sql"],
                &["1-a-up.sql", "2-b-up.sql"],
            ),
            (&["1-clean-up.sql", "2-more.sql"], &["1-clean-up.sql", "2-more.sql"]),
        ] {
            assert_eq!(arranged(names).unwrap(), read);
        }
        assert_eq!(
            arranged(&["1_a.up.sql", "seed.sql"]).unwrap_err().code,
            Code::UnsupportedInput
        );
    }

    #[test]
    fn flyway_versions_are_numbers_and_what_is_repeatable_comes_last() {
        let names = [
            "R__views.sql",
            "V10__c.sql",
            "V2__b.sql",
            "V1.1__a.sql",
            "U2__b.sql",
            "V1_0__first.sql",
        ];
        let order = [
            "V1_0__first.sql",
            "V1.1__a.sql",
            "V2__b.sql",
            "V10__c.sql",
            "R__views.sql",
        ];
        assert_eq!(arranged(&names).unwrap(), order);
        let with_baseline = ["V1__a.sql", "B2__all.sql", "V2__b.sql", "V3__c.sql"];
        assert_eq!(arranged(&with_baseline).unwrap(), ["B2__all.sql", "V3__c.sql"]);
        for names in [["V1__a.sql", "V1_0__b.sql"], ["V1__a.sql", "afterMigrate.sql"]] {
            assert_eq!(
                arranged(&names).unwrap_err().code,
                Code::AmbiguousMigrations,
                "{names:?}"
            );
        }
    }

    #[test]
    fn a_sqitch_project_is_refused() {
        let error = arranged(&["sqitch.plan", "deploy/a.sql", "revert/a.sql"]).unwrap_err();
        assert_eq!(error.code, Code::UnsupportedInput);
    }
}
