//! How a value of one type becomes a value of another: the directive's expression, or a cast that PostgreSQL has.
//!
//! Knows `pg_cast` (measured: `grammar/postgres/catalog/casts.tsv`) and the conversions through text that the server
//! allows beside it (`find_coercion_pathway` in `parse_coerce.c`). Makes expressions, no statements.

use super::super::lowering::Lowering;
use super::super::{Lowered, refuse};
use crate::catalog::hashing::HashMap;
use crate::catalog::types::Type;
use crate::catalog::{Array, Catalog, DataType, Form, Object, ObjectId, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::{describe, write};
use std::sync::{Arc, LazyLock};

/// Both directions of a change of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Conversion {
    /// The new value, over the row with the old column.
    pub up: Template,
    /// The old value, over the row with the new column.
    pub down: Template,
    /// Whether the old value can always be computed back.
    pub values: Values,
    /// Whether every old value has a new one.
    pub reach: Reach,
}

/// Whether a conversion has a value for every old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Reach {
    /// It has.
    All,
    /// Some values may be refused: out of range, too long, not in the new type's form.
    Some,
}

/// Whether the old value can be computed back from the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Values {
    /// It can: the new type holds it, or the conversion fails.
    Kept,
    /// It cannot always: it is rounded, cut, or converted by an expression of the author's.
    Changed,
}

/// When the server applies a cast by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Context {
    /// Only where it is written.
    Explicit,
    /// When a column is assigned.
    Assignment,
    /// Everywhere.
    Implicit,
}

/// The two expressions of a column that becomes another, `old` as it is and `new` as it is wanted.
///
/// # Errors
/// No cast, or no way back: the diagnostic says which directive to write.
pub(in super::super) fn conversion(lowering: &Lowering<'_>, old: &ObjectId, new: &ObjectId) -> Lowered<Conversion> {
    let types = (column_type(lowering.pair.from, old), column_type(lowering.pair.to, new));
    let (Some(from), Some(to)) = types else {
        return Err(refuse::unsupported(
            lowering,
            new,
            format!("{} is not a column of a table", describe(new)),
            "Types of tables' columns can be changed.",
        ));
    };
    if let Some(said) = lowering.intent.conversions.get(new) {
        let Some(reverse) = &said.value.reverse else {
            return Err(refuse::unsupported(
                lowering,
                new,
                format!("the new values of {} have no way back", describe(new)),
                format!(
                    "Write \"using (…) reverse (…)\": while both forms are kept the old value is computed from the new \
                     one. Without a way back, --allow {} changes the table directly, under a lock.",
                    Code::TableRewrite.name()
                ),
            ));
        };
        return Ok(Conversion {
            up: said.value.using.clone(),
            down: reverse.clone(),
            values: Values::Changed,
            reach: Reach::Some,
        });
    }
    let up = value(lowering.pair.from, lowering.pair.to, old, from, to);
    // A moment that loses its date has no way back: the day that a time of day gets is not the one it had.
    let down = (!gains_date(to, from))
        .then(|| value(lowering.pair.to, lowering.pair.from, new, to, from))
        .flatten();
    match (up, down) {
        (Some(up), Some(down)) => Ok(Conversion {
            up,
            down,
            values: kept(lowering, from, to),
            reach: reach(lowering, from, to),
        }),
        (up, _) => {
            let missing = if up.is_none() { (from, to) } else { (to, from) };
            Err(refuse::unsupported(
                lowering,
                new,
                format!(
                    "there is no cast from {} to {} for {}",
                    write::data_type(missing.0),
                    write::data_type(missing.1),
                    describe(new)
                ),
                format!(
                    "Write \"-- underpin: using (…) reverse (…)\" at it: the new value over {}, and the old value over {}.",
                    old.last_name(),
                    new.last_name()
                ),
            ))
        }
    }
}

/// The type of a table's column.
pub(in super::super) fn column_type<'a>(catalog: &'a Catalog, column: &ObjectId) -> Option<&'a DataType> {
    match &catalog.get(column)?.object {
        Object::Column(column) => Some(&column.data_type),
        _ => None,
    }
}

