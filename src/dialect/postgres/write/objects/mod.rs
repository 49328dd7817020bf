//! `CREATE` of every kind of object; one file per kind or group.
//!
//! Knows the grammar of CREATE. Owner, comment, privileges and what else CREATE cannot say are statements of their own.

pub mod column;
pub mod constraint;
pub mod definition;
pub mod index;
pub mod routine;
pub mod sequence;
pub mod table;
pub mod trigger;
pub mod types;
pub mod view;

use super::identity::identity;
use super::quote::{ident, literal};
use crate::catalog::{Object, ObjectId};
use crate::dialect::postgres::action::{Create, CreateMode, Guard, Names};

/// The text of a CREATE, without the semicolon.
pub fn create(create: &Create, version: u16) -> String {
    let id = &create.id;
    match &create.entry.object {
        Object::Schema => format!("CREATE SCHEMA {}{}", if_not_exists(create.guard), identity(id)),
        Object::Extension(extension) => {
            let mut text = format!("CREATE EXTENSION {}{}", if_not_exists(create.guard), identity(id));
            if let Some(schema) = &extension.schema {
                text.push_str(&format!(" SCHEMA {}", identity(schema)));
            }
            if let Some(version) = &extension.version {
                text.push_str(&format!(" VERSION {}", literal(version)));
            }
            text
        }
        Object::Table(table) => table::create(create, table, version),
        Object::Index(index) => index::create(create, index),
        Object::Sequence(sequence) => sequence::create(create, sequence),
        Object::View(view) => view::create(create, view),
        Object::MaterializedView(view) => view::create_materialized(create, view),
        Object::Type(object) => types::create(create, object),
        Object::Routine(routine) => routine::create(create, routine),
        Object::Trigger(trigger) => trigger::create(create, trigger),
        Object::Rule(rule) => trigger::create_rule(create, rule),
        Object::Policy(policy) => trigger::create_policy(create, policy),
        Object::Definition(definition) => definition::create(create, definition),
        Object::Constraint(constraint) => {
            format!(
                "ALTER TABLE {} ADD {}",
                parent_name(id),
                constraint::named(id, constraint)
            )
        }
        Object::Default(default) => format!(
            "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}",
            parent_name(id),
            ident(&id.last_name()),
            super::template(&default.expression)
        ),
        Object::Column(column) => format!(
            "ALTER TABLE {} ADD COLUMN {}",
            parent_name(id),
            column::definition(id, column, None, Names::WhereOthers, version)
        ),
        Object::DomainConstraint(constraint) => {
            format!(
                "ALTER DOMAIN {} ADD {}",
                parent_name(id),
                constraint::of_domain(id, constraint)
            )
        }
        // The columns of a view are made by its query, default privileges by GRANT, what is provided by the server or an
        // extension: there is nothing to create.
        Object::ViewColumn | Object::DefaultPrivileges(_) | Object::Provided(_) => String::new(),
    }
}

/// `OR REPLACE ` or nothing.
fn or_replace(mode: CreateMode) -> &'static str {
    match mode {
        CreateMode::OrReplace => "OR REPLACE ",
        CreateMode::Plain | CreateMode::Concurrently | CreateMode::OnOnly => "",
    }
}

/// `IF NOT EXISTS ` or nothing.
pub(super) fn if_not_exists(guard: Guard) -> &'static str {
    match guard {
        Guard::IfNeeded => "IF NOT EXISTS ",
        Guard::None => "",
    }
}

/// The relation or domain that a part hangs on.
fn parent_name(id: &ObjectId) -> String {
    id.qualified_name().map(super::qualified).unwrap_or_default()
}

/// `(\n    a,\n    b\n)`: a list with one element a line.
fn lines(elements: &[String]) -> String {
    if elements.is_empty() {
        return "()".to_owned();
    }
    format!("(\n    {}\n)", elements.join(",\n    "))
}

/// The last names of columns with commas between them.
pub(super) fn column_list(columns: &[ObjectId]) -> String {
    columns
        .iter()
        .map(|column| ident(&column.last_name()))
        .collect::<Vec<_>>()
        .join(", ")
}
