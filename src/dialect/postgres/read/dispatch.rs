//! Which method reads which statement. A statement without one is refused here, at its place.

use super::ast::NodeEnum;
use super::{Applied, Interpreter, Unmodelled};
use crate::diagnostic::{Code, Diagnostic};

impl Interpreter {
    /// Applies a statement by its kind.
    pub(super) fn dispatch(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match node {
            other => self.unmodelled(other, text),
        }
    }

    /// A statement that the catalog has no place for: refused, or carried as text when that was asked for.
    fn unmodelled(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match self.options.unmodelled {
            Unmodelled::Carry => {
                self.carried.push((text.to_owned(), self.current));
                Ok(())
            }
            Unmodelled::Refuse => Err(Box::new(
                Diagnostic::error(
                    Code::UnsupportedStatement,
                    format!("{} is not supported", statement_name(node)),
                )
                .at(self.current)
                .hint("Take it out of the schema, or use --carry-unmodelled to have it compared as text."),
            )),
        }
    }
}

/// What a statement is called in a message: the first words of its kind, from the parser's own name for it.
fn statement_name(node: &NodeEnum) -> String {
    let debug = format!("{node:?}");
    let name = debug.split('(').next().unwrap_or_default().trim_end_matches("Stmt");
    let mut words = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(character.to_ascii_uppercase());
    }
    words
}
