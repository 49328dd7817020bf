//! Tests of `action::footprint`: small catalogs, one action each, and what must come out.

use super::*;
use crate::catalog::table::{Column, Inheritance};
use crate::catalog::{Catalog, DataType, Entry, Options, Template};
use crate::dialect::postgres::action::{Guard, RowWork, Subject};
use crate::pair::Pair;

fn column() -> Column {
    Column {
        data_type: DataType::plain(QualifiedName::new("app", "mood")),
        collation: None,
        not_null: None,
        identity: None,
        generated: None,
        storage: None,
        compression: None,
        statistics: None,
        options: Options::new(),
        foreign_options: Options::new(),
        inheritance: Inheritance::Local,
    }
}

#[test]
fn a_new_column_needs_its_table_and_its_type_and_makes_its_default() {
    let catalog = Catalog::default();
    let table = QualifiedName::new("app", "users");
    let id = ObjectId::Column(table.clone(), "mood".into());
    let action = Action::alter_table(
        Subject::table(&ObjectId::Relation(table.clone())),
        TableForm::AddColumn {
            id: id.clone(),
            column: Box::new(column()),
            default: Some(Template::text("'sad'")),
            constraints: Vec::new(),
            work: RowWork::CatalogOnly,
            guard: Guard::None,
        },
    );
    let surroundings = Surroundings::new(Pair {
        from: &catalog,
        to: &catalog,
    });
    let footprint = footprint(&action, &surroundings);
    assert_eq!(
        footprint.provides,
        [id, ObjectId::Default(table.clone(), "mood".into())]
    );
    assert_eq!(
        footprint.requires,
        [
            ObjectId::Type(QualifiedName::new("app", "mood")),
            ObjectId::Relation(table)
        ]
    );
}

#[test]
fn a_rename_of_a_table_moves_its_columns() {
    let mut catalog = Catalog::default();
    let (old, new) = (QualifiedName::new("app", "a"), QualifiedName::new("app", "b"));
    let id = ObjectId::Relation(old.clone());
    let part = ObjectId::Column(old.clone(), "x".into());
    catalog.insert(part.clone(), Entry::new(Object::Column(Box::new(column()))));
    let surroundings = Surroundings::new(Pair {
        from: &catalog,
        to: &catalog,
    });
    let action = Action::Rename {
        subject: Subject::table(&id),
        to: ObjectId::Relation(new.clone()),
    };
    let footprint = footprint(&action, &surroundings);
    assert_eq!(footprint.removes, [id, part]);
    assert!(footprint.provides.contains(&ObjectId::Column(new, "x".into())));
}
