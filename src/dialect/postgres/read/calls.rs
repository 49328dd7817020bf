//! Which functions a statement calls, wherever they stand in it.
//!
//! Knows the tree's shape only in general: it is searched whole, so that no corner of it is overlooked.

use super::ast::NodeEnum;
use serde_json::Value;

/// What a statement does besides reading, as far as its tree shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    /// The functions called, each by its name parts.
    pub(super) calls: Vec<Vec<String>>,
    /// Whether rows are written: INSERT, UPDATE, DELETE, MERGE anywhere inside.
    pub(super) writes: bool,
    /// Whether something is made, as by SELECT INTO.
    pub(super) makes: bool,
}

/// Searches a statement's tree. `None` when the tree cannot be searched.
pub(super) fn effects(node: &NodeEnum) -> Option<Effects> {
    let tree = serde_json::to_value(node).ok()?;
    let mut effects = Effects::default();
    search(&tree, &mut effects);
    Some(effects)
}

fn search(value: &Value, effects: &mut Effects) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| search(item, effects)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    // A node of its own, or the field that CALL keeps it in.
                    "FuncCall" | "funccall" if field.is_object() => effects.calls.push(call_name(field)),
                    "InsertStmt" | "UpdateStmt" | "DeleteStmt" | "MergeStmt" => effects.writes = true,
                    "CreateTableAsStmt" => effects.makes = true,
                    "into_clause" if !field.is_null() => effects.makes = true,
                    _ => {}
                }
                search(field, effects);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn call_name(call: &Value) -> Vec<String> {
    let parts = call.get("funcname").and_then(Value::as_array);
    parts
        .into_iter()
        .flatten()
        .filter_map(|part| part.pointer("/node/String/sval")?.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::read::parse::parse;
    use crate::source::{SourceId, Span};

    fn effects_of(text: &str) -> Effects {
        let node = parse(text, Span::new(SourceId(0), 0, text.len())).unwrap().unwrap();
        effects(&node).unwrap()
    }

    #[test]
    fn a_call_is_found_wherever_it_stands() {
        let found = effects_of("SELECT a FROM t WHERE EXISTS (SELECT 1 ORDER BY CASE WHEN app.f(g(1)) THEN 1 END)");
        assert_eq!(
            found.calls,
            [vec!["app".to_owned(), "f".to_owned()], vec!["g".to_owned()]]
        );
        assert!(!found.writes && !found.makes);
    }

    #[test]
    fn what_call_calls_is_a_call() {
        assert_eq!(
            effects_of("CALL p(f())").calls,
            [vec!["p".to_owned()], vec!["f".to_owned()]]
        );
    }

    #[test]
    fn writing_and_making_are_seen() {
        assert!(effects_of("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x").writes);
        assert!(effects_of("SELECT * INTO copy FROM t").makes);
    }
}
