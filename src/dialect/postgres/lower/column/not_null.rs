//! NOT NULL on a column of a table that stays (reference: PostgreSQL manual, ALTER TABLE, SET NOT NULL).
//!
//! Servers before 18, where a validated check proves that no row is null, so that SET NOT NULL reads nothing:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | ADD CHECK (c IS NOT NULL) NOT VALID | ACCESS EXCLUSIVE, catalog only | enforce | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//! | Public | SET NOT NULL; DROP CONSTRAINT | ACCESS EXCLUSIVE, catalog only | enforce | ADD CHECK … NOT VALID; DROP NOT NULL |
//!
//! PostgreSQL 18, where NOT NULL is a constraint with a name:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | ADD CONSTRAINT n NOT NULL c NOT VALID | ACCESS EXCLUSIVE, catalog only | enforce | DROP NOT NULL |
//! | Validated | VALIDATE CONSTRAINT n | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//!
//! A small table is read under the lock. The check is dropped by a statement of its own: in one ALTER TABLE the drop
//! would come first, and the proof be gone. Before any of this a `backfill` directive fills the rows that are null.
//! Taking NOT NULL away is one statement in expand, because the new application may write nulls.

use super::{below, fill};
use crate::catalog::constraint::{Constraint, ConstraintKind, Deferral};
use crate::catalog::table::{Inherit, Inheritance, NotNull, Validation};
use crate::catalog::{Hidden, Object, ObjectId};
use crate::dialect::postgres::action::{Expectation, Kind, RowWork, Scope, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::constraint::takeover;
use crate::dialect::postgres::lower::facts::{self, Care, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::refuse::unsupported;
use crate::dialect::postgres::lower::table::inheriting::is_of_other_parents;
use crate::dialect::postgres::lower::{Lowered, built, common};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// The first version that keeps NOT NULL as a constraint with a name.
pub(super) const NAMED: u16 = 18;

/// NOT NULL is wanted on a column that is, or is no longer wanted.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (
        facts::column(lowering.pair.from, id),
        facts::column(lowering.pair.to, id),
    ) else {
        return Ok(Vec::new());
    };
    match (&from.not_null, &to.not_null) {
        (None, Some(wanted)) if comes_by_itself(lowering, id, wanted) => Ok(Vec::new()),
        (None, Some(_)) => {
            let mut steps = Vec::new();
            if let Some(said) = lowering.intent.backfills.get(id) {
                steps.push(fill::rung(lowering, id, &said.value));
            }
            steps.extend(rungs(lowering, id));
            let why = "a constraint that is validated under a weak lock proves that no row is null";
            built(
                id,
                Ladder::new(id.clone(), format!("{} becomes NOT NULL", describe(id)), why, steps),
            )
        }
        (Some(old), None) if goes_by_itself(lowering, id, old) => Ok(Vec::new()),
        (Some(old), None) => {
            below::goes_below_too(lowering, id)?;
            let mut back = vec![set(lowering, id, old, RowWork::Scan)];
            back.extend(common::hidden_comments_made(lowering, id, &[Hidden::NotNull]));
            let gone = dropped(lowering, SideOf::To, id);
            let steps = vec![rung(State::Public, Phase::Expand, gone, back)];
            let why = "the new application may write nulls, and the old one does not mind";
            built(
                id,
                Ladder::new(
                    id.clone(),
                    format!("{} is no longer NOT NULL", describe(id)),
                    why,
                    steps,
                ),
            )
        }
        (None, None) | (Some(_), Some(_)) => Ok(Vec::new()),
    }
}

