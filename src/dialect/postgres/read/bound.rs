//! Partition bounds: the values of FOR VALUES as the server keeps and shows them.
//!
//! Knows how a bound's value becomes a constant of the key's type and how that is shown (`get_const_expr` of
//! `ruleutils.c`, without labels). A value that is no constant of a known type stays as the analyser writes it. A
//! timestamp without a zone is taken in UTC, the server's built-in setting of TimeZone.

use super::{Applied, Interpreter, ast};
use crate::catalog::table::PartitionStrategy;
use crate::catalog::{DataType, ObjectId, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use ast::{AConst, NodeEnum};

/// A constant as written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Constant {
    Null,
    Number(String),
    Text(String),
    Boolean(Truth),
}

/// true or false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    True,
    False,
}

impl Interpreter {
    /// `FOR VALUES …` or `DEFAULT` in canonical form.
    pub(super) fn partition_bound(&self, parent: &ObjectId, bound: &ast::PartitionBoundSpec) -> Applied<Template> {
        let Some(key) = self.table(parent).and_then(|table| table.partition_key.clone()) else {
            let message = format!("\"{}\" is not partitioned", parent.last_name());
            return Err(self.error(Code::UnsupportedClause, bound.location, message));
        };
        if bound.is_default {
            if key.strategy == PartitionStrategy::Hash {
                return Err(self.error(
                    Code::UnsupportedClause,
                    bound.location,
                    "a hash-partitioned table may not have a default partition",
                ));
            }
            return Ok(Template::text("DEFAULT"));
        }
        let strategy = match bound.strategy.as_str() {
            "l" => PartitionStrategy::List,
            "r" => PartitionStrategy::Range,
            _ => PartitionStrategy::Hash,
        };
        if strategy != key.strategy {
            return Err(self.error(
                Code::UnsupportedClause,
                bound.location,
                "the bound does not fit the parent's partitioning strategy",
            ));
        }
        let types: Vec<Option<DataType>> = key.keys.iter().map(|key| self.bound_type(key)).collect();
        let mut builder = TemplateBuilder::default();
        match strategy {
            PartitionStrategy::Hash => {
                builder.push_str(&format!(
                    "FOR VALUES WITH (modulus {}, remainder {})",
                    bound.modulus, bound.remainder
                ));
            }
            PartitionStrategy::List => {
                builder.push_str("FOR VALUES IN (");
                let data_type = types.first().cloned().flatten();
                for (position, value) in bound.listdatums.iter().enumerate() {
                    if position > 0 {
                        builder.push_str(", ");
                    }
                    builder.push_template(&self.bound_value(value, data_type.as_ref())?);
                }
                builder.push_str(")");
            }
            PartitionStrategy::Range => {
                builder.push_str("FOR VALUES FROM (");
                self.push_range(&mut builder, &bound.lowerdatums, &types, bound.location)?;
                builder.push_str(") TO (");
                self.push_range(&mut builder, &bound.upperdatums, &types, bound.location)?;
                builder.push_str(")");
            }
        }
        Ok(builder.finish())
    }

    fn push_range(
        &self,
        builder: &mut TemplateBuilder,
        values: &[ast::Node],
        types: &[Option<DataType>],
        location: i32,
    ) -> Applied {
        if values.len() != types.len() {
            return Err(self.error(
                Code::SyntaxError,
                location,
                "FROM and TO must specify exactly one value per partitioning column",
            ));
        }
        for (position, (value, data_type)) in values.iter().zip(types).enumerate() {
            if position > 0 {
                builder.push_str(", ");
            }
            match infinite(value) {
                Some(word) => builder.push_str(word),
                None => builder.push_template(&self.bound_value(value, data_type.as_ref())?),
            }
        }
        Ok(())
    }

    /// The type of a partition key that is a column; that of an expression is not known here.
    fn bound_type(&self, key: &Template) -> Option<DataType> {
        let column = key
            .references()
            .find(|reference| matches!(reference, ObjectId::Column(..)))?;
        // A key is a column, perhaps with a collation or operator class after it.
        let starts =
            matches!(key.pieces().first(), Some(crate::catalog::Piece::Reference(first, _)) if first == column);
        let column = self.table_column(column).filter(|_| starts)?;
        Some(self.base_type(&column.data_type))
    }

