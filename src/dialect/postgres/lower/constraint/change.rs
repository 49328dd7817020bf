//! A constraint that differs.
//!
//! A check that says something else, with a bridge that both applications obey:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | ADD CHECK (old OR new) NOT VALID under a name of scaffolding; DROP CONSTRAINT of the old one | ACCESS EXCLUSIVE, catalog only | expand | ADD CONSTRAINT of the old one; DROP of the bridge |
//! | Enforced | ADD CONSTRAINT of the new one NOT VALID | ACCESS EXCLUSIVE, catalog only | enforce | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//! | Public | DROP CONSTRAINT of the bridge | ACCESS EXCLUSIVE, catalog only | enforce | ADD CONSTRAINT of the bridge |
//!
//! A foreign key that does something else (the old one governs until the new one is valid):
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | ADD CONSTRAINT … NOT VALID under a name of scaffolding | SHARE ROW EXCLUSIVE on both, catalog only | enforce | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//! | Public | DROP CONSTRAINT of the old one; RENAME CONSTRAINT | ACCESS EXCLUSIVE on both, catalog only | enforce | RENAME back; ADD CONSTRAINT of the old one |
//!
//! A key over other columns, or one that can be deferred from now on:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | CREATE UNIQUE INDEX CONCURRENTLY under a name of scaffolding | SHARE UPDATE EXCLUSIVE | expand | DROP INDEX CONCURRENTLY |
//! | Public | DROP CONSTRAINT; ADD CONSTRAINT … USING INDEX | ACCESS EXCLUSIVE, catalog only | enforce | the same backwards, the old index is built under the lock |
//!
//! On a partitioned table see `partitioned_key` and `partitioned_foreign_key`.
//!
//! Validity alone: VALIDATE in enforce; NOT VALID by dropping and adding. Deferral of a foreign key: ALTER CONSTRAINT.

use super::key::{given_back, index_of, using_index};
use super::{
    check, foreign_key, not_null_first, nullable_again, partitioned_foreign_key, partitioned_key, rebind, takeover,
};
use crate::catalog::constraint::{Constraint, ConstraintKind, Key, Overlaps};
use crate::catalog::index::Index;
use crate::catalog::table::Validation;
use crate::catalog::{Ident, ObjectId, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Kind, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care, SideOf};
use crate::dialect::postgres::lower::index::{concurrently, without_duplicates};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make, marks, refuse};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Rung, State};

/// The ladder of a constraint that differs.
pub(super) fn alter(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    from: &Constraint,
    to: &Constraint,
    attributes: &[Attribute],
) -> Lowered<Vec<Ladder>> {
    let has = |attribute: Attribute| attributes.contains(&attribute);
    if rebind::follows(lowering, id) {
        return Ok(Vec::new());
    }
    let another = has(Attribute::Definition)
        || from.validation == Validation::NotEnforced
        || to.validation == Validation::NotEnforced;
    let only_deferral = has(Attribute::Deferral) && matches!(to.kind, ConstraintKind::ForeignKey(_));
    let (title, why, steps) = if another && (has(Attribute::Definition) || has(Attribute::Validation)) {
        replaced(lowering, id, from, to)?
    } else if only_deferral {
        let statement = |constraint: &Constraint| {
            let form = TableForm::ConstraintDeferral(id.clone(), constraint.deferral);
            lowering.alter_table(&facts::relation(id), form, format!("When {} is checked.", describe(id)))
        };
        let mut steps = vec![rung(
            State::Public,
            Phase::Expand,
            vec![statement(to)],
            vec![statement(from)],
        )];
        steps.extend(validity(lowering, id, from, to)?);
        ("is checked at another time", "the catalog alone changes", steps)
    } else if has(Attribute::Deferral) {
        replaced(lowering, id, from, to)?
    } else if has(Attribute::Validation) {
        let why = "old rows are checked under a lock that lets writers go on";
        ("changes its validity", why, validity(lowering, id, from, to)?)
    } else {
        // Where it comes from follows from what happens to the parent.
        return Ok(Vec::new());
    };
    built(
        id,
        Ladder::new(id.clone(), format!("{} {title}", describe(id)), why, steps),
    )
}

type Steps = (&'static str, &'static str, Vec<Rung>);

