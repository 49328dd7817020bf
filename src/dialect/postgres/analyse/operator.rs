//! Operators: which one a name means, and how an expression with it is written.
//!
//! Knows operators of the schema, of PostgreSQL and of extensions by name and by operand types as far as they are known.

use super::fragment::{Fragment, Writer};
use super::{Analyser, Refusal, system};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::{DataType, Form, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast;

impl Analyser<'_> {
    /// `(left operator right)`, or `(operator right)`.
    pub(super) fn operation(
        &self,
        name: &[ast::Node],
        left: Option<&Fragment>,
        right: &Fragment,
        location: i32,
    ) -> Result<Fragment, Refusal> {
        let mut writer = Writer::with("(");
        if let Some(left) = left {
            writer.operand(left).text(" ");
        }
        let operands = [left, Some(right)].map(|side| side.and_then(|side| side.data_type.as_ref()));
        self.write_operator(&mut writer, name, operands, location)?;
        writer.text(" ").operand(right).text(")");
        Ok(writer.parenthesised())
    }

    /// Writes an operator: a symbol where it is PostgreSQL's own, else `OPERATOR(schema.symbol)`.
    pub(super) fn write_operator(
        &self,
        writer: &mut Writer,
        name: &[ast::Node],
        operands: [Option<&DataType>; 2],
        location: i32,
    ) -> Result<(), Refusal> {
        let parts = ast::strings(name);
        let (schema, symbol) = match parts.as_slice() {
            [symbol] => (None, *symbol),
            [schema, symbol] | [_, schema, symbol] => (Some(*schema), *symbol),
            _ => {
                return Err(Refusal::new(
                    Code::UnsupportedClause,
                    location,
                    "this operator is not supported",
                ));
            }
        };
        let own = match schema {
            Some(SYSTEM_SCHEMA) => Vec::new(),
            _ => self.own_operators(schema, symbol),
        };
        let known = schema.is_none_or(|schema| schema == SYSTEM_SCHEMA) && system::is_operator(symbol);
        let fitting = own.iter().find(|id| operands_fit(id, operands));
        match (fitting, own.first()) {
            (Some(id), _) => write_own(writer, id),
            (None, Some(id)) if !known => {
                write_own(writer, id);
                own.iter().for_each(|id| {
                    writer.dependency(id.clone());
                });
            }
            (None, _) if known => {
                writer.text(symbol);
            }
            _ => self.write_foreign_operator(writer, schema, symbol, location)?,
        }
        Ok(())
    }

    /// The operators of the schema of a name: of the first schema of the search path that has any.
    fn own_operators(&self, schema: Option<&str>, symbol: &str) -> Vec<ObjectId> {
        let of = |name: QualifiedName| -> Vec<ObjectId> { self.catalog.overloads(&name).cloned().collect() };
        match schema {
            Some(schema) => of(QualifiedName::new(schema, symbol)),
            None => self
                .search_path
                .iter()
                .flat_map(|schema| of(QualifiedName::new(schema.clone(), symbol)))
                .collect(),
        }
    }

    /// An operator that only an extension can bring.
    fn write_foreign_operator(
        &self,
        writer: &mut Writer,
        schema: Option<&str>,
        symbol: &str,
        location: i32,
    ) -> Result<(), Refusal> {
        let home = match self.installed(system::operator_extensions(symbol), schema) {
            Some((extension, home)) => {
                writer.dependency(ObjectId::Extension(extension));
                home
            }
            None => self.unknown_extension_schema(schema).ok_or_else(|| {
                let message = format!("operator does not exist: {symbol}");
                Refusal::new(Code::UnknownFunction, location, message)
            })?,
        };
        writer
            .text("OPERATOR(")
            .name(home.as_str())
            .text(".")
            .text(symbol)
            .text(")");
        Ok(())
    }
}

fn write_own(writer: &mut Writer, id: &ObjectId) {
    writer
        .text("OPERATOR(")
        .reference(id.clone(), Form::Qualified)
        .text(")");
}

/// Whether the operand types are known and just those of the operator.
fn operands_fit(id: &ObjectId, operands: [Option<&DataType>; 2]) -> bool {
    let ObjectId::Definition(definition) = id else {
        return false;
    };
    let same = |declared: &Option<DataType>, given: Option<&DataType>| match (declared, given) {
        (Some(declared), Some(given)) => *declared == given.without_modifiers(),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    match definition.types.as_slice() {
        [left, right] => same(left, operands[0]) && same(right, operands[1]),
        _ => false,
    }
}
