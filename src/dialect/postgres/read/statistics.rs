//! Extended statistics (`statscmds.c`).
//!
//! Knows the name that a statistics object gets by itself and the order of its columns (`pg_get_statisticsobjdef`).

use super::ast::{AlterStatsStmt, CreateStatsStmt, NodeEnum};
use super::definition::text_clause;
use super::identify::{definition_in_schema, schema_definition};
use super::naming::join_names;
use super::table::retargeted;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::ClauseName;
use crate::catalog::{DefinitionKind, Form, Ident, Object, ObjectId, Piece, QualifiedName, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;

/// All kinds of statistics; written together they say nothing.
const KINDS: [&str; 3] = ["ndistinct", "dependencies", "mcv"];

impl Interpreter {
    pub(super) fn create_statistics(&mut self, statement: &CreateStatsStmt) -> Applied {
        let range = match statement.relations.as_slice() {
            [node] => match node.node.as_ref() {
                Some(NodeEnum::RangeVar(range)) => range,
                _ => return Err(self.refuse(-1, "statistics on this")),
            },
            _ => {
                return Err(self.error(
                    Code::InvalidDefinition,
                    -1,
                    "only a single relation is allowed in CREATE STATISTICS",
                ));
            }
        };
        let relation = self.relation(range)?;
        let id = ObjectId::Relation(relation.clone());
        let mut columns: Vec<ObjectId> = Vec::new();
        let mut expressions: Vec<Template> = Vec::new();
        let mut names: Vec<Ident> = Vec::new();
        for node in &statement.exprs {
            let Some(NodeEnum::StatsElem(element)) = node.node.as_ref() else {
                continue;
            };
            if !element.name.is_empty() {
                columns.push(self.column(&relation, &element.name, range.location)?);
                names.push(Ident::from(element.name.as_str()));
                continue;
            }
            let Some(expression) = element.expr.as_deref() else {
                continue;
            };
            if let Some(column) = plain_column(expression) {
                columns.push(self.column(&relation, column, range.location)?);
                names.push(Ident::from(column));
                continue;
            }
            expressions.push(self.expression(expression, &Scope::relation(id.clone()))?);
            names.push(Ident::from("expr"));
        }
        columns.sort_by_key(|column| self.catalog.position(column));
        let name = self.statistics_name(statement, &relation, &names)?;
        let body = statistics_body(&self.statistics_kinds(statement)?, &columns, &expressions, &relation);
        let existing = if statement.if_not_exists {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        let id = schema_definition(DefinitionKind::Statistics, &name);
        self.create_definition(id, body, Vec::new(), existing)
    }

    pub(super) fn alter_statistics(&mut self, statement: &AlterStatsStmt) -> Applied {
        let id = match self.existing_in_schema(DefinitionKind::Statistics, &statement.defnames) {
            Ok(id) => id,
            Err(_) if statement.missing_ok => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut clauses = self.clauses_of(&id)?;
        clauses.retain(|clause| clause.name != ClauseName::StatisticsTarget);
        let target = statement.stxstattarget.as_deref().and_then(|node| node.node.as_ref());
        if let Some(NodeEnum::Integer(target)) = target
            && target.ival >= 0
        {
            clauses.push(text_clause(ClauseName::StatisticsTarget, &target.ival.to_string()));
        }
        self.set_clauses(id, clauses);
        Ok(())
    }

    /// The name written, or `table_columns_stat` made free (`ChooseExtendedStatisticName`).
    fn statistics_name(
        &self,
        statement: &CreateStatsStmt,
        relation: &QualifiedName,
        columns: &[Ident],
    ) -> Applied<QualifiedName> {
        if !statement.defnames.is_empty() {
            return self.new_name_of(&statement.defnames, -1);
        }
        Ok(self.free_statistics_name(relation, columns))
    }

    fn free_statistics_name(&self, relation: &QualifiedName, columns: &[Ident]) -> QualifiedName {
        let addition = join_names(columns);
        let mut number = 0;
        loop {
            let label = match number {
                0 => "stat".to_owned(),
                number => ["stat", &number.to_string()].concat(),
            };
            let name = super::naming::make_object_name(relation.name.as_str(), Some(&addition), &label);
            let name = relation.with_name(Ident::from(name.as_str()));
            let id = definition_in_schema(DefinitionKind::Statistics, &name);
            if !self.catalog.contains(&id) {
                return name;
            }
            number += 1;
        }
    }

    /// The extended statistics of a table, as they came.
    pub(super) fn statistics_of(&self, table: &ObjectId) -> Vec<ObjectId> {
        let mut found = self.catalog.dependents_of(table);
        found.retain(|id| matches!(id, ObjectId::Definition(id) if id.kind == DefinitionKind::Statistics));
        found
    }

    /// The same statistics of another table, under a name of their own and without a target
    /// (`generateClonedExtStatsStmt`).
    pub(super) fn copy_statistics(
        &mut self,
        from: &ObjectId,
        source: &QualifiedName,
        table: &QualifiedName,
    ) -> Applied<ObjectId> {
        let Some(Object::Definition(definition)) = self.catalog.get(from).map(|entry| &entry.object) else {
            return Err(self.refuse(-1, "the statistics of this table"));
        };
        let body = retargeted(&definition.body, source, table);
        let name = self.free_statistics_name(table, &element_names(&body));
        let id = schema_definition(DefinitionKind::Statistics, &name);
        self.create_definition(id.clone(), body, Vec::new(), Existing::Refuse)?;
        Ok(ObjectId::Definition(std::sync::Arc::new(id)))
    }

    fn statistics_kinds(&self, statement: &CreateStatsStmt) -> Applied<Vec<&'static str>> {
        let written = ast::strings(&statement.stat_types);
        for kind in &written {
            if !KINDS.contains(kind) {
                return Err(self.error(
                    Code::InvalidDefinition,
                    -1,
                    format!("unrecognized statistics kind \"{kind}\""),
                ));
            }
        }
        Ok(KINDS.into_iter().filter(|kind| written.contains(kind)).collect())
    }
}

fn statistics_body(
    kinds: &[&'static str],
    columns: &[ObjectId],
    expressions: &[Template],
    relation: &QualifiedName,
) -> Template {
    let mut builder = TemplateBuilder::default();
    if !kinds.is_empty() && kinds.len() < KINDS.len() {
        builder.push_str(&["(", &kinds.join(", "), ") "].concat());
    }
    builder.push_str("ON ");
    let mut first = true;
    for column in columns {
        if !std::mem::take(&mut first) {
            builder.push_str(", ");
        }
        builder.push_reference(column.clone(), Form::Bare);
    }
    for expression in expressions {
        if !std::mem::take(&mut first) {
            builder.push_str(", ");
        }
        builder.push_str("(");
        builder.push_template(expression);
        builder.push_str(")");
    }
    builder.push_str(" FROM ");
    builder.push_reference(ObjectId::Relation(relation.clone()), Form::Qualified);
    builder.finish()
}

/// What the elements of a statistics object add to its name: a column its own, an expression `expr`. Expressions stand
/// in parentheses of their own, columns outside of any (see [`statistics_body`]).
fn element_names(body: &Template) -> Vec<Ident> {
    let (mut names, mut depth, mut quote, mut is_element) = (Vec::new(), 0_usize, None, false);
    for piece in body.pieces() {
        match piece {
            Piece::Reference(ObjectId::Column(_, column), _) if depth == 0 => names.push(column.clone()),
            Piece::Reference(..) | Piece::Output(..) => {}
            Piece::Text(text) => {
                // The kinds come before, in parentheses too.
                let elements = match text.find("ON ") {
                    Some(place) if !is_element => {
                        is_element = true;
                        text.get(place..).unwrap_or_default()
                    }
                    Some(_) | None => text,
                };
                for character in elements.chars() {
                    match (quote, character) {
                        (Some(open), _) if open == character => quote = None,
                        (Some(_), _) => {}
                        (None, '\'' | '"') => quote = Some(character),
                        (None, '(') => {
                            if depth == 0 {
                                names.push(Ident::from("expr"));
                            }
                            depth += 1;
                        }
                        (None, ')') => depth = depth.saturating_sub(1),
                        (None, _) => {}
                    }
                }
            }
        }
    }
    names
}

/// The name of a column that an expression consists of.
fn plain_column(expression: &ast::Node) -> Option<&str> {
    match expression.node.as_ref()? {
        NodeEnum::ColumnRef(column) => match column.fields.as_slice() {
            [name] => ast::string(name),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn like_copies_statistics_under_names_of_their_own() {
        let made = "CREATE TABLE a (x int, y text, z int);
             CREATE STATISTICS s (mcv) ON z, x FROM a;
             CREATE STATISTICS ON (x + 1), (y || 'ON ('), z FROM a;
             ALTER STATISTICS s SET STATISTICS 10;
             COMMENT ON STATISTICS s IS 'of a';";
        assert_same(
            &[made, "CREATE TABLE b (LIKE a INCLUDING STATISTICS INCLUDING COMMENTS);"].concat(),
            &[
                made,
                "CREATE TABLE b (x int, y text, z int);
                 CREATE STATISTICS b_x_z_stat (mcv) ON x, z FROM b;
                 CREATE STATISTICS b_z_expr_expr_stat ON (x + 1), (y || 'ON ('), z FROM b;
                 COMMENT ON STATISTICS b_x_z_stat IS 'of a';",
            ]
            .concat(),
        );
    }
}
