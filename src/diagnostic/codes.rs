//! Every code once.
//!
//! Knows number, name, meaning and examples of all that Underpin says. Does not know when it is said. Adding a code is
//! adding one row to the table; numbers are stable for ever and are never used again for something else.
//!
//! U01xx reading texts · U02xx directives · U03xx the schema · U04xx comparing · U05xx hazards · U06xx planning.

use std::fmt;
use std::str::FromStr;

/// What the table says of one code.
struct Entry {
    number: &'static str,
    name: &'static str,
    title: &'static str,
    meaning: &'static str,
    bad: &'static str,
    good: &'static str,
}

/// Makes the enum, `Code::ALL` and the texts from the one table below.
macro_rules! codes {
    ($($code:ident $number:literal $name:literal $title:literal
        means $meaning:literal bad $bad:literal good $good:literal)*) => {
        /// What a diagnostic is about. Ordered as in the table, which is the order of the numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!($number, ": ", $title, ".")] $code,)*
        }

        impl Code {
            /// All codes in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$code,)*];

            fn entry(self) -> &'static Entry {
                match self {
                    $(Code::$code => &Entry {
                        number: $number, name: $name, title: $title, meaning: $meaning, bad: $bad, good: $good,
                    },)*
                }
            }
        }
    };
}

impl Code {
    /// The stable number, such as `U0101`.
    pub fn number(self) -> &'static str {
        self.entry().number
    }

    /// The name in kebab case, such as `syntax-error`; hazards are allowed by this name.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// One line that says what is the case.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// Sentences that say what it means and why it matters.
    pub fn meaning(self) -> &'static str {
        self.entry().meaning
    }

    /// An example that brings the code about: SQL, or a command line that begins with `$`.
    pub fn bad(self) -> &'static str {
        self.entry().bad
    }

    /// What to write or call instead.
    pub fn good(self) -> &'static str {
        self.entry().good
    }

    /// Whether the code names a hazard, which the user may allow.
    pub fn is_hazard(self) -> bool {
        self.number().starts_with("U05")
    }

    /// All hazards in the order of their numbers.
    pub fn hazards() -> impl Iterator<Item = Code> {
        Code::ALL.iter().copied().filter(|code| code.is_hazard())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.number())
    }
}

/// A text that is neither a number nor a name of a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown code \"{0}\"")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads a number (`U0101`, in either case) or a name (`syntax-error`).
    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        let matches = |code: &Code| code.number().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text);
        Code::ALL
            .iter()
            .copied()
            .find(matches)
            .ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

