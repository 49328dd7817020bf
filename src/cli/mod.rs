//! The command line: types, commands, rendering, exit codes.

pub mod explain;
pub mod input;
pub mod render;

use std::process::ExitCode;

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
