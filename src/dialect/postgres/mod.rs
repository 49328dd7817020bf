//! PostgreSQL, majors 14 to 18.

pub mod action;
pub mod analyse;
mod describe;
pub mod locks;
pub mod lower;
pub mod privileges;
pub mod read;
pub mod write;

pub use describe::{describe, full_name, kind_words, object_words};
