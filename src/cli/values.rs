//! The value of an attribute in words, for the lines of `diff`.
//!
//! Knows which attributes have a form of their own; for what has none (a query, a function's body) the statement that
//! makes the object stands.

use crate::catalog::constraint::Constraint;
use crate::catalog::table::{Column, Persistence, RowSecurity, Table, Validation};
use crate::catalog::trigger::{Firing, Policy};
use crate::catalog::types::{Domain, Type};
use crate::catalog::{Entry, Ident, Object, ObjectId, Options};
use crate::dialect::postgres::action::{Create, CreateMode, Guard, Names};
use crate::dialect::postgres::read::NEWEST;
use crate::dialect::postgres::{object_words, write};
use crate::diff::Attribute;

/// An attribute's value; nothing where there is none or where no text says it.
pub fn value(attribute: Attribute, id: &ObjectId, entry: &Entry) -> Option<String> {
    let object = &entry.object;
    match attribute {
        Attribute::Kind => Some(object_words(id, object).to_owned()),
        Attribute::Owner => entry.owner.as_ref().map(write::ident),
        Attribute::Comment => entry.comment.as_ref().map(|comment| write::literal(comment)),
        Attribute::ExtensionMembership => entry.extension.as_ref().map(write::ident),
        Attribute::ExtensionDependence => Some(joined(&entry.depends_on)),
        Attribute::Persistence => persistence(object),
        Attribute::Inherits => table(object).map(|table| names(&table.inherits)),
        Attribute::AccessMethod => table(object)?.access_method.as_ref().map(write::ident),
        Attribute::Tablespace => match object {
            Object::Table(table) => table.tablespace.as_ref().map(write::ident),
            Object::Index(index) => index.tablespace.as_ref().map(write::ident),
            _ => None,
        },
        Attribute::Options => options(object)
            .filter(|options| !options.is_empty())
            .map(write::options::parameters),
        Attribute::RowSecurity => table(object).map(|table| row_security(table.row_security).to_owned()),
        Attribute::DataType => match (column(object), domain(object)) {
            (Some(column), _) => Some(write::data_type(&column.data_type)),
            (None, domain) => domain.map(|domain| write::data_type(&domain.base)),
        },
        Attribute::Collation => match (column(object), domain(object)) {
            (Some(column), _) => column.collation.as_ref().map(write::identity),
            (None, domain) => domain?.collation.as_ref().map(write::identity),
        },
        Attribute::NotNull => match (column(object), domain(object)) {
            (Some(column), _) => Some(nullability(column.not_null.is_some()).to_owned()),
            (None, domain) => domain.map(|domain| nullability(domain.not_null.is_some()).to_owned()),
        },
        Attribute::NotNullConstraint => {
            let not_null = column(object)?.not_null.as_ref()?;
            Some(format!(
                "{} {}",
                write::ident(&not_null.name),
                validation(not_null.validation)
            ))
        }
        Attribute::Identity => column(object)?.identity.as_ref().map(|identity| {
            let generation = write::objects::column::generation(identity.generation);
            format!("GENERATED {generation} AS IDENTITY")
        }),
        Attribute::Generated => {
            let generated = column(object)?.generated.as_ref()?;
            Some(write::template(&generated.expression))
        }
        Attribute::Storage => column(object)?.storage.as_ref().map(ToString::to_string),
        Attribute::Compression => column(object)?.compression.as_ref().map(write::ident),
        Attribute::Statistics => column(object)?.statistics.map(|target| target.to_string()),
        Attribute::Expression => match object {
            Object::Default(default) => Some(write::template(&default.expression)),
            _ => domain(object)?.default.as_ref().map(write::template),
        },
        Attribute::Definition => match object {
            Object::Constraint(constraint) => Some(write::objects::constraint::named(id, constraint)),
            Object::DomainConstraint(constraint) => {
                Some(format!("CHECK ({})", write::template(&constraint.expression)))
            }
            _ => Some(statement(id, entry)),
        },
        Attribute::Deferral => {
            let deferral = write::objects::constraint::deferral(constraint(object)?.deferral).trim();
            (!deferral.is_empty()).then(|| deferral.to_owned())
        }
        Attribute::Validation => match object {
            Object::DomainConstraint(constraint) => Some(validation(constraint.validation).to_owned()),
            _ => constraint(object).map(|constraint| validation(constraint.validation).to_owned()),
        },
        Attribute::OwnedBy => match object {
            Object::Sequence(sequence) => sequence.owned_by.as_ref().map(write::identity),
            _ => None,
        },
        Attribute::EnumLabels => match object {
            Object::Type(object) => enum_labels(object),
            _ => None,
        },
        Attribute::Firing => match object {
            Object::Trigger(trigger) => Some(firing(trigger.firing).to_owned()),
            Object::Rule(rule) => Some(firing(rule.firing).to_owned()),
            _ => None,
        },
        Attribute::PolicyRoles => policy(object).map(|policy| write::objects::trigger::roles(&policy.roles)),
        Attribute::PolicyUsing => policy(object)?.using.as_ref().map(write::template),
        Attribute::PolicyCheck => policy(object)?.check.as_ref().map(write::template),
        Attribute::ExtensionSchema => match object {
            Object::Extension(extension) => extension.schema.as_ref().map(write::identity),
            _ => None,
        },
        Attribute::Version => match object {
            Object::Extension(extension) => extension.version.as_ref().map(ToString::to_string),
            _ => None,
        },
        Attribute::PartitionKey
        | Attribute::PartitionOf
        | Attribute::SequenceOptions
        | Attribute::Query
        | Attribute::CompositeAttributes
        | Attribute::RoutineInterface
        | Attribute::RoutineBody
        | Attribute::Clause(_) => Some(statement(id, entry)),
        Attribute::HiddenComments
        | Attribute::Privileges
        | Attribute::MemberPrivileges
        | Attribute::SecurityLabels
        | Attribute::Foreign
        | Attribute::OfType
        | Attribute::ReplicaIdentity
        | Attribute::ClusterOn
        | Attribute::ForeignOptions
        | Attribute::Inheritance
        | Attribute::Parent
        | Attribute::Coverage => None,
    }
}

