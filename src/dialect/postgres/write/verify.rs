//! Checks: DO blocks that raise an error when what should hold does not.

use super::action::{alias, index_name};
use super::identity::identity;
use super::quote::{ident, literal, qualified};
use super::template::template_over;
use super::{backfill, dollar_quote};
use crate::catalog::{Ident, ObjectId, Template};
use crate::dialect::postgres::action::verify::{NullsAre, Readable};
use crate::dialect::postgres::action::{Backfill, Expectation, Work};

/// The DO block of a check.
pub fn verify(expectation: &Expectation) -> String {
    let (failed, message) = failure(expectation);
    let unreadable = unreadable(expectation);
    let body = format!(
        "\nBEGIN\n{unreadable}    IF {failed} THEN\n        {}\n    END IF;\nEND\n",
        raise(&message)
    );
    format!("DO {}", dollar_quote(&body))
}

/// What ends the check where there is nothing to look at. The condition itself may name the relation only afterwards:
/// a query that names a materialized view without data fails however its WHERE clause turns out.
fn unreadable(expectation: &Expectation) -> String {
    match expectation {
        Expectation::NoDuplicates {
            relation,
            readable: Readable::OncePopulated,
            ..
        } => {
            let conditions = [
                format!("oid = to_regclass({})", literal(&identity(relation))),
                "relispopulated".to_owned(),
            ];
            let missing = missing("pg_catalog.pg_class", &conditions);
            format!("    IF {missing} THEN\n        RETURN;\n    END IF;\n")
        }
        Expectation::NoDuplicates { .. }
        | Expectation::NoRows { .. }
        | Expectation::Backfilled(_)
        | Expectation::NoOrphans { .. }
        | Expectation::ConstraintValid(_)
        | Expectation::NotNullValid(..)
        | Expectation::ColumnNotNull(_)
        | Expectation::IndexValid(_)
        | Expectation::IndexAbsent(_)
        | Expectation::NoPendingDetach(_)
        | Expectation::Exists(_)
        | Expectation::UsedByFunctionsOnly { .. }
        | Expectation::Empty(_) => String::new(),
    }
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
                exists(&table, &[over(condition, relation)]),
                format!("{table} has {what}"),
            )
        }
        Expectation::Backfilled(backfill) => backfilled(backfill),
        Expectation::NoDuplicates {
            relation,
            readable: _,
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
            let conditions = [
                of_relation("attrelid", &table),
                format!("attname = {}", literal(name.as_str())),
                "attnotnull".to_owned(),
            ];
            (
                missing("pg_catalog.pg_attribute", &conditions),
                format!("column {} of {table} is not NOT NULL", ident(&name)),
            )
        }
        Expectation::IndexValid(index) => {
            let name = index_name(index);
            let conditions = [of_relation("indexrelid", &name), "indisvalid".to_owned()];
            (
                missing("pg_catalog.pg_index", &conditions),
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
            let conditions = [of_relation("inhparent", &name), "inhdetachpending".to_owned()];
            (
                exists("pg_catalog.pg_inherits", &conditions),
                format!(
                    "a partition of {name} is being detached; finish it with ALTER TABLE … DETACH PARTITION … FINALIZE"
                ),
            )
        }
        Expectation::Exists(relation) => {
            let name = identity(relation);
            (
                format!("to_regclass({}) IS NULL", literal(&name)),
                format!("{name} is missing"),
            )
        }
        Expectation::UsedByFunctionsOnly { data_type, functions } => used_otherwise(data_type, functions),
        Expectation::Empty(relation) => {
            let name = identity(relation);
            (exists(&name, &[]), format!("{name} has rows"))
        }
    }
}

