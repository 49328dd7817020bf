//! The pipeline: two texts in, a proved plan and its files out.
//!
//! A pure function of texts and options: no input or output, clock, environment or random number. Knows the order of
//! the stages; what a stage does stands in its module.

use crate::catalog::hashing::HashSet;
use crate::catalog::{Catalog, Object, ObjectId};
use crate::check::long_locks;
use crate::diagnostic::{Checked, Code, Diagnostic, has_errors};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::{self, LowerOptions, lower, renamed};
use crate::dialect::postgres::read::{NEWEST, ReadOptions, Replay, Unmodelled, bind, on_deep_stack};
use crate::dialect::postgres::write;
use crate::diff::{Attention, Attribute, Change, Comparison, alike, diff};
use crate::emit::{Input, WrittenFile, documents, migrations};
use crate::pair::Pair;
use crate::plan::{Effect, File, Judge, Ladder, OrderError, Plan, ProvedFile, Side, order, prove, schedule};
use crate::scope::{Scope, narrow, touches_outside};
use crate::snapshot::Snapshot;
use crate::snapshot::intent::{Intent, Rename, Sizes};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::RenameMethod;
use std::borrow::Cow;
use std::collections::BTreeSet;
use told::{comparison, not_null_names, read, unknown};

mod recorded;
mod told;

pub use recorded::from_record;

/// What a compilation depends on besides the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileOptions {
    /// The server's major version, 14 to 18.
    pub version: u16,
    /// What the files are named after; letters, digits and underscores.
    pub name: String,
    /// The number of the first file.
    pub first_number: u64,
    /// Tables that are known to have at most so many rows are changed directly, under a lock; none without it.
    pub small_table_rows: Option<u64>,
    /// The hazards that the user takes, by name.
    pub allowed: Vec<String>,
    /// What happens to statements that are parsed but not modelled.
    pub unmodelled: Unmodelled,
    /// How large the tables that are are, where it is known; a `rows` directive says it better.
    pub sizes: Sizes,
    /// What is compared and planned.
    pub scope: Scope,
    /// The role that runs the texts, where it is known.
    pub role: Option<String>,
}

impl Default for CompileOptions {
    fn default() -> Self {
        CompileOptions {
            version: NEWEST,
            name: "schema".to_owned(),
            first_number: 1,
            small_table_rows: None,
            allowed: Vec::new(),
            unmodelled: Unmodelled::Refuse,
            sizes: Sizes::new(),
            scope: Scope::default(),
            role: None,
        }
    }
}

/// Two snapshots and their differences. With a scope both differ in scope alone.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What is, and what is wanted.
    pub snapshots: Pair<Snapshot>,
    /// What the author said in directives.
    pub intent: Intent,
    /// What is, under the new names of what is renamed.
    pub renamed: Catalog,
    /// The differences between that and what is wanted.
    pub changes: Vec<Change>,
    /// What is out of scope, which no plan may take away even to make it anew.
    pub outside: HashSet<ObjectId>,
    /// What counted as a difference.
    pub comparison: Comparison,
    /// How the texts were read.
    pub read_options: ReadOptions,
}

/// A plan in all its forms. Without a difference everything in it is empty.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The differences.
    pub changes: Vec<Change>,
    /// The files' statements.
    pub plan: Plan,
    /// The way of each object.
    pub ladders: Vec<Ladder>,
    /// The migration files, in the order of execution, each up followed by its down.
    pub files: Vec<WrittenFile>,
    /// The plan folder's files.
    pub documents: Vec<WrittenFile>,
}

