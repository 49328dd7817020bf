//! A column that goes (reference: PostgreSQL manual, ALTER TABLE, DROP COLUMN).
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present, when NOT NULL and without default | DROP NOT NULL: the new application does not write it | ACCESS EXCLUSIVE, catalog only | expand; enforce where a primary key lets go of it only then | SET NOT NULL |
//! | Absent | DROP COLUMN | ACCESS EXCLUSIVE, catalog only | contract | ADD COLUMN, the values are lost |
//!
//! Indexes and constraints that would vanish with the column have ladders of their own, and go before it. On the way back
//! a nullable column is null in old rows; one that is NOT NULL without a default gets a placeholder, and where none can
//! obey what else is demanded of it, it comes back only while the table holds no row.

use super::placeholder::{Need, placeholder};
use super::satisfy::satisfying;
use super::{add, not_null};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{Column, Inheritance, NotNull};
use crate::catalog::{Catalog, Hidden, Object, ObjectId, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, Expectation, RowWork, SequenceForm, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::constraint::takeover;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::table::SEQUENCES_FOLLOW;
use crate::dialect::postgres::lower::volatility::is_volatile;
use crate::dialect::postgres::lower::{Lowered, built, common, make, refuse};
use crate::plan::{Ladder, Phase, Reversal, State, Statement};

/// What old rows hold when the column comes back.
enum Refill {
    /// Nulls, or what the column computes or numbers by itself.
    Nothing,
    /// The default, row by row.
    Default(Template),
    /// A value that stands in for what is lost.
    Placeholder(Template),
}

/// The ladder of a column that goes.
pub(in crate::dialect::postgres::lower) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(column) = facts::column(lowering.pair.from, id) else {
        return Ok(Vec::new());
    };
    if column.inheritance == Inheritance::Inherited {
        return Ok(Vec::new());
    }
    let name = describe(id);
    refuse::warn(
        lowering,
        Code::DropColumn,
        id,
        format!("{name} is dropped with all its values"),
        "If it has another name now, write \"-- underpin: renamed-from\" at the new column.",
    );
    let mut steps = Vec::new();
    let written = written_by_nobody(lowering, id, column);
    if let Some(not_null) = written {
        let mut back = vec![not_null::set(lowering, id, not_null, RowWork::Scan)];
        back.extend(common::hidden_comments_made(lowering, id, &[Hidden::NotNull]));
        steps.push(rung(
            State::Present,
            if in_primary_key(lowering, id) {
                Phase::Enforce
            } else {
                Phase::Expand
            },
            not_null::dropped(lowering, SideOf::To, id),
            back,
        ));
    }
    let mut gone = rung(
        State::Absent,
        Phase::Contract,
        make::undo(lowering, lowering.pair.from, id),
        Vec::new(),
    );
    match refill(lowering, id, column) {
        Ok(refill) => {
            gone.down = remade(lowering, id, column, written.is_some(), &refill)?;
            gone.reversal = Reversal::LosesData(match refill {
                Refill::Nothing => format!("the values of {name}"),
                Refill::Default(_) => format!("the values of {name}; rows get its default"),
                Refill::Placeholder(_) => format!("the values of {name}; rows get a placeholder"),
            });
        }
        Err(why) => {
            // Where there is no row no value is missing; where there is one, no value would be honest.
            let relation = facts::relation(id);
            gone.down = vec![lowering.verify(
                Expectation::Empty(relation.clone()),
                format!("Only without rows: {why}."),
            )];
            gone.down
                .extend(remade(lowering, id, column, written.is_some(), &Refill::Nothing)?);
            gone.reversal = Reversal::LosesData(format!(
                "the values of {name}; it comes back only while {} holds no row, because {why}",
                describe(&relation)
            ));
        }
    }
    steps.push(gone);
    let why = "the old application uses it until the new one is deployed, so it goes last";
    built(id, Ladder::new(id.clone(), format!("{name} is dropped"), why, steps))
}

/// Whether a column that goes may be null before it does.
pub(in crate::dialect::postgres::lower) fn is_nullable_before_it_goes(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    facts::column(lowering.pair.from, id).is_some_and(|column| written_by_nobody(lowering, id, column).is_some())
}

