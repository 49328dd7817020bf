//! The bodies of sync functions, in PL/pgSQL.
//!
//! A value over the row's columns is computed by a query whose only row is NEW under the table's name, so that the
//! expression stands as it was given and needs no rewriting.

use super::action::alias;
use super::identity::identity;
use super::quote::ident;
use super::template::template_over;
use crate::catalog::{Ident, ObjectId, Template};
use crate::dialect::postgres::action::sync::{ColumnSync, GoneRow, MissingRow, RowSync, Sync};

/// The body of the function, from BEGIN to END.
pub fn body(sync: &Sync) -> String {
    match sync {
        Sync::Columns { table, columns } => column_body(table, columns, &[]),
        Sync::Followers {
            table,
            columns,
            followers,
        } => column_body(table, columns, followers),
        Sync::Rows(rows) => row_body(rows),
    }
}

fn column_body(table: &ObjectId, columns: &[ColumnSync], followers: &[(ObjectId, Template)]) -> String {
    let blocks: Vec<String> = columns.iter().map(|column| column_block(table, column)).collect();
    let followers: Vec<String> = followers
        .iter()
        .map(|(column, follows)| {
            format!(
                "    NEW.{} := {};\n",
                ident(&column.last_name()),
                value(table, follows, "NEW")
            )
        })
        .collect();
    format!(
        "\nBEGIN\n{}{}    RETURN NEW;\nEND\n",
        blocks.concat(),
        followers.concat()
    )
}

/// One pair of columns. On INSERT a value in the new column means that the new application wrote the row; on UPDATE the
/// column that changed alone is the one that was written, and the old one wins otherwise, which also heals a row.
fn column_block(table: &ObjectId, sync: &ColumnSync) -> String {
    let new = ident(&sync.new.last_name());
    let up = value(table, &sync.up, "NEW");
    match (&sync.old, &sync.down) {
        (Some(old), Some(down)) => {
            let old = ident(&old.last_name());
            let down = value(table, down, "NEW");
            format!(
                "    IF TG_OP = 'INSERT' THEN
        IF NEW.{new} IS NOT NULL THEN
            NEW.{old} := {down};
        ELSE
            NEW.{new} := {up};
        END IF;
    ELSIF NEW.{new} IS DISTINCT FROM OLD.{new} AND NEW.{old} IS NOT DISTINCT FROM OLD.{old} THEN
        NEW.{old} := {down};
    ELSE
        NEW.{new} := {up};
    END IF;
"
            )
        }
        (Some(old), None) => {
            let old = ident(&old.last_name());
            format!(
                "    IF NEW.{new} IS NULL OR (TG_OP = 'UPDATE' AND NEW.{old} IS DISTINCT FROM OLD.{old}) THEN
        NEW.{new} := {up};
    END IF;
"
            )
        }
        (None, Some(_) | None) => format!(
            "    IF NEW.{new} IS NULL THEN
        NEW.{new} := {up};
    END IF;
"
        ),
    }
}

/// The row of the other table. Every write is conditional on a difference, so that two such triggers, one each way,
/// come to rest after one echo.
fn row_body(sync: &RowSync) -> String {
    let to = identity(&sync.to);
    let gone = gone(sync, &to);
    let mut text = "\nBEGIN\n".to_owned();
    if let Some(gone) = &gone {
        text.push_str(&format!(
            "    IF TG_OP = 'DELETE' THEN\n        {gone};\n        RETURN NULL;\n    END IF;\n"
        ));
        let changed: Vec<String> = sync
            .key
            .iter()
            .map(|(_, from)| {
                let from = ident(&from.last_name());
                format!("NEW.{from} IS DISTINCT FROM OLD.{from}")
            })
            .collect();
        text.push_str(&format!(
            "    IF TG_OP = 'UPDATE' AND ({}) THEN\n        {gone};\n    END IF;\n",
            changed.join(" OR ")
        ));
    }
    text.push_str(&format!("    {};\n    RETURN NULL;\nEND\n", present(sync, &to)));
    text
}

