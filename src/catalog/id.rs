//! The identity of every object: kind and resolved name, nothing else.
//!
//! Objects that share a namespace on the server share a variant here (tables, views, sequences and
//! indexes are all `Relation`), so that a change of kind under one name is seen as what it is.

use super::data_type::DataType;
use super::name::{Ident, QualifiedName};
use std::sync::Arc;

/// Which object. `Ord` is the last tie-break of every sort.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectId {
    /// A schema (`pg_namespace`).
    Schema(Ident),
    /// An extension (`pg_extension`).
    Extension(Ident),
    /// A type of its own: enum, composite, domain, range, base or shell type (`pg_type`).
    Type(QualifiedName),
    /// Whatever stands in `pg_class` by itself: table, view, materialized view, sequence, index, foreign table.
    Relation(QualifiedName),
    /// A function, procedure or aggregate with the types of its input arguments (`pg_proc`).
    Routine(QualifiedName, Signature),
    /// A column of a relation (`pg_attribute`).
    Column(QualifiedName, Ident),
    /// A column's default (`pg_attrdef`), named by its column.
    Default(QualifiedName, Ident),
    /// A constraint of a table (`pg_constraint`); NOT NULL is an attribute of its column.
    Constraint(QualifiedName, Ident),
    /// A CHECK constraint of a domain.
    DomainConstraint(QualifiedName, Ident),
    /// A trigger of a relation (`pg_trigger`).
    Trigger(QualifiedName, Ident),
    /// A rewrite rule of a relation (`pg_rewrite`), a view's own `_RETURN` aside.
    Rule(QualifiedName, Ident),
    /// A row security policy of a table (`pg_policy`).
    Policy(QualifiedName, Ident),
    /// The privileges that objects to come will have (`pg_default_acl`).
    DefaultPrivileges(Arc<DefaultPrivilegesId>),
    /// Any other kind, kept by its definition.
    Definition(Arc<DefinitionId>),
    /// An object that the server or an extension makes, by the identity that it would have were it the schema's. It is
    /// never found under a name: only what is granted on it hangs here.
    Provided(Arc<ObjectId>),
}

/// The input argument types that tell routines of one name apart.
pub type Signature = Arc<[DataType]>;

/// What a set of default privileges is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefaultPrivilegesId {
    /// The role whose new objects get them; `None` is the role that runs the statement.
    pub role: Option<Ident>,
    /// The schema they are limited to.
    pub schema: Option<Ident>,
    /// TABLES, SEQUENCES, FUNCTIONS, TYPES, SCHEMAS or LARGE OBJECTS.
    pub object_kind: &'static str,
}

/// The identity of an object that is kept by its definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionId {
    /// What it is.
    pub kind: DefinitionKind,
    /// Its schema, where the kind has one.
    pub schema: Option<Ident>,
    /// Its name; empty for casts and transforms, the role for user mappings.
    pub name: Ident,
    /// The types that are part of the identity: an operator's operands (`None` for a missing left one), a cast's source and target, a transform's type.
    pub types: Vec<Option<DataType>>,
    /// The other object the identity is within: an operator class's access method, a user mapping's server, a transform's language.
    pub within: Option<Ident>,
}

/// The kinds that are kept by their definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the names are PostgreSQL's own
pub enum DefinitionKind {
    Language,
    AccessMethod,
    Collation,
    Conversion,
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    Operator,
    OperatorFamily,
    OperatorClass,
    Cast,
    Transform,
    ForeignDataWrapper,
    Server,
    UserMapping,
    Statistics,
    Publication,
    Subscription,
    EventTrigger,
}

