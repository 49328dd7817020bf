//! The files of a plan applied to a catalog one after another, for the proof.

use super::deep::on_deep_stack;
use super::{Interpreter, ReadOptions, parse};
use crate::catalog::Catalog;
use crate::catalog::hashing::HashSet;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceId;

/// A catalog that files are applied to.
pub struct Replay {
    interpreter: Interpreter,
}

impl Replay {
    /// Begins with a catalog.
    pub fn new(catalog: Catalog, options: ReadOptions) -> Self {
        Replay {
            interpreter: Interpreter::resume(catalog, options),
        }
    }

    /// The catalog after the files so far.
    pub fn catalog(&self) -> &Catalog {
        &self.interpreter.catalog
    }

    /// Applies the text of one migration file, which runs in a session of its own. Statements in `neutral` are the plan's
    /// own checks and moves of rows: they change no schema and are known by their exact text.
    ///
    /// # Errors
    /// The first statement that does not parse or cannot be applied.
    pub fn apply(&mut self, text: &str, neutral: &HashSet<&str>) -> Result<(), Diagnostic> {
        on_deep_stack(|| self.apply_here(text, neutral))
    }

    fn apply_here(&mut self, text: &str, neutral: &HashSet<&str>) -> Result<(), Diagnostic> {
        self.interpreter.settings = super::Settings::default();
        let script = crate::syntax::split(SourceId(0), text);
        if let Some(error) = first_error(&script.diagnostics) {
            return Err(error);
        }
        for statement in script.value.statements {
            let range = statement.span.start as usize..statement.span.end as usize;
            let Some(sql) = text.get(range) else { continue };
            if neutral.contains(sql) {
                continue;
            }
            let parsed = parse::parse(sql, statement.span).map_err(|diagnostic| within(*diagnostic, sql))?;
            if let Some(node) = parsed {
                self.interpreter.apply(&node, sql, statement.span);
            }
            if let Some(error) = first_error(&self.interpreter.diagnostics) {
                return Err(within(error, sql));
            }
        }
        Ok(())
    }
}

/// The error with the statement it is about.
fn within(mut error: Diagnostic, sql: &str) -> Diagnostic {
    error.message = format!("{} (in: {})", error.message, sql.lines().next().unwrap_or_default());
    error
}

fn first_error(diagnostics: &[Diagnostic]) -> Option<Diagnostic> {
    diagnostics
        .iter()
        .find(|diagnostic| diagnostic.severity == Severity::Error)
        .cloned()
}
