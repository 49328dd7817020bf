//! Watches what a file locks, from a second session, while the first runs it.
//!
//! Knows `pg_locks`. A file that is one transaction is replayed statement by statement with a look after each, before
//! its COMMIT lets go; a statement that runs on its own account is watched while it runs, so that of short locks some
//! may be missed: what is seen is true, what is not seen proves nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use postgres::Client;

use super::server::Server;
use super::{Error, run};
use crate::plan::lock::LockMode;

/// How often a statement that runs alone is looked at.
const INTERVAL: Duration = Duration::from_millis(1);

/// Locks on committed relations outside the system's own schemas. Indexes are left out: whoever is kept from an index is
/// kept from its table in a way the statement's form tells. What the watched session has made itself has no row in our
/// `pg_class` yet, and nobody else can wait for it.
const QUESTION: &str = "
    SELECT DISTINCT namespace.nspname || '.' || class.relname, held.mode
      FROM pg_locks AS held
      JOIN pg_class AS class ON class.oid = held.relation
      JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
     WHERE held.pid = $1 AND held.granted AND held.locktype = 'relation'
       AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND class.relkind NOT IN ('i', 'I')
       AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

/// The strongest mode seen on each relation, by its schema and name, unquoted, with a dot between.
pub type Observed = BTreeMap<String, LockMode>;

/// Runs a file statement by statement and says what it locked.
///
/// # Errors
/// When the file can not be split, or a statement fails; what stood before it has been done.
pub fn observe(server: &dyn Server, database: &str, file: &Path) -> Result<Observed, Error> {
    let statements = run::statements(file)?;
    let mut session = server.connect(database)?;
    let mut watcher = server.connect(database)?;
    let process: i32 = session.query_one("SELECT pg_backend_pid()", &[])?.try_get(0)?;
    let mut observed = Observed::new();
    for statement in &statements {
        watched(&mut session, &mut watcher, process, statement, &mut observed).map_err(|error| match error {
            Error::Server(error) => run::failed(file, &error),
            other => other,
        })?;
        // The locks of an open transaction are all still there.
        look(&mut watcher, process, &mut observed)?;
    }
    Ok(observed)
}

/// Runs one statement while looking at its locks.
fn watched(
    session: &mut Client,
    watcher: &mut Client,
    process: i32,
    statement: &str,
    observed: &mut Observed,
) -> Result<(), Error> {
    let running = AtomicBool::new(true);
    thread::scope(|scope| {
        let looking = scope.spawn(|| {
            while running.load(Ordering::Relaxed) {
                look(watcher, process, observed)?;
                thread::sleep(INTERVAL);
            }
            Ok::<(), Error>(())
        });
        let result = session.batch_execute(statement);
        running.store(false, Ordering::Relaxed);
        // A watcher that panicked would be a defect of the driver; the statement's own result still counts.
        let looked = looking.join().unwrap_or(Ok(()));
        result?;
        looked
    })
}

/// Adds the locks a session holds now.
fn look(watcher: &mut Client, process: i32, observed: &mut Observed) -> Result<(), Error> {
    for row in watcher.query(QUESTION, &[&process])? {
        let name: &str = row.try_get(1)?;
        if let Some(mode) = LockMode::from_catalog_name(name) {
            let strongest = observed.entry(row.try_get(0)?).or_insert(mode);
            *strongest = (*strongest).max(mode);
        }
    }
    Ok(())
}
