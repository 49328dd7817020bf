//! ORDER BY, GROUP BY, DISTINCT ON and windows.
//!
//! Knows what a position or an output name means in them (`findTargetlistEntrySQL92`): the expression is written
//! instead, which the server matches with the select list again. Knows the bits of a window's frame (`parsenodes.h`).

use super::expression::column_name;
use super::fragment::{Fragment, Writer};
use super::literal::{integer_constant, missing, required};
use super::range::Level;
use super::resolve::write_range_name;
use super::target::Target;
use super::{Analyser, Refusal};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, CoercionForm, GroupingSetKind, NodeEnum, SortByDir, SortByNulls};

/// The bits of `frameOptions` (`parsenodes.h`).
mod frame {
    pub const NONDEFAULT: i32 = 0x1;
    pub const RANGE: i32 = 0x2;
    pub const ROWS: i32 = 0x4;
    pub const GROUPS: i32 = 0x8;
    pub const BETWEEN: i32 = 0x10;
    pub const START_UNBOUNDED_PRECEDING: i32 = 0x20;
    pub const END_UNBOUNDED_FOLLOWING: i32 = 0x100;
    pub const START_CURRENT_ROW: i32 = 0x200;
    pub const END_CURRENT_ROW: i32 = 0x400;
    pub const START_OFFSET_PRECEDING: i32 = 0x800;
    pub const END_OFFSET_PRECEDING: i32 = 0x1000;
    pub const EXCLUDE_CURRENT_ROW: i32 = 0x8000;
    pub const EXCLUDE_GROUP: i32 = 0x10000;
    pub const EXCLUDE_TIES: i32 = 0x20000;
}

/// How a call among sort keys is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SortKeys {
    /// In parentheses.
    OfQuery,
    /// As it is: the arguments of WITHIN GROUP.
    OfCall,
}

/// What a name by itself means first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    /// An output column: ORDER BY, DISTINCT ON.
    Output,
    /// A column of FROM: GROUP BY.
    Input,
}

