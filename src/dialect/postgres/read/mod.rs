//! The reader: statements in PostgreSQL's grammar, applied one by one to a catalog.
//!
//! The only code that names pg_query. It is an interpreter of DDL: CREATE, ALTER, DROP, COMMENT and GRANT take effect
//! in order, as on the server, so that hand-written schemas, pg_dump's output, a directory of past migrations and the
//! SQL of a plan are all read by the same rules. What it does not know it refuses at its place; it drops nothing.
//!
//! `apply` finds the method for a statement; the methods stand in files by topic.

pub mod ast;
pub mod body;
pub mod parse;

mod aggregate;
mod alter_attribute;
mod alter_column;
mod alter_constraint;
mod alter_relation;
mod alter_table;
mod base_type;
mod block;
mod bound;
mod calls;
mod collation;
mod column;
mod comment;
mod composite;
mod constraint;
mod conversion;
mod create_table;
mod data;
pub(in crate::dialect::postgres) mod deep;
mod default_privileges;
mod definition;
mod depends;
mod directive;
mod dispatch;
mod domain;
mod drop;
mod enum_type;
mod existence;
mod expression;
pub(in crate::dialect::postgres) mod extension_facts;
mod foreign;
mod foreign_key;
mod function_reference;
mod grant;
mod identify;
mod index;
mod inherit;
mod key;
mod key_triggers;
mod like;
mod links;
mod locale_tag;
mod lookup;
mod naming;
mod not_null;
mod operator;
mod operator_class;
mod options;
mod owner;
mod pair;
mod partition;
mod partition_index;
mod procedural;
mod provided;
mod provided_target;
mod publication;
mod relocate;
mod remove;
mod rename;
mod repeated;
mod replay;
mod routine;
mod routine_attributes;
mod routine_lookup;
mod rule;
mod runner;
mod schema;
mod script;
mod sequence;
mod session;
mod settings;
mod statistics;
mod subscription;
mod table;
mod table_as;
mod text_search;
mod trigger;
mod type_facts;
mod view;

#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod testing;

pub use deep::on_deep_stack;
pub use default_privileges::with_default_privileges;
pub use directive::bind;
pub use pair::read_pair;
pub(in crate::dialect::postgres) use provided::{columns_from_the_beginning, initial_of};
pub use replay::Replay;
pub use runner::runner;
pub use script::read_script;
pub use settings::Settings;

use crate::catalog::hashing::HashMap;
use crate::catalog::{Catalog, Entry, Ident, Object, ObjectId};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::dialect::postgres::Zone;
use crate::dialect::postgres::analyse::Refusal;
use crate::snapshot::{Snapshot, Told};
use crate::source::Span;
use crate::syntax::Directive;
use std::collections::{BTreeMap, BTreeSet};

/// How a text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// The server's major version, 14 to 18: clauses it does not know are refused.
    pub version: u16,
    /// What happens to statements that are parsed but not modelled.
    pub unmodelled: Unmodelled,
    /// The role that runs the texts, where it is known: to name it is then the same as to name none.
    pub runner: Option<Ident>,
    /// The time zone of the session that runs the texts, where it is known.
    pub zone: Zone,
}

/// What happens to a statement that pg_query can parse and the catalog cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmodelled {
    /// An error at its place.
    Refuse,
    /// It is kept as text, compared, and reported as not planned.
    Carry,
}

impl std::default::Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            version: NEWEST,
            unmodelled: Unmodelled::Refuse,
            runner: None,
            zone: Zone::Unknown,
        }
    }
}

/// The newest server version that is known, the one bundled with the parser.
pub const NEWEST: u16 = 18;
/// The oldest server version that is supported.
pub const OLDEST: u16 = 14;

/// The result of one statement; an error stops that statement only.
pub type Applied<T = ()> = Result<T, Box<Diagnostic>>;

/// The state of a text that is being read.
#[derive(Clone, Debug)]
pub struct Interpreter {
    /// The schema so far.
    pub catalog: Catalog,
    /// Where each object was last defined, for directives and messages.
    pub origins: HashMap<ObjectId, Span>,
    /// What was found on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// Statements carried as text under [`Unmodelled::Carry`], in order.
    pub carried: Vec<(String, Span)>,
    /// search_path, role and other settings of the session.
    pub settings: Settings,
    options: ReadOptions,
    /// Whether the texts are pg_dump's.
    is_dump: bool,
    /// Whether a dump is read as the trees that its database stores, not those that running it would.
    shows_stored: bool,
    /// Whether a statement has given anything to a role by name.
    names_owners: bool,
    revoked_in_vain: BTreeMap<(ObjectId, Ident), Span>,
    /// Names of relations that are gone with the session.
    temporary: BTreeSet<Ident>,
    /// Tables of which the server's own triggers are disabled, with the place where that is said.
    disabled_keys: BTreeMap<ObjectId, Span>,
    /// Constraint names, children and the like, kept for speed.
    links: links::Links,
    /// How many statements about rows were passed over, by source.
    skipped_rows: HashMap<crate::source::SourceId, usize>,
    /// The statement that is being applied.
    current: Span,
}

