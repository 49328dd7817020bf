//! `check`: migrations that lead to a schema or do not, and plans that are current, edited, begun, or built upon.

use std::fs;

use crate::common::{Run, Scratch, underpin};

const ONE: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n";
const TWO: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL,\n  \
                   CONSTRAINT users_email_check CHECK (email LIKE '%@%'));\n";

/// A project whose migrations lead to `TWO` in two plans.
fn project() -> Scratch {
    let scratch = Scratch::new();
    scratch.file("schema.sql", ONE);
    assert_eq!(plan(&scratch, "init", &[]).exit, 0);
    scratch.file("schema.sql", TWO);
    assert_eq!(plan(&scratch, "email", &[]).exit, 0);
    scratch
}

fn plan(scratch: &Scratch, name: &str, more: &[&str]) -> Run {
    let arguments = [
        "plan",
        "migrations",
        "schema.sql",
        "--out",
        "migrations",
        "--name",
        name,
    ];
    underpin(scratch.path(), &[&arguments, more].concat())
}

fn check(scratch: &Scratch, more: &[&str]) -> Run {
    underpin(scratch.path(), &[&["check", "migrations", "schema.sql"], more].concat())
}

fn edit(scratch: &Scratch, file: &str, change: impl Fn(&str) -> String) {
    let path = scratch.path().join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    fs::write(&path, change(&text)).unwrap_or_else(|error| panic!("{file}: {error}"));
}