/// Reads both sides and finds what differs. Nothing when a side cannot be read.
pub fn compare(
    sources: &Sources,
    from: &[SourceId],
    to: &[SourceId],
    options: &CompileOptions,
) -> Checked<Option<Compared>> {
    let ids = Pair::new(from, to);
    let Checked {
        value: (mut snapshots, read_options),
        mut diagnostics,
    } = read(sources, ids, options);
    if has_errors(&diagnostics) {
        return Checked {
            value: None,
            diagnostics,
        };
    }
    let mut intent = bind(sources, snapshots.as_ref(), options.version).unpack(&mut diagnostics);
    let to = &snapshots.to.catalog;
    let scope = &options.scope;
    intent.renames.retain(|rename| scope.includes(to, &rename.to));
    intent.conversions.retain(|column, _| scope.includes(to, column));
    let mut comparison = comparison(snapshots.as_ref(), options, &mut diagnostics);
    if comparison.not_null_names == Attention::Compared {
        comparison.not_null_names = not_null_names(sources, ids, &mut diagnostics);
    }
    let mut renamed = renamed(&snapshots.from.catalog, &intent.renames);
    let mut changes = diff(Pair::new(&renamed, to), comparison);
    let mut alike = alike(Pair::new(&renamed, to), &changes);
    alike.retain(|(gone, come)| scope.includes(&renamed, gone) && scope.includes(to, come));
    if !alike.is_empty() {
        intent.renames.extend(alike.into_iter().map(|(from, to)| {
            Rename {
                span: snapshots
                    .to
                    .origins
                    .get(&to)
                    .copied()
                    .unwrap_or(Span::new(SourceId(0), 0, 0)),
                from,
                to,
                method: RenameMethod::Direct,
            }
        }));
        renamed = lower::renamed(&snapshots.from.catalog, &intent.renames);
        changes = diff(Pair::new(&renamed, to), comparison);
    }
    let mut outside = HashSet::default();
    if !scope.is_everything() {
        let narrowed = narrow(Pair::new(&renamed, to), scope, options.version);
        diagnostics.extend(narrowed.errors);
        for (id, entry) in narrowed.assumed {
            renamed.insert(id.clone(), entry.clone());
            snapshots.from.catalog.insert(id, entry);
        }
        snapshots.to.catalog = narrowed.to;
        outside = narrowed.outside;
        let to = &snapshots.to.catalog;
        comparison = comparison.within(Comparison::of(to, options.version));
        changes = diff(Pair::new(&renamed, to), comparison);
    }
    intent.take_sizes(&options.sizes);
    diagnostics.extend(without_effect(&intent, &changes));
    diagnostics.extend(unknown(snapshots.as_ref(), &renamed, &changes));
    let value = (!has_errors(&diagnostics)).then_some(Compared {
        snapshots,
        intent,
        renamed,
        changes,
        outside,
        comparison,
        read_options,
    });
    Checked { value, diagnostics }
}

/// Directives that changed nothing. A `backfill` of a column that is there already, or a rename that has happened, is
/// true already and may stay.
fn without_effect(intent: &Intent, changes: &[Change]) -> Vec<Diagnostic> {
    let has_effect = |column: &ObjectId| {
        changes.iter().any(|change| match change {
            Change::Alter(id, attributes) => id == column && attributes.contains(&Attribute::DataType),
            Change::Create(id) => id == column,
            Change::Drop(_) => false,
        })
    };
    let mut idle: Vec<Diagnostic> = intent
        .conversions
        .iter()
        .filter(|(column, _)| !has_effect(column))
        .map(|(column, said)| {
            let message = format!("\"using\" changes nothing: the type of {} stays", describe(column));
            Diagnostic::warning(Code::DirectiveWithoutEffect, message).at(said.span)
        })
        .collect();
    idle.sort_by_key(Diagnostic::span);
    idle
}

/// Compiles the way from one schema to another. Nothing when there is an error; the diagnostics say which.
pub fn compile(
    sources: &Sources,
    from: &[SourceId],
    to: &[SourceId],
    options: &CompileOptions,
) -> Checked<Option<Compiled>> {
    on_deep_stack(|| {
        let mut diagnostics = Vec::new();
        let value = compare(sources, from, to, options)
            .unpack(&mut diagnostics)
            .and_then(|compared| plan(&compared, options, &mut diagnostics));
        Checked { value, diagnostics }
    })
}

