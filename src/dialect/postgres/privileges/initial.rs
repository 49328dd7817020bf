//! What is held from the beginning on objects that the server or an extension makes (`pg_init_privs`).
//!
//! Knows the table `grammar/postgres/catalog/initial_privileges.tsv`: the objects on which more or less is held than the rule
//! says. The rule is what `acldefault` gives, and SELECT for everybody on the server's own relations. Extensions that the
//! table does not know may grant anything.

use super::PrivilegeKind;
use crate::catalog::definition::ProvidedKind;
use crate::catalog::hashing::HashMap;
use crate::catalog::{GrantOption, Grantee, Ident, Privileges};
use std::sync::OnceLock;

/// An object as the table calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The extension that makes it; `None` for the server's own.
    pub extension: Option<Ident>,
    /// What it is.
    pub kind: ProvidedKind,
    /// Its name; what stands in `information_schema` with the schema before it, a column behind its relation and a dot.
    pub name: String,
    /// The types of a routine's arguments with spaces between them.
    pub arguments: String,
}

/// What is held on an object before any GRANT or REVOKE; `None` where nobody knows. What default privileges gave to it
/// stands in the place of what is built in, and what its extension grants and revokes comes after it.
pub fn initial_privileges(named: &Named, made_under: Option<&Privileges>, version: u16) -> Option<Privileges> {
    let extension = named.extension.as_ref().map_or("-", Ident::as_str);
    let rows = table().get(extension).map_or(&[][..], Vec::as_slice);
    if named.extension.is_some() && !rows.iter().any(|row| row.kind == "extension") {
        return None;
    }
    let kind = PrivilegeKind::of_provided(named.kind);
    let built_in = kind.built_in(version);
    let row = rows
        .iter()
        .find(|row| row.is_of(version) && row.calls(words(named.kind), &named.name, &named.arguments));
    let held = match row {
        Some(row) => row.held,
        None if named.extension.is_none() && named.kind == ProvidedKind::Relation => "PUBLIC:SELECT",
        None => return Some(made_under.cloned().unwrap_or(built_in)),
    };
    let said = said(held, kind.all(version));
    let mut privileges = made_under.cloned().unwrap_or_else(|| built_in.clone());
    for (grantee, names) in &built_in.held {
        for name in names.keys().filter(|_| *grantee != Grantee::Owner) {
            if !said.held.get(grantee).is_some_and(|said| said.contains_key(name)) {
                privileges.revoke(grantee, name);
            }
        }
    }
    for (grantee, names) in said.held {
        for (name, option) in names {
            privileges.grant(grantee.clone(), name, option);
        }
    }
    Some(privileges)
}

/// What a row says is held.
fn said(held: &str, all: &'static [&'static str]) -> Privileges {
    let mut said = Privileges::default();
    for holder in held.split(' ').filter(|word| *word != "-") {
        let Some((name, names)) = holder.split_once(':') else {
            continue;
        };
        let grantee = match name {
            "PUBLIC" => Grantee::Public,
            role => Grantee::Role(Ident::from(role)),
        };
        for word in names.split(',') {
            let (word, option) = match word.strip_suffix('*') {
                Some(word) => (word, GrantOption::With),
                None => (word, GrantOption::Without),
            };
            if let Some(privilege) = all.iter().find(|privilege| **privilege == word) {
                said.grant(grantee.clone(), privilege, option);
            }
        }
    }
    said
}

/// The columns of one of the server's own relations on which something is held from the beginning.
pub fn columns_with_privileges(relation: &str, version: u16) -> Vec<&'static str> {
    let rows = table().get("-").map_or(&[][..], Vec::as_slice);
    rows.iter()
        .filter(|row| row.kind == "column" && row.is_of(version))
        .filter_map(|row| row.name.strip_prefix(relation)?.strip_prefix('.'))
        .collect()
}

