//! Operators: which one a name means, and how an expression with it is written.
//!
//! Knows operators of the schema, of PostgreSQL and of extensions by name and by operand types as far as they are known
//! (`parse_oper.c`).

use super::candidate::{Candidate, Choice, Source};
use super::fragment::{Fragment, Writer};
use super::typing::{same, table_type};
use super::{Analyser, Refusal, system};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::{DataType, Doubt, Form, Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast;

/// An operator as a name means it.
#[derive(Clone, Debug)]
pub(super) struct Operator {
    /// How it is written: a symbol where it is PostgreSQL's own, else `OPERATOR(schema.symbol)`.
    pub(super) written: Template,
    /// The types its operands are brought to and that of its result, where they are known.
    pub(super) choice: Option<Choice>,
}

impl Analyser<'_> {
    /// `(left operator right)`, or `(operator right)`.
    pub(super) fn operation(
        &self,
        name: &[ast::Node],
        left: Option<Fragment>,
        right: Fragment,
        location: i32,
    ) -> Result<Fragment, Refusal> {
        let operator = self.operator(name, left.as_ref(), &right, location)?;
        let (left, right) = self.operands(&operator, left, right);
        let mut writer = Writer::with("(");
        if let Some(left) = &left {
            writer.fragment(left).text(" ");
        }
        writer.template(&operator.written).text(" ").fragment(&right).text(")");
        Ok(writer
            .parenthesised()
            .typed(operator.choice.and_then(|choice| choice.result)))
    }

    /// The operands as the operator takes them.
    pub(super) fn operands(
        &self,
        operator: &Operator,
        left: Option<Fragment>,
        right: Fragment,
    ) -> (Option<Fragment>, Fragment) {
        let Some(choice) = &operator.choice else {
            return (left, right);
        };
        let mut types = choice.arguments.iter();
        let left = left.map(|left| match types.next() {
            Some(Some(data_type)) => self.coerced(left, data_type),
            Some(None) | None => left,
        });
        let right = match types.next() {
            Some(Some(data_type)) => self.coerced(right, data_type),
            Some(None) | None => right,
        };
        (left, right)
    }

    /// The operator that a name means between these operands.
    ///
    /// # Errors
    /// An operator that does not exist.
    pub(super) fn operator(
        &self,
        name: &[ast::Node],
        left: Option<&Fragment>,
        right: &Fragment,
        location: i32,
    ) -> Result<Operator, Refusal> {
        let parts = ast::strings(name);
        let (schema, symbol) = match parts.as_slice() {
            [symbol] => (None, *symbol),
            [schema, symbol] | [_, schema, symbol] => (Some(*schema), *symbol),
            _ => {
                let message = "this operator is not supported";
                return Err(Refusal::new(Code::UnsupportedClause, location, message));
            }
        };
        let operands: Vec<&Fragment> = left.into_iter().chain([right]).collect();
        let homes = self.extension_homes(schema, symbol);
        let candidates = match self.exact_system_operator(schema, symbol, &operands) {
            Some(exact) => vec![exact],
            None => self.operator_candidates(schema, symbol, operands.len(), &homes),
        };
        let choice = self.choose_operator(candidates, &operands);
        let mut writer = Writer::default();
        match choice.as_ref().map(|choice| &choice.source) {
            Some(Source::System(_)) => {
                writer.text(symbol);
            }
            Some(Source::Own(id)) => write_own(&mut writer, id),
            Some(Source::Extension(index)) => {
                if let Some((extension, home)) = homes.get(*index) {
                    write_foreign(&mut writer, home, symbol);
                    writer.dependency(ObjectId::Extension(extension.clone()));
                }
            }
            None => self.write_by_name(&mut writer, schema, symbol, location)?,
        }
        Ok(Operator {
            written: writer.finish(),
            choice,
        })
    }

    /// Writes an operator of which only the name is known.
    fn write_by_name(
        &self,
        writer: &mut Writer,
        schema: Option<&str>,
        symbol: &str,
        location: i32,
    ) -> Result<(), Refusal> {
        if schema.is_none_or(|schema| schema == SYSTEM_SCHEMA) && !system::operators(self.version, symbol).is_empty() {
            writer.text(symbol);
            return Ok(());
        }
        let own = self.own_operators(schema, symbol);
        if let Some(first) = own.first() {
            write_own(writer, first);
            for id in &own {
                writer.dependency(id.clone());
            }
            return Ok(());
        }
        let home = match self.installed(&system::operator_extensions(symbol), schema) {
            Some((extension, home)) => {
                writer.dependency(ObjectId::Extension(extension));
                home
            }
            None => {
                writer.doubt(Doubt::Unresolved);
                self.unknown_extension_schema(schema).ok_or_else(|| {
                    let message = format!("operator does not exist: {symbol}");
                    Refusal::new(Code::UnknownFunction, location, message)
                })?
            }
        };
        write_foreign(writer, &home, symbol);
        Ok(())
    }

    fn choose_operator(&self, candidates: Vec<Candidate>, operands: &[&Fragment]) -> Option<Choice> {
        // A literal without a type is first taken to be of the other operand's type (`binary_oper_exact`).
        let known = match operands {
            [left, right] if left.untyped && !right.untyped => right.data_type.as_ref(),
            [left, right] if right.untyped && !left.untyped => left.data_type.as_ref(),
            _ => None,
        };
        if let Some(known) = known {
            for assumed in [known.without_modifiers(), self.base_type(known)] {
                let exact =
                    |candidate: &&Candidate| candidate.arguments.iter().all(|declared| same(declared, &assumed));
                if let Some(found) = candidates.iter().find(exact) {
                    return Some(Choice {
                        arguments: found.arguments.iter().cloned().map(Some).collect(),
                        result: found.result.clone(),
                        source: found.source.clone(),
                    });
                }
            }
        }
        self.choose(candidates, operands)
    }

    /// PostgreSQL's own operator of exactly the operands' types, a literal without a type being of the other's: no other
    /// candidate comes before it, so none has to be looked at.
    fn exact_system_operator(&self, schema: Option<&str>, symbol: &str, operands: &[&Fragment]) -> Option<Candidate> {
        if schema.is_some_and(|schema| schema != SYSTEM_SCHEMA) {
            return None;
        }
        let known = operands.iter().find(|operand| !operand.untyped)?.data_type.as_ref()?;
        let types = operands.iter().map(|operand| match operand.untyped {
            true => Some(known),
            false => operand.data_type.as_ref(),
        });
        let types: Vec<DataType> = types
            .map(|found| found.map(DataType::without_modifiers))
            .collect::<Option<_>>()?;
        let operators = system::operators(self.version, symbol);
        let index = operators.iter().position(|operator| {
            let declared = operator.operands.iter();
            operator.operands.len() == types.len()
                && declared.zip(&types).all(|(declared, given)| same(declared, given))
        })?;
        Some(Candidate {
            arguments: operators[index].operands.clone(),
            result: operators[index].result.clone(),
            source: Source::System(index),
        })
    }

    fn operator_candidates(
        &self,
        schema: Option<&str>,
        symbol: &str,
        count: usize,
        homes: &[(Ident, Ident)],
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        if schema.is_none_or(|schema| schema == SYSTEM_SCHEMA) {
            let operators = system::operators(self.version, symbol).iter().enumerate();
            let fitting = operators.filter(|(_, operator)| operator.operands.len() == count);
            candidates.extend(fitting.map(|(index, operator)| Candidate {
                arguments: operator.operands.clone(),
                result: operator.result.clone(),
                source: Source::System(index),
            }));
        }
        let mut add = |left: Option<DataType>, right: Option<DataType>, result, source| {
            let arguments: Vec<DataType> = left.into_iter().chain(right).collect();
            if arguments.len() == count {
                candidates.push(Candidate {
                    arguments,
                    result,
                    source,
                });
            }
        };
        for id in self.own_operators(schema, symbol) {
            let ObjectId::Definition(definition) = &id else {
                continue;
            };
            if let [left, right] = definition.types.as_slice() {
                add(
                    left.clone(),
                    right.clone(),
                    self.own_operator_result(&id),
                    Source::Own(id.clone()),
                );
            }
        }
        for (index, (extension, home)) in homes.iter().enumerate() {
            let rows = system::extension_operators(symbol)
                .iter()
                .filter(|(owner, _)| *owner == extension.as_str());
            for (_, operator) in rows {
                let [left, right, result] =
                    [operator.left, operator.right, operator.result].map(|name| table_type(name, home.as_str()));
                add(left, right, result, Source::Extension(index));
            }
        }
        candidates
    }

    /// The installed extensions that bring an operator of a name, with their schemas.
    fn extension_homes(&self, schema: Option<&str>, symbol: &str) -> Vec<(Ident, Ident)> {
        system::operator_extensions(symbol)
            .into_iter()
            .filter_map(|extension| self.installed(&[extension], schema))
            .collect()
    }

    /// The operators of the schema of a name, in the order of the search path.
    fn own_operators(&self, schema: Option<&str>, symbol: &str) -> Vec<ObjectId> {
        let of = |name: QualifiedName| -> Vec<ObjectId> { self.catalog.overloads(&name).cloned().collect() };
        match schema {
            Some(SYSTEM_SCHEMA) => Vec::new(),
            Some(schema) => of(QualifiedName::new(schema, symbol)),
            None => self
                .search_path
                .iter()
                .flat_map(|schema| of(QualifiedName::new(schema.clone(), symbol)))
                .collect(),
        }
    }

    /// The result of an operator of the schema: that of the function its definition refers to.
    fn own_operator_result(&self, id: &ObjectId) -> Option<DataType> {
        let Object::Definition(definition) = &self.catalog.get(id)?.object else {
            return None;
        };
        let function = definition.body.references().find_map(|id| self.routine(id))?;
        match &function.returns {
            Some(crate::catalog::routine::Returns::Value(data_type)) => Some(data_type.clone()),
            Some(_) | None => None,
        }
    }
}

fn write_own(writer: &mut Writer, id: &ObjectId) {
    writer
        .text("OPERATOR(")
        .reference(id.clone(), Form::Qualified)
        .text(")");
}

fn write_foreign(writer: &mut Writer, home: &Ident, symbol: &str) {
    writer
        .text("OPERATOR(")
        .name(home.as_str())
        .text(".")
        .text(symbol)
        .text(")");
}
