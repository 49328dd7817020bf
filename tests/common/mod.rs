//! The golden cases: what a folder of `golden/` says, and how the program is run on it.
//!
//! Knows the layout of a case. Knows nothing of what the program writes.

// Each lane is a crate of its own and uses its part of this module.
#![allow(dead_code)]

pub mod clauses;
pub mod mutations;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;

/// One folder of `golden/`.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its path below `golden/`, which is the name of its test.
    pub name: String,
    /// The folder.
    pub directory: PathBuf,
    /// What its `case.toml` says.
    pub settings: Settings,
}

/// The contents of `case.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the case shows, in one sentence.
    pub sentence: String,
    /// Arguments after `plan from.sql to.sql --out DIR`.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The exit code.
    #[serde(default)]
    pub exit: i32,
    /// What must stand somewhere in the standard error, in this order.
    #[serde(default)]
    pub stderr: Vec<String>,
    /// Whether the live lane proves the plan on a server. A plan that is not made can not be proved.
    #[serde(default = "yes")]
    pub live: bool,
    /// Whether the wanted schema means what the session that runs it says, such as its time zone: the server then writes the
    /// meaning where our text keeps what is open.
    #[serde(default)]
    pub depends_on_session: bool,
    /// The oldest server the schemas can be loaded on, where that is not 14.
    #[serde(default)]
    pub server: u16,
}

fn yes() -> bool {
    true
}

impl Case {
    /// A file of the case.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// A file of the case that need not be there.
    pub fn optional_file(&self, name: &str) -> Option<PathBuf> {
        Some(self.file(name)).filter(|file| file.is_file())
    }
}

/// All cases, by name. A folder without `case.toml` holds folders of cases.
pub fn cases() -> Result<Vec<Case>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut cases = Vec::new();
    collect(&root, &root, &mut cases)?;
    Ok(cases)
}

fn collect(root: &Path, directory: &Path, cases: &mut Vec<Case>) -> Result<(), String> {
    let file = directory.join("case.toml");
    if file.is_file() {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let settings = toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = directory.strip_prefix(root).unwrap_or(directory);
        cases.push(Case {
            name: name.display().to_string(),
            directory: directory.to_path_buf(),
            settings,
        });
        return Ok(());
    }
    let mut below: Vec<PathBuf> = directory
        .read_dir()
        .map_err(|error| format!("{}: {error}", directory.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    below.sort();
    below.iter().try_for_each(|directory| collect(root, directory, cases))
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Run {
    /// The exit code; -1 after a signal.
    pub exit: i32,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
}

/// Runs the program in a directory, without colours and without the caller's settings.
pub fn underpin(directory: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_underpin"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .output()
        .unwrap_or_else(|error| panic!("the program does not run: {error}"));
    Run {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Plans a case into a directory, with arguments of the lane after those of the case.
pub fn plan(case: &Case, out: &Path, more: &[&str]) -> Run {
    let out = out.display().to_string();
    let mut arguments = vec!["plan", "from.sql", "to.sql", "--out", &out];
    arguments.extend(case.settings.arguments.iter().map(String::as_str));
    arguments.extend(more);
    underpin(&case.directory, &arguments)
}

/// A directory that is removed with its contents in the end.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes an empty directory.
    pub fn new() -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "underpin-test-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let directory = std::env::temp_dir().join(name);
        fs::create_dir_all(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        Scratch(directory)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into the directory or below it and gives its path.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let file = self.0.join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
        }
        fs::write(&file, contents).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        file
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files below a directory with their bytes, by path; none when it is not there.
pub fn files_below(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    add_files(directory, directory, &mut files);
    files
}

fn add_files(root: &Path, directory: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in directory.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            add_files(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.insert(name, fs::read(&path).unwrap_or_default());
        }
    }
}
