//! Whether a default gives another value for every row, so that ADD COLUMN would write the whole table anew.
//!
//! PostgreSQL evaluates a default that is not volatile once and keeps the value in the catalog (manual, ALTER TABLE,
//! Notes). Routines of the schema say themselves what they are; of PostgreSQL's own functions the volatile ones that can
//! stand in a default are listed here, and a function that is neither known nor PostgreSQL's own counts as volatile.

use crate::catalog::routine::Volatility;
use crate::catalog::{Catalog, Object, ObjectId, Piece, Template};

/// PostgreSQL's own volatile functions that give a value (`pg_proc.provolatile = 'v'`), and those of the extensions
/// that make keys.
const VOLATILE: [&str; 24] = [
    "random",
    "random_normal",
    "nextval",
    "setval",
    "currval",
    "lastval",
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "clock_timestamp",
    "timeofday",
    "pg_current_xact_id",
    "txid_current",
    "set_config",
    "pg_notify",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "gen_random_bytes",
    "gen_salt",
    "nanoid",
    "gen_ulid",
    "uuid_generate_v7",
    "pg_sleep",
];

/// Whether an expression is evaluated anew for every row.
pub(super) fn is_volatile(catalog: &Catalog, expression: &Template) -> bool {
    expression.pieces().iter().any(|piece| match piece {
        Piece::Text(text) => called_names(text).iter().any(|name| VOLATILE.contains(name)),
        Piece::Reference(id @ ObjectId::Routine(..), _) => is_volatile_routine(catalog, id),
        Piece::Reference(_, _) | Piece::Output(..) => false,
    })
}

fn is_volatile_routine(catalog: &Catalog, id: &ObjectId) -> bool {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Routine(routine)) => routine.volatility == Volatility::Volatile,
        _ => true,
    }
}

/// The names that stand before an opening parenthesis, literals aside.
fn called_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    for (position, character) in text.char_indices() {
        if character == '\'' {
            quoted = !quoted;
        }
        if quoted || character.is_alphanumeric() || character == '_' {
            continue;
        }
        if character == '(' && start < position {
            names.push(&text[start..position]);
        }
        start = position + character.len_utf8();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_the_moment_are_stable_and_those_of_the_row_volatile() {
        let catalog = Catalog::default();
        for (text, volatile) in [
            ("0", false),
            ("'random()'::text", false),
            ("now()", false),
            ("CURRENT_TIMESTAMP", false),
            ("(now() + '1 day'::interval)", false),
            ("gen_random_uuid()", true),
            ("md5((random())::text)", true),
            ("nextval('s'::regclass)", true),
        ] {
            assert_eq!(is_volatile(&catalog, &Template::text(text)), volatile, "{text}");
        }
    }
}
