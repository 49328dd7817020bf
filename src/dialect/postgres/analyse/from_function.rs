//! Functions in FROM: the columns they show.
//!
//! Knows OUT and TABLE arguments, row types, column definition lists and WITH ORDINALITY (`addRangeTableEntryForFunction`).
//! The names of the columns are always written, as the server does, because a function may be replaced later.

use super::callee::{Callee, outputs};
use super::fragment::{Fragment, Writer};
use super::from::{FromItem, listed, show};
use super::literal::{missing, required};
use super::range::{ColumnName, Level, RangeColumn};
use super::resolve::{fixed, system_type};
use super::with::aliased;
use super::{Analyser, Refusal, resolve};
use crate::catalog::routine::Returns;
use crate::catalog::{Array, DataType};
use crate::dialect::postgres::read::ast::{self, NodeEnum};

impl Analyser<'_> {
    /// `function(…)`, `ROWS FROM (…)`, with ordinality, alias and column definitions.
    pub(super) fn range_function(&self, node: &ast::RangeFunction, level: &mut Level) -> Result<FromItem, Refusal> {
        let mut writer = Writer::with(if node.lateral { "LATERAL " } else { "" });
        if node.is_rowsfrom {
            writer.text("ROWS FROM (");
        }
        let alias = node.alias.as_ref();
        let mut columns = Vec::new();
        let mut first_name = String::new();
        for (index, entry) in node.functions.iter().enumerate() {
            let (function, definitions) = match ast::list(entry) {
                [function, definitions] => (function, ast::list(definitions)),
                [function] => (function, [].as_slice()),
                _ => return Err(missing(-1)),
            };
            let name = self.figured_name(function, level);
            if index == 0 {
                first_name.clone_from(&name);
            } else {
                writer.text(", ");
            }
            let (value, callee) = match function.node.as_ref() {
                Some(NodeEnum::FuncCall(call)) => {
                    let (value, callee) = self.call_and_callee(call, level)?;
                    (value, Some(callee))
                }
                _ => (self.expr(function, level)?, None),
            };
            writer.fragment(&value);
            let definitions = if node.is_rowsfrom {
                definitions
            } else {
                &node.coldeflist
            };
            if definitions.iter().any(|definition| definition.node.is_some()) {
                let defined = self.defined_columns(definitions)?;
                if node.is_rowsfrom {
                    writer.text(" AS (");
                    self.write_definitions(&mut writer, definitions)?;
                    writer.text(")");
                }
                columns.extend(defined);
                continue;
            }
            let called = match alias {
                Some(alias) if node.functions.len() == 1 => alias.aliasname.as_str(),
                Some(_) | None => &name,
            };
            columns.extend(self.function_columns(function, &value, callee.as_ref(), called, level)?);
        }
        if node.is_rowsfrom {
            writer.text(")");
        }
        if node.ordinality {
            writer.text(" WITH ORDINALITY");
            columns.push(fixed("ordinality", Some(DataType::system("int8"))));
        }
        let item_name = alias.map_or(first_name.as_str(), |alias| alias.aliasname.as_str());
        if let Some(alias) = alias {
            columns = aliased(columns, &ast::strings(&alias.colnames));
        }
        if !node.is_rowsfrom && !node.coldeflist.is_empty() {
            writer.text(" AS ");
            if alias.is_some() {
                writer.name(item_name);
            }
            writer.text("(");
            self.write_definitions(&mut writer, &node.coldeflist)?;
            writer.text(")");
        } else {
            super::from::write_alias(&mut writer, item_name, &columns, columns.len());
        }
        Ok(show(writer, listed(item_name, columns), level))
    }

    /// The columns of a function's result: several, or one that is named by `called` unless the function names it.
    fn function_columns(
        &self,
        node: &ast::Node,
        value: &Fragment,
        callee: Option<&Callee>,
        called: &str,
        level: &Level,
    ) -> Result<Vec<RangeColumn>, Refusal> {
        if let Some(columns) = callee.and_then(|callee| self.result_columns(callee)) {
            return Ok(columns);
        }
        if let Some(row) = self.polymorphic_result(node, callee, level)? {
            return Ok(self.row_columns(&row).unwrap_or_else(|| vec![fixed(called, Some(row))]));
        }
        let row = value.data_type.as_ref().and_then(|row| self.row_columns(row));
        Ok(row.unwrap_or_else(|| vec![fixed(called, value.data_type.clone())]))
    }

    /// The columns of a result that has names of its own: OUT and TABLE arguments, a row type.
    pub(super) fn result_columns(&self, callee: &Callee) -> Option<Vec<RangeColumn>> {
        match callee {
            Callee::Own(id, _) => {
                let routine = self.routine(id)?;
                if let Some(Returns::Table(columns)) = &routine.returns {
                    let column = |(name, data_type): &(_, DataType)| RangeColumn {
                        name: ColumnName::Fixed(Clone::clone(name)),
                        data_type: Some(data_type.clone()),
                    };
                    return Some(columns.iter().map(column).collect());
                }
                let outputs: Vec<RangeColumn> = outputs(routine)
                    .enumerate()
                    .map(|(index, argument)| {
                        let name = argument.name.as_ref().map(|name| name.as_str().to_owned());
                        let name = name.unwrap_or_else(|| ["column", &(index + 1).to_string()].concat());
                        fixed(&name, Some(argument.data_type.clone()))
                    })
                    .collect();
                if !outputs.is_empty() {
                    return Some(outputs);
                }
                match &routine.returns {
                    Some(Returns::Value(data_type) | Returns::SetOf(data_type)) => self.row_columns(data_type),
                    Some(Returns::Table(_)) | None => None,
                }
            }
            Callee::System(_, functions) | Callee::Extension(_, _, _, functions) => {
                let first = functions.first()?;
                let columns: Vec<RangeColumn> = first
                    .result_columns()
                    .map(|(name, data_type)| fixed(name, system_type(data_type)))
                    .collect();
                if !columns.is_empty() {
                    return Some(columns);
                }
                self.row_columns(&system_type(first.result().0)?)
            }
            Callee::Foreign(..) | Callee::Cast(_) | Callee::Range(_) => None,
        }
    }

    /// The type of a result that is that of an argument: `unnest(rows)`, `jsonb_populate_record(NULL::t, …)`.
    fn polymorphic_result(
        &self,
        node: &ast::Node,
        callee: Option<&Callee>,
        level: &Level,
    ) -> Result<Option<DataType>, Refusal> {
        let (Some(Callee::System(_, functions)), Some(NodeEnum::FuncCall(call))) = (callee, node.node.as_ref()) else {
            return Ok(None);
        };
        let Some(function) = functions.iter().find(|function| function.result().0 == "anyelement") else {
            return Ok(None);
        };
        for (declared, argument) in function.arguments().zip(&call.args) {
            let given = self.expr(argument, level)?.data_type;
            match (declared, given) {
                ("anyelement", given) => return Ok(given),
                ("anyarray", Some(given)) if given.array == Array::Array => {
                    return Ok(Some(DataType {
                        array: Array::Scalar,
                        ..given
                    }));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// The columns of a definition list.
    pub(super) fn defined_columns(&self, nodes: &[ast::Node]) -> Result<Vec<RangeColumn>, Refusal> {
        let mut columns = Vec::with_capacity(nodes.len());
        for node in nodes {
            let Some(NodeEnum::ColumnDef(definition)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            let data_type = definition
                .type_name
                .as_ref()
                .ok_or_else(|| missing(definition.location))?;
            columns.push(resolve::fixed(&definition.colname, Some(self.data_type(data_type)?)));
        }
        Ok(columns)
    }

    fn write_definitions(&self, writer: &mut Writer, nodes: &[ast::Node]) -> Result<(), Refusal> {
        for (index, node) in nodes.iter().enumerate() {
            let Some(NodeEnum::ColumnDef(definition)) = node.node.as_ref() else {
                return Err(missing(-1));
            };
            if index > 0 {
                writer.text(", ");
            }
            let data_type = definition
                .type_name
                .as_ref()
                .ok_or_else(|| missing(definition.location))?;
            writer.name(&definition.colname).text(" ");
            self.write_type(writer, &self.data_type(data_type)?);
            if let Some(clause) = definition.coll_clause.as_deref() {
                writer.text(" COLLATE ");
                self.write_collation(writer, &clause.collname, clause.location)?;
            }
        }
        Ok(())
    }

    /// XMLTABLE: a column for each COLUMNS entry.
    pub(super) fn xml_table(&self, node: &ast::RangeTableFunc, level: &mut Level) -> Result<FromItem, Refusal> {
        let mut writer = Writer::with(if node.lateral { "LATERAL XMLTABLE(" } else { "XMLTABLE(" });
        if !node.namespaces.is_empty() {
            writer.text("XMLNAMESPACES (");
            for (index, entry) in node.namespaces.iter().enumerate() {
                let Some(NodeEnum::ResTarget(target)) = entry.node.as_ref() else {
                    return Err(missing(node.location));
                };
                writer.text(if index > 0 { ", " } else { "" });
                let value = self.expr(required(target.val.as_deref(), target.location)?, level)?;
                if target.name.is_empty() {
                    writer.text("DEFAULT ").fragment(&value);
                } else {
                    writer.fragment(&value).text(" AS ").name(&target.name);
                }
            }
            writer.text("), ");
        }
        let row = self.expr(required(node.rowexpr.as_deref(), node.location)?, level)?;
        let document = self.expr(required(node.docexpr.as_deref(), node.location)?, level)?;
        writer
            .enclosed(&row)
            .text(" PASSING ")
            .enclosed(&document)
            .text(" COLUMNS ");
        let mut columns = Vec::with_capacity(node.columns.len());
        for (index, entry) in node.columns.iter().enumerate() {
            let Some(NodeEnum::RangeTableFuncCol(column)) = entry.node.as_ref() else {
                return Err(missing(node.location));
            };
            writer.text(if index > 0 { ", " } else { "" }).name(&column.colname);
            let data_type = match column.type_name.as_ref() {
                Some(name) if !column.for_ordinality => Some(self.data_type(name)?),
                Some(_) | None => None,
            };
            match &data_type {
                Some(data_type) => {
                    writer.text(" ");
                    self.write_type(&mut writer, data_type);
                }
                None => {
                    writer.text(" FOR ORDINALITY");
                }
            }
            for (word, value) in [(" PATH ", &column.colexpr), (" DEFAULT ", &column.coldefexpr)] {
                if let Some(value) = value.as_deref() {
                    writer.text(word).enclosed(&self.expr(value, level)?);
                }
            }
            if column.is_not_null {
                writer.text(" NOT NULL");
            }
            let data_type = data_type.or_else(|| Some(DataType::system("int4")));
            columns.push(fixed(&column.colname, data_type));
        }
        writer.text(")");
        let mut name = "xmltable";
        if let Some(alias) = &node.alias {
            let names = ast::strings(&alias.colnames);
            columns = aliased(columns, &names);
            super::from::write_alias(&mut writer, &alias.aliasname, &columns, names.len());
            name = &alias.aliasname;
        }
        Ok(show(writer, listed(name, columns), level))
    }
}
