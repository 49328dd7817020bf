//! PostgreSQL's own objects and those of well-known extensions, by name.
//!
//! Knows the tables in `grammar/postgres/catalog` and how to look names up in them: PostgreSQL's own objects as a major
//! version has them, those of extensions in all their releases. Does not know search paths.

use super::typing::table_type;
use crate::catalog::DataType;
use crate::catalog::hashing::HashMap;
use crate::catalog::name::SYSTEM_SCHEMA;
use std::sync::OnceLock;

/// A function as the tables give it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    row: &'static str,
}

/// A relation as the tables give it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relation {
    columns: &'static str,
}

type Index<T> = HashMap<&'static str, Vec<T>>;

/// The oldest and the newest version that the tables know.
const KNOWN: std::ops::RangeInclusive<u16> = 14..=18;

/// One table's index for each version, made when it is first asked for.
struct Indexes<T>([OnceLock<Index<T>>; 5]);

impl<T> Indexes<T> {
    const fn new() -> Self {
        Indexes([const { OnceLock::new() }; 5])
    }

    /// The index for a version; a version that the tables do not know has the objects of the nearest that they do.
    fn of(&self, version: u16, make: impl FnOnce(u16) -> Index<T>) -> &Index<T> {
        let version = version.clamp(*KNOWN.start(), *KNOWN.end());
        self.0[usize::from(version - KNOWN.start())].get_or_init(|| make(version))
    }
}

/// The functions of `pg_catalog` of a name.
pub(super) fn functions(version: u16, name: &str) -> &'static [Function] {
    static INDEXES: Indexes<Function> = Indexes::new();
    let text = include_str!("../../../../grammar/postgres/catalog/functions.tsv");
    let index = INDEXES.of(version, |version| {
        by_key(rows_of(text, version), |row| Function { row })
    });
    index.get(name).map_or(&[], Vec::as_slice)
}

/// The functions of a name that well-known extensions bring, with the extension.
pub(super) fn extension_functions(name: &str) -> &'static [(&'static str, Function)] {
    static INDEX: OnceLock<Index<(&'static str, Function)>> = OnceLock::new();
    let text = include_str!("../../../../grammar/postgres/catalog/extension_functions.tsv");
    let index = INDEX.get_or_init(|| by_owner(rows(text), |row| Function { row }));
    index.get(name).map_or(&[], Vec::as_slice)
}

/// An operator as the tables give it; no left operand is `-`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    /// The type of the left operand.
    pub(super) left: &'static str,
    /// The type of the right operand.
    pub(super) right: &'static str,
    /// The type of the result.
    pub(super) result: &'static str,
}

/// Whether `pg_catalog` has a type of this internal name; arrays aside.
pub(super) fn is_type(version: u16, name: &str) -> bool {
    type_row(version, "pg_catalog", name).is_some()
}

/// Whether `information_schema` has a type of this name.
pub(super) fn is_information_type(version: u16, name: &str) -> bool {
    type_row(version, "information_schema", name).is_some()
}

/// What the tables say of one of PostgreSQL's own types: kind, category, preferred, element, base, collation.
pub(super) fn type_row(version: u16, schema: &str, name: &str) -> Option<&'static str> {
    static INDEXES: Indexes<(&'static str, &'static str)> = Indexes::new();
    let text = include_str!("../../../../grammar/postgres/catalog/types.tsv");
    let index = INDEXES.of(version, |version| by_owner(rows_of(text, version), |row| row));
    let found = index.get(name)?.iter().find(|(owner, _)| *owner == schema)?;
    Some(found.1)
}

/// What the tables say of a type of a well-known extension, with the extension.
pub(super) fn extension_type_row(name: &str) -> Option<(&'static str, &'static str)> {
    extension_types().get(name)?.first().copied()
}

fn extension_types() -> &'static Index<(&'static str, &'static str)> {
    static INDEX: OnceLock<Index<(&'static str, &'static str)>> = OnceLock::new();
    let text = include_str!("../../../../grammar/postgres/catalog/extension_types.tsv");
    INDEX.get_or_init(|| by_owner(rows(text), |row| row))
}

