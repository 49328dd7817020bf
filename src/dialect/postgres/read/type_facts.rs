//! What a column's type brings along: its collation, its storage, its default operator classes.
//!
//! Knows the facts of `pg_type` and `pg_opclass` that decide whether a clause says what holds anyway. Where a type is
//! not known, as an extension's may be, the clause stays as it was written.

use super::identify::definition_in_schema;
use super::{Applied, Interpreter, ast, column::storage_name};
use crate::catalog::hashing::HashMap;
use crate::catalog::types::Type;
use crate::catalog::{
    Array, DataType, DefinitionId, DefinitionKind, Form, Ident, Object, ObjectId, QualifiedName, Template,
    TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::storage::type_storage;
use std::sync::{Arc, OnceLock};

/// The operator classes of PostgreSQL and of extensions (see the folder's README).
const OPERATOR_CLASSES: &str = include_str!("../../../../grammar/postgres/catalog/operator_classes.tsv");

/// One row of the table.
#[derive(Clone, Copy, Debug)]
struct OperatorClass {
    extension: Option<&'static str>,
    data_type: &'static str,
    standing: Standing,
}

/// An operator class as written.
pub(super) struct ClassName {
    /// Its name, resolved.
    pub template: Template,
    /// Its bare name, when the table knows the class.
    pub known: Option<Ident>,
}

/// Whether an operator class is its type's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Default,
    Other,
}

impl Interpreter {
    /// The identity of a collation by its name as written, `"default"` included.
    pub(super) fn collation_named(&self, parts: &[ast::Node], location: i32) -> Applied<ObjectId> {
        Ok(self
            .collation(parts, location)?
            .unwrap_or_else(|| system_collation("default")))
    }

    /// COLLATE of a column; `None` when the type has that collation anyway.
    pub(super) fn column_collation(
        &self,
        data_type: &DataType,
        clause: &ast::CollateClause,
    ) -> Applied<Option<ObjectId>> {
        let collation = self.collation_named(&clause.collname, clause.location)?;
        Ok((self.type_collation(data_type) != collation).then_some(collation))
    }

    /// The collation of a type: that of a domain, `name`'s own, else the default one.
    pub(super) fn type_collation(&self, data_type: &DataType) -> ObjectId {
        if let Some(Type::Domain(domain)) = self.type_of(data_type) {
            return match &domain.collation {
                Some(collation) => collation.clone(),
                None => self.type_collation(&domain.base),
            };
        }
        let name = if data_type.name.is_system() && data_type.name.name.as_str() == "name" {
            "C"
        } else {
            "default"
        };
        system_collation(name)
    }

    /// STORAGE of a column; `None` for DEFAULT and for what the type has anyway.
    pub(super) fn column_storage(&self, data_type: &DataType, text: &str, location: i32) -> Applied<Option<Arc<str>>> {
        let wanted = storage_name(text);
        let own = type_storage(&self.catalog, data_type);
        match &*wanted {
            "DEFAULT" => Ok(None),
            "PLAIN" | "MAIN" | "EXTERNAL" | "EXTENDED" => Ok((own != Some(&*wanted)).then_some(wanted)),
            _ => Err(self.error(Code::SyntaxError, location, format!("invalid storage type \"{text}\""))),
        }
    }

    /// The schema's own type behind a data type that is no array.
    pub(super) fn type_of(&self, data_type: &DataType) -> Option<&Type> {
        if data_type.array == Array::Array {
            return None;
        }
        match self.catalog.get(&data_type.reference()?).map(|entry| &entry.object) {
            Some(Object::Type(found)) => Some(found),
            _ => None,
        }
    }

    /// The type under a domain, and under a domain of it.
    pub(super) fn base_type(&self, data_type: &DataType) -> DataType {
        match self.type_of(data_type) {
            Some(Type::Domain(domain)) => self.base_type(&domain.base),
            _ => data_type.clone(),
        }
    }

