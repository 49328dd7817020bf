//! DO blocks that can be followed: statements written out, one after the other, behind conditions that can be decided.
//!
//! Knows the blocks by which hand-written schemas say "unless it is there": a handler for `duplicate_object`, or a
//! question to the system catalogs. What cannot be decided is not guessed.

use super::ast::NodeEnum;
use super::parse::parse;
use super::procedural::{executed_text, selected};
use super::{Interpreter, existence};
use crate::diagnostic::{Code, Diagnostic};
use serde_json::Value;

/// Why a block is not carried out to its end.
enum Stop {
    /// Something in it cannot be followed.
    NotFollowed,
    /// RETURN.
    Returned,
    /// A statement failed.
    Failed(Box<Diagnostic>),
}

/// The level of RAISE EXCEPTION (`ERROR` in `elog.h`).
const ERROR_LEVEL: i64 = 21;

impl Interpreter {
    /// Carries out a DO block; `None` when it cannot be followed, and nothing has happened then.
    pub(super) fn follow_block(&mut self, text: &str) -> Option<super::Applied> {
        let tree = pg_query::parse_plpgsql(text).ok()?;
        let body = tree.pointer("/0/PLpgSQL_function/action/PLpgSQL_stmt_block")?.clone();
        let before = self.clone();
        match self.run_block(&body) {
            Ok(()) | Err(Stop::Returned) => Some(Ok(())),
            Err(Stop::Failed(error)) => {
                *self = before;
                Some(Err(error))
            }
            Err(Stop::NotFollowed) => {
                *self = before;
                None
            }
        }
    }

    fn run_block(&mut self, block: &Value) -> Result<(), Stop> {
        let Some(handlers) = block.pointer("/exceptions/PLpgSQL_exception_block/exc_list") else {
            return self.run_list(block.get("body"));
        };
        let before = self.clone();
        match self.run_list(block.get("body")) {
            Err(Stop::Failed(error)) => {
                let handler = handlers
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|handler| handler.get("PLpgSQL_exception"))
                    .find(|handler| catches(handler, error.code));
                match handler {
                    Some(handler) => {
                        *self = before;
                        self.run_list(handler.get("action"))
                    }
                    None => Err(Stop::Failed(error)),
                }
            }
            other => other,
        }
    }

    fn run_list(&mut self, statements: Option<&Value>) -> Result<(), Stop> {
        for statement in statements.and_then(Value::as_array).into_iter().flatten() {
            for (kind, fields) in statement.as_object().into_iter().flatten() {
                self.run_statement(kind, fields, statement)?;
            }
        }
        Ok(())
    }

    fn run_statement(&mut self, kind: &str, fields: &Value, whole: &Value) -> Result<(), Stop> {
        match kind {
            "PLpgSQL_stmt_block" => self.run_block(fields),
            "PLpgSQL_stmt_if" => self.run_if(fields, whole),
            "PLpgSQL_stmt_return" => Err(Stop::Returned),
            "PLpgSQL_stmt_raise" => match fields.get("elog_level").and_then(Value::as_i64) {
                Some(level) if level < ERROR_LEVEL => Ok(()),
                _ => Err(Stop::NotFollowed),
            },
            "PLpgSQL_stmt_execsql" => {
                let query = fields.pointer("/sqlstmt/PLpgSQL_expr/query").and_then(Value::as_str);
                self.run_sql(query.ok_or(Stop::NotFollowed)?)
            }
            "PLpgSQL_stmt_dynexecute" => {
                let query = fields.pointer("/query/PLpgSQL_expr/query").and_then(Value::as_str);
                let node = query.and_then(|query| parse(&selected(query), self.current).ok().flatten());
                // Names that are put in at run time are not known here: only a constant can be followed.
                let text = node.filter(is_constant).and_then(|node| executed_text(&node));
                self.run_sql(&text.ok_or(Stop::NotFollowed)?)
            }
            _ if self.is_harmless_tree(whole, 0) => Ok(()),
            _ => Err(Stop::NotFollowed),
        }
    }

    fn run_if(&mut self, fields: &Value, whole: &Value) -> Result<(), Stop> {
        if self.is_harmless_tree(whole, 0) {
            return Ok(());
        }
        if self.decide(fields.get("cond")).ok_or(Stop::NotFollowed)? {
            return self.run_list(fields.get("then_body"));
        }
        let branches = fields.get("elsif_list").and_then(Value::as_array);
        for branch in branches.into_iter().flatten() {
            let branch = branch.get("PLpgSQL_if_elsif").unwrap_or(branch);
            if self.decide(branch.get("cond")).ok_or(Stop::NotFollowed)? {
                return self.run_list(branch.get("stmts"));
            }
        }
        self.run_list(fields.get("else_body"))
    }

    fn decide(&self, condition: Option<&Value>) -> Option<bool> {
        let query = condition?.pointer("/PLpgSQL_expr/query").and_then(Value::as_str)?;
        match parse(&selected(query), self.current).ok().flatten()? {
            NodeEnum::SelectStmt(select) => match select.target_list.first()?.node.as_ref()? {
                NodeEnum::ResTarget(target) => existence::decide(&self.catalog, target.val.as_deref()?),
                _ => None,
            },
            _ => None,
        }
    }

    fn run_sql(&mut self, text: &str) -> Result<(), Stop> {
        let node = match parse(text, self.current) {
            Ok(Some(node)) => node,
            Ok(None) => return Ok(()),
            Err(_) => return Err(Stop::NotFollowed),
        };
        if matches!(node, NodeEnum::TransactionStmt(_) | NodeEnum::VariableSetStmt(_)) {
            return Err(Stop::NotFollowed);
        }
        self.dispatch(&node, text).map_err(|mut error| {
            // The parser's offsets are those of the inner text: the place is the block.
            for label in &mut error.labels {
                if label.span.source == self.current.source && self.current.encloses(label.span) {
                    label.span = self.current;
                }
            }
            Stop::Failed(error)
        })
    }
}

