//! Constants and casts, and the constants that name an object (`'app.users_id_seq'::regclass`).
//!
//! Knows how constants are written and which types' values are names. No cast is taken away.

use super::coerce::array_of;
use super::fragment::{Fragment, Shape, Writer};
use super::range::{Level, RangeColumn};
use super::{Analyser, Refusal, system, typing, value};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::{Array, DataType, Form, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, NodeEnum, a_const::Val};
use crate::dialect::postgres::write::quote;

impl Analyser<'_> {
    /// A constant. Numbers have a type of their own; a string and NULL get theirs from what is around them.
    pub(super) fn constant(&self, node: &ast::AConst) -> Fragment {
        let literal = |text: &str| Fragment::new(Writer::with(text).finish(), Shape::Literal);
        if node.isnull {
            let mut null = literal("NULL");
            null.untyped = true;
            return null;
        }
        match node.val.as_ref() {
            Some(Val::Ival(value)) => self.constant_of(&value.ival.to_string(), &DataType::system("int4")),
            // An integer too large for `integer` is a `bigint` if it fits, else `numeric` (`make_const`).
            Some(Val::Fval(value)) => {
                let name = if value.fval.parse::<i64>().is_ok() {
                    "int8"
                } else {
                    "numeric"
                };
                self.constant_of(&value.fval, &DataType::system(name))
            }
            Some(Val::Boolval(value)) => {
                literal(if value.boolval { "true" } else { "false" }).typed(Some(DataType::system("bool")))
            }
            Some(Val::Sval(value)) => {
                let mut writer = Writer::default();
                writer.literal(&value.sval);
                let mut string = Fragment::new(writer.finish(), Shape::Literal);
                string.untyped = true;
                string.text = Some(value.sval.as_str().into());
                string
            }
            Some(Val::Bsval(value)) => {
                let (kind, digits) = value.bsval.split_at(value.bsval.len().min(1));
                let mut writer = Writer::with(if kind == "x" { "X" } else { "B" });
                writer.literal(digits);
                Fragment::new(writer.finish(), Shape::Literal).typed(Some(DataType::system("bit")))
            }
            // The parser leaves out the value of an integer that is zero.
            None => self.constant_of("0", &DataType::system("int4")),
        }
    }

    /// A cast as written: `value::type`, `CAST (value AS type)`, `type 'literal'`.
    pub(super) fn cast(&self, node: &ast::TypeCast, level: &Level) -> Result<Fragment, Refusal> {
        let argument = required(node.arg.as_deref(), node.location)?;
        let type_name = node.type_name.as_ref().ok_or_else(|| missing(node.location))?;
        let data_type = self.data_type(type_name).map_err(|refusal| refusal.at(node.location))?;
        if let Some(text) = string_constant(argument)
            && let Some(fragment) = self.name_constant(text, &data_type, location_of(argument))?
        {
            return Ok(fragment);
        }
        // The elements of ARRAY[…] are cast one by one (`transformArrayExpr`).
        if let (Some(NodeEnum::AArrayExpr(array)), Some(element)) = (&argument.node, array_element(&data_type)) {
            // Only a cast of the whole array, which no text makes, is shown behind ARRAY[…] (`get_coercion_expr`). The
            // server shows every string with its type: one without is no work of pg_dump.
            let is_stored = !array.elements.iter().any(|element| string_constant(element).is_some());
            if self.shows_stored && is_stored && !array.elements.is_empty() {
                let array = self.expr(argument, level)?;
                return Ok(self.coerced(array, &data_type));
            }
            return self.array_of_type(array, &element, &data_type, level);
        }
        self.explicit_node(argument, data_type, level)
    }

    /// A cast of what a node means.
    fn explicit_node(&self, argument: &ast::Node, data_type: DataType, level: &Level) -> Result<Fragment, Refusal> {
        if let (Some(NodeEnum::RowExpr(row)), Some(columns)) = (&argument.node, self.row_columns(&data_type)) {
            let values = self.row_items(&row.args, level)?;
            if values.len() == columns.len() {
                return Ok(self.row_of_type(values, &columns, data_type));
            }
        }
        let value = self.expr(argument, level)?;
        // `users.*::app.users` is how the server tells a whole row from its columns.
        if value.shape == Shape::WholeRow && value.data_type.as_ref() == Some(&data_type) {
            return Ok(value);
        }
        Ok(self.explicit(&value, data_type))
    }

    /// A value with the cast that was written; a cast to the very type it has says nothing.
    pub(super) fn explicit(&self, value: &Fragment, data_type: DataType) -> Fragment {
        if value.data_type.as_ref() == Some(&data_type) {
            return value.clone();
        }
        if value.untyped {
            let domain = self.domain_base(&data_type).is_some();
            // The fields of an interval decide what a number in it counts, so its text is not read without them.
            if data_type.is_system("interval")
                && !data_type.modifiers.is_empty()
                && let Some(text) = &value.text
            {
                return self.constant_with_length(&self.constant_of(text, &data_type), data_type);
            }
            let literal = self.typed_literal(value, &data_type.without_modifiers());
            return match (domain, data_type.modifiers.is_empty()) {
                (true, _) => self.cast_to(&literal.typed(None), data_type),
                (false, true) => literal,
                (false, false) if value.text.is_none() => {
                    let mut writer = Writer::with("NULL::");
                    self.write_type(&mut writer, &data_type);
                    writer.closed().typed(Some(data_type))
                }
                (false, false) => self.constant_with_length(&literal, data_type),
            };
        }
        let same_type = value
            .data_type
            .as_ref()
            .is_some_and(|given| typing::same(given, &data_type));
        if same_type && value.constant.is_some() && !data_type.modifiers.is_empty() {
            return self.constant_with_length(value, data_type);
        }
        self.cast_to(value, data_type)
    }

    /// A constant whose length, precision or fields are enforced: its type is written once (`get_coercion_expr`).
    fn constant_with_length(&self, constant: &Fragment, data_type: DataType) -> Fragment {
        let Some(shown) = &constant.constant else {
            return self.cast_to(constant, data_type);
        };
        let mut writer = Writer::default();
        match shown.form {
            value::Form::Bare => writer.text(&shown.text),
            value::Form::Quoted => writer.literal(&shown.text),
        };
        writer.text("::");
        self.write_type(&mut writer, &data_type);
        writer.closed().typed(Some(data_type))
    }

    /// `ARRAY[…]` of a type that was written behind it.
    fn array_of_type(
        &self,
        node: &ast::AArrayExpr,
        element: &DataType,
        data_type: &DataType,
        level: &Level,
    ) -> Result<Fragment, Refusal> {
        let mut elements = Vec::with_capacity(node.elements.len());
        for item in &node.elements {
            elements.push(match item.node.as_ref() {
                Some(NodeEnum::AArrayExpr(inner)) => {
                    self.deeper(level, || self.array_of_type(inner, element, data_type, level))?
                }
                _ => self.explicit_node(item, element.clone(), level)?,
            });
        }
        if elements.is_empty() {
            let mut writer = Writer::with("ARRAY[]::");
            self.write_type(&mut writer, data_type);
            return Ok(writer.closed().typed(Some(data_type.clone())));
        }
        Ok(array_of(elements, Some(data_type.clone())))
    }

    /// `ROW(…)::type`: the fields take the types of the row type's columns (`coerce_record_to_complex`).
    fn row_of_type(&self, values: Vec<Fragment>, columns: &[RangeColumn], data_type: DataType) -> Fragment {
        let fields: Vec<Fragment> = values
            .into_iter()
            .zip(columns)
            .map(|(value, column)| match &column.data_type {
                Some(field) => self.coerced(value, field),
                None => value,
            })
            .collect();
        let mut writer = Writer::with("ROW(");
        writer.list(", ", &fields).text(")::");
        self.write_type(&mut writer, &data_type);
        writer.closed().typed(Some(data_type))
    }

    /// A value with a cast written after it.
    pub(super) fn cast_to(&self, value: &Fragment, data_type: DataType) -> Fragment {
        let mut writer = Writer::default();
        if value.untyped {
            writer.fragment(value);
        } else {
            // The server writes these beside those that the value brings along (`get_coercion_expr`).
            writer.text("(").fragment(value).text(")");
        }
        writer.text("::");
        self.write_type(&mut writer, &data_type);
        writer.closed().typed(Some(data_type))
    }

    /// A string constant of type `regclass`, `regtype` …: a reference where it names an object of the schema.
    pub(super) fn name_constant(
        &self,
        text: &str,
        data_type: &DataType,
        location: i32,
    ) -> Result<Option<Fragment>, Refusal> {
        let is = |name: &str| data_type.is_system(name);
        let Some(parts) = name_parts(text) else { return Ok(None) };
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let mut writer = Writer::default();
        if is("regclass") {
            self.relation_constant(&mut writer, text, &parts, location)?;
        } else if is("regtype") {
            // Other spellings of a type ("integer", "text[]") are kept as they are.
            match self.named_type(&parts, location) {
                Ok(named) if named.reference().is_some() && named.array == Array::Scalar => {
                    writer.reference(ObjectId::Type(named.name), Form::Literal);
                }
                Ok(_) | Err(_) => {
                    writer.literal(text);
                }
            }
        } else if is("regproc") || is("regprocedure") {
            match self.routines_named(&parts).first() {
                Some(only) if is("regproc") => {
                    writer.reference(only.clone(), Form::Literal);
                }
                Some(_) | None => {
                    writer.literal(text);
                }
            }
            for routine in self.routines_named(&parts) {
                writer.dependency(routine);
            }
        } else if is("regnamespace") && self.catalog.contains(&ObjectId::Schema(Ident::from(text))) {
            writer.literal(text).dependency(ObjectId::Schema(Ident::from(text)));
        } else {
            return Ok(None);
        }
        writer.text("::");
        self.write_type(&mut writer, data_type);
        Ok(Some(writer.closed().typed(Some(data_type.clone()))))
    }

    fn relation_constant(&self, writer: &mut Writer, text: &str, parts: &[&str], location: i32) -> Result<(), Refusal> {
        let (schema, name) = match parts {
            [name] => (None, *name),
            [schema, name] | [_, schema, name] => (Some(*schema), *name),
            _ => return Err(unknown_relation(text, location)),
        };
        let is_system = |schema: &str| system::relation(self.version, schema, name).is_some();
        if schema.is_none_or(|schema| schema == "pg_catalog") && is_system("pg_catalog") {
            writer.literal(name);
        } else if let Some(relation) = self.own_relation(schema, name) {
            writer.reference(ObjectId::Relation(relation), Form::Literal);
        } else if let Some((relation, owner)) = self.hidden_relation(schema, name) {
            writer.literal(&quote::qualified(&relation));
            writer.dependency(owner);
        } else if schema.is_some_and(is_system) || self.unknown_extension_schema(schema).is_some() {
            writer.literal(text);
        } else if let Some((extension, home)) = self.extension_relation(schema, name) {
            writer.literal(&quote::qualified(&QualifiedName::new(home, name)));
            writer.dependency(ObjectId::Extension(extension));
        } else {
            return Err(unknown_relation(text, location));
        }
        Ok(())
    }

    /// A relation of an installed extension.
    pub(super) fn extension_relation(&self, schema: Option<&str>, name: &str) -> Option<(Ident, Ident)> {
        let extensions: Vec<&str> = system::extension_relations(name)
            .iter()
            .map(|(extension, _)| *extension)
            .collect();
        self.installed(&extensions, schema)
    }

    /// The index of a key or the sequence of an identity column, which are no objects of their own, with their owner.
    fn hidden_relation(&self, schema: Option<&str>, name: &str) -> Option<(QualifiedName, ObjectId)> {
        let in_schema = |relation: &QualifiedName| match schema {
            Some(schema) => relation.schema.as_str() == schema,
            None => self.search_path.contains(&relation.schema),
        };
        self.catalog.iter().find_map(|(id, entry)| {
            let owns = match (id, &entry.object) {
                (ObjectId::Constraint(relation, constraint), Object::Constraint(found)) => {
                    let has_index = matches!(found.kind, ConstraintKind::Key(_) | ConstraintKind::Exclude(_));
                    has_index && constraint.as_str() == name && in_schema(relation)
                }
                (ObjectId::Column(relation, _), Object::Column(column)) => {
                    let sequence = column.identity.as_ref().map(|identity| &identity.sequence);
                    sequence.is_some_and(|sequence| sequence.as_str() == name) && in_schema(relation)
                }
                _ => false,
            };
            let relation = id.qualified_name().filter(|_| owns)?;
            Some((relation.with_name(Ident::from(name)), id.clone()))
        })
    }
}

