//! GENERATED … AS IDENTITY on a column of a table that stays.
//!
//! A new column with an identity, on a table that is not small. Until every row has a value, a sequence of scaffolding
//! gives them, because ADD COLUMN with an identity writes the table anew and ADD GENERATED demands NOT NULL:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | CREATE SEQUENCE; ADD COLUMN; SET DEFAULT nextval | ACCESS EXCLUSIVE, catalog only | expand | DROP COLUMN; DROP SEQUENCE |
//! | Backfilled | UPDATE in batches | ROW EXCLUSIVE | backfill | – |
//! | … Validated | the rungs of NOT NULL | see `not_null` | enforce | see there |
//! | Public | DROP DEFAULT; ADD GENERATED; setval; DROP SEQUENCE | ACCESS EXCLUSIVE, catalog only | enforce | the same backwards |
//!
//! On a column that is:
//!
//! | difference | statement | phase |
//! |---|---|---|
//! | becomes an identity | DROP DEFAULT; ADD GENERATED; setval behind the greatest value or the old sequence | expand, after NOT NULL |
//! | is no identity any more | DROP IDENTITY; then its own default and sequence | contract |
//! | ALWAYS, BY DEFAULT, options | SET GENERATED, SET … | expand |
//!
//! All of it is catalog only under ACCESS EXCLUSIVE.

use super::add::{bare, completion, statement};
use super::{fill, not_null};
use crate::catalog::sequence::{Sequence, SequenceOptions};
use crate::catalog::table::{Column, Identity, IdentityGeneration, Persistence};
use crate::catalog::{Entry, Form, Ident, Object, ObjectId, Template, TemplateBuilder};
use crate::dialect::postgres::action::{
    Action, Concurrency, Guard, Kind, RowWork, SequenceForm, SequencePosition, Subject, TableForm,
};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::sequence::forms;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::diff::Attribute;
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// A new column with an identity on a table that is not small.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId, column: &Column) -> Lowered<Vec<Ladder>> {
    let Some(identity) = &column.identity else {
        return Ok(Vec::new());
    };
    let relation = facts::relation(id);
    let scaffold = scaffold(lowering, id, &identity.sequence);
    let next = next_value(&scaffold);
    let create = Action::create(
        scaffold.clone(),
        Entry::new(Object::Sequence(Box::new(Sequence {
            persistence: Persistence::Logged,
            options: identity.options.clone(),
            owned_by: None,
        }))),
        Vec::new(),
    );
    let create = lowering.statement(create, "It numbers the rows until the column has its own sequence.");
    let numbered = lowering.alter_table(
        &relation,
        TableForm::SetDefault(id.clone(), next.clone()),
        "New rows are numbered; old rows are numbered in batches.",
    );
    let mut up = vec![create.clone()];
    up.push(statement(lowering, id, &bare(column), None, RowWork::CatalogOnly));
    up.push(numbered.clone());
    up.extend(completion(lowering, id));
    let mut down = make::undo(lowering, lowering.pair.to, id);
    down.push(drop_sequence(lowering, &scaffold));
    let mut steps = vec![rung(State::Enforced, Phase::Expand, up, down)];
    steps.push(fill::rung(lowering, id, &next));
    if !not_null::by_primary_key(lowering, SideOf::To, id) {
        steps.extend(not_null::rungs(lowering, id));
    }
    let own = own_sequence(id, identity);
    let mut switch = vec![
        lowering.alter_table(
            &relation,
            TableForm::DropDefault(id.clone()),
            "An identity bears no default.",
        ),
        generated(lowering, id, identity),
        position(lowering, &own, SequencePosition::As(scaffold.clone())),
        drop_sequence(lowering, &scaffold),
    ];
    after_primary_key(lowering, id, &mut switch);
    if let Some(entry) = lowering.to(id) {
        let mut only_identity = Entry::new(entry.object.clone());
        if let Object::Column(column) = &mut only_identity.object {
            let identity = column.identity.take();
            **column = bare(column);
            column.identity = identity;
            column.statistics = None;
            column.options.clear();
            column.storage = None;
        }
        switch.extend(make::completion(lowering, id, &only_identity));
    }
    let back = vec![
        create,
        position(lowering, &scaffold, SequencePosition::As(own)),
        dropped(lowering, id),
        numbered,
    ];
    steps.push(last(switch, back));
    let why = "an identity would write the whole table anew, so old rows are numbered in batches";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

