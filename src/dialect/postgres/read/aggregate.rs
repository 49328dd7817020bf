//! Aggregates (`aggregatecmds.c`), kept by their definition under a routine's identity.
//!
//! Knows the old form of CREATE AGGREGATE, which is turned into the new one, and the options in canonical order.

use super::ast::{DefElem, DefineStmt, FunctionParameter, FunctionParameterMode, Node, NodeEnum};
use super::base_type::{option_names, type_template};
use super::function_reference::reference;
use super::operator::{listed, worded};
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::Definition;
use crate::catalog::{DataType, Form, Ident, Object, ObjectId, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::is_system_function;
use crate::dialect::postgres::write::{ident, literal};

/// The options that are kept, in canonical order.
const OPTIONS: [&str; 19] = [
    "sfunc",
    "stype",
    "sspace",
    "finalfunc",
    "finalfunc_extra",
    "finalfunc_modify",
    "combinefunc",
    "serialfunc",
    "deserialfunc",
    "initcond",
    "msfunc",
    "minvfunc",
    "mstype",
    "msspace",
    "mfinalfunc",
    "mfinalfunc_extra",
    "mfinalfunc_modify",
    "minitcond",
    "sortop",
];

impl Interpreter {
    pub(super) fn create_aggregate(&mut self, statement: &DefineStmt) -> Applied {
        let name = self.new_name_of(&statement.defnames, -1)?;
        let (arguments, signature) = if statement.oldstyle {
            self.old_arguments(statement)?
        } else {
            self.aggregate_arguments(&statement.args)?
        };
        let mut options: Vec<(usize, Template)> = Vec::new();
        for option in definition_elements(&statement.definition) {
            options.extend(self.aggregate_option(option)?);
        }
        options.sort_by_key(|(place, _)| *place);
        let mut body = TemplateBuilder::default();
        body.push_template(&arguments);
        body.push_str(" ");
        body.push_template(&listed("(", options.into_iter().map(|(_, option)| option), ")"));
        let id = ObjectId::Routine(name, signature.into());
        let existing = if statement.replace {
            Existing::Replace
        } else {
            Existing::Refuse
        };
        let definition = Definition {
            body: body.finish(),
            clauses: Vec::new(),
        };
        self.create(id, Object::Definition(Box::new(definition)), -1, existing)?;
        Ok(())
    }

    /// `(a, b)`, `(*)`, or `(direct ORDER BY aggregated)`, and the types of all.
    fn aggregate_arguments(&self, args: &[Node]) -> Applied<(Template, Vec<DataType>)> {
        let (parameters, direct) = match args {
            [parameters, direct] => (ast::list(parameters), direct),
            _ => return Err(self.refuse(-1, "an aggregate without arguments")),
        };
        // The number of direct arguments of an ordered-set aggregate; negative for a plain one.
        let direct = match direct.node.as_ref() {
            Some(NodeEnum::Integer(number)) => usize::try_from(number.ival).ok(),
            _ => None,
        };
        let mut signature = Vec::new();
        let mut builder = TemplateBuilder::default();
        builder.push_str("(");
        let mut place = 0;
        for node in parameters {
            let Some(NodeEnum::FunctionParameter(parameter)) = node.node.as_ref() else {
                continue;
            };
            if direct == Some(place) {
                builder.push_str(if place == 0 { "ORDER BY " } else { " ORDER BY " });
            } else if place > 0 {
                builder.push_str(", ");
            }
            let data_type = self.aggregate_argument(parameter, &mut builder)?;
            signature.push(data_type);
            place += 1;
        }
        // A hypothetical-set aggregate repeats VARIADIC "any" behind ORDER BY, where the grammar keeps it once.
        if place > 0 && direct == Some(place) {
            builder.push_str(" ORDER BY VARIADIC ");
            if let Some(last) = signature.last() {
                builder.push_template(&type_template(last));
            }
        }
        if place == 0 {
            builder.push_str("*");
        }
        builder.push_str(")");
        Ok((builder.finish(), signature))
    }

    fn aggregate_argument(&self, parameter: &FunctionParameter, builder: &mut TemplateBuilder) -> Applied<DataType> {
        let data_type = self
            .required_data_type(parameter.arg_type.as_ref(), parameter.location)?
            .without_modifiers();
        if parameter.mode() == FunctionParameterMode::FuncParamVariadic {
            builder.push_str("VARIADIC ");
        }
        if !parameter.name.is_empty() {
            builder.push_str(&[&ident(&Ident::from(parameter.name.as_str())), " "].concat());
        }
        builder.push_template(&type_template(&data_type));
        Ok(data_type)
    }

    /// `basetype` of the old form.
    fn old_arguments(&self, statement: &DefineStmt) -> Applied<(Template, Vec<DataType>)> {
        let base =
            definition_elements(&statement.definition).find(|option| option.defname.eq_ignore_ascii_case("basetype"));
        let Some(base) = base else {
            return Err(self.error(Code::InvalidDefinition, -1, "aggregate input type must be specified"));
        };
        let is_any = definition_text(base).is_some_and(|text| text.eq_ignore_ascii_case("any"));
        if is_any {
            return Ok((Template::text("(*)"), Vec::new()));
        }
        let data_type = self.option_type(base)?.without_modifiers();
        Ok((
            listed("(", [type_template(&data_type)].into_iter(), ")"),
            vec![data_type],
        ))
    }

    fn aggregate_option(&self, option: &DefElem) -> Applied<Option<(usize, Template)>> {
        let written = option.defname.to_lowercase();
        // The first names that the options had (PostgreSQL manual, CREATE AGGREGATE, "Compatibility" of old releases).
        let name = match written.as_str() {
            "basetype" => return Ok(None),
            "hypothetical" => return Ok(Some((OPTIONS.len() + 1, Template::text("HYPOTHETICAL")))),
            "sfunc1" => "sfunc",
            "stype1" => "stype",
            "initcond1" => "initcond",
            other => other,
        };
        if name == "parallel" {
            let value = definition_text(option).unwrap_or_default().to_uppercase();
            return Ok((value != "UNSAFE").then(|| {
                let text = ["PARALLEL = ", &value].concat();
                (OPTIONS.len(), Template::text(&text))
            }));
        }
        let Some(place) = OPTIONS.iter().position(|known| *known == name) else {
            return Err(self.refuse(option.location, &format!("option {name} of an aggregate")));
        };
        let is_default = || match name {
            "sspace" | "msspace" => definition_text(option).as_deref() == Some("0"),
            "finalfunc_extra" | "mfinalfunc_extra" => definition_text(option).as_deref() == Some("false"),
            _ => false,
        };
        if is_default() {
            return Ok(None);
        }
        let word = [&name.to_uppercase(), " = "].concat();
        let template = match name {
            "stype" | "mstype" => worded(&word, &type_template(&self.option_type(option)?)),
            "sspace" | "msspace" => worded(&word, &Template::text(&definition_text(option).unwrap_or_default())),
            "finalfunc_extra" | "mfinalfunc_extra" => Template::text(&name.to_uppercase()),
            "finalfunc_modify" | "mfinalfunc_modify" => {
                let value = definition_text(option).unwrap_or_default().to_uppercase();
                worded(&word, &Template::text(&value))
            }
            "initcond" | "minitcond" => worded(
                &word,
                &Template::text(&literal(&definition_text(option).unwrap_or_default())),
            ),
            "sortop" => {
                let (schema, operator) = self.split_names(option_names(option))?;
                let schema = if schema.is_empty() { "pg_catalog" } else { schema };
                let text = ["OPERATOR(", &ident(&Ident::from(schema)), ".", operator, ")"].concat();
                worded(&word, &Template::text(&text))
            }
            _ => worded(&word, &self.support_function(option)?),
        };
        Ok(Some((place, template)))
    }

    /// A function of an aggregate by its name: its argument types follow from the aggregate's, so a name that is unique says enough.
    fn support_function(&self, option: &DefElem) -> Applied<Template> {
        let names = option_names(option);
        let parts: Vec<String> = ast::strings(names).into_iter().map(str::to_owned).collect();
        let mut own = self.own_routines(&parts);
        // In an order that does not depend on which was made first.
        own.sort();
        match own.as_slice() {
            [] => {
                let name = parts.last().map(String::as_str).unwrap_or_default();
                if is_system_function(self.version(), name) && parts.len() == 1
                    || parts.first().is_some_and(|schema| schema == "pg_catalog")
                {
                    return Ok(Template::text(&ident(&Ident::from(name))));
                }
                self.function_reference(names, &[], option.location)
            }
            [first, others @ ..] => {
                let mut builder = TemplateBuilder::default();
                builder.push_template(&reference(first.clone(), Form::Qualified));
                for other in others {
                    builder.push_dependency(other.clone());
                }
                Ok(builder.finish())
            }
        }
    }
}
