//! What every kind of object can have: comment and security labels; owner and privileges stand in `access`.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | COMMENT ON | SHARE UPDATE EXCLUSIVE on a relation, for a moment | expand | COMMENT ON with the old text |
//! | Public | SECURITY LABEL | the same | expand | SECURITY LABEL with the old label |
//! | Public | ALTER … [NO] DEPENDS ON EXTENSION | ACCESS EXCLUSIVE on a relation, for a moment | expand | the contrary |

use super::build::rung;
use super::lowering::Lowering;
use super::refuse::unsupported;
use super::{Lowered, access, built, facts};
use crate::catalog::hashing::IndexSet;
use crate::catalog::{Entry, Hidden, Ident, ObjectId};
use crate::dialect::postgres::action::{Action, Dependence, Subject, complete};
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
    if attribute == Attribute::ExtensionDependence {
        return extension_dependence(lowering, id, from, to);
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

fn extension_dependence(lowering: &Lowering<'_>, id: &ObjectId, from: &Entry, to: &Entry) -> Lowered<Vec<Ladder>> {
    // Whoever replaces it in place says it all again.
    let is_replaced = |attribute: &Attribute| match attribute {
        Attribute::RoutineBody | Attribute::RoutineInterface => matches!(id, ObjectId::Routine(..)),
        Attribute::Definition => matches!(id, ObjectId::Trigger(..)),
        _ => false,
    };
    if lowering
        .altered(id)
        .is_some_and(|attributes| attributes.iter().any(is_replaced))
    {
        return Ok(Vec::new());
    }
    let extensions: IndexSet<&Ident> = from.depends_on.iter().chain(&to.depends_on).collect();
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for extension in extensions {
        let of = |entry: &Entry| match entry.depends_on.contains(extension) {
            true => Dependence::Depends,
            false => Dependence::Independent,
        };
        let (before, after) = (of(from), of(to));
        if before == after {
            continue;
        }
        for (dependence, statements) in [(after, &mut up), (before, &mut down)] {
            let action = Action::DependOnExtension {
                subject: Subject::of(id, to),
                extension: extension.clone(),
                dependence,
            };
            let comment = complete::comment(&action).unwrap_or_default();
            let mut statement = lowering.statement(action, comment);
            if dependence == Dependence::Independent {
                statement.releases.push(ObjectId::Extension(extension.clone()));
            }
            statements.push(statement);
        }
    }
    let title = format!("{} changes with which extensions it goes", describe(id));
    let why = "only whoever drops the extension sees the difference";
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// What CREATE OR REPLACE forgets: with which extensions the object goes (`deleteDependencyRecordsFor`; measured on 14
/// and 18).
pub(super) fn forgotten_by_replace(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry) -> Vec<Statement> {
    let actions = complete::dependence_on_extensions(id, entry).into_iter();
    actions
        .map(|action| {
            let comment = complete::comment(&action).unwrap_or_default();
            lowering.statement(action, comment)
        })
        .collect()
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
    use super::super::testing::{downs, ups};
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

    #[test]
    fn what_goes_with_an_extension_says_so_again_when_it_is_replaced() {
        let schema = |body: &str, depends: &str| {
            [
                "CREATE EXTENSION citext; CREATE EXTENSION hstore;
                 CREATE FUNCTION f() RETURNS int LANGUAGE sql AS '",
                body,
                "'; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one; ALTER FUNCTION f() DEPENDS ON EXTENSION citext;",
                depends,
            ]
            .concat()
        };
        let from = schema("SELECT 1", "ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION hstore;");
        let to = schema("SELECT 2", "ALTER FUNCTION f() DEPENDS ON EXTENSION hstore;");
        expect![[r#"
            expand: CREATE OR REPLACE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $$SELECT 2$$
            expand: ALTER FUNCTION public.f() DEPENDS ON EXTENSION citext
            expand: ALTER FUNCTION public.f() DEPENDS ON EXTENSION hstore
            expand: ALTER MATERIALIZED VIEW public.m NO DEPENDS ON EXTENSION hstore
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: ALTER MATERIALIZED VIEW public.m DEPENDS ON EXTENSION hstore
            expand: CREATE OR REPLACE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $$SELECT 1$$
            expand: ALTER FUNCTION public.f() DEPENDS ON EXTENSION citext
        "#]]
        .assert_eq(&downs(&from, &to));
    }

    #[test]
    fn an_extension_goes_after_what_no_longer_goes_with_it() {
        let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
        let from = [
            "CREATE EXTENSION citext;",
            function,
            "ALTER FUNCTION f() DEPENDS ON EXTENSION citext;",
        ]
        .concat();
        expect![[r#"
            expand: ALTER FUNCTION public.f() NO DEPENDS ON EXTENSION citext
            contract: DROP EXTENSION citext
        "#]]
        .assert_eq(&ups(&from, function));
        expect![[r#"
            contract: CREATE EXTENSION citext SCHEMA public
            expand: ALTER FUNCTION public.f() DEPENDS ON EXTENSION citext
        "#]]
        .assert_eq(&downs(&from, function));
    }
}
