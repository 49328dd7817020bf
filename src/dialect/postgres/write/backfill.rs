//! Backfills: one DO block that walks a table in batches and commits after each.
//!
//! The loop is bounded (rows that come after its start pass through the sync trigger or have the value already),
//! adaptive (a batch holds its row locks for about 100 ms, so that nobody waits longer for a row), and throttled (it
//! waits while a standby is 30 s behind). It can be stopped at any time and run again: rows that have their value
//! already are read and left alone.

use super::action::alias;
use super::identity::identity;
use super::quote::{ident, literal};
use super::template::template_over;
use super::{data_type, dollar_quote};
use crate::catalog::{DataType, ObjectId};
use crate::dialect::postgres::action::backfill::Remaining;
use crate::dialect::postgres::action::{Backfill, Leaves, Walk, Work};

/// The DO block of a backfill.
pub fn backfill(backfill: &Backfill) -> String {
    let body = match &backfill.walk {
        Walk::Key(key) => along_key(backfill, key),
        Walk::Pages(Leaves::Itself) => by_pages(backfill),
        Walk::Pages(Leaves::Partitions) => by_pages_of_partitions(backfill),
    };
    format!("DO {}", dollar_quote(&body))
}

/// The condition that rows still to be done satisfy, over the walked table under its own name; none means all.
pub(super) fn remaining(backfill: &Backfill) -> Option<String> {
    let alias = alias(&backfill.relation);
    let over = |template| template_over(template, &backfill.relation, &alias);
    match &backfill.work {
        Work::Update { assignments, remaining } => Some(match remaining {
            Remaining::Where(condition) => format!("({})", over(condition)),
            Remaining::Null => assignments
                .first()
                .map(|(column, _)| format!("{} IS NULL", ident(&column.last_name())))
                .unwrap_or_default(),
            Remaining::Different => match assignments.as_slice() {
                [(column, value)] => {
                    format!("{} IS DISTINCT FROM ({})", ident(&column.last_name()), over(value))
                }
                several => {
                    let columns: Vec<String> = several.iter().map(|(column, _)| ident(&column.last_name())).collect();
                    let values: Vec<String> = several.iter().map(|(_, value)| over(value)).collect();
                    format!("({}) IS DISTINCT FROM ({})", columns.join(", "), values.join(", "))
                }
            },
        }),
        Work::Copy { condition, .. } => condition.as_ref().map(|condition| format!("({})", over(condition))),
    }
}

fn along_key(backfill: &Backfill, key: &[(ObjectId, DataType)]) -> String {
    let table = identity(&backfill.relation);
    let columns: Vec<String> = key.iter().map(|(column, _)| ident(&column.last_name())).collect();
    let variables = |stem: &str| -> Vec<String> {
        match columns.len() {
            1 => vec![format!("underpin_{stem}")],
            count => (1..=count).map(|number| format!("underpin_{stem}_{number}")).collect(),
        }
    };
    let (low, high, last) = (variables("low"), variables("high"), variables("last"));
    let mut declarations = String::new();
    for (names, why) in [
        (&low, "the first key of the batch"),
        (&high, "its last key"),
        (&last, "the last key of all when the backfill began"),
    ] {
        for (name, (_, wanted)) in names.iter().zip(key) {
            declarations.push_str(&format!("    {name} {};  -- {why}\n", data_type(wanted)));
        }
    }
    let ascending = columns.join(", ");
    let descending = columns
        .iter()
        .map(|column| format!("{column} DESC"))
        .collect::<Vec<_>>()
        .join(", ");
    let row = |parts: &[String]| match parts {
        [part] => part.clone(),
        parts => format!("({})", parts.join(", ")),
    };
    let (column_row, low_row, high_row, last_row) = (row(&columns), row(&low), row(&high), row(&last));
    let (into_low, into_high, into_last) = (low.join(", "), high.join(", "), last.join(", "));
    let take_last: Vec<String> = high
        .iter()
        .zip(&last)
        .map(|(high, last)| format!("            {high} := {last};\n"))
        .collect();
    let range = format!("{column_row} >= {low_row} AND {column_row} <= {high_row}");
    let work = statement(backfill, &table, &range, Some(&ascending), "        ");
    format!(
        "
DECLARE
{declarations}{THROTTLE_VARIABLES}BEGIN
    SELECT {ascending} INTO {into_last} FROM {table} ORDER BY {descending} LIMIT 1;
    SELECT {ascending} INTO {into_low} FROM {table} ORDER BY {ascending} LIMIT 1;
    WHILE FOUND LOOP
        SELECT {ascending} INTO {into_high} FROM {table}
            WHERE {column_row} >= {low_row} AND {column_row} <= {last_row}
            ORDER BY {ascending} OFFSET underpin_size - 1 LIMIT 1;
        IF NOT FOUND THEN
{take_last}        END IF;
        underpin_begun := clock_timestamp();
{work};
        COMMIT;
{throttle}        SELECT {ascending} INTO {into_low} FROM {table}
            WHERE {column_row} > {high_row} AND {column_row} <= {last_row}
            ORDER BY {ascending} LIMIT 1;
    END LOOP;
END
",
        take_last = take_last.concat(),
        throttle = throttle("        ", "rows", 100, 20_000),
    )
}

