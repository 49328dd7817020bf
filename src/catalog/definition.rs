//! Schemas, extensions, and the kinds that are kept by their definition.

use super::id::ObjectId;
use super::privilege::Privileges;
use super::refers::refers;
use super::template::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An extension (PostgreSQL manual, CREATE EXTENSION). What it makes is the extension's, not the schema's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// SCHEMA, when one was named, as a schema identity.
    pub schema: Option<ObjectId>,
    /// VERSION, when one was named.
    pub version: Option<Arc<str>>,
    /// What default privileges gave to members of a kind when the extension was made, by the words of ALTER DEFAULT
    /// PRIVILEGES for the kind, where that is not what is built in.
    pub made_under: BTreeMap<&'static str, Privileges>,
}
refers!(Extension { schema });

/// An object that is kept by its definition: compared as canonical text with references, replaced when it differs
/// in more than the clauses that can be altered. None of them holds rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What stands after `CREATE kind identity` in canonical form, the clauses left out. The identity is the qualified
    /// name; of a cast `(source AS target)`, of a transform `FOR type LANGUAGE language`, of a user mapping
    /// `FOR role SERVER server`. An operator family's or class's method and an aggregate's arguments belong to the body.
    /// Of a text search dictionary it is the template's name alone, of a configuration the parser's.
    pub body: Template,
    /// Clauses that can be altered one by one, in the order of [`ClauseName`] and then of their keys;
    /// parameters in the order given, which decides nothing.
    pub clauses: Vec<Clause>,
}
refers!(Definition { body, clauses });

/// A clause of a definition that can be altered by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Which clause.
    pub name: ClauseName,
    /// What tells clauses of one name apart: an option's or parameter's name, a token type; unquoted.
    pub key: Option<Arc<str>>,
    /// Its value as it is written, literals in quotes; empty where the name says it all.
    pub value: Template,
}
refers!(Clause { value });

/// The clauses that stand apart from a definition's body. `Ord` is the order in which CREATE takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClauseName {
    /// TRUSTED of a language; before the kind. Cannot be altered.
    Trusted,
    /// DEFAULT of a conversion; before the kind. Cannot be altered.
    Default,
    /// TYPE of a server, before the body. Cannot be altered.
    Type,
    /// VERSION of a server, before the body.
    Version,
    /// HANDLER of a foreign-data wrapper: the function.
    Handler,
    /// VALIDATOR of a foreign-data wrapper: the function.
    Validator,
    /// CONNECTION of a subscription.
    Connection,
    /// PUBLICATION of a subscription: the names.
    Publications,
    /// FOR of a publication, without the word: `TABLE a, TABLE b WHERE (…)`, `TABLES IN SCHEMA s`, `ALL TABLES`.
    Tables,
    /// An option of a foreign-data wrapper, server or user mapping, by its name: `OPTIONS (key value)`.
    Option,
    /// A parameter of a publication, subscription or text search dictionary, by its name: `key = value`.
    Parameter,
    /// WITH of a text search configuration's mapping, by the token type: the dictionaries. Not part of CREATE.
    Mapping,
    /// A member of an operator family that belongs to none of its classes, by what DROP calls it
    /// (`FUNCTION 2 (integer, integer)`): what ADD says of it. Not part of CREATE.
    Member,
    /// SET STATISTICS of a statistics object. Not part of CREATE.
    StatisticsTarget,
    /// ENABLE REPLICA, ENABLE ALWAYS or DISABLE of an event trigger; ENABLE or DISABLE of a subscription. Not part of CREATE.
    Firing,
}

impl ClauseName {
    /// The clause in words, for messages.
    pub fn words(self) -> &'static str {
        match self {
            ClauseName::Trusted => "trusted",
            ClauseName::Default => "default",
            ClauseName::Type => "type",
            ClauseName::Version => "version",
            ClauseName::Handler => "handler",
            ClauseName::Validator => "validator",
            ClauseName::Connection => "connection",
            ClauseName::Publications => "publications",
            ClauseName::Tables => "tables",
            ClauseName::Option => "option",
            ClauseName::Parameter => "parameter",
            ClauseName::Mapping => "mapping",
            ClauseName::Member => "member",
            ClauseName::StatisticsTarget => "statistics target",
            ClauseName::Firing => "firing",
        }
    }
}

/// An object that the server or an extension makes, with what GRANT and REVOKE need to know of it.
///
/// The entry's privileges are all that is held where it is known what was held from the beginning. Where it is not, they
/// are what was granted, and `revoked` what was taken; of the rest nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// The extension that makes it; `None` for the server's own.
    pub extension: Option<ObjectId>,
    /// What it is.
    pub kind: ProvidedKind,
    /// What default privileges gave to it when its extension was made, where that is not what is built in.
    pub made_under: Option<Privileges>,
    /// What was revoked, where it is not known what was held from the beginning.
    pub revoked: Option<Privileges>,
}
refers!(Provided { extension });

/// The kinds of objects made by the server or an extension that privileges can be granted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // PostgreSQL's own words
pub enum ProvidedKind {
    Schema,
    /// Whatever GRANT ON TABLE reaches.
    Relation,
    Column,
    Sequence,
    /// Functions and aggregates.
    Function,
    Procedure,
    Type,
    Language,
    ForeignDataWrapper,
}

/// The privileges that objects to come will have: changes against the built-in default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultPrivileges {
    /// Granted beyond, or revoked from, the built-in default; see [`Privileges`].
    pub privileges: Privileges,
}
refers!(DefaultPrivileges {});