/// Lowers, orders, schedules, writes and proves what was compared.
fn plan(compared: &Compared, options: &CompileOptions, diagnostics: &mut Vec<Diagnostic>) -> Option<Compiled> {
    let catalogs = compared.snapshots.as_ref().map(|snapshot| &snapshot.catalog);
    let lower_options = LowerOptions {
        version: options.version,
        small_table_rows: options.small_table_rows,
        allowed: options.allowed.iter().cloned().collect(),
    };
    // Three catalogs that are nearly the same, and copies of them in the proof, ask who refers to whom.
    compared.renamed.share_users(catalogs.from);
    catalogs.to.share_users(catalogs.from);
    let under_new_names = Pair::new(&compared.renamed, catalogs.to);
    let version = options.version;
    let moved = lower::out_of_the_way(under_new_names, &compared.changes, &compared.intent, version);
    let (under_new_names, changes, intent) = match &moved {
        None => (under_new_names, Cow::Borrowed(&compared.changes), &compared.intent),
        Some((catalog, intent)) => {
            let pair = Pair::new(catalog, catalogs.to);
            let changes = diff(pair, Comparison::of(catalogs.to, version));
            (pair, Cow::Owned(changes), intent)
        }
    };
    let ladders = lower(
        under_new_names,
        &changes,
        intent,
        &compared.snapshots.to.origins,
        &lower_options,
    )
    .unpack(diagnostics);
    if has_errors(diagnostics) {
        return None;
    }
    let ordered = match order(&ladders) {
        Ok(ordered) => ordered,
        Err(error) => {
            diagnostics.push(circle(&error));
            return None;
        }
    };
    let plan = schedule(&ordered);
    diagnostics.extend(hazards(compared, &plan, options));
    diagnostics.extend(touched_outside(compared, &plan));
    if has_errors(diagnostics) {
        return None;
    }
    // What is left of hazards here is what is not refused.
    let taken: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.is_hazard())
        .cloned()
        .collect();
    let input = Input {
        plan: &plan,
        ladders: &ladders,
        name: &options.name,
        first_number: options.first_number,
        version: options.version,
        hazards: &taken,
        options: &recorded::record(options, compared, &plan, &ladders),
    };
    let files = migrations(&input);
    let documents = documents(&input);
    if let Err(fault) = proof(compared, &plan, &files) {
        diagnostics.push(match options.scope.is_everything() {
            true => fault,
            false => fault.hint(
                "Perhaps something in scope needs a change of something that is left out: take both into scope, or leave both out. \
                 Otherwise this is a fault of the compiler; please report it with both schemas and the options.",
            ),
        });
        return None;
    }
    Some(Compiled {
        changes: compared.changes.clone(),
        plan,
        ladders,
        files,
        documents,
    })
}

/// Locks of the up files that would last. Relations that the plan makes, or whose rows are few, do no harm.
fn hazards(compared: &Compared, plan: &Plan, options: &CompileOptions) -> Vec<Diagnostic> {
    let intent = &compared.intent;
    let allowed_here = |hazard: Code, relation: &str| {
        intent.allowances.iter().any(|allowance| {
            allowance.hazard == hazard.name()
                && allowance
                    .object
                    .as_ref()
                    .is_none_or(|object| relation_text(object).as_deref() == Some(relation))
        })
    };
    let allows = |hazard: Code, relation: &str| {
        options.allowed.iter().any(|name| name == hazard.name()) || allowed_here(hazard, relation)
    };
    let small = intent
        .rows
        .keys()
        .chain(intent.sizes.keys())
        .filter(|table| intent.is_small(table, options.small_table_rows));
    let new = plan
        .files
        .iter()
        .flat_map(|file| &file.up)
        // What takes one name away and gives another is a rename: the rows are the old ones.
        .filter(|statement| statement.removes.is_empty())
        .flat_map(|statement| &statement.provides);
    let is = &compared.snapshots.from.catalog;
    let emptied: Vec<&ObjectId> = materialized_views_anew(plan, is);
    let harmless: HashSet<String> = new
        .filter(|id| matches!(id, ObjectId::Relation(_)) && !is.contains(id))
        .chain(small)
        .chain(emptied.iter().copied())
        .filter_map(relation_text)
        .collect();
    let mut hazards = long_locks(plan, &|relation| harmless.contains(relation), &allows);
    hazards.extend(
        emptied
            .into_iter()
            .filter(|id| plan.files.iter().any(|file| fills_anew(file, id)))
            .filter_map(relation_text)
            .filter(|name| !allows(Code::ViewRecreate, name))
            .map(|name| {
                Diagnostic::warning(
                    Code::ViewRecreate,
                    format!("materialized view {name} is filled anew, and who reads it waits meanwhile"),
                )
                .detail(
                    "It holds no rows of its own: the transaction drops it, creates it and fills it from its query.",
                )
            }),
    );
    hazards
}