codes! {
    SyntaxError "U0101" "syntax-error" "the text is not SQL that PostgreSQL accepts"
        means "The parser is PostgreSQL's own, so a real server would refuse the statement with the same words. \
               The place is where the parser stopped, which is often the token after the mistake."
        bad "CREATE TABLE orders (id bigint,);"
        good "CREATE TABLE orders (id bigint);"
    NotUtf8 "U0102" "not-utf8" "the file is not UTF-8 text"
        means "All inputs are read as UTF-8, since an identifier in another encoding could not be compared or written. \
               A byte order mark at the beginning is accepted and ignored."
        bad "$ underpin plan latin1.sql new.sql"
        good "$ iconv -f LATIN1 -t UTF-8 latin1.sql > old.sql"
    UnreadableFile "U0103" "unreadable-file" "the input cannot be read"
        means "The file or directory does not exist, may not be read, or is too large (4 GiB and more)."
        bad "$ underpin plan misspelt.sql schema.sql"
        good "$ underpin plan production.sql schema.sql"
    BinaryDump "U0104" "binary-dump" "the file is a pg_dump archive, not SQL"
        means "pg_dump writes archives with --format=custom, directory or tar. Only pg_restore can read them; it turns \
               them into SQL text without needing a server."
        bad "$ underpin plan production.dump schema.sql"
        good "$ pg_restore --schema-only -f production.sql production.dump"
    UnterminatedString "U0105" "unterminated-string" "a quoted string or identifier has no end"
        means "A quote was opened and the text ended before it was closed. The place is the opening quote."
        bad "COMMENT ON TABLE orders IS 'the customer''s orders;"
        good "COMMENT ON TABLE orders IS 'the customer''s orders';"
    UnterminatedDollarQuote "U0106" "unterminated-dollar-quote" "a dollar-quoted string has no end"
        means "A dollar quote ends only with the very tag it began with; tags tell upper from lower case."
        bad "DO $body$ BEGIN END $BODY$;"
        good "DO $body$ BEGIN END $body$;"
    UnterminatedComment "U0107" "unterminated-comment" "a comment has no end"
        means "Block comments nest in PostgreSQL: every /* needs its own */."
        bad "/* outer /* inner */ CREATE TABLE orders (id bigint);"
        good "/* outer /* inner */ */ CREATE TABLE orders (id bigint);"
    CopyWithoutEnd "U0108" "copy-without-end" "the rows of COPY … FROM stdin have no end"
        means "The rows after COPY … FROM stdin end with a line that holds only \\. and this line is missing, so the rest \
               of the file would be taken for rows. The file was probably cut off."
        bad "COPY orders FROM stdin;\n1\tfirst"
        good "COPY orders FROM stdin;\n1\tfirst\n\\."
    MetaCommand "U0109" "meta-command" "a psql meta-command that cannot be followed"
        means "Commands that begin with a backslash are for psql, not for the server. Those that only change how psql \
               behaves or what it shows are skipped. Those that read files, run other text or make the script \
               conditional are refused, since what they would do to the schema cannot be known from the text."
        bad "\\i tables/orders.sql"
        good "$ underpin plan production.sql schema/    # give the directory instead"
    UnsupportedInput "U0110" "unsupported-input" "this kind of input is not supported yet"
        means "Inputs are SQL files, directories of SQL files and standard input."
        bad "$ underpin plan postgres://localhost/shop schema.sql"
        good "$ pg_dump --schema-only postgres://localhost/shop | underpin plan - schema.sql"
    CompressedInput "U0111" "compressed-input" "the file is compressed"
        means "The file begins with the mark of gzip, zstd, xz, bzip2 or zip."
        bad "$ underpin plan production.sql.gz schema.sql"
        good "$ gunzip -c production.sql.gz | underpin plan - schema.sql"
    NoSqlFiles "U0112" "no-sql-files" "the directory holds no .sql files"
        means "A directory stands for the .sql files in it and below it. An empty file is a valid empty schema; a \
               directory without files is more often a wrong path."
        bad "$ underpin plan production.sql src/"
        good "$ underpin plan production.sql schema/"

    AmbiguousMigrations "U0113" "ambiguous-migrations" "the order or the direction of migrations is not known"
        means "Of migrations only what leads forward is read, in the order of their numbers. Names or marks that leave \
               open which way something leads, or what comes first, are refused: a guess would be a guess at the schema."
        bad "-- migrate:down\nDROP TABLE orders;"
        good "-- migrate:up\nCREATE TABLE orders (id bigint);\n-- migrate:down\nDROP TABLE orders;"
    ProgramFailed "U0114" "program-failed" "a program that reads an input failed"
        means "Revisions are read through git, live databases through pg_dump. The message is the program's own; a \
               pg_dump that is older than the server refuses it."
        bad "$ underpin diff git:no-such-branch:schema.sql schema.sql"
        good "$ underpin diff git:main:schema.sql schema.sql"
    MalformedSizes "U0115" "malformed-sizes" "the sizes of tables cannot be read"
        means "--stats takes a JSON list of tables with their rows and bytes, as the query in README.md writes it."
        bad "$ psql -c 'SELECT * FROM pg_class' > stats.json"
        good "$ psql -XAt -f sizes.sql > stats.json"
    MalformedScope "U0116" "malformed-scope" "a rule of what is in scope cannot be read"
        means "A rule is a kind of object, if need be, and a pattern of its name, with * and ? as in psql; ! before it \
               takes back in what an earlier rule has left out."
        bad "tabel public.audit_*"
        good "table public.audit_*"
    UnknownDirective "U0201" "unknown-directive" "a directive that does not exist"
        means "A comment that begins with \"underpin:\" is meant for Underpin, so a misspelt one is never taken for an \
               ordinary comment. The directives are renamed-from, backfill, using, rows and allow."
        bad "full_name text -- underpin: renamed name"
        good "full_name text -- underpin: renamed-from name"
    MalformedDirective "U0202" "malformed-directive" "a directive that cannot be read"
        means "The directive is known, but what follows it does not fit it."
        bad "-- underpin: rows many\nCREATE TABLE orders (id bigint);"
        good "-- underpin: rows 50_000_000\nCREATE TABLE orders (id bigint);"
    DirectiveNamesNothing "U0203" "directive-names-nothing" "a directive names something that does not exist"
        means "renamed-from must name an element of the old schema. If it names nothing in either schema it is probably \
               misspelt, and without it the element would be dropped and created anew."
        bad "full_name text -- underpin: renamed-from nmae"
        good "full_name text -- underpin: renamed-from name"
    DirectiveAttachesToNothing "U0204" "directive-attaches-to-nothing" "a directive stands at no element it can speak of"
        means "A directive after code speaks of the element before it; one on its own line speaks of the element that \
               follows. backfill and using speak of columns, rows of tables."
        bad "CREATE TYPE mood AS ENUM ('ok'); -- underpin: rows 1000"
        good "CREATE TABLE orders (id bigint); -- underpin: rows 1000"
    DirectiveWithoutEffect "U0205" "directive-without-effect" "a directive changed nothing"
        means "The plan would be the same without the directive, so it is probably left over or stands at the wrong \
               element."
        bad "id bigint, -- underpin: using id::bigint     (the type does not change)"
        good "id bigint,"
    DirectiveAlreadyTrue "U0206" "directive-already-true" "a directive asks for what is already the case"
        means "The old schema already has the new name and no longer the old one: the rename was carried out. The \
               directive has no effect and may be removed."
        bad "full_name text -- underpin: renamed-from name     (renamed long ago)"
        good "full_name text"
    UnknownHazard "U0207" "unknown-hazard" "a hazard that does not exist"
        means "allow takes the name of a hazard; the names are those of the codes U05xx."
        bad "-- underpin: allow drop-colum"
        good "-- underpin: allow drop-column because 'unused since March'"

    UnsupportedStatement "U0301" "unsupported-statement" "a statement that is not supported"
        means "Leaving the statement out could make the plan wrong, so it is refused instead."
        bad "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;"
        good "-- keep the statement outside the compared schema"
    UnsupportedClause "U0302" "unsupported-clause" "a clause that is not supported"
        means "The statement is known, this part of it is not. Leaving it out could make the plan wrong, so it is refused."
        bad "CREATE TABLE orders OF order_type;"
        good "CREATE TABLE orders (id bigint);"
    UnknownRelation "U0303" "unknown-relation" "a table, view, sequence or index that does not exist"
        means "Statements are applied in order, as a server would: what a statement names must stand before it."
        bad "CREATE INDEX ON orders (id);\nCREATE TABLE orders (id bigint);"
        good "CREATE TABLE orders (id bigint);\nCREATE INDEX ON orders (id);"
    UnknownType "U0304" "unknown-type" "a type that does not exist"
        means "The type is neither one of PostgreSQL's own nor made by an earlier statement or a known extension."
        bad "CREATE TABLE orders (state order_state);"
        good "CREATE TYPE order_state AS ENUM ('open', 'paid');\nCREATE TABLE orders (state order_state);"
    UnknownColumn "U0305" "unknown-column" "a column that does not exist"
        means "The relation is known, but it has no column of this name."
        bad "CREATE TABLE orders (id bigint);\nCREATE INDEX ON orders (state);"
        good "CREATE TABLE orders (id bigint, state text);\nCREATE INDEX ON orders (state);"
    UnknownFunction "U0306" "unknown-function" "a function or procedure that does not exist"
        means "No function of this name takes arguments of these types."
        bad "CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();"
        good "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
    UnknownSchema "U0307" "unknown-schema" "a schema that does not exist"
        means "The schema public exists from the start; all others must be created by an earlier statement."
        bad "CREATE TABLE app.orders (id bigint);"
        good "CREATE SCHEMA app;\nCREATE TABLE app.orders (id bigint);"
    UnknownObject "U0308" "unknown-object" "an object that does not exist"
        means "A constraint, trigger, policy, rule, role, extension or other object is named that no earlier statement made."
        bad "ALTER TABLE orders DROP CONSTRAINT orders_total_check;"
        good "ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_total_check;"
    DuplicateObject "U0309" "duplicate-object" "an object is made twice"
        means "A server would refuse the second statement. In a directory the two may stand in different files."
        bad "CREATE TABLE orders (id bigint);\nCREATE TABLE orders (id bigint);"
        good "CREATE TABLE orders (id bigint);"
    DependentObjects "U0310" "dependent-objects" "other objects still depend on what is dropped"
        means "A server would refuse the DROP. CASCADE is not followed in silence: what goes with it must be said."
        bad "DROP TABLE customers;    -- orders still refers to it"
        good "ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;\nDROP TABLE customers;"
    DataSkipped "U0311" "data-skipped" "rows were skipped"
        means "INSERT, COPY and other statements about rows have no bearing on the schema. They are passed over, and the \
               plan does not carry them."
        bad "INSERT INTO countries VALUES ('DE');"
        good "-- keep rows apart from the schema, or dump with pg_dump --schema-only"
    EffectNotUnderstood "U0312" "effect-not-understood" "a statement's effect cannot be known from its text"
        means "DO blocks and SELECT of a function may do anything to the schema. They are not executed."
        bad "DO $$ BEGIN EXECUTE 'CREATE TABLE orders (id bigint)'; END $$;"
        good "CREATE TABLE orders (id bigint);"
    VersionTooOld "U0313" "version-too-old" "the target version of PostgreSQL does not know this clause"
        means "The plan is made for the version given with --pg; an older server would refuse the statement."
        bad "$ underpin plan --pg 14 old.sql new.sql    # new.sql: UNIQUE NULLS NOT DISTINCT (code)"
        good "$ underpin plan --pg 15 old.sql new.sql"

    ClusterObject "U0314" "cluster-object" "a statement about the whole cluster was skipped"
        means "Roles, their memberships, databases and tablespaces belong to the cluster, not to the schema of one \
               database. They are taken to exist and are neither compared nor planned."
        bad "CREATE ROLE app LOGIN;"
        good "-- keep roles apart from the schema, as pg_dumpall --globals-only does"
    SettingSkipped "U0315" "setting-skipped" "a setting that is not known was skipped"
        means "The setting is neither one that changes what later statements mean nor one that is known to have no bearing \
               on the schema."
        bad "SET my_extension.mode = 'strict';"
        good "-- keep settings of extensions out of the schema"
    InvalidDefinition "U0316" "invalid-definition" "a definition that PostgreSQL refuses"
        means "The statement can be parsed, but it contradicts itself or the objects it speaks of, so a server would \
               refuse it."
        bad "ALTER TYPE mood ADD VALUE 'fine' AFTER 'good';    -- mood has no value good"
        good "ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';"
    SystemObject "U0317" "system-object" "privileges on members of an extension were skipped"
        means "ALL … IN SCHEMA reaches the members of an extension that is installed there too, and a schema does not say \
               which they are. What it does to them is neither compared nor planned."
        bad "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO app;    -- with an extension in public"
        good "GRANT EXECUTE ON FUNCTION public.hstore(text, text) TO app;    -- beside it, for those that are meant"

    TemporaryRelation "U0318" "temporary-relation" "a temporary relation was skipped"
        means "A temporary relation is gone with its session and is no part of the schema. Whatever uses it is refused."
        bad "CREATE TEMP TABLE staging (id integer); CREATE VIEW v AS SELECT id FROM staging;"
        good "CREATE TABLE staging (id integer); CREATE VIEW v AS SELECT id FROM staging;"
    UnknownComparison "U0401" "unknown-comparison" "it cannot be known whether two definitions are equal"
        means "The definitions differ in text and their meaning depends on something outside the schema, such as an \
               extension's function or a setting. They are taken as different; nothing is lost by that but a step."
        bad "CHECK (valid_email(address))    -- against CHECK (valid_email((address)::text))"
        good "-- write both sides alike, best as pg_dump writes them"
    RenameNotGuessed "U0402" "rename-not-guessed" "something was dropped and something similar created"
        means "A rename is never guessed, since a wrong guess keeps rows under a wrong meaning and a missed one loses \
               them. Without a directive the old element is dropped and the new one created."
        bad "full_name text    -- was: name text"
        good "full_name text    -- underpin: renamed-from name"
    NotNullWithoutBackfill "U0403" "not-null-without-backfill" "a column becomes NOT NULL and nothing fills it"
        means "Existing rows would have no value in the column, so the constraint could not be validated. Give the \
               column a default or say how rows are to be filled."
        bad "org_id uuid NOT NULL"
        good "org_id uuid NOT NULL -- underpin: backfill (SELECT a.org_id FROM accounts a WHERE a.id = users.account_id)"
    NotTold "U0404" "not-told" "one side does not say what the other says"
        means "A dump names no versions of extensions, one made with --no-owner no owners, and a script does not say who \
               runs it. What only one side says is not compared; who runs a script is taken from the dump where its \
               statements agree on one role."
        bad "pg_dump --schema-only --no-owner \"$DATABASE\" | underpin diff - schema.sql"
        good "pg_dump --schema-only \"$DATABASE\" | underpin diff - schema.sql --role deployer"

    DropTable "U0501" "drop-table" "a table with its rows is dropped"
        means "The rows are gone and no down file brings them back. A table that was renamed needs a directive."
        bad "-- the table stands in the old schema and not in the new one"
        good "-- underpin: renamed-from orders\nCREATE TABLE purchases (id bigint);"
    DropColumn "U0502" "drop-column" "a column with its values is dropped"
        means "The values are gone and no down file brings them back. A column that was renamed needs a directive."
        bad "CREATE TABLE users (full_name text);    -- was: name text"
        good "CREATE TABLE users (full_name text);    -- underpin: renamed-from name"
    DataLoss "U0503" "data-loss" "values are lost or cut"
        means "The change maps different old values to one new value or refuses some of them, so the way back is not exact."
        bad "price integer    -- was: price numeric(10,2)"
        good "price_cents bigint    -- underpin: using (price * 100)::bigint reverse (price_cents / 100.0)"
    TableRewrite "U0504" "table-rewrite" "a table is rewritten under a lock that shuts out all others"
        means "PostgreSQL copies all rows and builds all indexes anew while ACCESS EXCLUSIVE is held. Nothing can read \
               the table until it is done."
        bad "ALTER TABLE orders ALTER COLUMN id TYPE bigint;"
        good "-- underpin: rows 5000        (a small table may be rewritten)\nCREATE TABLE orders (id bigint);"
    TableLockScan "U0505" "table-lock-scan" "a table is scanned under a lock that shuts out others"
        means "All rows are read while writers, or readers too, wait."
        bad "ALTER TABLE orders ADD CHECK (total >= 0);"
        good "ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total >= 0) NOT VALID;\n\
              ALTER TABLE orders VALIDATE CONSTRAINT total_check;"
    ExclusionBuild "U0506" "exclusion-build" "an exclusion constraint builds its index under a lock"
        means "An exclusion constraint can be made neither from an index built concurrently nor NOT VALID, so its index \
               is built while ACCESS EXCLUSIVE is held."
        bad "ALTER TABLE bookings ADD EXCLUDE USING gist (room WITH =, during WITH &&);"
        good "-- underpin: allow exclusion-build because 'bookings is small'"
    ReorderEnum "U0507" "reorder-enum" "the order of an enum's values changes"
        means "The order is part of the meaning of comparisons and sorted indexes. It can be changed only by a new type \
               and a rewrite of every column of the old one."
        bad "CREATE TYPE size AS ENUM ('large', 'small');    -- was: ('small', 'large')"
        good "CREATE TYPE size AS ENUM ('small', 'large');"
    RemoveEnumValue "U0508" "remove-enum-value" "a value of an enum is removed"
        means "PostgreSQL cannot drop a value of an enum; the type is made anew and every column of it is rewritten. Rows \
               that hold the value have nowhere to go."
        bad "CREATE TYPE state AS ENUM ('open');    -- was: ('open', 'void')"
        good "-- keep the value, and forbid it for new rows with a CHECK constraint"
    FunctionSignature "U0509" "function-signature" "the arguments or the result of a function change"
        means "CREATE OR REPLACE cannot change them: a function with other arguments is another function, and one with \
               another result must be dropped first. Callers of the old form break."
        bad "CREATE FUNCTION total(order_id bigint) RETURNS numeric    -- was: RETURNS integer"
        good "CREATE FUNCTION total_numeric(order_id bigint) RETURNS numeric    -- beside the old one, until nobody calls it"
    ViewRecreate "U0510" "view-recreate" "a view is dropped and created anew"
        means "CREATE OR REPLACE VIEW can only add columns at the end. Any other change drops the view and all views \
               above it, under locks, and creates them again."
        bad "CREATE VIEW open_orders AS SELECT state, id FROM orders;    -- was: SELECT id, state"
        good "CREATE VIEW open_orders AS SELECT id, state, total FROM orders;"
    PartitionedIndexDrop "U0511" "partitioned-index-drop" "an index of a partitioned table is dropped under a lock"
        means "DROP INDEX CONCURRENTLY does not work on partitioned tables, so ACCESS EXCLUSIVE is taken on the table and \
               all its partitions, for a short time."
        bad "DROP INDEX measurements_at_idx;    -- measurements is partitioned"
        good "-- underpin: allow partitioned-index-drop because 'at night'"
    NonAdditiveExpand "U0512" "non-additive-expand" "a change before the deploy is not purely additive"
        means "The application that runs now knows nothing of the change and may not bear it, for instance a new \
               constraint on a column it writes."
        bad "ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total > 0) NOT VALID;    -- the old application writes 0"
        good "-- first deploy an application that keeps the new rule"
    Irreversible "U0513" "irreversible" "a step that no down file takes back"
        means "The way back of the step would need what is nowhere kept, so its down file raises an error and changes \
               nothing: what stands above it cannot be undone either."
        bad "ALTER TABLE orders ALTER COLUMN total DROP EXPRESSION;    -- and an index is over total"
        good "-- underpin: allow irreversible because 'tried on a copy; we go on from there'"

    ProofFailed "U0601" "proof-failed" "the plan does not do what it should"
        means "The plan, read back and applied in memory to the old schema, does not lead to the new one, or its way back \
               does not lead back. Nothing was written. This is a fault of Underpin; please report it with both schemas."
        bad "$ underpin plan old.sql new.sql"
        good "$ underpin debug plan old.sql new.sql    # shows the plan that failed"
    GraphCycle "U0602" "graph-cycle" "steps wait for each other in a circle"
        means "No order of the steps satisfies all rules. The members of the circle and the rules between them are listed."
        bad "CREATE VIEW a AS SELECT * FROM b;\nCREATE VIEW b AS SELECT * FROM a;"
        good "CREATE VIEW a AS SELECT 1 AS id;\nCREATE VIEW b AS SELECT * FROM a;"
    PhaseContradiction "U0603" "phase-contradiction" "a step must stand before a step of an earlier phase"
        means "Phases are divided by deploys. A step of a later phase would have to be carried out before a step of an \
               earlier one, so the change must be made in two plans."
        bad "$ underpin plan old.sql new.sql"
        good "$ underpin plan old.sql between.sql && underpin plan between.sql new.sql"
    OutputExists "U0604" "output-exists" "a file that would be written already exists"
        means "Files that were written once may have been run already, so they are not overwritten unasked. --force replaces \
               a plan of the same name, as long as no other migration stands behind it."
        bad "$ underpin plan old.sql new.sql --out migrations/    # for the second time"
        good "$ underpin plan old.sql new.sql --out migrations/ --name another-name"
    UnwritableOutput "U0605" "unwritable-output" "the output cannot be written"
        means "The directory of migrations cannot be read, or a file in it cannot be written. What had been written of the \
               plan is taken away again: a plan is written whole or not at all."
        bad "$ underpin plan old.sql new.sql --out /etc/migrations"
        good "$ underpin plan old.sql new.sql --out migrations"
    ScopeBroken "U0606" "scope-broken" "something out of scope would be changed or broken"
        means "What --schema, --exclude, an ignore file or --keep-unmentioned leaves out stays as it is. A change in \
               scope that would take away what it needs, or that cannot be made while it is there, is refused."
        bad "$ underpin plan live.sql schema.sql --out migrations --exclude 'view *.report_*'"
        good "$ underpin plan live.sql schema.sql --out migrations"
    NotProved "U0607" "not-proved" "a plan could not be proved on a server"
        means "The server could not be started or reached, or the schema itself cannot be loaded on it: it may need an \
               extension or a role that is not there. This says nothing about the plan."
        bad "$ underpin verify live.sql schema.sql --pg-bin /nowhere"
        good "$ underpin verify live.sql schema.sql --server postgres://postgres@localhost/postgres"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_in_order() {
        let numbers: Vec<_> = Code::ALL.iter().map(|code| code.number()).collect();
        assert!(
            numbers.is_sorted_by(|left, right| left < right),
            "numbers rise: {numbers:?}"
        );
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        assert!(
            names.is_sorted_by(|left, right| left < right),
            "no name stands twice: {names:?}"
        );
        assert!(Code::ALL.is_sorted());
    }

    #[test]
    fn every_code_is_found_by_number_and_by_name() {
        for code in Code::ALL {
            assert_eq!(code.number().parse(), Ok(*code));
            assert_eq!(code.number().to_lowercase().parse(), Ok(*code));
            assert_eq!(code.name().parse(), Ok(*code));
        }
        assert_eq!("U9999".parse::<Code>(), Err(UnknownCode("U9999".into())));
    }

    #[test]
    fn every_row_is_well_formed() {
        for code in Code::ALL {
            let number = code.number().strip_prefix('U').unwrap_or_default();
            assert!(
                number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()),
                "{code}"
            );
            assert!(
                code.name()
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
            assert!(!code.title().ends_with('.'), "{code}: a title is no sentence");
            assert!(
                code.meaning().ends_with('.') && !code.meaning().contains("  "),
                "{code}: {}",
                code.meaning()
            );
            assert!(!code.bad().is_empty() && !code.good().is_empty(), "{code}");
        }
    }
}
