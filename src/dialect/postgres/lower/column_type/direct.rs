//! A type or collation that changes in place.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | DROP INDEX where the server would not make of an index what is wanted; DROP DEFAULT where it has no cast; ALTER COLUMN … TYPE, the checks over the column taken off and put on NOT VALID by the same statement; SET DEFAULT; CREATE INDEX | ACCESS EXCLUSIVE, catalog only unless it is allowed to write the rows anew | expand | the same backwards |
//! | Validated | VALIDATE CONSTRAINT of those checks; ANALYZE, because the server forgets the column's statistics | SHARE UPDATE EXCLUSIVE, a scan | expand | nothing |

use super::super::build::rung;
use super::super::lowering::Lowering;
use super::super::{Lowered, built, facts, make};
use super::cast::{Context, context};
use super::classify::Work;
use crate::catalog::constraint::Constraint;
use crate::catalog::table::{Column, Validation};
use crate::catalog::{Catalog, Object, ObjectId, Refers, Template};
use crate::dialect::postgres::action::table::Validated;
use crate::dialect::postgres::action::{Action, AlterTable, Guard, Kind, RowWork, Scope, Subject, TableForm};
use crate::dialect::postgres::{describe, write};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State, Statement};
use std::sync::Arc;

/// What is to be done, and under which promise.
pub(super) struct Direct<'a> {
    /// The column.
    pub id: &'a ObjectId,
    /// Its two forms.
    pub columns: Pair<&'a Column>,
    /// What the server does on the way up.
    pub work: Work,
    /// What the server does on the way down.
    pub work_back: Work,
    /// USING, where the author gave one or the server would not cast by itself.
    pub using: Pair<Option<Template>>,
    /// What the way back restores.
    pub reversal: Reversal,
    /// Why it may be done in place.
    pub why: &'static str,
}

/// The ladder of a change in place.
pub(super) fn ladder(lowering: &Lowering<'_>, direct: &Direct<'_>) -> Lowered<Vec<Ladder>> {
    let Some(table) = direct.id.parent() else {
        return Ok(Vec::new());
    };
    let catalogs = lowering.pair;
    let checks = checks(lowering, direct);
    let indexes = indexes_anew(lowering, direct.id);
    let mut up = way(
        lowering,
        direct,
        &table,
        Way {
            catalogs,
            columns: direct.columns,
            using: direct.using.to.as_ref(),
            work: direct.work.without_checks(),
            checks: &checks,
            put_on: put_on(&direct.work),
        },
    );
    around(lowering, catalogs, &indexes, &mut up)?;
    let mut down = match &direct.reversal {
        Reversal::Irreversible(why) => lowering.no_way_back(why),
        Reversal::Exact | Reversal::LosesData(_) => way(
            lowering,
            direct,
            &table,
            Way {
                catalogs: catalogs.reverse(),
                columns: direct.columns.reverse(),
                using: direct.using.from.as_ref(),
                work: direct.work_back.without_checks(),
                checks: &checks.iter().map(|check| check.clone().reverse()).collect::<Vec<_>>(),
                // The file before has nothing left to validate them.
                put_on: PutOn::AsTheyAre,
            },
        ),
    };
    match &direct.reversal {
        Reversal::Irreversible(_) => {}
        Reversal::Exact | Reversal::LosesData(_) => around(lowering, catalogs.reverse(), &indexes, &mut down)?,
    }
    let mut rungs = vec![Rung {
        reversal: direct.reversal.clone(),
        ..rung(State::Public, Phase::Expand, up, down)
    }];
    let mut after = match put_on(&direct.work) {
        PutOn::NotValid => validations(lowering, &table, checks.iter().map(|check| &check.to)),
        PutOn::AsTheyAre => Vec::new(),
    };
    let is_local = lowering.subject(&table).kind == Kind::Table;
    if is_local {
        after.push(lowering.statement(
            Action::Analyze {
                relation: table.clone(),
                columns: vec![direct.id.last_name()],
            },
            "The server forgets what it knew of the column's values when its type changes.",
        ));
    }
    if after.is_empty() {
        return built(
            direct.id,
            Ladder::new(direct.id.clone(), title(direct), direct.why, rungs),
        );
    }
    rungs.push(Rung {
        company: Company::Scan,
        reversal: match &direct.reversal {
            Reversal::Irreversible(why) => Reversal::Irreversible(why.clone()),
            Reversal::Exact | Reversal::LosesData(_) => Reversal::Exact,
        },
        ..rung(State::Validated, Phase::Expand, after, Vec::new())
    });
    built(
        direct.id,
        Ladder::new(direct.id.clone(), title(direct), direct.why, rungs),
    )
}

