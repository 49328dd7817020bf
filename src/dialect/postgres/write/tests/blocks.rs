//! DO blocks and trigger bodies: backfills, checks, syncs.

use super::check;
use crate::catalog::{DataType, ObjectId};
use crate::dialect::postgres::action::backfill::Remaining;
use crate::dialect::postgres::action::sync::{
    ColumnSync, GoneRow, MissingRow, RowSync, Sync, SyncNames, objects as sync_objects,
};
use crate::dialect::postgres::action::verify::{NullsAre, Readable};
use crate::dialect::postgres::action::{Action, Backfill, Expectation, Leaves, Walk, Work};
use crate::dialect::postgres::read::parse::parses;
use crate::dialect::postgres::write::samples::{column_id, name, relation, template};
use crate::dialect::postgres::write::{action, sync};
use expect_test::expect;

#[test]
fn a_backfill_along_a_key() {
    let text = action(&Action::Backfill(Box::new(along_key(&["id"]))), 18);
    check(
        &text,
        expect![[r#"
            DO $$
            DECLARE
                underpin_low bigint;  -- the first key of the batch
                underpin_high bigint;  -- its last key
                underpin_last bigint;  -- the last key of all when the backfill began
                underpin_size integer := 1000;  -- how much a batch takes
                underpin_begun timestamptz;
                underpin_milliseconds double precision;
                underpin_lag double precision;
            BEGIN
                SELECT id INTO underpin_last FROM app.users ORDER BY id DESC LIMIT 1;
                SELECT id INTO underpin_low FROM app.users ORDER BY id LIMIT 1;
                WHILE FOUND LOOP
                    SELECT id INTO underpin_high FROM app.users
                        WHERE id >= underpin_low AND id <= underpin_last
                        ORDER BY id OFFSET underpin_size - 1 LIMIT 1;
                    IF NOT FOUND THEN
                        underpin_high := underpin_last;
                    END IF;
                    underpin_begun := clock_timestamp();
                    UPDATE app.users
                        SET full_name = upper(users.name)
                        WHERE id >= underpin_low AND id <= underpin_high
                        AND full_name IS DISTINCT FROM (upper(users.name));
                    COMMIT;
                    underpin_milliseconds := extract(epoch FROM clock_timestamp() - underpin_begun) * 1000;
                    -- Aim at 100 ms a batch, from 100 to 20000 rows.
                    underpin_size := greatest(100, least(20000,
                        (underpin_size * least(2.0, greatest(0.5, 100.0 / greatest(underpin_milliseconds, 1.0))))::integer));
                    LOOP
                        SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) INTO underpin_lag FROM pg_stat_replication;
                        EXIT WHEN underpin_lag < 30;
                        COMMIT;
                        PERFORM pg_sleep(5);
                    END LOOP;
                    PERFORM pg_sleep(0.01);
                    SELECT id INTO underpin_low FROM app.users
                        WHERE id > underpin_high AND id <= underpin_last
                        ORDER BY id LIMIT 1;
                END LOOP;
            END
            $$"#]],
    );
}

#[test]
fn other_walks_parse() {
    let pages = Backfill {
        walk: Walk::Pages(Leaves::Partitions),
        ..along_key(&["id"])
    };
    let copy = Backfill {
        relation: relation("users"),
        walk: Walk::Pages(Leaves::Itself),
        work: Work::Copy {
            into: relation("profiles"),
            columns: vec![
                (column_id("profiles", "user_id"), template("{id}")),
                (column_id("profiles", "bio"), template("{bio}")),
            ],
            key: vec![column_id("profiles", "user_id")],
            condition: None,
        },
    };
    for backfill in [pages, copy, along_key(&["id", "org"])] {
        parses(&action(&Action::Backfill(Box::new(backfill.clone())), 18)).unwrap();
        parses(&action(
            &Action::Verify(Box::new(Expectation::Backfilled(Box::new(backfill)))),
            18,
        ))
        .unwrap();
    }
}

fn along_key(columns: &[&str]) -> Backfill {
    Backfill {
        relation: relation("users"),
        walk: Walk::Key(
            columns
                .iter()
                .map(|column| (column_id("users", column), DataType::system("int8")))
                .collect(),
        ),
        work: Work::Update {
            assignments: vec![(column_id("users", "full_name"), template("upper({name})"))],
            remaining: Remaining::Different,
        },
    }
}

#[test]
fn checks_raise_what_failed() {
    let expectations = [
        Expectation::NoRows {
            relation: relation("users"),
            condition: template("{name} IS NULL"),
            what: "100% nameless rows".to_owned(),
        },
        Expectation::NoDuplicates {
            relation: relation("users"),
            readable: Readable::Always,
            columns: vec![column_id("users", "name")],
            nulls: NullsAre::Distinct,
            condition: None,
        },
        Expectation::NoOrphans {
            relation: relation("users"),
            columns: vec![column_id("users", "org")],
            table: relation("orgs"),
            referenced: vec![column_id("orgs", "id")],
        },
        Expectation::ConstraintValid(ObjectId::Constraint(name("users"), "short".into())),
        Expectation::IndexValid(relation("users_email")),
    ];
    let texts: Vec<String> = expectations
        .into_iter()
        .map(|expectation| action(&Action::Verify(Box::new(expectation)), 18))
        .collect();
    for text in &texts {
        parses(text).unwrap();
    }
    expect![[r#"
        DO $$
        BEGIN
            IF EXISTS (
                SELECT FROM app.users
                WHERE users.name IS NULL
            ) THEN
                RAISE EXCEPTION 'app.users has 100%% nameless rows';
            END IF;
        END
        $$
        DO $$
        BEGIN
            IF EXISTS (
                SELECT FROM app.users
                WHERE name IS NOT NULL
                GROUP BY name
                HAVING count(*) > 1
            ) THEN
                RAISE EXCEPTION 'app.users has rows that are equal in (name)';
            END IF;
        END
        $$
        DO $$
        BEGIN
            IF EXISTS (
                SELECT FROM app.users AS child
                WHERE child.org IS NOT NULL AND NOT EXISTS (SELECT FROM app.orgs AS parent WHERE parent.id = child.org)
            ) THEN
                RAISE EXCEPTION 'app.users has rows whose (org) is not in app.orgs';
            END IF;
        END
        $$
        DO $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM pg_catalog.pg_constraint
                WHERE conrelid = to_regclass('app.users') AND conname = 'short' AND convalidated
            ) THEN
                RAISE EXCEPTION 'constraint short of app.users is missing or not validated';
            END IF;
        END
        $$
        DO $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM pg_catalog.pg_index
                WHERE indexrelid = to_regclass('app.users_email') AND indisvalid
            ) THEN
                RAISE EXCEPTION 'index app.users_email is missing or invalid';
            END IF;
        END
        $$"#]]
    .assert_eq(&texts.join("\n"));
}

#[test]
fn a_sync_of_two_columns() {
    let sync = Sync::Columns {
        table: relation("users"),
        columns: vec![ColumnSync {
            old: Some(column_id("users", "name")),
            new: column_id("users", "full_name"),
            up: template("upper({name})"),
            down: Some(template("{full_name}")),
        }],
    };
    let names = SyncNames {
        function: name("underpin_users_name"),
        trigger: ObjectId::Trigger(name("users"), "zzz_underpin_users_name".into()),
    };
    let [function, trigger] =
        sync_objects(&names, &sync).map(|(id, entry)| action(&Action::create(id, entry, Vec::new()), 18));
    check(
        &function,
        expect![[r#"
            CREATE FUNCTION app.underpin_users_name() RETURNS trigger
                LANGUAGE plpgsql
                AS $$
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    IF NEW.full_name IS NOT NULL THEN
                        NEW.name := NEW.full_name;
                    ELSE
                        NEW.full_name := (SELECT upper(users.name) FROM (SELECT NEW.*) AS users);
                    END IF;
                ELSIF NEW.full_name IS DISTINCT FROM OLD.full_name AND NEW.name IS NOT DISTINCT FROM OLD.name THEN
                    NEW.name := NEW.full_name;
                ELSE
                    NEW.full_name := (SELECT upper(users.name) FROM (SELECT NEW.*) AS users);
                END IF;
                RETURN NEW;
            END
            $$"#]],
    );
    check(
        &trigger,
        expect![[r#"
        CREATE TRIGGER zzz_underpin_users_name
            BEFORE INSERT OR UPDATE ON app.users
            FOR EACH ROW
            EXECUTE FUNCTION app.underpin_users_name()"#]],
    );
}

#[test]
fn a_sync_of_two_rows() {
    let rows = Sync::Rows(RowSync {
        from: relation("users"),
        to: relation("profiles"),
        key: vec![(column_id("profiles", "user_id"), column_id("users", "id"))],
        columns: vec![(column_id("profiles", "bio"), template("{bio}"))],
        missing: MissingRow::Insert,
        gone: GoneRow::Delete,
    });
    expect![[r#"

        BEGIN
            IF TG_OP = 'DELETE' THEN
                DELETE FROM app.profiles AS underpin_other WHERE underpin_other.user_id = OLD.id;
                RETURN NULL;
            END IF;
            IF TG_OP = 'UPDATE' AND (NEW.id IS DISTINCT FROM OLD.id) THEN
                DELETE FROM app.profiles AS underpin_other WHERE underpin_other.user_id = OLD.id;
            END IF;
            INSERT INTO app.profiles AS underpin_other (user_id, bio)
                SELECT users.id, users.bio FROM (SELECT NEW.*) AS users
                ON CONFLICT (user_id) DO UPDATE SET bio = excluded.bio
                WHERE (underpin_other.bio) IS DISTINCT FROM (excluded.bio);
            RETURN NULL;
        END
    "#]]
    .assert_eq(&sync::body(&rows));
}