/// The name, validity or inheritance of the constraint behind NOT NULL (PostgreSQL 18).
///
/// | difference | statement | phase |
/// |---|---|---|
/// | validated | VALIDATE CONSTRAINT, scan under SHARE UPDATE EXCLUSIVE | enforce |
/// | NO INHERIT | ALTER CONSTRAINT … [NO] INHERIT | expand |
/// | name, or no longer validated | DROP CONSTRAINT, ADD CONSTRAINT … NOT VALID; then VALIDATE | enforce |
pub(super) fn alter_constraint(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let of = |side| facts::column(lowering.catalog(side), id).and_then(|column| column.not_null.as_ref());
    let (Some(from), Some(to)) = (of(SideOf::From), of(SideOf::To)) else {
        return Ok(Vec::new());
    };
    let own = from.inheritance == Inheritance::Local && to.inheritance == Inheritance::Local;
    // What leaves its parent takes its name when it is detached.
    let stays = to.inheritance != Inheritance::Local;
    if stays && from.name != to.name && !renamed_with_parent(lowering, id, Pair { from, to }) {
        return Err(unsupported(
            lowering,
            id,
            format!(
                "the not-null constraint of {} is called {} and cannot become {}, because a parent has it too",
                describe(id),
                from.name.as_str(),
                to.name.as_str()
            ),
            "A partition made by PARTITION OF takes the name from its parent, one that is attached keeps its own. Write \
             the table as it came to be, or name the constraint at the column: CONSTRAINT … NOT NULL.",
        ));
    }
    if to.inheritance == Inheritance::Inherited {
        return Ok(Vec::new());
    }
    let relation = facts::relation(id);
    let mut steps = Vec::new();
    if own && from.name != to.name {
        let (old, new) = (constraint_id(id, from), constraint_id(id, to));
        steps.push(rung(
            State::Public,
            Phase::Expand,
            vec![renamed(lowering, &old, &new)],
            vec![renamed(lowering, &new, &old)],
        ));
    }
    if from.inherit != to.inherit {
        let statement = |not_null: &NotNull| {
            let form = TableForm::NotNullInheritance(constraint_id(id, to), not_null.inherit);
            lowering.alter_table(&relation, form, "Whether children of the table get it too.")
        };
        let (up, down) = (statement(to), statement(from));
        // The way back runs before the name goes back.
        steps.push(rung(State::Public, Phase::Expand, vec![up], vec![down]));
    }
    match (from.validation, to.validation) {
        (Validation::NotValid, Validation::Valid) => {
            steps.push(validated(lowering, id, to, vec![unvalidated(lowering, id, to)]))
        }
        (Validation::Valid, Validation::NotValid) => {
            let validate = vec![validate(lowering, id, to)];
            let mut up = dropped(lowering, SideOf::To, id);
            up.push(added(lowering, id, to, Validation::NotValid));
            steps.push(rung(State::Enforced, Phase::Expand, up, validate));
        }
        (Validation::NotEnforced, _) | (_, Validation::NotEnforced) | (_, _) => {}
    }
    let why = "PostgreSQL 18 keeps NOT NULL as a constraint with a name and a validity of its own";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("the not-null constraint of {} changes", describe(id)),
            why,
            steps,
        ),
    )
}

/// The rungs that lead a nullable column to NOT NULL; nothing where a new primary key or a parent brings it.
pub(in crate::dialect::postgres::lower) fn rungs(lowering: &Lowering<'_>, id: &ObjectId) -> Vec<Rung> {
    let Some(wanted) = facts::column(lowering.pair.to, id).and_then(|column| column.not_null.as_ref()) else {
        return Vec::new();
    };
    let relation = facts::relation(id);
    let proved = lowering.options.version < NAMED && proved(lowering, id);
    if lowering.care(&relation) == Care::Direct || proved {
        let work = if proved { RowWork::CatalogOnly } else { RowWork::Scan };
        let (mut up, back) = in_partitions(lowering, id, wanted, wanted.validation);
        up.push(set(lowering, id, wanted, work));
        let mut down = dropped(lowering, SideOf::From, id);
        down.extend(back);
        let mut step = rung(State::Public, Phase::Enforce, up, down);
        step.verify = vec![is_not_null(lowering, id)];
        return vec![step];
    }
    if lowering.options.version >= NAMED {
        let (mut up, back) = in_partitions(lowering, id, wanted, Validation::NotValid);
        up.push(added(lowering, id, wanted, Validation::NotValid));
        let mut down = dropped(lowering, SideOf::From, id);
        down.extend(back);
        let first = rung(State::Enforced, Phase::Enforce, up, down);
        return match wanted.validation {
            Validation::Valid => vec![first, validated(lowering, id, wanted, Vec::new())],
            Validation::NotValid | Validation::NotEnforced => vec![first],
        };
    }
    by_check(lowering, id, wanted)
}

