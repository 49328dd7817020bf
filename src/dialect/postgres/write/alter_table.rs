//! The forms of ALTER TABLE and its kin.

use super::identity::{identity, words};
use super::objects::table::partition_bound;
use super::objects::{column, constraint, sequence};
use super::options::{foreign_change, names, parameters};
use super::quote::{ident, qualified};
use super::{data_type, template};
use crate::catalog::constraint::Deferral;
use crate::catalog::table::{Inherit, Persistence, ReplicaIdentity};
use crate::catalog::trigger::Firing;
use crate::catalog::{Ident, ObjectId};
use crate::dialect::postgres::action::table::{Enforcement, Switch};
use crate::dialect::postgres::action::{AlterTable, Concurrency, Guard, Kind, Names, Scope, SequenceForm, TableForm};

/// `ALTER TABLE name form`, several forms one a line.
pub fn alter_table(alter: &AlterTable, version: u16) -> String {
    let only = match (alter.scope, alter.relation.kind) {
        (Scope::Only, Kind::Table | Kind::ForeignTable) => "ONLY ",
        (Scope::Only | Scope::Descendants, _) => "",
    };
    let head = format!(
        "ALTER {} {only}{}",
        words(alter.relation.kind),
        identity(&alter.relation.id)
    );
    let forms: Vec<String> = alter.forms.iter().map(|form| self::form(form, version)).collect();
    match forms.as_slice() {
        [form] => format!("{head} {form}"),
        forms => format!("{head}\n    {}", forms.join(",\n    ")),
    }
}