/// NOT NULL of a column that the new application does not write and nothing else fills.
fn written_by_nobody<'a>(lowering: &Lowering<'_>, id: &ObjectId, column: &'a Column) -> Option<&'a NotNull> {
    let fills_itself =
        facts::default_of(lowering.pair.from, id).is_some() || column.identity.is_some() || column.generated.is_some();
    // A primary key that goes with the column does not let go of it before.
    let held = in_primary_key(lowering, id) && !takeover::is_let_go(lowering, id);
    match &column.not_null {
        Some(not_null) if !fills_itself && !held && not_null.inheritance != Inheritance::Inherited => Some(not_null),
        _ => None,
    }
}

fn in_primary_key(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    facts::primary_key(lowering.pair.from, &facts::relation(id)).is_some_and(|(_, key)| key.columns.contains(id))
}

/// What old rows get when the column comes back.
///
/// # Errors
/// Why nothing that they could get would do.
fn refill(lowering: &Lowering<'_>, id: &ObjectId, column: &Column) -> Result<Refill, String> {
    let catalog = lowering.pair.from;
    let name = describe(id);
    if column.generated.is_some() {
        return Ok(Refill::Nothing);
    }
    if referenced(lowering, id) {
        return Err(format!("other tables refer to the values of {name}, which are lost"));
    }
    if column.identity.is_some() || column.not_null.is_none() {
        return Ok(Refill::Nothing);
    }
    let mut need = Need::Any;
    let mut is_checked = false;
    for constraint in constraints(lowering.pair.from, id) {
        match &constraint.kind {
            ConstraintKind::ForeignKey(_) => {
                return Err(format!(
                    "{name} is NOT NULL and refers to another table, and its values are lost"
                ));
            }
            ConstraintKind::Key(key) if key.columns.len() == 1 => need = Need::Unique,
            ConstraintKind::Exclude(_) => {
                return Err(format!(
                    "{name} is NOT NULL and under an exclusion constraint, and its values are lost"
                ));
            }
            ConstraintKind::Check { .. } => is_checked = true,
            ConstraintKind::Key(_) => {}
        }
    }
    if is_unique_alone(lowering.pair.from, id) {
        need = Need::Unique;
    }
    if let Some(default) = facts::default_of(catalog, id) {
        if need == Need::Any || is_volatile(catalog, &default.expression) {
            return Ok(Refill::Default(default.expression.clone()));
        }
        return Err(format!(
            "the values of {name} are lost, and a key demands another one for each row"
        ));
    }
    let satisfying = (is_checked && need == Need::Any && column.collation.is_none())
        .then(|| satisfying(catalog, id, &column.data_type))
        .flatten();
    satisfying
        .or_else(|| placeholder(catalog, &column.data_type, need))
        .map(Refill::Placeholder)
        .ok_or_else(|| format!("{name} is NOT NULL, and no placeholder can stand for its lost values"))
}

/// The statements that bring a generated column back.
pub(super) fn remade_generated(lowering: &Lowering<'_>, id: &ObjectId, column: &Column) -> Lowered<Vec<Statement>> {
    remade(lowering, id, column, false, &Refill::Nothing)
}

/// The statements that bring the column back.
fn remade(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    column: &Column,
    null_before: bool,
    refill: &Refill,
) -> Lowered<Vec<Statement>> {
    let catalog = lowering.pair.from;
    let relation = facts::relation(id);
    let default = facts::default_of(catalog, id).map(|default| &default.expression);
    let mut made = Vec::new();
    let mut definition = column.clone();
    // Before the DROP it was made nullable: the state to come back to is that one.
    if null_before {
        definition.not_null = None;
    }
    let owned = make::owned_sequences(lowering, catalog, id);
    for (sequence, _) in &owned {
        made.extend(make::statements(lowering, catalog, sequence)?);
        made.extend(followed(lowering, &relation, sequence));
    }
    let set = |expression: &Template| {
        let form = TableForm::SetDefault(id.clone(), expression.clone());
        lowering.alter_table(&relation, form, format!("{} has its default again.", describe(id)))
    };
    match refill {
        Refill::Nothing => {
            let work = match (&column.generated, &column.identity) {
                (None, None) => RowWork::CatalogOnly,
                (Some(_), _) | (_, Some(_)) => RowWork::Rewrite,
            };
            made.push(add::statement(lowering, id, &definition, None, work));
            made.extend(default.map(set));
        }
        Refill::Default(value) => {
            let work = if is_volatile(catalog, value) {
                RowWork::Rewrite
            } else {
                RowWork::CatalogOnly
            };
            made.push(add::statement(lowering, id, &definition, Some(value), work));
        }
        Refill::Placeholder(value) => {
            made.push(add::statement(
                lowering,
                id,
                &definition,
                Some(value),
                RowWork::CatalogOnly,
            ));
            made.push(lowering.alter_table(
                &relation,
                TableForm::DropDefault(id.clone()),
                "The placeholder was for rows that exist.",
            ));
        }
    }
    for (sequence, _) in owned {
        made.push(lowering.statement(
            Action::SetOwnedBy {
                sequence,
                column: Some(id.clone()),
            },
            "The sequence goes away with its column.",
        ));
    }
    if let Some(entry) = lowering.from(id) {
        let mut entry = entry.clone();
        if let Object::Column(column) = &mut entry.object {
            column.not_null = None;
        }
        made.extend(make::completion(lowering, id, &entry));
    }
    let parts: &[Hidden] = match null_before {
        true => &[Hidden::Sequence],
        false => &[Hidden::Sequence, Hidden::NotNull],
    };
    made.extend(common::hidden_comments_made(lowering, id, parts));
    Ok(made)
}

