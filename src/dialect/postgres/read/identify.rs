//! Which object a statement speaks of: the parser's object kind and name to an identity.
//!
//! Knows the shapes in which the grammar hands over names (`objectaddress.c`, `get_object_address`). Changes nothing.

use super::ast::{Node, NodeEnum, ObjectType};
use super::{Applied, Interpreter, ast};
use crate::catalog::{DataType, DefinitionId, DefinitionKind, Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::{Code, Diagnostic};
use std::sync::Arc;

/// What a name led to.
#[derive(Debug)]
pub(super) enum Found {
    /// An object of the catalog.
    Object(ObjectId),
    /// Nothing; the error that says so, unless IF EXISTS was written.
    Missing(Box<Diagnostic>),
}

impl Interpreter {
    /// An object that must exist.
    pub(super) fn identify(&self, kind: ObjectType, object: Option<&Node>) -> Applied<ObjectId> {
        match self.look_up(kind, object)? {
            Found::Object(id) => Ok(id),
            Found::Missing(error) => Err(error),
        }
    }

    /// An object that may be missing.
    ///
    /// # Errors
    /// A kind that the catalog does not hold, or an object of another kind under the name.
    pub(super) fn look_up(&self, kind: ObjectType, object: Option<&Node>) -> Applied<Found> {
        use ObjectType as Kind;
        let Some(object) = object else {
            return Err(self.refuse(-1, "an object without a name"));
        };
        match kind {
            Kind::ObjectTable
            | Kind::ObjectForeignTable
            | Kind::ObjectView
            | Kind::ObjectMatview
            | Kind::ObjectSequence
            | Kind::ObjectIndex => self.look_up_relation(kind, object),
            Kind::ObjectColumn => self.look_up_column(object),
            Kind::ObjectTabconstraint | Kind::ObjectTrigger | Kind::ObjectRule | Kind::ObjectPolicy => {
                self.look_up_part(kind, object)
            }
            Kind::ObjectType | Kind::ObjectDomain => self.look_up_type(kind, object),
            Kind::ObjectDomconstraint => self.look_up_domain_constraint(object),
            Kind::ObjectFunction | Kind::ObjectProcedure | Kind::ObjectRoutine | Kind::ObjectAggregate => {
                self.look_up_routine(kind, object)
            }
            Kind::ObjectSchema => Ok(self.look_up_named(object, ObjectId::Schema, Code::UnknownSchema)),
            Kind::ObjectExtension => Ok(self.look_up_named(object, ObjectId::Extension, Code::UnknownObject)),
            Kind::ObjectOperator => self.look_up_operator(object),
            Kind::ObjectOpclass | Kind::ObjectOpfamily => self.look_up_operator_collection(kind, object),
            Kind::ObjectCast | Kind::ObjectTransform => self.look_up_by_types(kind, object),
            other => match named_definition_kind(other) {
                Some((kind, Placed::InSchema)) => self.look_up_in_schema(kind, object),
                Some((kind, Placed::Global)) => Ok(self.look_up_named(
                    object,
                    |name| ObjectId::Definition(Arc::new(global_definition(kind, name))),
                    Code::UnknownObject,
                )),
                None => Err(self.refuse(-1, "an object of this kind")),
            },
        }
    }

    /// Forgets a temporary relation that is dropped; whether it was one.
    pub(super) fn drop_temporary(&mut self, object: &Node) -> bool {
        match self.split_name(object) {
            Ok(("" | "pg_temp", name)) => {
                let name = Ident::from(name);
                self.temporary.remove(&name)
            }
            Ok(_) | Err(_) => false,
        }
    }

    fn look_up_relation(&self, kind: ObjectType, object: &Node) -> Applied<Found> {
        let (schema, name) = self.split_name(object)?;
        let found = self.find(schema, name, |name| self.relation_name_taken(name));
        let Some(found) = found else {
            return Ok(Found::Missing(self.unknown_relation(schema, name)));
        };
        let id = match self.hidden_relation(&found) {
            Some(owner) if !self.catalog.contains(&ObjectId::Relation(found.clone())) => owner,
            _ => ObjectId::Relation(found.clone()),
        };
        self.check_relation_kind(kind, &id, &found)?;
        Ok(Found::Object(id))
    }

    /// Refuses a relation that is not of the kind the statement names, as the server does.
    pub(super) fn check_relation_kind(&self, kind: ObjectType, id: &ObjectId, name: &QualifiedName) -> Applied {
        let Some(entry) = self.catalog.get(id) else {
            return Ok(());
        };
        let (fits, words) = match kind {
            ObjectType::ObjectTable => (
                matches!(&entry.object, Object::Table(table) if table.foreign.is_none()),
                "a table",
            ),
            ObjectType::ObjectForeignTable => (
                matches!(&entry.object, Object::Table(table) if table.foreign.is_some()),
                "a foreign table",
            ),
            ObjectType::ObjectView => (matches!(entry.object, Object::View(_)), "a view"),
            ObjectType::ObjectMatview => (
                matches!(entry.object, Object::MaterializedView(_)),
                "a materialized view",
            ),
            ObjectType::ObjectSequence => (
                matches!(entry.object, Object::Sequence(_) | Object::Column(_)),
                "a sequence",
            ),
            ObjectType::ObjectIndex => (
                matches!(entry.object, Object::Index(_) | Object::Constraint(_)),
                "an index",
            ),
            _ => (true, ""),
        };
        if fits {
            return Ok(());
        }
        Err(self.error(Code::InvalidDefinition, -1, format!("\"{}\" is not {words}", name.name)))
    }

    fn look_up_column(&self, object: &Node) -> Applied<Found> {
        let parts = ast::strings(ast::list(object));
        let (schema, relation, column) = match parts.as_slice() {
            [relation, column] => ("", *relation, *column),
            [schema, relation, column] | [_, schema, relation, column] => (*schema, *relation, *column),
            _ => {
                return Err(self.error(Code::SyntaxError, -1, "a column's name needs its relation's before it"));
            }
        };
        // A composite type's attributes stand under its name: COMMENT ON COLUMN reaches them too.
        let owner = self
            .find_relation(schema, relation)
            .or_else(|| self.find_type(schema, relation));
        let Some(owner) = owner else {
            return Ok(Found::Missing(self.unknown_relation(schema, relation)));
        };
        let id = ObjectId::Column(owner.clone(), Ident::from(column));
        let is_attribute = || match self
            .catalog
            .get(&ObjectId::Type(owner.clone()))
            .map(|entry| &entry.object)
        {
            Some(Object::Type(data_type)) => match &**data_type {
                crate::catalog::types::Type::Composite(attributes) => {
                    attributes.iter().any(|attribute| attribute.name.as_str() == column)
                }
                _ => false,
            },
            _ => false,
        };
        if self.catalog.contains(&id) || is_attribute() {
            return Ok(Found::Object(id));
        }
        Ok(Found::Missing(self.error(
            Code::UnknownColumn,
            -1,
            format!("column \"{column}\" of relation \"{relation}\" does not exist"),
        )))
    }

    fn look_up_part(&self, kind: ObjectType, object: &Node) -> Applied<Found> {
        let parts = ast::strings(ast::list(object));
        let (schema, relation, name) = match parts.as_slice() {
            [relation, name] => ("", *relation, *name),
            [schema, relation, name] | [_, schema, relation, name] => (*schema, *relation, *name),
            _ => return Err(self.error(Code::SyntaxError, -1, "the name needs its table's before it")),
        };
        let Some(relation) = self.find_relation(schema, relation) else {
            return Ok(Found::Missing(self.unknown_relation(schema, relation)));
        };
        let (id, words) = part_of(kind, relation.clone(), Ident::from(name));
        if self.catalog.contains(&id) {
            return Ok(Found::Object(id));
        }
        if kind == ObjectType::ObjectTabconstraint
            && self.version() >= 18
            && let Some(column) = self.not_null_column(&relation, &Ident::from(name))
        {
            return Ok(Found::Object(column));
        }
        Ok(Found::Missing(self.error(
            Code::UnknownObject,
            -1,
            format!("{words} \"{name}\" for table \"{}\" does not exist", relation.name),
        )))
    }

    fn look_up_type(&self, kind: ObjectType, object: &Node) -> Applied<Found> {
        let names = match object.node.as_ref() {
            Some(NodeEnum::TypeName(name)) => name.names.as_slice(),
            _ => ast::list(object),
        };
        let (schema, name) = self.split_names(names)?;
        let Some(found) = self.find_type(schema, name) else {
            return Ok(Found::Missing(self.error(
                Code::UnknownType,
                -1,
                format!("type {} does not exist", super::lookup::shown_name(schema, name)),
            )));
        };
        let id = ObjectId::Type(found);
        if kind == ObjectType::ObjectDomain && self.domain(&id).is_none() {
            return Err(self.error(Code::InvalidDefinition, -1, format!("\"{name}\" is not a domain")));
        }
        Ok(Found::Object(id))
    }

    /// The domain under an identity.
    pub(super) fn domain(&self, id: &ObjectId) -> Option<&crate::catalog::types::Domain> {
        match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Type(data_type)) => match &**data_type {
                crate::catalog::types::Type::Domain(domain) => Some(domain),
                _ => None,
            },
            _ => None,
        }
    }

    fn look_up_domain_constraint(&self, object: &Node) -> Applied<Found> {
        let (domain, constraint) = match ast::list(object) {
            [domain, constraint] => (domain, ast::string(constraint).unwrap_or_default()),
            _ => return Err(self.error(Code::SyntaxError, -1, "a domain and a constraint were expected")),
        };
        let domain = match self.look_up_type(ObjectType::ObjectDomain, domain)? {
            Found::Object(ObjectId::Type(name)) => name,
            Found::Object(_) => return Err(self.refuse(-1, "a constraint of this object")),
            Found::Missing(error) => return Ok(Found::Missing(error)),
        };
        let id = ObjectId::DomainConstraint(domain.clone(), Ident::from(constraint));
        if self.catalog.contains(&id) {
            return Ok(Found::Object(id));
        }
        let whole = ObjectId::Type(domain.clone());
        let not_null = self.domain(&whole).and_then(|domain| domain.not_null.as_ref());
        if self.version() >= 17 && not_null.is_some_and(|name| name.as_str() == constraint) {
            return Ok(Found::Object(whole));
        }
        Ok(Found::Missing(self.error(
            Code::UnknownObject,
            -1,
            format!(
                "constraint \"{constraint}\" for domain \"{}\" does not exist",
                domain.name
            ),
        )))
    }

    fn look_up_operator(&self, object: &Node) -> Applied<Found> {
        let Some(NodeEnum::ObjectWithArgs(operator)) = object.node.as_ref() else {
            return Err(self.refuse(-1, "an operator without its operands"));
        };
        let types = match self.operand_types(&operator.objargs) {
            Ok(types) => types,
            Err(error) if error.code == Code::UnknownType => return Ok(Found::Missing(error)),
            Err(error) => return Err(error),
        };
        let (schema, name) = self.split_names(&operator.objname)?;
        let identity = |name: &QualifiedName| {
            ObjectId::Definition(Arc::new(DefinitionId {
                kind: DefinitionKind::Operator,
                schema: Some(name.schema.clone()),
                name: name.name.clone(),
                types: types.clone(),
                within: None,
            }))
        };
        match self.find(schema, name, |name| self.catalog.contains(&identity(name))) {
            Some(found) => Ok(Found::Object(identity(&found))),
            None => Ok(Found::Missing(self.error(
                Code::UnknownObject,
                -1,
                format!("operator {name} of these operands does not exist"),
            ))),
        }
    }

    /// The operands of an operator; NONE is an empty node.
    pub(super) fn operand_types(&self, nodes: &[Node]) -> Applied<Vec<Option<DataType>>> {
        nodes
            .iter()
            .map(|node| match node.node.as_ref() {
                Some(NodeEnum::TypeName(name)) => Ok(Some(self.data_type(name)?.without_modifiers())),
                _ => Ok(None),
            })
            .collect()
    }

    fn look_up_operator_collection(&self, kind: ObjectType, object: &Node) -> Applied<Found> {
        let Some((method, names)) = ast::list(object).split_first() else {
            return Err(self.refuse(-1, "an operator class without a name"));
        };
        let method = ast::string(method).unwrap_or_default();
        let (schema, name) = self.split_names(names)?;
        let (kind, words) = match kind {
            ObjectType::ObjectOpclass => (DefinitionKind::OperatorClass, "operator class"),
            _ => (DefinitionKind::OperatorFamily, "operator family"),
        };
        Ok(match self.find_operator_collection(kind, schema, name, method) {
            Some(id) => Found::Object(id),
            None => Found::Missing(self.error(
                Code::UnknownObject,
                -1,
                format!("{words} \"{name}\" does not exist for access method \"{method}\""),
            )),
        })
    }

    /// An operator class or family of an access method.
    pub(super) fn find_operator_collection(
        &self,
        kind: DefinitionKind,
        schema: &str,
        name: &str,
        method: &str,
    ) -> Option<ObjectId> {
        let identity = |name: &QualifiedName| {
            ObjectId::Definition(Arc::new(DefinitionId {
                kind,
                schema: Some(name.schema.clone()),
                name: name.name.clone(),
                types: Vec::new(),
                within: Some(Ident::from(method)),
            }))
        };
        self.find(schema, name, |name| self.catalog.contains(&identity(name)))
            .map(|name| identity(&name))
    }

    fn look_up_by_types(&self, kind: ObjectType, object: &Node) -> Applied<Found> {
        let id = match ast::list(object) {
            [source, other] => match (source.node.as_ref(), other.node.as_ref(), kind) {
                (Some(NodeEnum::TypeName(source)), Some(NodeEnum::TypeName(target)), ObjectType::ObjectCast) => {
                    cast_id(self.data_type(source)?, self.data_type(target)?)
                }
                (Some(NodeEnum::TypeName(name)), Some(NodeEnum::String(language)), _) => {
                    transform_id(self.data_type(name)?, Ident::from(language.sval.as_str()))
                }
                _ => return Err(self.refuse(-1, "an object of this kind")),
            },
            _ => return Err(self.refuse(-1, "an object of this kind")),
        };
        if self.catalog.contains(&id) {
            return Ok(Found::Object(id));
        }
        let words = if kind == ObjectType::ObjectCast {
            "cast"
        } else {
            "transform"
        };
        Ok(Found::Missing(self.error(
            Code::UnknownObject,
            -1,
            format!("this {words} does not exist"),
        )))
    }

    fn look_up_in_schema(&self, kind: DefinitionKind, object: &Node) -> Applied<Found> {
        let (schema, name) = self.split_name(object)?;
        Ok(match self.find_definition(kind, schema, name) {
            Some(id) => Found::Object(id),
            None => Found::Missing(self.error(
                Code::UnknownObject,
                -1,
                format!(
                    "{} {} does not exist",
                    crate::dialect::postgres::kind_words(kind),
                    super::lookup::shown_name(schema, name)
                ),
            )),
        })
    }

    /// A definition of a kind that stands in a schema.
    pub(super) fn find_definition(&self, kind: DefinitionKind, schema: &str, name: &str) -> Option<ObjectId> {
        self.find(schema, name, |name| {
            self.catalog.contains(&definition_in_schema(kind, name))
        })
        .map(|name| definition_in_schema(kind, &name))
    }

    fn look_up_named(&self, object: &Node, make: impl Fn(Ident) -> ObjectId, code: Code) -> Found {
        let name = ast::string(object)
            .or_else(|| ast::list(object).last().and_then(ast::string))
            .unwrap_or_default();
        let id = make(Ident::from(name));
        if self.catalog.contains(&id) {
            return Found::Object(id);
        }
        let shown = crate::dialect::postgres::describe(&id);
        Found::Missing(self.error(code, -1, format!("{shown} does not exist")))
    }

    /// Schema (empty when not written) and name of a list of name parts.
    pub(super) fn split_names<'a>(&self, parts: &'a [Node]) -> Applied<(&'a str, &'a str)> {
        match ast::strings(parts).as_slice() {
            [name] => Ok(("", name)),
            [schema, name] | [_, schema, name] => Ok((schema, name)),
            _ => Err(self.error(Code::SyntaxError, -1, "a name of one to three parts was expected")),
        }
    }

    fn split_name<'a>(&self, object: &'a Node) -> Applied<(&'a str, &'a str)> {
        self.split_names(ast::list(object))
    }

    fn unknown_relation(&self, schema: &str, name: &str) -> Box<Diagnostic> {
        let shown = super::lookup::shown_name(schema, name);
        self.error(Code::UnknownRelation, -1, format!("relation {shown} does not exist"))
    }
}