fn replaced(lowering: &Lowering<'_>, id: &ObjectId, from: &Constraint, to: &Constraint) -> Lowered<Steps> {
    let relation = facts::relation(id);
    if lowering.care(&relation) == Care::Direct {
        let mut up = make::undo(lowering, lowering.pair.from, id);
        up.extend(make::statements(lowering, lowering.pair.to, id)?);
        let mut down = make::undo(lowering, lowering.pair.to, id);
        down.extend(make::statements(lowering, lowering.pair.from, id)?);
        let mut last = rung(State::Public, Phase::Enforce, up, down);
        let later = match (&from.kind, &to.kind) {
            (ConstraintKind::Key(old), ConstraintKind::Key(key)) => taking_place(lowering, id, old, key, &mut last)?,
            (
                ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclude(_),
                _,
            ) => Vec::new(),
        };
        let steps = std::iter::once(last).chain(later).collect();
        return Ok((
            "is made anew",
            "the table is small, so that it is checked before anybody waits",
            steps,
        ));
    }
    match (&from.kind, &to.kind) {
        (ConstraintKind::Check { .. }, ConstraintKind::Check { .. }) => Ok((
            "says something else",
            "old and new application obey the bridge, so that there is a check at any time",
            bridged(lowering, id, from, to)?,
        )),
        (ConstraintKind::ForeignKey(_), ConstraintKind::ForeignKey(key)) => Ok((
            "says something else",
            "the old key governs until the new one is valid",
            beside(lowering, id, from, to, key)?,
        )),
        (ConstraintKind::Key(old), ConstraintKind::Key(key)) if key.overlaps == Overlaps::Allowed => Ok((
            "is over something else",
            "the new index is built while writers go on, and the constraints change places in one transaction",
            other_index(lowering, id, to, old, key)?,
        )),
        (ConstraintKind::Exclude(_) | ConstraintKind::Key(_), ConstraintKind::Exclude(_) | ConstraintKind::Key(_)) => {
            let message = format!("{} can only be built anew under a lock", describe(id));
            refuse::hazard_of_rows(lowering, Code::ExclusionBuild, id, message)?;
            let mut up = make::undo(lowering, lowering.pair.from, id);
            up.extend(make::statements(lowering, lowering.pair.to, id)?);
            let mut down = make::undo(lowering, lowering.pair.to, id);
            down.extend(make::statements(lowering, lowering.pair.from, id)?);
            let mut last = rung(State::Public, Phase::Enforce, up, down);
            let later = match &from.kind {
                ConstraintKind::Key(old) => rebind::bind_around(lowering, old, &mut last),
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => Vec::new(),
            };
            let steps = std::iter::once(last).chain(later).collect();
            Ok(("is made anew", "the lock is taken", steps))
        }
        (
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Key(_)
            | ConstraintKind::Exclude(_),
            _,
        ) => {
            let message = format!("{} is of another kind now", describe(id));
            let hint = "Give the new constraint another name.";
            Err(refuse::unsupported(lowering, id, message, hint))
        }
    }
}

/// The rungs of a check that says something else.
fn bridged(lowering: &Lowering<'_>, id: &ObjectId, from: &Constraint, to: &Constraint) -> Lowered<Vec<Rung>> {
    let (
        ConstraintKind::Check {
            expression: old,
            inherit,
        },
        ConstraintKind::Check { expression: new, .. },
    ) = (&from.kind, &to.kind)
    else {
        return Ok(Vec::new());
    };
    let bridge_id = scaffold(lowering, id, "bridge");
    let bridge = Constraint {
        kind: ConstraintKind::Check {
            expression: either(old, new),
            inherit: *inherit,
        },
        validation: Validation::NotValid,
        ..to.clone()
    };
    let add_bridge = || {
        lowering.add_constraint(
            &bridge_id,
            &bridge,
            "What either application writes is allowed in the meantime.",
        )
    };
    let drop_bridge = |comment: &str| lowering.drop_constraint(&bridge_id, &bridge, comment);
    let mut up = vec![add_bridge()];
    up.extend(make::undo(lowering, lowering.pair.from, id));
    let mut down = make::statements(lowering, lowering.pair.from, id)?;
    down.push(drop_bridge("The old check says all there is to say."));
    let mut steps = vec![rung(State::Present, Phase::Expand, up, down)];
    steps.extend(check::rungs(lowering, id, to, Phase::Enforce));
    let mut alone = drop_bridge("The new check says all there is to say.");
    // Who waits for the check as it is wanted waits for it to be alone.
    alone.provides.push(id.clone());
    steps.push(rung(State::Public, Phase::Enforce, vec![alone], vec![add_bridge()]));
    Ok(steps)
}

/// `(old) OR (new)`.
fn either(old: &Template, new: &Template) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str("(");
    builder.push_template(old);
    builder.push_str(") OR (");
    builder.push_template(new);
    builder.push_str(")");
    builder.finish()
}

