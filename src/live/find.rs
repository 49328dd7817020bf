//! Finds installed PostgreSQL programs.
//!
//! Knows where packages put them and the variable `UNDERPIN_PG_BIN`. Downloads nothing.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Error;
use crate::dialect::postgres::locks::{NEWEST_VERSION, OLDEST_VERSION};

/// The variable that lists directories of PostgreSQL programs, as `PATH` does.
pub const DIRECTORIES_VARIABLE: &str = "UNDERPIN_PG_BIN";

/// A directory with a server in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Holds `initdb` and `postgres`.
    pub directory: PathBuf,
    /// The major version, 14 and up.
    pub major: u16,
}

impl Installation {
    /// The path of one of its programs, there or not.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// Every server found, the newest major first; only those in [`DIRECTORIES_VARIABLE`] when it names any.
pub fn installations() -> Vec<Installation> {
    let named = servers_in(named_directories(DIRECTORIES_VARIABLE));
    if named.is_empty() {
        servers_in(directories())
    } else {
        named
    }
}

/// The servers in these directories of a major version that plans are made for, the newest first; one entry for each
/// real directory.
fn servers_in(directories: Vec<PathBuf>) -> Vec<Installation> {
    let mut seen = BTreeSet::new();
    let mut found: Vec<Installation> = directories
        .into_iter()
        .filter(|directory| directory.join("initdb").is_file())
        .filter_map(|directory| {
            // Packages link the same server into several directories.
            let server = directory.join("postgres").canonicalize().ok()?;
            if !seen.insert(server.clone()) {
                return None;
            }
            let major = major_version(&server)?;
            if !(OLDEST_VERSION..=NEWEST_VERSION).contains(&major) {
                return None;
            }
            let directory = server.parent()?.to_path_buf();
            Some(Installation { directory, major })
        })
        .collect();
    // Stable, so that among equals the directory that was named first stays first.
    found.sort_by_key(|installation| std::cmp::Reverse(installation.major));
    found
}

/// The server to prove a plan for `major` on: that major, else the newest.
///
/// # Errors
/// [`Error::NotFound`] when no server is installed.
pub fn server(major: Option<u16>) -> Result<Installation, Error> {
    let found = installations();
    found
        .iter()
        .find(|installation| Some(installation.major) == major)
        .or(found.first())
        .cloned()
        .ok_or_else(|| Error::NotFound {
            wanted: "server".to_owned(),
        })
}

/// The servers in one directory of programs.
///
/// # Errors
/// [`Error::NotFound`] when there is none of a version that plans are made for.
pub fn server_in(directory: &Path) -> Result<Installation, Error> {
    let found = servers_in(vec![directory.to_path_buf(), directory.join("bin")]);
    found.into_iter().next().ok_or_else(|| Error::NotFound {
        wanted: format!("server {OLDEST_VERSION} to {NEWEST_VERSION} in {}", directory.display()),
    })
}

/// A client program (`psql`, `pg_dump`) of at least a server's major, the nearest to the server first.
///
/// # Errors
/// [`Error::NotFound`] when there is none: an older `pg_dump` refuses a newer server.
pub fn client(name: &str, beside: Option<&Path>, major: u16) -> Result<PathBuf, Error> {
    beside
        .map(Path::to_path_buf)
        .into_iter()
        .chain(directories())
        .map(|directory| directory.join(name))
        .filter(|program| program.is_file())
        .find(|program| major_version(program).is_some_and(|found| found >= major))
        .ok_or_else(|| Error::NotFound {
            wanted: format!("{name} {major} or later"),
        })
}

/// The newest of the client programs of a name: a newer `pg_dump` reads older servers too.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn newest_client(name: &str) -> Result<PathBuf, Error> {
    let programs = directories().into_iter().map(|directory| directory.join(name));
    let mut newest: Option<(u16, PathBuf)> = None;
    for program in programs.filter(|program| program.is_file()) {
        let Some(major) = major_version(&program) else {
            continue;
        };
        // Among equals the directory that was named first stays first.
        if newest.as_ref().is_none_or(|(other, _)| *other < major) {
            newest = Some((major, program));
        }
    }
    newest.map(|(_, program)| program).ok_or_else(|| Error::NotFound {
        wanted: name.to_owned(),
    })
}

/// Where programs may be: what the user names, then what the user's shell would run, then packages' places.
fn directories() -> Vec<PathBuf> {
    let mut directories = named_directories(DIRECTORIES_VARIABLE);
    directories.extend(named_directories("PATH"));
    directories.extend(configured_directory());
    for (parent, prefix, below) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/local", "pgsql", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ] {
        directories.extend(
            entries(Path::new(parent), prefix)
                .into_iter()
                .map(|entry| entry.join(below)),
        );
    }
    directories
}

/// The directories an environment variable lists.
fn named_directories(variable: &str) -> Vec<PathBuf> {
    env::var_os(variable)
        .map(|list| env::split_paths(&list).collect())
        .unwrap_or_default()
}

/// The directory `pg_config` names.
fn configured_directory() -> Option<PathBuf> {
    let text = output("pg_config".as_ref(), "--bindir")?;
    Some(PathBuf::from(text.trim()))
}

/// The entries of a directory whose names begin with `prefix`, the last name first so that newer versions lead.
fn entries(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = parent.read_dir() else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths.reverse();
    paths
}

/// The major version a program names when asked with `--version`; nothing when it does not run.
fn major_version(program: &Path) -> Option<u16> {
    parse_major(&output(program, "--version")?)
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, and `18beta1`.
fn parse_major(text: &str) -> Option<u16> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What a program writes to its standard output; nothing when it fails.
fn output(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn versions_are_read_from_releases_and_betas() {
        assert_eq!(
            parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(parse_major("pg_dump (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(parse_major("bash 5"), None);
    }
}
