//! The live lane: what is planned without a server, proved on one. Needs the feature `live` and an installed PostgreSQL.
//!
//! One throw-away cluster serves all trials, each with databases of its own.

mod common;

mod live {
    pub mod cases;
    pub mod clauses;
    pub mod command;
    pub mod machinery;
    pub mod mutations;
    pub mod printer;
    pub mod proof;
}

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use underpin::live::cluster::Cluster;
use underpin::live::run::Runner;
use underpin::live::{Error, find};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    if arguments.list {
        return libtest_mimic::run(&arguments, trials(None)).exit_code();
    }
    let started = find::server(None)
        .and_then(|installation| Cluster::start(&installation))
        .and_then(with_roles);
    let trials = match started {
        Ok(cluster) => trials(Some(Arc::new(cluster))),
        Err(error) => {
            // A lane that was asked for and can not run is a failure, never a silent success.
            let words = format!(
                "{error}\ninstall one (apt-get install postgresql), or fetch several with scripts/get-pg.sh DIR, \
                 and name their directories in {}",
                find::DIRECTORIES_VARIABLE
            );
            vec![Trial::test("a server is installed", move || Err(Failed::from(words)))]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Makes the roles and tablespaces that cases name; they belong to a cluster, not to a database.
fn with_roles(cluster: Cluster) -> Result<Cluster, Error> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/roles.sql");
    if file.is_file() {
        Runner::new(&cluster).file("postgres", &file)?;
    }
    live::clauses::make_globals(&cluster)?;
    Ok(cluster)
}

/// All trials; without a cluster they can be listed and not run.
fn trials(cluster: Option<Arc<Cluster>>) -> Vec<Trial> {
    let mut trials = live::machinery::trials(&cluster);
    trials.extend(live::proof::trials(&cluster));
    trials.extend(live::command::trials(&cluster));
    trials.extend(live::printer::trials(&cluster));
    trials.extend(live::cases::trials(&cluster));
    trials.extend(live::mutations::trials(&cluster));
    trials.extend(live::clauses::trials(&cluster));
    trials
}
