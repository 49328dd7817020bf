//! Differences in words: one line a change, grouped by object, and the same facts as JSON.
//!
//! Knows how a change is told. Decides nothing and makes no SQL: values are shown as the writer would write them.

use indexmap::IndexMap;
use serde::Serialize;
use std::collections::HashSet;

use super::values::value;
use crate::catalog::types::Type;
use crate::catalog::{Catalog, Object, ObjectId};
use crate::compile::Compared;
use crate::dialect::postgres::{full_name, object_words, write};
use crate::diff::{self, Attention, Attribute, Change, Comparison};
use crate::pair::Pair;
use crate::snapshot::intent::Rename;
use crate::syntax::RenameMethod;

/// Of longer values a line shows a part.
const LONGEST_VALUE: usize = 80;
/// How much of what is the same stands before the first difference of such values.
const BEFORE_DIFFERENCE: usize = 24;

/// A change as it stands in JSON output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonChange {
    /// `rename`, `create`, `drop` or `alter`.
    pub change: &'static str,
    /// The kind in PostgreSQL's words, lower case: `table`, `column`, `foreign key` …
    pub kind: &'static str,
    /// The name with schema and relation, quoted where needed.
    pub name: String,
    /// The new name of what is renamed; null otherwise.
    pub renamed_to: Option<String>,
    /// What differs; empty unless `change` is `alter`.
    pub attributes: Vec<JsonAttribute>,
}

/// A difference of one attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonAttribute {
    /// The attribute in words: `type`, `not null` …
    pub attribute: &'static str,
    /// What is, whole; null where there is nothing, or where no text says it.
    pub from: Option<String>,
    /// What is wanted.
    pub to: Option<String>,
}

/// Whether nothing differs, not even a name.
pub fn is_empty(compared: &Compared) -> bool {
    compared.changes.is_empty() && compared.intent.renames.is_empty()
}

/// All changes for JSON output, renames first: every part of what is created or dropped is a change of its own.
pub fn json(compared: &Compared) -> Vec<JsonChange> {
    let catalogs = catalogs(compared);
    let renames = compared
        .intent
        .renames
        .iter()
        .map(|rename| json_rename(rename, compared));
    let replaced = replaced_by_rename(compared);
    let changes = compared
        .changes
        .iter()
        .filter(|change| !replaced.contains(change.object()));
    renames
        .chain(changes.map(|change| json_change(change, catalogs)))
        .collect()
}

/// One line a change, parts after their relation. The parts of what is created or dropped as a whole are counted, not listed.
pub fn lines(compared: &Compared) -> Vec<String> {
    let catalogs = catalogs(compared);
    let whole_changes: HashSet<&ObjectId> = compared
        .changes
        .iter()
        .filter(|change| !matches!(change, Change::Alter(..)))
        .map(Change::object)
        .collect();
    let mut groups: IndexMap<ObjectId, Vec<String>> = IndexMap::new();
    for rename in &compared.intent.renames {
        let root = root(&rename.to, catalogs.to);
        groups.entry(root).or_default().push(rename_line(rename, compared));
    }
    let replaced = replaced_by_rename(compared);
    for change in &compared.changes {
        let catalog = side(change, catalogs);
        let whole = catalog.whole(change.object());
        let within_another = whole.as_ref().is_some_and(|whole| whole_changes.contains(whole));
        if within_another || replaced.contains(change.object()) {
            continue;
        }
        let root = root(change.object(), catalog);
        groups.entry(root).or_default().push(line(change, catalogs));
    }
    groups.into_values().flatten().collect()
}

/// What is, under its new names, and what is wanted.
fn catalogs(compared: &Compared) -> Pair<&Catalog> {
    Pair::new(&compared.renamed, &compared.snapshots.to.catalog)
}

/// The objects that are dropped or created only because a rename goes by way of a second object.
fn replaced_by_rename(compared: &Compared) -> HashSet<&ObjectId> {
    let renames = compared.intent.renames.iter();
    let by_second = renames.filter(|rename| match rename.method {
        RenameMethod::DualWrite => true,
        RenameMethod::View | RenameMethod::Direct => false,
    });
    by_second.flat_map(|rename| [&rename.from, &rename.to]).collect()
}

/// The catalog in which a change's object stands; that which is wanted, where it stands in both.
fn side<'a>(change: &Change, catalogs: Pair<&'a Catalog>) -> &'a Catalog {
    match change {
        Change::Create(_) | Change::Alter(..) => catalogs.to,
        Change::Drop(_) => catalogs.from,
    }
}

