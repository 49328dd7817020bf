//! Holds the lock table and the measurements together.

use std::collections::BTreeMap;

use super::*;

/// One line of `grammar/postgres/locks.tsv`: a form in one situation on a range of versions.
struct Measurement {
    form: String,
    versions: std::ops::RangeInclusive<u16>,
    locks: Vec<FormLock>,
    transaction_block: TransactionBlock,
}

fn measurements() -> Vec<Measurement> {
    let text = include_str!("../../../../grammar/postgres/locks.tsv");
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("form\t"))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let (first, last) = fields[1].split_once('-').unwrap_or((fields[1], fields[1]));
            Measurement {
                form: fields[0].to_owned(),
                versions: first.parse().unwrap()..=last.parse().unwrap(),
                locks: fields[2].split(", ").filter(|lock| *lock != "-").map(lock).collect(),
                transaction_block: match fields[3] {
                    "inside" => TransactionBlock::Allowed,
                    "alone" => TransactionBlock::Refused,
                    other => panic!("transaction {other}"),
                },
            }
        })
        .collect()
}

fn lock(text: &str) -> FormLock {
    let words: Vec<&str> = text.split(' ').collect();
    FormLock {
        role: role(words[0]),
        mode: LockMode::from_catalog_name(&format!("{}Lock", words[1])).unwrap(),
        scans: words[2..].contains(&"scan"),
        rewrites: words[2..].contains(&"rewrite"),
    }
}

fn role(name: &str) -> Role {
    match name {
        "Target" => Role::Target,
        "Partitions" => Role::Partitions,
        "Index" => Role::Index,
        "Sequence" => Role::Sequence,
        "Parent" => Role::Parent,
        "ParentIndex" => Role::ParentIndex,
        "DefaultPartition" => Role::DefaultPartition,
        "ReferencedTable" => Role::ReferencedTable,
        "ReferencedPartitions" => Role::ReferencedPartitions,
        "ReferencingTable" => Role::ReferencingTable,
        "Source" => Role::Source,
        "Users" => Role::Users,
        other => panic!("role {other}"),
    }
}

/// Role to the strongest mode and the most work seen.
type Sum = BTreeMap<Role, (LockMode, bool, bool)>;

fn add(sum: &mut Sum, lock: &FormLock) {
    let entry = sum.entry(lock.role).or_insert((lock.mode, false, false));
    entry.0 = entry.0.max(lock.mode);
    entry.1 |= lock.scans;
    entry.2 |= lock.rewrites;
}

#[test]
fn the_table_is_the_sum_of_what_was_measured() {
    let measured = measurements();
    for &form in Form::ALL {
        let of_form: Vec<&Measurement> = measured.iter().filter(|line| line.form == form.name()).collect();
        for version in OLDEST_VERSION..=NEWEST_VERSION {
            let here: Vec<&&Measurement> = of_form.iter().filter(|line| line.versions.contains(&version)).collect();
            assert_eq!(
                here.is_empty(),
                version < available_since(form),
                "{} is or is not there on {version}",
                form.name()
            );
            let mut expected = Sum::new();
            here.iter()
                .flat_map(|line| &line.locks)
                .for_each(|lock| add(&mut expected, lock));
            let mut declared = Sum::new();
            locks(form, version).iter().for_each(|lock| add(&mut declared, lock));
            assert_eq!(declared, expected, "{} on {version}", form.name());
            assert_eq!(
                declared.len(),
                locks(form, version).len(),
                "{} names a role twice",
                form.name()
            );
            for line in here {
                assert_eq!(transaction_block(form), line.transaction_block, "{}", form.name());
            }
        }
    }
}

#[test]
fn every_measurement_belongs_to_a_form() {
    for line in measurements() {
        assert!(
            Form::ALL.iter().any(|form| form.name() == line.form),
            "no form is called {}",
            line.form
        );
    }
}

#[test]
fn a_not_valid_foreign_key_is_brief_at_both_ends() {
    let locks = locks(Form::AddForeignKeyNotValid, 14);
    assert!(
        locks
            .iter()
            .all(|lock| lock.mode == LockMode::ShareRowExclusive && !lock.scans)
    );
}
