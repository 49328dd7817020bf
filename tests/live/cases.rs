//! The golden cases on a server: each plan is proved, and the schema it leads to is the wanted one by our own reading too.

use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::run::Runner;
use underpin::live::server::Server;
use underpin::live::verify::{Migration, Subject, Wanted, verify};
use underpin::live::{compare, plan_folder};

use crate::common::{self, Case, Scratch};

/// One trial for each case that the live lane can prove.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let cases = match common::cases() {
        Ok(cases) => cases,
        Err(words) => {
            return vec![Trial::test("cases::can_be_read", move || Err(Failed::from(words)))];
        }
    };
    cases
        .into_iter()
        .filter(|case| case.settings.live && case.settings.exit == 0)
        .enumerate()
        .map(|(number, case)| {
            let cluster = cluster.clone();
            // A case for a newer server is shown as ignored, not left out.
            let too_new = cluster
                .as_ref()
                .is_some_and(|cluster| cluster.installation().major < case.settings.server);
            Trial::test(format!("cases::{}", case.name), move || {
                cluster
                    .as_deref()
                    .map_or(Ok(()), |cluster| prove(cluster, &case, number))
            })
            .with_ignored_flag(too_new)
        })
        .collect()
}

fn prove(cluster: &Cluster, case: &Case, number: usize) -> Result<(), Failed> {
    let scratch = Scratch::new();
    let out = scratch.path().join("out");
    let version = cluster.installation().major.to_string();
    let run = common::plan(case, &out, &["--pg", &version]);
    if run.exit != 0 {
        return Err(format!("exit code {}\n{}", run.exit, run.stderr).into());
    }
    let migrations = match out.is_dir() {
        true => plan_folder::plans(&out)?
            .iter()
            .map(|plan| plan_folder::migrations(plan))
            .collect::<Result<Vec<_>, _>>()?
            .concat(),
        false => Vec::new(),
    };
    let [seed, old, new] = ["seed.sql", "app-old.sql", "app-new.sql"].map(|name| case.optional_file(name));
    let subject = Subject {
        from: &[case.file("from.sql")],
        wanted: Wanted::Files(&[case.file("to.sql")]),
        rows: 0,
        seed: seed.as_deref(),
        old_application: old.as_deref(),
        new_application: new.as_deref(),
        migrations: &migrations,
    };
    let findings = verify(cluster, &format!("case_{number}"), &subject)?.findings;
    if !findings.is_empty() {
        let words: Vec<String> = findings.iter().map(ToString::to_string).collect();
        return Err(format!("{}\n{}", case.settings.sentence, words.join("\n")).into());
    }
    no_difference_is_left(cluster, case, number, &migrations, &scratch)
}

/// Dumps what the plan has made and compares the dump with the wanted schema by the program itself.
fn no_difference_is_left(
    cluster: &Cluster,
    case: &Case,
    number: usize,
    migrations: &[Migration],
    scratch: &Scratch,
) -> Result<(), Failed> {
    let database = format!("case_{number}_made");
    let runner = Runner::new(cluster);
    cluster.create_database(&database)?;
    runner.file(&database, &case.file("from.sql"))?;
    for migration in migrations {
        runner.file(&database, &migration.up)?;
    }
    let dump = scratch.file("made.sql", compare::dump(cluster, &database)?);
    cluster.drop_database(&database)?;
    let version = cluster.installation().major.to_string();
    let run = common::underpin(
        &case.directory,
        &[
            "diff",
            &dump.display().to_string(),
            "to.sql",
            "--exit-code",
            "--pg",
            &version,
        ],
    );
    if run.exit == 0 {
        return Ok(());
    }
    Err(format!("a difference is left\n{}{}", run.stdout, run.stderr).into())
}
