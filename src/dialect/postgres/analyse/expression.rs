//! Expressions: every kind of node that may stand where a value is wanted.
//!
//! Knows how each is written (`get_rule_expr` in `ruleutils.c`). Names are for `resolve`, `callee` and `operator`,
//! spellings that mean the same for `normal`, XML and JSON for files of their own.

use super::coerce::array_of;
use super::fragment::{Fragment, JunctionWord, Shape, Writer};
use super::literal::{missing, required};
use super::normal::{not, null, string_node};
use super::range::{ColumnName, Level, Sees};
use super::select::Names;
use super::{Analyser, Refusal, typing};
use crate::catalog::{Array, DataType, Form, Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{
    self, AExprKind, BoolExprType, BoolTestType, MinMaxOp, NodeEnum, NullTestType, SqlValueFunctionOp, SubLinkType,
};

/// How many steps down a tree may go: real views hold chains of several hundred operators, and every step copies the text
/// of those below it. Deeper ones are refused rather than overflowing the stack.
const DEEPEST: u32 = 2_000;

impl Analyser<'_> {
    /// An expression of any kind.
    pub(super) fn expr(&self, node: &ast::Node, level: &Level) -> Result<Fragment, Refusal> {
        self.deeper(level, || self.expr_of_kind(node, level))
    }

    /// Goes one step down the tree and back, unless it is too deep.
    pub(super) fn deeper<T>(&self, level: &Level, inside: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.enter(level)?;
        let result = inside();
        self.leave(level);
        result
    }

    /// Goes one step down the tree, unless it is too deep.
    pub(super) fn enter(&self, level: &Level) -> Result<(), Refusal> {
        let depth = level.depth.get();
        if depth >= DEEPEST {
            let refusal = Refusal::new(Code::UnsupportedClause, -1, "the expression is nested too deeply");
            return Err(refusal.hint("Divide it, for instance into views."));
        }
        level.depth.set(depth + 1);
        Ok(())
    }

    /// Goes one step up the tree.
    pub(super) fn leave(&self, level: &Level) {
        level.depth.set(level.depth.get().saturating_sub(1));
    }

    fn expr_of_kind(&self, node: &ast::Node, level: &Level) -> Result<Fragment, Refusal> {
        match node.node.as_ref() {
            Some(NodeEnum::ColumnRef(reference)) => self.column_reference(reference, level),
            Some(NodeEnum::AConst(node)) => Ok(self.constant(node)),
            Some(NodeEnum::TypeCast(cast)) => self.cast(cast, level),
            Some(NodeEnum::AExpr(operation)) => self.a_expr(operation, level),
            Some(NodeEnum::BoolExpr(expression)) => self.bool_expr(expression, level),
            Some(NodeEnum::FuncCall(call)) => self.call(call, level),
            Some(NodeEnum::SubLink(link)) => self.sub_link(link, level),
            Some(NodeEnum::CaseExpr(case)) => self.case(case, level),
            Some(NodeEnum::CoalesceExpr(node)) => {
                let (arguments, common) = self.harmonised(self.exprs(&node.args, level)?);
                Ok(construct("COALESCE", &arguments).typed(common))
            }
            Some(NodeEnum::MinMaxExpr(node)) => {
                let least = node.op == MinMaxOp::IsLeast as i32;
                let (arguments, common) = self.harmonised(self.exprs(&node.args, level)?);
                Ok(construct(if least { "LEAST" } else { "GREATEST" }, &arguments).typed(common))
            }
            Some(NodeEnum::SqlvalueFunction(function)) => value_function(function),
            Some(NodeEnum::NullTest(test)) => {
                let argument = self.expr(required(test.arg.as_deref(), test.location)?, level)?;
                let is_null = test.nulltesttype == NullTestType::IsNull as i32;
                Ok(suffixed(&argument, if is_null { " IS NULL" } else { " IS NOT NULL" }))
            }
            Some(NodeEnum::BooleanTest(test)) => self.boolean_test(test, level),
            Some(NodeEnum::CollateClause(clause)) => self.collate(clause, level),
            Some(NodeEnum::AArrayExpr(array)) => self.array(array, level),
            Some(NodeEnum::RowExpr(row)) => Ok(call_like("ROW", &self.row_items(&row.args, level)?)),
            Some(NodeEnum::AIndirection(indirection)) => self.indirection(indirection, level),
            Some(NodeEnum::NamedArgExpr(argument)) => self.named_argument(argument, level),
            Some(NodeEnum::ParamRef(parameter)) => parameter_reference(parameter, level),
            Some(NodeEnum::GroupingFunc(grouping)) => {
                let arguments = self.exprs(&grouping.args, level)?;
                Ok(call_like("GROUPING", &arguments).typed(Some(DataType::system("int4"))))
            }
            Some(NodeEnum::CurrentOfExpr(current)) => {
                let mut writer = Writer::with("CURRENT OF ");
                writer.name(&current.cursor_name);
                Ok(writer.closed())
            }
            Some(NodeEnum::SetToDefault(_)) => Ok(Writer::with("DEFAULT").closed()),
            Some(NodeEnum::MergeSupportFunc(_)) => Ok(Writer::with("MERGE_ACTION()").closed()),
            Some(
                NodeEnum::XmlExpr(_)
                | NodeEnum::XmlSerialize(_)
                | NodeEnum::JsonIsPredicate(_)
                | NodeEnum::JsonFuncExpr(_)
                | NodeEnum::JsonParseExpr(_)
                | NodeEnum::JsonScalarExpr(_)
                | NodeEnum::JsonSerializeExpr(_)
                | NodeEnum::JsonObjectConstructor(_)
                | NodeEnum::JsonArrayConstructor(_)
                | NodeEnum::JsonArrayQueryConstructor(_)
                | NodeEnum::JsonObjectAgg(_)
                | NodeEnum::JsonArrayAgg(_),
            ) => self.document_expr(node, level),
            Some(NodeEnum::SelectStmt(_)) => self.sub_query(node, level, Names::Hidden),
            // Written with parentheses around it, a list is a row.
            Some(NodeEnum::List(list)) => Ok(call_like("ROW", &self.row_items(&list.items, level)?)),
            Some(other) => Err(Refusal::new(
                Code::UnsupportedClause,
                -1,
                format!("an expression of kind {} is not supported", kind_name(other)),
            )),
            None => Err(missing(-1)),
        }
    }

    /// XML and JSON.
    fn document_expr(&self, node: &ast::Node, level: &Level) -> Result<Fragment, Refusal> {
        match node.node.as_ref() {
            Some(NodeEnum::XmlExpr(expression)) => self.xml(expression, level),
            Some(NodeEnum::XmlSerialize(expression)) => self.xml_serialize(expression, level),
            _ => self.json(node, level),
        }
    }

    /// An expression that is a truth value.
    pub(super) fn condition(&self, node: &ast::Node, level: &Level) -> Result<Fragment, Refusal> {
        Ok(self.assigned(self.expr(node, level)?, &DataType::system("bool")))
    }

    /// Expressions in order.
    pub(super) fn exprs(&self, nodes: &[ast::Node], level: &Level) -> Result<Vec<Fragment>, Refusal> {
        nodes.iter().map(|node| self.expr(node, level)).collect()
    }

    /// The values of a row, `item.*` as its columns.
    pub(super) fn row_items(&self, nodes: &[ast::Node], level: &Level) -> Result<Vec<Fragment>, Refusal> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            match self.star(node, level)? {
                Some(columns) => items.extend(columns.into_iter().map(|(_, value)| value)),
                None => items.push(self.expr(node, level)?),
            }
        }
        Ok(items)
    }

    fn a_expr(&self, node: &ast::AExpr, level: &Level) -> Result<Fragment, Refusal> {
        let kind = AExprKind::try_from(node.kind).unwrap_or(AExprKind::Undefined);
        let location = node.location;
        if kind == AExprKind::AexprOp
            && let Some(rows) = self.row_comparison(&node.name, node.lexpr.as_deref(), node.rexpr.as_deref(), level)?
        {
            return Ok(rows);
        }
        let right = required(node.rexpr.as_deref(), location)?;
        let left = match node.lexpr.as_deref() {
            Some(left) => Some(self.expr(left, level)?),
            None => None,
        };
        match (kind, left) {
            (AExprKind::AexprIn, Some(left)) => self.in_list(node, left, ast::list(right), level),
            (
                AExprKind::AexprBetween
                | AExprKind::AexprNotBetween
                | AExprKind::AexprBetweenSym
                | AExprKind::AexprNotBetweenSym,
                Some(left),
            ) => match self.exprs(ast::list(right), level)?.as_slice() {
                [low, high] => self.between(kind, &left, low, high, location),
                _ => Err(missing(location)),
            },
            (AExprKind::AexprDistinct, Some(left)) => self.distinct(left, self.expr(right, level)?, location),
            (AExprKind::AexprNotDistinct, Some(left)) => {
                Ok(not(&self.distinct(left, self.expr(right, level)?, location)?))
            }
            (AExprKind::AexprNullif, Some(left)) => self.null_if(left, self.expr(right, level)?, location),
            (AExprKind::AexprOpAny, Some(left)) => self.over_array(node, left, " ANY (", level),
            (AExprKind::AexprOpAll, Some(left)) => self.over_array(node, left, " ALL (", level),
            (AExprKind::AexprOp | AExprKind::AexprLike | AExprKind::AexprIlike | AExprKind::AexprSimilar, left) => {
                self.operation(&node.name, left, self.expr(right, level)?, location)
            }
            (AExprKind::Undefined, _) | (_, None) => Err(missing(location)),
        }
    }

    fn bool_expr(&self, node: &ast::BoolExpr, level: &Level) -> Result<Fragment, Refusal> {
        let kind = BoolExprType::try_from(node.boolop).unwrap_or(BoolExprType::Undefined);
        match kind {
            BoolExprType::NotExpr => {
                let argument = node.args.first().ok_or_else(|| missing(node.location))?;
                Ok(not(&self.condition(argument, level)?))
            }
            BoolExprType::AndExpr | BoolExprType::OrExpr => {
                let word = if kind == BoolExprType::AndExpr {
                    JunctionWord::And
                } else {
                    JunctionWord::Or
                };
                let arguments: Result<Vec<Fragment>, Refusal> = node
                    .args
                    .iter()
                    .map(|argument| self.condition(argument, level))
                    .collect();
                Ok(Fragment::joined(word, arguments?))
            }
            BoolExprType::Undefined => Err(missing(node.location)),
        }
    }

    /// `ARRAY[…]`: an array of the elements' common type; the elements of an array of arrays are of the same type.
    fn array(&self, node: &ast::AArrayExpr, level: &Level) -> Result<Fragment, Refusal> {
        let (elements, common) = self.harmonised(self.exprs(&node.elements, level)?);
        let array = common.map(|element| typing::array_of(&element).unwrap_or(element));
        Ok(array_of(elements, array))
    }

    fn boolean_test(&self, node: &ast::BooleanTest, level: &Level) -> Result<Fragment, Refusal> {
        let argument = self.condition(required(node.arg.as_deref(), node.location)?, level)?;
        let words = match BoolTestType::try_from(node.booltesttype).unwrap_or(BoolTestType::Undefined) {
            BoolTestType::IsTrue => " IS TRUE",
            BoolTestType::IsNotTrue => " IS NOT TRUE",
            BoolTestType::IsFalse => " IS FALSE",
            BoolTestType::IsNotFalse => " IS NOT FALSE",
            BoolTestType::IsUnknown => " IS UNKNOWN",
            BoolTestType::IsNotUnknown => " IS NOT UNKNOWN",
            BoolTestType::Undefined => return Err(missing(node.location)),
        };
        Ok(suffixed(&argument, words))
    }

    fn case(&self, node: &ast::CaseExpr, level: &Level) -> Result<Fragment, Refusal> {
        let mut writer = Writer::with("CASE");
        let argument = match node.arg.as_deref() {
            Some(argument) => Some(self.settled(self.expr(argument, level)?)),
            None => None,
        };
        if let Some(argument) = &argument {
            writer.text(" ").fragment(argument);
        }
        // The result of ELSE comes first where the types are brought together; no ELSE is ELSE NULL.
        let mut results = vec![match node.defresult.as_deref() {
            Some(default) => self.expr(default, level)?,
            None => self.constant(&null()),
        }];
        let mut conditions = Vec::with_capacity(node.args.len());
        for branch in &node.args {
            let Some(NodeEnum::CaseWhen(branch)) = branch.node.as_ref() else {
                return Err(missing(node.location));
            };
            let condition = required(branch.expr.as_deref(), branch.location)?;
            conditions.push(match &argument {
                Some(argument) => self.case_value(argument, self.expr(condition, level)?, branch.location)?,
                None => self.condition(condition, level)?,
            });
            results.push(self.expr(required(branch.result.as_deref(), branch.location)?, level)?);
        }
        let (results, common) = self.harmonised(results);
        for (condition, result) in conditions.iter().zip(results.iter().skip(1)) {
            writer
                .text(" WHEN ")
                .fragment(condition)
                .text(" THEN ")
                .fragment(result);
        }
        if let Some(default) = results.first() {
            writer.text(" ELSE ").fragment(default);
        }
        writer.text(" END");
        Ok(writer.closed().typed(common))
    }

    fn sub_link(&self, node: &ast::SubLink, level: &Level) -> Result<Fragment, Refusal> {
        let query = self.sub_query(required(node.subselect.as_deref(), node.location)?, level, Names::Kept)?;
        let kind = SubLinkType::try_from(node.sub_link_type).unwrap_or(SubLinkType::Undefined);
        let mut writer = Writer::default();
        match kind {
            SubLinkType::ExprSublink | SubLinkType::MultiexprSublink => Ok(query),
            SubLinkType::ExistsSublink => {
                writer.text("EXISTS ").fragment(&query);
                Ok(writer.closed().typed(Some(DataType::system("bool"))))
            }
            SubLinkType::ArraySublink => {
                writer.text("ARRAY").fragment(&query);
                let data_type = query.data_type.filter(|element| element.array == Array::Scalar);
                Ok(writer.closed().typed(data_type.map(|element| DataType {
                    array: Array::Array,
                    ..element
                })))
            }
            SubLinkType::AnySublink | SubLinkType::AllSublink => {
                let test = self.expr(required(node.testexpr.as_deref(), node.location)?, level)?;
                let any = kind == SubLinkType::AnySublink;
                let equals = [string_node("=")];
                let name = if node.oper_name.is_empty() {
                    &equals[..]
                } else {
                    &node.oper_name
                };
                let operator = self.operator(name, Some(&test), &query, node.location)?;
                let (test, _) = self.operands(&operator, Some(test), query.clone());
                writer.text("(").list("", &test);
                if any && ast::strings(name) == ["="] {
                    writer.text(" IN ");
                } else {
                    writer.text(" ").template(&operator.written);
                    writer.text(if any { " ANY " } else { " ALL " });
                }
                writer.fragment(&query).text(")");
                Ok(writer.parenthesised().typed(Some(DataType::system("bool"))))
            }
            SubLinkType::RowcompareSublink | SubLinkType::CteSublink | SubLinkType::Undefined => {
                Err(missing(node.location))
            }
        }
    }

    /// `(SELECT …)`; its type is that of its only column.
    pub(super) fn sub_query(&self, node: &ast::Node, level: &Level, names: Names) -> Result<Fragment, Refusal> {
        let query = self.deeper(level, || self.select(node, level, Sees::Everything, names))?;
        let mut writer = Writer::with("(");
        writer.template(&query.template).text(")");
        let data_type = match query.columns.as_slice() {
            [only] => only.data_type.clone(),
            _ => None,
        };
        Ok(writer.parenthesised().typed(data_type))
    }

    fn collate(&self, node: &ast::CollateClause, level: &Level) -> Result<Fragment, Refusal> {
        let argument = self.expr(required(node.arg.as_deref(), node.location)?, level)?;
        let mut writer = Writer::with("(");
        writer.fragment(&argument).text(" COLLATE ");
        self.write_collation(&mut writer, &node.collname, node.location)?;
        writer.text(")");
        Ok(writer.parenthesised().typed(argument.data_type))
    }

    /// Writes a collation's name: a reference where it is one of the schema's own.
    pub(super) fn write_collation(
        &self,
        writer: &mut Writer,
        name: &[ast::Node],
        location: i32,
    ) -> Result<(), Refusal> {
        match self.collation(name, location)? {
            Some(id) => writer.reference(id, Form::Qualified),
            None => writer.name(ast::strings(name).last().copied().unwrap_or("")),
        };
        Ok(())
    }

    fn indirection(&self, node: &ast::AIndirection, level: &Level) -> Result<Fragment, Refusal> {
        let mut value = self.expr(required(node.arg.as_deref(), -1)?, level)?;
        // A subscript stands right behind a column, a field or another subscript, and behind parentheses else.
        let mut is_subscriptable = matches!(value.shape, Shape::Column(_));
        for step in &node.indirection {
            value = match step.node.as_ref() {
                Some(NodeEnum::AIndices(indices)) => {
                    let mut writer = Writer::default();
                    match is_subscriptable {
                        true => writer.fragment(&value),
                        false => writer.enclosed(&value),
                    };
                    let of_json = value
                        .data_type
                        .as_ref()
                        .is_some_and(|container| container.is_system("jsonb"));
                    self.write_subscript(&mut writer, indices, of_json.then(|| DataType::system("text")), level)?;
                    let element = value.data_type.filter(|array| array.array == Array::Array);
                    let data_type = match (element, indices.is_slice) {
                        (Some(array), false) => Some(DataType {
                            array: Array::Scalar,
                            ..array
                        }),
                        (array, _) => array,
                    };
                    writer.closed().typed(data_type)
                }
                Some(NodeEnum::String(field)) => self.field_of(&value, &field.sval),
                Some(NodeEnum::AStar(_)) => {
                    let mut writer = Writer::default();
                    writer.enclosed(&value).text(".*");
                    writer.closed()
                }
                _ => return Err(missing(-1)),
            };
            is_subscriptable = true;
        }
        Ok(value)
    }

    /// `[lower:upper]`; a literal takes the type of the subscripts, where that is not an integer.
    pub(super) fn write_subscript(
        &self,
        writer: &mut Writer,
        node: &ast::AIndices,
        data_type: Option<DataType>,
        level: &Level,
    ) -> Result<(), Refusal> {
        let data_type = data_type.unwrap_or_else(|| DataType::system("int4"));
        writer.text("[");
        if let Some(lower) = node.lidx.as_deref() {
            writer.fragment(&self.assigned(self.expr(lower, level)?, &data_type));
        }
        if node.is_slice {
            writer.text(":");
        }
        if let Some(upper) = node.uidx.as_deref() {
            writer.fragment(&self.assigned(self.expr(upper, level)?, &data_type));
        }
        writer.text("]");
        Ok(())
    }

    /// A collation of the schema; `None` for one of the server's own.
    ///
    /// # Errors
    /// A collation in a named schema that does not exist.
    pub fn collation(&self, name: &[ast::Node], location: i32) -> Result<Option<ObjectId>, Refusal> {
        use crate::catalog::{DefinitionId, DefinitionKind};
        let parts = ast::strings(name);
        let id = |name: QualifiedName| {
            ObjectId::Definition(std::sync::Arc::new(DefinitionId {
                kind: DefinitionKind::Collation,
                schema: Some(name.schema),
                name: name.name,
                types: Vec::new(),
                within: None,
            }))
        };
        let (schema, name) = match parts.as_slice() {
            [name] => (None, *name),
            [schema, name] | [_, schema, name] => (Some(*schema), *name),
            _ => return Err(missing(location)),
        };
        match schema {
            Some("pg_catalog") => Ok(None),
            Some(schema) => {
                let id = id(QualifiedName::new(schema, name));
                if self.catalog.contains(&id) {
                    return Ok(Some(id));
                }
                let message = format!("collation \"{schema}.{name}\" does not exist");
                Err(Refusal::new(Code::UnknownObject, location, message))
            }
            None => Ok(self
                .search_path
                .iter()
                .map(|schema| id(QualifiedName::new(schema.clone(), name)))
                .find(|id| self.catalog.contains(id))),
        }
    }
}

