//! Select lists: `*`, output names, and how they are written.
//!
//! Knows what an output column without an alias is called (`FigureColname` in `parse_target.c`).

use super::expression::{column_name, fixed_name};
use super::fragment::{Fragment, Writer};
use super::literal::required;
use super::range::{ColumnName, Level, RangeColumn, Visible};
use super::select::Names;
use super::{Analyser, Refusal};
use crate::catalog::OwnName;
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{
    self, MinMaxOp, NodeEnum, SqlValueFunctionOp as Value, SubLinkType, XmlExprOp,
};

/// What a value without a name is called (`FigureColname`).
const NAMELESS: &str = "?column?";

/// An output column of a query.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The value.
    pub(super) value: Fragment,
    /// The name.
    pub(super) name: ColumnName,
    /// Whether the value is a constant, which ORDER BY would take for a position.
    pub(super) constant: bool,
    /// Whether the value is a constant or the cast of one.
    pub(super) is_typed_constant: bool,
}

impl Target {
    /// Whether the server's text of the value, read again, might be called something else than it is: of a constant it
    /// writes the type, and that gives a name to what had none.
    fn is_named_by_type(&self) -> bool {
        let name = self.name.ident();
        self.is_typed_constant
            && self
                .value
                .data_type
                .as_ref()
                .is_some_and(|data_type| data_type.is_system(name.as_str()))
    }

    /// The column that a query around sees.
    pub(super) fn column(&self) -> RangeColumn {
        RangeColumn {
            name: self.name.clone(),
            data_type: self.value.data_type.clone(),
        }
    }
}

/// A column that `*` stands for, with its name.
pub(super) type Named = (ColumnName, Fragment);

/// How sure a figured name is: a better one further out takes its place (`FigureColnameInternal`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Weak,
    Strong,
}