/// The constraints of partitions that bear names of their own: added to each before the partitioned table's, which adopts
/// them, since a constraint that came from above cannot be renamed. With them what takes them away again.
fn in_partitions(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    wanted: &NotNull,
    validation: Validation,
) -> (Vec<Statement>, Vec<Statement>) {
    let (mut up, mut down) = (Vec::new(), Vec::new());
    if lowering.options.version < NAMED {
        return (up, down);
    }
    for partition in lowering.partitions_at_every_level(SideOf::To, &facts::relation(id)) {
        let Some(name) = partition.qualified_name() else {
            continue;
        };
        let column = ObjectId::Column(name.clone(), id.last_name());
        let own = facts::column(lowering.pair.to, &column).and_then(|column| column.not_null.as_ref());
        let was = facts::column(lowering.pair.from, &column).and_then(|column| column.not_null.as_ref());
        let (Some(own), None) = (own, was) else { continue };
        if own.name == wanted.name || lowering.is_created(&partition) {
            continue;
        }
        let not_null = NotNull {
            validation,
            ..own.clone()
        };
        up.push(lowering.alter_table_within(
            Scope::Only,
            &partition,
            vec![TableForm::AddNotNull(column.clone(), not_null)],
            format!("New rows have a value in {}.", describe(&column)),
        ));
        down.push(lowering.alter_table_within(
            Scope::Only,
            &partition,
            vec![TableForm::DropNotNull(column.clone())],
            format!("{} may be null.", describe(&column)),
        ));
    }
    up.reverse();
    (up, down)
}

/// The renames that a partition's constraints need when it stands by itself, and back: those that came from above bear
/// the names of the partitioned table's.
pub(in crate::dialect::postgres::lower) fn renamed_apart(
    lowering: &Lowering<'_>,
    table: &ObjectId,
) -> (Vec<Statement>, Vec<Statement>) {
    let (mut up, mut down) = (Vec::new(), Vec::new());
    if lowering.options.version < NAMED {
        return (up, down);
    }
    for (id, _) in lowering.pair.to.parts(table) {
        let of = |side| facts::column(lowering.catalog(side), id).and_then(|column| column.not_null.as_ref());
        if let (Some(from), Some(to)) = (of(SideOf::From), of(SideOf::To))
            && from.name != to.name
        {
            let (old, new) = (constraint_id(id, from), constraint_id(id, to));
            up.push(renamed(lowering, &old, &new));
            down.push(renamed(lowering, &new, &old));
        }
    }
    (up, down)
}

/// Whether a valid check of the table says that the column is not null, so that SET NOT NULL reads nothing.
fn proved(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    let proof = facts::is_not_null_expression(id);
    let stays = |constraint: &ObjectId| lowering.pair.to.contains(constraint);
    lowering.pair.from.parts(&facts::relation(id)).any(|(part, entry)| {
        matches!(&entry.object, Object::Constraint(constraint)
            if constraint.validation == Validation::Valid
                && matches!(&constraint.kind, ConstraintKind::Check { expression, inherit: Inherit::Inherit }
                    if *expression == proof))
            && stays(part)
    })
}

