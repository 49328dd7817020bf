//! Directives: what the author of a schema tells the compiler in comments.
//!
//! Knows the grammar (`grammar/directive.pest`). Does not know which element a directive belongs to; it says only where
//! that element stands. Does not read the expressions in a directive; the SQL parser does.

use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::Pair;

use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::Span;

/// A comment `-- underpin: …` or `/* underpin: … */`, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The directive itself, without the comment's marks and without `underpin:`.
    pub span: Span,
    /// Whether it speaks of what stands before it or of what follows.
    pub placement: Placement,
    /// A byte of the element it speaks of: for `OwnLine` the first of the token that follows the comment, for `AfterCode`
    /// the last of the token before it that is no comma, semicolon or opening parenthesis. `None` without such a token.
    pub anchor: Option<u32>,
    /// What it says.
    pub kind: DirectiveKind,
}

/// Where a directive stands on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Alone on its line: it speaks of the element that follows.
    OwnLine,
    /// After code: it speaks of the element that stands before it on the line.
    AfterCode,
}

/// What a directive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `renamed-from name [via dual-write | view | direct]`: the element had this name in the old schema.
    RenamedFrom {
        /// One to three parts, folded to lower case unless quoted, as PostgreSQL folds identifiers.
        name: Vec<String>,
        /// How the rename is to be carried through.
        how: RenameMethod,
    },
    /// `backfill expression`: the value that existing rows get in a new column.
    Backfill {
        /// The expression as written.
        expression: String,
    },
    /// `using expression [reverse expression]`: how a column's values get their new type.
    Using {
        /// From the old column to the new value, as written.
        using: String,
        /// From the new column back to the old value, as written.
        reverse: Option<String>,
    },
    /// `rows number`: about how many rows the table holds.
    Rows(u64),
    /// `allow hazard [because 'reason']`: a hazard the author accepts.
    Allow {
        /// The hazard; always one of `Code::hazards()`.
        hazard: Code,
        /// The author's reason.
        because: Option<String>,
    },
}

impl DirectiveKind {
    /// The word a directive of this kind begins with.
    pub fn word(&self) -> &'static str {
        match self {
            DirectiveKind::RenamedFrom { .. } => "renamed-from",
            DirectiveKind::Backfill { .. } => "backfill",
            DirectiveKind::Using { .. } => "using",
            DirectiveKind::Rows(_) => "rows",
            DirectiveKind::Allow { .. } => "allow",
        }
    }
}

/// How a rename is carried through under live traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameMethod {
    /// Two columns that a trigger keeps equal until the old application is gone. This is the default.
    DualWrite,
    /// A view under the old name.
    View,
    /// At once, with `ALTER … RENAME`; the old application breaks.
    Direct,
}

impl RenameMethod {
    /// The method as it is written after `via`.
    pub fn word(self) -> &'static str {
        match self {
            RenameMethod::DualWrite => "dual-write",
            RenameMethod::View => "view",
            RenameMethod::Direct => "direct",
        }
    }
}

/// The forms of all directives: the word each begins with, and how it is written.
const FORMS: [(&str, &str); 5] = [
    (
        "renamed-from",
        "renamed-from NAME [via dual-write | via view | via direct]",
    ),
    ("backfill", "backfill EXPRESSION"),
    ("using", "using EXPRESSION [reverse EXPRESSION]"),
    ("rows", "rows NUMBER"),
    ("allow", "allow HAZARD [because 'REASON']"),
];

/// Length of a name as PostgreSQL keeps it, in bytes; the rest is cut off (`NAMEDATALEN` less one).
const NAME_LENGTH: usize = 63;

/// The parser that pest makes from the grammar; its rules bear no docstrings.
#[allow(missing_docs)]
mod grammar {
    /// The parser made from the grammar.
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/directive.pest"]
    pub(super) struct DirectiveParser;
}

use grammar::{DirectiveParser, Rule};

/// The number of bytes up to and with `underpin:` when the inside of a comment begins with it.
pub(super) fn prefix_length(comment: &str) -> Option<usize> {
    const WORD: &str = "underpin";
    let blank = |text: &str| text.len() - text.trim_start().len();
    let start = blank(comment);
    let word = comment.get(start..start + WORD.len())?;
    let end = start + WORD.len();
    let colon = end + blank(&comment[end..]);
    (word.eq_ignore_ascii_case(WORD) && comment[colon..].starts_with(':')).then_some(colon + 1)
}

