//! Publications (`publicationcmds.c`).
//!
//! Knows a publication's members one by one: they are kept in one clause, in the order of their names, and taken apart
//! again when one is added, dropped or changed. A member begins with its reference to a table or a schema; no other
//! reference to one can stand in it, because a row filter holds no subquery.

use super::ast::{
    AlterPublicationAction, AlterPublicationStmt, CreatePublicationStmt, Node, NodeEnum, PublicationObjSpecType,
    PublicationTable,
};
use super::definition::{clause, text_clause};
use super::identify::global_definition;
use super::options::definition_text;
use super::schema::definition_elements;
use super::{Applied, Existing, Interpreter, ast};
use crate::catalog::definition::{Clause, ClauseName};
use crate::catalog::{DefinitionKind, Form, Ident, ObjectId, Piece, QualifiedName, Template, TemplateBuilder};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use crate::dialect::postgres::write::literal;
use std::sync::Arc;

/// What stands before the first table. Members are named one by one: without ONLY the children of a table come too.
const TABLE: &str = "TABLE ONLY ";
/// What stands before every other table.
const ONLY: &str = "ONLY ";
/// What stands before a schema.
const SCHEMA: &str = "TABLES IN SCHEMA ";
/// The clause of a publication of everything.
const ALL_TABLES: &str = "ALL TABLES";
/// What stands between members.
const SEPARATOR: &str = ", ";

/// A member of a publication: a table or a schema, and what is written behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Member {
    id: ObjectId,
    rest: Template,
}

impl Interpreter {
    pub(super) fn create_publication(&mut self, statement: &CreatePublicationStmt) -> Applied {
        let mut clauses = self.publication_parameters(&statement.options)?;
        if statement.for_all_tables {
            clauses.push(text_clause(ClauseName::Tables, ALL_TABLES));
        } else {
            let members = self.members(&statement.pubobjects)?;
            clauses.extend(tables_clause(members));
        }
        let id = global_definition(DefinitionKind::Publication, Ident::from(statement.pubname.as_str()));
        self.create_definition(id, Template::default(), clauses, Existing::Refuse)
    }

    pub(super) fn alter_publication(&mut self, statement: &AlterPublicationStmt) -> Applied {
        let id = global_definition(DefinitionKind::Publication, Ident::from(statement.pubname.as_str()));
        let mut clauses = self.clauses_of(&id)?;
        if !statement.options.is_empty() {
            for parameter in self.publication_parameters(&statement.options)? {
                clauses.retain(|clause| clause.key != parameter.key);
                clauses.push(parameter);
            }
            for option in definition_elements(&statement.options) {
                if is_default(
                    &option.defname,
                    &parameter_value(&option.defname, definition_text(option)),
                ) {
                    clauses.retain(|clause| clause.key.as_deref() != Some(option.defname.as_str()));
                }
            }
            self.set_clauses(id, clauses);
            return Ok(());
        }
        let mut members = members_of(&clauses);
        let named = self.members(&statement.pubobjects)?;
        match statement.action() {
            AlterPublicationAction::ApSetObjects => members = named,
            AlterPublicationAction::ApAddObjects => {
                for member in named {
                    if members.iter().any(|known| known.id == member.id) {
                        let shown = crate::dialect::postgres::describe(&member.id);
                        return Err(self.error(
                            Code::DuplicateObject,
                            -1,
                            format!("{shown} is already member of publication \"{}\"", statement.pubname),
                        ));
                    }
                    members.push(member);
                }
            }
            AlterPublicationAction::ApDropObjects => {
                for member in named {
                    if !members.iter().any(|known| known.id == member.id) {
                        let shown = crate::dialect::postgres::describe(&member.id);
                        return Err(self.error(
                            Code::UnknownObject,
                            -1,
                            format!("{shown} is not part of the publication"),
                        ));
                    }
                    members.retain(|known| known.id != member.id);
                }
            }
            AlterPublicationAction::Undefined => return Err(self.refuse(-1, "this form of ALTER PUBLICATION")),
        }
        clauses.retain(|clause| clause.name != ClauseName::Tables);
        clauses.extend(tables_clause(members));
        self.set_clauses(id, clauses);
        Ok(())
    }