fn form(form: &TableForm, version: u16) -> String {
    match form {
        TableForm::AddColumn {
            id,
            column,
            default,
            constraints,
            work: _,
            guard,
        } => {
            let definition = column::definition(id, column, default.as_ref(), Names::WhereOthers, version);
            let guard = super::objects::if_not_exists(*guard);
            column::with_constraints(format!("ADD COLUMN {guard}{definition}"), constraints)
        }
        TableForm::DropColumn { id, guard } => format!("DROP COLUMN {}{}", if_exists(*guard), name(id)),
        TableForm::ColumnType {
            id,
            data_type: wanted,
            collation,
            using,
            work: _,
        } => {
            let collation = collation.as_ref().map(column::collate).unwrap_or_default();
            let using = using.as_ref().map(|using| format!(" USING {}", template(using)));
            let using = using.unwrap_or_default();
            format!("{} TYPE {}{collation}{using}", alter_column(id), data_type(wanted))
        }
        TableForm::SetDefault(id, default) => format!("{} SET DEFAULT {}", alter_column(id), template(default)),
        TableForm::DropDefault(id) => format!("{} DROP DEFAULT", alter_column(id)),
        TableForm::SetNotNull(id, _) => format!("{} SET NOT NULL", alter_column(id)),
        TableForm::DropNotNull(id) => format!("{} DROP NOT NULL", alter_column(id)),
        TableForm::AddNotNull(id, not_null) => format!(
            "ADD CONSTRAINT {} NOT NULL {}{}{}",
            ident(&not_null.name),
            name(id),
            column::no_inherit(not_null.inherit),
            constraint::validation(not_null.validation)
        ),
        TableForm::NotNullInheritance(id, inherit) => {
            let inherit = match inherit {
                Inherit::Inherit => "INHERIT",
                Inherit::NoInherit => "NO INHERIT",
            };
            format!("ALTER CONSTRAINT {} {inherit}", name(id))
        }
        TableForm::AddConstraint(id, constraint) | TableForm::AdoptForeignKey(id, constraint) => {
            format!("ADD {}", constraint::named(id, constraint))
        }
        TableForm::AddKeyUsingIndex {
            id,
            constraint,
            index,
            work: _,
        } => format!("ADD {}", constraint::key_using_index(id, constraint, index)),
        TableForm::ValidateConstraint(id, _) => format!("VALIDATE CONSTRAINT {}", name(id)),
        TableForm::ValidateNotNull(name) => format!("VALIDATE CONSTRAINT {}", ident(name)),
        TableForm::DropConstraint {
            id,
            constraint: _,
            guard,
        } => {
            format!("DROP CONSTRAINT {}{}", if_exists(*guard), name(id))
        }
        TableForm::DropNotNullConstraint(name) => format!("DROP CONSTRAINT {}", ident(name)),
        TableForm::ConstraintDeferral(id, deferral) => {
            let deferral = match deferral {
                Deferral::NotDeferrable => "NOT DEFERRABLE",
                Deferral::InitiallyImmediate => "DEFERRABLE INITIALLY IMMEDIATE",
                Deferral::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
            };
            format!("ALTER CONSTRAINT {} {deferral}", name(id))
        }
        TableForm::ConstraintEnforcement(id, enforcement) => {
            let enforcement = match enforcement {
                Enforcement::Enforced(_) => "ENFORCED",
                Enforcement::NotEnforced(_) => "NOT ENFORCED",
            };
            format!("ALTER CONSTRAINT {} {enforcement}", name(id))
        }
        TableForm::AddIdentity(id, identity) => match id {
            ObjectId::Column(relation, column) => format!(
                "{} ADD {}",
                alter_column(id),
                column::identity_clause(relation, column, identity)
            ),
            // Only columns have an identity.
            other => alter_column(other),
        },
        TableForm::SetIdentity {
            id,
            generation,
            options,
        } => {
            let mut words: Vec<String> = Vec::new();
            words.extend(generation.map(|generation| format!("SET GENERATED {}", column::generation(generation))));
            words.extend(options.iter().map(|option| match option {
                SequenceForm::Restart(_) => sequence::form(option),
                SequenceForm::DataType(_)
                | SequenceForm::Increment(_)
                | SequenceForm::Minimum(_)
                | SequenceForm::Maximum(_)
                | SequenceForm::Start(_)
                | SequenceForm::Cache(_)
                | SequenceForm::Cycle(_)
                | SequenceForm::Persistence(_) => format!("SET {}", sequence::form(option)),
            }));
            format!("{} {}", alter_column(id), words.join(" "))
        }
        TableForm::DropIdentity(id, guard) => {
            format!("{} DROP IDENTITY{}", alter_column(id), trailing_if_exists(*guard))
        }
        TableForm::SetExpression(id, expression, _) => {
            format!("{} SET EXPRESSION AS ({})", alter_column(id), template(expression))
        }
        TableForm::DropExpression(id) => format!("{} DROP EXPRESSION", alter_column(id)),
        TableForm::SetStorage(id, storage) => {
            format!(
                "{} SET STORAGE {}",
                alter_column(id),
                storage.as_deref().unwrap_or("DEFAULT")
            )
        }
        TableForm::SetCompression(id, method) => {
            let method = method.as_ref().map_or("default".to_owned(), ident);
            format!("{} SET COMPRESSION {method}", alter_column(id))
        }
        TableForm::SetStatistics(id, target) => {
            format!("{} SET STATISTICS {}", alter_column(id), statistics(*target))
        }
        TableForm::SetKeyStatistics(position, target) => {
            format!("ALTER COLUMN {position} SET STATISTICS {}", statistics(*target))
        }
        TableForm::SetColumnOptions(id, options) => format!("{} SET ({})", alter_column(id), parameters(options)),
        TableForm::ResetColumnOptions(id, options) => format!("{} RESET ({})", alter_column(id), names(options)),
        TableForm::ColumnForeignOptions(id, change) => format!("{} {}", alter_column(id), foreign_change(change)),
        TableForm::SetOptions(options) => format!("SET ({})", parameters(options)),
        TableForm::ResetOptions(options) => format!("RESET ({})", names(options)),
        TableForm::ForeignOptions(change) => foreign_change(change),
        TableForm::Persistence(Persistence::Logged) => "SET LOGGED".to_owned(),
        TableForm::Persistence(Persistence::Unlogged) => "SET UNLOGGED".to_owned(),
        TableForm::Tablespace(tablespace) => format!("SET TABLESPACE {}", named_or(tablespace.as_ref(), "pg_default")),
        TableForm::AccessMethod(method) => format!("SET ACCESS METHOD {}", named_or(method.as_ref(), "heap")),
        TableForm::RowSecurity(Switch::On) => "ENABLE ROW LEVEL SECURITY".to_owned(),
        TableForm::RowSecurity(Switch::Off) => "DISABLE ROW LEVEL SECURITY".to_owned(),
        TableForm::ForceRowSecurity(Switch::On) => "FORCE ROW LEVEL SECURITY".to_owned(),
        TableForm::ForceRowSecurity(Switch::Off) => "NO FORCE ROW LEVEL SECURITY".to_owned(),
        TableForm::ReplicaIdentity(identity) => format!("REPLICA IDENTITY {}", replica_identity(identity)),
        TableForm::ClusterOn(Some(index)) => format!("CLUSTER ON {}", name(index)),
        TableForm::ClusterOn(None) => "SET WITHOUT CLUSTER".to_owned(),
        TableForm::Inherit(parent) => format!("INHERIT {}", identity(parent)),
        TableForm::NoInherit(parent) => format!("NO INHERIT {}", identity(parent)),
        TableForm::OfType(name) => format!("OF {}", qualified(name)),
        TableForm::NotOf => "NOT OF".to_owned(),
        TableForm::TriggerFiring(id, firing) => format!("{} TRIGGER {}", self::firing(*firing), name(id)),
        TableForm::RuleFiring(id, firing) => format!("{} RULE {}", self::firing(*firing), name(id)),
        TableForm::AttachPartition {
            partition,
            bound,
            work: _,
        } => {
            format!("ATTACH PARTITION {} {}", identity(partition), partition_bound(bound))
        }
        TableForm::DetachPartition { partition, concurrency } => {
            let concurrently = match concurrency {
                Concurrency::Concurrently => " CONCURRENTLY",
                Concurrency::Blocking => "",
            };
            format!("DETACH PARTITION {}{concurrently}", identity(partition))
        }
        TableForm::FinalizeDetach(partition) => format!("DETACH PARTITION {} FINALIZE", identity(partition)),
    }
}

