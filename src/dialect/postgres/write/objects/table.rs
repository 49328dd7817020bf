//! Tables: plain, partitioned, partitions, inheriting, typed, foreign.

use super::{column, constraint, if_not_exists, lines};
use crate::catalog::bound::{Bound, Limit};
use crate::catalog::table::{Column, Inheritance, PartitionStrategy, Persistence, Table};
use crate::catalog::{Object, ObjectId, Template};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::action::complete::{is_not_valid, is_said_in_create};
use crate::dialect::postgres::write::options::{foreign_clause, tablespace_clause, with_clause};
use crate::dialect::postgres::write::{data_type, ident, identity, template};

/// `CREATE TABLE` and `CREATE FOREIGN TABLE` with the parts that the action holds: columns, their defaults, constraints.
///
/// All parts are written, but of `PARTITION OF` and `OF` only what a column or constraint does not have from there.
pub fn create(create: &Create, table: &Table, version: u16) -> String {
    let kind = match (table.persistence, &table.foreign) {
        (_, Some(_)) => "FOREIGN TABLE",
        (Persistence::Logged, None) => "TABLE",
        (Persistence::Unlogged, None) => "UNLOGGED TABLE",
    };
    let mut text = format!("CREATE {kind} {}{}", if_not_exists(create.guard), identity(&create.id));
    let elements = elements(create, table, version);
    if let Some(partition) = &table.partition_of {
        text.push_str(&format!(" PARTITION OF {}", identity(&partition.parent)));
        if !elements.is_empty() {
            text.push_str(&format!(" {}", lines(&elements)));
        }
        text.push_str(&format!(" {}", partition_bound(&partition.bound)));
    } else if let Some(of) = &table.of_type {
        text.push_str(&format!(" OF {}", data_type(of)));
        if !elements.is_empty() {
            text.push_str(&format!(" {}", lines(&elements)));
        }
    } else {
        text.push_str(&format!(" {}", lines(&elements)));
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table.inherits.iter().map(identity).collect();
            text.push_str(&format!("\nINHERITS ({})", parents.join(", ")));
        }
    }
    text.push_str(&clauses(table));
    text
}

fn clauses(table: &Table) -> String {
    let mut text = String::new();
    if let Some(key) = &table.partition_key {
        let strategy = match key.strategy {
            PartitionStrategy::List => "LIST",
            PartitionStrategy::Range => "RANGE",
            PartitionStrategy::Hash => "HASH",
        };
        let keys: Vec<String> = key.keys.iter().map(template).collect();
        text.push_str(&format!("\nPARTITION BY {strategy} ({})", keys.join(", ")));
    }
    if let Some(foreign) = &table.foreign {
        text.push_str(&format!("\nSERVER {}", identity(&foreign.server)));
        text.push_str(&foreign_clause(&foreign.options));
    }
    if let Some(method) = &table.access_method {
        text.push_str(&format!("\nUSING {}", ident(method)));
    }
    if !table.options.is_empty() {
        text.push_str(&format!("\n{}", with_clause(&table.options).trim_start()));
    }
    if table.tablespace.is_some() {
        text.push_str(&format!(
            "\n{}",
            tablespace_clause(table.tablespace.as_ref()).trim_start()
        ));
    }
    text
}

fn elements(create: &Create, table: &Table, version: u16) -> Vec<String> {
    let given_elsewhere = table.partition_of.is_some() || table.of_type.is_some();
    let mut elements = Vec::new();
    for (id, entry) in &create.parts {
        if let Object::Column(part) = &entry.object {
            if given_elsewhere {
                let default = default_of(create, id, Inheritance::Local);
                elements.extend(column::override_of(id, &own_part(part), default, create.names));
            } else if table.inherits.is_empty() {
                let default = default_of(create, id, Inheritance::Inherited);
                elements.push(column::definition(id, part, default, create.names, version));
            } else if part.inheritance != Inheritance::Inherited {
                let default = default_of(create, id, Inheritance::Inherited);
                elements.push(column::definition(
                    id,
                    &own_not_null(part),
                    default,
                    create.names,
                    version,
                ));
            }
        }
    }
    // Of a column that comes from a parent a NOT NULL of the table's own is all that CREATE says.
    for (id, entry) in &create.parts {
        if let (Object::Column(part), ObjectId::Column(relation, name)) = (&entry.object, id)
            && !table.inherits.is_empty()
            && part.inheritance == Inheritance::Inherited
            && version >= column::NOT_NULL_OF_TABLE
            && let Some(not_null) = own_not_null(part).not_null
            && !is_not_valid(&not_null)
        {
            elements.push(column::not_null_of_table(relation, name, &not_null, create.names));
        }
    }
    for (id, entry) in &create.parts {
        if let Object::Constraint(part) = &entry.object
            && is_said_in_create(entry)
            && !(given_elsewhere && part.inheritance == Inheritance::Inherited)
        {
            elements.push(constraint::named(id, part));
        }
    }
    elements
}

/// The column without what it has from its parent: an inherited NOT NULL, identity, generation.
fn own_part(column: &Column) -> Column {
    let mut own = own_not_null(column);
    if own.inheritance != Inheritance::Local {
        own.identity = None;
        own.generated = None;
    }
    own
}

/// The column without a NOT NULL that only a parent gives it.
fn own_not_null(column: &Column) -> Column {
    let mut own = column.clone();
    own.not_null = own
        .not_null
        .filter(|not_null| not_null.inheritance != Inheritance::Inherited);
    own
}

/// The default written with a column; where only `Local` ones are, one that comes from a parent is not.
fn default_of<'a>(create: &'a Create, column: &ObjectId, weakest: Inheritance) -> Option<&'a Template> {
    create.parts.iter().find_map(|(id, entry)| match &entry.object {
        Object::Default(default) if id.parent().as_ref() == Some(column) => {
            let is_own = default.inheritance != Inheritance::Inherited || weakest == Inheritance::Inherited;
            is_own.then_some(&default.expression)
        }
        _ => None,
    })
}

/// `FOR VALUES …` or `DEFAULT`.
pub fn partition_bound(bound: &Bound) -> String {
    let limits = |limits: &[Limit]| {
        let words: Vec<String> = limits
            .iter()
            .map(|limit| match limit {
                Limit::Minimum => "MINVALUE".to_owned(),
                Limit::Value(value) => template(value),
                Limit::Maximum => "MAXVALUE".to_owned(),
            })
            .collect();
        words.join(", ")
    };
    match bound {
        Bound::Default => "DEFAULT".to_owned(),
        Bound::List(values) => {
            let value = |value: &Option<Template>| value.as_ref().map_or_else(|| "NULL".to_owned(), template);
            let values: Vec<String> = values.iter().map(value).collect();
            format!("FOR VALUES IN ({})", values.join(", "))
        }
        Bound::Range { from, to } => format!("FOR VALUES FROM ({}) TO ({})", limits(from), limits(to)),
        Bound::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})")
        }
    }
}
