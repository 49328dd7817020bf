//! Lists of options: storage parameters, options of foreign objects, the values of definition elements.
//!
//! Knows how the server turns a definition element into text (`define.c`, `reloptions.c`).

use super::{Applied, Interpreter, ast};
use crate::catalog::Options;
use crate::diagnostic::Code;
use ast::NodeEnum;
use std::sync::Arc;

/// The value of a definition element as text; `None` when it has none or the value is no text.
pub(super) fn definition_text(element: &ast::DefElem) -> Option<String> {
    match element.arg.as_deref()?.node.as_ref()? {
        NodeEnum::Integer(value) => Some(value.ival.to_string()),
        NodeEnum::Float(value) => Some(value.fval.clone()),
        NodeEnum::Boolean(value) => Some(if value.boolval { "true" } else { "false" }.to_owned()),
        NodeEnum::String(value) => Some(value.sval.clone()),
        NodeEnum::TypeName(name) => Some(ast::strings(&name.names).join(".")),
        NodeEnum::List(list) => Some(ast::strings(&list.items).join(".")),
        NodeEnum::AStar(_) => Some("*".to_owned()),
        _ => None,
    }
}

/// The value of a definition element as a number.
pub(super) fn definition_number(element: &ast::DefElem) -> Option<i64> {
    match element.arg.as_deref()?.node.as_ref()? {
        NodeEnum::Integer(value) => Some(value.ival.into()),
        NodeEnum::Float(value) => value.fval.parse().ok(),
        _ => None,
    }
}

/// The value of a definition element as a name: its schema (empty when there is none) and its last part.
pub(super) fn definition_name(element: &ast::DefElem) -> Option<(String, String)> {
    match ast::strings(ast::list(element.arg.as_deref()?)).as_slice() {
        [name] => Some((String::new(), (*name).to_owned())),
        [schema, name] | [_, schema, name] => Some(((*schema).to_owned(), (*name).to_owned())),
        _ => None,
    }
}

impl Interpreter {
    /// Storage parameters of a WITH or SET list, those of the TOAST table as `toast.name`.
    ///
    /// `oids = false` says what has been so since PostgreSQL 12 and is left out, as on the server.
    pub(super) fn storage_options(&self, list: &[ast::Node]) -> Applied<Options> {
        let mut options = Options::new();
        for element in self.definition_elements(list)? {
            if element.defnamespace.is_empty() && element.defname == "oids" {
                match definition_text(element).as_deref() {
                    Some("false" | "off" | "0" | "no") => continue,
                    _ => {
                        return Err(self.error(
                            Code::UnsupportedClause,
                            element.location,
                            "tables declared WITH OIDS are not supported",
                        ));
                    }
                }
            }
            let value = definition_text(element).unwrap_or_else(|| "true".to_owned());
            options.insert(option_name(element), Arc::from(value.as_str()));
        }
        Ok(options)
    }

    /// Sets or resets options as ALTER … SET (…) and RESET (…) do.
    pub(super) fn change_options(&self, options: &mut Options, list: &[ast::Node], change: OptionChange) -> Applied {
        match change {
            OptionChange::Set => options.extend(self.storage_options(list)?),
            OptionChange::Reset => {
                for element in self.definition_elements(list)? {
                    options.shift_remove(&option_name(element));
                }
            }
        }
        Ok(())
    }

    /// OPTIONS (…) of a new foreign object.
    pub(super) fn foreign_options(&self, list: &[ast::Node]) -> Applied<Options> {
        let mut options = Options::new();
        self.change_foreign_options(&mut options, list)?;
        Ok(options)
    }

    /// OPTIONS (ADD …, SET …, DROP …) of an existing foreign object (`transformGenericOptions`).
    pub(super) fn change_foreign_options(&self, options: &mut Options, list: &[ast::Node]) -> Applied {
        for element in self.definition_elements(list)? {
            let name: Arc<str> = Arc::from(element.defname.as_str());
            let known = options.contains_key(&name);
            let value = || Arc::from(definition_text(element).unwrap_or_default().as_str());
            match (element.defaction(), known) {
                (ast::DefElemAction::DefelemDrop, true) => {
                    options.shift_remove(&name);
                }
                (ast::DefElemAction::DefelemSet, true) => {
                    options.insert(name, value());
                }
                (ast::DefElemAction::DefelemDrop | ast::DefElemAction::DefelemSet, false) => {
                    return Err(self.error(
                        Code::UnknownObject,
                        element.location,
                        format!("option \"{name}\" not found"),
                    ));
                }
                (_, true) => {
                    return Err(self.error(
                        Code::DuplicateObject,
                        element.location,
                        format!("option \"{name}\" provided more than once"),
                    ));
                }
                (_, false) => {
                    options.insert(name, value());
                }
            }
        }
        Ok(())
    }

    fn definition_elements<'a>(&self, list: &'a [ast::Node]) -> Applied<Vec<&'a ast::DefElem>> {
        list.iter()
            .map(|node| match &node.node {
                Some(NodeEnum::DefElem(element)) => Ok(&**element),
                _ => Err(self.refuse(-1, "this option")),
            })
            .collect()
    }
}

/// What ALTER does to options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OptionChange {
    Set,
    Reset,
}

fn option_name(element: &ast::DefElem) -> Arc<str> {
    if element.defnamespace.is_empty() {
        Arc::from(element.defname.as_str())
    } else {
        Arc::from(format!("{}.{}", element.defnamespace, element.defname).as_str())
    }
}