/// The cast that the server has between two types; `None` when there is none or it is not known.
pub(in super::super) fn context(catalogs: (&Catalog, &Catalog), from: &DataType, to: &DataType) -> Option<Context> {
    let from = base(catalogs.0, from).data_type;
    let to = base(catalogs.1, to).data_type;
    if from.name == to.name && from.array == to.array {
        return Some(Context::Implicit);
    }
    if labels(catalogs.0, &from).is_some() && labels(catalogs.1, &to).is_some() {
        // By the label: see `value`.
        return Some(Context::Explicit);
    }
    let (from_text, to_text) = (is_text(&from), is_text(&to));
    match (from.array, to.array) {
        (Array::Scalar, Array::Scalar) => {
            let known = listed(&from, &to);
            // Through the text form: to a text type on assignment, from one where it is written.
            let through_text = match (from_text, to_text) {
                (_, true) => Some(Context::Assignment),
                (true, false) => Some(Context::Explicit),
                (false, false) => None,
            };
            known.or(through_text)
        }
        (Array::Array, Array::Array) => listed(&from, &to).or(match (from_text, to_text) {
            (_, true) => Some(Context::Assignment),
            (true, false) => Some(Context::Explicit),
            (false, false) => None,
        }),
        (Array::Array, Array::Scalar) => to_text.then_some(Context::Assignment),
        (Array::Scalar, Array::Array) => from_text.then_some(Context::Explicit),
    }
}

/// A type behind its domains.
pub(in super::super) struct Base {
    /// The first type that is no domain.
    pub data_type: DataType,
    /// Whether a domain on the way demands something of its values.
    pub demands: bool,
}

/// What a type is when its domains are taken off.
pub(in super::super) fn base(catalog: &Catalog, data_type: &DataType) -> Base {
    let mut found = Base {
        data_type: data_type.clone(),
        demands: false,
    };
    // A domain over itself cannot be made; the bound keeps a broken catalog from holding us up.
    for _ in 0..64 {
        let id = ObjectId::Type(found.data_type.name.clone());
        let Some(Object::Type(object)) = catalog.get(&id).map(|entry| &entry.object) else {
            break;
        };
        let Type::Domain(domain) = &**object else { break };
        if found.data_type.array == Array::Array {
            break;
        }
        found.demands |= domain.not_null.is_some() || catalog.parts(&id).next().is_some();
        found.data_type = domain.base.clone();
    }
    found
}

/// The value of a column as another type; `None` without a cast.
fn value(
    from_catalog: &Catalog,
    to_catalog: &Catalog,
    column: &ObjectId,
    from: &DataType,
    to: &DataType,
) -> Option<Template> {
    if gains_date(from, to) {
        return Some(on_first_day(column));
    }
    context((from_catalog, to_catalog), from, to)?;
    if is_instant(to, "time") && is_instant(from, "timestamp") {
        return Some(time_of_day(column));
    }
    if is_instant(from, "timestamp") && is_instant(to, "timestamptz")
        || is_instant(from, "timestamptz") && is_instant(to, "timestamp")
    {
        return Some(behind(column, " AT TIME ZONE 'UTC'"));
    }
    if labels(from_catalog, from).is_some() && labels(to_catalog, to).is_some() && from.name != to.name {
        return Some(behind(column, &["::text::", &write::data_type(to)].concat()));
    }
    let same_type = from.name == to.name && from.array == to.array;
    // An explicit cast would cut what is too long; the assignment that follows refuses it.
    if same_type && (from == to || has_length(to)) {
        let mut builder = TemplateBuilder::default();
        builder.push_reference(column.clone(), Form::Bare);
        return Some(builder.finish());
    }
    let target = if has_length(to) {
        to.without_modifiers()
    } else {
        to.clone()
    };
    Some(behind(column, &["::", &write::data_type(&target)].concat()))
}

/// The labels of an enum type; `None` for other types and for arrays.
fn labels<'a>(catalog: &'a Catalog, data_type: &DataType) -> Option<&'a [Arc<str>]> {
    if data_type.array == Array::Array {
        return None;
    }
    match &catalog.get(&ObjectId::Type(data_type.name.clone()))?.object {
        Object::Type(object) => match &**object {
            Type::Enum(labels) => Some(labels),
            Type::Composite(_) | Type::Domain(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
        },
        _ => None,
    }
}

