//! What the extensions of a catalog bring, by the tables and by where they are installed.
//!
//! Knows installed extensions and their schemas. An extension of which the tables know nothing may bring anything.

use super::{Analyser, system};
use crate::catalog::{Ident, Object, ObjectId};

impl Analyser<'_> {
    /// The first of the named extensions that is installed, in `schema` when one is given, with its schema.
    pub(super) fn installed(&self, extensions: &[&str], schema: Option<&str>) -> Option<(Ident, Ident)> {
        extensions.iter().find_map(|name| {
            let id = ObjectId::Extension(Ident::from(*name));
            let home = self.extension_schema(&id)?;
            let here = schema.is_none_or(|schema| home.as_str() == schema);
            here.then(|| (Ident::from(*name), home))
        })
    }

    /// Where an object may come from that nothing known provides: the schema of an extension unknown to the tables.
    pub(super) fn unknown_extension_schema(&self, schema: Option<&str>) -> Option<Ident> {
        self.unknown_extensions()
            .map(|(_, home)| home)
            .find(|home| schema.is_none_or(|schema| home.as_str() == schema))
    }

    /// The installed extensions of which the tables know nothing, with their schemas.
    pub(super) fn unknown_extensions(&self) -> impl Iterator<Item = (Ident, Ident)> {
        self.catalog
            .extensions()
            .filter(|id| !system::is_known_extension(id.last_name().as_str()))
            .filter_map(|id| Some((id.last_name(), self.extension_schema(id)?)))
    }

    /// The schema of an installed extension: the one it names, else the first of the search path.
    fn extension_schema(&self, id: &ObjectId) -> Option<Ident> {
        match &self.catalog.get(id)?.object {
            Object::Extension(extension) => Some(match &extension.schema {
                Some(schema) => schema.last_name(),
                None => self
                    .search_path
                    .first()
                    .cloned()
                    .unwrap_or_else(|| Ident::from("public")),
            }),
            _ => None,
        }
    }
}
