//! `--stats FILE`: how large tables are, as a query wrote it down.
//!
//! Knows the form: a JSON list of `{"schema": …, "table": …, "rows": …, "bytes": …}`, where `rows` is null for a table that
//! nobody has counted. `null` alone, which is what a query over no tables gives, is an empty list.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::catalog::QualifiedName;
use crate::diagnostic::{Code, Diagnostic};
use crate::snapshot::intent::{Size, Sizes};

/// One table of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    schema: String,
    table: String,
    #[serde(default)]
    rows: Option<u64>,
    #[serde(default)]
    bytes: Option<u64>,
}

/// Reads the sizes of tables.
///
/// # Errors
/// The file cannot be read, or is not of this form.
pub fn read(file: &Path) -> Result<Sizes, Box<Diagnostic>> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        let message = format!("could not read \"{name}\": {error}");
        Box::new(Diagnostic::error(Code::UnreadableFile, message))
    })?;
    parse(&text).map_err(|error| {
        let hint = "Write it with the query that README.md gives under \"Sizes of tables\".";
        let message = format!("could not read sizes of tables from \"{name}\": {error}");
        Box::new(Diagnostic::error(Code::MalformedSizes, message).hint(hint))
    })
}

fn parse(text: &str) -> Result<Sizes, serde_json::Error> {
    let tables: Option<Vec<Table>> = serde_json::from_str(text)?;
    let sizes = tables.into_iter().flatten().map(|table| {
        let size = Size {
            rows: table.rows,
            bytes: table.bytes,
        };
        (QualifiedName::new(table.schema.as_str(), table.table.as_str()), size)
    });
    Ok(sizes.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tables_is_read_and_anything_else_is_not() {
        let read = parse("[{\"schema\":\"app\",\"table\":\"T\",\"rows\":null,\"bytes\":8192}]").unwrap();
        let size = Size {
            rows: None,
            bytes: Some(8192),
        };
        assert_eq!(read, Sizes::from([(QualifiedName::new("app", "T"), size)]));
        assert!(parse("null").unwrap().is_empty());
        assert!(parse("[{\"schema\":\"app\",\"table\":\"t\",\"rows\":-1}]").is_err());
        assert!(parse("[{\"name\":\"app.t\"}]").is_err());
    }
}
