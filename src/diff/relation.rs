//! Differences of relations and their parts: tables, columns, defaults, constraints, indexes, sequences, views.
//!
//! Every struct is taken apart by name without `..`, so that a new field cannot be forgotten.

use super::{Attention, Attribute, Comparison};
use crate::catalog::constraint::Constraint;
use crate::catalog::index::Index;
use crate::catalog::sequence::Sequence;
use crate::catalog::table::{Column, Default, Inheritance, NotNull, Table};
use crate::catalog::view::{MaterializedView, View};
use crate::pair::Pair;

/// Adds an attribute for each field that differs.
macro_rules! compare {
    ($pair:expr, $found:expr, $type:ident { $($field:ident => $attribute:expr),* $(,)? } $(ignoring { $($ignored:ident),* })?) => {{
        let Pair { from, to } = $pair;
        let $type { $($field: _,)* $($($ignored: _,)*)? } = from;
        $( if from.$field != to.$field { add($found, $attribute); } )*
    }};
}
pub(super) use compare;

/// Adds an attribute once.
pub(super) fn add(found: &mut Vec<Attribute>, attribute: Attribute) {
    if !found.contains(&attribute) {
        found.push(attribute);
    }
}

pub(super) fn table(pair: Pair<&Table>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Table {
        persistence => Attribute::Persistence,
        foreign => Attribute::Foreign,
        partition_key => Attribute::PartitionKey,
        partition_of => Attribute::PartitionOf,
        inherits => Attribute::Inherits,
        of_type => Attribute::OfType,
        access_method => Attribute::AccessMethod,
        tablespace => Attribute::Tablespace,
        options => Attribute::Options,
        row_security => Attribute::RowSecurity,
        replica_identity => Attribute::ReplicaIdentity,
        cluster_on => Attribute::ClusterOn,
    });
}

pub(super) fn column(pair: Pair<&Column>, comparison: Comparison, found: &mut Vec<Attribute>) {
    compare!(pair, found, Column {
        data_type => Attribute::DataType,
        collation => Attribute::Collation,
        identity => Attribute::Identity,
        generated => Attribute::Generated,
        storage => Attribute::Storage,
        compression => Attribute::Compression,
        statistics => Attribute::Statistics,
        options => Attribute::Options,
        foreign_options => Attribute::ForeignOptions,
        inheritance => Attribute::Inheritance,
    } ignoring { not_null });
    match (&pair.from.not_null, &pair.to.not_null) {
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => add(found, Attribute::NotNull),
        (Some(from), Some(to)) => not_null(Pair { from, to }, comparison, found),
    }
}

fn not_null(pair: Pair<&NotNull>, comparison: Comparison, found: &mut Vec<Attribute>) {
    if comparison.not_null_names == Attention::Compared {
        compare!(pair, found, NotNull {
            validation => Attribute::NotNullConstraint,
            inherit => Attribute::NotNullConstraint,
            name => Attribute::NotNullConstraint,
        } ignoring { inheritance });
        let own = |not_null: &NotNull| not_null.inheritance == Inheritance::Local;
        if own(pair.from) != own(pair.to) {
            add(found, Attribute::NotNullConstraint);
        }
    }
}

pub(super) fn default(pair: Pair<&Default>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Default {
        expression => Attribute::Expression,
        inheritance => Attribute::Inheritance,
    });
}

pub(super) fn constraint(pair: Pair<&Constraint>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Constraint {
        kind => Attribute::Definition,
        deferral => Attribute::Deferral,
        validation => Attribute::Validation,
        inheritance => Attribute::Inheritance,
        parent => Attribute::Parent,
    });
}

pub(super) fn index(pair: Pair<&Index>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Index {
        table => Attribute::Definition,
        method => Attribute::Definition,
        uniqueness => Attribute::Definition,
        keys => Attribute::Definition,
        include => Attribute::Definition,
        predicate => Attribute::Definition,
        options => Attribute::Options,
        tablespace => Attribute::Tablespace,
        statistics => Attribute::Statistics,
        parent => Attribute::Parent,
        coverage => Attribute::Coverage,
    });
}

pub(super) fn sequence(pair: Pair<&Sequence>, found: &mut Vec<Attribute>) {
    compare!(pair, found, Sequence {
        persistence => Attribute::Persistence,
        options => Attribute::SequenceOptions,
        owned_by => Attribute::OwnedBy,
    });
}

pub(super) fn view(pair: Pair<&View>, found: &mut Vec<Attribute>) {
    compare!(pair, found, View {
        query => Attribute::Query,
        columns => Attribute::Query,
        options => Attribute::Options,
    } ignoring { types });
}

pub(super) fn materialized_view(pair: Pair<&MaterializedView>, found: &mut Vec<Attribute>) {
    // WITH NO DATA says how it was filled when it was made, not what it is.
    compare!(pair, found, MaterializedView {
        query => Attribute::Query,
        columns => Attribute::Query,
        options => Attribute::Options,
        tablespace => Attribute::Tablespace,
        access_method => Attribute::AccessMethod,
    } ignoring { types, population });
}
