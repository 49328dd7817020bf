//! Triggers, rules and policies that stay: what can be changed in place.
//!
//! | change | statement | lock on the table | phase | undone by |
//! |---|---|---|---|---|
//! | a trigger | CREATE OR REPLACE TRIGGER | SHARE ROW EXCLUSIVE, catalog only | expand | CREATE OR REPLACE with the old form |
//! | a rule | CREATE OR REPLACE RULE | ACCESS EXCLUSIVE, catalog only | expand | the same with the old form |
//! | whether it fires | ALTER TABLE … ENABLE, DISABLE | SHARE ROW EXCLUSIVE | expand | the same with the old state |
//! | a policy's roles or expressions | ALTER POLICY | ACCESS EXCLUSIVE, catalog only | expand | ALTER POLICY with the old ones |
//!
//! Constraint triggers know no OR REPLACE, and no ALTER POLICY takes an expression away: these are made anew in one
//! transaction (`replace`, which asks [`needs_replacement`]). A trigger or policy that goes and one that comes in its
//! place are two objects: see [`is_swapped`].

use super::build::rung;
use super::lowering::Lowering;
use super::{Lowered, built, common, facts, refuse};
use crate::catalog::trigger::{Firing, Policy, Trigger};
use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::dialect::postgres::action::{Action, CreateMode, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, State, Statement};

/// The ladders of a trigger, rule or policy that differs and is not made anew.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    let pair = Pair::new(from, to);
    let (up, down) = match (&from.object, &to.object) {
        (Object::Trigger(from), Object::Trigger(to)) => {
            if follows_parent(lowering, to, attributes) {
                return Ok(Vec::new());
            }
            if from.parent != to.parent && stays_partition(lowering, id) {
                let whose = if from.parent.is_some() {
                    "its partitioned table's"
                } else {
                    "its own"
                };
                let message = format!("{} is {whose} and cannot become the other", describe(id));
                let hint = "Give the new trigger another name.";
                return Err(refuse::unsupported(lowering, id, message, hint));
            }
            let firing = Pair::new(from.firing, to.firing);
            let up = replaced(lowering, id, pair, firing, attributes);
            (up, replaced(lowering, id, pair.reverse(), firing.reverse(), attributes))
        }
        (Object::Rule(from), Object::Rule(to)) => {
            let firing = Pair::new(from.firing, to.firing);
            let up = replaced(lowering, id, pair, firing, attributes);
            (up, replaced(lowering, id, pair.reverse(), firing.reverse(), attributes))
        }
        (Object::Policy(from), Object::Policy(to)) => {
            let pair = Pair::new(&**from, &**to);
            (policy(lowering, id, pair), policy(lowering, id, pair.reverse()))
        }
        _ => return Ok(Vec::new()),
    };
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("{} changes", describe(id));
    let why = "it is changed where it stands, so there is no moment without it";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// Whether a trigger or policy differs in something that can only be made anew, in either direction.
pub(super) fn needs_replacement(from: &Object, to: &Object, attributes: &[Attribute]) -> bool {
    match (from, to) {
        (Object::Trigger(from), Object::Trigger(to)) => {
            // Copies on partitions come and go only with a trigger that is made anew.
            let made_anew = from.constraint.is_some() || to.constraint.is_some() || from.level != to.level;
            attributes.contains(&Attribute::Definition) && made_anew
        }
        (Object::Policy(from), Object::Policy(to)) => {
            attributes.contains(&Attribute::Definition)
                || from.using.is_some() != to.using.is_some()
                || from.check.is_some() != to.check.is_some()
        }
        _ => false,
    }
}

/// Whether a trigger or rule that goes is followed by a new one on the same relation for the same event, so that the
/// two must not run side by side until the last phase: one transaction takes the one away and makes the other. A trigger
/// that goes alone stays to the last phase, because the old application may rely on what it does.
pub(super) fn is_swapped(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let (Some(entry), Some(relation)) = (lowering.from(id), lowering.pair.from.whole(id)) else {
        return false;
    };
    let mut others = lowering
        .pair
        .to
        .parts(&relation)
        .filter(|(other, _)| lowering.is_created(other));
    match &entry.object {
        Object::Trigger(old) => others.any(|(_, other)| match &other.object {
            Object::Trigger(new) => {
                new.timing == old.timing
                    && new.level == old.level
                    && new.events.iter().any(|event| old.events.contains(event))
            }
            _ => false,
        }),
        Object::Rule(old) => others.any(|(_, other)| match &other.object {
            Object::Rule(new) => new.event == old.event,
            _ => false,
        }),
        _ => false,
    }
}