/// The rungs of a foreign key that says something else: the new one stands beside the old one until it is valid.
fn beside(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    from: &Constraint,
    to: &Constraint,
    key: &crate::catalog::constraint::ForeignKey,
) -> Lowered<Vec<Rung>> {
    let relation = facts::relation(id);
    let new = scaffold(lowering, id, "new");
    let mut steps = foreign_key::rungs(lowering, &new, to, key, Phase::Enforce);
    let subject = |id: &ObjectId| Subject {
        id: id.clone(),
        kind: Kind::Constraint,
    };
    let mut up = make::undo(lowering, lowering.pair.from, id);
    up.push(lowering.rename(
        subject(&new),
        &id.last_name(),
        "The new key takes the name of the old one.",
    ));
    let (parts, parts_back) = partitioned_foreign_key::parts_renamed(lowering, id, &new);
    up.extend(parts);
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let mut down = parts_back;
    down.push(lowering.rename(subject(id), &new.last_name(), "The name is free for the old key."));
    let ConstraintKind::ForeignKey(old) = &from.kind else {
        return Ok(steps);
    };
    down.extend(foreign_key::locks(lowering, &relation, old));
    down.extend(make::statements(lowering, lowering.pair.from, id)?);
    let mut last = rung(State::Public, Phase::Enforce, up, down);
    last.company = Company::NextFile;
    steps.push(last);
    Ok(steps)
}

/// The rungs of a key that gets another index.
fn other_index(lowering: &Lowering<'_>, id: &ObjectId, to: &Constraint, old: &Key, key: &Key) -> Lowered<Vec<Rung>> {
    let relation = facts::relation(id);
    if facts::is_partitioned(lowering.pair.to, &relation) {
        if let Some(user) = referring(lowering, id, old) {
            let message = format!(
                "{} cannot be changed while {} goes by it",
                describe(id),
                describe(&user)
            );
            let hint = "Give the new constraint another name, and drop the old one in a later plan.";
            return Err(refuse::unsupported(lowering, id, message, hint));
        }
        return partitioned_key::changed(lowering, id, to, old, key);
    }
    let Some(table) = relation.qualified_name() else {
        return Ok(Vec::new());
    };
    let identity = |name: Ident| ObjectId::Relation(table.with_name(name));
    let new = identity(lowering.scaffold_name(id.last_name().as_str(), "new", identity));
    let index: Index = index_of(&relation, key);
    let phase = if super::waits_for_backfill(lowering, &key.columns) {
        Phase::Enforce
    } else {
        Phase::Expand
    };
    let mut steps: Vec<Rung> = without_duplicates(lowering, &new, &index, phase).into_iter().collect();
    steps.extend(concurrently(lowering, &new, &index, phase));
    steps.extend(not_null_first(lowering, key));
    let (after, before) = nullable_again(lowering, old);
    let mut up = make::undo(lowering, lowering.pair.from, id);
    up.push(using_index(lowering, id, to, &new));
    up.extend(after);
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let mut down = given_back(lowering, id, to, &new, index);
    let index = down.split_off(down.len().min(1));
    down.extend(before);
    down.extend(make::statements(lowering, lowering.pair.from, id)?);
    let mut last = rung(State::Public, Phase::Enforce, up, down);
    last.company = Company::NextFile;
    let later = taking_place(lowering, id, old, key, &mut last)?;
    // The foreign keys look for their index before the one that comes later stands by itself again.
    last.down.extend(index);
    steps.push(last);
    steps.extend(later);
    Ok(steps)
}

/// What else happens in the rung in which a key gets another index: keys that go make room, marks and foreign keys follow.
/// The rungs that come after.
fn taking_place(lowering: &Lowering<'_>, id: &ObjectId, old: &Key, key: &Key, last: &mut Rung) -> Lowered<Vec<Rung>> {
    let mut later = takeover::take_over(lowering, id, key, last)?;
    let marks = marks::handed_on(lowering, Pair::new(id, id), Pair::new(id, id));
    last.up.extend(marks.to);
    last.down.extend(marks.from);
    later.extend(rebind::bind_around(lowering, old, last));
    Ok(later)
}

/// A foreign key that stays and goes by the columns of a key.
fn referring(lowering: &Lowering<'_>, id: &ObjectId, key: &Key) -> Option<ObjectId> {
    let table = facts::relation(id);
    // A foreign key may name the columns of its key in another order.
    let same = |columns: &[ObjectId]| {
        columns.len() == key.columns.len() && columns.iter().all(|one| key.columns.contains(one))
    };
    let goes_by = |user: &&ObjectId| {
        facts::constraint(lowering.pair.from, user).is_some_and(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(foreign) => foreign.table == table && same(&foreign.referenced),
            ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
        })
    };
    lowering
        .users(SideOf::From, &table)
        .iter()
        .filter(|user| lowering.pair.to.contains(user))
        .find(goes_by)
        .cloned()
}