/// The checks over the column that the change takes off and puts on again, in both forms.
pub(super) fn checks(lowering: &Lowering<'_>, direct: &Direct<'_>) -> Vec<Pair<(ObjectId, Constraint)>> {
    let form = |catalog: &Catalog, id: &ObjectId| match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) => Some((id.clone(), (**constraint).clone())),
        _ => None,
    };
    direct
        .work
        .checks
        .iter()
        .filter(|id| !lowering.is_replaced(id))
        .filter_map(|id| {
            Some(Pair {
                from: form(lowering.pair.from, id)?,
                to: form(lowering.pair.to, id)?,
            })
        })
        .collect()
}

/// The indexes over the column that say something else with its new type, and over no other column whose type changes in
/// this plan: the server builds them anew in any case.
pub(super) fn indexes_anew(lowering: &Lowering<'_>, column: &ObjectId) -> Vec<ObjectId> {
    let Some(table) = column.parent() else {
        return Vec::new();
    };
    let uses = |object: &Object| {
        let (mut this, mut others) = (false, false);
        object.references(&mut |id| {
            this |= id == column;
            others |= id != column
                && lowering
                    .altered(id)
                    .is_some_and(|attributes| attributes.contains(&Attribute::DataType));
        });
        this && !others
    };
    let parts = lowering.pair.to.parts(&table);
    let indexes = parts.filter(|(id, entry)| match &entry.object {
        Object::Index(index) => {
            let differs = lowering
                .altered(id)
                .is_some_and(|attributes| attributes.contains(&Attribute::Definition));
            differs && index.parent.is_none() && uses(&entry.object) && !lowering.is_replaced(id)
        }
        _ => false,
    });
    if facts::is_partitioned(lowering.pair.to, &table) {
        return Vec::new();
    }
    indexes.map(|(id, _)| id.clone()).collect()
}

/// Takes indexes off before the statements, and puts them on afterwards.
fn around(
    lowering: &Lowering<'_>,
    catalogs: Pair<&Catalog>,
    indexes: &[ObjectId],
    statements: &mut Vec<Statement>,
) -> Lowered<()> {
    for index in indexes {
        statements.splice(0..0, make::undo(lowering, catalogs.from, index));
        statements.extend(make::statements(lowering, catalogs.to, index)?);
    }
    Ok(())
}

/// The default of the column, when it has to be said anew in the other type: the server would carry it over with a cast.
pub(super) fn default_to_settle(lowering: &Lowering<'_>, id: &ObjectId, columns: Pair<&Column>) -> Option<ObjectId> {
    let ObjectId::Column(table, name) = id else { return None };
    let default = ObjectId::Default(table.clone(), name.clone());
    let there = lowering.pair.from.contains(&default) || lowering.pair.to.contains(&default);
    let (from, to) = (&columns.from.data_type, &columns.to.data_type);
    let other_type = from.without_modifiers() != to.without_modifiers();
    (there && other_type && !lowering.is_replaced(&default)).then_some(default)
}

/// Whether the server would convert a default from one type to the other.
fn default_casts(lowering: &Lowering<'_>, columns: Pair<&Column>) -> bool {
    let catalogs = (lowering.pair.from, lowering.pair.to);
    let casts = |from: &Column, to: &Column| {
        context(catalogs, &from.data_type, &to.data_type).is_some_and(|context| context >= Context::Assignment)
    };
    casts(columns.from, columns.to) && casts(columns.to, columns.from)
}

struct Way<'a> {
    catalogs: Pair<&'a Catalog>,
    columns: Pair<&'a Column>,
    using: Option<&'a Template>,
    work: RowWork,
    checks: &'a [Pair<(ObjectId, Constraint)>],
    put_on: PutOn,
}

/// How checks are put on again.
#[derive(Clone, Copy)]
enum PutOn {
    /// Without reading the rows.
    NotValid,
    /// In their final form.
    AsTheyAre,
}

/// Where the rows are read or written anyway, the checks are verified with them.
fn put_on(work: &Work) -> PutOn {
    match work.without_checks() {
        RowWork::CatalogOnly => PutOn::NotValid,
        RowWork::Scan | RowWork::Rewrite => PutOn::AsTheyAre,
    }
}