/// The identity of a column that is differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let of = |side| facts::column(lowering.catalog(side), id).and_then(|column| column.identity.as_ref());
    match (of(SideOf::From), of(SideOf::To)) {
        (None, Some(to)) => begun(lowering, id, to),
        (Some(from), None) => ended(lowering, id, from),
        (Some(from), Some(to)) => changed(lowering, id, from, to),
        (None, None) => Ok(Vec::new()),
    }
}

/// Whether a column becomes an identity, so that its old default and its old sequence are this pattern's business.
pub(in crate::dialect::postgres::lower) fn begins(lowering: &Lowering<'_>, column: &ObjectId) -> bool {
    let has = |side| facts::column(lowering.catalog(side), column).is_some_and(|column| column.identity.is_some());
    !has(SideOf::From) && has(SideOf::To) && lowering.pair.from.contains(column)
}

fn begun(lowering: &Lowering<'_>, id: &ObjectId, to: &Identity) -> Lowered<Vec<Ladder>> {
    let relation = facts::relation(id);
    let own = own_sequence(id, to);
    let old_default = facts::default_of(lowering.pair.from, id);
    let old_sequences: Vec<ObjectId> = make::owned_sequences(lowering, lowering.pair.from, id)
        .into_iter()
        .map(|(sequence, _)| sequence)
        .filter(|sequence| lowering.is_dropped(sequence))
        .collect();
    let mut up = Vec::new();
    let mut back = Vec::new();
    let mut numbered = None;
    if let Some(default) = old_default {
        up.push(lowering.alter_table(
            &relation,
            TableForm::DropDefault(id.clone()),
            "An identity bears no default.",
        ));
        back.push(lowering.alter_table(
            &relation,
            TableForm::SetDefault(id.clone(), default.expression.clone()),
            "The default comes back.",
        ));
    }
    match old_sequences.as_slice() {
        [old, others @ ..] => {
            // The identity's sequence may want the very name.
            let moved = scaffold(lowering, id, &to.sequence);
            let subject = |sequence: &ObjectId| Subject {
                id: sequence.clone(),
                kind: Kind::Sequence,
            };
            up.push(lowering.rename(
                subject(old),
                &moved.last_name(),
                "Its name is free for the identity's sequence.",
            ));
            up.push(generated(lowering, id, to));
            up.push(position(lowering, &own, SequencePosition::As(moved.clone())));
            let mut gone = drop_sequence(lowering, &moved);
            gone.removes.push(old.clone());
            up.push(gone);
            let made = make::statements(lowering, lowering.pair.from, old)?;
            let mut down = vec![lowering.rename(
                subject(&own),
                &moved.last_name(),
                "Its name is free for the old sequence.",
            )];
            down.extend(made);
            down.push(position(lowering, old, SequencePosition::As(moved)));
            down.push(dropped(lowering, id));
            down.push(lowering.statement(
                Action::SetOwnedBy {
                    sequence: old.clone(),
                    column: Some(id.clone()),
                },
                "The sequence goes away with its column.",
            ));
            for other in others {
                up.extend(make::undo(lowering, lowering.pair.from, other));
                down.extend(make::statements(lowering, lowering.pair.from, other)?);
            }
            back.splice(0..0, down);
        }
        [] => {
            up.push(generated(lowering, id, to));
            back.insert(0, dropped(lowering, id));
            // The greatest number is looked for when the strong lock is gone.
            let found = position(lowering, &own, SequencePosition::Behind(id.clone()));
            let mut step = rung(State::Public, Phase::Expand, vec![found], Vec::new());
            step.company = Company::Scan;
            numbered = Some(step);
        }
    }
    after_primary_key(lowering, id, &mut up);
    let becomes_not_null = facts::column(lowering.pair.from, id).is_some_and(|column| column.not_null.is_none());
    if becomes_not_null
        && let (Some(table), Some(not_null)) = (
            id.qualified_name(),
            facts::column(lowering.pair.to, id).and_then(|column| column.not_null.as_ref()),
        )
    {
        // The server demands it before.
        let before = ObjectId::Constraint(table.clone(), not_null.name.clone());
        up.iter_mut()
            .for_each(|statement| statement.requires.push(before.clone()));
    }
    let mut step = rung(State::Public, Phase::Expand, up, back);
    if becomes_not_null {
        step.phase = Phase::Enforce;
        step.company = Company::NextFile;
    }
    let phase = step.phase;
    let mut steps = vec![step];
    steps.extend(numbered.map(|numbered| Rung { phase, ..numbered }));
    let why = "the catalog alone changes: the identity goes on where the old numbers end";
    built(
        id,
        Ladder::new(id.clone(), format!("{} becomes an identity", describe(id)), why, steps),
    )
}

