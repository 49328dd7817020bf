//! Which method reads which statement. A statement without one is refused here, at its place.

use super::ast::{DefineStmt, NodeEnum, ObjectType};
use super::table_as::is_temporary;
use super::{Applied, Interpreter, Unmodelled};
use crate::diagnostic::{Code, Diagnostic};

impl Interpreter {
    /// Applies a statement by its kind.
    pub(super) fn dispatch(&mut self, node: &NodeEnum, text: &str) -> Applied {
        self.refuse_repeated_options(node)?;
        match node {
            NodeEnum::CreateSchemaStmt(statement) => self.create_schema(statement, text),
            NodeEnum::CreateExtensionStmt(statement) => self.create_extension(statement),
            NodeEnum::AlterExtensionStmt(statement) => self.alter_extension(statement),
            NodeEnum::AlterExtensionContentsStmt(statement) => self.alter_extension_contents(statement),
            NodeEnum::DropStmt(statement) => self.drop_objects(statement),
            NodeEnum::RenameStmt(statement) => self.rename(statement),
            NodeEnum::AlterObjectSchemaStmt(statement) => self.set_schema(statement),
            NodeEnum::AlterObjectDependsStmt(statement) => self.alter_depends(statement),
            NodeEnum::AlterOwnerStmt(statement) => self.alter_owner(statement),
            NodeEnum::CommentStmt(statement) => self.comment(statement),
            NodeEnum::SecLabelStmt(statement) => self.security_label(statement),
            NodeEnum::GrantStmt(statement) => self.grant(statement),
            NodeEnum::AlterDefaultPrivilegesStmt(statement) => self.alter_default_privileges(statement),
            NodeEnum::CreateEnumStmt(statement) => self.create_enum(statement),
            NodeEnum::AlterEnumStmt(statement) => self.alter_enum(statement),
            NodeEnum::CompositeTypeStmt(statement) => self.create_composite(statement),
            NodeEnum::AlterTableStmt(statement) if statement.objtype() == ObjectType::ObjectType => {
                self.alter_composite(statement)
            }
            NodeEnum::AlterTableStmt(statement) if self.means_temporary(statement.relation.as_ref()) => Ok(()),
            NodeEnum::AlterTableStmt(statement) => self.alter_table(statement),
            NodeEnum::CreateStmt(statement) => match &statement.relation {
                Some(range) if is_temporary(range) => self.skip_temporary(range),
                Some(_) | None => self.create_table(statement),
            },
            NodeEnum::CreateForeignTableStmt(statement) => self.create_foreign_table(statement),
            NodeEnum::IndexStmt(statement) if self.means_temporary(statement.relation.as_ref()) => Ok(()),
            NodeEnum::IndexStmt(statement) => self.create_index(statement),
            NodeEnum::CreateSeqStmt(statement) => self.create_sequence(statement),
            NodeEnum::AlterSeqStmt(statement) => self.alter_sequence(statement),
            NodeEnum::CreateRangeStmt(statement) => self.create_range(statement),
            NodeEnum::AlterTypeStmt(statement) => self.alter_base_type(statement),
            NodeEnum::CreateDomainStmt(statement) => self.create_domain(statement),
            NodeEnum::AlterDomainStmt(statement) => self.alter_domain(statement),
            NodeEnum::ViewStmt(statement) => self.create_view(statement),
            NodeEnum::CreateTableAsStmt(statement) => self.create_table_as(statement),
            NodeEnum::CreateFunctionStmt(statement) => self.create_routine(statement),
            NodeEnum::AlterFunctionStmt(statement) => self.alter_routine(statement),
            NodeEnum::CreateTrigStmt(statement) => self.create_trigger(statement),
            NodeEnum::RuleStmt(statement) => self.create_rule(statement),
            NodeEnum::CreatePolicyStmt(statement) => self.create_policy(statement),
            NodeEnum::AlterPolicyStmt(statement) => self.alter_policy(statement),
            other => self.dispatch_definition(other, text),
        }
    }

    /// Statements about the kinds that are kept by their definition.
    fn dispatch_definition(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match node {
            NodeEnum::DefineStmt(statement) => self.define(statement, node, text),
            NodeEnum::CreateOpFamilyStmt(statement) => self.create_operator_family(statement),
            NodeEnum::AlterOpFamilyStmt(statement) => self.alter_operator_family(statement),
            NodeEnum::CreateOpClassStmt(statement) => self.create_operator_class(statement),
            NodeEnum::CreateCastStmt(statement) => self.create_cast(statement),
            NodeEnum::CreateTransformStmt(statement) => self.create_transform(statement),
            NodeEnum::CreateConversionStmt(statement) => self.create_conversion(statement),
            NodeEnum::CreatePlangStmt(statement) => self.create_language(statement),
            NodeEnum::CreateAmStmt(statement) => self.create_access_method(statement),
            NodeEnum::CreateEventTrigStmt(statement) => self.create_event_trigger(statement),
            NodeEnum::AlterEventTrigStmt(statement) => self.alter_event_trigger(statement),
            NodeEnum::AlterTsdictionaryStmt(statement) => self.alter_dictionary(statement),
            NodeEnum::AlterTsconfigurationStmt(statement) => self.alter_configuration(statement),
            NodeEnum::CreateStatsStmt(statement) => self.create_statistics(statement),
            NodeEnum::AlterStatsStmt(statement) => self.alter_statistics(statement),
            NodeEnum::CreatePublicationStmt(statement) => self.create_publication(statement),
            NodeEnum::AlterPublicationStmt(statement) => self.alter_publication(statement),
            NodeEnum::CreateSubscriptionStmt(statement) => self.create_subscription(statement),
            NodeEnum::AlterSubscriptionStmt(statement) => self.alter_subscription(statement),
            NodeEnum::DropUserMappingStmt(statement) => self.drop_user_mapping(statement),
            NodeEnum::DropSubscriptionStmt(statement) => self.drop_subscription(statement),
            NodeEnum::CreateFdwStmt(statement) => self.create_wrapper(statement),
            NodeEnum::AlterFdwStmt(statement) => self.alter_wrapper(statement),
            NodeEnum::CreateForeignServerStmt(statement) => self.create_server(statement),
            NodeEnum::AlterForeignServerStmt(statement) => self.alter_server(statement),
            NodeEnum::CreateUserMappingStmt(statement) => self.create_user_mapping(statement),
            NodeEnum::AlterUserMappingStmt(statement) => self.alter_user_mapping(statement),
            other => self.dispatch_session(other, text),
        }
    }

