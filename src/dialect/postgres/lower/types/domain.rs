//! Domains and their constraints.
//!
//! | change | statement | lock on the tables that use it | phase | undone by |
//! |---|---|---|---|---|
//! | default | ALTER DOMAIN … SET, DROP DEFAULT | none | expand | the old default |
//! | a new check | ADD CONSTRAINT … NOT VALID | none | expand | DROP CONSTRAINT |
//! | | VALIDATE CONSTRAINT | SHARE while each is read | enforce | DROP CONSTRAINT, ADD CONSTRAINT … NOT VALID |
//! | a check that goes | DROP CONSTRAINT | none | expand | ADD CONSTRAINT NOT VALID, VALIDATE |
//! | NOT NULL comes | SET NOT NULL | SHARE while each is read | enforce | DROP NOT NULL |
//! | NOT NULL goes | DROP NOT NULL | none | expand | SET NOT NULL |
//! | NOT NULL's name (17 and later) | RENAME CONSTRAINT | none | expand | RENAME CONSTRAINT |
//!
//! What loosens comes first: the old application does not miss it, and the new one would stumble over it. Validation
//! keeps writers out of every table that uses the domain for as long as the scan takes (measured on 14 to 18): the check
//! of lasting locks refuses it unless the tables are small, or it is allowed. The base type of a domain cannot be changed.

use crate::catalog::constraint::DomainConstraint;
use crate::catalog::table::Validation;
use crate::catalog::types::Domain;
use crate::catalog::{Hidden, Ident, Object, ObjectId};
use crate::dialect::postgres::action::{Action, DomainForm, Kind, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, common};
use crate::diff::{Attribute, DOMAIN_NOT_NULL_NAMED};
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State, Statement};

