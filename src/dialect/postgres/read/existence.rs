//! Questions to the system catalogs that this catalog can answer: whether an object of a name is there.
//!
//! Knows a fixed set of system relations and, for each, which column holds the name, the schema and the table. A
//! question with any other condition is not answered.

use super::ast;
use super::ast::{AExprKind, BoolExprType, Node, NodeEnum, SelectStmt, SubLinkType};
use super::routine_attributes::setting_item;
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::{Catalog, Entry, Ident, Object, ObjectId};

/// A system relation by which objects can be asked for.
struct Question {
    /// The relation.
    relation: &'static str,
    /// The column that holds the object's name.
    name: &'static str,
    /// Columns that hold its schema.
    schema: &'static [&'static str],
    /// Columns that hold its table.
    table: &'static [&'static str],
    /// Whether an object is one of those that the relation lists.
    lists: fn(&ObjectId, &Entry) -> bool,
}

const QUESTIONS: [Question; 15] = [
    Question {
        relation: "pg_type",
        name: "typname",
        schema: &["nspname", "typnamespace"],
        table: &[],
        lists: |id, entry| {
            matches!(id, ObjectId::Type(_))
                || matches!(
                    entry.object,
                    Object::Table(_) | Object::View(_) | Object::MaterializedView(_)
                )
        },
    },
    Question {
        relation: "pg_class",
        name: "relname",
        schema: &["nspname", "relnamespace"],
        table: &[],
        lists: |id, entry| matches!(id, ObjectId::Relation(_)) || has_index(entry),
    },
    Question {
        relation: "pg_tables",
        name: "tablename",
        schema: &["schemaname"],
        table: &[],
        lists: |_, entry| matches!(entry.object, Object::Table(_)),
    },
    Question {
        relation: "tables",
        name: "table_name",
        schema: &["table_schema"],
        table: &[],
        lists: |_, entry| matches!(entry.object, Object::Table(_) | Object::View(_)),
    },
    Question {
        relation: "views",
        name: "table_name",
        schema: &["table_schema"],
        table: &[],
        lists: |_, entry| matches!(entry.object, Object::View(_)),
    },
    Question {
        relation: "columns",
        name: "column_name",
        schema: &["table_schema"],
        table: &["table_name"],
        lists: |id, _| matches!(id, ObjectId::Column(..)),
    },
    Question {
        relation: "pg_constraint",
        name: "conname",
        schema: &["nspname", "connamespace"],
        table: &["conrelid"],
        lists: |id, _| matches!(id, ObjectId::Constraint(..) | ObjectId::DomainConstraint(..)),
    },
    Question {
        relation: "table_constraints",
        name: "constraint_name",
        schema: &["table_schema", "constraint_schema"],
        table: &["table_name"],
        lists: |id, _| matches!(id, ObjectId::Constraint(..)),
    },
    Question {
        relation: "pg_indexes",
        name: "indexname",
        schema: &["schemaname"],
        table: &[],
        lists: |_, entry| matches!(entry.object, Object::Index(_)) || has_index(entry),
    },
    Question {
        relation: "pg_trigger",
        name: "tgname",
        schema: &[],
        table: &["tgrelid"],
        lists: |id, _| matches!(id, ObjectId::Trigger(..)),
    },
    Question {
        relation: "pg_policies",
        name: "policyname",
        schema: &["schemaname"],
        table: &["tablename"],
        lists: |id, _| matches!(id, ObjectId::Policy(..)),
    },
    Question {
        relation: "pg_proc",
        name: "proname",
        schema: &["nspname", "pronamespace"],
        table: &[],
        lists: |id, _| matches!(id, ObjectId::Routine(..)),
    },
    Question {
        relation: "pg_extension",
        name: "extname",
        schema: &[],
        table: &[],
        lists: |id, _| matches!(id, ObjectId::Extension(_)),
    },
    Question {
        relation: "schemata",
        name: "schema_name",
        schema: &[],
        table: &[],
        lists: |id, _| matches!(id, ObjectId::Schema(_)),
    },
    Question {
        relation: "pg_namespace",
        name: "nspname",
        schema: &[],
        table: &[],
        lists: |id, _| matches!(id, ObjectId::Schema(_)),
    },
];

