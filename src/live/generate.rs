//! Rows to prove a plan with, where the user has none: a few in each table, by the types of its columns.
//!
//! Knows the server's catalogs. A row that breaks a rule of the schema is tried again in another style; a table in which no
//! row can be put stays empty.

use std::collections::BTreeMap;

use postgres::Client;

use super::Error;

/// Fills the tables in the order in which they were made, several times over, since one may refer to a later one.
///
/// Settings hand over what is wanted: a DO block takes no parameters. Every table gets its rows by name only through
/// `format`, so that it is quoted. Of a column that refers to another table it takes that table's values in its order.
const FILL: &str = r"
DO $fill$
DECLARE
    wanted constant int := current_setting('underpin.rows')::int;
    tables constant text[] := current_setting('underpin.tables')::text[];
    styles constant int[] := current_setting('underpin.styles')::int[];
    target record;
    attribute record;
    filled boolean;
    item text;
    names text;
    items text;
BEGIN
    FOR round IN 1..3 LOOP
        FOR target IN
            SELECT class.oid, format('%I.%I', namespace.nspname, class.relname) AS name,
                   greatest(current_setting('underpin.style')::int,
                            styles[array_position(tables, format('%s.%s', namespace.nspname, class.relname))]) AS style
              FROM pg_class AS class
              JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
             WHERE class.relkind IN ('r', 'p') AND NOT class.relispartition
               AND namespace.nspname <> 'information_schema' AND namespace.nspname !~ '^pg_'
               AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = class.oid AND deptype = 'e')
             ORDER BY class.oid
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', target.name) INTO filled;
            CONTINUE WHEN filled;
            FOR number IN 1..wanted LOOP
                FOR style IN target.style..5 LOOP
                    names := '';
                    items := '';
                    FOR attribute IN
                        SELECT a.attname, a.attnotnull, t.typtype, t.typcategory, t.oid AS type,
                               format_type(a.atttypid, a.atttypmod) AS type_name,
                               CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4
                                    ELSE 40 END AS length,
                               (SELECT format('(SELECT p.%I FROM %s AS p ORDER BY p::text OFFSET %s LIMIT 1)',
                                              other.attname, k.confrelid::regclass, number - 1)
                                  FROM pg_constraint AS k
                                  JOIN pg_attribute AS other
                                    ON other.attrelid = k.confrelid
                                   AND other.attnum = k.confkey[array_position(k.conkey, a.attnum)]
                                 WHERE k.contype = 'f' AND k.conrelid = target.oid AND a.attnum = ANY (k.conkey)
                                 ORDER BY k.oid LIMIT 1) AS referred
                          FROM pg_attribute AS a
                          JOIN pg_type AS t ON t.oid = a.atttypid
                         WHERE a.attrelid = target.oid AND a.attnum > 0 AND NOT a.attisdropped
                           AND a.attgenerated = '' AND a.attidentity = '' AND NOT (a.atthasdef AND a.attnotnull)
                         ORDER BY a.attnum
                    LOOP
                        item := CASE
                            WHEN style = 5 AND NOT attribute.attnotnull THEN 'NULL'
                            WHEN attribute.referred IS NOT NULL THEN attribute.referred
                            WHEN attribute.typtype = 'e' THEN format(
                                '(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = %s ORDER BY enumsortorder'
                                ' OFFSET %s %% (SELECT count(*) FROM pg_enum WHERE enumtypid = %1$s) LIMIT 1)',
                                attribute.type, number)
                            WHEN attribute.typcategory = 'N' THEN
                                (CASE style WHEN 1 THEN 1000 + number WHEN 2 THEN number / 1000.0 WHEN 3 THEN 0
                                            WHEN 4 THEN -number ELSE number END)::text
                            WHEN attribute.typcategory = 'S' THEN quote_literal(left(
                                CASE style WHEN 1 THEN 'name' || number || '@example.org' WHEN 2 THEN number::text
                                           WHEN 3 THEN chr(64 + number % 26) || number WHEN 4 THEN ''
                                           ELSE 'text ' || number END, attribute.length))
                            WHEN attribute.typcategory = 'B' THEN (style % 2 = 0)::text
                            WHEN attribute.typcategory = 'D' THEN
                                quote_literal('2020-01-01 00:00:00+00'::timestamptz + make_interval(0, style, 0, number, number))
                            WHEN attribute.typcategory = 'T' THEN format('make_interval(days => %s)', number)
                            WHEN attribute.typcategory = 'A' THEN '''{}'''
                            WHEN attribute.typcategory = 'I' THEN quote_literal('10.0.0.' || number % 250)
                            WHEN attribute.typcategory = 'R' THEN
                                CASE attribute.typtype WHEN 'm' THEN '''{}''' ELSE '''empty''' END
                            WHEN attribute.type_name = 'uuid' THEN quote_literal(md5(number || '/' || style)) || '::uuid'
                            WHEN attribute.type_name IN ('json', 'jsonb') THEN quote_literal('[' || number || ']')
                            WHEN attribute.type_name = 'bytea' THEN format('decode(%L, ''hex'')', md5(number::text))
                            ELSE 'NULL'
                        END;
                        names := names || format(', %I', attribute.attname);
                        items := items || format(', CAST(%s AS %s)', item, attribute.type_name);
                    END LOOP;
                    BEGIN
                        IF names = '' THEN
                            EXECUTE format('INSERT INTO %s DEFAULT VALUES', target.name);
                        ELSE
                            EXECUTE format('INSERT INTO %s (%s) VALUES (%s)', target.name,
                                           substr(names, 3), substr(items, 3));
                        END IF;
                        EXIT;
                    EXCEPTION WHEN OTHERS THEN
                        NULL;
                    END;
                END LOOP;
            END LOOP;
        END LOOP;
    END LOOP;
