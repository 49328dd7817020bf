//! Tables that differ in attributes of their own.
//!
//! | difference | statement | lock | phase |
//! |---|---|---|---|
//! | storage parameters | SET (…), RESET (…) | SHARE UPDATE EXCLUSIVE, for some ACCESS EXCLUSIVE | expand |
//! | row security comes, or is forced | policies first, then ENABLE, FORCE | ACCESS EXCLUSIVE, catalog only | enforce |
//! | row security goes | DISABLE, NO FORCE | ACCESS EXCLUSIVE, catalog only | expand |
//! | replica identity, CLUSTER ON | REPLICA IDENTITY, CLUSTER ON | ACCESS EXCLUSIVE, SHARE UPDATE EXCLUSIVE, catalog only | expand |
//! | options of a foreign table | OPTIONS (…) | ACCESS EXCLUSIVE, catalog only | expand |
//! | typed table | OF, NOT OF | ACCESS EXCLUSIVE, catalog only | expand |
//! | parents | INHERIT, NO INHERIT | ACCESS EXCLUSIVE, catalog only | expand, contract |
//! | place among partitions | see `partition_of` | | |
//! | logged or not, tablespace, access method | SET LOGGED … | ACCESS EXCLUSIVE, written anew: a hazard | expand |
//!
//! A table cannot become partitioned or get another partition key: that is refused.

pub(in crate::dialect::postgres::lower) mod inheriting;
mod partition_of;
pub(in crate::dialect::postgres::lower) use partition_of::is_left_over;

use super::build::rung;
use super::constraint::takeover;
use super::facts::{self, SideOf};
use super::lowering::Lowering;
use super::marks::Mark;
use super::{Lowered, built, options, refuse};
use crate::catalog::table::{Inheritance, Persistence, ReplicaIdentity, RowSecurity, Table};
use crate::catalog::{Catalog, Ident, Object, ObjectId};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::table::{OptionsChange, Switch};
use crate::dialect::postgres::action::{Action, SequenceForm, TableForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// The ladders of a table that differs, one for each attribute.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (facts::table(lowering.pair.from, id), facts::table(lowering.pair.to, id)) else {
        return Ok(Vec::new());
    };
    let mut ladders = Vec::new();
    for attribute in attributes {
        ladders.extend(match attribute {
            Attribute::PartitionOf => partition_of::alter(lowering, id, from, to)?,
            Attribute::Inherits => inherits(lowering, id, from, to)?,
            Attribute::PartitionKey => {
                let message = format!("the partition key of {} cannot be changed", describe(id));
                let hint =
                    "Create a partitioned table of another name, move the rows, and drop this one in a later plan.";
                return Err(refuse::unsupported(lowering, id, message, hint));
            }
            Attribute::Foreign if servers_differ(from, to) => {
                let message = format!("{} cannot move to another server", describe(id));
                let hint = "Create a foreign table of another name and drop this one in a later plan.";
                return Err(refuse::unsupported(lowering, id, message, hint));
            }
            Attribute::ReplicaIdentity if goes_with_key(lowering, Mark::Replication, from, to) => Vec::new(),
            Attribute::ClusterOn if goes_with_key(lowering, Mark::Clustering, from, to) => Vec::new(),
            other => one(lowering, id, *other, from, to)?,
        });
    }
    Ok(ladders)
}

/// Whether a mark goes from one key to the one that takes its place: only there are both at hand.
fn goes_with_key(lowering: &Lowering<'_>, mark: Mark, from: &Table, to: &Table) -> bool {
    match (mark.of(from), mark.of(to)) {
        (Some(old), Some(new)) => takeover::takes_place(lowering, old, new),
        (None, _) | (_, None) => false,
    }
}

