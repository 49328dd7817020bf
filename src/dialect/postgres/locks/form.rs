//! The forms of statements that differ in what they lock.
//!
//! Knows names only; what each form locks stands in the table beside. A form is not a statement's syntax: `ALTER TABLE
//! … ALTER COLUMN … TYPE` is three forms, because the server reads, rewrites or merely renames by what the types are.

/// Declares [`Form`] with the name of every form written once.
macro_rules! forms {
    ($($(#[$documentation:meta])+ $variant:ident = $name:literal,)+) => {
        /// A form of statement, as far as locks go.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Form {
            $($(#[$documentation])+ $variant,)+
        }

        impl Form {
            /// Every form, in the order of its declaration.
            pub const ALL: &'static [Form] = &[$(Form::$variant),+];

            /// The form's name in `grammar/postgres/locks.tsv` and in debug output.
            pub fn name(self) -> &'static str {
                match self {
                    $(Form::$variant => $name,)+
                }
            }
        }
    };
}

forms! {
    // Tables.
    /// `CREATE TABLE` without a foreign key; nobody else sees the new table.
    CreateTable = "create_table",
    /// `CREATE TABLE` with a foreign key in it.
    CreateTableReferencing = "create_table_referencing",
    /// `CREATE TABLE … (LIKE source)`.
    CreateTableLike = "create_table_like",
    /// `CREATE TABLE … INHERITS (parent)`.
    CreateTableInherits = "create_table_inherits",
    /// `CREATE TABLE … PARTITION OF parent`; the default partition is searched for rows of the new one.
    CreatePartition = "create_partition",
    /// `DROP TABLE` of a table that is no partition.
    DropTable = "drop_table",
    /// `DROP TABLE` of a partition.
    DropPartition = "drop_partition",
    /// `ALTER TABLE … RENAME TO`.
    RenameTable = "rename_table",
    /// `ALTER TABLE … SET SCHEMA`.
    SetTableSchema = "set_table_schema",
    /// `ALTER TABLE … OWNER TO`.
    SetTableOwner = "set_table_owner",
    /// `ALTER TABLE … SET LOGGED` and `SET UNLOGGED`.
    SetLogged = "set_logged",
    /// `ALTER TABLE … SET ACCESS METHOD` to another one (15 and later).
    SetAccessMethod = "set_access_method",
    /// `ALTER TABLE … SET TABLESPACE`: the file is copied block by block.
    SetTablespace = "set_tablespace",
    /// `ALTER TABLE … SET (…)` and `RESET (…)` of fillfactor, autovacuum, toast and parallel settings.
    SetStorageParameters = "set_storage_parameters",
    /// `ALTER TABLE … SET (user_catalog_table)`.
    SetUserCatalogTable = "set_user_catalog_table",
    /// `ALTER TABLE … REPLICA IDENTITY`.
    SetReplicaIdentity = "set_replica_identity",
    /// `ALTER TABLE … ENABLE`, `DISABLE`, `FORCE` and `NO FORCE ROW LEVEL SECURITY`.
    SetRowSecurity = "set_row_security",
    /// `ALTER TABLE … INHERIT parent`.
    Inherit = "inherit",
    /// `ALTER TABLE … NO INHERIT parent`.
    NoInherit = "no_inherit",
    /// `ALTER TABLE … OF type`.
    OfType = "of_type",
    /// `ALTER TABLE … NOT OF`.
    NotOf = "not_of",
    /// `ALTER TABLE … CLUSTER ON index`.
    ClusterOn = "cluster_on",
    /// `ALTER TABLE … SET WITHOUT CLUSTER`.
    SetWithoutCluster = "set_without_cluster",

    // Columns.
    /// `ADD COLUMN` that is nullable, virtual, or has a default that is not volatile, and no constraint.
    AddColumn = "add_column",
    /// `ADD COLUMN` whose rows must be read: with `CHECK`, `UNIQUE`, or `NOT NULL` without a default.
    AddColumnScanning = "add_column_scanning",
    /// `ADD COLUMN` with a volatile default, an identity, a stored expression or a domain with constraints.
    AddColumnRewriting = "add_column_rewriting",
    /// `ADD COLUMN … REFERENCES` without a default.
    AddColumnReferencing = "add_column_referencing",
    /// `DROP COLUMN`, with its indexes, foreign key and owned sequence.
    DropColumn = "drop_column",
    /// `RENAME COLUMN` of a table.
    RenameColumn = "rename_column",
    /// `ALTER COLUMN … SET DEFAULT`.
    SetDefault = "set_default",
    /// `ALTER COLUMN … DROP DEFAULT`.
    DropDefault = "drop_default",
    /// `ALTER COLUMN … SET NOT NULL` that nothing proves.
    SetNotNull = "set_not_null",
    /// `ALTER COLUMN … SET NOT NULL` that a valid constraint proves.
    SetNotNullProved = "set_not_null_proved",
    /// `ALTER COLUMN … DROP NOT NULL`.
    DropNotNull = "drop_not_null",
    /// `ADD CONSTRAINT … NOT NULL` (18 and later).
    AddNotNull = "add_not_null",
    /// `ADD CONSTRAINT … NOT NULL … NOT VALID` (18 and later).
    AddNotNullNotValid = "add_not_null_not_valid",
    /// `VALIDATE CONSTRAINT` of a not-null constraint (18 and later).
    ValidateNotNull = "validate_not_null",
    /// `DROP CONSTRAINT` of a not-null constraint (18 and later).
    DropNotNullConstraint = "drop_not_null_constraint",
    /// `ALTER CONSTRAINT … INHERIT` and `NO INHERIT` of a not-null constraint (18 and later).
    AlterNotNullInheritance = "alter_not_null_inheritance",
    /// `ALTER COLUMN … TYPE` that changes the catalog only.
    AlterType = "alter_type",
    /// `ALTER COLUMN … TYPE` that keeps the rows but checks a constraint again or builds an index anew.
    AlterTypeScanning = "alter_type_scanning",
    /// `ALTER COLUMN … TYPE` that writes the table anew.
    AlterTypeRewriting = "alter_type_rewriting",
    /// `ALTER COLUMN … DROP EXPRESSION`.
    DropExpression = "drop_expression",
    /// `ALTER COLUMN … SET EXPRESSION` of a stored generated column (17 and later).
    SetExpression = "set_expression",
    /// `ALTER COLUMN … SET EXPRESSION` of a virtual generated column (18 and later).
    SetVirtualExpression = "set_virtual_expression",
    /// `ALTER COLUMN … ADD GENERATED AS IDENTITY`.
    AddIdentity = "add_identity",
    /// `ALTER COLUMN … SET GENERATED`, `RESTART` and the sequence options of an identity.
    AlterIdentity = "alter_identity",
    /// `ALTER COLUMN … DROP IDENTITY`.
    DropIdentity = "drop_identity",
    /// `ALTER COLUMN … SET STATISTICS`.
    SetStatistics = "set_statistics",
    /// `ALTER COLUMN … SET (n_distinct)` and `RESET`.
    SetColumnOptions = "set_column_options",
    /// `ALTER COLUMN … SET STORAGE`.
    SetStorage = "set_storage",
    /// `ALTER COLUMN … SET COMPRESSION`.
    SetCompression = "set_compression",

    // Constraints.
    /// `ADD CONSTRAINT … CHECK`.
    AddCheck = "add_check",
    /// `ADD CONSTRAINT … CHECK … NOT VALID`.
    AddCheckNotValid = "add_check_not_valid",
    /// `ADD CONSTRAINT … CHECK … NOT ENFORCED` (18 and later).
    AddCheckNotEnforced = "add_check_not_enforced",
    /// `VALIDATE CONSTRAINT` of a check constraint.
    ValidateCheck = "validate_check",
    /// `DROP CONSTRAINT` of a check constraint.
    DropCheck = "drop_check",
    /// `ADD PRIMARY KEY` and `ADD UNIQUE` that build their index.
    AddKey = "add_key",
    /// `ADD UNIQUE` or `ADD PRIMARY KEY … USING INDEX`, the latter over columns known not to be null.
    AddKeyUsingIndex = "add_key_using_index",
    /// `ADD PRIMARY KEY … USING INDEX` over a nullable column that nothing proves.
    AddPrimaryKeyUsingIndexScanning = "add_primary_key_using_index_scanning",
    /// `ALTER TABLE ONLY … ADD PRIMARY KEY` or `ADD UNIQUE` on a partitioned table.
    AddKeyOnOnly = "add_key_on_only",
    /// `ADD CONSTRAINT … EXCLUDE`.
    AddExclude = "add_exclude",
    /// `DROP CONSTRAINT` of a primary key, a unique or an exclusion constraint.
    DropKey = "drop_key",
    /// `ADD FOREIGN KEY`, validated at once.
    AddForeignKey = "add_foreign_key",
    /// `ADD FOREIGN KEY … NOT VALID` on a plain table or a single partition.
    AddForeignKeyNotValid = "add_foreign_key_not_valid",
    /// `ADD FOREIGN KEY … NOT VALID` on a partitioned table (18 and later).
    AddForeignKeyNotValidPartitioned = "add_foreign_key_not_valid_partitioned",
    /// `ADD FOREIGN KEY` on a partitioned table whose partitions all have an equal one, which is adopted.
    AddForeignKeyAdopting = "add_foreign_key_adopting",
    /// `VALIDATE CONSTRAINT` of a foreign key; of a partitioned table's from 18 on.
    ValidateForeignKey = "validate_foreign_key",
    /// `ADD FOREIGN KEY … NOT ENFORCED` (18 and later).
    AddForeignKeyNotEnforced = "add_foreign_key_not_enforced",
    /// `ALTER CONSTRAINT … ENFORCED` of a foreign key (18 and later).
    EnforceForeignKey = "enforce_foreign_key",
    /// `ALTER CONSTRAINT … NOT ENFORCED` of a foreign key (18 and later).
    UnenforceForeignKey = "unenforce_foreign_key",
    /// `ALTER CONSTRAINT … DEFERRABLE` and its like.
    SetConstraintDeferrability = "set_constraint_deferrability",
    /// `DROP CONSTRAINT` of a foreign key.
    DropForeignKey = "drop_foreign_key",
    /// `RENAME CONSTRAINT`; the index of a key is renamed with it.
    RenameConstraint = "rename_constraint",

    // Partitions.
    /// `ATTACH PARTITION` of a table whose rows must be read.
    AttachPartition = "attach_partition",
    /// `ATTACH PARTITION` of a table whose valid constraints prove the bound, on the default partition as well.
    AttachPartitionProved = "attach_partition_proved",
    /// `DETACH PARTITION`.
    DetachPartition = "detach_partition",
    /// `DETACH PARTITION` of a partition of a table that a foreign key references.
    DetachReferencedPartition = "detach_referenced_partition",
    /// `DETACH PARTITION … CONCURRENTLY`.
    DetachPartitionConcurrently = "detach_partition_concurrently",
    /// `DETACH PARTITION … CONCURRENTLY` of a partition of a table that a foreign key references: its last step locks and reads
    /// the referencing tables as the blocking form does.
    DetachReferencedPartitionConcurrently = "detach_referenced_partition_concurrently",
    /// `DETACH PARTITION … FINALIZE`.
    DetachPartitionFinalize = "detach_partition_finalize",

    // Indexes.
    /// `CREATE INDEX`.
    CreateIndex = "create_index",
    /// `CREATE INDEX CONCURRENTLY`.
    CreateIndexConcurrently = "create_index_concurrently",
    /// `CREATE INDEX … ON ONLY` a partitioned table.
    CreateIndexOnOnly = "create_index_on_only",
    /// `DROP INDEX`.
    DropIndex = "drop_index",
    /// `DROP INDEX CONCURRENTLY`.
    DropIndexConcurrently = "drop_index_concurrently",
    /// `REINDEX … CONCURRENTLY`.
    ReindexConcurrently = "reindex_concurrently",
    /// `ALTER INDEX … ATTACH PARTITION`.
    AttachIndex = "attach_index",
    /// `ALTER INDEX … RENAME TO`.
    RenameIndex = "rename_index",
    /// `ALTER INDEX … SET (fillfactor)`.
    SetIndexParameters = "set_index_parameters",
    /// `ALTER INDEX … SET (…)` of an access method's own settings, such as fastupdate.
    SetIndexParametersExclusive = "set_index_parameters_exclusive",
    /// `ALTER INDEX … ALTER COLUMN … SET STATISTICS`.
    SetIndexStatistics = "set_index_statistics",

    // What hangs on a table.
    /// `CREATE TRIGGER`, with `OR REPLACE` and `CONSTRAINT`.
    CreateTrigger = "create_trigger",
    /// `DROP TRIGGER`.
    DropTrigger = "drop_trigger",
    /// `ALTER TRIGGER … RENAME TO`.
    RenameTrigger = "rename_trigger",
    /// `ALTER TABLE … ENABLE` and `DISABLE TRIGGER`.
    SetTriggerState = "set_trigger_state",
    /// `CREATE RULE`.
    CreateRule = "create_rule",
    /// `DROP RULE`.
    DropRule = "drop_rule",
    /// `ALTER RULE … RENAME TO`.
    RenameRule = "rename_rule",
    /// `ALTER TABLE … ENABLE` and `DISABLE RULE`.
    SetRuleState = "set_rule_state",
    /// `CREATE POLICY`.
    CreatePolicy = "create_policy",
    /// `ALTER POLICY`.
    AlterPolicy = "alter_policy",
    /// `ALTER POLICY … RENAME TO`.
    RenamePolicy = "rename_policy",
    /// `DROP POLICY`.
    DropPolicy = "drop_policy",
    /// `CREATE STATISTICS`.
    CreateStatistics = "create_statistics",
    /// `ALTER STATISTICS`.
    AlterStatistics = "alter_statistics",
    /// `DROP STATISTICS`.
    DropStatistics = "drop_statistics",

    // Views.
    /// `CREATE VIEW`.
    CreateView = "create_view",
    /// `CREATE OR REPLACE VIEW` over a view that is there.
    ReplaceView = "replace_view",
    /// `ALTER VIEW` in all its forms.
    AlterView = "alter_view",
    /// `DROP VIEW`.
    DropView = "drop_view",
    /// `CREATE MATERIALIZED VIEW`.
    CreateMaterializedView = "create_materialized_view",
    /// `CREATE MATERIALIZED VIEW … WITH NO DATA`.
    CreateMaterializedViewNoData = "create_materialized_view_no_data",
    /// `REFRESH MATERIALIZED VIEW`.
    RefreshMaterializedView = "refresh_materialized_view",
    /// `REFRESH MATERIALIZED VIEW CONCURRENTLY`.
    RefreshMaterializedViewConcurrently = "refresh_materialized_view_concurrently",
    /// `ALTER MATERIALIZED VIEW` in all its forms.
    AlterMaterializedView = "alter_materialized_view",
    /// `DROP MATERIALIZED VIEW`.
    DropMaterializedView = "drop_materialized_view",

    // Types.
    /// `CREATE TYPE` and `CREATE DOMAIN`.
    CreateType = "create_type",
    /// `ALTER TYPE … RENAME TO`, `SET SCHEMA` and `OWNER TO` of an enum or range type; `DROP TYPE` of any type without users.
    AlterTypeObject = "alter_type_object",
    /// `ALTER TYPE … ADD VALUE`.
    AddEnumValue = "add_enum_value",
    /// `ALTER TYPE … RENAME VALUE`.
    RenameEnumValue = "rename_enum_value",
    /// `ALTER TYPE` of a composite type, which has a relation of its own.
    AlterCompositeType = "alter_composite_type",
    /// `ALTER DOMAIN … ADD CONSTRAINT`, `VALIDATE CONSTRAINT` and `SET NOT NULL`: every user is read.
    CheckDomain = "check_domain",
    /// `ALTER DOMAIN` in its other forms, `ADD CONSTRAINT … NOT VALID` among them.
    AlterDomain = "alter_domain",

    // Sequences.
    /// `CREATE SEQUENCE`.
    CreateSequence = "create_sequence",
    /// `ALTER SEQUENCE` of its type, step, cache, bounds or position.
    AlterSequence = "alter_sequence",
    /// `ALTER SEQUENCE … OWNED BY`.
    SetSequenceOwnedBy = "set_sequence_owned_by",
    /// `setval` and `nextval`.
    SetSequenceValue = "set_sequence_value",
    /// `ALTER SEQUENCE … RENAME TO`, `SET SCHEMA` and `OWNER TO`.
    RenameSequence = "rename_sequence",
    /// `ALTER SEQUENCE … SET LOGGED` and `SET UNLOGGED` (15 and later).
    SetSequenceLogged = "set_sequence_logged",
    /// `DROP SEQUENCE`.
    DropSequence = "drop_sequence",

    // Objects that are no relations.
    /// `CREATE FUNCTION`, `PROCEDURE` and `AGGREGATE`; a body in SQL's own syntax reads its tables' definitions.
    CreateRoutine = "create_routine",
    /// `ALTER FUNCTION` and its kin.
    AlterRoutine = "alter_routine",
    /// `DROP FUNCTION` and its kin.
    DropRoutine = "drop_routine",
    /// `CREATE`, `ALTER` and `DROP` of schemas, extensions, casts, collations, event triggers, default privileges.
    AlterObject = "alter_object",
    /// `CREATE PUBLICATION`.
    CreatePublication = "create_publication",
    /// `ALTER PUBLICATION … ADD`, `DROP` and `SET TABLE`.
    AlterPublication = "alter_publication",
    /// `DROP PUBLICATION`.
    DropPublication = "drop_publication",
    /// `CREATE FOREIGN TABLE`.
    CreateForeignTable = "create_foreign_table",
    /// `ALTER FOREIGN TABLE`.
    AlterForeignTable = "alter_foreign_table",
    /// `COMMENT ON TABLE`, `COLUMN`, `VIEW` and other relations.
    CommentOnRelation = "comment_on_relation",
    /// `COMMENT ON INDEX`.
    CommentOnIndex = "comment_on_index",
    /// `COMMENT ON CONSTRAINT`, `TRIGGER`, `RULE` and `POLICY`.
    CommentOnPart = "comment_on_part",
    /// `COMMENT ON` what is no relation and hangs on none.
    CommentOnObject = "comment_on_object",
    /// `GRANT` and `REVOKE` on a relation or a column.
    Grant = "grant",

    // Rows.
    /// `ANALYZE`.
    Analyze = "analyze",
    /// `UPDATE`, as a backfill does it.
    UpdateRows = "update_rows",
    /// `LOCK TABLE` without a mode.
    LockTable = "lock_table",
}