fn alter_column(id: &ObjectId) -> String {
    format!("ALTER COLUMN {}", name(id))
}

fn name(id: &ObjectId) -> String {
    ident(&id.last_name())
}

fn if_exists(guard: Guard) -> &'static str {
    match guard {
        Guard::IfNeeded => "IF EXISTS ",
        Guard::None => "",
    }
}

fn trailing_if_exists(guard: Guard) -> &'static str {
    match guard {
        Guard::IfNeeded => " IF EXISTS",
        Guard::None => "",
    }
}

/// A statistics target; -1 is the default on every version.
fn statistics(target: Option<i32>) -> i32 {
    target.unwrap_or(-1)
}

fn named_or(name: Option<&Ident>, standard: &str) -> String {
    name.map_or(standard.to_owned(), ident)
}

fn replica_identity(identity: &ReplicaIdentity) -> String {
    match identity {
        ReplicaIdentity::Default => "DEFAULT".to_owned(),
        ReplicaIdentity::Full => "FULL".to_owned(),
        ReplicaIdentity::Nothing => "NOTHING".to_owned(),
        ReplicaIdentity::Index(index) => format!("USING INDEX {}", name(index)),
    }
}

fn firing(firing: Firing) -> &'static str {
    match firing {
        Firing::Origin => "ENABLE",
        Firing::Replica => "ENABLE REPLICA",
        Firing::Always => "ENABLE ALWAYS",
        Firing::Disabled => "DISABLE",
    }
}
