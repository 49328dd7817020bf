//! Rewrite rules and row security policies (`rewriteDefine.c`, `policy.c`).
//!
//! Knows their statements; expressions and actions are the analyser's business.

use super::ast::{AlterPolicyStmt, CmdType, CreatePolicyStmt, Node, NodeEnum, RangeVar, RoleSpecType, RuleStmt};
use super::{Applied, Existing, Interpreter};
use crate::catalog::trigger::{Firing, Policy, PolicyCombination, Rule, RuleMode};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use std::sync::Arc;

impl Interpreter {
    pub(super) fn create_rule(&mut self, statement: &RuleStmt) -> Applied {
        let relation = self.named_relation(statement.relation.as_ref())?;
        let event = match statement.event() {
            CmdType::CmdInsert => "INSERT",
            CmdType::CmdUpdate => "UPDATE",
            CmdType::CmdDelete => "DELETE",
            _ => {
                let mut error = self.refuse(-1, "a rule ON SELECT");
                error.hint = Some("Write CREATE VIEW.".into());
                return Err(error);
            }
        };
        let id = ObjectId::Relation(relation.clone());
        let scope = Scope::rule(id);
        let condition = statement
            .where_clause
            .as_deref()
            .map(|condition| self.expression(condition, &scope))
            .transpose()?;
        let actions = statement
            .actions
            .iter()
            .map(|action| self.canonical_statement(action, &scope))
            .collect::<Applied<Vec<Template>>>()?;
        let mut rule = Rule {
            event: Arc::from(event),
            condition,
            mode: if statement.instead {
                RuleMode::Instead
            } else {
                RuleMode::Also
            },
            actions,
            firing: Firing::Origin,
        };
        let existing = if statement.replace {
            Existing::Replace
        } else {
            Existing::Refuse
        };
        let id = ObjectId::Rule(relation, Ident::from(statement.rulename.as_str()));
        // Replacing says nothing of whether the rule fires (`InsertRule` in rewriteDefine.c).
        if let Some(Object::Rule(known)) = self.catalog.get(&id).map(|entry| &entry.object) {
            rule.firing = known.firing;
        }
        self.create(id, Object::Rule(Box::new(rule)), -1, existing)?;
        Ok(())
    }

    pub(super) fn create_policy(&mut self, statement: &CreatePolicyStmt) -> Applied {
        let relation = self.named_relation(statement.table.as_ref())?;
        let policy = Policy {
            combination: if statement.permissive {
                PolicyCombination::Permissive
            } else {
                PolicyCombination::Restrictive
            },
            command: Arc::from(statement.cmd_name.to_uppercase().as_str()),
            roles: self.policy_roles(&statement.roles)?,
            using: self.policy_expression(&relation, statement.qual.as_deref())?,
            check: self.policy_expression(&relation, statement.with_check.as_deref())?,
        };
        let id = ObjectId::Policy(relation, Ident::from(statement.policy_name.as_str()));
        self.create(id, Object::Policy(Box::new(policy)), -1, Existing::Refuse)?;
        Ok(())
    }

    pub(super) fn alter_policy(&mut self, statement: &AlterPolicyStmt) -> Applied {
        let relation = self.named_relation(statement.table.as_ref())?;
        let roles = if statement.roles.is_empty() {
            None
        } else {
            Some(self.policy_roles(&statement.roles)?)
        };
        let using = self.policy_expression(&relation, statement.qual.as_deref())?;
        let check = self.policy_expression(&relation, statement.with_check.as_deref())?;
        let missing = self.error(
            Code::UnknownObject,
            -1,
            format!(
                "policy \"{}\" for table \"{}\" does not exist",
                statement.policy_name, relation.name
            ),
        );
        let id = ObjectId::Policy(relation, Ident::from(statement.policy_name.as_str()));
        let Some(Object::Policy(policy)) = self.catalog.get_mut(&id).map(|entry| &mut entry.object) else {
            return Err(missing);
        };
        if let Some(roles) = roles {
            policy.roles = roles;
        }
        policy.using = using.or_else(|| policy.using.take());
        policy.check = check.or_else(|| policy.check.take());
        Ok(())
    }

    /// The relation of a statement whose grammar demands one.
    pub(super) fn named_relation(&self, range: Option<&RangeVar>) -> Applied<QualifiedName> {
        match range {
            Some(range) => self.relation(range),
            None => Err(self.refuse(-1, "a statement without a relation")),
        }
    }

    fn policy_expression(&self, relation: &QualifiedName, node: Option<&Node>) -> Applied<Option<Template>> {
        let scope = Scope::policy(ObjectId::Relation(relation.clone()));
        node.map(|node| self.expression(node, &scope)).transpose()
    }

    /// The roles of a policy, sorted; none when PUBLIC is among them.
    fn policy_roles(&self, nodes: &[Node]) -> Applied<Vec<Ident>> {
        let mut roles = Vec::new();
        for node in nodes {
            let Some(NodeEnum::RoleSpec(role)) = node.node.as_ref() else {
                continue;
            };
            if role.roletype() == RoleSpecType::RolespecPublic {
                return Ok(Vec::new());
            }
            match self.role_named(Some(role))?.or_else(|| self.options.runner.clone()) {
                Some(role) => roles.push(role),
                None => return Err(self.refuse(role.location, "a policy for CURRENT_USER")),
            }
        }
        roles.sort();
        roles.dedup();
        Ok(roles)
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn a_policy_is_altered_clause_by_clause() {
        assert_same(
            "CREATE TABLE t (a int); CREATE POLICY p ON t USING (a > 0) WITH CHECK (a > 1);
             ALTER POLICY p ON t TO b, a USING (a > 2);",
            "CREATE TABLE t (a int); CREATE POLICY p ON t TO a, b USING (a > 2) WITH CHECK (a > 1);",
        );
    }

    #[test]
    fn a_rule_is_replaced() {
        assert_same(
            "CREATE TABLE t (a int); CREATE RULE r AS ON INSERT TO t DO ALSO NOTIFY x;
             CREATE OR REPLACE RULE r AS ON DELETE TO t WHERE old.a > 0 DO INSTEAD NOTHING;",
            "CREATE TABLE t (a int); CREATE RULE r AS ON DELETE TO t WHERE old.a > 0 DO INSTEAD NOTHING;",
        );
    }
}
