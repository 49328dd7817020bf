//! The options that say what is looked at, and the file of rules.
//!
//! Knows where the rules stand: on the command line, in the file that `--ignore` names, in `.underpinignore`. What a rule
//! means is the library's business.

use std::fs;
use std::path::Path;

use super::arguments::Scoping;
use crate::diagnostic::{Code, Diagnostic};
use crate::scope::{Heed, Rule, Scope, Unmentioned};
use crate::source::{Sources, Span};

/// The file of rules that is read when it stands in the current directory.
pub const IGNORE_FILE: &str = ".underpinignore";

impl Scoping {
    /// Whether any of the options is given.
    pub fn says_anything(&self) -> bool {
        let Scoping {
            schemas,
            exclude,
            ignore,
            no_owner,
            no_privileges,
            keep_unmentioned,
        } = self;
        !schemas.is_empty()
            || !exclude.is_empty()
            || ignore.is_some()
            || *no_owner
            || *no_privileges
            || *keep_unmentioned
    }

    /// The scope that these options say. The rules of the file come first, so that the command line has the last word.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it is no rule.
    pub fn scope(&self, sources: &mut Sources) -> Result<Scope, Box<Diagnostic>> {
        let mut rules = match &self.ignore {
            Some(file) => read(file, sources)?,
            None if Path::new(IGNORE_FILE).is_file() => read(Path::new(IGNORE_FILE), sources)?,
            None => Vec::new(),
        };
        rules.extend(self.exclude.iter().cloned());
        let heed = |ignored| match ignored {
            true => Heed::Ignored,
            false => Heed::Heeded,
        };
        Ok(Scope {
            schemas: self.schemas.clone(),
            rules,
            owners: heed(self.no_owner),
            privileges: heed(self.no_privileges),
            unmentioned: match self.keep_unmentioned {
                true => Unmentioned::Stays,
                false => Unmentioned::Goes,
            },
        })
    }
}

fn read(file: &Path, sources: &mut Sources) -> Result<Vec<Rule>, Box<Diagnostic>> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file).map_err(|error| {
        let message = format!("could not read \"{name}\": {error}");
        Box::new(Diagnostic::error(Code::UnreadableFile, message))
    })?;
    let id = sources.add(name, text.as_str());
    let mut rules = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let rule = without_comment(line).trim();
        let place = start + line.find(rule).unwrap_or(0);
        start += line.len();
        if rule.is_empty() {
            continue;
        }
        rules.push(rule.parse().map_err(|error| {
            let span = Span::new(id, place, place + rule.len());
            let hint = "Write [!] [KIND] PATTERN, as in: table audit.*";
            Box::new(
                Diagnostic::error(Code::MalformedScope, format!("{error}"))
                    .at(span)
                    .hint(hint),
            )
        })?);
    }
    Ok(rules)
}

/// A line up to a `#` that begins it or follows a blank, outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (place, letter) in line.char_indices() {
        quoted ^= letter == '"';
        if letter == '#' && !quoted && before.is_whitespace() {
            return &line[..place];
        }
        before = letter;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_rules() {
        assert_eq!(without_comment("# all"), "");
        assert_eq!(without_comment("table a#b # why"), "table a#b ");
        assert_eq!(without_comment("\"a # b\""), "\"a # b\"");
    }
}