impl Interpreter {
    /// An empty database as CREATE DATABASE leaves it: schema `public`, extension `plpgsql`.
    pub fn new(options: ReadOptions) -> Self {
        let mut catalog = Catalog::default();
        let mut public = Entry::new(Object::Schema);
        // Until 14 it belongs to whoever made the cluster.
        public.owner = (options.version >= 15).then(|| Ident::from("pg_database_owner"));
        catalog.insert(ObjectId::Schema(Ident::from("public")), public);
        Interpreter::resume(catalog, options)
    }

    /// Goes on from a catalog, as the proof of a plan does.
    pub fn resume(catalog: Catalog, options: ReadOptions) -> Self {
        let links = links::Links::of(&catalog);
        Interpreter {
            catalog,
            origins: HashMap::default(),
            diagnostics: Vec::new(),
            carried: Vec::new(),
            settings: Settings::default(),
            options,
            is_dump: false,
            shows_stored: false,
            names_owners: false,
            revoked_in_vain: BTreeMap::new(),
            temporary: BTreeSet::new(),
            disabled_keys: BTreeMap::new(),
            links,
            skipped_rows: HashMap::default(),
            current: Span::new(crate::source::SourceId(0), 0, 0),
        }
    }

    /// Applies one parsed statement that stands at `span`; what goes wrong is kept in `diagnostics`.
    pub fn apply(&mut self, node: &ast::NodeEnum, text: &str, span: Span) {
        self.current = span;
        if let Err(diagnostic) = self.dispatch(node, text) {
            self.diagnostics.push(*diagnostic);
        }
    }

    /// The server's major version that is read for.
    pub fn version(&self) -> u16 {
        self.options.version
    }

    /// The place of a node inside the current statement; `location` is pg_query's byte offset, negative where unknown.
    pub(super) fn place(&self, location: i32) -> Span {
        match u32::try_from(location) {
            Ok(offset) => {
                let start = (self.current.start + offset).min(self.current.end);
                Span {
                    source: self.current.source,
                    start,
                    end: self.current.end.min(start + 1),
                }
            }
            Err(_) => self.current,
        }
    }

    /// An error at a place of the current statement.
    pub(super) fn error(&self, code: Code, location: i32, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(code, message).at(self.place(location)))
    }

    /// Refuses a clause that is parsed but not modelled.
    pub(super) fn refuse(&self, location: i32, what: &str) -> Box<Diagnostic> {
        self.error(Code::UnsupportedClause, location, format!("{what} is not supported"))
    }

    /// Refuses a clause that the target version does not know.
    pub(super) fn needs_version(&self, needed: u16, location: i32, what: &str) -> Applied {
        if self.options.version >= needed {
            return Ok(());
        }
        let refusal = Refusal::version(needed, self.options.version, location, what);
        Err(self.error(refusal.code, location, refusal.message))
    }

    /// Puts a new object into the catalog; one of the same identity is an error unless `existing` says otherwise.
    pub(super) fn create(
        &mut self,
        id: ObjectId,
        object: Object,
        location: i32,
        existing: Existing,
    ) -> Applied<Created> {
        if self.catalog.contains(&id) {
            return match existing {
                Existing::Skip => Ok(Created::Skipped),
                Existing::Replace => {
                    if let Some(entry) = self.catalog.get_mut(&id) {
                        entry.object = object;
                        // CREATE OR REPLACE records anew what the object depends on (`deleteDependencyRecordsFor`).
                        entry.depends_on.clear();
                    }
                    self.origins.insert(id, self.place(location));
                    Ok(Created::Replaced)
                }
                Existing::Refuse => {
                    let mut diagnostic = Diagnostic::error(
                        Code::DuplicateObject,
                        format!("{} already exists", crate::dialect::postgres::describe(&id)),
                    )
                    .at(self.place(location));
                    if let Some(first) = self.origins.get(&id) {
                        diagnostic = diagnostic.label(*first, "first made here");
                    }
                    Err(Box::new(diagnostic))
                }
            };
        }
        if let ObjectId::Relation(name) = &id
            && self.temporary.contains(&name.name)
        {
            return Err(self.refuse(location, "a relation with the name of a temporary one"));
        }
        self.origins.insert(id.clone(), self.place(location));
        let mut entry = Entry::new(object);
        if owner::has_owner(&id, &entry.object) {
            entry.owner = self.settings.role.clone();
        }
        self.catalog.insert(id.clone(), entry);
        self.apply_default_privileges(&id);
        Ok(Created::New)
    }

    /// What was read, with what there is to say about it.
    pub fn finish(self, directives: Vec<Directive>) -> Checked<Snapshot> {
        let unenforced = self.unenforced_keys();
        let mut diagnostics = self.diagnostics;
        diagnostics.extend(unenforced);
        Checked {
            value: Snapshot {
                told: match (self.is_dump, self.names_owners) {
                    (false, _) => Told::Script,
                    (true, true) => Told::Dump,
                    (true, false) => Told::DumpWithoutOwners,
                },
                revoked_in_vain: self.revoked_in_vain,
                catalog: self.catalog,
                origins: self.origins,
                directives,
                carried: self.carried,
            },
            diagnostics,
        }
    }
}

/// What to do when an object of the same identity exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Existing {
    /// It is an error.
    Refuse,
    /// IF NOT EXISTS.
    Skip,
    /// OR REPLACE: owner, comment and privileges stay.
    Replace,
}

/// How a creation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Created {
    /// The object is new.
    New,
    /// It was there; IF NOT EXISTS.
    Skipped,
    /// It was there; OR REPLACE.
    Replaced,
}
