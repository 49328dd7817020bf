//! Casts, transforms, conversions, languages, access methods, event triggers.
//!
//! Knows the clauses of each in canonical order (PostgreSQL manual, the CREATE commands).

use super::ast::{
    AlterEventTrigStmt, CoercionContext, CreateAmStmt, CreateCastStmt, CreateConversionStmt, CreateEventTrigStmt,
    CreatePLangStmt, CreateTransformStmt, ObjectWithArgs,
};
use super::definition::text_clause;
use super::identify::{cast_id, global_definition, transform_id};
use super::operator::worded;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::ClauseName;
use crate::catalog::routine::Returns;
use crate::catalog::{DataType, DefinitionKind, Ident, Object, ObjectId, Template, TemplateBuilder};
use crate::dialect::postgres::write::literal;

impl Interpreter {
    pub(super) fn create_cast(&mut self, statement: &CreateCastStmt) -> Applied {
        let source = self.required_data_type(statement.sourcetype.as_ref(), -1)?;
        let target = self.required_data_type(statement.targettype.as_ref(), -1)?;
        let mut body = TemplateBuilder::default();
        match (&statement.func, statement.inout) {
            (_, true) => body.push_str("WITH INOUT"),
            (Some(function), false) => {
                let function = self.function_with_arguments(function)?;
                for cast in self.casts_around(&function, &source, &target) {
                    body.push_dependency(cast);
                }
                body.push_template(&worded("WITH FUNCTION ", &function));
            }
            (None, false) => body.push_str("WITHOUT FUNCTION"),
        }
        match statement.context() {
            CoercionContext::CoercionImplicit => body.push_str(" AS IMPLICIT"),
            CoercionContext::CoercionAssignment => body.push_str(" AS ASSIGNMENT"),
            CoercionContext::CoercionExplicit | CoercionContext::CoercionPlpgsql | CoercionContext::Undefined => {}
        }
        match cast_id(source, target) {
            ObjectId::Definition(id) => {
                self.create_definition((*id).clone(), body.finish(), Vec::new(), Existing::Refuse)
            }
            _ => Err(self.refuse(-1, "this cast")),
        }
    }

    /// The casts without a function that lead to and from a cast's function where it does not take the one type or return
    /// the other: the server keeps that the one cast needs the others (`CastCreate`).
    fn casts_around(&self, function: &Template, source: &DataType, target: &DataType) -> Vec<ObjectId> {
        let routine = function.references().find(|id| matches!(id, ObjectId::Routine(..)));
        let Some(ObjectId::Routine(_, signature)) = routine else {
            return Vec::new();
        };
        let returned = match routine.and_then(|id| self.catalog.get(id)).map(|entry| &entry.object) {
            Some(Object::Routine(routine)) => match &routine.returns {
                Some(Returns::Value(data_type)) => Some(data_type.clone()),
                Some(Returns::SetOf(_) | Returns::Table(_)) | None => None,
            },
            _ => None,
        };
        let taken = signature.first().cloned();
        let before = taken.map(|taken| cast_id(source.clone(), taken));
        let after = returned.map(|returned| cast_id(returned, target.clone()));
        let casts = before.into_iter().chain(after);
        casts.filter(|cast| self.catalog.contains(cast)).collect()
    }

    pub(super) fn create_transform(&mut self, statement: &CreateTransformStmt) -> Applied {
        let data_type = self.required_data_type(statement.type_name.as_ref(), -1)?;
        let mut body = TemplateBuilder::default();
        let part = |words: &str, function: &Option<ObjectWithArgs>| -> Applied<Option<Template>> {
            let function = function.as_ref();
            function
                .map(|function| Ok(worded(words, &self.function_with_arguments(function)?)))
                .transpose()
        };
        let parts = [
            part("FROM SQL WITH FUNCTION ", &statement.fromsql)?,
            part("TO SQL WITH FUNCTION ", &statement.tosql)?,
        ];
        body.push_template(&super::operator::listed("(", parts.into_iter().flatten(), ")"));
        let existing = if statement.replace {
            Existing::Replace
        } else {
            Existing::Refuse
        };
        match transform_id(data_type, Ident::from(statement.lang.as_str())) {
            ObjectId::Definition(id) => self.create_definition((*id).clone(), body.finish(), Vec::new(), existing),
            _ => Err(self.refuse(-1, "this transform")),
        }
    }