impl Analyser<'_> {
    /// A select list or RETURNING.
    pub(super) fn targets(&self, nodes: &[ast::Node], level: &Level) -> Result<Vec<Target>, Refusal> {
        let mut targets = Vec::with_capacity(nodes.len());
        for node in nodes {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_ref() else {
                return Err(super::literal::missing(-1));
            };
            let value = required(target.val.as_deref(), target.location)?;
            if let Some(columns) = self.star(value, level).map_err(|refusal| refusal.at(target.location))? {
                targets.extend(columns.into_iter().map(|(name, value)| Target {
                    value,
                    name,
                    constant: false,
                    is_typed_constant: false,
                }));
                continue;
            }
            let fragment = self.expr(value, level).map_err(|refusal| refusal.at(target.location))?;
            let name = match (column_name(&fragment), target.name.as_str()) {
                (Some(own), "") => own.clone(),
                // An alias that is the column's own name says nothing.
                (Some(own), alias) if own.is(alias) => own.clone(),
                (_, "") => fixed_name(&self.figured_name(value, level)),
                (_, alias) => fixed_name(alias),
            };
            targets.push(Target {
                value: fragment,
                name,
                constant: matches!(value.node, Some(NodeEnum::AConst(_))),
                is_typed_constant: is_typed_constant(value),
            });
        }
        Ok(targets)
    }

    /// Writes a select list, with output names where they count and are not the columns' own.
    pub(super) fn write_targets(&self, writer: &mut Writer, targets: &[Target], names: Names) {
        for (index, target) in targets.iter().enumerate() {
            if index > 0 {
                writer.text(", ");
            }
            writer.fragment(&target.value);
            match names {
                Names::Shown if column_name(&target.value) != Some(&target.name) => {
                    writer.text(" AS ").name(target.name.ident().as_str());
                }
                Names::Kept
                    if column_name(&target.value) != Some(&target.name)
                        && !target.name.is(NAMELESS)
                        && !target.is_named_by_type() =>
                {
                    writer.text(" AS ").name(target.name.ident().as_str());
                }
                Names::Output => {
                    let own = column_name(&target.value).map(|name| match name {
                        ColumnName::Fixed(name) => OwnName::Name(name.clone()),
                        ColumnName::Of(id) => OwnName::Object(id.clone()),
                    });
                    writer.output(index, own);
                }
                Names::Shown | Names::Hidden | Names::Kept => {}
            }
        }
    }

    /// The columns that `*`, `item.*` or `(row).*` stands for; `None` for anything else.
    pub(super) fn star(&self, node: &ast::Node, level: &Level) -> Result<Option<Vec<Named>>, Refusal> {
        let is_star = |node: &ast::Node| matches!(node.node, Some(NodeEnum::AStar(_)));
        match node.node.as_ref() {
            Some(NodeEnum::ColumnRef(reference)) if reference.fields.last().is_some_and(is_star) => {
                let names = ast::strings(&reference.fields);
                let found = match names.as_slice() {
                    [] => self.all_columns(level),
                    [table] => self.item_columns(None, table, level),
                    [schema, table] | [_, schema, table] => self.item_columns(Some(schema), table, level),
                    _ => Err(super::literal::missing(reference.location)),
                };
                found.map(Some).map_err(|refusal| refusal.at(reference.location))
            }
            Some(NodeEnum::AIndirection(indirection)) if indirection.indirection.last().is_some_and(is_star) => {
                let mut inner = (**indirection).clone();
                inner.indirection.pop();
                let value = if inner.indirection.is_empty() {
                    self.expr(required(inner.arg.as_deref(), -1)?, level)?
                } else {
                    let node = ast::Node {
                        node: Some(NodeEnum::AIndirection(Box::new(inner))),
                    };
                    self.expr(&node, level)?
                };
                self.fields_of(&value, indirection, level).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `(row).a, (row).b` for `(row).*`.
    fn fields_of(
        &self,
        value: &Fragment,
        indirection: &ast::AIndirection,
        level: &Level,
    ) -> Result<Vec<Named>, Refusal> {
        let mut columns = value.data_type.as_ref().and_then(|row| self.row_columns(row));
        if columns.is_none()
            && let [_] = indirection.indirection.as_slice()
            && let Some(NodeEnum::FuncCall(call)) = indirection.arg.as_ref().and_then(|node| node.node.as_ref())
        {
            let (_, callee) = self.call_and_callee(call, level)?;
            columns = self.result_columns(&callee);
        }
        let columns = columns.ok_or_else(|| {
            let refusal = Refusal::new(Code::UnsupportedClause, -1, "the columns of \"(…).*\" are not known");
            refusal.hint("Write the columns one by one.")
        })?;
        Ok(columns
            .iter()
            .map(|column| {
                let name = column.name.ident();
                let field = self.field_of(value, name.as_str());
                (ColumnName::Fixed(name), field)
            })
            .collect())
    }

    /// All columns of a query, as `*` shows them.
    fn all_columns(&self, level: &Level) -> Result<Vec<Named>, Refusal> {
        if level.visible.is_empty() {
            let message = "SELECT * with no tables specified is not valid";
            return Err(Refusal::new(Code::SyntaxError, -1, message));
        }
        Ok(self
            .visible_columns(&level.visible, level)
            .into_iter()
            .map(|(column, value)| (column.name, value))
            .collect())
    }

    fn item_columns(&self, schema: Option<&str>, table: &str, level: &Level) -> Result<Vec<Named>, Refusal> {
        match self.find_item(schema, table, level) {
            Some((item, here)) => Ok(item
                .all(self.catalog)
                .into_iter()
                .map(|column| (column.name.clone(), self.column_of(item, column, here, level)))
                .collect()),
            None => {
                let message = format!("missing FROM-clause entry for table \"{table}\"");
                Err(Refusal::new(Code::UnknownRelation, -1, message))
            }
        }
    }

    /// The columns that a list of visible things shows, with how they are written on their own level.
    pub(super) fn visible_columns(&self, visible: &[Visible], level: &Level) -> Vec<(RangeColumn, Fragment)> {
        let mut columns = Vec::new();
        for visible in visible {
            match visible {
                Visible::Item(index, merged) => {
                    let Some(item) = level.items.get(*index) else { continue };
                    for column in item.all(self.catalog) {
                        if merged.contains(&column.name.ident()) {
                            continue;
                        }
                        let fragment = self.column_of(item, column.clone(), level, level);
                        columns.push((column, fragment));
                    }
                }
                Visible::Merged(merged) => {
                    columns.push((merged.column.clone(), super::resolve::merged_column(merged)));
                }
            }
        }
        columns
    }

    /// The name of an output column without an alias.
    pub(super) fn figured_name(&self, node: &ast::Node, level: &Level) -> String {
        self.figure(node, level)
            .map_or_else(|| NAMELESS.to_owned(), |(name, _)| name)
    }

    fn figure(&self, node: &ast::Node, level: &Level) -> Option<(String, Strength)> {
        let strong = |name: &str| Some((name.to_owned(), Strength::Strong));
        match node.node.as_ref()? {
            NodeEnum::ColumnRef(reference) => strong(ast::strings(&reference.fields).last()?),
            NodeEnum::AIndirection(indirection) => match ast::strings(&indirection.indirection).last() {
                Some(field) => strong(field),
                None => self.figure(indirection.arg.as_deref()?, level),
            },
            NodeEnum::FuncCall(call) => strong(ast::strings(&call.funcname).last()?),
            NodeEnum::AExpr(operation) if operation.kind == ast::AExprKind::AexprNullif as i32 => strong("nullif"),
            NodeEnum::TypeCast(cast) => {
                let inner = self.figure(cast.arg.as_deref()?, level);
                match inner {
                    Some((_, Strength::Strong)) => inner,
                    Some((_, Strength::Weak)) | None => {
                        let name = ast::strings(&cast.type_name.as_ref()?.names).last()?.to_string();
                        Some((name, Strength::Weak))
                    }
                }
            }
            NodeEnum::CollateClause(clause) => self.figure(clause.arg.as_deref()?, level),
            NodeEnum::GroupingFunc(_) => strong("grouping"),
            NodeEnum::MergeSupportFunc(_) => strong("merge_action"),
            NodeEnum::SubLink(link) => match SubLinkType::try_from(link.sub_link_type).ok()? {
                SubLinkType::ExistsSublink => strong("exists"),
                SubLinkType::ArraySublink => strong("array"),
                SubLinkType::ExprSublink => {
                    let query = link.subselect.as_deref()?;
                    let selected = self
                        .select(query, level, super::range::Sees::Everything, Names::Hidden)
                        .ok()?;
                    strong(selected.columns.first()?.name.ident().as_str())
                }
                _ => None,
            },
            NodeEnum::CaseExpr(case) => {
                let default = case.defresult.as_deref().and_then(|node| self.figure(node, level));
                match default {
                    Some((_, Strength::Strong)) => default,
                    Some((_, Strength::Weak)) | None => Some(("case".to_owned(), Strength::Weak)),
                }
            }
            NodeEnum::AArrayExpr(_) => strong("array"),
            NodeEnum::RowExpr(_) => strong("row"),
            NodeEnum::CoalesceExpr(_) => strong("coalesce"),
            NodeEnum::MinMaxExpr(node) if node.op == MinMaxOp::IsLeast as i32 => strong("least"),
            NodeEnum::MinMaxExpr(_) => strong("greatest"),
            NodeEnum::SqlvalueFunction(function) => strong(value_name(Value::try_from(function.op).ok()?)?),
            NodeEnum::XmlExpr(expression) => strong(xml_name(XmlExprOp::try_from(expression.op).ok()?)?),
            NodeEnum::XmlSerialize(_) => strong("xmlserialize"),
            NodeEnum::JsonParseExpr(_) => strong("json"),
            NodeEnum::JsonScalarExpr(_) => strong("json_scalar"),
            NodeEnum::JsonSerializeExpr(_) => strong("json_serialize"),
            NodeEnum::JsonObjectConstructor(_) => strong("json_object"),
            NodeEnum::JsonArrayConstructor(_) | NodeEnum::JsonArrayQueryConstructor(_) => strong("json_array"),
            NodeEnum::JsonObjectAgg(_) => strong("json_objectagg"),
            NodeEnum::JsonArrayAgg(_) => strong("json_arrayagg"),
            NodeEnum::JsonFuncExpr(function) => match ast::JsonExprOp::try_from(function.op).ok()? {
                ast::JsonExprOp::JsonExistsOp => strong("json_exists"),
                ast::JsonExprOp::JsonQueryOp => strong("json_query"),
                ast::JsonExprOp::JsonValueOp => strong("json_value"),
                ast::JsonExprOp::JsonTableOp | ast::JsonExprOp::Undefined => None,
            },
            _ => None,
        }
    }
}

/// Whether a value is a constant, or a constant with casts.
fn is_typed_constant(node: &ast::Node) -> bool {
    let mut node = node;
    loop {
        match node.node.as_ref() {
            Some(NodeEnum::AConst(_)) => return true,
            Some(NodeEnum::TypeCast(cast)) => match cast.arg.as_deref() {
                Some(inner) => node = inner,
                None => return false,
            },
            Some(_) | None => return false,
        }
    }
}

fn value_name(function: Value) -> Option<&'static str> {
    Some(match function {
        Value::SvfopCurrentDate => "current_date",
        Value::SvfopCurrentTime | Value::SvfopCurrentTimeN => "current_time",
        Value::SvfopCurrentTimestamp | Value::SvfopCurrentTimestampN => "current_timestamp",
        Value::SvfopLocaltime | Value::SvfopLocaltimeN => "localtime",
        Value::SvfopLocaltimestamp | Value::SvfopLocaltimestampN => "localtimestamp",
        Value::SvfopCurrentRole => "current_role",
        Value::SvfopCurrentUser => "current_user",
        Value::SvfopUser => "user",
        Value::SvfopSessionUser => "session_user",
        Value::SvfopCurrentCatalog => "current_catalog",
        Value::SvfopCurrentSchema => "current_schema",
        Value::SqlvalueFunctionOpUndefined => return None,
    })
}

fn xml_name(operation: XmlExprOp) -> Option<&'static str> {
    Some(match operation {
        XmlExprOp::IsXmlconcat => "xmlconcat",
        XmlExprOp::IsXmlelement => "xmlelement",
        XmlExprOp::IsXmlforest => "xmlforest",
        XmlExprOp::IsXmlparse => "xmlparse",
        XmlExprOp::IsXmlpi => "xmlpi",
        XmlExprOp::IsXmlroot => "xmlroot",
        XmlExprOp::IsXmlserialize => "xmlserialize",
        XmlExprOp::IsDocument | XmlExprOp::Undefined => return None,
    })
}