/// The constraint triggers in whose place a new one comes: they go first. One that was renamed bears its old name in
/// `pg_constraint` still (`renametrig` leaves it there), so that the name may be in the way of the new one.
pub(super) fn swapped_out(lowering: &Lowering<'_>, id: &ObjectId) -> Vec<ObjectId> {
    let is_constraint =
        |entry: &Entry| matches!(&entry.object, Object::Trigger(trigger) if trigger.constraint.is_some());
    let Some(relation) = lowering
        .to(id)
        .filter(|entry| is_constraint(entry))
        .and_then(|_| id.parent())
    else {
        return Vec::new();
    };
    let old = lowering.pair.from.parts(&relation);
    old.filter(|(other, entry)| is_constraint(entry) && lowering.is_dropped(other) && is_swapped(lowering, other))
        .map(|(other, _)| other.clone())
        .collect()
}

/// Whether the table of a trigger is a partition of the same table before and after.
fn stays_partition(lowering: &Lowering<'_>, trigger: &ObjectId) -> bool {
    let parent = |catalog| {
        let table = facts::table(catalog, &facts::relation(trigger))?;
        table.partition_of.as_ref().map(|partition| &partition.parent)
    };
    let before = parent(lowering.pair.from);
    before.is_some() && before == parent(lowering.pair.to)
}

/// Whether the partitioned table's trigger makes the change, which its copies on the partitions follow.
fn follows_parent(lowering: &Lowering<'_>, trigger: &Trigger, attributes: &[Attribute]) -> bool {
    let Some(parent) = &trigger.parent else { return false };
    let above = lowering.altered(parent).unwrap_or_default();
    attributes.contains(&Attribute::Definition) || (lowering.is_replaced(parent) || above.contains(&Attribute::Firing))
}

/// The statement that makes a partition's copy of a trigger fire unlike the original; none where it does not. A copy
/// fires at first as its original does (`CloneRowTriggersToPartition`).
pub(super) fn own_firing(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Option<Statement> {
    let trigger = |id: &ObjectId| match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Trigger(trigger)) => Some(&**trigger),
        _ => None,
    };
    let copy = trigger(id)?;
    let original = copy.parent.as_ref()?;
    if trigger(original)?.firing == copy.firing {
        return None;
    }
    let mut statement = lowering.alter_table(
        &id.parent()?,
        TableForm::TriggerFiring(id.clone(), copy.firing),
        format!("{} fires unlike its original.", describe(id)),
    );
    statement.requires.push(original.clone());
    Some(statement)
}

/// The ladder of a partition's copy of a trigger, which is made with the original or when the partition is attached.
pub(super) fn create_copy(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let mut steps = Vec::new();
    if let Some(mut statement) = own_firing(lowering, lowering.pair.to, id) {
        // Copies of this one, on partitions below, follow it before they differ in their turn.
        statement.requires.retain(|required| required != id);
        statement.provides.push(id.clone());
        steps.push(rung(State::Public, Phase::Expand, vec![statement], Vec::new()));
    }
    let title = format!("{} fires unlike its original", describe(id));
    built(id, Ladder::new(id.clone(), title, "it goes with the original", steps))
}

