//! Constraints of tables and domains.

use super::column::no_inherit;
use super::column_list;
use super::index::{self, include_clause};
use crate::catalog::constraint::{
    Constraint, ConstraintKind, Deferral, DomainConstraint, Exclude, ForeignKey, Key, KeyKind, Match, Overlaps, Period,
    ReferentialAction,
};
use crate::catalog::table::Validation;
use crate::catalog::{Ident, ObjectId, Options};
use crate::dialect::postgres::write::options::with_clause;
use crate::dialect::postgres::write::{ident, identity, template};

/// `CONSTRAINT name …`, all of it.
pub fn named(id: &ObjectId, constraint: &Constraint) -> String {
    format!("CONSTRAINT {} {}", ident(&id.last_name()), definition(constraint))
}

/// `CONSTRAINT name CHECK (…)` of a domain.
pub fn of_domain(id: &ObjectId, constraint: &DomainConstraint) -> String {
    format!(
        "CONSTRAINT {} CHECK ({}){}",
        ident(&id.last_name()),
        template(&constraint.expression),
        validation(constraint.validation)
    )
}

/// `CONSTRAINT name PRIMARY KEY USING INDEX index …`.
pub fn key_using_index(id: &ObjectId, constraint: &Constraint, index: &ObjectId) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::Key(key) => match key.kind {
            KeyKind::Primary => "PRIMARY KEY",
            // NULLS NOT DISTINCT is the index's: the grammar has no place for it here.
            KeyKind::Unique | KeyKind::UniqueNullsNotDistinct => "UNIQUE",
        },
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => "UNIQUE",
    };
    format!(
        "CONSTRAINT {} {kind} USING INDEX {}{}",
        ident(&id.last_name()),
        ident(&index.last_name()),
        deferral(constraint.deferral)
    )
}

/// ` DEFERRABLE …` or nothing.
pub fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "",
        Deferral::InitiallyImmediate => " DEFERRABLE",
        Deferral::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// ` NOT VALID`, ` NOT ENFORCED` or nothing.
pub fn validation(validation: Validation) -> &'static str {
    match validation {
        Validation::Valid => "",
        Validation::NotValid => " NOT VALID",
        Validation::NotEnforced => " NOT ENFORCED",
    }
}

fn definition(constraint: &Constraint) -> String {
    let what = match &constraint.kind {
        ConstraintKind::Check { expression, inherit } => {
            format!("CHECK ({}){}", template(expression), no_inherit(*inherit))
        }
        ConstraintKind::Key(key) => self::key(key),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::Exclude(exclude) => self::exclude(exclude),
    };
    format!(
        "{what}{}{}",
        deferral(constraint.deferral),
        validation(constraint.validation)
    )
}

fn key(key: &Key) -> String {
    let kind = match key.kind {
        KeyKind::Primary => "PRIMARY KEY",
        KeyKind::Unique => "UNIQUE",
        KeyKind::UniqueNullsNotDistinct => "UNIQUE NULLS NOT DISTINCT",
    };
    let overlaps = match key.overlaps {
        Overlaps::Allowed => "",
        Overlaps::Without => " WITHOUT OVERLAPS",
    };
    format!(
        "{kind} ({}{overlaps}){}{}",
        column_list(&key.columns),
        include_clause(&key.include),
        index_clauses(&key.options, key.tablespace.as_ref())
    )
}

fn foreign_key(key: &ForeignKey) -> String {
    let columns = |columns: &[ObjectId]| match (key.period, columns.split_last()) {
        (Period::Period, Some((period, []))) => format!("PERIOD {}", ident(&period.last_name())),
        (Period::Period, Some((period, others))) => {
            format!("{}, PERIOD {}", column_list(others), ident(&period.last_name()))
        }
        (Period::None | Period::Period, _) => column_list(columns),
    };
    let matching = match key.matching {
        Match::Simple => "",
        Match::Full => " MATCH FULL",
        Match::Partial => " MATCH PARTIAL",
    };
    let update = referential_action(key.on_update).map(|action| format!(" ON UPDATE {action}"));
    let delete = referential_action(key.on_delete).map(|action| {
        if key.on_delete_columns.is_empty() {
            format!(" ON DELETE {action}")
        } else {
            format!(" ON DELETE {action} ({})", column_list(&key.on_delete_columns))
        }
    });
    format!(
        "FOREIGN KEY ({}) REFERENCES {} ({}){matching}{}{}",
        columns(&key.columns),
        identity(&key.table),
        columns(&key.referenced),
        update.unwrap_or_default(),
        delete.unwrap_or_default()
    )
}

fn referential_action(action: ReferentialAction) -> Option<&'static str> {
    match action {
        ReferentialAction::NoAction => None,
        ReferentialAction::Restrict => Some("RESTRICT"),
        ReferentialAction::Cascade => Some("CASCADE"),
        ReferentialAction::SetNull => Some("SET NULL"),
        ReferentialAction::SetDefault => Some("SET DEFAULT"),
    }
}

fn exclude(exclude: &Exclude) -> String {
    let elements: Vec<String> = exclude
        .elements
        .iter()
        .map(|element| format!("{} WITH {}", index::key(&element.key), template(&element.operator)))
        .collect();
    let predicate = exclude
        .predicate
        .as_ref()
        .map(|predicate| format!(" WHERE ({})", template(predicate)));
    format!(
        "EXCLUDE USING {} ({}){}{}{}",
        ident(&exclude.method),
        elements.join(", "),
        include_clause(&exclude.include),
        index_clauses(&exclude.options, exclude.tablespace.as_ref()),
        predicate.unwrap_or_default()
    )
}

/// ` WITH (…) USING INDEX TABLESPACE name` of a constraint's index.
fn index_clauses(options: &Options, tablespace: Option<&Ident>) -> String {
    let tablespace = tablespace.map(|name| format!(" USING INDEX TABLESPACE {}", ident(name)));
    format!("{}{}", with_clause(options), tablespace.unwrap_or_default())
}
