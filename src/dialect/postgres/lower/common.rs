//! What every kind of object can have: comment and security labels; owner and privileges stand in `access`.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | COMMENT ON | SHARE UPDATE EXCLUSIVE on a relation, for a moment | expand | COMMENT ON with the old text |
//! | Public | SECURITY LABEL | the same | expand | SECURITY LABEL with the old label |

use super::build::rung;
use super::lowering::Lowering;
use super::refuse::unsupported;
use super::{Lowered, access, built, facts};
use crate::catalog::hashing::IndexSet;
use crate::catalog::{Entry, Hidden, Ident, ObjectId};
use crate::dialect::postgres::action::{Action, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::read::extension_facts::own_comment;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, State, Statement};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The ladders of one attribute that every kind has.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attribute: Attribute) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    if attribute == Attribute::Comment {
        return comment(lowering, id, from, to);
    }
    if attribute == Attribute::HiddenComments {
        return hidden_comments(lowering, id, Some(from), to);
    }
    if attribute == Attribute::SecurityLabels {
        return security_labels(lowering, id, from, to);
    }
    if attribute == Attribute::Owner || attribute == Attribute::Privileges {
        return access::alter(lowering, id, attribute);
    }
    if attribute == Attribute::ExtensionMembership {
        return Err(unsupported(
            lowering,
            id,
            format!("{} joins or leaves an extension", describe(id)),
            "Run ALTER EXTENSION … ADD or DROP by hand, and let both schemas say the same.",
        ));
    }
    Ok(Vec::new())
}

fn comment(lowering: &Lowering<'_>, id: &ObjectId, from: &Entry, to: &Entry) -> Lowered<Vec<Ladder>> {
    let statement = |entry: &Entry| -> Statement {
        let action = Action::Comment {
            subject: Subject::of(id, to),
            comment: entry.comment.clone().or_else(|| initial_comment(id)),
        };
        lowering.statement(action, format!("A comment on {}.", describe(id)))
    };
    let rungs = vec![rung(
        State::Public,
        Phase::Expand,
        vec![statement(to)],
        vec![statement(from)],
    )];
    let title = format!("the comment on {} changes", describe(id));
    built(
        id,
        Ladder::new(id.clone(), title, "a comment changes nothing but itself", rungs),
    )
}

/// The comment that an extension has by itself, which stands for none.
fn initial_comment(id: &ObjectId) -> Option<Arc<str>> {
    match id {
        ObjectId::Extension(name) => own_comment(name.as_str()).map(Arc::from),
        _ => None,
    }
}

/// The ladder of the comments on what has no entry of its own. A column's may wait for what they speak of, so they are
/// a ladder of their own for a new column too.
pub(super) fn hidden_comments(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    from: Option<&Entry>,
    to: &Entry,
) -> Lowered<Vec<Ladder>> {
    let parts: BTreeSet<Hidden> = from
        .into_iter()
        .chain([to])
        .flat_map(|entry| entry.hidden_comments.keys().copied())
        .collect();
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for part in parts {
        let of = |entry: &Entry| entry.hidden_comments.get(&part).cloned();
        let (old, new) = (from.and_then(of), of(to));
        if old == new {
            continue;
        }
        // What goes takes its comment with it; whoever brings it back brings the comment.
        let Some(subject) = Subject::hidden(id, &to.object, part) else {
            continue;
        };
        let statement = |comment: Option<Arc<str>>| {
            let said = format!("A comment on {}.", describe(&subject.id));
            let subject = subject.clone();
            lowering.statement(Action::Comment { subject, comment }, said)
        };
        let mut forward = statement(new);
        // A primary key makes its columns NOT NULL, and the name of their constraints is not said.
        if let (Hidden::NotNull, ObjectId::Column(..)) = (part, id)
            && let Some((key, _)) = facts::primary_key(lowering.pair.to, &facts::relation(id))
        {
            forward.requires.push(key.clone());
        }
        up.push(forward);
        down.push(statement(old));
    }
    let title = format!("a comment on what belongs to {} changes", describe(id));
    built(
        id,
        Ladder::new(
            id.clone(),
            title,
            "a comment changes nothing but itself",
            match up.is_empty() {
                true => Vec::new(),
                false => vec![rung(State::Public, Phase::Expand, up, down)],
            },
        ),
    )
}

/// The comments that what belongs to an object had before, for the way back of what is dropped.
pub(super) fn hidden_comments_made(lowering: &Lowering<'_>, id: &ObjectId, parts: &[Hidden]) -> Vec<Statement> {
    let Some(entry) = lowering.from(id) else {
        return Vec::new();
    };
    let of = |part: &Hidden| {
        let comment = Some(entry.hidden_comments.get(part)?.clone());
        let subject = Subject::hidden(id, &entry.object, *part)?;
        let said = format!("A comment on {}.", describe(&subject.id));
        Some(lowering.statement(Action::Comment { subject, comment }, said))
    };
    parts.iter().filter_map(of).collect()
}

fn security_labels(lowering: &Lowering<'_>, id: &ObjectId, from: &Entry, to: &Entry) -> Lowered<Vec<Ladder>> {
    let providers: IndexSet<&Ident> = from.security_labels.keys().chain(to.security_labels.keys()).collect();
    let changed = providers
        .into_iter()
        .filter(|provider| from.security_labels.get(*provider) != to.security_labels.get(*provider));
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for provider in changed {
        for (entry, statements) in [(to, &mut up), (from, &mut down)] {
            let action = Action::SecurityLabel {
                subject: Subject::of(id, to),
                provider: provider.clone(),
                label: entry.security_labels.get(provider).cloned(),
            };
            statements.push(lowering.statement(action, format!("A label of {provider} on {}.", describe(id))));
        }
    }
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("the security labels of {} change", describe(id));
    built(
        id,
        Ladder::new(
            id.clone(),
            title,
            "a label is set or taken away in one short statement",
            rungs,
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::ups;
    use expect_test::expect;

    #[test]
    fn comments_come_change_and_go() {
        let from =
            "CREATE TYPE c AS (a int); COMMENT ON TYPE c IS 'old'; CREATE SCHEMA s; COMMENT ON SCHEMA s IS 'gone';";
        let to = "CREATE TYPE c AS (a int); COMMENT ON TYPE c IS 'new'; CREATE SCHEMA s; CREATE DOMAIN d AS text;
            COMMENT ON DOMAIN d IS 'comes with it';";
        expect![[r#"
            expand: COMMENT ON TYPE public.c IS 'new'
            expand: COMMENT ON SCHEMA s IS NULL
            expand: CREATE DOMAIN public.d AS text
            expand: COMMENT ON DOMAIN public.d IS 'comes with it'
        "#]]
        .assert_eq(&ups(from, to));
    }
}
