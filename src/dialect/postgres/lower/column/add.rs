//! A new column on a table that stays (reference: PostgreSQL manual, ALTER TABLE, ADD COLUMN).
//!
//! A nullable column, one with a default that is the same for every row, a virtual one, or any on a small table:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | ADD COLUMN with all its clauses | ACCESS EXCLUSIVE, catalog only | expand | DROP COLUMN |
//!
//! A default that differs from row to row, or a `backfill` directive:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | ADD COLUMN bare; SET DEFAULT; by directive a trigger that fills what the old application does not write | ACCESS EXCLUSIVE, SHARE ROW EXCLUSIVE, catalog only | expand | DROP TRIGGER; DROP COLUMN |
//! | Backfilled | UPDATE in batches | ROW EXCLUSIVE | backfill | – |
//! | … Public | the rungs of NOT NULL | see `not_null` | enforce | see there |
//! | Absent | DROP TRIGGER, DROP FUNCTION | ACCESS EXCLUSIVE, catalog only | contract | CREATE of both |
//!
//! NOT NULL without a default and without a directive goes the second way with a neutral value of the type (an empty
//! text, 0, the epoch), and a warning that says so: the shape can be reached, what the rows should hold only the author
//! knows. Under a CHECK it is a value that is known to satisfy it (`satisfy`). It is refused where a neutral value cannot
//! stand: under a foreign key, where a key demands another value for each row and the type has none, or where none is
//! known. A stored
//! generated column or one of a domain with constraints makes the server write the table anew, which is a hazard.

