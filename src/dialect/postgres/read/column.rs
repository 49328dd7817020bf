//! Column definitions of CREATE TABLE and ADD COLUMN.
//!
//! Knows what stands in a column definition: type, collation, serial, identity, default, generation, storage, and which
//! of its constraints belong to the column and which to the table (`transformColumnDefinition`).

use super::constraint::{Attributes, Constraints, NotNullDraft, Pending};
use super::table::relation_name;
use super::{Applied, Interpreter, ast};
use crate::catalog::table::{
    Column, Default, Generated, GeneratedStorage, Identity, IdentityGeneration, Inherit, Inheritance, Persistence,
    Validation,
};
use crate::catalog::{
    DataType, Entry, Form, Ident, Object, ObjectId, Options, QualifiedName, Template, TemplateBuilder,
};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use ast::{ConstrType, NodeEnum};
use std::sync::Arc;

/// A column definition, read but not yet put into the catalog.
pub(super) struct ColumnDraft<'a> {
    pub name: Ident,
    pub location: i32,
    pub column: Column,
    pub numbering: Numbering<'a>,
    pub default: Option<&'a ast::Node>,
    pub generated: Option<(&'a ast::Node, GeneratedStorage)>,
}

/// Whether a column takes its values from a sequence made with it.
#[derive(Clone, Copy)]
pub(super) enum Numbering<'a> {
    None,
    Serial,
    Identity(IdentityGeneration, &'a [ast::Node]),
}

/// A column of a type and nothing else.
pub(super) fn plain_column(data_type: DataType) -> Column {
    Column {
        data_type,
        collation: None,
        not_null: None,
        identity: None,
        generated: None,
        storage: None,
        compression: None,
        statistics: None,
        options: Options::new(),
        foreign_options: Options::new(),
        inheritance: Inheritance::Local,
    }
}