/// CREATE OR REPLACE where the definition differs, then whether it fires.
fn replaced(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    pair: Pair<&Entry>,
    firing: Pair<Firing>,
    attributes: &[Attribute],
) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut now = firing.from;
    if attributes.contains(&Attribute::Definition) {
        let action = Action::create_as(CreateMode::OrReplace, id.clone(), pair.to.clone(), Vec::new());
        statements.push(lowering.statement(action, format!("{} is replaced in place.", describe(id))));
        statements.extend(common::forgotten_by_replace(lowering, id, pair.to));
        // A trigger that is replaced fires as a new one does (`CreateTriggerFiringOn` in trigger.c); a rule stays as it was.
        if matches!(pair.to.object, Object::Trigger(_)) {
            now = Firing::Origin;
        }
    }
    if now != firing.to
        && let Some(relation) = id.parent()
    {
        let form = match pair.to.object {
            Object::Rule(_) => TableForm::RuleFiring(id.clone(), firing.to),
            _ => TableForm::TriggerFiring(id.clone(), firing.to),
        };
        let subject = match lowering.to(&relation) {
            Some(entry) => Subject::of(&relation, entry),
            None => Subject::table(&relation),
        };
        let action = Action::alter_table(subject, form);
        statements.push(lowering.statement(action, format!("Whether {} fires.", describe(id))));
    }
    statements
}

fn policy(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Policy>) -> Vec<Statement> {
    let Pair { from, to } = pair;
    let changed = |old: &Option<_>, new: &Option<_>| if old == new { None } else { new.clone() };
    let action = Action::AlterPolicy {
        policy: id.clone(),
        roles: (from.roles != to.roles).then(|| to.roles.clone()),
        using: changed(&from.using, &to.using),
        check: changed(&from.check, &to.check),
    };
    vec![lowering.statement(action, format!("{} changes in place.", describe(id)))]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, ups};
    use expect_test::expect;

    const TABLE: &str = "CREATE TABLE t (a int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

    fn with_table(text: &str) -> String {
        format!("{TABLE} {text}")
    }

    #[test]
    fn a_trigger_is_replaced_in_place_and_switched_off_again() {
        let from = with_table(
            "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER g;",
        );
        let to = with_table(
            "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER g;",
        );
        expect![[r#"
            expand: CREATE OR REPLACE TRIGGER g BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.f()
            expand: ALTER TABLE public.t DISABLE TRIGGER g
        "#]]
        .assert_eq(&ups(&from, &to));
    }

    #[test]
    fn copies_on_partitions_go_with_a_trigger_that_fires_for_statements_now() {
        let with = |level: &str| {
            format!(
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                 CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
                 CREATE TRIGGER g AFTER INSERT ON t FOR EACH {level} EXECUTE FUNCTION f();"
            )
        };
        expect![[r#"
            expand: DROP TRIGGER g ON public.t
            expand: CREATE TRIGGER g AFTER INSERT ON public.t FOR EACH STATEMENT EXECUTE FUNCTION public.f()
        "#]]
        .assert_eq(&ups(&with("ROW"), &with("STATEMENT")));
    }

    #[test]
    fn a_constraint_trigger_is_made_anew() {
        let from = with_table("CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();");
        let to =
            with_table("CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f();");
        expect![[r#"
            expand: DROP TRIGGER g ON public.t
            expand: CREATE CONSTRAINT TRIGGER g AFTER INSERT ON public.t DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.f()
        "#]].assert_eq(&ups(&from, &to));
    }

    #[test]
    fn a_trigger_goes_at_once_where_a_new_one_does_its_work() {
        let from = with_table("CREATE TRIGGER old BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();");
        let to = with_table("CREATE TRIGGER new BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();");
        expect![[r#"
            expand: CREATE TRIGGER new BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.f()
            expand: DROP TRIGGER old ON public.t
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            contract: DROP TRIGGER old ON public.t
        "#]]
        .assert_eq(&ups(&from, TABLE));
    }

    #[test]
    fn a_policy_is_altered_unless_an_expression_would_have_to_go() {
        let from = with_table("CREATE POLICY p ON t TO app USING (a > 0);");
        let to = with_table("CREATE POLICY p ON t USING (a > 1);");
        expect![[r#"
            expand: ALTER POLICY p ON public.t TO PUBLIC USING ((a > 1))
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: ALTER POLICY p ON public.t TO app USING ((a > 0))
        "#]]
        .assert_eq(&downs(&from, &to));
        let to = with_table("CREATE POLICY p ON t TO app USING (a > 0) WITH CHECK (a > 1);");
        expect![[r#"
            expand: DROP POLICY p ON public.t
            expand: CREATE POLICY p ON public.t TO app USING ((a > 0)) WITH CHECK ((a > 1))
        "#]]
        .assert_eq(&ups(&from, &to));
    }
}
