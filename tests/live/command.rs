//! `verify` as a user meets it: a server of its own or a given one, rows, findings, scope, and that nothing is left behind.

use std::fs;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::server::Server;

use crate::common::{Run, Scratch, underpin};

/// The trials of this file.
pub fn trials(cluster: &Option<Arc<Cluster>>) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Cluster) -> Result<(), Failed>| {
        let cluster = cluster.clone();
        Trial::test(format!("command::{name}"), move || {
            cluster.as_deref().map_or(Ok(()), test)
        })
    };
    vec![
        trial("a_server_of_its_own_is_started", own_server),
        trial("a_given_server_is_left_as_it_was", given_server),
        trial(
            "rows_that_were_made_prove_nothing_against_a_plan",
            rows_that_break_a_rule,
        ),
        trial("rows_in_another_style_may_keep_a_rule", rows_in_another_style),
        trial("rows_of_the_users_do", seed_that_breaks_a_rule),
        trial("a_committed_plan_is_proved_as_it_lies", committed_plan),
        trial("only_what_is_in_scope_is_compared", scope),
        trial("a_schema_that_cannot_be_loaded_is_an_error", not_loadable),
    ]
}

const FROM: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, total numeric(10,2));
    ALTER TABLE users OWNER TO owner_of_users; GRANT SELECT ON users TO reader_of_users;";
const TO: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, active boolean NOT NULL DEFAULT true);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, total numeric(12,2));
    CREATE INDEX orders_user ON orders (user_id);
    ALTER TABLE users OWNER TO owner_of_users; GRANT SELECT ON users TO reader_of_users;";

fn pair(from: &str, to: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.file("from.sql", from);
    scratch.file("to.sql", to);
    scratch
}

/// Proves on the lane's own server, given as a user would give one.
fn verify(cluster: &Cluster, scratch: &Scratch, arguments: &[&str]) -> Run {
    let host = cluster.host().display().to_string().replace('/', "%2F");
    let address = format!("postgres://postgres@{host}/postgres");
    let version = cluster.installation().major.to_string();
    let given = ["--server", &address, "--pg", &version];
    underpin(scratch.path(), &[&["verify"], arguments, &given].concat())
}

fn expect(run: &Run, exit: i32, pieces: &[&str]) -> Result<(), Failed> {
    let all = format!("{}{}", run.stdout, run.stderr);
    if run.exit != exit {
        return Err(format!("exit code {} instead of {exit}\n{all}", run.exit).into());
    }
    match pieces.iter().find(|piece| !all.contains(**piece)) {
        Some(piece) => Err(format!("not found: {piece}\n{all}").into()),
        None => Ok(()),
    }
}

fn databases(cluster: &Cluster) -> Result<Vec<String>, Failed> {
    let rows = cluster.connect("postgres")?.query(
        "SELECT datname::text FROM pg_database WHERE datname LIKE 'underpin_verify%' ORDER BY 1",
        &[],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn own_server(cluster: &Cluster) -> Result<(), Failed> {
    let scratch = pair(FROM, TO);
    let version = cluster.installation().major.to_string();
    let run = underpin(scratch.path(), &["verify", "from.sql", "to.sql", "--pg", &version]);
    let proved = format!("proved on PostgreSQL {version}, with 20 rows in 2 tables");
    expect(
        &run,
        0,
        &[
            "0001_expand_schema.up.sql",
            "there and back",
            "public.users ACCESS EXCLUSIVE",
            &proved,
        ],
    )?;
    let equal = underpin(scratch.path(), &["verify", "from.sql", "from.sql"]);
    expect(&equal, 0, &["nothing to prove"])
}

fn given_server(cluster: &Cluster) -> Result<(), Failed> {
    cluster
        .connect("postgres")?
        .batch_execute("CREATE ROLE owner_of_users; CREATE ROLE reader_of_users")?;
    let run = verify(cluster, &pair(FROM, TO), &["from.sql", "to.sql", "--rows", "3"]);
    expect(&run, 0, &["with 6 rows in 2 tables"])?;
    // Other trials prove plans on this server at the same time; theirs go away, what is left behind stays.
    let mut left = databases(cluster)?;
    for _ in 0..300 {
        if left.is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        left = databases(cluster)?;
    }
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!("left behind: {left:?}").into()),
    }
}

const UNCHECKED: &str =
    "CREATE TABLE t (id bigint PRIMARY KEY, code text NOT NULL); CREATE TABLE u (id bigint PRIMARY KEY);";
