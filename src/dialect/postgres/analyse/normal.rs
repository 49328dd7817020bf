//! Spellings that mean the same, brought to one.
//!
//! Each rule here is what PostgreSQL's own parser does to the tree before it stores it. No rule takes a cast away.
//!
//! | written | becomes | source |
//! |---|---|---|
//! | `x BETWEEN a AND b` | `((x >= a) AND (x <= b))` | `transformAExprBetween` |
//! | `x IN (a, b)` | `(x = ANY (ARRAY[a, b]))` | `transformAExprIn` |
//! | `x IS NOT DISTINCT FROM y` | `(NOT (x IS DISTINCT FROM y))` | `make_distinct_op` |
//! | `x LIKE y`, `x ILIKE y`, `SIMILAR TO` | their operators | the grammar |
//! | `x = ANY (SELECT …)` | `x IN (SELECT …)` | the grammar |
//! | `(a AND b) AND c` | `(a AND b AND c)`; `a AND (b AND c)` stays | `makeAndExpr`, `makeOrExpr` |
//! | `CASE … END` without ELSE | `ELSE NULL` | `transformCaseExpr` |

use super::coerce::array_of;
use super::expression::construct;
use super::fragment::{Fragment, JunctionWord, Writer};
use super::literal::{missing, required};
use super::range::Level;
use super::{Analyser, Refusal, typing};
use crate::catalog::DataType;
use crate::dialect::postgres::read::ast::{self, AExprKind, NodeEnum};

impl Analyser<'_> {
    /// `left IN (items)` and NOT IN.
    pub(super) fn in_list(
        &self,
        node: &ast::AExpr,
        left: Fragment,
        items: &[ast::Node],
        level: &Level,
    ) -> Result<Fragment, Refusal> {
        let negated = ast::strings(&node.name).last() == Some(&"<>");
        let mut constants = Vec::new();
        let mut others = Vec::new();
        if let Some(rows) = self.in_rows(node, items, level)? {
            return Ok(rows);
        }
        for item in items {
            let value = self.expr(item, level)?;
            // Items that may name a column of this query are compared one by one.
            if is_constant(item) {
                constants.push(value)
            } else {
                others.push(value)
            }
        }
        let mut parts = Vec::new();
        let mut all = vec![left.clone()];
        all.extend(constants.iter().cloned());
        let common = self.common_type(&all).map(|common| common.without_modifiers());
        let known = left.data_type.is_some() && common.is_some();
        if !known && items.len() > 1 {
            // Without the types the list is left as it is.
            let mut writer = Writer::with("(");
            writer.fragment(&left).text(if negated { " NOT IN (" } else { " IN (" });
            constants.extend(others);
            writer.list(", ", &constants).text("))");
            return Ok(writer.parenthesised().typed(Some(DataType::system("bool"))));
        }
        if constants.len() > 1
            && let Some(common) = &common
        {
            let elements: Vec<Fragment> = constants
                .drain(..)
                .map(|element| self.coerced(element, common))
                .collect();
            let array = array_of(elements, typing::array_of(common));
            let word = if negated { " ALL (" } else { " ANY (" };
            parts.push(self.compared_with_array(&node.name, left.clone(), word, array, node.location)?);
        }
        for value in constants.into_iter().chain(others) {
            parts.push(self.operation(&node.name, Some(left.clone()), value, node.location)?);
        }
        let word = if negated { JunctionWord::And } else { JunctionWord::Or };
        match parts.len() {
            1 => parts.pop().ok_or_else(|| missing(node.location)),
            _ => Ok(Fragment::joined(word, parts)),
        }
    }

    /// Rows compared with rows, one by one.
    fn in_rows(&self, node: &ast::AExpr, items: &[ast::Node], level: &Level) -> Result<Option<Fragment>, Refusal> {
        if row(node.lexpr.as_deref()).is_none() {
            return Ok(None);
        }
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            match self.row_comparison(&node.name, node.lexpr.as_deref(), Some(item), level)? {
                Some(part) => parts.push(part),
                None => return Ok(None),
            }
        }
        let negated = ast::strings(&node.name).last() == Some(&"<>");
        let word = if negated { JunctionWord::And } else { JunctionWord::Or };
        Ok(match parts.len() {
            1 => parts.pop(),
            _ => Some(Fragment::joined(word, parts)),
        })
    }

    /// `(a, b) = (c, d)` and `<>`, which the server takes apart (`make_row_comparison_op`); `None` for anything else.
    pub(super) fn row_comparison(
        &self,
        name: &[ast::Node],
        left: Option<&ast::Node>,
        right: Option<&ast::Node>,
        level: &Level,
    ) -> Result<Option<Fragment>, Refusal> {
        let (Some(left), Some(right)) = (row(left), row(right)) else {
            return Ok(None);
        };
        let word = match ast::strings(name).as_slice() {
            ["="] => JunctionWord::And,
            ["<>"] => JunctionWord::Or,
            _ => return Ok(None),
        };
        if left.len() != right.len() || left.len() < 2 {
            return Ok(None);
        }
        let mut parts = Vec::with_capacity(left.len());
        for (left, right) in left.iter().zip(right) {
            parts.push(self.operation(name, Some(self.expr(left, level)?), self.expr(right, level)?, -1)?);
        }
        Ok(Some(Fragment::joined(word, parts)))
    }

    /// `(left operator ANY (array))`.
    pub(super) fn over_array(
        &self,
        node: &ast::AExpr,
        left: Fragment,
        word: &str,
        level: &Level,
    ) -> Result<Fragment, Refusal> {
        let right = self.expr(required(node.rexpr.as_deref(), node.location)?, level)?;
        self.compared_with_array(&node.name, left, word, right, node.location)
    }

    fn compared_with_array(
        &self,
        name: &[ast::Node],
        left: Fragment,
        word: &str,
        right: Fragment,
        location: i32,
    ) -> Result<Fragment, Refusal> {
        // The operator is chosen by the elements (`make_scalar_array_op`).
        let mut element = right.clone();
        if !right.untyped {
            element.data_type = right.data_type.as_ref().and_then(|array| self.element_type(array));
            element.constant = None;
        }
        let operator = self.operator(name, Some(&left), &element, location)?;
        let (mut left, mut right) = (left, right);
        if let Some(choice) = &operator.choice
            && let [Some(declared), Some(declared_element)] = choice.arguments.as_slice()
        {
            left = self.coerced(left, declared);
            if let Some(array) = typing::array_of(declared_element) {
                right = self.coerced(right, &array);
            }
        }
        let mut writer = Writer::with("(");
        writer.fragment(&left).text(" ").template(&operator.written).text(word);
        // A subquery keeps its own parentheses: it is a value here, not the rows of ANY (SELECT …).
        writer.fragment(&right).text("))");
        Ok(writer.parenthesised().typed(Some(DataType::system("bool"))))
    }

    /// BETWEEN of any kind, as comparisons.
    pub(super) fn between(
        &self,
        kind: AExprKind,
        value: &Fragment,
        low: &Fragment,
        high: &Fragment,
        location: i32,
    ) -> Result<Fragment, Refusal> {
        use JunctionWord::{And, Or};
        let compared = |operator: &str, bound: &Fragment| {
            self.operation(&[string_node(operator)], Some(value.clone()), bound.clone(), location)
        };
        let inside = |low, high| Ok(Fragment::joined(And, [compared(">=", low)?, compared("<=", high)?]));
        let outside = |low, high| Ok(Fragment::joined(Or, [compared("<", low)?, compared(">", high)?]));
        match kind {
            AExprKind::AexprNotBetween => outside(low, high),
            AExprKind::AexprBetweenSym => Ok(Fragment::joined(Or, [inside(low, high)?, inside(high, low)?])),
            AExprKind::AexprNotBetweenSym => Ok(Fragment::joined(And, [outside(low, high)?, outside(high, low)?])),
            _ => inside(low, high),
        }
    }

    /// `(left IS DISTINCT FROM right)`, with the operands as `=` takes them.
    pub(super) fn distinct(&self, left: Fragment, right: Fragment, location: i32) -> Result<Fragment, Refusal> {
        let operator = self.operator(&[string_node("=")], Some(&left), &right, location)?;
        let (left, right) = self.operands(&operator, Some(left), right);
        let mut writer = Writer::with("(");
        writer
            .list("", &left)
            .text(" IS DISTINCT FROM ")
            .fragment(&right)
            .text(")");
        Ok(writer.parenthesised().typed(Some(DataType::system("bool"))))
    }

    /// `NULLIF(left, right)`, with the operands as `=` takes them.
    pub(super) fn null_if(&self, left: Fragment, right: Fragment, location: i32) -> Result<Fragment, Refusal> {
        let operator = self.operator(&[string_node("=")], Some(&left), &right, location)?;
        let (left, right) = self.operands(&operator, Some(left), right);
        let data_type = left.as_ref().and_then(|left| left.data_type.clone());
        let arguments: Vec<Fragment> = left.into_iter().chain([right]).collect();
        Ok(construct("NULLIF", &arguments).typed(data_type))
    }

    /// What stands after WHEN of a CASE with an argument: a literal takes the type it is compared in.
    pub(super) fn case_value(&self, argument: &Fragment, value: Fragment, location: i32) -> Result<Fragment, Refusal> {
        if !value.untyped {
            return Ok(value);
        }
        let operator = self.operator(&[string_node("=")], Some(argument), &value, location)?;
        let (_, value) = self.operands(&operator, Some(argument.clone()), value);
        Ok(value)
    }
}

