//! One CREATE of every kind.

use super::*;
use crate::catalog::bound::{Bound, Limit};
use std::collections::BTreeMap;

fn limit(value: &str) -> Limit {
    Limit::Value(Template::text(value))
}

/// One CREATE of every kind.
pub fn all() -> Vec<Create> {
    let mut all = vec![
        create(ObjectId::Schema("app".into()), Object::Schema, Vec::new()),
        create(
            ObjectId::Extension("uuid-ossp".into()),
            Object::Extension(Box::new(Extension {
                schema: Some(ObjectId::Schema("app".into())),
                version: Some(Arc::from("1.1")),
                made_under: BTreeMap::new(),
            })),
            Vec::new(),
        ),
        users(),
    ];
    all.extend(tables());
    all.extend(types());
    all.extend(programs());
    all.extend(definitions());
    all
}

fn tables() -> Vec<Create> {
    let part = |table: &str| {
        vec![(
            column_id(table, "a"),
            Object::Column(Box::new(Column {
                not_null: not_null("n"),
                ..column("int4")
            })),
        )]
    };
    let of = |id: &str, table: Table| create(relation(id), Object::Table(Box::new(table)), part(id));
    vec![
        of(
            "partitioned",
            Table {
                partition_key: Some(PartitionKey {
                    strategy: PartitionStrategy::Range,
                    keys: vec![Template::text("a"), Template::text("lower(b)")],
                }),
                ..table()
            },
        ),
        of(
            "part",
            Table {
                partition_of: Some(PartitionOf {
                    parent: relation("partitioned"),
                    bound: Bound::Range {
                        from: ["1", "'a'"].map(limit).to_vec(),
                        to: ["2", "'b'"].map(limit).to_vec(),
                    },
                }),
                ..table()
            },
        ),
        of(
            "child",
            Table {
                inherits: vec![relation("users")],
                persistence: Persistence::Unlogged,
                ..table()
            },
        ),
        of(
            "typed",
            Table {
                of_type: Some(DataType::plain(name("pair"))),
                ..table()
            },
        ),
        of(
            "far_users",
            Table {
                foreign: Some(Foreign {
                    server: definition_id(DefinitionKind::Server, None, "far"),
                    options: options(&[("table_name", "users")]),
                }),
                ..table()
            },
        ),
        create(relation("users_email"), Object::Index(Box::new(index())), Vec::new()),
        create(
            relation("numbers"),
            Object::Sequence(Box::new(Sequence {
                persistence: Persistence::Logged,
                options: SequenceOptions {
                    data_type: DataType::system("int4"),
                    maximum: 100,
                    cycle: Cycle::Cycle,
                    ..sequence_options()
                },
                owned_by: None,
            })),
            Vec::new(),
        ),
        create(
            relation("names"),
            Object::View(Box::new(View {
                query: template("SELECT {name} FROM app.users"),
                columns: vec!["Name".into()],
                types: ColumnTypes::default(),
                options: options(&[("check_option", "local"), ("security_barrier", "")]),
            })),
            Vec::new(),
        ),
        create(
            relation("name_counts"),
            Object::MaterializedView(Box::new(MaterializedView {
                query: template("SELECT count({name}) FROM app.users"),
                columns: vec!["count".into()],
                types: ColumnTypes::default(),
                options: Options::new(),
                tablespace: None,
                access_method: None,
                population: Population::WithNoData,
            })),
            Vec::new(),
        ),
    ]
}

fn types() -> Vec<Create> {
    let of = |id: &str, object: Type, parts| create(ObjectId::Type(name(id)), Object::Type(Box::new(object)), parts);
    let pair = vec![Attribute {
        name: "a".into(),
        data_type: DataType::system("int4"),
        collation: None,
        comment: None,
    }];
    let positive = DomainConstraint {
        expression: Template::text("VALUE > 0"),
        validation: Validation::Valid,
    };
    vec![
        of("mood", Type::Enum(vec![Arc::from("sad"), Arc::from("it's")]), vec![]),
        of("pair", Type::Composite(pair), vec![]),
        of(
            "positive",
            Type::Domain(Domain {
                base: DataType::system("int4"),
                collation: None,
                default: Some(Template::text("1")),
                not_null: Some("positive_not_null".into()),
            }),
            vec![(
                ObjectId::DomainConstraint(name("positive"), "is_positive".into()),
                Object::DomainConstraint(Box::new(positive)),
            )],
        ),
        of(
            "span",
            Type::Range(Range {
                subtype: DataType::system("float8"),
                operator_class: None,
                collation: None,
                canonical: None,
                difference: Some(Template::text("float8mi")),
                multirange: "multispan".into(),
            }),
            vec![],
        ),
        of(
            "box",
            Type::Base(vec![
                (Arc::from("input"), Some(Template::text("box_in"))),
                (Arc::from("output"), Some(Template::text("box_out"))),
                (Arc::from("passedbyvalue"), None),
            ]),
            vec![],
        ),
        of("shell", Type::Shell, vec![]),
    ]
}

