//! The program as a user meets it: exit codes, words on standard error, and that nothing is ever half-written.

mod common;

mod cli {
    mod check;
    mod deep;
    mod scope;
    mod sources;
}

use common::{Scratch, files_below, underpin};

const FROM: &str = "CREATE TABLE t (id bigint PRIMARY KEY);\n";
const TO: &str = "CREATE TABLE t (id bigint PRIMARY KEY, note text);\n";

/// A directory with a pair of schemas that differ by one column.
fn pair() -> Scratch {
    let scratch = Scratch::new();
    scratch.file("from.sql", FROM);
    scratch.file("to.sql", TO);
    scratch
}

const PLAN: [&str; 5] = ["plan", "from.sql", "to.sql", "--out", "out"];

#[test]
fn help_names_the_commands() {
    let scratch = Scratch::new();
    let run = underpin(scratch.path(), &["--help"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert_eq!(run.stderr, "", "help is data");
    for command in ["plan", "diff", "snapshot", "explain"] {
        assert!(run.stdout.contains(command), "{}", run.stdout);
    }
    assert_eq!(underpin(scratch.path(), &["plan", "--help"]).exit, 0);
}

#[test]
fn an_unknown_argument_is_an_error() {
    let scratch = pair();
    let run = underpin(
        scratch.path(),
        &["plan", "from.sql", "to.sql", "--out", "out", "--no-such-flag"],
    );
    assert_eq!(run.exit, 1, "{}", run.stderr);
    assert!(run.stderr.contains("--no-such-flag"), "{}", run.stderr);
    assert!(files_below(&scratch.path().join("out")).is_empty());
}

#[test]
fn a_plan_is_written_and_the_same_twice() {
    let scratch = pair();
    let first = underpin(scratch.path(), &PLAN);
    assert_eq!(first.exit, 0, "{}", first.stderr);
    let second = underpin(scratch.path(), &["plan", "from.sql", "to.sql", "--out", "again"]);
    assert_eq!(second.exit, 0, "{}", second.stderr);
    let written = files_below(&scratch.path().join("out"));
    assert!(
        written.keys().any(|name| name.ends_with(".up.sql")),
        "{:?}",
        written.keys()
    );
    assert!(
        written.keys().any(|name| name.ends_with(".down.sql")),
        "{:?}",
        written.keys()
    );
    assert_eq!(written, files_below(&scratch.path().join("again")));
}

#[test]
fn a_missing_file_is_named() {
    let scratch = pair();
    let run = underpin(scratch.path(), &["plan", "nowhere.sql", "to.sql", "--out", "out"]);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("nowhere.sql"), "{}", run.stderr);
    assert!(!scratch.path().join("out").exists());
}

#[test]
fn a_text_that_is_not_utf8_is_refused() {
    let scratch = pair();
    scratch.file("from.sql", b"-- caf\xe9\nCREATE TABLE t (id bigint);\n");
    let run = underpin(scratch.path(), &PLAN);
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("from.sql") && run.stderr.contains("UTF-8"),
        "{}",
        run.stderr
    );
    assert!(!scratch.path().join("out").exists());
}

#[test]
fn a_dump_in_the_custom_format_is_refused_with_what_to_do() {
    let scratch = pair();
    scratch.file("from.sql", b"PGDMP\x01\x10\x00\x04\x08\x00\x01\x00\x00\x00\x00\xff\xfe");
    let run = underpin(scratch.path(), &PLAN);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("pg_restore"), "{}", run.stderr);
    assert!(!scratch.path().join("out").exists());
}

#[test]
fn a_syntax_error_is_shown_at_its_place() {
    let scratch = pair();
    scratch.file(
        "to.sql",
        "CREATE TABLE t (id bigint PRIMARY KEY);\n\nCREATE TABEL u (id int);\n",
    );
    let run = underpin(scratch.path(), &PLAN);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("to.sql:3:8"), "{}", run.stderr);
    assert!(!scratch.path().join("out").exists());
}

#[test]
fn an_unknown_directive_is_shown_at_its_place() {
    let scratch = pair();
    scratch.file(
        "to.sql",
        "CREATE TABLE t (id bigint PRIMARY KEY,\n  note text -- underpin: renamed-form n\n);\n",
    );
    let run = underpin(scratch.path(), &PLAN);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("to.sql:2:"), "{}", run.stderr);
    assert!(
        run.stderr.contains("renamed-from"),
        "the right word is offered: {}",
        run.stderr
    );
}

