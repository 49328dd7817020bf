//! COMMENT ON and SECURITY LABEL (`comment.c`, `seclabel.c`).
//!
//! Knows where a comment is kept when what it speaks of is no object of its own.

use super::ast::{CommentStmt, Node, NodeEnum, ObjectType, SecLabelStmt};
use super::extension_facts::own_comment;
use super::schema::is_always_there;
use super::{Applied, Interpreter, ast};
use crate::catalog::types::Type;
use crate::catalog::{Hidden, Ident, Object, ObjectId};
use crate::diagnostic::Code;
use std::sync::Arc;

/// The comment that `initdb` puts on the schema `public`.
const PUBLIC_SCHEMA_COMMENT: &str = "standard public schema";

/// The comment that the script of plpgsql puts on the extension and on its language.
const PLPGSQL_COMMENT: &str = "PL/pgSQL procedural language";

impl Interpreter {
    pub(super) fn comment(&mut self, statement: &CommentStmt) -> Applied {
        if is_cluster_object(statement.objtype()) {
            self.skip_cluster_statement();
            return Ok(());
        }
        if is_plpgsql(statement.objtype(), statement.object.as_deref()) {
            return match statement.comment == PLPGSQL_COMMENT {
                true => Ok(()),
                false => Err(self.refuse(-1, "another comment on plpgsql, which every database has,")),
            };
        }
        if statement.objtype() == ObjectType::ObjectLargeobject {
            return Err(self.refuse(-1, "a comment on a large object"));
        }
        let id = self.identify(statement.objtype(), statement.object.as_deref())?;
        // What was there from the beginning is no comment of the schema's author.
        let is_initial = match &id {
            ObjectId::Schema(name) => name.as_str() == "public" && statement.comment == PUBLIC_SCHEMA_COMMENT,
            ObjectId::Extension(name) => own_comment(name.as_str()) == Some(statement.comment.as_str()),
            _ => false,
        };
        let comment: Option<Arc<str>> =
            (!statement.comment.is_empty() && !is_initial).then(|| Arc::from(statement.comment.as_str()));
        if let Some(entry) = self.catalog.get_mut(&id) {
            match (hidden_part(statement.objtype(), &id), comment) {
                (None, comment) => entry.comment = comment,
                (Some(part), Some(comment)) => {
                    entry.hidden_comments.insert(part, comment);
                }
                (Some(part), None) => {
                    entry.hidden_comments.remove(&part);
                }
            }
            return Ok(());
        }
        self.comment_attribute(&id, comment)
    }

    pub(super) fn security_label(&mut self, statement: &SecLabelStmt) -> Applied {
        if is_cluster_object(statement.objtype()) {
            self.skip_cluster_statement();
            return Ok(());
        }
        let provider = Ident::from(statement.provider.as_str());
        let id = self.identify(statement.objtype(), statement.object.as_deref())?;
        if hidden_part(statement.objtype(), &id).is_some() {
            return Err(self.refuse(-1, "a security label on the sequence of an identity column"));
        }
        let missing = self.refuse(-1, "a security label on an attribute of a composite type");
        let Some(entry) = self.catalog.get_mut(&id) else {
            return Err(missing);
        };
        if statement.label.is_empty() {
            entry.security_labels.remove(&provider);
        } else {
            entry
                .security_labels
                .insert(provider, Arc::from(statement.label.as_str()));
        }
        Ok(())
    }

    /// An attribute of a composite type bears its comment itself.
    fn comment_attribute(&mut self, id: &ObjectId, comment: Option<Arc<str>>) -> Applied {
        if let ObjectId::Column(owner, name) = id
            && let Some(entry) = self.catalog.get_mut(&ObjectId::Type(owner.clone()))
            && let Object::Type(data_type) = &mut entry.object
            && let Type::Composite(attributes) = &mut **data_type
            && let Some(attribute) = attributes.iter_mut().find(|attribute| &attribute.name == name)
        {
            attribute.comment = comment;
            return Ok(());
        }
        let shown = crate::dialect::postgres::describe(id);
        Err(self.error(Code::UnknownObject, -1, format!("{shown} does not exist")))
    }
}

/// The index of a constraint, the sequence of an identity column and a NOT NULL have no entry of their own: the comment
/// is kept with what they go with.
fn hidden_part(kind: ObjectType, id: &ObjectId) -> Option<Hidden> {
    match (kind, id) {
        (ObjectType::ObjectIndex, ObjectId::Constraint(..)) => Some(Hidden::Index),
        (ObjectType::ObjectSequence, ObjectId::Column(..)) => Some(Hidden::Sequence),
        (ObjectType::ObjectTabconstraint, ObjectId::Column(..))
        | (ObjectType::ObjectDomconstraint, ObjectId::Type(_)) => Some(Hidden::NotNull),
        _ => None,
    }
}

/// Whether a kind belongs to the cluster and not to a schema.
fn is_cluster_object(kind: ObjectType) -> bool {
    matches!(
        kind,
        ObjectType::ObjectDatabase | ObjectType::ObjectRole | ObjectType::ObjectTablespace
    )
}

/// Whether the object is the extension or language that every database has.
fn is_plpgsql(kind: ObjectType, object: Option<&Node>) -> bool {
    let is_kind = matches!(kind, ObjectType::ObjectExtension | ObjectType::ObjectLanguage);
    let name = object.and_then(|node| match node.node.as_ref() {
        Some(NodeEnum::String(_)) => ast::string(node),
        _ => None,
    });
    is_kind && name.is_some_and(is_always_there)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn an_empty_comment_is_none() {
        assert_same(
            "CREATE TABLE t (a int); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y';
             COMMENT ON TABLE t IS NULL; COMMENT ON COLUMN t.a IS '';",
            "CREATE TABLE t (a int);",
        );
    }

    #[test]
    fn plpgsql_keeps_its_comment() {
        assert_same(
            "COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
             COMMENT ON LANGUAGE plpgsql IS 'PL/pgSQL procedural language';",
            "",
        );
        assert_eq!(errors("COMMENT ON EXTENSION plpgsql IS 'ours';").len(), 1);
    }

    #[test]
    fn what_is_commented_must_be_there() {
        assert_eq!(
            errors("CREATE TABLE t (a int); COMMENT ON COLUMN t.b IS 'x';"),
            ["column \"b\" of relation \"t\" does not exist"]
        );
    }
}
