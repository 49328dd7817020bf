//! Both sides of a comparison read at once: a statement that stands in both is parsed once.
//!
//! Parsing costs more than all the rest, and two states of one schema share most of their statements. Each side has its
//! own interpreter; they go forward together, so that few trees are kept at a time. The result is that of reading each
//! side by itself.

use super::ast::NodeEnum;
use super::{Interpreter, ReadOptions, parse};
use crate::catalog::{Catalog, ObjectId};
use crate::diagnostic::{Checked, Diagnostic};
use crate::dialect::postgres::analyse::note_mentions;
use crate::pair::Pair;
use crate::snapshot::Snapshot;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::Directive;
use std::collections::{HashMap, HashSet, VecDeque};

/// Trees are kept up to this many bytes of their texts; a tree takes some sixty times as much.
const KEPT_TEXT: usize = 512 * 1024;

/// Reads two lists of texts, each as one script run on an empty database.
///
/// All errors are collected, those of what is first. The value is meaningful only without errors.
pub fn read_pair(sources: &Sources, ids: Pair<&[SourceId]>, options: ReadOptions) -> Checked<Pair<Snapshot>> {
    let mut sides = ids.map(|ids| Side::new(sources, ids, options));
    let in_from: HashSet<&str> = sides.from.statements.iter().map(|(text, _)| *text).collect();
    let shared: HashSet<&str> = sides
        .to
        .statements
        .iter()
        .map(|(text, _)| *text)
        .filter(|text| in_from.contains(text))
        .collect();
    let mut trees = Trees {
        shared,
        reached: HashSet::new(),
        kept: HashMap::new(),
        order: VecDeque::new(),
        bytes: 0,
    };
    loop {
        let from_goes_on = sides.from.advance(&mut trees);
        // What is wanted goes on until it comes to a statement that what is has not reached yet.
        while let Some((text, _)) = sides.to.next() {
            if from_goes_on && trees.shared.contains(text) && !trees.reached.contains(text) {
                break;
            }
            sides.to.advance(&mut trees);
        }
        if !from_goes_on && sides.to.next().is_none() {
            break;
        }
    }
    let mut diagnostics = Vec::new();
    let mut value = sides.map(|side| side.finish(&mut diagnostics));
    // What bodies name orders the making of routines, so that only those that differ are looked at.
    let differs: HashSet<ObjectId> = routines(&value.from.catalog, &value.to.catalog)
        .chain(routines(&value.to.catalog, &value.from.catalog))
        .cloned()
        .collect();
    note_mentions(&mut value.from.catalog, options.version, |id| differs.contains(id));
    note_mentions(&mut value.to.catalog, options.version, |id| differs.contains(id));
    Checked { value, diagnostics }
}

/// The routines of one catalog that are not the same in the other.
fn routines<'c>(one: &'c Catalog, other: &'c Catalog) -> impl Iterator<Item = &'c ObjectId> {
    one.iter()
        .filter(|(id, entry)| matches!(id, ObjectId::Routine(..)) && other.get(id) != Some(*entry))
        .map(|(id, _)| id)
}

/// One side that is being read.
struct Side<'a> {
    interpreter: Interpreter,
    statements: Vec<(&'a str, Span)>,
    position: usize,
    directives: Vec<Directive>,
}

impl<'a> Side<'a> {
    fn new(sources: &'a Sources, ids: &[SourceId], options: ReadOptions) -> Self {
        let mut interpreter = Interpreter::new(options);
        let mut statements = Vec::new();
        let mut directives = Vec::new();
        for &id in ids {
            let script = crate::syntax::split(id, sources.text(id)).unpack(&mut interpreter.diagnostics);
            directives.extend(script.directives);
            statements.extend(
                script
                    .statements
                    .into_iter()
                    .map(|found| (sources.slice(found.span), found.span)),
            );
        }
        Side {
            interpreter,
            statements,
            position: 0,
            directives,
        }
    }

    fn next(&self) -> Option<(&'a str, Span)> {
        self.statements.get(self.position).copied()
    }

    /// Applies the next statement; says whether there was one.
    fn advance(&mut self, trees: &mut Trees<'a>) -> bool {
        let Some((text, span)) = self.next() else { return false };
        self.position += 1;
        match trees.of(text, span) {
            Ok(Some(node)) => {
                self.interpreter.apply(&node, text, span);
                trees.keep(text, node);
            }
            Ok(None) => {}
            Err(diagnostic) => self.interpreter.diagnostics.push(*diagnostic),
        }
        true
    }

    fn finish(self, diagnostics: &mut Vec<Diagnostic>) -> Snapshot {
        self.interpreter.finish(self.directives).unpack(diagnostics)
    }
}

/// The trees of statements that stand on both sides, as many as are worth keeping.
struct Trees<'a> {
    shared: HashSet<&'a str>,
    reached: HashSet<&'a str>,
    kept: HashMap<&'a str, NodeEnum>,
    order: VecDeque<&'a str>,
    bytes: usize,
}

impl<'a> Trees<'a> {
    /// The tree of a statement, taken from those kept or parsed.
    fn of(&mut self, text: &'a str, span: Span) -> Result<Option<NodeEnum>, Box<Diagnostic>> {
        match self.kept.remove(text) {
            Some(node) => Ok(Some(node)),
            None => parse::parse(text, span),
        }
    }

    /// Keeps a shared statement's tree the first time; the second side to come was the one it was kept for.
    fn keep(&mut self, text: &'a str, node: NodeEnum) {
        if !self.shared.contains(text) || !self.reached.insert(text) {
            return;
        }
        self.bytes += text.len();
        self.kept.insert(text, node);
        self.order.push_back(text);
        while self.bytes > KEPT_TEXT {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= oldest.len();
            self.kept.remove(oldest);
        }
    }
}
