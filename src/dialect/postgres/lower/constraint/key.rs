//! UNIQUE and PRIMARY KEY on a table that stays.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | a check that no two rows are equal | ACCESS SHARE, scan | expand | – |
//! | Present | DROP INDEX CONCURRENTLY IF EXISTS, what an interrupted build has left | SHARE UPDATE EXCLUSIVE | expand | – |
//! | Enforced | CREATE UNIQUE INDEX CONCURRENTLY | SHARE UPDATE EXCLUSIVE | expand; enforce when the columns wait for a backfill | DROP INDEX CONCURRENTLY |
//! | … Validated | of a primary key: the rungs of NOT NULL for its columns | see `column::not_null` | enforce | see there |
//! | Public | ADD CONSTRAINT … USING INDEX | ACCESS EXCLUSIVE, catalog only | enforce | DROP CONSTRAINT; the index is built anew |
//!
//! A small table gets the constraint in one statement. On a partitioned table see `partitioned_key`; a key WITHOUT
//! OVERLAPS cannot take over an index and is built like an exclusion constraint.

use super::{exclude, first_phase, not_null_first, partitioned_key, takeover, waits_for_backfill};
use crate::catalog::constraint::{Constraint, Key, KeyKind, Overlaps};
use crate::catalog::index::{Coverage, Direction, Index, IndexKey, Nulls, Uniqueness};
use crate::catalog::{Entry, Form, Object, ObjectId, Options, Template, TemplateBuilder};
use crate::dialect::postgres::action::{Action, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care};
use crate::dialect::postgres::lower::index::{concurrently, without_duplicates};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// A new key.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &Key) -> Lowered<Vec<Ladder>> {
    if key.overlaps == Overlaps::Without {
        return exclude::add(lowering, id, constraint);
    }
    let relation = facts::relation(id);
    let title = format!("{} is added", describe(id));
    if lowering.care(&relation) == Care::Direct {
        return direct(lowering, id, key);
    }
    if facts::is_partitioned(lowering.pair.to, &relation) {
        return partitioned_key::add(lowering, id, constraint, key);
    }
    let why = "its index is built while writers go on, and then becomes the constraint's";
    let steps = rungs(lowering, id, constraint, key)?;
    built(id, Ladder::new(id.clone(), title, why, steps))
}

/// The rungs of a key on one table that is not small.
pub(super) fn rungs(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &Key) -> Lowered<Vec<Rung>> {
    let Some(relation) = id.qualified_name() else {
        return Ok(Vec::new());
    };
    let index_id = ObjectId::Relation(relation.with_name(id.last_name()));
    let index = index_of(&ObjectId::Relation(relation.clone()), key);
    let phase = if waits_for_backfill(lowering, &key.columns) {
        Phase::Enforce
    } else {
        Phase::Expand
    };
    let mut steps: Vec<Rung> = without_duplicates(lowering, &index_id, &index, phase)
        .into_iter()
        .collect();
    steps.extend(concurrently(lowering, &index_id, &index, phase));
    steps.extend(not_null_first(lowering, key));
    let mut up = vec![using_index(lowering, id, constraint, &index_id)];
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let down = given_back(lowering, id, constraint, &index_id, index);
    let mut last = rung(State::Public, Phase::Enforce, up, down);
    last.company = Company::NextFile;
    let later = takeover::take_over(lowering, id, key, &mut last)?;
    steps.push(last);
    steps.extend(later);
    Ok(steps)
}

/// The way back from a key to its index: the index goes with the constraint, so it is built again.
pub(super) fn given_back(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    index_id: &ObjectId,
    index: Index,
) -> Vec<Statement> {
    let entry = Entry::new(Object::Index(Box::new(index)));
    vec![
        lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id))),
        lowering.statement(
            Action::create(index_id.clone(), entry, Vec::new()),
            "The index stands by itself again.",
        ),
    ]
}

/// `ADD CONSTRAINT … USING INDEX`.
pub(super) fn using_index(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    index: &ObjectId,
) -> Statement {
    let mut constraint = constraint.clone();
    constraint.parent = None;
    let form = TableForm::AddKeyUsingIndex {
        id: id.clone(),
        constraint: Box::new(constraint),
        index: index.clone(),
        work: RowWork::CatalogOnly,
    };
    lowering.alter_table(
        &facts::relation(id),
        form,
        format!("The index becomes that of {}.", describe(id)),
    )
}

/// The unique index behind a key.
pub(super) fn index_of(table: &ObjectId, key: &Key) -> Index {
    Index {
        table: table.clone(),
        method: "btree".into(),
        uniqueness: match key.kind {
            KeyKind::Primary | KeyKind::Unique => Uniqueness::Unique,
            KeyKind::UniqueNullsNotDistinct => Uniqueness::NullsNotDistinct,
        },
        keys: key.columns.iter().map(index_key).collect(),
        include: key.include.clone(),
        predicate: None,
        options: key.options.clone(),
        tablespace: key.tablespace.clone(),
        statistics: Vec::new(),
        parent: None,
        coverage: Coverage::Whole,
    }
}

fn index_key(column: &ObjectId) -> IndexKey {
    IndexKey {
        expression: column_template(column),
        collation: None,
        operator_class: None,
        operator_class_options: Options::new(),
        direction: Direction::Ascending,
        nulls: Nulls::Last,
    }
}

fn column_template(column: &ObjectId) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_reference(column.clone(), Form::Bare);
    builder.finish()
}

fn direct(lowering: &Lowering<'_>, id: &ObjectId, key: &Key) -> Lowered<Vec<Ladder>> {
    let phase = first_phase(lowering, &key.columns);
    let mut steps = not_null_first(lowering, key);
    let phase = if steps.is_empty() { phase } else { Phase::Enforce };
    let mut last = rung(
        State::Public,
        phase,
        make::statements(lowering, lowering.pair.to, id)?,
        make::undo(lowering, lowering.pair.to, id),
    );
    let later = takeover::take_over(lowering, id, key, &mut last)?;
    steps.push(last);
    steps.extend(later);
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} is added", describe(id)),
            "the table is small, so its index is built under the lock",
            steps,
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_primary_key_takes_over_an_index_over_a_column_that_is_not_null() {
        let found = ups("CREATE TABLE t (id int);", "CREATE TABLE t (id int PRIMARY KEY);");
        expect![[r#"
            expand: DO $$ BEGIN IF EXISTS ( SELECT FROM public.t WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1 ) THEN RAISE EXCEPTION 'public.t has rows that are equal in (id)'; END IF; END $$
            expand: DROP INDEX CONCURRENTLY IF EXISTS public.t_pkey
            expand: CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON public.t (id)
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('public.t_pkey') AND indisvalid ) THEN RAISE EXCEPTION 'index public.t_pkey is missing or invalid'; END IF; END $$
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_id_not_null NOT NULL id NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_id_not_null
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 't_id_not_null' AND convalidated ) THEN RAISE EXCEPTION 'constraint t_id_not_null of public.t is missing or not validated'; END IF; END $$
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey
        "#]].assert_eq(&found);
    }
}