fn programs() -> Vec<Create> {
    let signature: Signature = Arc::from([DataType::system("int4")]);
    let on_users = |make: fn(QualifiedName, Ident) -> ObjectId, part: &str| make(name("users"), part.into());
    vec![
        create(
            ObjectId::Routine(name("f"), signature.clone()),
            Object::Routine(Box::new(routine(RoutineKind::Function))),
            Vec::new(),
        ),
        create(
            ObjectId::Routine(name("p"), signature.clone()),
            Object::Routine(Box::new(Routine {
                language: "sql".into(),
                body: Body::Sql(Template::text("BEGIN ATOMIC\n SELECT 1;\nEND")),
                ..routine(RoutineKind::Procedure)
            })),
            Vec::new(),
        ),
        create(
            ObjectId::Routine(name("total"), Arc::from([])),
            Object::Definition(Box::new(Definition {
                body: Template::text("(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0')"),
                clauses: Vec::new(),
            })),
            Vec::new(),
        ),
        create(
            on_users(ObjectId::Trigger, "note"),
            Object::Trigger(Box::new(trigger())),
            Vec::new(),
        ),
        create(
            on_users(ObjectId::Trigger, "check later"),
            Object::Trigger(Box::new(Trigger {
                constraint: Some(ConstraintTrigger {
                    deferral: Deferral::InitiallyDeferred,
                    from: Some(relation("orgs")),
                }),
                columns: Vec::new(),
                ..trigger()
            })),
            Vec::new(),
        ),
        create(
            on_users(ObjectId::Rule, "keep"),
            Object::Rule(Box::new(Rule {
                event: Arc::from("DELETE"),
                condition: Some(template("(old.{id} = 1)")),
                mode: RuleMode::Instead,
                actions: Vec::new(),
                firing: Firing::Origin,
            })),
            Vec::new(),
        ),
        create(
            on_users(ObjectId::Policy, "own"),
            Object::Policy(Box::new(Policy {
                combination: PolicyCombination::Restrictive,
                command: Arc::from("UPDATE"),
                roles: vec!["user".into()],
                using: Some(template("{id} = 1")),
                check: Some(template("true")),
            })),
            Vec::new(),
        ),
    ]
}

fn definitions() -> Vec<Create> {
    use ClauseName as C;
    use DefinitionKind as K;
    vec![
        definition(
            K::Language,
            None,
            "pltcl",
            "HANDLER tcl_handler",
            &[(C::Trusted, None, "")],
        ),
        definition(
            K::AccessMethod,
            None,
            "heap2",
            "TYPE TABLE HANDLER heap_tableam_handler",
            &[],
        ),
        definition(K::Collation, Some("app"), "de", "(provider = icu, locale = 'de')", &[]),
        definition(
            K::Conversion,
            Some("app"),
            "c",
            "FOR 'LATIN1' TO 'UTF8' FROM f",
            &[(C::Default, None, "")],
        ),
        definition(
            K::TextSearchParser,
            Some("app"),
            "p",
            "(START = a, GETTOKEN = b, END = c, LEXTYPES = d)",
            &[],
        ),
        definition(K::TextSearchTemplate, Some("app"), "t", "(LEXIZE = a)", &[]),
        definition(
            K::TextSearchDictionary,
            Some("app"),
            "d",
            "simple",
            &[(C::Parameter, Some("stopwords"), "'x'")],
        ),
        definition(
            K::TextSearchConfiguration,
            Some("app"),
            "c",
            "\"default\"",
            &[(C::Mapping, Some("word"), "simple")],
        ),
        definition(
            K::Operator,
            Some("app"),
            "!!!",
            "(FUNCTION = f, RIGHTARG = integer)",
            &[],
        ),
        definition(K::OperatorFamily, Some("app"), "fam", "USING btree", &[]),
        definition(
            K::OperatorClass,
            Some("app"),
            "ops",
            "FOR TYPE integer USING btree AS OPERATOR 1 <",
            &[],
        ),
        definition(K::Cast, None, "", "WITH INOUT AS ASSIGNMENT", &[]),
        definition(K::Transform, None, "", "(FROM SQL WITH FUNCTION f(internal))", &[]),
        definition(
            K::ForeignDataWrapper,
            None,
            "w",
            "",
            &[(C::Handler, None, "h"), (C::Option, Some("debug"), "'t'")],
        ),
        definition(
            K::Server,
            None,
            "far",
            "FOREIGN DATA WRAPPER w",
            &[
                (C::Type, None, "'t'"),
                (C::Version, None, "'1'"),
                (C::Option, Some("host"), "'h'"),
            ],
        ),
        definition(K::UserMapping, None, "app", "", &[(C::Option, Some("user"), "'u'")]),
        definition(
            K::Statistics,
            Some("app"),
            "s",
            "(ndistinct) ON a, b FROM app.users",
            &[(C::StatisticsTarget, None, "7")],
        ),
        definition(
            K::Publication,
            None,
            "pub",
            "",
            &[
                (C::Tables, None, "TABLE app.users"),
                (C::Parameter, Some("publish"), "'insert'"),
            ],
        ),
        definition(
            K::Subscription,
            None,
            "sub",
            "",
            &[
                (C::Connection, None, "'host=x'"),
                (C::Publications, None, "pub"),
                (C::Parameter, Some("enabled"), "false"),
            ],
        ),
        definition(
            K::EventTrigger,
            None,
            "e",
            "ON ddl_command_end EXECUTE FUNCTION f()",
            &[(C::Firing, None, "DISABLE")],
        ),
    ]
}

fn definition(
    kind: DefinitionKind,
    schema: Option<&str>,
    name: &str,
    body: &str,
    clauses: &[(ClauseName, Option<&str>, &str)],
) -> Create {
    let clauses = clauses
        .iter()
        .map(|(name, key, value)| Clause {
            name: *name,
            key: key.map(Arc::from),
            value: Template::text(value),
        })
        .collect();
    let definition = Definition {
        body: Template::text(body),
        clauses,
    };
    create(
        definition_id(kind, schema, name),
        Object::Definition(Box::new(definition)),
        Vec::new(),
    )
}
