//! The `underpin` program; everything is in the library.

fn main() -> std::process::ExitCode {
    underpin::cli::main()
}
