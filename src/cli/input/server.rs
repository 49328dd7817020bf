//! `postgres://…`: the schema of a live database, through `pg_dump`.
//!
//! Knows the form of an address. The password goes to `pg_dump` through its environment and is never shown: not in a
//! message, not in the list of processes.

use std::process::{Command, Stdio};

use crate::diagnostic::{Code, Diagnostic};
use crate::live::find;

/// The schema as SQL, with the address without its password as its name.
///
/// # Errors
/// There is no `pg_dump`, or it fails.
pub fn read(argument: &str) -> Result<(String, Vec<u8>), Diagnostic> {
    let address = Address::parse(argument);
    let program = find::newest_client("pg_dump").map_err(|_| {
        let message = format!("could not read \"{}\": the program pg_dump is not there", address.shown);
        let hint = format!(
            "Install PostgreSQL's clients, or name their directory in {}.",
            find::DIRECTORIES_VARIABLE
        );
        Diagnostic::error(Code::ProgramFailed, message).hint(hint)
    })?;
    let mut command = Command::new(&program);
    command
        .args(["--schema-only", "--encoding=UTF8", "--no-password", "--dbname"])
        .arg(&address.shown)
        .stdin(Stdio::null());
    if let Some(password) = &address.password {
        command.env("PGPASSWORD", password);
    }
    let refuse = |words: &str| {
        let message = format!(
            "could not read \"{}\": {}",
            address.shown,
            address.without_password(words)
        );
        let hint =
            "pg_dump must reach the server and be as new as it; a password may also stand in PGPASSWORD or ~/.pgpass.";
        Diagnostic::error(Code::ProgramFailed, message).hint(hint)
    };
    let output = command
        .output()
        .map_err(|error| refuse(&format!("{}: {error}", program.display())))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let words: Vec<&str> = words.lines().map(str::trim).collect();
        return Err(refuse(&words.join("; ")));
    }
    Ok((address.shown, output.stdout))
}

/// A server's address, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    /// The address without its password.
    shown: String,
    password: Option<String>,
}

impl Address {
    fn parse(text: &str) -> Address {
        let (scheme, rest) = text.split_once("://").unwrap_or(("postgres", text));
        let (rest, parameters) = match rest.split_once('?') {
            Some((rest, parameters)) => (rest, Some(parameters)),
            None => (rest, None),
        };
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        let mut password = None;
        let authority = match authority.rsplit_once('@') {
            Some((user, host)) => match user.split_once(':') {
                Some((user, secret)) => {
                    password = Some(decoded(secret));
                    format!("{user}@{host}")
                }
                None => authority.to_owned(),
            },
            None => authority.to_owned(),
        };
        let mut shown = format!("{scheme}://{authority}{path}");
        let mut kept: Vec<&str> = Vec::new();
        for parameter in parameters
            .unwrap_or_default()
            .split('&')
            .filter(|text| !text.is_empty())
        {
            match parameter.split_once('=') {
                Some(("password", secret)) => password = Some(decoded(secret)),
                Some(_) | None => kept.push(parameter),
            }
        }
        if !kept.is_empty() {
            shown = format!("{shown}?{}", kept.join("&"));
        }
        Address { shown, password }
    }

    fn without_password(&self, words: &str) -> String {
        match &self.password {
            Some(password) if !password.is_empty() => words.replace(password.as_str(), "***"),
            Some(_) | None => words.to_owned(),
        }
    }
}

/// A text with its `%41` as letters.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            Some(_) | None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_an_address() {
        for (text, shown, password) in [
            (
                "postgres://me:se%40cret@db:5432/shop",
                "postgres://me@db:5432/shop",
                Some("se@cret"),
            ),
            (
                "postgresql://db/shop?password=x&sslmode=require",
                "postgresql://db/shop?sslmode=require",
                Some("x"),
            ),
            ("postgres://me@db/shop", "postgres://me@db/shop", None),
            ("postgres:///shop?host=/tmp", "postgres:///shop?host=/tmp", None),
        ] {
            let address = Address::parse(text);
            assert_eq!(
                (address.shown.as_str(), address.password.as_deref()),
                (shown, password),
                "{text}"
            );
        }
    }

    #[test]
    fn a_password_is_taken_out_of_messages() {
        let address = Address::parse("postgres://me:secret@db/shop");
        assert_eq!(address.without_password("no secret here"), "no *** here");
    }
}