/// The text of a string constant; `None` for anything else.
pub(super) fn string_constant(node: &ast::Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::AConst(constant) if !constant.isnull => match constant.val.as_ref()? {
            Val::Sval(value) => Some(&value.sval),
            Val::Ival(_) | Val::Fval(_) | Val::Boolval(_) | Val::Bsval(_) => None,
        },
        _ => None,
    }
}

/// An integer constant; `None` for anything else.
pub(super) fn integer_constant(node: &ast::Node) -> Option<i32> {
    match node.node.as_ref()? {
        NodeEnum::AConst(constant) if !constant.isnull => match constant.val.as_ref() {
            Some(Val::Ival(value)) => Some(value.ival),
            Some(Val::Fval(_) | Val::Boolval(_) | Val::Bsval(_) | Val::Sval(_)) | None => None,
        },
        _ => None,
    }
}

/// A node that the grammar always gives.
pub(super) fn required(node: Option<&ast::Node>, location: i32) -> Result<&ast::Node, Refusal> {
    node.ok_or_else(|| missing(location))
}

/// A tree in which a node is missing that the grammar always gives.
pub(super) fn missing(location: i32) -> Refusal {
    Refusal::new(Code::UnsupportedClause, location, "the expression is not complete")
}

/// The place of a constant.
fn location_of(node: &ast::Node) -> i32 {
    match node.node.as_ref() {
        Some(NodeEnum::AConst(constant)) => constant.location,
        _ => -1,
    }
}

