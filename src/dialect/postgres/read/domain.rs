//! Domains: CREATE DOMAIN and every form of ALTER DOMAIN (`typecmds.c`).
//!
//! Knows the names that PostgreSQL gives to a domain's constraints (`domainAddCheckConstraint`,
//! `domainAddNotNullConstraint`).

use super::ast::{AlterDomainStmt, ConstrType, Constraint, CreateDomainStmt, NodeEnum};
use super::naming::make_object_name;
use super::remove::Behaviour;
use super::{Applied, Existing, Interpreter};
use crate::catalog::constraint::DomainConstraint;
use crate::catalog::table::Validation;
use crate::catalog::types::{Domain, Type};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;

impl Interpreter {
    pub(super) fn create_domain(&mut self, statement: &CreateDomainStmt) -> Applied {
        let name = self.new_name_of(&statement.domainname, -1)?;
        let base = self.required_data_type(statement.type_name.as_ref(), -1)?;
        let collation = self.collation_clause(statement.coll_clause.as_deref())?;
        // A domain over a domain takes that one's default over (`DefineDomain`).
        let default = match self.type_of(&base) {
            Some(Type::Domain(below)) => below.default.clone(),
            _ => None,
        };
        let mut domain = Domain {
            base,
            collation,
            default,
            not_null: None,
        };
        let mut checks = Vec::new();
        for node in &statement.constraints {
            let Some(NodeEnum::Constraint(constraint)) = node.node.as_ref() else {
                return Err(self.refuse(-1, "this clause of a domain"));
            };
            match constraint.contype() {
                ConstrType::ConstrNull => domain.not_null = None,
                ConstrType::ConstrNotnull => domain.not_null = Some(self.domain_not_null_name(&name, constraint)),
                ConstrType::ConstrDefault => {
                    let expression = constraint.raw_expr.as_deref();
                    domain.default = match expression {
                        Some(node) => self.default_expression(node, &domain.base)?,
                        None => None,
                    };
                }
                ConstrType::ConstrCheck => checks.push(&**constraint),
                _ => return Err(self.refuse(constraint.location, "this constraint of a domain")),
            }
        }
        self.create_type(name.clone(), Type::Domain(domain))?;
        for check in checks {
            self.add_domain_check(&name, check)?;
        }
        Ok(())
    }

    pub(super) fn alter_domain(&mut self, statement: &AlterDomainStmt) -> Applied {
        let (schema, shown) = self.split_names(&statement.type_name)?;
        let Some(name) = self.find_type(schema, shown) else {
            return Err(self.error(Code::UnknownType, -1, format!("type \"{shown}\" does not exist")));
        };
        let id = ObjectId::Type(name.clone());
        let Some(base) = self.domain(&id).map(|domain| domain.base.clone()) else {
            return Err(self.error(Code::InvalidDefinition, -1, format!("\"{shown}\" is not a domain")));
        };
        let expression = statement.def.as_deref();
        // The letters are those of `AlterDomainStmt` in `parsenodes.h`.
        match statement.subtype.as_str() {
            "T" => {
                let default = match expression {
                    Some(node) => self.default_expression(node, &base)?,
                    None => None,
                };
                self.change_domain(&id, |domain| domain.default = default);
            }
            "N" => self.change_domain(&id, |domain| domain.not_null = None),
            "O" => {
                let not_null = self.free_domain_constraint_name(&name, "not_null");
                self.change_domain(&id, |domain| {
                    domain.not_null = domain.not_null.take().or(Some(not_null))
                });
            }
            "C" => match expression.and_then(|node| node.node.as_ref()) {
                Some(NodeEnum::Constraint(constraint)) => match constraint.contype() {
                    ConstrType::ConstrCheck => self.add_domain_check(&name, constraint)?,
                    ConstrType::ConstrNotnull => {
                        let not_null = self.domain_not_null_name(&name, constraint);
                        self.change_domain(&id, |domain| {
                            domain.not_null = domain.not_null.take().or(Some(not_null))
                        });
                    }
                    _ => return Err(self.refuse(constraint.location, "this constraint of a domain")),
                },
                _ => return Err(self.refuse(-1, "this constraint of a domain")),
            },
            "X" => self.drop_domain_constraint(&name, statement)?,
            "V" => {
                let constraint = ObjectId::DomainConstraint(name.clone(), Ident::from(statement.name.as_str()));
                let missing = self.unknown_domain_constraint(&name, &statement.name);
                match self.catalog.get_mut(&constraint).map(|entry| &mut entry.object) {
                    Some(Object::DomainConstraint(constraint)) => constraint.validation = Validation::Valid,
                    _ => return Err(missing),
                }
            }
            _ => return Err(self.refuse(-1, "this form of ALTER DOMAIN")),
        }
        Ok(())
    }

