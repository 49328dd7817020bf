//! The storage strategies of types (PostgreSQL manual, TOAST).
//!
//! Knows `pg_type.typstorage` of the server's own types, and how the kinds of a schema's own types are stored.

use crate::catalog::types::Type;
use crate::catalog::{Array, Catalog, DataType, Object};

/// The storage strategy that a column of a type has by itself, as far as it is known.
pub fn type_storage(catalog: &Catalog, data_type: &DataType) -> Option<&'static str> {
    if data_type.array == Array::Array {
        return Some("EXTENDED");
    }
    let own = data_type.reference().and_then(|id| catalog.get(&id));
    if let Some(Object::Type(own)) = own.map(|entry| &entry.object) {
        return match &**own {
            Type::Domain(domain) => type_storage(catalog, &domain.base),
            Type::Enum(_) => Some("PLAIN"),
            Type::Composite(_) | Type::Range(_) => Some("EXTENDED"),
            Type::Base(_) | Type::Shell => None,
        };
    }
    if !data_type.name.is_system() {
        return None;
    }
    match data_type.name.name.as_str() {
        "numeric" | "inet" | "cidr" => Some("MAIN"),
        "text" | "varchar" | "bpchar" | "bytea" | "bit" | "varbit" | "json" | "jsonb" | "jsonpath" | "xml" | "path"
        | "polygon" | "tsvector" => Some("EXTENDED"),
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" | "int4multirange"
        | "int8multirange" | "nummultirange" | "datemultirange" | "tsmultirange" | "tstzmultirange" => Some("EXTENDED"),
        _ => Some("PLAIN"),
    }
}
