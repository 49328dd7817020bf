//! Underpin compiles two PostgreSQL schema snapshots, what is and what is wanted, into numbered up and down SQL files,
//! phase by phase, that are safe under live traffic and proved before they are written.
//!
//! # The pipeline
//!
//! ```text
//! text ─ syntax ─> statements + directives ─ read ─> Snapshot ┐
//!                                                             ├─ diff ─> changes ─ lower ─> ladders of rungs
//! text ─ syntax ─> statements + directives ─ read ─> Snapshot ┘                                 │
//!    files <─ emit ─ schedule (phases, files) <─ order (graph of rungs, phases) <───────────────┘
//!                └─ prove: the files' texts, read again and applied to what is, give what is wanted; and back
//! ```
//!
//! [`compile::compile`] is that line as a pure function of texts and options. Input and output stand in [`cli`] alone
//! (and in `live`, which runs plans on a real server to prove them there).
//!
//! # Words
//!
//! One word, one thing:
//!
//! * *snapshot*: what a text says the schema is, with the places where it says so;
//! * *catalog*: what a schema means, with no trace of how it was written; `==` is "the same schema";
//! * *template*: an expression, query or definition with references in the place of names;
//! * *change*: a difference of two catalogs: which object and which attribute, never how;
//! * *intent*: what the author said in directives;
//! * *pattern*: one safe way to make one kind of change, one file in `dialect/postgres/lower`;
//! * *action*: what one statement does, as data, before it is written;
//! * *statement*: an action written, with what it needs, makes, takes away and locks;
//! * *rung*: the statements that lead an object to its next state, and those that lead back;
//! * *ladder*: the rungs that one object climbs, from what is to what is wanted;
//! * *phase*: a stretch of a migration between two deploys: expand, backfill, enforce, contract;
//! * *file*: what one transaction runs, or one statement outside of any;
//! * *hazard*: something in a plan that could hurt; *refuse*: to stop with a diagnostic that says what to write.

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
pub mod scope;
pub mod script;
pub mod snapshot;
pub mod source;
pub mod syntax;

pub use compile::{Compared, CompileOptions, Compiled, compare, compile};
