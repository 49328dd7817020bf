//! `DISABLE TRIGGER ALL`: the server's own triggers, by which foreign keys and deferrable keys are enforced, go with it.
//!
//! No dump says whether they fire and no plan can tell it, so a text that leaves them disabled gets a warning. Texts that
//! load rows disable and enable them again, of which nothing is left.

use super::Interpreter;
use crate::catalog::ObjectId;
use crate::catalog::constraint::{Constraint, ConstraintKind, Deferral};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::describe;

impl Interpreter {
    /// Notes that what enforces a table's keys no longer fires; of a partitioned table also its partitions'.
    pub(super) fn disable_keys(&mut self, table: &ObjectId, location: i32) {
        let place = self.place(location);
        for table in self.with_partitions(table) {
            let mut own = self.constraints(&table).into_iter();
            let dependents = self.catalog.dependents_of(&table);
            let refers_here = |id: &ObjectId| match self.constraint(id).map(|constraint| &constraint.kind) {
                Some(ConstraintKind::ForeignKey(key)) => key.table == table,
                Some(ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_)) | None => {
                    false
                }
            };
            if own.any(|(_, constraint)| has_triggers(&constraint)) || dependents.iter().any(refers_here) {
                self.disabled_keys.insert(table, place);
            }
        }
    }

    /// Notes that they fire again.
    pub(super) fn enable_keys(&mut self, table: &ObjectId) {
        for table in self.with_partitions(table) {
            self.disabled_keys.remove(&table);
        }
    }

    /// What there is to say in the end about the tables whose keys are not enforced.
    pub(super) fn unenforced_keys(&self) -> Vec<Diagnostic> {
        let there = self
            .disabled_keys
            .iter()
            .filter(|(table, _)| self.catalog.contains(table));
        there
            .map(|(table, place)| {
                let message = format!(
                    "whether the keys of {} are enforced is neither compared nor planned",
                    describe(table)
                );
                Diagnostic::warning(Code::UnsupportedClause, message)
                    .at(*place)
                    .detail("ALL disables the server's own triggers too, by which foreign keys and deferrable keys are enforced.")
                    .hint("Write DISABLE TRIGGER USER where only the triggers of the schema are meant.")
            })
            .collect()
    }

    fn with_partitions(&self, table: &ObjectId) -> Vec<ObjectId> {
        let mut found = vec![table.clone()];
        let mut next = 0;
        while let Some(current) = found.get(next).cloned() {
            next += 1;
            found.extend(self.partitions(&current));
        }
        found
    }
}

/// Whether the server enforces a constraint by triggers.
fn has_triggers(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::ForeignKey(_) => true,
        ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => constraint.deferral != Deferral::NotDeferrable,
        ConstraintKind::Check { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::errors;

    #[test]
    fn keys_that_stay_disabled_are_spoken_of() {
        let schema = "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p); CREATE TABLE u (a int PRIMARY KEY);";
        let said = |text: &str| errors(&[schema, text].concat());
        assert_eq!(
            said(
                "ALTER TABLE p DISABLE TRIGGER ALL; ALTER TABLE t DISABLE TRIGGER ALL; ALTER TABLE u DISABLE TRIGGER ALL;"
            ),
            [
                "whether the keys of relation public.p are enforced is neither compared nor planned",
                "whether the keys of relation public.t are enforced is neither compared nor planned",
            ]
        );
        let loaded = "ALTER TABLE t DISABLE TRIGGER ALL; ALTER TABLE t ENABLE TRIGGER ALL;";
        assert!(said(loaded).is_empty());
        assert!(said("ALTER TABLE t DISABLE TRIGGER USER;").is_empty());
    }
}
