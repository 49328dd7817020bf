//! Says how two databases differ, by what `pg_dump` writes about them.
//!
//! Deliberately not our own differ: a judge must not share the accused's reading of a schema. Knows the comment lines
//! `pg_dump` puts over every object and nothing of SQL, save that the order of columns in a table, of grants and of a
//! table's settings is no difference, since no migration can change the first and nobody can see the others.

use std::collections::BTreeMap;
use std::fmt;

use super::Error;
use super::server::Server;

/// What `pg_dump` calls an object: its type, schema, name and owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    kind: String,
    schema: String,
    name: String,
    owner: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry {
            kind,
            schema,
            name,
            owner,
        } = self;
        match schema.as_str() {
            "-" => write!(formatter, "{kind} {name} of {owner}"),
            schema => write!(formatter, "{kind} {schema}.{name} of {owner}"),
        }
    }
}

/// A schema as a dump shows it: each object's lines in an order that does not depend on its history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    objects: BTreeMap<Entry, Vec<String>>,
}

impl Schema {
    /// Reads the schema of a database with `pg_dump`.
    ///
    /// # Errors
    /// When there is no `pg_dump` of the server's major or a later one, or it fails.
    pub fn of(server: &dyn Server, database: &str) -> Result<Schema, Error> {
        Ok(Schema::parse(&dump(server, database)?))
    }

    /// Reads the text of a plain schema dump.
    pub fn parse(dump: &str) -> Schema {
        let mut objects: BTreeMap<Entry, Vec<String>> = BTreeMap::new();
        let mut entry: Option<Entry> = None;
        let mut lines: Vec<&str> = Vec::new();
        let mut finish = |entry: Option<Entry>, lines: &mut Vec<&str>| {
            let taken = std::mem::take(lines);
            if let Some(entry) = entry {
                let canonical = canonical(&entry.kind, &taken);
                objects.entry(entry).or_default().extend(canonical);
            }
        };
        for line in dump.lines() {
            if let Some(next) = parse_entry(line) {
                finish(entry.replace(next), &mut lines);
            } else if line == "-- PostgreSQL database dump complete" {
                finish(entry.take(), &mut lines);
            } else {
                lines.push(line);
            }
        }
        finish(entry, &mut lines);
        objects.retain(|_, lines| !lines.is_empty());
        Schema { objects }
    }
}

