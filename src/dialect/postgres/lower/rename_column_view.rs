//! A column that is renamed behind a compatible view: no row is copied; a view under the table's name shows both names.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | RENAME COLUMN; the table steps aside by RENAME; CREATE VIEW under its name | ACCESS EXCLUSIVE, catalog only | expand | the same backwards |
//! | Absent | DROP VIEW; the table takes its name back | ACCESS EXCLUSIVE, catalog only | contract | RENAME, CREATE VIEW |
//!
//! Through the view work SELECT, INSERT, UPDATE, DELETE by either name; not COPY, TRUNCATE, ON CONFLICT ON CONSTRAINT,
//! positional INSERT, and MERGE before PostgreSQL 17 (PostgreSQL manual, "Updatable Views").

use super::build::rung;
use super::lowering::Lowering;
use super::rename::{current, locking};
use super::{Lowered, built, make, refuse};
use crate::catalog::table::RowSecurity;
use crate::catalog::view::{ColumnTypes, View};
use crate::catalog::{Entry, Form, Ident, Object, ObjectId, Options, QualifiedName, TemplateBuilder};
use crate::dialect::postgres::action::{Action, Subject};
use crate::dialect::postgres::describe;
use crate::plan::lock::LockMode;
use crate::plan::{Ladder, Phase, State, Statement};
use crate::snapshot::intent::Rename;
use crate::syntax::RenameMethod;
use std::sync::Arc;

/// The first server whose views can be read with the rights of who reads them.
const SECURITY_INVOKER: u16 = 15;

/// The ladder of a column that is renamed behind a view. The catalog that is has the new name already.
pub(super) fn ladder(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Vec<Ladder>> {
    let from = current(rename, &lowering.intent.renames);
    let (Some(ObjectId::Relation(table)), ObjectId::Column(_, old), ObjectId::Column(_, new)) =
        (rename.to.parent(), &from, &rename.to)
    else {
        return Ok(Vec::new());
    };
    refuse_company(lowering, rename, &table)?;
    let id = ObjectId::Relation(table.clone());
    let base = ObjectId::Relation(
        table.with_name(lowering.scaffold_name(table.name.as_str(), "base", |name| {
            ObjectId::Relation(table.with_name(name))
        })),
    );
    let (create, drop) = view(lowering, &table, &base, Names { old, new });
    let lock = |relation: &ObjectId| {
        lowering.statement(
            Action::LockTable {
                relations: vec![relation.clone()],
                mode: LockMode::AccessExclusive,
            },
            "The names change in one moment for everybody.",
        )
    };
    let rename_table = |from: &ObjectId, to: &ObjectId| {
        let renamed = lowering.statement(
            Action::Rename {
                subject: Subject::table(from),
                to: to.clone(),
            },
            format!("{} becomes {}.", describe(from), to.last_name()),
        );
        locking(renamed, from)
    };
    let rename_column = |from: &ObjectId, to: &ObjectId| {
        lowering.statement(
            Action::Rename {
                subject: Subject::column(from),
                to: to.clone(),
            },
            format!("{} becomes {}.", describe(from), to.last_name()),
        )
    };
    let mut up = vec![lock(&id), rename_column(&from, &rename.to), rename_table(&id, &base)];
    up.extend(create.iter().cloned());
    let down = vec![
        lock(&base),
        drop.clone(),
        rename_table(&base, &id),
        rename_column(&rename.to, &from),
    ];
    let end = vec![lock(&base), drop, rename_table(&base, &id)];
    let mut end_down = vec![lock(&id), rename_table(&id, &base)];
    end_down.extend(create);
    let rungs = vec![
        rung(State::Public, Phase::Expand, up, down),
        rung(State::Absent, Phase::Contract, end, end_down),
    ];
    built(
        &rename.to,
        Ladder::new(
            rename.to.clone(),
            format!("{} is renamed to {new}", describe(&from)),
            "no row is copied: until the old application is gone, a view under the table's name shows the column under \
             both names",
            rungs,
        ),
    )
}

/// Both names of the column.
#[derive(Clone, Copy)]
struct Names<'a> {
    old: &'a Ident,
    new: &'a Ident,
}

