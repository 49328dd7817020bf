//! Views and materialized views: CREATE [OR REPLACE] VIEW, CREATE MATERIALIZED VIEW (`view.c`, `createas.c`).
//!
//! Knows which columns a view has and how OR REPLACE may change them. The query is the analyser's business.

use super::ast::{CreateTableAsStmt, Node, ObjectType, RangeVar, ViewCheckOption, ViewStmt};
use super::table_as::is_temporary;
use super::{Applied, Created, Existing, Interpreter, ast};
use crate::catalog::view::{ColumnTypes, MaterializedView, Population, View};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use std::sync::Arc;

impl Interpreter {
    pub(super) fn create_view(&mut self, statement: &ViewStmt) -> Applied {
        let Some(range) = statement.view.as_ref() else {
            return Err(self.refuse(-1, "a view without a name"));
        };
        let name = self.new_view_name(range)?;
        let (query, columns, types) = self.view_query(statement.query.as_deref(), &statement.aliases)?;
        let mut options = self.storage_options(&statement.options)?;
        let check = match statement.with_check_option() {
            ViewCheckOption::LocalCheckOption => Some("local"),
            ViewCheckOption::CascadedCheckOption => Some("cascaded"),
            ViewCheckOption::NoCheckOption | ViewCheckOption::Undefined => None,
        };
        if let Some(check) = check {
            options.insert(Arc::from("check_option"), Arc::from(check));
        }
        if options.contains_key("security_invoker") {
            self.needs_version(15, range.location, "security_invoker")?;
        }
        let id = ObjectId::Relation(name.clone());
        let existing = if statement.replace {
            self.check_replaceable(&id, &columns, range.location)?;
            Existing::Replace
        } else {
            Existing::Refuse
        };
        self.check_relation_name_free(&name, existing, range.location)?;
        let view = View {
            query,
            columns: columns.clone(),
            types,
            options,
        };
        self.create(id, Object::View(Box::new(view)), range.location, existing)?;
        self.create_view_columns(&name, &columns)
    }

    pub(super) fn create_table_as(&mut self, statement: &CreateTableAsStmt) -> Applied {
        if statement.objtype() != ObjectType::ObjectMatview {
            return match statement.into.as_deref().and_then(|into| into.rel.as_ref()) {
                Some(range) if is_temporary(range) => self.skip_temporary(range),
                Some(_) | None => self.create_table_of_query(statement),
            };
        }
        let Some((into, range)) = statement
            .into
            .as_deref()
            .and_then(|into| Some((into, into.rel.as_ref()?)))
        else {
            return Err(self.refuse(-1, "a materialized view without a name"));
        };
        let name = self.new_view_name(range)?;
        if statement.if_not_exists && self.relation_name_taken(&name) {
            return Ok(());
        }
        let (query, columns, types) = self.view_query(statement.query.as_deref(), &into.col_names)?;
        self.check_relation_name_free(&name, Existing::Refuse, range.location)?;
        let own = |written: &str, setting: &Option<Ident>| {
            if written.is_empty() {
                setting.clone()
            } else {
                Some(Ident::from(written))
            }
        };
        let view = MaterializedView {
            query,
            columns: columns.clone(),
            types,
            options: self.storage_options(&into.options)?,
            tablespace: own(&into.table_space_name, &self.settings.tablespace)
                .filter(|tablespace| tablespace.as_str() != "pg_default"),
            access_method: own(&into.access_method, &self.settings.access_method)
                .filter(|method| method.as_str() != "heap"),
            population: if into.skip_data {
                Population::WithNoData
            } else {
                Population::WithData
            },
        };
        let object = Object::MaterializedView(Box::new(view));
        self.create(
            ObjectId::Relation(name.clone()),
            object,
            range.location,
            Existing::Refuse,
        )?;
        self.create_view_columns(&name, &columns)
    }

