//! Spellings that mean the same, brought to one.
//!
//! Each rule here is what PostgreSQL's own parser does to the tree before it stores it, or an identity of logic that
//! holds for every type. No rule looks at types and none takes a cast away.
//!
//! | written | becomes | source |
//! |---|---|---|
//! | `x BETWEEN a AND b` | `((x >= a) AND (x <= b))` | `transformAExprBetween` |
//! | `x IS NOT DISTINCT FROM y` | `(NOT (x IS DISTINCT FROM y))` | `make_distinct_op` |
//! | `x LIKE y`, `x ILIKE y`, `SIMILAR TO` | their operators | the grammar |
//! | `x = ANY (SELECT …)` | `x IN (SELECT …)` | the grammar |
//! | `a AND (b AND c)` | `(a AND b AND c)` | AND and OR are associative |
//! | `CASE … END` without ELSE | `ELSE NULL` | `transformCaseExpr` |

use super::fragment::{Fragment, JunctionWord, Writer};
use crate::catalog::DataType;
use crate::dialect::postgres::read::ast::AExprKind;

/// `(NOT argument)`.
pub(super) fn not(argument: &Fragment) -> Fragment {
    let mut writer = Writer::with("(NOT ");
    writer.operand(argument).text(")");
    writer.parenthesised().typed(Some(DataType::system("bool")))
}

/// BETWEEN of any kind, as comparisons.
pub(super) fn between(kind: AExprKind, value: &Fragment, low: &Fragment, high: &Fragment) -> Fragment {
    use JunctionWord::{And, Or};
    let inside = |low, high| Fragment::joined(And, [compared(value, ">=", low), compared(value, "<=", high)]);
    let outside = |low, high| Fragment::joined(Or, [compared(value, "<", low), compared(value, ">", high)]);
    match kind {
        AExprKind::AexprNotBetween => outside(low, high),
        AExprKind::AexprBetweenSym => Fragment::joined(Or, [inside(low, high), inside(high, low)]),
        AExprKind::AexprNotBetweenSym => Fragment::joined(And, [outside(low, high), outside(high, low)]),
        _ => inside(low, high),
    }
}

fn compared(value: &Fragment, operator: &str, bound: &Fragment) -> Fragment {
    let mut writer = Writer::with("(");
    writer
        .operand(value)
        .text(" ")
        .text(operator)
        .text(" ")
        .operand(bound)
        .text(")");
    writer.parenthesised()
}
