//! `git:REVISION:PATH`: a file or directory as a revision has it, through the program `git`.
//!
//! Knows git's plumbing commands. PATH counts from the current directory, as it does for all other inputs.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use super::directory;
use crate::diagnostic::{Code, Diagnostic};

/// What stands under an argument without its `git:`, as names and bytes in the order in which they are to be applied.
///
/// # Errors
/// `git` is not there, or does not know the revision or the path; names that leave the order open.
pub fn read(argument: &str) -> Result<Vec<(String, Vec<u8>)>, Diagnostic> {
    let name = format!("git:{argument}");
    let parts = argument.split_once(':');
    let Some((revision, path)) = parts.filter(|(revision, path)| !revision.is_empty() && !path.is_empty()) else {
        let message = format!("\"{name}\" names no file of a revision");
        return Err(Diagnostic::error(Code::UnreadableFile, message)
            .hint("Write git:REVISION:PATH, as in git:main:schema.sql."));
    };
    if revision.starts_with('-') || path.starts_with('/') {
        let message = format!("\"{name}\" names no file of a revision");
        let hint = "PATH counts from the current directory, as in git:main:db/schema.sql.";
        return Err(Diagnostic::error(Code::UnreadableFile, message).hint(hint));
    }
    let object = format!("{revision}:./{}", path.trim_start_matches("./"));
    let kind = run(&name, &["cat-file", "-t", &object])?;
    if kind.trim_ascii() != b"tree" {
        return Ok(vec![(name.clone(), run(&name, &["cat-file", "blob", &object])?)]);
    }
    let listing = run(&name, &["ls-tree", "-r", "-z", "--full-tree", &object])?;
    let place = name.trim_end_matches('/');
    let files = files(&String::from_utf8_lossy(&listing));
    if files.is_empty() {
        return Err(super::no_sql_files(place));
    }
    let order = directory::arrange(files.iter().map(|(path, _)| path.clone()).collect(), place)?;
    let hashes: Vec<&str> = order
        .iter()
        .filter_map(|path| files.iter().find(|(other, _)| other == path))
        .map(|(_, hash)| hash.as_str())
        .collect();
    let texts = blobs(&name, &hashes)?;
    Ok(order.iter().map(|path| format!("{place}/{path}")).zip(texts).collect())
}

/// The paths and hashes of the files in `git ls-tree -z`'s output that may be read.
fn files(listing: &str) -> Vec<(String, String)> {
    let entries = listing.split('\0').filter_map(|entry| entry.split_once('\t'));
    entries
        .filter_map(|(facts, path)| {
            let [mode, kind, hash] = facts.split(' ').collect::<Vec<_>>()[..] else {
                return None;
            };
            let is_file = kind == "blob" && mode != "120000";
            let hidden = path.split('/').any(|part| part.starts_with('.'));
            (is_file && !hidden && directory::is_read(path)).then(|| (path.to_owned(), hash.to_owned()))
        })
        .collect()
}

/// The contents of objects, read by one process.
fn blobs(name: &str, hashes: &[&str]) -> Result<Vec<Vec<u8>>, Diagnostic> {
    let mut child = command(&["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_run(name, &error))?;
    let (Some(mut stdin), Some(mut stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed(name, "it gave no output"));
    };
    let request: String = hashes.iter().map(|hash| format!("{hash}\n")).collect();
    let mut output = Vec::new();
    let read = std::thread::scope(|scope| {
        // Both ends go on at once: git would wait for its output to be read.
        scope.spawn(move || {
            let _ = stdin.write_all(request.as_bytes());
        });
        stdout.read_to_end(&mut output)
    });
    let ended = child.wait();
    read.and(ended).map_err(|error| not_run(name, &error))?;
    let mut rest = output.as_slice();
    hashes
        .iter()
        .map(|_| next_blob(&mut rest).ok_or_else(|| failed(name, "it gave less than was asked for")))
        .collect()
}

/// Takes `HASH blob SIZE`, the contents and a line feed from the front.
fn next_blob(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let line = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&rest[..line]).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let end = line.checked_add(1)?.checked_add(size)?;
    let blob = rest.get(line + 1..end)?.to_vec();
    *rest = rest.get(end + 1..)?;
    Some(blob)
}

fn run(name: &str, arguments: &[&str]) -> Result<Vec<u8>, Diagnostic> {
    let output = command(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_run(name, &error))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(failed(name, String::from_utf8_lossy(&output.stderr).trim())),
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).env("LC_ALL", "C");
    command
}

fn not_run(name: &str, error: &io::Error) -> Diagnostic {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("could not read \"{name}\": the program git is not there"),
        _ => format!("could not read \"{name}\": git: {error}"),
    };
    Diagnostic::error(Code::ProgramFailed, message).hint("Install git, or give the text as a file.")
}

fn failed(name: &str, words: &str) -> Diagnostic {
    let words = words.trim_start_matches("fatal: ").trim_end_matches('.');
    let message = format!("could not read \"{name}\": {words}");
    let hint = match words.contains("object name") {
        true => "A shallow clone, as continuous integration makes it, has few revisions: fetch this one first.",
        false => "Write git:REVISION:PATH; PATH counts from the current directory.",
    };
    Diagnostic::error(Code::ProgramFailed, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_hidden_files_and_others_are_not_read() {
        let listing = "100644 blob aa\ta.sql\x00120000 blob bb\tlink.sql\x00100644 blob cc\t.x/c.sql\x00100755 blob dd\tb/d e.sql\x00100644 blob ee\tREADME\x00";
        assert_eq!(
            files(listing),
            [
                ("a.sql".to_owned(), "aa".to_owned()),
                ("b/d e.sql".to_owned(), "dd".to_owned())
            ]
        );
    }

    #[test]
    fn a_batch_is_taken_apart_by_sizes() {
        let mut rest: &[u8] = b"aa blob 3\na\nb\nbb blob 0\n\n";
        assert_eq!(next_blob(&mut rest), Some(b"a\nb".to_vec()));
        assert_eq!(next_blob(&mut rest), Some(Vec::new()));
        assert_eq!(next_blob(&mut rest), None);
    }

    #[test]
    fn an_argument_needs_a_revision_and_a_path() {
        for argument in ["main", ":a.sql", "main:", "-x:a.sql", "main:/etc/a.sql"] {
            assert!(read(argument).is_err(), "{argument}");
        }
    }
}
