//! Every attribute in which two objects of one identity can differ.

/// An attribute; its values stand in the two catalogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// The kind itself: a table where a view was.
    Kind,
    /// The owner.
    Owner,
    /// COMMENT ON.
    Comment,
    /// COMMENT ON the index of a constraint, the sequence of an identity column, a NOT NULL constraint.
    HiddenComments,
    /// GRANT and REVOKE.
    Privileges,
    /// SECURITY LABEL.
    SecurityLabels,
    /// The extension that the object belongs to.
    ExtensionMembership,
    /// DEPENDS ON EXTENSION.
    ExtensionDependence,

    /// LOGGED or UNLOGGED, of a table or a sequence.
    Persistence,
    /// The server or the options of a foreign table.
    Foreign,
    /// PARTITION BY.
    PartitionKey,
    /// The partitioned table it is a partition of, or its bound.
    PartitionOf,
    /// INHERITS.
    Inherits,
    /// OF type.
    OfType,
    /// The table access method.
    AccessMethod,
    /// The tablespace.
    Tablespace,
    /// Storage parameters; a view's options; a column's options.
    Options,
    /// Row level security.
    RowSecurity,
    /// REPLICA IDENTITY.
    ReplicaIdentity,
    /// CLUSTER ON.
    ClusterOn,

    /// A column's type or its modifiers.
    DataType,
    /// A column's collation.
    Collation,
    /// Whether a column is NOT NULL.
    NotNull,
    /// The name or validity of a column's NOT NULL constraint.
    NotNullConstraint,
    /// GENERATED … AS IDENTITY.
    Identity,
    /// GENERATED ALWAYS AS (…).
    Generated,
    /// SET STORAGE.
    Storage,
    /// SET COMPRESSION.
    Compression,
    /// SET STATISTICS, of a column or an index.
    Statistics,
    /// Options of a foreign table's column.
    ForeignOptions,
    /// Whether a column, default or constraint is declared here, inherited, or both.
    Inheritance,

    /// An expression: a default, a domain's default.
    Expression,
    /// What a constraint, index, trigger, rule or definition is as a whole, where no other attribute says it.
    Definition,
    /// DEFERRABLE, INITIALLY DEFERRED.
    Deferral,
    /// NOT VALID, NOT ENFORCED.
    Validation,
    /// The partitioned parent's constraint, index or trigger that it is a part of.
    Parent,
    /// ON ONLY: whether an index covers the partitions.
    Coverage,

    /// A sequence's options.
    SequenceOptions,
    /// OWNED BY.
    OwnedBy,

    /// A view's query or columns.
    Query,

    /// The labels of an enum.
    EnumLabels,
    /// The attributes of a composite type.
    CompositeAttributes,

    /// Argument names, modes or defaults, or the result: what CREATE OR REPLACE may refuse to change.
    RoutineInterface,
    /// A routine's body, language or other property that CREATE OR REPLACE changes.
    RoutineBody,

    /// ENABLE, DISABLE, REPLICA, ALWAYS of a trigger or rule.
    Firing,
    /// The roles of a policy.
    PolicyRoles,
    /// USING of a policy.
    PolicyUsing,
    /// WITH CHECK of a policy.
    PolicyCheck,

    /// The clauses of one name of a definition, which can be altered by themselves.
    Clause(crate::catalog::definition::ClauseName),
    /// The schema of an extension.
    ExtensionSchema,
    /// The version of an extension.
    Version,
    /// What default privileges gave to the members of an extension when it was made.
    MemberPrivileges,
}

impl Attribute {
    /// The attribute in words, for messages: `type`, `not null`, `row security`.
    pub fn words(self) -> &'static str {
        match self {
            Attribute::Kind => "kind",
            Attribute::Owner => "owner",
            Attribute::Comment => "comment",
            Attribute::HiddenComments => "comment on its index, sequence or not-null constraint",
            Attribute::Privileges => "privileges",
            Attribute::SecurityLabels => "security labels",
            Attribute::ExtensionMembership => "extension",
            Attribute::ExtensionDependence => "dependence on extensions",
            Attribute::Persistence => "persistence",
            Attribute::Foreign => "foreign table",
            Attribute::PartitionKey => "partition key",
            Attribute::PartitionOf => "partition of",
            Attribute::Inherits => "inherits",
            Attribute::OfType => "of type",
            Attribute::AccessMethod => "access method",
            Attribute::Tablespace => "tablespace",
            Attribute::Options => "options",
            Attribute::RowSecurity => "row security",
            Attribute::ReplicaIdentity => "replica identity",
            Attribute::ClusterOn => "cluster on",
            Attribute::DataType => "type",
            Attribute::Collation => "collation",
            Attribute::NotNull => "nullability",
            Attribute::NotNullConstraint => "not-null constraint",
            Attribute::Identity => "identity",
            Attribute::Generated => "generated",
            Attribute::Storage => "storage",
            Attribute::Compression => "compression",
            Attribute::Statistics => "statistics",
            Attribute::ForeignOptions => "foreign options",
            Attribute::Inheritance => "inheritance",
            Attribute::Expression => "expression",
            Attribute::Definition => "definition",
            Attribute::Deferral => "deferral",
            Attribute::Validation => "validation",
            Attribute::Parent => "parent",
            Attribute::Coverage => "coverage",
            Attribute::SequenceOptions => "sequence options",
            Attribute::OwnedBy => "owned by",
            Attribute::Query => "query",
            Attribute::EnumLabels => "labels",
            Attribute::CompositeAttributes => "attributes",
            Attribute::RoutineInterface => "arguments or result",
            Attribute::RoutineBody => "body",
            Attribute::Firing => "firing",
            Attribute::PolicyRoles => "roles",
            Attribute::PolicyUsing => "using",
            Attribute::PolicyCheck => "with check",
            Attribute::Clause(name) => name.words(),
            Attribute::ExtensionSchema => "schema",
            Attribute::Version => "version",
            Attribute::MemberPrivileges => "default privileges of its members",
        }
    }
}
