//! Who owns an object and who may do what with it.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | ALTER … OWNER TO | ACCESS EXCLUSIVE on a relation, catalog only | expand | OWNER TO the old owner |
//! | Public | GRANT | none, ACCESS SHARE from 18 on | expand | REVOKE |
//! | Absent | REVOKE | the same | contract | GRANT |
//!
//! The old application may need until it is gone what is revoked, and the new one needs from the start what is granted:
//! between the two the object has both. When an object changes hands, its old owner's privileges become the new one's
//! (`aclnewowner` in `acl.c`), and what the new owner had been granted before melts into them; the differences are
//! taken from there.
//!
//! Default privileges say what objects to come will have. They change after every object that the plan makes, so that
//! these have what is said of them whatever the defaults become.

use super::build::rung;
use super::lowering::Lowering;
use super::{Lowered, built};
use crate::catalog::{
    Catalog, DefaultPrivilegesId, Entry, Grantee, Ident, Object, ObjectId, Privileges,
};
use crate::dialect::postgres::action::privileges::{changes, default_changes};
use crate::dialect::postgres::action::{Action, Kind, PrivilegeChange, PrivilegeDirection, Subject};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::privileges::PrivilegeKind;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, Rung, State, Statement};
use std::sync::Arc;

/// The ladder of a change of owner, of privileges, or of both at once.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attribute: Attribute) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    let attributes = lowering.altered(id).unwrap_or_default();
    let changes_owner = attributes.contains(&Attribute::Owner);
    // Both at once are one ladder, made when the owner is asked for.
    if attribute == Attribute::Privileges && changes_owner {
        return Ok(Vec::new());
    }
    let mut rungs = Vec::new();
    let mut before = held(lowering, id, from);
    let after = held(lowering, id, to);
    if changes_owner {
        rungs.push(owner(lowering, id, Pair { from, to }, &mut before));
    }
    rungs.extend(privileges(lowering, id, to, &before, &after));
    let (title, why) = if changes_owner {
        (
            format!("{} changes hands", describe(id)),
            "what the old owner was granted besides stays until the last phase",
        )
    } else {
        (
            format!("the privileges on {} change", describe(id)),
            "what is granted comes first and what is revoked goes last, so that both applications may do their work",
        )
    };
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The privileges that a new object of the catalog `made` has right after its CREATE: those that the default privileges
/// of the catalog in force give it, or the built-in ones.
pub(super) fn initial(lowering: &Lowering<'_>, in_force: &Catalog, id: &ObjectId, entry: &Entry) -> Privileges {
    let version = lowering.options.version;
    let Some(kind) = PrivilegeKind::of(id, &entry.object) else {
        return Privileges::default();
    };
    // The schema `public` made anew is a schema like any other.
    let kind = match kind {
        PrivilegeKind::PublicSchema => PrivilegeKind::Schema,
        other => other,
    };
    let built_in = kind.built_in(version);
    let Some(object_kind) = default_kind(kind) else {
        return built_in;
    };
    let find = |schema: Option<&Ident>| -> Option<&Privileges> {
        let id = ObjectId::DefaultPrivileges(Arc::new(DefaultPrivilegesId {
            // The plan's statements are run by the role that is meant when no role is named.
            role: None,
            schema: schema.cloned(),
            object_kind,
        }));
        match in_force.get(&id).map(|entry| &entry.object) {
            Some(Object::DefaultPrivileges(defaults)) => Some(&defaults.privileges),
            _ => None,
        }
    };
    let mut privileges = find(None).cloned().unwrap_or(built_in);
    if let Some(here) = id.schema().and_then(|schema| find(Some(schema))) {
        for (grantee, names) in &here.held {
            for (name, option) in names {
                privileges.grant(grantee.clone(), name, *option);
            }
        }
    }
    privileges
}

