//! Objects that are kept by their definition, and extensions, that stay: what one ALTER can change.
//!
//! | change | statement | phase | undone by |
//! |---|---|---|---|
//! | a clause | ALTER kind … clause by clause | expand | ALTER with the old clause |
//! | an extension's schema | ALTER EXTENSION … SET SCHEMA | expand | SET SCHEMA back |
//! | an extension's version | ALTER EXTENSION … UPDATE TO | expand | DROP EXTENSION, CREATE EXTENSION … VERSION, where nothing uses it |
//!
//! What no ALTER changes is made anew by `replace`, which asks [`needs_replacement`]. A subscription is not: with it
//! the place up to which changes were received would be lost.

use super::build::rung;
use super::lowering::Lowering;
use super::refuse::unsupported;
use super::{Lowered, access, built, make};
use crate::catalog::definition::{Clause, ClauseName, Definition, Extension};
use crate::catalog::{DefinitionKind, Entry, Object, ObjectId, Refers, Template};
use crate::dialect::postgres::action::{Action, ExtensionForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::read::extension_facts::{is_built_in_operator_class, stays_in_its_schema};
use crate::dialect::postgres::write::objects::definition;
use crate::diff::Attribute;
use crate::pair::{Pair, keys};
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State};
use std::sync::Arc;

/// The ladders of a definition, an extension or default privileges that differ.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    match (&from.object, &to.object) {
        (Object::Definition(from), Object::Definition(to)) => clauses(lowering, id, Pair { from, to }, attributes),
        (Object::Extension(from), Object::Extension(to)) => extension(lowering, id, Pair { from, to }, attributes),
        (Object::DefaultPrivileges(_), Object::DefaultPrivileges(_)) => access::default_privileges(lowering, id),
        _ => Ok(Vec::new()),
    }
}

/// Whether a definition differs in something that no ALTER changes, in either direction.
pub(super) fn needs_replacement(id: &ObjectId, from: &Definition, to: &Definition, version: u16) -> bool {
    if from.body != to.body {
        return true;
    }
    let ObjectId::Definition(definition) = id else {
        return from.clauses != to.clauses;
    };
    differing(id, Pair { from, to }, None, version).iter().any(|pair| {
        let pair = pair.as_ref().map(Option::as_ref);
        let every_table = |clause: Option<&Clause>| clause.is_some_and(is_for_all_tables);
        every_table(pair.from)
            || every_table(pair.to)
            // A publication's tables can be changed, but not all be taken out.
            || is_tables(pair.from) != is_tables(pair.to)
            || definition::alter(definition, pair.from, pair.to).is_none()
            || definition::alter(definition, pair.to, pair.from).is_none()
    })
}

/// Whether a definition can be dropped and made anew without losing more than itself.
///
/// # Errors
/// A subscription: its replication slot goes with it.
pub(super) fn may_be_replaced(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    match id {
        ObjectId::Definition(definition) if definition.kind == DefinitionKind::Subscription => Err(unsupported(
            lowering,
            id,
            format!("{} cannot be changed in this way", describe(id)),
            "Dropping a subscription drops its replication slot and with it what has not been received yet. \
             Make a subscription of another name beside it, and drop the old one when it is no longer needed.",
        )),
        _ => Ok(()),
    }
}

fn clauses(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    pair: Pair<&Definition>,
    attributes: &[Attribute],
) -> Lowered<Vec<Ladder>> {
    let comment = format!("{} changes in place.", describe(id));
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for clause in differing(id, pair, Some(attributes), lowering.options.version) {
        for (pair, statements) in [(clause.clone(), &mut up), (clause.reverse(), &mut down)] {
            let action = Action::AlterDefinition {
                id: id.clone(),
                from: pair.from,
                to: pair.to,
            };
            statements.push(lowering.statement(action, comment.clone()));
        }
    }
    down.reverse();
    let title = format!("{} changes", describe(id));
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    built(
        id,
        Ladder::new(id.clone(), title, "ALTER changes it where it stands", rungs),
    )
}