/// Reads the directives in `text`, which is what follows `underpin:` in a comment and stands at `span`.
///
/// Errors: an unknown or malformed directive and an unknown hazard, each at its place.
pub(super) fn parse(span: Span, text: &str, placement: Placement, anchor: Option<u32>) -> Checked<Vec<Directive>> {
    let mut checked = Checked::clean(Vec::new());
    let line = match DirectiveParser::parse(Rule::line, text) {
        Ok(line) => line,
        Err(error) => {
            checked.diagnostics.push(malformed(span, text, &error));
            return checked;
        }
    };
    let directives = line
        .flat_map(Pair::into_inner)
        .filter(|pair| pair.as_rule() == Rule::directive);
    for pair in directives.flat_map(Pair::into_inner) {
        let place = span.within(pair.as_span().start(), pair.as_span().end());
        match kind(span, pair) {
            Ok(kind) => checked.value.push(Directive {
                span: place,
                placement,
                anchor,
                kind,
            }),
            Err(diagnostic) => checked.diagnostics.push(*diagnostic),
        }
    }
    checked
}

/// The meaning of one parsed directive.
fn kind(span: Span, pair: Pair<'_, Rule>) -> Result<DirectiveKind, Box<Diagnostic>> {
    let rule = pair.as_rule();
    let place = |pair: &Pair<'_, Rule>| span.within(pair.as_span().start(), pair.as_span().end());
    let whole = place(&pair);
    let mut parts = pair.into_inner();
    let (first, second) = (parts.next(), parts.next());
    match (rule, first) {
        (Rule::renamed_from, Some(name)) => Ok(DirectiveKind::RenamedFrom {
            name: name.into_inner().map(|part| identifier(part.as_str())).collect(),
            how: second.map_or(RenameMethod::DualWrite, rename_method),
        }),
        (Rule::backfill, Some(expression)) => Ok(DirectiveKind::Backfill {
            expression: expression.as_str().to_owned(),
        }),
        (Rule::using, Some(using)) => Ok(DirectiveKind::Using {
            using: using.as_str().to_owned(),
            reverse: second.map(|reverse| reverse.as_str().to_owned()),
        }),
        (Rule::rows, Some(number)) => match number.as_str().replace('_', "").parse() {
            Ok(number) => Ok(DirectiveKind::Rows(number)),
            Err(_) => {
                let diagnostic = Diagnostic::error(Code::MalformedDirective, "number of rows is too large");
                Err(Box::new(diagnostic.at(place(&number))))
            }
        },
        (Rule::allow, Some(name)) => match name.as_str().parse::<Code>() {
            Ok(hazard) if hazard.is_hazard() => Ok(DirectiveKind::Allow {
                hazard,
                because: second.map(|reason| unquote(reason.as_str(), '\'')),
            }),
            Ok(_) | Err(_) => {
                let names: Vec<_> = Code::hazards().map(Code::name).collect();
                let message = format!("hazard \"{}\" does not exist", name.as_str());
                let diagnostic = Diagnostic::error(Code::UnknownHazard, message).at(place(&name));
                Err(Box::new(
                    diagnostic.hint(format!("The hazards are {}.", names.join(", "))),
                ))
            }
        },
        (Rule::unknown, Some(word)) => Err(Box::new(unknown(place(&word), word.as_str()))),
        // The grammar admits nothing else; were it changed without this function, the directive is refused, not lost.
        _ => Err(Box::new(
            Diagnostic::error(Code::MalformedDirective, "directive is not understood").at(whole),
        )),
    }
}

fn rename_method(method: Pair<'_, Rule>) -> RenameMethod {
    match method.into_inner().next().map(|word| word.as_rule()) {
        Some(Rule::view) => RenameMethod::View,
        Some(Rule::direct) => RenameMethod::Direct,
        _ => RenameMethod::DualWrite,
    }
}

/// An identifier as PostgreSQL keeps it: unquoted, or folded to lower case, and cut to its length
/// (`downcase_truncate_identifier` in `src/backend/parser/scansup.c`; in UTF-8 only ASCII letters are folded).
fn identifier(text: &str) -> String {
    let mut name = if text.starts_with('"') {
        unquote(text, '"')
    } else {
        text.to_ascii_lowercase()
    };
    let mut length = name.len().min(NAME_LENGTH);
    while !name.is_char_boundary(length) {
        length -= 1;
    }
    name.truncate(length);
    name
}

