//! Storage parameters and foreign options: names with values. The order in which they were said is kept, because the
//! server keeps it, but is no part of the meaning.

use indexmap::IndexMap;
use std::sync::Arc;

/// Options by name; the value is text without quotes, empty for an option that has none.
pub type Options = IndexMap<Arc<str>, Arc<str>>;
