//! The expression of a generated column that is.
//!
//! | difference | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | another expression, stored (17 and later) | SET EXPRESSION | ACCESS EXCLUSIVE, the table is written anew: a hazard | expand | the same |
//! | another expression, virtual (18) | SET EXPRESSION | ACCESS EXCLUSIVE, catalog only | expand | the same |
//! | plain from now on (stored) | DROP EXPRESSION | ACCESS EXCLUSIVE, catalog only | expand | a check that every value is what the expression gives; DROP COLUMN, ADD COLUMN |
//!
//! No statement makes a column generated again. On the way back it is made anew, which writes the table anew; where
//! something else is about the column there is no way back, and it is refused unless that is taken on purpose.
//! A plain column cannot become a generated one, nor a virtual one a stored one, nor can an older server change the
//! expression: those are refused, with what to write instead.

use super::drop::remade_generated;
use crate::catalog::table::{Generated, GeneratedStorage};
use crate::catalog::{Form, ObjectId, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Action, Expectation, Guard, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, refuse};
use crate::plan::lock::LockMode;
use crate::plan::{Ladder, Phase, Reversal, State, Statement};

/// The first version with SET EXPRESSION.
const SET_EXPRESSION: u16 = 17;

/// The ladder of a generated column that differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let of = |side| facts::column(lowering.catalog(side), id).and_then(|column| column.generated.as_ref());
    let relation = facts::relation(id);
    let (title, steps) = match (of(SideOf::From), of(SideOf::To)) {
        (Some(from), Some(to)) if from.storage == to.storage => {
            if lowering.options.version < SET_EXPRESSION {
                let message = format!("servers before 17 cannot change the expression of {}", describe(id));
                let hint = "Add a generated column of another name, and drop the old one when nothing reads it.";
                return Err(refuse::unsupported(lowering, id, message, hint));
            }
            if to.storage == GeneratedStorage::Stored {
                let message = format!(
                    "{} is stored, so that another expression writes the table anew",
                    describe(id)
                );
                refuse::hazard_of_rows(lowering, Code::TableRewrite, id, message)?;
            }
            let statement = |generated: &Generated| {
                let form = TableForm::SetExpression(id.clone(), generated.expression.clone(), generated.storage);
                lowering.alter_table(&relation, form, format!("{} is computed in another way.", describe(id)))
            };
            let step = rung(State::Public, Phase::Expand, vec![statement(to)], vec![statement(from)]);
            (format!("the expression of {} changes", describe(id)), vec![step])
        }
        (Some(from), None) if from.storage == GeneratedStorage::Stored => {
            let form = TableForm::DropExpression(id.clone());
            let up = lowering.alter_table(
                &relation,
                form,
                format!("{} keeps its values and is written from now on.", describe(id)),
            );
            let (down, reversal) = generated_again(lowering, id, from)?;
            let mut step = rung(State::Public, Phase::Expand, vec![up], down);
            step.reversal = reversal;
            (format!("{} is no longer generated", describe(id)), vec![step])
        }
        (None, None) => return Ok(Vec::new()),
        (Some(_), Some(_)) | (Some(_), None) | (None, Some(_)) => {
            let message = format!("no ALTER TABLE makes {} generated, or no longer so", describe(id));
            let hint = "Add a column of another name and drop the old one when nothing reads it.";
            return Err(refuse::unsupported(lowering, id, message, hint));
        }
    };
    let why = "PostgreSQL changes what the catalog says of the expression, and of a stored column all values";
    built(id, Ladder::new(id.clone(), title, why, steps))
}

/// What makes a column generated again, when nothing is about it but itself.
fn generated_again(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    generated: &Generated,
) -> Lowered<(Vec<Statement>, Reversal)> {
    let name = describe(id);
    let relation = facts::relation(id);
    let is_used = [SideOf::From, SideOf::To].into_iter().any(|side| {
        lowering
            .users(side, id)
            .iter()
            .any(|user| user.parent().as_ref() != Some(id) && !is_default(user))
    });
    if is_used || !lowering.surroundings.descendants(&relation).is_empty() {
        let why = format!("{name} may hold values that its expression does not give");
        return Ok((lowering.no_way_back(&why), Reversal::Irreversible(why)));
    }
    let Some(column) = facts::column(lowering.pair.from, id) else {
        return Ok((Vec::new(), Reversal::Exact));
    };
    let mut condition = TemplateBuilder::default();
    condition.push_reference(id.clone(), Form::Bare);
    condition.push_str(" IS DISTINCT FROM (");
    condition.push_template(&generated.expression);
    condition.push_str(")");
    let other_values = Expectation::NoRows {
        relation: relation.clone(),
        condition: condition.finish(),
        what: format!("rows whose {} is not what its expression gives", id.last_name()),
    };
    let lock = Action::LockTable {
        relations: vec![relation.clone()],
        mode: LockMode::AccessExclusive,
    };
    let mut down = vec![
        lowering.statement(lock, "Nobody writes between the check and what follows."),
        lowering.verify(other_values, format!("No value of {name} would be lost.")),
        lowering.alter_table(
            &relation,
            TableForm::DropColumn {
                id: id.clone(),
                guard: Guard::None,
            },
            format!("{name} is made anew: no statement makes a column generated."),
        ),
    ];
    down.extend(remade_generated(lowering, id, column)?);
    Ok((down, Reversal::Exact))
}

fn is_default(id: &ObjectId) -> bool {
    matches!(id, ObjectId::Default(..))
}
