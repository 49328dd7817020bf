//! Pairs of texts, and the statements that lead from one to the other and back.

use crate::dialect::postgres::lower::testing::{downs, said, ups, ups_allowing};
use expect_test::expect;

const WIDENED: (&str, &str) = (
    "CREATE TABLE t (c varchar(20) DEFAULT 'x', CHECK (c <> 'y')); CREATE VIEW v AS SELECT c FROM t;",
    "CREATE TABLE t (c text DEFAULT 'x', CHECK (c <> 'y')); CREATE VIEW v AS SELECT c FROM t;",
);

#[test]
fn a_wider_text_changes_in_place_and_its_checks_are_validated_after_it() {
    expect![[r#"
        expand: DROP VIEW public.v
        expand: ALTER TABLE public.t DROP CONSTRAINT t_c_check, ALTER COLUMN c TYPE text, ADD CONSTRAINT t_c_check CHECK ((c <> 'y'::text)) NOT VALID
        expand: ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 'x'::text
        expand: CREATE VIEW public.v AS SELECT c FROM public.t
        expand: ALTER TABLE public.t VALIDATE CONSTRAINT t_c_check
        expand: ANALYZE public.t (c)
    "#]].assert_eq(&ups(WIDENED.0, WIDENED.1));
}

#[test]
fn a_number_of_another_size_goes_through_a_second_column() {
    let from = "CREATE TABLE t (n integer NOT NULL DEFAULT 1);";
    let to = "CREATE TABLE t (n bigint NOT NULL DEFAULT 1);";
    let without_blocks = |text: String| -> String {
        text.lines()
            .filter(|line| !line.contains(": DO "))
            .map(|line| format!("{line}\n"))
            .collect()
    };
    expect![[r#"
        expand: ALTER TABLE public.t ADD COLUMN n_underpin_new bigint
        expand: CREATE FUNCTION public.t_n_underpin_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n_underpin_new := (SELECT (t.n::bigint) FROM (SELECT NEW.*) AS t); RETURN NEW; END $$
        expand: CREATE TRIGGER zzz_underpin_n BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.t_n_underpin_sync()
        expand: ALTER TABLE public.t ENABLE ALWAYS TRIGGER zzz_underpin_n
        enforce: ALTER TABLE public.t ADD CONSTRAINT t_n_underpin_not_null NOT NULL n_underpin_new NOT VALID
        enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_n_underpin_not_null
        enforce: ANALYZE public.t (n_underpin_new)
        enforce: LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE
        enforce: ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT
        enforce: ALTER TABLE public.t RENAME CONSTRAINT t_n_not_null TO t_n_not_null_underpin_old
        enforce: ALTER TABLE public.t RENAME COLUMN n TO n_underpin_old
        enforce: ALTER TABLE public.t RENAME COLUMN n_underpin_new TO n
        enforce: ALTER TABLE public.t RENAME CONSTRAINT t_n_underpin_not_null TO t_n_not_null
        enforce: ALTER TABLE public.t ALTER COLUMN n SET DEFAULT 1
        enforce: CREATE OR REPLACE FUNCTION public.t_n_underpin_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n_underpin_old := (SELECT (t.n::integer) FROM (SELECT NEW.*) AS t); RETURN NEW; END $$
        contract: DROP TRIGGER zzz_underpin_n ON public.t
        contract: DROP FUNCTION public.t_n_underpin_sync()
        contract: ALTER TABLE public.t DROP COLUMN n_underpin_old
    "#]].assert_eq(&without_blocks(ups(from, to)));
    expect![[r#"
        contract: ALTER TABLE public.t ADD COLUMN n_underpin_old integer
        contract: CREATE FUNCTION public.t_n_underpin_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n_underpin_old := (SELECT (t.n::integer) FROM (SELECT NEW.*) AS t); RETURN NEW; END $$
        contract: CREATE TRIGGER zzz_underpin_n BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.t_n_underpin_sync()
        contract: ALTER TABLE public.t ENABLE ALWAYS TRIGGER zzz_underpin_n
        contract: ALTER TABLE public.t ADD CONSTRAINT t_n_not_null_underpin_old NOT NULL n_underpin_old NOT VALID
        contract: ALTER TABLE public.t VALIDATE CONSTRAINT t_n_not_null_underpin_old
        enforce: LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE
        enforce: ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT
        enforce: ALTER TABLE public.t RENAME CONSTRAINT t_n_not_null TO t_n_underpin_not_null
        enforce: ALTER TABLE public.t RENAME COLUMN n TO n_underpin_new
        enforce: ALTER TABLE public.t RENAME COLUMN n_underpin_old TO n
        enforce: ALTER TABLE public.t RENAME CONSTRAINT t_n_not_null_underpin_old TO t_n_not_null
        enforce: ALTER TABLE public.t ALTER COLUMN n SET DEFAULT 1
        enforce: CREATE OR REPLACE FUNCTION public.t_n_underpin_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n_underpin_new := (SELECT (t.n::bigint) FROM (SELECT NEW.*) AS t); RETURN NEW; END $$
        enforce: ALTER TABLE public.t ALTER COLUMN n_underpin_new DROP NOT NULL
        expand: DROP TRIGGER zzz_underpin_n ON public.t
        expand: DROP FUNCTION public.t_n_underpin_sync()
        expand: ALTER TABLE public.t DROP COLUMN n_underpin_new
    "#]].assert_eq(&without_blocks(downs(from, to)));
}

#[test]
fn where_it_is_allowed_the_table_is_written_anew() {
    let from = "CREATE TABLE t (n text DEFAULT '0');";
    let to = "CREATE TABLE t (n integer DEFAULT 0);";
    expect![[r#"
        expand: ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT
        expand: ALTER TABLE public.t ALTER COLUMN n TYPE integer USING (n::integer)
        expand: ALTER TABLE public.t ALTER COLUMN n SET DEFAULT 0
        expand: ANALYZE public.t (n)
    "#]]
    .assert_eq(&ups_allowing(from, to, &["table-rewrite"]));
}

#[test]
fn a_column_that_another_is_generated_from_is_refused() {
    let from = "CREATE TABLE t (n integer, d integer GENERATED ALWAYS AS (n * 2) STORED);";
    let to = "CREATE TABLE t (n bigint, d integer GENERATED ALWAYS AS (n * 2) STORED);";
    expect![[r#"
        unsupported-clause: the type of column n of public.t cannot be changed while column d of public.t is generated from it
    "#]].assert_eq(&said(from, to));
}

#[test]
fn what_cannot_be_carried_over_is_refused_with_what_can_be_done() {
    let from = "CREATE TABLE t (n integer, EXCLUDE USING btree (n WITH =));";
    let to = "CREATE TABLE t (n bigint, EXCLUDE USING btree (n WITH =));";
    expect![[r#"
        table-rewrite: column n of public.t cannot be changed while its table is in use: constraint t_n_excl of public.t is an exclusion constraint, which cannot be built beside the old one
    "#]].assert_eq(&said(from, to));
}

#[test]
fn a_change_without_a_cast_asks_for_the_directive() {
    expect![[r#"
        unsupported-clause: there is no cast from integer to uuid for column n of public.t
    "#]]
    .assert_eq(&said("CREATE TABLE t (n integer);", "CREATE TABLE t (n uuid);"));
}

#[test]
fn an_index_over_an_expression_of_the_column_would_be_built_under_the_lock() {
    let from = "CREATE TABLE t (c varchar(20)); CREATE INDEX i ON t (lower(c));";
    let to = "CREATE TABLE t (c text); CREATE INDEX i ON t (lower(c));";
    assert!(ups(from, to).contains("ADD COLUMN c_underpin_new text"));
}

#[test]
fn an_index_that_says_something_else_over_the_new_type_is_put_on_after_it() {
    let found = ups_allowing(
        "CREATE TABLE t (c text); CREATE INDEX i ON t (lower(c) text_pattern_ops);",
        "CREATE TABLE t (c varchar(9)); CREATE INDEX i ON t (lower(c) text_pattern_ops);",
        &["table-rewrite", "data-loss"],
    );
    expect![[r#"
        expand: DROP INDEX public.i
        expand: ALTER TABLE public.t ALTER COLUMN c TYPE character varying(9)
        expand: CREATE INDEX i ON public.t (lower((c)::text) text_pattern_ops)
        expand: ANALYZE public.t (c)
    "#]]
    .assert_eq(&found);
}
