//! CREATE FUNCTION and CREATE PROCEDURE (PostgreSQL manual; `functioncmds.c`, `pg_proc.c`).
//!
//! Knows arguments, result and body. The attributes that ALTER can change too stand in `routine_attributes`.

use super::ast::{CreateFunctionStmt, FunctionParameterMode, Node, NodeEnum, TypeName};
use super::routine_attributes::Attributes;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::routine::{
    Argument, ArgumentMode, Body, Leakproof, Mentions, NullInput, Parallel, Returns, Routine, RoutineKind, Security,
    Volatility,
};
use crate::catalog::types::Type;
use crate::catalog::{DataType, Ident, Object, ObjectId, QualifiedName, Signature};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use std::sync::Arc;

/// The columns of RETURNS TABLE.
type Columns = Vec<(Ident, DataType)>;

impl Interpreter {
    pub(super) fn create_routine(&mut self, statement: &CreateFunctionStmt) -> Applied {
        let name = self.new_name_of(&statement.funcname, -1)?;
        let language = self.routine_language(statement)?;
        self.announce_shell_type(statement, &language)?;
        let (arguments, table) = self.arguments(&statement.parameters)?;
        let returns = self.returns(statement, &arguments, table)?;
        let signature = signature_of(&arguments);
        let mut routine = Routine {
            kind: if statement.is_procedure {
                RoutineKind::Procedure
            } else {
                RoutineKind::Function
            },
            arguments,
            returns,
            language,
            body: Body::Text(Arc::from("")),
            volatility: Volatility::Volatile,
            null_input: NullInput::Called,
            security: Security::Invoker,
            leakproof: Leakproof::NotLeakproof,
            parallel: Parallel::Unsafe,
            cost: None,
            rows: None,
            support: None,
            transforms: Vec::new(),
            settings: Vec::new(),
            mentions: Mentions::default(),
        };
        self.apply_attributes(&mut routine, &statement.options, Attributes::New)?;
        routine.body = self.body(statement, &routine, &name)?;
        let id = ObjectId::Routine(name, signature);
        let existing = if statement.replace {
            self.check_routine_replaceable(&id, &routine)?;
            Existing::Replace
        } else {
            Existing::Refuse
        };
        self.create(id, Object::Routine(Box::new(routine)), -1, existing)?;
        Ok(())
    }

    fn routine_language(&self, statement: &CreateFunctionStmt) -> Applied<Ident> {
        let language = definition_elements(&statement.options).find(|option| option.defname == "language");
        match language.and_then(super::options::definition_text) {
            Some(language) => Ok(Ident::from(language.as_str())),
            None if statement.sql_body.is_some() => Ok(Ident::from("sql")),
            None => Err(self.error(Code::InvalidDefinition, -1, "no language specified")),
        }
    }

    /// A C function may return a type that is not there yet: the server makes a shell of it (`compute_return_type`).
    fn announce_shell_type(&mut self, statement: &CreateFunctionStmt, language: &Ident) -> Applied {
        let Some(name) = statement.return_type.as_ref() else {
            return Ok(());
        };
        if !matches!(language.as_str(), "c" | "internal") || name.pct_type || !name.array_bounds.is_empty() {
            return Ok(());
        }
        let is_unknown = matches!(self.data_type(name), Err(error) if error.code == Code::UnknownType);
        if !is_unknown {
            return Ok(());
        }
        let shell = self.new_name_of(&name.names, name.location)?;
        self.create_type(shell, Type::Shell)
    }

