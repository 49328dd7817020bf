//! psql's meta-commands: what each means for the schema.
//!
//! Knows the commands of psql 14 to 18 (manual, reference page psql) and for each whether it may be passed over. Does not
//! run any.

/// A meta-command as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Command<'text> {
    /// The name without the backslash.
    pub(super) name: &'text str,
    arguments: &'text str,
    rule: Rule,
}

/// Where a meta-command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    BetweenStatements,
    InsideStatement,
}

/// What is done about a meta-command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// It changes only how psql behaves or what it shows.
    Skip,
    /// It ends the statement before it, as a semicolon would, and does something with its result.
    EndsStatement,
    /// It opens another database.
    Connect,
    /// It says how the bytes of the script are to be read.
    Encoding,
    /// What it does to the schema cannot be known from the text; the sentence says why.
    Refuse(&'static str),
}

impl<'text> Command<'text> {
    /// Splits a meta-command, given from its backslash to the end of its line, into its name and its arguments.
    pub(super) fn read(command: &'text str) -> Command<'text> {
        let command = command.strip_prefix('\\').unwrap_or(command);
        let name_end = command
            .find(|letter: char| letter.is_whitespace() || letter == '\\')
            .unwrap_or(command.len());
        let (name, arguments) = command.split_at(name_end);
        Command {
            name,
            arguments: arguments.trim(),
            rule: rule(name),
        }
    }

    /// Whether it ends the statement before it.
    pub(super) fn ends_statement(self) -> bool {
        self.rule == Rule::EndsStatement
    }

    /// Whether it opens another database; the argument `-` keeps the one that is open.
    pub(super) fn opens_database(self) -> bool {
        // Options such as -reuse-previous=on stand before the name.
        let database = self
            .arguments
            .split_whitespace()
            .find(|argument| !argument.starts_with("-reuse-previous"));
        self.rule == Rule::Connect && !matches!(database, None | Some("-"))
    }

    /// Why the command cannot be passed over, in a sentence; `None` when it can.
    ///
    /// `databases` counts those the script has opened so far, with this command: one is the one the schema is in.
    pub(super) fn refused(self, position: Position, databases: usize) -> Option<&'static str> {
        match self.rule {
            Rule::EndsStatement => {
                Some("It ends the statement before it and uses its result. Write a semicolon instead.")
            }
            _ if position == Position::InsideStatement => Some("It stands inside a statement."),
            _ if self.arguments.contains("\\\\") => Some("Something else follows it on the same line."),
            Rule::Encoding if !self.keeps_utf8() => Some("Scripts are read as UTF-8. Convert the file instead."),
            Rule::Connect if databases > 1 => Some("The script is about several databases. Dump one at a time."),
            Rule::Skip | Rule::Encoding | Rule::Connect => None,
            Rule::Refuse(reason) => Some(reason),
        }
    }

    /// Whether `\encoding` leaves the script UTF-8 text. Without arguments it only shows the encoding.
    fn keeps_utf8(self) -> bool {
        let name: String = self.arguments.chars().filter(char::is_ascii_alphanumeric).collect();
        matches!(name.to_ascii_lowercase().as_str(), "" | "utf8" | "unicode" | "sqlascii")
    }
}

/// The rule for the command of that name.
fn rule(name: &str) -> Rule {
    match name {
        // The security key with which pg_dump opens and closes a script since the minor releases of August 2025.
        "restrict" | "unrestrict" => Rule::Skip,
        // The end of rows that somebody has cut out.
        "." => Rule::Skip,
        "set" | "unset" | "prompt" | "getenv" | "setenv" | "cd" | "timing" | "errverbose" => Rule::Skip,
        "echo" | "qecho" | "warn" | "p" | "print" | "s" | "?" | "h" | "help" | "copyright" => Rule::Skip,
        "a" | "C" | "f" | "H" | "html" | "pset" | "t" | "T" | "x" | "o" | "out" | "conninfo" => Rule::Skip,
        "l" | "l+" | "list" | "list+" | "sf" | "sf+" | "sv" | "sv+" | "z" => Rule::Skip,
        "c" | "connect" => Rule::Connect,
        "encoding" => Rule::Encoding,
        "g" | "gx" | "gdesc" | "gset" | "gexec" | "crosstabview" | "watch" => Rule::EndsStatement,
        "i" | "include" | "ir" | "include_relative" => {
            Rule::Refuse("It reads another file. Give the directory, or put the files together, instead.")
        }
        "if" | "elif" | "else" | "endif" => {
            Rule::Refuse("Which part of the script is run depends on variables that are not known here.")
        }
        "copy" => Rule::Refuse("It moves rows between a file and the server; rows are not part of a schema."),
        "!" => Rule::Refuse("It runs a shell command."),
        "q" | "quit" => Rule::Refuse("It ends the script; what follows would not be run."),
        // \d, \dt, \df+ and the rest of the family describe objects.
        _ if name.starts_with('d') && name.len() <= "dAcS+".len() => Rule::Skip,
        _ => Rule::Refuse("What it would do to the schema is not known."),
    }
}

#[cfg(test)]
mod tests {
    use super::Position::{BetweenStatements, InsideStatement};
    use super::*;

    fn refused(command: &str) -> Option<&'static str> {
        Command::read(command).refused(BetweenStatements, 0)
    }

    #[test]
    fn commands_that_only_show_something_are_skipped() {
        for command in [
            "\\restrict k",
            "\\set x 1",
            "\\echo",
            "\\d",
            "\\dt+ a.*",
            "\\pset x\r",
            "\\.",
        ] {
            assert_eq!(refused(command), None, "{command}");
        }
        assert!(
            Command::read("\\echo x").refused(InsideStatement, 0).is_some(),
            "not inside a statement"
        );
        assert!(
            refused("\\echo x \\\\ create table t ();").is_some(),
            "not with a statement behind them"
        );
    }

    #[test]
    fn commands_that_run_other_text_or_are_unknown_are_refused() {
        for command in [
            "\\i a.sql",
            "\\ir b",
            "\\copy t from 'f'",
            "\\if x",
            "\\endif",
            "\\!",
            "\\q",
            "\\e",
            "\\",
            "\\nonsense",
        ] {
            assert!(refused(command).is_some(), "{command}");
        }
    }

    #[test]
    fn one_database_may_be_opened_and_a_dash_keeps_it() {
        let shop = Command::read("\\connect -reuse-previous=on \"dbname='shop'\"");
        assert!(shop.opens_database());
        assert_eq!(shop.refused(BetweenStatements, 1), None);
        assert!(shop.refused(BetweenStatements, 2).is_some());
        assert!(!Command::read("\\connect - postgres").opens_database());
        assert!(!Command::read("\\c").opens_database());
    }

    #[test]
    fn only_utf8_is_read_as_it_stands() {
        assert_eq!(refused("\\encoding 'utf-8'"), None);
        assert_eq!(refused("\\encoding"), None);
        assert!(refused("\\encoding LATIN1").is_some());
    }
}
