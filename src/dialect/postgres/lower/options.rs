//! Differences of storage parameters: what is SET and what is RESET.

use crate::catalog::Options;
use std::sync::Arc;

/// The options to set, and the names of those to reset.
pub(super) fn difference(from: &Options, to: &Options) -> (Options, Vec<Arc<str>>) {
    let set = to
        .iter()
        .filter(|(name, value)| from.get(*name) != Some(*value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let reset = from.keys().filter(|name| !to.contains_key(*name)).cloned().collect();
    (set, reset)
}