/// The inside of a quoted text, with doubled quotes made single.
fn unquote(text: &str, quote: char) -> String {
    let inside = text
        .strip_prefix(quote)
        .and_then(|text| text.strip_suffix(quote))
        .unwrap_or(text);
    inside.replace(&format!("{quote}{quote}"), &quote.to_string())
}

fn unknown(place: Span, word: &str) -> Diagnostic {
    let words: Vec<_> = FORMS.iter().map(|(word, _)| *word).collect();
    let diagnostic =
        Diagnostic::error(Code::UnknownDirective, format!("directive \"{word}\" does not exist")).at(place);
    diagnostic.hint(format!("The directives are {}.", words.join(", ")))
}

/// Says where a text stops being a directive, and how the directive that stands there is written.
fn malformed(span: Span, text: &str, error: &pest::error::Error<Rule>) -> Diagnostic {
    let place = match error.location {
        InputLocation::Pos(place) | InputLocation::Span((place, _)) => place.min(text.len()),
    };
    let length = text[place..].chars().next().map_or(0, char::len_utf8);
    let at = span.within(place, place + length);
    // The directive that cannot be read begins the text or follows a semicolon before the place.
    let begun = text.get(..place).unwrap_or_default().rsplit(';').find_map(|part| {
        let word = part
            .trim_start()
            .split(|letter: char| !letter.is_alphabetic() && letter != '-')
            .next()?;
        FORMS.iter().find(|form| form.0.eq_ignore_ascii_case(word))
    });
    match begun {
        Some((word, form)) => Diagnostic::error(Code::MalformedDirective, format!("malformed directive \"{word}\""))
            .label(at, "not understood from here on")
            .hint(format!("It is written: {form}.")),
        None => {
            let forms: Vec<_> = FORMS.iter().map(|(_, form)| *form).collect();
            Diagnostic::error(Code::MalformedDirective, "malformed directive")
                .label(at, "a directive is expected here")
                .hint(format!("The directives are: {}.", forms.join("; ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    /// The directives in a comment's text after `underpin:`, or the first diagnostic's code and the text at its place.
    fn read(text: &str) -> Result<Vec<DirectiveKind>, (Code, &str)> {
        let span = Span::new(SourceId(0), 0, text.len());
        let checked = parse(span, text, Placement::OwnLine, None);
        match checked.diagnostics.first() {
            None => Ok(checked.value.into_iter().map(|directive| directive.kind).collect()),
            Some(diagnostic) => {
                let place = diagnostic.span().unwrap_or(span);
                Err((diagnostic.code, &text[place.start as usize..place.end as usize]))
            }
        }
    }

    fn using(using: &str, reverse: Option<&str>) -> DirectiveKind {
        DirectiveKind::Using {
            using: using.to_owned(),
            reverse: reverse.map(str::to_owned),
        }
    }

    fn backfill(expression: &str) -> DirectiveKind {
        DirectiveKind::Backfill {
            expression: expression.to_owned(),
        }
    }

    fn renamed_from<const N: usize>(name: [&str; N], how: RenameMethod) -> DirectiveKind {
        DirectiveKind::RenamedFrom {
            name: name.map(str::to_owned).to_vec(),
            how,
        }
    }

    #[test]
    fn names_fold_as_in_postgresql() {
        assert_eq!(
            read(" renamed-from Name"),
            Ok(vec![renamed_from(["name"], RenameMethod::DualWrite)])
        );
        let quoted = renamed_from(["App", "a\"b.c", "ß"], RenameMethod::View);
        assert_eq!(read("renamed-from \"App\".\"a\"\"b.c\" . ß via view"), Ok(vec![quoted]));
        assert_eq!(
            read("renamed-from via via direct"),
            Ok(vec![renamed_from(["via"], RenameMethod::Direct)])
        );
        let long = format!("renamed-from {}é", "x".repeat(62));
        assert_eq!(
            read(&long),
            Ok(vec![renamed_from([&"x".repeat(62)], RenameMethod::DualWrite)]),
            "é does not fit"
        );
    }

    #[test]
    fn expressions_are_taken_as_written_and_end_at_a_semicolon() {
        let text = "backfill (SELECT ';)' || x[1;2] FROM a WHERE b = E'\\';' AND c = $q$);$q$) ; rows 50_000_000;";
        let expression = "(SELECT ';)' || x[1;2] FROM a WHERE b = E'\\';' AND c = $q$);$q$)";
        assert_eq!(
            read(text),
            Ok(vec![backfill(expression), DirectiveKind::Rows(50_000_000)])
        );
        assert_eq!(
            read("backfill $1 + 2  -- a remark; with ( anything"),
            Ok(vec![backfill("$1 + 2")])
        );
        assert_eq!(
            read("backfill a || reverse (b)"),
            Ok(vec![backfill("a || reverse (b)")])
        );
    }

    #[test]
    fn the_way_back_begins_with_reverse() {
        let text = "using (price * 100)::bigint  reverse (price_cents / 100.0)";
        assert_eq!(
            read(text),
            Ok(vec![using("(price * 100)::bigint", Some("(price_cents / 100.0)"))])
        );
        assert_eq!(read("using reverse(a)"), Ok(vec![using("reverse(a)", None)]));
        assert_eq!(
            read("using(a)::int reverse\"B\""),
            Ok(vec![using("(a)::int", Some("\"B\""))])
        );
        assert_eq!(
            read("using reversed + (reverse(a))"),
            Ok(vec![using("reversed + (reverse(a))", None)])
        );
    }

    #[test]
    fn a_hazard_may_be_allowed_with_a_reason() {
        let allow = |because: Option<&str>| DirectiveKind::Allow {
            hazard: Code::DropColumn,
            because: because.map(str::to_owned),
        };
        assert_eq!(read("allow drop-column"), Ok(vec![allow(None)]));
        assert_eq!(
            read("allow drop-column because 'it''s unused'"),
            Ok(vec![allow(Some("it's unused"))])
        );
        assert_eq!(read("allow drop-colum"), Err((Code::UnknownHazard, "drop-colum")));
        assert_eq!(
            read("allow syntax-error"),
            Err((Code::UnknownHazard, "syntax-error")),
            "not a hazard"
        );
    }

    #[test]
    fn an_unknown_directive_is_named_and_the_others_are_kept() {
        assert_eq!(read("renamed name"), Err((Code::UnknownDirective, "renamed")));
        assert_eq!(read("rowsets 5"), Err((Code::UnknownDirective, "rowsets")));
        let span = Span::new(SourceId(0), 0, 20);
        let checked = parse(span, "rows 5; oops (; rows 6", Placement::OwnLine, None);
        assert_eq!(checked.value.len(), 2);
        assert_eq!(checked.diagnostics.len(), 1);
    }

    #[test]
    fn a_malformed_directive_is_shown_where_it_breaks() {
        assert_eq!(read("rows many"), Err((Code::MalformedDirective, "m")));
        assert_eq!(read("rows 5k"), Err((Code::MalformedDirective, "5")));
        assert_eq!(
            read("rows 99999999999999999999"),
            Err((Code::MalformedDirective, "99999999999999999999"))
        );
        assert_eq!(read("renamed-from a.b.c.d"), Err((Code::MalformedDirective, ".")));
        assert_eq!(read("using a reverse"), Err((Code::MalformedDirective, "r")));
        assert_eq!(read("backfill (a"), Err((Code::MalformedDirective, "(")));
        assert_eq!(read("backfill a)"), Err((Code::MalformedDirective, ")")));
        assert_eq!(read(""), Err((Code::MalformedDirective, "")));
    }

    #[test]
    fn the_hint_shows_the_form_of_the_directive_that_broke() {
        let text = "rows 5; allow drop-table because unquoted";
        let checked = parse(Span::new(SourceId(0), 0, text.len()), text, Placement::OwnLine, None);
        let hints: Vec<_> = checked
            .diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.hint.as_deref())
            .collect();
        assert_eq!(hints, ["It is written: allow HAZARD [because 'REASON']."]);
    }

    #[test]
    fn only_a_comment_that_begins_with_the_word_is_a_directive() {
        assert_eq!(prefix_length(" underpin: rows 5"), Some(10));
        assert_eq!(prefix_length("Underpin :rows 5"), Some(10));
        assert_eq!(prefix_length("underpinning: x"), None);
        assert_eq!(prefix_length("see underpin: x"), None);
        assert_eq!(prefix_length("underpi\u{e9}: x"), None);
        assert_eq!(prefix_length(""), None);
    }
}
