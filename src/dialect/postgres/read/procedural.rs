//! Whether code in PL/pgSQL or SQL can change the schema.
//!
//! Knows how to look through a body: every statement and expression in it is parsed, and what is not provably about rows
//! only counts as a change. Nothing is executed.

use super::ast::{DoStmt, NodeEnum};
use super::calls::{Effects, effects};
use super::options::definition_text;
use super::parse::parse;
use super::routine_attributes::setting_item;
use super::schema::definition_elements;
use super::{Applied, Interpreter, ast};
use crate::catalog::routine::Body;
use crate::catalog::{Object, ObjectId};
use crate::dialect::postgres::action::{Create, CreateMode, Guard, Names};
use serde_json::Value;

/// How deep calls of the schema's own routines are followed.
const DEEPEST: u32 = 8;

/// How PL/pgSQL parses an expression (`RawParseMode` in `parser.h`).
const WHOLE_STATEMENT: u64 = 0;
/// `RAW_PARSE_PLPGSQL_EXPR`.
const EXPRESSION: u64 = 2;

impl Interpreter {
    /// DO: passed over when its body changes no schema, followed when it is plain enough.
    pub(super) fn do_block(&mut self, statement: &DoStmt, text: &str) -> Applied {
        let language = definition_elements(&statement.args)
            .find(|element| element.defname == "language")
            .and_then(definition_text);
        let is_plpgsql = language.is_none_or(|language| language == "plpgsql");
        if !is_plpgsql {
            return self.not_understood(text, "a DO block is run");
        }
        if !self.is_harmless_plpgsql(text, 0) {
            return match self.follow_block(text) {
                Some(applied) => applied,
                None => self.not_understood(text, "a DO block is run"),
            };
        }
        if self.has_cluster_statement(text) {
            self.skip_cluster_statement();
        }
        Ok(())
    }

    /// Whether calling a routine of the schema changes nothing but rows.
    pub(super) fn is_harmless_routine(&self, id: &ObjectId) -> bool {
        self.is_harmless_routine_at(id, 0)
    }

    fn is_harmless_routine_at(&self, id: &ObjectId, depth: u32) -> bool {
        let Some(entry) = self.catalog.get(id) else {
            return false;
        };
        if depth > DEEPEST {
            return false;
        }
        let routine = match &entry.object {
            Object::Routine(routine) => routine,
            // An aggregate runs its functions on rows.
            Object::Definition(definition) => return self.references_are_harmless(definition, depth),
            _ => return false,
        };
        match (&routine.body, routine.language.as_str()) {
            (Body::Sql(body), _) => self.references_are_harmless(body, depth),
            (Body::Text(text), "sql") => self.is_harmless_sql(text, depth),
            (Body::Text(_), "plpgsql") => {
                let text = crate::dialect::postgres::write::objects::routine::create(
                    &Create {
                        id: id.clone(),
                        entry: entry.clone(),
                        parts: Vec::new(),
                        mode: CreateMode::Plain,
                        guard: Guard::None,
                        names: Names::WhereOthers,
                    },
                    routine,
                );
                self.is_harmless_plpgsql(&text, depth)
            }
            (Body::Text(_) | Body::Library(..), _) => false,
        }
    }

    fn references_are_harmless(&self, body: &impl crate::catalog::Refers, depth: u32) -> bool {
        let mut harmless = true;
        body.references(&mut |id| {
            if matches!(id, ObjectId::Routine(..)) {
                harmless &= self.is_harmless_routine_at(id, depth + 1);
            }
        });
        harmless
    }

    /// Whether statements of SQL change nothing but rows.
    fn is_harmless_sql(&self, text: &str, depth: u32) -> bool {
        let script = crate::syntax::split(self.current.source, text);
        if script.has_errors() {
            return false;
        }
        script.value.statements.iter().all(|statement| {
            let slice = text.get(statement.span.start as usize..statement.span.end as usize);
            slice.is_some_and(|text| self.is_harmless_statement(text, depth))
        })
    }

    fn is_harmless_statement(&self, text: &str, depth: u32) -> bool {
        match parse(text, self.current) {
            Ok(Some(node)) => {
                let is_about_rows = matches!(
                    node,
                    NodeEnum::SelectStmt(_)
                        | NodeEnum::InsertStmt(_)
                        | NodeEnum::UpdateStmt(_)
                        | NodeEnum::DeleteStmt(_)
                        | NodeEnum::MergeStmt(_)
                        | NodeEnum::CallStmt(_)
                        | NodeEnum::TruncateStmt(_)
                        | NodeEnum::LockStmt(_)
                ) || is_about_cluster(&node);
                is_about_rows && effects(&node).is_some_and(|effects| self.effects_are_harmless(&effects, depth))
            }
            Ok(None) => true,
            Err(_) => false,
        }
    }

    fn effects_are_harmless(&self, effects: &Effects, depth: u32) -> bool {
        let known = |name: &Vec<String>| {
            let own = self.own_routines(name);
            if own.is_empty() {
                self.is_harmless_known_call(name)
            } else {
                own.iter().all(|id| self.is_harmless_routine_at(id, depth + 1))
            }
        };
        !effects.makes && effects.calls.iter().all(known)
    }

    /// Whether a DO statement's or a CREATE FUNCTION statement's body changes nothing but rows.
    fn is_harmless_plpgsql(&self, text: &str, depth: u32) -> bool {
        match pg_query::parse_plpgsql(text) {
            Ok(tree) => self.is_harmless_tree(&tree, depth),
            Err(_) => false,
        }
    }

