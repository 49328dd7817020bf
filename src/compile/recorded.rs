//! What a plan was compiled with, as `plan.json` keeps it, so that it can be compiled again.
//!
//! Knows both forms. Sizes are kept of the tables that the plan has to do with: others have no bearing on it.

use std::collections::HashSet;

use super::{Compared, CompileOptions, relation_text};
use crate::catalog::{Object, ObjectId, QualifiedName};
use crate::dialect::postgres::read::Unmodelled;
use crate::dialect::postgres::write;
use crate::emit::plan_json::{self, Options, TableSize};
use crate::plan::{Ladder, Plan, Side};
use crate::scope::{Heed, Rule, Scope, Unmentioned};
use crate::snapshot::intent::Size;

/// The options of a compilation, for its `plan.json`.
pub(super) fn record(options: &CompileOptions, compared: &Compared, plan: &Plan, ladders: &[Ladder]) -> Options {
    let mut allow = options.allowed.clone();
    allow.sort();
    allow.dedup();
    let text = |rules: &[Rule]| rules.iter().map(ToString::to_string).collect();
    Options {
        small_table: options.small_table_rows,
        allow,
        sizes: sizes(options, compared, plan, ladders),
        schemas: options.scope.schemas.iter().map(Scope::schema_name).collect(),
        ignore: text(&options.scope.rules),
        no_owner: options.scope.owners == Heed::Ignored,
        no_privileges: options.scope.privileges == Heed::Ignored,
        keep_unmentioned: options.scope.unmentioned == Unmentioned::Stays,
        carry_unmodelled: options.unmodelled == Unmodelled::Carry,
        role: options.role.clone(),
    }
}

/// The sizes of the tables that are locked or changed, and of the tables that these are partitions of.
fn sizes(options: &CompileOptions, compared: &Compared, plan: &Plan, ladders: &[Ladder]) -> Vec<TableSize> {
    if options.sizes.is_empty() {
        return Vec::new();
    }
    let is = &compared.renamed;
    let locked = plan.files.iter().flat_map(|file| file.locks(Side::Up));
    let mut concerned: HashSet<String> = locked.map(|lock| lock.relation.clone()).collect();
    concerned.extend(ladders.iter().filter_map(|ladder| relation_text(ladder.object())));
    concerned.extend(
        ladders
            .iter()
            .filter_map(|ladder| is.whole(ladder.object()))
            .filter_map(|whole| relation_text(&whole)),
    );
    for (id, entry) in is.iter() {
        let mut partition = Some(entry).filter(|_| relation_text(id).is_some_and(|name| concerned.contains(&name)));
        while let Some(Object::Table(table)) = partition.map(|entry| &entry.object)
            && let Some(of) = &table.partition_of
        {
            concerned.extend(relation_text(&of.parent));
            partition = is.get(&of.parent);
        }
    }
    let is_concerned = |name: &QualifiedName| {
        let table = ObjectId::Relation(name.clone());
        let renamed = compared
            .intent
            .renames
            .iter()
            .fold(table, |id, rename| id.renamed(&rename.from, &rename.to).unwrap_or(id));
        concerned.contains(&write::qualified(name))
            || relation_text(&renamed).is_some_and(|name| concerned.contains(&name))
    };
    options
        .sizes
        .iter()
        .filter(|(name, _)| is_concerned(name))
        .map(|(name, size)| TableSize {
            schema: name.schema.to_string(),
            table: name.name.to_string(),
            rows: size.rows,
            bytes: size.bytes,
        })
        .collect()
}

/// The options that a plan was compiled with; `first_number` is that of its first file.
///
/// # Errors
/// A rule that cannot be read.
pub fn from_record(plan: &plan_json::Plan, first_number: u64) -> Result<CompileOptions, String> {
    let options = &plan.options;
    let rules = |texts: &[String]| -> Result<Vec<Rule>, String> {
        let rules = texts.iter().map(|text| text.parse::<Rule>());
        rules.collect::<Result<_, _>>().map_err(|error| error.to_string())
    };
    let schemas: Result<Vec<Rule>, _> = options.schemas.iter().map(|name| Scope::schema(name)).collect();
    let heed = |ignored| match ignored {
        true => Heed::Ignored,
        false => Heed::Heeded,
    };
    Ok(CompileOptions {
        version: plan.postgres,
        name: plan.name.clone(),
        first_number,
        small_table_rows: options.small_table,
        allowed: options.allow.clone(),
        unmodelled: match options.carry_unmodelled {
            true => Unmodelled::Carry,
            false => Unmodelled::Refuse,
        },
        sizes: options
            .sizes
            .iter()
            .map(|size| {
                let name = QualifiedName::new(size.schema.as_str(), size.table.as_str());
                let (rows, bytes) = (size.rows, size.bytes);
                (name, Size { rows, bytes })
            })
            .collect(),
        scope: Scope {
            schemas: schemas.map_err(|error| error.to_string())?,
            rules: rules(&options.ignore)?,
            owners: heed(options.no_owner),
            privileges: heed(options.no_privileges),
            unmentioned: match options.keep_unmentioned {
                true => Unmentioned::Stays,
                false => Unmentioned::Goes,
            },
        },
        role: options.role.clone(),
    })
}
