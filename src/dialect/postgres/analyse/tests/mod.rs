//! The analyser by pairs of texts: as written, and in canonical form.
//!
//! Whatever is written in canonical form reads back as itself; every pair is tested for that too.

mod apart;
mod expressions;
mod names;
mod queries;
mod statements;
mod types;

use super::{Analyser, Refusal, Scope};
use crate::catalog::definition::Extension;
use crate::catalog::routine::{
    Argument, ArgumentMode, Body, Leakproof, Mentions, NullInput, Parallel, Returns, Routine, RoutineKind, Security,
    Volatility,
};
use crate::catalog::sequence::{Cycle, Sequence, SequenceOptions};
use crate::catalog::table::{Column, Inheritance, Persistence, ReplicaIdentity, RowSecurity, Table};
use crate::catalog::types::{Attribute, Type};
use crate::catalog::{Array, Catalog, DataType, Entry, Ident, Object, ObjectId, QualifiedName, Template};
use crate::dialect::postgres::read::ast::{self, NodeEnum};
use crate::dialect::postgres::read::parse::parse;
use crate::dialect::postgres::write;
use crate::source::{SourceId, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The tree of one statement.
pub(super) fn tree(text: &str) -> ast::Node {
    let node = parse(text, Span::new(SourceId(0), 0, text.len())).expect("must parse");
    ast::Node { node }
}

/// The tree of an expression.
pub(super) fn expression_tree(text: &str) -> ast::Node {
    let statement = tree(&format!("SELECT {text}"));
    let Some(NodeEnum::SelectStmt(select)) = statement.node else {
        panic!("no SELECT")
    };
    let Some(NodeEnum::ResTarget(target)) = select.target_list.into_iter().next().and_then(|node| node.node) else {
        panic!("no target")
    };
    *target.val.expect("a value")
}

/// A schema `app` with tables `users` and `orders`, a few types, routines and a sequence; extensions in `public`.
pub(super) fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    for schema in ["public", "app", "other"] {
        catalog.insert(ObjectId::Schema(schema.into()), Entry::new(Object::Schema));
    }
    for extension in ["citext", "pg_trgm"] {
        let schema = Some(ObjectId::Schema("public".into()));
        let object = Object::Extension(Box::new(Extension {
            schema,
            version: None,
            made_under: BTreeMap::new(),
        }));
        catalog.insert(ObjectId::Extension(extension.into()), Entry::new(object));
    }
    let mood = Type::Enum(vec![Arc::from("ok"), Arc::from("bad")]);
    catalog.insert(ObjectId::Type(name("mood")), Entry::new(Object::Type(Box::new(mood))));
    let point = ["x", "y"].map(|name| Attribute {
        name: name.into(),
        data_type: system("int4"),
        collation: None,
        comment: None,
    });
    let point = Type::Composite(point.into_iter().collect());
    catalog.insert(ObjectId::Type(name("spot")), Entry::new(Object::Type(Box::new(point))));
    table(
        &mut catalog,
        "users",
        &[
            ("id", system("int8")),
            ("name", system("text")),
            ("email", system("varchar")),
            ("org_id", system("int8")),
            ("tags", array("text")),
            ("data", system("jsonb")),
            ("at", system("timestamptz")),
            ("mood", DataType::plain(name("mood"))),
            ("place", DataType::plain(name("spot"))),
        ],
    );
    table(
        &mut catalog,
        "orders",
        &[
            ("id", system("int8")),
            ("user_id", system("int8")),
            ("org_id", system("int8")),
            ("total", system("numeric")),
            ("order", system("int4")),
        ],
    );
    table(
        &mut catalog,
        "samples",
        &[
            ("c", limited("bpchar", "5")),
            ("v", limited("varchar", "10")),
            ("r", system("float4")),
            ("i", system("int4")),
            ("n", system("numeric")),
            ("m", DataType::plain(name("mood"))),
        ],
    );
    routine(
        &mut catalog,
        "total",
        &["int8"],
        Some(Returns::Value(system("numeric"))),
    );
    routine(
        &mut catalog,
        "total",
        &["int8", "bool"],
        Some(Returns::Value(system("numeric"))),
    );
    routine(&mut catalog, "lower", &["uuid"], Some(Returns::Value(system("text"))));
    let rows = Returns::SetOf(DataType::plain(name("users")));
    routine(&mut catalog, "all_users", &[], Some(rows));
    let pairs = Returns::Table(vec![("key".into(), system("text")), ("n".into(), system("int4"))]);
    routine(&mut catalog, "pairs", &[], Some(pairs));
    let sequence = Sequence {
        persistence: Persistence::Logged,
        options: SequenceOptions {
            data_type: system("int8"),
            start: 1,
            increment: 1,
            minimum: 1,
            maximum: i64::MAX,
            cache: 1,
            cycle: Cycle::NoCycle,
        },
        owned_by: None,
    };
    catalog.insert(
        ObjectId::Relation(name("users_id_seq")),
        Entry::new(Object::Sequence(Box::new(sequence))),
    );
    catalog
}

