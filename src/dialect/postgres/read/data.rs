//! Statements about rows, transactions and maintenance: what they mean for a schema, which is mostly nothing.
//!
//! Knows which calls can change a schema. Nothing is executed: a call whose effect the text does not show is an error.

use super::ast::{ClusterStmt, DiscardMode, DiscardStmt, NodeEnum, SelectStmt, TransactionStmt, TransactionStmtKind};
use super::calls::{Effects, effects};
use super::{Applied, Interpreter, Unmodelled, ast};
use crate::catalog::{Ident, ObjectId, QualifiedName};
use crate::diagnostic::{Code, Diagnostic};

/// PostgreSQL's own functions that run text or change what later statements mean.
const OPAQUE: &[&str] = &[
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "cursor_to_xml",
    "ts_stat",
    "ts_rewrite",
    "set_config",
];

/// Well-known extensions whose functions compute values from their arguments, and run no text.
const OF_VALUES: &[&str] = &[
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "earthdistance",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "isn",
    "ltree",
    "pg_trgm",
    "pgcrypto",
    "seg",
    "unaccent",
    "uuid-ossp",
    "vector",
];

impl Interpreter {
    /// INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY: one note per file says how many.
    pub(super) fn skip_data(&mut self) {
        let source = self.current.source;
        let count = {
            let count = self.skipped_rows.entry(source).or_insert(0);
            *count += 1;
            *count
        };
        let message = match count {
            1 => "1 statement about rows was skipped".to_owned(),
            count => format!("{count} statements about rows were skipped"),
        };
        let known = self.diagnostics.iter_mut().find(|diagnostic| {
            diagnostic.code == Code::DataSkipped && diagnostic.span().is_some_and(|span| span.source == source)
        });
        match known {
            Some(note) => note.message = message,
            None => self
                .diagnostics
                .push(Diagnostic::note(Code::DataSkipped, message).label(self.current, "the first stands here")),
        }
    }

    /// INSERT and its kin, which may call functions too.
    pub(super) fn write_rows(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match effects(node) {
            Some(effects) if self.all_harmless(&effects) => {
                self.skip_data();
                Ok(())
            }
            _ => self.not_understood(text, "a statement about rows calls a function"),
        }
    }

    /// SELECT as a statement.
    pub(super) fn select(&mut self, node: &NodeEnum, select: &SelectStmt, text: &str) -> Applied {
        if select.into_clause.is_some() {
            let mut error = self.error(Code::UnsupportedStatement, -1, "SELECT INTO is not supported");
            error.hint = Some("Write CREATE TABLE with its columns, and fill it apart from the schema.".into());
            return Err(error);
        }
        if let Some(call) = only_call(select) {
            match called(call) {
                Some("set_config") => return self.set_config(&call.args, call.location),
                Some("setval") => {
                    self.skip_data();
                    return Ok(());
                }
                _ => {}
            }
        }
        match effects(node) {
            Some(effects) if self.all_harmless(&effects) => {
                if effects.writes {
                    self.skip_data();
                }
                Ok(())
            }
            _ => self.not_understood(text, "a function is called"),
        }
    }

    /// CALL, EXPLAIN and DECLARE: what they run is looked at as if it ran.
    pub(super) fn call(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match effects(node) {
            Some(effects) if self.all_harmless(&effects) => {
                if effects.writes || matches!(node, NodeEnum::CallStmt(_)) {
                    self.skip_data();
                }
                Ok(())
            }
            _ => self.not_understood(text, "a routine or statement is run"),
        }
    }

    /// A statement whose effect its text does not show: refused, or carried as text.
    pub(super) fn not_understood(&mut self, text: &str, what: &str) -> Applied {
        match self.options.unmodelled {
            Unmodelled::Carry => {
                self.carried.push((text.to_owned(), self.current));
                Ok(())
            }
            Unmodelled::Refuse => {
                let mut error = self.error(
                    Code::EffectNotUnderstood,
                    -1,
                    format!("{what}, and what that does to the schema is not known"),
                );
                error.hint = Some(
                    "Write the statements that it would run, or use --carry-unmodelled to have it compared as text."
                        .into(),
                );
                Err(error)
            }
        }
    }

    /// Whether nothing that a statement does can change the schema.
    pub(super) fn all_harmless(&self, effects: &Effects) -> bool {
        !effects.makes
            && effects.calls.iter().all(|name| {
                let own = self.own_routines(name);
                if own.is_empty() {
                    self.is_harmless_known_call(name)
                } else {
                    own.iter().all(|id| self.is_harmless_routine(id))
                }
            })
    }

    /// Whether a call is of a function that the tables know to run no text.
    pub(super) fn is_harmless_known_call(&self, name: &[String]) -> bool {
        self.is_harmless_system_call(name) || self.is_harmless_extension_call(name)
    }

    /// Whether a call is of a function of PostgreSQL's own that runs no text.
    fn is_harmless_system_call(&self, name: &[String]) -> bool {
        let function = match name {
            [function] => function,
            [schema, function] if schema == crate::catalog::name::SYSTEM_SCHEMA => function,
            _ => return false,
        };
        !OPAQUE.contains(&function.as_str())
            && crate::dialect::postgres::analyse::is_system_function(self.version(), function)
    }

    /// Whether a call is of a function of an installed extension that computes a value.
    fn is_harmless_extension_call(&self, name: &[String]) -> bool {
        let is_installed = |extension: &str| self.catalog.contains(&ObjectId::Extension(Ident::from(extension)));
        name.last().is_some_and(|function| {
            crate::dialect::postgres::analyse::function_extensions(function)
                .any(|extension| OF_VALUES.contains(&extension) && is_installed(extension))
        })
    }

