//! What is looked at: schemas, rules, owners, privileges, what is not mentioned; and that what is out of scope stays whole.

use crate::common::{Run, Scratch, files_below, underpin};

fn pair(from: &str, to: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.file("from.sql", from);
    scratch.file("to.sql", to);
    scratch
}

fn diff(scratch: &Scratch, options: &[&str]) -> Run {
    underpin(scratch.path(), &[&["diff", "from.sql", "to.sql"], options].concat())
}

fn plan(scratch: &Scratch, options: &[&str]) -> Run {
    underpin(
        scratch.path(),
        &[&["plan", "from.sql", "to.sql", "--out", "out"], options].concat(),
    )
}

/// The texts of all up files that were written.
fn ups(scratch: &Scratch) -> String {
    let files = files_below(&scratch.path().join("out"));
    let ups = files.iter().filter(|(name, _)| name.ends_with(".up.sql"));
    ups.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
        .collect()
}

fn assert_diff(scratch: &Scratch, options: &[&str], expected: &str) {
    let run = diff(scratch, options);
    assert_eq!(run.exit, 0, "{options:?}\n{}", run.stderr);
    assert_eq!(run.stdout, expected, "{options:?}");
}

const FROM: &str = "CREATE SCHEMA app; CREATE SCHEMA audit;
    CREATE TABLE app.users (id bigint PRIMARY KEY); CREATE TABLE audit.log (id bigint PRIMARY KEY);
    CREATE TABLE app.old_backup (id int);";
const TO: &str = "CREATE SCHEMA app; CREATE SCHEMA audit;
    CREATE TABLE app.users (id bigint PRIMARY KEY, name text); CREATE TABLE audit.log (id bigint PRIMARY KEY, note text);";

#[test]
fn only_what_is_in_scope_differs() {
    let scratch = pair(FROM, TO);
    let name = "create column app.users.name: text\n";
    let note = "create column audit.log.note: text\n";
    let backup = "drop table app.old_backup: 1 column\n";
    assert_diff(&scratch, &["--schema", "audit"], note);
    assert_diff(
        &scratch,
        &["--schema", "app", "--schema", "au*"],
        &[backup, name, note].concat(),
    );
    assert_diff(&scratch, &["--exclude", "schema audit"], &[backup, name].concat());
    assert_diff(
        &scratch,
        &["--exclude", "*_backup", "--exclude", "column audit.log.note"],
        name,
    );
    assert_diff(
        &scratch,
        &["--exclude", "app.*", "--exclude", "!table app.users"],
        &[name, note].concat(),
    );
    scratch.file(
        ".underpinignore",
        "# what others own\nschema audit   # the auditors\ntable *.*_backup\n",
    );
    assert_diff(&scratch, &[], name);
    scratch.file("rules", "app.*\n");
    assert_diff(&scratch, &["--ignore", "rules"], note);
}

#[test]
fn a_rule_that_cannot_be_read_is_shown_at_its_place() {
    let scratch = pair(FROM, TO);
    scratch.file("rules", "schema audit\n\n  tabel app.x\n");
    let run = diff(&scratch, &["--ignore", "rules"]);
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("rules:3:3") && run.stderr.contains("materialized view"),
        "{}",
        run.stderr
    );
    assert!(diff(&scratch, &["--exclude", "tabel x"]).stderr.contains("tabel"));
    assert_eq!(diff(&scratch, &["--schema", "a.b"]).exit, 1);
}