    fn change_domain(&mut self, id: &ObjectId, change: impl FnOnce(&mut Domain)) {
        if let Some(entry) = self.catalog.get_mut(id)
            && let Object::Type(data_type) = &mut entry.object
            && let Type::Domain(domain) = &mut **data_type
        {
            change(domain);
            if domain.not_null.is_none() {
                entry.hidden_comments.clear();
            }
        }
    }

    fn add_domain_check(&mut self, domain: &QualifiedName, constraint: &Constraint) -> Applied {
        let name = if constraint.conname.is_empty() {
            self.free_domain_constraint_name(domain, "check")
        } else {
            Ident::from(constraint.conname.as_str())
        };
        let Some(expression) = constraint.raw_expr.as_deref() else {
            return Err(self.refuse(constraint.location, "a CHECK without an expression"));
        };
        let scope = match self
            .catalog
            .get(&ObjectId::Type(domain.clone()))
            .map(|entry| &entry.object)
        {
            Some(Object::Type(data_type)) => match &**data_type {
                Type::Domain(domain) => Scope::value_of(domain.base.clone()),
                Type::Enum(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => Scope::value(),
            },
            Some(_) | None => Scope::value(),
        };
        let expression = self.expression(expression, &scope)?;
        let validation = if constraint.skip_validation {
            Validation::NotValid
        } else {
            Validation::Valid
        };
        let id = ObjectId::DomainConstraint(domain.clone(), name);
        let object = Object::DomainConstraint(Box::new(DomainConstraint { expression, validation }));
        self.create(id.clone(), object, constraint.location, Existing::Refuse)?;
        self.note_constraint_name(domain.with_name(id.last_name()), id);
        Ok(())
    }

    fn domain_not_null_name(&self, domain: &QualifiedName, constraint: &Constraint) -> Ident {
        if constraint.conname.is_empty() {
            self.free_domain_constraint_name(domain, "not_null")
        } else {
            Ident::from(constraint.conname.as_str())
        }
    }

    /// `domain_check`, `domain_check1`, …: the first that no constraint of the schema bears (`ChooseConstraintName`).
    fn free_domain_constraint_name(&self, domain: &QualifiedName, label: &str) -> Ident {
        let mut name = Ident::from(make_object_name(domain.name.as_str(), None, label).as_str());
        let mut number = 0;
        while self.constraint_name_taken(&domain.with_name(name.clone())) {
            number += 1;
            name = Ident::from(make_object_name(domain.name.as_str(), None, &format!("{label}{number}")).as_str());
        }
        name
    }

    fn drop_domain_constraint(&mut self, domain: &QualifiedName, statement: &AlterDomainStmt) -> Applied {
        let name = Ident::from(statement.name.as_str());
        let id = ObjectId::DomainConstraint(domain.clone(), name.clone());
        if self.catalog.contains(&id) {
            return self.remove(vec![id], Behaviour::of(statement.behavior()), -1);
        }
        let whole = ObjectId::Type(domain.clone());
        if self
            .domain(&whole)
            .is_some_and(|domain| domain.not_null.as_ref() == Some(&name))
        {
            self.change_domain(&whole, |domain| domain.not_null = None);
            return Ok(());
        }
        if statement.missing_ok {
            return Ok(());
        }
        Err(self.unknown_domain_constraint(domain, name.as_str()))
    }

    fn unknown_domain_constraint(&self, domain: &QualifiedName, name: &str) -> Box<crate::diagnostic::Diagnostic> {
        self.error(
            Code::UnknownObject,
            -1,
            format!("constraint \"{name}\" of domain \"{}\" does not exist", domain.name),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn constraints_get_their_names() {
        assert_same(
            "CREATE DOMAIN d AS int NOT NULL CHECK (VALUE > 0) CHECK (VALUE < 9);",
            "CREATE DOMAIN d AS int; ALTER DOMAIN d SET NOT NULL;
             ALTER DOMAIN d ADD CONSTRAINT d_check CHECK (VALUE > 0);
             ALTER DOMAIN d ADD CONSTRAINT d_check1 CHECK (VALUE < 9);",
        );
    }

    #[test]
    fn every_form_of_alter_leads_back() {
        assert_same(
            "CREATE DOMAIN d AS int DEFAULT 1 NOT NULL CONSTRAINT c CHECK (VALUE > 0);
             ALTER DOMAIN d DROP DEFAULT; ALTER DOMAIN d DROP NOT NULL; ALTER DOMAIN d DROP CONSTRAINT c;
             ALTER DOMAIN d DROP CONSTRAINT IF EXISTS c;",
            "CREATE DOMAIN d AS int;",
        );
    }
}