impl Interpreter {
    /// Reads a column definition with a type; what belongs to the table goes into `constraints`.
    pub(super) fn column_draft<'a>(
        &self,
        definition: &'a ast::ColumnDef,
        constraints: &mut Constraints<'a>,
    ) -> Applied<ColumnDraft<'a>> {
        let location = definition.location;
        let name = Ident::from(definition.colname.as_str());
        let type_name = definition.type_name.as_ref();
        let serial = type_name.and_then(serial_type);
        let data_type = match serial {
            Some(integer) => DataType::system(integer),
            None => self.required_data_type(type_name, location)?,
        };
        let mut draft = ColumnDraft {
            name,
            location,
            column: plain_column(data_type),
            numbering: match serial {
                Some(_) => Numbering::Serial,
                None => Numbering::None,
            },
            default: None,
            generated: None,
        };
        if serial.is_some() {
            constraints.not_nulls.push(NotNullDraft::plain(&draft.name, location));
        }
        if let Some(clause) = &definition.coll_clause {
            draft.column.collation = self.column_collation(&draft.column.data_type, clause)?;
        }
        if !definition.storage_name.is_empty() {
            self.needs_version(16, location, "STORAGE in a column definition")?;
            draft.column.storage = self.column_storage(&draft.column.data_type, &definition.storage_name, location)?;
        }
        draft.column.compression = compression(&definition.compression);
        draft.column.foreign_options = self.foreign_options(&definition.fdwoptions)?;
        self.column_constraints(definition, &mut draft, constraints)?;
        Ok(draft)
    }

    /// Reads the constraints of a column definition.
    pub(super) fn column_constraints<'a>(
        &self,
        definition: &'a ast::ColumnDef,
        draft: &mut ColumnDraft<'a>,
        constraints: &mut Constraints<'a>,
    ) -> Applied {
        for (node, attributes) in self.with_attributes(&definition.constraints)? {
            let pending = || Pending {
                node,
                column: Some(draft.name.clone()),
                attributes,
            };
            match node.contype() {
                ConstrType::ConstrNull => {}
                ConstrType::ConstrNotnull => {
                    let mut not_null = NotNullDraft::plain(&draft.name, draft.location);
                    if self.version() >= 18 && !node.conname.is_empty() {
                        not_null.name = Some(Ident::from(node.conname.as_str()));
                    }
                    if node.is_no_inherit {
                        self.needs_version(18, node.location, "NOT NULL … NO INHERIT")?;
                        not_null.inherit = Inherit::NoInherit;
                    }
                    constraints.not_nulls.push(not_null);
                }
                ConstrType::ConstrDefault => draft.default = node.raw_expr.as_deref(),
                ConstrType::ConstrIdentity => {
                    let generation = match node.generated_when.as_str() {
                        "d" => IdentityGeneration::ByDefault,
                        _ => IdentityGeneration::Always,
                    };
                    draft.numbering = Numbering::Identity(generation, &node.options);
                    constraints
                        .not_nulls
                        .push(NotNullDraft::plain(&draft.name, draft.location));
                }
                ConstrType::ConstrGenerated => {
                    let storage = self.generated_storage(&node.generated_kind, node.location)?;
                    if let Some(expression) = node.raw_expr.as_deref() {
                        draft.generated = Some((expression, storage));
                    }
                }
                ConstrType::ConstrCheck => constraints.checks.push(pending()),
                ConstrType::ConstrPrimary => {
                    constraints
                        .not_nulls
                        .push(NotNullDraft::plain(&draft.name, draft.location));
                    constraints.keys.push(pending());
                }
                ConstrType::ConstrUnique => constraints.keys.push(pending()),
                ConstrType::ConstrForeign => constraints.foreign_keys.push(pending()),
                ConstrType::ConstrExclusion
                | ConstrType::ConstrAttrDeferrable
                | ConstrType::ConstrAttrNotDeferrable
                | ConstrType::ConstrAttrDeferred
                | ConstrType::ConstrAttrImmediate
                | ConstrType::ConstrAttrEnforced
                | ConstrType::ConstrAttrNotEnforced
                | ConstrType::Undefined => return Err(self.refuse(node.location, "this column constraint")),
            }
        }
        let sources = [
            draft.default.is_some(),
            draft.generated.is_some(),
            !matches!(draft.numbering, Numbering::None),
        ];
        if sources.iter().filter(|said| **said).count() > 1 {
            let message = format!(
                "more than one source of values is specified for column \"{}\"",
                draft.name
            );
            return Err(self.error(Code::SyntaxError, draft.location, message));
        }
        Ok(())
    }

    /// STORED or VIRTUAL.
    pub(super) fn generated_storage(&self, kind: &str, location: i32) -> Applied<GeneratedStorage> {
        if kind == "s" {
            return Ok(GeneratedStorage::Stored);
        }
        self.needs_version(18, location, "a virtual generated column")?;
        Ok(GeneratedStorage::Virtual)
    }

    /// The constraints of a column with the attributes that stand after each as nodes of their own.
    fn with_attributes<'a>(&self, nodes: &'a [ast::Node]) -> Applied<Vec<(&'a ast::Constraint, Attributes)>> {
        let mut found: Vec<(&ast::Constraint, Attributes)> = Vec::new();
        for node in nodes {
            let constraint = match &node.node {
                Some(NodeEnum::Constraint(constraint)) => &**constraint,
                // COLLATE stands in the definition itself by the time the tree is built.
                _ => return Err(self.refuse(-1, "this column constraint")),
            };
            let misplaced = || {
                self.error(
                    Code::SyntaxError,
                    constraint.location,
                    "a constraint attribute stands after no constraint",
                )
            };
            let kind = constraint.contype();
            match kind {
                ConstrType::ConstrAttrDeferrable
                | ConstrType::ConstrAttrNotDeferrable
                | ConstrType::ConstrAttrDeferred
                | ConstrType::ConstrAttrImmediate
                | ConstrType::ConstrAttrEnforced
                | ConstrType::ConstrAttrNotEnforced => {
                    if matches!(kind, ConstrType::ConstrAttrEnforced | ConstrType::ConstrAttrNotEnforced) {
                        self.needs_version(18, constraint.location, "NOT ENFORCED")?;
                    }
                    found.last_mut().ok_or_else(misplaced)?.1.add(kind);
                }
                _ => found.push((constraint, Attributes::default())),
            }
        }
        Ok(found)
    }

    /// Puts a column into the catalog with its sequence; default and generation follow when all columns are there.
    pub(super) fn insert_column(
        &mut self,
        table: &QualifiedName,
        draft: &mut ColumnDraft<'_>,
        persistence: Persistence,
    ) -> Applied {
        let id = ObjectId::Column(table.clone(), draft.name.clone());
        if let Numbering::Identity(generation, options) = draft.numbering {
            let (sequence, options, said) =
                self.identity_sequence(table, &draft.name, &draft.column.data_type, options, draft.location)?;
            self.note_hidden_relation(table.with_name(sequence.clone()), id.clone());
            draft.column.identity = Some(Box::new(Identity {
                generation,
                sequence,
                options,
                persistence: said.unwrap_or(persistence),
                privileges: None,
            }));
        }
        self.add_part(id, Object::Column(Box::new(draft.column.clone())), draft.location)
    }

    /// Puts the default and the generation expression of a column in.
    pub(super) fn finish_column(
        &mut self,
        table: &QualifiedName,
        draft: &ColumnDraft<'_>,
        serial: Option<&QualifiedName>,
    ) -> Applied {
        let id = ObjectId::Column(table.clone(), draft.name.clone());
        if let Some((node, storage)) = draft.generated {
            let scope = Scope::relation(ObjectId::Relation(table.clone()));
            let expression = self.expression_for(node, &scope, &draft.column.data_type)?;
            self.change_column(&id, |column| {
                column.generated = Some(Box::new(Generated { expression, storage }))
            });
        }
        let default = match (serial, draft.default) {
            (Some(sequence), _) => Some(next_value(sequence)),
            (None, Some(node)) => self.default_expression(node, &draft.column.data_type)?,
            (None, None) => return Ok(()),
        };
        self.put_default(table, &draft.name, default, draft.location);
        Ok(())
    }

    /// A default in canonical form; `None` when it is NULL, which the server does not keep.
    ///
    /// A type with modifiers keeps `NULL` behind a cast (`heap.c`, `AddRelationNewConstraints`), and so does an array of
    /// it; a domain keeps it too, because its own default would else hold.
    pub(super) fn default_expression(&self, node: &ast::Node, data_type: &DataType) -> Applied<Option<Template>> {
        let is_kept = !data_type.modifiers.is_empty() || self.analyser().may_be_domain(data_type);
        if !is_kept && self.is_null_of(node, data_type)? {
            return Ok(None);
        }
        self.expression_for(node, &Scope::none(), data_type).map(Some)
    }

    /// Whether a default is NULL, or NULL cast to the very type; a cast to another type is kept on the server.
    fn is_null_of(&self, node: &ast::Node, data_type: &DataType) -> Applied<bool> {
        Ok(match &node.node {
            Some(NodeEnum::AConst(constant)) => constant.isnull,
            Some(NodeEnum::TypeCast(cast)) => match (cast.arg.as_deref(), &cast.type_name) {
                (Some(value), Some(name)) => self.is_null_of(value, data_type)? && self.data_type(name)? == *data_type,
                _ => false,
            },
            _ => false,
        })
    }

    /// Sets or takes away a default; whether it is inherited follows from the parents' defaults.
    pub(super) fn put_default(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        default: Option<Template>,
        location: i32,
    ) {
        let id = ObjectId::Default(table.clone(), column.clone());
        self.catalog.remove(&id);
        if let Some(expression) = default {
            let inheritance = self.default_inheritance(table, column, &expression);
            let default = Object::Default(Box::new(Default {
                expression,
                inheritance,
            }));
            self.origins.insert(id.clone(), self.place(location));
            self.catalog.insert(id, Entry::new(default));
        }
        for child in self.children(&ObjectId::Relation(table.clone())) {
            let child = relation_name(&child);
            if let Some(expression) = self.default_of(&child, column) {
                let inheritance = self.default_inheritance(&child, column, &expression);
                let id = ObjectId::Default(child, column.clone());
                self.replace(
                    &id,
                    Object::Default(Box::new(Default {
                        expression,
                        inheritance,
                    })),
                );
            }
        }
    }

    /// The default of a column.
    pub(super) fn default_of(&self, table: &QualifiedName, column: &Ident) -> Option<Template> {
        let id = ObjectId::Default(table.clone(), column.clone());
        match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Default(default)) => Some(default.expression.clone()),
            _ => None,
        }
    }

    /// A default counts as inherited when a parent has the same: the server copies it and keeps no mark.
    fn default_inheritance(&self, table: &QualifiedName, column: &Ident, expression: &Template) -> Inheritance {
        let parents = self.parents(&ObjectId::Relation(table.clone()));
        let same = parents
            .iter()
            .any(|parent| self.default_of(&relation_name(parent), column).as_ref() == Some(expression));
        if same {
            Inheritance::Inherited
        } else {
            Inheritance::Local
        }
    }
}