/// `DROP NOT NULL`, so that the column is as on a side.
///
/// A partition may have the constraint from its partitioned table and for itself too, for instance since a primary key
/// was made on it alone. No text shows that (pg_dump writes both alike), so that it is dropped there as well.
pub(in crate::dialect::postgres::lower) fn dropped(
    lowering: &Lowering<'_>,
    side: SideOf,
    id: &ObjectId,
) -> Vec<Statement> {
    let drop = |id: &ObjectId| {
        lowering.alter_table(
            &facts::relation(id),
            TableForm::DropNotNull(id.clone()),
            format!("{} may be null.", describe(id)),
        )
    };
    let mut first = drop(id);
    // A primary key that goes over to other columns lets go of this one only then.
    if let Some((key_id, key)) = facts::primary_key(lowering.pair.from, &facts::relation(id))
        && key.columns.contains(id)
        && let Some(next) = takeover::next_primary_key(lowering, key_id)
    {
        first.requires.push(next.clone());
    }
    // While it has an identity, a column is NOT NULL.
    first.claims.extend(facts::identity_that_goes(lowering.pair, id));
    let mut made = vec![first];
    let mut waiting = lowering.partitions(side, &facts::relation(id));
    waiting.reverse();
    while let Some(partition) = waiting.pop().filter(|_| lowering.options.version >= NAMED) {
        waiting.extend(lowering.partitions(side, &partition));
        let Some(name) = partition.qualified_name() else {
            continue;
        };
        let column = ObjectId::Column(name.clone(), id.last_name());
        let nullable = facts::column(lowering.catalog(side), &column).is_none_or(|column| column.not_null.is_none());
        if nullable && !lowering.has_no_rows(&partition) {
            made.push(drop(&column));
        }
    }
    made
}

/// `SET NOT NULL`, under its name where the server keeps one.
pub(in crate::dialect::postgres::lower) fn set(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    wanted: &NotNull,
    work: RowWork,
) -> Statement {
    if lowering.options.version >= NAMED && work != RowWork::CatalogOnly {
        return added(lowering, id, wanted, wanted.validation);
    }
    let mut statement = lowering.alter_table(
        &facts::relation(id),
        TableForm::SetNotNull(id.clone(), work),
        format!("{} is not null.", describe(id)),
    );
    statement.provides.push(constraint_id(id, wanted));
    statement
}

fn by_check(lowering: &Lowering<'_>, id: &ObjectId, wanted: &NotNull) -> Vec<Rung> {
    let relation = facts::relation(id);
    let base = match relation.qualified_name() {
        Some(table) => format!("{}_{}", table.name, id.last_name()),
        None => id.last_name().to_string(),
    };
    let name = lowering.scaffold_name(&base, "nn", |name| facts::constraint_named(&relation, name));
    let check = facts::constraint_named(&relation, name);
    let constraint = Constraint {
        kind: ConstraintKind::Check {
            expression: facts::is_not_null_expression(id),
            inherit: Inherit::Inherit,
        },
        deferral: Deferral::NotDeferrable,
        validation: Validation::NotValid,
        inheritance: Inheritance::Local,
        parent: None,
    };
    let add = || {
        lowering.add_constraint(
            &check,
            &constraint,
            format!("New rows have a value in {}.", describe(id)),
        )
    };
    let drop = |comment: &str| lowering.drop_constraint(&check, &constraint, comment);
    let first = rung(
        State::Enforced,
        Phase::Enforce,
        vec![add()],
        vec![drop("New rows may be without a value again.")],
    );
    let mut second = rung(
        State::Validated,
        Phase::Enforce,
        vec![lowering.validate_constraint(&check, &constraint)],
        Vec::new(),
    );
    second.company = Company::Scan;
    second.verify = vec![lowering.verify(
        Expectation::ConstraintValid(check.clone()),
        "Every row obeys the check.",
    )];
    let mut third = rung(
        State::Public,
        Phase::Enforce,
        vec![
            set(lowering, id, wanted, RowWork::CatalogOnly),
            drop("NOT NULL says the same now."),
        ],
        std::iter::once(add())
            .chain(dropped(lowering, SideOf::From, id))
            .collect(),
    );
    third.company = Company::NextFile;
    third.verify = vec![is_not_null(lowering, id)];
    vec![first, second, third]
}

fn validated(lowering: &Lowering<'_>, id: &ObjectId, wanted: &NotNull, down: Vec<Statement>) -> Rung {
    let mut step = rung(
        State::Validated,
        Phase::Enforce,
        vec![validate(lowering, id, wanted)],
        down,
    );
    step.company = Company::Scan;
    step.verify = vec![lowering.verify(
        Expectation::NotNullValid(facts::relation(id), wanted.name.clone()),
        format!("No row is null in {}.", describe(id)),
    )];
    step
}

