//! Functions: which one a call means.
//!
//! Knows routines of the schema by name, number and names of arguments and, where known, their types
//! (`parse_func.c`); PostgreSQL's own and those of well-known extensions from the tables. Does not write the arguments.

use super::candidate::{Candidate, Choice, Source};
use super::fragment::{Fragment, Writer};
use super::system::Function;
use super::typing::table_type;
use super::{Analyser, Refusal, resolve, system};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::routine::{Argument, ArgumentMode, Returns, Routine};
use crate::catalog::types::Type;
use crate::catalog::{DataType, Doubt, Form, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::write;

/// What a call is made of, as far as it tells functions apart.
#[derive(Debug)]
pub(super) struct Call<'c> {
    /// The name as written.
    pub(super) name: Vec<&'c str>,
    /// The arguments, those of WITHIN GROUP last.
    pub(super) arguments: &'c [Fragment],
    /// The names of arguments in named notation, beside `arguments`.
    pub(super) argument_names: &'c [Option<&'c str>],
    /// Whether the last argument is the whole variadic array.
    pub(super) variadic: Variadic,
    /// The place.
    pub(super) location: i32,
}

/// How the last argument of a call is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variadic {
    /// As any other.
    Spread,
    /// VARIADIC array.
    Array,
}

/// What a call means.
#[derive(Clone, Debug)]
pub(super) enum Callee {
    /// A routine of the schema, and others that it could be as well.
    Own(ObjectId, Vec<ObjectId>),
    /// One of PostgreSQL's own, with what the call can mean.
    System(String, Vec<Function>),
    /// A function of an extension installed in a schema.
    Extension(Ident, Ident, String, Vec<Function>),
    /// A function that nothing known has, where an extension unknown to the tables is installed.
    Foreign(Option<Ident>, String),
    /// A type by the name: the call is a cast.
    Cast(DataType),
    /// A range or multirange type of the schema by the name: the call makes a value of it.
    Range(DataType),
}

