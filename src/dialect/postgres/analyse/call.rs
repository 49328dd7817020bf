//! Calls of functions, aggregates and window functions.
//!
//! Knows how a call is written, SQL's own spellings included (`get_func_expr`, `get_agg_expr`, `get_windowfunc_expr`
//! and `get_func_sql_syntax` in `ruleutils.c`). Which function is meant is for `callee`.

use super::callee::{Call, Callee, Variadic};
use super::fragment::{Fragment, Writer};
use super::literal::{required, string_constant};
use super::order::SortKeys;
use super::range::Level;
use super::{Analyser, Refusal};
use crate::catalog::DataType;
use crate::dialect::postgres::read::ast::{self, CoercionForm, NodeEnum};
use crate::dialect::postgres::write::quote;

/// The functions of `pg_catalog` whose first argument is a sequence.
const SEQUENCE_FUNCTIONS: &[&str] = &["nextval", "currval", "setval"];

impl Analyser<'_> {
    /// A call with all that can follow it.
    pub(super) fn call(&self, node: &ast::FuncCall, level: &Level) -> Result<Fragment, Refusal> {
        Ok(self.call_and_callee(node, level)?.0)
    }

    /// A call, and what it means.
    pub(super) fn call_and_callee(&self, node: &ast::FuncCall, level: &Level) -> Result<(Fragment, Callee), Refusal> {
        let mut arguments = Vec::with_capacity(node.args.len());
        let mut names = Vec::with_capacity(node.args.len());
        for argument in &node.args {
            arguments.push(self.expr(argument, level)?);
            names.push(match argument.node.as_ref() {
                Some(NodeEnum::NamedArgExpr(named)) => Some(named.name.as_str()),
                _ => None,
            });
        }
        let mut order = Writer::default();
        let keys = match node.agg_within_group {
            true => SortKeys::OfCall,
            false => SortKeys::OfQuery,
        };
        let ordered = self.write_order(&mut order, &node.agg_order, keys, level)?;
        let count = arguments.len();
        if node.agg_within_group {
            arguments.extend(ordered);
        }
        let name = ast::strings(&node.funcname);
        let call = Call {
            name: name.clone(),
            arguments: &arguments,
            argument_names: &names,
            variadic: if node.func_variadic {
                Variadic::Array
            } else {
                Variadic::Spread
            },
            location: node.location,
        };
        let (callee, choice) = match self.typed_callee(&call) {
            Some((callee, choice)) => (callee, Some(choice)),
            None => (self.callee(&call)?, None),
        };
        arguments.truncate(count);
        let in_sql_syntax = node.funcformat == CoercionForm::CoerceSqlSyntax as i32;
        if let Some(choice) = &choice {
            arguments = arguments
                .into_iter()
                .zip(&choice.arguments)
                .map(|(argument, declared)| match declared {
                    // SQL's own spellings do not show implicit casts.
                    Some(declared) if in_sql_syntax => self.assigned(argument, declared),
                    Some(declared) => self.coerced(argument, declared),
                    None => argument,
                })
                .collect();
        }
        self.name_the_sequence(node, &callee, &mut arguments)?;
        if let Callee::Cast(data_type) = &callee
            && let [only] = arguments.as_slice()
        {
            return Ok((self.cast_to(only, data_type.clone()), callee));
        }
        let data_type = match choice {
            Some(choice) => choice.result,
            None => self.result_type(&callee),
        };
        if in_sql_syntax && let Some(fragment) = sql_syntax(node, name.last().copied().unwrap_or(""), &arguments) {
            return Ok((fragment.typed(data_type), callee));
        }
        let mut writer = Writer::default();
        self.write_callee(&mut writer, &callee);
        writer.text("(");
        if node.agg_star {
            writer.text("*");
        } else {
            write_arguments(&mut writer, node, &arguments);
        }
        if node.agg_within_group {
            writer.text(") WITHIN GROUP (ORDER BY ").template(&order.finish());
        } else if !node.agg_order.is_empty() {
            writer.text(" ORDER BY ").template(&order.finish());
        }
        writer.text(")");
        self.write_filter_and_window(&mut writer, node.agg_filter.as_deref(), node.over.as_deref(), level)?;
        Ok((writer.call().typed(data_type), callee))
    }

    /// FILTER and OVER behind an aggregate.
    pub(super) fn write_filter_and_window(
        &self,
        writer: &mut Writer,
        filter: Option<&ast::Node>,
        window: Option<&ast::WindowDef>,
        level: &Level,
    ) -> Result<(), Refusal> {
        if let Some(filter) = filter {
            let condition = self.condition(filter, level)?;
            writer.text(" FILTER (WHERE ").fragment(&condition).text(")");
        }
        if let Some(window) = window {
            writer.text(" OVER ");
            if window.name.is_empty() {
                writer.text("(");
                self.write_window(writer, window, level)?;
                writer.text(")");
            } else {
                writer.name(&window.name);
            }
        }
        Ok(())
    }

    /// A sequence that is named by a string becomes a reference: the server stores `'s'::regclass` for `'s'`.
    fn name_the_sequence(
        &self,
        node: &ast::FuncCall,
        callee: &Callee,
        arguments: &mut [Fragment],
    ) -> Result<(), Refusal> {
        if let Callee::System(name, _) = callee
            && SEQUENCE_FUNCTIONS.contains(&name.as_str())
            && let (Some(first), Some(fragment)) = (node.args.first(), arguments.first_mut())
            && let Some(text) = string_constant(first)
            && let Some(named) = self.name_constant(text, &DataType::system("regclass"), node.location)?
        {
            *fragment = named;
        }
        Ok(())
    }

    /// `name => value`.
    pub(super) fn named_argument(&self, node: &ast::NamedArgExpr, level: &Level) -> Result<Fragment, Refusal> {
        let value = self.expr(required(node.arg.as_deref(), node.location)?, level)?;
        let mut writer = Writer::default();
        writer.name(&node.name).text(" => ").fragment(&value);
        Ok(writer.closed().typed(value.data_type))
    }
}