    fn new_view_name(&self, range: &RangeVar) -> Applied<QualifiedName> {
        if range.relpersistence == "t" || range.schemaname == "pg_temp" {
            let mut error = self.error(
                Code::UnsupportedClause,
                range.location,
                "temporary views are not supported",
            );
            error.hint = Some("A temporary view is gone with its session and is no part of a schema.".into());
            return Err(error);
        }
        self.new_name(&range.schemaname, &range.relname, range.location)
    }

    pub(super) fn view_query(
        &self,
        query: Option<&Node>,
        names: &[Node],
    ) -> Applied<(Template, Vec<Ident>, ColumnTypes)> {
        let Some(query) = query else {
            return Err(self.refuse(-1, "a view without a query"));
        };
        let names = ast::strings(names);
        let query = self.query(query, &Scope::none(), &names)?;
        let mut columns = query.columns;
        if names.len() > columns.len() {
            return Err(self.error(
                Code::InvalidDefinition,
                -1,
                "CREATE VIEW specifies more column names than columns",
            ));
        }
        for (column, name) in columns.iter_mut().zip(names) {
            *column = Ident::from(name);
        }
        for (place, column) in columns.iter().enumerate() {
            if columns.iter().take(place).any(|known| known == column) {
                return Err(self.error(
                    Code::DuplicateObject,
                    -1,
                    format!("column \"{column}\" specified more than once"),
                ));
            }
        }
        Ok((query.template, columns, ColumnTypes(query.types)))
    }

    /// OR REPLACE may only add columns at the end (`checkViewColumns`).
    fn check_replaceable(&self, id: &ObjectId, columns: &[Ident], location: i32) -> Applied {
        let known = match self.catalog.get(id).map(|entry| &entry.object) {
            None => return Ok(()),
            Some(Object::View(view)) => &view.columns,
            Some(_) => {
                return Err(self.error(
                    Code::InvalidDefinition,
                    location,
                    format!("\"{}\" is not a view", id.last_name()),
                ));
            }
        };
        if columns.len() < known.len() {
            return Err(self.error(Code::InvalidDefinition, location, "cannot drop columns from view"));
        }
        for (old, new) in known.iter().zip(columns) {
            if old != new {
                let message = format!("cannot change name of view column \"{old}\" to \"{new}\"");
                let mut error = self.error(Code::InvalidDefinition, location, message);
                error.hint = Some("Use ALTER VIEW … RENAME COLUMN … to change the name of a view column.".into());
                return Err(error);
            }
        }
        Ok(())
    }

    fn check_relation_name_free(&self, name: &QualifiedName, existing: Existing, location: i32) -> Applied {
        let is_hidden = self.hidden_relation(name).is_some();
        let is_type = self.catalog.contains(&ObjectId::Type(name.clone()));
        if is_hidden || is_type && existing == Existing::Refuse {
            return Err(self.error(
                Code::DuplicateObject,
                location,
                format!("relation {name} already exists"),
            ));
        }
        Ok(())
    }

    fn create_view_columns(&mut self, relation: &QualifiedName, columns: &[Ident]) -> Applied {
        for column in columns {
            let id = ObjectId::Column(relation.clone(), column.clone());
            let _: Created = self.create(id, Object::ViewColumn, -1, Existing::Skip)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors};

    #[test]
    fn a_column_list_renames_and_a_star_is_read_once() {
        assert_same(
            "CREATE TABLE t (a int, b int); CREATE VIEW v (x) AS SELECT * FROM t; ALTER TABLE t ADD c int;",
            "CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT a AS x, b FROM t;",
        );
    }

    #[test]
    fn replacing_may_only_add_columns() {
        let view = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; COMMENT ON VIEW v IS 'kept';";
        assert_same(
            &[view, "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;"].concat(),
            "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; COMMENT ON VIEW v IS 'kept';",
        );
        assert_eq!(
            errors(&[view, "CREATE OR REPLACE VIEW v AS SELECT b FROM t;"].concat()),
            ["cannot change name of view column \"a\" to \"b\""]
        );
    }
}
