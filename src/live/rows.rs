//! What the tables of a database hold, as counts and sums that can be compared.
//!
//! Knows nothing of plans. Values are compared as text in an order of their own, so that the order of rows is none.

use std::collections::BTreeMap;

use postgres::Client;

use super::Error;

/// One question for each table that holds rows, made by the server, which knows how to quote. Rows are counted where they
/// lie, because a table with its rows may become a partition and be one no longer.
const QUESTIONS: &str = "
    SELECT namespace.nspname || '.' || class.relname,
           coalesce(array_agg(attribute.attname::text ORDER BY attribute.attnum)
                        FILTER (WHERE attribute.attnum IS NOT NULL), '{}'),
           format('SELECT count(*), ARRAY[%s]::text[] FROM ONLY %I.%I',
                  string_agg(format('md5(string_agg(coalesce(%1$I::text, %2$L), %3$L ORDER BY %1$I::text))',
                                    attribute.attname, '(null)', ','), ', ' ORDER BY attribute.attnum),
                  namespace.nspname, class.relname)
      FROM pg_class AS class
      JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
      LEFT JOIN pg_attribute AS attribute
        ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
     WHERE class.relkind = 'r'
       AND namespace.nspname NOT IN ('pg_catalog', 'information_schema')
     GROUP BY namespace.nspname, class.relname
     ORDER BY 1";

/// The rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    /// How many.
    pub count: i64,
    /// A sum of each column's values, by the column's name; nothing for a table without rows.
    pub columns: BTreeMap<String, Option<String>>,
}

/// The rows of all tables, by schema and name, unquoted, with a dot between.
pub type Rows = BTreeMap<String, TableRows>;

/// Reads the rows of a session's database.
///
/// # Errors
/// When a table can not be read.
pub fn rows(client: &mut Client) -> Result<Rows, Error> {
    let mut rows = Rows::new();
    for question in client.query(QUESTIONS, &[])? {
        let table: String = question.try_get(0)?;
        let names: Vec<String> = question.try_get(1)?;
        let statement: String = question.try_get(2)?;
        let answer = client.query_one(&statement, &[])?;
        let sums: Vec<Option<String>> = answer.try_get(1)?;
        let columns = names.into_iter().zip(sums).collect();
        let count = answer.try_get(0)?;
        rows.insert(table, TableRows { count, columns });
    }
    Ok(rows)
}

/// Tables that are in both and do not hold as many rows, in words.
pub fn lost(before: &Rows, after: &Rows) -> Vec<String> {
    before
        .iter()
        .filter_map(|(table, old)| {
            let new = after.get(table)?;
            (old.count != new.count).then(|| format!("{table} holds {} rows instead of {}", new.count, old.count))
        })
        .collect()
}

/// Columns that should hold what they held and do not, in words.
pub fn changed(before: &Rows, after: &Rows) -> Vec<String> {
    let mut words = lost(before, after);
    for (table, old) in before {
        let Some(new) = after.get(table) else {
            words.push(format!("{table} is gone"));
            continue;
        };
        for (column, sum) in &old.columns {
            // An empty table's column may have gone and come back; with rows its values would have to be the same.
            if old.count > 0 && old.count == new.count && new.columns.get(column) != Some(sum) {
                words.push(format!("{table}.{column} holds other values"));
            }
        }
    }
    words
}
