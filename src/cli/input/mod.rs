//! Reading what FROM and TO stand for.
//!
//! Knows files, directories, standard input, revisions and servers, and what people give by mistake: archives, compressed
//! files, other encodings. Turns them into texts in `Sources`; does not know SQL.

mod directions;
pub mod directory;
mod git;
#[cfg(feature = "live")]
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Sources, Span};

/// The name under which standard input is shown.
const STDIN: &str = "<stdin>";

/// Reads the texts that an argument stands for, in the order in which they are to be applied.
///
/// - A file is one text; an empty one is an empty schema.
/// - `-` is standard input.
/// - A directory stands for the `.sql` files in it and below it, in the order of their paths, where a number at the
///   beginning of a name counts as a number. Of migrations only what leads forward is read ([`directory`]). Names that
///   begin with a dot are passed over.
/// - `git:REVISION:PATH` is a file or directory of a revision, `postgres://…` the schema of a live database.
///
/// A byte order mark is dropped. Errors: the input is missing or unreadable, not UTF-8, an archive, compressed, of a kind
/// that is not supported, or leaves open what of it leads forward.
pub fn read(argument: &str, sources: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    if argument.starts_with("postgres://") || argument.starts_with("postgresql://") {
        return read_server(argument, sources);
    }
    if let Some(revision) = argument.strip_prefix("git:") {
        let files = git::read(revision)?;
        return files
            .into_iter()
            .map(|(name, bytes)| add(&name, bytes, sources))
            .collect();
    }
    if argument == "-" {
        return Ok(vec![read_stdin(sources)?]);
    }
    let path = Path::new(argument);
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !metadata.is_dir() {
        return Ok(vec![read_file(path, sources)?]);
    }
    let files = files_of_directory(path)?;
    if files.is_empty() {
        return Err(no_sql_files(argument));
    }
    read_files(&files, sources)
}

/// Reads files as they stand in a list.
///
/// # Errors
/// As [`read`].
pub fn read_files(files: &[PathBuf], sources: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    files.iter().map(|file| read_file(file, sources)).collect()
}

#[cfg(feature = "live")]
fn read_server(argument: &str, sources: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    let (name, bytes) = server::read(argument)?;
    Ok(vec![add(&name, bytes, sources)?])
}

/// The address may hold a password, so it is not repeated.
#[cfg(not(feature = "live"))]
fn read_server(_: &str, _: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    let message = "this program was built without what reads a live database";
    let hint = "Give its schema on standard input instead: pg_dump --schema-only ADDRESS | underpin plan - TO.";
    Err(Diagnostic::error(Code::UnsupportedInput, message).hint(hint))
}

fn read_stdin(sources: &mut Sources) -> Result<SourceId, Diagnostic> {
    if sources
        .ids()
        .any(|id| sources.get(id).is_some_and(|source| source.name == STDIN))
    {
        let message = "standard input can be read only once";
        return Err(Diagnostic::error(Code::UnreadableFile, message).hint("Give one side as a file."));
    }
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => add(STDIN, bytes, sources),
        Err(error) => Err(unreadable(Path::new(STDIN), &error)),
    }
}

fn read_file(path: &Path, sources: &mut Sources) -> Result<SourceId, Diagnostic> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    add(&path.display().to_string(), bytes, sources)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => Diagnostic::error(
            Code::UnreadableFile,
            format!("file or directory \"{path}\" does not exist"),
        ),
        _ => Diagnostic::error(Code::UnreadableFile, format!("could not read \"{path}\": {error}")),
    }
}

fn no_sql_files(place: &str) -> Diagnostic {
    let message = format!("directory \"{place}\" holds no .sql files");
    let hint = "Give an empty file for an empty schema.";
    Diagnostic::error(Code::NoSqlFiles, message).hint(hint)
}

/// The `.sql` files that a directory stands for, in order; none where there are none.
///
/// # Errors
/// The directory cannot be read, is an archive, or leaves the order of its files open.
pub fn files_of_directory(directory: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if directory.join("toc.dat").is_file() {
        return Err(archive(&directory.display().to_string()));
    }
    let mut files = Vec::new();
    collect(directory, "", &mut files, &mut BTreeSet::new())?;
    let place = directory.display().to_string();
    let order = directory::arrange(files, place.trim_end_matches('/'))?;
    Ok(order.into_iter().map(|file| directory.join(file)).collect())
}

