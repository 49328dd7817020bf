//! Reads what `underpin plan` has written, to prove it.
//!
//! Knows `plan.json` and where the files it names lie. Proves nothing itself.

use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use super::verify::{Migration, Work};
use crate::emit::plan_json;
use crate::plan::{Lock, LockMode, Phase, Reversal};

/// The plans in a directory of migrations, in the order of their folders' names; none where nothing was planned.
///
/// # Errors
/// When the directory can not be read.
pub fn plans(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let problem = || Error::system(format!("could not read {}", directory.display()));
    let mut plans = Vec::new();
    for entry in directory.read_dir().map_err(problem())? {
        let plan = entry.map_err(problem())?.path().join("plan.json");
        if plan.is_file() {
            plans.push(plan);
        }
    }
    plans.sort();
    Ok(plans)
}

/// The files of a plan that lies in a folder of the directory of migrations, with what the plan says of them.
///
/// # Errors
/// [`Error::Plan`] when `plan.json` is not what this version writes.
pub fn migrations(plan: &Path) -> Result<Vec<Migration>, Error> {
    let refuse = |message: String| Error::Plan {
        file: plan.to_path_buf(),
        message,
    };
    let text = fs::read_to_string(plan).map_err(Error::system(format!("could not read {}", plan.display())))?;
    let read: plan_json::Plan = serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
    if read.version != plan_json::VERSION {
        return Err(refuse(format!("version {} is not known", read.version)));
    }
    let directory = plan.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    read.files
        .iter()
        .map(|file| {
            let locks: Option<Vec<Lock>> = file.up.locks.iter().map(lock).collect();
            Ok(Migration {
                up: directory.join(&file.up.file),
                down: directory.join(&file.down.file),
                phase: phase(file.phase),
                reversals: file.reversals.iter().map(reversal).collect(),
                work: if file.up.statements.iter().all(|statement| match statement.effect {
                    plan_json::Effect::Schema | plan_json::Effect::Data => false,
                    plan_json::Effect::Check | plan_json::Effect::Upkeep => true,
                }) {
                    Work::Looks
                } else {
                    Work::Changes
                },
                locks: locks.ok_or_else(|| refuse("a lock has an unknown mode".to_owned()))?,
            })
        })
        .collect()
}

fn phase(name: plan_json::PhaseName) -> Phase {
    match name {
        plan_json::PhaseName::Expand => Phase::Expand,
        plan_json::PhaseName::Backfill => Phase::Backfill,
        plan_json::PhaseName::Enforce => Phase::Enforce,
        plan_json::PhaseName::Contract => Phase::Contract,
    }
}

fn reversal(reversal: &plan_json::Reversal) -> Reversal {
    match reversal {
        plan_json::Reversal::Exact {} => Reversal::Exact,
        plan_json::Reversal::LosesData { what } => Reversal::LosesData(what.clone()),
        plan_json::Reversal::Irreversible { why } => Reversal::Irreversible(why.clone()),
    }
}

fn lock(lock: &plan_json::Lock) -> Option<Lock> {
    Some(Lock {
        relation: lock.relation.clone(),
        mode: LockMode::from_words(&lock.mode)?,
        scans: lock.scans,
        rewrites: lock.rewrites,
    })
}
