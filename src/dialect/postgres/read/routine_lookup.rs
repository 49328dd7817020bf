//! Which routine a name with argument types means.
//!
//! Knows the rules of `LookupFuncWithArgs` in `parse_func.c`: exact input types, or a name that is unique.

use super::ast::{FunctionParameterMode, Node, NodeEnum, ObjectType, ObjectWithArgs};
use super::identify::Found;
use super::{Applied, Interpreter, ast};
use crate::catalog::routine::RoutineKind;
use crate::catalog::{DataType, Object, ObjectId, QualifiedName, Signature};
use crate::diagnostic::Code;

/// What is looked for besides the name.
enum Wanted {
    /// Any arguments: the name must be unique.
    Any,
    /// These input types.
    Inputs(Signature),
    /// These types, OUT arguments among them, as procedures may be named.
    All(Vec<DataType>, Signature),
}

impl Interpreter {
    pub(super) fn look_up_routine(&self, kind: ObjectType, object: &Node) -> Applied<Found> {
        match object.node.as_ref() {
            Some(NodeEnum::ObjectWithArgs(named)) => self.find_routine(kind, named),
            _ => Err(self.refuse(-1, "a routine without a name")),
        }
    }

    /// A routine by name and, where given, argument types.
    pub(super) fn find_routine(&self, kind: ObjectType, named: &ObjectWithArgs) -> Applied<Found> {
        let wanted = match self.wanted(named) {
            Ok(wanted) => wanted,
            Err(error) if error.code == Code::UnknownType || error.code == Code::UnknownSchema => {
                return Ok(Found::Missing(error));
            }
            Err(error) => return Err(error),
        };
        let (schema, name) = self.split_names(&named.objname)?;
        let schemas: Vec<QualifiedName> = if schema.is_empty() {
            let path = self.settings.search_path.iter();
            path.map(|schema| QualifiedName::new(schema.clone(), name)).collect()
        } else {
            vec![QualifiedName::new(schema, name)]
        };
        let mut candidates: Vec<ObjectId> = Vec::new();
        for qualified in &schemas {
            match &wanted {
                Wanted::Inputs(signature) => {
                    let id = ObjectId::Routine(qualified.clone(), signature.clone());
                    candidates.extend(self.catalog.contains(&id).then_some(id));
                }
                Wanted::All(types, inputs) => {
                    let id = ObjectId::Routine(qualified.clone(), inputs.clone());
                    if self.catalog.contains(&id) {
                        candidates.push(id);
                    } else {
                        candidates.extend(self.routines_of(qualified).filter(|id| self.has_arguments(id, types)));
                    }
                }
                Wanted::Any => candidates.extend(self.routines_of(qualified)),
            }
        }
        candidates.retain(|id| self.routine_is(kind, id));
        let words = routine_words(kind);
        match (candidates.len(), &wanted) {
            (0, _) => {
                let shown = super::lookup::shown_name(schema, name);
                let mut error = self.error(
                    Code::UnknownFunction,
                    -1,
                    format!("{words} {shown} of these arguments does not exist"),
                );
                if self.has_extensions() {
                    error.hint = Some("Objects of extensions are the extension's and cannot be spoken of.".into());
                }
                Ok(Found::Missing(error))
            }
            (1, _) | (_, Wanted::Inputs(_) | Wanted::All(..)) => Ok(Found::Object(candidates.swap_remove(0))),
            (_, Wanted::Any) => {
                let mut error = self.error(
                    Code::UnknownFunction,
                    -1,
                    format!("{words} name \"{name}\" is not unique"),
                );
                error.hint = Some("Write the argument types after the name.".into());
                Err(error)
            }
        }
    }

    /// All routines of a name.
    pub(super) fn routines_of<'a>(&'a self, wanted: &'a QualifiedName) -> impl Iterator<Item = ObjectId> + 'a {
        self.catalog
            .iter()
            .filter(move |(id, _)| matches!(id, ObjectId::Routine(name, _) if name == wanted))
            .map(|(id, _)| id.clone())
    }

    fn wanted(&self, named: &ObjectWithArgs) -> Applied<Wanted> {
        if named.args_unspecified {
            return Ok(Wanted::Any);
        }
        let mut inputs = Vec::new();
        for node in &named.objargs {
            if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                inputs.push(self.data_type(name)?.without_modifiers());
            }
        }
        let mut all = Vec::new();
        let mut has_modes = false;
        for node in &named.objfuncargs {
            if let Some(NodeEnum::FunctionParameter(parameter)) = node.node.as_ref() {
                has_modes |= matches!(
                    parameter.mode(),
                    FunctionParameterMode::FuncParamOut | FunctionParameterMode::FuncParamTable
                );
                let data_type = self.required_data_type(parameter.arg_type.as_ref(), -1)?;
                all.push(data_type.without_modifiers());
            }
        }
        let inputs: Signature = inputs.into();
        if has_modes || all.is_empty() {
            return Ok(Wanted::Inputs(inputs));
        }
        Ok(Wanted::All(all, inputs))
    }

    /// Whether a procedure's arguments, OUT among them, have these types.
    fn has_arguments(&self, id: &ObjectId, types: &[DataType]) -> bool {
        match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Routine(routine)) if routine.kind == RoutineKind::Procedure => routine
                .arguments
                .iter()
                .map(|argument| argument.data_type.without_modifiers())
                .eq(types.iter().cloned()),
            _ => false,
        }
    }

    fn routine_is(&self, kind: ObjectType, id: &ObjectId) -> bool {
        let Some(entry) = self.catalog.get(id) else {
            return false;
        };
        match (&entry.object, kind) {
            (Object::Routine(_), ObjectType::ObjectRoutine) => true,
            (Object::Routine(routine), ObjectType::ObjectProcedure) => routine.kind == RoutineKind::Procedure,
            (Object::Routine(routine), ObjectType::ObjectFunction) => routine.kind != RoutineKind::Procedure,
            // COMMENT and GRANT ON FUNCTION reach aggregates too.
            (
                Object::Definition(_),
                ObjectType::ObjectAggregate | ObjectType::ObjectRoutine | ObjectType::ObjectFunction,
            ) => true,
            _ => false,
        }
    }

    /// The function of a name without arguments, as triggers and handlers are named; `None` when it is not the schema's.
    pub(super) fn handler_function(&self, names: &[Node], signature: &Signature) -> Option<ObjectId> {
        let parts = ast::strings(names);
        let (schema, name) = match parts.as_slice() {
            [name] => ("", *name),
            [schema, name] => (*schema, *name),
            _ => return None,
        };
        let exists = |name: &QualifiedName| {
            self.catalog
                .contains(&ObjectId::Routine(name.clone(), signature.clone()))
        };
        self.find(schema, name, exists)
            .map(|name| ObjectId::Routine(name, signature.clone()))
    }
}

fn routine_words(kind: ObjectType) -> &'static str {
    match kind {
        ObjectType::ObjectProcedure => "procedure",
        ObjectType::ObjectAggregate => "aggregate",
        ObjectType::ObjectRoutine => "routine",
        _ => "function",
    }
}
