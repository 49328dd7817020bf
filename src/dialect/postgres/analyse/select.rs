//! Queries: SELECT, VALUES, set operations.
//!
//! Knows the clauses and their order (`get_query_def` in `ruleutils.c`). WITH, FROM, select lists and ORDER BY have
//! files of their own, and so have the statements that change rows.

use super::expression::fixed_name;
use super::fragment::{Fragment, Writer};
use super::literal::missing;
use super::range::{Level, RangeColumn, Sees};
use super::{Analyser, Refusal};
use crate::catalog::{DataType, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{
    self, LimitOption, LockClauseStrength, LockWaitPolicy, NodeEnum, SetOperation,
};

/// The first version whose outermost query of a view does not name its only item before each column. Before, such a
/// query had OLD and NEW among its items as well.
const BARE_NAMES: u16 = 16;

/// Whether output names count where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// A query around refers to them.
    Shown,
    /// They are kept beside the text.
    Hidden,
    /// They are kept beside the text, which has the places where they are written.
    Output,
    /// Nobody refers to them, but the server keeps them and shows those that are not what a value without a name is
    /// called (`colNamesVisible` in `ruleutils.c`).
    Kept,
}

/// What becomes of literals in a select list that nothing gives a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Untyped {
    /// They become `text`.
    Text,
    /// They stay as they are, because the operands of a set operation decide.
    Keep,
    /// They take the types of the columns they are for.
    Of(Vec<Option<DataType>>),
}

/// A query's text and what it shows.
#[derive(Clone, Debug)]
pub(super) struct Selected {
    /// The text.
    pub(super) template: Template,
    /// The output columns.
    pub(super) columns: Vec<RangeColumn>,
    /// Which of the columns are literals that have not found their type.
    pub(super) untyped: Vec<bool>,
}

impl Selected {
    /// A text with columns that all have their types.
    pub(super) fn new(template: Template, columns: Vec<RangeColumn>) -> Self {
        let untyped = vec![false; columns.len()];
        Selected {
            template,
            columns,
            untyped,
        }
    }
}