impl DefinitionKind {
    /// The kind in PostgreSQL's words, lower case.
    pub fn words(self) -> &'static str {
        match self {
            DefinitionKind::Language => "language",
            DefinitionKind::AccessMethod => "access method",
            DefinitionKind::Collation => "collation",
            DefinitionKind::Conversion => "conversion",
            DefinitionKind::TextSearchParser => "text search parser",
            DefinitionKind::TextSearchTemplate => "text search template",
            DefinitionKind::TextSearchDictionary => "text search dictionary",
            DefinitionKind::TextSearchConfiguration => "text search configuration",
            DefinitionKind::Operator => "operator",
            DefinitionKind::OperatorFamily => "operator family",
            DefinitionKind::OperatorClass => "operator class",
            DefinitionKind::Cast => "cast",
            DefinitionKind::Transform => "transform",
            DefinitionKind::ForeignDataWrapper => "foreign-data wrapper",
            DefinitionKind::Server => "server",
            DefinitionKind::UserMapping => "user mapping",
            DefinitionKind::Statistics => "statistics object",
            DefinitionKind::Publication => "publication",
            DefinitionKind::Subscription => "subscription",
            DefinitionKind::EventTrigger => "event trigger",
        }
    }
}

impl ObjectId {
    /// The relation or domain that this object is a part of, as far as the name alone says
    /// (an index's table is known by the index only).
    pub fn parent(&self) -> Option<ObjectId> {
        match self {
            ObjectId::Column(relation, _)
            | ObjectId::Constraint(relation, _)
            | ObjectId::Trigger(relation, _)
            | ObjectId::Rule(relation, _)
            | ObjectId::Policy(relation, _) => Some(ObjectId::Relation(relation.clone())),
            ObjectId::Default(relation, column) => Some(ObjectId::Column(relation.clone(), column.clone())),
            ObjectId::DomainConstraint(domain, _) => Some(ObjectId::Type(domain.clone())),
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::Type(_)
            | ObjectId::Relation(_)
            | ObjectId::Routine(..)
            | ObjectId::DefaultPrivileges(_)
            | ObjectId::Definition(_)
            | ObjectId::Provided(_) => None,
        }
    }

    /// The schema the object is in, where it is in one.
    pub fn schema(&self) -> Option<&Ident> {
        match self {
            ObjectId::Type(name)
            | ObjectId::Relation(name)
            | ObjectId::Routine(name, _)
            | ObjectId::Column(name, _)
            | ObjectId::Default(name, _)
            | ObjectId::Constraint(name, _)
            | ObjectId::DomainConstraint(name, _)
            | ObjectId::Trigger(name, _)
            | ObjectId::Rule(name, _)
            | ObjectId::Policy(name, _) => Some(&name.schema),
            ObjectId::DefaultPrivileges(id) => id.schema.as_ref(),
            ObjectId::Definition(id) => id.schema.as_ref(),
            // Whoever makes it sees to its schema.
            ObjectId::Schema(_) | ObjectId::Extension(_) | ObjectId::Provided(_) => None,
        }
    }

    /// The relation or domain name that a part hangs on; the object's own name for one that is in a schema by itself.
    pub fn qualified_name(&self) -> Option<&QualifiedName> {
        match self {
            ObjectId::Type(name)
            | ObjectId::Relation(name)
            | ObjectId::Routine(name, _)
            | ObjectId::Column(name, _)
            | ObjectId::Default(name, _)
            | ObjectId::Constraint(name, _)
            | ObjectId::DomainConstraint(name, _)
            | ObjectId::Trigger(name, _)
            | ObjectId::Rule(name, _)
            | ObjectId::Policy(name, _) => Some(name),
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::DefaultPrivileges(_)
            | ObjectId::Definition(_)
            | ObjectId::Provided(_) => None,
        }
    }
}

