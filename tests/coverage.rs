//! Every statement, form of ALTER TABLE, kind of constraint and kind of object that the parser knows has its line in
//! `grammar/postgres/statements.toml`, and the reader does with each example what the line says.

// A test stops at the first surprise.
#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use underpin::diagnostic::{Severity, has_errors};
use underpin::dialect::postgres::read::ast::{AlterTableType, ConstrType, NodeEnum, ObjectType};
use underpin::dialect::postgres::read::parse::parse;
use underpin::dialect::postgres::read::{Interpreter, ReadOptions};
use underpin::source::{SourceId, Span};
use underpin::syntax;

/// The page.
#[derive(Deserialize)]
struct Coverage {
    prelude: String,
    statement: BTreeMap<String, Line>,
    alter_table: BTreeMap<String, Line>,
    constraint: BTreeMap<String, Line>,
    object: BTreeMap<String, Line>,
}

/// One line of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    is: Fate,
    example: Option<String>,
    why: Option<String>,
    golden: Option<String>,
}

/// What becomes of a kind.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    Modelled,
    Kept,
    Skipped,
    Refused,
    Internal,
}

/// Makes the list of statements and a match over all nodes, so that a new node of the parser is a compile error here.
macro_rules! nodes {
    (statements { $($statement:ident)* } others { $($other:ident)* }) => {
        const STATEMENTS: &[&str] = &[$(stringify!($statement)),*];

        /// The name of a statement's node; `None` for what is only a part of one.
        fn statement_name(node: &NodeEnum) -> Option<&'static str> {
            match node {
                $(NodeEnum::$statement(_) => Some(stringify!($statement)),)*
                $(NodeEnum::$other(_) => None,)*
            }
        }
    };
}

nodes! {
    statements {
        AlterExtensionContentsStmt AlterObjectDependsStmt InsertStmt DeleteStmt UpdateStmt MergeStmt SelectStmt CreateSchemaStmt AlterTableStmt AlterCollationStmt
        AlterDomainStmt GrantStmt GrantRoleStmt AlterDefaultPrivilegesStmt CopyStmt VariableSetStmt VariableShowStmt
        CreateStmt CreateTableSpaceStmt DropTableSpaceStmt AlterTableSpaceOptionsStmt AlterTableMoveAllStmt
        CreateExtensionStmt AlterExtensionStmt CreateFdwStmt AlterFdwStmt CreateForeignServerStmt
        AlterForeignServerStmt CreateForeignTableStmt CreateUserMappingStmt AlterUserMappingStmt DropUserMappingStmt
        ImportForeignSchemaStmt CreatePolicyStmt AlterPolicyStmt CreateAmStmt CreateTrigStmt CreateEventTrigStmt
        AlterEventTrigStmt CreatePlangStmt CreateRoleStmt AlterRoleStmt AlterRoleSetStmt DropRoleStmt CreateSeqStmt
        AlterSeqStmt DefineStmt CreateDomainStmt CreateOpClassStmt CreateOpFamilyStmt AlterOpFamilyStmt DropStmt
        TruncateStmt CommentStmt SecLabelStmt DeclareCursorStmt ClosePortalStmt FetchStmt IndexStmt CreateStatsStmt
        AlterStatsStmt CreateFunctionStmt AlterFunctionStmt DoStmt CallStmt RenameStmt AlterObjectSchemaStmt
        AlterOwnerStmt AlterOperatorStmt AlterTypeStmt RuleStmt NotifyStmt ListenStmt UnlistenStmt TransactionStmt
        CompositeTypeStmt CreateEnumStmt CreateRangeStmt AlterEnumStmt ViewStmt LoadStmt CreatedbStmt
        AlterDatabaseStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt DropdbStmt AlterSystemStmt ClusterStmt
        VacuumStmt ExplainStmt CreateTableAsStmt RefreshMatViewStmt CheckPointStmt DiscardStmt LockStmt
        ConstraintsSetStmt ReindexStmt CreateConversionStmt CreateCastStmt CreateTransformStmt PrepareStmt ExecuteStmt
        DeallocateStmt DropOwnedStmt ReassignOwnedStmt AlterTsdictionaryStmt AlterTsconfigurationStmt
        CreatePublicationStmt AlterPublicationStmt CreateSubscriptionStmt AlterSubscriptionStmt DropSubscriptionStmt
    }
    others {
        WindowFuncRunCondition JsonArrayQueryConstructor
        Alias RangeVar TableFunc IntoClause Var Param Aggref GroupingFunc WindowFunc MergeSupportFunc SubscriptingRef
        FuncExpr NamedArgExpr OpExpr DistinctExpr NullIfExpr ScalarArrayOpExpr BoolExpr SubLink SubPlan
        AlternativeSubPlan FieldSelect FieldStore RelabelType CoerceViaIo ArrayCoerceExpr ConvertRowtypeExpr
        CollateExpr CaseExpr CaseWhen CaseTestExpr ArrayExpr RowExpr RowCompareExpr CoalesceExpr MinMaxExpr
        SqlvalueFunction XmlExpr JsonFormat JsonReturning JsonValueExpr JsonConstructorExpr JsonIsPredicate
        JsonBehavior JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin NullTest BooleanTest MergeAction
        CoerceToDomain CoerceToDomainValue SetToDefault CurrentOfExpr NextValueExpr InferenceElem ReturningExpr
        TargetEntry RangeTblRef JoinExpr FromExpr OnConflictExpr Query TypeName ColumnRef ParamRef AExpr TypeCast
        CollateClause RoleSpec FuncCall AStar AIndices AIndirection AArrayExpr ResTarget MultiAssignRef SortBy
        WindowDef RangeSubselect RangeFunction RangeTableFunc RangeTableFuncCol RangeTableSample ColumnDef
        TableLikeClause IndexElem DefElem LockingClause XmlSerialize PartitionElem PartitionSpec PartitionBoundSpec
        PartitionRangeDatum PartitionCmd RangeTblEntry RtepermissionInfo RangeTblFunction TableSampleClause
        WithCheckOption SortGroupClause GroupingSet WindowClause RowMarkClause WithClause InferClause OnConflictClause
        CtesearchClause CtecycleClause CommonTableExpr MergeWhenClause ReturningOption ReturningClause
        TriggerTransition JsonOutput JsonArgument JsonFuncExpr JsonTablePathSpec JsonTable JsonTableColumn
        JsonKeyValue JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonObjectConstructor JsonArrayConstructor
        JsonAggConstructor JsonObjectAgg JsonArrayAgg RawStmt SetOperationStmt ReturnStmt PlassignStmt AlterTableCmd
        AtalterConstraint ReplicaIdentityStmt ObjectWithArgs AccessPriv Constraint CreateOpClassItem StatsElem
        FunctionParameter InlineCodeBlock CallContext VacuumRelation PublicationTable PublicationObjSpec Integer Float
        Boolean String BitString List IntList OidList AConst
    }
}