/// The clauses that differ, each with what it was and what it becomes; of the given attributes only, where they are
/// given. A parameter that goes back to its default is set to it, since no RESET is known for it.
fn differing(
    id: &ObjectId,
    pair: Pair<&Definition>,
    attributes: Option<&[Attribute]>,
    version: u16,
) -> Vec<Pair<Option<Clause>>> {
    fn key(clause: &Clause) -> (ClauseName, Option<Arc<str>>) {
        (clause.name, clause.key.clone())
    }
    let named = pair.map(|definition| definition.clauses.iter().map(key).collect::<Vec<_>>());
    keys(named.from.iter(), named.to.iter())
        .into_iter()
        .filter(|(name, _)| attributes.is_none_or(|attributes| attributes.contains(&Attribute::Clause(*name))))
        .map(|wanted| {
            pair.map(|definition| {
                let clause = definition.clauses.iter().find(|clause| &key(clause) == wanted);
                clause.cloned().or_else(|| at_default(id, wanted, version))
            })
        })
        .filter(|pair| !pair.is_same())
        .collect()
}

/// A parameter of a publication or subscription at its default (manual, CREATE PUBLICATION, CREATE SUBSCRIPTION).
fn at_default(id: &ObjectId, (name, key): &(ClauseName, Option<Arc<str>>), version: u16) -> Option<Clause> {
    let ObjectId::Definition(definition) = id else {
        return None;
    };
    let value = match (definition.kind, name, key.as_deref()?) {
        (DefinitionKind::Publication, ClauseName::Parameter, "publish") => "'insert, update, delete, truncate'",
        (DefinitionKind::Publication, ClauseName::Parameter, "publish_via_partition_root") => "'false'",
        (DefinitionKind::Publication, ClauseName::Parameter, "publish_generated_columns") => "'none'",
        (DefinitionKind::Subscription, ClauseName::Parameter, parameter) => match parameter {
            "streaming" if version >= 18 => "'parallel'",
            "binary" | "streaming" | "two_phase" | "disable_on_error" | "run_as_owner" | "failover" => "'false'",
            "synchronous_commit" => "'off'",
            "password_required" => "'true'",
            "origin" => "'any'",
            _ => return None,
        },
        _ => return None,
    };
    Some(Clause {
        name: *name,
        key: key.clone(),
        value: Template::text(value),
    })
}

fn is_tables(clause: Option<&Clause>) -> bool {
    clause.is_some_and(|clause| clause.name == ClauseName::Tables)
}

/// FOR ALL TABLES is said once and for ever.
fn is_for_all_tables(clause: &Clause) -> bool {
    clause.name == ClauseName::Tables && clause.value.as_text().is_some()
}

