//! Schemas to measure with: texts in pg_dump's style, of any number of tables, and the same with one table in a hundred
//! changed. The same number gives the same bytes.
//!
//! A table has 11 to 15 columns of common types and what such a table has in practice: key, checks, references, indexes,
//! comments, privileges; each fourth a trigger, each seventh policies; one view and one function to five tables.

use std::fmt::Write;

/// Which state of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// What is.
    Is,
    /// What is wanted: one table in a hundred differs.
    Wanted,
}

/// What a changed table is changed in; each hundredth table takes the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    Nothing,
    ColumnAdded,
    NotNullColumnAdded,
    ColumnDropped,
    DefaultChanged,
    TypeWidened,
    TypeChanged,
    NotNullSet,
    CheckAdded,
    IndexAdded,
    IndexDropped,
    CommentChanged,
    PrivilegeGranted,
    ViewChanged,
    FunctionChanged,
}

const EDITS: [Edit; 14] = [
    Edit::ColumnAdded,
    Edit::IndexAdded,
    Edit::CommentChanged,
    Edit::DefaultChanged,
    Edit::TypeWidened,
    Edit::FunctionChanged,
    Edit::CheckAdded,
    Edit::NotNullColumnAdded,
    Edit::ViewChanged,
    Edit::NotNullSet,
    Edit::PrivilegeGranted,
    Edit::TypeChanged,
    Edit::IndexDropped,
    Edit::ColumnDropped,
];

/// Every hundredth table, the fifth of each hundred so that it has a view and a function, is changed.
fn edit(number: usize, state: State) -> Edit {
    match state {
        State::Wanted if number % 100 == 5 => EDITS[(number / 100) % EDITS.len()],
        State::Is | State::Wanted => Edit::Nothing,
    }
}

/// Columns that every table draws from: name, type, default.
const COLUMNS: [(&str, &str, &str); 16] = [
    ("title", "text", "''::text"),
    ("code", "character varying(50)", ""),
    ("quantity", "integer", "0"),
    ("price", "numeric(12,2)", "0"),
    ("is_active", "boolean", "true"),
    ("starts_at", "timestamp with time zone", "now()"),
    ("due_on", "date", "CURRENT_DATE"),
    ("payload", "jsonb", "'{}'::jsonb"),
    ("tags", "text[]", "'{}'::text[]"),
    ("external_ref", "uuid", "gen_random_uuid()"),
    ("rate", "double precision", "1.0"),
    ("email", "character varying(255)", ""),
    ("ip_address", "inet", ""),
    ("priority", "smallint", "1"),
    ("summary", "text", ""),
    ("token", "bytea", ""),
];

/// The text of a schema.
pub fn schema(tables: usize, state: State) -> String {
    let mut parts = Parts::default();
    for number in 0..tables.div_ceil(25) {
        parts.enum_type(number);
    }
    parts.touch_function();
    for number in 0..tables {
        parts.table(number, edit(number, state));
    }
    parts.joined()
}

/// The sections of a dump, in pg_dump's order.
#[derive(Default)]
struct Parts {
    types: String,
    functions: String,
    relations: String,
    keys: String,
    indexes: String,
    triggers: String,
    foreign_keys: String,
    access: String,
}

fn head(section: &mut String, name: &str, kind: &str) {
    let _ = write!(
        section,
        "--\n-- Name: {name}; Type: {kind}; Schema: public; Owner: owner\n--\n\n"
    );
}

fn table_name(number: usize) -> String {
    const KINDS: [&str; 8] = [
        "account", "invoice", "order", "payment", "product", "shipment", "ticket", "message",
    ];
    format!("{}_{number}", KINDS[number % KINDS.len()])
}

impl Parts {
    fn joined(self) -> String {
        let start = "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nSET lock_timeout = 0;\n\
                     SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\
                     SELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\n\
                     SET client_min_messages = warning;\nSET row_security = off;\n\n";
        [
            start,
            &self.types,
            &self.functions,
            &self.relations,
            &self.keys,
            &self.indexes,
            &self.triggers,
            &self.foreign_keys,
            &self.access,
        ]
        .concat()
    }

    fn enum_type(&mut self, number: usize) {
        head(&mut self.types, &format!("state_{number}"), "TYPE");
        let _ = write!(
            self.types,
            "CREATE TYPE public.state_{number} AS ENUM (\n    'new',\n    'open',\n    'held',\n    'closed'\n);\n\n\n\
             ALTER TYPE public.state_{number} OWNER TO owner;\n\n"
        );
    }