fn validate(lowering: &Lowering<'_>, id: &ObjectId, wanted: &NotNull) -> Statement {
    lowering.alter_table(
        &facts::relation(id),
        TableForm::ValidateNotNull(wanted.name.clone()),
        format!("Every row is checked for {}; writers go on.", describe(id)),
    )
}

/// `ADD CONSTRAINT name NOT NULL column`.
fn added(lowering: &Lowering<'_>, id: &ObjectId, wanted: &NotNull, validation: Validation) -> Statement {
    let not_null = NotNull {
        validation,
        ..wanted.clone()
    };
    lowering.alter_table(
        &facts::relation(id),
        TableForm::AddNotNull(id.clone(), not_null),
        format!("New rows have a value in {}.", describe(id)),
    )
}

/// The constraint is dropped and added again, which is the only way to one that is not valid.
fn unvalidated(lowering: &Lowering<'_>, id: &ObjectId, wanted: &NotNull) -> Statement {
    let not_null = NotNull {
        validation: Validation::NotValid,
        ..wanted.clone()
    };
    lowering.alter_table_within(
        Scope::Descendants,
        &facts::relation(id),
        vec![
            TableForm::DropNotNullConstraint(wanted.name.clone()),
            TableForm::AddNotNull(id.clone(), not_null),
        ],
        "Old rows are not known to obey it.",
    )
}

/// Whether a parent's constraint takes the same new name, which renames those of its children (`rename_constraint_internal`).
fn renamed_with_parent(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&NotNull>) -> bool {
    let Some(table) = facts::table(lowering.pair.to, &facts::relation(id)) else {
        return false;
    };
    let partitioned = table.partition_of.iter().map(|partition| &partition.parent);
    table.inherits.iter().chain(partitioned).any(|parent| {
        let Some(relation) = parent.qualified_name() else {
            return false;
        };
        let column = ObjectId::Column(relation.clone(), id.last_name());
        let name = |catalog| facts::column(catalog, &column).and_then(|column| column.not_null.as_ref());
        match (name(lowering.pair.from), name(lowering.pair.to)) {
            (Some(from), Some(to)) => from.name == pair.from.name && to.name == pair.to.name,
            (Some(_) | None, _) => false,
        }
    })
}

/// `RENAME CONSTRAINT`.
pub(in crate::dialect::postgres::lower) fn renamed(
    lowering: &Lowering<'_>,
    from: &ObjectId,
    to: &ObjectId,
) -> Statement {
    let subject = Subject {
        id: from.clone(),
        kind: Kind::Constraint,
    };
    lowering.rename(subject, &to.last_name(), "The constraint takes its new name.")
}

fn constraint_id(column: &ObjectId, not_null: &NotNull) -> ObjectId {
    facts::constraint_named(&facts::relation(column), not_null.name.clone())
}

fn is_not_null(lowering: &Lowering<'_>, id: &ObjectId) -> Statement {
    lowering.verify(
        Expectation::ColumnNotNull(id.clone()),
        format!("{} is NOT NULL.", describe(id)),
    )
}

/// Whether NOT NULL comes with a new primary key over the column, or from a parent table.
fn comes_by_itself(lowering: &Lowering<'_>, id: &ObjectId, wanted: &NotNull) -> bool {
    let from_parent = wanted.inheritance == Inheritance::Inherited && !is_of_other_parents(id, lowering.pair);
    from_parent || by_primary_key(lowering, SideOf::To, id)
}

/// Whether NOT NULL goes with a primary key over the column, or with a parent's.
fn goes_by_itself(lowering: &Lowering<'_>, id: &ObjectId, old: &NotNull) -> bool {
    let with_parent = old.inheritance == Inheritance::Inherited && !is_of_other_parents(id, lowering.pair.reverse());
    with_parent || by_primary_key(lowering, SideOf::From, id)
}

