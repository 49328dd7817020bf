//! Composite types: attributes that come, go or change their type.
//!
//! | change | statement | phase | undone by |
//! |---|---|---|---|
//! | a new last attribute | ALTER TYPE … ADD ATTRIBUTE | expand | DROP ATTRIBUTE |
//! | an attribute's type | ALTER TYPE … ALTER ATTRIBUTE, refused by the server when a table's column uses the type | expand | the old type |
//! | an attribute goes | ALTER TYPE … DROP ATTRIBUTE | contract | ADD ATTRIBUTE, where it was the last |
//! | an attribute's comment | COMMENT ON COLUMN type.attribute | expand | the old comment |
//!
//! The order of the attributes is a part of the type's meaning, since ROW (…) goes by it, and ALTER TYPE can add at the
//! end only. Any other order makes the type anew where no table holds values of it, and is refused where one does.

use super::holders;
use crate::catalog::ObjectId;
use crate::catalog::types::Attribute;
use crate::dialect::postgres::action::{Action, AttributeForm, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, refuse};
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State, Statement};

/// The ladder of a composite type that differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Vec<Attribute>>) -> Lowered<Vec<Ladder>> {
    let holders = holders(lowering.pair.from, id);
    if let Some(column) = holders.first() {
        refuse_unreachable(lowering, id, pair, column)?;
    }
    let mut rungs = Vec::new();
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for old in pair.from {
        let Some(new) = find(pair.to, old) else { continue };
        if differs(old, new) {
            up.push(form(lowering, id, AttributeForm::Alter(new.clone())));
            down.push(form(lowering, id, AttributeForm::Alter(old.clone())));
        }
        if old.comment != new.comment {
            up.push(comment(lowering, id, new));
            down.push(comment(lowering, id, old));
        }
    }
    for new in pair.to.iter().filter(|new| find(pair.from, new).is_none()) {
        up.push(form(lowering, id, AttributeForm::Add(new.clone())));
        down.push(form(lowering, id, AttributeForm::Drop(new.name.clone())));
        if new.comment.is_some() {
            up.push(comment(lowering, id, new));
        }
    }
    down.reverse();
    if !up.is_empty() {
        rungs.push(rung(State::Present, Phase::Expand, up, down));
    }
    let held = if holders.is_empty() {
        Held::Nowhere
    } else {
        Held::InRows
    };
    rungs.extend(dropped(lowering, id, pair, held));
    let title = format!("{} changes", describe(id));
    let why = "attributes come first and go last, so that both applications find those they know";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// Whether ALTER TYPE leads from one list of attributes to the other: those that stay keep their order, new ones come
/// at the end.
pub(super) fn can_be_altered(pair: Pair<&Vec<Attribute>>) -> bool {
    let kept: Vec<&Attribute> = pair.from.iter().filter(|old| find(pair.to, old).is_some()).collect();
    pair.to.len() >= kept.len() && kept.iter().zip(pair.to).all(|(old, new)| old.name == new.name)
}

/// The rung that takes attributes away. One that was not the last cannot come back to its place.
fn dropped(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Vec<Attribute>>, held: Held) -> Option<Rung> {
    let gone: Vec<&Attribute> = pair.from.iter().filter(|old| find(pair.to, old).is_none()).collect();
    let first = gone.first()?;
    let up = gone
        .iter()
        .map(|old| form(lowering, id, AttributeForm::Drop(old.name.clone())))
        .collect();
    let stays_behind = pair
        .from
        .iter()
        .skip_while(|old| old.name != first.name)
        .any(|old| find(pair.to, old).is_some())
        || pair.to.iter().any(|new| find(pair.from, new).is_none());
    let names: Vec<&str> = gone.iter().map(|old| old.name.as_str()).collect();
    let (down, reversal) = if stays_behind {
        let why = format!(
            "attributes are added at the end of a type, and {} of {} stood before others",
            names.join(", "),
            describe(id)
        );
        (lowering.no_way_back(&why), Reversal::Irreversible(why))
    } else {
        let mut down = Vec::new();
        for old in &gone {
            down.push(form(lowering, id, AttributeForm::Add((*old).clone())));
            if old.comment.is_some() {
                down.push(comment(lowering, id, old));
            }
        }
        let reversal = match held {
            Held::InRows => Reversal::LosesData(format!("the values of {} of {}", names.join(", "), describe(id))),
            Held::Nowhere => Reversal::Exact,
        };
        (down, reversal)
    };
    Some(Rung {
        state: State::Absent,
        phase: Phase::Contract,
        up,
        down,
        verify: Vec::new(),
        reversal,
        company: Company::Catalog,
    })
}