impl Analyser<'_> {
    /// What a call means.
    ///
    /// # Errors
    /// A function that does not exist.
    pub(super) fn callee(&self, call: &Call) -> Result<Callee, Refusal> {
        let (schema, name) = match call.name.as_slice() {
            [name] => (None, *name),
            [schema, name] | [_, schema, name] => (Some(*schema), *name),
            _ => return Err(unknown_function(call)),
        };
        let system: Vec<Function> = match schema {
            None | Some(SYSTEM_SCHEMA) => system::functions(self.version, name).to_vec(),
            Some(_) => Vec::new(),
        };
        let count = call.arguments.len();
        let fitting: Vec<Function> = system
            .iter()
            .copied()
            .filter(|function| function.takes(count))
            .collect();
        let own = self.own_candidates(call, fitting.is_empty());
        if let Some(best) = own.first() {
            return Ok(Callee::Own(best.clone(), own[1..].to_vec()));
        }
        if !system.is_empty() {
            let functions = if fitting.is_empty() { system } else { fitting };
            return Ok(Callee::System(name.to_owned(), functions));
        }
        if let Some(callee) = self.extension_callee(schema, name) {
            return Ok(callee);
        }
        if let Some(range) = self.range_type(&call.name) {
            return Ok(Callee::Range(range));
        }
        if count == 1
            && let Ok(data_type) = self.named_type(&call.name, -1)
        {
            return Ok(Callee::Cast(data_type));
        }
        match self.unknown_extension_schema(schema) {
            Some(_) => Ok(Callee::Foreign(schema.map(Ident::from), name.to_owned())),
            None => Err(unknown_function(call)),
        }
    }

    /// The function that a call means by the types of its arguments; `None` when they do not tell.
    pub(super) fn typed_callee(&self, call: &Call) -> Option<(Callee, Choice)> {
        if call.argument_names.iter().any(Option::is_some) {
            return None;
        }
        let (schema, name) = match call.name.as_slice() {
            [name] => (None, *name),
            [schema, name] | [_, schema, name] => (Some(*schema), *name),
            _ => return None,
        };
        let count = call.arguments.len();
        let spread = call.variadic == Variadic::Spread;
        let mut candidates = Vec::new();
        let mut add = |function: &Function, home: &str, source| {
            if function.takes(count) {
                let declared = function.arguments_of(count, spread).into_iter();
                candidates.push(Candidate {
                    arguments: declared.filter_map(|name| table_type(name, home)).collect(),
                    result: table_type(function.result().0, home),
                    source,
                });
            }
        };
        let system = match schema {
            None | Some(SYSTEM_SCHEMA) => system::functions(self.version, name),
            Some(_) => &[],
        };
        for (index, function) in system.iter().enumerate() {
            add(function, SYSTEM_SCHEMA, Source::System(index));
        }
        let brought = system::extension_functions(name);
        for (index, (extension, function)) in brought.iter().enumerate() {
            if let Some((_, home)) = self.installed(&[extension], schema) {
                add(function, home.as_str(), Source::Extension(index));
            }
        }
        for id in self.routines_named(&call.name) {
            if self.fits(&id, call) {
                candidates.extend(self.own_candidate(id, count, spread));
            }
        }
        let arguments: Vec<&Fragment> = call.arguments.iter().collect();
        let choice = self.choose(candidates, &arguments)?;
        let callee = match &choice.source {
            Source::Own(id) => Callee::Own(id.clone(), Vec::new()),
            Source::System(index) => Callee::System(name.to_owned(), vec![*system.get(*index)?]),
            Source::Extension(index) => {
                let (extension, function) = brought.get(*index)?;
                let (extension, home) = self.installed(&[extension], schema)?;
                Callee::Extension(extension, home, name.to_owned(), vec![*function])
            }
        };
        Some((callee, choice))
    }

    fn own_candidate(&self, id: ObjectId, count: usize, spread: bool) -> Option<Candidate> {
        let ObjectId::Routine(_, signature) = &id else {
            return None;
        };
        let mut declared = signature.to_vec();
        let variadic = self.routine(&id).is_some_and(|routine| {
            inputs(routine)
                .last()
                .is_some_and(|last| last.mode == ArgumentMode::Variadic)
        });
        if variadic
            && spread
            && let Some(last) = declared.pop()
        {
            let element = self.element_type(&last).unwrap_or(last);
            declared.resize(count.max(declared.len()), element);
        }
        declared.truncate(count);
        let result = match self.routine(&id).map(|routine| &routine.returns) {
            Some(Some(Returns::Value(data_type) | Returns::SetOf(data_type))) => Some(data_type.clone()),
            _ => self.result_type(&Callee::Own(id.clone(), Vec::new())),
        };
        Some(Candidate {
            arguments: declared,
            result,
            source: Source::Own(id),
        })
    }

    /// The routines of the schema of a name as written, in the order of the search path.
    pub(super) fn routines_named(&self, name: &[&str]) -> Vec<ObjectId> {
        let of = |name: QualifiedName| -> Vec<ObjectId> {
            let routine = |id: &&ObjectId| matches!(id, ObjectId::Routine(..));
            self.catalog.overloads(&name).filter(routine).cloned().collect()
        };
        match name {
            [name] => self
                .search_path
                .iter()
                .flat_map(|schema| of(QualifiedName::new(schema.clone(), *name)))
                .collect(),
            [schema, name] | [_, schema, name] => of(QualifiedName::new(*schema, *name)),
            _ => Vec::new(),
        }
    }

    /// The routines of the schema that a call can mean: the best first, alone when it is better than all others.
    ///
    /// Where PostgreSQL has a function that takes the call as well, only one whose types are just those given counts.
    fn own_candidates(&self, call: &Call, alone: bool) -> Vec<ObjectId> {
        let mut candidates: Vec<(usize, ObjectId)> = self
            .routines_named(&call.name)
            .into_iter()
            .filter(|id| self.fits(id, call))
            .map(|id| (exact_arguments(&id, call), id))
            .filter(|(exact, _)| alone || (*exact == call.arguments.len() && *exact > 0))
            .collect();
        candidates.sort_by_key(|(exact, _)| std::cmp::Reverse(*exact));
        if let [(first, _), (second, _), ..] = candidates.as_slice()
            && first > second
        {
            candidates.truncate(1);
        }
        candidates.into_iter().map(|(_, id)| id).collect()
    }

    /// Whether a routine can be called so, by number and names of arguments.
    fn fits(&self, id: &ObjectId, call: &Call) -> bool {
        let ObjectId::Routine(_, signature) = id else {
            return false;
        };
        let given = call.arguments.len();
        let Some(Object::Routine(routine)) = self.catalog.get(id).map(|entry| &entry.object) else {
            // An aggregate, kept by its definition: "any number" may stand behind its last argument.
            return given == signature.len() || (given > signature.len() && !signature.is_empty());
        };
        let inputs: Vec<&Argument> = inputs(routine).collect();
        let needed = inputs.iter().filter(|input| input.default.is_none()).count();
        let variadic = inputs.last().is_some_and(|input| input.mode == ArgumentMode::Variadic);
        let count_fits = match (variadic, call.variadic) {
            (true, Variadic::Spread) => given + 1 >= needed,
            (true, Variadic::Array) | (false, Variadic::Spread) => given >= needed && given <= inputs.len(),
            (false, Variadic::Array) => false,
        };
        let named = |name: &str| {
            inputs
                .iter()
                .any(|input| input.name.as_ref().is_some_and(|own| own.as_str() == name))
        };
        count_fits && call.argument_names.iter().flatten().all(|name| named(name))
    }

    fn extension_callee(&self, schema: Option<&str>, name: &str) -> Option<Callee> {
        let known = system::extension_functions(name);
        let extensions: Vec<&str> = known.iter().map(|(extension, _)| *extension).collect();
        let (extension, home) = self.installed(&extensions, schema)?;
        let functions = known
            .iter()
            .filter(|(owner, _)| *owner == extension.as_str())
            .map(|(_, function)| *function)
            .collect();
        Some(Callee::Extension(extension, home, name.to_owned(), functions))
    }

    /// `function(row)` for a name that stands behind a row as if it were a column.
    pub(super) fn call_of_row(&self, name: &str, row: &Fragment) -> Option<Fragment> {
        let row_type = row.data_type.as_ref()?;
        let routine = self.routines_named(&[name]).into_iter().find(|id| match id {
            ObjectId::Routine(_, signature) => signature.len() == 1 && signature.first() == Some(row_type),
            _ => false,
        })?;
        let mut writer = Writer::default();
        writer.reference(routine.clone(), Form::Qualified);
        writer.text("(").fragment(row).text(")");
        let data_type = self.result_type(&Callee::Own(routine, Vec::new()));
        Some(writer.closed().typed(data_type))
    }

    /// Writes the name of what is called; a cast has none.
    pub(super) fn write_callee(&self, writer: &mut Writer, callee: &Callee) {
        match callee {
            Callee::Own(routine, others) => {
                writer.reference(routine.clone(), Form::Qualified);
                for other in others {
                    writer.dependency(other.clone());
                }
            }
            Callee::System(name, _) => {
                writer.name(name);
            }
            Callee::Extension(extension, home, name, _) => {
                if home.as_str() != SYSTEM_SCHEMA {
                    writer.reference(ObjectId::Schema(home.clone()), Form::Bare).text(".");
                }
                writer.name(name).dependency(ObjectId::Extension(extension.clone()));
            }
            Callee::Foreign(schema, name) => {
                writer.doubt(Doubt::Unresolved);
                if let Some(schema) = schema {
                    writer.name(schema.as_str()).text(".");
                }
                writer.name(name);
            }
            Callee::Range(data_type) => self.write_type(writer, data_type),
            Callee::Cast(_) => {}
        }
    }

    /// The range type, or the multirange type that goes with one, of a name.
    fn range_type(&self, name: &[&str]) -> Option<DataType> {
        let data_type = self.named_type(name, -1).ok()?;
        match &self.catalog.get(&ObjectId::Type(data_type.name.clone()))?.object {
            Object::Type(own) if matches!(**own, Type::Range(_)) => Some(data_type),
            _ => None,
        }
    }

    /// The type of a call's result, where it is the same whatever is meant.
    pub(super) fn result_type(&self, callee: &Callee) -> Option<DataType> {
        match callee {
            Callee::Own(routine, others) if others.is_empty() => match &self.routine(routine)?.returns {
                Some(Returns::Value(data_type) | Returns::SetOf(data_type)) => {
                    let polymorphic = data_type.name.is_system() && data_type.name.name.as_str().starts_with("any");
                    (!polymorphic).then(|| data_type.clone())
                }
                Some(Returns::Table(columns)) => match columns.as_slice() {
                    [(_, only)] => Some(only.clone()),
                    _ => None,
                },
                None => {
                    let routine = self.routine(routine)?;
                    let mut outputs = outputs(routine);
                    let first = outputs.next()?;
                    outputs.next().is_none().then(|| first.data_type.clone())
                }
            },
            Callee::Own(..) | Callee::Foreign(..) | Callee::Extension(..) => None,
            Callee::System(_, functions) => {
                let mut results = functions.iter().map(|function| function.result().0);
                let first = results.next()?;
                if results.all(|other| other == first) {
                    resolve::system_type(first)
                } else {
                    None
                }
            }
            Callee::Cast(data_type) | Callee::Range(data_type) => Some(data_type.clone()),
        }
    }

    /// A function or procedure of the schema; `None` for aggregates.
    pub(super) fn routine(&self, id: &ObjectId) -> Option<&Routine> {
        match &self.catalog.get(id)?.object {
            Object::Routine(routine) => Some(routine),
            _ => None,
        }
    }
}