fn validity(lowering: &Lowering<'_>, id: &ObjectId, from: &Constraint, to: &Constraint) -> Lowered<Vec<Rung>> {
    Ok(match (from.validation, to.validation) {
        (Validation::NotValid, Validation::Valid) => {
            let mut step = check::validated(lowering, id, to);
            step.down = check::unvalidated(lowering, id, to, from);
            vec![step]
        }
        (Validation::Valid, Validation::NotValid) => vec![rung(
            State::Enforced,
            Phase::Expand,
            check::unvalidated(lowering, id, from, to),
            vec![lowering.validate_constraint(id, from)],
        )],
        (Validation::Valid | Validation::NotValid | Validation::NotEnforced, _) => Vec::new(),
    })
}

fn scaffold(lowering: &Lowering<'_>, id: &ObjectId, purpose: &str) -> ObjectId {
    let relation = facts::relation(id);
    let name = lowering.scaffold_name(id.last_name().as_str(), purpose, |name| {
        facts::constraint_named(&relation, name)
    });
    facts::constraint_named(&relation, name)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_check_changes_over_a_bridge() {
        let found = ups(
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 10));",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ADD CONSTRAINT c_underpin_bridge CHECK (((a > 0)) OR ((a > 10))) NOT VALID
            expand: ALTER TABLE public.t DROP CONSTRAINT c
            enforce: ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 10)) NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT c
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 'c' AND convalidated ) THEN RAISE EXCEPTION 'constraint c of public.t is missing or not validated'; END IF; END $$
            enforce: ALTER TABLE public.t DROP CONSTRAINT c_underpin_bridge
        "#]].assert_eq(&found);
    }

    #[test]
    fn a_foreign_key_follows_its_key_to_other_columns() {
        let found = ups(
            "CREATE TABLE p (a int, b int, CONSTRAINT k PRIMARY KEY (a)); CREATE TABLE c (p int CONSTRAINT f REFERENCES p (a));",
            "CREATE TABLE p (a int NOT NULL, b int, CONSTRAINT k PRIMARY KEY (b)); CREATE TABLE c (p int CONSTRAINT f REFERENCES p (b));",
        );
        expect![[r#"
            expand: DO $$ BEGIN IF EXISTS ( SELECT FROM public.p WHERE b IS NOT NULL GROUP BY b HAVING count(*) > 1 ) THEN RAISE EXCEPTION 'public.p has rows that are equal in (b)'; END IF; END $$
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.k_underpin_new
            expand: CREATE UNIQUE INDEX CONCURRENTLY k_underpin_new ON public.p (b)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.k_underpin_new') AND indisvalid ) THEN RAISE EXCEPTION 'index public.k_underpin_new is missing or invalid'; END IF; END $$
            enforce: ALTER TABLE public.p ADD CONSTRAINT p_b_not_null NOT NULL b NOT VALID
            enforce: ALTER TABLE public.p VALIDATE CONSTRAINT p_b_not_null
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.p') AND conname = 'p_b_not_null' AND convalidated ) THEN RAISE EXCEPTION 'constraint p_b_not_null of public.p is missing or not validated'; END IF; END $$
            enforce: LOCK TABLE public.p, public.c IN ACCESS EXCLUSIVE MODE
            enforce: ALTER TABLE public.c DROP CONSTRAINT f
            enforce: ALTER TABLE public.p DROP CONSTRAINT k
            enforce: ALTER TABLE public.p ADD CONSTRAINT k PRIMARY KEY USING INDEX k_underpin_new
            enforce: ALTER TABLE public.c ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES public.p (b) NOT VALID
            enforce: ALTER TABLE public.c VALIDATE CONSTRAINT f
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.c') AND conname = 'f' AND convalidated ) THEN RAISE EXCEPTION 'constraint f of public.c is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }

    #[test]
    fn a_foreign_key_governs_until_the_other_is_valid() {
        let found = ups(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int CONSTRAINT f REFERENCES p);",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int CONSTRAINT f REFERENCES p ON DELETE CASCADE);",
        );
        expect![[r#"
            enforce: LOCK TABLE public.p, public.c IN SHARE ROW EXCLUSIVE MODE
            enforce: ALTER TABLE public.c ADD CONSTRAINT f_underpin_new FOREIGN KEY (p) REFERENCES public.p (id) ON DELETE CASCADE NOT VALID
            enforce: ALTER TABLE public.c VALIDATE CONSTRAINT f_underpin_new
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.c') AND conname = 'f_underpin_new' AND convalidated ) THEN RAISE EXCEPTION 'constraint f_underpin_new of public.c is missing or not validated'; END IF; END $$
            enforce: ALTER TABLE public.c DROP CONSTRAINT f
            enforce: ALTER TABLE public.c RENAME CONSTRAINT f_underpin_new TO f
        "#]].assert_eq(&found);
    }
}