    /// The schema's own routines that a name can mean.
    pub(super) fn own_routines(&self, name: &[String]) -> Vec<ObjectId> {
        let (schema, function) = match name {
            [function] => (None, function),
            [schema, function] => (Some(schema), function),
            _ => return Vec::new(),
        };
        let schemas: Vec<Ident> = match schema {
            None => self.settings.search_path.clone(),
            Some(schema) => vec![Ident::from(schema.as_str())],
        };
        let names = schemas
            .into_iter()
            .map(|schema| QualifiedName::new(schema, function.as_str()));
        let found = names.flat_map(|name| self.catalog.overloads(&name).cloned().collect::<Vec<_>>());
        let mut found: Vec<ObjectId> = found.filter(|id| matches!(id, ObjectId::Routine(..))).collect();
        found.sort_by_key(|id| self.catalog.position(id));
        found.dedup();
        found
    }

    pub(super) fn transaction(&mut self, statement: &TransactionStmt) -> Applied {
        match statement.kind() {
            TransactionStmtKind::TransStmtBegin
            | TransactionStmtKind::TransStmtStart
            | TransactionStmtKind::TransStmtSavepoint
            | TransactionStmtKind::TransStmtRelease => Ok(()),
            TransactionStmtKind::TransStmtCommit => {
                self.settings.commit();
                Ok(())
            }
            TransactionStmtKind::TransStmtRollback
            | TransactionStmtKind::TransStmtRollbackTo
            | TransactionStmtKind::TransStmtPrepare
            | TransactionStmtKind::TransStmtCommitPrepared
            | TransactionStmtKind::TransStmtRollbackPrepared
            | TransactionStmtKind::Undefined => Err(self.refuse(-1, "ROLLBACK, and a transaction that is prepared,")),
        }
    }

    /// CLUSTER, whose index is remembered for the next time.
    pub(super) fn cluster(&mut self, statement: &ClusterStmt) -> Applied {
        let Some(range) = statement.relation.as_ref() else {
            return Ok(());
        };
        let table = self.relation(range)?;
        if statement.indexname.is_empty() {
            return Ok(());
        }
        let name = table.with_name(Ident::from(statement.indexname.as_str()));
        let index = match self.hidden_relation(&name) {
            Some(owner) => owner,
            None => ObjectId::Relation(name),
        };
        let is_of_table = self.catalog.whole(&index) == Some(ObjectId::Relation(table.clone()));
        if !is_of_table {
            return Err(self.error(
                Code::UnknownRelation,
                range.location,
                format!(
                    "index \"{}\" for table \"{}\" does not exist",
                    statement.indexname, table.name
                ),
            ));
        }
        let table = ObjectId::Relation(table);
        self.refuse_cluster_of_view(&table, range.location)?;
        self.change_table(&table, |table| table.cluster_on = Some(index));
        Ok(())
    }

    /// Only tables remember here which index CLUSTER goes by.
    pub(super) fn refuse_cluster_of_view(&self, relation: &ObjectId, location: i32) -> Applied {
        match self.table(relation) {
            Some(_) => Ok(()),
            None => Err(self.refuse(location, "CLUSTER of a materialized view by an index")),
        }
    }

    pub(super) fn discard(&mut self, statement: &DiscardStmt) {
        if statement.target() == DiscardMode::DiscardAll {
            self.settings = super::Settings::default();
        }
    }
}

/// The call that a SELECT consists of, when it is nothing else.
fn only_call(select: &SelectStmt) -> Option<&ast::FuncCall> {
    if !select.from_clause.is_empty() || select.where_clause.is_some() {
        return None;
    }
    let [target] = select.target_list.as_slice() else {
        return None;
    };
    match target.node.as_ref() {
        Some(NodeEnum::ResTarget(target)) => match target.val.as_deref().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::FuncCall(call)) => Some(call),
            _ => None,
        },
        _ => None,
    }
}

/// The name of a called function of PostgreSQL's own.
fn called(call: &ast::FuncCall) -> Option<&str> {
    match ast::strings(&call.funcname).as_slice() {
        [name] => Some(*name),
        [schema, name] if *schema == crate::catalog::name::SYSTEM_SCHEMA => Some(*name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::errors;

    #[test]
    fn rows_are_counted_once_for_a_file() {
        assert_eq!(
            errors("CREATE TABLE t (a int); INSERT INTO t VALUES (1); UPDATE t SET a = 2; TRUNCATE t;"),
            ["3 statements about rows were skipped"]
        );
    }

    #[test]
    fn clustering_of_a_materialized_view_is_not_passed_over() {
        let view = "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON v (a);";
        assert_eq!(errors(&[view, "ALTER TABLE v CLUSTER ON i;"].concat()).len(), 1);
        assert_eq!(errors(&[view, "CLUSTER v USING i;"].concat()).len(), 1);
    }

    #[test]
    fn a_call_that_may_do_anything_is_an_error() {
        assert_eq!(errors("SELECT create_hypertable('t', 'at');").len(), 1);
        assert!(errors("SELECT count(*) FROM pg_class WHERE relname LIKE lower('T%');").is_empty());
        let temporary = "CREATE TEMP TABLE p AS SELECT text2ltree('a.b') AS path;";
        assert_eq!(errors(temporary).len(), 1);
        assert_eq!(
            errors(&["CREATE EXTENSION ltree;", temporary, "DROP TABLE p;"].concat()),
            ["a temporary relation was skipped"]
        );
        assert_eq!(
            errors("CREATE EXTENSION dblink; SELECT dblink_exec('', 'DROP TABLE t');").len(),
            1
        );
        let function = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (a int); END';";
        assert_eq!(errors(&[function, "SELECT f();"].concat()).len(), 1);
    }
}
