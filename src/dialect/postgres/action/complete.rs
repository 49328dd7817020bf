//! What follows a CREATE: what the statement itself cannot say.
//!
//! A new object has its owner, comment, privileges and labels from statements of their own, and so have some clauses
//! that only ALTER knows. Nothing of an entry is left out: what neither CREATE nor [`completion`] says needs another
//! object first and is in [`late_completion`].

use super::privileges;
use super::table::{AlterTable, Switch};
use super::{
    Action, Create, Dependence, DomainForm, Kind, PrivilegeChange, RowWork, Scope, SequenceForm, Subject, TableForm,
};
use crate::catalog::definition::ClauseName;
use crate::catalog::table::{Column, Inheritance, NotNull, ReplicaIdentity, RowSecurity, Table, Validation};
use crate::catalog::trigger::Firing;
use crate::catalog::types::Type;
use crate::catalog::{DefinitionKind, Entry, Ident, Object, ObjectId, Privileges};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::write::objects::column::{NOT_NULL_OF_TABLE, STORAGE_IN_DEFINITION};
use std::collections::BTreeMap;

/// An object in its definition: CREATE, and the clauses that only ALTER knows. Default privileges have no CREATE.
pub fn definition(create: &Create, version: u16) -> Vec<Action> {
    let mut actions = own_clauses(create, version);
    if !matches!(create.entry.object, Object::DefaultPrivileges(_) | Object::ViewColumn) {
        actions.insert(0, Action::Create(Box::new(create.clone())));
    }
    actions
}

/// What makes an object and the parts written with it whole, after its CREATE.
pub fn completion(create: &Create, version: u16) -> Vec<Action> {
    let mut actions = own_clauses(create, version);
    actions.extend(all_belongings(create, version));
    actions
}

fn own_clauses(create: &Create, version: u16) -> Vec<Action> {
    let mut actions = clauses(&create.id, &create.entry, version);
    // Not valid constraints would be valid in the CREATE of a table: it has no rows that could violate them.
    for (id, entry) in &create.parts {
        actions.extend(part_clauses(create, id, entry, version));
    }
    actions
}

/// Owner, privileges, comments and labels of an object and the parts written with it.
pub fn all_belongings(create: &Create, version: u16) -> Vec<Action> {
    let mut actions = Vec::new();
    actions.extend(belongings(
        &create.id,
        &create.entry,
        create.entry.owner.as_ref(),
        version,
    ));
    for (id, entry) in &create.parts {
        actions.extend(belongings(id, entry, create.entry.owner.as_ref(), version));
    }
    actions
}

/// Why an ALTER follows a CREATE.
const BY_ALTER_ALONE: &str = "Set by ALTER, since CREATE has no clause for it.";

/// When a trigger or rule fires, in a sentence (`session_replication_role`, the manual's chapter on ALTER TABLE).
fn fires(id: &ObjectId, firing: Firing) -> String {
    let name = describe(id);
    match firing {
        Firing::Origin => format!("{name} fires, except for what replication writes."),
        Firing::Always => format!("{name} fires, also for what replication writes."),
        Firing::Replica => format!("{name} fires only for what replication writes."),
        Firing::Disabled => format!("{name} does not fire."),
    }
}