/// Whether a primary key over the column stands on one side only, or is over it on one side only, so that its ladder takes
/// care of NOT NULL.
pub(super) fn by_primary_key(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> bool {
    let changes = |key: &ObjectId| {
        lowering
            .altered(key)
            .is_some_and(|attributes| attributes.contains(&Attribute::Definition))
    };
    facts::primary_key(lowering.catalog(side), &facts::relation(id)).is_some_and(|(key_id, key)| {
        let lone = match side {
            SideOf::From => lowering.is_dropped(key_id),
            SideOf::To => lowering.is_created(key_id),
        };
        (lone || changes(key_id)) && key.columns.contains(id)
    })
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn a_column_of_a_primary_key_is_let_go_when_the_key_is_over_others() {
        let found = ups(
            "CREATE TABLE t (a int, b int NOT NULL, CONSTRAINT k PRIMARY KEY (a));",
            "CREATE TABLE t (a int, b int NOT NULL, CONSTRAINT k PRIMARY KEY (b));",
        );
        let place = |what: &str| found.find(what).unwrap();
        assert!(
            place("ADD CONSTRAINT k PRIMARY KEY USING INDEX") < place("ALTER COLUMN a DROP NOT NULL"),
            "{found}"
        );
    }

    #[test]
    fn not_null_is_added_not_valid_and_then_validated() {
        let found = ups("CREATE TABLE t (id int);", "CREATE TABLE t (id int NOT NULL);");
        expect![[r#"
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_id_not_null NOT NULL id NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_id_not_null
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 't_id_not_null' AND convalidated ) THEN RAISE EXCEPTION 'constraint t_id_not_null of public.t is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }

    #[test]
    fn the_name_that_a_partition_took_from_its_parent_cannot_be_changed() {
        let parent = "CREATE TABLE p (a int NOT NULL) PARTITION BY LIST (a);";
        let attached = format!("{parent} CREATE TABLE c (a int NOT NULL); ALTER TABLE p ATTACH PARTITION c DEFAULT;");
        let made = format!("{parent} CREATE TABLE c PARTITION OF p DEFAULT;");
        expect![[r#"
            unsupported-clause: the not-null constraint of column a of public.c is called c_a_not_null and cannot become p_a_not_null, because a parent has it too
        "#]]
        .assert_eq(&said(&attached, &made));
        let renamed = made.replace("a int NOT NULL", "a int CONSTRAINT filled NOT NULL");
        expect![[r#"
            expand: ALTER TABLE public.p RENAME CONSTRAINT p_a_not_null TO filled
        "#]]
        .assert_eq(&ups(&made, &renamed));
    }

    #[test]
    fn a_partition_lets_go_of_a_constraint_of_its_own_too() {
        let from =
            "CREATE TABLE p (a int, b int NOT NULL) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT;";
        expect![[r#"
            expand: ALTER TABLE public.p ALTER COLUMN b DROP NOT NULL
            expand: ALTER TABLE public.c ALTER COLUMN b DROP NOT NULL
        "#]]
        .assert_eq(&ups(from, &from.replace("b int NOT NULL", "b int")));
    }

    #[test]
    fn a_primary_key_over_other_columns_takes_care_of_not_null() {
        let found = ups(
            "CREATE TABLE t (a int, b int, CONSTRAINT k PRIMARY KEY (a));",
            "CREATE TABLE t (a int, b int, CONSTRAINT k PRIMARY KEY (b));",
        );
        let short: Vec<&str> = found.lines().filter(|line| line.contains("ALTER TABLE")).collect();
        expect![[r#"
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_b_not_null NOT NULL b NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_b_not_null
            enforce: ALTER TABLE public.t DROP CONSTRAINT k
            enforce: ALTER TABLE public.t ADD CONSTRAINT k PRIMARY KEY USING INDEX k_underpin_new
            enforce: ALTER TABLE public.t ALTER COLUMN a DROP NOT NULL"#]]
        .assert_eq(&short.join("\n"));
    }

    #[test]
    fn a_nullable_column_is_not_null_again_on_the_way_back() {
        let found = downs("CREATE TABLE t (id int NOT NULL);", "CREATE TABLE t (id int);");
        expect![[r#"
            expand: ALTER TABLE public.t ADD CONSTRAINT t_id_not_null NOT NULL id
        "#]]
        .assert_eq(&found);
    }
}