/// A difference that is made by forms of ALTER TABLE there and back.
fn one(lowering: &Lowering<'_>, id: &ObjectId, attribute: Attribute, from: &Table, to: &Table) -> Lowered<Vec<Ladder>> {
    let (title, phase) = match attribute {
        Attribute::Persistence => {
            rewritten(lowering, id, "whether it is logged")?;
            ("changes whether it is logged", Phase::Expand)
        }
        Attribute::Tablespace => {
            rewritten(lowering, id, "its tablespace")?;
            ("moves to another tablespace", Phase::Expand)
        }
        Attribute::AccessMethod if lowering.options.version < 15 => {
            return Err(lowering.no_pattern(id, "another access method, which servers before 15 cannot give,"));
        }
        Attribute::AccessMethod => {
            rewritten(lowering, id, "its access method")?;
            ("changes its access method", Phase::Expand)
        }
        Attribute::RowSecurity => (
            "changes its row security",
            match (restricts(from.row_security), restricts(to.row_security)) {
                // The old application may see no rows under policies that were not made for it.
                (before, after) if after > before => Phase::Enforce,
                _ => Phase::Expand,
            },
        ),
        Attribute::Options => ("changes its storage parameters", Phase::Expand),
        Attribute::ReplicaIdentity => ("changes its replica identity", Phase::Expand),
        Attribute::ClusterOn => ("is clustered on another index", Phase::Expand),
        Attribute::OfType => ("changes its type", Phase::Expand),
        Attribute::Foreign => ("changes its options", Phase::Expand),
        other => return Err(lowering.no_pattern(id, &format!("a change of {other:?}"))),
    };
    let mut up = statements(lowering, id, attribute, from, to);
    if attribute == Attribute::RowSecurity {
        let policies = lowering.pair.to.parts(id).map(|(part, _)| part.clone());
        let policies: Vec<ObjectId> = policies.filter(|part| matches!(part, ObjectId::Policy(..))).collect();
        for statement in &mut up {
            // Without its policies the table would show no row at all.
            statement.requires.extend(policies.iter().cloned());
        }
    }
    if attribute == Attribute::Options && to.options.keys().any(|name| name.starts_with("toast.")) {
        // Without a TOAST table the server passes over its parameters in silence.
        let columns = lowering.pair.to.columns(id).filter_map(|(name, _)| {
            let column = ObjectId::Column(id.qualified_name()?.clone(), name.clone());
            let is_new = lowering.is_created(&column) || lowering.altered(&column).is_some();
            is_new.then_some(column)
        });
        let columns: Vec<ObjectId> = columns.collect();
        for statement in &mut up {
            statement.requires.extend(columns.iter().cloned());
        }
    }
    let mut down = statements(lowering, id, attribute, to, from);
    let mark = match attribute {
        Attribute::ReplicaIdentity => Mark::Replication.of(from),
        Attribute::ClusterOn => Mark::Clustering.of(from),
        _ => None,
    };
    for statement in &mut up {
        // The way back needs the old index.
        statement.releases.extend(mark.cloned());
    }
    if attribute == Attribute::Persistence && lowering.options.version >= SEQUENCES_FOLLOW {
        up.extend(sequences_apart(lowering, SideOf::To, id, to.persistence));
        down.extend(sequences_apart(lowering, SideOf::From, id, from.persistence));
    }
    let why = "the table changes in place";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("{} {title}", describe(id)),
            why,
            vec![rung(State::Public, phase, up, down)],
        ),
    )
}

/// The first major version in which SET LOGGED and SET UNLOGGED reach the sequences of a table's columns.
pub(super) const SEQUENCES_FOLLOW: u16 = 15;

/// Sequences of a table's columns that are not to be what the table has become, and have become with it.
fn sequences_apart(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId, persistence: Persistence) -> Vec<Statement> {
    let Some(table) = id.qualified_name() else {
        return Vec::new();
    };
    let is_there = |sequence: &ObjectId| lowering.pair.from.contains(sequence) && lowering.pair.to.contains(sequence);
    let of_this = |owner: Option<&ObjectId>| owner.and_then(ObjectId::parent).as_ref() == Some(id);
    let apart = lowering
        .catalog(side)
        .iter()
        .filter_map(|(object, entry)| match &entry.object {
            Object::Sequence(sequence) if of_this(sequence.owned_by.as_ref()) && is_there(object) => {
                (sequence.persistence != persistence).then(|| (object.clone(), sequence.persistence))
            }
            Object::Column(column) if object.parent().as_ref() == Some(id) && is_there(object) => {
                let identity = column.identity.as_ref()?;
                let sequence = ObjectId::Relation(table.with_name(identity.sequence.clone()));
                (identity.persistence != persistence).then_some((sequence, identity.persistence))
            }
            _ => None,
        });
    apart
        .map(|(sequence, persistence)| {
            let action = Action::AlterSequence {
                sequence,
                forms: vec![SequenceForm::Persistence(persistence)],
            };
            lowering.statement(action, "The sequence does not follow its table.")
        })
        .collect()
}

