//! Views and materialized views (PostgreSQL manual, CREATE VIEW, CREATE MATERIALIZED VIEW).

use super::name::Ident;
use super::options::Options;
use super::refers::refers;
use super::template::Template;

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The query in canonical form, `*` expanded as it was when the view was made.
    pub query: Template,
    /// The names of its columns in order; each is a [`super::Object::ViewColumn`] too.
    pub columns: Vec<Ident>,
    /// `security_barrier`, `security_invoker`, `check_option`.
    pub options: Options,
}
refers!(View { query });

/// A materialized view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterializedView {
    /// The query in canonical form.
    pub query: Template,
    /// The names of its columns in order; each is a [`super::Object::ViewColumn`] too.
    pub columns: Vec<Ident>,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, when it is not the default.
    pub tablespace: Option<Ident>,
    /// The table access method, when it is not the default.
    pub access_method: Option<Ident>,
    /// WITH DATA or WITH NO DATA when it was made.
    pub population: Population,
}
refers!(MaterializedView { query });

/// Whether a materialized view is filled when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// WITH DATA.
    WithData,
    /// WITH NO DATA.
    WithNoData,
}
