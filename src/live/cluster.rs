//! A throw-away server: made, started, stopped and removed.
//!
//! Knows `initdb`, `postgres` and how to be rid of both. The server listens on a socket in a directory that only its
//! user may enter, so that trust needs no password; durability is off, as nothing in it is worth keeping.
//!
//! The server's parent is a small shell that waits for the end of a pipe from us. When we end in any way, `SIGKILL`
//! too, the pipe ends, and the shell stops the server and removes its directory.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::Error;
use super::find::Installation;

/// The name of the server's superuser, which dumps also like to name as owner.
pub const SUPERUSER: &str = "postgres";

/// How long a server may take to start on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// Free space, in kilobytes, from which on memory is preferred to a disk.
const MEMORY_WANTED: u64 = 512 * 1024;

/// The longest directory whose socket's path still fits into `sockaddr_un` (104 bytes on the strictest system).
const LONGEST_DIRECTORY: usize = 104 - "/.s.PGSQL.5432.lock".len() - 1;

/// The guard: `$1` is the directory, `$2` where the programs are, the rest arguments of the server.
///
/// `initdb` makes segments of 1 MB and does not wait for the disk, as nothing is to last. The first `read` that comes
/// back empty-handed is the end of the pipe. From then on the server is told to stop (SIGINT is its fast shutdown)
/// until it has: it may not have come as far as to say its process id, or `initdb` may still be running.
const GUARD: &str = r#"
directory=$1 programs=$2; shift 2
{
  "$programs/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C \
      --no-sync --no-instructions --wal-segsize=1 &&
    [ ! -f "$directory/stop" ] &&
    "$programs/postgres" -D "$directory/data" -k "$directory" "$@"
  : >"$directory/ended"
} </dev/null >"$directory/log" 2>&1 &
while read -r _; do :; done
: >"$directory/stop"
until [ -f "$directory/ended" ]; do
  kill -INT "$(head -n 1 "$directory/data/postmaster.pid")"
  sleep 0.1
done
rm -rf "$directory"
"#;

/// A running server; dropping it stops the server and removes everything.
#[derive(Debug)]
pub struct Cluster {
    installation: Installation,
    directory: PathBuf,
    guard: Child,
}

/// Who the server runs as, when we are root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct User {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Makes and starts a server, in memory when there is room.
    ///
    /// # Errors
    /// When `initdb` or the server fails, or root finds no other user to run them as.
    pub fn start(installation: &Installation) -> Result<Cluster, Error> {
        let (directory, user) = make_directory()?;
        let guard = match spawn_guard(installation, &directory, user) {
            Ok(guard) => guard,
            Err(error) => {
                // Best effort: the error that brought us here is the one worth telling.
                let _ = fs::remove_dir(&directory);
                return Err(error);
            }
        };
        // From here on dropping the cluster cleans up.
        let cluster = Cluster {
            installation: installation.clone(),
            directory,
            guard,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The installation the server comes from.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// The directory of the server's socket: the host to give to `psql -h`.
    pub fn host(&self) -> &Path {
        &self.directory
    }

    /// Waits until the eighth line of `postmaster.pid` says `ready` (`utils/pidfile.h`).
    fn wait_until_ready(&self) -> Result<(), Error> {
        let begin = Instant::now();
        let file = self.directory.join("data").join("postmaster.pid");
        loop {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if text.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let ended = self.directory.join("ended").exists();
            if ended || begin.elapsed() > START_TIMEOUT {
                let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                return Err(Error::NotStarted {
                    log: last_lines(&log, 5),
                });
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of the pipe is the guard's sign; what it can not do is not for us to report from here.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// Makes the server's directory, closed to all but the server's user.
fn make_directory() -> Result<(PathBuf, Option<User>), Error> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "underpin-pg-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let directory = parent_directory().join(name);
    let problem = format!("could not make {}", directory.display());
    DirBuilder::new()
        .mode(0o700)
        .create(&directory)
        .map_err(Error::system(problem.clone()))?;
    // The owner of what we have just made is who we are.
    let ourselves = fs::metadata(&directory).map_err(Error::system(problem.clone()))?.uid();
    if ourselves != 0 {
        return Ok((directory, None));
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = server_user(&accounts);
    if let Some(user) = user {
        chown(&directory, Some(user.uid), Some(user.gid)).map_err(Error::system(problem))?;
        return Ok((directory, Some(user)));
    }
    let _ = fs::remove_dir(&directory);
    Err(Error::NoUser)
}

/// Where the server's directory goes: memory with room in it, else the place for temporary files.
fn parent_directory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if free_kilobytes(&memory).is_some_and(|free| free >= MEMORY_WANTED) {
        return memory;
    }
    let temporary = std::env::temp_dir();
    let longest_name = "/underpin-pg-4294967295-4294967295".len();
    if temporary.as_os_str().len() + longest_name <= LONGEST_DIRECTORY {
        return temporary;
    }
    PathBuf::from("/tmp")
}

/// The free space below a directory, as `df -P` says; nothing when it does not.
fn free_kilobytes(directory: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(directory).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// The user to run the server as: `postgres`, else `nobody`.
fn server_user(accounts: &str) -> Option<User> {
    ["postgres", "nobody"].into_iter().find_map(|name| {
        accounts.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [account, _, uid, gid, ..] = fields[..] else {
                return None;
            };
            let user = User {
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            };
            (account == name).then_some(user)
        })
    })
}

/// Starts the guard, which starts the server.
fn spawn_guard(installation: &Installation, directory: &Path, user: Option<User>) -> Result<Child, Error> {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", GUARD, "underpin-guard"])
        .arg(directory)
        .arg(&installation.directory)
        .args(["-p", "5432", "-F"]);
    for setting in [
        "listen_addresses=",
        "synchronous_commit=off",
        "full_page_writes=off",
        "autovacuum=off",
        "jit=off",
        "wal_level=logical",
        "timezone=UTC",
        "max_locks_per_transaction=1000",
        "shared_buffers=64MB",
    ] {
        command.args(["-c", setting]);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A group of its own, so that Ctrl-C reaches us only and the guard can do its work.
        .process_group(0)
        .current_dir("/")
        .env("LC_ALL", "C");
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
    command.spawn().map_err(Error::system("could not run /bin/sh"))
}

/// The end of a log.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_preferred_to_nobody() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:104:110::/:/bin/sh\n";
        assert_eq!(server_user(accounts), Some(User { uid: 104, gid: 110 }));
        assert_eq!(server_user("root:x:0:0::/:/bin/sh\n"), None);
    }

    #[test]
    fn the_end_of_a_log_is_its_last_lines() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
    }
}
