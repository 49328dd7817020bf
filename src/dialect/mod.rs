//! What belongs to one database product each.

pub mod postgres;