/// The well-known extensions that bring a type of this name.
pub(super) fn type_extensions(name: &str) -> Vec<&'static str> {
    owners(extension_types().get(name))
}

/// An operator of `pg_catalog`, its types ready: they are asked for more often than anything else in the tables.
#[derive(Clone, Debug)]
pub(super) struct SystemOperator {
    /// The types of the operands; a prefix operator has one.
    pub(super) operands: Vec<DataType>,
    /// The type of the result.
    pub(super) result: Option<DataType>,
}

/// The operators of `pg_catalog` of this name.
pub(super) fn operators(version: u16, name: &str) -> &'static [SystemOperator] {
    static INDEXES: Indexes<SystemOperator> = Indexes::new();
    let text = include_str!("../../../../grammar/postgres/catalog/operators.tsv");
    let ready = |row| {
        let Operator { left, right, result } = operator(row);
        let operands = [left, right].into_iter();
        SystemOperator {
            operands: operands.filter_map(|name| table_type(name, SYSTEM_SCHEMA)).collect(),
            result: table_type(result, SYSTEM_SCHEMA),
        }
    };
    let index = INDEXES.of(version, |version| by_key(rows_of(text, version), ready));
    index.get(name).map_or(&[], Vec::as_slice)
}

/// The operators of this name that well-known extensions bring, with the extension.
pub(super) fn extension_operators(name: &str) -> &'static [(&'static str, Operator)] {
    static INDEX: OnceLock<Index<(&'static str, Operator)>> = OnceLock::new();
    let text = include_str!("../../../../grammar/postgres/catalog/extension_operators.tsv");
    let index = INDEX.get_or_init(|| by_owner(rows(text), operator));
    index.get(name).map_or(&[], Vec::as_slice)
}

/// The well-known extensions that bring an operator of this name.
pub(super) fn operator_extensions(name: &str) -> Vec<&'static str> {
    let mut extensions: Vec<_> = extension_operators(name)
        .iter()
        .map(|(extension, _)| *extension)
        .collect();
    extensions.dedup();
    extensions
}

fn operator(row: &'static str) -> Operator {
    let mut fields = row.split('\t');
    let mut field = || fields.next().unwrap_or("-");
    Operator {
        left: field(),
        right: field(),
        result: field(),
    }
}

/// Whether there is an implicit cast between two types of `pg_catalog`, a type's cast to itself aside.
pub(super) fn has_implicit_cast(version: u16, source: &str, target: &str) -> bool {
    static INDEXES: Indexes<&'static str> = Indexes::new();
    let text = include_str!("../../../../grammar/postgres/catalog/casts.tsv");
    let index = INDEXES.of(version, |version| {
        by_key(rows_of(text, version).filter(|row| is_implicit(row)), first_field)
    });
    source != target && index.get(source).is_some_and(|targets| targets.contains(&target))
}

/// Whether a well-known extension brings an implicit cast; its own types begin with `+`.
pub(super) fn has_implicit_extension_cast(extension: &str, source: &str, target: &str) -> bool {
    static INDEX: OnceLock<Index<(&'static str, &'static str)>> = OnceLock::new();
    let text = include_str!("../../../../grammar/postgres/catalog/extension_casts.tsv");
    let of_owner = |row: &&str| row.split_once('\t').is_some_and(|(_, cast)| is_implicit(cast));
    let index = INDEX.get_or_init(|| by_owner(rows(text).filter(of_owner), first_field));
    index
        .get(source)
        .is_some_and(|targets| targets.contains(&(extension, target)))
}

/// Whether a row `source target context method` is of an implicit cast.
fn is_implicit(row: &str) -> bool {
    row.split('\t').nth(2) == Some("i")
}

