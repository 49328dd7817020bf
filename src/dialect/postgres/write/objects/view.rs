//! Views and materialized views.

use super::{if_not_exists, or_replace};
use crate::catalog::Ident;
use crate::catalog::view::{MaterializedView, Population, View};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::write::options::{tablespace_clause, with_clause};
use crate::dialect::postgres::write::quote::idents;
use crate::dialect::postgres::write::{ident, identity, template};

/// `CREATE VIEW name (columns) WITH (…) AS query`. The column list is always there: the query's own output names are
/// no part of a template, so that a column can be renamed.
pub fn create(create: &Create, view: &View) -> String {
    format!(
        "CREATE {}VIEW {}{}{} AS\n{}",
        or_replace(create.mode),
        identity(&create.id),
        columns(&view.columns),
        with_clause(&view.options),
        template(&view.query)
    )
}

/// `CREATE MATERIALIZED VIEW`.
pub fn create_materialized(create: &Create, view: &MaterializedView) -> String {
    let method = view
        .access_method
        .as_ref()
        .map(|method| format!(" USING {}", ident(method)));
    let population = match view.population {
        Population::WithData => "WITH DATA",
        Population::WithNoData => "WITH NO DATA",
    };
    format!(
        "CREATE MATERIALIZED VIEW {}{}{}{}{}{} AS\n{}\n{population}",
        if_not_exists(create.guard),
        identity(&create.id),
        columns(&view.columns),
        method.unwrap_or_default(),
        with_clause(&view.options),
        tablespace_clause(view.tablespace.as_ref()),
        template(&view.query)
    )
}

/// The list of columns; a view without any has none.
fn columns(names: &[Ident]) -> String {
    match names {
        [] => String::new(),
        names => format!(" ({})", idents(names)),
    }
}