/// The statement that writes the other row.
fn present(sync: &RowSync, to: &str) -> String {
    let keys: Vec<String> = sync.key.iter().map(|(to, _)| ident(&to.last_name())).collect();
    let columns: Vec<String> = sync.columns.iter().map(|(to, _)| ident(&to.last_name())).collect();
    let alias = alias(&sync.from);
    let values: Vec<String> = sync
        .columns
        .iter()
        .map(|(_, value)| template_over(value, &sync.from, &alias))
        .collect();
    let behind = |prefix: &str| {
        let listed: Vec<String> = columns.iter().map(|column| format!("{prefix}.{column}")).collect();
        listed.join(", ")
    };
    let set = |prefix: &str| {
        let listed: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} = {prefix}.{column}"))
            .collect();
        listed.join(", ")
    };
    match sync.missing {
        MissingRow::Insert => {
            let key_values: Vec<String> = sync
                .key
                .iter()
                .map(|(_, from)| format!("{alias}.{}", ident(&from.last_name())))
                .collect();
            let target = [keys.clone(), columns.clone()].concat().join(", ");
            let source = [key_values, values].concat().join(", ");
            let conflict = if columns.is_empty() {
                "NOTHING".to_owned()
            } else {
                format!(
                    "UPDATE SET {}\n        WHERE ({}) IS DISTINCT FROM ({})",
                    set("excluded"),
                    behind("underpin_other"),
                    behind("excluded")
                )
            };
            format!(
                "INSERT INTO {to} AS underpin_other ({target})
        SELECT {source} FROM (SELECT NEW.*) AS {alias}
        ON CONFLICT ({}) DO {conflict}",
                keys.join(", ")
            )
        }
        MissingRow::Ignore => {
            let named: Vec<String> = values
                .iter()
                .zip(&columns)
                .map(|(value, column)| format!("{value} AS {column}"))
                .collect();
            format!(
                "UPDATE {to} AS underpin_other SET {}
        FROM (SELECT {} FROM (SELECT NEW.*) AS {alias}) AS underpin_row
        WHERE {} AND ({}) IS DISTINCT FROM ({})",
                set("underpin_row"),
                named.join(", "),
                key_condition(sync, "underpin_other", "NEW"),
                behind("underpin_other"),
                behind("underpin_row")
            )
        }
    }
}

/// The statement for a row that went, or whose key changed; none where nothing is to be done.
fn gone(sync: &RowSync, to: &str) -> Option<String> {
    let condition = key_condition(sync, "underpin_other", "OLD");
    match sync.gone {
        GoneRow::Delete => Some(format!("DELETE FROM {to} AS underpin_other WHERE {condition}")),
        GoneRow::Empty => {
            let columns: Vec<String> = sync.columns.iter().map(|(to, _)| ident(&to.last_name())).collect();
            let set: Vec<String> = columns.iter().map(|column| format!("{column} = NULL")).collect();
            let held: Vec<String> = columns
                .iter()
                .map(|column| format!("underpin_other.{column} IS NOT NULL"))
                .collect();
            Some(format!(
                "UPDATE {to} AS underpin_other SET {} WHERE {condition} AND ({})",
                set.join(", "),
                held.join(" OR ")
            ))
        }
        GoneRow::Ignore => None,
    }
}

fn key_condition(sync: &RowSync, other: &str, row: &str) -> String {
    let equal: Vec<String> = sync
        .key
        .iter()
        .map(|(to, from)| {
            format!(
                "{other}.{} = {row}.{}",
                ident(&to.last_name()),
                ident(&from.last_name())
            )
        })
        .collect();
    equal.join(" AND ")
}

/// A value over the columns of the row in `record`.
fn value(table: &ObjectId, template: &Template, record: &str) -> String {
    let own = |column: &Ident| format!("{record}.{}", ident(column));
    match (template.as_column(), template.as_text()) {
        (Some(column), _) => own(column),
        (None, Some(constant)) => constant.to_owned(),
        (None, None) => {
            let alias = alias(table);
            format!(
                "(SELECT {} FROM (SELECT {record}.*) AS {alias})",
                template_over(template, table, &alias)
            )
        }
    }
}