/// Whether a handler is for an error.
fn catches(handler: &Value, code: Code) -> bool {
    let conditions = handler.get("conditions").and_then(Value::as_array);
    conditions.into_iter().flatten().any(|condition| {
        let name = condition.pointer("/PLpgSQL_condition/condname").and_then(Value::as_str);
        match name.unwrap_or_default() {
            "others" | "OTHERS" => is_state(code),
            name if name.starts_with("duplicate_") || name == "invalid_table_definition" => {
                code == Code::DuplicateObject
            }
            name if name.starts_with("undefined_") => matches!(
                code,
                Code::UnknownRelation
                    | Code::UnknownType
                    | Code::UnknownColumn
                    | Code::UnknownFunction
                    | Code::UnknownObject
            ),
            _ => false,
        }
    })
}

/// Whether an error is one that the server would report too, and not a limit of this reader.
fn is_state(code: Code) -> bool {
    matches!(
        code,
        Code::DuplicateObject
            | Code::UnknownRelation
            | Code::UnknownType
            | Code::UnknownColumn
            | Code::UnknownFunction
            | Code::UnknownSchema
            | Code::UnknownObject
            | Code::DependentObjects
    )
}

fn is_constant(node: &NodeEnum) -> bool {
    super::calls::effects(node).is_some_and(|effects| effects.calls.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::catalog::{ObjectId, QualifiedName};
    use crate::dialect::postgres::read::NEWEST;
    use crate::dialect::postgres::read::testing::{assert_same, errors, read};

    const MOOD: &str = "CREATE TYPE mood AS ENUM ('ok');";

    #[test]
    fn a_duplicate_that_is_caught_is_left_as_it_was() {
        let block = "DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;";
        assert_same(block, MOOD);
        assert_same(&[MOOD, block].concat(), MOOD);
    }

    #[test]
    fn a_question_to_the_catalog_is_answered() {
        let block = "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN
                     CREATE TYPE mood AS ENUM ('ok'); END IF; END $$;";
        assert_same(block, MOOD);
        assert_same(&[MOOD, block].concat(), MOOD);
    }

    #[test]
    fn what_cannot_be_decided_is_refused() {
        let block = "DO $$ BEGIN IF random() > 0.5 THEN CREATE TABLE t (a int); END IF; END $$;";
        assert_eq!(errors(block).len(), 1);
        let loops = "DO $$ BEGIN FOR i IN 1..3 LOOP EXECUTE format('CREATE TABLE t%s ()', i); END LOOP; END $$;";
        assert_eq!(errors(loops).len(), 1);
    }

    #[test]
    fn an_error_inside_undoes_the_block() {
        let block = "DO $$ BEGIN CREATE TABLE t (a int); CREATE INDEX ON missing (a); END $$;";
        assert_eq!(errors(block).len(), 1);
        let catalog = read(block, NEWEST).value.catalog;
        assert!(!catalog.contains(&ObjectId::Relation(QualifiedName::new("public", "t"))));
    }
}