    /// The arguments, and the columns of RETURNS TABLE.
    fn arguments(&self, parameters: &[Node]) -> Applied<(Vec<Argument>, Columns)> {
        let mut arguments = Vec::new();
        let mut table = Vec::new();
        for node in parameters {
            let Some(NodeEnum::FunctionParameter(parameter)) = node.node.as_ref() else {
                return Err(self.refuse(-1, "this argument"));
            };
            let data_type = self.required_data_type(parameter.arg_type.as_ref(), parameter.location)?;
            // Modifiers of an argument's type are not kept by the server.
            let data_type = data_type.without_modifiers();
            let mode = match parameter.mode() {
                FunctionParameterMode::FuncParamTable => {
                    table.push((Ident::from(parameter.name.as_str()), data_type));
                    continue;
                }
                FunctionParameterMode::FuncParamOut => ArgumentMode::Out,
                FunctionParameterMode::FuncParamInout => ArgumentMode::InOut,
                FunctionParameterMode::FuncParamVariadic => ArgumentMode::Variadic,
                FunctionParameterMode::FuncParamIn
                | FunctionParameterMode::FuncParamDefault
                | FunctionParameterMode::Undefined => ArgumentMode::In,
            };
            let default = parameter.defexpr.as_deref();
            let default = default.map(|node| self.expression_for(node, &Scope::none(), &data_type));
            arguments.push(Argument {
                mode,
                name: (!parameter.name.is_empty()).then(|| Ident::from(parameter.name.as_str())),
                data_type,
                default: default.transpose()?,
            });
        }
        Ok((arguments, table))
    }

    /// What is returned; `None` where the OUT arguments say it.
    fn returns(
        &self,
        statement: &CreateFunctionStmt,
        arguments: &[Argument],
        table: Vec<(Ident, DataType)>,
    ) -> Applied<Option<Returns>> {
        if !table.is_empty() {
            return Ok(Some(Returns::Table(table)));
        }
        let has_outputs = arguments
            .iter()
            .any(|argument| matches!(argument.mode, ArgumentMode::Out | ArgumentMode::InOut));
        let Some(name) = statement.return_type.as_ref() else {
            return match (statement.is_procedure, has_outputs) {
                (false, false) => {
                    Err(self.error(Code::InvalidDefinition, -1, "function result type must be specified"))
                }
                _ => Ok(None),
            };
        };
        let data_type = self.data_type(&without_setof(name))?.without_modifiers();
        let mut outputs = arguments
            .iter()
            .filter(|argument| matches!(argument.mode, ArgumentMode::Out | ArgumentMode::InOut));
        let implied = match (outputs.next(), outputs.next()) {
            (Some(one), None) => Some(one.data_type.clone()),
            (Some(_), Some(_)) => Some(DataType::plain(QualifiedName::system("record"))),
            (None, _) => None,
        };
        if let Some(implied) = implied.filter(|implied| *implied != data_type) {
            let message = format!(
                "function result type must be {} because of OUT parameters",
                implied.name.name
            );
            return Err(self.error(Code::InvalidDefinition, name.location, message));
        }
        Ok(match (name.setof, has_outputs) {
            (true, _) => Some(Returns::SetOf(data_type)),
            // The result type repeats what the OUT arguments say: one argument's type, or record.
            (false, true) => None,
            (false, false) => Some(Returns::Value(data_type)),
        })
    }

    fn body(&self, statement: &CreateFunctionStmt, routine: &Routine, name: &QualifiedName) -> Applied<Body> {
        let as_clause = definition_elements(&statement.options).find(|option| option.defname == "as");
        match (statement.sql_body.as_deref(), as_clause) {
            (Some(body), None) => self.sql_body(body, routine, name),
            (Some(_), Some(clause)) => Err(self.error(
                Code::InvalidDefinition,
                clause.location,
                "inline SQL function body and AS clause may not be combined",
            )),
            (None, Some(clause)) => {
                let texts = clause.arg.as_deref().map(|node| ast::strings(ast::list(node)));
                match (texts.unwrap_or_default().as_slice(), routine.language.as_str()) {
                    // Without a symbol the function's own name is looked for in the object file.
                    ([file], "c") => Ok(Body::Library(Arc::from(*file), Some(Arc::from(name.name.as_str())))),
                    ([text], _) => Ok(Body::Text(Arc::from(*text))),
                    ([file, symbol], "c") => Ok(Body::Library(Arc::from(*file), Some(Arc::from(*symbol)))),
                    _ => Err(self.error(
                        Code::InvalidDefinition,
                        clause.location,
                        format!("only one AS item needed for language \"{}\"", routine.language),
                    )),
                }
            }
            (None, None) => Err(self.error(Code::InvalidDefinition, -1, "no function body specified")),
        }
    }