/// What a sequence that comes back with its column has become with the table, which goes back later.
fn followed(lowering: &Lowering<'_>, relation: &ObjectId, sequence: &ObjectId) -> Option<Statement> {
    let before = facts::table(lowering.pair.from, relation)?.persistence;
    let now = facts::table(lowering.pair.to, relation)?.persistence;
    let follows = before != now && lowering.options.version >= SEQUENCES_FOLLOW;
    follows.then(|| {
        let action = Action::AlterSequence {
            sequence: sequence.clone(),
            forms: vec![SequenceForm::Persistence(now)],
        };
        lowering.statement(action, "As its table is until that goes back.")
    })
}

/// The constraints of the table over a column.
pub(super) fn constraints<'a>(catalog: &'a Catalog, id: &ObjectId) -> impl Iterator<Item = &'a Constraint> {
    let relation = facts::relation(id);
    let mut found = Vec::new();
    for (part, _) in catalog.parts(&relation) {
        if let Some(constraint) = facts::constraint(catalog, part)
            && facts::columns_of(constraint, &relation).contains(id)
        {
            found.push(constraint);
        }
    }
    found.into_iter()
}

/// Whether a unique index stands on the column alone.
pub(super) fn is_unique_alone(catalog: &Catalog, id: &ObjectId) -> bool {
    catalog.parts(&facts::relation(id)).any(|(part, _)| {
        facts::index(catalog, part).is_some_and(|index| {
            index.uniqueness.is_unique() && index.keys.len() == 1 && facts::columns_of_index(index).contains(id)
        })
    })
}

/// Whether a foreign key of any table refers to the column.
fn referenced(lowering: &Lowering<'_>, id: &ObjectId) -> bool {
    lowering.users(SideOf::From, id).iter().any(|user| {
        facts::constraint(lowering.pair.from, user).is_some_and(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => key.referenced.contains(id),
            ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn a_column_that_nobody_writes_any_more_may_be_null_before_it_goes() {
        let found = ups(
            "CREATE TABLE t (id int, name text NOT NULL);",
            "CREATE TABLE t (id int);",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ALTER COLUMN name DROP NOT NULL
            contract: ALTER TABLE public.t DROP COLUMN name
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn a_placeholder_stands_for_lost_values() {
        let found = downs(
            "CREATE TABLE t (id int, name text NOT NULL);",
            "CREATE TABLE t (id int);",
        );
        expect![[r#"
            contract: ALTER TABLE public.t ADD COLUMN name text DEFAULT ''::text
            contract: ALTER TABLE public.t ALTER COLUMN name DROP DEFAULT
            expand: ALTER TABLE public.t ADD CONSTRAINT t_name_not_null NOT NULL name
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn no_placeholder_obeys_a_foreign_key() {
        let found = downs(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int, p int NOT NULL REFERENCES p);",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int);",
        );
        expect![[r#"
            contract: DO $$ BEGIN IF EXISTS ( SELECT FROM public.t ) THEN RAISE EXCEPTION 'public.t has rows'; END IF; END $$
            contract: ALTER TABLE public.t ADD COLUMN p integer
            expand: ALTER TABLE public.t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p) REFERENCES public.p (id)
            expand: ALTER TABLE public.t ADD CONSTRAINT t_p_not_null NOT NULL p
        "#]].assert_eq(&found);
    }
}