    fn members(&self, nodes: &[Node]) -> Applied<Vec<Member>> {
        let mut members: Vec<Member> = Vec::new();
        for node in nodes {
            let Some(NodeEnum::PublicationObjSpec(object)) = node.node.as_ref() else {
                continue;
            };
            let member = match object.pubobjtype() {
                PublicationObjSpecType::PublicationobjTable | PublicationObjSpecType::PublicationobjContinuation => {
                    let Some(table) = object.pubtable.as_deref() else {
                        return Err(self.refuse(object.location, "this member of a publication"));
                    };
                    for relation in self.published(table)? {
                        add(&mut members, self.table_member(table, &relation)?);
                    }
                    continue;
                }
                PublicationObjSpecType::PublicationobjTablesInSchema => {
                    self.needs_version(15, object.location, "TABLES IN SCHEMA")?;
                    Member {
                        id: self.existing_schema(Ident::from(object.name.as_str()), object.location)?,
                        rest: Template::default(),
                    }
                }
                PublicationObjSpecType::PublicationobjTablesInCurSchema => Member {
                    id: ObjectId::Schema(self.creation_schema(object.location)?),
                    rest: Template::default(),
                },
                PublicationObjSpecType::Undefined => {
                    return Err(self.refuse(object.location, "this member of a publication"));
                }
            };
            add(&mut members, member);
        }
        Ok(members)
    }

