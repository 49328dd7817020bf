//! One object of every kind, for tests of what is written.

mod kinds;

pub use kinds::all;

use crate::catalog::constraint::*;
use crate::catalog::definition::*;
use crate::catalog::index::*;
use crate::catalog::routine::*;
use crate::catalog::sequence::*;
use crate::catalog::table::*;
use crate::catalog::trigger::*;
use crate::catalog::types::*;
use crate::catalog::view::*;
use crate::catalog::*;
use crate::dialect::postgres::action::{Create, CreateMode, Guard, Names};
use std::sync::Arc;

pub fn name(text: &str) -> QualifiedName {
    QualifiedName::new("app", text)
}

pub fn relation(text: &str) -> ObjectId {
    ObjectId::Relation(name(text))
}

pub fn column_id(table: &str, column: &str) -> ObjectId {
    ObjectId::Column(name(table), column.into())
}

/// A template in which `{column}` stands for a column of app.users.
pub fn template(text: &str) -> Template {
    let mut builder = TemplateBuilder::default();
    for (number, piece) in text.split(['{', '}']).enumerate() {
        match number % 2 {
            0 => builder.push_str(piece),
            _ => builder.push_reference(column_id("users", piece), Form::Bare),
        }
    }
    builder.finish()
}

pub fn options(pairs: &[(&str, &str)]) -> Options {
    pairs
        .iter()
        .map(|(name, value)| (Arc::from(*name), Arc::from(*value)))
        .collect()
}

pub fn create(id: ObjectId, object: Object, parts: Vec<(ObjectId, Object)>) -> Create {
    Create {
        id,
        entry: Entry::new(object),
        parts: parts.into_iter().map(|(id, object)| (id, Entry::new(object))).collect(),
        mode: CreateMode::Plain,
        guard: Guard::None,
        names: Names::WhereOthers,
    }
}

pub fn table() -> Table {
    Table {
        persistence: Persistence::Logged,
        foreign: None,
        partition_key: None,
        partition_of: None,
        inherits: Vec::new(),
        of_type: None,
        access_method: None,
        tablespace: None,
        options: Options::new(),
        row_security: RowSecurity::Disabled,
        replica_identity: ReplicaIdentity::Default,
        cluster_on: None,
    }
}