/// What an object is in the end a part of.
fn root(id: &ObjectId, catalog: &Catalog) -> ObjectId {
    let mut root = id.clone();
    while let Some(whole) = catalog.whole(&root) {
        root = whole;
    }
    root
}

fn line(change: &Change, catalogs: Pair<&Catalog>) -> String {
    let json = json_change(change, catalogs);
    let head = format!("{} {} {}", json.change, json.kind, json.name);
    match change {
        Change::Create(id) | Change::Drop(id) => match summary(id, side(change, catalogs)) {
            Some(summary) => format!("{head}: {summary}"),
            None => head,
        },
        Change::Alter(..) => {
            let attributes: Vec<String> = json.attributes.iter().map(attribute_words_with_values).collect();
            format!("{head}: {}", attributes.join("; "))
        }
    }
}

fn rename_line(rename: &Rename, compared: &Compared) -> String {
    let json = json_rename(rename, compared);
    let to = json.renamed_to.unwrap_or_default();
    let how = rename.method.word();
    let head = format!("{} {} {} to {to} via {how}", json.change, json.kind, json.name);
    let attributes: Vec<String> = json.attributes.iter().map(attribute_words_with_values).collect();
    match attributes.is_empty() {
        true => head,
        false => format!("{head}: {}", attributes.join("; ")),
    }
}

/// A rename; where it goes by way of a second object, with what differs besides the name.
fn json_rename(rename: &Rename, compared: &Compared) -> JsonChange {
    let from = compared.snapshots.from.catalog.get(&rename.from);
    let to = compared.snapshots.to.catalog.get(&rename.to);
    let attributes = match (from, to, rename.method) {
        (Some(from), Some(to), RenameMethod::DualWrite) => {
            let comparison = Comparison {
                owners: Attention::Compared,
                extension_versions: Attention::Compared,
                not_null_names: Attention::Ignored,
                domain_not_null_names: Attention::Ignored,
            };
            let pair = Pair::new(from, to);
            let differing = diff::attributes(pair, comparison);
            let json = differing.into_iter().map(|attribute| JsonAttribute {
                attribute: attribute.words(),
                from: value(attribute, &rename.from, from),
                to: value(attribute, &rename.to, to),
            });
            json.collect()
        }
        (Some(_) | None, Some(_) | None, _) => Vec::new(),
    };
    JsonChange {
        change: "rename",
        kind: to.map_or("object", |entry| object_words(&rename.to, &entry.object)),
        name: full_name(&rename.from),
        renamed_to: Some(full_name(&rename.to)),
        attributes,
    }
}

fn attribute_words_with_values(attribute: &JsonAttribute) -> String {
    let name = attribute.attribute;
    if attribute.from == attribute.to {
        return name.to_owned();
    }
    let [from, to] = [&attribute.from, &attribute.to].map(|value| match value {
        None => "none".to_owned(),
        Some(value) => value.split_whitespace().collect::<Vec<_>>().join(" "),
    });
    let (from, to) = around_difference(&from, &to);
    match from == to {
        // They differ in white space only.
        true => name.to_owned(),
        false => format!("{name} {from} → {to}"),
    }
}

/// Two texts as they are when they fit on a line, else what stands around their first difference.
fn around_difference(from: &str, to: &str) -> (String, String) {
    let [from, to] = [from, to].map(|text| text.chars().collect::<Vec<char>>());
    if from.len().max(to.len()) <= LONGEST_VALUE {
        return (from.iter().collect(), to.iter().collect());
    }
    let same = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    let start = same.saturating_sub(BEFORE_DIFFERENCE);
    let cut = |text: &[char]| -> String {
        let rest = text.get(start..).unwrap_or_default();
        let shown: String = rest.iter().take(LONGEST_VALUE).collect();
        let [before, behind] = [start > 0, rest.len() > LONGEST_VALUE].map(|is_cut| if is_cut { "…" } else { "" });
        format!("{before}{shown}{behind}")
    };
    (cut(&from), cut(&to))
}

/// A value, if it fits on a line.
fn short(value: String) -> Option<String> {
    (value.chars().count() <= LONGEST_VALUE && !value.contains('\n')).then_some(value)
}