fn first_field(row: &'static str) -> &'static str {
    row.split('\t').next().unwrap_or(row)
}

/// A relation of `pg_catalog` or `information_schema`.
pub(super) fn relation(version: u16, schema: &str, name: &str) -> Option<Relation> {
    static INDEXES: Indexes<(&'static str, Relation)> = Indexes::new();
    let text = include_str!("../../../../grammar/postgres/catalog/relations.tsv");
    let index = INDEXES.of(version, |version| {
        by_owner(rows_of(text, version), |columns| Relation { columns })
    });
    let found = index.get(name)?.iter().find(|(owner, _)| *owner == schema)?;
    Some(found.1)
}

/// The relations of a name that well-known extensions bring, with the extension.
pub(super) fn extension_relations(name: &str) -> &'static [(&'static str, Relation)] {
    static INDEX: OnceLock<Index<(&'static str, Relation)>> = OnceLock::new();
    let text = include_str!("../../../../grammar/postgres/catalog/extension_relations.tsv");
    let index = INDEX.get_or_init(|| by_owner(rows(text), |columns| Relation { columns }));
    index.get(name).map_or(&[], Vec::as_slice)
}

/// Whether the tables know what an extension brings.
pub(super) fn is_known_extension(name: &str) -> bool {
    static INDEX: OnceLock<Index<()>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let functions = include_str!("../../../../grammar/postgres/catalog/extension_functions.tsv");
        let types = include_str!("../../../../grammar/postgres/catalog/extension_types.tsv");
        let mut index = by_key(rows(functions), |_| ());
        index.extend(by_key(rows(types), |_| ()));
        index.extend(["plpgsql", "file_fdw"].map(|name| (name, Vec::new())));
        index
    });
    index.contains_key(name)
}

/// What kinds of members an extension has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brings {
    pub(super) functions: bool,
    pub(super) relations: bool,
    pub(super) types: bool,
}

/// What kinds of members an extension has as far as the tables know; all of them when they do not know it.
pub(super) fn extension_brings(extension: &str) -> Brings {
    let is_unknown = !is_known_extension(extension);
    let is_in = |text: &'static str| is_unknown || rows(text).any(|row| row.split('\t').next() == Some(extension));
    Brings {
        functions: is_in(include_str!(
            "../../../../grammar/postgres/catalog/extension_functions.tsv"
        )),
        relations: is_in(include_str!(
            "../../../../grammar/postgres/catalog/extension_relations.tsv"
        )),
        types: is_in(include_str!("../../../../grammar/postgres/catalog/extension_types.tsv")),
    }
}

impl Function {
    /// Whether a call with so many arguments by position is possible.
    pub(super) fn takes(self, count: usize) -> bool {
        let total = self.arguments().count();
        let defaults = self.field(2).parse::<usize>().unwrap_or(0);
        match self.field(3) {
            "variadic" => count + 1 >= total,
            _ => count <= total && count + defaults >= total,
        }
    }

    /// `f`, `p`, `a` or `w` (`pg_proc.prokind`).
    pub(super) fn kind(self) -> char {
        self.field(0).chars().next().unwrap_or('f')
    }

    /// The names and types of the result's columns, for functions with OUT arguments.
    pub(super) fn result_columns(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        pairs(self.field(6))
    }

    /// The type of the result, and whether it is a set.
    pub(super) fn result(self) -> (&'static str, bool) {
        match self.field(1).strip_prefix("setof ") {
            Some(name) => (name, true),
            None => (self.field(1), false),
        }
    }

    /// The types of the input arguments.
    pub(super) fn arguments(self) -> impl Iterator<Item = &'static str> {
        words(self.field(4))
    }

    /// The types of the arguments of a call with so many; those behind the last are of the variadic array's elements.
    pub(super) fn arguments_of(self, count: usize, spread: bool) -> Vec<&'static str> {
        let mut declared: Vec<_> = self.arguments().collect();
        if spread
            && self.field(3) == "variadic"
            && let Some(last) = declared.pop()
        {
            let element = match last {
                "anyarray" => "anyelement",
                "anycompatiblearray" => "anycompatible",
                other => other.strip_suffix("[]").unwrap_or(other),
            };
            declared.resize(count.max(declared.len()), element);
        }
        declared.truncate(count);
        declared
    }

    fn field(self, index: usize) -> &'static str {
        self.row.split('\t').nth(index).unwrap_or("")
    }
}

