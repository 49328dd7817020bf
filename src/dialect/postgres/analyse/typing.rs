//! Types as the rules of resolution see them: categories, domains' bases, implicit casts.
//!
//! Knows `pg_type` and `pg_cast` from the tables and the types of the schema (`parse_coerce.c`). Whatever it does not
//! know it does not answer, and then nothing is written that was not there.

use super::{Analyser, system};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::types::Type;
use crate::catalog::{Array, DataType, Object, ObjectId, QualifiedName};

/// What resolution asks of a type (`typcategory`, `typispreferred`, `typtype`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeFacts {
    /// The category's letter.
    pub(super) category: char,
    /// Whether it is the preferred type of its category.
    pub(super) preferred: bool,
    /// What sort of type it is.
    pub(super) sort: TypeSort,
}

/// The sorts of types that pseudo-types tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeSort {
    Base,
    Array,
    Composite,
    Enum,
    Range,
    Multirange,
    Pseudo,
}

/// Whether a known type fits a declared one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is that type.
    Exact,
    /// An implicit cast, or a pseudo-type, takes it.
    Coerced,
    /// It does not fit.
    No,
}

impl Analyser<'_> {
    /// The facts of a type; `None` for one of which nothing is known.
    pub(super) fn facts(&self, data_type: &DataType) -> Option<TypeFacts> {
        if data_type.array == Array::Array {
            return Some(TypeFacts {
                category: 'A',
                preferred: false,
                sort: TypeSort::Array,
            });
        }
        let name = &data_type.name;
        if name.is_system() {
            return system::type_row(self.version, name.schema.as_str(), name.name.as_str())
                .map(row_facts)
                .or_else(|| {
                    system::relation(self.version, name.schema.as_str(), name.name.as_str()).map(|_| composite())
                });
        }
        if let Some(entry) = self.catalog.get(&ObjectId::Type(name.clone())) {
            return match &entry.object {
                Object::Type(own) => self.own_facts(own),
                _ => None,
            };
        }
        if self.catalog.contains(&ObjectId::Relation(name.clone())) {
            return Some(composite());
        }
        let (extension, row) = system::extension_type_row(name.name.as_str())?;
        self.installed(&[extension], Some(name.schema.as_str()))?;
        Some(row_facts(row))
    }

    fn own_facts(&self, own: &Type) -> Option<TypeFacts> {
        let of = |category, sort| {
            Some(TypeFacts {
                category,
                preferred: false,
                sort,
            })
        };
        match own {
            Type::Enum(_) => of('E', TypeSort::Enum),
            Type::Composite(_) => of('C', TypeSort::Composite),
            Type::Range(_) => of('R', TypeSort::Range),
            Type::Domain(domain) => self.facts(&domain.base),
            // CATEGORY and PREFERRED of a base type would have to be looked at.
            Type::Base(_) | Type::Shell => None,
        }
    }

    /// The type under a domain, and under the domains it is over; any other type as it is. Modifiers are left out.
    pub(super) fn base_type(&self, data_type: &DataType) -> DataType {
        let mut current = data_type.without_modifiers();
        // A domain over itself cannot be made; the bound is for catalogs that are not a server's.
        for _ in 0..32 {
            match self.domain_base(&current) {
                Some(base) => current = base.without_modifiers(),
                None => break,
            }
        }
        current
    }

    /// What a domain is over; `None` for a type that is no domain.
    pub(super) fn domain_base(&self, data_type: &DataType) -> Option<DataType> {
        if data_type.array == Array::Array {
            return None;
        }
        if data_type.name.schema.as_str() == "information_schema" {
            let row = system::type_row(self.version, "information_schema", data_type.name.name.as_str())?;
            return row.split('\t').nth(4).and_then(super::resolve::system_type);
        }
        match &self.catalog.get(&ObjectId::Type(data_type.name.clone()))?.object {
            Object::Type(own) => match &**own {
                Type::Domain(domain) => Some(domain.base.clone()),
                Type::Enum(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
            },
            _ => None,
        }
    }

    /// Whether a type is a domain, or one of which nothing is known and that may be one.
    pub(in crate::dialect::postgres) fn may_be_domain(&self, data_type: &DataType) -> bool {
        let name = &data_type.name;
        if data_type.array == Array::Array || self.domain_base(data_type).is_some() {
            return data_type.array != Array::Array;
        }
        let is_own = [ObjectId::Type(name.clone()), ObjectId::Relation(name.clone())]
            .iter()
            .any(|id| self.catalog.contains(id));
        if name.is_system() || is_own {
            return false;
        }
        match system::extension_type_row(name.name.as_str()) {
            Some((extension, row)) => {
                self.installed(&[extension], Some(name.schema.as_str())).is_none() || row.starts_with("d\t")
            }
            None => true,
        }
    }

    /// Whether a value of type `given` fits where `declared` is wanted (`can_coerce_type`, implicit).
    pub(super) fn fit(&self, given: &DataType, declared: &DataType) -> Fit {
        if same(given, declared) {
            return Fit::Exact;
        }
        if let Some(pseudo) = pseudo(declared) {
            return if self.fits_pseudo(given, pseudo) {
                Fit::Coerced
            } else {
                Fit::No
            };
        }
        let base = self.base_type(given);
        if same(&base, declared) || self.has_implicit_cast(&base, declared) {
            return Fit::Coerced;
        }
        Fit::No
    }

    fn fits_pseudo(&self, given: &DataType, pseudo: &str) -> bool {
        let sort = |data_type: &DataType| self.facts(data_type).map(|facts| facts.sort);
        let base = self.base_type(given);
        match pseudo {
            "any" | "anyelement" | "anycompatible" => true,
            "anyarray" | "anycompatiblearray" => base.array == Array::Array,
            "anynonarray" | "anycompatiblenonarray" => base.array == Array::Scalar,
            "anyenum" => sort(&base) == Some(TypeSort::Enum),
            "anyrange" | "anycompatiblerange" => sort(&base) == Some(TypeSort::Range),
            "anymultirange" | "anycompatiblemultirange" => sort(&base) == Some(TypeSort::Multirange),
            "record" => sort(&base) == Some(TypeSort::Composite),
            _ => false,
        }
    }

    fn has_implicit_cast(&self, source: &DataType, target: &DataType) -> bool {
        match (source.array, target.array) {
            (Array::Array, Array::Array) => {
                let element = |array: &DataType| DataType {
                    array: Array::Scalar,
                    ..array.clone()
                };
                let (source, target) = (element(source), element(target));
                !source.name.is_system() && same(&source, &target) || self.has_implicit_cast(&source, &target)
            }
            (Array::Scalar, Array::Scalar) => {
                let system =
                    source.name.schema.as_str() == SYSTEM_SCHEMA && target.name.schema.as_str() == SYSTEM_SCHEMA;
                let (from, to) = (source.name.name.as_str(), target.name.name.as_str());
                if system {
                    return system::has_implicit_cast(self.version, from, to);
                }
                self.extension_cast(source, target)
            }
            (Array::Array, Array::Scalar) | (Array::Scalar, Array::Array) => false,
        }
    }

    fn extension_cast(&self, source: &DataType, target: &DataType) -> bool {
        let Some((extension, casts)) = [source, target].into_iter().find_map(|data_type| {
            let name = data_type.name.name.as_str();
            let (extension, _) = system::extension_type_row(name)?;
            let (installed, _) = self.installed(&[extension], Some(data_type.name.schema.as_str()))?;
            let shown = |data_type: &DataType| match data_type.name.schema.as_str() {
                SYSTEM_SCHEMA => data_type.name.name.as_str().to_owned(),
                _ => ["+", data_type.name.name.as_str()].concat(),
            };
            Some((installed, (shown(source), shown(target))))
        }) else {
            return false;
        };
        system::has_implicit_extension_cast(extension.as_str(), &casts.0, &casts.1)
    }

    /// The type of an array's elements, or of the elements of a domain over an array.
    pub(super) fn element_type(&self, data_type: &DataType) -> Option<DataType> {
        let base = self.base_type(data_type);
        (base.array == Array::Array).then_some(DataType {
            array: Array::Scalar,
            ..base
        })
    }

    /// The multirange or range that belongs to a range or multirange, or a range's element: for polymorphic results.
    pub(super) fn range_element(&self, data_type: &DataType) -> Option<DataType> {
        let base = self.base_type(data_type);
        if let Object::Type(own) = &self.catalog.get(&ObjectId::Type(base.name.clone()))?.object
            && let Type::Range(range) = &**own
        {
            return Some(range.subtype.clone());
        }
        None
    }
}

