//! Whole texts to a snapshot: split, parsed and applied statement by statement.
//!
//! Knows the order of the work and that an error stops one statement only. Knows nothing of any statement.

use super::deep::on_deep_stack;
use super::{Interpreter, ReadOptions, parse};
use crate::diagnostic::Checked;
use crate::dialect::postgres::analyse::note_mentions;
use crate::snapshot::Snapshot;
use crate::source::{SourceId, Sources};

/// Reads texts in the order given, as one script run on an empty database.
///
/// All errors are collected: a statement that cannot be applied is left out and the next ones are still read, so the
/// value is meaningful only without errors.
pub fn read_script(sources: &Sources, ids: &[SourceId], options: ReadOptions) -> Checked<Snapshot> {
    on_deep_stack(|| read_here(sources, ids, options.clone()))
}

fn read_here(sources: &Sources, ids: &[SourceId], options: ReadOptions) -> Checked<Snapshot> {
    let version = options.version;
    let mut interpreter = Interpreter::new(options);
    let mut directives = Vec::new();
    interpreter.is_dump = is_dump(sources, ids);
    interpreter.shows_stored = true;
    for &id in ids {
        let text = sources.text(id);
        let script = crate::syntax::split(id, text).unpack(&mut interpreter.diagnostics);
        directives.extend(script.directives);
        for statement in script.statements {
            let text = sources.slice(statement.span);
            match parse::parse(text, statement.span) {
                Ok(Some(node)) => interpreter.apply(&node, text, statement.span),
                Ok(None) => {}
                Err(diagnostic) => interpreter.diagnostics.push(*diagnostic),
            }
        }
    }
    let mut read = interpreter.finish(directives);
    note_mentions(&mut read.value.catalog, version, |_| true);
    read
}

/// Whether all texts are pg_dump's.
pub(super) fn is_dump(sources: &Sources, ids: &[SourceId]) -> bool {
    !ids.is_empty() && ids.iter().all(|&id| crate::syntax::is_dump(sources.text(id)))
}