    /// The tables that a name stands for: with it those that inherit from it, unless ONLY is said or it is partitioned
    /// (`publicationcmds.c`, `OpenTableList`).
    fn published(&self, table: &PublicationTable) -> Applied<Vec<QualifiedName>> {
        let relation = self.named_relation(table.relation.as_ref())?;
        let id = ObjectId::Relation(relation.clone());
        let is_partitioned = self.table(&id).is_some_and(|table| table.partition_key.is_some());
        let mut found = vec![relation];
        if is_partitioned || !table.relation.as_ref().is_some_and(|range| range.inh) {
            return Ok(found);
        }
        let mut left = self.children(&id);
        while let Some(child) = left.pop() {
            left.extend(self.children(&child));
            if let ObjectId::Relation(name) = child
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
        Ok(found)
    }

    fn table_member(&self, table: &PublicationTable, relation: &QualifiedName) -> Applied<Member> {
        let id = ObjectId::Relation(relation.clone());
        let mut rest = TemplateBuilder::default();
        let mut columns = ast::strings(&table.columns)
            .into_iter()
            .map(|column| self.column(relation, column, -1))
            .collect::<Applied<Vec<ObjectId>>>()?;
        columns.sort_by_key(|column| self.catalog.position(column));
        if !columns.is_empty() {
            self.needs_version(15, -1, "a column list of a publication")?;
            rest.push_str(" (");
            for (place, column) in columns.into_iter().enumerate() {
                if place > 0 {
                    rest.push_str(", ");
                }
                rest.push_reference(column, Form::Bare);
            }
            rest.push_str(")");
        }
        if let Some(condition) = table.where_clause.as_deref() {
            self.needs_version(15, -1, "a row filter of a publication")?;
            rest.push_str(" WHERE (");
            rest.push_template(&self.expression(condition, &Scope::relation(id.clone()))?);
            rest.push_str(")");
        }
        Ok(Member {
            id,
            rest: rest.finish(),
        })
    }

    /// The parameters that are not at their defaults.
    fn publication_parameters(&self, options: &[Node]) -> Applied<Vec<Clause>> {
        let mut clauses = Vec::new();
        for option in definition_elements(options) {
            let value = parameter_value(&option.defname, definition_text(option));
            match option.defname.as_str() {
                "publish" | "publish_via_partition_root" => {}
                "publish_generated_columns" => self.needs_version(18, option.location, "publish_generated_columns")?,
                other => {
                    return Err(self.error(
                        Code::InvalidDefinition,
                        option.location,
                        format!("unrecognized publication parameter: \"{other}\""),
                    ));
                }
            }
            if !is_default(&option.defname, &value) {
                clauses.push(clause(
                    ClauseName::Parameter,
                    Some(Arc::from(option.defname.as_str())),
                    Template::text(&literal(&value)),
                ));
            }
        }
        Ok(clauses)
    }
}

/// A parameter's value in one spelling: the operations in the order in which pg_dump lists them, switches as words.
fn parameter_value(name: &str, value: Option<String>) -> String {
    const OPERATIONS: [&str; 4] = ["insert", "update", "delete", "truncate"];
    let value = value.unwrap_or_else(|| "true".to_owned()).to_lowercase();
    match name {
        "publish" => {
            let written: Vec<&str> = value.split(',').map(str::trim).collect();
            let listed: Vec<&str> = OPERATIONS.into_iter().filter(|word| written.contains(word)).collect();
            listed.join(", ")
        }
        "publish_via_partition_root" => match value.as_str() {
            "on" | "yes" | "1" | "t" => "true".to_owned(),
            "off" | "no" | "0" | "f" => "false".to_owned(),
            _ => value,
        },
        // Without a value it is `stored` (PostgreSQL 18).
        _ if value == "true" => "stored".to_owned(),
        _ => value,
    }
}

fn is_default(name: &str, value: &str) -> bool {
    match name {
        "publish" => value == "insert, update, delete, truncate",
        "publish_via_partition_root" => value == "false",
        _ => value == "none",
    }
}

fn add(members: &mut Vec<Member>, member: Member) {
    if !members.iter().any(|known| known.id == member.id) {
        members.push(member);
    }
}

/// The members that a clause lists.
fn members_of(clauses: &[Clause]) -> Vec<Member> {
    let Some(tables) = clauses.iter().find(|clause| clause.name == ClauseName::Tables) else {
        return Vec::new();
    };
    let mut members: Vec<Member> = Vec::new();
    let mut rest = TemplateBuilder::default();
    let pieces = tables.value.pieces();
    let is_member = |piece: &Piece| matches!(piece, Piece::Reference(ObjectId::Relation(_) | ObjectId::Schema(_), _));
    for (position, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Reference(id @ (ObjectId::Relation(_) | ObjectId::Schema(_)), _) => {
                finish_member(&mut members, &mut rest);
                members.push(Member {
                    id: id.clone(),
                    rest: Template::default(),
                });
            }
            Piece::Reference(id, form) => rest.push_reference(id.clone(), *form),
            Piece::Text(text) if pieces.get(position + 1).is_some_and(is_member) => {
                rest.push_str(without_opening(text))
            }
            Piece::Text(text) => rest.push_str(text),
            Piece::Output(place, own) => rest.push_output(*place, own.clone()),
        }
    }
    finish_member(&mut members, &mut rest);
    members
}

fn finish_member(members: &mut [Member], rest: &mut TemplateBuilder) {
    let rest = std::mem::take(rest).finish();
    if let Some(member) = members.last_mut() {
        member.rest = rest;
    }
}

/// A text without what opens the next member, which this file has put at its end.
fn without_opening(text: &str) -> &str {
    let opened = [SCHEMA, TABLE, ONLY].into_iter();
    let before = opened.filter_map(|opening| text.strip_suffix(opening)).next();
    let before = before.unwrap_or(text);
    before.strip_suffix(SEPARATOR).unwrap_or(before)
}

