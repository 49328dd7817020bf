//! The lock table proper: form and version to locks.
//!
//! Forms that lock alike share a line, so that the table can be read as sentences; the match is whole, so that a new
//! form can not be forgotten. Must not decide anything else.

use super::Role::{
    DefaultPartition, Index, Parent, ParentIndex, Partitions, ReferencedPartitions, ReferencedTable, ReferencingTable,
    Sequence, Source, Target, Users,
};
use super::{Form, FormLock, Role, available_since};
use crate::plan::lock::LockMode;
use crate::plan::lock::LockMode::{
    AccessExclusive, AccessShare, Exclusive, RowExclusive, RowShare, Share, ShareRowExclusive, ShareUpdateExclusive,
};

/// What a statement of this form locks on a server of this major version, the strongest mode of each role once.
///
/// Roles that no relation plays (a table without partitions) are the caller's to leave out, and so are relations the
/// statement itself creates: nobody else can wait for them. A form the version does not have locks nothing; see
/// [`available_since`].
pub fn locks(form: Form, version: u16) -> &'static [FormLock] {
    if version < available_since(form) {
        return &[];
    }
    match form {
        Form::CreateTable
        | Form::CreateForeignTable
        | Form::CreateType
        | Form::AlterTypeObject
        | Form::AddEnumValue
        | Form::RenameEnumValue
        | Form::AlterDomain
        | Form::AlterRoutine
        | Form::DropRoutine
        | Form::AlterObject
        | Form::DropPublication
        | Form::AlterStatistics
        | Form::CommentOnObject => &[],

        Form::RenameTable
        | Form::SetTableSchema
        | Form::SetUserCatalogTable
        | Form::SetRowSecurity
        | Form::NotOf
        | Form::SetCompression
        | Form::DropNotNullConstraint
        | Form::AlterNotNullInheritance
        | Form::SetVirtualExpression
        | Form::AddCheckNotEnforced
        | Form::AddKeyOnOnly
        | Form::DropRule
        | Form::RenameRule
        | Form::SetRuleState
        | Form::RenamePolicy
        | Form::DropPolicy
        | Form::AlterView
        | Form::DropView
        | Form::AlterMaterializedView
        | Form::AlterCompositeType
        | Form::RenameSequence
        | Form::SetSequenceLogged
        | Form::AlterForeignTable
        | Form::LockTable => const { &[brief(Target, AccessExclusive)] },

        Form::AddColumn
        | Form::RenameColumn
        | Form::SetDefault
        | Form::DropDefault
        | Form::SetNotNullProved
        | Form::DropNotNull
        | Form::AddNotNullNotValid
        | Form::DropExpression
        | Form::SetStorage
        | Form::AddCheckNotValid
        | Form::DropCheck
        | Form::SetConstraintDeferrability
        | Form::DropTrigger => ALL_LEVELS,

        Form::SetNotNull | Form::AddCheck => {
            const { &[scan(Target, AccessExclusive), scan(Partitions, AccessExclusive)] }
        }
        Form::AddColumnScanning | Form::AddNotNull | Form::AddExclude => const { &[scan(Target, AccessExclusive)] },
        Form::ValidateCheck | Form::ValidateNotNull => {
            const {
                &[
                    scan(Target, ShareUpdateExclusive),
                    scan(Partitions, ShareUpdateExclusive),
                ]
            }
        }

        Form::SetStorageParameters
        | Form::SetWithoutCluster
        | Form::SetColumnOptions
        | Form::CreateStatistics
        | Form::DropStatistics
        | Form::CreatePublication
        | Form::AlterPublication
        | Form::CommentOnRelation => const { &[brief(Target, ShareUpdateExclusive)] },
        Form::SetStatistics | Form::Analyze => {
            const {
                &[
                    brief(Target, ShareUpdateExclusive),
                    brief(Partitions, ShareUpdateExclusive),
                ]
            }
        }
        Form::ClusterOn => const { &[brief(Target, ShareUpdateExclusive), brief(Index, ShareUpdateExclusive)] },
        Form::CommentOnPart => const { &[brief(Target, AccessShare)] },
        // GRANT locks the relation from 18 on only.
        Form::Grant if version < 18 => &[],
        Form::Grant => const { &[brief(Target, AccessShare)] },
        Form::UpdateRows => const { &[scan(Target, RowExclusive)] },

        Form::CreateTableReferencing => const { &[brief(ReferencedTable, ShareRowExclusive)] },
        Form::CreateTableLike
        | Form::CreateRoutine
        | Form::CreateView
        | Form::CreateMaterializedViewNoData
        | Form::CreateSequence => const { &[brief(Source, AccessShare)] },
        Form::CreateTableInherits => const { &[brief(Parent, ShareUpdateExclusive)] },
        Form::DropTable => DROP_TABLE,
        Form::SetTableOwner | Form::DropMaterializedView => {
            const { &[brief(Target, AccessExclusive), brief(Index, AccessExclusive)] }
        }
        Form::SetLogged | Form::SetAccessMethod | Form::SetExpression => {
            const { &[rewrite(Target, AccessExclusive), brief(Index, AccessExclusive)] }
        }
        Form::SetTablespace => const { &[rewrite(Target, AccessExclusive)] },
        Form::SetReplicaIdentity => const { &[brief(Target, AccessExclusive), brief(Index, Share)] },
        Form::Inherit => const { &[brief(Target, AccessExclusive), brief(Parent, ShareUpdateExclusive)] },
        Form::NoInherit => const { &[brief(Target, AccessExclusive), brief(Parent, AccessShare)] },
        Form::OfType | Form::ReplaceView | Form::CreateRule | Form::CreatePolicy | Form::AlterPolicy => {
            const { &[brief(Target, AccessExclusive), brief(Source, AccessShare)] }
        }

        Form::AddColumnRewriting => ADD_COLUMN_REWRITING,
        Form::AddColumnReferencing => {
            const {
                &[
                    brief(Target, AccessExclusive),
                    brief(ReferencedTable, ShareRowExclusive),
                ]
            }
        }
        Form::DropColumn => DROP_COLUMN,
        Form::AlterType => ALTER_TYPE,
        Form::AlterTypeScanning => ALTER_TYPE_SCANNING,
        Form::AlterTypeRewriting => ALTER_TYPE_REWRITING,
        // Partitions have had the parent's identity since 17.
        Form::AddIdentity if version < 17 => const { &[brief(Target, AccessExclusive)] },
        Form::AddIdentity => ALL_LEVELS,
        Form::AlterIdentity if version < 17 => {
            const { &[brief(Target, AccessExclusive), brief(Sequence, ShareRowExclusive)] }
        }
        Form::AlterIdentity => ALTER_IDENTITY_ALL_LEVELS,
        Form::DropIdentity if version < 17 => {
            const { &[brief(Target, AccessExclusive), brief(Sequence, AccessExclusive)] }
        }
        Form::DropIdentity => DROP_IDENTITY_ALL_LEVELS,

        // Since 18 the columns' not-null constraints are added to the partitions first.
        Form::AddKey if version < 18 => const { &[scan(Target, AccessExclusive), scan(Partitions, Share)] },
        Form::AddKey => const { &[scan(Target, AccessExclusive), scan(Partitions, AccessExclusive)] },
        Form::AddKeyUsingIndex => const { &[brief(Target, AccessExclusive), brief(Index, ShareUpdateExclusive)] },
        Form::AddPrimaryKeyUsingIndexScanning => {
            const { &[scan(Target, AccessExclusive), brief(Index, ShareUpdateExclusive)] }
        }
        Form::DropKey | Form::DropIndex => TARGET_PARTITIONS_INDEX,
        Form::RenameConstraint => RENAME_CONSTRAINT,
        Form::AddForeignKey => ADD_FOREIGN_KEY,
        Form::AddForeignKeyNotValid => ADD_FOREIGN_KEY_NOT_VALID,
        Form::AddForeignKeyNotValidPartitioned => ADD_FOREIGN_KEY_NOT_VALID_PARTITIONED,
        Form::AddForeignKeyAdopting => ADD_FOREIGN_KEY_ADOPTING,
        Form::ValidateForeignKey if version < 18 => VALIDATE_FOREIGN_KEY_PLAIN,
        Form::ValidateForeignKey => VALIDATE_FOREIGN_KEY,
        Form::AddForeignKeyNotEnforced => {
            const {
                &[
                    brief(Target, ShareRowExclusive),
                    brief(ReferencedTable, ShareRowExclusive),
                ]
            }
        }
        Form::EnforceForeignKey => const { &[scan(Target, AccessExclusive), scan(ReferencedTable, ShareRowExclusive)] },
        Form::UnenforceForeignKey => {
            const { &[brief(Target, AccessExclusive), brief(ReferencedTable, AccessExclusive)] }
        }
        Form::DropForeignKey => DROP_FOREIGN_KEY,

        Form::CreatePartition => CREATE_PARTITION,
        Form::DropPartition => DROP_PARTITION,
        Form::AttachPartition if version < 15 => ATTACH_PARTITION_14,
        Form::AttachPartition => ATTACH_PARTITION,
        Form::AttachPartitionProved if version < 15 => ATTACH_PARTITION_PROVED_14,
        Form::AttachPartitionProved => ATTACH_PARTITION_PROVED,
        Form::DetachPartition => DETACH_PARTITION,
        Form::DetachReferencedPartition => DETACH_REFERENCED_PARTITION,
        Form::DetachReferencedPartitionConcurrently => DETACH_REFERENCED_PARTITION_CONCURRENTLY,
        Form::DetachPartitionConcurrently => DETACH_PARTITION_CONCURRENTLY,
        Form::DetachPartitionFinalize => {
            const { &[brief(Target, AccessExclusive), brief(Parent, ShareUpdateExclusive)] }
        }

        Form::CreateIndex => const { &[scan(Target, Share), scan(Partitions, Share)] },
        Form::CreateIndexConcurrently => const { &[scan(Target, ShareUpdateExclusive)] },
        Form::CreateIndexOnOnly => const { &[brief(Target, Share)] },
        // The index itself is locked against everybody only when no session can still be using it.
        Form::DropIndexConcurrently => const { &[brief(Target, ShareUpdateExclusive), brief(Index, AccessExclusive)] },
        Form::ReindexConcurrently => const { &[scan(Target, ShareUpdateExclusive), brief(Index, AccessExclusive)] },
        Form::AttachIndex => ATTACH_INDEX,
        Form::RenameIndex | Form::SetIndexParameters | Form::SetIndexStatistics | Form::CommentOnIndex => {
            const { &[brief(Index, ShareUpdateExclusive)] }
        }
        Form::SetIndexParametersExclusive => const { &[brief(Index, AccessExclusive)] },

        Form::CreateTrigger | Form::SetTriggerState => {
            const { &[brief(Target, ShareRowExclusive), brief(Partitions, ShareRowExclusive)] }
        }
        // A partitioned table's trigger takes its clones along since 15.
        Form::RenameTrigger if version < 15 => const { &[brief(Target, AccessExclusive)] },
        Form::RenameTrigger => ALL_LEVELS,

        Form::CreateMaterializedView => const { &[scan(Source, AccessShare)] },
        Form::RefreshMaterializedView => REFRESH_MATERIALIZED_VIEW,
        Form::RefreshMaterializedViewConcurrently => const { &[scan(Target, Exclusive), scan(Source, AccessShare)] },

        Form::CheckDomain => const { &[scan(Users, Share)] },
        Form::AlterSequence => const { &[brief(Target, ShareRowExclusive)] },
        Form::SetSequenceOwnedBy => const { &[brief(Target, ShareRowExclusive), brief(Source, AccessShare)] },
        Form::SetSequenceValue => const { &[brief(Target, RowExclusive)] },
        Form::DropSequence => const { &[brief(Target, AccessExclusive), brief(Users, AccessExclusive)] },
    }
}

