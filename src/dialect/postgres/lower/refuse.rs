//! Refusals of patterns: what cannot be done, where it was written, and what to write instead.

use super::Lowered;
use super::facts::{Care, relation};
use super::lowering::Lowering;
use crate::catalog::ObjectId;
use crate::diagnostic::{Code, Diagnostic};

/// A change that no statement makes, or none that is safe.
pub(super) fn unsupported(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Box<Diagnostic> {
    Box::new(place(
        lowering,
        id,
        Diagnostic::error(Code::UnsupportedClause, message).hint(hint),
    ))
}

/// Goes on when the hazard is allowed for the object, and otherwise refuses with the flag that allows it.
///
/// # Errors
/// The hazard, when it is not allowed.
pub(super) fn hazard(
    lowering: &Lowering<'_>,
    code: Code,
    id: &ObjectId,
    message: impl Into<String>,
    detail: impl Into<String>,
) -> Lowered<()> {
    if lowering.allows(code.name(), id) {
        return Ok(());
    }
    let diagnostic = Diagnostic::error(code, message).detail(detail).hint(format!(
        "To take it, write \"-- underpin: allow {0} because '…'\" above it, or give --allow {0}.",
        code.name()
    ));
    Err(Box::new(place(lowering, id, diagnostic)))
}

/// The same for work on a relation's rows, which does no harm where there are few.
///
/// # Errors
/// The hazard, when the relation is not known to be small and it is not allowed.
pub(super) fn hazard_of_rows(
    lowering: &Lowering<'_>,
    code: Code,
    id: &ObjectId,
    message: impl Into<String>,
) -> Lowered<()> {
    match lowering.care(&relation(id)) {
        Care::Direct => Ok(()),
        Care::Online => hazard(
            lowering,
            code,
            id,
            message,
            "If the table is small, write \"-- underpin: rows NUMBER\" above it.",
        ),
    }
}

/// Says a hazard that is not refused, unless it is allowed.
pub(super) fn warn(
    lowering: &Lowering<'_>,
    code: Code,
    id: &ObjectId,
    message: impl Into<String>,
    hint: impl Into<String>,
) {
    if !lowering.allows(code.name(), id) {
        lowering.say(place(lowering, id, Diagnostic::warning(code, message).hint(hint)));
    }
}

/// The diagnostic at the place where the object, or what it is a part of, is written.
pub(super) fn place(lowering: &Lowering<'_>, id: &ObjectId, diagnostic: Diagnostic) -> Diagnostic {
    let whole = lowering.pair.to.whole(id).or_else(|| id.parent());
    let origin = lowering
        .origins
        .get(id)
        .or_else(|| whole.and_then(|whole| lowering.origins.get(&whole)));
    match origin {
        Some(span) => diagnostic.at(*span),
        None => diagnostic,
    }
}
