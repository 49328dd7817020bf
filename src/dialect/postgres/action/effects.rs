//! What an action changes, and whether it may stand in a transaction.
//!
//! Knows the kinds of actions; the text of statements is not looked at.

use super::{Action, Concurrency, CreateMode, TableForm};
use crate::plan::{Effect, Transaction};

/// What an action changes.
pub fn effect(action: &Action) -> Effect {
    match action {
        Action::Create(_)
        | Action::Drop { .. }
        | Action::Rename { .. }
        | Action::SetSchema { .. }
        | Action::AlterTable(_)
        | Action::AttachIndex { .. }
        | Action::AlterSequence { .. }
        | Action::SetOwnedBy { .. }
        | Action::AddEnumValue { .. }
        | Action::RenameEnumValue { .. }
        | Action::AlterDomain { .. }
        | Action::AlterComposite { .. }
        | Action::DropTypeWithFunctions { .. }
        | Action::RenameAttribute { .. }
        | Action::AlterRoutine { .. }
        | Action::AlterPolicy { .. }
        | Action::AlterDefinition { .. }
        | Action::AlterExtension { .. }
        | Action::SetOwner { .. }
        | Action::Comment { .. }
        | Action::ChangePrivileges { .. }
        | Action::ChangeDefaultPrivileges { .. }
        | Action::SecurityLabel { .. }
        | Action::DependOnExtension { .. }
        // Its text is that of a DROP, so the proof must take it for one.
        | Action::DropInvalidIndex { .. } => Effect::Schema,
        Action::SetSequenceValue { .. } | Action::Refresh { .. } | Action::Backfill(_) => Effect::Data,
        Action::Reindex { .. } | Action::LockTable { .. } | Action::Analyze { .. } | Action::SetLocal { .. } => {
            Effect::Upkeep
        }
        Action::Verify(_) | Action::Raise { .. } => Effect::Check,
    }
}

/// Whether an action may stand in a transaction with others.
pub fn transaction(action: &Action) -> Transaction {
    match action {
        Action::Create(create) => match create.mode {
            CreateMode::Concurrently => Transaction::Alone,
            CreateMode::Plain | CreateMode::OrReplace | CreateMode::OnOnly => Transaction::Inside,
        },
        Action::Drop { concurrency, .. } => concurrent(*concurrency),
        Action::AlterTable(alter) => {
            let alone = alter.forms.iter().any(|form| {
                matches!(
                    form,
                    TableForm::DetachPartition {
                        concurrency: Concurrency::Concurrently,
                        ..
                    }
                )
            });
            if alone { Transaction::Alone } else { Transaction::Inside }
        }
        Action::AddEnumValue { .. } => Transaction::CommitAfter,
        Action::Backfill(_) | Action::Reindex { .. } | Action::DropInvalidIndex { .. } => Transaction::Alone,
        Action::Rename { .. }
        | Action::SetSchema { .. }
        | Action::AttachIndex { .. }
        | Action::AlterSequence { .. }
        | Action::SetOwnedBy { .. }
        | Action::SetSequenceValue { .. }
        | Action::RenameEnumValue { .. }
        | Action::AlterDomain { .. }
        | Action::AlterComposite { .. }
        | Action::DropTypeWithFunctions { .. }
        | Action::RenameAttribute { .. }
        | Action::AlterRoutine { .. }
        | Action::AlterPolicy { .. }
        | Action::AlterDefinition { .. }
        | Action::AlterExtension { .. }
        | Action::SetOwner { .. }
        | Action::Comment { .. }
        | Action::ChangePrivileges { .. }
        | Action::ChangeDefaultPrivileges { .. }
        | Action::SecurityLabel { .. }
        | Action::DependOnExtension { .. }
        // REFRESH … CONCURRENTLY is the one form of that name that a transaction may hold (measured on 14 to 18).
        | Action::Refresh { .. }
        | Action::LockTable { .. }
        | Action::Analyze { .. }
        | Action::SetLocal { .. }
        | Action::Verify(_)
        | Action::Raise { .. } => Transaction::Inside,
    }
}

fn concurrent(concurrency: Concurrency) -> Transaction {
    match concurrency {
        Concurrency::Concurrently => Transaction::Alone,
        Concurrency::Blocking => Transaction::Inside,
    }
}