/// `NAME(a, b)`.
pub(super) fn call_like(name: &str, arguments: &[Fragment]) -> Fragment {
    let mut writer = Writer::with(name);
    writer.text("(").list(", ", arguments).text(")");
    writer.closed()
}

/// As [`call_like`], of what may stand wherever a call may.
pub(super) fn construct(name: &str, arguments: &[Fragment]) -> Fragment {
    Fragment {
        shape: Shape::Construct,
        ..call_like(name, arguments)
    }
}

/// `(argument words)`.
fn suffixed(argument: &Fragment, words: &str) -> Fragment {
    let mut writer = Writer::with("(");
    writer.fragment(argument).text(words).text(")");
    writer.parenthesised().typed(Some(DataType::system("bool")))
}

fn parameter_reference(node: &ast::ParamRef, level: &Level) -> Result<Fragment, Refusal> {
    let arguments = level.scope.arguments.as_ref();
    let argument = usize::try_from(node.number - 1)
        .ok()
        .and_then(|index| arguments.and_then(|arguments| arguments.list.get(index)));
    let Some((name, data_type)) = argument else {
        let message = format!("there is no parameter ${}", node.number);
        return Err(Refusal::new(Code::UnknownColumn, node.location, message));
    };
    let mut writer = Writer::default();
    match name {
        Some(name) if level.seen().all(|here| here.items.is_empty()) => writer.name(name.as_str()),
        Some(_) | None => writer.text(&["$", &node.number.to_string()].concat()),
    };
    Ok(writer.closed().typed(Some(data_type.clone())))
}