    pub(super) fn create_conversion(&mut self, statement: &CreateConversionStmt) -> Applied {
        let name = self.new_name_of(&statement.conversion_name, -1)?;
        let system = DataType::system;
        let signature = [
            system("int4"),
            system("int4"),
            system("cstring"),
            system("internal"),
            system("int4"),
            system("bool"),
        ];
        let function = self.function_reference(&statement.func_name, &signature, -1)?;
        let mut body = TemplateBuilder::default();
        body.push_str(
            &[
                "FOR ",
                &literal(&statement.for_encoding_name),
                " TO ",
                &literal(&statement.to_encoding_name),
                " FROM ",
            ]
            .concat(),
        );
        body.push_template(&function);
        let clauses = if statement.def {
            vec![text_clause(ClauseName::Default, "")]
        } else {
            Vec::new()
        };
        self.create_in_schema(DefinitionKind::Conversion, &name, body.finish(), clauses)
    }

    pub(super) fn create_language(&mut self, statement: &CreatePLangStmt) -> Applied {
        let name = statement.plname.as_str();
        if statement.plhandler.is_empty() {
            // Without a handler it is CREATE EXTENSION (`CreateProceduralLanguage` until 12, the grammar since).
            return self.create_extension(&ast::CreateExtensionStmt {
                extname: name.to_owned(),
                if_not_exists: statement.replace,
                options: Vec::new(),
            });
        }
        let mut body = worded("HANDLER ", &self.function_reference(&statement.plhandler, &[], -1)?);
        for (words, names, argument) in [
            (" INLINE ", &statement.plinline, "internal"),
            (" VALIDATOR ", &statement.plvalidator, "oid"),
        ] {
            if !names.is_empty() {
                let function = self.function_reference(names, &[DataType::system(argument)], -1)?;
                let mut builder = TemplateBuilder::default();
                builder.push_template(&body);
                builder.push_template(&worded(words, &function));
                body = builder.finish();
            }
        }
        let clauses = if statement.pltrusted {
            vec![text_clause(ClauseName::Trusted, "")]
        } else {
            Vec::new()
        };
        let existing = if statement.replace {
            Existing::Replace
        } else {
            Existing::Refuse
        };
        let id = global_definition(DefinitionKind::Language, Ident::from(name));
        self.create_definition(id, body, clauses, existing)
    }

    pub(super) fn create_access_method(&mut self, statement: &CreateAmStmt) -> Applied {
        let words = match statement.amtype.as_str() {
            "t" => "TYPE TABLE HANDLER ",
            _ => "TYPE INDEX HANDLER ",
        };
        let handler = self.function_reference(&statement.handler_name, &[DataType::system("internal")], -1)?;
        let id = global_definition(DefinitionKind::AccessMethod, Ident::from(statement.amname.as_str()));
        self.create_definition(id, worded(words, &handler), Vec::new(), Existing::Refuse)
    }

    pub(super) fn create_event_trigger(&mut self, statement: &CreateEventTrigStmt) -> Applied {
        let mut body = TemplateBuilder::default();
        body.push_str(&["ON ", &statement.eventname].concat());
        for (place, filter) in definition_elements(&statement.whenclause).enumerate() {
            let values = filter.arg.as_deref().map(|node| ast::strings(ast::list(node)));
            let values: Vec<String> = values
                .unwrap_or_default()
                .into_iter()
                .map(|value| literal(&value.to_uppercase()))
                .collect();
            let join = if place == 0 { " WHEN " } else { " AND " };
            body.push_str(&[join, &filter.defname.to_lowercase(), " IN (", &values.join(", "), ")"].concat());
        }
        body.push_str(" EXECUTE FUNCTION ");
        body.push_template(&self.function_reference(&statement.funcname, &[], -1)?);
        body.push_str("()");
        let id = global_definition(DefinitionKind::EventTrigger, Ident::from(statement.trigname.as_str()));
        self.create_definition(id, body.finish(), Vec::new(), Existing::Refuse)
    }

    pub(super) fn alter_event_trigger(&mut self, statement: &AlterEventTrigStmt) -> Applied {
        let id = global_definition(DefinitionKind::EventTrigger, Ident::from(statement.trigname.as_str()));
        let mut clauses = self.clauses_of(&id)?;
        clauses.retain(|clause| clause.name != ClauseName::Firing);
        // The letters are those of `TRIGGER_FIRES_…` in `trigger.h`.
        match statement.tgenabled.as_str() {
            "D" => clauses.push(text_clause(ClauseName::Firing, "DISABLE")),
            "R" => clauses.push(text_clause(ClauseName::Firing, "ENABLE REPLICA")),
            "A" => clauses.push(text_clause(ClauseName::Firing, "ENABLE ALWAYS")),
            _ => {}
        }
        self.set_clauses(id, clauses);
        Ok(())
    }
}
