//! A column's definition, as it stands in CREATE TABLE and after ADD COLUMN.

use super::sequence;
use crate::catalog::constraint::Constraint;
use crate::catalog::table::{Column, Generated, GeneratedStorage, Identity, IdentityGeneration, Inherit, NotNull};
use crate::catalog::{Ident, ObjectId, QualifiedName, Template};
use crate::dialect::postgres::action::Names;
use crate::dialect::postgres::action::complete::is_not_valid;
use crate::dialect::postgres::write::options::foreign_clause;
use crate::dialect::postgres::write::template::reference;
use crate::dialect::postgres::write::{data_type, ident, qualified, template};

/// The first version that takes STORAGE in CREATE TABLE and ADD COLUMN.
pub const STORAGE_IN_DEFINITION: u16 = 16;

/// The first version that takes NOT NULL among the constraints of a table.
pub const NOT_NULL_OF_TABLE: u16 = 18;

/// `name type …` with everything that a column's definition can say.
pub fn definition(id: &ObjectId, column: &Column, default: Option<&Template>, names: Names, version: u16) -> String {
    let mut text = format!("{} {}", ident(&id.last_name()), data_type(&column.data_type));
    if let Some(storage) = &column.storage
        && version >= STORAGE_IN_DEFINITION
    {
        text.push_str(&format!(" STORAGE {storage}"));
    }
    if let Some(compression) = &column.compression {
        text.push_str(&format!(" COMPRESSION {}", ident(compression)));
    }
    text.push_str(&foreign_clause(&column.foreign_options));
    if let Some(collation) = &column.collation {
        text.push_str(&collate(collation));
    }
    text.push_str(&qualifications(id, column, default, names));
    text
}

/// `name` with what is said of a column that comes from a type or a parent: default, NOT NULL and their like.
pub fn override_of(id: &ObjectId, column: &Column, default: Option<&Template>, names: Names) -> Option<String> {
    let qualifications = qualifications(id, column, default, names);
    (!qualifications.is_empty()).then(|| format!("{} WITH OPTIONS{qualifications}", ident(&id.last_name())))
}

/// `CONSTRAINT name NOT NULL`, with the name only where it is not the one that a server chooses by itself.
pub fn not_null(relation: &QualifiedName, column: &Ident, not_null: &NotNull, names: Names) -> String {
    let chosen = format!("{}_{}_not_null", relation.name, column);
    let name = if not_null.name.as_str() == chosen && names == Names::WhereOthers {
        String::new()
    } else {
        format!("CONSTRAINT {} ", ident(&not_null.name))
    };
    format!("{name}NOT NULL{}", no_inherit(not_null.inherit))
}

/// `CONSTRAINT name NOT NULL column`, as it stands among a table's constraints.
pub fn not_null_of_table(relation: &QualifiedName, column: &Ident, not_null: &NotNull, names: Names) -> String {
    let plain = NotNull {
        inherit: Inherit::Inherit,
        ..not_null.clone()
    };
    let written = self::not_null(relation, column, &plain, names);
    format!("{written} {}{}", ident(column), no_inherit(not_null.inherit))
}

/// ` COLLATE name`.
pub fn collate(collation: &ObjectId) -> String {
    format!(" COLLATE {}", reference(collation, crate::catalog::Form::Qualified))
}

/// ` NO INHERIT` or nothing.
pub fn no_inherit(inherit: Inherit) -> &'static str {
    match inherit {
        Inherit::Inherit => "",
        Inherit::NoInherit => " NO INHERIT",
    }
}

/// `GENERATED … AS IDENTITY (…)` with the options that are not the default ones.
pub fn identity_clause(relation: &QualifiedName, column: &Ident, identity: &Identity) -> String {
    let mut options = Vec::new();
    let chosen = format!("{}_{}_seq", relation.name, column);
    if identity.sequence.as_str() != chosen {
        options.push(format!(
            "SEQUENCE NAME {}",
            qualified(&relation.with_name(identity.sequence.clone()))
        ));
    }
    options.extend(sequence::deviations(&identity.options));
    let options = if options.is_empty() {
        String::new()
    } else {
        format!(" ({})", options.join(" "))
    };
    format!("GENERATED {} AS IDENTITY{options}", generation(identity.generation))
}

/// `ALWAYS` or `BY DEFAULT`.
pub fn generation(generation: IdentityGeneration) -> &'static str {
    match generation {
        IdentityGeneration::Always => "ALWAYS",
        IdentityGeneration::ByDefault => "BY DEFAULT",
    }
}

/// `GENERATED ALWAYS AS (…) STORED` or `VIRTUAL`.
pub fn generated_clause(generated: &Generated) -> String {
    let storage = match generated.storage {
        GeneratedStorage::Stored => "STORED",
        GeneratedStorage::Virtual => "VIRTUAL",
    };
    format!("GENERATED ALWAYS AS ({}) {storage}", template(&generated.expression))
}

/// Constraints that are written with a column, in table form: they stand behind the whole definition.
pub fn with_constraints(definition: String, constraints: &[(ObjectId, Constraint)]) -> String {
    let mut text = definition;
    for (id, constraint) in constraints {
        text.push_str(&format!(", ADD {}", super::constraint::named(id, constraint)));
    }
    text
}

fn qualifications(id: &ObjectId, column: &Column, default: Option<&Template>, names: Names) -> String {
    let mut text = String::new();
    let ObjectId::Column(relation, name) = id else {
        return text;
    };
    if let Some(default) = default {
        text.push_str(&format!(" DEFAULT {}", template(default)));
    }
    if let Some(generated) = &column.generated {
        text.push_str(&format!(" {}", generated_clause(generated)));
    }
    if let Some(identity) = &column.identity {
        text.push_str(&format!(" {}", identity_clause(relation, name, identity)));
    }
    if let Some(constraint) = &column.not_null
        && !is_not_valid(constraint)
    {
        text.push_str(&format!(" {}", not_null(relation, name, constraint, names)));
    }
    text
}