    fn touch_function(&mut self) {
        head(&mut self.functions, "touch()", "FUNCTION");
        self.functions += "CREATE FUNCTION public.touch() RETURNS trigger\n    LANGUAGE plpgsql\n    AS $$\nBEGIN\n  \
                           NEW.updated_at := now();\n  RETURN NEW;\nEND;\n$$;\n\n\n\
                           ALTER FUNCTION public.touch() OWNER TO owner;\n\n";
    }

    fn table(&mut self, number: usize, edit: Edit) {
        let name = table_name(number);
        let columns = self.create_table(number, &name, edit);
        self.table_keys(number, &name);
        self.table_indexes(number, &name, &columns, edit);
        self.table_access(number, &name, edit);
        if number.is_multiple_of(4) {
            head(&mut self.triggers, &format!("{name} {name}_touch"), "TRIGGER");
            let _ = write!(
                self.triggers,
                "CREATE TRIGGER {name}_touch BEFORE UPDATE ON public.{name} FOR EACH ROW EXECUTE FUNCTION public.touch();\n\n\n"
            );
        }
        if number.is_multiple_of(5) {
            self.view(number, &name, &columns, edit);
            self.function(number, &name, edit);
        }
    }

    /// Writes the table and gives its own columns, those that every table has aside.
    fn create_table(&mut self, number: usize, name: &str, edit: Edit) -> Vec<String> {
        let mut lines = vec!["    id bigint NOT NULL".to_owned()];
        let mut own = Vec::new();
        if number > 0 {
            lines.push("    parent_id bigint NOT NULL".to_owned());
        }
        for place in 0..7 + number % 5 {
            let (base, data_type, default) = COLUMNS[(number * 7 + place) % COLUMNS.len()];
            let column = format!("{base}_{place}");
            let (data_type, default) = match edit {
                Edit::TypeWidened if place == 0 => ("text", "''::text"),
                Edit::TypeChanged if data_type == "integer" => ("bigint", default),
                Edit::DefaultChanged if data_type == "integer" => (data_type, "7"),
                _ => (data_type, default),
            };
            let mut line = format!("    {column} {data_type}");
            if !default.is_empty() {
                line += &format!(" DEFAULT {default}");
            }
            if (number + place).is_multiple_of(3) || edit == Edit::NotNullSet && place == 1 {
                line += " NOT NULL";
            }
            lines.push(line);
            if data_type == "integer" || data_type == "numeric(12,2)" {
                lines.push(format!(
                    "    CONSTRAINT {name}_{column}_check CHECK (({column} >= (0)::numeric))"
                ));
            }
            own.push(column);
        }
        let state = number / 25;
        lines.push(format!(
            "    state public.state_{state} DEFAULT 'new'::public.state_{state} NOT NULL"
        ));
        lines.push("    created_at timestamp with time zone DEFAULT now() NOT NULL".to_owned());
        if edit != Edit::ColumnDropped {
            lines.push("    remark text".to_owned());
        }
        lines.push("    updated_at timestamp with time zone DEFAULT now() NOT NULL".to_owned());
        match edit {
            Edit::ColumnAdded => lines.push("    added text".to_owned()),
            Edit::NotNullColumnAdded => lines.push("    added integer DEFAULT 0 NOT NULL".to_owned()),
            Edit::CheckAdded => lines.push(format!("    CONSTRAINT {name}_added CHECK ((id > 0))")),
            _ => {}
        }
        head(&mut self.relations, name, "TABLE");
        let _ = write!(
            self.relations,
            "CREATE TABLE public.{name} (\n{}\n);\n\n\nALTER TABLE public.{name} OWNER TO owner;\n\n",
            lines.join(",\n")
        );
        head(&mut self.relations, &format!("{name}_id_seq"), "SEQUENCE");
        let _ = write!(
            self.relations,
            "ALTER TABLE public.{name} ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (\n    SEQUENCE NAME \
             public.{name}_id_seq\n    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1\n);\n\n\n"
        );
        own
    }

    fn table_keys(&mut self, number: usize, name: &str) {
        head(&mut self.keys, &format!("{name} {name}_pkey"), "CONSTRAINT");
        let _ = write!(
            self.keys,
            "ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_pkey PRIMARY KEY (id);\n\n\n"
        );
        if number > 0 {
            let parent = table_name(number / 2);
            head(
                &mut self.foreign_keys,
                &format!("{name} {name}_parent_id_fkey"),
                "FK CONSTRAINT",
            );
            let _ = write!(
                self.foreign_keys,
                "ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_parent_id_fkey FOREIGN KEY (parent_id) \
                 REFERENCES public.{parent}(id) ON DELETE CASCADE;\n\n\n"
            );
        }
    }

