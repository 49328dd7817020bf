//! Diagnostics as text and as JSON.
//!
//! Knows how diagnostics look. Decides neither what is said nor whether a run fails.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{SourceId, Sources, Span, floor_boundary};

/// Labels at most so many lines apart are shown in one stretch of source.
const LINES_BETWEEN_LABELS: usize = 12;

/// Whether a text holds escape sequences for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Letters only.
    Plain,
    /// With escape sequences.
    Coloured,
}

/// Writes diagnostics to standard error, in colour when it is a terminal and `NO_COLOR` is not set.
///
/// Errors: standard error cannot be written to.
pub fn to_stderr(diagnostics: &[Diagnostic], sources: &Sources) -> io::Result<()> {
    let mut stderr = anstream::stderr().lock();
    for diagnostic in diagnostics {
        writeln!(stderr, "{}\n", text(diagnostic, sources, Style::Coloured))?;
    }
    stderr.flush()
}

/// One diagnostic as text of several lines, without a line feed at its end: severity, code and message, the places with
/// `file:line:column` and their lines of source, detail and hint.
pub fn text(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let title = level(diagnostic.severity)
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.number());
    let mut group = Group::with_title(title);
    for excerpt in excerpts(diagnostic, sources) {
        group = group.element(snippet(&excerpt, sources));
    }
    if let Some(detail) = &diagnostic.detail {
        group = group.element(
            Level::NOTE
                .with_name(Some("detail"))
                .message(normalize_untrusted_str(detail)),
        );
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(
            Level::HELP
                .with_name(Some("hint"))
                .message(normalize_untrusted_str(hint)),
        );
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    renderer.render(&[group])
}

/// A diagnostic as it stands in JSON output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JsonDiagnostic {
    /// The stable number, such as `U0101`.
    pub code: &'static str,
    /// The code's name, such as `syntax-error`.
    pub name: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The message.
    pub message: String,
    /// The places; the first is the main one.
    pub labels: Vec<JsonLabel>,
    /// More facts.
    pub detail: Option<String>,
    /// What to do instead.
    pub hint: Option<String>,
}

/// A place in JSON output. Lines and columns count from 1, columns in characters; the end is the place after the last
/// character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JsonLabel {
    /// The name of the input.
    pub file: String,
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column of the end.
    pub end_column: usize,
    /// What is said at the place; may be empty.
    pub text: String,
}

/// Diagnostics for JSON output, in the same order.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<JsonDiagnostic> {
    diagnostics
        .iter()
        .map(|diagnostic| json_diagnostic(diagnostic, sources))
        .collect()
}

fn json_diagnostic(diagnostic: &Diagnostic, sources: &Sources) -> JsonDiagnostic {
    let labels = diagnostic.labels.iter().map(|label| {
        let (line, column) = sources.line_column(label.span);
        let end = Span {
            start: label.span.end,
            ..label.span
        };
        let (end_line, end_column) = sources.line_column(end);
        let file = source_name(sources, label.span.source).to_owned();
        JsonLabel {
            file,
            line,
            column,
            end_line,
            end_column,
            text: label.text.clone(),
        }
    });
    JsonDiagnostic {
        code: diagnostic.code.number(),
        name: diagnostic.code.name(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: diagnostic.message.clone(),
        labels: labels.collect(),
        detail: diagnostic.detail.clone(),
        hint: diagnostic.hint.clone(),
    }
}

/// A stretch of one source that is shown, with the labels in it.
struct Excerpt<'labels> {
    source: SourceId,
    /// Numbers of the first and the last line.
    first_line: usize,
    last_line: usize,
    labels: Vec<(&'labels Label, AnnotationKind)>,
}

/// Puts labels that stand near each other into one excerpt; the main label's comes first.
///
/// Only what is shown is handed to the renderer: it reads all of a text it is given, and a text may hold 60 MB.
fn excerpts<'labels>(diagnostic: &'labels Diagnostic, sources: &Sources) -> Vec<Excerpt<'labels>> {
    let mut excerpts: Vec<Excerpt<'labels>> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let kind = if index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let (line, _) = sources.line_of(label.span);
        let near = excerpts.iter_mut().find(|excerpt| {
            excerpt.source == label.span.source
                && line + LINES_BETWEEN_LABELS >= excerpt.first_line
                && line <= excerpt.last_line + LINES_BETWEEN_LABELS
        });
        match near {
            Some(excerpt) => {
                excerpt.first_line = excerpt.first_line.min(line);
                excerpt.last_line = excerpt.last_line.max(line);
                excerpt.labels.push((label, kind));
            }
            None => excerpts.push(Excerpt {
                source: label.span.source,
                first_line: line,
                last_line: line,
                labels: vec![(label, kind)],
            }),
        }
    }
    excerpts
}

fn snippet<'sources>(
    excerpt: &Excerpt<'sources>,
    sources: &'sources Sources,
) -> Snippet<'sources, Annotation<'sources>> {
    let text = sources.text(excerpt.source);
    let lines = sources.lines(excerpt.source, excerpt.first_line, excerpt.last_line);
    let snippet = Snippet::source(text.get(lines.clone()).unwrap_or_default())
        .path(source_name(sources, excerpt.source))
        .line_start(excerpt.first_line);
    excerpt.labels.iter().fold(snippet, |snippet, (label, kind)| {
        let annotation = kind.span(range_in_line(text, &lines, label.span));
        let words = (!label.text.is_empty()).then(|| normalize_untrusted_str(&label.text));
        snippet.annotation(annotation.label(words))
    })
}

