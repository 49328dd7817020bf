//! The names in a routine's string body, as far as its language can be read.
//!
//! Knows SQL by its tree and PL/pgSQL by its tokens. What it finds orders statements and decides nothing else, so what
//! it cannot read it leaves out. Does not know what the names mean.

use super::ast::{KeywordKind, Token};
use serde_json::Value;

/// A name in a body with the part it plays there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BodyName {
    /// What the name is for.
    pub role: NameRole,
    /// The parts of the name, folded.
    pub parts: Vec<String>,
}

/// What a name in a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameRole {
    /// A table, view or sequence.
    Relation,
    /// A function or procedure.
    Routine,
    /// A type.
    Type,
}

/// The names in a body of LANGUAGE sql; none when it does not parse.
pub fn sql_names(body: &str) -> Vec<BodyName> {
    let mut names = Vec::new();
    if let Ok(result) = super::parse::tree(body)
        && let Ok(tree) = serde_json::to_value(&result.protobuf.stmts)
    {
        let mut common = Vec::new();
        collect(&tree, &mut names, &mut common);
        names.retain(|name| name.role != NameRole::Relation || !common.contains(&name.parts));
    }
    names
}

/// The names in a body of LANGUAGE plpgsql: what stands where a relation, a call or a type would stand.
pub fn plpgsql_names(body: &str) -> Vec<BodyName> {
    let Ok(result) = pg_query::scan(body) else {
        return Vec::new();
    };
    let tokens: Vec<Lexeme> = result
        .tokens
        .iter()
        .filter(|token| ![Token::SqlComment as i32, Token::CComment as i32].contains(&token.token))
        .filter_map(|token| {
            let start = usize::try_from(token.start).ok()?;
            let end = usize::try_from(token.end).ok()?;
            Some(Lexeme {
                text: body.get(start..end)?,
                token: token.token,
                reserved: token.keyword_kind == KeywordKind::ReservedKeyword as i32,
            })
        })
        .collect();
    let mut names = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let parts = chain(&tokens, &mut index);
        if parts.is_empty() {
            index += 1;
            continue;
        }
        let after = tokens.get(index).map_or("", |token| token.text);
        let word = before.map_or(String::new(), |token| token.text.to_ascii_lowercase());
        let after_name = before.is_some_and(|token| token.is_name());
        if let Some(role) = role(&word, after_name, after) {
            names.push(BodyName { role, parts });
        }
    }
    names
}

/// A token with its text.
struct Lexeme<'t> {
    text: &'t str,
    token: i32,
    reserved: bool,
}

impl Lexeme<'_> {
    fn is_name(&self) -> bool {
        let word = self
            .text
            .starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '"');
        word && !self.reserved && self.token != Token::Sconst as i32
    }

    fn folded(&self) -> String {
        match self.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => self.text.to_lowercase(),
        }
    }
}

/// The parts of a name with dots between them that begins at `index`, which moves behind it.
fn chain(tokens: &[Lexeme], index: &mut usize) -> Vec<String> {
    let mut parts = Vec::new();
    while let Some(token) = tokens.get(*index).filter(|token| token.is_name()) {
        parts.push(token.folded());
        *index += 1;
        let dot = tokens.get(*index).is_some_and(|token| token.text == ".");
        if !dot || !tokens.get(*index + 1).is_some_and(Lexeme::is_name) {
            break;
        }
        *index += 1;
    }
    parts
}

/// The part a name plays between the word before it and the token after it.
fn role(before: &str, after_name: bool, after: &str) -> Option<NameRole> {
    match (before, after) {
        ("from" | "join" | "into" | "update" | "table" | "only", _) => Some(NameRole::Relation),
        (_, "%") => Some(NameRole::Relation),
        (_, "(") => Some(NameRole::Routine),
        ("::" | "as" | "constant", _) => Some(NameRole::Type),
        _ if after_name => Some(NameRole::Type),
        _ => None,
    }
}

/// Goes through a tree and notes relations, calls and types by the fields only they have.
fn collect(tree: &Value, names: &mut Vec<BodyName>, common: &mut Vec<Vec<String>>) {
    match tree {
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, common)),
        Value::Object(fields) => {
            let text = |field: &str| {
                fields
                    .get(field)
                    .and_then(Value::as_str)
                    .filter(|text| !text.is_empty())
            };
            if let Some(name) = text("relname") {
                let parts = text("schemaname")
                    .into_iter()
                    .chain([name])
                    .map(str::to_owned)
                    .collect();
                names.push(BodyName {
                    role: NameRole::Relation,
                    parts,
                });
            }
            if let Some(name) = text("ctename") {
                common.push(vec![name.to_owned()]);
            }
            let listed = [
                (fields.get("funcname"), NameRole::Routine),
                (
                    fields.get("names").filter(|_| fields.contains_key("array_bounds")),
                    NameRole::Type,
                ),
            ];
            for (list, role) in listed {
                let parts = list.map(strings).unwrap_or_default();
                if !parts.is_empty() {
                    names.push(BodyName { role, parts });
                }
            }
            fields.values().for_each(|field| collect(field, names, common));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The texts of a list of string nodes.
fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(|item| item.pointer("/node/String/sval")?.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(names: Vec<BodyName>) -> String {
        let shown = names
            .iter()
            .map(|name| format!("{:?} {}", name.role, name.parts.join(".")));
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn an_sql_body_is_read_by_its_tree() {
        let body = "WITH c AS (SELECT 1) SELECT app.total(u.id)::mood FROM app.users u, c; DELETE FROM orders";
        assert_eq!(
            shown(sql_names(body)),
            "Relation app.users, Routine app.total, Type mood, Relation orders"
        );
        assert_eq!(sql_names("SELEC"), []);
    }

    #[test]
    fn a_plpgsql_body_is_read_by_its_tokens() {
        let body = "DECLARE row app.users%ROWTYPE; m \"Mood\" := 'ok'; BEGIN -- FROM nothing\n\
                    SELECT * INTO row FROM users; PERFORM app.total(row.id); INSERT INTO orders VALUES ('x'::state); END";
        let names = shown(plpgsql_names(body));
        for name in [
            "Relation app.users",
            "Type Mood",
            "Relation users",
            "Routine app.total",
            "Relation orders",
            "Type state",
        ] {
            assert!(names.contains(name), "{name} in {names}");
        }
        assert!(!names.contains("nothing"));
    }
}
