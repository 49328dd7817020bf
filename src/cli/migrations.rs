//! What stands in a directory of migrations: numbered files, and the plans that some of them belong to.
//!
//! Knows the names that `plan` writes. Changes nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::emit::plan_json;

/// Something in the directory whose name begins with a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The number.
    pub number: u64,
    /// The whole name.
    pub name: String,
}

impl Entry {
    /// Whether it is the folder of the plan of a name; of any plan without one.
    pub fn is_plan(&self, name: Option<&str>) -> bool {
        let after_number = self.name.trim_start_matches(|letter: char| letter.is_ascii_digit());
        match name {
            Some(name) => after_number == format!("_{name}.plan"),
            None => after_number.ends_with(".plan"),
        }
    }
}

/// The `.sql` files and directories whose names begin with a number, in the order of the numbers.
///
/// # Errors
/// The directory cannot be read; one that is not there is empty.
pub fn numbered_entries(directory: &Path) -> Result<Vec<Entry>, Box<Diagnostic>> {
    let unreadable = |error: &io::Error| {
        let message = format!("could not read directory \"{}\": {error}", directory.display());
        Box::new(Diagnostic::error(Code::UnwritableOutput, message))
    };
    let listed = match fs::read_dir(directory) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error)),
    };
    let mut entries = Vec::new();
    for entry in listed {
        let path = entry.map_err(|error| unreadable(&error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(number) = number(&name).filter(|_| name.ends_with(".sql") || path.is_dir()) {
            entries.push(Entry { number, name });
        }
    }
    entries.sort();
    Ok(entries)
}

/// The number that a name begins with.
pub fn number(name: &str) -> Option<u64> {
    let digits = name.len() - name.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    // A number too large to be read is greater than any that can.
    (digits > 0).then(|| name[..digits].parse().unwrap_or(u64::MAX))
}

/// A plan as it stands in a directory of migrations.
#[derive(Clone, Debug)]
pub struct Committed {
    /// Its folder.
    pub folder: Entry,
    /// What its `plan.json` says.
    pub plan: plan_json::Plan,
    /// The names of its files, each up followed by its down, there or not.
    pub files: Vec<String>,
}

/// Reads the plan in a folder of a directory.
///
/// # Errors
/// Why it cannot be read, in a few words.
pub fn committed(directory: &Path, folder: &Entry) -> Result<Committed, String> {
    let text = fs::read_to_string(directory.join(&folder.name).join("plan.json"))
        .map_err(|error| format!("plan.json: {error}"))?;
    let plan: plan_json::Plan = serde_json::from_str(&text).map_err(|error| format!("plan.json: {error}"))?;
    if plan.version != plan_json::VERSION {
        return Err(format!("plan.json is of version {}, which is not known", plan.version));
    }
    let mut files = Vec::new();
    for name in plan.files.iter().flat_map(|file| [&file.up.file, &file.down.file]) {
        // The text is what anybody may have written; only files of this directory are meant.
        let mut parts = Path::new(name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
            return Err(format!("plan.json names \"{name}\""));
        }
        files.push(name.clone());
    }
    Ok(Committed {
        folder: folder.clone(),
        plan,
        files,
    })
}

impl Committed {
    /// The names of all that belongs to it and is there: its files, and its folder.
    pub fn present(&self, directory: &Path) -> BTreeSet<String> {
        let files = self.files.iter().filter(|name| directory.join(name).exists());
        files.chain([&self.folder.name]).cloned().collect()
    }
}

/// Whether two paths are one place.
pub fn is_same_place(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        // What is not there yet is known by its name only.
        (Err(_), Err(_)) => plain(one) == plain(other),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
    }
}

fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}
