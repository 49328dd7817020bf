//! MERGE (PostgreSQL manual, MERGE; `get_merge_query_def` in `ruleutils.c`).

use super::fragment::Writer;
use super::literal::{missing, required};
use super::range::{Level, Sees, Visible};
use super::select::Selected;
use super::{Analyser, Refusal};
use crate::catalog::QualifiedName;
use crate::dialect::postgres::read::ast::{self, CmdType, MergeMatchKind, NodeEnum, OverridingKind};

impl Analyser<'_> {
    /// A MERGE with its actions.
    pub(super) fn merge_statement(&self, node: &ast::MergeStmt, outer: &Level) -> Result<Selected, Refusal> {
        self.needs_version(15, -1, "MERGE")?;
        if node.returning_clause.is_some() {
            self.needs_version(17, -1, "MERGE … RETURNING")?;
        }
        let mut level = outer.inner(Sees::Everything);
        let mut writer = Writer::default();
        self.write_with(&mut writer, node.with_clause.as_ref(), &mut level)?;
        writer.text("MERGE INTO ");
        let relation = node.relation.as_ref().ok_or_else(|| missing(-1))?;
        let (item, table) = self.target_relation(&mut writer, relation, " ", &level)?;
        level.push(item);
        level.visible.push(Visible::Item(0, Vec::new()));
        let source = self.item_of(required(node.source_relation.as_deref(), -1)?, &mut level)?;
        level.visible.extend(source.visible);
        writer.text(" USING ").template(&source.template);
        self.write_condition(&mut writer, " ON ", node.join_condition.as_deref(), &level)?;
        for clause in &node.merge_when_clauses {
            let Some(NodeEnum::MergeWhenClause(clause)) = clause.node.as_ref() else {
                return Err(missing(-1));
            };
            self.write_merge_action(&mut writer, clause, &table, &level)?;
        }
        self.returning(writer, node.returning_clause.as_ref(), &table, level)
    }

    fn write_merge_action(
        &self,
        writer: &mut Writer,
        clause: &ast::MergeWhenClause,
        table: &QualifiedName,
        level: &Level,
    ) -> Result<(), Refusal> {
        writer.text(
            match MergeMatchKind::try_from(clause.match_kind).unwrap_or(MergeMatchKind::Undefined) {
                MergeMatchKind::MergeWhenMatched => " WHEN MATCHED",
                MergeMatchKind::MergeWhenNotMatchedBySource => " WHEN NOT MATCHED BY SOURCE",
                MergeMatchKind::MergeWhenNotMatchedByTarget => " WHEN NOT MATCHED",
                MergeMatchKind::Undefined => return Err(missing(-1)),
            },
        );
        self.write_condition(writer, " AND ", clause.condition.as_deref(), level)?;
        writer.text(" THEN ");
        match CmdType::try_from(clause.command_type).unwrap_or(CmdType::Undefined) {
            CmdType::CmdUpdate => {
                writer.text("UPDATE SET ");
                self.write_assignments(writer, &clause.target_list, table, level)?;
            }
            CmdType::CmdDelete => {
                writer.text("DELETE");
            }
            CmdType::CmdInsert => {
                writer.text("INSERT");
                if !clause.target_list.is_empty() {
                    writer.text(" (");
                    self.write_assigned_columns(writer, &clause.target_list, table, level)?;
                    writer.text(")");
                }
                writer.text(
                    match OverridingKind::try_from(clause.r#override).unwrap_or(OverridingKind::Undefined) {
                        OverridingKind::OverridingUserValue => " OVERRIDING USER VALUE",
                        OverridingKind::OverridingSystemValue => " OVERRIDING SYSTEM VALUE",
                        OverridingKind::OverridingNotSet | OverridingKind::Undefined => "",
                    },
                );
                if clause.values.is_empty() {
                    writer.text(" DEFAULT VALUES");
                } else {
                    let values = self.row_items(&clause.values, level)?;
                    writer.text(" VALUES (").list(", ", &values).text(")");
                }
            }
            CmdType::CmdNothing => {
                writer.text("DO NOTHING");
            }
            CmdType::CmdUnknown | CmdType::CmdSelect | CmdType::CmdMerge | CmdType::CmdUtility | CmdType::Undefined => {
                return Err(missing(-1));
            }
        }
        Ok(())
    }
}
