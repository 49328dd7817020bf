//! The statement splitter.

use super::Script;
use crate::diagnostic::Checked;
use crate::source::SourceId;

/// Splits a text into statements.
pub fn split(_source: SourceId, _text: &str) -> Checked<Script> {
    Checked::clean(Script::default())
}
