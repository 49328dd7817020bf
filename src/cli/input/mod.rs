//! Reading what FROM and TO stand for.
//!
//! Knows files, directories and standard input, and what people give by mistake: archives, compressed files, other
//! encodings. Turns them into texts in `Sources`; does not know SQL.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ffi::OsStr;
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
///   beginning of a name counts as a number. If some of them end in `.up.sql` it is a directory of migrations, and only
///   those are read. Names that begin with a dot are passed over.
///
/// A byte order mark is dropped. Errors: the input is missing or unreadable, not UTF-8, an archive, compressed, of a kind
/// that is not supported, or holds both directions of a migration in one file.
pub fn read(argument: &str, sources: &mut Sources) -> Result<Vec<SourceId>, Diagnostic> {
    if let Some(diagnostic) = unsupported(argument) {
        return Err(diagnostic);
    }
    if argument == "-" {
        return Ok(vec![read_stdin(sources)?]);
    }
    let path = Path::new(argument);
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if metadata.is_dir() {
        let files = files_of_directory(path)?;
        files.iter().map(|file| read_file(file, sources)).collect()
    } else {
        Ok(vec![read_file(path, sources)?])
    }
}

/// Says what is wrong with an argument that names a kind of input that is not read.
fn unsupported(argument: &str) -> Option<Diagnostic> {
    let error = |what: &str, hint: &str| {
        let diagnostic = Diagnostic::error(Code::UnsupportedInput, format!("{what} is not supported as input yet"));
        Some(diagnostic.hint(hint))
    };
    // The address may hold a password, so it is not repeated.
    if argument.starts_with("postgres://") || argument.starts_with("postgresql://") {
        return error(
            "a live database",
            "Give its schema on standard input instead: pg_dump --schema-only ADDRESS | underpin plan - TO.",
        );
    }
    if argument.starts_with("git:") {
        return error(
            "a git revision",
            "Give the file on standard input instead: git show REVISION:PATH | underpin plan - TO.",
        );
    }
    None
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

/// The `.sql` files that a directory stands for, in order.
fn files_of_directory(directory: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    if directory.join("toc.dat").is_file() {
        return Err(archive(&directory.display().to_string()));
    }
    let mut files = Vec::new();
    collect(directory, &mut files, &mut BTreeSet::new())?;
    if files.is_empty() {
        let message = format!("directory \"{}\" holds no .sql files", directory.display());
        let hint = "Give an empty file for an empty schema.";
        return Err(Diagnostic::error(Code::NoSqlFiles, message).hint(hint));
    }
    files.sort_by(|left, right| compare_paths(left, right));
    if !files.iter().any(|file| has_ending(file, ".up.sql")) {
        return Ok(files);
    }
    files.retain(|file| !has_ending(file, ".down.sql"));
    match files.iter().find(|file| !has_ending(file, ".up.sql")) {
        None => Ok(files),
        Some(other) => {
            let message = format!("\"{}\" stands among migrations and is none", other.display());
            let detail = "The directory holds .up.sql files, so its .sql files are migrations, and the place of this one in \
                          their order is not known.";
            let hint = "Name it .up.sql, or put it elsewhere.";
            Err(Diagnostic::error(Code::UnsupportedInput, message)
                .detail(detail)
                .hint(hint))
        }
    }
}

/// Adds the `.sql` files in and below a directory. `visited` keeps links from leading round in circles.
fn collect(directory: &Path, files: &mut Vec<PathBuf>, visited: &mut BTreeSet<PathBuf>) -> Result<(), Diagnostic> {
    let real = fs::canonicalize(directory).map_err(|error| unreadable(directory, &error))?;
    if !visited.insert(real) {
        return Ok(());
    }
    let entries = fs::read_dir(directory).map_err(|error| unreadable(directory, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error))?.path();
        if name(&path).starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, files, visited)?;
        } else if has_ending(&path, ".sql") {
            files.push(path);
        }
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn has_ending(path: &Path, ending: &str) -> bool {
    name(path).to_ascii_lowercase().ends_with(ending)
}

/// Orders paths part by part; `2_b` stands before `10_a`.
fn compare_paths(left: &Path, right: &Path) -> Ordering {
    let key = |part: &OsStr| {
        let part = part.to_string_lossy().into_owned();
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        // Without leading zeros the longer number is the greater one, whatever its length.
        let number = part[..digits].trim_start_matches('0').to_owned();
        (digits == 0, number.len(), number, part)
    };
    left.iter().map(key).cmp(right.iter().map(key))
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
    let way_back = way_back(&text);
    let id = sources.add(name, text);
    match way_back {
        None => Ok(id),
        Some((start, end)) => {
            let message = format!("\"{name}\" holds both directions of a migration");
            let diagnostic = Diagnostic::error(Code::UnsupportedInput, message)
                .label(Span::new(id, start, end), "the way back begins here")
                .detail("Read as a script, it would undo what it does.");
            Err(diagnostic.hint("Give a file or directory with the way forward alone, or a dump of the result."))
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

/// Where in a file that holds both directions of a migration the way back begins, by the marks of the tools that write
/// such files (dbmate, goose, rambler, sql-migrate).
fn way_back(text: &str) -> Option<(usize, usize)> {
    const MARKS: [&str; 4] = [
        "-- migrate:down",
        "-- +goose Down",
        "-- rambler down",
        "-- +migrate Down",
    ];
    let at_line_start = |place: &usize| *place == 0 || text.as_bytes().get(*place - 1) == Some(&b'\n');
    MARKS.iter().find_map(|mark| {
        let place = text.match_indices(mark).map(|(place, _)| place).find(at_line_start)?;
        Some((place, place + mark.len()))
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
                ("dbmate.sql", b"-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n"),
            ],
        );
        for (name, code) in [
            ("custom.dump", Code::BinaryDump),
            ("archive", Code::BinaryDump),
            ("a.sql.gz", Code::CompressedInput),
            ("none", Code::NoSqlFiles),
            ("dbmate.sql", Code::UnsupportedInput),
        ] {
            let diagnostic = folder.error(name);
            assert_eq!(diagnostic.code, code, "{name}");
            assert!(diagnostic.hint.is_some(), "{name}");
        }
        assert_eq!(folder.error("missing.sql").code, Code::UnreadableFile);
    }

    #[test]
    fn addresses_are_refused_without_repeating_a_password() {
        let diagnostic = read("postgres://me:secret@db/shop", &mut Sources::new()).unwrap_err();
        assert_eq!(diagnostic.code, Code::UnsupportedInput);
        assert!(!format!("{diagnostic:?}").contains("secret"));
        assert_eq!(
            read("git:main:schema.sql", &mut Sources::new()).unwrap_err().code,
            Code::UnsupportedInput
        );
    }

    #[test]
    fn standard_input_is_not_read_twice() {
        let mut sources = Sources::new();
        sources.add(STDIN, "");
        assert_eq!(read("-", &mut sources).unwrap_err().code, Code::UnreadableFile);
    }
}
