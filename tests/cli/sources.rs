//! What FROM and TO may be: migrations of other tools, revisions, sizes of tables beside them.

use std::process::Command;

use crate::common::{Scratch, underpin};

const SCHEMA: &str = "CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE TABLE u (id bigint PRIMARY KEY);\n";
const T: &str = "CREATE TABLE t (id bigint PRIMARY KEY);\n";
const U: &str = "CREATE TABLE u (id bigint PRIMARY KEY);\n";

/// Migrations under these names and with these texts lead to `SCHEMA`.
fn lead_to_schema(files: &[(&str, String)]) {
    let scratch = Scratch::new();
    scratch.file("schema.sql", SCHEMA);
    for (name, text) in files {
        scratch.file(&format!("migrations/{name}"), text);
    }
    let run = underpin(scratch.path(), &["check", "migrations", "schema.sql"]);
    assert_eq!(run.exit, 0, "{files:?}\n{}{}", run.stdout, run.stderr);
}

#[test]
fn migrations_of_other_tools_are_read_forward_and_in_their_order() {
    let text = |text: &str| text.to_owned();
    let both = |up: &str, forward: &str, down: &str, back: &str| format!("{up}\n{forward}{down}\n{back}");
    let drop_t = "DROP TABLE t;\n";
    let drop_u = "DROP TABLE u;\n";
    lead_to_schema(&[
        ("9_t.up.sql", text(T)),
        ("9_t.down.sql", text(drop_t)),
        ("10_u.up.sql", text(U)),
    ]);
    lead_to_schema(&[
        ("2024-01-01_t/up.sql", text(T)),
        ("2024-01-01_t/down.sql", text(drop_t)),
        ("2024-02-01_u/up.sql", text(U)),
    ]);
    lead_to_schema(&[
        ("V1__t.sql", text(T)),
        ("U1__t.sql", text(drop_t)),
        ("V1.1__u.sql", text(U)),
    ]);
    for (up, down) in [
        ("-- migrate:up", "-- migrate:down"),
        (
            "-- +goose Up\n-- +goose StatementBegin",
            "-- +goose StatementEnd\n-- +goose Down",
        ),
        ("-- +migrate Up", "-- +migrate Down"),
        ("-- rambler up", "-- rambler down"),
        ("", "---- create above / drop below ----"),
    ] {
        lead_to_schema(&[
            ("1_t.sql", both(up, T, down, drop_t)),
            ("2_u.sql", both(up, U, down, drop_u)),
        ]);
    }
    lead_to_schema(&[
        ("20240101_t/migration.sql", text(T)),
        ("20240201_u/migration.sql", text(U)),
    ]);
}

#[test]
fn what_is_ambiguous_is_refused() {
    for (names, word) in [
        (["V1__t.sql", "V1.0__u.sql"], "one version"),
        (["V1__t.sql", "seed.sql"], "none"),
        (["1_t.up.sql", "2_u.sql"], "none"),
    ] {
        let scratch = Scratch::new();
        scratch.file("schema.sql", SCHEMA);
        scratch.file(&format!("migrations/{}", names[0]), T);
        scratch.file(&format!("migrations/{}", names[1]), U);
        let run = underpin(scratch.path(), &["check", "migrations", "schema.sql"]);
        assert_eq!(run.exit, 1, "{names:?}");
        assert!(
            run.stderr.contains(word) && run.stderr.contains("hint"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_revision_is_read_from_where_one_is() {
    let scratch = Scratch::new();
    scratch.file("db/schema.sql", T);
    scratch.file("db/migrations/1_t.up.sql", T);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        let run = command
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
            .args(arguments);
        let output = run
            .current_dir(scratch.path())
            .output()
            .unwrap_or_else(|error| panic!("git: {error}"));
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "first"]);
    scratch.file("db/schema.sql", SCHEMA);
    let below = scratch.path().join("db");
    for from in [
        "git:main:schema.sql",
        "git:HEAD:migrations",
        "git:main:./migrations/1_t.up.sql",
    ] {
        let run = underpin(&below, &["diff", from, "schema.sql"]);
        assert_eq!(
            (run.exit, run.stdout.as_str()),
            (0, "create table public.u: 1 column, 1 primary key\n"),
            "{}",
            run.stderr
        );
    }
    let run = underpin(scratch.path(), &["diff", "git:main:db", "db/schema.sql"]);
    assert_eq!(run.exit, 1, "a schema beside migrations is ambiguous");
    for (from, word) in [
        ("git:other:schema.sql", "other"),
        ("git:main:no.sql", "no.sql"),
        ("git:main", "git:main:schema.sql"),
    ] {
        let run = underpin(&below, &["diff", from, "schema.sql"]);
        assert_eq!(run.exit, 1);
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
}

#[test]
fn a_server_that_is_not_there_is_an_error_without_the_password() {
    let scratch = Scratch::new();
    scratch.file("schema.sql", T);
    let run = underpin(
        scratch.path(),
        &["diff", "postgres://me:tell-nobody@127.0.0.1:1/shop", "schema.sql"],
    );
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("postgres://me@127.0.0.1:1/shop") || run.stderr.contains("pg_dump"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("tell-nobody"), "{}", run.stderr);
}

#[test]
fn a_table_that_statistics_call_small_is_changed_directly() {
    let scratch = Scratch::new();
    scratch.file("from.sql", "CREATE TABLE t (id bigint PRIMARY KEY, a int);");
    scratch.file("to.sql", "CREATE TABLE t (id bigint PRIMARY KEY, a bigint);");
    let files = |stats: &str, out: &str| {
        scratch.file("stats.json", stats);
        let run = underpin(
            scratch.path(),
            &["plan", "from.sql", "to.sql", "--out", out, "--stats", "stats.json"],
        );
        assert_eq!(run.exit, 0, "{}", run.stderr);
        run.stdout.matches(".up.sql").count()
    };
    let table = |rows: u64, bytes: u64| {
        format!("[{{\"schema\":\"public\",\"table\":\"t\",\"rows\":{rows},\"bytes\":{bytes}}}]")
    };
    let large = files(&table(5_000_000, 1 << 30), "large");
    let small = files(&table(500, 1 << 16), "small");
    let long_rows = files(&table(500, 1 << 30), "long-rows");
    assert!(small < large, "{small} {large}");
    assert_eq!(long_rows, large);
    let run = underpin(scratch.path(), &["check", "small", "to.sql", "--from", "from.sql"]);
    assert_eq!(run.exit, 0, "the plan keeps the sizes: {}{}", run.stdout, run.stderr);
    scratch.file("stats.json", "t|500");
    let run = underpin(
        scratch.path(),
        &["plan", "from.sql", "to.sql", "--out", "no", "--stats", "stats.json"],
    );
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("stats.json") && run.stderr.contains("README"),
        "{}",
        run.stderr
    );
}