impl ObjectId {
    /// The object's own last name: a column's, a constraint's, a relation's; empty where the kind has none.
    pub fn last_name(&self) -> Ident {
        match self {
            ObjectId::Schema(name) | ObjectId::Extension(name) => name.clone(),
            ObjectId::Type(name) | ObjectId::Relation(name) | ObjectId::Routine(name, _) => name.name.clone(),
            ObjectId::Column(_, name)
            | ObjectId::Default(_, name)
            | ObjectId::Constraint(_, name)
            | ObjectId::DomainConstraint(_, name)
            | ObjectId::Trigger(_, name)
            | ObjectId::Rule(_, name)
            | ObjectId::Policy(_, name) => name.clone(),
            ObjectId::DefaultPrivileges(_) => Ident::from(""),
            ObjectId::Definition(id) => id.name.clone(),
            ObjectId::Provided(id) => id.last_name(),
        }
    }

    /// The same object in another schema; one that is in no schema by itself stays.
    pub fn with_schema_name(&self, schema: &Ident) -> ObjectId {
        let moved = |name: &QualifiedName| QualifiedName {
            schema: schema.clone(),
            name: name.name.clone(),
        };
        match self {
            ObjectId::Type(name) => ObjectId::Type(moved(name)),
            ObjectId::Relation(name) => ObjectId::Relation(moved(name)),
            ObjectId::Routine(name, signature) => ObjectId::Routine(moved(name), signature.clone()),
            ObjectId::Column(name, part) => ObjectId::Column(moved(name), part.clone()),
            ObjectId::Default(name, part) => ObjectId::Default(moved(name), part.clone()),
            ObjectId::Constraint(name, part) => ObjectId::Constraint(moved(name), part.clone()),
            ObjectId::DomainConstraint(name, part) => ObjectId::DomainConstraint(moved(name), part.clone()),
            ObjectId::Trigger(name, part) => ObjectId::Trigger(moved(name), part.clone()),
            ObjectId::Rule(name, part) => ObjectId::Rule(moved(name), part.clone()),
            ObjectId::Policy(name, part) => ObjectId::Policy(moved(name), part.clone()),
            ObjectId::Definition(id) if id.schema.is_some() => ObjectId::Definition(Arc::new(DefinitionId {
                schema: Some(schema.clone()),
                ..(**id).clone()
            })),
            ObjectId::Provided(id) => ObjectId::Provided(Arc::new(id.with_schema_name(schema))),
            ObjectId::Definition(_) | ObjectId::DefaultPrivileges(_) | ObjectId::Schema(_) | ObjectId::Extension(_) => {
                self.clone()
            }
        }
    }