/// The ladder of a domain that differs in default or NOT NULL.
pub(super) fn alter(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    pair: Pair<&Domain>,
    attributes: &[Attribute],
) -> Lowered<Vec<Ladder>> {
    let mut rungs = Vec::new();
    if attributes.contains(&Attribute::Expression) {
        let default = |domain: &Domain| {
            let form = DomainForm::Default(domain.default.clone());
            vec![statement(
                lowering,
                id,
                form,
                "The default of columns that have none of their own.",
            )]
        };
        rungs.push(rung(
            State::Present,
            Phase::Expand,
            default(pair.to),
            default(pair.from),
        ));
    }
    if attributes.contains(&Attribute::NotNull) {
        let name = pair.to.not_null.as_ref().or(pair.from.not_null.as_ref());
        let mut set = vec![scanning(
            lowering,
            id,
            id,
            DomainForm::SetNotNull(name.and_then(|name| chosen(lowering, id, name))),
        )];
        let drop = vec![statement(lowering, id, DomainForm::DropNotNull, "Null is allowed.")];
        if pair.to.not_null.is_some() {
            rungs.push(scan_rung(State::Validated, set, drop));
        } else {
            set.extend(common::hidden_comments_made(lowering, id, &[Hidden::NotNull]));
            rungs.push(rung(State::Present, Phase::Expand, drop, set));
        }
    }
    if attributes.contains(&Attribute::NotNullConstraint)
        && let (Some(from), Some(to)) = (&pair.from.not_null, &pair.to.not_null)
    {
        rungs.push(rung(
            State::Present,
            Phase::Expand,
            renamed(lowering, id, from, to).into_iter().collect(),
            renamed(lowering, id, to, from).into_iter().collect(),
        ));
    }
    let title = format!("{} changes", describe(id));
    let why = "a domain is altered where it stands; the tables that use it are read only when it becomes stricter";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The name of a NOT NULL constraint, where the server keeps it and would give another by itself.
fn chosen(lowering: &Lowering<'_>, domain: &ObjectId, name: &Ident) -> Option<Ident> {
    let own = format!("{}_not_null", domain.last_name());
    (lowering.options.version >= DOMAIN_NOT_NULL_NAMED && name.as_str() != own).then(|| name.clone())
}

/// `RENAME CONSTRAINT` of a NOT NULL.
fn renamed(lowering: &Lowering<'_>, domain: &ObjectId, from: &Ident, to: &Ident) -> Option<Statement> {
    let subject = Subject {
        id: ObjectId::DomainConstraint(domain.qualified_name()?.clone(), from.clone()),
        kind: Kind::DomainConstraint,
    };
    Some(lowering.rename(subject, to, "The constraint takes its new name."))
}

/// The ladder of a new check of a domain that stays.
pub(in crate::dialect::postgres::lower) fn add_constraint(
    lowering: &Lowering<'_>,
    id: &ObjectId,
) -> Lowered<Vec<Ladder>> {
    let (Some(domain), Some(Object::DomainConstraint(constraint))) =
        (id.parent(), lowering.to(id).map(|entry| &entry.object))
    else {
        return Ok(Vec::new());
    };
    let drop = drop(lowering, &domain, id);
    let mut rungs = vec![rung(
        State::Enforced,
        Phase::Expand,
        vec![add(lowering, &domain, id, constraint)],
        drop,
    )];
    rungs.extend(validation(lowering, &domain, id, constraint));
    let title = format!("{} is added", describe(id));
    built(id, Ladder::new(id.clone(), title, WHY_NOT_VALID, rungs))
}

/// The ladder of a check that goes from a domain that stays.
pub(in crate::dialect::postgres::lower) fn drop_constraint(
    lowering: &Lowering<'_>,
    id: &ObjectId,
) -> Lowered<Vec<Ladder>> {
    let (Some(domain), Some(Object::DomainConstraint(constraint))) =
        (id.parent(), lowering.from(id).map(|entry| &entry.object))
    else {
        return Ok(Vec::new());
    };
    let rungs = vec![rung(
        State::Absent,
        Phase::Expand,
        drop(lowering, &domain, id),
        restore(lowering, &domain, id, constraint),
    )];
    let title = format!("{} is dropped", describe(id));
    let why = "the new application may write what it forbids, and the old one does not miss it";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The ladder of a check that becomes another, or becomes valid.
pub(super) fn alter_constraint(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    pair: Pair<&DomainConstraint>,
) -> Lowered<Vec<Ladder>> {
    let Some(domain) = id.parent() else {
        return Ok(Vec::new());
    };
    let mut rungs = Vec::new();
    let becomes_valid = pair.from.expression == pair.to.expression && pair.to.validation == Validation::Valid;
    if !becomes_valid {
        let mut up = drop(lowering, &domain, id);
        up.push(add(lowering, &domain, id, pair.to));
        let mut down = drop(lowering, &domain, id);
        down.extend(restore(lowering, &domain, id, pair.from));
        rungs.push(rung(State::Enforced, Phase::Expand, up, down));
    }
    rungs.extend(validation(lowering, &domain, id, pair.to));
    let title = format!("{} changes", describe(id));
    built(id, Ladder::new(id.clone(), title, WHY_NOT_VALID, rungs))
}

const WHY_NOT_VALID: &str =
    "new values are checked at once without a lock on any table; the rows there are, afterwards";

/// The rung that validates, where the constraint is to be valid.
fn validation(
    lowering: &Lowering<'_>,
    domain: &ObjectId,
    id: &ObjectId,
    constraint: &DomainConstraint,
) -> Option<Rung> {
    match constraint.validation {
        Validation::NotValid | Validation::NotEnforced => None,
        Validation::Valid => {
            let form = DomainForm::ValidateConstraint(id.last_name());
            // Nothing takes validity away but a constraint that is not valid in its place.
            let mut down = drop(lowering, domain, id);
            down.push(add(lowering, domain, id, constraint));
            Some(scan_rung(
                State::Validated,
                vec![scanning(lowering, domain, id, form)],
                down,
            ))
        }
    }
}

fn scan_rung(state: State, up: Vec<Statement>, down: Vec<Statement>) -> Rung {
    Rung {
        state,
        phase: Phase::Enforce,
        up,
        down,
        verify: Vec::new(),
        reversal: Reversal::Exact,
        company: Company::Scan,
    }
}

fn add(lowering: &Lowering<'_>, domain: &ObjectId, id: &ObjectId, constraint: &DomainConstraint) -> Statement {
    let validation = match constraint.validation {
        Validation::Valid | Validation::NotValid => Validation::NotValid,
        Validation::NotEnforced => Validation::NotEnforced,
    };
    let form = DomainForm::AddConstraint {
        id: id.clone(),
        expression: constraint.expression.clone(),
        validation,
    };
    statement(lowering, domain, form, "New values are checked from now on.")
}

/// The statements that bring a constraint back as it was.
fn restore(lowering: &Lowering<'_>, domain: &ObjectId, id: &ObjectId, constraint: &DomainConstraint) -> Vec<Statement> {
    let mut statements = vec![add(lowering, domain, id, constraint)];
    if constraint.validation == Validation::Valid {
        let form = DomainForm::ValidateConstraint(id.last_name());
        statements.push(scanning(lowering, domain, id, form));
    }
    statements
}

fn drop(lowering: &Lowering<'_>, domain: &ObjectId, id: &ObjectId) -> Vec<Statement> {
    let form = DomainForm::DropConstraint(id.last_name());
    vec![statement(lowering, domain, form, "The constraint goes.")]
}

fn statement(lowering: &Lowering<'_>, domain: &ObjectId, form: DomainForm, comment: &str) -> Statement {
    let action = Action::AlterDomain {
        domain: domain.clone(),
        form,
    };
    lowering.statement(action, comment)
}

/// A statement that reads every table that uses the domain.
fn scanning(lowering: &Lowering<'_>, domain: &ObjectId, id: &ObjectId, form: DomainForm) -> Statement {
    let comment = format!(
        "Every row that holds a value of the domain is read for {}.",
        describe(id)
    );
    statement(lowering, domain, form, &comment)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn a_check_is_enforced_first_and_validated_after() {
        let from = "CREATE DOMAIN d AS text;";
        let to = "CREATE DOMAIN d AS text CONSTRAINT c CHECK (VALUE <> '');";
        expect![[r#"
            expand: ALTER DOMAIN public.d ADD CONSTRAINT c CHECK ((VALUE <> ''::text)) NOT VALID
            enforce: ALTER DOMAIN public.d VALIDATE CONSTRAINT c
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            enforce: ALTER DOMAIN public.d DROP CONSTRAINT c
            enforce: ALTER DOMAIN public.d ADD CONSTRAINT c CHECK ((VALUE <> ''::text)) NOT VALID
            expand: ALTER DOMAIN public.d DROP CONSTRAINT c
        "#]]
        .assert_eq(&downs(from, to));
        expect![[r#"
            expand: ALTER DOMAIN public.d DROP CONSTRAINT c
        "#]]
        .assert_eq(&ups(to, from));
    }

    #[test]
    fn the_name_of_a_not_null_is_kept_and_changed() {
        let plain = "CREATE DOMAIN d AS int;";
        let from = "CREATE DOMAIN d AS int CONSTRAINT a NOT NULL;";
        let to = "CREATE DOMAIN d AS int CONSTRAINT b NOT NULL;";
        expect![[r#"
            expand: ALTER DOMAIN public.d RENAME CONSTRAINT a TO b
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            enforce: ALTER DOMAIN public.d ADD CONSTRAINT b NOT NULL
        "#]]
        .assert_eq(&ups(plain, to));
        expect![[r#"
            expand: ALTER DOMAIN public.d ADD CONSTRAINT a NOT NULL
        "#]]
        .assert_eq(&downs(from, plain));
    }

    #[test]
    fn what_loosens_comes_before_what_tightens() {
        let from = "CREATE DOMAIN a AS int NOT NULL DEFAULT 1; CREATE DOMAIN b AS int;";
        let to = "CREATE DOMAIN a AS int; CREATE DOMAIN b AS int NOT NULL DEFAULT 2;";
        expect![[r#"
            expand: ALTER DOMAIN public.a DROP DEFAULT
            expand: ALTER DOMAIN public.a DROP NOT NULL
            expand: ALTER DOMAIN public.b SET DEFAULT 2
            enforce: ALTER DOMAIN public.b SET NOT NULL
        "#]]
        .assert_eq(&ups(from, to));
    }
}
