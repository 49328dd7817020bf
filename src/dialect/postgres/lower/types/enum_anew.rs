//! An enum made anew with other labels, for removing or reordering them and for taking new ones back.
//!
//! | step | statement | lock |
//! |---|---|---|
//! | 1 | DROP of what was compiled against the type: views, functions, policies, checks, defaults, partial indexes | ACCESS EXCLUSIVE, catalog only |
//! | 2 | ALTER TYPE … RENAME to a scaffolding name, CREATE TYPE with the labels | none on tables |
//! | 3 | ALTER TABLE … ALTER COLUMN … TYPE … USING column::text::type | ACCESS EXCLUSIVE, all rows are written anew |
//! | 4 | CREATE of what step 1 dropped; DROP TYPE of the old one | as of a new index or check |
//!
//! All in one transaction. A row that holds a label that is no more stops it with an error, so no value is lost.
//! Plain indexes and keys follow the column by themselves (`ATPostAlterTypeCleanup` in tablecmds.c); an index or check
//! that names a label does not, because its text names the old type.

use super::tables_of;
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::hashing::HashSet;
use crate::catalog::table::{Inheritance, Table};
use crate::catalog::types::Type;
use crate::catalog::{Array, Catalog, Entry, Form, Ident, Object, ObjectId, QualifiedName, Template, TemplateBuilder};
use crate::dialect::postgres::action::{Action, AlterTable, Guard, RowWork, Scope, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, make, refuse};
use crate::plan::Statement;
use std::sync::Arc;

/// What is made anew, among which objects.
pub(super) struct Anew<'a> {
    /// The enum.
    pub id: &'a ObjectId,
    /// The schema around it at that time.
    pub catalog: &'a Catalog,
    /// The labels it will have.
    pub labels: &'a [Arc<str>],
}

/// The statements, in order.
///
/// # Errors
/// An object that holds values of the type and cannot be dropped: a domain, a composite type, a partition key, a
/// generated column.
pub(super) fn statements(lowering: &Lowering<'_>, anew: &Anew<'_>) -> Lowered<Vec<Statement>> {
    let (ObjectId::Type(name), Some(entry)) = (anew.id, anew.catalog.get(anew.id)) else {
        return Ok(Vec::new());
    };
    let mut hanging = Hanging::default();
    hanging.collect(lowering, anew, anew.id)?;
    let old_name = scaffolding_name(anew.catalog, name);
    let old = ObjectId::Type(old_name);
    let mut found = Vec::new();
    for id in &hanging.dropped {
        if let Some(entry) = anew.catalog.get(id) {
            found.extend(take_away(lowering, id, entry));
        }
    }
    let rename = Action::Rename {
        subject: Subject::of(anew.id, entry),
        to: old.clone(),
    };
    found.push(lowering.statement(rename, "The old type makes room for the new one."));
    let mut wanted = entry.clone();
    wanted.object = Object::Type(Box::new(Type::Enum(anew.labels.to_vec())));
    found.extend(make::entry_statements(lowering, anew.id, wanted, Vec::new()));
    for table in tables_of(&hanging.columns) {
        found.push(convert(lowering, anew, &table, &hanging.columns));
    }
    for id in hanging.dropped.iter().rev() {
        found.extend(bring_back(lowering, anew.catalog, id)?);
    }
    found.push(lowering.statement(Action::drop(&old, entry), "Nothing uses the old type any more."));
    Ok(found)
}

/// What hangs on a type.
#[derive(Default)]
struct Hanging {
    /// Columns of tables that hold its values, those that follow a parent table's left out.
    columns: Vec<ObjectId>,
    /// What is dropped before and made again after, dependents first.
    dropped: Vec<ObjectId>,
    /// The views among them.
    views: HashSet<ObjectId>,
    seen: HashSet<ObjectId>,
}

