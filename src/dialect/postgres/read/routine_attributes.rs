//! The attributes of functions and procedures, in CREATE and in ALTER (`functioncmds.c`, `compute_common_attribute`).
//!
//! Knows which value is the default and is therefore kept as none, and how a setting's value is written.

use super::ast::{AlterFunctionStmt, DefElem, Node, NodeEnum, VariableSetKind, VariableSetStmt, a_const};
use super::identify::Found;
use super::options::{definition_number, definition_text};
use super::schema::definition_elements;
use super::{Applied, Interpreter, ast};
use crate::catalog::routine::{Leakproof, NullInput, Parallel, Returns, Routine, RoutineKind, Security, Volatility};
use crate::catalog::{DataType, Object};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::literal;
use std::sync::Arc;

/// Whether attributes are those of a new routine or change an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attributes {
    /// CREATE: language and body stand among them.
    New,
    /// ALTER.
    Changed,
}

impl Interpreter {
    pub(super) fn alter_routine(&mut self, statement: &AlterFunctionStmt) -> Applied {
        let Some(named) = statement.func.as_ref() else {
            return Err(self.refuse(-1, "ALTER without a function"));
        };
        let id = match self.find_routine(statement.objtype(), named)? {
            Found::Object(id) => id,
            Found::Missing(error) => return Err(error),
        };
        let mut routine = match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Routine(routine)) => (**routine).clone(),
            _ => return Err(self.refuse(-1, "ALTER of an aggregate's attributes")),
        };
        self.apply_attributes(&mut routine, &statement.actions, Attributes::Changed)?;
        if let Some(entry) = self.catalog.get_mut(&id) {
            entry.object = Object::Routine(Box::new(routine));
        }
        Ok(())
    }

    /// Applies attributes in order.
    pub(super) fn apply_attributes(&self, routine: &mut Routine, options: &[Node], attributes: Attributes) -> Applied {
        for option in definition_elements(options) {
            self.apply_attribute(routine, option, attributes)?;
        }
        // What is the default is kept as none, whichever way it was written.
        let returns_set = matches!(routine.returns, Some(Returns::SetOf(_) | Returns::Table(_)));
        let default_cost = match routine.language.as_str() {
            "c" | "internal" => 1.0,
            _ => 100.0,
        };
        routine.cost = routine
            .cost
            .take()
            .filter(|cost| cost.parse::<f64>().ok() != Some(default_cost));
        let default_rows = if returns_set { 1000.0 } else { 0.0 };
        routine.rows = routine
            .rows
            .take()
            .filter(|rows| rows.parse::<f64>().ok() != Some(default_rows));
        Ok(())
    }

    fn apply_attribute(&self, routine: &mut Routine, option: &DefElem, attributes: Attributes) -> Applied {
        let is_true = definition_text(option).as_deref() == Some("true");
        match option.defname.as_str() {
            "as" | "language" if attributes == Attributes::New => {}
            "window" => routine.kind = RoutineKind::WindowFunction,
            "volatility" => {
                routine.volatility = match definition_text(option).as_deref() {
                    Some("immutable") => Volatility::Immutable,
                    Some("stable") => Volatility::Stable,
                    _ => Volatility::Volatile,
                }
            }
            "strict" => routine.null_input = if is_true { NullInput::Strict } else { NullInput::Called },
            "security" => routine.security = if is_true { Security::Definer } else { Security::Invoker },
            "leakproof" => {
                routine.leakproof = if is_true {
                    Leakproof::Leakproof
                } else {
                    Leakproof::NotLeakproof
                }
            }
            "parallel" => {
                routine.parallel = match definition_text(option).unwrap_or_default().to_lowercase().as_str() {
                    "safe" => Parallel::Safe,
                    "restricted" => Parallel::Restricted,
                    "unsafe" => Parallel::Unsafe,
                    _ => {
                        return Err(self.error(
                            Code::InvalidDefinition,
                            option.location,
                            "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE",
                        ));
                    }
                }
            }
            "cost" => routine.cost = estimate(option),
            "rows" => routine.rows = estimate(option),
            "support" => {
                let names = super::base_type::option_names(option);
                let signature = [DataType::system("internal")];
                routine.support = Some(self.function_reference(names, &signature, option.location)?);
            }
            "transform" => {
                let mut transforms = Vec::new();
                for node in option.arg.as_deref().map(ast::list).unwrap_or_default() {
                    if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                        transforms.push(self.data_type(name)?.without_modifiers());
                    }
                }
                routine.transforms = transforms;
            }
            "set" => match option.arg.as_deref().and_then(|node| node.node.as_ref()) {
                Some(NodeEnum::VariableSetStmt(set)) => self.apply_setting(routine, set)?,
                _ => return Err(self.refuse(option.location, "this SET clause")),
            },
            other => return Err(self.refuse(option.location, &format!("attribute {other} of a routine"))),
        }
        Ok(())
    }

    fn apply_setting(&self, routine: &mut Routine, set: &VariableSetStmt) -> Applied {
        let name: Arc<str> = Arc::from(set.name.to_lowercase().as_str());
        match set.kind() {
            VariableSetKind::VarSetValue => {
                let value = self.setting_value(set)?;
                keep_setting(routine, name, Arc::from(value.as_str()));
            }
            VariableSetKind::VarSetCurrent if &*name == "search_path" => {
                let schemas: Vec<String> = self
                    .settings
                    .search_path
                    .iter()
                    .map(|schema| literal(schema.as_str()))
                    .collect();
                keep_setting(routine, name, Arc::from(schemas.join(", ").as_str()));
            }
            VariableSetKind::VarSetDefault | VariableSetKind::VarReset => {
                routine.settings.retain(|(known, _)| *known != name);
            }
            VariableSetKind::VarResetAll => routine.settings.clear(),
            VariableSetKind::VarSetCurrent | VariableSetKind::VarSetMulti | VariableSetKind::Undefined => {
                return Err(self.refuse(set.location, &format!("SET {name} FROM CURRENT")));
            }
        }
        Ok(())
    }

    /// A setting's value as pg_dump writes it: every item in quotes, with commas between them.
    fn setting_value(&self, set: &VariableSetStmt) -> Applied<String> {
        let mut items = Vec::new();
        for node in &set.args {
            match setting_item(node) {
                Some(item) => items.push(literal(&item)),
                None => return Err(self.refuse(set.location, &format!("this value of {}", set.name))),
            }
        }
        Ok(items.join(", "))
    }
}

/// One item of a setting's value as text.
pub(super) fn setting_item(node: &Node) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::AConst(constant) => match constant.val.as_ref()? {
            a_const::Val::Ival(value) => Some(value.ival.to_string()),
            a_const::Val::Fval(value) => Some(value.fval.clone()),
            a_const::Val::Sval(value) => Some(value.sval.clone()),
            a_const::Val::Boolval(value) => Some(value.boolval.to_string()),
            a_const::Val::Bsval(_) => None,
        },
        NodeEnum::String(value) => Some(value.sval.clone()),
        _ => None,
    }
}

/// COST or ROWS as a number in its shortest form.
fn estimate(option: &DefElem) -> Option<Arc<str>> {
    let text = match definition_number(option) {
        Some(number) => number.to_string(),
        None => definition_text(option)?.parse::<f64>().ok()?.to_string(),
    };
    Some(Arc::from(text.as_str()))
}

/// Sets a value where its name stands already, else behind the others (`guc.c`, `GUCArrayAdd`).
fn keep_setting(routine: &mut Routine, name: Arc<str>, value: Arc<str>) {
    match routine.settings.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => routine.settings.push((name, value)),
    }
}
