//! Changes of a schema on a server: it sees each of them, and plans over several of them are proved.

use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::compare::{Schema, differences};
use underpin::live::plan_folder;
use underpin::live::server::Server;
use underpin::live::verify::{Subject, Wanted, verify};

use crate::common::mutations::{MUTATIONS, SCHEMA, evolution, mutated};
use crate::common::{self, Scratch};

/// What one trial does on a server.
type Test = Box<dyn FnOnce(&Cluster) -> Result<(), Failed> + Send>;

/// The server that knows everything that the schema and its changes say.
const SERVER: u16 = 18;

/// Hazards that the plans take, since it is the plans that are looked at.
const ALLOWED: &str = "table-rewrite,table-lock-scan,exclusion-build,remove-enum-value,function-signature,view-recreate,\
                       partitioned-index-drop,non-additive-expand,data-loss";

/// One trial that looks at each change, and one for each schema after several.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let too_old = cluster
        .as_ref()
        .is_some_and(|cluster| cluster.installation().major < SERVER);
    let trial = |name: String, test: Test| {
        let cluster = cluster.clone();
        Trial::test(name, move || cluster.as_deref().map_or(Ok(()), test)).with_ignored_flag(too_old)
    };
    let mut trials = vec![trial("mutations::a_server_sees_each".to_owned(), Box::new(seen))];
    for start in (0..MUTATIONS.len()).step_by(LENGTH) {
        trials.push(trial(
            format!("mutations::several_from_{start:03}"),
            Box::new(move |cluster| proved(cluster, start)),
        ));
    }
    trials
}

/// How many changes are made at once.
const LENGTH: usize = 6;

fn schema(cluster: &Cluster, text: &str) -> Result<Schema, Failed> {
    cluster.create_database("mutated")?;
    cluster.connect("mutated")?.batch_execute(text)?;
    let schema = Schema::of(cluster, "mutated")?;
    cluster.drop_database("mutated")?;
    Ok(schema)
}

fn seen(cluster: &Cluster) -> Result<(), Failed> {
    let original = schema(cluster, SCHEMA)?;
    for mutation in MUTATIONS {
        let text = mutated(SCHEMA, mutation).ok_or_else(|| format!("{} does not stand there once", mutation.1))?;
        let found = schema(cluster, &text).map_err(|error| format!("{}: {error:?}", mutation.0))?;
        if differences(&original, &found).is_empty() {
            return Err(format!("a server does not see \"{}\"", mutation.0).into());
        }
    }
    Ok(())
}

fn proved(cluster: &Cluster, start: usize) -> Result<(), Failed> {
    let (names, text) = evolution(start, 7, LENGTH);
    let scratch = Scratch::new();
    let files = [scratch.file("original.sql", SCHEMA), scratch.file("mutated.sql", text)];
    for (way, [from, to]) in [("to", [&files[0], &files[1]]), ("back", [&files[1], &files[0]])] {
        let out = scratch.path().join(way);
        let arguments = [from, to, &out].map(|path| path.display().to_string());
        let run = common::underpin(
            scratch.path(),
            &[
                "plan",
                &arguments[0],
                &arguments[1],
                "--out",
                &arguments[2],
                "--allow",
                ALLOWED,
            ],
        );
        // What is refused for a reason that is said is no matter of this lane.
        if run.exit != 0 && !run.stderr.contains("U06") {
            continue;
        }
        if run.exit != 0 {
            return Err(format!("{}\n{}", names.join(", "), run.stderr).into());
        }
        let mut migrations = Vec::new();
        for plan in plan_folder::plans(&out)? {
            migrations.extend(plan_folder::migrations(&plan)?);
        }
        let subject = Subject {
            from: std::slice::from_ref(from),
            wanted: Wanted::Files(std::slice::from_ref(to)),
            seed: None,
            rows: 0,
            old_application: None,
            new_application: None,
            migrations: &migrations,
        };
        let findings = verify(cluster, &format!("mutated_{start}_{way}"), &subject)?.findings;
        if !findings.is_empty() {
            let words: Vec<String> = findings.iter().map(ToString::to_string).collect();
            return Err(format!("{} ({way})\n{}", names.join(", "), words.join("\n")).into());
        }
    }
    Ok(())
}