#[test]
fn migrations_that_lead_to_the_schema_and_a_current_plan_are_right() {
    let scratch = project();
    let run = check(&scratch, &[]);
    assert_eq!((run.exit, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(
        run.stderr.contains("plan 0002_email is what the compiler makes now"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("3 migrations lead to schema.sql"), "{}", run.stderr);
}

#[test]
fn a_schema_that_has_moved_on_is_found_with_the_command_that_follows_it() {
    let scratch = project();
    edit(&scratch, "schema.sql", |text| {
        text.replace("email text", "note text, email text")
    });
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "the migrations do not lead to schema.sql; they lack:\n  create column public.users.note: text\n"
    );
    let command = "underpin plan migrations schema.sql --out migrations --name NAME";
    assert!(run.stderr.contains(command), "{}", run.stderr);
    assert_eq!(plan(&scratch, "note", &[]).exit, 0);
    assert_eq!(check(&scratch, &[]).exit, 0);
}

#[test]
fn a_file_that_was_edited_is_shown_with_its_difference() {
    let scratch = project();
    edit(&scratch, "migrations/0002_enforce_email.up.sql", |text| {
        text.replace("'2s'", "'9s'")
    });
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert!(
        run.stdout.contains(
            "plan 0002_email is not what the compiler makes now:\n  different: migrations/0002_enforce_email.up.sql\n"
        ),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("\n-SET LOCAL lock_timeout = '9s';\n+SET LOCAL lock_timeout = '2s';\n"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("--name email --force"), "{}", run.stderr);
    assert_eq!(
        check(&scratch, &["--replay-only"]).exit,
        0,
        "it still leads to the schema"
    );
    assert_eq!(plan(&scratch, "email", &["--force"]).exit, 0);
    assert_eq!(check(&scratch, &[]).exit, 0);
}

#[test]
fn an_edit_that_leads_elsewhere_is_named() {
    let scratch = project();
    edit(&scratch, "migrations/0002_enforce_email.up.sql", |text| {
        text.replace("'%@%'", "'%@%.%'")
    });
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert!(
        run.stdout.contains("they lack:\n  alter check constraint"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("files of plan 0002_email were edited:\n  migrations/0002_enforce_email.up.sql\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_missing_file_is_a_difference_unless_the_plan_has_only_begun() {
    let scratch = project();
    for side in ["up", "down"] {
        let file = format!("migrations/0003_enforce_email.{side}.sql");
        fs::remove_file(scratch.path().join(file)).unwrap_or_else(|error| panic!("{error}"));
    }
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 2);
    assert!(
        run.stdout.contains("missing: migrations/0003_enforce_email.up.sql") || run.stdout.contains("they lack"),
        "{}",
        run.stdout
    );
    let run = check(&scratch, &["--begun"]);
    assert_eq!(run.exit, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("1 of its 2 steps are there"), "{}", run.stderr);
    // The first file without the second is a beginning; the second without the first is none.
    let whole = project();
    for side in ["up", "down"] {
        let file = format!("migrations/0002_enforce_email.{side}.sql");
        fs::remove_file(whole.path().join(file)).unwrap_or_else(|error| panic!("{error}"));
    }
    assert_ne!(check(&whole, &["--begun"]).exit, 0);
}

#[test]
fn migrations_of_others_behind_a_plan_are_followed_and_must_have_numbers_of_their_own() {
    let scratch = project();
    scratch.file(
        "migrations/0004_note.up.sql",
        "ALTER TABLE users ADD COLUMN note text;\n",
    );
    edit(&scratch, "schema.sql", |text| {
        text.replace("email text", "note text, email text")
    });
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 0, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains("0004_note.up.sql stands behind it"),
        "{}",
        run.stderr
    );
    fs::rename(
        scratch.path().join("migrations/0004_note.up.sql"),
        scratch.path().join("migrations/0003_note.up.sql"),
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "migrations/0003_note.up.sql has the number of a file of plan 0002_email\n"
    );
    assert!(
        run.stderr.contains("git rm -r 'migrations/*_email.*'"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_plan_is_compiled_again_with_its_own_options() {
    let scratch = Scratch::new();
    scratch.file(
        "live.sql",
        "CREATE TABLE t (id bigint PRIMARY KEY, a int); ALTER TABLE t OWNER TO ada;",
    );
    scratch.file(
        "schema.sql",
        "CREATE UNLOGGED TABLE t (id bigint PRIMARY KEY); ALTER TABLE t OWNER TO bob;",
    );
    let arguments = [
        "--out",
        "migrations",
        "--allow",
        "table-rewrite",
        "--no-owner",
        "--pg",
        "15",
    ];
    let run = underpin(
        scratch.path(),
        &[&["plan", "live.sql", "schema.sql"], &arguments[..]].concat(),
    );
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let run = check(&scratch, &["--from", "live.sql"]);
    assert_eq!(run.exit, 0, "{}{}", run.stdout, run.stderr);
    scratch.file(
        "live.sql",
        "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int); ALTER TABLE t OWNER TO ada;",
    );
    let run = check(&scratch, &["--from", "live.sql"]);
    assert_eq!(run.exit, 2, "what is has moved on: {}", run.stderr);
    assert!(
        run.stderr.contains("--pg 15 --allow table-rewrite --no-owner"),
        "{}",
        run.stderr
    );
}

#[test]
fn migrations_may_build_on_a_database_that_was_there() {
    let scratch = Scratch::new();
    scratch.file("baseline.sql", ONE);
    scratch.file("schema.sql", TWO);
    let run = plan(&scratch, "email", &["--baseline", "baseline.sql"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert_eq!(check(&scratch, &["--baseline", "baseline.sql"]).exit, 0);
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 1, "without it the table is not there");
    assert!(run.stderr.contains("users"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_checked_is_an_error_with_a_hint() {
    let scratch = project();
    let run = underpin(scratch.path(), &["check", "schema.sql", "migrations"]);
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("underpin check migrations schema.sql"),
        "{}",
        run.stderr
    );
    scratch.file("migrations/0002_email.plan/plan.json", "{}");
    let run = check(&scratch, &[]);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("0002_email.plan"), "{}", run.stderr);
}

#[test]
fn json_names_findings_and_the_remedy() {
    let scratch = project();
    edit(&scratch, "schema.sql", |text| {
        text.replace("email text", "note text, email text")
    });
    let run = check(&scratch, &["--json"]);
    assert_eq!(run.exit, 2);
    for piece in [
        "\"finding\": \"does_not_lead_to_schema\"",
        "\"name\": \"public.users.note\"",
        "\"remedy\": \"underpin plan",
    ] {
        assert!(run.stdout.contains(piece), "{}", run.stdout);
    }
}