/// `nextval('sequence'::regclass)`.
pub(super) fn next_value(sequence: &QualifiedName) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str("nextval(");
    builder.push_reference(ObjectId::Relation(sequence.clone()), Form::Literal);
    builder.push_str("::regclass)");
    builder.finish()
}

/// A column by its bare name, as it stands in an index key.
pub(super) fn column_reference(column: ObjectId) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_reference(column, Form::Bare);
    builder.finish()
}

/// COMPRESSION as the column keeps it; `default` names none.
pub(super) fn compression(name: &str) -> Option<Ident> {
    match name {
        "" | "default" => None,
        method => Some(Ident::from(method)),
    }
}

/// The integer type behind a serial type name.
fn serial_type(name: &ast::TypeName) -> Option<&'static str> {
    if !name.array_bounds.is_empty() || name.pct_type || !name.typmods.is_empty() {
        return None;
    }
    match ast::strings(&name.names).as_slice() {
        ["smallserial" | "serial2"] => Some("int2"),
        ["serial" | "serial4"] => Some("int4"),
        ["bigserial" | "serial8"] => Some("int8"),
        _ => None,
    }
}

impl NotNullDraft {
    /// A NOT NULL without a name or attributes.
    pub(super) fn plain(column: &Ident, location: i32) -> NotNullDraft {
        NotNullDraft {
            column: column.clone(),
            name: None,
            inherit: Inherit::Inherit,
            validation: Validation::Valid,
            location,
        }
    }
}

/// STORAGE as it is written, in upper case.
pub(super) fn storage_name(text: &str) -> Arc<str> {
    Arc::from(text.to_ascii_uppercase().as_str())
}