    pub(super) fn is_harmless_tree(&self, tree: &Value, depth: u32) -> bool {
        match tree {
            Value::Array(items) => items.iter().all(|item| self.is_harmless_tree(item, depth)),
            Value::Object(fields) => fields.iter().all(|(name, field)| match name.as_str() {
                "PLpgSQL_stmt_dynexecute" => self.is_harmless_execute(field, depth),
                "PLpgSQL_stmt_dynfors" | "dynquery" => false,
                "PLpgSQL_expr" => self.is_harmless_fragment(field, depth),
                _ => self.is_harmless_tree(field, depth),
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }

    /// EXECUTE of a constant, or of a constant format in which only names and literals are put.
    fn is_harmless_execute(&self, execute: &Value, depth: u32) -> bool {
        let query = execute.pointer("/query/PLpgSQL_expr/query").and_then(Value::as_str);
        let text = query
            .and_then(|query| parse(&selected(query), self.current).ok().flatten())
            .and_then(|node| executed_text(&node));
        text.is_some_and(|text| self.is_harmless_statement(&text, depth))
    }

    /// Whether a body holds a statement about roles or databases.
    fn has_cluster_statement(&self, text: &str) -> bool {
        fn search(tree: &Value, found: &mut dyn FnMut(&str) -> bool) -> bool {
            match tree {
                Value::Array(items) => items.iter().any(|item| search(item, found)),
                Value::Object(fields) => fields.iter().any(|(name, field)| match (name.as_str(), field) {
                    ("query", Value::String(query)) => found(query),
                    _ => search(field, found),
                }),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
            }
        }
        let Ok(tree) = pg_query::parse_plpgsql(text) else {
            return false;
        };
        search(
            &tree,
            &mut |query| matches!(parse(query, self.current), Ok(Some(node)) if is_about_cluster(&node)),
        )
    }

    /// A statement, an expression or an assignment inside a body.
    fn is_harmless_fragment(&self, expression: &Value, depth: u32) -> bool {
        let query = expression.get("query").and_then(Value::as_str).unwrap_or_default();
        let mode = expression
            .get("parseMode")
            .and_then(Value::as_u64)
            .unwrap_or(WHOLE_STATEMENT);
        match mode {
            WHOLE_STATEMENT => self.is_harmless_statement(query, depth),
            EXPRESSION => self.is_harmless_statement(&selected(query), depth),
            // An assignment: what stands behind the sign is an expression.
            _ => match query.split_once(":=").or_else(|| query.split_once('=')) {
                Some((_, value)) => self.is_harmless_statement(&selected(value), depth),
                None => false,
            },
        }
    }
}

/// Whether a statement is about roles or databases, which are not the schema's.
fn is_about_cluster(node: &NodeEnum) -> bool {
    matches!(
        node,
        NodeEnum::CreateRoleStmt(_)
            | NodeEnum::AlterRoleStmt(_)
            | NodeEnum::AlterRoleSetStmt(_)
            | NodeEnum::DropRoleStmt(_)
            | NodeEnum::GrantRoleStmt(_)
            | NodeEnum::AlterDatabaseStmt(_)
            | NodeEnum::AlterDatabaseSetStmt(_)
    )
}

/// The text that EXECUTE runs when it is a constant, or `format` of one with `%I` and `%L` only.
pub(super) fn executed_text(node: &NodeEnum) -> Option<String> {
    let NodeEnum::SelectStmt(select) = node else {
        return None;
    };
    let [target] = select.target_list.as_slice() else {
        return None;
    };
    let Some(NodeEnum::ResTarget(target)) = target.node.as_ref() else {
        return None;
    };
    match target.val.as_deref()?.node.as_ref()? {
        NodeEnum::AConst(_) => setting_item(target.val.as_deref()?),
        NodeEnum::FuncCall(call) if ast::strings(&call.funcname) == ["format"] => {
            let format = setting_item(call.args.first()?)?;
            let text = format.replace("%I", "name").replace("%L", "NULL");
            (!text.contains('%')).then_some(text)
        }
        _ => None,
    }
}

/// An expression as a statement that can be parsed.
pub(super) fn selected(expression: &str) -> String {
    ["SELECT ", expression].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::read::ReadOptions;

    fn is_harmless(body: &str) -> bool {
        Interpreter::new(ReadOptions::default()).is_harmless_plpgsql(&["DO $$ ", body, " $$"].concat(), 0)
    }

    #[test]
    fn a_check_that_raises_is_harmless() {
        assert!(is_harmless(
            "BEGIN IF NOT EXISTS (SELECT FROM pg_index WHERE indisvalid) THEN RAISE EXCEPTION 'not valid'; END IF; END"
        ));
        assert!(is_harmless(
            "DECLARE n bigint := 0; BEGIN LOOP UPDATE t SET a = 1; n := n + 1; COMMIT; EXIT; END LOOP; END"
        ));
    }

    #[test]
    fn roles_are_the_clusters() {
        assert!(is_harmless(
            "BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END"
        ));
        assert!(is_harmless(
            "BEGIN EXECUTE format('GRANT app TO %I', current_user); END"
        ));
    }

    #[test]
    fn what_makes_or_runs_a_text_is_not() {
        assert!(!is_harmless("BEGIN CREATE TABLE t (a int); END"));
        assert!(!is_harmless("BEGIN EXECUTE 'DROP TABLE t'; END"));
        assert!(!is_harmless("BEGIN EXECUTE format('DROP TABLE %I', 't'); END"));
        assert!(!is_harmless("DECLARE q text := 'SELECT 1'; BEGIN EXECUTE q; END"));
        assert!(!is_harmless("BEGIN PERFORM create_hypertable('t'); END"));
    }
}
