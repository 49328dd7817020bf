//! Functions and procedures (PostgreSQL manual, CREATE FUNCTION, CREATE PROCEDURE; `pg_proc`).

use super::data_type::DataType;
use super::id::ObjectId;
use super::name::Ident;
use super::refers::{Refers, refers};
use super::template::Template;
use std::sync::Arc;

/// A function or procedure. Aggregates are kept by their definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// Function or procedure.
    pub kind: RoutineKind,
    /// All arguments in order, those of OUT mode included, RETURNS TABLE's columns not.
    pub arguments: Vec<Argument>,
    /// What it returns; `None` for a procedure, or where the OUT arguments say it.
    pub returns: Option<Returns>,
    /// The language.
    pub language: Ident,
    /// The body.
    pub body: Body,
    /// IMMUTABLE, STABLE or VOLATILE.
    pub volatility: Volatility,
    /// Whether it is called on null input.
    pub null_input: NullInput,
    /// Whose privileges it runs with.
    pub security: Security,
    /// LEAKPROOF.
    pub leakproof: Leakproof,
    /// PARALLEL SAFE, RESTRICTED or UNSAFE.
    pub parallel: Parallel,
    /// COST, as written; `None` is the language's default.
    pub cost: Option<Arc<str>>,
    /// ROWS, as written; `None` is the default.
    pub rows: Option<Arc<str>>,
    /// SUPPORT.
    pub support: Option<Template>,
    /// TRANSFORM FOR TYPE.
    pub transforms: Vec<DataType>,
    /// SET name = value, in the order given, which decides nothing; the value as it is written after TO.
    pub settings: Vec<(Arc<str>, Arc<str>)>,
    /// Objects that a string body names, as far as its language could be read: they order, they do not compare.
    pub mentions: Mentions,
}
refers!(Routine {
    arguments,
    returns,
    body,
    support,
    transforms,
    mentions
});

/// Objects named in a string body. Two routines with the same body are the same, whatever was found in it.
#[derive(Clone, Debug, Default)]
pub struct Mentions(pub Vec<ObjectId>);

impl PartialEq for Mentions {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Mentions {}

impl Refers for Mentions {
    fn references(&self, _: &mut dyn FnMut(&ObjectId)) {
        // The server does not know of them: they are asked for apart, for the order only.
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        self.0.rename(rename);
    }
    fn doubts(&self, _: &mut dyn FnMut(super::Doubt)) {}
}

/// Function, window function or procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RoutineKind {
    Function,
    WindowFunction,
    Procedure,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// IN, OUT, INOUT or VARIADIC.
    pub mode: ArgumentMode,
    /// Its name, when it has one.
    pub name: Option<Ident>,
    /// Its type.
    pub data_type: DataType,
    /// DEFAULT.
    pub default: Option<Template>,
}
refers!(Argument { data_type, default });

/// The direction of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ArgumentMode {
    In,
    Out,
    InOut,
    Variadic,
}

/// What a function returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returns {
    /// One value.
    Value(DataType),
    /// SETOF.
    SetOf(DataType),
    /// TABLE (name type, …).
    Table(Vec<(Ident, DataType)>),
}

impl Refers for Returns {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        match self {
            Returns::Value(data_type) | Returns::SetOf(data_type) => data_type.references(sink),
            Returns::Table(columns) => columns.iter().for_each(|(_, data_type)| data_type.references(sink)),
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        match self {
            Returns::Value(data_type) | Returns::SetOf(data_type) => data_type.rename(rename),
            Returns::Table(columns) => columns.iter_mut().for_each(|(_, data_type)| data_type.rename(rename)),
        }
    }
    fn doubts(&self, _: &mut dyn FnMut(super::Doubt)) {}
}

/// A routine's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// AS 'text', as the language's handler gets it.
    Text(Arc<str>),
    /// AS 'object file', 'symbol' of language C (the symbol may be missing).
    Library(Arc<str>, Option<Arc<str>>),
    /// RETURN expression or BEGIN ATOMIC … END, read when the routine is made; written as it stands.
    Sql(Template),
}

impl Refers for Body {
    fn references(&self, sink: &mut dyn FnMut(&ObjectId)) {
        match self {
            Body::Text(_) | Body::Library(..) => {}
            Body::Sql(template) => template.references().for_each(sink),
        }
    }
    fn rename(&mut self, rename: &dyn Fn(&ObjectId) -> Option<ObjectId>) {
        match self {
            Body::Text(_) | Body::Library(..) => {}
            Body::Sql(template) => template.rename(rename),
        }
    }
    fn doubts(&self, sink: &mut dyn FnMut(super::Doubt)) {
        match self {
            Body::Text(_) | Body::Library(..) => {}
            Body::Sql(template) => template.doubts().iter().copied().for_each(sink),
        }
    }
}

/// How far a function's result may be reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Volatility {
    Volatile,
    Stable,
    Immutable,
}

/// Whether a function is called on null input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullInput {
    /// CALLED ON NULL INPUT.
    Called,
    /// STRICT.
    Strict,
}

/// Whose privileges a routine runs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Security {
    Invoker,
    Definer,
}

/// LEAKPROOF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Leakproof {
    NotLeakproof,
    Leakproof,
}

/// Whether a routine may run in parallel workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Parallel {
    Unsafe,
    Restricted,
    Safe,
}