/// The text of a database's schema as `pg_dump` writes it.
///
/// # Errors
/// When there is no fitting `pg_dump`, or it fails.
pub fn dump(server: &dyn Server, database: &str) -> Result<String, Error> {
    let program = server.client("pg_dump")?;
    let output = server
        .client_command(&program)
        .args(["--schema-only", "--no-sync", database])
        .output()
        .map_err(Error::system(format!("could not run {}", program.display())))?;
    if !output.status.success() {
        return Err(Error::Program {
            program,
            message: String::from_utf8_lossy(&output.stderr).trim_end().to_owned(),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One object in which two schemas are not alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The object should not be there.
    Extra(Entry),
    /// The object should be there.
    Missing(Entry),
    /// The object is there and looks otherwise.
    Changed {
        /// Which object.
        entry: Entry,
        /// The lines that should not be there.
        got: Vec<String>,
        /// The lines that should be.
        wanted: Vec<String>,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Extra(entry) => write!(formatter, "extra {entry}"),
            Difference::Missing(entry) => write!(formatter, "missing {entry}"),
            Difference::Changed { entry, got, wanted } => {
                write!(formatter, "different {entry}")?;
                got.iter().try_for_each(|line| write!(formatter, "\n  - {line}"))?;
                wanted.iter().try_for_each(|line| write!(formatter, "\n  + {line}"))
            }
        }
    }
}

/// What is in `got` and should not be, and the other way round; empty when the schemas are alike.
pub fn differences(got: &Schema, wanted: &Schema) -> Vec<Difference> {
    let extra = got
        .objects
        .iter()
        .filter_map(|(entry, lines)| match wanted.objects.get(entry) {
            None => Some(Difference::Extra(entry.clone())),
            Some(others) if others == lines => None,
            Some(others) => Some(Difference::Changed {
                entry: entry.clone(),
                got: without(lines, others),
                wanted: without(others, lines),
            }),
        });
    let missing = wanted
        .objects
        .keys()
        .filter(|entry| !got.objects.contains_key(*entry))
        .map(|entry| Difference::Missing(entry.clone()));
    extra.chain(missing).collect()
}

/// The lines of the one text that are not in the other; all of them when only their order is different.
fn without(lines: &[String], others: &[String]) -> Vec<String> {
    let rest: Vec<String> = lines.iter().filter(|line| !others.contains(line)).cloned().collect();
    let alike = rest.is_empty() && others.iter().all(|line| lines.contains(line));
    if alike { lines.to_vec() } else { rest }
}

/// Reads the comment over an object: `-- Name: a; Type: TABLE; Schema: public; Owner: postgres`.
fn parse_entry(line: &str) -> Option<Entry> {
    let rest = line.strip_prefix("-- Name: ")?;
    let (name, rest) = rest.split_once("; Type: ")?;
    let (kind, rest) = rest.split_once("; Schema: ")?;
    let (schema, owner) = rest.split_once("; Owner: ")?;
    // A tablespace may follow the owner.
    let owner = owner.split("; Tablespace: ").next().unwrap_or(owner);
    Some(Entry {
        kind: kind.to_owned(),
        schema: schema.to_owned(),
        name: name.to_owned(),
        owner: owner.to_owned(),
    })
}

/// An object's lines without comments and settings, in an order that is the same for the same object.
fn canonical(kind: &str, lines: &[&str]) -> Vec<String> {
    let mut kept: Vec<String> = lines
        .iter()
        .map(|line| line.trim_end())
        .filter(|line| !line.is_empty() && !is_about_the_session(line))
        .map(str::to_owned)
        .collect();
    match kind {
        "TABLE" | "FOREIGN TABLE" => sort_table(&mut kept),
        "TYPE" if kept.first().is_some_and(|line| line.ends_with(" AS (")) => sort_table(&mut kept),
        "ACL" | "DEFAULT ACL" => kept.sort(),
        _ => {}
    }
    kept
}

/// Puts the indented lines, which are columns and constraints, and the statements about single columns after the
/// `CREATE TABLE` in order.
fn sort_table(lines: &mut [String]) {
    for line in lines.iter_mut() {
        if line.starts_with(' ') && line.ends_with(',') {
            line.pop();
        }
    }
    // The order of the rest is kept where it means something: CREATE TABLE, the options, ALTER TABLE … OWNER.
    lines.sort_by_key(|line| {
        let group = if line.starts_with("CREATE ") {
            0
        } else if line.starts_with(' ') {
            1
        } else if line.starts_with("ALTER TABLE ONLY ") {
            3
        } else {
            2
        };
        let text = if group == 1 || group == 3 {
            line.clone()
        } else {
            String::new()
        };
        (group, text)
    });
}

/// Whether a line sets up the session that reads the dump, and says nothing of the object.
fn is_about_the_session(line: &str) -> bool {
    [
        "--",
        "SET ",
        "SELECT pg_catalog.set_config",
        "\\restrict",
        "\\unrestrict",
    ]
    .iter()
    .any(|prefix| line.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "-- Name: t; Type: TABLE; Schema: public; Owner: postgres\n--\n\n";

    fn table(body: &str) -> Schema {
        Schema::parse(&format!(
            "SET x = 1;\n--\n{HEAD}{body}\n\n--\n-- PostgreSQL database dump complete\n--\n\n"
        ))
    }

    #[test]
    fn the_order_of_columns_is_no_difference() {
        let one = table("CREATE TABLE public.t (\n    a integer,\n    b text\n);");
        let other = table("CREATE TABLE public.t (\n    b text,\n    a integer\n);");
        assert_eq!(differences(&one, &other), Vec::new());
    }

    #[test]
    fn a_changed_column_is_shown_by_its_lines() {
        let one = table("CREATE TABLE public.t (\n    a integer,\n    b text\n);");
        let other = table("CREATE TABLE public.t (\n    a bigint,\n    b text\n);");
        let text: Vec<String> = differences(&one, &other).iter().map(ToString::to_string).collect();
        assert_eq!(
            text,
            ["different TABLE public.t of postgres\n  -     a integer\n  +     a bigint"]
        );
    }

    #[test]
    fn an_object_on_one_side_is_extra_or_missing() {
        let full = table("CREATE TABLE public.t (\n);");
        let empty = Schema::default();
        assert!(matches!(differences(&full, &empty)[..], [Difference::Extra(_)]));
        assert!(matches!(differences(&empty, &full)[..], [Difference::Missing(_)]));
    }

    #[test]
    fn another_owner_is_another_object() {
        let one = table("CREATE TABLE public.t (\n);");
        let other = Schema::parse(&format!(
            "{}CREATE TABLE public.t (\n);",
            HEAD.replace("Owner: postgres", "Owner: ada; Tablespace: fast")
        ));
        assert_eq!(differences(&one, &other).len(), 2);
    }
}
