//! Triggers, rules, policies.

use super::{column_list, or_replace, parent_name};
use crate::catalog::Ident;
use crate::catalog::constraint::Deferral;
use crate::catalog::trigger::{
    ConstraintTrigger, Policy, PolicyCombination, Rule, RuleMode, Trigger, TriggerEvent, TriggerLevel, TriggerTiming,
};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::write::quote::{idents, literal};
use crate::dialect::postgres::write::{ident, identity, template};

/// `CREATE TRIGGER` and `CREATE CONSTRAINT TRIGGER`; whether it fires is a statement of its own.
pub fn create(create: &Create, trigger: &Trigger) -> String {
    let constraint = if trigger.constraint.is_some() {
        "CONSTRAINT "
    } else {
        ""
    };
    let timing = match trigger.timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
        TriggerTiming::InsteadOf => "INSTEAD OF",
    };
    let events: Vec<String> = trigger
        .events
        .iter()
        .map(|event| self::event(*event, trigger))
        .collect();
    let mut lines = vec![
        format!(
            "CREATE {}{constraint}TRIGGER {}",
            or_replace(create.mode),
            ident(&create.id.last_name())
        ),
        format!("{timing} {} ON {}", events.join(" OR "), parent_name(&create.id)),
    ];
    lines.extend(trigger.constraint.as_ref().map(constraint_clauses));
    lines.extend(transition_tables(
        trigger.old_table.as_ref(),
        trigger.new_table.as_ref(),
    ));
    lines.push(
        match trigger.level {
            TriggerLevel::Row => "FOR EACH ROW",
            TriggerLevel::Statement => "FOR EACH STATEMENT",
        }
        .to_owned(),
    );
    if let Some(condition) = &trigger.when {
        lines.push(format!("WHEN ({})", template(condition)));
    }
    let arguments: Vec<String> = trigger.arguments.iter().map(|argument| literal(argument)).collect();
    lines.push(format!(
        "EXECUTE FUNCTION {}({})",
        template(&trigger.function),
        arguments.join(", ")
    ));
    lines.join("\n    ")
}

/// `CREATE RULE`.
pub fn create_rule(create: &Create, rule: &Rule) -> String {
    let condition = rule
        .condition
        .as_ref()
        .map(|condition| format!("\n    WHERE {}", template(condition)));
    let mode = match rule.mode {
        RuleMode::Also => "",
        RuleMode::Instead => "INSTEAD ",
    };
    let actions = match rule.actions.as_slice() {
        [] => "NOTHING".to_owned(),
        [action] => template(action),
        actions => format!("(\n{}\n)", actions.iter().map(template).collect::<Vec<_>>().join(";\n")),
    };
    format!(
        "CREATE {}RULE {} AS\n    ON {} TO {}{}\n    DO {mode}{actions}",
        or_replace(create.mode),
        ident(&create.id.last_name()),
        rule.event,
        parent_name(&create.id),
        condition.unwrap_or_default()
    )
}

/// `CREATE POLICY`.
pub fn create_policy(create: &Create, policy: &Policy) -> String {
    let mut text = format!("CREATE POLICY {}", identity(&create.id));
    if policy.combination == PolicyCombination::Restrictive {
        text.push_str("\n    AS RESTRICTIVE");
    }
    if &*policy.command != "ALL" {
        text.push_str(&format!("\n    FOR {}", policy.command));
    }
    if !policy.roles.is_empty() {
        text.push_str(&format!("\n    TO {}", roles(&policy.roles)));
    }
    if let Some(using) = &policy.using {
        text.push_str(&format!("\n    USING ({})", template(using)));
    }
    if let Some(check) = &policy.check {
        text.push_str(&format!("\n    WITH CHECK ({})", template(check)));
    }
    text
}

/// The roles of a policy; none is PUBLIC.
pub fn roles(roles: &[Ident]) -> String {
    if roles.is_empty() {
        "PUBLIC".to_owned()
    } else {
        idents(roles)
    }
}

fn event(event: TriggerEvent, trigger: &Trigger) -> String {
    match event {
        TriggerEvent::Insert => "INSERT".to_owned(),
        TriggerEvent::Delete => "DELETE".to_owned(),
        TriggerEvent::Update if trigger.columns.is_empty() => "UPDATE".to_owned(),
        TriggerEvent::Update => format!("UPDATE OF {}", column_list(&trigger.columns)),
        TriggerEvent::Truncate => "TRUNCATE".to_owned(),
    }
}

fn constraint_clauses(constraint: &ConstraintTrigger) -> String {
    let mut words = Vec::new();
    words.extend(
        constraint
            .from
            .as_ref()
            .map(|table| format!("FROM {}", identity(table))),
    );
    words.push(
        match constraint.deferral {
            Deferral::NotDeferrable => "NOT DEFERRABLE INITIALLY IMMEDIATE",
            Deferral::InitiallyImmediate => "DEFERRABLE INITIALLY IMMEDIATE",
            Deferral::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
        }
        .to_owned(),
    );
    words.join(" ")
}

fn transition_tables(old: Option<&Ident>, new: Option<&Ident>) -> Option<String> {
    let mut words = Vec::new();
    words.extend(old.map(|name| format!("OLD TABLE AS {}", ident(name))));
    words.extend(new.map(|name| format!("NEW TABLE AS {}", ident(name))));
    (!words.is_empty()).then(|| format!("REFERENCING {}", words.join(" ")))
}