    fn index(&mut self, name: &str, index: &str, definition: &str) {
        head(&mut self.indexes, &format!("{name}_{index}_idx"), "INDEX");
        let _ = write!(
            self.indexes,
            "CREATE INDEX {name}_{index}_idx ON public.{name} USING {definition};\n\n\n"
        );
    }

    fn table_indexes(&mut self, number: usize, name: &str, columns: &[String], edit: Edit) {
        if number > 0 {
            self.index(name, "parent_id", "btree (parent_id)");
        }
        if edit != Edit::IndexDropped {
            self.index(name, "created_at", "btree (created_at DESC) WHERE (id > 0)");
        }
        for column in columns.iter().take(2) {
            match column.as_str() {
                text if text.starts_with("title") => self.index(name, column, &format!("btree (lower({column}))")),
                json if json.starts_with("payload") => self.index(name, column, &format!("gin ({column})")),
                _ => self.index(name, column, &format!("btree ({column}, id)")),
            }
        }
        if edit == Edit::IndexAdded {
            self.index(name, "added", "btree (updated_at)");
        }
    }

    fn table_access(&mut self, number: usize, name: &str, edit: Edit) {
        if number.is_multiple_of(3) || edit == Edit::CommentChanged {
            let comment = if edit == Edit::CommentChanged { "other" } else { "kept" };
            head(&mut self.relations, &format!("TABLE {name}"), "COMMENT");
            let _ = write!(
                self.relations,
                "COMMENT ON TABLE public.{name} IS 'Records, {comment}';\n\n\n"
            );
            head(&mut self.relations, &format!("COLUMN {name}.state"), "COMMENT");
            let _ = write!(
                self.relations,
                "COMMENT ON COLUMN public.{name}.state IS 'Where it stands';\n\n\n"
            );
        }
        if number.is_multiple_of(7) {
            let _ = write!(self.access, "ALTER TABLE public.{name} ENABLE ROW LEVEL SECURITY;\n\n");
            head(&mut self.access, &format!("{name} {name}_read"), "POLICY");
            let _ = write!(
                self.access,
                "CREATE POLICY {name}_read ON public.{name} FOR SELECT TO reader USING ((id IS NOT NULL));\n\n\n"
            );
        }
        if number % 3 == 1 || edit == Edit::PrivilegeGranted {
            head(&mut self.access, &format!("TABLE {name}"), "ACL");
            let _ = write!(
                self.access,
                "GRANT SELECT ON TABLE public.{name} TO reader;\nGRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.{name} TO writer;\n\n\n"
            );
        }
    }

    fn view(&mut self, number: usize, name: &str, columns: &[String], edit: Edit) {
        head(&mut self.keys, &format!("{name}_view"), "VIEW");
        let mut chosen: Vec<String> = columns.iter().take(3).map(|column| format!("a.{column}")).collect();
        if edit == Edit::ViewChanged {
            chosen.push("a.updated_at".to_owned());
        }
        let parent = table_name(number / 2);
        let tables = match number {
            0 => format!("public.{name} a"),
            _ => format!("(public.{name} a\n     LEFT JOIN public.{parent} b ON ((b.id = a.parent_id)))"),
        };
        // The columns that an edit touches are left out of the view, so that each edit stays what it is called.
        if matches!(edit, Edit::TypeWidened | Edit::TypeChanged | Edit::Nothing) && number % 100 == 5 {
            chosen.clear();
        }
        chosen.insert(0, "a.id".to_owned());
        let _ = write!(
            self.keys,
            "CREATE VIEW public.{name}_view AS\n SELECT {}\n   FROM {tables}\n  WHERE (a.created_at > '2020-01-01 \
             00:00:00+00'::timestamp with time zone);\n\n\nALTER VIEW public.{name}_view OWNER TO owner;\n\n",
            chosen.join(",\n    ")
        );
    }

    fn function(&mut self, number: usize, name: &str, edit: Edit) {
        head(&mut self.functions, &format!("{name}_count(text, integer)"), "FUNCTION");
        let limit = if edit == Edit::FunctionChanged { 1 } else { 0 };
        let _ = write!(
            self.functions,
            "CREATE FUNCTION public.{name}_count(p_key text, p_n integer DEFAULT {}) RETURNS integer\n    LANGUAGE plpgsql STABLE\n    \
             AS $$\nDECLARE\n  v integer := 0;\nBEGIN\n  IF p_n > {limit} THEN\n    SELECT count(*) INTO v FROM public.{name};\n  \
             END IF;\n  RETURN v + length(p_key);\nEND;\n$$;\n\n\n\
             ALTER FUNCTION public.{name}_count(p_key text, p_n integer) OWNER TO owner;\n\n",
            number % 50
        );
    }
}
