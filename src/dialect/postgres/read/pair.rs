//! Both sides of a comparison read at once: a statement that stands in both is parsed once.
//!
//! Parsing costs more than all the rest, and two states of one schema share most of their statements. Each side has its
//! own interpreter; they go forward together, so that few trees are kept at a time. The result is that of reading each
//! side by itself.

use super::ast::NodeEnum;
use super::deep::on_deep_stack;
use super::script::is_dump;
use super::{Interpreter, ReadOptions, parse};
use crate::catalog::hashing::{HashMap, HashSet};
use crate::catalog::{Catalog, ObjectId};
use crate::diagnostic::{Checked, Diagnostic};
use crate::dialect::postgres::analyse::note_mentions;
use crate::pair::Pair;
use crate::snapshot::Snapshot;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::Directive;
use std::collections::VecDeque;

/// Trees are kept up to this many bytes of their texts; a tree takes some sixty times as much.
const KEPT_TEXT: usize = 512 * 1024;

/// After so many new objects of what is wanted it is looked which of them are the same in what is.
const SHARED_AT_A_TIME: usize = 2_000;

/// Reads two lists of texts, each as one script run on an empty database.
///
/// All errors are collected, those of what is first. The value is meaningful only without errors.
pub fn read_pair(sources: &Sources, ids: Pair<&[SourceId]>, options: ReadOptions) -> Checked<Pair<Snapshot>> {
    on_deep_stack(|| read_here(sources, ids, options.clone()))
}