#[test]
fn what_is_out_of_scope_is_taken_to_be_there() {
    let scratch = pair(
        "CREATE SCHEMA app; CREATE TABLE app.orders (id bigint PRIMARY KEY);",
        "CREATE SCHEMA app; CREATE SCHEMA auth; CREATE TABLE auth.users (id bigint PRIMARY KEY, name text);
         CREATE TABLE auth.more (id int);
         CREATE TABLE app.orders (id bigint PRIMARY KEY, user_id bigint REFERENCES auth.users);",
    );
    let run = plan(&scratch, &["--schema", "app"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let ups = ups(&scratch);
    assert!(
        ups.contains("REFERENCES auth.users") && !ups.contains("CREATE TABLE"),
        "{ups}"
    );
}

#[test]
fn what_something_out_of_scope_needs_cannot_go() {
    let scratch = pair(
        "CREATE TABLE t (id bigint, a int); CREATE VIEW report AS SELECT a FROM t;",
        "CREATE TABLE t (id bigint);",
    );
    let run = plan(&scratch, &["--exclude", "view report"]);
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("U0606") && run.stderr.contains("public.report"),
        "{}",
        run.stderr
    );
    assert!(!scratch.path().join("out").exists());
    assert_eq!(plan(&scratch, &[]).exit, 0, "with the view in scope both go");
}

#[test]
fn what_is_out_of_scope_is_not_made_anew() {
    let from = "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(10)); CREATE VIEW report AS SELECT a FROM t;";
    let scratch = pair(from, "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20));");
    let run = plan(&scratch, &["--exclude", "view report"]);
    assert_eq!(run.exit, 1, "{}", ups(&scratch));
    assert!(run.stderr.contains("report"), "{}", run.stderr);
}

#[test]
fn owners_and_privileges_can_be_left_as_they_are() {
    let scratch = pair(
        "CREATE TABLE t (id int); ALTER TABLE t OWNER TO ada; GRANT SELECT ON t TO old_reader;
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO everybody;",
        "CREATE TABLE t (id int, a int); ALTER TABLE t OWNER TO bob; GRANT SELECT ON t TO new_reader;
         CREATE TABLE u (id int); ALTER TABLE u OWNER TO bob; GRANT SELECT ON u TO new_reader;",
    );
    let run = plan(&scratch, &["--no-owner", "--no-privileges"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let ups = ups(&scratch);
    assert!(ups.contains("ADD COLUMN") && ups.contains("CREATE TABLE"), "{ups}");
    for word in ["OWNER TO", "GRANT", "REVOKE", "DEFAULT PRIVILEGES"] {
        assert!(!ups.contains(word), "{word}\n{ups}");
    }
    let run = diff(&scratch, &[]);
    assert!(
        run.stdout.contains("owner") && run.stdout.contains("privileges"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_not_mentioned_can_be_left_alone() {
    let scratch = pair(
        "CREATE EXTENSION citext; CREATE TABLE t (id bigint PRIMARY KEY, a int DEFAULT 1, extra text);
         CREATE INDEX t_extra ON t (extra); COMMENT ON TABLE t IS 'rows'; GRANT SELECT ON t TO reader;
         CREATE TABLE other (id int); CREATE VIEW v AS SELECT id FROM other;
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO everybody;",
        "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int); GRANT INSERT ON t TO writer; CREATE TABLE new (id int);",
    );
    assert_diff(
        &scratch,
        &["--keep-unmentioned"],
        "alter table public.t: privileges\ndrop default public.t.a: 1\ncreate column public.t.b: integer\n\
         create table public.new: 1 column\n",
    );
    let run = plan(&scratch, &["--keep-unmentioned"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let ups = ups(&scratch);
    assert!(
        !ups.contains("DROP TABLE") && !ups.contains("REVOKE") && !ups.contains("COMMENT"),
        "{ups}"
    );
    assert!(ups.contains("GRANT INSERT ON TABLE public.t TO writer"), "{ups}");
}

#[test]
fn a_primary_key_that_is_mentioned_takes_the_place_of_another() {
    let scratch = pair(
        "CREATE TABLE t (a bigint NOT NULL, b bigint NOT NULL, CONSTRAINT one PRIMARY KEY (a));",
        "CREATE TABLE t (a bigint NOT NULL, b bigint NOT NULL, CONSTRAINT two PRIMARY KEY (b));",
    );
    let run = diff(&scratch, &["--keep-unmentioned"]);
    assert!(
        run.stdout.contains("drop primary key public.t.one"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn a_script_holds_what_is_in_scope() {
    let scratch = pair(FROM, TO);
    let run = underpin(scratch.path(), &["snapshot", "to.sql", "--exclude", "schema audit"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("app.users") && !run.stdout.contains("audit"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_plan_keeps_its_scope_and_check_uses_it() {
    let scratch = pair(FROM, TO);
    let options = ["--schema", "app", "--exclude", "*_backup", "--keep-unmentioned"];
    let run = plan(&scratch, &options);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let check = |more: &[&str]| {
        underpin(
            scratch.path(),
            &[&["check", "out", "to.sql", "--from", "from.sql"], more].concat(),
        )
    };
    let run = check(&[]);
    assert_eq!(run.exit, 0, "{}{}", run.stdout, run.stderr);
    let run = check(&["--schema", "au*"]);
    assert_eq!(run.exit, 2, "another scope is another plan: {}", run.stderr);
    assert!(run.stderr.contains("--schema 'au*'"), "{}", run.stderr);
}