END
$fill$";

/// The number of styles: a row in one may break a rule that a row in another keeps.
const STYLES: u32 = 6;

/// Which styles have been tried in vain, since their rows break a rule of the plan.
#[derive(Debug, Clone, Default)]
pub struct Tried {
    /// In how many styles, in all tables.
    everywhere: u32,
    /// In how many, by table.
    tables: BTreeMap<String, u32>,
    /// Where no style is left, in words.
    pub notes: Vec<String>,
}

impl Tried {
    /// Notes that the rows of a table, or some rows, broke a rule; whether there is something else to try.
    pub fn in_vain(&mut self, table: Option<&str>, message: &str) -> bool {
        let (tried, place) = match table {
            Some(table) => {
                let tried = self.tables.entry(table.to_owned()).or_default();
                *tried = (*tried).max(self.everywhere);
                (tried, format!(" in {table}"))
            }
            None => (&mut self.everywhere, String::new()),
        };
        if *tried >= STYLES {
            return false;
        }
        *tried += 1;
        if *tried == STYLES {
            self.notes
                .push(format!("made no rows{place}: {message}; give some with --seed"));
        }
        true
    }
}

/// Puts rows into the tables that have none.
///
/// # Errors
/// When the server fails.
pub fn fill(client: &mut Client, rows: u32, tried: &Tried) -> Result<(), Error> {
    let tables: Vec<&str> = tried.tables.keys().map(String::as_str).collect();
    let styles: Vec<String> = tried.tables.values().map(ToString::to_string).collect();
    client.execute(
        "SELECT set_config('underpin.rows', $1::text, false), set_config('underpin.style', $2::text, false),
                set_config('underpin.tables', $3::text[]::text, false), set_config('underpin.styles', $4::text[]::text, false)",
        &[&rows.to_string(), &tried.everywhere.to_string(), &tables, &styles],
    )?;
    // Rules that wait for the end of a transaction would speak up when it is too late to try again.
    Ok(client.batch_execute(&format!("BEGIN; SET CONSTRAINTS ALL IMMEDIATE; {FILL}; COMMIT"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_tried_before_a_table_stays_empty() {
        let mut tried = Tried::default();
        assert!(tried.in_vain(None, "somewhere"));
        for _ in 1..STYLES {
            assert!(tried.notes.is_empty());
            assert!(tried.in_vain(Some("public.t"), "violated"));
        }
        assert_eq!(
            tried.notes,
            ["made no rows in public.t: violated; give some with --seed"]
        );
        assert!(!tried.in_vain(Some("public.t"), "violated"));
    }
}
