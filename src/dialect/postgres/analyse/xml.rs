//! XML expressions (PostgreSQL manual, "XML Functions"; `XmlExpr` in `ruleutils.c`).

use super::fragment::{Fragment, Writer};
use super::literal::{integer_constant, missing, required};
use super::range::Level;
use super::{Analyser, Refusal};
use crate::catalog::DataType;
use crate::dialect::postgres::read::ast::{self, NodeEnum, XmlExprOp, XmlOptionType};

impl Analyser<'_> {
    /// XMLCONCAT, XMLELEMENT, XMLFOREST, XMLPARSE, XMLPI, XMLROOT, IS DOCUMENT.
    pub(super) fn xml(&self, node: &ast::XmlExpr, level: &Level) -> Result<Fragment, Refusal> {
        let arguments = self.exprs(&node.args, level)?;
        let mut writer = Writer::default();
        match XmlExprOp::try_from(node.op).unwrap_or(XmlExprOp::Undefined) {
            XmlExprOp::IsXmlconcat => {
                writer.text("XMLCONCAT(").list(", ", &arguments);
            }
            XmlExprOp::IsXmlelement => {
                writer.text("XMLELEMENT(NAME ").name(&node.name);
                if !node.named_args.is_empty() {
                    writer.text(", XMLATTRIBUTES(");
                    self.write_named(&mut writer, node, level)?;
                    writer.text(")");
                }
                for argument in &arguments {
                    writer.text(", ").fragment(argument);
                }
            }
            XmlExprOp::IsXmlforest => {
                writer.text("XMLFOREST(");
                self.write_named(&mut writer, node, level)?;
            }
            XmlExprOp::IsXmlparse => {
                let value = arguments.first().ok_or_else(|| missing(node.location))?;
                writer.text("XMLPARSE(").text(option(node.xmloption)).fragment(value);
                // The second argument says whether white space is kept.
                if node.args.get(1).is_some_and(is_true) {
                    writer.text(" PRESERVE WHITESPACE");
                }
            }
            XmlExprOp::IsXmlpi => {
                writer.text("XMLPI(NAME ").name(&node.name);
                for argument in &arguments {
                    writer.text(", ").fragment(argument);
                }
            }
            XmlExprOp::IsXmlroot => {
                let [value, version, ..] = arguments.as_slice() else {
                    return Err(missing(node.location));
                };
                writer.text("XMLROOT(").fragment(value).text(", VERSION ");
                if is_null(&node.args[1]) {
                    writer.text("NO VALUE");
                } else {
                    writer.fragment(version);
                }
                writer.text(match node.args.get(2).and_then(integer_constant) {
                    Some(0) => ", STANDALONE YES",
                    Some(1) => ", STANDALONE NO",
                    Some(2) => ", STANDALONE NO VALUE",
                    Some(_) | None => "",
                });
            }
            XmlExprOp::IsDocument => {
                let value = arguments.first().ok_or_else(|| missing(node.location))?;
                writer.text("(").fragment(value).text(" IS DOCUMENT)");
                return Ok(writer.parenthesised().typed(Some(DataType::system("bool"))));
            }
            XmlExprOp::IsXmlserialize | XmlExprOp::Undefined => return Err(missing(node.location)),
        }
        writer.text(")");
        Ok(writer.closed().typed(Some(DataType::system("xml"))))
    }

    /// XMLSERIALIZE.
    pub(super) fn xml_serialize(&self, node: &ast::XmlSerialize, level: &Level) -> Result<Fragment, Refusal> {
        let value = self.expr(required(node.expr.as_deref(), node.location)?, level)?;
        let data_type = self.data_type(node.type_name.as_ref().ok_or_else(|| missing(node.location))?)?;
        let mut writer = Writer::with("XMLSERIALIZE(");
        writer.text(option(node.xmloption)).fragment(&value).text(" AS ");
        self.write_type(&mut writer, &data_type);
        writer.text(if node.indent { " INDENT)" } else { ")" });
        Ok(writer.closed().typed(Some(data_type)))
    }

    /// `value AS name, …`; a column without a name of its own is called by the column's name of that moment.
    fn write_named(&self, writer: &mut Writer, node: &ast::XmlExpr, level: &Level) -> Result<(), Refusal> {
        for (index, argument) in node.named_args.iter().enumerate() {
            let Some(NodeEnum::ResTarget(target)) = argument.node.as_ref() else {
                return Err(missing(node.location));
            };
            let value = required(target.val.as_deref(), target.location)?;
            writer
                .text(if index > 0 { ", " } else { "" })
                .fragment(&self.expr(value, level)?);
            let name = match target.name.as_str() {
                "" => self.figured_name(value, level),
                name => name.to_owned(),
            };
            writer.text(" AS ").name(&name);
        }
        Ok(())
    }
}

fn option(option: i32) -> &'static str {
    if option == XmlOptionType::XmloptionDocument as i32 {
        "DOCUMENT "
    } else {
        "CONTENT "
    }
}

fn is_null(node: &ast::Node) -> bool {
    matches!(&node.node, Some(NodeEnum::AConst(constant)) if constant.isnull)
}

/// Whether a node is the constant true, which the parser gives as a boolean or as a cast of `'t'`.
fn is_true(node: &ast::Node) -> bool {
    match node.node.as_ref() {
        Some(NodeEnum::AConst(constant)) => {
            matches!(&constant.val, Some(ast::a_const::Val::Boolval(value)) if value.boolval)
        }
        Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().is_some_and(is_true),
        _ => false,
    }
}