/// One line that says what an action of [`completion`] or [`late_completion`] does; `None` for CREATE.
pub fn comment(action: &Action) -> Option<String> {
    let said = match action {
        Action::Create(_) => return None,
        Action::SetOwner { subject, owner } => {
            let owner = owner.as_ref().map_or("the role that runs this", Ident::as_str);
            format!("{} belongs to {owner}.", describe(&subject.id))
        }
        Action::ChangePrivileges { subject, .. } => format!("Who may do what with {}.", describe(&subject.id)),
        Action::ChangeDefaultPrivileges { .. } => "Who may do what with objects to come.".to_owned(),
        Action::Comment { subject, .. } => format!("{} is described.", describe(&subject.id)),
        Action::SecurityLabel { subject, .. } => format!("{} is labelled.", describe(&subject.id)),
        Action::DependOnExtension {
            subject,
            extension,
            dependence: Dependence::Depends,
        } => format!("{} goes when extension {extension} is dropped.", describe(&subject.id)),
        Action::DependOnExtension {
            subject,
            extension,
            dependence: Dependence::Independent,
        } => format!("{} no longer goes with extension {extension}.", describe(&subject.id)),
        Action::SetOwnedBy { sequence, .. } => format!("{} goes away with its column.", describe(sequence)),
        Action::AttachIndex { parent, .. } => format!("It becomes a part of {}.", describe(parent)),
        Action::AlterTable(alter) => match alter.forms.as_slice() {
            [TableForm::TriggerFiring(id, firing) | TableForm::RuleFiring(id, firing)] => fires(id, *firing),
            _ => BY_ALTER_ALONE.to_owned(),
        },
        Action::AlterSequence { .. } | Action::AlterDomain { .. } | Action::AlterDefinition { .. } => {
            BY_ALTER_ALONE.to_owned()
        }
        Action::Drop { .. }
        | Action::Rename { .. }
        | Action::SetSchema { .. }
        | Action::SetSequenceValue { .. }
        | Action::AddEnumValue { .. }
        | Action::RenameEnumValue { .. }
        | Action::AlterComposite { .. }
        | Action::DropTypeWithFunctions { .. }
        | Action::RenameAttribute { .. }
        | Action::AlterRoutine { .. }
        | Action::AlterPolicy { .. }
        | Action::AlterExtension { .. }
        | Action::Refresh { .. }
        | Action::Reindex { .. }
        | Action::LockTable { .. }
        | Action::Analyze { .. }
        | Action::SetLocal { .. }
        | Action::Backfill(_)
        | Action::Verify(_)
        | Action::DropInvalidIndex { .. }
        | Action::Raise { .. } => return None,
    };
    Some(said)
}

/// What makes a column whole after ADD COLUMN, its default not looked at.
pub fn column_completion(relation: &Subject, id: &ObjectId, entry: &Entry, version: u16) -> Vec<Action> {
    let mut actions = match &entry.object {
        Object::Column(column) => column_clauses(relation, id, column, version),
        _ => Vec::new(),
    };
    // Its NOT NULL may come later: what is said of that is a statement of its own.
    let entry = Entry {
        hidden_comments: BTreeMap::new(),
        ..entry.clone()
    };
    actions.extend(belongings(id, &entry, None, version));
    actions
}

/// What needs other objects first: a sequence's column, an index of the table, the partitioned table's index.
pub fn late_completion(id: &ObjectId, entry: &Entry) -> Vec<Action> {
    match &entry.object {
        Object::Sequence(sequence) => sequence
            .owned_by
            .iter()
            .map(|column| Action::SetOwnedBy {
                sequence: id.clone(),
                column: Some(column.clone()),
            })
            .collect(),
        Object::Index(index) => index
            .parent
            .iter()
            .map(|parent| Action::AttachIndex {
                parent: parent.clone(),
                index: id.clone(),
            })
            .collect(),
        Object::Table(table) => {
            let mut actions = Vec::new();
            if let ReplicaIdentity::Index(_) = &table.replica_identity {
                let form = TableForm::ReplicaIdentity(table.replica_identity.clone());
                actions.push(alter(Subject::of(id, entry), form));
            }
            if table.cluster_on.is_some() {
                let form = TableForm::ClusterOn(table.cluster_on.clone());
                actions.push(alter(Subject::of(id, entry), form));
            }
            actions
        }
        _ => Vec::new(),
    }
}