/// The clause of a publication with members. TABLE is said once for all tables: to say it for each came with 15.
fn tables_clause(mut members: Vec<Member>) -> Option<Clause> {
    members.sort_by(|left, right| left.id.cmp(&right.id));
    let mut builder = TemplateBuilder::default();
    for (position, member) in members.iter().enumerate() {
        if position > 0 {
            builder.push_str(SEPARATOR);
        }
        let before = position.checked_sub(1).and_then(|before| members.get(before));
        let behind_table = before.is_some_and(|before| matches!(before.id, ObjectId::Relation(_)));
        match member.id {
            ObjectId::Schema(_) => builder.push_str(SCHEMA),
            _ if behind_table => builder.push_str(ONLY),
            _ => builder.push_str(TABLE),
        }
        builder.push_reference(member.id.clone(), Form::Qualified);
        builder.push_template(&member.rest);
    }
    (!members.is_empty()).then(|| clause(ClauseName::Tables, None, builder.finish()))
}

/// Takes members that are gone out of a publication's clauses.
pub(super) fn forget_members(clauses: &mut Vec<Clause>, is_gone: impl Fn(&ObjectId) -> bool) {
    let is_listed = |clause: &Clause| clause.name == ClauseName::Tables && clause.value.references().next().is_some();
    if !clauses.iter().any(is_listed) {
        return;
    }
    let mut members = members_of(clauses);
    members.retain(|member| !is_gone(&member.id) && !member.rest.references().any(&is_gone));
    clauses.retain(|clause| clause.name != ClauseName::Tables);
    clauses.extend(tables_clause(members));
    super::definition::sort_clauses(clauses);
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn members_come_and_go_one_by_one() {
        let tables = "CREATE TABLE a (x int, y int); CREATE TABLE b (x int); CREATE SCHEMA s;";
        let altered = "CREATE PUBLICATION p FOR TABLE b;
                       ALTER PUBLICATION p ADD TABLE a (y, x) WHERE (x > 0), TABLES IN SCHEMA s;
                       ALTER PUBLICATION p DROP TABLE b;";
        let made = "CREATE PUBLICATION p FOR TABLES IN SCHEMA s, TABLE a (x, y) WHERE (x > 0);";
        assert_same(&[tables, altered].concat(), &[tables, made].concat());
    }

    #[test]
    fn several_tables_are_told_apart_again() {
        let tables = "CREATE TABLE a (x int, y int); CREATE TABLE b (x int); CREATE TABLE c (x int); CREATE SCHEMA s;";
        let altered = "CREATE PUBLICATION p FOR TABLE a (x, y), b WHERE (x > 0), TABLES IN SCHEMA s, TABLE c;
                       ALTER PUBLICATION p DROP TABLE b;";
        let made = "CREATE PUBLICATION p FOR TABLE c, a (x, y), TABLES IN SCHEMA s;";
        assert_same(&[tables, altered].concat(), &[tables, made].concat());
    }

    #[test]
    fn the_children_of_a_table_come_with_it() {
        let tables = "CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); CREATE TABLE c () INHERITS (b);
                      CREATE TABLE d (x int) PARTITION BY LIST (x); CREATE TABLE e PARTITION OF d DEFAULT;";
        let same = |left: &str, right: &str| assert_same(&[tables, left].concat(), &[tables, right].concat());
        same(
            "CREATE PUBLICATION p FOR TABLE a (x) WHERE (x > 0), d;",
            "CREATE PUBLICATION p FOR TABLE ONLY a (x) WHERE (x > 0), ONLY b (x) WHERE (x > 0), ONLY c (x) WHERE (x > 0), ONLY d;",
        );
        same(
            "CREATE PUBLICATION p FOR TABLE a; ALTER PUBLICATION p DROP TABLE b;",
            "CREATE PUBLICATION p FOR TABLE ONLY a;",
        );
    }

    #[test]
    fn parameters_at_their_defaults_say_nothing() {
        assert_same(
            "CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'delete, insert, update, truncate');
             ALTER PUBLICATION p SET (publish_via_partition_root = on);
             ALTER PUBLICATION p SET (publish_via_partition_root = off);",
            "CREATE PUBLICATION p FOR ALL TABLES;",
        );
    }
}