/// The statement that makes an object, without its parts.
fn statement(id: &ObjectId, entry: &Entry) -> String {
    let create = Create {
        id: id.clone(),
        entry: entry.clone(),
        parts: Vec::new(),
        mode: CreateMode::Plain,
        guard: Guard::None,
        names: Names::WhereOthers,
    };
    write::objects::create(&create, NEWEST)
}

fn table(object: &Object) -> Option<&Table> {
    match object {
        Object::Table(table) => Some(table),
        _ => None,
    }
}

fn column(object: &Object) -> Option<&Column> {
    match object {
        Object::Column(column) => Some(column),
        _ => None,
    }
}

fn domain(object: &Object) -> Option<&Domain> {
    match object {
        Object::Type(object) => match &**object {
            Type::Domain(domain) => Some(domain),
            Type::Enum(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
        },
        _ => None,
    }
}

fn constraint(object: &Object) -> Option<&Constraint> {
    match object {
        Object::Constraint(constraint) => Some(constraint),
        _ => None,
    }
}

fn policy(object: &Object) -> Option<&Policy> {
    match object {
        Object::Policy(policy) => Some(policy),
        _ => None,
    }
}

fn options(object: &Object) -> Option<&Options> {
    match object {
        Object::Table(table) => Some(&table.options),
        Object::Index(index) => Some(&index.options),
        Object::View(view) => Some(&view.options),
        Object::MaterializedView(view) => Some(&view.options),
        Object::Column(column) => Some(&column.options),
        _ => None,
    }
}

fn names(ids: &[ObjectId]) -> String {
    ids.iter().map(write::identity).collect::<Vec<_>>().join(", ")
}

fn enum_labels(object: &Type) -> Option<String> {
    match object {
        Type::Enum(labels) => Some(
            labels
                .iter()
                .map(|label| write::literal(label))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Type::Composite(_) | Type::Domain(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
    }
}

fn persistence(object: &Object) -> Option<String> {
    let persistence = match object {
        Object::Table(table) => table.persistence,
        Object::Sequence(sequence) => sequence.persistence,
        _ => return None,
    };
    Some(match persistence {
        Persistence::Logged => "logged".to_owned(),
        Persistence::Unlogged => "unlogged".to_owned(),
    })
}

fn nullability(refuses_null: bool) -> &'static str {
    match refuses_null {
        true => "NOT NULL",
        false => "NULL",
    }
}

fn validation(validation: Validation) -> &'static str {
    match validation {
        Validation::Valid => "valid",
        Validation::NotValid => "NOT VALID",
        Validation::NotEnforced => "NOT ENFORCED",
    }
}

fn row_security(row_security: RowSecurity) -> &'static str {
    match row_security {
        RowSecurity::Disabled => "disabled",
        RowSecurity::Enabled => "enabled",
        RowSecurity::Forced => "forced",
        RowSecurity::ForcedButDisabled => "forced but disabled",
    }
}

fn firing(firing: Firing) -> &'static str {
    match firing {
        Firing::Origin => "enabled",
        Firing::Replica => "on replicas",
        Firing::Always => "always",
        Firing::Disabled => "disabled",
    }
}

fn joined(names: &[Ident]) -> String {
    names.iter().map(write::ident).collect::<Vec<_>>().join(", ")
}
