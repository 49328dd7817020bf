//! Storage, compression, statistics and options of a column that is: each is one statement, catalog only, in expand.
//!
//! | difference | statement | lock |
//! |---|---|---|
//! | storage, compression | SET STORAGE, SET COMPRESSION: new values only | ACCESS EXCLUSIVE |
//! | statistics, options | SET STATISTICS, SET (…), RESET (…) | SHARE UPDATE EXCLUSIVE |
//! | options of a foreign table's column | OPTIONS (ADD …, SET …, DROP …) | ACCESS EXCLUSIVE |

use crate::catalog::ObjectId;
use crate::catalog::table::Column;
use crate::dialect::postgres::action::TableForm;
use crate::dialect::postgres::action::table::OptionsChange;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, facts, options};
use crate::dialect::postgres::storage::type_storage;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, State, Statement};
use std::sync::Arc;

/// The first version with SET STORAGE DEFAULT.
const STORAGE_DEFAULT: u16 = 16;

/// The ladder of one setting.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attribute: Attribute) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (
        facts::column(lowering.pair.from, id),
        facts::column(lowering.pair.to, id),
    ) else {
        return Ok(Vec::new());
    };
    let steps = vec![rung(
        State::Public,
        Phase::Expand,
        statements(lowering, id, attribute, from, to),
        statements(lowering, id, attribute, to, from),
    )];
    let why = "only the catalog changes, and neither application sees it";
    built(
        id,
        Ladder::new(id.clone(), format!("a setting of {} changes", describe(id)), why, steps),
    )
}

fn statements(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    attribute: Attribute,
    from: &Column,
    to: &Column,
) -> Vec<Statement> {
    let forms = match attribute {
        Attribute::Storage => {
            let by_name = to.storage.is_some() || lowering.options.version >= STORAGE_DEFAULT;
            // Older servers have no word for what the type has by itself.
            let own = || type_storage(lowering.pair.to, &to.data_type).map(Arc::from);
            let storage = if by_name { to.storage.clone() } else { own() };
            vec![TableForm::SetStorage(id.clone(), storage)]
        }
        Attribute::Compression => vec![TableForm::SetCompression(id.clone(), to.compression.clone())],
        Attribute::Statistics => vec![TableForm::SetStatistics(id.clone(), to.statistics)],
        Attribute::Options => {
            let (set, reset) = options::difference(&from.options, &to.options);
            let set = (!set.is_empty()).then(|| TableForm::SetColumnOptions(id.clone(), set));
            let reset = (!reset.is_empty()).then(|| TableForm::ResetColumnOptions(id.clone(), reset));
            set.into_iter().chain(reset).collect()
        }
        Attribute::ForeignOptions => vec![TableForm::ColumnForeignOptions(
            id.clone(),
            OptionsChange {
                from: from.foreign_options.clone(),
                to: to.foreign_options.clone(),
            },
        )],
        _ => Vec::new(),
    };
    forms
        .into_iter()
        .map(|form| {
            lowering.alter_table(
                &facts::relation(id),
                form,
                format!("A setting of {} changes.", describe(id)),
            )
        })
        .collect()
}
