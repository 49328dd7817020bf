//! A file of a plan applied to a catalog, for the proof.

use super::{Interpreter, ReadOptions, parse};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceId;
use std::collections::HashSet;

/// Applies the text of one migration file to a catalog. Statements in `neutral` are the plan's own checks and moves of
/// rows: they change no schema and are known by their exact text.
///
/// # Errors
/// The first statement that does not parse or cannot be applied.
pub fn replay(
    catalog: Catalog,
    text: &str,
    neutral: &HashSet<&str>,
    options: ReadOptions,
) -> Result<Catalog, Diagnostic> {
    let script = crate::syntax::split(SourceId(0), text);
    if let Some(error) = first_error(&script.diagnostics) {
        return Err(error);
    }
    let mut interpreter = Interpreter::resume(catalog, options);
    for statement in script.value.statements {
        let Some(sql) = text.get(statement.span.start as usize..statement.span.end as usize) else {
            continue;
        };
        if neutral.contains(sql) {
            continue;
        }
        if let Some(node) = parse::parse(sql, statement.span).map_err(|diagnostic| *diagnostic)? {
            interpreter.apply(&node, sql, statement.span);
        }
        if let Some(mut error) = first_error(&interpreter.diagnostics) {
            error.message = format!("{} (in: {})", error.message, sql.lines().next().unwrap_or_default());
            return Err(error);
        }
    }
    let (catalog, _, _, _) = interpreter.finish();
    Ok(catalog)
}

fn first_error(diagnostics: &[Diagnostic]) -> Option<Diagnostic> {
    diagnostics
        .iter()
        .find(|diagnostic| diagnostic.severity == Severity::Error)
        .cloned()
}
