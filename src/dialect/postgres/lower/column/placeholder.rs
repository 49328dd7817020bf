//! Values that stand in where a column is NOT NULL and its values are not known: a new one that nothing fills, or a dropped
//! one that comes back.

use crate::catalog::types::Type;
use crate::catalog::{Array, Catalog, DataType, Form, Object, Template, TemplateBuilder};
use crate::dialect::postgres::write;

/// What a placeholder must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Any value of the type.
    Any,
    /// Another one for each row.
    Unique,
}

/// A value of a type, as an expression; none where no value is known to be one.
pub(super) fn placeholder(catalog: &Catalog, data_type: &DataType, need: Need) -> Option<Template> {
    if need == Need::Unique {
        return unique(data_type);
    }
    if data_type.array == Array::Array {
        return Some(cast("{}", data_type));
    }
    if let Some(id) = data_type.reference() {
        return match catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Type(object)) => match &**object {
                Type::Enum(labels) => labels.first().map(|label| cast(label, data_type)),
                // A constraint of the domain may refuse any value we could think of.
                Type::Domain(domain) if catalog.parts(&id).next().is_none() => placeholder(catalog, &domain.base, need),
                Type::Range(_) => Some(cast("empty", data_type)),
                Type::Domain(_) | Type::Composite(_) | Type::Base(_) | Type::Shell => None,
            },
            // A type of an extension, known by its name.
            _ => ["citext", "ltree", "hstore"]
                .contains(&data_type.name.name.as_str())
                .then(|| cast("", data_type)),
        };
    }
    let text = match data_type.name.name.as_str() {
        "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "money" | "oid" => "0",
        "bool" => "false",
        "text" | "varchar" | "bpchar" | "bytea" | "name" | "tsvector" => "",
        "uuid" => "00000000-0000-0000-0000-000000000000",
        "timestamp" | "timestamptz" => "epoch",
        "date" => "1970-01-01",
        "time" | "timetz" | "interval" => "00:00:00",
        "json" | "jsonb" => "null",
        "inet" | "cidr" => "0.0.0.0",
        "macaddr" => "00:00:00:00:00:00",
        "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange" => "empty",
        _ => return None,
    };
    Some(cast(text, data_type))
}

/// `'text'::type`, with the type as a reference where it is the schema's own.
fn cast(text: &str, data_type: &DataType) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str(&write::literal(text));
    builder.push_str("::");
    match data_type.reference() {
        Some(id) => {
            builder.push_reference(id, Form::Qualified);
            if data_type.array == Array::Array {
                builder.push_str("[]");
            }
        }
        None => builder.push_str(&write::data_type(data_type)),
    }
    builder.finish()
}

fn unique(data_type: &DataType) -> Option<Template> {
    if data_type.is_system("uuid") {
        return Some(Template::text("gen_random_uuid()"));
    }
    let roomy = data_type.modifiers.is_empty() && (data_type.is_system("text") || data_type.is_system("varchar"));
    roomy.then(|| Template::text("(gen_random_uuid())::text"))
}
