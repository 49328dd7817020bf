//! Types as written to types by identity, and back to text.
//!
//! Knows how a type's name is found (`parse_type.c`) and how the server shows a type (`format_type_extended`).
//! Does not know `serial`, which is no type, nor what type an expression has.

use super::fragment::Writer;
use super::{Analyser, Refusal, system};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::types::Type;
use crate::catalog::{Array, DataType, Form, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, NodeEnum};
use crate::dialect::postgres::write::{self, quote};
use std::sync::Arc;

/// The bits of an interval's first modifier and the fields they stand for (`INTERVAL_MASK`, `datetime.h`).
const INTERVAL_FIELDS: &[(i32, &str)] = &[
    (1 << 2, "year"),
    (1 << 1, "month"),
    (1 << 3, "day"),
    (1 << 10, "hour"),
    (1 << 11, "minute"),
    (1 << 12, "second"),
    (1 << 2 | 1 << 1, "year to month"),
    (1 << 3 | 1 << 10, "day to hour"),
    (1 << 3 | 1 << 10 | 1 << 11, "day to minute"),
    (1 << 3 | 1 << 10 | 1 << 11 | 1 << 12, "day to second"),
    (1 << 10 | 1 << 11, "hour to minute"),
    (1 << 10 | 1 << 11 | 1 << 12, "hour to second"),
    (1 << 11 | 1 << 12, "minute to second"),
];

