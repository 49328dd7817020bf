//! The canonical text on a server: the snapshot of a case's schema loads, makes the schema that the case's own text makes,
//! and every expression in it is what the server itself writes of what it has read.
//!
//! White space is folded, and `USING btree` and the ONLY of a partitioned table's index, which are written nowhere, are
//! left out of the server's text. What an extension makes is not written, so that it is not looked for.

use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::compare::{Schema, differences};
use underpin::live::run::Runner;
use underpin::live::server::Server;

use crate::common::{self, Case, Scratch};

/// What the server writes of all that is kept as an expression or a query; names in it bear their schemas.
const TEXTS: &str = "
    SELECT 'DEFAULT ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute
        ON attrelid = adrelid AND attnum = adnum AND attgenerated = ''
    UNION ALL
    SELECT 'GENERATED ALWAYS AS (' || pg_get_expr(adbin, adrelid) || ')' FROM pg_attrdef JOIN pg_attribute
        ON attrelid = adrelid AND attnum = adnum AND attgenerated <> ''
    UNION ALL
    SELECT 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'c' AND conparentid = 0 AND conislocal AND connamespace IN (SELECT oid FROM own)
    UNION ALL
    SELECT replace(replace(pg_get_indexdef(indexrelid), ' USING btree', ''), ' ON ONLY ', ' ON ') FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid AND relnamespace IN (SELECT oid FROM own) AND reloptions IS NULL
        WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    UNION ALL
    SELECT 'AS ' || rtrim(pg_get_viewdef(pg_class.oid), ';') FROM pg_class
        WHERE relkind IN ('v', 'm') AND relnamespace IN (SELECT oid FROM own)
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        AND current_setting('server_version_num')::int >= 160000
    UNION ALL
    SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
    UNION ALL
    SELECT 'USING (' || pg_get_expr(polqual, polrelid) || ')' FROM pg_policy WHERE polqual IS NOT NULL
    UNION ALL
    SELECT 'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')' FROM pg_policy WHERE polwithcheck IS NOT NULL
    UNION ALL
    SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition AND relkind = 'r'";

/// One trial for each case.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let cases = common::cases().unwrap_or_default();
    cases
        .into_iter()
        .filter(|case| case.settings.live && case.settings.exit == 0)
        .enumerate()
        .map(|(number, case)| {
            let cluster = cluster.clone();
            let too_new = cluster
                .as_ref()
                .is_some_and(|cluster| cluster.installation().major < case.settings.server);
            Trial::test(format!("printer::{}", case.name), move || {
                cluster
                    .as_deref()
                    .map_or(Ok(()), |cluster| prove(cluster, &case, number))
            })
            .with_ignored_flag(too_new)
        })
        .collect()
}

fn prove(cluster: &Cluster, case: &Case, number: usize) -> Result<(), Failed> {
    let version = cluster.installation().major.to_string();
    let run = common::underpin(&case.directory, &["snapshot", "to.sql", "--pg", &version]);
    if run.exit != 0 {
        return Err(format!("exit code {}\n{}", run.exit, run.stderr).into());
    }
    let scratch = Scratch::new();
    let snapshot = scratch.file("snapshot.sql", &run.stdout);
    let [written, printed] = ["written", "printed"].map(|side| format!("printer_{number}_{side}"));
    let runner = Runner::new(cluster);
    for (database, file) in [(&written, &case.file("to.sql")), (&printed, &snapshot)] {
        cluster.create_database(database)?;
        runner.file(database, file)?;
    }
    let schemas = [Schema::of(cluster, &written)?, Schema::of(cluster, &printed)?];
    let mut wrong: Vec<String> = differences(&schemas[0], &schemas[1])
        .iter()
        .map(ToString::to_string)
        .collect();
    let ours = folded(&run.stdout);
    let missing = server_texts(cluster, &printed)?;
    let missing = missing
        .into_iter()
        .filter(|text| !case.settings.depends_on_session && !ours.contains(&folded(text)));
    wrong.extend(missing.map(|text| format!("the server writes {text}")));
    for database in [written, printed] {
        cluster.drop_database(&database)?;
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("{}\n{}", wrong.join("\n"), run.stdout).into()),
    }
}

fn server_texts(cluster: &Cluster, database: &str) -> Result<Vec<String>, Failed> {
    let mut client = cluster.connect(database)?;
    client.batch_execute(
        "SET search_path = '';
         CREATE TEMPORARY VIEW own AS SELECT oid FROM pg_namespace
             WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
    )?;
    let texts = TEXTS.replace("FROM own", "FROM pg_temp.own");
    let rows = client.query(texts.as_str(), &[])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// A text in which white space is one blank, and none inside parentheses at their ends.
fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace("( ", "(").replace(" )", ")")
}
