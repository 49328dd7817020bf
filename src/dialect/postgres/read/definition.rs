//! Objects that are kept by their definition: how they are put in and how their clauses are changed.
//!
//! Knows nothing of any one kind; those stand in files of their own.

use super::{Applied, Existing, Interpreter};
use crate::catalog::definition::{Clause, ClauseName, Definition};
use crate::catalog::{DefinitionId, Object, ObjectId, Template};
use crate::diagnostic::Code;
use std::sync::Arc;

impl Interpreter {
    /// Puts an object in that is kept by its definition.
    pub(super) fn create_definition(
        &mut self,
        id: DefinitionId,
        body: Template,
        mut clauses: Vec<Clause>,
        existing: Existing,
    ) -> Applied {
        sort_clauses(&mut clauses);
        let object = Object::Definition(Box::new(Definition { body, clauses }));
        self.create(ObjectId::Definition(Arc::new(id)), object, -1, existing)?;
        Ok(())
    }

    /// The clauses of a definition that must exist.
    pub(super) fn clauses_of(&self, id: &DefinitionId) -> Applied<Vec<Clause>> {
        let id = ObjectId::Definition(Arc::new(id.clone()));
        match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::Definition(definition)) => Ok(definition.clauses.clone()),
            _ => {
                let shown = crate::dialect::postgres::describe(&id);
                Err(self.error(Code::UnknownObject, -1, format!("{shown} does not exist")))
            }
        }
    }

    /// Gives a definition other clauses.
    pub(super) fn set_clauses(&mut self, id: DefinitionId, mut clauses: Vec<Clause>) {
        sort_clauses(&mut clauses);
        let id = ObjectId::Definition(Arc::new(id));
        if let Some(entry) = self.catalog.get_mut(&id)
            && let Object::Definition(definition) = &mut entry.object
        {
            definition.clauses = clauses;
        }
    }
}

/// A clause.
pub(super) fn clause(name: ClauseName, key: Option<Arc<str>>, value: Template) -> Clause {
    Clause { name, key, value }
}

/// A clause whose value is text.
pub(super) fn text_clause(name: ClauseName, value: &str) -> Clause {
    clause(name, None, Template::text(value))
}

/// Puts clauses into the order in which the catalog keeps them; parameters stay in the order given, as on the server.
pub(super) fn sort_clauses(clauses: &mut [Clause]) {
    fn place(clause: &Clause) -> (ClauseName, Option<&str>) {
        let is_kept = clause.name == ClauseName::Parameter;
        (clause.name, clause.key.as_deref().filter(|_| !is_kept))
    }
    clauses.sort_by(|left, right| place(left).cmp(&place(right)));
}
