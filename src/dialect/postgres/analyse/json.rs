//! SQL/JSON expressions and JSON_TABLE (PostgreSQL manual, "JSON Functions"; `get_json_constructor` and
//! `get_json_expr_options` in `ruleutils.c`).

use super::fragment::{Fragment, Writer};
use super::from::{FromItem, listed, show};
use super::literal::{missing, required};
use super::order::SortKeys;
use super::range::{Level, RangeColumn, Sees};
use super::resolve::fixed;
use super::select::Names;
use super::with::aliased;
use super::{Analyser, Refusal};
use crate::catalog::DataType;
use crate::dialect::postgres::read::ast::{
    self, JsonBehaviorType, JsonEncoding, JsonExprOp, JsonFormatType, JsonQuotes, JsonTableColumnType, JsonValueType,
    JsonWrapper, NodeEnum,
};

/// What stands between a JSON constructor's arguments and its RETURNING.
struct ConstructorOptions<'o> {
    nulls: &'static str,
    unique: bool,
    output: Option<&'o ast::JsonOutput>,
}

impl Analyser<'_> {
    /// A JSON constructor, query function or predicate.
    pub(super) fn json(&self, node: &ast::Node, level: &Level) -> Result<Fragment, Refusal> {
        let mut writer = Writer::default();
        match node.node.as_ref() {
            Some(NodeEnum::JsonIsPredicate(predicate)) => {
                self.needs_version(16, predicate.location, "IS JSON")?;
                let value = self.expr(required(predicate.expr.as_deref(), predicate.location)?, level)?;
                writer.text("(").fragment(&value);
                writer.text(
                    match JsonValueType::try_from(predicate.item_type).unwrap_or(JsonValueType::Undefined) {
                        JsonValueType::JsTypeObject => " IS JSON OBJECT",
                        JsonValueType::JsTypeArray => " IS JSON ARRAY",
                        JsonValueType::JsTypeScalar => " IS JSON SCALAR",
                        JsonValueType::JsTypeAny | JsonValueType::Undefined => " IS JSON",
                    },
                );
                writer.text(if predicate.unique_keys {
                    " WITH UNIQUE KEYS)"
                } else {
                    ")"
                });
                return Ok(writer.parenthesised().typed(Some(DataType::system("bool"))));
            }
            Some(NodeEnum::JsonFuncExpr(function)) => self.write_json_function(&mut writer, function, level)?,
            Some(NodeEnum::JsonParseExpr(parse)) => {
                self.needs_version(17, parse.location, "JSON()")?;
                writer.text("JSON(");
                self.write_json_value(&mut writer, parse.expr.as_deref(), level)?;
                writer.text(if parse.unique_keys { " WITH UNIQUE KEYS)" } else { ")" });
            }
            Some(NodeEnum::JsonScalarExpr(scalar)) => {
                self.needs_version(17, scalar.location, "JSON_SCALAR")?;
                let value = self.expr(required(scalar.expr.as_deref(), scalar.location)?, level)?;
                writer.text("JSON_SCALAR(").fragment(&value).text(")");
            }
            Some(NodeEnum::JsonSerializeExpr(serialize)) => {
                self.needs_version(17, serialize.location, "JSON_SERIALIZE")?;
                writer.text("JSON_SERIALIZE(");
                self.write_json_value(&mut writer, serialize.expr.as_deref(), level)?;
                self.write_json_output(&mut writer, serialize.output.as_ref())?;
                writer.text(")");
            }
            Some(NodeEnum::JsonObjectConstructor(object)) => {
                self.needs_version(16, object.location, "JSON_OBJECT")?;
                writer.text("JSON_OBJECT(");
                for (index, pair) in object.exprs.iter().enumerate() {
                    writer.text(if index > 0 { ", " } else { "" });
                    self.write_json_pair(&mut writer, pair, level)?;
                }
                self.write_json_options(
                    &mut writer,
                    &ConstructorOptions {
                        nulls: if object.absent_on_null { " ABSENT ON NULL" } else { "" },
                        unique: object.unique,
                        output: object.output.as_ref(),
                    },
                )?;
                writer.text(")");
            }
            Some(NodeEnum::JsonArrayConstructor(array)) => {
                self.needs_version(16, array.location, "JSON_ARRAY")?;
                writer.text("JSON_ARRAY(");
                for (index, value) in array.exprs.iter().enumerate() {
                    writer.text(if index > 0 { ", " } else { "" });
                    self.write_json_item(&mut writer, value, level)?;
                }
                let nulls = if array.absent_on_null || array.exprs.is_empty() {
                    ""
                } else {
                    " NULL ON NULL"
                };
                self.write_json_options(
                    &mut writer,
                    &ConstructorOptions {
                        nulls,
                        unique: false,
                        output: array.output.as_ref(),
                    },
                )?;
                writer.text(")");
            }
            Some(NodeEnum::JsonArrayQueryConstructor(array)) => {
                self.needs_version(16, array.location, "JSON_ARRAY")?;
                let query = required(array.query.as_deref(), array.location)?;
                let selected = self.select(query, level, Sees::Everything, Names::Hidden)?;
                writer.text("JSON_ARRAY(").template(&selected.template);
                write_json_format(&mut writer, array.format.as_ref());
                self.write_json_output(&mut writer, array.output.as_ref())?;
                writer.text(")");
            }
            Some(NodeEnum::JsonObjectAgg(aggregate)) => {
                let constructor = aggregate.constructor.as_deref().ok_or_else(|| missing(-1))?;
                let pair = aggregate.arg.as_deref().ok_or_else(|| missing(constructor.location))?;
                self.needs_version(16, constructor.location, "JSON_OBJECTAGG")?;
                writer.text("JSON_OBJECTAGG(");
                self.write_json_key_value(&mut writer, pair, level)?;
                self.write_json_options(
                    &mut writer,
                    &ConstructorOptions {
                        nulls: if aggregate.absent_on_null {
                            " ABSENT ON NULL"
                        } else {
                            ""
                        },
                        unique: aggregate.unique,
                        output: constructor.output.as_ref(),
                    },
                )?;
                writer.text(")");
                self.write_json_aggregate_tail(&mut writer, constructor, level)?;
            }
            Some(NodeEnum::JsonArrayAgg(aggregate)) => {
                let constructor = aggregate.constructor.as_deref().ok_or_else(|| missing(-1))?;
                self.needs_version(16, constructor.location, "JSON_ARRAYAGG")?;
                writer.text("JSON_ARRAYAGG(");
                self.write_json_value(&mut writer, aggregate.arg.as_deref(), level)?;
                if !constructor.agg_order.is_empty() {
                    writer.text(" ORDER BY ");
                    self.write_order(&mut writer, &constructor.agg_order, SortKeys::OfQuery, level)?;
                }
                self.write_json_options(
                    &mut writer,
                    &ConstructorOptions {
                        nulls: if aggregate.absent_on_null { "" } else { " NULL ON NULL" },
                        unique: false,
                        output: constructor.output.as_ref(),
                    },
                )?;
                writer.text(")");
                self.write_json_aggregate_tail(&mut writer, constructor, level)?;
            }
            _ => return Err(missing(-1)),
        }
        Ok(writer.closed())
    }

    fn write_json_aggregate_tail(
        &self,
        writer: &mut Writer,
        constructor: &ast::JsonAggConstructor,
        level: &Level,
    ) -> Result<(), Refusal> {
        self.write_filter_and_window(
            writer,
            constructor.agg_filter.as_deref(),
            constructor.over.as_deref(),
            level,
        )
    }

    fn write_json_options(&self, writer: &mut Writer, options: &ConstructorOptions) -> Result<(), Refusal> {
        writer.text(options.nulls);
        writer.text(if options.unique { " WITH UNIQUE KEYS" } else { "" });
        self.write_json_output(writer, options.output)
    }

    fn write_json_output(&self, writer: &mut Writer, output: Option<&ast::JsonOutput>) -> Result<(), Refusal> {
        if let Some(output) = output
            && let Some(name) = &output.type_name
        {
            writer.text(" RETURNING ");
            self.write_type(writer, &self.data_type(name)?);
            write_json_format(
                writer,
                output
                    .returning
                    .as_ref()
                    .and_then(|returning| returning.format.as_ref()),
            );
        }
        Ok(())
    }

    fn write_json_pair(&self, writer: &mut Writer, node: &ast::Node, level: &Level) -> Result<(), Refusal> {
        match node.node.as_ref() {
            Some(NodeEnum::JsonKeyValue(pair)) => self.write_json_key_value(writer, pair, level),
            _ => Err(missing(-1)),
        }
    }

    fn write_json_key_value(
        &self,
        writer: &mut Writer,
        pair: &ast::JsonKeyValue,
        level: &Level,
    ) -> Result<(), Refusal> {
        let key = self.expr(required(pair.key.as_deref(), -1)?, level)?;
        writer.fragment(&key).text(" : ");
        self.write_json_value(writer, pair.value.as_deref(), level)
    }

    fn write_json_item(&self, writer: &mut Writer, node: &ast::Node, level: &Level) -> Result<(), Refusal> {
        match node.node.as_ref() {
            Some(NodeEnum::JsonValueExpr(value)) => self.write_json_value(writer, Some(value), level),
            _ => {
                writer.fragment(&self.expr(node, level)?);
                Ok(())
            }
        }
    }

    fn write_json_value(
        &self,
        writer: &mut Writer,
        value: Option<&ast::JsonValueExpr>,
        level: &Level,
    ) -> Result<(), Refusal> {
        let value = value.ok_or_else(|| missing(-1))?;
        writer.fragment(&self.expr(required(value.raw_expr.as_deref(), -1)?, level)?);
        write_json_format(writer, value.format.as_ref());
        Ok(())
    }

    fn write_json_function(
        &self,
        writer: &mut Writer,
        function: &ast::JsonFuncExpr,
        level: &Level,
    ) -> Result<(), Refusal> {
        self.needs_version(17, function.location, "an SQL/JSON query function")?;
        writer.text(
            match JsonExprOp::try_from(function.op).unwrap_or(JsonExprOp::Undefined) {
                JsonExprOp::JsonExistsOp => "JSON_EXISTS(",
                JsonExprOp::JsonQueryOp => "JSON_QUERY(",
                JsonExprOp::JsonValueOp => "JSON_VALUE(",
                JsonExprOp::JsonTableOp | JsonExprOp::Undefined => return Err(missing(function.location)),
            },
        );
        self.write_json_value(writer, function.context_item.as_deref(), level)?;
        let path = self.expr(required(function.pathspec.as_deref(), function.location)?, level)?;
        writer.text(", ").fragment(&path);
        self.write_json_passing(writer, &function.passing, level)?;
        self.write_json_output(writer, function.output.as_ref())?;
        write_json_wrapper(writer, function.wrapper, function.quotes);
        self.write_json_behavior(writer, function.on_empty.as_deref(), " ON EMPTY", level)?;
        self.write_json_behavior(writer, function.on_error.as_deref(), " ON ERROR", level)?;
        writer.text(")");
        Ok(())
    }

    fn write_json_passing(&self, writer: &mut Writer, nodes: &[ast::Node], level: &Level) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::JsonArgument(argument)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(if index == 0 { " PASSING " } else { ", " });
            self.write_json_value(writer, argument.val.as_deref(), level)?;
            writer.text(" AS ").name(&argument.name);
        }
        Ok(())
    }

    fn write_json_behavior(
        &self,
        writer: &mut Writer,
        behavior: Option<&ast::JsonBehavior>,
        event: &str,
        level: &Level,
    ) -> Result<(), Refusal> {
        let Some(behavior) = behavior else { return Ok(()) };
        let words = match JsonBehaviorType::try_from(behavior.btype).unwrap_or_default() {
            JsonBehaviorType::JsonBehaviorNull => " NULL",
            JsonBehaviorType::JsonBehaviorError => " ERROR",
            JsonBehaviorType::JsonBehaviorEmpty | JsonBehaviorType::JsonBehaviorEmptyArray => " EMPTY ARRAY",
            JsonBehaviorType::JsonBehaviorTrue => " TRUE",
            JsonBehaviorType::JsonBehaviorFalse => " FALSE",
            JsonBehaviorType::JsonBehaviorUnknown => " UNKNOWN",
            JsonBehaviorType::JsonBehaviorEmptyObject => " EMPTY OBJECT",
            JsonBehaviorType::JsonBehaviorDefault => {
                let value = self.expr(required(behavior.expr.as_deref(), behavior.location)?, level)?;
                writer.text(" DEFAULT ").fragment(&value);
                ""
            }
            JsonBehaviorType::Undefined => return Err(missing(behavior.location)),
        };
        writer.text(words).text(event);
        Ok(())
    }

    /// JSON_TABLE.
    pub(super) fn json_table(&self, node: &ast::JsonTable, level: &mut Level) -> Result<FromItem, Refusal> {
        self.needs_version(17, node.location, "JSON_TABLE")?;
        let mut writer = Writer::with(if node.lateral {
            "LATERAL JSON_TABLE("
        } else {
            "JSON_TABLE("
        });
        self.write_json_value(&mut writer, node.context_item.as_deref(), level)?;
        let path = node.pathspec.as_deref().ok_or_else(|| missing(node.location))?;
        writer.text(", ");
        self.write_json_path(&mut writer, path, level)?;
        self.write_json_passing(&mut writer, &node.passing, level)?;
        let mut columns = Vec::new();
        self.write_json_columns(&mut writer, &node.columns, &mut columns, level)?;
        self.write_json_behavior(&mut writer, node.on_error.as_deref(), " ON ERROR", level)?;
        writer.text(")");
        let mut name = "json_table";
        if let Some(alias) = &node.alias {
            let names = ast::strings(&alias.colnames);
            columns = aliased(columns, &names);
            super::from::write_alias(&mut writer, &alias.aliasname, &columns, names.len());
            name = &alias.aliasname;
        }
        Ok(show(writer, listed(name, columns), level))
    }

    fn write_json_path(
        &self,
        writer: &mut Writer,
        path: &ast::JsonTablePathSpec,
        level: &Level,
    ) -> Result<(), Refusal> {
        let text = self.expr(required(path.string.as_deref(), path.location)?, level)?;
        writer.fragment(&text);
        if !path.name.is_empty() {
            writer.text(" AS ").name(&path.name);
        }
        Ok(())
    }

    fn write_json_columns(
        &self,
        writer: &mut Writer,
        nodes: &[ast::Node],
        columns: &mut Vec<RangeColumn>,
        level: &Level,
    ) -> Result<(), Refusal> {
        writer.text(" COLUMNS (");
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::JsonTableColumn(column)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            writer.text(if index > 0 { ", " } else { "" });
            self.deeper(level, || self.write_json_column(writer, column, columns, level))?;
        }
        writer.text(")");
        Ok(())
    }

    fn write_json_column(
        &self,
        writer: &mut Writer,
        column: &ast::JsonTableColumn,
        columns: &mut Vec<RangeColumn>,
        level: &Level,
    ) -> Result<(), Refusal> {
        let kind = JsonTableColumnType::try_from(column.coltype).unwrap_or(JsonTableColumnType::Undefined);
        if kind == JsonTableColumnType::JtcNested {
            let path = column.pathspec.as_deref().ok_or_else(|| missing(column.location))?;
            writer.text("NESTED PATH ");
            self.write_json_path(writer, path, level)?;
            return self.write_json_columns(writer, &column.columns, columns, level);
        }
        writer.name(&column.name);
        let mut data_type = Some(DataType::system("int4"));
        if kind == JsonTableColumnType::JtcForOrdinality {
            writer.text(" FOR ORDINALITY");
        } else if let Some(name) = &column.type_name {
            let own = self.data_type(name)?;
            writer.text(" ");
            self.write_type(writer, &own);
            data_type = Some(own);
        }
        columns.push(fixed(&column.name, data_type));
        if kind == JsonTableColumnType::JtcExists {
            writer.text(" EXISTS");
        }
        write_json_format(writer, column.format.as_ref());
        if let Some(path) = column.pathspec.as_deref() {
            writer.text(" PATH ");
            self.write_json_path(writer, path, level)?;
        }
        write_json_wrapper(writer, column.wrapper, column.quotes);
        self.write_json_behavior(writer, column.on_empty.as_deref(), " ON EMPTY", level)?;
        self.write_json_behavior(writer, column.on_error.as_deref(), " ON ERROR", level)
    }
}