impl Analyser<'_> {
    /// ORDER BY of a query with a select list.
    pub(super) fn write_query_order(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        targets: &[Target],
        level: &Level,
    ) -> Result<(), Refusal> {
        self.write_sorted(writer, nodes, SortKeys::OfQuery, |node| {
            let value = self.by_target(node, targets, level, First::Output)?;
            Ok(not_an_output(value, targets, level))
        })
    }

    /// ORDER BY inside a call or a window, where a position or an output name means nothing.
    pub(super) fn write_order(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        keys: SortKeys,
        level: &Level,
    ) -> Result<Vec<Fragment>, Refusal> {
        let mut values = Vec::with_capacity(nodes.len());
        self.write_sorted(writer, nodes, keys, |node| {
            let value = self.expr(node, level)?;
            values.push(value.clone());
            Ok(value)
        })?;
        Ok(values)
    }

    fn write_sorted(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        keys: SortKeys,
        mut value: impl FnMut(&ast::Node) -> Result<Fragment, Refusal>,
    ) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::SortBy(sort)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            if index > 0 {
                writer.text(", ");
            }
            let value = value(required(sort.node.as_deref(), sort.location)?)?;
            match keys {
                SortKeys::OfQuery => writer.sort_key(&value),
                SortKeys::OfCall => writer.fragment(&value),
            };
            let direction = SortByDir::try_from(sort.sortby_dir).unwrap_or(SortByDir::SortbyDefault);
            let nulls = SortByNulls::try_from(sort.sortby_nulls).unwrap_or(SortByNulls::SortbyNullsDefault);
            match direction {
                SortByDir::SortbyDesc => {
                    writer.text(" DESC");
                }
                SortByDir::SortbyUsing => {
                    writer.text(" USING ");
                    let operator = self.operator(&sort.use_op, Some(&value), &value, sort.location)?;
                    writer.template(&operator.written);
                }
                SortByDir::SortbyAsc | SortByDir::SortbyDefault | SortByDir::Undefined => {}
            }
            // Nulls come last in ascending order and first in descending order unless said otherwise.
            let descending = direction == SortByDir::SortbyDesc;
            match nulls {
                SortByNulls::SortbyNullsFirst if !descending => writer.text(" NULLS FIRST"),
                SortByNulls::SortbyNullsLast if descending || direction == SortByDir::SortbyUsing => {
                    writer.text(" NULLS LAST")
                }
                SortByNulls::SortbyNullsFirst
                | SortByNulls::SortbyNullsLast
                | SortByNulls::SortbyNullsDefault
                | SortByNulls::Undefined => writer,
            };
        }
        Ok(())
    }

    /// The expression that a node of ORDER BY, GROUP BY or DISTINCT ON means.
    fn by_target(
        &self,
        node: &ast::Node,
        targets: &[Target],
        level: &Level,
        first: First,
    ) -> Result<Fragment, Refusal> {
        if let Some(position) = integer_constant(node) {
            let index = usize::try_from(position)
                .ok()
                .and_then(|position| position.checked_sub(1));
            let target = index.and_then(|index| targets.get(index).map(|target| (index, target)));
            return match target {
                Some((index, target)) => Ok(target_value(index, target)),
                None => {
                    let message = format!("position {position} is not in select list");
                    Err(Refusal::new(Code::UnknownColumn, -1, message))
                }
            };
        }
        if let Some(NodeEnum::ColumnRef(reference)) = node.node.as_ref()
            && let [field] = reference.fields.as_slice()
            && let Some(name) = ast::string(field)
        {
            let is_input = first == First::Input && self.shows(name, level);
            let mut found = targets.iter().enumerate().filter(|(_, target)| target.name.is(name));
            if !is_input && let Some((index, target)) = found.next() {
                return Ok(target_value(index, target));
            }
        }
        self.expr(node, level)
    }

    /// GROUP BY.
    pub(super) fn write_group(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        targets: &[Target],
        level: &Level,
    ) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                writer.text(", ");
            }
            match node.node.as_ref() {
                Some(NodeEnum::GroupingSet(set)) => self.write_grouping_set(writer, set, targets, level)?,
                // A row without the word ROW is a list of columns.
                Some(NodeEnum::RowExpr(row)) if row.row_format == CoercionForm::CoerceImplicitCast as i32 => {
                    self.write_group(writer, &row.args, targets, level)?;
                }
                _ => {
                    let value = self.by_target(node, targets, level, First::Input)?;
                    writer.sort_key(&value);
                }
            }
        }
        Ok(())
    }

    fn write_grouping_set(
        &self,
        writer: &mut Writer,
        set: &ast::GroupingSet,
        targets: &[Target],
        level: &Level,
    ) -> Result<(), Refusal> {
        let word = match GroupingSetKind::try_from(set.kind).unwrap_or(GroupingSetKind::Undefined) {
            GroupingSetKind::GroupingSetEmpty => {
                writer.text("()");
                return Ok(());
            }
            GroupingSetKind::GroupingSetSimple => "",
            GroupingSetKind::GroupingSetRollup => "ROLLUP",
            GroupingSetKind::GroupingSetCube => "CUBE",
            GroupingSetKind::GroupingSetSets => "GROUPING SETS",
            GroupingSetKind::Undefined => return Err(missing(set.location)),
        };
        writer.text(word).text("(");
        for (index, node) in set.content.iter().enumerate() {
            if index > 0 {
                writer.text(", ");
            }
            let row = match node.node.as_ref() {
                Some(NodeEnum::RowExpr(row)) => Some(row.args.as_slice()),
                _ => None,
            };
            match row {
                Some(columns) => {
                    writer.text("(");
                    self.write_group(writer, columns, targets, level)?;
                    writer.text(")");
                }
                None => self.write_group(writer, std::slice::from_ref(node), targets, level)?,
            }
        }
        writer.text(")");
        Ok(())
    }

    /// DISTINCT or DISTINCT ON, as it stands after SELECT.
    pub(super) fn write_distinct(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        targets: &[Target],
        level: &Level,
    ) -> Result<(), Refusal> {
        if nodes.is_empty() {
            return Ok(());
        }
        writer.text("DISTINCT ");
        // Without ON the parser gives a list of one empty node.
        if nodes.iter().all(|node| node.node.is_none()) {
            return Ok(());
        }
        writer.text("ON (");
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                writer.text(", ");
            }
            let value = self.by_target(node, targets, level, First::Output)?;
            writer.sort_key(&not_an_output(value, targets, level));
        }
        writer.text(") ");
        Ok(())
    }

    /// WINDOW with its definitions.
    pub(super) fn write_window_clause(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        level: &Level,
    ) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::WindowDef(window)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(if index == 0 { " WINDOW " } else { ", " });
            writer.name(&window.name).text(" AS (");
            self.write_window(writer, window, level)?;
            writer.text(")");
        }
        Ok(())
    }

    /// A window as it stands between the parentheses.
    pub(super) fn write_window(
        &self,
        writer: &mut Writer,
        window: &ast::WindowDef,
        level: &Level,
    ) -> Result<(), Refusal> {
        let mut separator = "";
        if !window.refname.is_empty() {
            writer.name(&window.refname);
            separator = " ";
        }
        if !window.partition_clause.is_empty() {
            writer.text(separator).text("PARTITION BY ");
            for (index, column) in self.exprs(&window.partition_clause, level)?.iter().enumerate() {
                writer.text(if index > 0 { ", " } else { "" }).sort_key(column);
            }
            separator = " ";
        }
        if !window.order_clause.is_empty() {
            writer.text(separator).text("ORDER BY ");
            self.write_order(writer, &window.order_clause, SortKeys::OfQuery, level)?;
            separator = " ";
        }
        if window.frame_options & frame::NONDEFAULT != 0 {
            writer.text(separator);
            self.write_frame(writer, window, level)?;
        }
        Ok(())
    }

    fn write_frame(&self, writer: &mut Writer, window: &ast::WindowDef, level: &Level) -> Result<(), Refusal> {
        let has = |bit: i32| window.frame_options & bit != 0;
        let words = [
            (frame::RANGE, "RANGE "),
            (frame::ROWS, "ROWS "),
            (frame::GROUPS, "GROUPS "),
        ];
        for (bit, word) in words {
            if has(bit) {
                writer.text(word);
            }
        }
        if has(frame::BETWEEN) {
            writer.text("BETWEEN ");
        }
        if has(frame::START_UNBOUNDED_PRECEDING) {
            writer.text("UNBOUNDED PRECEDING");
        } else if has(frame::START_CURRENT_ROW) {
            writer.text("CURRENT ROW");
        } else {
            self.write_bound(writer, window.start_offset.as_deref(), window.location, level)?;
            writer.text(if has(frame::START_OFFSET_PRECEDING) {
                " PRECEDING"
            } else {
                " FOLLOWING"
            });
        }
        if has(frame::BETWEEN) {
            writer.text(" AND ");
            if has(frame::END_UNBOUNDED_FOLLOWING) {
                writer.text("UNBOUNDED FOLLOWING");
            } else if has(frame::END_CURRENT_ROW) {
                writer.text("CURRENT ROW");
            } else {
                self.write_bound(writer, window.end_offset.as_deref(), window.location, level)?;
                writer.text(if has(frame::END_OFFSET_PRECEDING) {
                    " PRECEDING"
                } else {
                    " FOLLOWING"
                });
            }
        }
        let exclusions = [
            (frame::EXCLUDE_CURRENT_ROW, " EXCLUDE CURRENT ROW"),
            (frame::EXCLUDE_GROUP, " EXCLUDE GROUP"),
            (frame::EXCLUDE_TIES, " EXCLUDE TIES"),
        ];
        for (bit, words) in exclusions {
            if has(bit) {
                writer.text(words);
            }
        }
        Ok(())
    }

    fn write_bound(
        &self,
        writer: &mut Writer,
        node: Option<&ast::Node>,
        location: i32,
        level: &Level,
    ) -> Result<(), Refusal> {
        let value = self.expr(required(node, location)?, level)?;
        writer.fragment(&value);
        Ok(())
    }
}

/// A bare column in ORDER BY or DISTINCT ON that would be taken for another output column of its name gets the name of its
/// item before it (`get_variable`).
fn not_an_output(value: Fragment, targets: &[Target], level: &Level) -> Fragment {
    let (Some(name), true, Some(item)) = (column_name(&value), level.bare.get(), level.items.first()) else {
        return value;
    };
    let given = |index: usize| level.whole.as_ref().and_then(|names| names.get(index));
    let is_taken = targets.iter().enumerate().any(|(index, target)| {
        let shown = match given(index) {
            Some(given) => name.is(given.as_str()),
            None => target.name.is(name.ident().as_str()),
        };
        shown && target.value.template != value.template
    });
    if !is_taken {
        return value;
    }
    let mut writer = Writer::default();
    write_range_name(&mut writer, item, level);
    writer.text(".").fragment(&value);
    Fragment {
        template: writer.finish(),
        ..value
    }
}

/// What stands for a target in ORDER BY: its expression, or its position where that is a constant.
fn target_value(index: usize, target: &Target) -> Fragment {
    if target.constant {
        let mut writer = Writer::default();
        writer.text(&(index + 1).to_string());
        return writer.closed();
    }
    target.value.clone()
}