    /// This identity after `from` has become `to`; `None` when the rename does not touch it.
    ///
    /// A part follows its relation, a signature its types, everything its schema.
    pub fn renamed(&self, from: &ObjectId, to: &ObjectId) -> Option<ObjectId> {
        if self == from {
            return Some(to.clone());
        }
        if let ObjectId::Provided(id) = self {
            return id.renamed(from, to).map(|id| ObjectId::Provided(Arc::new(id)));
        }
        match (from, to) {
            (ObjectId::Relation(old), ObjectId::Relation(new)) => self.with_relation(old, new),
            (ObjectId::Type(old), ObjectId::Type(new)) => self.with_type(old, new),
            (ObjectId::Schema(old), ObjectId::Schema(new)) => self.with_schema(old, new),
            (ObjectId::Column(relation, old), ObjectId::Column(_, new)) => match self {
                ObjectId::Default(table, column) if table == relation && column == old => {
                    Some(ObjectId::Default(table.clone(), new.clone()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn with_relation(&self, old: &QualifiedName, new: &QualifiedName) -> Option<ObjectId> {
        let part = |relation: &QualifiedName| relation == old;
        match self {
            ObjectId::Column(relation, name) if part(relation) => Some(ObjectId::Column(new.clone(), name.clone())),
            ObjectId::Default(relation, name) if part(relation) => Some(ObjectId::Default(new.clone(), name.clone())),
            ObjectId::Constraint(relation, name) if part(relation) => {
                Some(ObjectId::Constraint(new.clone(), name.clone()))
            }
            ObjectId::Trigger(relation, name) if part(relation) => Some(ObjectId::Trigger(new.clone(), name.clone())),
            ObjectId::Rule(relation, name) if part(relation) => Some(ObjectId::Rule(new.clone(), name.clone())),
            ObjectId::Policy(relation, name) if part(relation) => Some(ObjectId::Policy(new.clone(), name.clone())),
            // The row type of a relation bears the relation's name.
            ObjectId::Type(_) | ObjectId::Routine(..) | ObjectId::Definition(_) => self.with_type(old, new),
            _ => None,
        }
    }

    fn with_type(&self, old: &QualifiedName, new: &QualifiedName) -> Option<ObjectId> {
        let renamed = |data_type: &DataType| DataType {
            name: if &data_type.name == old {
                new.clone()
            } else {
                data_type.name.clone()
            },
            ..data_type.clone()
        };
        match self {
            ObjectId::Type(name) if name == old => Some(ObjectId::Type(new.clone())),
            ObjectId::DomainConstraint(domain, name) if domain == old => {
                Some(ObjectId::DomainConstraint(new.clone(), name.clone()))
            }
            ObjectId::Routine(name, signature) if signature.iter().any(|data_type| &data_type.name == old) => {
                Some(ObjectId::Routine(name.clone(), signature.iter().map(renamed).collect()))
            }
            ObjectId::Definition(id) if id.types.iter().flatten().any(|data_type| &data_type.name == old) => {
                let mut id = (**id).clone();
                id.types = id
                    .types
                    .iter()
                    .map(|data_type| data_type.as_ref().map(renamed))
                    .collect();
                Some(ObjectId::Definition(Arc::new(id)))
            }
            _ => None,
        }
    }

    fn with_schema(&self, old: &Ident, new: &Ident) -> Option<ObjectId> {
        let moved = |name: &QualifiedName| QualifiedName {
            schema: if &name.schema == old {
                new.clone()
            } else {
                name.schema.clone()
            },
            name: name.name.clone(),
        };
        let moved_type = |data_type: &DataType| DataType {
            name: moved(&data_type.name),
            ..data_type.clone()
        };
        let changed = match self {
            ObjectId::Type(name) => ObjectId::Type(moved(name)),
            ObjectId::Relation(name) => ObjectId::Relation(moved(name)),
            ObjectId::Routine(name, signature) => {
                ObjectId::Routine(moved(name), signature.iter().map(moved_type).collect())
            }
            ObjectId::Column(name, part) => ObjectId::Column(moved(name), part.clone()),
            ObjectId::Default(name, part) => ObjectId::Default(moved(name), part.clone()),
            ObjectId::Constraint(name, part) => ObjectId::Constraint(moved(name), part.clone()),
            ObjectId::DomainConstraint(name, part) => ObjectId::DomainConstraint(moved(name), part.clone()),
            ObjectId::Trigger(name, part) => ObjectId::Trigger(moved(name), part.clone()),
            ObjectId::Rule(name, part) => ObjectId::Rule(moved(name), part.clone()),
            ObjectId::Policy(name, part) => ObjectId::Policy(moved(name), part.clone()),
            ObjectId::DefaultPrivileges(id) => {
                let mut id = (**id).clone();
                if id.schema.as_ref() == Some(old) {
                    id.schema = Some(new.clone());
                }
                ObjectId::DefaultPrivileges(Arc::new(id))
            }
            ObjectId::Definition(id) => {
                let mut id = (**id).clone();
                if id.schema.as_ref() == Some(old) {
                    id.schema = Some(new.clone());
                }
                id.types = id
                    .types
                    .iter()
                    .map(|data_type| data_type.as_ref().map(moved_type))
                    .collect();
                ObjectId::Definition(Arc::new(id))
            }
            ObjectId::Schema(_) | ObjectId::Extension(_) | ObjectId::Provided(_) => return None,
        };
        (&changed != self).then_some(changed)
    }
}
