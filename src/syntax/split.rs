//! Text to statements.
//!
//! Knows what psql knows when it cuts a script into statements (`src/fe_utils/psqlscan.l`): quotes, comments, parentheses
//! and the bodies of SQL-standard functions. Knows the blocks of rows of `COPY … FROM stdin`. Does not know whether a
//! statement is valid; the parser says that later, at its place.

use super::directive;
use super::head::Head;
use super::meta::{Command, Position};
use super::scan::{self, Class, DollarQuote};
use super::{Placement, Script, SkipReason, Skipped, Statement};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{SourceId, Span};

/// Splits a text into statements, directives and what may be passed over.
///
/// A semicolon ends a statement unless it stands in quotes, in a comment, in parentheses or in a `BEGIN ATOMIC … END`
/// body; the text's end ends the last one. After an error the splitter goes on as far as the rest can be understood.
/// Runs in time linear in the text and never fails otherwise than by diagnostics.
pub fn split(source: SourceId, text: &str) -> Checked<Script> {
    let mut splitter = Splitter::new(source, text);
    splitter.run();
    splitter.finish()
}

struct Splitter<'text> {
    source: SourceId,
    text: &'text str,
    bytes: &'text [u8],
    /// Where the next token begins.
    place: usize,
    /// After the last token.
    token_end: usize,
    /// After the last token that is no comma, semicolon or opening parenthesis.
    code_end: usize,
    /// The statement that is open; `None` between statements.
    statement: Option<OpenStatement>,
    /// How many databases `\connect` has opened.
    databases: usize,
    script: Script,
    diagnostics: Vec<Diagnostic>,
}

/// A statement whose end has not been found yet.
#[derive(Debug, Clone, Copy)]
struct OpenStatement {
    start: usize,
    /// Parentheses that are open.
    parentheses: usize,
    head: Head,
    /// After the last word when it was `AS` in a body: what follows is a label, even if it looks like a key word.
    as_end: Option<usize>,
    /// Whether an error was found in it; it is then not given on, so that the error is not told twice.
    broken: bool,
}

