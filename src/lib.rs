//! Underpin compiles two PostgreSQL schema snapshots into phased, proved migration files.

pub mod catalog;
pub mod check;
pub mod cli;
pub mod compile;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod emit;
pub mod graph;
#[cfg(feature = "live")]
pub mod live;
pub mod pair;
pub mod plan;
pub mod snapshot;
pub mod source;
pub mod syntax;

pub use compile::{Compared, CompileOptions, Compiled, compare, compile};
