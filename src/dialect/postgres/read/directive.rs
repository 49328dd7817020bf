//! Directives bound to the objects they speak of, their expressions read.
//!
//! An element is known by the place of its name in the text (`Snapshot::origins`). A directive on a line of its own
//! speaks of the element that follows, one after code of the element before it on the line. Which element that is
//! depends on the kind: `rows` is about a table, `backfill` and `using` about a column.

use super::parse;
use crate::catalog::hashing::HashMap;
use crate::catalog::{Catalog, Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::dialect::postgres::analyse::{Analyser, Scope};
use crate::dialect::postgres::describe;
use crate::pair::Pair;
use crate::snapshot::Snapshot;
use crate::snapshot::intent::{Allowance, Conversion, Intent, Rename, Said};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{Directive, DirectiveKind, Placement, RenameMethod, Script, split};

/// Binds the directives of the wanted schema, for a server of a major version. Those of what is are history and are not
/// looked at.
pub fn bind(sources: &Sources, snapshots: Pair<&Snapshot>, version: u16) -> Checked<Intent> {
    let mut binder = Binder {
        sources,
        version,
        catalogs: snapshots.map(|snapshot| &snapshot.catalog),
        scripts: HashMap::default(),
        elements: elements(snapshots.to),
        intent: Intent::default(),
        diagnostics: Vec::new(),
    };
    // A table's rename has to be known before its columns' are read.
    let (renames, others): (Vec<&Directive>, Vec<&Directive>) = snapshots
        .to
        .directives
        .iter()
        .partition(|directive| matches!(directive.kind, DirectiveKind::RenamedFrom { .. }));
    let mut bound: Vec<(ObjectId, &Directive)> = renames
        .into_iter()
        .filter_map(|directive| Some((binder.element(directive)?, directive)))
        .collect();
    bound.sort_by_key(|(id, _)| id.parent().is_some());
    for (id, directive) in bound {
        binder.rename(id, directive);
    }
    for directive in others {
        if let Some(id) = binder.element(directive) {
            binder.say(id, directive);
        }
    }
    Checked {
        value: binder.intent,
        diagnostics: binder.diagnostics,
    }
}

struct Binder<'a> {
    sources: &'a Sources,
    version: u16,
    catalogs: Pair<&'a Catalog>,
    /// The texts that hold directives, split once each.
    scripts: HashMap<SourceId, Script>,
    /// Named elements in the order of the text.
    elements: Vec<(Span, ObjectId)>,
    intent: Intent,
    diagnostics: Vec<Diagnostic>,
}