impl<'text> Splitter<'text> {
    fn new(source: SourceId, text: &'text str) -> Splitter<'text> {
        Splitter {
            source,
            text,
            bytes: text.as_bytes(),
            place: 0,
            token_end: 0,
            code_end: 0,
            statement: None,
            databases: 0,
            script: Script::default(),
            diagnostics: Vec::new(),
        }
    }

    fn run(&mut self) {
        while let Some(byte) = self.bytes.get(self.place) {
            match scan::class(*byte) {
                Class::Space => self.place += 1,
                Class::Letter => self.word(),
                Class::Quote => self.quoted(scan::end_of_quoted(self.bytes, self.place)),
                Class::DoubleQuote => self.quoted(scan::end_of_quoted(self.bytes, self.place)),
                Class::Dollar => self.dollar(),
                Class::Dash if self.next_is(b'-') => self.line_comment(),
                Class::Slash if self.next_is(b'*') => self.block_comment(),
                Class::Open => {
                    self.open().parentheses += 1;
                    self.separator();
                }
                Class::Close => {
                    let statement = self.open();
                    statement.parentheses = statement.parentheses.saturating_sub(1);
                    self.code(self.place + 1);
                }
                Class::Comma => {
                    self.open();
                    self.separator();
                }
                Class::Semicolon => self.semicolon(),
                Class::Backslash => self.meta_command(),
                Class::Null => self.null_byte(),
                Class::Dash | Class::Slash | Class::Other => {
                    self.open();
                    self.code(self.place + 1);
                }
            }
        }
    }

    fn finish(mut self) -> Checked<Script> {
        if let Some(statement) = self.statement.take() {
            if statement.head == Head::CopyFromStdin && !statement.broken {
                self.copy_without_end(Span::new(self.source, statement.start, self.token_end));
            } else {
                self.close(statement);
            }
        }
        let copies: Vec<_> = self
            .script
            .skipped
            .iter()
            .filter(|skipped| skipped.reason == SkipReason::CopyData)
            .collect();
        if let Some(first) = copies.first() {
            let message = match copies.len() {
                1 => "rows of a COPY statement skipped".to_owned(),
                count => format!("rows of {count} COPY statements skipped"),
            };
            let first_line = Span::new(
                self.source,
                first.span.start as usize,
                first.span.start as usize + "COPY".len(),
            );
            self.diagnostics
                .push(Diagnostic::note(Code::DataSkipped, message).at(first_line));
        }
        Checked {
            value: self.script,
            diagnostics: self.diagnostics,
        }
    }

    /// The open statement; one is opened here when there is none.
    fn open(&mut self) -> &mut OpenStatement {
        let start = self.place;
        let statement = OpenStatement {
            start,
            parentheses: 0,
            head: Head::Nothing,
            as_end: None,
            broken: false,
        };
        self.statement.get_or_insert(statement)
    }

    /// Takes a token that ends at `end`.
    fn code(&mut self, end: usize) {
        self.place = end;
        self.token_end = end;
        self.code_end = end;
    }

    /// Takes a comma, a semicolon or an opening parenthesis.
    fn separator(&mut self) {
        self.place += 1;
        self.token_end = self.place;
    }

    fn next_is(&self, byte: u8) -> bool {
        self.bytes.get(self.place + 1) == Some(&byte)
    }

    fn word(&mut self) {
        let start = self.place;
        let end = scan::end_of_word(self.bytes, start);
        let word = &self.bytes[start..end];
        let token_end = self.token_end;
        let after_dot = start > 0 && self.bytes[start - 1] == b'.';
        let statement = self.open();
        if statement.head != Head::Plain && statement.parentheses == 0 {
            let label = after_dot || statement.as_end == Some(token_end);
            if !label {
                statement.head = statement.head.after(word);
            }
            let is_as = !label && word.eq_ignore_ascii_case(b"as");
            statement.as_end = is_as.then_some(end);
        }
        self.code(end);
        if matches!(word, b"e" | b"E") && self.bytes.get(end) == Some(&b'\'') {
            self.quoted(scan::end_of_escape_string(self.bytes, end));
        }
    }

    /// Takes a quoted string or identifier that begins here.
    fn quoted(&mut self, end: Option<usize>) {
        let start = self.place;
        self.open();
        match end {
            Some(end) => self.code(end),
            None => {
                let what = if self.bytes[start] == b'"' {
                    "identifier"
                } else {
                    "string"
                };
                let message = format!("unterminated quoted {what}");
                self.unterminated(Code::UnterminatedString, message, start, start + 1);
            }
        }
    }

    /// Takes a dollar-quoted string, or a dollar that begins none.
    fn dollar(&mut self) {
        let start = self.place;
        self.open();
        match scan::end_of_dollar_quote(self.bytes, start) {
            Some(DollarQuote::Ends(end)) => self.code(end),
            Some(DollarQuote::Unterminated { tag_end }) => {
                let message = format!("unterminated dollar-quoted string {}", &self.text[start..tag_end]);
                self.unterminated(Code::UnterminatedDollarQuote, message, start, tag_end);
            }
            None => self.code(start + 1),
        }
    }

    fn line_comment(&mut self) {
        let start = self.place;
        let end = scan::end_of_line_comment(self.bytes, start);
        self.place = end;
        self.comment(start, start + 2, end);
    }

    fn block_comment(&mut self) {
        let start = self.place;
        match scan::end_of_block_comment(self.bytes, start) {
            Some(end) => {
                self.place = end;
                self.comment(start, start + 2, end - 2);
            }
            None => self.unterminated(
                Code::UnterminatedComment,
                "unterminated comment".to_owned(),
                start,
                start + 2,
            ),
        }
    }

    /// Looks for directives in a comment that begins at `start` and whose inside runs from `inside` to `end`.
    fn comment(&mut self, start: usize, inside: usize, end: usize) {
        let Some(prefix) = directive::prefix_length(&self.text[inside..end]) else {
            return;
        };
        let on_own_line = self.token_end == 0
            || self.bytes[self.token_end..start]
                .iter()
                .any(|byte| matches!(byte, b'\n' | b'\r'));
        let (placement, anchor) = if on_own_line {
            (Placement::OwnLine, scan::next_token(self.bytes, self.place))
        } else {
            (Placement::AfterCode, self.code_end.checked_sub(1))
        };
        let span = Span::new(self.source, inside + prefix, end);
        let anchor = anchor.map(|place| Span::new(self.source, place, place).start);
        let directives = directive::parse(span, &self.text[inside + prefix..end], placement, anchor);
        self.script.directives.extend(directives.unpack(&mut self.diagnostics));
    }

    fn semicolon(&mut self) {
        match self.statement {
            None => self.separator(),
            Some(
                OpenStatement { parentheses: 1.., .. }
                | OpenStatement {
                    head: Head::Body(_), ..
                },
            ) => {
                self.separator();
            }
            Some(statement) => {
                self.statement = None;
                if statement.head == Head::CopyFromStdin && !statement.broken {
                    self.separator();
                    self.copy_data(statement.start);
                } else {
                    self.close(statement);
                    self.separator();
                }
            }
        }
    }

    /// Gives the statement on, which ends with the last token.
    fn close(&mut self, statement: OpenStatement) {
        if !statement.broken {
            let span = Span::new(self.source, statement.start, self.token_end);
            self.script.statements.push(Statement { span });
        }
    }

    /// Passes over the rows that follow the `COPY … FROM stdin;` which began at `start`.
    ///
    /// They begin on the next line and end with a line that holds only `\.`, as psql reads them.
    fn copy_data(&mut self, start: usize) {
        let statement = Span::new(self.source, start, self.token_end);
        let line_end = scan::end_of_line(self.bytes, self.place);
        self.place = scan::end_of_space(&self.bytes[..line_end], self.place);
        if self.bytes[self.place..line_end].starts_with(b"--") {
            self.line_comment();
        }
        if self.text[self.place..line_end].trim() != "" {
            let rest = Span::new(self.source, self.place, line_end);
            let message = "text after COPY … FROM stdin on the same line";
            let diagnostic = Diagnostic::error(Code::SyntaxError, message).at(rest);
            self.diagnostics
                .push(diagnostic.hint("Put the text on a line after the rows."));
        }
        match scan::end_of_rows(self.bytes, line_end) {
            Some(end) => {
                self.place = end;
                let span = Span::new(self.source, start, end);
                self.script.skipped.push(Skipped {
                    span,
                    reason: SkipReason::CopyData,
                });
            }
            None => self.copy_without_end(statement),
        }
    }

    fn copy_without_end(&mut self, statement: Span) {
        self.place = self.bytes.len();
        let message = "COPY … FROM stdin without the end of its rows";
        let diagnostic = Diagnostic::error(Code::CopyWithoutEnd, message).at(statement);
        self.diagnostics
            .push(diagnostic.detail("The rows end with a line that holds only \\. and there is none."));
    }

    fn meta_command(&mut self) {
        let start = self.place;
        let end = start + self.text[start..scan::end_of_line(self.bytes, start)].trim_end().len();
        let command = Command::read(&self.text[start..end]);
        let span = Span::new(self.source, start, end);
        self.place = end;
        if command.opens_database() {
            self.databases += 1;
        }
        let position = match self.statement {
            Some(_) => Position::InsideStatement,
            None => Position::BetweenStatements,
        };
        let Some(reason) = command.refused(position, self.databases) else {
            self.script.skipped.push(Skipped {
                span,
                reason: SkipReason::MetaCommand,
            });
            return;
        };
        let message = format!("psql meta-command \\{} cannot be followed", command.name);
        self.diagnostics
            .push(Diagnostic::error(Code::MetaCommand, message).at(span).detail(reason));
        if command.ends_statement() {
            self.statement = None;
        } else if let Some(statement) = &mut self.statement {
            statement.broken = true;
        }
    }

    fn null_byte(&mut self) {
        let span = Span::new(self.source, self.place, self.place + 1);
        let diagnostic = Diagnostic::error(Code::SyntaxError, "null byte in the text").at(span);
        self.diagnostics
            .push(diagnostic.detail("PostgreSQL accepts no null bytes in statements."));
        self.open().broken = true;
        self.code(self.place + 1);
    }

    /// Reports what was opened at `start` and takes the rest of the text as belonging to it.
    fn unterminated(&mut self, code: Code, message: String, start: usize, end: usize) {
        let span = Span::new(self.source, start, end);
        self.diagnostics
            .push(Diagnostic::error(code, message).label(span, "opened here"));
        if let Some(statement) = &mut self.statement {
            statement.broken = true;
        }
        self.place = self.bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::DirectiveKind;
    use proptest::prelude::*;

    const SOURCE: SourceId = SourceId(0);

    fn texts(text: &str) -> Vec<&str> {
        let checked = split(SOURCE, text);
        assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
        checked
            .value
            .statements
            .iter()
            .map(|statement| slice(text, statement.span))
            .collect()
    }

    fn slice(text: &str, span: Span) -> &str {
        &text[span.start as usize..span.end as usize]
    }

    /// The code and the text at the place of every diagnostic.
    fn errors(text: &str) -> Vec<(Code, &str)> {
        let diagnostics = split(SOURCE, text).diagnostics;
        let place = |diagnostic: &Diagnostic| slice(text, diagnostic.span().unwrap_or(Span::new(SOURCE, 0, 0)));
        diagnostics
            .iter()
            .map(|diagnostic| (diagnostic.code, place(diagnostic)))
            .collect()
    }

    #[test]
    fn a_statement_has_neither_its_semicolon_nor_the_comments_around_it() {
        let text = "-- before\nselect 1 /* in */ + 2 -- after\n ; ;; /* x */ select 3\n-- end";
        assert_eq!(texts(text), ["select 1 /* in */ + 2", "select 3"]);
        assert_eq!(texts(""), [""; 0]);
        assert_eq!(texts(" -- nothing"), [""; 0]);
    }

    #[test]
    fn a_semicolon_in_quotes_comments_or_parentheses_ends_nothing() {
        for one in [
            "select ';'';', \";\"\";\", E';\\';', U&'\\0041;', e'a'\n';\\';'",
            "select $$;$$, $a$;$b$;$a$, $1, a$b$c",
            "select /* ; /* ; */ ; */ 1 -- ;\n, 2",
            "create rule r as on insert to t do also (select 1; select 2)",
        ] {
            assert_eq!(texts(&format!("{one}; select 1")), [one, "select 1"]);
        }
    }

    #[test]
    fn a_dollar_in_a_name_opens_no_quote_and_a_letter_e_in_a_name_no_escape() {
        assert_eq!(texts("select a$b$ ; select $b$;$b$"), ["select a$b$", "select $b$;$b$"]);
        assert_eq!(texts("select type'\\'; select 1"), ["select type'\\'", "select 1"]);
    }

    #[test]
    fn the_body_of_an_sql_function_holds_semicolons() {
        let body = "CREATE OR REPLACE FUNCTION f(begin int) RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n SELECT 1 AS case;\n \
                    SELECT CASE WHEN t.end THEN CASE b WHEN 1 THEN 2 END ELSE 1 END AS \"as\" FROM t AS end;\nEND";
        assert_eq!(texts(&format!("{body};\nselect 1")), [body, "select 1"]);
        assert_eq!(
            texts("begin; select case when a then b end; end"),
            ["begin", "select case when a then b end", "end"]
        );
        let quoted = "create procedure p() language sql begin atomic select 1 as \"x\"; end";
        assert_eq!(
            texts(&format!("{quoted}; select 2")),
            [quoted, "select 2"],
            "a quoted name is no AS"
        );
    }

    #[test]
    fn rows_of_copy_are_passed_over_with_their_statement() {
        let text = "select 1;\nCOPY public.t (a, b) FROM stdin;\n1\t';\n\\.x\n\\N\\.\n\\.\n\nselect 2;\nCOPY t FROM STDIN;\r\n\\.\r\n";
        assert_eq!(texts(text), ["select 1", "select 2"]);
        let checked = split(SOURCE, text);
        let skipped: Vec<_> = checked
            .value
            .skipped
            .iter()
            .map(|skipped| slice(text, skipped.span))
            .collect();
        assert_eq!(skipped[0], "COPY public.t (a, b) FROM stdin;\n1\t';\n\\.x\n\\N\\.\n\\.");
        assert_eq!(skipped[1], "COPY t FROM STDIN;\r\n\\.");
        assert_eq!(errors(text), [(Code::DataSkipped, "COPY")], "one note for all");
        assert_eq!(texts("copy t to stdout; copy t from 'stdin'; select 1").len(), 3);
    }

    #[test]
    fn rows_without_end_are_an_error_at_their_statement() {
        assert_eq!(
            errors("COPY t FROM stdin;\n1\n"),
            [(Code::CopyWithoutEnd, "COPY t FROM stdin;")]
        );
        assert_eq!(
            errors("COPY t FROM stdin"),
            [(Code::CopyWithoutEnd, "COPY t FROM stdin")]
        );
        let beside = errors("COPY t FROM stdin; select 1;\n\\.\n");
        assert_eq!(beside[0], (Code::SyntaxError, "select 1;"));
    }

    #[test]
    fn meta_commands_without_effect_on_the_schema_are_skipped() {
        let text =
            "\\restrict k3y\nselect 1;\n  \\connect shop\n\\connect - someone\n\\encoding UTF8\n\\unrestrict k3y";
        assert_eq!(texts(text), ["select 1"]);
        let skipped = split(SOURCE, text).value.skipped;
        assert_eq!(skipped.len(), 5);
        assert_eq!(slice(text, skipped[0].span), "\\restrict k3y");
    }

    #[test]
    fn other_meta_commands_are_refused_at_their_place() {
        assert_eq!(errors("\\i a.sql\nselect 1;"), [(Code::MetaCommand, "\\i a.sql")]);
        assert_eq!(errors("select 1\n\\gexec\n"), [(Code::MetaCommand, "\\gexec")]);
        assert_eq!(
            errors("create table t (\n\\echo x\na int);"),
            [(Code::MetaCommand, "\\echo x")]
        );
        assert_eq!(errors("\\c a\n\\c b\n"), [(Code::MetaCommand, "\\c b")]);
        assert_eq!(errors("\\encoding LATIN1"), [(Code::MetaCommand, "\\encoding LATIN1")]);
        let after = split(SOURCE, "select 1 \\gexec\nselect 2; select '\\i';")
            .value
            .statements;
        assert_eq!(after.len(), 2, "what follows is still read");
    }

    #[test]
    fn what_has_no_end_is_an_error_where_it_begins_and_no_statement() {
        for (text, code, place) in [
            ("select 1; select 'a", Code::UnterminatedString, "'"),
            ("select 1; select \"a", Code::UnterminatedString, "\""),
            ("select 1; select E'a\\'", Code::UnterminatedString, "'"),
            ("select 1; select $a$ $b$", Code::UnterminatedDollarQuote, "$a$"),
            ("select 1; select 2 /* /* */", Code::UnterminatedComment, "/*"),
        ] {
            assert_eq!(errors(text), [(code, place)]);
            assert_eq!(split(SOURCE, text).value.statements.len(), 1, "{text}");
        }
        assert_eq!(errors("select \0 1; select 2"), [(Code::SyntaxError, "\0")]);
    }

    #[test]
    fn a_directive_names_the_place_of_its_element() {
        let text = "-- underpin: rows 5\n/* c */ create table t ( -- underpin: rows 6\r\n a int, b int, -- underpin: backfill 7\n \
                    -- underpin: rows 8; rows 9\n c int /* underpin: rows\n 10 */\n); -- underpin: rows 11\n-- underpin: rows 12";
        let checked = split(SOURCE, text);
        assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
        let found = checked.value.directives.iter().map(|directive| {
            let anchor = directive.anchor.map(|place| &text[place as usize..][..1]);
            (slice(text, directive.span), directive.placement, anchor)
        });
        use Placement::{AfterCode, OwnLine};
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("rows 5", OwnLine, Some("c")),
                ("rows 6", AfterCode, Some("t")),
                ("backfill 7", AfterCode, Some("t")),
                ("rows 8", OwnLine, Some("c")),
                ("rows 9", OwnLine, Some("c")),
                ("rows\n 10", AfterCode, Some("t")),
                ("rows 11", AfterCode, Some(")")),
                ("rows 12", OwnLine, None),
            ]
        );
        let rows = checked
            .value
            .directives
            .iter()
            .filter(|directive| matches!(directive.kind, DirectiveKind::Rows(_)));
        assert_eq!(rows.count(), 7);
        assert_eq!(checked.value.statement_at(22), None, "a comment before the statement");
        assert_eq!(checked.value.statement_at(30), checked.value.statements.first());
    }

    #[test]
    fn a_directive_in_a_string_or_in_rows_is_none() {
        let text = "select '\n-- underpin: rows 5\n', $$\n-- underpin: nonsense\n$$;\ncopy t from stdin;\n-- underpin: rows 5\n\\.\n";
        assert_eq!(split(SOURCE, text).value.directives, []);
    }

    proptest! {
        #[test]
        fn statements_are_in_order_inside_the_text_and_apart(
            text in "(create |function |begin atomic |case |end|copy |from |stdin|[;'\"$eE/*\\\\.()\n\r -]|\\$a\\$|-- underpin: |rows 5|é|\0|x){0,60}"
        ) {
            let script = split(SOURCE, &text).value;
            let mut last = 0;
            for span in script.statements.iter().map(|statement| statement.span) {
                prop_assert!(last <= span.start && span.start < span.end && span.end as usize <= text.len());
                let statement = text.get(span.start as usize..span.end as usize);
                prop_assert!(statement.is_some_and(|statement| statement.trim() == statement));
                last = span.end;
            }
            for span in script.directives.iter().map(|directive| directive.span) {
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = split(SOURCE, &text);
        }
    }
}