/// The extension that the table names with a routine.
pub fn routine_extension(name: &str, arguments: &str, version: u16) -> Option<&'static str> {
    let wanted = |row: &Row| row.is_of(version) && row.calls("function", name, arguments);
    let mut extensions = table().iter().filter(|(extension, _)| **extension != "-");
    extensions
        .find(|(_, rows)| rows.iter().any(wanted))
        .map(|(extension, _)| *extension)
}

/// The versions that the table knows.
const FIRST: u16 = 14;
const LAST: u16 = 18;

/// A row of the table.
struct Row {
    kind: &'static str,
    name: &'static str,
    arguments: &'static str,
    held: &'static str,
    first: u16,
    last: u16,
}

impl Row {
    /// Whether it is true for a version.
    fn is_of(&self, version: u16) -> bool {
        (self.first..=self.last).contains(&version.clamp(FIRST, LAST))
    }

    /// Whether it is about an object; `-` stands for no arguments.
    fn calls(&self, kind: &str, name: &str, arguments: &str) -> bool {
        let has_arguments = self.arguments == arguments || self.arguments == "-" && arguments.is_empty();
        self.kind == kind && self.name == name && has_arguments
    }
}

/// The rows by extension; those of the server under `-`.
fn table() -> &'static HashMap<&'static str, Vec<Row>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<Row>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<&'static str, Vec<Row>> = HashMap::default();
        let text = include_str!("../../../../grammar/postgres/catalog/initial_privileges.tsv");
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            let fields: Vec<&'static str> = line.split('\t').collect();
            let [extension, kind, name, arguments, held, versions] = fields.as_slice() else {
                continue;
            };
            let Some((first, last)) = versions.split_once('-') else {
                continue;
            };
            table.entry(*extension).or_default().push(Row {
                kind,
                name,
                arguments,
                held,
                first: first.parse().unwrap_or(FIRST),
                last: last.parse().unwrap_or(LAST),
            });
        }
        table
    })
}

/// The kind in the table's words.
fn words(kind: ProvidedKind) -> &'static str {
    match kind {
        ProvidedKind::Schema => "schema",
        ProvidedKind::Relation | ProvidedKind::Sequence => "relation",
        ProvidedKind::Column => "column",
        ProvidedKind::Function | ProvidedKind::Procedure => "function",
        ProvidedKind::Type => "type",
        ProvidedKind::Language => "language",
        ProvidedKind::ForeignDataWrapper => "foreign-data wrapper",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(extension: Option<&str>, kind: ProvidedKind, name: &str, arguments: &str) -> Option<bool> {
        let named = Named {
            extension: extension.map(Ident::from),
            kind,
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        };
        Some(
            initial_privileges(&named, None, 18)?
                .held
                .contains_key(&Grantee::Public),
        )
    }

    #[test]
    fn what_holds_from_the_beginning_is_known_of_the_server_and_of_well_known_extensions() {
        let relation = ProvidedKind::Relation;
        assert_eq!(public(None, relation, "pg_class", ""), Some(true));
        assert_eq!(public(None, relation, "pg_authid", ""), Some(false));
        assert_eq!(
            public(None, ProvidedKind::Column, "pg_subscription.subname", ""),
            Some(true)
        );
        let function = ProvidedKind::Function;
        assert_eq!(public(None, function, "pg_read_file", "text"), Some(false));
        assert_eq!(public(None, function, "lower", "text"), Some(true));
        assert_eq!(public(Some("hstore"), function, "hstore", "text text"), Some(true));
        assert_eq!(
            public(Some("dblink"), function, "dblink_connect_u", "text"),
            Some(false)
        );
        assert_eq!(public(Some("unheard_of"), function, "f", ""), None);
    }

    #[test]
    fn a_member_of_another_release_is_found() {
        let found = |version| routine_extension("pg_stat_statements_reset", "oid oid int8", version);
        assert_eq!((found(14), found(18)), (Some("pg_stat_statements"), None));
    }

    #[test]
    fn a_relations_columns_with_privileges_of_their_own_are_found() {
        assert!(columns_with_privileges("pg_subscription", 18).contains(&"subname"));
        assert!(columns_with_privileges("pg_subscription_rel", 18).is_empty());
    }
}