fn write_arguments(writer: &mut Writer, node: &ast::FuncCall, arguments: &[Fragment]) {
    if node.agg_distinct {
        writer.text("DISTINCT ");
    }
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            writer.text(", ");
        }
        if node.func_variadic && index + 1 == arguments.len() {
            writer.text("VARIADIC ");
        }
        writer.fragment(argument);
    }
}

/// A call in SQL's own spelling; `None` where the name has no such spelling with these arguments.
fn sql_syntax(node: &ast::FuncCall, name: &str, arguments: &[Fragment]) -> Option<Fragment> {
    let mut writer = Writer::default();
    match (name, arguments) {
        ("timezone", [zone, value]) => {
            writer
                .text("(")
                .fragment(value)
                .text(" AT TIME ZONE ")
                .fragment(zone)
                .text(")");
            return Some(writer.parenthesised());
        }
        ("timezone", [value]) => {
            writer.text("(").fragment(value).text(" AT LOCAL)");
            return Some(writer.parenthesised());
        }
        ("overlaps", [first, second, third, fourth]) => {
            writer.text("((").list(", ", [first, second]);
            writer.text(") OVERLAPS (").list(", ", [third, fourth]).text("))");
            return Some(writer.parenthesised());
        }
        ("is_normalized", [value]) => {
            writer.text("(").fragment(value).text(" IS NORMALIZED)");
            return Some(writer.parenthesised());
        }
        ("is_normalized", [value, _]) => {
            let form = keyword_argument(node, 1)?;
            writer
                .text("(")
                .fragment(value)
                .text(" IS ")
                .text(form)
                .text(" NORMALIZED)");
            return Some(writer.parenthesised());
        }
        ("extract", [_, value]) => {
            let field = string_constant(node.args.first()?)?;
            writer.text("EXTRACT(");
            if quote::is_plain(field) {
                writer.text(field)
            } else {
                writer.literal(field)
            };
            writer.text(" FROM ").fragment(value);
        }
        ("pg_collation_for", [value]) => {
            writer.text("COLLATION FOR (").fragment(value);
        }
        ("normalize", [value]) => {
            writer.text("NORMALIZE(").fragment(value);
        }
        ("normalize", [value, _]) => {
            let form = keyword_argument(node, 1)?;
            writer.text("NORMALIZE(").fragment(value).text(", ").text(form);
        }
        ("overlay", [value, new, start, rest @ ..]) if rest.len() < 2 => {
            writer.text("OVERLAY(").fragment(value).text(" PLACING ").fragment(new);
            writer.text(" FROM ").fragment(start);
            if let [length] = rest {
                writer.text(" FOR ").fragment(length);
            }
        }
        ("position", [text, part]) => {
            // Both are operands of IN, so that whatever binds less tightly brings its own parentheses.
            writer.text("POSITION(").enclosed(part).text(" IN ").enclosed(text);
        }
        ("substring", [value, start]) => {
            writer.text("SUBSTRING(").fragment(value).text(" FROM ").fragment(start);
        }
        ("substring", [value, start, length]) => {
            writer.text("SUBSTRING(").fragment(value).text(" FROM ").fragment(start);
            writer.text(" FOR ").fragment(length);
        }
        ("btrim" | "ltrim" | "rtrim", [value, rest @ ..]) if rest.len() < 2 => {
            writer.text(match name {
                "ltrim" => "TRIM(LEADING ",
                "rtrim" => "TRIM(TRAILING ",
                _ => "TRIM(BOTH ",
            });
            if let [characters] = rest {
                writer.fragment(characters).text(" ");
            }
            writer.text("FROM ").fragment(value);
        }
        ("xmlexists", [path, document]) => {
            writer
                .text("XMLEXISTS(")
                .enclosed(path)
                .text(" PASSING ")
                .enclosed(document);
        }
        ("system_user", []) => {
            writer.text("SYSTEM_USER");
            return Some(writer.call());
        }
        _ => return None,
    }
    writer.text(")");
    Some(writer.call())
}

/// An argument that stands for a keyword: a normalization form.
fn keyword_argument(node: &ast::FuncCall, index: usize) -> Option<&'static str> {
    let text = string_constant(node.args.get(index)?)?;
    ["NFC", "NFD", "NFKC", "NFKD"]
        .into_iter()
        .find(|form| form.eq_ignore_ascii_case(text))
}
