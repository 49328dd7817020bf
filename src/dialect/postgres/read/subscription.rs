//! Subscriptions (`subscriptioncmds.c`).
//!
//! Knows which parameters say how a subscription is made and which stay.

use super::ast::{AlterSubscriptionStmt, AlterSubscriptionType, CreateSubscriptionStmt, DefElem, Node};
use super::definition::{clause, text_clause};
use super::identify::global_definition;
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::{Clause, ClauseName};
use crate::catalog::{DefinitionKind, Ident, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::write::{ident, literal};
use std::sync::Arc;

/// Parameters that say what is done once, when the subscription is made.
const ONCE: [&str; 4] = ["connect", "create_slot", "copy_data", "enabled"];

impl Interpreter {
    pub(super) fn create_subscription(&mut self, statement: &CreateSubscriptionStmt) -> Applied {
        let mut clauses = vec![
            text_clause(ClauseName::Connection, &literal(&statement.conninfo)),
            text_clause(
                ClauseName::Publications,
                &publication_list(&ast::strings(&statement.publication)),
            ),
        ];
        let mut is_enabled = true;
        for option in definition_elements(&statement.options) {
            self.subscription_parameter_is_known(option)?;
            let value = definition_text(option).unwrap_or_else(|| "true".to_owned());
            // A subscription made without a connection is not enabled.
            if matches!(option.defname.as_str(), "connect" | "enabled") && is_off(&value) {
                is_enabled = false;
            }
            clauses.extend(parameter(option, &statement.subname, self.version()));
        }
        if !is_enabled {
            clauses.push(text_clause(ClauseName::Firing, "DISABLE"));
        }
        let id = global_definition(DefinitionKind::Subscription, Ident::from(statement.subname.as_str()));
        self.create_definition(id, Template::default(), clauses, Existing::Refuse)
    }

    pub(super) fn alter_subscription(&mut self, statement: &AlterSubscriptionStmt) -> Applied {
        let id = global_definition(DefinitionKind::Subscription, Ident::from(statement.subname.as_str()));
        let mut clauses = self.clauses_of(&id)?;
        match statement.kind() {
            AlterSubscriptionType::AlterSubscriptionOptions => {
                for option in definition_elements(&statement.options) {
                    self.subscription_parameter_is_known(option)?;
                    clauses.retain(|clause| clause.key.as_deref() != Some(option.defname.as_str()));
                    clauses.extend(parameter(option, &statement.subname, self.version()));
                }
            }
            AlterSubscriptionType::AlterSubscriptionConnection => {
                clauses.retain(|clause| clause.name != ClauseName::Connection);
                clauses.push(text_clause(ClauseName::Connection, &literal(&statement.conninfo)));
            }
            AlterSubscriptionType::AlterSubscriptionSetPublication => {
                clauses.retain(|clause| clause.name != ClauseName::Publications);
                let names = ast::strings(&statement.publication);
                clauses.push(text_clause(ClauseName::Publications, &publication_list(&names)));
            }
            AlterSubscriptionType::AlterSubscriptionEnabled => {
                clauses.retain(|clause| clause.name != ClauseName::Firing);
                if is_disabled(&statement.options) {
                    clauses.push(text_clause(ClauseName::Firing, "DISABLE"));
                }
            }
            AlterSubscriptionType::AlterSubscriptionRefresh | AlterSubscriptionType::AlterSubscriptionSkip => {}
            AlterSubscriptionType::AlterSubscriptionAddPublication
            | AlterSubscriptionType::AlterSubscriptionDropPublication
            | AlterSubscriptionType::Undefined => {
                let mut error = self.error(
                    Code::UnsupportedClause,
                    -1,
                    "ALTER SUBSCRIPTION … ADD and DROP PUBLICATION are not supported",
                );
                error.hint = Some("Write SET PUBLICATION with the whole list.".into());
                return Err(error);
            }
        }
        self.set_clauses(id, clauses);
        Ok(())
    }

    /// Refuses a parameter that the target version does not know (the manual's chapter on CREATE SUBSCRIPTION, by version).
    fn subscription_parameter_is_known(&self, option: &DefElem) -> Applied {
        let since = match option.defname.as_str() {
            "two_phase" | "disable_on_error" => 15,
            "origin" | "password_required" | "run_as_owner" => 16,
            "failover" => 17,
            _ => return Ok(()),
        };
        self.needs_version(since, option.location, &option.defname)
    }
}

/// A parameter that stays, unless it is at its default.
fn parameter(option: &DefElem, subscription: &str, version: u16) -> Option<Clause> {
    let name = option.defname.as_str();
    let value = definition_text(option).unwrap_or_else(|| "true".to_owned());
    let is_default = match name {
        "slot_name" => value == subscription,
        "streaming" if version >= 18 => value.eq_ignore_ascii_case("parallel"),
        "binary" | "streaming" | "two_phase" | "disable_on_error" | "run_as_owner" | "failover" => is_off(&value),
        "password_required" => !is_off(&value),
        "synchronous_commit" => is_off(&value),
        "origin" => value == "any",
        _ => false,
    };
    if ONCE.contains(&name) || is_default {
        return None;
    }
    Some(clause(
        ClauseName::Parameter,
        Some(Arc::from(name)),
        Template::text(&literal(&value)),
    ))
}

fn publication_list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| ident(&Ident::from(*name))).collect();
    names.join(", ")
}

fn is_disabled(options: &[Node]) -> bool {
    definition_elements(options)
        .any(|option| option.defname == "enabled" && definition_text(option).is_some_and(|value| is_off(&value)))
}

fn is_off(value: &str) -> bool {
    ["off", "false", "no", "0"].contains(&value.to_lowercase().as_str())
}