fn write_json_format(writer: &mut Writer, format: Option<&ast::JsonFormat>) {
    let Some(format) = format else { return };
    if format.format_type != JsonFormatType::JsFormatJson as i32 {
        return;
    }
    writer.text(" FORMAT JSON");
    writer.text(
        match JsonEncoding::try_from(format.encoding).unwrap_or(JsonEncoding::Undefined) {
            JsonEncoding::JsEncUtf8 => " ENCODING UTF8",
            JsonEncoding::JsEncUtf16 => " ENCODING UTF16",
            JsonEncoding::JsEncUtf32 => " ENCODING UTF32",
            JsonEncoding::JsEncDefault | JsonEncoding::Undefined => "",
        },
    );
}

fn write_json_wrapper(writer: &mut Writer, wrapper: i32, quotes: i32) {
    writer.text(match JsonWrapper::try_from(wrapper).unwrap_or(JsonWrapper::Undefined) {
        JsonWrapper::JswConditional => " WITH CONDITIONAL WRAPPER",
        JsonWrapper::JswUnconditional => " WITH UNCONDITIONAL WRAPPER",
        JsonWrapper::JswNone | JsonWrapper::JswUnspec | JsonWrapper::Undefined => "",
    });
    writer.text(match JsonQuotes::try_from(quotes).unwrap_or(JsonQuotes::Undefined) {
        JsonQuotes::JsQuotesOmit => " OMIT QUOTES",
        JsonQuotes::JsQuotesKeep | JsonQuotes::JsQuotesUnspec | JsonQuotes::Undefined => "",
    });
}