/// Adds the paths of files in and below a directory that may be read. `visited` keeps links from leading round in circles.
fn collect(
    root: &Path,
    below: &str,
    files: &mut Vec<String>,
    visited: &mut BTreeSet<PathBuf>,
) -> Result<(), Diagnostic> {
    let directory = root.join(below);
    let real = fs::canonicalize(&directory).map_err(|error| unreadable(&directory, &error))?;
    if !visited.insert(real) {
        return Ok(());
    }
    let entries = fs::read_dir(&directory).map_err(|error| unreadable(&directory, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unreadable(&directory, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let relative = match below {
            "" => name.clone(),
            below => format!("{below}/{name}"),
        };
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(root, &relative, files, visited)?;
        } else if directory::is_read(&name) {
            files.push(relative);
        }
    }
    Ok(())
}

/// Checks what was read and takes it in as text.
fn add(name: &str, bytes: Vec<u8>, sources: &mut Sources) -> Result<SourceId, Diagnostic> {
    if bytes.len() >= u32::MAX as usize {
        let message = format!("\"{name}\" is too large");
        let detail = format!("It holds {} bytes; less than 4 GiB can be read.", bytes.len());
        return Err(Diagnostic::error(Code::UnreadableFile, message).detail(detail));
    }
    // The marks of pg_dump's custom format and of the table of contents that begins its tar format.
    if bytes.starts_with(b"PGDMP") || bytes.starts_with(b"toc.dat\0") {
        return Err(archive(name));
    }
    if let Some((format, command)) = compression(&bytes) {
        let message = format!("\"{name}\" is compressed with {format}");
        let hint = format!("Unpack it first: {command} {name} | underpin plan - TO.");
        return Err(Diagnostic::error(Code::CompressedInput, message).hint(hint));
    }
    let mut text = decode(name, bytes, sources)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    match directions::forward(&text) {
        Ok(forward) => Ok(sources.add(name, forward.unwrap_or(text))),
        Err(unclear) => {
            let id = sources.add(name, text);
            let place = Span::new(id, unclear.place.start, unclear.place.end);
            Err(Diagnostic::error(Code::AmbiguousMigrations, unclear.message)
                .at(place)
                .hint(unclear.hint))
        }
    }
}

fn archive(name: &str) -> Diagnostic {
    let message = format!("\"{name}\" is a pg_dump archive, not SQL");
    let hint = format!("Turn it into SQL first: pg_restore --schema-only -f - {name} | underpin plan - TO.");
    Diagnostic::error(Code::BinaryDump, message).hint(hint)
}

/// The format of a compressed file and the command that unpacks it to standard output.
fn compression(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const MARKS: [(&[u8], &str, &str); 5] = [
        (b"\x1f\x8b", "gzip", "gunzip -c"),
        (b"\x28\xb5\x2f\xfd", "zstd", "zstd -dc"),
        (b"\xfd7zXZ\0", "xz", "xz -dc"),
        (b"BZh", "bzip2", "bunzip2 -c"),
        (b"PK\x03\x04", "zip", "unzip -p"),
    ];
    let (_, format, command) = MARKS.iter().find(|(mark, _, _)| bytes.starts_with(mark))?;
    Some((format, command))
}

/// The text of a file. An error shows the line of the first byte that is not UTF-8.
fn decode(name: &str, bytes: Vec<u8>, sources: &mut Sources) -> Result<String, Diagnostic> {
    let hint = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        "The file is UTF-16, as PowerShell writes it. Convert it: iconv -f UTF-16 -t UTF-8."
    } else {
        "Convert the file, for instance: iconv -f LATIN1 -t UTF-8."
    };
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(place).copied().unwrap_or_default();
        // Up to the place the text is as it was; there it holds a replacement character, to which the label points.
        let id = sources.add(name, String::from_utf8_lossy(error.as_bytes()));
        let span = Span::new(id, place, place + char::REPLACEMENT_CHARACTER.len_utf8());
        let diagnostic = Diagnostic::error(Code::NotUtf8, format!("\"{name}\" is not UTF-8 text"));
        diagnostic.label(span, format!("byte 0x{byte:02x}")).hint(hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own for one test, which is removed in the end.
    struct Folder(PathBuf);

    impl Folder {
        fn with(name: &str, files: &[(&str, &[u8])]) -> Folder {
            let folder = std::env::temp_dir().join(format!("underpin-input-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            for (file, bytes) in files {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            Folder(folder)
        }

        fn read(&self, name: &str) -> (Result<Vec<SourceId>, Diagnostic>, Sources) {
            let mut sources = Sources::new();
            let argument = self.0.join(name).display().to_string();
            (read(&argument, &mut sources), sources)
        }

        /// The names and texts that were read, the names from the folder on.
        fn texts(&self, name: &str) -> Vec<(String, String)> {
            let (ids, sources) = self.read(name);
            let source = |id: SourceId| sources.get(id).unwrap().clone();
            let relative = |name: &str| Path::new(name).strip_prefix(&self.0).unwrap().display().to_string();
            ids.unwrap()
                .into_iter()
                .map(|id| (relative(&source(id).name), source(id).text))
                .collect()
        }

        fn error(&self, name: &str) -> Diagnostic {
            self.read(name).0.unwrap_err()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn an_empty_file_is_a_text_and_a_byte_order_mark_is_dropped() {
        let folder = Folder::with("file", &[("empty.sql", b""), ("bom.dump", b"\xef\xbb\xbfselect 1")]);
        assert_eq!(folder.texts("empty.sql"), pairs(&[("empty.sql", "")]));
        assert_eq!(folder.texts("bom.dump"), pairs(&[("bom.dump", "select 1")]));
    }

    #[test]
    fn a_directory_is_read_in_the_order_of_paths_and_numbers() {
        let names = ["b.sql", "a/z.sql", "10_x.sql", "2_y.SQL", "notes.md", ".git/hidden.sql"];
        let folder = Folder::with("directory", &names.map(|name| (name, b"".as_slice())));
        let read: Vec<_> = folder.texts("").into_iter().map(|(name, _)| name).collect();
        assert_eq!(read, ["2_y.SQL", "10_x.sql", "a/z.sql", "b.sql"]);
    }

    #[test]
    fn of_migrations_only_the_up_files_are_read() {
        let files = [
            ("002_b.up.sql", b"2".as_slice()),
            ("001_a.up.sql", b"1"),
            ("001_a.down.sql", b"0"),
        ];
        let folder = Folder::with("migrations", &files);
        assert_eq!(folder.texts(""), pairs(&[("001_a.up.sql", "1"), ("002_b.up.sql", "2")]));
        let folder = Folder::with("mixed", &[("001_a.up.sql", b""), ("seed.sql", b"")]);
        assert_eq!(
            folder.error("").code,
            Code::UnsupportedInput,
            "the order of seed.sql is not known"
        );
    }

    #[test]
    fn what_is_not_utf8_is_shown_at_its_first_bad_byte() {
        let folder = Folder::with("latin1", &[("a.sql", b"select 1;\n-- caf\xe9\n")]);
        let (result, sources) = folder.read("a.sql");
        let diagnostic = result.unwrap_err();
        assert_eq!(diagnostic.code, Code::NotUtf8);
        assert_eq!(diagnostic.span().map(|span| sources.line_column(span)), Some((2, 7)));
        assert_eq!(diagnostic.labels[0].text, "byte 0xe9");
        let folder = Folder::with("utf16", &[("a.sql", b"\xff\xfes\0e\0")]);
        assert!(folder.error("a.sql").hint.is_some_and(|hint| hint.contains("UTF-16")));
    }

    #[test]
    fn what_is_no_sql_is_named_with_what_to_do() {
        let folder = Folder::with(
            "mistakes",
            &[
                ("custom.dump", b"PGDMP\x01\x0f"),
                ("a.sql.gz", b"\x1f\x8b\x08"),
                ("archive/toc.dat", b""),
                ("none/readme.md", b""),
                ("down.sql", b"-- migrate:down\nselect 2;\n"),
            ],
        );
        for (name, code) in [
            ("custom.dump", Code::BinaryDump),
            ("archive", Code::BinaryDump),
            ("a.sql.gz", Code::CompressedInput),
            ("none", Code::NoSqlFiles),
            ("down.sql", Code::AmbiguousMigrations),
        ] {
            let diagnostic = folder.error(name);
            assert_eq!(diagnostic.code, code, "{name}");
            assert!(diagnostic.hint.is_some(), "{name}");
        }
        assert_eq!(folder.error("missing.sql").code, Code::UnreadableFile);
    }

    #[test]
    fn of_a_file_with_both_directions_the_way_forward_is_read() {
        let folder = Folder::with("dbmate", &[("1_a.sql", b"-- migrate:up\nA;\n-- migrate:down\nB;\n")]);
        assert_eq!(
            folder.texts(""),
            pairs(&[("1_a.sql", "-- migrate:up\nA;\n-- migrate:down\n  \n")])
        );
    }

    #[test]
    fn standard_input_is_not_read_twice() {
        let mut sources = Sources::new();
        sources.add(STDIN, "");
        assert_eq!(read("-", &mut sources).unwrap_err().code, Code::UnreadableFile);
    }
}