/// The identity of a part of a relation, and its kind in words.
pub(super) fn part_of(kind: ObjectType, relation: QualifiedName, name: Ident) -> (ObjectId, &'static str) {
    match kind {
        ObjectType::ObjectTrigger => (ObjectId::Trigger(relation, name), "trigger"),
        ObjectType::ObjectRule => (ObjectId::Rule(relation, name), "rule"),
        ObjectType::ObjectPolicy => (ObjectId::Policy(relation, name), "policy"),
        _ => (ObjectId::Constraint(relation, name), "constraint"),
    }
}

/// Whether a kind's names stand in a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// They do.
    InSchema,
    /// They are the database's.
    Global,
}

/// The kinds kept by definition that a plain name identifies.
fn named_definition_kind(kind: ObjectType) -> Option<(DefinitionKind, Placed)> {
    use Placed::{Global, InSchema};
    Some(match kind {
        ObjectType::ObjectAccessMethod => (DefinitionKind::AccessMethod, Global),
        ObjectType::ObjectEventTrigger => (DefinitionKind::EventTrigger, Global),
        ObjectType::ObjectFdw => (DefinitionKind::ForeignDataWrapper, Global),
        ObjectType::ObjectForeignServer => (DefinitionKind::Server, Global),
        ObjectType::ObjectLanguage => (DefinitionKind::Language, Global),
        ObjectType::ObjectPublication => (DefinitionKind::Publication, Global),
        ObjectType::ObjectSubscription => (DefinitionKind::Subscription, Global),
        ObjectType::ObjectCollation => (DefinitionKind::Collation, InSchema),
        ObjectType::ObjectConversion => (DefinitionKind::Conversion, InSchema),
        ObjectType::ObjectStatisticExt => (DefinitionKind::Statistics, InSchema),
        ObjectType::ObjectTsparser => (DefinitionKind::TextSearchParser, InSchema),
        ObjectType::ObjectTstemplate => (DefinitionKind::TextSearchTemplate, InSchema),
        ObjectType::ObjectTsdictionary => (DefinitionKind::TextSearchDictionary, InSchema),
        ObjectType::ObjectTsconfiguration => (DefinitionKind::TextSearchConfiguration, InSchema),
        _ => return None,
    })
}