/// A lock under which only the catalog changes.
const fn brief(role: Role, mode: LockMode) -> FormLock {
    FormLock {
        role,
        mode,
        scans: false,
        rewrites: false,
    }
}

/// A lock under which the relation's rows are read.
const fn scan(role: Role, mode: LockMode) -> FormLock {
    FormLock {
        role,
        mode,
        scans: true,
        rewrites: false,
    }
}

/// A lock under which the relation is read and written anew.
const fn rewrite(role: Role, mode: LockMode) -> FormLock {
    FormLock {
        role,
        mode,
        scans: true,
        rewrites: true,
    }
}

const ALL_LEVELS: &[FormLock] = &[brief(Target, AccessExclusive), brief(Partitions, AccessExclusive)];

const TARGET_PARTITIONS_INDEX: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
];

const DROP_TABLE: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
];

const ADD_COLUMN_REWRITING: &[FormLock] = &[
    rewrite(Target, AccessExclusive),
    rewrite(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(Sequence, RowExclusive),
];

const DROP_COLUMN: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(Sequence, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
];

// The foreign keys of a column of another type are made anew, hence the locks at both their ends.
const ALTER_TYPE: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
    brief(ReferencingTable, AccessExclusive),
];

const ALTER_TYPE_SCANNING: &[FormLock] = &[
    scan(Target, AccessExclusive),
    scan(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
    brief(ReferencingTable, AccessExclusive),
];

const ALTER_TYPE_REWRITING: &[FormLock] = &[
    rewrite(Target, AccessExclusive),
    rewrite(Partitions, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(Sequence, ShareRowExclusive),
    scan(ReferencedTable, AccessExclusive),
    scan(ReferencingTable, AccessExclusive),
];

const ALTER_IDENTITY_ALL_LEVELS: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Sequence, ShareRowExclusive),
];