fn backfilled(backfill: &Backfill) -> (String, String) {
    let table = identity(&backfill.relation);
    let mut conditions = Vec::from_iter(backfill::remaining(backfill));
    match &backfill.work {
        Work::Update { assignments, .. } => {
            let columns: Vec<String> = assignments
                .iter()
                .map(|(column, _)| ident(&column.last_name()))
                .collect();
            (
                exists(&table, &conditions),
                format!("{table} has rows without their value in {}", columns.join(", ")),
            )
        }
        Work::Copy { into, columns, key, .. } => {
            let other = identity(into);
            let equal: Vec<String> = columns
                .iter()
                .filter(|(column, _)| key.contains(column))
                .map(|(column, value)| {
                    let value = over(value, &backfill.relation);
                    format!("underpin_other.{} = {value}", ident(&column.last_name()))
                })
                .collect();
            let copied = select(&format!("{other} AS underpin_other"), &equal, " ");
            conditions.push(format!("NOT EXISTS ({copied})"));
            (
                exists(&table, &conditions),
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
    let names = names.join(", ");
    let rows = select(&table, &conditions, LINE);
    (
        format!("EXISTS ({LINE}{rows}{LINE}GROUP BY {names}{LINE}HAVING count(*) > 1\n    )"),
        format!("{table} has rows that are equal in ({names})"),
    )
}

fn orphans(relation: &ObjectId, columns: &[ObjectId], table: &ObjectId, referenced: &[ObjectId]) -> (String, String) {
    let (child, parent) = (identity(relation), identity(table));
    let names: Vec<String> = columns.iter().map(|column| ident(&column.last_name())).collect();
    let equal: Vec<String> = names
        .iter()
        .zip(referenced)
        .map(|(name, referenced)| format!("parent.{} = child.{name}", ident(&referenced.last_name())))
        .collect();
    let found = select(&format!("{parent} AS parent"), &equal, " ");
    let mut conditions: Vec<String> = names.iter().map(|name| format!("child.{name} IS NOT NULL")).collect();
    conditions.push(format!("NOT EXISTS ({found})"));
    (
        exists(&format!("{child} AS child"), &conditions),
        format!("{child} has rows whose ({}) is not in {parent}", names.join(", ")),
    )
}

/// Dependencies of the ordinary kind on the type, its array type, its multirange types and its functions: by others than
/// these functions and the type itself. What belongs to one of them (an array type) depends on it in another kind.
fn used_otherwise(data_type: &ObjectId, functions: &[ObjectId]) -> (String, String) {
    let name = identity(data_type);
    let shown = literal(&name);
    let own: Vec<String> = functions
        .iter()
        .map(|function| format!("to_regprocedure({})", literal(&identity(function))))
        .collect();
    let own = format!("ARRAY[{}]::oid[]", own.join(", "));
    let types = format!(
        "SELECT unnest(ARRAY[t.oid, t.typarray, r.rngmultitypid]) FROM pg_catalog.pg_type t \
         LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid WHERE t.oid = to_regtype({shown})"
    );
    let on_type = format!("refclassid = 'pg_catalog.pg_type'::regclass AND refobjid IN ({types})");
    let on_function = format!("refclassid = 'pg_catalog.pg_proc'::regclass AND refobjid = ANY ({own})");
    let by_function = format!("classid = 'pg_catalog.pg_proc'::regclass AND objid = ANY ({own})");
    let by_type = format!("classid = 'pg_catalog.pg_type'::regclass AND objid = to_regtype({shown})");
    let conditions = [
        "deptype = 'n'".to_owned(),
        format!("({on_type} OR {on_function})"),
        format!("NOT ({by_function})"),
        format!("NOT ({by_type})"),
    ];
    (
        exists("pg_catalog.pg_depend", &conditions),
        format!("something that the plan does not know uses {name} or its functions"),
    )
}

fn constraint_valid(table: &str, name: &Ident) -> (String, String) {
    let conditions = [
        of_relation("conrelid", table),
        format!("conname = {}", literal(name.as_str())),
        "convalidated".to_owned(),
    ];
    (
        missing("pg_catalog.pg_constraint", &conditions),
        format!("constraint {} of {table} is missing or not validated", ident(name)),
    )
}

fn over(template: &Template, relation: &ObjectId) -> String {
    template_over(template, relation, &alias(relation))
}

/// A catalog's column that holds a relation; where there is none of the name, no row is found.
fn of_relation(column: &str, relation: &str) -> String {
    format!("{column} = to_regclass({})", literal(relation))
}

const LINE: &str = "\n        ";

/// `EXISTS (SELECT FROM … WHERE …)`, clause by clause on its own line.
fn exists(from: &str, conditions: &[String]) -> String {
    format!("EXISTS ({LINE}{}\n    )", select(from, conditions, LINE))
}

/// `NOT EXISTS (…)`, as [`exists`].
fn missing(from: &str, conditions: &[String]) -> String {
    format!("NOT {}", exists(from, conditions))
}

fn select(from: &str, conditions: &[String], separator: &str) -> String {
    if conditions.is_empty() {
        format!("SELECT FROM {from}")
    } else {
        format!("SELECT FROM {from}{separator}WHERE {}", conditions.join(" AND "))
    }
}