fn way(lowering: &Lowering<'_>, direct: &Direct<'_>, table: &ObjectId, way: Way<'_>) -> Vec<Statement> {
    let subject = lowering.subject(table);
    let mut statements = Vec::new();
    let types = (system_name(direct.columns.from), system_name(direct.columns.to));
    if way.using.is_none() && matches!(types, ("timestamp", "timestamptz") | ("timestamptz", "timestamp")) {
        statements.push(lowering.statement(
            Action::SetLocal {
                name: "timezone",
                value: Arc::from("UTC"),
            },
            "Times without a zone are taken as UTC; in this zone the server writes no row anew.",
        ));
    }
    let default = default_to_settle(lowering, direct.id, direct.columns);
    let expression = |catalog: &Catalog| -> Option<Template> {
        match default
            .as_ref()
            .and_then(|id| catalog.get(id))
            .map(|entry| &entry.object)
        {
            Some(Object::Default(default)) => Some(default.expression.clone()),
            _ => None,
        }
    };
    let goes = expression(way.catalogs.to).is_none();
    if expression(way.catalogs.from).is_some() && (goes || !default_casts(lowering, direct.columns)) {
        let why = if goes {
            "The default goes, and is not carried over to the new type."
        } else {
            "The default has no cast to the new type."
        };
        statements.push(lowering.statement(
            Action::alter_table(subject.clone(), TableForm::DropDefault(direct.id.clone())),
            why,
        ));
    }
    let (before, after) = super::identity::around(direct.id, way.columns);
    if let Some(form) = before {
        statements.push(lowering.statement(
            Action::alter_table(subject.clone(), form),
            "The sequence's bounds fit the smaller type.",
        ));
    }
    let mut forms: Vec<TableForm> = way
        .checks
        .iter()
        .map(|check| TableForm::DropConstraint {
            id: check.from.0.clone(),
            constraint: Box::new(check.from.1.clone()),
            guard: Guard::None,
        })
        .collect();
    forms.push(TableForm::ColumnType {
        id: direct.id.clone(),
        data_type: way.columns.to.data_type.clone(),
        collation: way.columns.to.collation.clone(),
        using: way.using.cloned(),
        work: way.work,
    });
    forms.extend(way.checks.iter().map(|check| {
        let mut constraint = check.to.1.clone();
        match way.put_on {
            PutOn::NotValid => constraint.validation = Validation::NotValid,
            PutOn::AsTheyAre => {}
        }
        TableForm::AddConstraint(check.to.0.clone(), Box::new(constraint))
    }));
    statements.push(lowering.statement(
        Action::AlterTable(Box::new(AlterTable {
            relation: subject.clone(),
            scope: Scope::Descendants,
            forms,
        })),
        format!(
            "{} becomes {}.",
            describe(direct.id),
            write::data_type(&way.columns.to.data_type)
        ),
    ));
    if let Some(form) = after {
        statements.push(lowering.statement(
            Action::alter_table(subject.clone(), form),
            "The sequence in the new type.",
        ));
    }
    if let Some(expression) = expression(way.catalogs.to) {
        statements.push(lowering.statement(
            Action::alter_table(subject, TableForm::SetDefault(direct.id.clone(), expression)),
            "The default in the new type.",
        ));
    }
    statements
}

/// VALIDATE CONSTRAINT for checks that are valid in the end.
fn validations<'a>(
    lowering: &Lowering<'_>,
    table: &ObjectId,
    checks: impl Iterator<Item = &'a (ObjectId, Constraint)>,
) -> Vec<Statement> {
    checks
        .filter(|(_, constraint)| constraint.validation == Validation::Valid)
        .map(|(id, _)| {
            lowering.statement(
                Action::alter_table(
                    Subject::table(table),
                    TableForm::ValidateConstraint(id.clone(), Validated::Check),
                ),
                format!(
                    "The rows are known to satisfy {}; the server is told so.",
                    id.last_name()
                ),
            )
        })
        .collect()
}

fn system_name(column: &Column) -> &str {
    if column.data_type.name.is_system() {
        column.data_type.name.name.as_str()
    } else {
        ""
    }
}

fn title(direct: &Direct<'_>) -> String {
    let (from, to) = (&direct.columns.from.data_type, &direct.columns.to.data_type);
    if from == to {
        format!("{} changes its collation", describe(direct.id))
    } else {
        format!(
            "{} changes from {} to {}",
            describe(direct.id),
            write::data_type(from),
            write::data_type(to)
        )
    }
}