impl Relation {
    /// The names and types of the columns in order.
    pub(super) fn columns(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        pairs(self.columns)
    }
}

/// The rows of a table.
fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with("# "))
}

/// The rows that are true for a version, without the column that says for which they are.
fn rows_of(text: &'static str, version: u16) -> impl Iterator<Item = &'static str> {
    rows(text).filter_map(move |line| {
        let (row, versions) = line.rsplit_once('\t')?;
        let (first, last) = versions.split_once('-')?;
        let versions = first.parse::<u16>().ok()?..=last.parse().ok()?;
        versions.contains(&version).then_some(row)
    })
}

/// Rows by their first field, each made of what follows it.
fn by_key<T>(rows: impl Iterator<Item = &'static str>, make: impl Fn(&'static str) -> T) -> Index<T> {
    let mut index: Index<T> = HashMap::default();
    for row in rows {
        let (key, rest) = row.split_once('\t').unwrap_or((row, ""));
        index.entry(key).or_default().push(make(rest));
    }
    index
}

/// Rows by their second field, with the first: the extension or schema that owns them.
fn by_owner<T>(rows: impl Iterator<Item = &'static str>, make: impl Fn(&'static str) -> T) -> Index<(&'static str, T)> {
    let mut index: Index<(&'static str, T)> = HashMap::default();
    for row in rows {
        let mut parts = row.splitn(3, '\t');
        let owner = parts.next().unwrap_or("");
        let key = parts.next().unwrap_or("");
        let rest = parts.next().unwrap_or("");
        index.entry(key).or_default().push((owner, make(rest)));
    }
    index
}

/// The extensions of a name's rows, each once.
fn owners(rows: Option<&Vec<(&'static str, &'static str)>>) -> Vec<&'static str> {
    let mut owners: Vec<_> = rows.into_iter().flatten().map(|(owner, _)| *owner).collect();
    owners.dedup();
    owners
}

/// Words with spaces between them; `-` is none.
fn words(field: &'static str) -> impl Iterator<Item = &'static str> {
    field.split(' ').filter(|word| !word.is_empty() && *word != "-")
}

/// `name:type` pairs.
fn pairs(field: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    words(field).filter_map(|word| word.split_once(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_answer_for_well_known_names() {
        assert!(functions(18, "format").iter().any(|function| function.takes(7)));
        assert!(functions(18, "lower").iter().all(|function| !function.takes(2)));
        let each = functions(18, "json_each")[0];
        assert_eq!(
            each.result_columns().collect::<Vec<_>>(),
            [("key", "text"), ("value", "json")]
        );
        assert_eq!(each.result(), ("record", true));
        assert!(is_type(18, "int4") && !is_type(18, "citext"));
        assert_eq!(type_extensions("citext"), ["citext"]);
        assert!(
            extension_functions("similarity")
                .iter()
                .any(|(extension, _)| *extension == "pg_trgm")
        );
        assert!(!operators(18, "~~").is_empty() && operators(18, "<=>").is_empty());
        assert!(has_implicit_cast(18, "int4", "numeric") && !has_implicit_cast(18, "text", "int4"));
        assert!(has_implicit_extension_cast("citext", "+citext", "text"));
        let columns = relation(18, "pg_catalog", "pg_namespace").map(|relation| relation.columns().count());
        assert_eq!(columns, Some(4));
        assert!(is_known_extension("vector") && !is_known_extension("pg_cron"));
    }
    #[test]
    fn each_version_has_its_own_objects() {
        assert!(functions(15, "any_value").is_empty() && !functions(16, "any_value").is_empty());
        let closest = |version| {
            operators(version, "##")
                .iter()
                .filter(|operator| operator.operands.first().is_some_and(|left| left.is_system("line")))
                .count()
        };
        assert_eq!((closest(14), closest(15)), (2, 1));
        assert!(relation(17, "pg_catalog", "pg_aios").is_none() && relation(18, "pg_catalog", "pg_aios").is_some());
        assert!(functions(13, "format").len() == functions(14, "format").len());
        assert!(functions(19, "format").len() == functions(18, "format").len());
    }
}
