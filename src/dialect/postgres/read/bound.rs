//! Partition bounds: the values of FOR VALUES as the server keeps and shows them.
//!
//! Knows how a bound's value becomes a constant of the key's type and how that is shown (`get_const_expr` of
//! `ruleutils.c`, without labels). A value that is no constant of a known type stays as the analyser writes it.

use super::{Applied, Interpreter, ast};
use crate::catalog::bound::{Bound, Limit};
use crate::catalog::table::PartitionStrategy;
use crate::catalog::{DataType, ObjectId, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use crate::dialect::postgres::value::{Zone, output};
use ast::{AConst, NodeEnum};

/// A constant as written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Constant {
    Null,
    Number(String),
    Text(String),
    Boolean(Truth),
}

/// true or false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    True,
    False,
}

impl Interpreter {
    /// `FOR VALUES …` or `DEFAULT` in canonical form.
    pub(super) fn partition_bound(&self, parent: &ObjectId, bound: &ast::PartitionBoundSpec) -> Applied<Bound> {
        let Some(key) = self.table(parent).and_then(|table| table.partition_key.clone()) else {
            let message = format!("\"{}\" is not partitioned", parent.last_name());
            return Err(self.error(Code::UnsupportedClause, bound.location, message));
        };
        if bound.is_default {
            if key.strategy == PartitionStrategy::Hash {
                return Err(self.error(
                    Code::UnsupportedClause,
                    bound.location,
                    "a hash-partitioned table may not have a default partition",
                ));
            }
            return Ok(Bound::Default);
        }
        let strategy = match bound.strategy.as_str() {
            "l" => PartitionStrategy::List,
            "r" => PartitionStrategy::Range,
            _ => PartitionStrategy::Hash,
        };
        if strategy != key.strategy {
            return Err(self.error(
                Code::UnsupportedClause,
                bound.location,
                "the bound does not fit the parent's partitioning strategy",
            ));
        }
        let types: Vec<Option<DataType>> = key.keys.iter().map(|key| self.bound_type(key)).collect();
        match strategy {
            PartitionStrategy::Hash => Ok(Bound::Hash {
                modulus: bound.modulus,
                remainder: bound.remainder,
            }),
            PartitionStrategy::List => {
                let data_type = types.first().cloned().flatten();
                let value = |value: &ast::Node| match self.bound_constant(value, data_type.as_ref()) {
                    Some(Constant::Null) => Ok(None),
                    Some(_) | None => self.bound_value(value, data_type.as_ref()).map(Some),
                };
                let values: Applied<Vec<Option<Template>>> = bound.listdatums.iter().map(value).collect();
                Ok(Bound::List(values?))
            }
            PartitionStrategy::Range => Ok(Bound::Range {
                from: self.limits(&bound.lowerdatums, &types, bound.location)?,
                to: self.limits(&bound.upperdatums, &types, bound.location)?,
            }),
        }
    }

    fn limits(&self, values: &[ast::Node], types: &[Option<DataType>], location: i32) -> Applied<Vec<Limit>> {
        if values.len() != types.len() {
            return Err(self.error(
                Code::SyntaxError,
                location,
                "FROM and TO must specify exactly one value per partitioning column",
            ));
        }
        let limit = |(value, data_type): (&ast::Node, &Option<DataType>)| match infinite(value) {
            Some(limit) => Ok(limit),
            None => self.bound_value(value, data_type.as_ref()).map(Limit::Value),
        };
        values.iter().zip(types).map(limit).collect()
    }

    /// The type of a partition key that is a column; that of an expression is not known here.
    fn bound_type(&self, key: &Template) -> Option<DataType> {
        let column = key
            .references()
            .find(|reference| matches!(reference, ObjectId::Column(..)))?;
        // A key is a column, perhaps with a collation or operator class after it.
        let starts =
            matches!(key.pieces().first(), Some(crate::catalog::Piece::Reference(first, _)) if first == column);
        let column = self.table_column(column).filter(|_| starts)?;
        Some(self.base_type(&column.data_type))
    }

    fn bound_value(&self, node: &ast::Node, data_type: Option<&DataType>) -> Applied<Template> {
        if let (Some(constant), Some(data_type)) = (self.bound_constant(node, data_type), data_type)
            && let Some(shown) = shown(&constant, data_type, self.zone())
        {
            return Ok(Template::text(&shown));
        }
        match data_type {
            Some(data_type) => self.expression_for(node, &Scope::none(), data_type),
            None => self.expression(node, &Scope::none()),
        }
    }