fn by_pages(backfill: &Backfill) -> String {
    let table = identity(&backfill.relation);
    let work = statement(backfill, &table, PAGE_RANGE, None, "        ");
    format!(
        "
DECLARE
    underpin_page bigint := 0;  -- the first page of the batch
    underpin_pages bigint := pg_relation_size({relation}) / current_setting('block_size')::bigint;
{THROTTLE_VARIABLES}BEGIN
    underpin_size := 16;
    WHILE underpin_page < underpin_pages LOOP
        underpin_begun := clock_timestamp();
{work};
        COMMIT;
        underpin_page := underpin_page + underpin_size;
{throttle}    END LOOP;
END
",
        relation = literal(&table),
        throttle = throttle("        ", "pages", 1, 1_000),
    )
}

fn by_pages_of_partitions(backfill: &Backfill) -> String {
    let table = identity(&backfill.relation);
    // The partition is known when the block runs: its name is put between the two halves of the statement.
    let (before, after) = statement_around_table(backfill);
    let (before, after) = (
        super::quote::dollar_quote_tagged(&before, "update"),
        super::quote::dollar_quote_tagged(&after, "update"),
    );
    format!(
        "
DECLARE
    underpin_leaf regclass;  -- the partition that is walked
    underpin_page bigint;    -- the first page of the batch
    underpin_pages bigint;
{THROTTLE_VARIABLES}BEGIN
    underpin_size := 16;
    FOR underpin_leaf IN SELECT relid FROM pg_partition_tree({relation}) WHERE isleaf ORDER BY relid::text LOOP
        underpin_page := 0;
        underpin_pages := pg_relation_size(underpin_leaf) / current_setting('block_size')::bigint;
        WHILE underpin_page < underpin_pages LOOP
            underpin_begun := clock_timestamp();
            EXECUTE {before}
                || underpin_leaf::text || {after}
                USING format('(%s,0)', underpin_page)::tid, format('(%s,0)', underpin_page + underpin_size)::tid;
            COMMIT;
            underpin_page := underpin_page + underpin_size;
{throttle}        END LOOP;
    END LOOP;
END
",
        relation = literal(&table),
        throttle = throttle("            ", "pages", 1, 1_000),
    )
}

const PAGE_RANGE: &str = "ctid >= format('(%s,0)', underpin_page)::tid \
                          AND ctid < format('(%s,0)', underpin_page + underpin_size)::tid";

const THROTTLE_VARIABLES: &str = "    underpin_size integer := 1000;  -- how much a batch takes
    underpin_begun timestamptz;
    underpin_milliseconds double precision;
    underpin_lag double precision;
";

/// Sizes the next batch so that it takes about 100 ms, waits for standbys, and gives others a turn.
fn throttle(indent: &str, unit: &str, least: u32, most: u32) -> String {
    let lines = [
        "underpin_milliseconds := extract(epoch FROM clock_timestamp() - underpin_begun) * 1000;".to_owned(),
        format!("-- Aim at 100 ms a batch, from {least} to {most} {unit}."),
        format!("underpin_size := greatest({least}, least({most},"),
        "    (underpin_size * least(2.0, greatest(0.5, 100.0 / greatest(underpin_milliseconds, 1.0))))::integer));"
            .to_owned(),
        "LOOP".to_owned(),
        "    SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) INTO underpin_lag FROM pg_stat_replication;"
            .to_owned(),
        "    EXIT WHEN underpin_lag < 30;".to_owned(),
        "    COMMIT;".to_owned(),
        "    PERFORM pg_sleep(5);".to_owned(),
        "END LOOP;".to_owned(),
        "PERFORM pg_sleep(0.01);".to_owned(),
    ];
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}

/// The statement that does one batch, without its semicolon.
fn statement(backfill: &Backfill, table: &str, range: &str, order: Option<&str>, indent: &str) -> String {
    let (before, after) = halves(backfill, range, order, indent);
    format!("{indent}{before}{table}{after}")
}

/// The same with the place of the table's name left out, on one line, with the page range as two parameters.
fn statement_around_table(backfill: &Backfill) -> (String, String) {
    let (before, after) = halves(backfill, "ctid >= $1 AND ctid < $2", None, "");
    (before, format!(" AS {}{after}", alias(&backfill.relation)))
}

fn halves(backfill: &Backfill, range: &str, order: Option<&str>, indent: &str) -> (String, String) {
    let alias = alias(&backfill.relation);
    let over = |template| template_over(template, &backfill.relation, &alias);
    let condition = remaining(backfill)
        .map(|condition| format!("\n{indent}    AND {condition}"))
        .unwrap_or_default();
    match &backfill.work {
        Work::Update { assignments, .. } => {
            let assignments: Vec<String> = assignments
                .iter()
                .map(|(column, value)| format!("{} = {}", ident(&column.last_name()), over(value)))
                .collect();
            (
                "UPDATE ".to_owned(),
                format!(
                    "\n{indent}    SET {}\n{indent}    WHERE {range}{condition}",
                    assignments.join(", ")
                ),
            )
        }
        Work::Copy { into, columns, key, .. } => {
            let names: Vec<String> = columns.iter().map(|(column, _)| ident(&column.last_name())).collect();
            let values: Vec<String> = columns.iter().map(|(_, value)| over(value)).collect();
            let key: Vec<String> = key.iter().map(|column| ident(&column.last_name())).collect();
            let order = order
                .map(|order| format!("\n{indent}    ORDER BY {order}"))
                .unwrap_or_default();
            (
                format!(
                    "INSERT INTO {} ({})\n{indent}    SELECT {}\n{indent}    FROM ",
                    identity(into),
                    names.join(", "),
                    values.join(", ")
                ),
                format!(
                    "\n{indent}    WHERE {range}{condition}{order}\n{indent}    FOR SHARE\n{indent}    ON CONFLICT ({}) DO NOTHING",
                    key.join(", ")
                ),
            )
        }
    }
}
