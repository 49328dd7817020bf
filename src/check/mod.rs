//! What could hurt in a plan: one file per hazard. Knows plans only, no dialect.
//!
//! Lowering chooses patterns that do no harm; the checks look at what came out, so that a pattern that was wrong, or a
//! file that brings together what is harmless apart, is found before anything is written.

mod long_lock;

pub use long_lock::long_locks;