fn json_change(change: &Change, catalogs: Pair<&Catalog>) -> JsonChange {
    let id = change.object();
    let entry = side(change, catalogs).get(id);
    let (verb, attributes) = match change {
        Change::Create(_) => ("create", Vec::new()),
        Change::Drop(_) => ("drop", Vec::new()),
        Change::Alter(_, attributes) => {
            let entries = catalogs.map(|catalog| catalog.get(id));
            let json = attributes.iter().map(|attribute| {
                let values = entries.map(|entry| entry.and_then(|entry| value(*attribute, id, entry)));
                JsonAttribute {
                    attribute: attribute.words(),
                    from: values.from,
                    to: values.to,
                }
            });
            ("alter", json.collect())
        }
    };
    JsonChange {
        change: verb,
        // Every change is of an object that stands in one of the catalogs.
        kind: entry.map_or("object", |entry| object_words(id, &entry.object)),
        name: full_name(id),
        renamed_to: None,
        attributes,
    }
}

/// What is said of an object that is created or dropped, besides its name.
fn summary(id: &ObjectId, catalog: &Catalog) -> Option<String> {
    let entry = catalog.get(id)?;
    match &entry.object {
        Object::Column(column) => {
            let not_null = match column.not_null {
                Some(_) => " NOT NULL",
                None => "",
            };
            Some(format!("{}{not_null}", write::data_type(&column.data_type)))
        }
        Object::Default(_) => short(value(Attribute::Expression, id, entry)?),
        Object::Constraint(_) | Object::DomainConstraint(_) => short(value(Attribute::Definition, id, entry)?),
        Object::Table(_) => counts(id, catalog),
        Object::Type(object) => match &**object {
            Type::Enum(labels) => short(labels.join(", ")),
            Type::Domain(domain) => Some(write::data_type(&domain.base)),
            Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
        },
        Object::Schema
        | Object::Extension(_)
        | Object::Index(_)
        | Object::Sequence(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::ViewColumn
        | Object::Routine(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Definition(_)
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => None,
    }
}

/// `3 columns, 1 primary key, 2 indexes`: the parts of a table by kind.
fn counts(id: &ObjectId, catalog: &Catalog) -> Option<String> {
    let mut counts: IndexMap<&'static str, usize> = IndexMap::new();
    for (part, entry) in catalog.parts(id) {
        *counts.entry(object_words(part, &entry.object)).or_default() += 1;
    }
    let words: Vec<String> = counts
        .into_iter()
        .map(|(kind, count)| match (count, kind) {
            (1, kind) => format!("1 {kind}"),
            (count, "index") => format!("{count} indexes"),
            (count, "policy") => format!("{count} policies"),
            (count, kind) => format!("{count} {kind}s"),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{CompileOptions, compare};
    use crate::source::Sources;
    use expect_test::expect;

    fn compared(from: &str, to: &str) -> Compared {
        let mut sources = Sources::new();
        let ids = [sources.add("from.sql", from), sources.add("to.sql", to)];
        let options = CompileOptions::default();
        let checked = compare(&sources, &ids[..1], &ids[1..], &options);
        assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
        checked.value.unwrap()
    }

    #[test]
    fn a_line_tells_what_is_and_what_is_wanted() {
        let from = "CREATE SCHEMA app; CREATE TABLE app.users (first int, name varchar(30) NOT NULL, old int, n int DEFAULT 1);
                    CREATE TABLE app.gone (id int);";
        let to = "CREATE SCHEMA app; CREATE TABLE app.users (
                      given bigint, -- underpin: renamed-from first
                      name text, n int DEFAULT 2, \"Note\" text NOT NULL);
                  CREATE TABLE app.orders (id int PRIMARY KEY, total numeric(10,2)); CREATE INDEX ON app.orders (total);
                  COMMENT ON TABLE app.users IS 'people';";
        expect![[r#"
            rename column app.users.first to app.users.given via dual-write: type integer → bigint
            alter table app.users: comment none → 'people'
            alter column app.users.name: type character varying(30) → text; nullability NOT NULL → NULL
            drop column app.users.old: integer
            alter default app.users.n: expression 1 → 2
            create column app.users."Note": text NOT NULL
            drop table app.gone: 1 column
            create table app.orders: 2 columns, 1 primary key, 1 index"#]]
        .assert_eq(&lines(&compared(from, to)).join("\n"));
    }

    #[test]
    fn json_lists_every_part() {
        let compared = compared("", "CREATE TABLE t (id int);");
        let changes = json(&compared);
        let names: Vec<_> = changes
            .iter()
            .map(|change| (change.kind, change.name.as_str()))
            .collect();
        assert_eq!(names, [("table", "public.t"), ("column", "public.t.id")]);
    }
}
