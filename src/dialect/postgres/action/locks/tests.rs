//! Tests of `action::locks`: small catalogs, one action each, and what must come out.

use super::*;
use crate::catalog::bound::Bound;
use crate::catalog::constraint::{Deferral, ForeignKey, Match, Period, ReferentialAction};
use crate::catalog::table::{Inheritance, PartitionOf, Persistence, ReplicaIdentity, RowSecurity, Table, Validation};
use crate::catalog::{Catalog, Entry, Options, QualifiedName};
use crate::dialect::postgres::action::table::Validated;
use crate::dialect::postgres::action::{Guard, Kind, Subject, TableForm};
use crate::pair::Pair;

fn relation(name: &str) -> ObjectId {
    ObjectId::Relation(QualifiedName::new("app", name))
}

fn table(partition_of: Option<&str>) -> Entry {
    Entry::new(Object::Table(Box::new(Table {
        persistence: Persistence::Logged,
        foreign: None,
        partition_key: None,
        partition_of: partition_of.map(|parent| PartitionOf {
            parent: relation(parent),
            bound: Bound::Default,
        }),
        inherits: Vec::new(),
        of_type: None,
        access_method: None,
        tablespace: None,
        options: Options::new(),
        row_security: RowSecurity::Disabled,
        replica_identity: ReplicaIdentity::Default,
        cluster_on: None,
    })))
}

fn foreign_key(to: &str, validation: Validation) -> Constraint {
    Constraint {
        kind: ConstraintKind::ForeignKey(ForeignKey {
            columns: Vec::new(),
            table: relation(to),
            referenced: Vec::new(),
            matching: Match::Simple,
            on_delete: ReferentialAction::NoAction,
            on_delete_columns: Vec::new(),
            on_update: ReferentialAction::NoAction,
            period: Period::None,
        }),
        deferral: Deferral::NotDeferrable,
        validation,
        inheritance: Inheritance::Local,
        parent: None,
    }
}

/// orders with a foreign key to users; events with a default partition.
fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    catalog.insert(relation("users"), table(None));
    catalog.insert(relation("orders"), table(None));
    catalog.insert(relation("events"), table(None));
    catalog.insert(relation("events_rest"), table(Some("events")));
    let key = foreign_key("users", Validation::Valid);
    catalog.insert(
        ObjectId::Constraint(QualifiedName::new("app", "orders"), "orders_user_fkey".into()),
        Entry::new(Object::Constraint(Box::new(key))),
    );
    catalog
}

fn held(action: &Action) -> Vec<String> {
    let catalog = catalog();
    let surroundings = Surroundings::new(Pair::new(&catalog, &catalog));
    locks(action, &surroundings, 17)
        .0
        .iter()
        .map(|lock| {
            let scans = if lock.scans { ", scans" } else { "" };
            format!("{} {}{scans}", lock.relation, lock.mode)
        })
        .collect()
}

#[test]
fn a_dropped_table_locks_the_table_it_references() {
    let action = Action::Drop {
        subject: Subject::table(&relation("orders")),
        concurrency: Concurrency::Blocking,
        guard: Guard::None,
    };
    assert_eq!(
        held(&action),
        ["app.orders ACCESS EXCLUSIVE", "app.users ACCESS EXCLUSIVE"]
    );
}

#[test]
fn a_foreign_key_locks_both_ends_and_scans_only_when_validated() {
    let id = ObjectId::Constraint(QualifiedName::new("app", "orders"), "other".into());
    let add = TableForm::AddConstraint(id.clone(), Box::new(foreign_key("users", Validation::NotValid)));
    let validate = TableForm::ValidateConstraint(id, Validated::ForeignKey(relation("users")));
    let orders = Subject::table(&relation("orders"));
    assert_eq!(
        held(&Action::alter_table(orders.clone(), add)),
        ["app.orders SHARE ROW EXCLUSIVE", "app.users SHARE ROW EXCLUSIVE"]
    );
    assert_eq!(
        held(&Action::alter_table(orders, validate)),
        ["app.orders SHARE UPDATE EXCLUSIVE, scans", "app.users ROW SHARE, scans"]
    );
}

#[test]
fn an_altered_partitioned_table_locks_its_partitions() {
    let column = ObjectId::Column(QualifiedName::new("app", "events"), "at".into());
    let events = Subject::table(&relation("events"));
    assert_eq!(
        held(&Action::alter_table(events, TableForm::DropDefault(column))),
        ["app.events ACCESS EXCLUSIVE", "app.events_rest ACCESS EXCLUSIVE"]
    );
}

#[test]
fn a_new_table_locks_nothing_of_its_own() {
    let action = Action::create(relation("new"), table(None), Vec::new());
    assert_eq!(held(&action), Vec::<String>::new());
    let comment = Action::Comment {
        subject: Subject {
            id: relation("new"),
            kind: Kind::Table,
        },
        comment: None,
    };
    assert_eq!(held(&comment), Vec::<String>::new());
}