fn value_function(node: &ast::SqlValueFunction) -> Result<Fragment, Refusal> {
    use SqlValueFunctionOp as Op;
    let (name, data_type) = match Op::try_from(node.op).unwrap_or(Op::SqlvalueFunctionOpUndefined) {
        Op::SvfopCurrentDate => ("CURRENT_DATE", "date"),
        Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => ("CURRENT_TIME", "timetz"),
        Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => ("CURRENT_TIMESTAMP", "timestamptz"),
        Op::SvfopLocaltime | Op::SvfopLocaltimeN => ("LOCALTIME", "time"),
        Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => ("LOCALTIMESTAMP", "timestamp"),
        Op::SvfopCurrentRole => ("CURRENT_ROLE", "name"),
        Op::SvfopCurrentUser => ("CURRENT_USER", "name"),
        Op::SvfopUser => ("USER", "name"),
        Op::SvfopSessionUser => ("SESSION_USER", "name"),
        Op::SvfopCurrentCatalog => ("CURRENT_CATALOG", "name"),
        Op::SvfopCurrentSchema => ("CURRENT_SCHEMA", "name"),
        Op::SqlvalueFunctionOpUndefined => return Err(missing(node.location)),
    };
    let mut writer = Writer::with(name);
    if node.typmod >= 0 {
        writer.text("(").text(&node.typmod.to_string()).text(")");
    }
    let value = Fragment::new(writer.finish(), Shape::Construct);
    Ok(value.typed(Some(DataType::system(data_type))))
}

/// The parser's name of a node's kind.
pub(super) fn kind_name(node: &NodeEnum) -> String {
    let shown = format!("{node:?}");
    let end = shown
        .find(|character: char| !character.is_alphanumeric())
        .unwrap_or(shown.len());
    shown[..end].to_owned()
}

/// The name of a column by itself.
pub(super) fn column_name(fragment: &Fragment) -> Option<&ColumnName> {
    match &fragment.shape {
        Shape::Column(name) => Some(name),
        Shape::Closed | Shape::Call | Shape::Construct | Shape::Parenthesised | Shape::Literal | Shape::WholeRow => {
            None
        }
    }
}

/// A fixed output name.
pub(super) fn fixed_name(name: &str) -> ColumnName {
    ColumnName::Fixed(Ident::from(name))
}