fn ended(lowering: &Lowering<'_>, id: &ObjectId, from: &Identity) -> Lowered<Vec<Ladder>> {
    let relation = facts::relation(id);
    let own = own_sequence(id, from);
    let new_default = facts::default_of(lowering.pair.to, id);
    let new_sequence = make::owned_sequences(lowering, lowering.pair.to, id)
        .into_iter()
        .map(|(sequence, _)| sequence)
        .find(|sequence| !lowering.pair.from.contains(sequence));
    let mut up = Vec::new();
    let mut back = Vec::new();
    match &new_sequence {
        Some(new) => {
            let moved = scaffold(lowering, id, &from.sequence);
            let subject = |sequence: &ObjectId| Subject {
                id: sequence.clone(),
                kind: Kind::Sequence,
            };
            up.push(lowering.rename(
                subject(&own),
                &moved.last_name(),
                "Its name is free for the new sequence.",
            ));
            up.extend(make::statements(lowering, lowering.pair.to, new)?);
            up.push(position(lowering, new, SequencePosition::As(moved.clone())));
            up.push(dropped(lowering, id));
            up.push(lowering.statement(
                Action::SetOwnedBy {
                    sequence: new.clone(),
                    column: Some(id.clone()),
                },
                "The sequence goes away with its column.",
            ));
            back.push(lowering.rename(
                subject(new),
                &moved.last_name(),
                "Its name is free for the identity's sequence.",
            ));
            back.push(generated(lowering, id, from));
            back.push(position(lowering, &own, SequencePosition::As(moved.clone())));
            back.push(drop_sequence(lowering, &moved));
        }
        None => {
            up.push(dropped(lowering, id));
            back.push(generated(lowering, id, from));
            back.push(position(lowering, &own, SequencePosition::Behind(id.clone())));
        }
    }
    if let Some(default) = new_default {
        up.push(lowering.alter_table(
            &relation,
            TableForm::SetDefault(id.clone(), default.expression.clone()),
            "New rows are numbered by the default.",
        ));
        back.insert(
            0,
            lowering.alter_table(
                &relation,
                TableForm::DropDefault(id.clone()),
                "An identity bears no default.",
            ),
        );
    }
    let phase = if new_default.is_some() {
        Phase::Expand
    } else {
        // The old application inserts without the column.
        Phase::Contract
    };
    let why = "the catalog alone changes: the numbers go on where they end";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} is no identity any more", describe(id)),
            why,
            vec![rung(State::Public, phase, up, back)],
        ),
    )
}

/// Whether a column stops being an identity, so that its new default and sequence are this pattern's business.
pub(in crate::dialect::postgres::lower) fn ends(lowering: &Lowering<'_>, column: &ObjectId) -> bool {
    let has = |side| facts::column(lowering.catalog(side), column).is_some_and(|column| column.identity.is_some());
    has(SideOf::From) && !has(SideOf::To) && lowering.pair.to.contains(column)
}

fn changed(lowering: &Lowering<'_>, id: &ObjectId, from: &Identity, to: &Identity) -> Lowered<Vec<Ladder>> {
    let relation = facts::relation(id);
    let mut up = Vec::new();
    let mut down = Vec::new();
    if from.sequence != to.sequence {
        let subject = |sequence: ObjectId| Subject {
            id: sequence,
            kind: Kind::Sequence,
        };
        let (old, new) = (own_sequence(id, from), own_sequence(id, to));
        up.push(lowering.rename(subject(old), &to.sequence, "The sequence takes its new name."));
        down.push(lowering.rename(subject(new), &from.sequence, "The sequence takes its old name."));
    }
    // ALTER COLUMN does not say the type of the sequence itself, which LIKE makes another one than the column's.
    let retyped = from.options.data_type != to.options.data_type
        && !lowering
            .altered(id)
            .is_some_and(|attributes| attributes.contains(&Attribute::DataType));
    if retyped {
        let statement = |options: (&SequenceOptions, &SequenceOptions)| {
            let action = Action::AlterSequence {
                sequence: own_sequence(id, to),
                forms: forms(options.0, options.1),
            };
            lowering.statement(action, "How the identity gives its numbers.")
        };
        up.push(statement((&from.options, &to.options)));
        down.insert(0, statement((&to.options, &from.options)));
    }
    let form = |generation: Option<IdentityGeneration>, options: (&SequenceOptions, &SequenceOptions)| {
        let options = if retyped {
            Vec::new()
        } else {
            forms(options.0, options.1)
        };
        (generation.is_some() || !options.is_empty()).then(|| {
            lowering.alter_table(
                &relation,
                TableForm::SetIdentity {
                    id: id.clone(),
                    generation,
                    options,
                },
                "How the identity gives its numbers.",
            )
        })
    };
    let differs = from.generation != to.generation;
    up.extend(form(differs.then_some(to.generation), (&from.options, &to.options)));
    down.splice(
        0..0,
        form(differs.then_some(from.generation), (&to.options, &from.options)),
    );
    if from.persistence != to.persistence {
        let statement = |persistence: Persistence| {
            lowering.statement(
                Action::AlterSequence {
                    sequence: own_sequence(id, to),
                    forms: vec![SequenceForm::Persistence(persistence)],
                },
                "Whether the sequence is logged.",
            )
        };
        up.push(statement(to.persistence));
        down.insert(0, statement(from.persistence));
    }
    if from.privileges != to.privileges {
        return Err(lowering.no_pattern(id, "a change of the privileges on the identity's sequence"));
    }
    let why = "the catalog alone changes";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("the identity of {} changes", describe(id)),
            why,
            vec![rung(State::Public, Phase::Expand, up, down)],
        ),
    )
}