/// `(NOT argument)`.
pub(super) fn not(argument: &Fragment) -> Fragment {
    let mut writer = Writer::with("(NOT ");
    writer.fragment(argument).text(")");
    writer.parenthesised().typed(Some(DataType::system("bool")))
}

/// The node of a name.
pub(super) fn string_node(text: &str) -> ast::Node {
    ast::Node {
        node: Some(NodeEnum::String(ast::String { sval: text.to_owned() })),
    }
}

/// The constant NULL.
pub(super) fn null() -> ast::AConst {
    ast::AConst {
        isnull: true,
        ..ast::AConst::default()
    }
}

/// The items of a node that is a row.
fn row(node: Option<&ast::Node>) -> Option<&[ast::Node]> {
    match node?.node.as_ref()? {
        NodeEnum::RowExpr(row) => Some(&row.args),
        _ => None,
    }
}

/// Whether a node names no column (`contain_vars_of_level`), as far as its kind says.
fn is_constant(node: &ast::Node) -> bool {
    match node.node.as_ref() {
        Some(NodeEnum::AConst(_) | NodeEnum::ParamRef(_) | NodeEnum::SqlvalueFunction(_)) => true,
        Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().is_some_and(is_constant),
        Some(NodeEnum::CollateClause(clause)) => clause.arg.as_deref().is_some_and(is_constant),
        Some(NodeEnum::FuncCall(call)) => call.args.iter().all(is_constant),
        Some(NodeEnum::AArrayExpr(array)) => array.elements.iter().all(is_constant),
        Some(NodeEnum::AExpr(operation)) => {
            let sides = [operation.lexpr.as_deref(), operation.rexpr.as_deref()];
            sides.into_iter().flatten().all(is_constant)
        }
        _ => false,
    }
}
