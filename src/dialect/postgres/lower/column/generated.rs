//! The expression of a generated column that is.
//!
//! | difference | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | another expression, stored (17 and later) | SET EXPRESSION | ACCESS EXCLUSIVE, the table is written anew: a hazard | expand | the same |
//! | another expression, virtual (18) | SET EXPRESSION | ACCESS EXCLUSIVE, catalog only | expand | the same |
//! | plain from now on (stored) | DROP EXPRESSION | ACCESS EXCLUSIVE, catalog only | expand | – |
//!
//! A plain column cannot become a generated one, nor a virtual one a stored one, nor can an older server change the
//! expression: those are refused, with what to write instead.

use crate::catalog::ObjectId;
use crate::catalog::table::{Generated, GeneratedStorage};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::TableForm;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, refuse};
use crate::plan::{Ladder, Phase, Reversal, State};

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
            let why = format!("{} may hold values that its expression does not give", describe(id));
            let mut step = rung(State::Public, Phase::Expand, vec![up], lowering.no_way_back(&why));
            step.reversal = Reversal::Irreversible(why);
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
