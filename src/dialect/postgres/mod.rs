//! PostgreSQL, majors 14 to 18.

pub mod locks;
