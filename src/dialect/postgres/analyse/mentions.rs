//! The objects that string bodies of routines name.
//!
//! Knows how such names are looked for. The server does not keep these dependencies: they put statements into an order
//! in which each body finds what it names, and are left out where they would make a circle.

use super::Analyser;
use crate::catalog::routine::{Body, Routine};
use crate::catalog::{Catalog, Ident, Object, ObjectId, QualifiedName};
use crate::dialect::postgres::read::body::{BodyName, NameRole, plpgsql_names, sql_names};

/// Notes in the routines for which `wanted` holds what their bodies name, in the catalog as it is now, for a server of a
/// major version.
pub fn note_mentions(catalog: &mut Catalog, version: u16, wanted: impl Fn(&ObjectId) -> bool) {
    let found: Vec<(ObjectId, Vec<ObjectId>)> = catalog
        .iter()
        .filter(|(id, _)| matches!(id, ObjectId::Routine(..)) && wanted(id))
        .filter_map(|(id, entry)| match &entry.object {
            Object::Routine(routine) => Some((id.clone(), mentions(catalog, version, id, routine))),
            _ => None,
        })
        .filter(|(_, mentions)| !mentions.is_empty())
        .collect();
    for (id, mentions) in found {
        if let Some(Object::Routine(routine)) = catalog.get_mut(&id).map(|entry| &mut entry.object) {
            routine.mentions.0 = mentions;
        }
    }
}

/// The objects that a routine's string body names, sorted; none for a language that cannot be read.
fn mentions(catalog: &Catalog, version: u16, id: &ObjectId, routine: &Routine) -> Vec<ObjectId> {
    let Body::Text(body) = &routine.body else {
        return Vec::new();
    };
    let names = match routine.language.as_str() {
        "sql" => sql_names(body),
        "plpgsql" => plpgsql_names(body),
        _ => return Vec::new(),
    };
    let search_path = search_path(id, routine);
    let analyser = Analyser::new(catalog, &search_path, version);
    let mut found: Vec<ObjectId> = names.iter().flat_map(|name| analyser.mentioned(name)).collect();
    found.sort();
    found.dedup();
    found.retain(|mentioned| mentioned != id);
    found
}

impl Analyser<'_> {
    fn mentioned(&self, name: &BodyName) -> Vec<ObjectId> {
        let parts: Vec<&str> = name.parts.iter().map(String::as_str).collect();
        match name.role {
            NameRole::Relation => self.mentioned_relation(&parts).into_iter().collect(),
            NameRole::Routine => self.routines_named(&parts),
            NameRole::Type => {
                let named = self.named_type(&parts, -1).ok();
                let provider = named.and_then(|data_type| self.catalog.type_provider(&data_type.name));
                provider.into_iter().collect()
            }
        }
    }

    /// `relation`, `schema.relation`, or a column behind either.
    fn mentioned_relation(&self, parts: &[&str]) -> Option<ObjectId> {
        let qualified = match parts {
            [schema, name, ..] => self.own_relation(Some(schema), name),
            _ => None,
        };
        let found = qualified.or_else(|| self.own_relation(None, parts.first()?));
        found.map(ObjectId::Relation)
    }
}

/// The schemas a body looks in: those of its own `SET search_path`, else its own schema and `public`.
fn search_path(id: &ObjectId, routine: &Routine) -> Vec<Ident> {
    let setting = routine.settings.iter().find(|(name, _)| &**name == "search_path");
    let mut path: Vec<Ident> = match setting {
        Some((_, value)) => value
            .split(',')
            .map(|schema| Ident::from(schema.trim().trim_matches(['"', '\''])))
            .collect(),
        None => vec![Ident::from("public")],
    };
    if setting.is_none()
        && let Some(QualifiedName { schema, .. }) = id.qualified_name()
    {
        path.insert(0, schema.clone());
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::analyse::tests::{catalog, name};
    use std::sync::Arc;

    #[test]
    fn a_body_mentions_what_it_names_and_not_itself() {
        let mut catalog = catalog();
        let routine = catalog.overloads(&name("pairs")).next().cloned().expect("a routine");
        if let Some(Object::Routine(found)) = catalog.get_mut(&routine).map(|entry| &mut entry.object) {
            found.body = Body::Text(Arc::from(
                "SELECT name, 1 FROM users WHERE total(id) > 0 UNION SELECT * FROM pairs()",
            ));
        }
        note_mentions(&mut catalog, 18, |_| true);
        let Some(Object::Routine(found)) = catalog.get(&routine).map(|entry| &entry.object) else {
            panic!("a routine")
        };
        let totals = catalog.overloads(&name("total")).cloned();
        let expected: Vec<ObjectId> = [ObjectId::Relation(name("users"))].into_iter().chain(totals).collect();
        assert_eq!(found.mentions.0, expected);
    }
}