use super::drop::{constraints, is_unique_alone};
use super::placeholder::{Need, placeholder};
use super::satisfy::satisfying;
use super::{fill, identity, not_null};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::table::{Column, GeneratedStorage, Inheritance};
use crate::catalog::trigger::{TriggerEvent, TriggerTiming};
use crate::catalog::types::Type;
use crate::catalog::{Array, DataType, Form, Object, ObjectId, Template, TemplateBuilder};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::action::sync::{ColumnSync, Sync, SyncNames};
use crate::dialect::postgres::action::{Guard, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::volatility::is_volatile;
use crate::dialect::postgres::lower::{Lowered, built, make, refuse};
use crate::dialect::postgres::write;
use crate::plan::{Ladder, Phase, State, Statement};

/// Where the values of old rows come from.
enum Source<'a> {
    /// From the default, evaluated row by row.
    Default(&'a Template),
    /// From the author's directive.
    Directive(&'a Template),
    /// From nowhere: a neutral value of the type, which the author is warned of.
    StandIn(&'a Template),
}

/// The ladder of a new column.
pub(in crate::dialect::postgres::lower) fn add(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(column) = facts::column(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    if column.inheritance == Inheritance::Inherited {
        return inherited(lowering, id);
    }
    let relation = facts::relation(id);
    let default = facts::default_of(lowering.pair.to, id).map(|default| &default.expression);
    let directive = lowering.intent.backfills.get(id).map(|said| &said.value);
    if let Some(value) = directive
        && column.generated.is_none()
        && column.identity.is_none()
    {
        return filled(lowering, id, column, &Source::Directive(value));
    }
    match (default, directive) {
        _ if column.generated.is_some() || column.identity.is_some() => {}
        (None, None) if column.not_null.is_some() && !lowering.is_empty(&relation) => {
            let value = stand_in(lowering, id, column).ok_or_else(|| nothing_fills(lowering, id))?;
            return filled(lowering, id, column, &Source::StandIn(&value));
        }
        _ => {}
    }
    let care = lowering.care(&relation);
    match care {
        Care::Online if column.identity.is_some() => return identity::add(lowering, id, column),
        Care::Online => {}
        Care::Direct => return direct(lowering, id, column, RowWork::Rewrite),
    }
    match default {
        Some(value) if is_volatile(lowering.pair.to, value) => filled(lowering, id, column, &Source::Default(value)),
        _ => {
            let work = work(lowering, id, column)?;
            direct(lowering, id, column, work)
        }
    }
}

/// `ADD COLUMN` with a definition, its default inside or not.
pub(super) fn statement(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    column: &Column,
    default: Option<&Template>,
    work: RowWork,
) -> Statement {
    let form = TableForm::AddColumn {
        id: id.clone(),
        column: Box::new(column.clone()),
        default: default.cloned(),
        constraints: Vec::new(),
        work,
        guard: Guard::None,
    };
    lowering.alter_table(&facts::relation(id), form, format!("{} is added.", describe(id)))
}

/// The column without default, NOT NULL and identity, which come by themselves.
pub(super) fn bare(column: &Column) -> Column {
    Column {
        not_null: None,
        identity: None,
        ..column.clone()
    }
}

/// Comment, privileges and settings of the new column.
pub(super) fn completion(lowering: &Lowering<'_>, id: &ObjectId) -> Vec<Statement> {
    lowering
        .to(id)
        .map(|entry| {
            let mut entry = entry.clone();
            // A not-null constraint that is not valid has its own rungs.
            if let Object::Column(column) = &mut entry.object {
                column.not_null = None;
                if lowering.care(&facts::relation(id)) == Care::Online {
                    column.identity = None;
                }
            }
            make::completion(lowering, id, &entry)
        })
        .unwrap_or_default()
}

fn direct(lowering: &Lowering<'_>, id: &ObjectId, column: &Column, work: RowWork) -> Lowered<Vec<Ladder>> {
    let default = facts::default_of(lowering.pair.to, id).map(|default| &default.expression);
    // What the row type of a child of another table cannot hold is said by the parent.
    let mut column = column.clone();
    if not_null::by_primary_key(lowering, SideOf::To, id) && column.identity.is_none() {
        column.not_null = None;
    }
    let mut up = vec![statement(lowering, id, &column, default, work)];
    up.extend(completion(lowering, id));
    let down = make::undo(lowering, lowering.pair.to, id);
    let why = match work {
        RowWork::CatalogOnly => "the catalog keeps the value of old rows, so no row is touched",
        RowWork::Scan | RowWork::Rewrite => "the table is small, or may be written anew",
    };
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} is added", describe(id)),
            why,
            vec![rung(State::Present, Phase::Expand, up, down)],
        ),
    )
}

fn filled(lowering: &Lowering<'_>, id: &ObjectId, column: &Column, source: &Source<'_>) -> Lowered<Vec<Ladder>> {
    let relation = facts::relation(id);
    let default = facts::default_of(lowering.pair.to, id).map(|default| &default.expression);
    let mut up = vec![statement(lowering, id, &bare(column), None, RowWork::CatalogOnly)];
    if let Some(default) = default {
        up.push(lowering.alter_table(
            &relation,
            TableForm::SetDefault(id.clone(), default.clone()),
            "New rows have it; old rows are filled in batches.",
        ));
    }
    up.extend(completion(lowering, id));
    let mut down = make::undo(lowering, lowering.pair.to, id);
    let (value, trigger) = match source {
        Source::Default(value) => (*value, None),
        Source::Directive(value) | Source::StandIn(value) => (
            *value,
            default.is_none().then(|| trigger(lowering, id, value)).flatten(),
        ),
    };
    if let Some((names, sync)) = &trigger {
        up.extend(made(lowering, names, sync));
        down.splice(0..0, lowering.sync_gone(names, sync));
    }
    let mut steps = vec![rung(State::Enforced, Phase::Expand, up, down)];
    steps.push(fill::rung(lowering, id, value));
    if !not_null::by_primary_key(lowering, SideOf::To, id) {
        steps.extend(not_null::rungs(lowering, id));
    }
    if let Some((names, sync)) = &trigger {
        steps.push(rung(
            State::Absent,
            Phase::Contract,
            lowering.sync_gone(names, sync),
            made(lowering, names, sync),
        ));
    }
    let why = match source {
        Source::Default(_) => {
            "the default differs from row to row, so ADD COLUMN would write the whole table anew: old rows are filled in batches"
        }
        Source::Directive(_) => "old rows get their values from the directive, in batches",
        Source::StandIn(_) => {
            "nothing says what old rows hold, so they get a neutral value of the type; a backfill directive says better"
        }
    };
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

fn made(lowering: &Lowering<'_>, names: &SyncNames, sync: &Sync) -> Vec<Statement> {
    lowering.sync_made(names, sync, &[TriggerEvent::Insert], TriggerTiming::Before)
}

/// The trigger that fills the column where the old application inserts a row without it.
fn trigger(lowering: &Lowering<'_>, id: &ObjectId, value: &Template) -> Option<(SyncNames, Sync)> {
    let relation = facts::relation(id);
    let names = lowering.sync_names(relation.qualified_name()?, id.last_name().as_str());
    let column = ColumnSync {
        old: None,
        new: id.clone(),
        up: value.clone(),
        down: None,
    };
    let sync = Sync::Columns {
        table: relation,
        columns: vec![column],
    };
    Some((names, sync))
}

/// What ADD COLUMN does to the rows of a table that is not small.
///
/// # Errors
/// The hazard of writing or reading them under the lock, when it is not allowed.
fn work(lowering: &Lowering<'_>, id: &ObjectId, column: &Column) -> Lowered<RowWork> {
    let name = describe(id);
    match column.generated.as_ref().map(|generated| generated.storage) {
        Some(GeneratedStorage::Stored) => {
            let message = format!("{name} is stored and generated, so that adding it writes the table anew");
            refuse::hazard_of_rows(lowering, Code::TableRewrite, id, message)?;
            return Ok(RowWork::Rewrite);
        }
        Some(GeneratedStorage::Virtual) if column.not_null.is_some() => {
            let message = format!("{name} is computed and NOT NULL, so that adding it reads the whole table");
            refuse::hazard_of_rows(lowering, Code::TableLockScan, id, message)?;
            return Ok(RowWork::Scan);
        }
        Some(GeneratedStorage::Virtual) | None => {}
    }
    if is_constrained(lowering, &column.data_type) {
        let message = format!("{name} is of a domain with constraints, so that adding it writes the table anew");
        refuse::hazard_of_rows(lowering, Code::TableRewrite, id, message)?;
        return Ok(RowWork::Rewrite);
    }
    Ok(RowWork::CatalogOnly)
}

/// Whether a type is a domain that demands something, itself or by the domain it is over (`DomainHasConstraints`).
fn is_constrained(lowering: &Lowering<'_>, data_type: &DataType) -> bool {
    let catalog = lowering.pair.to;
    let Some(id) = data_type.reference() else { return false };
    match (catalog.get(&id).map(|entry| &entry.object), data_type.array) {
        (Some(Object::Type(object)), Array::Scalar) => match &**object {
            Type::Domain(domain) => {
                domain.not_null.is_some()
                    || catalog.parts(&id).next().is_some()
                    || is_constrained(lowering, &domain.base)
            }
            Type::Enum(_) | Type::Composite(_) | Type::Range(_) | Type::Base(_) | Type::Shell => false,
        },
        _ => false,
    }
}

/// A column that comes with its parent's: only what is said of it by itself is left.
fn inherited(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let up = completion(lowering, id);
    if up.is_empty() {
        return Ok(Vec::new());
    }
    let why = "the column comes with its parent's, its comment and privileges do not";
    let steps = vec![rung(State::Present, Phase::Expand, up, Vec::new())];
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

/// The neutral value that old rows get, said aloud; none where no such value can stand.
fn stand_in(lowering: &Lowering<'_>, id: &ObjectId, column: &Column) -> Option<Template> {
    let catalog = lowering.pair.to;
    let mut need = if is_unique_alone(catalog, id) {
        Need::Unique
    } else {
        Need::Any
    };
    let mut is_checked = false;
    for constraint in constraints(catalog, id) {
        match &constraint.kind {
            ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => return None,
            ConstraintKind::Check { .. } => is_checked = true,
            ConstraintKind::Key(key) if key.columns.len() == 1 => need = Need::Unique,
            ConstraintKind::Key(_) => {}
        }
    }
    let value = if is_checked {
        // Under a collation of its own texts may be equal that are written differently.
        let is_plain = need == Need::Any && column.collation.is_none();
        is_plain.then(|| satisfying(catalog, id, &column.data_type)).flatten()?
    } else {
        placeholder(catalog, &column.data_type, need).or_else(|| behind_key(lowering, id, column, need))?
    };
    let name = describe(id);
    let message = format!(
        "{name} is NOT NULL without a default: rows that exist get {}",
        write::template(&value)
    );
    let warning = Diagnostic::warning(Code::NotNullWithoutBackfill, message)
        .hint("Write \"-- underpin: backfill (expression)\" at the column to say what they should hold.");
    lowering.say(refuse::place(lowering, id, warning));
    Some(value)
}

/// Another number for each row where the type has no value of its own for that: the row's own key, negative, where no
/// number that an application gives is expected.
fn behind_key(lowering: &Lowering<'_>, id: &ObjectId, column: &Column, need: Need) -> Option<Template> {
    let is_number = |data_type: &DataType| ["int4", "int8", "numeric"].iter().any(|name| data_type.is_system(name));
    let (_, key) = facts::primary_key(lowering.pair.from, &facts::relation(id))?;
    let [key] = key.columns.as_slice() else { return None };
    let key_type = &facts::column(lowering.pair.from, key)?.data_type;
    let wide_enough = is_number(key_type) && (key_type == &column.data_type || !column.data_type.is_system("int4"));
    if need == Need::Any || !is_number(&column.data_type) || !wide_enough {
        return None;
    }
    let mut value = TemplateBuilder::default();
    value.push_str("(- ");
    value.push_reference(key.clone(), Form::Bare);
    value.push_str(")");
    Some(value.finish())
}

fn nothing_fills(lowering: &Lowering<'_>, id: &ObjectId) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error(
        Code::NotNullWithoutBackfill,
        format!("{} is NOT NULL, and nothing fills it in rows that exist", describe(id)),
    )
    .hint(
        "Write \"-- underpin: backfill (expression)\" at the column, give it a DEFAULT, or, if the table has no rows, \
         write \"-- underpin: rows 0\" above the table.",
    );
    Box::new(refuse::place(lowering, id, diagnostic))
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{said, ups};
    use expect_test::expect;

    #[test]
    fn a_default_that_is_the_same_for_every_row_needs_no_backfill() {
        let found = ups(
            "CREATE TABLE t (id int PRIMARY KEY);",
            "CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ADD COLUMN at timestamp with time zone DEFAULT now() NOT NULL
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn a_default_that_differs_from_row_to_row_is_set_apart_and_filled_in() {
        let found = ups(
            "CREATE TABLE t (id int);",
            "CREATE TABLE t (id int, token uuid DEFAULT gen_random_uuid());",
        );
        let found: String = found
            .lines()
            .map(|line| line.split(" underpin_").next().unwrap_or(line).to_owned() + "\n")
            .collect();
        expect![[r#"
            expand: ALTER TABLE public.t ADD COLUMN token uuid
            expand: ALTER TABLE public.t ALTER COLUMN token SET DEFAULT gen_random_uuid()
            backfill: DO $$ DECLARE
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn not_null_that_nothing_fills_is_said_aloud() {
        let found = said(
            "CREATE TABLE t (id int);",
            "CREATE TABLE t (id int, name text NOT NULL);",
        );
        expect![[r#"
            not-null-without-backfill: column name of public.t is NOT NULL without a default: rows that exist get ''::text
        "#]].assert_eq(&found);
    }
}
