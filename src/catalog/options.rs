//! Storage parameters and foreign options: names with values. The order in which they were said is kept, because the
//! server keeps it, but is no part of the meaning.

use indexmap::IndexMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock};

type Map = IndexMap<Arc<str>, Arc<str>>;

/// Options by name; the value is text without quotes, empty for an option that has none.
///
/// Nearly every object could have some and hardly any has, so that none takes the room of an address.
#[derive(Clone, Default)]
pub struct Options(Option<Box<Map>>);

impl Options {
    /// No options.
    pub fn new() -> Self {
        Options(None)
    }
}

impl Deref for Options {
    type Target = Map;

    fn deref(&self) -> &Map {
        static NONE: LazyLock<Map> = LazyLock::new(Map::new);
        self.0.as_deref().unwrap_or_else(|| &NONE)
    }
}

impl DerefMut for Options {
    fn deref_mut(&mut self) -> &mut Map {
        self.0.get_or_insert_default()
    }
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
impl Eq for Options {}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl FromIterator<(Arc<str>, Arc<str>)> for Options {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Arc<str>)>>(options: I) -> Self {
        let map = Map::from_iter(options);
        Options((!map.is_empty()).then(|| Box::new(map)))
    }
}

impl<const N: usize> From<[(Arc<str>, Arc<str>); N]> for Options {
    fn from(options: [(Arc<str>, Arc<str>); N]) -> Self {
        options.into_iter().collect()
    }
}

impl IntoIterator for Options {
    type Item = (Arc<str>, Arc<str>);
    type IntoIter = indexmap::map::IntoIter<Arc<str>, Arc<str>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.map_or_else(Map::new, |map| *map).into_iter()
    }
}

impl<'o> IntoIterator for &'o Options {
    type Item = (&'o Arc<str>, &'o Arc<str>);
    type IntoIter = indexmap::map::Iter<'o, Arc<str>, Arc<str>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
