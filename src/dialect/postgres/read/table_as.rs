//! CREATE TABLE AS, and relations that are gone with their session.
//!
//! Knows that CREATE TABLE AS makes the table that CREATE TABLE makes of the query's columns (`create_ctas_nodata`); rows are
//! no part of a schema. A column whose type or collation the query does not tell is refused.

use super::ast::{self, AConst, ColumnDef, CreateStmt, CreateTableAsStmt, Integer, Node, NodeEnum, RangeVar, TypeName};
use super::{Applied, Interpreter};
use crate::catalog::{DataType, Ident, ObjectId, Piece, Template};
use crate::diagnostic::{Code, Diagnostic};

/// What to write instead of a query that does not tell all of its columns.
const HINT: &str = "Write CREATE TABLE with its columns, and fill it apart from the schema.";

impl Interpreter {
    pub(super) fn create_table_of_query(&mut self, statement: &CreateTableAsStmt) -> Applied {
        let (Some(into), Some(query)) = (statement.into.as_deref(), statement.query.as_deref()) else {
            return Err(self.refuse(-1, "CREATE TABLE AS without a table and a query"));
        };
        if !matches!(query.node, Some(NodeEnum::SelectStmt(_))) {
            return Err(self.refuse(-1, "CREATE TABLE AS of anything but a query"));
        }
        let (template, columns, types) = self.view_query(Some(query), &into.col_names)?;
        if self.has_collation(&template) {
            return Err(self.untold(into.rel.as_ref(), "a query with collations"));
        }
        let mut elements = Vec::with_capacity(columns.len());
        for (name, data_type) in columns.iter().zip(types.0) {
            let Some(type_name) = data_type.as_ref().and_then(type_with_modifiers) else {
                let what = format!("column \"{name}\" of a type that is not known here");
                return Err(self.untold(into.rel.as_ref(), &what));
            };
            elements.push(Node {
                node: Some(NodeEnum::ColumnDef(Box::new(ColumnDef {
                    colname: name.as_str().to_owned(),
                    type_name: Some(type_name),
                    is_local: true,
                    location: -1,
                    ..ColumnDef::default()
                }))),
            });
        }
        self.create_table(&CreateStmt {
            relation: into.rel.clone(),
            table_elts: elements,
            options: into.options.clone(),
            oncommit: into.on_commit,
            tablespacename: into.table_space_name.clone(),
            access_method: into.access_method.clone(),
            if_not_exists: statement.if_not_exists,
            ..CreateStmt::default()
        })
    }

    fn untold(&self, range: Option<&RangeVar>, what: &str) -> Box<Diagnostic> {
        let location = range.map_or(-1, |range| range.location);
        let mut error = self.error(
            Code::UnsupportedClause,
            location,
            format!("CREATE TABLE AS with {what} is not supported"),
        );
        error.hint = Some(HINT.into());
        error
    }

    /// Whether a column may get a collation of its own from the query.
    fn has_collation(&self, query: &Template) -> bool {
        let named = query.pieces().iter().any(|piece| match piece {
            Piece::Text(text) => text.contains(" COLLATE "),
            Piece::Reference(..) | Piece::Output(..) => false,
        });
        named
            || query.references().any(|id| match id {
                ObjectId::Column(..) => self.table_column(id).is_some_and(|column| column.collation.is_some()),
                _ => false,
            })
    }

    /// Whether a relation that a statement names is a temporary one, which the server finds before all others.
    pub(super) fn means_temporary(&self, range: Option<&RangeVar>) -> bool {
        range.is_some_and(|range| {
            matches!(range.schemaname.as_str(), "" | "pg_temp")
                && self.temporary.contains(&Ident::from(range.relname.as_str()))
        })
    }

    /// Passes over a relation that is gone with its session; its name may mean nothing else in the text.
    pub(super) fn skip_temporary(&mut self, range: &RangeVar) -> Applied {
        let name = Ident::from(range.relname.as_str());
        let is_taken = self
            .catalog
            .iter()
            .any(|(id, _)| matches!(id, ObjectId::Relation(relation) if relation.name == name));
        if is_taken {
            return Err(self.refuse(range.location, "a temporary relation with the name of another one"));
        }
        self.temporary.insert(name);
        self.diagnostics.push(
            Diagnostic::note(Code::TemporaryRelation, "a temporary relation was skipped")
                .at(self.place(range.location)),
        );
        Ok(())
    }
}

/// Whether a new relation is gone with its session.
pub(super) fn is_temporary(range: &RangeVar) -> bool {
    range.relpersistence == "t" || range.schemaname == "pg_temp"
}

/// A type's name with its modifiers; `None` for modifiers that are no numbers.
fn type_with_modifiers(data_type: &DataType) -> Option<TypeName> {
    let mut name = ast::type_name(data_type);
    for modifier in data_type.modifiers.iter() {
        let ival = modifier.parse().ok()?;
        name.typmods.push(Node {
            node: Some(NodeEnum::AConst(AConst {
                val: Some(ast::a_const::Val::Ival(Integer { ival })),
                ..AConst::default()
            })),
        });
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn a_table_of_a_query_has_its_columns() {
        let table = "CREATE TABLE a (id int PRIMARY KEY, name varchar(20) NOT NULL, at timestamptz);";
        assert_same(
            &[
                table,
                "CREATE TABLE b AS SELECT *, 1.5 AS half, ''::text AS nothing FROM a;",
            ]
            .concat(),
            &[
                table,
                "CREATE TABLE b (id int, name varchar(20), at timestamptz, half numeric, nothing text);",
            ]
            .concat(),
        );
        assert_same(
            &[
                table,
                "CREATE TABLE b (x, y) AS SELECT count(*), max(id) FROM a WITH NO DATA;",
            ]
            .concat(),
            &[table, "CREATE TABLE b (x bigint, y int);"].concat(),
        );
    }

    #[test]
    fn a_column_with_a_collation_is_refused() {
        let text = "CREATE TABLE a (n text COLLATE \"C\"); CREATE TABLE b AS SELECT n FROM a;";
        assert_eq!(
            errors(text),
            ["CREATE TABLE AS with a query with collations is not supported"]
        );
    }

    #[test]
    fn a_temporary_relation_is_no_part_of_the_schema_and_lends_its_name_to_nothing() {
        let said = "a temporary relation was skipped";
        assert_eq!(
            errors("CREATE TEMP TABLE t (a int); INSERT INTO t VALUES (1);")[0],
            said
        );
        assert_eq!(
            errors(
                "CREATE TEMP TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t ADD b int; DROP TABLE t; CREATE TABLE t (c int);"
            ),
            [said]
        );
        assert_eq!(
            errors("CREATE TABLE t (a int); CREATE TEMP TABLE t (a int);"),
            ["a temporary relation with the name of another one is not supported"]
        );
        assert_eq!(
            errors("CREATE TABLE pg_temp.t (a int); CREATE TABLE t (a int);")[1],
            "a relation with the name of a temporary one is not supported"
        );
    }
}
