//! Inputs, spans, line and column.
//!
//! Knows the texts a run works on and how to say where in them something stands. Knows nothing of SQL and does no
//! input or output: `cli::input` reads the files and hands the texts over.

use std::ops::Range;
use std::sync::OnceLock;

/// Names one text of a run. Ordered by the order in which the texts were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// One input text with the name under which the user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name as shown to the user: a path, or `<stdin>`.
    pub name: String,
    /// The whole text, without a byte order mark.
    pub text: String,
}

/// A stretch of one source, in byte offsets: `start` belongs to it, `end` does not.
///
/// Spans are ordered by source, then by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text the offsets count in.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` up to but without `end`; an `end` before `start` is taken as `start`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        let start = offset(start);
        Span {
            source,
            start,
            end: offset(end).max(start),
        }
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether no byte lies in the span; it still names a place.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the byte at `place` belongs to the span.
    pub fn contains(self, place: u32) -> bool {
        self.start <= place && place < self.end
    }

    /// Whether all of `other` lies in this span.
    pub fn encloses(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The part of this span from `start` to `end`, counted from this span's own start and cut to its end.
    ///
    /// A statement is parsed apart from its file; this turns the parser's offsets into places in the file.
    pub fn within(self, start: usize, end: usize) -> Span {
        let clamp = |place: usize| self.start.saturating_add(offset(place)).min(self.end);
        Span {
            source: self.source,
            start: clamp(start),
            end: clamp(end).max(clamp(start)),
        }
    }
}

/// The texts of one run.
#[derive(Debug, Default)]
pub struct Sources {
    entries: Vec<Entry>,
}

/// A source and the offsets at which its lines begin, found when first asked for.
#[derive(Debug)]
struct Entry {
    source: Source,
    line_starts: OnceLock<Vec<u32>>,
}

impl Entry {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| line_starts(&self.source.text))
    }
}

impl Sources {
    /// A run without texts.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Takes a text in under the name the user knows it by.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(offset(self.entries.len()));
        let source = Source {
            name: name.into(),
            text: text.into(),
        };
        self.entries.push(Entry {
            source,
            line_starts: OnceLock::new(),
        });
        id
    }

    /// The source of that id; `None` for an id that another `Sources` gave.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        Some(&self.entries.get(id.0 as usize)?.source)
    }

    /// The text of that id; empty for an id that another `Sources` gave.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| source.text.as_str())
    }

    /// All ids, in the order of adding.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..offset(self.entries.len())).map(SourceId)
    }

    /// Line and column of the span's first byte, both from 1; the column counts characters.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let (line, start) = self.line_of(span);
        let text = self.text(span.source);
        let before = text
            .get(start as usize..floor_boundary(text, span.start as usize))
            .unwrap_or("");
        (line, before.chars().count() + 1)
    }

    /// The text of the span; empty when the span lies outside its text.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.source)
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// The bytes from the first of these lines to the end of the last, without the last one's line feed and carriage
    /// return. Lines count from 1; lines that the text does not have are empty.
    pub fn lines(&self, id: SourceId, first: usize, last: usize) -> Range<usize> {
        let Some(entry) = self.entries.get(id.0 as usize) else {
            return 0..0;
        };
        let text = entry.source.text.as_bytes();
        let start_of = |line: usize| {
            entry
                .line_starts()
                .get(line.saturating_sub(1))
                .map(|start| *start as usize)
        };
        let start = start_of(first).unwrap_or(text.len());
        let line_end = start_of(last + 1).map_or(text.len(), |next| next - 1);
        let end = if text[..line_end].ends_with(b"\r") {
            line_end - 1
        } else {
            line_end
        };
        start..end.max(start)
    }

    /// Number (from 1) and start offset of the line that holds the span's first byte.
    pub fn line_of(&self, span: Span) -> (usize, u32) {
        let Some(entry) = self.entries.get(span.source.0 as usize) else {
            return (1, 0);
        };
        let starts = entry.line_starts();
        let line = starts.partition_point(|start| *start <= span.start);
        (line.max(1), starts.get(line.saturating_sub(1)).copied().unwrap_or(0))
    }
}

/// A text's offset as it is kept in spans. Inputs of 4 GiB and more are refused on reading, so nothing is lost.
fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The start of the character that holds the byte at `place`, or the end of the text.
pub fn floor_boundary(text: &str, place: usize) -> usize {
    let mut place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

fn line_starts(text: &str) -> Vec<u32> {
    let after_newlines = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n')
        .map(|(place, _)| offset(place + 1));
    std::iter::once(0).chain(after_newlines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let mut sources = Sources::new();
        let id = sources.add("a.sql", "é x\n\nyz");
        let at = |place| sources.line_column(Span::new(id, place, place + 1));
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3), "é is one column though it is two bytes");
        assert_eq!(
            at(1),
            (1, 1),
            "a place inside a character is the place of the character"
        );
        assert_eq!(at(5), (2, 1), "an empty line is a line");
        assert_eq!(at(7), (3, 2));
        assert_eq!(at(8), (3, 3), "the end of the text has a place");
    }

    #[test]
    fn lines_come_without_their_last_line_feed() {
        let mut sources = Sources::new();
        let id = sources.add("a.sql", "ab\r\n\nc");
        assert_eq!(sources.lines(id, 1, 1), 0..2);
        assert_eq!(sources.lines(id, 1, 2), 0..4);
        assert_eq!(sources.lines(id, 2, 3), 4..6);
        assert_eq!(sources.lines(id, 4, 9), 6..6);
    }

    #[test]
    fn a_span_outside_its_text_is_empty_and_harmless() {
        let mut sources = Sources::new();
        let id = sources.add("a.sql", "select");
        assert_eq!(sources.slice(Span::new(id, 2, 4)), "le");
        assert_eq!(sources.slice(Span::new(id, 2, 400)), "");
        assert_eq!(sources.slice(Span::new(SourceId(9), 0, 1)), "");
        assert_eq!(sources.line_column(Span::new(SourceId(9), 5, 6)), (1, 1));
    }

    #[test]
    fn offsets_in_a_statement_become_places_in_the_file() {
        let statement = Span::new(SourceId(0), 10, 20);
        assert_eq!(statement.within(2, 5), Span::new(SourceId(0), 12, 15));
        assert_eq!(statement.within(8, 50), Span::new(SourceId(0), 18, 20));
        assert!(statement.encloses(statement.within(2, 5)));
        assert!(!statement.contains(20));
    }
}