    fn bound_value(&self, node: &ast::Node, data_type: Option<&DataType>) -> Applied<Template> {
        if let (Some(constant), Some(data_type)) = (self.bound_constant(node, data_type), data_type)
            && let Some(shown) = shown(&constant, data_type)
        {
            return Ok(Template::text(&shown));
        }
        match data_type {
            Some(data_type) => self.expression_for(node, &Scope::none(), data_type),
            None => self.expression(node, &Scope::none()),
        }
    }

    /// A constant, perhaps with a sign or a cast to the key's own type.
    fn bound_constant(&self, node: &ast::Node, data_type: Option<&DataType>) -> Option<Constant> {
        match node.node.as_ref()? {
            NodeEnum::AConst(constant) => literal(constant),
            NodeEnum::TypeCast(cast) => {
                let target = self.data_type(cast.type_name.as_ref()?).ok()?;
                let inner = self.bound_constant(cast.arg.as_deref()?, data_type)?;
                (Some(&target) == data_type || target.is_system("bool")).then_some(inner)
            }
            NodeEnum::AExpr(expression) => {
                let [name] = expression.name.as_slice() else {
                    return None;
                };
                if expression.lexpr.is_some() || ast::string(name) != Some("-") {
                    return None;
                }
                match self.bound_constant(expression.rexpr.as_deref()?, data_type)? {
                    Constant::Number(digits) if !digits.starts_with('-') => {
                        Some(Constant::Number(["-", &digits].concat()))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// MINVALUE or MAXVALUE, which the parser gives as a column's name.
fn infinite(node: &ast::Node) -> Option<&'static str> {
    let Some(NodeEnum::ColumnRef(column)) = &node.node else {
        return None;
    };
    match ast::strings(&column.fields).as_slice() {
        ["minvalue"] => Some("MINVALUE"),
        ["maxvalue"] => Some("MAXVALUE"),
        _ => None,
    }
}

fn literal(constant: &AConst) -> Option<Constant> {
    use ast::a_const::Val;
    if constant.isnull {
        return Some(Constant::Null);
    }
    match constant.val.as_ref()? {
        Val::Ival(value) => Some(Constant::Number(value.ival.to_string())),
        Val::Fval(value) => Some(Constant::Number(value.fval.clone())),
        Val::Sval(value) => Some(Constant::Text(value.sval.clone())),
        Val::Boolval(value) => Some(Constant::Boolean(match value.boolval {
            true => Truth::True,
            false => Truth::False,
        })),
        Val::Bsval(_) => None,
    }
}

/// A constant as the server shows one of its type; `None` where the type's own form is not known.
fn shown(constant: &Constant, data_type: &DataType) -> Option<String> {
    if data_type.array == crate::catalog::Array::Array {
        return None;
    }
    if *constant == Constant::Null {
        return Some("NULL".to_owned());
    }
    if !data_type.name.is_system() {
        // An enum's label and the like: quoted as it is.
        return match constant {
            Constant::Text(text) => Some(quoted(text)),
            Constant::Null | Constant::Number(_) | Constant::Boolean(_) => None,
        };
    }
    let text = match constant {
        Constant::Number(text) | Constant::Text(text) => text.as_str(),
        Constant::Boolean(Truth::True) => "true",
        Constant::Boolean(Truth::False) => "false",
        Constant::Null => "NULL",
    };
    match data_type.name.name.as_str() {
        "int4" => {
            let value: i32 = text.trim().parse().ok()?;
            Some(if value < 0 {
                quoted(&value.to_string())
            } else {
                value.to_string()
            })
        }
        "int2" => text.trim().parse::<i16>().ok().map(|value| quoted(&value.to_string())),
        "int8" => text.trim().parse::<i64>().ok().map(|value| quoted(&value.to_string())),
        "numeric" if data_type.modifiers.is_empty() => {
            let bare = text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(['e', 'E', '.']);
            Some(if bare { text.to_owned() } else { quoted(text) })
        }
        "bool" => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Some("true".to_owned()),
            "false" | "f" | "no" | "n" | "off" | "0" => Some("false".to_owned()),
            _ => None,
        },
        "text" | "varchar" | "bpchar" | "name" | "uuid" => Some(quoted(text)),
        "date" => is_date(text).then(|| quoted(text)),
        "timestamp" => timestamp(text).map(|(date, time, _)| quoted(&[&date, " ", &time].concat())),
        "timestamptz" => zoned(text).map(|text| quoted(&text)),
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    crate::dialect::postgres::write::quote::literal(text)
}

/// Whether a text is a date in ISO form.
fn is_date(text: &str) -> bool {
    date(text).is_some()
}

fn date(text: &str) -> Option<(i64, i64, i64)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// Date, time and zone offset (in minutes, where one is written) of a timestamp in ISO form.
fn timestamp(text: &str) -> Option<(String, String, Option<i64>)> {
    let (day, rest) = match text.split_once([' ', 'T']) {
        Some((day, rest)) => (day, rest.trim()),
        None => (text, ""),
    };
    date(day)?;
    let zone_at = rest.find(['+', '-', 'Z', 'z']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at_checked(zone_at)?;
    let time = time.trim();
    let fields: Vec<&str> = time.split(':').collect();
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let time = match fields.as_slice() {
        [""] => "00:00:00".to_owned(),
        [hour, minute] if two(hour) && two(minute) => [hour, ":", minute, ":00"].concat(),
        [hour, minute, second] if two(hour) && two(minute) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
            let fraction = fraction.trim_end_matches('0');
            if !two(whole) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let point = if fraction.is_empty() { "" } else { "." };
            [hour, ":", minute, ":", whole, point, fraction].concat()
        }
        _ => return None,
    };
    Some((day.to_owned(), time, offset(zone)?))
}

/// The offset of a zone in minutes: `Some(None)` where none is written, `None` where it is not understood.
fn offset(zone: &str) -> Option<Option<i64>> {
    let zone = zone.trim();
    if zone.is_empty() {
        return Some(None);
    }
    if zone.eq_ignore_ascii_case("z") {
        return Some(Some(0));
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits: String = zone.chars().skip(1).filter(|character| *character != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i64>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    Some(Some(sign * (hours * 60 + minutes)))
}

/// A timestamp with time zone in UTC.
fn zoned(text: &str) -> Option<String> {
    let (day, time, offset) = timestamp(text)?;
    let (year, month, day) = date(&day)?;
    let hour: i64 = time.get(..2)?.parse().ok()?;
    let minute: i64 = time.get(3..5)?.parse().ok()?;
    let minutes = days_from_civil(year, month, day) * 1440 + hour * 60 + minute - offset.unwrap_or(0);
    let (year, month, day) = civil_from_days(minutes.div_euclid(1440));
    let (hour, minute) = (minutes.rem_euclid(1440) / 60, minutes.rem_euclid(60));
    let seconds = time.get(5..)?;
    Some(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}{seconds}+00"
    ))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date that many days after 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(text: &str, data_type: &str) -> Option<String> {
        shown(&Constant::Text(text.into()), &DataType::system(data_type))
    }

    #[test]
    fn a_bound_is_shown_as_a_constant_of_the_keys_type() {
        assert_eq!(shows("7", "int4").as_deref(), Some("7"));
        assert_eq!(shows("-7", "int4").as_deref(), Some("'-7'"));
        assert_eq!(shows("7", "int8").as_deref(), Some("'7'"));
        assert_eq!(shows("t", "bool").as_deref(), Some("true"));
        assert_eq!(
            shows("2024-01-01", "timestamp").as_deref(),
            Some("'2024-01-01 00:00:00'")
        );
        assert_eq!(
            shows("2024-01-01 01:30+02", "timestamptz").as_deref(),
            Some("'2023-12-31 23:30:00+00'")
        );
        assert_eq!(shows("01/02/2024", "date"), None, "DateStyle decides what this means");
    }
}
