//! The names that PostgreSQL gives by itself.
//!
//! Knows the rules of `makeObjectName`, `ChooseRelationName`, `ChooseConstraintName`, `ChooseIndexName`
//! (`indexcmds.c`, `pg_constraint.c`) and `FigureIndexColname` (`parse_target.c`).

use super::{Interpreter, ast};
use crate::catalog::{Ident, QualifiedName};
use ast::NodeEnum;

/// The longest name in bytes (`NAMEDATALEN - 1`).
const LONGEST: usize = 63;

/// What the name of an index ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexPurpose {
    /// PRIMARY KEY.
    Primary,
    /// UNIQUE as a constraint.
    Key,
    /// EXCLUDE.
    Exclude,
    /// An index by itself.
    Plain,
}

/// Joins up to two names and a label by `_` and cuts the longer of the two until the whole fits.
pub(super) fn make_object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let available = LONGEST.saturating_sub(overhead);
    let (mut first_length, mut second_length) = (first.len(), second.map_or(0, str::len));
    while first_length + second_length > available {
        if first_length > second_length {
            first_length -= 1;
        } else {
            second_length -= 1;
        }
    }
    let mut name = clip(first, first_length).to_owned();
    if let Some(second) = second {
        name.push('_');
        name.push_str(clip(second, second_length));
    }
    name.push('_');
    name.push_str(label);
    name
}

/// The longest prefix of at most `length` bytes that cuts no character.
fn clip(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The names of columns as a part of a name: joined by `_`, no more of them than can matter.
pub(super) fn join_names<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    let mut joined = String::new();
    for name in names {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(name.as_str());
        if joined.len() > LONGEST {
            break;
        }
    }
    joined
}

/// The names of an index's columns: equal ones are numbered (`ChooseIndexColumnNames`).
pub(super) fn index_column_names(wanted: Vec<Ident>) -> Vec<Ident> {
    let mut names: Vec<Ident> = Vec::with_capacity(wanted.len());
    for original in wanted {
        let mut name = original.clone();
        let mut number = 0;
        while names.contains(&name) {
            number += 1;
            let digits = format!("{number}");
            let kept = clip(original.as_str(), LONGEST - digits.len());
            name = Ident::new(format!("{kept}{digits}"));
        }
        names.push(name);
    }
    names
}

impl Interpreter {
    /// A name for a relation that is free in the schema.
    pub(super) fn choose_relation_name(
        &self,
        first: &str,
        second: Option<&str>,
        label: &str,
        table: &QualifiedName,
    ) -> Ident {
        self.choose(first, second, label, |name| {
            self.relation_name_taken(&table.with_name(name.clone()))
        })
    }

    /// A name for a constraint that no constraint of the schema bears, nor any of `others`.
    pub(super) fn choose_constraint_name(
        &self,
        table: &QualifiedName,
        second: Option<&str>,
        label: &str,
        others: &[Ident],
    ) -> Ident {
        self.choose(table.name.as_str(), second, label, |name| {
            others.contains(name) || self.constraint_name_taken(&table.with_name(name.clone()))
        })
    }

    /// A name for an index; that of a key constraint must be free among constraints too.
    pub(super) fn choose_index_name(&self, table: &QualifiedName, columns: &[Ident], purpose: IndexPurpose) -> Ident {
        let addition = join_names(columns);
        let (second, label) = match purpose {
            IndexPurpose::Primary => (None, "pkey"),
            IndexPurpose::Key => (Some(addition.as_str()), "key"),
            IndexPurpose::Exclude => (Some(addition.as_str()), "excl"),
            IndexPurpose::Plain => (Some(addition.as_str()), "idx"),
        };
        self.choose(table.name.as_str(), second, label, |name| {
            let name = table.with_name(name.clone());
            self.relation_name_taken(&name) || (purpose != IndexPurpose::Plain && self.constraint_name_taken(&name))
        })
    }

    /// The first name, numbered from the second try on, that is not taken.
    pub(super) fn choose(
        &self,
        first: &str,
        second: Option<&str>,
        label: &str,
        taken: impl Fn(&Ident) -> bool,
    ) -> Ident {
        let mut name = Ident::new(make_object_name(first, second, label));
        let mut pass = 0;
        while taken(&name) {
            pass += 1;
            name = Ident::new(make_object_name(first, second, &format!("{label}{pass}")));
        }
        name
    }
}

/// How sure a name is that an expression suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Weak,
    Strong,
}

/// The name that an index column gets from its expression; `expr` when it suggests none.
pub(super) fn expression_column_name(node: &ast::Node) -> Ident {
    suggested_name(node).map_or_else(|| Ident::from("expr"), |(name, _)| Ident::new(clip(&name, LONGEST)))
}

fn suggested_name(node: &ast::Node) -> Option<(String, Strength)> {
    let strong = |name: &str| Some((name.to_owned(), Strength::Strong));
    let last = |nodes: &[ast::Node]| nodes.iter().rev().find_map(ast::string).map(str::to_owned);
    match node.node.as_ref()? {
        NodeEnum::ColumnRef(column) => last(&column.fields).map(|name| (name, Strength::Strong)),
        NodeEnum::AIndirection(indirection) => match last(&indirection.indirection) {
            Some(name) => Some((name, Strength::Strong)),
            None => suggested_name(indirection.arg.as_deref()?),
        },
        NodeEnum::FuncCall(call) => last(&call.funcname).map(|name| (name, Strength::Strong)),
        NodeEnum::AExpr(expression) if expression.kind() == ast::AExprKind::AexprNullif => strong("nullif"),
        NodeEnum::TypeCast(cast) => match cast.arg.as_deref().and_then(suggested_name) {
            Some((name, Strength::Strong)) => Some((name, Strength::Strong)),
            weaker => match cast.type_name.as_ref().and_then(|name| last(&name.names)) {
                Some(name) => Some((name, Strength::Weak)),
                None => weaker,
            },
        },
        NodeEnum::CollateClause(clause) => suggested_name(clause.arg.as_deref()?),
        NodeEnum::CaseExpr(case) => match case.defresult.as_deref().and_then(suggested_name) {
            Some((name, Strength::Strong)) => Some((name, Strength::Strong)),
            _ => Some(("case".to_owned(), Strength::Weak)),
        },
        NodeEnum::AArrayExpr(_) => strong("array"),
        NodeEnum::RowExpr(_) => strong("row"),
        NodeEnum::CoalesceExpr(_) => strong("coalesce"),
        NodeEnum::MinMaxExpr(expression) => match expression.op() {
            ast::MinMaxOp::IsLeast => strong("least"),
            _ => strong("greatest"),
        },
        NodeEnum::XmlSerialize(_) => strong("xmlserialize"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_cut_and_no_character_is_split() {
        assert_eq!(make_object_name("t", Some("a"), "key"), "t_a_key");
        assert_eq!(make_object_name("orders", None, "pkey"), "orders_pkey");
        let long = make_object_name(&"t".repeat(40), Some(&"c".repeat(60)), "fkey");
        assert_eq!(long, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
        let accented = make_object_name(&"é".repeat(40), None, "pkey");
        assert_eq!(accented, format!("{}_pkey", "é".repeat(29)));
    }

    #[test]
    fn equal_index_columns_are_numbered() {
        let names = index_column_names(vec!["expr".into(), "expr".into(), "a".into(), "expr".into()]);
        assert_eq!(names, ["expr".into(), "expr1".into(), "a".into(), Ident::from("expr2")]);
    }
}
