//! What every pattern may look at: the two catalogs, the changes, the author's intent, the options.

use super::materialized::{self, Materialized};
use super::{column_type, replace, shadow, types};
use crate::catalog::hashing::{HashMap, HashSet, IndexSet};
use crate::catalog::{Catalog, Entry, ObjectId};
use crate::diagnostic::Diagnostic;
use crate::dialect::postgres::action::Surroundings;
use crate::diff::{Attribute, Change};
use crate::pair::Pair;
use crate::snapshot::intent::Intent;
use crate::source::Span;
use std::cell::RefCell;

/// Options that decide between patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerOptions {
    /// The server's major version.
    pub version: u16,
    /// Tables of at most this many rows (by a `rows` directive or the server's statistics) may be scanned or rewritten under a strong lock.
    pub small_table_rows: Option<u64>,
    /// Hazards that are allowed everywhere.
    pub allowed: HashSet<String>,
}

/// The state of a lowering.
pub struct Lowering<'a> {
    /// What is (renames applied) and what is wanted.
    pub pair: Pair<&'a Catalog>,
    /// What the author said.
    pub intent: &'a Intent,
    /// Where each object of the wanted schema was written.
    pub origins: &'a HashMap<ObjectId, Span>,
    /// How to lower.
    pub options: &'a LowerOptions,
    /// What lies around each relation, for locks and for needs that references do not name.
    pub surroundings: Surroundings<'a>,
    created: HashSet<ObjectId>,
    dropped: HashSet<ObjectId>,
    altered: HashMap<ObjectId, Vec<Attribute>>,
    replaced: IndexSet<ObjectId>,
    /// How the materialized views among these are made anew.
    pub materialized: Materialized,
    claimed: HashSet<ObjectId>,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Lowering<'a> {
    /// Looks over the changes and settles what has to be dropped and created anew.
    pub fn new(
        pair: Pair<&'a Catalog>,
        changes: &[Change],
        intent: &'a Intent,
        origins: &'a HashMap<ObjectId, Span>,
        options: &'a LowerOptions,
    ) -> Self {
        let mut lowering = Lowering {
            pair,
            intent,
            origins,
            options,
            surroundings: Surroundings::new(pair),
            created: HashSet::default(),
            dropped: HashSet::default(),
            altered: HashMap::default(),
            replaced: IndexSet::default(),
            materialized: Materialized::default(),
            claimed: HashSet::default(),
            diagnostics: RefCell::default(),
        };
        for change in changes {
            match change {
                Change::Create(id) => {
                    lowering.created.insert(id.clone());
                }
                Change::Drop(id) => {
                    lowering.dropped.insert(id.clone());
                }
                Change::Alter(id, attributes) => {
                    lowering.altered.insert(id.clone(), attributes.clone());
                }
            }
        }
        lowering.replaced = replace::closure(&lowering);
        lowering.materialized = materialized::settle(&lowering);
        lowering.claimed = column_type::claims(&lowering);
        lowering.claimed.extend(materialized::claims(&lowering));
        lowering.claimed.extend(shadow::claims(&lowering));
        lowering.claimed.extend(types::with_functions::claims(&lowering));
        lowering
    }

    /// The entry of an object as it is.
    pub fn from(&self, id: &ObjectId) -> Option<&'a Entry> {
        self.pair.from.get(id)
    }

    /// The entry of an object as it is wanted.
    pub fn to(&self, id: &ObjectId) -> Option<&'a Entry> {
        self.pair.to.get(id)
    }

    /// Whether an object is new.
    pub fn is_created(&self, id: &ObjectId) -> bool {
        self.created.contains(id)
    }

    /// Whether an object goes.
    pub fn is_dropped(&self, id: &ObjectId) -> bool {
        self.dropped.contains(id)
    }

    /// The attributes in which an object differs.
    pub fn altered(&self, id: &ObjectId) -> Option<&[Attribute]> {
        self.altered.get(id).map(Vec::as_slice)
    }

    /// All objects that differ in attributes.
    pub fn all_altered(&self) -> impl Iterator<Item = (&ObjectId, &Vec<Attribute>)> {
        self.altered.iter()
    }

    /// All objects that are new.
    pub fn all_created(&self) -> impl Iterator<Item = &ObjectId> {
        self.created.iter()
    }

    /// All objects that go.
    pub fn all_dropped(&self) -> impl Iterator<Item = &ObjectId> {
        self.dropped.iter()
    }

    /// Whether an object is dropped and created anew.
    pub fn is_replaced(&self, id: &ObjectId) -> bool {
        self.replaced.contains(id)
    }

    /// Whether the ladder of another object makes this one's difference.
    pub fn is_claimed(&self, id: &ObjectId) -> bool {
        self.claimed.contains(id)
    }

    /// The objects that are dropped and created anew, in catalog order.
    pub fn replaced(&self) -> &IndexSet<ObjectId> {
        &self.replaced
    }

    /// Whether a relation is new, or was: its rows need no protection.
    pub fn has_no_rows(&self, relation: &ObjectId) -> bool {
        self.is_created(relation) || self.is_dropped(relation)
    }

    /// Whether a hazard is allowed, everywhere or for this object or the relation it is a part of.
    pub fn allows(&self, hazard: &str, id: &ObjectId) -> bool {
        let whole = id.parent();
        self.options.allowed.contains(hazard)
            || self.intent.allowances.iter().any(|allowance| {
                allowance.hazard == hazard
                    && allowance
                        .object
                        .as_ref()
                        .is_none_or(|object| object == id || Some(object) == whole.as_ref())
            })
    }

    /// Whether a relation is known to be small enough to be scanned or rewritten under a strong lock.
    pub fn is_small(&self, relation: &ObjectId) -> bool {
        self.intent.is_small(relation, self.options.small_table_rows)
    }

    /// Notes something to say about the plan.
    pub fn say(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// What was noted.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(self.diagnostics.get_mut())
    }
}