fn statements(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    attribute: Attribute,
    from: &Table,
    to: &Table,
) -> Vec<Statement> {
    let forms = match attribute {
        Attribute::Persistence => vec![TableForm::Persistence(to.persistence)],
        Attribute::Tablespace => vec![TableForm::Tablespace(to.tablespace.clone())],
        Attribute::AccessMethod => vec![TableForm::AccessMethod(to.access_method.clone())],
        Attribute::RowSecurity => row_security(from.row_security, to.row_security),
        Attribute::ReplicaIdentity => vec![TableForm::ReplicaIdentity(to.replica_identity.clone())],
        Attribute::ClusterOn => vec![TableForm::ClusterOn(to.cluster_on.clone())],
        Attribute::OfType => vec![match &to.of_type {
            Some(data_type) => TableForm::OfType(data_type.name.clone()),
            None => TableForm::NotOf,
        }],
        Attribute::Options => {
            let (set, reset) = options::difference(&from.options, &to.options);
            let set = (!set.is_empty()).then_some(TableForm::SetOptions(set));
            let reset = (!reset.is_empty()).then_some(TableForm::ResetOptions(reset));
            set.into_iter().chain(reset).collect()
        }
        Attribute::Foreign => match (&from.foreign, &to.foreign) {
            (Some(from), Some(to)) => vec![TableForm::ForeignOptions(OptionsChange {
                from: from.options.clone(),
                to: to.options.clone(),
            })],
            (None, _) | (_, None) => Vec::new(),
        },
        _ => Vec::new(),
    };
    let comment = |form: &TableForm| match form {
        TableForm::RowSecurity(_) | TableForm::ForceRowSecurity(_) => {
            "Whether the policies hold, and for whom.".to_owned()
        }
        TableForm::ReplicaIdentity(ReplicaIdentity::Index(_)) => {
            "Replication tells rows apart by this index.".to_owned()
        }
        _ => format!("{} changes in place.", describe(id)),
    };
    forms
        .into_iter()
        .map(|form| {
            let comment = comment(&form);
            lowering.alter_table(id, form, comment)
        })
        .collect()
}

fn row_security(from: RowSecurity, to: RowSecurity) -> Vec<TableForm> {
    let enabled = |security: RowSecurity| match security {
        RowSecurity::Enabled | RowSecurity::Forced => Switch::On,
        RowSecurity::Disabled | RowSecurity::ForcedButDisabled => Switch::Off,
    };
    let forced = |security: RowSecurity| match security {
        RowSecurity::Forced | RowSecurity::ForcedButDisabled => Switch::On,
        RowSecurity::Disabled | RowSecurity::Enabled => Switch::Off,
    };
    let mut forms = Vec::new();
    if enabled(from) != enabled(to) {
        forms.push(TableForm::RowSecurity(enabled(to)));
    }
    if forced(from) != forced(to) {
        forms.push(TableForm::ForceRowSecurity(forced(to)));
    }
    forms
}

/// How many are kept from rows: nobody, all but the owner, all.
fn restricts(security: RowSecurity) -> u8 {
    match security {
        RowSecurity::Disabled | RowSecurity::ForcedButDisabled => 0,
        RowSecurity::Enabled => 1,
        RowSecurity::Forced => 2,
    }
}

fn rewritten(lowering: &Lowering<'_>, id: &ObjectId, what: &str) -> Lowered<()> {
    let message = format!("{} is written anew to change {what}", describe(id));
    refuse::hazard_of_rows(lowering, Code::TableRewrite, id, message)
}

fn servers_differ(from: &Table, to: &Table) -> bool {
    match (&from.foreign, &to.foreign) {
        (Some(from), Some(to)) => from.server != to.server,
        (None, Some(_)) | (Some(_), None) => true,
        (None, None) => false,
    }
}