/// The switch stands in a file of its own behind the proof that the column is not null.
fn last(up: Vec<Statement>, down: Vec<Statement>) -> Rung {
    let mut step = rung(State::Public, Phase::Enforce, up, down);
    step.company = Company::NextFile;
    step
}

/// A new primary key makes the column NOT NULL, which an identity demands: it comes first.
fn after_primary_key(lowering: &Lowering<'_>, id: &ObjectId, statements: &mut [Statement]) {
    if not_null::by_primary_key(lowering, SideOf::To, id)
        && let Some((key, _)) = facts::primary_key(lowering.pair.to, &facts::relation(id))
    {
        for statement in statements {
            statement.requires.push(key.clone());
        }
    }
}

fn own_sequence(column: &ObjectId, identity: &Identity) -> ObjectId {
    match column.qualified_name() {
        Some(table) => ObjectId::Relation(table.with_name(identity.sequence.clone())),
        None => column.clone(),
    }
}

fn scaffold(lowering: &Lowering<'_>, column: &ObjectId, sequence: &Ident) -> ObjectId {
    let Some(table) = column.qualified_name() else {
        return column.clone();
    };
    let identity = |name: Ident| ObjectId::Relation(table.with_name(name));
    identity(lowering.scaffold_name(sequence.as_str(), "old", identity))
}

fn generated(lowering: &Lowering<'_>, id: &ObjectId, identity: &Identity) -> Statement {
    lowering.alter_table(
        &facts::relation(id),
        TableForm::AddIdentity(id.clone(), identity.clone()),
        format!("{} numbers its rows by itself.", describe(id)),
    )
}

fn dropped(lowering: &Lowering<'_>, id: &ObjectId) -> Statement {
    lowering.alter_table(
        &facts::relation(id),
        TableForm::DropIdentity(id.clone(), Guard::None),
        format!("{} is a plain column.", describe(id)),
    )
}

fn position(lowering: &Lowering<'_>, sequence: &ObjectId, position: SequencePosition) -> Statement {
    lowering.statement(
        Action::SetSequenceValue {
            sequence: sequence.clone(),
            position,
        },
        "The numbers go on where they end.",
    )
}

fn drop_sequence(lowering: &Lowering<'_>, sequence: &ObjectId) -> Statement {
    let action = Action::Drop {
        subject: Subject {
            id: sequence.clone(),
            kind: Kind::Sequence,
        },
        concurrency: Concurrency::Blocking,
        guard: Guard::None,
    };
    lowering.statement(action, "It has done its work.")
}

/// `nextval('sequence'::regclass)`.
fn next_value(sequence: &ObjectId) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_str("nextval(");
    builder.push_reference(sequence.clone(), Form::Literal);
    builder.push_str("::regclass)");
    builder.finish()
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn an_identity_goes_on_where_the_serial_ends() {
        let found = ups(
            "CREATE TABLE t (id serial);",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ALTER COLUMN id DROP DEFAULT
            expand: ALTER SEQUENCE public.t_id_seq RENAME TO t_id_seq_underpin_old
            expand: ALTER TABLE public.t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY
            expand: SELECT pg_catalog.setval('public.t_id_seq', last_value, is_called) FROM public.t_id_seq_underpin_old
            expand: DROP SEQUENCE public.t_id_seq_underpin_old
        "#]]
        .assert_eq(&found);
    }
}
