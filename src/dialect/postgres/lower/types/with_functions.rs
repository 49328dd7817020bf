//! Types that are made in two steps, because functions that they need take or return them (reference: PostgreSQL manual,
//! CREATE TYPE, "Base Types"; the canonical function of a range type).
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | CREATE TYPE t (a shell); CREATE FUNCTION …; CREATE TYPE t (INPUT = …) | none | expand | the check below; DROP TYPE t CASCADE |
//! | Absent | a check that nothing but these functions uses it; DROP TYPE t CASCADE | none | contract | as Present |
//!
//! The type and its functions depend on each other, and no DROP takes both: CASCADE is the only way there is
//! (manual, DROP TYPE). It is written nowhere else, and only behind the check, in the same transaction.

use crate::catalog::hashing::HashSet;
use crate::catalog::types::Type;
use crate::catalog::{Catalog, Entry, Object, ObjectId};
use crate::dialect::postgres::action::{Action, Expectation, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::refuse::unsupported;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::plan::{Ladder, Phase, State, Statement};

/// The functions that a type needs and that need it in their turn, in catalog order; none for a type that is made in
/// one step.
pub(in crate::dialect::postgres::lower) fn functions(catalog: &Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let Some(Object::Type(object)) = catalog.get(id).map(|entry| &entry.object) else {
        return Vec::new();
    };
    match **object {
        Type::Base(_) | Type::Range(_) => {}
        Type::Enum(_) | Type::Composite(_) | Type::Domain(_) | Type::Shell => return Vec::new(),
    }
    let needed = catalog.requirements(id).into_iter();
    let mut found: Vec<ObjectId> = needed
        .filter(|function| matches!(function, ObjectId::Routine(..)))
        .filter(|function| catalog.requirements(function).contains(id))
        .collect();
    found.sort_by_key(|function| catalog.position(function));
    found
}

/// The functions that come and go with their types, and whose own difference is made so.
pub(in crate::dialect::postgres::lower) fn claims(lowering: &Lowering<'_>) -> HashSet<ObjectId> {
    let mut claimed = HashSet::default();
    let mut claim = |catalog: &Catalog, id: &ObjectId, changes: &dyn Fn(&ObjectId) -> bool| {
        claimed.extend(functions(catalog, id).into_iter().filter(|function| changes(function)));
    };
    for id in lowering.all_created().filter(|id| matches!(id, ObjectId::Type(_))) {
        claim(lowering.pair.to, id, &|function| lowering.is_created(function));
    }
    for id in lowering.all_dropped().filter(|id| matches!(id, ObjectId::Type(_))) {
        claim(lowering.pair.from, id, &|function| lowering.is_dropped(function));
    }
    claimed
}

/// The ladder of a new type with its functions.
pub(in crate::dialect::postgres::lower) fn create(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    functions: &[ObjectId],
) -> Lowered<Vec<Ladder>> {
    if let Some(known) = functions.iter().find(|function| !lowering.is_created(function)) {
        return Err(refused(lowering, id, known, "is there already"));
    }
    let up = made(lowering, lowering.pair.to, id, functions)?;
    let down = gone(lowering, lowering.pair.to, id, functions);
    let title = format!("{} is created with its functions", describe(id));
    let why = "its functions take and return it, so it is announced first; nothing uses it yet";
    let rungs = vec![rung(State::Present, Phase::Expand, up, down)];
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The ladder of a type that goes with its functions.
pub(in crate::dialect::postgres::lower) fn drop(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    functions: &[ObjectId],
) -> Lowered<Vec<Ladder>> {
    if let Some(stays) = functions.iter().find(|function| !lowering.is_dropped(function)) {
        return Err(refused(lowering, id, stays, "stays"));
    }
    let up = gone(lowering, lowering.pair.from, id, functions);
    let down = made(lowering, lowering.pair.from, id, functions)?;
    let title = format!("{} is dropped with its functions", describe(id));
    let why = "the old application may use it until the new one is deployed, so it goes last";
    let rungs = vec![rung(State::Absent, Phase::Contract, up, down)];
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

fn refused(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    function: &ObjectId,
    why: &str,
) -> Box<crate::diagnostic::Diagnostic> {
    unsupported(
        lowering,
        id,
        format!(
            "{} cannot come or go by itself while {} {why}",
            describe(id),
            describe(function)
        ),
        "The two depend on each other: create or drop the type together with its functions.",
    )
}

/// The announcement, the functions, the type.
fn made(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId, functions: &[ObjectId]) -> Lowered<Vec<Statement>> {
    let shell = Entry::new(Object::Type(Box::new(Type::Shell)));
    let announced = format!("{} is announced, so that its functions can name it.", describe(id));
    let mut statements = vec![lowering.statement(Action::create(id.clone(), shell, Vec::new()), announced)];
    for function in functions {
        statements.extend(make::statements(lowering, catalog, function)?);
    }
    statements.extend(make::statements(lowering, catalog, id)?);
    Ok(statements)
}

/// The check that nothing else would go, and the DROP.
fn gone(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId, functions: &[ObjectId]) -> Vec<Statement> {
    let used_by_functions_only = Expectation::UsedByFunctionsOnly {
        data_type: id.clone(),
        functions: functions.to_vec(),
    };
    let check = lowering.verify(
        used_by_functions_only,
        format!("Nothing but its own functions uses {}.", describe(id)),
    );
    let subject = match catalog.get(id) {
        Some(entry) => Subject::of(id, entry),
        None => return Vec::new(),
    };
    let action = Action::DropTypeWithFunctions {
        subject,
        functions: functions.to_vec(),
    };
    let comment = format!(
        "{} is dropped with its functions: no other DROP takes both.",
        describe(id)
    );
    let mut statement = lowering.statement(action, comment);
    for part in functions.iter().chain([id]) {
        statement.releases.extend(catalog.requirements(part));
    }
    let removes: HashSet<ObjectId> = statement.removes.iter().cloned().collect();
    statement.releases.retain(|released| !removes.contains(released));
    statement.releases.sort();
    statement.releases.dedup();
    vec![check, statement]
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{said, ups};
    use expect_test::expect;

    const BASE: &str = "CREATE TYPE money2;
        CREATE FUNCTION money2_in(cstring) RETURNS money2 LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
        CREATE FUNCTION money2_out(money2) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
        CREATE TYPE money2 (INPUT = money2_in, OUTPUT = money2_out, LIKE = int4);";

    #[test]
    fn a_base_type_is_announced_before_its_functions() {
        let made = ups("", BASE);
        let first: Vec<&str> = made
            .lines()
            .map(|line| line.split('(').next().unwrap_or(line))
            .collect();
        expect![[r#"
            expand: CREATE TYPE public.money2
            expand: CREATE FUNCTION public.money2_in
            expand: CREATE FUNCTION public.money2_out
            expand: CREATE TYPE public.money2 
        "#]]
        .assert_eq(&format!("{}\n", first.join("\n")));
    }

    #[test]
    fn it_goes_with_its_functions_when_nothing_else_uses_it() {
        let gone = ups(BASE, "");
        expect![[r#"
            contract: DO $$ BEGIN IF EXISTS ( SELECT FROM pg_catalog.pg_depend WHERE deptype = 'n' AND (refclassid = 'pg_catalog.pg_type'::regclass AND refobjid IN (SELECT unnest(ARRAY[t.oid, t.typarray, r.rngmultitypid]) FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid WHERE t.oid = to_regtype('public.money2')) OR refclassid = 'pg_catalog.pg_proc'::regclass AND refobjid = ANY (ARRAY[to_regprocedure('public.money2_in(cstring)'), to_regprocedure('public.money2_out(public.money2)')]::oid[])) AND NOT (classid = 'pg_catalog.pg_proc'::regclass AND objid = ANY (ARRAY[to_regprocedure('public.money2_in(cstring)'), to_regprocedure('public.money2_out(public.money2)')]::oid[])) AND NOT (classid = 'pg_catalog.pg_type'::regclass AND objid = to_regtype('public.money2')) ) THEN RAISE EXCEPTION 'something that the plan does not know uses public.money2 or its functions'; END IF; END $$
            contract: DROP TYPE public.money2 CASCADE
        "#]].assert_eq(&gone);
    }

    #[test]
    fn its_functions_do_not_outlive_it() {
        let wanted = "CREATE TYPE money2; CREATE FUNCTION money2_in(cstring) RETURNS money2 LANGUAGE internal IMMUTABLE STRICT AS 'int4in';";
        expect![[r#"
            unsupported-clause: type public.money2 and its functions depend on each other, and cannot be changed in this way
            non-additive-expand: function public.money2_out(money2) is dropped before the deploy
        "#]].assert_eq(&said(BASE, wanted));
    }
}
