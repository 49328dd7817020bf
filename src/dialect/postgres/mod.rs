//! PostgreSQL, majors 14 to 18.

pub mod action;
pub mod analyse;
mod describe;
pub mod locks;
pub mod lower;
pub mod privileges;
pub mod read;
mod storage;
mod value;
pub mod write;

pub use value::Zone;

pub use describe::{describe, full_name, kind_words, object_words};

/// The name of a user mapping for the role that runs a text, when no statement has named that role. It is in upper case:
/// a role is called so only when it was quoted.
pub const CURRENT_USER: &str = "CURRENT_USER";

/// The role that owns by convention what names no owner (manual, "Database Roles"): `initdb` makes it under this name.
pub const SUPERUSER: &str = "postgres";
