//! Hazards: changes that would keep the application out or lose values, refused until somebody takes them.

use super::Lowered;
use super::facts::{Care, relation};
use super::lowering::Lowering;
use crate::catalog::ObjectId;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::describe;

impl Lowering<'_> {
    /// Refuses a hazard unless it is allowed or the relation is small or new.
    ///
    /// # Errors
    /// The hazard, with the flag and the directives that allow it.
    pub fn refuse_unless_small(&self, code: Code, id: &ObjectId, message: String) -> Lowered<()> {
        match self.care(&relation(id)) {
            Care::Direct => Ok(()),
            Care::Online => self.refuse_unless_allowed(
                code,
                id,
                message,
                "; for a small table write \"-- underpin: rows NUMBER\" above it",
            ),
        }
    }

    /// Refuses a hazard unless it is allowed, whatever the size of the relation.
    ///
    /// # Errors
    /// The hazard, with the flag and the directive that allow it; `otherwise` is added to the hint.
    pub fn refuse_unless_allowed(&self, code: Code, id: &ObjectId, message: String, otherwise: &str) -> Lowered<()> {
        let hazard = code.name();
        if self.allows(hazard, id) {
            return Ok(());
        }
        let diagnostic = Diagnostic::error(code, message).hint(format!(
            "To take it, give --allow {hazard} or write \"-- underpin: allow {hazard} because '…'\" above it{otherwise}."
        ));
        Err(Box::new(self.at(diagnostic, id)))
    }

    /// A refusal of a change for which there is no safe way.
    pub fn refusal(&self, id: &ObjectId, message: String, hint: &str) -> Box<Diagnostic> {
        Box::new(self.at(Diagnostic::error(Code::UnsupportedClause, message).hint(hint), id))
    }

    /// A refusal of a change that no pattern makes.
    pub fn no_pattern(&self, id: &ObjectId, what: &str) -> Box<Diagnostic> {
        self.refusal(
            id,
            format!("{what} of {} cannot be planned", describe(id)),
            "Make this change by hand, in a migration of your own, and plan the rest.",
        )
    }

    /// The diagnostic at the place where the object, or what it is a part of, was written.
    pub fn at(&self, diagnostic: Diagnostic, id: &ObjectId) -> Diagnostic {
        let place = self.origins.get(id).or_else(|| self.origins.get(&relation(id)));
        match place {
            Some(span) => diagnostic.at(*span),
            None => diagnostic,
        }
    }
}