    /// An operator class by its name as written: a reference to one of the schema's own, the bare name of
    /// PostgreSQL's own, the qualified name of an extension's.
    pub(super) fn operator_class(&self, parts: &[ast::Node], method: &Ident) -> ClassName {
        let parts = ast::strings(parts);
        let (schema, name) = match parts.as_slice() {
            [name] => (None, *name),
            [schema, name] | [_, schema, name] => (Some(*schema), *name),
            _ => (None, ""),
        };
        let id = |schema: Ident| {
            ObjectId::Definition(Arc::new(DefinitionId {
                kind: DefinitionKind::OperatorClass,
                schema: Some(schema),
                name: Ident::from(name),
                types: Vec::new(),
                within: Some(method.clone()),
            }))
        };
        let known = known_class(method, name);
        let builtin = known.iter().any(|class| class.extension.is_none());
        if builtin && schema.is_none_or(|schema| schema == crate::catalog::name::SYSTEM_SCHEMA) {
            return ClassName {
                template: Template::text(name),
                known: Some(Ident::from(name)),
            };
        }
        let own = match schema {
            Some(schema) => Some(id(Ident::from(schema))).filter(|id| self.catalog.contains(id)),
            None => self
                .settings
                .search_path
                .iter()
                .map(|schema| id(schema.clone()))
                .find(|id| self.catalog.contains(id)),
        };
        let mut builder = TemplateBuilder::default();
        if let Some(own) = own {
            builder.push_reference(own, Form::Qualified);
            return ClassName {
                template: builder.finish(),
                known: None,
            };
        }
        // An extension's class is written with the schema that the extension is in.
        let home = known
            .iter()
            .filter_map(|class| class.extension)
            .find_map(
                |extension| match self.catalog.get(&ObjectId::Extension(Ident::from(extension)))?.object {
                    Object::Extension(ref extension) => Some(extension.schema.clone()),
                    _ => None,
                },
            )
            .flatten();
        match (schema, home) {
            (_, Some(home)) => {
                builder.push_reference(home, Form::Bare);
                builder.push_str(".");
            }
            (Some(schema), None) => builder.push_str(&format!("{schema}.")),
            (None, None) => builder.push_str("public."),
        }
        builder.push_str(name);
        ClassName {
            template: builder.finish(),
            known: (!known.is_empty()).then(|| Ident::from(name)),
        }
    }

    /// Whether an operator class is what an index of this type takes anyway (`GetDefaultOpClass`).
    pub(super) fn is_default_class(&self, class: &ClassName, method: &Ident, data_type: Option<&DataType>) -> bool {
        let (Some(data_type), Some(name)) = (data_type, &class.known) else {
            return false;
        };
        let base = self.base_type(data_type);
        let wanted = if base.array == Array::Array {
            "anyarray"
        } else {
            match self.type_of(&base) {
                Some(Type::Enum(_)) => "anyenum",
                Some(Type::Composite(_)) => "record",
                Some(Type::Range(_)) => "anyrange",
                Some(Type::Domain(_) | Type::Base(_) | Type::Shell) | None => base.name.name.as_str(),
            }
        };
        known_class(method, name.as_str()).iter().any(|class| {
            class.standing == Standing::Default
                && (class.data_type.trim_start_matches('+') == wanted
                    || coerced(wanted).contains(&class.data_type)
                    || (wanted.ends_with("multirange") && class.data_type == "anymultirange")
                    || (wanted.ends_with("range") && class.data_type == "anyrange"))
        })
    }
}

/// One of PostgreSQL's own collations.
fn system_collation(name: &str) -> ObjectId {
    definition_in_schema(DefinitionKind::Collation, &QualifiedName::system(name))
}

/// The types that a type without classes of its own is taken for (binary coercible, `pg_cast`).
fn coerced(data_type: &str) -> &'static [&'static str] {
    match data_type {
        "varchar" => &["text"],
        "cidr" => &["inet"],
        _ => &[],
    }
}

/// The classes of a name for an access method.
fn known_class(method: &Ident, name: &str) -> &'static [OperatorClass] {
    static TABLE: OnceLock<HashMap<&'static str, HashMap<&'static str, Vec<OperatorClass>>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<&'static str, HashMap<_, Vec<OperatorClass>>> = HashMap::default();
        for line in OPERATOR_CLASSES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&'static str> = line.split('\t').collect();
            if let [extension, method, name, data_type, standing, _versions] = fields.as_slice() {
                table
                    .entry(method)
                    .or_default()
                    .entry(*name)
                    .or_default()
                    .push(OperatorClass {
                        extension: (*extension != "-").then_some(*extension),
                        data_type,
                        standing: match *standing {
                            "default" => Standing::Default,
                            _ => Standing::Other,
                        },
                    });
            }
        }
        table
    });
    table
        .get(method.as_str())
        .and_then(|classes| classes.get(name))
        .map_or(&[], Vec::as_slice)
}