const DROP_IDENTITY_ALL_LEVELS: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Sequence, AccessExclusive),
];

const RENAME_CONSTRAINT: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(Index, ShareUpdateExclusive),
];

const ADD_FOREIGN_KEY: &[FormLock] = &[
    scan(Target, ShareRowExclusive),
    scan(Partitions, ShareRowExclusive),
    scan(ReferencedTable, ShareRowExclusive),
    scan(ReferencedPartitions, ShareRowExclusive),
];

const ADD_FOREIGN_KEY_NOT_VALID: &[FormLock] = &[
    brief(Target, ShareRowExclusive),
    brief(ReferencedTable, ShareRowExclusive),
    brief(ReferencedPartitions, ShareRowExclusive),
];

const ADD_FOREIGN_KEY_NOT_VALID_PARTITIONED: &[FormLock] = &[
    brief(Target, ShareRowExclusive),
    brief(Partitions, ShareRowExclusive),
    brief(ReferencedTable, ShareRowExclusive),
];

// The partitions' own triggers on the referenced table are dropped, as the parent's serve from now on.
const ADD_FOREIGN_KEY_ADOPTING: &[FormLock] = &[
    brief(Target, ShareRowExclusive),
    brief(Partitions, ShareRowExclusive),
    brief(ReferencedTable, AccessExclusive),
];

