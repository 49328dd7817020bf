//! A server that plans are proved on: one of our own, or one that the user gives.
//!
//! Knows how to reach it and how to make and drop databases of our own on it. Of a server that is given no other database
//! is touched: a database is made under a name that must be free, and only what was made is dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};

use super::cluster::{Cluster, SUPERUSER};
use super::{Error, find};

/// What a proof needs of a server.
pub trait Server: Sync {
    /// The server's major version.
    fn major(&self) -> u16;

    /// A session on a database.
    ///
    /// # Errors
    /// When the database is not there or the server cannot be reached.
    fn connect(&self, database: &str) -> Result<Client, Error>;

    /// A client program told where the server is, with none of the user's other settings. A database comes as its next argument.
    fn client_command(&self, program: &Path) -> Command;

    /// The path of a client program that can speak to the server.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of the server's major or a later one.
    fn client(&self, name: &str) -> Result<PathBuf, Error>;

    /// A database to make and drop others from.
    fn maintenance_database(&self) -> &str;

    /// Makes an empty database; costs about 25 ms of a processor.
    ///
    /// # Errors
    /// When the name is taken.
    fn create_database(&self, name: &str) -> Result<(), Error> {
        administer(self, "CREATE DATABASE %I TEMPLATE template0", name)
    }

    /// Drops a database with all its sessions; one that is not there is no error.
    ///
    /// # Errors
    /// When the server is gone.
    fn drop_database(&self, name: &str) -> Result<(), Error> {
        administer(self, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)
    }
}

/// Runs a statement about one database from outside it. The server itself quotes the name into the template.
fn administer<S: Server + ?Sized>(server: &S, template: &str, name: &str) -> Result<(), Error> {
    let mut client = server.connect(server.maintenance_database())?;
    let statement: String = client
        .query_one("SELECT format($1::text, $2::text)", &[&template, &name])?
        .try_get(0)?;
    Ok(client.batch_execute(&statement)?)
}

impl Server for Cluster {
    fn major(&self) -> u16 {
        self.installation().major
    }

    fn connect(&self, database: &str) -> Result<Client, Error> {
        Ok(Config::new()
            .host_path(self.host())
            .user(SUPERUSER)
            .dbname(database)
            .connect(NoTls)?)
    }

    fn client_command(&self, program: &Path) -> Command {
        let mut command = plain_command(program);
        command.arg("-h").arg(self.host()).args(["-p", "5432", "-U", SUPERUSER]);
        command
    }

    fn client(&self, name: &str) -> Result<PathBuf, Error> {
        find::client(name, Some(&self.installation().directory), self.installation().major)
    }

    fn maintenance_database(&self) -> &str {
        "postgres"
    }
}

/// A scratch server of the user's.
pub struct Given {
    config: Config,
    maintenance_database: String,
    major: u16,
}

impl Given {
    /// Reaches a server by its address, `postgres://…`.
    ///
    /// # Errors
    /// The address is none, or the server cannot be reached or is of a version that plans are not made for.
    pub fn reach(address: &str) -> Result<Given, Error> {
        let mut config = Config::from_str(address)?;
        // The driver takes the first host that answers, and psql must reach the same.
        if config.get_hosts().len() != 1 {
            return Err(Error::Hosts);
        }
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_user().is_none() {
            config.user(SUPERUSER);
        }
        let maintenance_database = config.get_dbname().unwrap_or("postgres").to_owned();
        let mut given = Given {
            config,
            maintenance_database,
            major: 0,
        };
        let mut client = given.connect(&given.maintenance_database)?;
        let number: String = client.query_one("SHOW server_version_num", &[])?.try_get(0)?;
        given.major = number
            .parse::<u32>()
            .map_or(0, |number| u16::try_from(number / 10_000).unwrap_or(0));
        Ok(given)
    }
}

impl Server for Given {
    fn major(&self) -> u16 {
        self.major
    }

    fn connect(&self, database: &str) -> Result<Client, Error> {
        Ok(self.config.clone().dbname(database).connect(NoTls)?)
    }

    fn client_command(&self, program: &Path) -> Command {
        let mut command = plain_command(program);
        match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => command.arg("-h").arg(host),
            Some(Host::Unix(directory)) => command.arg("-h").arg(directory),
            None => &mut command,
        };
        if let Some(port) = self.config.get_ports().first() {
            command.args(["-p", &port.to_string()]);
        }
        if let Some(user) = self.config.get_user() {
            command.args(["-U", user]);
        }
        if let Some(password) = self.config.get_password() {
            command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
        }
        if self.config.get_ssl_mode() == SslMode::Disable {
            command.env("PGSSLMODE", "disable");
        }
        command.arg("-w");
        command
    }

    fn client(&self, name: &str) -> Result<PathBuf, Error> {
        find::client(name, None, self.major)
    }

    fn maintenance_database(&self) -> &str {
        &self.maintenance_database
    }
}

/// A program without the settings of libpq: PGOPTIONS, PGSERVICE and their kin would change what it does.
fn plain_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}
