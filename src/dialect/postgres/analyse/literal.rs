//! Constants and casts, and the constants that name an object (`'app.users_id_seq'::regclass`).
//!
//! Knows how constants are written and which types' values are names. No cast is taken away.

use super::fragment::{Fragment, Shape, Writer};
use super::range::Level;
use super::{Analyser, Refusal, system};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::{Array, DataType, Form, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::read::ast::{self, NodeEnum, a_const::Val};
use crate::dialect::postgres::write::quote;

impl Analyser<'_> {
    /// A cast. A literal is written without parentheses, a literal of a `reg…` type as the object it names.
    pub(super) fn cast(&self, node: &ast::TypeCast, level: &Level) -> Result<Fragment, Refusal> {
        let argument = required(node.arg.as_deref(), node.location)?;
        let type_name = node.type_name.as_ref().ok_or_else(|| missing(node.location))?;
        let data_type = self.data_type(type_name).map_err(|refusal| refusal.at(node.location))?;
        if let Some(text) = string_constant(argument)
            && let Some(fragment) = self.name_constant(text, &data_type, location_of(argument))?
        {
            return Ok(fragment);
        }
        if let Some(number) = negative_number(argument, &data_type) {
            return Ok(number);
        }
        let value = self.expr(argument, level)?;
        // `users.*::app.users` is how the server tells a whole row from its columns.
        if value.shape == Shape::WholeRow && value.data_type.as_ref() == Some(&data_type) {
            return Ok(value);
        }
        Ok(self.cast_to(&value, data_type))
    }

    /// A value with a cast written after it.
    pub(super) fn cast_to(&self, value: &Fragment, data_type: DataType) -> Fragment {
        let mut writer = Writer::default();
        match value.shape {
            Shape::Literal => writer.fragment(value),
            Shape::Closed | Shape::Parenthesised | Shape::Negative | Shape::Column(_) | Shape::WholeRow => {
                writer.enclosed(value)
            }
        };
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
        let is_system = |schema: &str| system::relation(schema, name).is_some();
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

/// A constant.
pub(super) fn constant(node: &ast::AConst) -> Fragment {
    let mut writer = Writer::default();
    if node.isnull {
        writer.text("NULL");
        return Fragment::new(writer.finish(), Shape::Literal);
    }
    let (shape, data_type) = match node.val.as_ref() {
        Some(Val::Ival(value)) => {
            writer.text(&value.ival.to_string());
            let shape = if value.ival < 0 { Shape::Negative } else { Shape::Closed };
            (shape, Some(DataType::system("int4")))
        }
        Some(Val::Fval(value)) => {
            let number = number(&value.fval);
            writer.text(&number);
            let shape = if number.starts_with('-') {
                Shape::Negative
            } else {
                Shape::Closed
            };
            (shape, Some(DataType::system(number_type(&number))))
        }
        Some(Val::Boolval(value)) => {
            writer.text(if value.boolval { "true" } else { "false" });
            (Shape::Literal, Some(DataType::system("bool")))
        }
        Some(Val::Sval(value)) => {
            writer.literal(&value.sval);
            (Shape::Literal, None)
        }
        Some(Val::Bsval(value)) => {
            let (kind, digits) = value.bsval.split_at(value.bsval.len().min(1));
            writer.text(if kind == "x" { "X" } else { "B" }).literal(digits);
            (Shape::Literal, Some(DataType::system("bit")))
        }
        // The parser leaves out the value of an integer that is zero.
        None => {
            writer.text("0");
            (Shape::Closed, Some(DataType::system("int4")))
        }
    };
    Fragment::new(writer.finish(), shape).typed(data_type)
}

/// `'-1'::integer` and `'-1.5'::numeric`: the server's way to write the constants `-1` and `-1.5` (`get_const_expr`).
fn negative_number(argument: &ast::Node, data_type: &DataType) -> Option<Fragment> {
    let digits = string_constant(argument)?.strip_prefix('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = if data_type.is_system("int4") {
        is_number(digits) && !digits.starts_with('0') && digits.len() < 10
    } else if data_type.is_system("numeric") && data_type.modifiers.is_empty() {
        let (whole, fraction) = digits.split_once('.')?;
        is_number(whole) && is_number(fraction)
    } else {
        false
    };
    let mut writer = Writer::with("-");
    writer.text(digits);
    fits.then(|| Fragment::new(writer.finish(), Shape::Negative).typed(Some(data_type.clone())))
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

/// A number as the server shows it: a digit before the point, a small `e`.
fn number(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    match lower.strip_prefix("-.") {
        Some(rest) => ["-0.", rest].concat(),
        None if lower.starts_with('.') => ["0", &lower].concat(),
        None => lower,
    }
}

/// The type of a number that is no `integer` (`make_const`).
fn number_type(text: &str) -> &'static str {
    if text.parse::<i64>().is_ok() { "int8" } else { "numeric" }
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
