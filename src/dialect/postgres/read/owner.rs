//! Roles as statements name them, and OWNER TO.
//!
//! Knows that privileges of the owner stay the owner's when the object changes hands (`aclnewowner` in `acl.c`).

use super::ast::{AlterOwnerStmt, ObjectType, RoleSpec, RoleSpecType};
use super::{Applied, Interpreter};
use crate::catalog::{DefinitionKind, Grantee, Ident, Object, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::privileges::PrivilegeKind;

/// Whether an object has an owner of its own; parts and indexes belong to their table's.
pub(super) fn has_owner(id: &ObjectId, object: &Object) -> bool {
    match id {
        ObjectId::Schema(_) | ObjectId::Extension(_) | ObjectId::Type(_) | ObjectId::Routine(..) => true,
        ObjectId::Relation(_) => !matches!(object, Object::Index(_)),
        ObjectId::Definition(definition) => match definition.kind {
            DefinitionKind::AccessMethod
            | DefinitionKind::TextSearchParser
            | DefinitionKind::TextSearchTemplate
            | DefinitionKind::Cast
            | DefinitionKind::Transform
            | DefinitionKind::UserMapping => false,
            DefinitionKind::Language
            | DefinitionKind::Collation
            | DefinitionKind::Conversion
            | DefinitionKind::TextSearchDictionary
            | DefinitionKind::TextSearchConfiguration
            | DefinitionKind::Operator
            | DefinitionKind::OperatorFamily
            | DefinitionKind::OperatorClass
            | DefinitionKind::ForeignDataWrapper
            | DefinitionKind::Server
            | DefinitionKind::Statistics
            | DefinitionKind::Publication
            | DefinitionKind::Subscription
            | DefinitionKind::EventTrigger => true,
        },
        ObjectId::Column(..)
        | ObjectId::Default(..)
        | ObjectId::Constraint(..)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Trigger(..)
        | ObjectId::Rule(..)
        | ObjectId::Policy(..)
        | ObjectId::DefaultPrivileges(_)
        | ObjectId::Provided(_) => false,
    }
}

impl Interpreter {
    pub(super) fn alter_owner(&mut self, statement: &AlterOwnerStmt) -> Applied {
        match statement.object_type() {
            ObjectType::ObjectDatabase | ObjectType::ObjectTablespace | ObjectType::ObjectLargeobject => {
                self.skip_cluster_statement();
                return Ok(());
            }
            _ => {}
        }
        let role = self.role_named(statement.newowner.as_ref())?;
        let id = self.identify(statement.object_type(), statement.object.as_deref())?;
        self.set_owner(&id, role);
        Ok(())
    }

    /// The role of a specification; `None` for the role that runs the text, when no statement has named it.
    ///
    /// # Errors
    /// PUBLIC, which is no role.
    pub(super) fn role_named(&self, role: Option<&RoleSpec>) -> Applied<Option<Ident>> {
        let Some(role) = role else { return Ok(None) };
        match role.roletype() {
            RoleSpecType::RolespecCstring => Ok(self.unless_runner(Ident::from(role.rolename.as_str()))),
            RoleSpecType::RolespecCurrentRole
            | RoleSpecType::RolespecCurrentUser
            | RoleSpecType::RolespecSessionUser => Ok(self.settings.role.clone()),
            RoleSpecType::RolespecPublic | RoleSpecType::Undefined => {
                Err(self.error(Code::InvalidDefinition, role.location, "role \"public\" does not exist"))
            }
        }
    }

    /// A role by name; `None` when it is the one that runs the text.
    pub(super) fn unless_runner(&self, role: Ident) -> Option<Ident> {
        (self.options.runner.as_ref() != Some(&role)).then_some(role)
    }

    /// Gives an object to a role; a table's indexes have no owner of their own, its owned sequences follow.
    pub(super) fn set_owner(&mut self, id: &ObjectId, role: Option<Ident>) {
        self.names_owners = true;
        let mut owned = vec![id.clone()];
        owned.extend(self.owned_sequences(id));
        let version = self.version();
        for id in owned {
            let Some(entry) = self.catalog.get_mut(&id) else {
                continue;
            };
            entry.owner = role.clone();
            let (Some(privileges), Some(role)) = (&mut entry.privileges, &role) else {
                continue;
            };
            let held = privileges.held.remove(&Grantee::Role(role.clone())).unwrap_or_default();
            for (privilege, option) in held {
                privileges.grant(Grantee::Owner, privilege, option);
            }
            let built_in = PrivilegeKind::of(&id, &entry.object).map(|kind| kind.built_in(version));
            if entry.privileges == built_in {
                entry.privileges = None;
            }
        }
    }

    /// Says that a statement about roles, databases or tablespaces was passed over.
    pub(super) fn skip_cluster_statement(&mut self) {
        self.diagnostics.push(
            Diagnostic::note(
                Code::ClusterObject,
                "a statement about roles, databases or tablespaces was skipped",
            )
            .at(self.current),
        );
    }
}
