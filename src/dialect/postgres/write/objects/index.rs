//! Indexes.

use super::column::collate;
use super::{column_list, if_not_exists};
use crate::catalog::ObjectId;
use crate::catalog::index::{Direction, Index, IndexKey, Nulls, Uniqueness};
use crate::dialect::postgres::action::{Create, CreateMode};
use crate::dialect::postgres::write::options::{parameters, tablespace_clause, with_clause};
use crate::dialect::postgres::write::{ident, identity, template};

/// `CREATE INDEX name ON table USING method (…) …`. The index is made in its table's schema.
pub fn create(create: &Create, index: &Index) -> String {
    let (unique, nulls) = match index.uniqueness {
        Uniqueness::None => ("", ""),
        Uniqueness::NoneNullsNotDistinct => ("", " NULLS NOT DISTINCT"),
        Uniqueness::Unique => ("UNIQUE ", ""),
        Uniqueness::NullsNotDistinct => ("UNIQUE ", " NULLS NOT DISTINCT"),
    };
    let (concurrently, only) = match create.mode {
        CreateMode::Plain | CreateMode::OrReplace => ("", ""),
        CreateMode::Concurrently => ("CONCURRENTLY ", ""),
        CreateMode::OnOnly => ("", "ONLY "),
    };
    let method = match index.method.as_str() {
        "btree" => String::new(),
        _ => format!(" USING {}", ident(&index.method)),
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    let predicate = index
        .predicate
        .as_ref()
        .map(|predicate| format!(" WHERE {}", template(predicate)));
    format!(
        "CREATE {unique}INDEX {concurrently}{}{} ON {only}{}{method} ({}){}{nulls}{}{}{}",
        if_not_exists(create.guard),
        ident(&create.id.last_name()),
        identity(&index.table),
        keys.join(", "),
        include_clause(&index.include),
        with_clause(&index.options),
        tablespace_clause(index.tablespace.as_ref()),
        predicate.unwrap_or_default()
    )
}

/// ` INCLUDE (…)` or nothing.
pub fn include_clause(columns: &[ObjectId]) -> String {
    if columns.is_empty() {
        String::new()
    } else {
        format!(" INCLUDE ({})", column_list(columns))
    }
}

/// One key: `lower(email) COLLATE "C" text_pattern_ops DESC NULLS LAST`.
pub fn key(key: &IndexKey) -> String {
    let order = match (key.direction, key.nulls) {
        (Direction::Ascending, Nulls::Last) => "",
        (Direction::Ascending, Nulls::First) => " NULLS FIRST",
        (Direction::Descending, Nulls::First) => " DESC",
        (Direction::Descending, Nulls::Last) => " DESC NULLS LAST",
    };
    let mut text = template(&key.expression);
    if let Some(collation) = &key.collation {
        text.push_str(&collate(collation));
    }
    if let Some(class) = &key.operator_class {
        text.push_str(&format!(" {}", template(class)));
    }
    if !key.operator_class_options.is_empty() {
        text.push_str(&format!(" ({})", parameters(&key.operator_class_options)));
    }
    text.push_str(order);
    text
}