fn unknown_relation(text: &str, location: i32) -> Refusal {
    Refusal::new(
        Code::UnknownRelation,
        location,
        format!("relation \"{text}\" does not exist"),
    )
}

/// The type of the elements of an array type, modifiers kept.
fn array_element(data_type: &DataType) -> Option<DataType> {
    (data_type.array == Array::Array).then(|| DataType {
        array: Array::Scalar,
        ..data_type.clone()
    })
}

/// The parts of a name in a string, folded and without quotes (`stringToQualifiedNameList`); arguments are left out.
fn name_parts(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_part(quoted)?,
            None => {
                let end = rest.find(['.', '(']).unwrap_or(rest.len());
                let (part, after) = rest.split_at(end);
                let part = part.trim();
                let word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
                if part.is_empty() || !part.chars().all(word) {
                    return None;
                }
                (part.to_lowercase(), after)
            }
        };
        parts.push(part);
        rest = after.trim_start();
        match rest.strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if rest.is_empty() || rest.starts_with('(') => return Some(parts),
            None => return None,
        }
    }
}

/// A quoted part without its opening quote, and what follows it.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        part.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                part.push('"');
                rest = more;
            }
            None => return Some((part, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_string_is_taken_apart() {
        for (text, parts) in [
            ("users", Some(vec!["users"])),
            ("App.\"Users\"", Some(vec!["app", "Users"])),
            ("\"a\"\"b\"", Some(vec!["a\"b"])),
            ("app.total(integer)", Some(vec!["app", "total"])),
            ("double precision", None),
            ("", None),
            ("\"open", None),
        ] {
            let expected = parts.map(|parts| parts.into_iter().map(str::to_owned).collect());
            assert_eq!(name_parts(text), expected, "{text}");
        }
    }
}
