//! The command line: grammar, commands, rendering, exit codes.
//!
//! The only part, besides `live`, that reads and writes outside the program. One file a command; what a command computes
//! is the library's business.

mod arguments;
mod changes;
mod check;
mod debug;
mod diff;
pub mod explain;
pub mod input;
mod migrations;
mod plan;
mod progress;
pub mod render;
mod scoping;
mod sizes;
mod snapshot;
mod values;
#[cfg(feature = "live")]
mod verify;
pub mod write_out;

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

use clap::{CommandFactory, Parser};

use crate::diagnostic::{Diagnostic, has_errors};
use crate::source::Sources;
use arguments::{Arguments, Command};

/// The stack that a command runs on. Expressions nest as deep as their author likes, and walking them recurses; only the
/// pages that are used are taken from the system.
const STACK_BYTES: usize = 512 * 1024 * 1024;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// What was asked for is done.
    Done,
    /// An error, or a hazard that was not allowed.
    Failed,
    /// There are differences, and the caller asked to be told so; or something that was checked is not so.
    Different,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
            Exit::Different => ExitCode::from(2),
        }
    }
}

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error).into(),
    };
    let thread = thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || run(arguments.command));
    let result = match thread.map(thread::JoinHandle::join) {
        Ok(Ok(result)) => result,
        // The panic's message has been written already.
        Ok(Err(_)) => return Exit::Failed.into(),
        Err(error) => Err(error),
    };
    match result {
        Ok(exit) => exit.into(),
        // The reader of a pipe may go away when it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done.into(),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: could not write the output: {error}");
            Exit::Failed.into()
        }
    }
}

/// Shows help on standard output, and what is wrong with a command line on standard error.
fn usage(error: &clap::Error) -> Exit {
    let _ = error.print();
    match error.use_stderr() {
        true => Exit::Failed,
        false => Exit::Done,
    }
}

/// Runs a command. Errors: an output stream cannot be written to.
fn run(command: Command) -> io::Result<Exit> {
    match command {
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        #[cfg(feature = "live")]
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Debug(command) => debug::run(&command),
        Command::Explain { code: None } => print(&explain::list()),
        Command::Explain { code: Some(code) } => match explain::explain(&code) {
            Ok(text) => print(&text),
            Err(error) => {
                writeln!(
                    io::stderr(),
                    "error: {error}\n\nhint: underpin explain lists all codes."
                )?;
                Ok(Exit::Failed)
            }
        },
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "underpin", &mut text);
            io::stdout().lock().write_all(&text)?;
            Ok(Exit::Done)
        }
    }
}

/// Writes data to standard output.
fn print(text: &str) -> io::Result<Exit> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// Writes a value to standard output as JSON.
fn print_json(value: &impl serde::Serialize) -> io::Result<Exit> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    print(&text)
}

/// Shows diagnostics on standard error; the exit code says whether there is an error among them.
fn report(diagnostics: &[Diagnostic], sources: &Sources) -> io::Result<Exit> {
    render::to_stderr(diagnostics, sources)?;
    Ok(exit_of(diagnostics))
}

/// `Failed` when there is an error among the diagnostics.
fn exit_of(diagnostics: &[Diagnostic]) -> Exit {
    match has_errors(diagnostics) {
        true => Exit::Failed,
        false => Exit::Done,
    }
}