/// Owner, privileges, comment and labels of one object; `owner` is that of the object it is a part of.
pub fn belongings(id: &ObjectId, entry: &Entry, owner: Option<&Ident>, version: u16) -> Vec<Action> {
    let subject = Subject::of(id, entry);
    let mut actions = Vec::new();
    if let Some(owner) = &entry.owner
        && has_owner(subject.kind)
    {
        actions.push(Action::SetOwner {
            subject: subject.clone(),
            owner: Some(owner.clone()),
        });
    }
    let owner = entry.owner.as_ref().or(owner).cloned();
    match (&entry.object, id) {
        (Object::DefaultPrivileges(wanted), ObjectId::DefaultPrivileges(id)) => {
            let changes = privileges::default_changes(id, None, Some(&wanted.privileges), version);
            actions.extend(
                changes
                    .into_iter()
                    .map(|change| Action::ChangeDefaultPrivileges { id: id.clone(), change }),
            );
        }
        (Object::Column(column), _) => {
            actions.extend(identity_privileges(id, column, owner.as_ref(), version));
        }
        _ => {}
    }
    let change = |change: PrivilegeChange| Action::ChangePrivileges {
        subject: subject.clone(),
        owner: owner.clone(),
        change,
    };
    if let Some(wanted) = &entry.privileges {
        let changes = privileges::changes(subject.kind, None, Some(wanted), version);
        actions.extend(changes.into_iter().map(change));
    }
    if entry.comment.is_some() {
        actions.push(Action::Comment {
            subject: subject.clone(),
            comment: entry.comment.clone(),
        });
    }
    for (part, comment) in &entry.hidden_comments {
        if let Some(subject) = Subject::hidden(id, &entry.object, *part) {
            actions.push(Action::Comment {
                subject,
                comment: Some(comment.clone()),
            });
        }
    }
    for (provider, label) in &entry.security_labels {
        actions.push(Action::SecurityLabel {
            subject: subject.clone(),
            provider: provider.clone(),
            label: Some(label.clone()),
        });
    }
    actions.extend(dependence_on_extensions(id, entry));
    if let Object::Type(object) = &entry.object
        && let Type::Composite(attributes) = &**object
        && let Some(name) = id.qualified_name()
    {
        for attribute in attributes.iter().filter(|attribute| attribute.comment.is_some()) {
            actions.push(Action::Comment {
                subject: Subject::column(&ObjectId::Column(name.clone(), attribute.name.clone())),
                comment: attribute.comment.clone(),
            });
        }
    }
    actions
}

/// With which extensions an object goes.
pub fn dependence_on_extensions(id: &ObjectId, entry: &Entry) -> Vec<Action> {
    let depends = |extension: &Ident| Action::DependOnExtension {
        subject: Subject::of(id, entry),
        extension: extension.clone(),
        dependence: Dependence::Depends,
    };
    entry.depends_on.iter().map(depends).collect()
}

/// Whether objects of a kind have an owner of their own.
pub fn has_owner(kind: Kind) -> bool {
    match kind {
        Kind::Schema
        | Kind::Table
        | Kind::ForeignTable
        | Kind::View
        | Kind::MaterializedView
        | Kind::Sequence
        | Kind::Type
        | Kind::Domain
        | Kind::Function
        | Kind::Procedure
        | Kind::Aggregate => true,
        Kind::Extension
        | Kind::Index
        | Kind::Column
        | Kind::Default
        | Kind::Constraint
        | Kind::DomainConstraint
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::DefaultPrivileges => false,
        Kind::Definition(kind) => match kind {
            DefinitionKind::Language
            | DefinitionKind::Collation
            | DefinitionKind::Conversion
            | DefinitionKind::TextSearchDictionary
            | DefinitionKind::TextSearchConfiguration
            | DefinitionKind::Operator
            | DefinitionKind::OperatorFamily
            | DefinitionKind::OperatorClass
            | DefinitionKind::ForeignDataWrapper
            | DefinitionKind::Server
            | DefinitionKind::Statistics
            | DefinitionKind::Publication
            | DefinitionKind::Subscription
            | DefinitionKind::EventTrigger => true,
            DefinitionKind::AccessMethod
            | DefinitionKind::TextSearchParser
            | DefinitionKind::TextSearchTemplate
            | DefinitionKind::Cast
            | DefinitionKind::Transform
            | DefinitionKind::UserMapping => false,
        },
    }
}

/// Whether a part can be written inside the CREATE of its table or domain without losing that it is not valid.
pub fn is_said_in_create(entry: &Entry) -> bool {
    let validation = match &entry.object {
        Object::Constraint(constraint) => constraint.validation,
        Object::DomainConstraint(constraint) => constraint.validation,
        _ => Validation::Valid,
    };
    match validation {
        Validation::Valid | Validation::NotEnforced => true,
        Validation::NotValid => false,
    }
}