pub(super) fn name(name: &str) -> QualifiedName {
    QualifiedName::new("app", name)
}

pub(super) fn system(name: &str) -> DataType {
    DataType::system(name)
}

fn limited(name: &str, length: &str) -> DataType {
    DataType {
        modifiers: Arc::from([Arc::from(length)]),
        ..DataType::system(name)
    }
}

fn array(name: &str) -> DataType {
    DataType {
        array: Array::Array,
        ..DataType::system(name)
    }
}

fn table(catalog: &mut Catalog, table: &str, columns: &[(&str, DataType)]) {
    let object = Table {
        persistence: Persistence::Logged,
        foreign: None,
        partition_key: None,
        partition_of: None,
        inherits: Vec::new(),
        of_type: None,
        access_method: None,
        tablespace: None,
        options: crate::catalog::Options::default(),
        row_security: RowSecurity::Disabled,
        replica_identity: ReplicaIdentity::Default,
        cluster_on: None,
    };
    catalog.insert(
        ObjectId::Relation(name(table)),
        Entry::new(Object::Table(Box::new(object))),
    );
    for (column, data_type) in columns {
        let object = Column {
            data_type: data_type.clone(),
            collation: None,
            not_null: None,
            identity: None,
            generated: None,
            storage: None,
            compression: None,
            statistics: None,
            options: crate::catalog::Options::default(),
            foreign_options: crate::catalog::Options::default(),
            inheritance: Inheritance::Local,
        };
        let id = ObjectId::Column(name(table), Ident::from(*column));
        catalog.insert(id, Entry::new(Object::Column(Box::new(object))));
    }
}

fn routine(catalog: &mut Catalog, routine: &str, arguments: &[&str], returns: Option<Returns>) {
    let types: Vec<DataType> = arguments.iter().map(|argument| system(argument)).collect();
    let arguments = types
        .iter()
        .map(|data_type| Argument {
            mode: ArgumentMode::In,
            name: None,
            data_type: data_type.clone(),
            default: None,
        })
        .collect();
    let object = Routine {
        kind: RoutineKind::Function,
        arguments,
        returns,
        language: "sql".into(),
        body: Body::Text(Arc::from("")),
        volatility: Volatility::Volatile,
        null_input: NullInput::Called,
        security: Security::Invoker,
        leakproof: Leakproof::NotLeakproof,
        parallel: Parallel::Unsafe,
        cost: None,
        rows: None,
        support: None,
        transforms: Vec::new(),
        settings: Vec::new(),
        mentions: Mentions::default(),
    };
    let id = ObjectId::Routine(name(routine), types.into());
    catalog.insert(id, Entry::new(Object::Routine(Box::new(object))));
}

/// Hands an analyser for [`catalog`] to `test`.
pub(super) fn with_analyser<T>(test: impl FnOnce(Analyser) -> T) -> T {
    let catalog = catalog();
    let path = [Ident::from("app"), Ident::from("public")];
    test(Analyser::new(&catalog, &path, 18))
}

/// Checks a table of expressions and their canonical text, and that the text reads back as itself.
pub(super) fn expressions(scope: &Scope, pairs: &[(&str, &str)]) {
    with_analyser(|analyser| {
        check(pairs, |text| analyser.expression(&expression_tree(text), scope));
    });
}

/// Checks a table of queries, as [`expressions`] does.
pub(super) fn queries(pairs: &[(&str, &str)]) {
    with_analyser(|analyser| {
        check(pairs, |text| {
            analyser
                .query(&tree(text), &Scope::none(), &[])
                .map(|query| query.template)
        });
    });
}

/// Checks a table of statements, as [`expressions`] does.
pub(super) fn statements(scope: &Scope, pairs: &[(&str, &str)]) {
    with_analyser(|analyser| {
        check(pairs, |text| analyser.statement(&tree(text), scope));
    });
}

fn check(pairs: &[(&str, &str)], analyse: impl Fn(&str) -> Result<Template, Refusal>) {
    let mut wrong = Vec::new();
    for (written, canonical) in pairs {
        let template = match analyse(written) {
            Ok(template) => template,
            Err(refusal) => {
                wrong.push(format!("{written}\n  refused: {}", refusal.message));
                continue;
            }
        };
        let text = write::template(&template);
        if text != *canonical {
            wrong.push(format!("{written}\n  wanted: {canonical}\n  found:  {text}"));
        }
        match analyse(&text) {
            Ok(again) if again == template => {}
            Ok(again) => wrong.push(format!("{text}\n  reads back as: {}", write::template(&again))),
            Err(refusal) => wrong.push(format!("{text}\n  does not read back: {}", refusal.message)),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