const VALIDATE_FOREIGN_KEY_PLAIN: &[FormLock] = &[
    scan(Target, ShareUpdateExclusive),
    scan(ReferencedTable, RowShare),
    scan(ReferencedPartitions, AccessShare),
];

const VALIDATE_FOREIGN_KEY: &[FormLock] = &[
    scan(Target, ShareUpdateExclusive),
    scan(Partitions, ShareUpdateExclusive),
    scan(ReferencedTable, RowShare),
    scan(ReferencedPartitions, AccessShare),
];

const DROP_FOREIGN_KEY: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Partitions, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
    brief(ReferencedPartitions, AccessExclusive),
];

const CREATE_PARTITION: &[FormLock] = &[
    brief(Parent, AccessExclusive),
    scan(DefaultPartition, AccessExclusive),
    brief(ReferencedTable, ShareRowExclusive),
];

const DROP_PARTITION: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Parent, AccessExclusive),
    brief(DefaultPartition, AccessExclusive),
];

const ATTACH_PARTITION_14: &[FormLock] = &[
    scan(Target, AccessExclusive),
    brief(Parent, ShareUpdateExclusive),
    brief(ParentIndex, ShareUpdateExclusive),
    scan(DefaultPartition, AccessExclusive),
    scan(ReferencedTable, ShareRowExclusive),
    brief(ReferencingTable, AccessShare),
];

const ATTACH_PARTITION: &[FormLock] = &[
    scan(Target, AccessExclusive),
    brief(Parent, ShareUpdateExclusive),
    brief(ParentIndex, ShareUpdateExclusive),
    scan(DefaultPartition, AccessExclusive),
    scan(ReferencedTable, ShareRowExclusive),
    brief(ReferencingTable, ShareRowExclusive),
];

const ATTACH_PARTITION_PROVED_14: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Parent, ShareUpdateExclusive),
    brief(ParentIndex, ShareUpdateExclusive),
    brief(DefaultPartition, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
    brief(ReferencingTable, AccessShare),
];

const ATTACH_PARTITION_PROVED: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Parent, ShareUpdateExclusive),
    brief(ParentIndex, ShareUpdateExclusive),
    brief(DefaultPartition, AccessExclusive),
    brief(ReferencedTable, AccessExclusive),
    brief(ReferencingTable, ShareRowExclusive),
];

const DETACH_PARTITION: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Parent, AccessExclusive),
    brief(DefaultPartition, AccessExclusive),
    brief(ReferencedTable, ShareRowExclusive),
];

const DETACH_REFERENCED_PARTITION: &[FormLock] = &[
    scan(Target, AccessExclusive),
    brief(Index, AccessExclusive),
    brief(Parent, AccessExclusive),
    scan(ReferencingTable, AccessExclusive),
];

const DETACH_PARTITION_CONCURRENTLY: &[FormLock] = &[
    brief(Target, AccessExclusive),
    brief(Parent, ShareUpdateExclusive),
    brief(ReferencedTable, ShareRowExclusive),
];

const DETACH_REFERENCED_PARTITION_CONCURRENTLY: &[FormLock] = &[
    scan(Target, AccessExclusive),
    brief(Parent, ShareUpdateExclusive),
    scan(ReferencingTable, AccessExclusive),
];

const ATTACH_INDEX: &[FormLock] = &[
    brief(Target, AccessShare),
    brief(Index, AccessExclusive),
    brief(Parent, AccessShare),
    brief(ParentIndex, ShareUpdateExclusive),
];

const REFRESH_MATERIALIZED_VIEW: &[FormLock] = &[
    rewrite(Target, AccessExclusive),
    brief(Index, AccessExclusive),
    scan(Source, AccessShare),
];