/// The arguments that are given in a call.
pub(super) fn inputs(routine: &Routine) -> impl Iterator<Item = &Argument> {
    routine.arguments.iter().filter(|argument| match argument.mode {
        ArgumentMode::In | ArgumentMode::InOut | ArgumentMode::Variadic => true,
        ArgumentMode::Out => false,
    })
}

/// The arguments that are part of the result.
pub(super) fn outputs(routine: &Routine) -> impl Iterator<Item = &Argument> {
    routine.arguments.iter().filter(|argument| match argument.mode {
        ArgumentMode::Out | ArgumentMode::InOut => true,
        ArgumentMode::In | ArgumentMode::Variadic => false,
    })
}

/// How many arguments by position are known to have just the type that the routine declares.
fn exact_arguments(id: &ObjectId, call: &Call) -> usize {
    let ObjectId::Routine(_, signature) = id else { return 0 };
    let exact = |(declared, given): &(&DataType, &Fragment)| {
        let given = given.data_type.as_ref();
        given.is_some_and(|given| declared.name == given.name && declared.array == given.array)
    };
    signature.iter().zip(call.arguments).filter(exact).count()
}

fn unknown_function(call: &Call) -> Refusal {
    let name = call.name.join(".");
    let shown = |argument: &Fragment| {
        let data_type = argument.data_type.as_ref();
        data_type.map_or_else(|| "unknown".to_owned(), write::data_type)
    };
    let types: Vec<String> = call.arguments.iter().map(shown).collect();
    let message = format!("function {name}({}) does not exist", types.join(", "));
    Refusal::new(Code::UnknownFunction, call.location, message)
}
