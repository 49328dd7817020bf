//! Runs a file of SQL as `psql -v ON_ERROR_STOP=1 -f` does: statement by statement, stopping at the first error.
//!
//! Prefers `psql` itself, which is what users run; without it the file is split here and sent statement by statement.

use std::fs;
use std::path::{Path, PathBuf};

use super::server::Server;
use super::{Error, Fault};
use crate::source::Sources;
use crate::syntax;

/// Runs files on one server.
pub struct Runner<'server> {
    server: &'server dyn Server,
    psql: Option<PathBuf>,
}

impl<'server> Runner<'server> {
    /// A runner that uses `psql` when it is installed.
    pub fn new(server: &'server dyn Server) -> Runner<'server> {
        Runner {
            server,
            psql: server.client("psql").ok(),
        }
    }

    /// Runs a file on a database.
    ///
    /// # Errors
    /// [`Error::Sql`] with the message of the first statement that failed; what stood before it has been done.
    pub fn file(&self, database: &str, file: &Path) -> Result<(), Error> {
        match &self.psql {
            Some(psql) => self.with_psql(psql, database, file),
            None => self.without_psql(database, file),
        }
    }

    /// Runs a file in one transaction that is rolled back: it works, or says why not, and leaves nothing.
    ///
    /// # Errors
    /// [`Error::Sql`] with the message of the first statement that failed.
    pub fn trial(&self, database: &str, file: &Path) -> Result<(), Error> {
        let mut client = self.server.connect(database)?;
        let mut transaction = client.transaction()?;
        for statement in statements(file)? {
            transaction
                .batch_execute(&statement)
                .map_err(|error| failed(file, &error))?;
        }
        Ok(transaction.rollback()?)
    }

    fn with_psql(&self, psql: &Path, database: &str, file: &Path) -> Result<(), Error> {
        let output = self
            .server
            .client_command(psql)
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null"])
            .args(["-d", database])
            .arg("-f")
            .arg(file)
            .output()
            .map_err(Error::system(format!("could not run {}", psql.display())))?;
        if output.status.success() {
            return Ok(());
        }
        Err(Error::Sql {
            file: file.to_path_buf(),
            message: String::from_utf8_lossy(&output.stderr).trim_end().to_owned(),
            fault: None,
        })
    }

    fn without_psql(&self, database: &str, file: &Path) -> Result<(), Error> {
        let mut client = self.server.connect(database)?;
        for statement in statements(file)? {
            client.batch_execute(&statement).map_err(|error| failed(file, &error))?;
        }
        Ok(())
    }
}

/// The statements of a file, in order.
///
/// # Errors
/// [`Error::Sql`] for a file that can not be split, or that holds what only `psql` understands.
pub fn statements(file: &Path) -> Result<Vec<String>, Error> {
    let refuse = |message: &str| Error::Sql {
        file: file.to_path_buf(),
        message: message.to_owned(),
        fault: None,
    };
    let text = fs::read_to_string(file).map_err(Error::system(format!("could not read {}", file.display())))?;
    let mut sources = Sources::new();
    let source = sources.add(file.display().to_string(), text);
    let script = syntax::split(source, sources.text(source));
    if script.has_errors() {
        return Err(refuse("the file can not be split into statements"));
    }
    let script = script.value;
    if !script.skipped.is_empty() {
        return Err(refuse("the file holds what only psql understands"));
    }
    Ok(script
        .statements
        .iter()
        .map(|statement| sources.slice(statement.span).to_owned())
        .collect())
}

/// A statement of a file failed.
pub(super) fn failed(file: &Path, error: &postgres::Error) -> Error {
    Error::Sql {
        file: file.to_path_buf(),
        message: super::server_words(error),
        fault: error.as_db_error().map(Fault::of),
    }
}