/// Whether two types are the same, modifiers aside.
pub(super) fn same(one: &DataType, other: &DataType) -> bool {
    one.name == other.name && one.array == other.array
}

/// The name of a pseudo-type that takes more than one type.
pub(super) fn pseudo(data_type: &DataType) -> Option<&str> {
    let name = data_type.name.name.as_str();
    let polymorphic = data_type.array == Array::Scalar
        && data_type.name.schema.as_str() == SYSTEM_SCHEMA
        && (name.starts_with("any") || name == "record");
    polymorphic.then_some(name)
}

/// The array of a type.
pub(super) fn array_of(element: &DataType) -> Option<DataType> {
    (element.array == Array::Scalar).then(|| DataType {
        array: Array::Array,
        modifiers: std::sync::Arc::from([]),
        name: element.name.clone(),
    })
}

/// The facts in a row of the tables, which follow schema or extension and name.
fn row_facts(row: &str) -> TypeFacts {
    let mut fields = row.split('\t');
    let kind = fields.next().unwrap_or("");
    let category = fields.next().and_then(|field| field.chars().next()).unwrap_or('X');
    TypeFacts {
        category,
        preferred: fields.next() == Some("preferred"),
        sort: match kind {
            "c" => TypeSort::Composite,
            "e" => TypeSort::Enum,
            "r" => TypeSort::Range,
            "m" => TypeSort::Multirange,
            "p" => TypeSort::Pseudo,
            _ => TypeSort::Base,
        },
    }
}

fn composite() -> TypeFacts {
    TypeFacts {
        category: 'C',
        preferred: false,
        sort: TypeSort::Composite,
    }
}

/// A type of an extension's table, in the schema the extension is in.
pub(super) fn table_type(name: &str, home: &str) -> Option<DataType> {
    match name.strip_prefix('+') {
        None if name == "-" => None,
        None => Some(named(name)),
        Some(own) => {
            let (element, array) = match own.strip_suffix("[]") {
                Some(element) => (element, Array::Array),
                None => (own, Array::Scalar),
            };
            Some(DataType {
                array,
                ..DataType::plain(QualifiedName::new(home, element))
            })
        }
    }
}

/// A type as the tables name it, pseudo-types included.
fn named(name: &str) -> DataType {
    let (element, array) = match name.strip_suffix("[]") {
        Some(element) => (element, Array::Array),
        None => (name, Array::Scalar),
    };
    let name = match element.split_once('.') {
        Some((schema, name)) => QualifiedName::new(schema, name),
        None => QualifiedName::system(element),
    };
    DataType {
        array,
        ..DataType::plain(name)
    }
}