    /// CREATE of the kinds that share one statement in the grammar.
    fn define(&mut self, statement: &DefineStmt, node: &NodeEnum, text: &str) -> Applied {
        match statement.kind() {
            ObjectType::ObjectType => self.create_base_type(statement),
            ObjectType::ObjectAggregate => self.create_aggregate(statement),
            ObjectType::ObjectOperator => self.create_operator(statement),
            ObjectType::ObjectCollation => self.create_collation(statement),
            ObjectType::ObjectTsparser
            | ObjectType::ObjectTstemplate
            | ObjectType::ObjectTsdictionary
            | ObjectType::ObjectTsconfiguration => self.create_text_search(statement),
            _ => self.unmodelled(node, text),
        }
    }

    /// Statements about the session, about rows, and about what is not the schema's.
    fn dispatch_session(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match node {
            NodeEnum::VariableSetStmt(statement) => self.set_variable(statement),
            NodeEnum::TransactionStmt(statement) => self.transaction(statement),
            NodeEnum::SelectStmt(statement) => self.select(node, statement, text),
            NodeEnum::DoStmt(statement) => self.do_block(statement, text),
            NodeEnum::InsertStmt(_) | NodeEnum::UpdateStmt(_) | NodeEnum::DeleteStmt(_) | NodeEnum::MergeStmt(_) => {
                self.write_rows(node, text)
            }
            NodeEnum::TruncateStmt(_) | NodeEnum::CopyStmt(_) | NodeEnum::RefreshMatViewStmt(_) => {
                self.skip_data();
                Ok(())
            }
            // Both may run what they hold: EXPLAIN with ANALYZE, a cursor when it is read.
            NodeEnum::ExplainStmt(_) | NodeEnum::DeclareCursorStmt(_) | NodeEnum::CallStmt(_) => self.call(node, text),
            NodeEnum::ClusterStmt(statement) => self.cluster(statement),
            NodeEnum::DiscardStmt(statement) => {
                self.discard(statement);
                Ok(())
            }
            NodeEnum::GrantRoleStmt(_)
            | NodeEnum::CreateRoleStmt(_)
            | NodeEnum::AlterRoleStmt(_)
            | NodeEnum::AlterRoleSetStmt(_)
            | NodeEnum::DropRoleStmt(_)
            | NodeEnum::CreatedbStmt(_)
            | NodeEnum::AlterDatabaseStmt(_)
            | NodeEnum::AlterDatabaseSetStmt(_)
            | NodeEnum::AlterDatabaseRefreshCollStmt(_)
            | NodeEnum::DropdbStmt(_)
            | NodeEnum::CreateTableSpaceStmt(_)
            | NodeEnum::AlterTableSpaceOptionsStmt(_)
            | NodeEnum::DropTableSpaceStmt(_)
            | NodeEnum::AlterSystemStmt(_) => {
                self.skip_cluster_statement();
                Ok(())
            }
            // None of these changes the schema: maintenance, locks, messages, checks, output, prepared statements'
            // definitions, cursors, the version noted for a collation.
            NodeEnum::VacuumStmt(_)
            | NodeEnum::ReindexStmt(_)
            | NodeEnum::LockStmt(_)
            | NodeEnum::NotifyStmt(_)
            | NodeEnum::ListenStmt(_)
            | NodeEnum::UnlistenStmt(_)
            | NodeEnum::CheckPointStmt(_)
            | NodeEnum::ConstraintsSetStmt(_)
            | NodeEnum::VariableShowStmt(_)
            | NodeEnum::PrepareStmt(_)
            | NodeEnum::DeallocateStmt(_)
            | NodeEnum::ClosePortalStmt(_)
            | NodeEnum::AlterCollationStmt(_)
            | NodeEnum::FetchStmt(_) => Ok(()),
            other => self.unmodelled(other, text),
        }
    }

    /// A statement that the catalog has no place for: refused, or carried as text when that was asked for.
    fn unmodelled(&mut self, node: &NodeEnum, text: &str) -> Applied {
        match self.options.unmodelled {
            Unmodelled::Carry => {
                self.carried.push((text.to_owned(), self.current));
                Ok(())
            }
            Unmodelled::Refuse => Err(Box::new(
                Diagnostic::error(
                    Code::UnsupportedStatement,
                    format!("{} is not supported", statement_name(node)),
                )
                .at(self.current)
                .hint("Take it out of the schema, or use --carry-unmodelled to have it compared as text."),
            )),
        }
    }
}

/// What a statement is called in a message: the first words of its kind, from the parser's own name for it.
fn statement_name(node: &NodeEnum) -> String {
    let debug = format!("{node:?}");
    let name = debug.split('(').next().unwrap_or_default().trim_end_matches("Stmt");
    let mut words = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(character.to_ascii_uppercase());
    }
    words
}