/// Clauses of the object itself that only ALTER knows.
fn clauses(id: &ObjectId, entry: &Entry, version: u16) -> Vec<Action> {
    let subject = Subject::of(id, entry);
    match &entry.object {
        Object::Table(table) => table_clauses(&subject, table),
        Object::Column(column) => id
            .parent()
            .map(|table| column_clauses(&Subject::table(&table), id, column, version))
            .unwrap_or_default(),
        Object::Index(index) => index
            .statistics
            .iter()
            .map(|(position, target)| alter(subject.clone(), TableForm::SetKeyStatistics(*position, Some(*target))))
            .collect(),
        Object::Trigger(trigger) => firing(id, trigger.firing, TableForm::TriggerFiring),
        Object::Rule(rule) => firing(id, rule.firing, TableForm::RuleFiring),
        Object::Definition(definition) => definition
            .clauses
            .iter()
            .filter(|clause| match clause.name {
                ClauseName::Mapping | ClauseName::Member | ClauseName::StatisticsTarget | ClauseName::Firing => true,
                ClauseName::Trusted
                | ClauseName::Default
                | ClauseName::Type
                | ClauseName::Version
                | ClauseName::Handler
                | ClauseName::Validator
                | ClauseName::Connection
                | ClauseName::Publications
                | ClauseName::Tables
                | ClauseName::Option
                | ClauseName::Parameter => false,
            })
            .map(|clause| Action::AlterDefinition {
                id: id.clone(),
                from: None,
                to: Some(clause.clone()),
            })
            .collect(),
        Object::Schema
        | Object::Extension(_)
        | Object::Default(_)
        | Object::Constraint(_)
        | Object::Sequence(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::ViewColumn
        | Object::Type(_)
        | Object::DomainConstraint(_)
        | Object::Routine(_)
        | Object::Policy(_)
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => Vec::new(),
    }
}

fn part_clauses(create: &Create, id: &ObjectId, entry: &Entry, version: u16) -> Vec<Action> {
    let whole = Subject::of(&create.id, &create.entry);
    match &entry.object {
        Object::Column(column) => {
            let mut actions = match &create.entry.object {
                Object::Table(table) if !table.inherits.is_empty() => {
                    inheriting_column_clauses(&whole, id, column, version)
                }
                _ => column_clauses(&whole, id, column, version),
            };
            if let (Some(identity), Object::Table(table), Some(name)) =
                (&column.identity, &create.entry.object, id.qualified_name())
                && identity.persistence != table.persistence
            {
                actions.push(Action::AlterSequence {
                    sequence: ObjectId::Relation(name.with_name(identity.sequence.clone())),
                    forms: vec![SequenceForm::Persistence(identity.persistence)],
                });
            }
            actions
        }
        Object::Constraint(constraint) if !is_said_in_create(entry) => {
            vec![alter(whole, TableForm::AddConstraint(id.clone(), constraint.clone()))]
        }
        // The column stands in no CREATE, since it comes from a parent.
        Object::Default(default) if comes_from_parent(create, id) => id
            .parent()
            .map(|column| alter(whole, TableForm::SetDefault(column, default.expression.clone())))
            .into_iter()
            .collect(),
        Object::DomainConstraint(constraint) if !is_said_in_create(entry) => vec![Action::AlterDomain {
            domain: create.id.clone(),
            form: DomainForm::AddConstraint {
                id: id.clone(),
                expression: constraint.expression.clone(),
                validation: constraint.validation,
            },
        }],
        _ => Vec::new(),
    }
}

/// Whether the column of a default comes from a parent table of a new one and is not defined there.
fn comes_from_parent(create: &Create, default: &ObjectId) -> bool {
    let inherits = matches!(&create.entry.object, Object::Table(table) if !table.inherits.is_empty());
    let column = default.parent();
    inherits
        && create.parts.iter().any(|(id, entry)| {
            Some(id) == column.as_ref()
                && matches!(&entry.object, Object::Column(column) if column.inheritance == Inheritance::Inherited)
        })
}

/// The clauses of a column of a new table with parents: what the column has from them is not said again.
fn inheriting_column_clauses(relation: &Subject, id: &ObjectId, column: &Column, version: u16) -> Vec<Action> {
    let mut own = column.clone();
    own.not_null = own
        .not_null
        .filter(|not_null| not_null.inheritance != Inheritance::Inherited);
    let mut forms = Vec::new();
    if column.inheritance == Inheritance::Inherited {
        if column.storage.is_some() && version >= STORAGE_IN_DEFINITION {
            forms.push(TableForm::SetStorage(id.clone(), column.storage.clone()));
        }
        if column.compression.is_some() {
            forms.push(TableForm::SetCompression(id.clone(), column.compression.clone()));
        }
        if own.not_null.is_some() && version < NOT_NULL_OF_TABLE {
            forms.push(TableForm::SetNotNull(id.clone(), RowWork::CatalogOnly));
        }
    }
    let said = forms.into_iter().map(|form| alter(relation.clone(), form));
    said.chain(column_clauses(relation, id, &own, version)).collect()
}

fn table_clauses(subject: &Subject, table: &Table) -> Vec<Action> {
    let mut forms = Vec::new();
    match table.row_security {
        RowSecurity::Disabled => {}
        RowSecurity::Enabled => forms.push(TableForm::RowSecurity(Switch::On)),
        RowSecurity::Forced => {
            forms.push(TableForm::RowSecurity(Switch::On));
            forms.push(TableForm::ForceRowSecurity(Switch::On));
        }
        RowSecurity::ForcedButDisabled => forms.push(TableForm::ForceRowSecurity(Switch::On)),
    }
    match &table.replica_identity {
        ReplicaIdentity::Default | ReplicaIdentity::Index(_) => {}
        ReplicaIdentity::Full | ReplicaIdentity::Nothing => {
            forms.push(TableForm::ReplicaIdentity(table.replica_identity.clone()));
        }
    }
    forms.into_iter().map(|form| alter(subject.clone(), form)).collect()
}

fn column_clauses(relation: &Subject, id: &ObjectId, column: &Column, version: u16) -> Vec<Action> {
    let mut forms = Vec::new();
    if column.storage.is_some() && version < STORAGE_IN_DEFINITION {
        forms.push(TableForm::SetStorage(id.clone(), column.storage.clone()));
    }
    if column.statistics.is_some() {
        forms.push(TableForm::SetStatistics(id.clone(), column.statistics));
    }
    if !column.options.is_empty() {
        forms.push(TableForm::SetColumnOptions(id.clone(), column.options.clone()));
    }
    if let Some(not_null) = &column.not_null
        && is_not_valid(not_null)
    {
        forms.push(TableForm::AddNotNull(id.clone(), not_null.clone()));
    }
    let mut actions: Vec<Action> = forms.into_iter().map(|form| alter(relation.clone(), form)).collect();
    actions.extend(sequence_of_another_type(id, column));
    actions
}

/// What an identity's sequence has of its own: the server gives it the column's type, but LIKE … INCLUDING IDENTITY makes it
/// a bigint with the bounds of the one that is copied (`transformTableLikeClause`, `generateSerialExtraStmts`).
fn sequence_of_another_type(id: &ObjectId, column: &Column) -> Option<Action> {
    let (identity, table) = (column.identity.as_ref()?, id.qualified_name()?);
    let options = &identity.options;
    let of_the_column = options.data_type == column.data_type;
    let smaller = column.data_type.is_system("int4") || column.data_type.is_system("int2");
    (smaller && !of_the_column).then(|| Action::AlterSequence {
        sequence: ObjectId::Relation(table.with_name(identity.sequence.clone())),
        forms: vec![
            SequenceForm::DataType(options.data_type.clone()),
            SequenceForm::Minimum(options.minimum),
            SequenceForm::Maximum(options.maximum),
        ],
    })
}

/// Whether a NOT NULL is not known to hold for the rows there are: it is added by a statement of its own.
pub fn is_not_valid(not_null: &NotNull) -> bool {
    match not_null.validation {
        Validation::NotValid => true,
        Validation::Valid | Validation::NotEnforced => false,
    }
}

fn identity_privileges(id: &ObjectId, column: &Column, owner: Option<&Ident>, version: u16) -> Vec<Action> {
    let wanted: Option<&Privileges> = column
        .identity
        .as_ref()
        .and_then(|identity| identity.privileges.as_ref());
    let (Some(wanted), Some(identity), Some(table)) = (wanted, &column.identity, id.qualified_name()) else {
        return Vec::new();
    };
    let subject = Subject {
        id: ObjectId::Relation(table.with_name(identity.sequence.clone())),
        kind: Kind::Sequence,
    };
    privileges::changes(Kind::Sequence, None, Some(wanted), version)
        .into_iter()
        .map(|change| Action::ChangePrivileges {
            subject: subject.clone(),
            owner: owner.cloned(),
            change,
        })
        .collect()
}

fn firing(id: &ObjectId, firing: Firing, form: fn(ObjectId, Firing) -> TableForm) -> Vec<Action> {
    match (firing, id.parent()) {
        (Firing::Origin, _) | (_, None) => Vec::new(),
        (Firing::Replica | Firing::Always | Firing::Disabled, Some(table)) => {
            vec![alter(Subject::table(&table), form(id.clone(), firing))]
        }
    }
}

fn alter(relation: Subject, form: TableForm) -> Action {
    Action::AlterTable(Box::new(AlterTable {
        relation,
        scope: Scope::Descendants,
        forms: vec![form],
    }))
}
