//! A real server, to prove what was planned without one.
//!
//! Knows processes, sockets and `pg_dump`. Must not be needed by anything that plans: the feature `live` turns all of it
//! off. Unlike the rest of the library it reads the environment and the file system.
//!
//! [`find`] looks for installed servers, [`cluster`] starts a throw-away one, [`server`] is what a proof needs of it or of another,
//! [`generate`] makes rows, [`run`] runs a file as `psql -f` does,
//! [`compare`] says how two databases differ, [`locks`] watches what a file locks, [`rows`] sums up what tables hold, [`plan_folder`]
//! reads what was planned, and [`verify`] proves it with all of these.

pub mod cluster;
pub mod compare;
pub mod find;
pub mod finding;
pub mod generate;
pub mod locks;
pub mod plan_folder;
pub mod rows;
pub mod run;
pub mod server;
pub mod verify;

use std::path::PathBuf;

/// Why a real server could not do its part.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No installation has the programs that are needed.
    #[error("no PostgreSQL {wanted} found")]
    NotFound {
        /// What was looked for: `server`, `pg_dump 17 or later`.
        wanted: String,
    },
    /// The operating system refused something.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: String,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A program of PostgreSQL's ended with an error.
    #[error("{} failed: {message}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// What it wrote to its standard error.
        message: String,
    },
    /// The server did not start.
    #[error("the server did not start: {log}")]
    NotStarted {
        /// The end of its log.
        log: String,
    },
    /// Nobody the server could run as: it refuses to run as root.
    #[error("the server can not run as root, and there is no user postgres or nobody")]
    NoUser,
    /// A file's SQL failed.
    #[error("{}: {message}", file.display())]
    Sql {
        /// The file.
        file: PathBuf,
        /// The server's message with its place.
        message: String,
        /// Its kind, where the server said it to us.
        fault: Option<Fault>,
    },
    /// A plan that was written can not be read.
    #[error("{}: {message}", file.display())]
    Plan {
        /// Its `plan.json`.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// An address of a server that is not one place.
    #[error("the server's address must name one host")]
    Hosts,
    /// A question to the server failed.
    #[error("{}", server_words(.0))]
    Server(#[from] postgres::Error),
}

/// What kind of error a server reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code, five letters (`SQLSTATE`).
    pub code: String,
    /// The table it is about, by schema and name with a dot between, where the server names it.
    pub table: Option<String>,
}

impl Fault {
    fn of(reported: &postgres::error::DbError) -> Fault {
        Fault {
            code: reported.code().code().to_owned(),
            table: reported
                .schema()
                .zip(reported.table())
                .map(|(schema, table)| format!("{schema}.{table}")),
        }
    }

    /// Whether rows are at fault: they cannot be converted (class 22), or break a rule (class 23).
    pub fn is_of_rows(&self) -> bool {
        self.code.starts_with("22") || self.code.starts_with("23")
    }
}

impl Error {
    /// Says what was tried when the operating system refused.
    fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
        let what = what.into();
        |source| Error::System { what, source }
    }
}

/// The server's own message where it sent one; the driver's says only "db error".
fn server_words(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(reported) => format!("{}: {}", reported.severity(), reported.message()),
        // The driver keeps the cause apart: "error connecting to server" alone helps nobody.
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}
