//! Differences of types, routines, triggers, rules, policies, extensions and definitions.

use super::relation::{add, compare};
use super::{Attention, Attribute, Comparison};
use crate::catalog::constraint::DomainConstraint;
use crate::catalog::definition::{Clause, ClauseName, Definition, Extension, Provided};
use crate::catalog::routine::Routine;
use crate::catalog::trigger::{Policy, Rule, Trigger};
use crate::catalog::types::{Domain, Type};
use crate::pair::{Pair, keys};

pub(super) fn extension(pair: Pair<&Extension>, comparison: Comparison, found: &mut Vec<Attribute>) {
    // A wanted schema that names no schema or version takes what is there.
    let Extension {
        schema,
        version,
        made_under,
    } = pair.to;
    if schema.is_some() && pair.from.schema != *schema {
        add(found, Attribute::ExtensionSchema);
    }
    let is_compared = comparison.extension_versions == Attention::Compared;
    if is_compared && version.is_some() && pair.from.version != *version {
        add(found, Attribute::Version);
    }
    if pair.from.made_under != *made_under {
        add(found, Attribute::MemberPrivileges);
    }
}

/// What is granted stands in the entry; here is what was revoked where the rest is not known.
pub(super) fn provided(pair: Pair<&Provided>, found: &mut Vec<Attribute>) {
    // How it is called decides only how it is written; who makes it is part of what it is.
    // What default privileges gave is told of its extension.
    compare!(pair, found, Provided {
        extension => Attribute::Kind,
        revoked => Attribute::Privileges,
    } ignoring { kind, made_under });
}

pub(super) fn data_type(pair: Pair<&Type>, comparison: Comparison, found: &mut Vec<Attribute>) {
    match (pair.from, pair.to) {
        (Type::Enum(from), Type::Enum(to)) => {
            if from != to {
                add(found, Attribute::EnumLabels);
            }
        }
        (Type::Composite(from), Type::Composite(to)) => {
            if from != to {
                add(found, Attribute::CompositeAttributes);
            }
        }
        (Type::Domain(from), Type::Domain(to)) => domain(Pair { from, to }, comparison, found),
        (Type::Range(from), Type::Range(to)) => {
            if from != to {
                add(found, Attribute::Definition);
            }
        }
        (Type::Base(from), Type::Base(to)) => {
            if from != to {
                add(found, Attribute::Definition);
            }
        }
        (Type::Shell, Type::Shell) => {}
        (Type::Enum(_) | Type::Composite(_) | Type::Domain(_) | Type::Range(_) | Type::Base(_) | Type::Shell, _) => {
            add(found, Attribute::Kind);
        }
    }
}

fn domain(pair: Pair<&Domain>, comparison: Comparison, found: &mut Vec<Attribute>) {
    compare!(pair, found, Domain {
        base => Attribute::DataType,
        collation => Attribute::Collation,
        default => Attribute::Expression,
    } ignoring { not_null });
    match (&pair.from.not_null, &pair.to.not_null) {
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => add(found, Attribute::NotNull),
        (Some(from), Some(to)) => {
            if comparison.domain_not_null_names == Attention::Compared && from != to {
                add(found, Attribute::NotNullConstraint);
            }
        }
    }
}

pub(super) fn domain_constraint(pair: Pair<&DomainConstraint>, found: &mut Vec<Attribute>) {
    compare!(pair, found, DomainConstraint {
        expression => Attribute::Definition,
        validation => Attribute::Validation,
    });
}

pub(super) fn routine(pair: Pair<&Routine>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Routine {
        kind => Attribute::Kind,
        arguments => Attribute::RoutineInterface,
        returns => Attribute::RoutineInterface,
        language => Attribute::RoutineBody,
        body => Attribute::RoutineBody,
        volatility => Attribute::RoutineBody,
        null_input => Attribute::RoutineBody,
        security => Attribute::RoutineBody,
        leakproof => Attribute::RoutineBody,
        parallel => Attribute::RoutineBody,
        cost => Attribute::RoutineBody,
        rows => Attribute::RoutineBody,
        support => Attribute::RoutineBody,
        transforms => Attribute::RoutineBody,
        // In their order, in which they take effect and the server keeps them.
        settings => Attribute::RoutineBody,
    } ignoring { mentions });
}

pub(super) fn trigger(pair: Pair<&Trigger>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Trigger {
        timing => Attribute::Definition,
        events => Attribute::Definition,
        columns => Attribute::Definition,
        level => Attribute::Definition,
        when => Attribute::Definition,
        old_table => Attribute::Definition,
        new_table => Attribute::Definition,
        function => Attribute::Definition,
        arguments => Attribute::Definition,
        constraint => Attribute::Definition,
        firing => Attribute::Firing,
        parent => Attribute::Parent,
    });
}

pub(super) fn rule(pair: Pair<&Rule>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Rule {
        event => Attribute::Definition,
        condition => Attribute::Definition,
        mode => Attribute::Definition,
        actions => Attribute::Definition,
        firing => Attribute::Firing,
    });
}

pub(super) fn policy(pair: Pair<&Policy>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Policy {
        combination => Attribute::Definition,
        command => Attribute::Definition,
        roles => Attribute::PolicyRoles,
        using => Attribute::PolicyUsing,
        check => Attribute::PolicyCheck,
    });
}

pub(super) fn definition(pair: Pair<&Definition>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Definition {
        body => Attribute::Definition,
    } ignoring { clauses });
    let of_name = |clauses: &[Clause], name: ClauseName| -> Vec<Clause> {
        let mut found: Vec<Clause> = clauses.iter().filter(|clause| clause.name == name).cloned().collect();
        found.sort_by(|left, right| left.key.cmp(&right.key));
        found
    };
    for name in keys(
        pair.from.clauses.iter().map(|clause| &clause.name),
        pair.to.clauses.iter().map(|clause| &clause.name),
    ) {
        if of_name(&pair.from.clauses, *name) != of_name(&pair.to.clauses, *name) {
            add(found, Attribute::Clause(*name));
        }
    }
}
