//! The writer: identities, definitions and actions to SQL text.
//!
//! The only place that quotes and the only place that makes SQL. Every name is written with its schema, so that the
//! text means the same under any `search_path`. It decides nothing: what is written when is the lowering's business.
//! Output is for people too: keywords in upper case, one column a line.

mod action;
mod alter_table;
mod backfill;
pub mod data_type;
mod grant;
pub mod identity;
pub mod objects;
pub mod options;
pub mod quote;
pub mod sync;
pub mod template;
mod verify;

pub use action::action;
pub use data_type::data_type;
pub use identity::identity;
pub use quote::{dollar_quote, ident, literal, qualified};
pub use template::template;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