impl Binder<'_> {
    /// The object that a directive speaks of; an error is noted when there is none.
    fn element(&mut self, directive: &Directive) -> Option<ObjectId> {
        let (source, sources) = (directive.span.source, self.sources);
        self.scripts
            .entry(source)
            .or_insert_with(|| split(source, sources.text(source)).value);
        let found = directive.anchor.and_then(|anchor| self.at(directive, anchor));
        if found.is_none() {
            let message = format!("\"{}\" stands at nothing that it can speak of", directive.kind.word());
            self.diagnostics.push(
                Diagnostic::error(Code::DirectiveAttachesToNothing, message)
                    .at(directive.span)
                    .hint("Write it at the end of the element's line, or on a line of its own above the element."),
            );
        }
        found
    }

    fn at(&self, directive: &Directive, anchor: u32) -> Option<ObjectId> {
        let source = directive.span.source;
        let statement = self.scripts.get(&source)?.statement_at(anchor)?.span;
        let inside: Vec<&(Span, ObjectId)> = self
            .elements
            .iter()
            .filter(|(span, id)| statement.encloses(*span) && !self.is_part(id))
            .collect();
        let fits = |id: &ObjectId| fits(&directive.kind, id);
        let at_edge = anchor == statement.start || anchor + 1 >= statement.end;
        if at_edge {
            // The statement as a whole: its own object is the first that is named.
            let whole = inside
                .iter()
                .find(|(_, id)| fits(id) && id.parent().is_none())
                .map(|(_, id)| id.clone());
            if whole.is_some() || directive.placement == Placement::OwnLine {
                return whole.or_else(|| inside.iter().find(|(_, id)| fits(id)).map(|(_, id)| id.clone()));
            }
        }
        match directive.placement {
            Placement::OwnLine => inside
                .iter()
                .find(|(span, id)| span.start >= anchor && fits(id))
                .map(|(_, id)| id.clone()),
            Placement::AfterCode => {
                let line = self.sources.line_of(directive.span).0;
                let on_line: Vec<&ObjectId> = inside
                    .iter()
                    .filter(|(span, id)| span.start <= anchor && self.sources.line_of(*span).0 == line && fits(id))
                    .map(|(_, id)| id)
                    .collect();
                let column = on_line.iter().find(|id| matches!(id, ObjectId::Column(..)));
                let before = || {
                    inside
                        .iter()
                        .rev()
                        .find(|(span, id)| span.start <= anchor && fits(id))
                        .map(|(_, id)| id)
                };
                column
                    .copied()
                    .or_else(|| on_line.last().copied())
                    .or_else(before)
                    .cloned()
            }
        }
    }

    /// Whether an object came with one of the partitioned table, in the same statement.
    fn is_part(&self, id: &ObjectId) -> bool {
        self.catalogs.to.get(id).is_some_and(|entry| match &entry.object {
            Object::Index(index) => index.parent.is_some(),
            Object::Constraint(constraint) => constraint.parent.is_some(),
            Object::Trigger(trigger) => trigger.parent.is_some(),
            _ => false,
        })
    }

    fn rename(&mut self, to: ObjectId, directive: &Directive) {
        let DirectiveKind::RenamedFrom { name, how } = &directive.kind else {
            return;
        };
        let Some(from) = self.old_identity(&to, name) else {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::MalformedDirective,
                    format!("{} cannot be renamed by a directive", describe(&to)),
                )
                .at(directive.span),
            );
            return;
        };
        let is = self.catalogs.from;
        if is.contains(&to) && !is.contains(&from) {
            // The rename has happened; the directive may stay or go.
            return;
        }
        if !is.contains(&from) {
            if !is.is_empty() && is.len() > 1 {
                let message = format!(
                    "{} is not in the schema that is, so nothing is renamed",
                    describe(&from)
                );
                self.diagnostics
                    .push(Diagnostic::warning(Code::DirectiveNamesNothing, message).at(directive.span));
            }
            return;
        }
        if self.catalogs.to.contains(&from) {
            let message = format!(
                "{} is in the wanted schema too, so it cannot be the old name of another",
                describe(&from)
            );
            self.diagnostics
                .push(Diagnostic::error(Code::DirectiveNamesNothing, message).at(directive.span));
            return;
        }
        if is.contains(&to) {
            let message = format!("{} exists already beside {}", describe(&to), describe(&from));
            self.diagnostics
                .push(Diagnostic::error(Code::DirectiveNamesNothing, message).at(directive.span));
            return;
        }
        let method = match (&to, how) {
            (ObjectId::Column(..), how) => *how,
            // A table's rows are not written twice: the old name lives on as a view over the same rows.
            (ObjectId::Relation(_), RenameMethod::DualWrite | RenameMethod::View) => RenameMethod::View,
            _ => RenameMethod::Direct,
        };
        self.intent.renames.push(Rename {
            from,
            to,
            method,
            span: directive.span,
        });
    }

    /// The identity that an object had under its old name: in the same place unless the name says where.
    fn old_identity(&self, to: &ObjectId, name: &[String]) -> Option<ObjectId> {
        let last = Ident::from(name.last()?.as_str());
        let qualified = |current: &QualifiedName| match name {
            [_] => current.with_name(last.clone()),
            [schema, _] => QualifiedName::new(schema.as_str(), last.clone()),
            _ => current.with_name(last.clone()),
        };
        // The relation may have been renamed as well.
        let owner = |current: &QualifiedName| {
            let renamed = self
                .intent
                .renames
                .iter()
                .find(|rename| rename.to == ObjectId::Relation(current.clone()));
            match renamed.map(|rename| &rename.from) {
                Some(ObjectId::Relation(old)) => old.clone(),
                _ => current.clone(),
            }
        };
        Some(match to {
            ObjectId::Schema(_) => ObjectId::Schema(last),
            ObjectId::Type(current) => ObjectId::Type(qualified(current)),
            ObjectId::Relation(current) => ObjectId::Relation(qualified(current)),
            ObjectId::Routine(current, signature) => ObjectId::Routine(qualified(current), signature.clone()),
            ObjectId::Column(relation, _) => ObjectId::Column(owner(relation), last),
            ObjectId::Constraint(relation, _) => ObjectId::Constraint(owner(relation), last),
            ObjectId::DomainConstraint(domain, _) => ObjectId::DomainConstraint(domain.clone(), last),
            ObjectId::Trigger(relation, _) => ObjectId::Trigger(owner(relation), last),
            ObjectId::Rule(relation, _) => ObjectId::Rule(owner(relation), last),
            ObjectId::Policy(relation, _) => ObjectId::Policy(owner(relation), last),
            ObjectId::Extension(_)
            | ObjectId::Default(..)
            | ObjectId::DefaultPrivileges(_)
            | ObjectId::Provided(_)
            | ObjectId::Definition(_) => return None,
        })
    }

    fn say(&mut self, id: ObjectId, directive: &Directive) {
        let span = directive.span;
        match &directive.kind {
            DirectiveKind::RenamedFrom { .. } => {}
            DirectiveKind::Rows(rows) => {
                self.intent.rows.insert(id, Said { value: *rows, span });
            }
            DirectiveKind::Allow { hazard, because } => self.intent.allowances.push(Allowance {
                hazard: hazard.name().to_owned(),
                object: Some(id),
                because: because.clone(),
                span: Some(span),
            }),
            DirectiveKind::Backfill { expression } => {
                if let Some(value) = self.expression(&id, expression, span, Columns::AsTheyAre) {
                    self.intent.backfills.insert(id, Said { value, span });
                }
            }
            DirectiveKind::Using { using, reverse } => {
                let using = self.expression(&id, using, span, Columns::AsTheyAre);
                let back = reverse
                    .as_ref()
                    .map(|reverse| self.expression(&id, reverse, span, Columns::AsWanted));
                let (Some(using), None | Some(Some(_))) = (using, &back) else {
                    return;
                };
                let value = Conversion {
                    using,
                    reverse: back.flatten(),
                };
                self.intent.conversions.insert(id, Said { value, span });
            }
        }
    }

    /// An expression over the columns of a column's table, in the form named or, where it means nothing there, the other.
    fn expression(&mut self, column: &ObjectId, text: &str, span: Span, columns: Columns) -> Option<Template> {
        let relation = column.parent()?;
        let select = format!("SELECT ({text})");
        let node = match parse::expression(&select, span) {
            Ok(node) => node,
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                return None;
            }
        };
        let search_path = [
            relation.schema().cloned().unwrap_or_else(|| Ident::from("public")),
            Ident::from("public"),
        ];
        let scope = Scope::relation(relation.clone());
        let mut refusal = None;
        let catalogs = match columns {
            Columns::AsTheyAre => [self.catalogs.from, self.catalogs.to],
            Columns::AsWanted => [self.catalogs.to, self.catalogs.from],
        };
        for catalog in catalogs {
            if !catalog.contains(&relation) {
                continue;
            }
            match Analyser::new(catalog, &search_path, self.version).expression(&node, &scope) {
                Ok(template) => return Some(template),
                Err(error) => refusal = Some(error),
            }
        }
        let refusal = refusal?;
        let mut error = Diagnostic::error(refusal.code, refusal.message).at(span);
        error.hint = refusal.hint;
        self.diagnostics.push(error);
        None
    }
}

/// Over which form of a table's columns an expression is written: their types decide what a cast in it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Columns {
    /// As the table is.
    AsTheyAre,
    /// As the table is wanted.
    AsWanted,
}

/// Whether a directive of this kind can speak of an object of this kind.
fn fits(kind: &DirectiveKind, id: &ObjectId) -> bool {
    match kind {
        DirectiveKind::Rows(_) => matches!(id, ObjectId::Relation(_)),
        DirectiveKind::Backfill { .. } | DirectiveKind::Using { .. } => matches!(id, ObjectId::Column(..)),
        DirectiveKind::RenamedFrom { .. } => !matches!(id, ObjectId::Default(..)),
        DirectiveKind::Allow { .. } => true,
    }
}

fn elements(snapshot: &Snapshot) -> Vec<(Span, ObjectId)> {
    if snapshot.directives.is_empty() {
        return Vec::new();
    }
    let mut elements: Vec<(Span, ObjectId)> = snapshot
        .origins
        .iter()
        .filter(|(id, _)| snapshot.catalog.contains(id))
        .map(|(id, span)| (*span, id.clone()))
        .collect();
    elements.sort();
    elements
}