    /// RETURN expression, or BEGIN ATOMIC … END.
    fn sql_body(&self, body: &Node, routine: &Routine, name: &QualifiedName) -> Applied<Body> {
        let inputs = routine
            .arguments
            .iter()
            .filter(|argument| argument.mode != ArgumentMode::Out)
            .map(|argument| (argument.name.clone(), argument.data_type.clone()))
            .collect();
        let scope = Scope::arguments(name.name.clone(), inputs);
        let body = self.analyser().body(body, &scope);
        body.map(Body::Sql).map_err(|refusal| self.refused(refusal, -1))
    }

    /// OR REPLACE may change neither the kind nor the result (`ProcedureCreate`).
    fn check_routine_replaceable(&self, id: &ObjectId, routine: &Routine) -> Applied {
        let known = match self.catalog.get(id).map(|entry| &entry.object) {
            None => return Ok(()),
            Some(Object::Routine(known)) => known,
            Some(_) => {
                return Err(self.error(
                    Code::InvalidDefinition,
                    -1,
                    format!("\"{}\" is an aggregate function", id.last_name()),
                ));
            }
        };
        let is_procedure = |routine: &Routine| routine.kind == RoutineKind::Procedure;
        if is_procedure(known) != is_procedure(routine) {
            return Err(self.error(Code::InvalidDefinition, -1, "cannot change routine kind"));
        }
        let outputs = |routine: &Routine| -> Vec<DataType> {
            let arguments = routine.arguments.iter();
            arguments
                .filter(|argument| matches!(argument.mode, ArgumentMode::Out | ArgumentMode::InOut))
                .map(|argument| argument.data_type.clone())
                .collect()
        };
        if known.returns != routine.returns || outputs(known) != outputs(routine) {
            let mut error = self.error(
                Code::InvalidDefinition,
                -1,
                "cannot change return type of existing function",
            );
            error.hint = Some("Drop the function first.".into());
            return Err(error);
        }
        Ok(())
    }
}

/// The types of the input arguments, which tell routines of one name apart.
pub(super) fn signature_of(arguments: &[Argument]) -> Signature {
    arguments
        .iter()
        .filter(|argument| argument.mode != ArgumentMode::Out)
        .map(|argument| argument.data_type.without_modifiers())
        .collect()
}

fn without_setof(name: &TypeName) -> TypeName {
    TypeName {
        setof: false,
        ..name.clone()
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn defaults_said_aloud_are_no_difference() {
        assert_same(
            "CREATE FUNCTION f(a int, OUT b text) RETURNS text LANGUAGE sql VOLATILE COST 100 AS 'SELECT $1::text';",
            "CREATE FUNCTION f(a integer, OUT b text) AS 'SELECT $1::text' LANGUAGE sql;",
        );
        assert_same(
            "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql ROWS 1000 SET search_path = a, \"B\" AS 'SELECT 1';",
            "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql SET search_path TO 'a', 'B' AS 'SELECT 1';",
        );
    }

    #[test]
    fn replacing_keeps_what_hangs_on_it_and_not_the_result() {
        let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION f IS 'kept';
                        REVOKE ALL ON FUNCTION f FROM PUBLIC;";
        assert_same(
            &[
                function,
                "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
            ]
            .concat(),
            &function.replace("SELECT 1", "SELECT 2"),
        );
        let other = "CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT 2';";
        assert_eq!(
            errors(&[function, other].concat()),
            ["cannot change return type of existing function"]
        );
    }

    #[test]
    fn attributes_are_altered_one_by_one() {
        assert_same(
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
             ALTER FUNCTION f STRICT IMMUTABLE PARALLEL SAFE SET work_mem = '1MB'; ALTER FUNCTION f(int) COST 7;",
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql STRICT IMMUTABLE PARALLEL SAFE COST 7
             SET work_mem = '1MB' AS 'SELECT $1';",
        );
    }
}