impl Analyser<'_> {
    /// A query, or a statement with RETURNING in WITH.
    pub(super) fn select(
        &self,
        node: &ast::Node,
        outer: &Level,
        sees: Sees,
        names: Names,
    ) -> Result<Selected, Refusal> {
        match node.node.as_ref() {
            Some(NodeEnum::SelectStmt(statement)) => self.select_statement(statement, outer, sees, names),
            Some(
                NodeEnum::InsertStmt(_) | NodeEnum::UpdateStmt(_) | NodeEnum::DeleteStmt(_) | NodeEnum::MergeStmt(_),
            ) => self.modification(node, outer),
            Some(_) => Err(Refusal::new(
                Code::UnsupportedStatement,
                -1,
                "this statement is not a query",
            )),
            None => Err(missing(-1)),
        }
    }

    /// A SELECT of any form.
    pub(super) fn select_statement(
        &self,
        statement: &ast::SelectStmt,
        outer: &Level,
        sees: Sees,
        names: Names,
    ) -> Result<Selected, Refusal> {
        self.select_as(statement, outer.inner(sees), names, &Untyped::Text)
    }

    /// A SELECT of any form on a level of its own.
    pub(super) fn select_as(
        &self,
        statement: &ast::SelectStmt,
        mut level: Level,
        names: Names,
        untyped: &Untyped,
    ) -> Result<Selected, Refusal> {
        self.enter(&level)?;
        let selected = self.select_parts(statement, &mut level, names, untyped);
        self.leave(&level);
        selected
    }

    fn select_parts(
        &self,
        statement: &ast::SelectStmt,
        level: &mut Level,
        names: Names,
        untyped: &Untyped,
    ) -> Result<Selected, Refusal> {
        let mut writer = Writer::default();
        self.write_with(&mut writer, statement.with_clause.as_ref(), level)?;
        if let Some(into) = &statement.into_clause {
            let location = into.rel.as_ref().map_or(-1, |relation| relation.location);
            return Err(Refusal::new(
                Code::UnsupportedClause,
                location,
                "SELECT INTO is not supported",
            ));
        }
        let operation = SetOperation::try_from(statement.op).unwrap_or(SetOperation::Undefined);
        let mut selected = match operation {
            SetOperation::SetopUnion | SetOperation::SetopIntersect | SetOperation::SetopExcept => {
                let columns = self.write_set_operation(&mut writer, statement, operation, level, names)?;
                Selected::new(Template::default(), columns)
            }
            SetOperation::SetopNone | SetOperation::Undefined if !statement.values_lists.is_empty() => {
                self.write_values(&mut writer, statement, level, untyped)?
            }
            SetOperation::SetopNone | SetOperation::Undefined => {
                self.write_simple(&mut writer, statement, level, names, untyped)?
            }
        };
        self.write_limit(&mut writer, statement, level)?;
        self.write_locking(&mut writer, &statement.locking_clause, level)?;
        selected.template = writer.finish();
        Ok(selected)
    }

    /// UNION, INTERSECT, EXCEPT with their operands and ORDER BY, which goes by positions.
    fn write_set_operation(
        &self,
        writer: &mut Writer,
        statement: &ast::SelectStmt,
        operation: SetOperation,
        level: &Level,
        names: Names,
    ) -> Result<Vec<RangeColumn>, Refusal> {
        let left = statement.larg.as_deref().ok_or_else(|| missing(-1))?;
        let right = statement.rarg.as_deref().ok_or_else(|| missing(-1))?;
        let select =
            |operand, names, untyped: &Untyped| self.select_as(operand, level.inner(Sees::Everything), names, untyped);
        let mut first = select(left, names, &Untyped::Keep)?;
        // A view's names are shown on both sides, unless the first side has no select list to show them in.
        let others = match names {
            Names::Output if first.template.has_outputs() => Names::Output,
            Names::Output | Names::Shown | Names::Hidden | Names::Kept => Names::Kept,
        };
        let mut second = select(right, others, &Untyped::Keep)?;
        let types = self.set_types(&first, &second);
        if first.untyped.contains(&true) {
            first = select(left, names, &Untyped::Of(types.clone()))?;
        }
        if second.untyped.contains(&true) {
            second = select(right, others, &Untyped::Of(types.clone()))?;
        }
        let same = left.op == statement.op && left.all == statement.all;
        write_operand(writer, &first.template, is_simple(left) || (same && has_no_tail(left)));
        writer.text(match operation {
            SetOperation::SetopIntersect => " INTERSECT ",
            SetOperation::SetopExcept => " EXCEPT ",
            SetOperation::SetopUnion | SetOperation::SetopNone | SetOperation::Undefined => " UNION ",
        });
        if statement.all {
            writer.text("ALL ");
        }
        write_operand(writer, &second.template, is_simple(right));
        let columns: Vec<RangeColumn> = first
            .columns
            .into_iter()
            .zip(types)
            .map(|(column, data_type)| RangeColumn {
                name: column.name,
                data_type,
            })
            .collect();
        self.write_order_by_position(writer, &statement.sort_clause, &columns, level)?;
        Ok(columns)
    }

    /// The types of the columns of a set operation.
    fn set_types(&self, first: &Selected, second: &Selected) -> Vec<Option<DataType>> {
        let fragment = |selected: &Selected, index: usize| {
            let mut fragment = Writer::default().closed();
            fragment.data_type = selected.columns.get(index).and_then(|column| column.data_type.clone());
            fragment.untyped = selected.untyped.get(index).copied().unwrap_or(false);
            fragment
        };
        (0..first.columns.len())
            .map(|index| self.common_type(&[fragment(first, index), fragment(second, index)]))
            .collect()
    }

    /// ORDER BY where there is no select list to match expressions with: names become positions.
    fn write_order_by_position(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        columns: &[RangeColumn],
        level: &Level,
    ) -> Result<(), Refusal> {
        if nodes.is_empty() {
            return Ok(());
        }
        let targets: Vec<_> = columns
            .iter()
            .map(|column| super::target::Target {
                value: Writer::default().closed(),
                name: column.name.clone(),
                constant: true,
                is_typed_constant: true,
            })
            .collect();
        writer.text(" ORDER BY ");
        self.write_query_order(writer, nodes, &targets, level)
    }

    fn write_values(
        &self,
        writer: &mut Writer,
        statement: &ast::SelectStmt,
        level: &Level,
        untyped: &Untyped,
    ) -> Result<Selected, Refusal> {
        let mut rows = Vec::with_capacity(statement.values_lists.len());
        for row in &statement.values_lists {
            rows.push(self.row_items(ast::list(row), level)?);
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut columns = Vec::with_capacity(width);
        let mut kept = Vec::with_capacity(width);
        for place in 0..width {
            let mut column: Vec<&mut Fragment> = rows.iter_mut().filter_map(|row| row.get_mut(place)).collect();
            let values: Vec<Fragment> = column.iter().map(|value| (**value).clone()).collect();
            let all_untyped = values.iter().all(|value| value.untyped);
            let common = self.common_type(&values);
            let (wanted, keeps) = match untyped {
                Untyped::Of(types) => (types.get(place).cloned().flatten(), false),
                Untyped::Keep if all_untyped => (None, true),
                Untyped::Text | Untyped::Keep => (common.clone(), false),
            };
            if let Some(wanted) = &wanted {
                for (value, new) in column.iter_mut().zip(values) {
                    **value = match untyped {
                        Untyped::Of(_) => self.assigned(new, wanted),
                        Untyped::Text | Untyped::Keep => self.coerced(new, wanted),
                    };
                }
            }
            kept.push(keeps);
            columns.push(RangeColumn {
                name: fixed_name(&["column", &(place + 1).to_string()].concat()),
                data_type: if keeps { None } else { common },
            });
        }
        writer.text("VALUES ");
        for (index, row) in rows.iter().enumerate() {
            writer
                .text(if index > 0 { ", (" } else { "(" })
                .list(", ", row)
                .text(")");
        }
        self.write_order_by_position(writer, &statement.sort_clause, &columns, level)?;
        Ok(Selected {
            template: Template::default(),
            columns,
            untyped: kept,
        })
    }

    fn write_simple(
        &self,
        writer: &mut Writer,
        statement: &ast::SelectStmt,
        level: &mut Level,
        names: Names,
        untyped: &Untyped,
    ) -> Result<Selected, Refusal> {
        let mut from = Writer::default();
        self.write_from(&mut from, " FROM ", &statement.from_clause, level)?;
        let one_item =
            matches!(statement.from_clause.as_slice(), [only] if !matches!(only.node, Some(NodeEnum::JoinExpr(_))));
        level
            .bare
            .set(level.whole.is_some() && one_item && self.version >= BARE_NAMES);
        let level = &*level;
        let mut targets = self.targets(&statement.target_list, level)?;
        let mut kept = Vec::with_capacity(targets.len());
        for (place, target) in targets.iter_mut().enumerate() {
            let wanted = match untyped {
                Untyped::Text => Some(DataType::system("text")),
                Untyped::Keep => None,
                Untyped::Of(types) => types.get(place).cloned().flatten(),
            };
            if let Some(wanted) = wanted.filter(|_| target.value.untyped) {
                target.value = self.typed_literal(&target.value, &wanted);
            }
            kept.push(target.value.untyped);
        }
        writer.text(if targets.is_empty() { "SELECT" } else { "SELECT " });
        self.write_distinct(writer, &statement.distinct_clause, &targets, level)?;
        self.write_targets(writer, &targets, names);
        writer.template(&from.finish());
        self.write_condition(writer, " WHERE ", statement.where_clause.as_deref(), level)?;
        if !statement.group_clause.is_empty() {
            writer.text(if statement.group_distinct {
                " GROUP BY DISTINCT "
            } else {
                " GROUP BY "
            });
            self.write_group(writer, &statement.group_clause, &targets, level)?;
        }
        self.write_condition(writer, " HAVING ", statement.having_clause.as_deref(), level)?;
        self.write_window_clause(writer, &statement.window_clause, level)?;
        if !statement.sort_clause.is_empty() {
            writer.text(" ORDER BY ");
            self.write_query_order(writer, &statement.sort_clause, &targets, level)?;
        }
        Ok(Selected {
            template: Template::default(),
            columns: targets.iter().map(super::target::Target::column).collect(),
            untyped: kept,
        })
    }

    /// WHERE, HAVING, ON with the words before it.
    pub(super) fn write_condition(
        &self,
        writer: &mut Writer,
        words: &str,
        condition: Option<&ast::Node>,
        level: &Level,
    ) -> Result<(), Refusal> {
        if let Some(condition) = condition {
            let value = self.condition(condition, level)?;
            writer.text(words).fragment(&value);
        }
        Ok(())
    }

    fn write_limit(&self, writer: &mut Writer, statement: &ast::SelectStmt, level: &Level) -> Result<(), Refusal> {
        if let Some(offset) = statement.limit_offset.as_deref() {
            let value = self.expr(offset, level)?;
            writer.text(" OFFSET ").fragment(&value);
        }
        let Some(count) = statement.limit_count.as_deref() else {
            return Ok(());
        };
        // LIMIT ALL is LIMIT NULL is no limit, but the server keeps that it was said (`get_select_query_def`).
        if matches!(&count.node, Some(NodeEnum::AConst(constant)) if constant.isnull) {
            writer.text(" LIMIT ALL");
            return Ok(());
        }
        let value = self.expr(count, level)?;
        if statement.limit_option == LimitOption::WithTies as i32 {
            writer.text(" FETCH FIRST ").enclosed(&value).text(" ROWS WITH TIES");
        } else {
            writer.text(" LIMIT ").fragment(&value);
        }
        Ok(())
    }

    fn write_locking(&self, writer: &mut Writer, nodes: &[ast::Node], level: &Level) -> Result<(), Refusal> {
        for node in nodes {
            let Some(NodeEnum::LockingClause(clause)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(
                match LockClauseStrength::try_from(clause.strength).unwrap_or(LockClauseStrength::Undefined) {
                    LockClauseStrength::LcsForkeyshare => " FOR KEY SHARE",
                    LockClauseStrength::LcsForshare => " FOR SHARE",
                    LockClauseStrength::LcsFornokeyupdate => " FOR NO KEY UPDATE",
                    LockClauseStrength::LcsForupdate => " FOR UPDATE",
                    LockClauseStrength::LcsNone | LockClauseStrength::Undefined => return Err(missing(-1)),
                },
            );
            for (index, locked) in clause.locked_rels.iter().enumerate() {
                let Some(NodeEnum::RangeVar(locked)) = locked.node.as_ref() else {
                    return Err(missing(-1));
                };
                let item = level.item(&locked.relname).ok_or_else(|| {
                    let message = format!("relation \"{}\" in FOR UPDATE not found in FROM clause", locked.relname);
                    Refusal::new(Code::UnknownRelation, locked.location, message)
                })?;
                writer.text(if index == 0 { " OF " } else { ", " });
                super::resolve::write_range_name(writer, item, level);
            }
            match LockWaitPolicy::try_from(clause.wait_policy).unwrap_or(LockWaitPolicy::LockWaitBlock) {
                LockWaitPolicy::LockWaitSkip => writer.text(" SKIP LOCKED"),
                LockWaitPolicy::LockWaitError => writer.text(" NOWAIT"),
                LockWaitPolicy::LockWaitBlock | LockWaitPolicy::Undefined => writer,
            };
        }
        Ok(())
    }
}

fn write_operand(writer: &mut Writer, query: &Template, bare: bool) {
    if bare {
        writer.template(query);
    } else {
        writer.text("(").template(query).text(")");
    }
}

/// Whether a query can stand beside UNION without parentheses.
fn is_simple(statement: &ast::SelectStmt) -> bool {
    let operation = SetOperation::try_from(statement.op).unwrap_or(SetOperation::Undefined);
    matches!(operation, SetOperation::SetopNone | SetOperation::Undefined) && has_no_tail(statement)
}

/// Whether a query has no clauses that would be taken for those of the set operation around it.
fn has_no_tail(statement: &ast::SelectStmt) -> bool {
    statement.sort_clause.is_empty()
        && statement.limit_offset.is_none()
        && statement.limit_count.is_none()
        && statement.locking_clause.is_empty()
        && statement.with_clause.is_none()
}
