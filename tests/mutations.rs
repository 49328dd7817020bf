//! Single changes of a schema, and several at once: none is called the same, and a plan is proved or refused for a reason
//! of the schema, there and back.

mod common;

use common::mutations::{MUTATIONS, Outcome, SCHEMA, evolution, mutated, outcome};

#[test]
fn no_change_is_called_the_same_and_no_plan_is_at_fault() {
    assert_eq!(outcome(SCHEMA, SCHEMA), Outcome::Same);
    let mut wrong = Vec::new();
    for mutation in MUTATIONS {
        let schema = mutated(SCHEMA, mutation).unwrap_or_else(|| panic!("{} does not stand there once", mutation.1));
        for outcome in [outcome(SCHEMA, &schema), outcome(&schema, SCHEMA)] {
            match outcome {
                Outcome::Planned => {}
                // Refused for what the schema asks, not because it cannot be read.
                Outcome::Refused(reasons) if !reasons.is_empty() => {}
                other => wrong.push(format!("{}: {other:?}", mutation.0)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn several_changes_at_once_are_planned_or_refused_for_a_reason() {
    let mut wrong = Vec::new();
    let mut planned = 0;
    for start in (0..MUTATIONS.len()).step_by(6) {
        let (names, schema) = evolution(start, 7, 6);
        for outcome in [outcome(SCHEMA, &schema), outcome(&schema, SCHEMA)] {
            match outcome {
                Outcome::Planned => planned += 1,
                Outcome::Refused(reasons) if !reasons.is_empty() => {}
                other => wrong.push(format!("{}: {other:?}", names.join(", "))),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(planned > 20, "only {planned} are planned, which shows little");
}