    /// A constant, perhaps with a sign or a cast to the key's own type.
    fn bound_constant(&self, node: &ast::Node, data_type: Option<&DataType>) -> Option<Constant> {
        match node.node.as_ref()? {
            NodeEnum::AConst(constant) => literal(constant),
            NodeEnum::TypeCast(cast) => {
                let target = self.data_type(cast.type_name.as_ref()?).ok()?;
                let inner = self.bound_constant(cast.arg.as_deref()?, data_type)?;
                (Some(&target) == data_type || target.is_system("bool")).then_some(inner)
            }
            NodeEnum::AExpr(expression) => {
                let [name] = expression.name.as_slice() else {
                    return None;
                };
                if expression.lexpr.is_some() || ast::string(name) != Some("-") {
                    return None;
                }
                match self.bound_constant(expression.rexpr.as_deref()?, data_type)? {
                    Constant::Number(digits) if !digits.starts_with('-') => {
                        Some(Constant::Number(["-", &digits].concat()))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// MINVALUE or MAXVALUE, which the parser gives as a column's name.
fn infinite(node: &ast::Node) -> Option<Limit> {
    let Some(NodeEnum::ColumnRef(column)) = &node.node else {
        return None;
    };
    match ast::strings(&column.fields).as_slice() {
        ["minvalue"] => Some(Limit::Minimum),
        ["maxvalue"] => Some(Limit::Maximum),
        _ => None,
    }
}

fn literal(constant: &AConst) -> Option<Constant> {
    use ast::a_const::Val;
    if constant.isnull {
        return Some(Constant::Null);
    }
    let Some(value) = constant.val.as_ref() else {
        // The parser leaves out the value of an integer that is zero.
        return Some(Constant::Number("0".to_owned()));
    };
    match value {
        Val::Ival(value) => Some(Constant::Number(value.ival.to_string())),
        Val::Fval(value) => Some(Constant::Number(value.fval.clone())),
        Val::Sval(value) => Some(Constant::Text(value.sval.clone())),
        Val::Boolval(value) => Some(Constant::Boolean(match value.boolval {
            true => Truth::True,
            false => Truth::False,
        })),
        Val::Bsval(_) => None,
    }
}

/// A constant as a bound of its type shows it; `None` where the type's own form is not known.
fn shown(constant: &Constant, data_type: &DataType, zone: Zone) -> Option<String> {
    let text = match constant {
        Constant::Null => return Some("NULL".to_owned()),
        Constant::Number(text) | Constant::Text(text) => text.as_str(),
        Constant::Boolean(Truth::True) => "true",
        Constant::Boolean(Truth::False) => "false",
    };
    if !data_type.name.is_system() && data_type.array == crate::catalog::Array::Scalar {
        // An enum's label and the like: quoted as it is.
        return matches!(constant, Constant::Text(_)).then(|| quoted(text));
    }
    let text = output(text, data_type, zone)?;
    let bare = match data_type.name.name.as_str() {
        "int4" => !text.starts_with('-'),
        "numeric" => !text.starts_with('-') && text.contains('.'),
        "bool" => true,
        _ => false,
    };
    Some(if bare { text } else { quoted(&text) })
}

fn quoted(text: &str) -> String {
    crate::dialect::postgres::write::quote::literal(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(text: &str, data_type: &str) -> Option<String> {
        shown(
            &Constant::Text(text.into()),
            &DataType::system(data_type),
            Zone::Unknown,
        )
    }

    #[test]
    fn a_bound_is_quoted_as_the_server_quotes_it() {
        assert_eq!(shows("7", "int4").as_deref(), Some("7"));
        assert_eq!(shows("-7", "int4").as_deref(), Some("'-7'"));
        assert_eq!(shows("7", "int8").as_deref(), Some("'7'"));
        assert_eq!(shows("t", "bool").as_deref(), Some("true"));
        assert_eq!(shows("1.5", "numeric").as_deref(), Some("1.5"));
        assert_eq!(shows("1", "numeric").as_deref(), Some("'1'"));
    }
}