/// A column with something behind it, in parentheses.
fn behind(column: &ObjectId, text: &str) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str("(");
    builder.push_reference(column.clone(), Form::Bare);
    builder.push_str(text);
    builder.push_str(")");
    builder.finish()
}

/// A time of day becomes a moment. The server has no cast for it, since nothing says the day; on the first day that it
/// counts from, the time can be taken back unchanged.
pub(in super::super) fn gains_date(from: &DataType, to: &DataType) -> bool {
    is_instant(from, "time") && is_instant(to, "timestamp")
}

/// The time of a column on 1970-01-01; 24:00 is the beginning of the next day.
fn on_first_day(column: &ObjectId) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str("('1970-01-01'::date + ");
    builder.push_reference(column.clone(), Form::Bare);
    builder.push_str(")");
    builder.finish()
}

/// The time of day of a moment, with 24:00 for what [`on_first_day`] makes of it: the cast alone would give 00:00.
fn time_of_day(column: &ObjectId) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str("CASE WHEN ");
    builder.push_reference(column.clone(), Form::Bare);
    builder.push_str(" = '1970-01-02 00:00:00'::timestamp THEN '24:00:00'::time ELSE ");
    builder.push_reference(column.clone(), Form::Bare);
    builder.push_str("::time END");
    builder.finish()
}

fn is_instant(data_type: &DataType, name: &str) -> bool {
    data_type.is_system(name)
}

/// Types whose modifier is a length that an explicit cast cuts to.
fn has_length(data_type: &DataType) -> bool {
    data_type.name.is_system() && matches!(data_type.name.name.as_str(), "varchar" | "bpchar" | "bit" | "varbit")
}

fn is_text(data_type: &DataType) -> bool {
    data_type.name.is_system() && matches!(data_type.name.name.as_str(), "text" | "varchar" | "bpchar")
}

/// Whether every value of a type comes back unchanged after the cast to another and back, or the cast fails.
fn kept(lowering: &Lowering<'_>, from: &DataType, to: &DataType) -> Values {
    let from = base(lowering.pair.from, from).data_type;
    let to = base(lowering.pair.to, to).data_type;
    let enums = (labels(lowering.pair.from, &from), labels(lowering.pair.to, &to));
    let keeps = if let (Some(_), Some(_)) = enums {
        // A label that the new type has not is an error.
        true
    } else if from.name == to.name && from.array == to.array {
        has_length(&to) || keeps_fraction(&from, &to)
    } else if from.array == Array::Array || to.array == Array::Array {
        false
    } else if gains_date(&from, &to) {
        keeps_fraction(&from, &to)
    } else {
        let (source, target) = (from.name.name.as_str(), to.name.name.as_str());
        match (source, target) {
            // Out of range is an error, not another value.
            ("int2" | "int4" | "int8", "int2" | "int4" | "int8" | "numeric")
            | ("int2" | "int4", "float8")
            | ("int2", "float4")
            | ("float4", "float8")
            | ("timestamp", "timestamptz")
            | ("timestamptz", "timestamp")
            | ("jsonb", "json")
            | ("cidr", "inet")
            | ("text", "varchar")
            | ("varchar", "text") => true,
            (
                "bool" | "uuid" | "int2" | "int4" | "int8" | "numeric" | "inet" | "xml" | "jsonb" | "json",
                "text" | "varchar",
            ) => true,
            // Labels of enums and other types of the schema are written and read back the same.
            _ => !from.name.is_system() && is_text(&to),
        }
    };
    if keeps { Values::Kept } else { Values::Changed }
}

