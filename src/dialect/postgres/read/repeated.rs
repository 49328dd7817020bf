//! Options that stand twice in one list.
//!
//! The server says "conflicting or redundant options" (`errorConflictingDefElem`), "parameter specified more than once"
//! (`reloptions.c`) or "option provided more than once" (`foreigncmds.c`); where it takes the last one (aggregates,
//! operators), the text would say one thing and mean another.

use super::ast::{self, Node, NodeEnum};
use super::schema::definition_elements;
use super::{Applied, Interpreter};
use crate::diagnostic::Code;
use std::collections::BTreeSet;

impl Interpreter {
    /// Refuses an option that a list of the statement has said already.
    pub(super) fn refuse_repeated_options(&self, statement: &NodeEnum) -> Applied {
        for list in lists(statement) {
            let mut known = BTreeSet::new();
            for element in definition_elements(list) {
                // A routine has as many settings as it likes; the last one of a name holds.
                if element.defname != "set" && !known.insert((&element.defnamespace, &element.defname)) {
                    return Err(self.error(
                        Code::InvalidDefinition,
                        element.location,
                        format!("option \"{}\" stands here twice", element.defname),
                    ));
                }
            }
        }
        Ok(())
    }
}

/// The lists of options of a statement.
fn lists(statement: &NodeEnum) -> Vec<&[Node]> {
    match statement {
        NodeEnum::CreateExtensionStmt(statement) => vec![&statement.options],
        NodeEnum::CreateFunctionStmt(statement) => vec![&statement.options],
        NodeEnum::AlterFunctionStmt(statement) => vec![&statement.actions],
        NodeEnum::CreateSeqStmt(statement) => vec![&statement.options],
        NodeEnum::AlterSeqStmt(statement) => vec![&statement.options],
        NodeEnum::CreateRangeStmt(statement) => vec![&statement.params],
        NodeEnum::DefineStmt(statement) => vec![&statement.definition],
        NodeEnum::CreatePublicationStmt(statement) => vec![&statement.options],
        NodeEnum::AlterPublicationStmt(statement) => vec![&statement.options],
        NodeEnum::CreateSubscriptionStmt(statement) => vec![&statement.options],
        NodeEnum::AlterSubscriptionStmt(statement) => vec![&statement.options],
        NodeEnum::CreateFdwStmt(statement) => vec![&statement.func_options, &statement.options],
        NodeEnum::CreateForeignServerStmt(statement) => vec![&statement.options],
        NodeEnum::CreateUserMappingStmt(statement) => vec![&statement.options],
        NodeEnum::CreateForeignTableStmt(statement) => vec![&statement.options],
        NodeEnum::IndexStmt(statement) => vec![&statement.options],
        NodeEnum::ViewStmt(statement) => vec![&statement.options],
        NodeEnum::CreateStmt(statement) => {
            let elements = statement.table_elts.iter();
            let constraints = elements.flat_map(|element| match element.node.as_ref() {
                Some(NodeEnum::ColumnDef(column)) => column.constraints.iter().filter_map(constraint).collect(),
                _ => constraint(element).into_iter().collect::<Vec<_>>(),
            });
            std::iter::once(statement.options.as_slice())
                .chain(constraints.map(|constraint| constraint.options.as_slice()))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn constraint(node: &Node) -> Option<&ast::Constraint> {
    match node.node.as_ref() {
        Some(NodeEnum::Constraint(constraint)) => Some(constraint),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::errors;

    #[test]
    fn an_option_stands_once() {
        for text in [
            "CREATE SEQUENCE s CACHE 2 CACHE 3;",
            "CREATE TABLE t (a int) WITH (fillfactor = 50, fillfactor = 60);",
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (CACHE 2 CACHE 3));",
            "CREATE TYPE r AS RANGE (SUBTYPE = int, SUBTYPE = text);",
        ] {
            let found = errors(text);
            assert!(found.iter().any(|error| error.contains("twice")), "{text}: {found:?}");
        }
        let settings = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET work_mem = '1MB' SET jit = off AS 'SELECT 1';";
        assert_eq!(errors(settings), Vec::<String>::new());
    }
}
