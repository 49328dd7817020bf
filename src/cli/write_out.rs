//! Writing a plan into a directory of migrations: whole or not at all.
//!
//! Knows which files stand there, which numbers they bear and which of them belong to a plan that may be replaced. Leaves
//! every other file alone. Does not know what the files say.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::migrations::{Entry, committed, is_same_place, numbered_entries};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::WrittenFile;

/// What happens to a plan of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and there is an error.
    Keep,
    /// It is replaced, if its files are the last ones.
    Replace,
}

/// Where a plan is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    directory: PathBuf,
    first_number: u64,
    /// The entries of the plan that is replaced, by name.
    replaced: BTreeSet<String>,
}

impl Target {
    /// Looks at a directory, which need not exist: numbering goes on from the highest number that a migration in it bears.
    ///
    /// # Errors
    /// The directory cannot be read, or a plan of the name stands in it and may not be replaced.
    pub fn find(directory: &Path, name: &str, existing: Existing) -> Result<Target, Box<Diagnostic>> {
        let entries = numbered_entries(directory)?;
        let folder = entries.iter().rev().find(|entry| entry.is_plan(Some(name)));
        match (folder, existing) {
            (None, _) => Ok(Target {
                directory: directory.to_owned(),
                first_number: entries.last().map_or(1, |last| last.number.saturating_add(1)),
                replaced: BTreeSet::new(),
            }),
            (Some(folder), Existing::Keep) => {
                let place = directory.join(&folder.name);
                let message = format!(
                    "there is a plan of the name \"{name}\" already: \"{}\"",
                    place.display()
                );
                let hint = "Give the new one another --name, or replace the old one with --force.";
                Err(exists(message).hint(hint).into())
            }
            (Some(folder), Existing::Replace) => Target::replacing(directory, folder, &entries),
        }
    }

    /// The number of the first file.
    pub fn first_number(&self) -> u64 {
        self.first_number
    }

    /// Whether a file is one of a plan that will be replaced.
    pub fn replaces(&self, file: &Path) -> bool {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        self.replaced.contains(name.as_ref())
            && file.parent().is_some_and(|place| is_same_place(place, &self.directory))
    }

    /// Writes the files. When it fails, all is as it was before.
    ///
    /// # Errors
    /// What the file system refused, or a file that stands where one is to be written.
    pub fn write<'a>(&self, files: impl Iterator<Item = &'a WrittenFile>) -> Result<(), Box<Diagnostic>> {
        let made = first_missing(&self.directory);
        let staging = self.directory.join(format!(".underpin-{}", std::process::id()));
        let result = self.write_through(&staging, files);
        let _ = fs::remove_dir_all(&staging);
        if let (Err(_), Some(made)) = (&result, made) {
            let _ = fs::remove_dir_all(made);
        }
        result
    }

    /// Writes into a directory beside the target's files, then moves what is there into place.
    fn write_through<'a>(
        &self,
        staging: &Path,
        files: impl Iterator<Item = &'a WrittenFile>,
    ) -> Result<(), Box<Diagnostic>> {
        let (new, old) = (staging.join("new"), staging.join("old"));
        for directory in [&new, &old] {
            fs::create_dir_all(directory).map_err(|error| unwritable(&self.directory, &error))?;
        }
        let mut entries: BTreeSet<String> = BTreeSet::new();
        for file in files {
            let path = new.join(&file.name);
            let place = self.directory.join(&file.name);
            let parent = path.parent().unwrap_or(&new);
            fs::create_dir_all(parent).map_err(|error| unwritable(&place, &error))?;
            fs::write(&path, &file.text).map_err(|error| unwritable(&place, &error))?;
            entries.extend(file.name.split('/').next().map(str::to_owned));
        }
        let mut moves = Moves::default();
        let outgoing = self.replaced.iter().map(|name| (name, &self.directory, &old));
        let incoming = entries.iter().map(|name| (name, &new, &self.directory));
        for (name, from, to) in outgoing.chain(incoming) {
            moves.make(&from.join(name), &to.join(name))?;
        }
        moves.keep();
        Ok(())
    }

    fn replacing(directory: &Path, folder: &Entry, entries: &[Entry]) -> Result<Target, Box<Diagnostic>> {
        let committed = committed(directory, folder).map_err(|why| {
            let message = format!("the plan \"{}\" cannot be replaced: {why}", folder.name);
            let hint = "Take its files away by hand, or give the new plan another --name.";
            Box::new(exists(message).hint(hint))
        })?;
        let replaced = committed.present(directory);
        let behind = |entry: &&Entry| entry.number >= folder.number && !replaced.contains(&entry.name);
        if let Some(other) = entries.iter().find(behind) {
            let message = format!("\"{}\" stands behind the plan \"{}\"", other.name, folder.name);
            let detail = "Only the last plan of a directory can be replaced: the files behind it build on its result.";
            return Err(exists(message)
                .detail(detail)
                .hint("Give the new plan another --name.")
                .into());
        }
        Ok(Target {
            directory: directory.to_owned(),
            first_number: folder.number,
            replaced,
        })
    }
}

/// Moves that are taken back unless they are all made.
#[derive(Default)]
struct Moves {
    made: Vec<(PathBuf, PathBuf)>,
}

impl Moves {
    fn make(&mut self, from: &Path, to: &Path) -> Result<(), Box<Diagnostic>> {
        // A rename would take the place of a file without a word.
        if to.symlink_metadata().is_ok() {
            return Err(exists(format!("\"{}\" exists already", to.display())).into());
        }
        fs::rename(from, to).map_err(|error| unwritable(to, &error))?;
        self.made.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for Moves {
    fn drop(&mut self) {
        for (from, to) in self.made.drain(..).rev() {
            let _ = fs::rename(to, from);
        }
    }
}

/// The outermost directory on the way to `directory` that does not exist.
fn first_missing(directory: &Path) -> Option<PathBuf> {
    let missing = directory.ancestors().take_while(|path| {
        let here = path.as_os_str().is_empty();
        !here && path.symlink_metadata().is_err()
    });
    missing.last().map(Path::to_owned)
}

fn exists(message: String) -> Diagnostic {
    Diagnostic::error(Code::OutputExists, message)
}

fn unwritable(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let message = format!("could not write \"{}\": {error}", path.display());
    Box::new(Diagnostic::error(Code::UnwritableOutput, message))
}

#[cfg(test)]
mod tests;
