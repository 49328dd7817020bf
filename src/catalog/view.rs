//! Views and materialized views (PostgreSQL manual, CREATE VIEW, CREATE MATERIALIZED VIEW).

use super::data_type::DataType;
use super::id::ObjectId;
use super::name::Ident;
use super::options::Options;
use super::refers::{Refers, refers};
use super::template::Template;

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The query in canonical form, `*` expanded as it was when the view was made.
    pub query: Template,
    /// The names of its columns in order; each is a [`super::Object::ViewColumn`] too.
    pub columns: Vec<Ident>,
    /// The types of its columns in the same order, as far as they are known.
    pub types: ColumnTypes,
    /// `security_barrier`, `security_invoker`, `check_option`.
    pub options: Options,
}
refers!(View { query, types });

/// A materialized view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterializedView {
    /// The query in canonical form.
    pub query: Template,
    /// The names of its columns in order; each is a [`super::Object::ViewColumn`] too.
    pub columns: Vec<Ident>,
    /// The types of its columns in the same order, as far as they are known.
    pub types: ColumnTypes,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, when it is not the default.
    pub tablespace: Option<Ident>,
    /// The table access method, when it is not the default.
    pub access_method: Option<Ident>,
    /// WITH DATA or WITH NO DATA when it was made.
    pub population: Population,
}
refers!(MaterializedView { query, types });

/// The types of a query's columns. They follow from the query, so that two views with the same query are the same.
#[derive(Clone, Debug, Default)]
pub struct ColumnTypes(pub Vec<Option<DataType>>);

impl PartialEq for ColumnTypes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for ColumnTypes {}

impl Refers for ColumnTypes {
    fn references(&self, _: &mut dyn FnMut(&ObjectId)) {
        // What the query refers to is named there.
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        for data_type in self.0.iter_mut().flatten() {
            data_type.rename(rename);
        }
    }
    fn doubts(&self, _: &mut dyn FnMut(super::Doubt)) {}
}

/// Whether a materialized view is filled when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// WITH DATA.
    WithData,
    /// WITH NO DATA.
    WithNoData,
}