/// Whether every value of a type has one in another. Where it is not known that it has, some may not.
fn reach(lowering: &Lowering<'_>, from: &DataType, to: &DataType) -> Reach {
    let to_base = base(lowering.pair.to, to);
    let (from, to) = (base(lowering.pair.from, from).data_type, to_base.data_type);
    let reaches_all = !to_base.demands
        && if from.name == to.name && from.array == to.array {
            to.modifiers.is_empty() || from == to || keeps_fraction(&from, &to) && !to.is_system("numeric")
        } else if !to.modifiers.is_empty() {
            false
        } else if is_text(&to) {
            to.array == Array::Scalar
        } else if from.array == Array::Array || to.array == Array::Array {
            false
        } else {
            matches!(
                (from.name.name.as_str(), to.name.name.as_str()),
                ("int2", "int4" | "int8" | "float4" | "float8" | "numeric")
                    | ("int4", "int8" | "float4" | "float8" | "numeric" | "bool")
                    | ("int8", "float4" | "float8" | "numeric")
                    | ("float4", "float8")
                    | ("timestamp", "timestamptz" | "date" | "time")
                    | ("timestamptz", "timestamp" | "date")
                    | ("bool", "int4")
                    | ("jsonb", "json")
                    | ("cidr", "inet")
            ) && from.name.is_system()
                && to.name.is_system()
        };
    if reaches_all { Reach::All } else { Reach::Some }
}

/// Whether digits behind the point are kept: of numeric the scale, of times the precision.
fn keeps_fraction(from: &DataType, to: &DataType) -> bool {
    if to.modifiers.is_empty() || from == to {
        return true;
    }
    let last = |data_type: &DataType| data_type.modifiers.last().and_then(|text| text.parse::<i64>().ok());
    match to.name.name.as_str() {
        "numeric" => {
            let scale = |data_type: &DataType| (data_type.modifiers.len() == 2).then(|| last(data_type)).flatten();
            match (from.modifiers.len(), scale(from), scale(to)) {
                (0, ..) => false,
                (_, from, to) => from.unwrap_or(0) <= to.unwrap_or(0),
            }
        }
        "timestamp" | "timestamptz" | "time" | "timetz" => last(from).unwrap_or(6) <= last(to).unwrap_or(6),
        _ => false,
    }
}

/// `pg_cast` of PostgreSQL's own types, as far as all versions agree: bytea and the integers have casts since 18 only.
fn listed(from: &DataType, to: &DataType) -> Option<Context> {
    static CASTS: LazyLock<HashMap<(&'static str, &'static str), Context>> = LazyLock::new(|| {
        let text = include_str!("../../../../../grammar/postgres/catalog/casts.tsv");
        text.lines()
            .filter(|line| line.ends_with("\t14-18"))
            .filter_map(|line| {
                let mut fields = line.split('\t');
                let pair = (fields.next()?, fields.next()?);
                let context = match fields.next()? {
                    "i" => Context::Implicit,
                    "a" => Context::Assignment,
                    _ => Context::Explicit,
                };
                Some((pair, context))
            })
            .collect()
    });
    if !(from.name.is_system() && to.name.is_system()) {
        return None;
    }
    CASTS.get(&(from.name.name.as_str(), to.name.name.as_str())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_by_their_context() {
        let catalog = Catalog::default();
        let of = |from: &str, to: &str| context((&catalog, &catalog), &DataType::system(from), &DataType::system(to));
        assert_eq!(of("int4", "int8"), Some(Context::Implicit));
        assert_eq!(of("int8", "int4"), Some(Context::Assignment));
        assert_eq!(of("int4", "bool"), Some(Context::Explicit));
        assert_eq!(of("text", "int4"), Some(Context::Explicit), "through the text form");
        assert_eq!(of("uuid", "text"), Some(Context::Assignment), "through the text form");
        assert_eq!(of("uuid", "int4"), None);
    }

    #[test]
    fn a_time_of_day_becomes_a_moment_of_the_first_day_and_comes_back() {
        let catalog = Catalog::default();
        let column = ObjectId::Column(crate::catalog::QualifiedName::new("public", "t"), "a".into());
        let of = |from: &str, to: &str| {
            let (from, to) = (DataType::system(from), DataType::system(to));
            value(&catalog, &catalog, &column, &from, &to).map(|template| write::template(&template))
        };
        assert_eq!(of("time", "timestamp").as_deref(), Some("('1970-01-01'::date + a)"));
        assert_eq!(
            of("timestamp", "time").as_deref(),
            Some("CASE WHEN a = '1970-01-02 00:00:00'::timestamp THEN '24:00:00'::time ELSE a::time END")
        );
        assert_eq!(of("time", "timestamptz"), None);
    }
}
