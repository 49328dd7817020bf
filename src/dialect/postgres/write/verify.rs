//! Checks: DO blocks that raise an error when what should hold does not.

use super::action::{alias, index_name};
use super::identity::identity;
use super::quote::{ident, literal, qualified};
use super::template::template_over;
use super::{backfill, dollar_quote};
use crate::catalog::{Ident, ObjectId, Template};
use crate::dialect::postgres::action::verify::NullsAre;
use crate::dialect::postgres::action::{Backfill, Expectation, Work};

/// The DO block of a check.
pub fn verify(expectation: &Expectation) -> String {
    let (failed, message) = failure(expectation);
    let body = format!(
        "\nBEGIN\n    IF {failed} THEN\n        {}\n    END IF;\nEND\n",
        raise(&message)
    );
    format!("DO {}", dollar_quote(&body))
}

/// `RAISE EXCEPTION 'message'`, with its semicolon.
pub(super) fn raise(message: &str) -> String {
    // A percent sign in the format of RAISE stands for an argument.
    format!("RAISE EXCEPTION {};", literal(&message.replace('%', "%%")))
}

/// The condition under which the expectation failed, and what to say then.
fn failure(expectation: &Expectation) -> (String, String) {
    match expectation {
        Expectation::NoRows {
            relation,
            condition,
            what,
        } => {
            let table = identity(relation);
            (
                exists(&format!("FROM {table} WHERE {}", over(condition, relation))),
                format!("{table} has {what}"),
            )
        }
        Expectation::Backfilled(backfill) => backfilled(backfill),
        Expectation::NoDuplicates {
            relation,
            columns,
            nulls,
            condition,
        } => duplicates(relation, columns, *nulls, condition.as_ref()),
        Expectation::NoOrphans {
            relation,
            columns,
            table,
            referenced,
        } => orphans(relation, columns, table, referenced),
        Expectation::ConstraintValid(id) => {
            let whole = id.qualified_name().map(qualified).unwrap_or_default();
            constraint_valid(&whole, &id.last_name())
        }
        Expectation::NotNullValid(relation, name) => constraint_valid(&identity(relation), name),
        Expectation::ColumnNotNull(column) => {
            let table = column.qualified_name().map(qualified).unwrap_or_default();
            let name = column.last_name();
            (
                missing(&format!(
                    "FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass({}) AND attname = {} AND attnotnull",
                    literal(&table),
                    literal(name.as_str())
                )),
                format!("column {} of {table} is not NOT NULL", ident(&name)),
            )
        }
        Expectation::IndexValid(index) => {
            let name = index_name(index);
            (
                missing(&format!(
                    "FROM pg_catalog.pg_index WHERE indexrelid = to_regclass({}) AND indisvalid",
                    literal(&name)
                )),
                format!("index {name} is missing or invalid"),
            )
        }
        Expectation::IndexAbsent(index) => {
            let name = index_name(index);
            (
                format!("to_regclass({}) IS NOT NULL", literal(&name)),
                format!("{name} exists already"),
            )
        }
        Expectation::NoPendingDetach(parent) => {
            let name = identity(parent);
            (
                exists(&format!(
                    "FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass({}) AND inhdetachpending",
                    literal(&name)
                )),
                format!(
                    "a partition of {name} is being detached; finish it with ALTER TABLE … DETACH PARTITION … FINALIZE"
                ),
            )
        }
        Expectation::Empty(relation) => {
            let name = identity(relation);
            (exists(&format!("FROM {name}")), format!("{name} has rows"))
        }
    }
}

fn backfilled(backfill: &Backfill) -> (String, String) {
    let table = identity(&backfill.relation);
    let remaining = backfill::remaining(backfill);
    match &backfill.work {
        Work::Update { assignments, .. } => {
            let columns: Vec<String> = assignments
                .iter()
                .map(|(column, _)| ident(&column.last_name()))
                .collect();
            (
                exists(&format!(
                    "FROM {table} WHERE {}",
                    remaining.unwrap_or("true".to_owned())
                )),
                format!("{table} has rows without their value in {}", columns.join(", ")),
            )
        }
        Work::Copy { into, columns, key, .. } => {
            let other = identity(into);
            let equal: Vec<String> = columns
                .iter()
                .filter(|(column, _)| key.contains(column))
                .map(|(column, value)| {
                    format!(
                        "underpin_other.{} = {}",
                        ident(&column.last_name()),
                        over(value, &backfill.relation)
                    )
                })
                .collect();
            let condition = remaining
                .map(|condition| format!("{condition} AND "))
                .unwrap_or_default();
            (
                exists(&format!(
                    "FROM {table} WHERE {condition}{}",
                    missing(&format!("FROM {other} AS underpin_other WHERE {}", equal.join(" AND ")))
                )),
                format!("{table} has rows that are not in {other}"),
            )
        }
    }
}

fn duplicates(
    relation: &ObjectId,
    columns: &[ObjectId],
    nulls: NullsAre,
    condition: Option<&Template>,
) -> (String, String) {
    let table = identity(relation);
    let names: Vec<String> = columns.iter().map(|column| ident(&column.last_name())).collect();
    let mut conditions: Vec<String> = Vec::new();
    conditions.extend(condition.map(|condition| format!("({})", over(condition, relation))));
    match nulls {
        NullsAre::Distinct => conditions.extend(names.iter().map(|name| format!("{name} IS NOT NULL"))),
        NullsAre::Equal => {}
    }
    let filter = if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    };
    let names = names.join(", ");
    (
        exists(&format!("FROM {table}{filter} GROUP BY {names} HAVING count(*) > 1")),
        format!("{table} has rows that are equal in ({names})"),
    )
}

fn orphans(relation: &ObjectId, columns: &[ObjectId], table: &ObjectId, referenced: &[ObjectId]) -> (String, String) {
    let (child, parent) = (identity(relation), identity(table));
    let names: Vec<String> = columns.iter().map(|column| ident(&column.last_name())).collect();
    let filled: Vec<String> = names.iter().map(|name| format!("child.{name} IS NOT NULL")).collect();
    let equal: Vec<String> = names
        .iter()
        .zip(referenced)
        .map(|(name, referenced)| format!("parent.{} = child.{name}", ident(&referenced.last_name())))
        .collect();
    (
        exists(&format!(
            "FROM {child} AS child WHERE {} AND {}",
            filled.join(" AND "),
            missing(&format!("FROM {parent} AS parent WHERE {}", equal.join(" AND ")))
        )),
        format!("{child} has rows whose ({}) is not in {parent}", names.join(", ")),
    )
}

fn constraint_valid(table: &str, name: &Ident) -> (String, String) {
    (
        missing(&format!(
            "FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass({}) AND conname = {} AND convalidated",
            literal(table),
            literal(name.as_str())
        )),
        format!("constraint {} of {table} is missing or not validated", ident(name)),
    )
}

fn over(template: &Template, relation: &ObjectId) -> String {
    template_over(template, relation, &alias(relation))
}

fn exists(from: &str) -> String {
    format!("EXISTS (SELECT {from})")
}

fn missing(from: &str) -> String {
    format!("NOT EXISTS (SELECT {from})")
}
