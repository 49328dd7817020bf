//! Views and materialized views.

use super::{if_not_exists, or_replace};
use crate::catalog::view::{MaterializedView, Population, View};
use crate::catalog::{Ident, Template};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::write::options::{tablespace_clause, with_clause};
use crate::dialect::postgres::write::quote::idents;
use crate::dialect::postgres::write::{ident, identity, template};

/// `CREATE VIEW name WITH (…) AS query`.
pub fn create(create: &Create, view: &View) -> String {
    let (columns, query) = query(&view.query, &view.columns);
    format!(
        "CREATE {}VIEW {}{columns}{} AS\n{query}",
        or_replace(create.mode),
        identity(&create.id),
        with_clause(&view.options),
    )
}

/// The list of columns and the query: names stand in the select list where there is one, as the server writes them.
fn query(query: &Template, columns: &[Ident]) -> (String, String) {
    match template::query(query, columns) {
        Some(text) => (String::new(), text),
        None => (format!(" ({})", idents(columns)), template(query)),
    }
}

/// `CREATE MATERIALIZED VIEW`.
pub fn create_materialized(create: &Create, view: &MaterializedView) -> String {
    let method = view
        .access_method
        .as_ref()
        .map(|method| format!(" USING {}", ident(method)));
    let (columns, query) = query(&view.query, &view.columns);
    let population = match view.population {
        Population::WithData => "WITH DATA",
        Population::WithNoData => "WITH NO DATA",
    };
    format!(
        "CREATE MATERIALIZED VIEW {}{}{columns}{}{}{} AS\n{query}\n{population}",
        if_not_exists(create.guard),
        identity(&create.id),
        method.unwrap_or_default(),
        with_clause(&view.options),
        tablespace_clause(view.tablespace.as_ref()),
    )
}