const CHECKED: &str =
    "CREATE TABLE t (id bigint PRIMARY KEY, code text NOT NULL, CONSTRAINT t_code CHECK (code ~ '^[A-Z]{3}$'));
    CREATE TABLE u (id bigint PRIMARY KEY);";

fn rows_that_break_a_rule(cluster: &Cluster) -> Result<(), Failed> {
    let run = verify(cluster, &pair(UNCHECKED, CHECKED), &["from.sql", "to.sql"]);
    expect(
        &run,
        0,
        &[
            "note: made no rows in public.t",
            "t_code",
            "--seed",
            "with 10 rows in 1 table:",
        ],
    )
}

fn rows_in_another_style(cluster: &Cluster) -> Result<(), Failed> {
    let scratch = pair(
        "CREATE TABLE t (id bigint PRIMARY KEY, email text NOT NULL, number text NOT NULL);",
        "CREATE TABLE t (id bigint PRIMARY KEY, email text NOT NULL, number text NOT NULL,
             CONSTRAINT t_email CHECK (email LIKE '%@%'));",
    );
    expect(
        &verify(cluster, &scratch, &["from.sql", "to.sql"]),
        0,
        &["with 10 rows in 1 table:"],
    )
}

fn seed_that_breaks_a_rule(cluster: &Cluster) -> Result<(), Failed> {
    let scratch = pair(UNCHECKED, CHECKED);
    scratch.file("seed.sql", "INSERT INTO t VALUES (1, 'ABC');");
    let good = verify(cluster, &scratch, &["from.sql", "to.sql", "--seed", "seed.sql"]);
    expect(&good, 0, &["with 11 rows in 2 tables"])?;
    scratch.file("seed.sql", "INSERT INTO t VALUES (1, 'abc');");
    let bad = verify(
        cluster,
        &scratch,
        &["from.sql", "to.sql", "--seed", "seed.sql", "--rows", "0"],
    );
    expect(
        &bad,
        2,
        &["not as planned: on the way up", "t_code", "1 thing is not as planned"],
    )
}

fn committed_plan(cluster: &Cluster) -> Result<(), Failed> {
    let scratch = Scratch::new();
    let version = cluster.installation().major.to_string();
    for schema in [UNCHECKED, CHECKED] {
        scratch.file("schema.sql", schema);
        let name = if schema == CHECKED { "check" } else { "init" };
        let arguments = [
            "plan",
            "migrations",
            "schema.sql",
            "--out",
            "migrations",
            "--name",
            name,
            "--pg",
            &version,
        ];
        expect(&underpin(scratch.path(), &arguments), 0, &[])?;
    }
    let verify = || verify(cluster, &scratch, &["migrations", "schema.sql", "--committed"]);
    expect(&verify(), 0, &["0002_enforce_check.up.sql", "there and back"])?;
    let file = scratch.path().join("migrations/0002_enforce_check.down.sql");
    let text = fs::read_to_string(&file)?;
    scratch.file(
        "migrations/0002_enforce_check.down.sql",
        text.replace("DROP CONSTRAINT", "ADD COLUMN more int, DROP CONSTRAINT"),
    );
    expect(
        &verify(),
        2,
        &["not as planned: back from 0002_enforce_check.up.sql", "more integer"],
    )
}

fn scope(cluster: &Cluster) -> Result<(), Failed> {
    let scratch = pair(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE TABLE public.other (id int); COMMENT ON TABLE app.t IS 'kept';",
        "CREATE SCHEMA app; CREATE TABLE app.t (id int, a int);",
    );
    let run = verify(
        cluster,
        &scratch,
        &["from.sql", "to.sql", "--schema", "app", "--keep-unmentioned"],
    );
    expect(&run, 0, &["there and back", "proved"])
}

fn not_loadable(cluster: &Cluster) -> Result<(), Failed> {
    let scratch = pair(
        "CREATE TABLE t (id int); ALTER TABLE t OWNER TO nobody_there;",
        "CREATE TABLE t (id int);",
    );
    let run = verify(cluster, &scratch, &["from.sql", "to.sql", "--no-owner"]);
    expect(&run, 0, &["nothing to prove"])?;
    scratch.file("to.sql", "CREATE TABLE t (id int, a int);");
    let run = verify(cluster, &scratch, &["from.sql", "to.sql"]);
    expect(&run, 1, &["U0607", "from.sql:1: ERROR", "nobody_there", "hint"])?;
    let nowhere = underpin(
        scratch.path(),
        &["verify", "from.sql", "to.sql", "--pg-bin", "/nowhere"],
    );
    expect(&nowhere, 1, &["/nowhere", "--server"])
}
