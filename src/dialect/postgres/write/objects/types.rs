//! Types of their own.

use super::column::collate;
use super::{constraint, lines};
use crate::catalog::types::{Attribute, Domain, Range, Type};
use crate::catalog::{Entry, Object, ObjectId};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::action::complete::is_said_in_create;
use crate::dialect::postgres::write::quote::literal;
use crate::dialect::postgres::write::template::reference;
use crate::dialect::postgres::write::{data_type, ident, identity, qualified, template};

/// `CREATE TYPE` and `CREATE DOMAIN`.
pub fn create(create: &Create, object: &Type) -> String {
    let name = identity(&create.id);
    match object {
        Type::Enum(labels) => {
            let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
            format!("CREATE TYPE {name} AS ENUM {}", lines(&labels))
        }
        Type::Composite(attributes) => {
            let attributes: Vec<String> = attributes.iter().map(attribute).collect();
            format!("CREATE TYPE {name} AS {}", lines(&attributes))
        }
        Type::Domain(domain) => self::domain(&create.id, domain, &create.parts),
        Type::Range(range) => format!(
            "CREATE TYPE {name} AS RANGE {}",
            lines(&range_options(&create.id, range))
        ),
        Type::Base(options) => {
            let options: Vec<String> = options
                .iter()
                .map(|(option, value)| match value {
                    // The grammar takes any word here, DEFAULT among them, and one in quotes would be another.
                    Some(value) => format!("{} = {}", option.to_uppercase(), template(value)),
                    None => option.to_uppercase(),
                })
                .collect();
            format!("CREATE TYPE {name} {}", lines(&options))
        }
        Type::Shell => format!("CREATE TYPE {name}"),
    }
}

/// An attribute as it stands in CREATE TYPE and after ADD ATTRIBUTE.
pub fn attribute(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_ref().map(collate).unwrap_or_default();
    format!(
        "{} {}{collation}",
        ident(&attribute.name),
        data_type(&attribute.data_type)
    )
}

fn domain(id: &ObjectId, domain: &Domain, parts: &[(ObjectId, Entry)]) -> String {
    let mut text = format!("CREATE DOMAIN {} AS {}", identity(id), data_type(&domain.base));
    if let Some(collation) = &domain.collation {
        text.push_str(&collate(collation));
    }
    if let Some(default) = &domain.default {
        text.push_str(&format!("\n    DEFAULT {}", template(default)));
    }
    if let Some(name) = &domain.not_null {
        let chosen = format!("{}_not_null", id.last_name());
        if name.as_str() == chosen {
            text.push_str("\n    NOT NULL");
        } else {
            text.push_str(&format!("\n    CONSTRAINT {} NOT NULL", ident(name)));
        }
    }
    for (id, entry) in parts {
        if let Object::DomainConstraint(constraint) = &entry.object
            && is_said_in_create(entry)
        {
            text.push_str(&format!("\n    {}", constraint::of_domain(id, constraint)));
        }
    }
    text
}

fn range_options(id: &ObjectId, range: &Range) -> Vec<String> {
    let mut options = vec![format!("SUBTYPE = {}", data_type(&range.subtype))];
    if let Some(class) = &range.operator_class {
        options.push(format!("SUBTYPE_OPCLASS = {}", template(class)));
    }
    if let Some(collation) = &range.collation {
        options.push(format!(
            "COLLATION = {}",
            reference(collation, crate::catalog::Form::Qualified)
        ));
    }
    if let Some(canonical) = &range.canonical {
        options.push(format!("CANONICAL = {}", template(canonical)));
    }
    if let Some(difference) = &range.difference {
        options.push(format!("SUBTYPE_DIFF = {}", template(difference)));
    }
    let multirange = id.qualified_name().map(|name| name.with_name(range.multirange.clone()));
    options.extend(multirange.map(|name| format!("MULTIRANGE_TYPE_NAME = {}", qualified(&name))));
    options
}
