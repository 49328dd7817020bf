//! The proof itself: it passes what is right and finds what is wrong. Hand-written files stand for a plan.

use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::verify::{Finding, Migration, Subject, Wanted, Work, verify};
use underpin::plan::{Lock, LockMode, Phase, Reversal};

use crate::common::Scratch;

const FROM: &str = "CREATE TABLE t (id int PRIMARY KEY, n int);";
const TO: &str = "CREATE TABLE t (id int PRIMARY KEY, n int, note text DEFAULT 'x');";
const UP: &str = "BEGIN;\nALTER TABLE t ADD COLUMN note text DEFAULT 'x';\nCOMMIT;\n";
const DOWN: &str = "BEGIN;\nALTER TABLE t DROP COLUMN note;\nCOMMIT;\n";

/// The trials of this file.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Cluster) -> Result<(), Failed>| {
        let cluster = cluster.clone();
        Trial::test(format!("proof::{name}"), move || {
            cluster.as_deref().map_or(Ok(()), test)
        })
    };
    vec![
        trial("a_right_plan_has_no_findings", |cluster| {
            let findings = prove(cluster, "right", UP, DOWN, LockMode::AccessExclusive)?;
            expect(&findings, &[])
        }),
        trial("a_way_back_that_forgets_is_found", |cluster| {
            let down = "ALTER TABLE t DROP COLUMN note, DROP COLUMN n;";
            let findings = prove(cluster, "forgets", UP, down, LockMode::AccessExclusive)?;
            expect(&findings, &["the schema is not the one", "t.n holds other values"])
        }),
        trial("a_way_up_that_misses_is_found", |cluster| {
            let up = UP.replace(" DEFAULT 'x'", "");
            let findings = prove(cluster, "misses", &up, DOWN, LockMode::AccessExclusive)?;
            expect(&findings, &["+     note text DEFAULT 'x'::text"])
        }),
        trial("lost_rows_are_found", |cluster| {
            let up = UP.replace("COMMIT", "DELETE FROM t WHERE id = 1; COMMIT");
            let findings = prove(cluster, "loses", &up, DOWN, LockMode::AccessExclusive)?;
            expect(&findings, &["public.t holds 1 rows instead of 2"])
        }),
        trial("a_lock_that_is_not_declared_is_found", |cluster| {
            let findings = prove(cluster, "locks", UP, DOWN, LockMode::Share)?;
            expect(
                &findings,
                &["public.t was locked in ACCESS EXCLUSIVE mode, declared was SHARE"],
            )
        }),
    ]
}

/// Proves a plan of one file from `FROM` to `TO`, with two rows.
fn prove(cluster: &Cluster, name: &str, up: &str, down: &str, mode: LockMode) -> Result<Vec<Finding>, Failed> {
    let scratch = Scratch::new();
    let lock = Lock {
        relation: "public.t".to_owned(),
        mode,
        scans: false,
        rewrites: false,
    };
    let migration = Migration {
        up: scratch.file("0001_expand.up.sql", up),
        down: scratch.file("0001_expand.down.sql", down),
        phase: Phase::Expand,
        reversals: vec![Reversal::Exact],
        locks: vec![lock],
        work: Work::Changes,
    };
    let subject = Subject {
        from: &[scratch.file("from.sql", FROM)],
        wanted: Wanted::Files(&[scratch.file("to.sql", TO)]),
        rows: 0,
        seed: Some(&scratch.file("seed.sql", "INSERT INTO t VALUES (1, 10), (2, 20);")),
        old_application: Some(&scratch.file("old.sql", "INSERT INTO t VALUES (3, 30);")),
        new_application: Some(&scratch.file("new.sql", "UPDATE t SET note = 'y';")),
        migrations: &[migration],
    };
    Ok(verify(cluster, name, &subject)?.findings)
}

/// Every word stands in some finding, and without words there is none.
fn expect(findings: &[Finding], words: &[&str]) -> Result<(), Failed> {
    let text: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let text = text.join("\n");
    if words.is_empty() && !findings.is_empty() {
        return Err(format!("findings where none were expected:\n{text}").into());
    }
    match words.iter().find(|word| !text.contains(*word)) {
        Some(word) => Err(format!("not found: {word}\n{text}").into()),
        None => Ok(()),
    }
}
