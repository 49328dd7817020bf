//! Helpers of the reader's tests: texts to catalogs.

use super::{ReadOptions, read_script};
use crate::catalog::Catalog;
use crate::diagnostic::Checked;
use crate::snapshot::Snapshot;
use crate::source::Sources;

/// The snapshot of a text, with what there is to say about it.
pub(super) fn read(text: &str, version: u16) -> Checked<Snapshot> {
    let mut sources = Sources::new();
    let id = sources.add("test.sql", text);
    let options = ReadOptions {
        version,
        ..ReadOptions::default()
    };
    read_script(&sources, &[id], options)
}

/// The catalog of a text without errors.
pub(super) fn catalog(text: &str) -> Catalog {
    let checked = read(text, super::NEWEST);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    checked.value.catalog
}

/// The messages of a text's errors.
pub(super) fn errors(text: &str) -> Vec<String> {
    let diagnostics = read(text, super::NEWEST).diagnostics;
    diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
}

/// Asserts that two texts make the same catalog, and shows the objects that differ.
pub(super) fn assert_same(first: &str, second: &str) {
    let (first, second) = (catalog(first), catalog(second));
    for (id, entry) in first.iter() {
        assert_eq!(Some(entry), second.get(id), "{id:?}");
    }
    for (id, _) in second.iter() {
        assert!(first.contains(id), "only in the second: {id:?}");
    }
}