fn extension(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    pair: Pair<&Extension>,
    attributes: &[Attribute],
) -> Lowered<Vec<Ladder>> {
    let ObjectId::Extension(name) = id else {
        return Ok(Vec::new());
    };
    let statement = |form, comment: &str| {
        let extension = name.clone();
        vec![lowering.statement(Action::AlterExtension { extension, form }, comment)]
    };
    if attributes.contains(&Attribute::MemberPrivileges) {
        return Err(unsupported(
            lowering,
            id,
            format!(
                "what default privileges gave to the members of {} cannot change",
                describe(id)
            ),
            "They hold where ALTER DEFAULT PRIVILEGES stands before CREATE EXTENSION, and which members there are a schema \
             does not say. Leave the two in the order of the old schema, and write GRANT and REVOKE for the members that are \
             meant.",
        ));
    }
    let mut rungs = Vec::new();
    if attributes.contains(&Attribute::ExtensionSchema) {
        if stays_in_its_schema(name.as_str()) {
            return Err(unsupported(
                lowering,
                id,
                format!("{} cannot be moved into another schema", describe(id)),
                "Its control file does not say that it is relocatable. Leave it where it is, or drop it and create it \
                 anew by hand: what uses it would go with it.",
            ));
        }
        let moved = |extension: &Extension| match &extension.schema {
            Some(ObjectId::Schema(schema)) => Some(statement(
                ExtensionForm::SetSchema(schema.clone()),
                "All that the extension made moves.",
            )),
            _ => None,
        };
        let (Some(up), Some(down)) = (moved(pair.to), moved(pair.from)) else {
            return Err(unsupported(
                lowering,
                id,
                format!("the schema that {} is in is not known", describe(id)),
                "Name it in the old schema: CREATE EXTENSION … SCHEMA ….",
            ));
        };
        rungs.push(rung(State::Present, Phase::Expand, up, down));
    }
    if attributes.contains(&Attribute::Version) {
        let update = |extension: &Extension| {
            let form = ExtensionForm::Update(extension.version.clone());
            statement(form, "The extension's own scripts lead from version to version.")
        };
        let (down, reversal) = match back(lowering, id, pair.from)? {
            Ok(down) => (down, Reversal::Exact),
            Err(why) => (lowering.no_way_back(&why), Reversal::Irreversible(why)),
        };
        rungs.push(Rung {
            state: State::Public,
            phase: Phase::Expand,
            up: update(pair.to),
            down,
            verify: Vec::new(),
            reversal,
            company: Company::Catalog,
        });
    }
    let title = format!("{} changes", describe(id));
    let why = "an extension is never dropped to change it: what uses it would go with it";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The way back of an update, or why there is none. The scripts of an extension lead up and hardly ever down, so it is
/// dropped and created in its old version; the server refuses to drop what is in use, which nothing here can be.
fn back(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    from: &Extension,
) -> Lowered<Result<Vec<crate::plan::Statement>, String>> {
    if from.version.is_none() {
        return Ok(Err(format!("the version that {} had is not known", describe(id))));
    }
    if let Some(user) = may_use_extensions(lowering) {
        return Ok(Err(format!(
            "no script is known to lead {} back to its old version, and it cannot be dropped and created anew while {} \
             may use it",
            describe(id),
            describe(user)
        )));
    }
    let mut down = make::undo(lowering, lowering.pair.to, id);
    down.extend(make::statements(lowering, lowering.pair.from, id)?);
    for statement in &mut down {
        statement.comment = format!(
            "{} No script leads back to the old version; what uses the extension makes the server refuse this.",
            statement.comment
        );
    }
    Ok(Ok(down))
}

/// An object of the schema that is or that will be which may use an extension: a type or an operator class that is no
/// object of the schema and not PostgreSQL's own, or a member with privileges or a comment of its own.
fn may_use_extensions<'a>(lowering: &Lowering<'a>) -> Option<&'a ObjectId> {
    let Pair { from, to } = lowering.pair;
    [from, to].into_iter().find_map(|catalog| {
        let uses = |entry: &Entry| {
            let mut foreign = entry.extension.is_some();
            entry.object.references(&mut |reference| {
                foreign |= matches!(
                    reference,
                    ObjectId::Type(name) if name.schema.as_str() != "pg_catalog" && catalog.type_provider(name).is_none()
                );
            });
            if let Object::Index(index) = &entry.object {
                let mut classes = index.keys.iter().filter_map(|key| key.operator_class.as_ref());
                foreign |= classes.any(|class| !class.as_text().is_some_and(is_built_in_operator_class));
            }
            foreign
        };
        catalog.iter().find(|(_, entry)| uses(entry)).map(|(id, _)| id)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, downs_allowing, said, ups};
    use expect_test::expect;

    #[test]
    fn clauses_are_altered_and_bodies_are_made_anew() {
        let from = "CREATE TABLE t (); CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');
            CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = english);
            CREATE STATISTICS s ON a, b FROM x;";
        let from = from.replace(
            "CREATE STATISTICS",
            "CREATE TABLE x (a int, b int, c int); CREATE STATISTICS",
        );
        let to = "CREATE TABLE t (); CREATE PUBLICATION p FOR TABLE t;
            CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);
            CREATE TABLE x (a int, b int, c int); CREATE STATISTICS s ON a, c FROM x;";
        expect![[r#"
            expand: ALTER PUBLICATION p SET (publish = 'insert, update, delete, truncate')
            expand: ALTER TEXT SEARCH DICTIONARY public.d (stopwords)
            expand: DROP STATISTICS public.s
            expand: CREATE STATISTICS public.s ON a, c FROM public.x
        "#]]
        .assert_eq(&ups(&from, to));
    }

    #[test]
    fn the_order_of_parameters_is_kept_and_is_no_difference() {
        let one = "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = synonym, synonyms = 'a', casesensitive = 'off');";
        let other = "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = synonym, casesensitive = 'off', synonyms = 'a');";
        assert_eq!(ups(one, other), "");
        expect![[r#"
            expand: CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = synonym, synonyms = 'a', casesensitive = 'off')
        "#]]
        .assert_eq(&ups("", one));
    }

    #[test]
    fn a_subscription_gets_its_publications_without_asking_the_other_server() {
        let of = |publications: &str, parameters: &str| {
            format!(
                "CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION {publications} WITH (connect = false{parameters});"
            )
        };
        expect![[r#"
            expand: ALTER SUBSCRIPTION s SET PUBLICATION p, q WITH (refresh = false)
            expand: ALTER SUBSCRIPTION s SET (streaming = 'parallel')
        "#]]
        .assert_eq(&ups(
            &of("p", ", streaming = off"),
            &of("p, q", ", streaming = parallel"),
        ));
    }

    #[test]
    fn a_publication_cannot_stop_being_for_all_tables() {
        let from = "CREATE TABLE t (); CREATE PUBLICATION p FOR ALL TABLES;";
        let to = "CREATE TABLE t (); CREATE PUBLICATION p FOR TABLE t;";
        expect![[r#"
            expand: DROP PUBLICATION p
            expand: CREATE PUBLICATION p FOR TABLE ONLY public.t
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            expand: DROP PUBLICATION p
            expand: CREATE PUBLICATION p FOR ALL TABLES
        "#]]
        .assert_eq(&downs(from, to));
    }

    #[test]
    fn an_extension_that_is_not_relocatable_is_not_moved() {
        let schemas = "CREATE SCHEMA a; CREATE SCHEMA b;";
        let of = |schema: &str, name: &str| format!("{schemas} CREATE EXTENSION {name} SCHEMA {schema};");
        expect![[r#"
            unsupported-clause: extension xml2 cannot be moved into another schema
        "#]]
        .assert_eq(&said(&of("a", "xml2"), &of("b", "xml2")));
        expect![[r#"
            expand: ALTER EXTENSION pgcrypto SET SCHEMA b
        "#]]
        .assert_eq(&ups(&of("a", "pgcrypto"), &of("b", "pgcrypto")));
    }

    #[test]
    fn an_update_leads_back_by_drop_and_create_where_nothing_uses_the_extension() {
        let of = |version: &str, text: &str| format!("CREATE EXTENSION citext VERSION '{version}'; {text}");
        expect![[r#"
            expand: DROP EXTENSION citext
            expand: CREATE EXTENSION citext SCHEMA public VERSION '1.5'
        "#]]
        .assert_eq(&downs(&of("1.5", ""), &of("1.6", "")));
        let table = "CREATE TABLE t (a citext);";
        expect![[r#"
            expand: DO $$ BEGIN RAISE EXCEPTION 'no script is known to lead extension citext back to its old version, and it cannot be dropped and created anew while column a of public.t may use it'; END $$
        "#]].assert_eq(&downs_allowing(&of("1.5", table), &of("1.6", table), &["irreversible"]));
    }

    #[test]
    fn a_subscription_is_never_made_anew() {
        let from = "CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'x');";
        let to = "CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false);";
        expect![[r#"
            unsupported-clause: subscription s cannot be changed in this way
        "#]]
        .assert_eq(&said(from, to));
    }
}