/// Whether a condition holds; `None` when it cannot be told.
pub(super) fn decide(catalog: &Catalog, condition: &Node) -> Option<bool> {
    match condition.node.as_ref()? {
        NodeEnum::BoolExpr(expression) => {
            let mut parts = expression.args.iter().map(|part| decide(catalog, part));
            match expression.boolop() {
                BoolExprType::NotExpr => parts.next()?.map(|holds| !holds),
                BoolExprType::AndExpr => parts.try_fold(true, |all, part| Some(all && part?)),
                BoolExprType::OrExpr => parts.try_fold(false, |any, part| Some(any || part?)),
                BoolExprType::Undefined => None,
            }
        }
        NodeEnum::SubLink(link) if link.sub_link_type() == SubLinkType::ExistsSublink => {
            match link.subselect.as_deref()?.node.as_ref()? {
                NodeEnum::SelectStmt(select) => exists(catalog, select),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a query has a row.
fn exists(catalog: &Catalog, select: &SelectStmt) -> Option<bool> {
    let is_plain = select.with_clause.is_none()
        && select.group_clause.is_empty()
        && select.having_clause.is_none()
        && select.larg.is_none()
        && select.limit_offset.is_none();
    if !is_plain {
        return None;
    }
    let mut relations = Vec::new();
    let mut facts = Vec::new();
    for item in &select.from_clause {
        gather_relations(item, &mut relations, &mut facts)?;
    }
    if let Some(condition) = select.where_clause.as_deref() {
        gather_facts(condition, &mut facts)?;
    }
    // pg_namespace is joined to others for the schema's name only.
    let question = QUESTIONS
        .iter()
        .find(|question| relations.contains(&question.relation))?;
    let is_known = |relation: &&str| *relation == question.relation || *relation == "pg_namespace";
    let is_used = |(column, _): &(&str, String)| {
        *column == question.name || question.schema.contains(column) || question.table.contains(column)
    };
    if !relations.iter().all(is_known) || !facts.iter().all(is_used) {
        return None;
    }
    let value = |columns: &[&str]| {
        let found = facts.iter().find(|(column, _)| columns.contains(column));
        found.map(|(_, value)| Ident::from(value.as_str()))
    };
    let name = value(&[question.name])?;
    let schema = value(question.schema);
    let table = value(question.table).map(|table| last_part(&table));
    Some(catalog.iter().any(|(id, entry)| {
        (question.lists)(id, entry)
            && id.last_name() == name
            && schema.as_ref().is_none_or(|schema| id.schema() == Some(schema))
            && table
                .as_ref()
                .is_none_or(|table| id.qualified_name().is_some_and(|owner| &owner.name == table))
    }))
}

fn gather_relations<'a>(
    item: &'a Node,
    relations: &mut Vec<&'a str>,
    facts: &mut Vec<(&'a str, String)>,
) -> Option<()> {
    match item.node.as_ref()? {
        NodeEnum::RangeVar(range) => relations.push(&range.relname),
        NodeEnum::JoinExpr(join) => {
            gather_relations(join.larg.as_deref()?, relations, facts)?;
            gather_relations(join.rarg.as_deref()?, relations, facts)?;
            if let Some(condition) = join.quals.as_deref() {
                gather_facts(condition, facts)?;
            }
        }
        _ => return None,
    }
    Some(())
}

/// The columns that a condition says are equal to constants; columns equal to columns say how relations are joined.
fn gather_facts<'a>(condition: &'a Node, facts: &mut Vec<(&'a str, String)>) -> Option<()> {
    match condition.node.as_ref()? {
        NodeEnum::BoolExpr(expression) if expression.boolop() == BoolExprType::AndExpr => {
            expression.args.iter().try_for_each(|part| gather_facts(part, facts))
        }
        NodeEnum::AExpr(expression)
            if expression.kind() == AExprKind::AexprOp && ast::strings(&expression.name) == ["="] =>
        {
            let (left, right) = (expression.lexpr.as_deref()?, expression.rexpr.as_deref()?);
            match (column(left), column(right)) {
                (Some(_), Some(_)) => {}
                (Some(column), None) => facts.push((column, constant(right)?)),
                (None, Some(column)) => facts.push((column, constant(left)?)),
                (None, None) => return None,
            }
            Some(())
        }
        _ => None,
    }
}

fn column(node: &Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::ColumnRef(reference) => ast::string(reference.fields.last()?),
        _ => None,
    }
}

fn constant(node: &Node) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::TypeCast(cast) => setting_item(cast.arg.as_deref()?),
        _ => setting_item(node),
    }
}

/// Whether an object is a constraint with an index of its name.
fn has_index(entry: &Entry) -> bool {
    matches!(
        &entry.object,
        Object::Constraint(constraint) if matches!(constraint.kind, ConstraintKind::Key(_) | ConstraintKind::Exclude(_))
    )
}

/// The last part of a name in the text of a `regclass`.
fn last_part(name: &Ident) -> Ident {
    let part = name.as_str().rsplit('.').next().unwrap_or_default();
    Ident::from(part.trim_matches('"'))
}