#[test]
fn a_planned_migration_is_not_overwritten() {
    let scratch = pair();
    assert_eq!(underpin(scratch.path(), &PLAN).exit, 0);
    let out = scratch.path().join("out");
    let first = files_below(&out);
    scratch.file(
        "to.sql",
        "CREATE TABLE t (id bigint PRIMARY KEY, note text, more text);\n",
    );
    let again = underpin(scratch.path(), &PLAN);
    // Either it is refused, or it is numbered on from what stands there; what stands there stays as it is.
    let now = files_below(&out);
    for (name, bytes) in first.iter().filter(|(name, _)| name.ends_with(".sql")) {
        assert_eq!(now.get(name), Some(bytes), "{name} was changed\n{}", again.stderr);
    }
}

#[test]
fn equal_schemas_need_no_files() {
    let scratch = pair();
    let run = underpin(scratch.path(), &["plan", "from.sql", "from.sql", "--out", "out"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let written = files_below(&scratch.path().join("out"));
    assert!(
        !written.keys().any(|name| name.ends_with(".up.sql")),
        "{:?}",
        written.keys()
    );
}

#[test]
fn diff_tells_by_its_exit_code() {
    let scratch = pair();
    let diff = |from, to| underpin(scratch.path(), &["diff", from, to, "--exit-code"]).exit;
    assert_eq!(diff("from.sql", "to.sql"), 2);
    assert_eq!(diff("from.sql", "from.sql"), 0);
    assert_eq!(underpin(scratch.path(), &["diff", "from.sql", "to.sql"]).exit, 0);
}

#[test]
fn a_refused_hazard_names_the_flag_that_allows_it() {
    let scratch = Scratch::new();
    scratch.file("from.sql", "CREATE TABLE t (id bigint);");
    scratch.file("to.sql", "CREATE UNLOGGED TABLE t (id bigint);");
    let refused = underpin(scratch.path(), &PLAN);
    assert_eq!(refused.exit, 1, "the table would be written anew\n{}", refused.stderr);
    assert!(refused.stderr.contains("--allow"), "{}", refused.stderr);
    assert!(!scratch.path().join("out").exists(), "nothing is written");
}

#[test]
fn an_output_that_can_not_be_written_leaves_nothing_behind() {
    let scratch = pair();
    scratch.file("out", "a file stands where the directory should be");
    let run = underpin(scratch.path(), &PLAN);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("out"), "{}", run.stderr);
    let names: Vec<String> = files_below(scratch.path()).into_keys().collect();
    assert_eq!(names, ["from.sql", "out", "to.sql"]);
}

#[test]
fn a_snapshot_is_the_same_schema_and_its_own_snapshot() {
    let scratch = Scratch::new();
    let schema = "CREATE TABLE b (id serial PRIMARY KEY, t text DEFAULT 'x'); CREATE TABLE a (b int REFERENCES b);\n\
                  CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT count(*) FROM b';\n\
                  COMMENT ON TABLE a IS 'a'; GRANT SELECT ON a TO PUBLIC;\n";
    scratch.file("schema.sql", schema);
    let first = underpin(scratch.path(), &["snapshot", "schema.sql"]);
    assert_eq!((first.exit, first.stderr.as_str()), (0, ""));
    scratch.file("snapshot.sql", &first.stdout);
    let diff = underpin(scratch.path(), &["diff", "schema.sql", "snapshot.sql", "--exit-code"]);
    assert_eq!((diff.exit, diff.stdout.as_str()), (0, ""), "{}", diff.stderr);
    let second = underpin(scratch.path(), &["snapshot", "snapshot.sql"]);
    assert_eq!(second.stdout, first.stdout);
}

#[test]
fn a_snapshot_of_what_cannot_be_read_is_an_error_and_nothing() {
    let scratch = Scratch::new();
    scratch.file(
        "schema.sql",
        "CREATE TABLE t (id bigint);\nCREATE TABEL u (id bigint);\n",
    );
    let run = underpin(scratch.path(), &["snapshot", "schema.sql"]);
    assert_eq!((run.exit, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("schema.sql:2:8"), "{}", run.stderr);
}

#[test]
fn a_snapshot_as_json_names_each_object() {
    let scratch = Scratch::new();
    scratch.file("schema.sql", "CREATE TABLE t (id bigint); COMMENT ON TABLE t IS 'x';");
    let run = underpin(scratch.path(), &["snapshot", "schema.sql", "--json"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let output: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(output["parts"][0]["object"], "public.t");
    assert_eq!(output["parts"][0]["statements"].as_array().unwrap().len(), 2);
    assert_eq!(output["diagnostics"].as_array().unwrap().len(), 0);
}