/// A column that a table has from a parent alone. When the parent changes the server makes it the table's own too
/// (`attislocal`, `MergeAttributesIntoExisting` and `RemoveInheritance`), and no statement takes that back.
fn column_from(
    catalog: &Catalog,
    id: &ObjectId,
    parent: &ObjectId,
    stays: &dyn Fn(&ObjectId) -> bool,
) -> Option<ObjectId> {
    let has = |relation: &ObjectId, name: &Ident| catalog.columns(relation).any(|(other, _)| other == name);
    let parents: Vec<&ObjectId> = facts::table(catalog, id)?.inherits.iter().collect();
    let table = id.qualified_name()?;
    let mut columns = catalog.columns(id);
    let (name, _) = columns.find(|(name, column)| {
        let from_others = parents.iter().any(|other| stays(other) && has(other, name));
        column.inheritance == Inheritance::Inherited && has(parent, name) && !from_others
    })?;
    Some(ObjectId::Column(table.clone(), name.clone()))
}

/// New parents first, for the new application; old ones are left when the old application is gone.
fn inherits(lowering: &Lowering<'_>, id: &ObjectId, from: &Table, to: &Table) -> Lowered<Vec<Ladder>> {
    let added: Vec<&ObjectId> = to
        .inherits
        .iter()
        .filter(|parent| !from.inherits.contains(parent))
        .collect();
    let gone: Vec<&ObjectId> = from
        .inherits
        .iter()
        .filter(|parent| !to.inherits.contains(parent))
        .collect();
    let stays = from.inherits.iter().filter(|parent| to.inherits.contains(parent));
    let reached: Vec<&ObjectId> = stays.chain(added.iter().copied()).collect();
    if !reached.iter().copied().eq(&to.inherits) {
        return Err(lowering.no_pattern(id, "another order of the parents"));
    }
    for (parents, side) in [(&added, SideOf::To), (&gone, SideOf::From)] {
        let stays = |parent: &ObjectId| to.inherits.contains(parent) && from.inherits.contains(parent);
        for parent in parents.iter().copied() {
            if let Some(column) = column_from(lowering.catalog(side), id, parent, &stays) {
                let message = format!(
                    "{} cannot be given or taken from {} while it is there",
                    describe(&column),
                    describe(parent)
                );
                let hint = "A table that gets or leaves a parent has the column for itself too, which no text without \
                            it says. Declare the column in the table itself on both sides.";
                return Err(refuse::unsupported(lowering, id, message, hint));
            }
        }
    }
    let inherit = |parents: &[&ObjectId]| -> Vec<Statement> {
        let form = |parent: &&ObjectId| TableForm::Inherit((*parent).clone());
        parents
            .iter()
            .map(|parent| lowering.alter_table(id, form(parent), format!("Its rows are seen in {}.", describe(parent))))
            .collect()
    };
    let leave = |parents: &[&ObjectId]| -> Vec<Statement> {
        parents
            .iter()
            .map(|parent| {
                let form = TableForm::NoInherit((*parent).clone());
                lowering.alter_table(
                    id,
                    form,
                    format!("Its rows are no longer seen in {}.", describe(parent)),
                )
            })
            .collect()
    };
    let mut steps: Vec<Rung> = Vec::new();
    if !added.is_empty() {
        let demanded = shared(id, lowering.pair);
        let mut join = rung(State::Present, Phase::Expand, inherit(&added), leave(&added));
        if !demanded.is_empty() {
            // Behind the files in which what the parent demands is made and validated.
            (join.phase, join.company) = (Phase::Enforce, Company::NextFile);
            for statement in &mut join.up {
                statement.requires.extend(demanded.iter().cloned());
            }
        }
        steps.push(join);
    }
    if !gone.is_empty() {
        let mut part = rung(State::Absent, Phase::Contract, leave(&gone), inherit(&gone));
        let (names, checks): (Vec<ObjectId>, Vec<ObjectId>) = shared(id, lowering.pair.reverse())
            .into_iter()
            .partition(|constraint| !lowering.pair.from.contains(constraint));
        for statement in &mut part.up {
            statement.releases.extend(checks.iter().cloned());
            // From here on NOT NULL is the column's own, and can be dropped.
            statement.provides.extend(names.iter().cloned());
        }
        steps.push(part);
    }
    let why = "the catalog alone changes";
    built(
        id,
        Ladder::new(id.clone(), format!("{} has other parents", describe(id)), why, steps),
    )
}