pub fn column(data_type: &str) -> Column {
    Column {
        data_type: DataType::system(data_type),
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

pub fn not_null(name: &str) -> Option<NotNull> {
    Some(NotNull {
        name: name.into(),
        validation: Validation::Valid,
        inherit: Inherit::Inherit,
        inheritance: Inheritance::Local,
    })
}

pub fn constraint(kind: ConstraintKind) -> Constraint {
    Constraint {
        kind,
        deferral: Deferral::NotDeferrable,
        validation: Validation::Valid,
        inheritance: Inheritance::Local,
        parent: None,
    }
}

pub fn key(kind: KeyKind, columns: Vec<ObjectId>) -> ConstraintKind {
    ConstraintKind::Key(Key {
        kind,
        columns,
        include: Vec::new(),
        overlaps: Overlaps::Allowed,
        options: Options::new(),
        tablespace: None,
    })
}

pub fn foreign_key() -> ConstraintKind {
    ConstraintKind::ForeignKey(ForeignKey {
        columns: vec![column_id("users", "org"), column_id("users", "id")],
        table: relation("orgs"),
        referenced: vec![column_id("orgs", "id"), column_id("orgs", "user")],
        matching: Match::Full,
        on_delete: ReferentialAction::SetNull,
        on_delete_columns: vec![column_id("users", "org")],
        on_update: ReferentialAction::Cascade,
        period: Period::None,
    })
}

pub fn index_key(expression: Template) -> IndexKey {
    IndexKey {
        expression,
        collation: None,
        operator_class: None,
        operator_class_options: Options::new(),
        direction: Direction::Ascending,
        nulls: Nulls::Last,
    }
}

pub fn index() -> Index {
    Index {
        table: relation("users"),
        method: "btree".into(),
        uniqueness: Uniqueness::Unique,
        keys: vec![
            index_key(template("lower({email})")),
            IndexKey {
                collation: Some(definition_id(DefinitionKind::Collation, Some("pg_catalog"), "C")),
                operator_class: Some(template("text_pattern_ops")),
                direction: Direction::Descending,
                ..index_key(template("{name}"))
            },
        ],
        include: vec![column_id("users", "id")],
        predicate: Some(template("{email} IS NOT NULL")),
        options: options(&[("fillfactor", "70")]),
        tablespace: None,
        statistics: Vec::new(),
        parent: None,
        coverage: Coverage::Whole,
    }
}

pub fn sequence_options() -> SequenceOptions {
    SequenceOptions {
        data_type: DataType::system("int8"),
        start: 1,
        increment: 1,
        minimum: 1,
        maximum: i64::MAX,
        cache: 1,
        cycle: Cycle::NoCycle,
    }
}

pub fn routine(kind: RoutineKind) -> Routine {
    Routine {
        kind,
        arguments: vec![
            Argument {
                mode: ArgumentMode::In,
                name: Some("operationName".into()),
                data_type: DataType::system("int4"),
                default: Some(template("1")),
            },
            Argument {
                mode: ArgumentMode::Out,
                name: None,
                data_type: DataType::system("text"),
                default: None,
            },
        ],
        returns: None,
        language: "plpgsql".into(),
        body: Body::Text(Arc::from("\nBEGIN\n    -- $$\nEND\n")),
        volatility: Volatility::Volatile,
        null_input: NullInput::Called,
        security: Security::Definer,
        leakproof: Leakproof::NotLeakproof,
        parallel: Parallel::Unsafe,
        cost: None,
        rows: None,
        support: None,
        transforms: Vec::new(),
        settings: vec![(Arc::from("search_path"), Arc::from("app, pg_temp"))],
        mentions: Mentions::default(),
    }
}

pub fn trigger() -> Trigger {
    Trigger {
        timing: TriggerTiming::After,
        events: vec![TriggerEvent::Insert, TriggerEvent::Update],
        columns: vec![column_id("users", "name")],
        level: TriggerLevel::Row,
        when: Some(template("(new.{name} IS NOT NULL)")),
        old_table: None,
        new_table: None,
        function: Template::text("app.note"),
        arguments: vec![Arc::from("it's")],
        constraint: None,
        firing: Firing::Origin,
        parent: None,
    }
}

pub fn definition_id(kind: DefinitionKind, schema: Option<&str>, name: &str) -> ObjectId {
    let system = |text: &str| Some(DataType::system(text));
    let (types, within) = match kind {
        DefinitionKind::Operator => (vec![None, system("int4")], None),
        DefinitionKind::Cast => (vec![system("int4"), system("text")], None),
        DefinitionKind::Transform => (vec![system("int4")], Some("plperl".into())),
        DefinitionKind::OperatorFamily | DefinitionKind::OperatorClass => (Vec::new(), Some("btree".into())),
        DefinitionKind::UserMapping => (Vec::new(), Some("far".into())),
        _ => (Vec::new(), None),
    };
    ObjectId::Definition(Arc::new(DefinitionId {
        kind,
        schema: schema.map(Ident::from),
        name: name.into(),
        types,
        within,
    }))
}

/// The users table with a column of every sort and its constraints.
pub fn users() -> Create {
    let identity = Column {
        identity: Some(Box::new(Identity {
            generation: IdentityGeneration::ByDefault,
            sequence: "users_id_seq".into(),
            options: SequenceOptions {
                increment: 10,
                ..sequence_options()
            },
            persistence: Persistence::Logged,
            privileges: None,
        })),
        not_null: not_null("users_id_not_null"),
        ..column("int8")
    };
    let named = Column {
        not_null: not_null("must_have_name"),
        compression: Some("lz4".into()),
        storage: Some(Arc::from("EXTERNAL")),
        collation: Some(definition_id(DefinitionKind::Collation, Some("pg_catalog"), "C")),
        ..column("text")
    };
    let generated = Column {
        generated: Some(Box::new(Generated {
            expression: template("lower({name})"),
            storage: GeneratedStorage::Stored,
        })),
        ..column("text")
    };
    let default = Default {
        expression: Template::text("'x'::text"),
        inheritance: Inheritance::Local,
    };
    create(
        relation("users"),
        Object::Table(Box::new(Table {
            options: options(&[("fillfactor", "70")]),
            ..table()
        })),
        vec![
            (column_id("users", "id"), Object::Column(Box::new(identity))),
            (column_id("users", "name"), Object::Column(Box::new(named))),
            (
                ObjectId::Default(name("users"), "name".into()),
                Object::Default(Box::new(default)),
            ),
            (column_id("users", "order"), Object::Column(Box::new(generated))),
            (
                ObjectId::Constraint(name("users"), "users_pkey".into()),
                Object::Constraint(Box::new(constraint(key(
                    KeyKind::Primary,
                    vec![column_id("users", "id")],
                )))),
            ),
            (
                ObjectId::Constraint(name("users"), "users_org_fkey".into()),
                Object::Constraint(Box::new(constraint(foreign_key()))),
            ),
        ],
    )
}