/// What is out of scope and would be taken away, were it only to come back.
fn touched_outside(compared: &Compared, plan: &Plan) -> Vec<Diagnostic> {
    if compared.outside.is_empty() {
        return Vec::new();
    }
    let statements = plan.files.iter().flat_map(|file| &file.up);
    let removed: BTreeSet<&ObjectId> = statements.flat_map(|statement| &statement.removes).collect();
    removed
        .into_iter()
        .filter(|id| compared.outside.contains(*id))
        .map(touches_outside)
        .collect()
}

/// Materialized views that go in the plan, to come back or not: nobody writes them, and their readers are told.
fn materialized_views_anew<'a>(plan: &'a Plan, is: &Catalog) -> Vec<&'a ObjectId> {
    let removed = plan
        .files
        .iter()
        .flat_map(|file| &file.up)
        .flat_map(|statement| &statement.removes);
    let mut found: Vec<&ObjectId> = removed
        .filter(|id| {
            is.get(id)
                .is_some_and(|entry| matches!(entry.object, Object::MaterializedView(_)))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Whether one transaction drops a materialized view, makes it and fills it.
fn fills_anew(file: &File, view: &ObjectId) -> bool {
    let position = file.up.iter().position(|statement| statement.removes.contains(view));
    position.is_some_and(|position| {
        file.up[position..]
            .iter()
            .any(|statement| statement.provides.contains(view) && statement.locks.iter().any(|lock| lock.scans))
    })
}

/// A relation as locks name it.
fn relation_text(id: &ObjectId) -> Option<String> {
    match id {
        ObjectId::Relation(name) => Some(write::qualified(name)),
        other => other.parent().and_then(|whole| relation_text(&whole)),
    }
}

/// Proves the files' texts; they come in pairs, up before down.
fn proof(compared: &Compared, plan: &Plan, files: &[WrittenFile]) -> Result<(), Diagnostic> {
    let texts: Vec<ProvedFile<'_>> = files
        .chunks_exact(2)
        .map(|pair| ProvedFile {
            name: &pair[0].name,
            up: &pair[0].text,
            down: &pair[1].text,
        })
        .collect();
    let catalogs = compared.snapshots.as_ref().map(|snapshot| &snapshot.catalog);
    let read_options = compared.read_options.clone();
    let mut judge = Replayed {
        replay: Replay::new(catalogs.from.clone(), read_options),
        comparison: compared.comparison,
    };
    prove(catalogs.to, plan, &texts, &mut judge)
}

/// The proof's judge: the reader itself, and the comparison that made the plan.
struct Replayed {
    replay: Replay,
    comparison: Comparison,
}

impl Judge for Replayed {
    fn apply(&mut self, file: &File, side: Side, text: &str) -> Result<(), Diagnostic> {
        // What is neutral in one file (the removal of an invalid index) may be the very change of another.
        let statements = file.statements(side).iter();
        let neutral: HashSet<&str> = statements
            .filter(|statement| statement.effect != Effect::Schema)
            .map(|statement| statement.sql.as_str())
            .collect();
        self.replay.apply(text, &neutral)
    }

    fn catalog(&self) -> &Catalog {
        self.replay.catalog()
    }

    fn differences(&self, expected: &Catalog) -> Vec<Change> {
        diff(Pair::new(self.replay.catalog(), expected), self.comparison)
    }

    fn describe(&self, change: &Change) -> String {
        change_in_words(change)
    }
}

/// What is not as it should be after a text was read again.
pub(crate) fn change_in_words(change: &Change) -> String {
    match change {
        Change::Create(id) => format!("{} is missing", describe(id)),
        Change::Drop(id) => format!("{} is left over", describe(id)),
        Change::Alter(id, attributes) => {
            let words: Vec<&str> = attributes.iter().map(|attribute| attribute.words()).collect();
            format!("{} differs in {}", describe(id), words.join(", "))
        }
    }
}

/// Steps that wait for each other.
pub(crate) fn circle(error: &OrderError) -> Diagnostic {
    let members: Vec<String> = error
        .members
        .iter()
        .map(|(title, rule)| format!("{title} ({})", rule.sentence()))
        .collect();
    Diagnostic::error(Code::GraphCycle, "the steps wait for each other in a circle").detail(members.join(" -> "))
}
