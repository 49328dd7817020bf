//! Statements with every clause that they have, on a server: each is planned and proved, and what is read as the same is
//! the same.

use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::Error;
use underpin::live::cluster::Cluster;
use underpin::live::compare::{Schema, differences};
use underpin::live::plan_folder;
use underpin::live::server::Server;
use underpin::live::verify::{Subject, Wanted, verify};

use crate::common::clauses::{Clause, clauses, find};
use crate::common::{self, Scratch};

/// The server that knows everything that the statements say.
const SERVER: u16 = 18;

/// How many statements are one trial.
const BATCH: usize = 10;

/// What a plan may do here, since it is the plans that are looked at.
const ALLOWED: &str = "table-rewrite,table-lock-scan,exclusion-build,remove-enum-value,function-signature,view-recreate,\
                       partitioned-index-drop,non-additive-expand,data-loss";

/// What a throw-away server cannot do: another server to be subscribed to, a provider of labels, an interrupted DETACH.
const NOT_HERE: &[&str] = &["SUBSCRIPTION", "SECURITY LABEL", "FINALIZE"];

/// Makes what the statements name and no database holds.
pub fn make_globals(cluster: &Cluster) -> Result<(), Error> {
    let mut client = cluster.connect(cluster.maintenance_database())?;
    // A tablespace without a directory of its own, which is there for tests (PostgreSQL manual, Developer Options).
    for statement in [
        "CREATE ROLE me",
        "CREATE ROLE you",
        "SET allow_in_place_tablespaces = on",
        "CREATE TABLESPACE ts LOCATION ''",
        "CREATE TABLESPACE x LOCATION ''",
    ] {
        client.batch_execute(statement)?;
    }
    Ok(())
}

/// One trial for some of the statements each, and one for all that is read as the same.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let is_old = cluster
        .as_ref()
        .is_some_and(|cluster| cluster.installation().major < SERVER);
    let cases: Vec<Clause> = clauses().cases.into_iter().filter(is_of_here).collect();
    let mut trials = Vec::new();
    for (number, batch) in cases.chunks(BATCH).enumerate() {
        let (cluster, batch) = (cluster.clone(), batch.to_vec());
        trials.push(Trial::test(format!("clauses::planned_{number:02}"), move || {
            let Some(cluster) = cluster.as_deref() else {
                return Ok(());
            };
            let found: Vec<String> = batch
                .iter()
                .enumerate()
                .filter_map(|(place, clause)| proved(cluster, clause, number * BATCH + place).err())
                .map(|failed| failed.message().unwrap_or_default().to_owned())
                .collect();
            match found.is_empty() {
                true => Ok(()),
                false => Err(found.join("\n").into()),
            }
        }));
    }
    let cluster = cluster.clone();
    let same = Trial::test("clauses::what_is_read_as_the_same_is_the_same", move || {
        cluster.as_deref().map_or(Ok(()), same)
    });
    trials.push(same.with_ignored_flag(is_old));
    trials
}

fn is_of_here(clause: &Clause) -> bool {
    let whole = [clause.before.as_str(), &clause.statement].concat();
    !NOT_HERE.iter().any(|word| whole.contains(word))
}

/// The schema that the statements are for, as a server takes it.
fn prelude() -> String {
    let prelude = clauses().prelude;
    let lines = prelude.lines().filter(|line| !line.contains("SUBSCRIPTION"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn proved(cluster: &Cluster, clause: &Clause, number: usize) -> Result<(), Failed> {
    let scratch = Scratch::new();
    let prelude = prelude();
    let from = scratch.file("from.sql", &prelude);
    let to = scratch.file("to.sql", [&prelude, &clause.before, &clause.statement, ";\n"].concat());
    let out = scratch.path().join("out");
    let version = cluster.installation().major.to_string();
    let [from_name, to_name, out_name] = [&from, &to, &out].map(|path| path.display().to_string());
    let run = common::underpin(
        scratch.path(),
        &[
            "plan", &from_name, &to_name, "--out", &out_name, "--allow", ALLOWED, "--pg", &version,
        ],
    );
    if run.exit != 0 {
        // What is refused for a reason that is said is no matter of this lane.
        return match run.stderr.contains("error[U06") {
            true => Err(format!("{}\n{}", clause.statement, run.stderr).into()),
            false => Ok(()),
        };
    }
    let mut migrations = Vec::new();
    if out.is_dir() {
        for plan in plan_folder::plans(&out)? {
            migrations.extend(plan_folder::migrations(&plan)?);
        }
    }
    let subject = Subject {
        from: &[from],
        wanted: Wanted::Files(&[to]),
        seed: None,
        rows: 0,
        old_application: None,
        new_application: None,
        migrations: &migrations,
    };
    let findings = verify(cluster, &format!("clause_{number}"), &subject)?.findings;
    if findings.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = findings.iter().map(ToString::to_string).collect();
    Err(format!("{}\n{}", clause.statement, words.join("\n")).into())
}

/// Runs both forms of each statement, each in a database of its own, and compares what is there then. A form that a server
/// does not take is no schema.
fn same(cluster: &Cluster) -> Result<(), Failed> {
    const READY: &str = "clauses_ready";
    cluster.create_database(READY)?;
    cluster.connect(READY)?.batch_execute(&prelude())?;
    let schema = |before: &str, statement: &str| -> Result<Option<Schema>, Error> {
        const NAME: &str = "clauses_same";
        cluster
            .connect(cluster.maintenance_database())?
            .batch_execute(&format!("CREATE DATABASE {NAME} TEMPLATE {READY}"))?;
        let is_taken = cluster
            .connect(NAME)?
            .batch_execute(&[before, statement].concat())
            .is_ok();
        let schema = match is_taken {
            true => Some(Schema::of(cluster, NAME)?),
            false => None,
        };
        cluster.drop_database(NAME)?;
        Ok(schema)
    };
    let (mut known, mut original) = (String::new(), None);
    let mut wrong = Vec::new();
    for silent in find().silent.iter().filter(|silent| is_of_here(&silent.clause)) {
        let clause = &silent.clause;
        if known != clause.statement {
            known.clone_from(&clause.statement);
            original = schema(&clause.before, &clause.statement)?;
        }
        if let (Some(original), Some(other)) = (&original, &schema(&clause.before, &silent.text)?) {
            let found = differences(original, other);
            if !found.is_empty() {
                wrong.push(format!("{}\n    {}\n{found:?}", clause.statement, silent.change));
            }
        }
    }
    cluster.drop_database(READY)?;
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n").into()),
    }
}
