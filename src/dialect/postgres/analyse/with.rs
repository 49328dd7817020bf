//! WITH: common table expressions, recursive ones too, with SEARCH and CYCLE.
//!
//! Knows which of them can be seen where (`parse_cte.c`) and which columns they show.

use super::expression::fixed_name;
use super::fragment::Writer;
use super::literal::{missing, required};
use super::range::{ColumnName, CommonTable, Level, RangeColumn, Sees};
use super::resolve::write_column_name;
use super::select::Names;
use super::{Analyser, Refusal};
use crate::catalog::{DataType, Ident, Template};
use crate::dialect::postgres::read::ast::{self, CteMaterialize, NodeEnum, SetOperation};

impl Analyser<'_> {
    /// WITH; its tables become visible on `level`.
    pub(super) fn write_with(
        &self,
        writer: &mut Writer,
        clause: Option<&ast::WithClause>,
        level: &mut Level,
    ) -> Result<(), Refusal> {
        let Some(clause) = clause else { return Ok(()) };
        let mut tables = Vec::with_capacity(clause.ctes.len());
        for node in &clause.ctes {
            match node.node.as_ref() {
                Some(NodeEnum::CommonTableExpr(table)) => tables.push((&**table, None)),
                _ => return Err(missing(clause.location)),
            }
        }
        if clause.recursive {
            self.read_recursive_tables(&mut tables, level)?;
        } else {
            for (table, text) in &mut tables {
                let selected = self.common_table(table, level)?;
                level.common.push(selected.1);
                *text = Some(selected.0);
            }
        }
        writer.text(if clause.recursive { "WITH RECURSIVE " } else { "WITH " });
        for (index, text) in tables.into_iter().filter_map(|(_, text)| text).enumerate() {
            if index > 0 {
                writer.text(", ");
            }
            writer.template(&text);
        }
        writer.text(" ");
        Ok(())
    }

    /// WITH RECURSIVE: a table may use itself and those that stand after it.
    fn read_recursive_tables(
        &self,
        tables: &mut [(&ast::CommonTableExpr, Option<Template>)],
        level: &mut Level,
    ) -> Result<(), Refusal> {
        loop {
            let mut refusal = None;
            let mut progress = false;
            for (table, text) in tables.iter_mut().filter(|(_, text)| text.is_none()) {
                let before = level.common.len();
                match self.recursive_table(table, level) {
                    Ok((template, common)) => {
                        level.common.truncate(before);
                        level.common.push(common);
                        *text = Some(template);
                        progress = true;
                    }
                    Err(found) => {
                        level.common.truncate(before);
                        refusal.get_or_insert(found);
                    }
                }
            }
            match refusal {
                None => return Ok(()),
                Some(refusal) if !progress => return Err(refusal),
                Some(_) => {}
            }
        }
    }

    /// A table of WITH RECURSIVE: its columns are those of the part before UNION, which does not use it.
    fn recursive_table(
        &self,
        table: &ast::CommonTableExpr,
        level: &mut Level,
    ) -> Result<(Template, CommonTable), Refusal> {
        let query = required(table.ctequery.as_deref(), table.location)?;
        if let Some(NodeEnum::SelectStmt(statement)) = query.node.as_ref()
            && statement.op == SetOperation::SetopUnion as i32
            && let Some(first) = statement.larg.as_deref()
        {
            let first = {
                let mut inner = level.inner(Sees::Everything);
                self.write_with(&mut Writer::default(), statement.with_clause.as_ref(), &mut inner)?;
                self.select_statement(first, &inner, Sees::Everything, Names::Shown)
            };
            // Where even the first part uses it, the table is not recursive, or is refused below.
            if let Ok(first) = first {
                let columns = aliased(first.columns, &ast::strings(&table.aliascolnames));
                level.common.push(CommonTable {
                    name: Ident::from(table.ctename.as_str()),
                    columns,
                });
            }
        }
        self.common_table(table, level)
    }

    fn common_table(&self, table: &ast::CommonTableExpr, level: &Level) -> Result<(Template, CommonTable), Refusal> {
        let query = required(table.ctequery.as_deref(), table.location)?;
        let selected = self.select(query, level, Sees::Everything, Names::Shown)?;
        let names = ast::strings(&table.aliascolnames);
        let mut writer = Writer::default();
        let mut columns = aliased(selected.columns, &names);
        writer.name(&table.ctename);
        write_column_list(&mut writer, &columns, names.len());
        writer.text(" AS ");
        match CteMaterialize::try_from(table.ctematerialized).unwrap_or(CteMaterialize::Default) {
            CteMaterialize::Always => writer.text("MATERIALIZED "),
            CteMaterialize::Never => writer.text("NOT MATERIALIZED "),
            CteMaterialize::Default | CteMaterialize::CtematerializeUndefined => &mut writer,
        };
        writer.text("(").template(&selected.template).text(")");
        self.write_search_and_cycle(&mut writer, table, &mut columns, level)?;
        Ok((
            writer.finish(),
            CommonTable {
                name: Ident::from(table.ctename.as_str()),
                columns,
            },
        ))
    }

    /// SEARCH and CYCLE, which add columns.
    fn write_search_and_cycle(
        &self,
        writer: &mut Writer,
        table: &ast::CommonTableExpr,
        columns: &mut Vec<RangeColumn>,
        level: &Level,
    ) -> Result<(), Refusal> {
        let mut add = |name: &str, data_type: Option<DataType>| {
            columns.push(RangeColumn {
                name: fixed_name(name),
                data_type,
            });
        };
        if let Some(search) = &table.search_clause {
            let breadth = search.search_breadth_first;
            writer.text(if breadth {
                " SEARCH BREADTH FIRST BY "
            } else {
                " SEARCH DEPTH FIRST BY "
            });
            writer
                .names(ast::strings(&search.search_col_list))
                .text(" SET ")
                .name(&search.search_seq_column);
            add(&search.search_seq_column, None);
        }
        if let Some(cycle) = &table.cycle_clause {
            writer
                .text(" CYCLE ")
                .names(ast::strings(&cycle.cycle_col_list))
                .text(" SET ");
            writer.name(&cycle.cycle_mark_column);
            if let (Some(value), Some(default)) = (&cycle.cycle_mark_value, &cycle.cycle_mark_default) {
                let value = self.expr(value, level)?;
                let default = self.expr(default, level)?;
                writer
                    .text(" TO ")
                    .fragment(&value)
                    .text(" DEFAULT ")
                    .fragment(&default);
            }
            writer.text(" USING ").name(&cycle.cycle_path_column);
            add(&cycle.cycle_mark_column, None);
            add(&cycle.cycle_path_column, None);
        }
        Ok(())
    }
}

/// Columns with the first of them under other names. A name that a column has already hands the column's own on.
pub(super) fn aliased(mut columns: Vec<RangeColumn>, names: &[&str]) -> Vec<RangeColumn> {
    for (column, name) in columns
        .iter_mut()
        .zip(names)
        .filter(|(column, name)| !column.name.is(name))
    {
        column.name = ColumnName::Fixed(Ident::from(*name));
    }
    columns
}

/// `(a, b)`: the first `count` columns as an alias list; nothing when there are none.
pub(super) fn write_column_list(writer: &mut Writer, columns: &[RangeColumn], count: usize) {
    for (index, column) in columns.iter().take(count).enumerate() {
        writer.text(if index == 0 { "(" } else { ", " });
        write_column_name(writer, column);
    }
    if count > 0 && !columns.is_empty() {
        writer.text(")");
    }
}