impl Analyser<'_> {
    /// A type as written, resolved; `relation.column%TYPE` becomes the column's type. SETOF is for the caller.
    ///
    /// # Errors
    /// A type that does not exist.
    pub fn data_type(&self, name: &ast::TypeName) -> Result<DataType, Refusal> {
        let parts = ast::strings(&name.names);
        let mut data_type = if name.pct_type {
            self.column_type(&parts, name.location)?
        } else {
            let mut data_type = self.named_type(&parts, name.location)?;
            let modifiers = modifiers(&data_type, &name.typmods).map_err(|refusal| refusal.at(name.location))?;
            data_type.modifiers = Arc::from(modifiers);
            data_type
        };
        if !name.array_bounds.is_empty() {
            data_type.array = Array::Array;
        }
        Ok(data_type)
    }

    /// The type of a name without modifiers: `pg_catalog` first, then the search path, then what extensions bring.
    pub(super) fn named_type(&self, parts: &[&str], location: i32) -> Result<DataType, Refusal> {
        let found = match parts {
            [name] => self.unqualified_type(name),
            [schema, name] | [_, schema, name] => self.qualified_type(schema, name),
            _ => None,
        };
        found.ok_or_else(|| {
            let shown = parts.join(".");
            Refusal::new(Code::UnknownType, location, format!("type \"{shown}\" does not exist"))
        })
    }

    fn unqualified_type(&self, name: &str) -> Option<DataType> {
        if system::is_type(self.version, name) {
            return Some(DataType::system(name));
        }
        let in_path = self
            .search_path
            .iter()
            .find_map(|schema| self.own_type(&QualifiedName::new(schema.clone(), name)));
        in_path
            .or_else(|| self.extension_type(None, name))
            .or_else(|| {
                array_name(name)
                    .and_then(|element| self.unqualified_type(element))
                    .map(array_of)
            })
            .or_else(|| self.multirange_type(self.search_path, name))
            .or_else(|| self.unknown_extension_type(None, name))
    }

    fn qualified_type(&self, schema: &str, name: &str) -> Option<DataType> {
        let qualified = QualifiedName::new(schema, name);
        let known = match schema {
            SYSTEM_SCHEMA => {
                system::is_type(self.version, name) || system::relation(self.version, schema, name).is_some()
            }
            "information_schema" => {
                system::is_information_type(self.version, name)
                    || system::relation(self.version, schema, name).is_some()
            }
            _ => false,
        };
        if known {
            return Some(DataType::plain(qualified));
        }
        self.own_type(&qualified)
            .or_else(|| self.extension_type(Some(schema), name))
            .or_else(|| {
                let element = array_name(name)?;
                self.qualified_type(schema, element).map(array_of)
            })
            .or_else(|| self.multirange_type(&[Ident::from(schema)], name))
            .or_else(|| self.unknown_extension_type(Some(schema), name))
    }

    /// The multirange type that a range type of the schema brings along.
    fn multirange_type(&self, schemas: &[Ident], name: &str) -> Option<DataType> {
        self.catalog.types().find_map(|(range, entry)| match &entry.object {
            Object::Type(own) => match &**own {
                Type::Range(found) if found.multirange.as_str() == name && schemas.contains(&range.schema) => {
                    Some(DataType::plain(range.with_name(found.multirange.clone())))
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// A type of the catalog: one of its own, or the row type of a table or view.
    fn own_type(&self, name: &QualifiedName) -> Option<DataType> {
        if self.catalog.contains(&ObjectId::Type(name.clone())) {
            return Some(DataType::plain(name.clone()));
        }
        let entry = self.catalog.get(&ObjectId::Relation(name.clone()))?;
        let has_row_type = matches!(
            entry.object,
            Object::Table(_) | Object::View(_) | Object::MaterializedView(_)
        );
        has_row_type.then(|| DataType::plain(name.clone()))
    }

    fn extension_type(&self, schema: Option<&str>, name: &str) -> Option<DataType> {
        let (_, home) = self.installed(&system::type_extensions(name), schema)?;
        Some(DataType::plain(QualifiedName::new(home, name)))
    }

    /// A type that nothing known provides, where an extension is installed of which nothing is known.
    fn unknown_extension_type(&self, schema: Option<&str>, name: &str) -> Option<DataType> {
        let home = self.unknown_extension_schema(schema)?;
        Some(DataType::plain(QualifiedName::new(home, name)))
    }

    /// `relation.column%TYPE`.
    fn column_type(&self, parts: &[&str], location: i32) -> Result<DataType, Refusal> {
        let unknown = || {
            let shown = parts.join(".");
            Refusal::new(
                Code::UnknownColumn,
                location,
                format!("column \"{shown}\" does not exist"),
            )
        };
        let (relation, column) = match parts {
            [relation, column] => (self.own_relation(None, relation), column),
            [schema, relation, column] => (self.own_relation(Some(schema), relation), column),
            _ => return Err(unknown()),
        };
        let id = ObjectId::Column(relation.ok_or_else(unknown)?, Ident::from(*column));
        match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Column(found)) => Ok(found.data_type.clone()),
            Some(_) => Err(Refusal::new(
                Code::UnsupportedClause,
                location,
                "%TYPE of a view's column is not supported",
            )),
            None => Err(unknown()),
        }
    }

    /// Writes a type; types of the schema are references.
    pub(super) fn write_type(&self, writer: &mut Writer, data_type: &DataType) {
        if data_type.name.schema.as_str() == SYSTEM_SCHEMA {
            writer.text(&write::data_type(data_type));
            return;
        }
        if data_type.name.is_system() {
            writer.text(&quote::qualified(&data_type.name));
        } else {
            writer.reference(ObjectId::Type(data_type.name.clone()), Form::Qualified);
            self.depend_on_extension(
                writer,
                &system::type_extensions(data_type.name.name.as_str()),
                data_type,
            );
        }
        write_modifiers(writer, &data_type.modifiers);
        match data_type.array {
            Array::Scalar => {}
            Array::Array => {
                writer.text("[]");
            }
        }
    }

    fn depend_on_extension(&self, writer: &mut Writer, extensions: &[&str], data_type: &DataType) {
        let own = self.catalog.type_provider(&data_type.name).is_some();
        let schema = data_type.name.schema.as_str();
        if !own && let Some((extension, _)) = self.installed(extensions, Some(schema)) {
            writer.dependency(ObjectId::Extension(extension));
        }
    }
}

/// The element's name in the internal name of an array type (`_int4`).
fn array_name(name: &str) -> Option<&str> {
    name.strip_prefix('_').filter(|element| !element.is_empty())
}

fn array_of(element: DataType) -> DataType {
    DataType {
        array: Array::Array,
        ..element
    }
}

/// The modifiers in the form the catalog keeps: constants as text, an interval's fields as words, a scale always said.
fn modifiers(data_type: &DataType, nodes: &[ast::Node]) -> Result<Vec<Arc<str>>, Refusal> {
    let mut values = Vec::with_capacity(nodes.len());
    for node in nodes {
        values.push(modifier(node)?);
    }
    if data_type.is_system("interval") {
        return Ok(interval_modifiers(&values));
    }
    if data_type.is_system("numeric") && values.len() == 1 {
        values.push("0".to_owned());
    }
    Ok(values.iter().map(|value| Arc::from(value.as_str())).collect())
}

fn modifier(node: &ast::Node) -> Result<String, Refusal> {
    use ast::a_const::Val;
    let refusal = || Refusal::new(Code::UnsupportedClause, -1, "this type modifier is not supported");
    match node.node.as_ref() {
        Some(NodeEnum::AConst(constant)) => match constant.val.as_ref() {
            Some(Val::Ival(value)) => Ok(value.ival.to_string()),
            Some(Val::Fval(value)) => Ok(value.fval.clone()),
            Some(Val::Sval(value)) => Ok(value.sval.clone()),
            Some(Val::Boolval(_) | Val::Bsval(_)) | None => Err(refusal()),
        },
        Some(NodeEnum::ColumnRef(reference)) => match ast::strings(&reference.fields).as_slice() {
            [name] => Ok((*name).to_owned()),
            _ => Err(refusal()),
        },
        Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().map_or_else(|| Err(refusal()), modifier),
        _ => Err(refusal()),
    }
}

fn interval_modifiers(values: &[String]) -> Vec<Arc<str>> {
    let mask = values.first().and_then(|value| value.parse::<i32>().ok()).unwrap_or(0);
    let fields = INTERVAL_FIELDS
        .iter()
        .find(|(bits, _)| *bits == mask)
        .map(|(_, words)| *words);
    let precision = values.get(1).map(String::as_str);
    fields.into_iter().chain(precision).map(Arc::from).collect()
}

fn write_modifiers(writer: &mut Writer, modifiers: &[Arc<str>]) {
    for (index, modifier) in modifiers.iter().enumerate() {
        writer.text(if index == 0 { "(" } else { "," });
        let bare = modifier.strip_prefix('-').unwrap_or(modifier);
        let number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
        if number || quote::is_plain(modifier) {
            writer.text(modifier);
        } else {
            writer.literal(modifier);
        }
    }
    if !modifiers.is_empty() {
        writer.text(")");
    }
}