/// The identity of a definition that belongs to the database as a whole.
pub(super) fn global_definition(kind: DefinitionKind, name: Ident) -> DefinitionId {
    DefinitionId {
        kind,
        schema: None,
        name,
        types: Vec::new(),
        within: None,
    }
}

/// What tells a definition that stands in a schema.
pub(super) fn schema_definition(kind: DefinitionKind, name: &QualifiedName) -> DefinitionId {
    DefinitionId {
        kind,
        schema: Some(name.schema.clone()),
        name: name.name.clone(),
        types: Vec::new(),
        within: None,
    }
}

/// The identity of a definition that stands in a schema.
pub(super) fn definition_in_schema(kind: DefinitionKind, name: &QualifiedName) -> ObjectId {
    ObjectId::Definition(Arc::new(schema_definition(kind, name)))
}

/// The identity of a cast.
pub(super) fn cast_id(source: DataType, target: DataType) -> ObjectId {
    ObjectId::Definition(Arc::new(DefinitionId {
        kind: DefinitionKind::Cast,
        schema: None,
        name: Ident::from(""),
        types: vec![Some(source.without_modifiers()), Some(target.without_modifiers())],
        within: None,
    }))
}

/// The identity of a transform.
pub(super) fn transform_id(data_type: DataType, language: Ident) -> ObjectId {
    ObjectId::Definition(Arc::new(DefinitionId {
        kind: DefinitionKind::Transform,
        schema: None,
        name: Ident::from(""),
        types: vec![Some(data_type.without_modifiers())],
        within: Some(language),
    }))
}
