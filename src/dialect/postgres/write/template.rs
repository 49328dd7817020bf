//! Templates to text: each reference as its form says.

use super::identity::operator_or_ident;
use super::quote::{ident, literal, qualified};
use crate::catalog::{DefinitionKind, Form, Ident, ObjectId, OwnName, Piece, QualifiedName, Template};

/// The text of a template.
pub fn template(template: &Template) -> String {
    let mut text = String::new();
    for piece in template.pieces() {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Reference(id, form) => text.push_str(&reference(id, *form)),
            Piece::Output(..) => {}
        }
    }
    text
}

/// The text of a view's query with the names of its columns, each where the column is not called so by itself.
///
/// `None` when the query has no select list to write them in (VALUES).
pub fn query(query: &Template, columns: &[Ident]) -> Option<String> {
    if !columns.is_empty() && !query.has_outputs() {
        return None;
    }
    let mut text = String::new();
    for piece in query.pieces() {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Reference(id, form) => text.push_str(&reference(id, *form)),
            Piece::Output(place, own) => {
                let own = own.as_ref().map(|own| match own {
                    OwnName::Name(name) => name.clone(),
                    OwnName::Object(id) => id.last_name(),
                });
                if let Some(name) = columns.get(*place).filter(|name| own.as_ref() != Some(name)) {
                    text.push_str(&format!(" AS {}", ident(name)));
                }
            }
        }
    }
    Some(text)
}

/// The text of a template that stands in a query over `relation` under the alias `alias`: its columns are written
/// behind the alias, so that they cannot be taken for anything else.
pub fn template_over(template: &Template, relation: &ObjectId, alias: &str) -> String {
    let names_it = Piece::Reference(relation.clone(), Form::Qualified);
    // Inside a subquery the columns stand behind the relation's name, unless the subquery has the relation itself.
    let is_inside = template.pieces().contains(&names_it);
    let mut text = String::new();
    for piece in template.pieces() {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Reference(id @ ObjectId::Relation(_), Form::Bare) if id == relation && !is_inside => {
                text.push_str(alias);
            }
            Piece::Reference(ObjectId::Column(owner, column), _)
                if relation.qualified_name() == Some(owner) && !text.ends_with('.') =>
            {
                text.push_str(&format!("{alias}.{}", ident(column)));
            }
            Piece::Reference(id, form) => text.push_str(&reference(id, *form)),
            Piece::Output(..) => {}
        }
    }
    text
}

/// One reference.
pub fn reference(id: &ObjectId, form: Form) -> String {
    match form {
        Form::Qualified => qualified_reference(id),
        Form::Bare => match id {
            ObjectId::Definition(definition) => operator_or_ident(definition),
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::Type(_)
            | ObjectId::Relation(_)
            | ObjectId::Routine(..)
            | ObjectId::Column(..)
            | ObjectId::Default(..)
            | ObjectId::Constraint(..)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Trigger(..)
            | ObjectId::Rule(..)
            | ObjectId::Policy(..)
            | ObjectId::DefaultPrivileges(_)
            | ObjectId::Provided(_) => ident(&id.last_name()),
        },
        Form::Literal => literal(&qualified_reference(id)),
    }
}

fn qualified_reference(id: &ObjectId) -> String {
    let part = |whole: &QualifiedName| format!("{}.{}", qualified(whole), ident(&id.last_name()));
    match id {
        ObjectId::Schema(name) | ObjectId::Extension(name) => ident(name),
        ObjectId::Type(name) | ObjectId::Relation(name) | ObjectId::Routine(name, _) => qualified(name),
        ObjectId::Column(whole, _)
        | ObjectId::Default(whole, _)
        | ObjectId::Constraint(whole, _)
        | ObjectId::DomainConstraint(whole, _)
        | ObjectId::Trigger(whole, _)
        | ObjectId::Rule(whole, _)
        | ObjectId::Policy(whole, _) => part(whole),
        ObjectId::DefaultPrivileges(_) => String::new(),
        ObjectId::Provided(id) => qualified_reference(id),
        ObjectId::Definition(definition) => match &definition.schema {
            // PostgreSQL's own collations, text search objects and operators are found without their schema.
            Some(schema)
                if schema.as_str() != crate::catalog::name::SYSTEM_SCHEMA
                    || definition.kind == DefinitionKind::Operator =>
            {
                format!("{}.{}", ident(schema), operator_or_ident(definition))
            }
            Some(_) | None => operator_or_ident(definition),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::TemplateBuilder;

    #[test]
    fn columns_over_an_alias_stand_behind_it() {
        let users = ObjectId::Relation(QualifiedName::new("app", "users"));
        let id = ObjectId::Column(QualifiedName::new("app", "users"), "id".into());
        let mut builder = TemplateBuilder::default();
        builder.push_reference(id.clone(), Form::Bare);
        builder.push_str(" = (SELECT max(o.user_id) FROM app.orders o WHERE o.user_id = ");
        builder.push_reference(users.clone(), Form::Bare);
        builder.push_str(".");
        builder.push_reference(id, Form::Bare);
        builder.push_str(")");
        assert_eq!(
            template_over(&builder.finish(), &users, "target"),
            "target.id = (SELECT max(o.user_id) FROM app.orders o WHERE o.user_id = target.id)"
        );
    }

    #[test]
    fn each_form_of_a_reference() {
        let users = QualifiedName::new("app", "Users");
        let mut builder = TemplateBuilder::default();
        builder.push_str("nextval(");
        builder.push_reference(ObjectId::Relation(users.clone()), Form::Literal);
        builder.push_str("::regclass) + ");
        builder.push_reference(ObjectId::Column(users.clone(), "order".into()), Form::Bare);
        builder.push_str(" FROM ");
        builder.push_reference(ObjectId::Relation(users), Form::Qualified);
        assert_eq!(
            template(&builder.finish()),
            "nextval('app.\"Users\"'::regclass) + \"order\" FROM app.\"Users\""
        );
    }
}