/// Refuses what ALTER TYPE cannot do while a table holds values of the type.
fn refuse_unreachable(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    pair: Pair<&Vec<Attribute>>,
    column: &ObjectId,
) -> Lowered<()> {
    let hint = "Make a type of another name beside it, give the column that type, and drop the old one.";
    if !can_be_altered(pair) {
        let message = format!(
            "the attributes of {} cannot be put into this order while {} uses it",
            describe(id),
            describe(column)
        );
        return Err(refuse::unsupported(
            lowering,
            id,
            message,
            "Put new attributes behind all others.",
        ));
    }
    let changed = pair
        .from
        .iter()
        .find(|old| find(pair.to, old).is_some_and(|new| differs(old, new)));
    if let Some(attribute) = changed {
        let message = format!(
            "attribute {} of {} cannot change its type while {} uses it",
            attribute.name,
            describe(id),
            describe(column)
        );
        return Err(refuse::unsupported(lowering, id, message, hint));
    }
    Ok(())
}

/// Whether rows hold values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// Some may.
    InRows,
    /// None can.
    Nowhere,
}

fn find<'a>(attributes: &'a [Attribute], wanted: &Attribute) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name == wanted.name)
}

fn differs(old: &Attribute, new: &Attribute) -> bool {
    old.data_type != new.data_type || old.collation != new.collation
}

fn form(lowering: &Lowering<'_>, id: &ObjectId, form: AttributeForm) -> Statement {
    let what = match &form {
        AttributeForm::Add(attribute) => {
            format!("Attribute {} comes; it is null in the rows there are.", attribute.name)
        }
        AttributeForm::Drop(name) => format!("Attribute {name} goes."),
        AttributeForm::Alter(attribute) => format!(
            "Attribute {} changes; no table holds values of the type.",
            attribute.name
        ),
    };
    let action = Action::AlterComposite {
        composite: id.clone(),
        forms: vec![form],
    };
    lowering.statement(action, what)
}

fn comment(lowering: &Lowering<'_>, id: &ObjectId, attribute: &Attribute) -> Statement {
    let column = match id {
        ObjectId::Type(name) => ObjectId::Column(name.clone(), attribute.name.clone()),
        other => other.clone(),
    };
    let action = Action::Comment {
        subject: Subject::column(&column),
        comment: attribute.comment.clone(),
    };
    let mut statement = lowering.statement(action, format!("A comment on attribute {}.", attribute.name));
    // An attribute is no object by itself.
    statement.requires.retain(|required| required != &column);
    statement
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs_allowing, said, ups, ups_allowing};
    use expect_test::expect;

    #[test]
    fn attributes_come_first_and_go_last() {
        let from = "CREATE TYPE c AS (a int, b int); CREATE TABLE t (x c);";
        let to = "CREATE TYPE c AS (a int, d text); COMMENT ON COLUMN c.d IS 'new'; CREATE TABLE t (x c);";
        expect![[r#"
            expand: ALTER TYPE public.c ADD ATTRIBUTE d text
            expand: COMMENT ON COLUMN public.c.d IS 'new'
            contract: ALTER TYPE public.c DROP ATTRIBUTE b
        "#]]
        .assert_eq(&ups_allowing(from, to, &["irreversible"]));
        expect![[r#"
            contract: DO $$ BEGIN RAISE EXCEPTION 'attributes are added at the end of a type, and b of type public.c stood before others'; END $$
            expand: ALTER TYPE public.c DROP ATTRIBUTE d
        "#]].assert_eq(&downs_allowing(from, to, &["irreversible"]));
        expect![[r#"
            irreversible: there is no way back: type public.c changes
        "#]]
        .assert_eq(&said(from, to));
    }

    #[test]
    fn another_order_is_refused_while_a_table_holds_values() {
        let from = "CREATE TYPE c AS (a int, b int); CREATE TABLE t (x c);";
        let to = "CREATE TYPE c AS (b int, a int); CREATE TABLE t (x c);";
        expect![[r#"
            unsupported-clause: the attributes of type public.c cannot be put into this order while column x of public.t uses it
        "#]].assert_eq(&said(from, to));
    }

    #[test]
    fn a_type_that_no_table_holds_is_made_anew() {
        let from = "CREATE TYPE c AS (a int, b int); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1';";
        let to = "CREATE TYPE c AS (b int, a int); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1';";
        expect![[r#"
            expand: DROP FUNCTION public.f(public.c)
            expand: DROP TYPE public.c
            expand: CREATE TYPE public.c AS ( b integer, a integer )
            expand: CREATE FUNCTION public.f(public.c) RETURNS integer LANGUAGE sql AS $$SELECT 1$$
        "#]]
        .assert_eq(&ups(from, to));
    }
}