/// The part of a span that lies on its first line, counted from the start of the lines shown: a statement of fifty lines
/// is shown by its first.
fn range_in_line(text: &str, lines: &Range<usize>, span: Span) -> Range<usize> {
    let start = floor_boundary(text, (span.start as usize).clamp(lines.start, lines.end));
    let end = floor_boundary(text, (span.end as usize).clamp(start, lines.end));
    let on_line = text
        .get(start..end)
        .and_then(|part| part.lines().next())
        .unwrap_or_default();
    start - lines.start..start + on_line.trim_end().len() - lines.start
}

fn source_name(sources: &Sources, source: SourceId) -> &str {
    sources.get(source).map_or("<unknown>", |source| source.name.as_str())
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use expect_test::expect;

    fn sources(text: &str) -> (Sources, SourceId) {
        let mut sources = Sources::new();
        let id = sources.add("schema.sql", text);
        (sources, id)
    }

    #[test]
    fn a_diagnostic_shows_place_line_detail_and_hint() {
        let (sources, id) = sources("-- é\n\tCREATE TABLE é.t (\n  a integr\n);\n");
        let diagnostic = Diagnostic::error(Code::UnknownType, "type \"integr\" does not exist")
            .label(Span::new(id, 31, 37), "unknown")
            .detail("The search path is public.")
            .hint("Perhaps you meant \"integer\".");
        expect![[r#"
            error[U0304]: type "integr" does not exist
             --> schema.sql:3:5
              |
            3 |   a integr
              |     ^^^^^^ unknown
              |
              = detail: The search path is public.
              = hint: Perhaps you meant "integer"."#]]
        .assert_eq(&text(&diagnostic, &sources, Style::Plain));
        assert_eq!(sources.line_column(Span::new(id, 31, 37)), (3, 5));
    }

    #[test]
    fn a_long_span_is_shown_by_its_first_line_and_far_labels_apart() {
        let mut script = String::from("CREATE TABLE t (\n  a int\n);\n");
        script.push_str(&"\n".repeat(50));
        let second = script.len();
        script.push_str("CREATE TABLE t (\r\n  a int\r\n);\r\n");
        let (sources, id) = sources(&script);
        let diagnostic = Diagnostic::error(Code::DuplicateObject, "table \"t\" exists already")
            .at(Span::new(id, second, script.len()))
            .label(Span::new(id, 0, 20), "made here");
        expect![[r#"
            error[U0309]: table "t" exists already
              --> schema.sql:54:1
               |
            54 | CREATE TABLE t (
               | ^^^^^^^^^^^^^^^^
               |
              ::: schema.sql:1:1
               |
             1 | CREATE TABLE t (
               | ---------------- made here"#]]
        .assert_eq(&text(&diagnostic, &sources, Style::Plain));
    }

    #[test]
    fn a_place_after_the_last_character_and_no_place_at_all_can_be_shown() {
        let (sources, id) = sources("CREATE TABLE");
        let end = Diagnostic::error(Code::SyntaxError, "syntax error at end of input").at(Span::new(id, 12, 12));
        let nowhere = Diagnostic::note(Code::DataSkipped, "rows skipped");
        let outside = Diagnostic::warning(Code::SyntaxError, "elsewhere").at(Span::new(SourceId(7), 3, 900));
        let texts = [end, nowhere, outside].map(|diagnostic| text(&diagnostic, &sources, Style::Plain));
        expect![[r#"
            error[U0101]: syntax error at end of input
             --> schema.sql:1:13
              |
            1 | CREATE TABLE
              |             ^

            note[U0311]: rows skipped

            warning[U0101]: elsewhere
             --> <unknown>:1:1
              |
            1 |
              | ^"#]]
        .assert_eq(&texts.join("\n\n"));
    }

    #[test]
    fn escape_sequences_in_a_schema_do_not_reach_the_terminal() {
        let (sources, id) = sources("select '\u{1b}[31m'");
        let diagnostic = Diagnostic::error(Code::SyntaxError, "\u{1b}[31m")
            .label(Span::new(id, 7, 13), "\u{1b}[32m")
            .hint("\u{1b}[33m");
        assert!(!text(&diagnostic, &sources, Style::Plain).contains('\u{1b}'));
    }

    #[test]
    fn json_holds_the_same_facts() {
        let (sources, id) = sources("a\nbé c");
        let diagnostic = Diagnostic::warning(Code::DirectiveWithoutEffect, "m").label(Span::new(id, 2, 5), "here");
        let json = serde_json::to_string_pretty(&json(&[diagnostic], &sources)).unwrap();
        expect![[r#"
            [
              {
                "code": "U0205",
                "name": "directive-without-effect",
                "severity": "warning",
                "message": "m",
                "labels": [
                  {
                    "file": "schema.sql",
                    "line": 2,
                    "column": 1,
                    "end_line": 2,
                    "end_column": 3,
                    "text": "here"
                  }
                ],
                "detail": null,
                "hint": null
              }
            ]"#]]
        .assert_eq(&json);
    }
}