fn read_here(sources: &Sources, ids: Pair<&[SourceId]>, options: ReadOptions) -> Checked<Pair<Snapshot>> {
    let mut numbers = HashMap::default();
    let mut sides = ids.map(|ids| Side::new(sources, ids, options.clone(), &mut numbers));
    let mut trees = Trees::new(sides.as_ref().map(|side| side.statements.as_slice()), numbers.len());
    // Two dumps are alike whether read as what was stored or as what they store; against a script only the former is.
    let is_script = |side: &Side| !side.interpreter.is_dump && !side.statements.is_empty();
    let shows_stored = is_script(&sides.from) || is_script(&sides.to);
    sides.from.interpreter.shows_stored = shows_stored;
    sides.to.interpreter.shows_stored = shows_stored;
    let mut shared = 0;
    loop {
        let from_goes_on = sides.from.advance(&mut trees);
        // What both sides hold alike is held once from early on: together they would take twice the memory.
        if sides.to.interpreter.catalog.len() >= shared + SHARED_AT_A_TIME {
            let to = &mut sides.to.interpreter.catalog;
            to.share_from(shared, &sides.from.interpreter.catalog);
            shared = to.len();
        }
        // What is wanted goes on until it comes to a statement that what is has not reached yet.
        while let Some(next) = sides.to.next() {
            if from_goes_on && trees.is_to_come(next.number) {
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
    value.to.catalog.share(&value.from.catalog);
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
        .filter(|(id, _)| matches!(id, ObjectId::Routine(..)) && !one.is_same(other, id))
        .map(|(id, _)| id)
}

/// A statement of one side.
#[derive(Clone, Copy)]
struct Statement<'a> {
    text: &'a str,
    span: Span,
    /// The same for equal texts, on either side.
    number: usize,
}

/// One side that is being read.
struct Side<'a> {
    interpreter: Interpreter,
    statements: Vec<Statement<'a>>,
    position: usize,
    directives: Vec<Directive>,
}

impl<'a> Side<'a> {
    fn new(
        sources: &'a Sources,
        ids: &[SourceId],
        options: ReadOptions,
        numbers: &mut HashMap<&'a str, usize>,
    ) -> Self {
        let mut interpreter = Interpreter::new(options);
        let mut statements = Vec::new();
        let mut directives = Vec::new();
        interpreter.is_dump = is_dump(sources, ids);
        for &id in ids {
            let script = crate::syntax::split(id, sources.text(id)).unpack(&mut interpreter.diagnostics);
            directives.extend(script.directives);
            statements.extend(script.statements.into_iter().map(|found| {
                let text = sources.slice(found.span);
                let next = numbers.len();
                Statement {
                    text,
                    span: found.span,
                    number: *numbers.entry(text).or_insert(next),
                }
            }));
        }
        Side {
            interpreter,
            statements,
            position: 0,
            directives,
        }
    }

    fn next(&self) -> Option<Statement<'a>> {
        self.statements.get(self.position).copied()
    }

    /// Applies the next statement; says whether there was one.
    fn advance(&mut self, trees: &mut Trees) -> bool {
        let Some(statement) = self.next() else { return false };
        self.position += 1;
        match trees.of(statement) {
            Ok(Some(node)) => {
                self.interpreter.apply(&node, statement.text, statement.span);
                trees.keep(statement, node);
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
struct Trees {
    /// What is known of each number.
    known: Vec<Known>,
    kept: HashMap<usize, NodeEnum>,
    order: VecDeque<(usize, usize)>,
    bytes: usize,
}

/// Where the statements of one number stand, and whether one of them has been applied.
#[derive(Clone, Copy, Default)]
struct Known {
    sides: Pair<bool>,
    reached: bool,
}

impl Trees {
    fn new(statements: Pair<&[Statement<'_>]>, numbers: usize) -> Self {
        let mut known = vec![Known::default(); numbers];
        statements
            .from
            .iter()
            .for_each(|found| known[found.number].sides.from = true);
        statements
            .to
            .iter()
            .for_each(|found| known[found.number].sides.to = true);
        Trees {
            known,
            kept: HashMap::default(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Whether a statement of what is wanted stands in what is too and has not been reached there.
    fn is_to_come(&self, number: usize) -> bool {
        let known = self.known[number];
        known.sides.from && !known.reached
    }

    /// The tree of a statement, taken from those kept or parsed.
    fn of(&mut self, statement: Statement<'_>) -> Result<Option<NodeEnum>, Box<Diagnostic>> {
        match self.kept.remove(&statement.number) {
            Some(node) => Ok(Some(node)),
            None => parse::parse(statement.text, statement.span),
        }
    }

    /// Keeps a shared statement's tree the first time; the second side to come was the one it was kept for.
    fn keep(&mut self, statement: Statement<'_>, node: NodeEnum) {
        let known = &mut self.known[statement.number];
        let is_first = !std::mem::replace(&mut known.reached, true);
        if !(is_first && known.sides.from && known.sides.to) {
            return;
        }
        let size = statement.text.len();
        self.bytes += size;
        self.kept.insert(statement.number, node);
        self.order.push_back((statement.number, size));
        while self.bytes > KEPT_TEXT {
            let Some((oldest, size)) = self.order.pop_front() else {
                break;
            };
            self.bytes -= size;
            self.kept.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::write;

    const DUMP: &str = "-- PostgreSQL database dump\n";
    const SHOWN: &str = "CREATE VIEW v AS SELECT 'c'::text = ANY ((ARRAY['a'::varchar, 'b'::varchar])::text[]) AS c;";
    const EACH: &str = "CREATE VIEW v AS SELECT 'c'::text = ANY (ARRAY['a'::varchar::text, 'b'::varchar::text]) AS c;";
    const WHOLE: &str = "CREATE VIEW v AS SELECT 'c' = ANY (ARRAY['a'::varchar, 'b'::varchar]) AS c;";

    /// The queries of the view on both sides.
    fn queries(from: &str, to: &str) -> (String, String) {
        let mut sources = Sources::new();
        let ids = Pair {
            from: vec![sources.add("from.sql", from.to_owned())],
            to: vec![sources.add("to.sql", to.to_owned())],
        };
        let ids = ids.as_ref().map(|ids| ids.as_slice());
        let read = read_pair(&sources, ids, ReadOptions::default());
        let query = |snapshot: &Snapshot| {
            let view = snapshot.catalog.iter().find_map(|(_, entry)| match &entry.object {
                crate::catalog::Object::View(view) => Some(write::template(&view.query)),
                _ => None,
            });
            view.unwrap_or_default()
        };
        (query(&read.value.from), query(&read.value.to))
    }

    #[test]
    fn between_dumps_a_cast_behind_an_array_is_what_running_it_makes() {
        let dump = |text: &str| [DUMP, text].concat();
        let (from, to) = queries(&dump(EACH), &dump(SHOWN));
        assert_eq!(from, to);
        let (_, from_nothing) = queries("", &dump(SHOWN));
        assert_eq!(from_nothing, to);
        let (written, each) = queries(WHOLE, EACH);
        assert_ne!(written, each);
        assert_eq!(to, each);
        let (written, shown) = queries(WHOLE, &dump(SHOWN));
        assert_eq!(written, shown, "against a script a dump shows what is stored");
    }
}
