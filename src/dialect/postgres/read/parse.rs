//! One statement's text to its tree, with the place of a syntax error.

use super::ast::{Node, NodeEnum};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use pg_query::ParseResult;

/// Parses one statement (without its semicolon) that stands at `span`.
///
/// # Errors
/// A syntax error at its line and column. pg_query keeps the message and drops the cursor, so the place is found anew:
/// it is where the shortest prefix of tokens ends that already fails with the same message.
pub fn parse(text: &str, span: Span) -> Result<Option<NodeEnum>, Box<Diagnostic>> {
    match tree(text) {
        Ok(result) => {
            let mut statements = result.protobuf.stmts;
            match statements.len() {
                0 => Ok(None),
                1 => Ok(statements.pop().and_then(|raw| raw.stmt).and_then(|node| node.node)),
                _ => Err(Box::new(
                    Diagnostic::error(Code::SyntaxError, "more than one statement where one was expected").at(span),
                )),
            }
        }
        Err(error) => Err(Box::new(syntax_error(text, span, &error))),
    }
}

/// Parses `SELECT expression` and gives the expression; for expressions that stand in a directive at `span`.
///
/// # Errors
/// A syntax error at the directive.
pub fn expression(select: &str, span: Span) -> Result<Node, Box<Diagnostic>> {
    let malformed = || Box::new(Diagnostic::error(Code::MalformedDirective, "one expression was expected").at(span));
    let parsed = tree(select)
        .map_err(|error| Box::new(Diagnostic::error(Code::MalformedDirective, error.to_string()).at(span)))?;
    let statement = parsed
        .protobuf
        .stmts
        .into_iter()
        .next()
        .and_then(|raw| raw.stmt)
        .and_then(|node| node.node);
    let Some(NodeEnum::SelectStmt(mut query)) = statement else {
        return Err(malformed());
    };
    match (
        query.target_list.pop().and_then(|target| target.node),
        query.target_list.is_empty(),
    ) {
        (Some(NodeEnum::ResTarget(target)), true) => target.val.map(|value| *value).ok_or_else(malformed),
        _ => Err(malformed()),
    }
}

/// The parser's tree of a text, which may hold several statements.
///
/// # Errors
/// A syntax error, or that the tree is too deep.
pub(super) fn tree(text: &str) -> Result<ParseResult, pg_query::Error> {
    pg_query::parse(text, pg_query::ParserOptions::default())
}

fn syntax_error(text: &str, span: Span, error: &pg_query::Error) -> Diagnostic {
    let message = match error {
        pg_query::Error::Parse(message) => message.clone(),
        other => other.to_string(),
    };
    // The parser gives up at the depth of its stack (`check_stack_depth`), of its grammar's (`YYMAXDEPTH`), or where its
    // tree is too deep to be handed over.
    let too_deep = ["stack depth limit exceeded", "memory exhausted", "nested too deeply"];
    if too_deep.iter().any(|sign| message.contains(sign)) {
        return Diagnostic::error(Code::UnsupportedStatement, "the statement is nested too deeply")
            .at(span)
            .hint("Divide it: long chains of operators, joins or UNION count as nesting.");
    }
    let place = cursor(text, &message).map_or(span, |(start, end)| {
        Span::new(span.source, span.start as usize + start, span.start as usize + end)
    });
    let what = if message.ends_with("at end of input") {
        Diagnostic::error(Code::SyntaxError, message).hint("The statement is not complete.")
    } else {
        Diagnostic::error(Code::SyntaxError, message)
    };
    what.at(place)
}

/// The byte range of the token at which the parser gave up: the last token of the shortest token prefix whose message
/// is the whole text's message. A shorter prefix fails "at end of input" instead, or does not fail.
fn cursor(text: &str, message: &str) -> Option<(usize, usize)> {
    let tokens = pg_query::scan(text).ok()?.tokens;
    let ends: Vec<(usize, usize)> = tokens
        .iter()
        .filter_map(|token| Some((usize::try_from(token.start).ok()?, usize::try_from(token.end).ok()?)))
        .collect();
    let fails_alike = |count: usize| -> bool {
        let Some(&(_, end)) = ends.get(count.wrapping_sub(1)) else {
            return false;
        };
        let Some(prefix) = text.get(..end) else { return false };
        matches!(tree(prefix), Err(pg_query::Error::Parse(found)) if found == message)
    };
    if message.ends_with("at end of input") {
        return ends.last().map(|&(_, end)| (end, end));
    }
    let (mut low, mut high) = (0, ends.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if fails_alike(middle + 1) {
            high = middle
        } else {
            low = middle + 1
        }
    }
    ends.get(low).copied()
}

/// Whether a text is one statement that parses; for tests of what is written.
///
/// # Errors
/// The parser's message.
pub fn parses(text: &str) -> Result<(), String> {
    tree(text).map(|_| ()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn column_of_error(text: &str) -> (String, usize) {
        let diagnostic = parse(text, Span::new(SourceId(0), 0, text.len())).expect_err("must not parse");
        (
            diagnostic.message.clone(),
            diagnostic.span().map_or(0, |span| span.start as usize),
        )
    }

    #[test]
    fn a_syntax_error_is_at_the_token_where_the_parser_gave_up() {
        assert_eq!(
            column_of_error("CREATE TABLE t (a int,, b int)"),
            ("syntax error at or near \",\"".into(), 22)
        );
        assert_eq!(
            column_of_error("CREATE TABEL t (a int)"),
            ("syntax error at or near \"TABEL\"".into(), 7)
        );
    }

    #[test]
    fn an_unfinished_statement_is_at_its_end() {
        assert_eq!(column_of_error("CREATE TABLE t (a int").1, 21);
    }
}