#[test]
fn every_kind_has_a_line() {
    let coverage = coverage();
    let lines = |lines: &BTreeMap<String, Line>| lines.keys().cloned().collect::<BTreeSet<String>>();
    let statements: BTreeSet<String> = STATEMENTS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(lines(&coverage.statement), statements);
    let forms = names(|number| AlterTableType::try_from(number).ok().map(|kind| kind.as_str_name()));
    assert_eq!(lines(&coverage.alter_table), forms);
    let constraints = names(|number| ConstrType::try_from(number).ok().map(|kind| kind.as_str_name()));
    assert_eq!(lines(&coverage.constraint), constraints);
    let objects = names(|number| ObjectType::try_from(number).ok().map(|kind| kind.as_str_name()));
    assert_eq!(lines(&coverage.object), objects);
}

#[test]
fn every_line_says_why_and_names_a_golden_case_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/postgres");
    let mut wrong = Vec::new();
    for (name, line) in coverage().lines() {
        let needs_why = matches!(line.is, Fate::Skipped | Fate::Refused | Fate::Internal);
        if needs_why != line.why.is_some() || (line.is == Fate::Internal) == line.example.is_some() {
            wrong.push(format!("{name}: why or example"));
        }
        if line
            .golden
            .as_ref()
            .is_some_and(|case| !root.join(case).join("to.sql").is_file())
        {
            wrong.push(format!("{name}: golden case"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_example_is_of_its_kind() {
    let coverage = coverage();
    let mut wrong = Vec::new();
    for (kind, lines) in [
        (None, &coverage.statement),
        (Some("subtype"), &coverage.alter_table),
        (Some("contype"), &coverage.constraint),
        (Some("type"), &coverage.object),
    ] {
        for (name, line) in lines {
            let Some(example) = &line.example else { continue };
            let node = last_statement(example);
            let is_of_kind = match kind {
                None => statement_name(&node) == Some(name.as_str()),
                Some(field) => holds(&serde_json::to_value(&node).unwrap(), field, name),
            };
            if !is_of_kind {
                wrong.push(format!("{name}: {example}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_does_what_the_line_says() {
    let coverage = coverage();
    let mut prepared = Interpreter::new(ReadOptions::default());
    apply(&mut prepared, &coverage.prelude);
    assert!(!has_errors(&prepared.diagnostics), "{:#?}", prepared.diagnostics);
    let mut wrong = Vec::new();
    for (name, line) in coverage.lines() {
        let Some(example) = &line.example else { continue };
        let mut interpreter = prepared.clone();
        apply(&mut interpreter, example);
        let errors: Vec<&str> = interpreter
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| diagnostic.message.as_str())
            .collect();
        let is_right = match line.is {
            Fate::Modelled | Fate::Kept => errors.is_empty(),
            Fate::Skipped => errors.is_empty() && interpreter.catalog == prepared.catalog,
            Fate::Refused => !errors.is_empty(),
            Fate::Internal => true,
        };
        if !is_right {
            wrong.push(format!("{name}, {:?}: {example}: {errors:?}", line.is));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

impl Coverage {
    fn lines(&self) -> impl Iterator<Item = (&String, &Line)> {
        let parts = [&self.statement, &self.alter_table, &self.constraint, &self.object];
        parts.into_iter().flatten()
    }
}

fn coverage() -> Coverage {
    toml::from_str(include_str!("../grammar/postgres/statements.toml")).unwrap()
}

/// The names of an enum of the parser, the one for "none" left out.
fn names(name: impl Fn(i32) -> Option<&'static str>) -> BTreeSet<String> {
    (0..1000)
        .filter_map(name)
        .filter(|name| !name.to_lowercase().ends_with("undefined"))
        .map(str::to_owned)
        .collect()
}

fn apply(interpreter: &mut Interpreter, text: &str) {
    let source = SourceId(0);
    for statement in syntax::split(source, text).value.statements {
        let slice = &text[statement.span.start as usize..statement.span.end as usize];
        match parse(slice, statement.span) {
            Ok(node) => node
                .iter()
                .for_each(|node| interpreter.apply(node, slice, statement.span)),
            Err(diagnostic) => interpreter.diagnostics.push(*diagnostic),
        }
    }
}

fn last_statement(text: &str) -> NodeEnum {
    parse(text, Span::new(SourceId(0), 0, text.len()))
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .unwrap()
}

/// Whether a field whose name ends so holds the enum value of this name, anywhere in a tree.
fn holds(tree: &serde_json::Value, field: &str, name: &str) -> bool {
    let value_name = |number: i32| match field {
        "subtype" => AlterTableType::try_from(number).ok().map(|kind| kind.as_str_name()),
        "contype" => ConstrType::try_from(number).ok().map(|kind| kind.as_str_name()),
        _ => ObjectType::try_from(number).ok().map(|kind| kind.as_str_name()),
    };
    match tree {
        serde_json::Value::Array(items) => items.iter().any(|item| holds(item, field, name)),
        serde_json::Value::Object(fields) => fields.iter().any(|(key, value)| {
            let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
            match number {
                Some(number) if key.ends_with(field) => value_name(number) == Some(name),
                _ => holds(value, field, name),
            }
        }),
        _ => false,
    }
}

/// What stands between these lines of the README is made from the page.
const TABLE: (&str, &str) = (
    "<!-- made from grammar/postgres/statements.toml -->\n",
    "<!-- made until here -->\n",
);

#[test]
fn the_readme_shows_the_page() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(TABLE.0).unwrap();
    let (shown, after) = rest.split_once(TABLE.1).unwrap();
    let wanted = coverage().table();
    if std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none() {
        std::fs::write(&path, [before, TABLE.0, &wanted, TABLE.1, after].concat()).unwrap();
        return;
    }
    assert_eq!(
        shown, wanted,
        "the page has changed: UPDATE_EXPECT=1 cargo test --test coverage writes the README's table"
    );
}

impl Coverage {
    /// How many of each kind have which fate, and why some are refused.
    fn table(&self) -> String {
        let mut text = String::from("| | modelled | kept whole | passed over | refused |\n|---|---|---|---|---|\n");
        let parts = [
            ("statements", &self.statement),
            ("forms of `ALTER TABLE`", &self.alter_table),
            ("kinds of constraints and column clauses", &self.constraint),
            ("kinds of objects", &self.object),
        ];
        for (words, lines) in parts {
            let count = |fate: Fate| lines.values().filter(|line| line.is == fate).count();
            text += &format!(
                "| {words} | {} | {} | {} | {} |\n",
                count(Fate::Modelled),
                count(Fate::Kept),
                count(Fate::Skipped),
                count(Fate::Refused)
            );
        }
        text += "\n| refused | why |\n|---|---|\n";
        let refused = self.lines().filter(|(_, line)| line.is == Fate::Refused);
        for (_, line) in refused {
            let example = line.example.as_deref().unwrap_or_default().replace('|', "\\|");
            text += &format!("| `{example}` | {} |\n", line.why.as_deref().unwrap_or_default());
        }
        text
    }
}
