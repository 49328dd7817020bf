//! The machinery itself: it starts, runs, compares, watches and cleans up.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::compare::{Schema, differences};
use underpin::live::locks::observe;
use underpin::live::run::Runner;
use underpin::live::server::Server;
use underpin::plan::lock::LockMode;

/// The trials of this file.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Cluster) -> Result<(), Failed>| {
        let cluster = cluster.clone();
        Trial::test(format!("machinery::{name}"), move || match cluster {
            Some(cluster) => test(&cluster),
            None => Ok(()),
        })
    };
    vec![
        trial("a_dropped_cluster_leaves_nothing", dropped_cluster),
        trial("a_failing_file_names_its_line", failing_file),
        trial("column_order_is_no_difference_and_a_default_is", compared_databases),
        trial("locks_of_a_transaction_are_seen", transaction_locks),
        trial("locks_of_a_lone_statement_are_seen", lone_statement_locks),
    ]
}

fn dropped_cluster(cluster: &Cluster) -> Result<(), Failed> {
    let other = Cluster::start(cluster.installation())?;
    let directory = other.host().to_path_buf();
    other.create_database("scratch")?;
    other.connect("scratch")?.batch_execute("SELECT 1")?;
    assert!(directory.exists());
    drop(other);
    assert!(!directory.exists(), "{} is still there", directory.display());
    Ok(())
}

fn failing_file(cluster: &Cluster) -> Result<(), Failed> {
    cluster.create_database("failing")?;
    let file = temporary_file("failing", "CREATE TABLE t (a int);\n\nSELECT no_such_column FROM t;\n")?;
    let Err(error) = Runner::new(cluster).file("failing", &file) else {
        return Err("the file did not fail".into());
    };
    let error = error.to_string();
    assert!(error.contains("column \"no_such_column\" does not exist"), "{error}");
    let rows = cluster.connect("failing")?.query("SELECT FROM t", &[])?;
    assert!(rows.is_empty(), "what stood before the error was done");
    Ok(())
}

fn compared_databases(cluster: &Cluster) -> Result<(), Failed> {
    let texts = [
        (
            "one",
            "CREATE TABLE t (a int, b text DEFAULT 'x'); CREATE INDEX i ON t (a)",
        ),
        (
            "two",
            "CREATE TABLE t (b text DEFAULT 'x', a int); CREATE INDEX i ON t (a)",
        ),
        ("three", "CREATE TABLE t (a int, b text DEFAULT 'y')"),
    ];
    let mut schemas = Vec::new();
    for (name, text) in texts {
        let database = format!("compared_{name}");
        cluster.create_database(&database)?;
        cluster.connect(&database)?.batch_execute(text)?;
        schemas.push(Schema::of(cluster, &database)?);
    }
    assert_eq!(differences(&schemas[0], &schemas[1]), Vec::new());
    assert_eq!(differences(&schemas[0], &schemas[2]).len(), 2);
    Ok(())
}

fn transaction_locks(cluster: &Cluster) -> Result<(), Failed> {
    cluster.create_database("transaction_locks")?;
    cluster
        .connect("transaction_locks")?
        .batch_execute("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p_id int)")?;
    let file = temporary_file(
        "transaction_locks",
        "BEGIN;\nALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;\n\
         CREATE TABLE fresh (id int PRIMARY KEY);\nCOMMIT;\n",
    )?;
    let observed = observe(cluster, "transaction_locks", &file)?;
    let relations: Vec<(&str, LockMode)> = observed.iter().map(|(name, mode)| (name.as_str(), *mode)).collect();
    assert_eq!(
        relations,
        [
            ("public.p", LockMode::ShareRowExclusive),
            ("public.t", LockMode::ShareRowExclusive)
        ],
        "the new table is nobody else's business"
    );
    Ok(())
}

fn lone_statement_locks(cluster: &Cluster) -> Result<(), Failed> {
    cluster.create_database("lone_locks")?;
    cluster
        .connect("lone_locks")?
        .batch_execute("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100000)")?;
    let file = temporary_file(
        "lone_locks",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);\n",
    )?;
    let observed = observe(cluster, "lone_locks", &file)?;
    assert_eq!(observed.get("public.t"), Some(&LockMode::ShareUpdateExclusive));
    Ok(())
}

fn temporary_file(name: &str, text: &str) -> Result<PathBuf, Failed> {
    let file = std::env::temp_dir().join(format!("underpin-live-{}-{name}.sql", std::process::id()));
    fs::write(&file, text)?;
    Ok(file)
}
