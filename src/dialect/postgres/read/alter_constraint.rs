//! ALTER TABLE: constraints that are altered, validated and dropped.
//!
//! Knows how each goes down to children and to the copies that partitions have.

use super::alter_table::{Altered, definition};
use super::constraint::deferral;
use super::inherit::is_inheritable;
use super::remove::Behaviour;
use super::table::{Recursion, relation_name};
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::table::{Inherit, Inheritance, Validation};
use crate::catalog::{Ident, ObjectId, QualifiedName};
use crate::diagnostic::{Code, Diagnostic};
use ast::NodeEnum;

impl Interpreter {
    /// ALTER CONSTRAINT: deferral, enforcement, inheritance.
    pub(super) fn alter_constraint(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let Some(NodeEnum::AtalterConstraint(wanted)) = definition(command) else {
            return Err(self.refuse(altered.location, "this ALTER CONSTRAINT"));
        };
        let name = Ident::from(wanted.conname.as_str());
        if wanted.alter_inheritability {
            let inherit = match wanted.noinherit {
                true => Inherit::NoInherit,
                false => Inherit::Inherit,
            };
            return self.alter_inheritability(altered, &name, inherit);
        }
        let id = ObjectId::Constraint(altered.name.clone(), name.clone());
        let Some(constraint) = self.constraint(&id) else {
            return Err(self.no_constraint(&altered.name, &name, altered.location));
        };
        if !matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
            let message = format!(
                "constraint \"{name}\" of relation \"{}\" is not a foreign key constraint",
                altered.name.name
            );
            return Err(self.error(Code::UnsupportedClause, altered.location, message));
        }
        if constraint.parent.is_some() {
            return Err(self.refuse_inherited(altered, format!("alter constraint \"{name}\"")));
        }
        if wanted.alter_enforceability {
            self.needs_version(18, altered.location, "ALTER CONSTRAINT … ENFORCED")?;
        }
        for copy in self.with_copies(&id) {
            self.change_constraint(&copy, |constraint| {
                if wanted.alter_deferrability {
                    constraint.deferral = deferral(wanted.deferrable, wanted.initdeferred);
                }
                if wanted.alter_enforceability {
                    constraint.validation = match wanted.is_enforced {
                        true => Validation::Valid,
                        false => Validation::NotEnforced,
                    };
                }
            });
        }
        Ok(())
    }

    /// INHERIT and NO INHERIT of a NOT NULL constraint.
    fn alter_inheritability(&mut self, altered: &Altered, name: &Ident, wanted: Inherit) -> Applied {
        self.needs_version(18, altered.location, "ALTER CONSTRAINT … INHERIT")?;
        let Some(column) = self.not_null_column(&altered.name, name) else {
            return Err(self.refuse(altered.location, "ALTER CONSTRAINT … INHERIT of anything but NOT NULL"));
        };
        let Some(mut not_null) = self.table_column(&column).and_then(|column| column.not_null.clone()) else {
            return Ok(());
        };
        if not_null.inherit == wanted {
            return Ok(());
        }
        not_null.inherit = wanted;
        let draft = super::constraint::NotNullDraft {
            name: Some(not_null.name.clone()),
            ..super::constraint::NotNullDraft::plain(&column.last_name(), altered.location)
        };
        self.put_not_null(&column, not_null);
        for child in self.children(&altered.id) {
            let child = relation_name(&child);
            match wanted {
                Inherit::Inherit => self.inherit_not_null(&child, &draft)?,
                Inherit::NoInherit => self.disinherit_not_null(&child, &column.last_name(), Recursion::Only),
            }
        }
        Ok(())
    }

    /// VALIDATE CONSTRAINT.
    pub(super) fn validate_constraint(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let name = Ident::from(command.name.as_str());
        if let Some(column) = self.not_null_column(&altered.name, &name) {
            return self.validate_not_null(altered, &column);
        }
        let id = ObjectId::Constraint(altered.name.clone(), name.clone());
        let Some(constraint) = self.constraint(&id) else {
            return Err(self.no_constraint(&altered.name, &name, altered.location));
        };
        if constraint.validation == Validation::NotEnforced {
            return Err(self.error(
                Code::UnsupportedClause,
                altered.location,
                "cannot validate NOT ENFORCED constraint",
            ));
        }
        let copies = match &constraint.kind {
            ConstraintKind::Check { .. } => {
                if is_inheritable(constraint) {
                    self.refuse_only(altered, "constraint must be validated")?;
                }
                self.with_descendants(altered)
                    .into_iter()
                    .map(|table| ObjectId::Constraint(table, name.clone()))
                    .collect()
            }
            ConstraintKind::ForeignKey(_) => self.with_copies(&id),
            ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
                let message = format!(
                    "constraint \"{name}\" of relation \"{}\" is not a foreign key or check constraint",
                    altered.name.name
                );
                return Err(self.error(Code::UnsupportedClause, altered.location, message));
            }
        };
        for copy in copies {
            self.change_constraint(&copy, |constraint| {
                if constraint.validation == Validation::NotValid {
                    constraint.validation = Validation::Valid;
                }
            });
        }
        Ok(())
    }

    /// VALIDATE CONSTRAINT of a not-null constraint. Children are looked through by the name of the column, because theirs may
    /// bear another name (`tablecmds.c`, `QueueNNConstraintValidation`).
    fn validate_not_null(&mut self, altered: &Altered, column: &ObjectId) -> Applied {
        let inherit = self
            .table_column(column)
            .and_then(|column| column.not_null.as_ref())
            .map(|not_null| not_null.inherit);
        let tables = match inherit {
            Some(Inherit::Inherit) => {
                self.refuse_only(altered, "constraint must be validated")?;
                self.with_descendants(altered)
            }
            Some(Inherit::NoInherit) | None => vec![altered.name.clone()],
        };
        for table in tables {
            let column = ObjectId::Column(table, column.last_name());
            self.change_column(&column, |column| {
                if let Some(not_null) = &mut column.not_null {
                    not_null.validation = Validation::Valid;
                }
            });
        }
        Ok(())
    }

    /// DROP CONSTRAINT.
    pub(super) fn drop_constraint(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let name = Ident::from(command.name.as_str());
        if let Some(column) = self.not_null_column(&altered.name, &name) {
            return self.drop_not_null(&altered.name, &column.last_name(), altered.recursion, altered.location);
        }
        let id = ObjectId::Constraint(altered.name.clone(), name.clone());
        let Some(constraint) = self.constraint(&id) else {
            return match command.missing_ok {
                true => Ok(()),
                false => Err(self.no_constraint(&altered.name, &name, altered.location)),
            };
        };
        if constraint.inheritance != Inheritance::Local || constraint.parent.is_some() {
            return Err(self.refuse_inherited(altered, format!("drop constraint \"{name}\"")));
        }
        let mut gone = vec![id];
        if is_inheritable(constraint) {
            self.check_below(&altered.name, &name, altered.recursion, &mut gone);
        }
        self.remove(gone, Behaviour::of(command.behavior()), altered.location)
    }

    /// The CHECK constraints of children that go with their parent's; those that stay become the children's own.
    fn check_below(&mut self, table: &QualifiedName, name: &Ident, recursion: Recursion, gone: &mut Vec<ObjectId>) {
        for child in self.children(&ObjectId::Relation(table.clone())) {
            let child_name = relation_name(&child);
            let id = ObjectId::Constraint(child_name.clone(), name.clone());
            let another = self
                .parents(&child)
                .iter()
                .map(relation_name)
                .filter(|parent| parent != table)
                .any(|parent| {
                    self.constraint(&ObjectId::Constraint(parent, name.clone()))
                        .is_some_and(is_inheritable)
                });
            let Some(constraint) = self.constraint(&id) else {
                continue;
            };
            if another {
                continue;
            }
            if constraint.inheritance == Inheritance::Inherited && recursion == Recursion::Children {
                gone.push(id);
                self.check_below(&child_name, name, recursion, gone);
            } else {
                self.change_constraint(&id, |constraint| constraint.inheritance = Inheritance::Local);
            }
        }
    }

    /// A constraint and the copies of it that partitions have, at every depth.
    fn with_copies(&self, constraint: &ObjectId) -> Vec<ObjectId> {
        let mut found = vec![constraint.clone()];
        let mut next = 0;
        while let Some(id) = found.get(next).cloned() {
            next += 1;
            let Some(table) = id.parent() else { continue };
            for partition in self.partitions(&table) {
                let copies = self.constraints(&partition).into_iter();
                found.extend(
                    copies
                        .filter(|(_, copy)| copy.parent.as_ref() == Some(&id))
                        .map(|(copy, _)| copy),
                );
            }
        }
        found
    }

    fn no_constraint(&self, table: &QualifiedName, name: &Ident, location: i32) -> Box<Diagnostic> {
        let message = format!("constraint \"{name}\" of relation \"{}\" does not exist", table.name);
        self.error(Code::UnknownObject, location, message)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::assert_same;

    #[test]
    fn a_not_null_constraint_is_validated_in_children_under_whatever_name() {
        let made = |validity: &str, then: &str| {
            format!(
                "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c (a int);
                ALTER TABLE p ATTACH PARTITION c DEFAULT;
                ALTER TABLE c ADD CONSTRAINT own NOT NULL a{validity};
                ALTER TABLE p ADD CONSTRAINT filled NOT NULL a{validity}; {then}"
            )
        };
        assert_same(
            &made(" NOT VALID", "ALTER TABLE p VALIDATE CONSTRAINT filled;"),
            &made("", ""),
        );
    }
}
