//! DEPENDS ON EXTENSION: what goes when an extension is dropped, though the extension did not make it
//! (`ExecAlterObjectDependsStmt`; `DEPENDENCY_AUTO_EXTENSION`).
//!
//! Knows which objects can be so bound: routines, triggers, materialized views and indexes. What DROP EXTENSION takes along
//! is `remove`'s business.

use super::ast::AlterObjectDependsStmt;
use super::ast::{NodeEnum, ObjectType};
use super::schema::is_always_there;
use super::{Applied, Interpreter, ast};
use crate::catalog::{Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;

impl Interpreter {
    pub(super) fn alter_depends(&mut self, statement: &AlterObjectDependsStmt) -> Applied {
        let id = self.dependent(statement)?;
        let name = statement.extname.as_ref().map_or("", |name| name.sval.as_str());
        let extension = Ident::from(name);
        if !is_always_there(name) && !self.catalog.contains(&ObjectId::Extension(extension.clone())) {
            let message = format!("extension \"{extension}\" does not exist");
            return Err(self.error(Code::UnknownObject, -1, message));
        }
        let Some(entry) = self.catalog.get_mut(&id) else {
            return Err(self.refuse(-1, "a dependence of this object on an extension"));
        };
        entry.depends_on.retain(|known| *known != extension);
        if !statement.remove {
            entry.depends_on.push(extension);
            entry.depends_on.sort();
        }
        Ok(())
    }

    /// The object that a statement names: a relation or a trigger by its relation, a routine by its arguments.
    fn dependent(&self, statement: &AlterObjectDependsStmt) -> Applied<ObjectId> {
        let Some(range) = &statement.relation else {
            return self.identify(statement.object_type(), statement.object.as_deref());
        };
        if statement.object_type() == ObjectType::ObjectTrigger {
            let relation = self.relation(range)?;
            let list = statement.object.as_deref().and_then(|node| node.node.as_ref());
            let name = match list {
                Some(NodeEnum::List(list)) => ast::strings(&list.items).last().copied().unwrap_or_default(),
                _ => "",
            };
            let id = ObjectId::Trigger(relation.clone(), Ident::from(name));
            if self.catalog.contains(&id) {
                return Ok(id);
            }
            let message = format!("trigger \"{name}\" for table \"{}\" does not exist", relation.name);
            return Err(self.error(Code::UnknownObject, range.location, message));
        }
        let is_hidden = |name: &QualifiedName| self.hidden_relation(name).is_some();
        if self.find(&range.schemaname, &range.relname, is_hidden).is_some() {
            return Err(self.refuse(range.location, "a dependence of a constraint's index on an extension"));
        }
        let name = self.relation(range)?;
        let id = ObjectId::Relation(name.clone());
        self.check_relation_kind(statement.object_type(), &id, &name)?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    const EXTENSIONS: &str = "CREATE EXTENSION citext; CREATE EXTENSION hstore;";

    #[test]
    fn an_extension_takes_along_what_depends_on_it() {
        let made = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int);
            CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
            CREATE INDEX i ON t (a); CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
            ALTER FUNCTION f() DEPENDS ON EXTENSION citext; ALTER TRIGGER tr ON t DEPENDS ON EXTENSION citext;
            ALTER INDEX i DEPENDS ON EXTENSION citext; ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext;
            DROP EXTENSION citext;";
        assert_same(
            &[EXTENSIONS, made].concat(),
            "CREATE EXTENSION hstore; CREATE TABLE t (a int);
             CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
        );
    }

    #[test]
    fn a_replaced_function_depends_on_nothing_any_more() {
        let function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
        let depends = "ALTER FUNCTION f() DEPENDS ON EXTENSION hstore; ALTER FUNCTION f() DEPENDS ON EXTENSION citext;";
        assert_same(
            &[EXTENSIONS, function, depends, function].concat(),
            &[EXTENSIONS, function].concat(),
        );
        assert_same(
            &[
                EXTENSIONS,
                function,
                depends,
                "ALTER FUNCTION f() NO DEPENDS ON EXTENSION hstore;",
            ]
            .concat(),
            &[EXTENSIONS, function, "ALTER FUNCTION f DEPENDS ON EXTENSION citext;"].concat(),
        );
    }

    #[test]
    fn the_extension_must_be_there() {
        let refused = errors(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() DEPENDS ON EXTENSION citext;",
        );
        assert_eq!(refused, ["extension \"citext\" does not exist"]);
    }
}
