//! What of two schemas is looked at: which objects, and whether owners, privileges and what is not mentioned count.
//!
//! Knows catalogs and the words for kinds. Does not compare: it makes of both sides what they have in common outside the
//! scope, so that whatever compares, plans and proves after it sees no difference there and needs no scope of its own.
//!
//! [`rule`] reads rules and says whom they match, [`narrow`] puts both sides right.

mod narrow;
mod rule;

pub use narrow::{Narrowed, narrow, touches_outside};
pub use rule::{Rule, RuleError};

use std::str::FromStr;

use crate::catalog::{Catalog, Object, ObjectId};

/// What is looked at; everything by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only what is in these schemas; in all of them without any.
    pub schemas: Vec<Rule>,
    /// What is left out, and with `!` taken back in; of several rules that match the last one holds.
    pub rules: Vec<Rule>,
    /// Whether owners are looked at.
    pub owners: Heed,
    /// Whether privileges and default privileges are looked at.
    pub privileges: Heed,
    /// What becomes of what the wanted schema does not mention.
    pub unmentioned: Unmentioned,
}

/// Whether something is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Heed {
    /// It is.
    #[default]
    Heeded,
    /// It is as it is, whatever the wanted schema says.
    Ignored,
}

/// What becomes of what the wanted schema does not mention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmentioned {
    /// It is not wanted, so it goes.
    #[default]
    Goes,
    /// It stays.
    Stays,
}

impl Scope {
    /// Whether everything is looked at, so that there is nothing to do.
    pub fn is_everything(&self) -> bool {
        *self == Scope::default()
    }

    /// A scope that is limited to a schema, or to several where the name is a pattern.
    ///
    /// # Errors
    /// The text is no name.
    pub fn schema(text: &str) -> Result<Rule, RuleError> {
        let rule = Rule::from_str(&format!("schema {text}"))?;
        match rule.is_plain() {
            true => Ok(rule),
            false => Err(RuleError::NoName(text.to_owned())),
        }
    }

    /// The name or pattern that such a limit was made from.
    pub fn schema_name(rule: &Rule) -> String {
        let text = rule.to_string();
        text.strip_prefix("schema ").unwrap_or(&text).to_owned()
    }

    /// Whether an object of a catalog is looked at.
    pub fn includes(&self, catalog: &Catalog, id: &ObjectId) -> bool {
        let is_privileges = matches!(id, ObjectId::DefaultPrivileges(_) | ObjectId::Provided(_));
        if is_privileges && self.privileges == Heed::Ignored {
            return false;
        }
        if self.schemas.is_empty() && self.rules.is_empty() {
            return true;
        }
        let chain = chain(catalog, id);
        let matches = |rule: &Rule| chain.iter().any(|id| rule.matches(catalog, id));
        if !self.schemas.is_empty() && !self.schemas.iter().any(matches) {
            return false;
        }
        let last = self.rules.iter().rev().find(|rule| matches(rule));
        last.is_none_or(Rule::takes_in)
    }
}

/// An object, what it is a part of, and its schema.
fn chain(catalog: &Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let mut chain = vec![id.clone()];
    let mut inner = id.clone();
    while let Some(whole) = catalog.whole(&inner).or_else(|| inner.parent()) {
        chain.push(whole.clone());
        inner = whole;
    }
    if let ObjectId::Provided(provided) = id {
        chain.push((**provided).clone());
        inner = (**provided).clone();
        if let Some(Object::Provided(provided)) = catalog.get(id).map(|entry| &entry.object) {
            chain.extend(provided.extension.clone());
        }
    }
    if let Some(schema) = inner.schema() {
        chain.push(ObjectId::Schema(schema.clone()));
    }
    chain
}
