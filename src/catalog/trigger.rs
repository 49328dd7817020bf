//! What hangs on a relation and runs by itself: triggers, rules, policies.

use super::constraint::Deferral;
use super::id::ObjectId;
use super::name::Ident;
use super::refers::refers;
use super::template::Template;
use std::sync::Arc;

/// A trigger (PostgreSQL manual, CREATE TRIGGER; `pg_trigger`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// BEFORE, AFTER or INSTEAD OF.
    pub timing: TriggerTiming,
    /// The events, in the order INSERT, DELETE, UPDATE, TRUNCATE.
    pub events: Vec<TriggerEvent>,
    /// The columns of UPDATE OF.
    pub columns: Vec<ObjectId>,
    /// FOR EACH ROW or STATEMENT.
    pub level: TriggerLevel,
    /// WHEN, without the outer parentheses.
    pub when: Option<Template>,
    /// REFERENCING OLD TABLE AS.
    pub old_table: Option<Ident>,
    /// REFERENCING NEW TABLE AS.
    pub new_table: Option<Ident>,
    /// The function it runs; a template because it may be one of PostgreSQL's own.
    pub function: Template,
    /// The function's arguments, unquoted.
    pub arguments: Vec<Arc<str>>,
    /// CONSTRAINT TRIGGER with its deferral and FROM table.
    pub constraint: Option<ConstraintTrigger>,
    /// Whether and when it fires.
    pub firing: Firing,
    /// Where it comes from: a partition has copies of its parent's row triggers.
    pub parent: Option<ObjectId>,
}
refers!(Trigger {
    columns,
    when,
    function,
    constraint,
    parent
});

/// When a trigger runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TriggerTiming {
    Before,
    After,
    InsteadOf,
}

/// What a trigger runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum TriggerEvent {
    Insert,
    Delete,
    Update,
    Truncate,
}

/// How often a trigger runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TriggerLevel {
    Row,
    Statement,
}

/// What makes a trigger a constraint trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintTrigger {
    /// DEFERRABLE and INITIALLY DEFERRED.
    pub deferral: Deferral,
    /// FROM, the other table.
    pub from: Option<ObjectId>,
}
refers!(ConstraintTrigger { from });

/// Whether and when a trigger or rule fires (ALTER TABLE … ENABLE / DISABLE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firing {
    /// In ordinary sessions.
    Origin,
    /// In sessions that apply replicated changes.
    Replica,
    /// In both.
    Always,
    /// Never.
    Disabled,
}

/// A rewrite rule (PostgreSQL manual, CREATE RULE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The event: SELECT, INSERT, UPDATE or DELETE.
    pub event: Arc<str>,
    /// WHERE, without the outer parentheses.
    pub condition: Option<Template>,
    /// `INSTEAD` or `ALSO`.
    pub mode: RuleMode,
    /// The actions in canonical form; none is NOTHING.
    pub actions: Vec<Template>,
    /// Whether and when it fires.
    pub firing: Firing,
}
refers!(Rule { condition, actions });

/// Whether a rule's actions run instead of the query or besides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RuleMode {
    Also,
    Instead,
}

/// A row security policy (PostgreSQL manual, CREATE POLICY).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// PERMISSIVE or RESTRICTIVE.
    pub combination: PolicyCombination,
    /// ALL, SELECT, INSERT, UPDATE or DELETE.
    pub command: Arc<str>,
    /// The roles it holds for, sorted; empty is PUBLIC.
    pub roles: Vec<Ident>,
    /// USING, without the outer parentheses.
    pub using: Option<Template>,
    /// WITH CHECK, without the outer parentheses.
    pub check: Option<Template>,
}
refers!(Policy { using, check });

/// How a policy is combined with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PolicyCombination {
    Permissive,
    Restrictive,
}
