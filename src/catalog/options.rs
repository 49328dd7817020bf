//! Storage parameters and foreign options: names with values, in the order of their names.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Options by name; the value is text without quotes, empty for an option that has none.
pub type Options = BTreeMap<Arc<str>, Arc<str>>;