/// The ladder of default privileges that come, change or go.
pub(super) fn default_privileges(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let ObjectId::DefaultPrivileges(key) = id else {
        return Ok(Vec::new());
    };
    let version = lowering.options.version;
    let of = |entry: Option<&Entry>| match entry.map(|entry| &entry.object) {
        Some(Object::DefaultPrivileges(defaults)) => Some(defaults.privileges.clone()),
        _ => None,
    };
    let (from, to) = (of(lowering.from(id)), of(lowering.to(id)));
    let statements = |changes: Vec<PrivilegeChange>| -> Vec<Statement> {
        let comment = "What objects made from now on grant by themselves.";
        let change = |change| Action::ChangeDefaultPrivileges {
            id: key.clone(),
            change,
        };
        changes
            .into_iter()
            .map(|given| lowering.statement(change(given), comment))
            .collect()
    };
    let mut up = statements(default_changes(key, from.as_ref(), to.as_ref(), version));
    let down = statements(default_changes(key, to.as_ref(), from.as_ref(), version));
    let all = lowering.pair.to.iter().map(|(made, _)| made);
    let made = all.filter(|made| lowering.is_created(made) || lowering.is_replaced(made));
    let made: Vec<ObjectId> = made
        .filter(|made| !matches!(made, ObjectId::DefaultPrivileges(_)))
        .cloned()
        .collect();
    for statement in &mut up {
        statement.requires.extend(made.iter().cloned());
    }
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("{} change", describe(id));
    let why = "they are for objects to come, so they change after all that this plan makes";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// OWNER TO, and in `before` what the object grants after it. An object that names no owner any more goes to the role
/// that runs the plan.
fn owner(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Entry>, before: &mut Privileges) -> Rung {
    let set = |owner: &Option<Ident>| -> Statement {
        let action = Action::SetOwner {
            subject: Subject::of(id, pair.to),
            owner: owner.clone(),
        };
        let name = owner.as_ref().map_or("the role that runs this", Ident::as_str);
        lowering.statement(action, format!("{} belongs to {name}.", describe(id)))
    };
    let granted = before.clone();
    melt(before, pair.to.owner.as_ref());
    let mut back = before.clone();
    melt(&mut back, pair.from.owner.as_ref());
    let mut down = vec![set(&pair.from.owner)];
    // What melted into the owner's privileges has to be granted again once it is another's.
    down.extend(statements(
        lowering,
        id,
        pair.to,
        pair.from.owner.as_ref(),
        difference(lowering, &back, &granted),
    ));
    rung(State::Present, Phase::Expand, vec![set(&pair.to.owner)], down)
}

/// What leads from one set of privileges to another; with both sides given the kind has no say.
fn difference(lowering: &Lowering<'_>, from: &Privileges, to: &Privileges) -> Vec<PrivilegeChange> {
    changes(Kind::Table, Some(from), Some(to), lowering.options.version)
}

fn melt(privileges: &mut Privileges, owner: Option<&Ident>) {
    let held = owner.and_then(|owner| privileges.held.remove(&Grantee::Role(owner.clone())));
    for (name, option) in held.unwrap_or_default() {
        privileges.grant(Grantee::Owner, name, option);
    }
}

/// The rungs that grant and that revoke; between them the object has what it had and what it will have.
fn privileges(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    entry: &Entry,
    from: &Privileges,
    to: &Privileges,
) -> Vec<Rung> {
    let mut both = from.clone();
    for (grantee, names) in &to.held {
        for (name, option) in names {
            both.grant(grantee.clone(), name, *option);
        }
    }
    let owner = owner_of(lowering, id);
    let mut rungs = Vec::new();
    for (state, phase, before, after) in [
        (State::Public, Phase::Expand, from, &both),
        (State::Absent, Phase::Contract, &both, to),
    ] {
        let up = statements(lowering, id, entry, owner.as_ref(), difference(lowering, before, after));
        let down = statements(lowering, id, entry, owner.as_ref(), difference(lowering, after, before));
        if !up.is_empty() {
            rungs.push(rung(state, phase, up, down));
        }
    }
    rungs
}

fn statements(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    entry: &Entry,
    owner: Option<&Ident>,
    changes: Vec<PrivilegeChange>,
) -> Vec<Statement> {
    changes
        .into_iter()
        .map(|change| {
            let what = match change.direction {
                PrivilegeDirection::Grant(_) => "Granted",
                PrivilegeDirection::Revoke | PrivilegeDirection::RevokeGrantOption => "Revoked",
            };
            let action = Action::ChangePrivileges {
                subject: Subject::of(id, entry),
                owner: owner.cloned(),
                change,
            };
            lowering.statement(action, format!("{what} on {}.", describe(id)))
        })
        .collect()
}

/// The wanted owner of an object, of a column its relation's.
fn owner_of(lowering: &Lowering<'_>, id: &ObjectId) -> Option<Ident> {
    let whole = match id {
        ObjectId::Column(relation, _) => &ObjectId::Relation(relation.clone()),
        other => other,
    };
    lowering.to(whole).and_then(|entry| entry.owner.clone())
}

/// The privileges of an entry, the built-in ones written out.
fn held(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry) -> Privileges {
    let built_in = || {
        PrivilegeKind::of(id, &entry.object)
            .map(|kind| kind.built_in(lowering.options.version))
            .unwrap_or_default()
    };
    entry.privileges.clone().unwrap_or_else(built_in)
}

/// The words by which ALTER DEFAULT PRIVILEGES calls a kind.
fn default_kind(kind: PrivilegeKind) -> Option<&'static str> {
    match kind {
        PrivilegeKind::Table => Some("TABLES"),
        PrivilegeKind::Sequence => Some("SEQUENCES"),
        PrivilegeKind::Routine => Some("FUNCTIONS"),
        PrivilegeKind::Type => Some("TYPES"),
        PrivilegeKind::Schema | PrivilegeKind::PublicSchema => Some("SCHEMAS"),
        PrivilegeKind::Column
        | PrivilegeKind::Language
        | PrivilegeKind::ForeignDataWrapper
        | PrivilegeKind::Server => None,
    }
}
