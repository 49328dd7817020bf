//! What the script of a text is.

use super::*;
use expect_test::expect;

fn of(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("schema.sql", text);
    let found = script(&sources, &[id], ReadOptions::default(), &Scope::default());
    match found.value {
        Some(script) => script.text(),
        None => found
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.message.clone() + "\n")
            .collect(),
    }
}

#[test]
fn an_empty_schema_is_an_empty_script() {
    assert_eq!(of("-- nothing\n"), "");
}

#[test]
fn what_belongs_to_a_table_stands_behind_it_and_foreign_keys_last() {
    let found = of("
        CREATE TABLE b (id int PRIMARY KEY, a_id int);
        CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);
        ALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a;
        CREATE VIEW v AS SELECT id FROM b;
        CREATE INDEX ON b (a_id);
        COMMENT ON TABLE b IS 'the second';
    ");
    expect![[r#"
        CREATE TABLE public.a (
            id integer NOT NULL,
            b_id integer,
            CONSTRAINT a_pkey PRIMARY KEY (id)
        );

        CREATE TABLE public.b (
            id integer NOT NULL,
            a_id integer,
            CONSTRAINT b_pkey PRIMARY KEY (id)
        );
        COMMENT ON TABLE public.b IS 'the second';

        CREATE INDEX b_a_id_idx ON public.b (a_id);

        CREATE VIEW public.v AS
        SELECT id FROM public.b;

        ALTER TABLE public.a ADD CONSTRAINT a_b_id_fkey FOREIGN KEY (b_id) REFERENCES public.b (id);

        ALTER TABLE public.b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES public.a (id);
    "#]]
    .assert_eq(&found);
}

#[test]
fn the_order_of_the_source_is_no_part_of_the_script() {
    let one = of(
        "CREATE TABLE a (id int); CREATE TABLE b (id int CHECK (id > 0), CHECK (id < 9)); CREATE TYPE e AS ENUM ('x');",
    );
    let other = of("CREATE TYPE e AS ENUM ('x'); CREATE TABLE b (id int);
        ALTER TABLE b ADD CONSTRAINT b_id_check1 CHECK (id < 9), ADD CONSTRAINT b_id_check CHECK (id > 0);
        CREATE TABLE a (id integer);");
    assert_eq!(one, other);
    assert_eq!(of(&one), one);
}

#[test]
fn members_that_were_added_to_an_extension_are_refused() {
    let found = of("CREATE EXTENSION citext; CREATE TABLE t (a int); ALTER EXTENSION citext ADD TABLE t;");
    expect![[r#"
        relation public.t belongs to an extension by ALTER EXTENSION, which has no place in a script
    "#]]
    .assert_eq(&found);
}

#[test]
fn a_sort_key_is_not_taken_for_an_output_of_its_name() {
    let views = of("CREATE TABLE t (a int, b int);
        CREATE VIEW by_column AS SELECT a AS b, b AS a FROM t ORDER BY t.b;
        CREATE VIEW by_output AS SELECT a AS b, b AS a FROM t ORDER BY b;
        CREATE VIEW by_other_name (a) AS SELECT b FROM t ORDER BY a;");
    expect![[r#"
        CREATE VIEW public.by_column AS
        SELECT a AS b, b AS a FROM public.t ORDER BY t.b;

        CREATE VIEW public.by_other_name AS
        SELECT b AS a FROM public.t ORDER BY t.a;

        CREATE VIEW public.by_output AS
        SELECT a AS b, b AS a FROM public.t ORDER BY t.a;
    "#]]
    .assert_eq(views.split_once("\n\n").map_or("", |(_, views)| views));
}

#[test]
fn output_names_stand_in_the_select_list_where_there_is_one() {
    let views = of("CREATE TABLE t (a int);
        CREATE VIEW chosen (x, y) AS SELECT a, a + 1 FROM t UNION SELECT 1, 2;
        CREATE VIEW values_only (x) AS VALUES (1), (2);
        CREATE VIEW nameless AS SELECT 1, a FROM t;
        ALTER VIEW nameless RENAME COLUMN a TO b;");
    expect![[r#"
        CREATE VIEW public.chosen AS
        SELECT t.a AS x, (t.a + 1) AS y FROM public.t UNION SELECT 1 AS x, 2 AS y;

        CREATE VIEW public.nameless AS
        SELECT 1 AS "?column?", a AS b FROM public.t;

        CREATE VIEW public.values_only (x) AS
        VALUES (1), (2);
    "#]]
    .assert_eq(views.split_once("\n\n").map_or("", |(_, views)| views));
}