/// While the view stands in the table's place, nothing else can be done to the table under its name.
fn refuse_company(lowering: &Lowering<'_>, rename: &Rename, table: &QualifiedName) -> Lowered<()> {
    let id = ObjectId::Relation(table.clone());
    let changes = |part: &ObjectId| {
        lowering.is_created(part)
            || lowering.is_dropped(part)
            || lowering.is_replaced(part)
            || lowering.altered(part).is_some()
    };
    let sides = [lowering.pair.from, lowering.pair.to];
    let part = sides
        .iter()
        .flat_map(|catalog| catalog.parts(&id).map(|(part, _)| part))
        .chain(std::iter::once(&id))
        .find(|part| changes(part))
        .map(describe);
    let other_rename = lowering
        .intent
        .renames
        .iter()
        .find(|other| {
            let about_table = other.to == id || other.to.parent().as_ref() == Some(&id);
            let by_view = match other.method {
                RenameMethod::View => true,
                RenameMethod::DualWrite | RenameMethod::Direct => other.to == id,
            };
            other.to != rename.to && about_table && by_view
        })
        .map(|other| describe(&other.to));
    if let Some(other) = part.or(other_rename) {
        return Err(refuse::unsupported(
            lowering,
            &rename.to,
            format!(
                "{} cannot be renamed behind a view while {other} changes too",
                describe(&rename.to)
            ),
            "The table steps aside for the view. Rename the column in a plan of its own, or write \"via dual-write\".",
        ));
    }
    let Some(Object::Table(definition)) = lowering.from(&id).map(|entry| &entry.object) else {
        return Err(refuse::unsupported(
            lowering,
            &rename.to,
            format!("{} is not a column of a table", describe(&rename.to)),
            "Write \"via direct\".",
        ));
    };
    match definition.row_security {
        RowSecurity::Enabled | RowSecurity::Forced if lowering.options.version < SECURITY_INVOKER => {
            Err(refuse::unsupported(
                lowering,
                &rename.to,
                "before PostgreSQL 15 a view passes by the row security policies of its table",
                "Write \"via dual-write\".",
            ))
        }
        RowSecurity::Enabled | RowSecurity::Forced | RowSecurity::Disabled | RowSecurity::ForcedButDisabled => Ok(()),
    }
}

/// The statements that make and drop the view, with the table's owner and privileges and those of its columns.
fn view(
    lowering: &Lowering<'_>,
    table: &QualifiedName,
    base: &ObjectId,
    names: Names<'_>,
) -> (Vec<Statement>, Statement) {
    let catalog = lowering.pair.from;
    let id = ObjectId::Relation(table.clone());
    let own: Vec<&Ident> = catalog.columns(&id).map(|(name, _)| name).collect();
    // The old name stands where the column stands, so that the old application finds its columns in their places.
    let shown = own
        .iter()
        .map(|name| (if *name == names.new { names.old } else { *name }, *name))
        .chain(std::iter::once((names.new, names.new)));
    let mut query = TemplateBuilder::default();
    query.push_str("SELECT ");
    let (mut columns, mut parts) = (Vec::new(), Vec::new());
    for (position, (name, source)) in shown.enumerate() {
        query.push_str(if position == 0 { "" } else { ", " });
        query.push_reference(base.clone(), Form::Bare);
        query.push_str(".");
        if let Some(base) = base.qualified_name() {
            query.push_reference(ObjectId::Column(base.clone(), source.clone()), Form::Bare);
        }
        let mut part = Entry::new(Object::ViewColumn);
        let column = catalog.get(&ObjectId::Column(table.clone(), source.clone()));
        part.privileges = column.and_then(|column| column.privileges.clone());
        parts.push((ObjectId::Column(table.clone(), name.clone()), part));
        columns.push(name.clone());
    }
    query.push_str(" FROM ");
    query.push_reference(base.clone(), Form::Qualified);
    let mut options = Options::new();
    if lowering.options.version >= SECURITY_INVOKER {
        // Without it the policies of the table would not hold for those who come through the view.
        options.insert(Arc::from("security_invoker"), Arc::from("true"));
    }
    let mut entry = Entry::new(Object::View(Box::new(View {
        query: query.finish(),
        columns,
        types: ColumnTypes::default(),
        options,
    })));
    if let Some(table) = catalog.get(&id) {
        entry.owner = table.owner.clone();
        entry.privileges = table.privileges.clone();
    }
    let drop = lowering.statement(
        Action::drop(&id, &entry),
        "Nobody reads or writes the old name any more.",
    );
    (make::entry_statements(lowering, &id, entry, parts), drop)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{said, ups};
    use expect_test::expect;

    const FROM: &str = "CREATE TABLE t (a int, z int);";

    #[test]
    fn the_view_shows_both_names_and_the_old_one_in_its_place() {
        let to = "CREATE TABLE t (\n  b int, -- underpin: renamed-from a via view\n  z int);";
        expect![[r#"
            expand: LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE
            expand: ALTER TABLE public.t RENAME COLUMN a TO b
            expand: ALTER TABLE public.t RENAME TO t_underpin_base
            expand: CREATE VIEW public.t (a, z, b) WITH (security_invoker = true) AS SELECT t_underpin_base.b, t_underpin_base.z, t_underpin_base.b FROM public.t_underpin_base
            contract: LOCK TABLE public.t_underpin_base IN ACCESS EXCLUSIVE MODE
            contract: DROP VIEW public.t
            contract: ALTER TABLE public.t_underpin_base RENAME TO t
        "#]].assert_eq(&ups(FROM, to));
    }

    #[test]
    fn nothing_else_changes_while_the_table_stands_aside() {
        let to = "CREATE TABLE t (\n  b int, -- underpin: renamed-from a via view\n  z int, y int);";
        expect![[r#"
            unsupported-clause: column b of public.t cannot be renamed behind a view while column y of public.t changes too
        "#]].assert_eq(&said(FROM, to));
    }
}