impl Hanging {
    /// Goes through all that needs an object, dependents of dependents first.
    fn collect(&mut self, lowering: &Lowering<'_>, anew: &Anew<'_>, id: &ObjectId) -> Lowered<()> {
        for dependent in &anew.catalog.dependents_of(id) {
            if !self.seen.insert(dependent.clone()) {
                continue;
            }
            let Some(entry) = anew.catalog.get(dependent) else {
                continue;
            };
            let fate = match &entry.object {
                // An index of a materialized view goes with it.
                Object::Index(index) if self.views.contains(&index.table) => Fate::MadeAgain,
                _ => fate(entry, id, anew.id),
            };
            match fate {
                Fate::Untouched => {}
                Fate::Converted => {
                    self.collect(lowering, anew, dependent)?;
                    if let Object::Column(column) = &entry.object
                        && column.inheritance != Inheritance::Inherited
                    {
                        self.columns.push(dependent.clone());
                    }
                }
                Fate::MadeAgain => {
                    if matches!(entry.object, Object::View(_) | Object::MaterializedView(_)) {
                        self.views.insert(dependent.clone());
                    }
                    self.collect(lowering, anew, dependent)?;
                    self.dropped.push(dependent.clone());
                }
                Fate::InTheWay => {
                    return Err(refuse::unsupported(
                        lowering,
                        anew.id,
                        format!(
                            "the values of {} cannot be removed or reordered while {} depends on it",
                            describe(anew.id),
                            describe(dependent)
                        ),
                        "Keep the values, and forbid those that are no longer wanted by a CHECK constraint.",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// What becomes of an object when a type that it needs is made anew.
enum Fate {
    /// It follows by itself.
    Untouched,
    /// A column that is given the new type.
    Converted,
    /// It is dropped before and made again after.
    MadeAgain,
    /// It can neither follow nor go.
    InTheWay,
}

/// The fate of a dependent of `needed`, which is the type itself or something that hangs on it.
fn fate(entry: &Entry, needed: &ObjectId, anew: &ObjectId) -> Fate {
    match &entry.object {
        Object::Column(column) => match &column.generated {
            Some(_) => Fate::InTheWay,
            None if ObjectId::Type(column.data_type.name.clone()) == *anew => Fate::Converted,
            None => Fate::Untouched,
        },
        Object::Default(default) if default.inheritance == Inheritance::Inherited => Fate::Untouched,
        Object::Constraint(constraint)
            if constraint.inheritance == Inheritance::Inherited || constraint.parent.is_some() =>
        {
            Fate::Untouched
        }
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => Fate::MadeAgain,
            ConstraintKind::Key(_) => Fate::Untouched,
            ConstraintKind::Exclude(_) => Fate::InTheWay,
        },
        Object::Index(index) => {
            let plain = index.predicate.is_none() && index.keys.iter().all(|key| key.expression.as_column().is_some());
            match (plain, &index.parent) {
                (true, _) => Fate::Untouched,
                (false, None) => Fate::MadeAgain,
                (false, Some(_)) => Fate::InTheWay,
            }
        }
        Object::Table(table) => of_table(table, needed),
        Object::Trigger(trigger) if trigger.parent.is_some() => Fate::Untouched,
        Object::Default(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::Routine(_)
        | Object::Trigger(_)
        | Object::Rule(_)
        | Object::Policy(_)
        | Object::Definition(_) => Fate::MadeAgain,
        Object::ViewColumn | Object::Sequence(_) => Fate::Untouched,
        Object::Type(_)
        | Object::DomainConstraint(_)
        | Object::Schema
        | Object::Extension(_)
        | Object::DefaultPrivileges(_)
        | Object::Provided(_) => Fate::InTheWay,
    }
}

/// A table needs a column only where it is partitioned by it, or goes by an index of it.
fn of_table(table: &Table, needed: &ObjectId) -> Fate {
    let by = table.partition_key.iter().flat_map(|key| &key.keys);
    let partitioned = by.flat_map(Template::references).any(|reference| reference == needed);
    if partitioned { Fate::InTheWay } else { Fate::Untouched }
}

fn take_away(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry) -> Vec<Statement> {
    let comment = format!("{} is made again below.", describe(id));
    let table = id.parent().map(|parent| match parent {
        ObjectId::Column(relation, _) => ObjectId::Relation(relation),
        other => other,
    });
    let action = match (&entry.object, id, table) {
        (Object::Default(_), ObjectId::Default(relation, column), Some(table)) => Action::alter_table(
            Subject::table(&table),
            TableForm::DropDefault(ObjectId::Column(relation.clone(), column.clone())),
        ),
        (Object::Constraint(constraint), _, Some(table)) => Action::alter_table(
            Subject::table(&table),
            TableForm::DropConstraint {
                id: id.clone(),
                constraint: constraint.clone(),
                guard: Guard::None,
            },
        ),
        _ => Action::drop(id, entry),
    };
    vec![lowering.statement(action, comment)]
}

fn bring_back(lowering: &Lowering<'_>, catalog: &Catalog, id: &ObjectId) -> Lowered<Vec<Statement>> {
    make::statements(lowering, catalog, id)
}

/// The statement that gives a table's columns the new type, all at once, so that its rows are written once.
fn convert(lowering: &Lowering<'_>, anew: &Anew<'_>, table: &ObjectId, columns: &[ObjectId]) -> Statement {
    let of_table = columns.iter().filter(|column| column.parent().as_ref() == Some(table));
    let relation = match anew.catalog.get(table) {
        Some(entry) => Subject::of(table, entry),
        None => Subject::table(table),
    };
    let action = Action::AlterTable(Box::new(AlterTable {
        relation,
        scope: Scope::Descendants,
        forms: of_table.filter_map(|column| new_type(anew, column)).collect(),
    }));
    lowering.statement(
        action,
        format!("The rows of {} hold the same labels in the new type.", describe(table)),
    )
}

/// The form that gives a column the new type; arrays element by element.
fn new_type(anew: &Anew<'_>, id: &ObjectId) -> Option<TableForm> {
    let Object::Column(column) = &anew.catalog.get(id)?.object else {
        return None;
    };
    let brackets = match column.data_type.array {
        Array::Array => "[]",
        Array::Scalar => "",
    };
    let mut using = TemplateBuilder::default();
    using.push_reference(id.clone(), Form::Bare);
    using.push_str(&format!("::text{brackets}::"));
    using.push_reference(anew.id.clone(), Form::Qualified);
    using.push_str(brackets);
    Some(TableForm::ColumnType {
        id: id.clone(),
        data_type: column.data_type.clone(),
        collation: None,
        using: Some(using.finish()),
        work: RowWork::Rewrite,
    })
}

/// A free name for the old type that says whose it is, at most 63 bytes long.
fn scaffolding_name(catalog: &Catalog, name: &QualifiedName) -> QualifiedName {
    const SUFFIX: &str = "_underpin_old";
    const LONGEST: usize = 63;
    let mut end = name.name.as_str().len().min(LONGEST - SUFFIX.len() - 3);
    while !name.name.as_str().is_char_boundary(end) {
        end -= 1;
    }
    let stem = &name.name.as_str()[..end];
    let mut number = 0;
    loop {
        let suffix = if number == 0 {
            SUFFIX.to_owned()
        } else {
            format!("{SUFFIX}{number}")
        };
        let candidate = name.with_name(Ident::from(format!("{stem}{suffix}").as_str()));
        if number > 99 || catalog.type_provider(&candidate).is_none() {
            return candidate;
        }
        number += 1;
    }
}