/// The constraints that a table shares with a parent there and has not before: it cannot inherit before it has them, nor
/// give them up while it does.
fn shared(id: &ObjectId, pair: Pair<&Catalog>) -> Vec<ObjectId> {
    let other = pair.from;
    pair.to
        .parts(id)
        .filter_map(|(part, entry)| match &entry.object {
            Object::Column(column) => {
                let is_nullable = facts::column(other, part).is_some_and(|column| column.not_null.is_none());
                let not_null = column.not_null.as_ref().filter(|_| is_nullable)?;
                let relation = part.qualified_name()?.clone();
                (not_null.inheritance != Inheritance::Local)
                    .then(|| ObjectId::Constraint(relation, not_null.name.clone()))
            }
            Object::Constraint(constraint) if !other.contains(part) => {
                (constraint.inheritance != Inheritance::Local).then(|| part.clone())
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{said, ups, ups_allowing};
    use expect_test::expect;

    #[test]
    fn parameters_of_a_toast_table_wait_for_it() {
        let found = ups(
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int, b text) WITH (toast.autovacuum_enabled=off);",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ADD COLUMN b text
            expand: ALTER TABLE public.t SET (toast.autovacuum_enabled = off)
        "#]]
        .assert_eq(&found);
        let none = ups(
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int) WITH (toast.autovacuum_enabled=off);",
        );
        assert_eq!(none, "", "no column can be stored out of line");
    }

    #[test]
    fn a_table_inherits_when_it_has_what_its_parent_demands() {
        let tables = "CREATE TABLE p (a int NOT NULL, CONSTRAINT c CHECK (a > 0));";
        let from = [tables, "CREATE TABLE t (a int);"].concat();
        let to = [
            tables,
            "CREATE TABLE t (a int NOT NULL, CONSTRAINT c CHECK (a > 0)) INHERITS (p);",
        ]
        .concat();
        expect![[r#"
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID
            enforce: ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_a_not_null
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT c
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 't_a_not_null' AND convalidated ) THEN RAISE EXCEPTION 'constraint t_a_not_null of public.t is missing or not validated'; END IF; END $$
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 'c' AND convalidated ) THEN RAISE EXCEPTION 'constraint c of public.t is missing or not validated'; END IF; END $$
            enforce: ALTER TABLE public.t INHERIT public.p
        "#]].assert_eq(&ups(&from, &to));
    }

    #[test]
    fn row_security_comes_behind_its_policies() {
        let found = ups(
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 0);",
        );
        expect![[r#"
            expand: CREATE POLICY p ON public.t USING ((a > 0))
            enforce: ALTER TABLE public.t ENABLE ROW LEVEL SECURITY
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn a_sequence_that_does_not_follow_its_table_is_set_back() {
        let found = ups_allowing(
            "CREATE TABLE t (a serial);",
            "CREATE UNLOGGED TABLE t (a serial); ALTER SEQUENCE t_a_seq SET LOGGED;",
            &["table-rewrite"],
        );
        expect![[r#"
            expand: ALTER TABLE public.t SET UNLOGGED
            expand: ALTER SEQUENCE public.t_a_seq SET LOGGED
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn a_column_that_is_a_parents_alone_stays_so() {
        let parents = "CREATE TABLE p (a int); CREATE TABLE q (a int);";
        let child = |text: &str| [parents, text].concat();
        let inherits = child("CREATE TABLE t (b int) INHERITS (p);");
        expect![[r#"
            unsupported-clause: column a of public.t cannot be given or taken from relation public.p while it is there
        "#]]
        .assert_eq(&said(&inherits, &child("CREATE TABLE t (b int, a int);")));
        let own = child("CREATE TABLE t (b int, a int) INHERITS (p);");
        expect![[r#"
            contract: ALTER TABLE public.t NO INHERIT public.p
        "#]]
        .assert_eq(&ups(&own, &child("CREATE TABLE t (b int, a int);")));
    }

    #[test]
    fn a_table_that_would_be_written_anew_is_a_hazard() {
        let found = said("CREATE TABLE t (a int);", "CREATE UNLOGGED TABLE t (a int);");
        expect![[r#"
            table-rewrite: relation public.t is written anew to change whether it is logged
        "#]]
        .assert_eq(&found);
    }
}
