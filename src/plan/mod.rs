//! Plans: ladders, steps, phases, and the locks steps take.

pub mod lock;
