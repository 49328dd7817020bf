//! Where tokens end.
//!
//! Knows PostgreSQL's lexical rules (manual, chapter 4.1; `src/backend/parser/scan.l`) as far as they decide where a
//! quoted stretch, a comment or a word ends. Works on bytes, since every byte that decides is ASCII and a file may hold
//! 60 MB. Keeps no state and says nothing to the user.
//!
//! All functions take the text's bytes and a place in them; a place after the end is taken as the end.

/// What a byte begins when it stands outside quotes and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// White space.
    Space,
    /// The first letter of an identifier or key word. All bytes of characters outside ASCII are letters.
    Letter,
    /// `'`
    Quote,
    /// `"`
    DoubleQuote,
    /// `$`: a dollar quote or a parameter.
    Dollar,
    /// `-`: a comment, if another follows.
    Dash,
    /// `/`: a comment, if `*` follows.
    Slash,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `\`: a psql meta-command.
    Backslash,
    /// The null byte, which no SQL text may hold.
    Null,
    /// Digits, operators and all else that takes no part in splitting.
    Other,
}

/// What the byte begins.
pub(super) fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

/// The end of the identifier or key word that begins before `place`.
pub(super) fn end_of_word(bytes: &[u8], place: usize) -> usize {
    place + run(bytes, place, |byte| IN_WORD[byte as usize])
}

/// The end of the white space at `place`.
pub(super) fn end_of_space(bytes: &[u8], place: usize) -> usize {
    place + run(bytes, place, |byte| CLASSES[byte as usize] == Class::Space)
}

/// The place of the next line feed, or the end of the text.
pub(super) fn end_of_line(bytes: &[u8], place: usize) -> usize {
    place + run(bytes, place, |byte| byte != b'\n')
}

/// The end of the `--` comment at `place`: before the line's end, which a carriage return may also be.
pub(super) fn end_of_line_comment(bytes: &[u8], place: usize) -> usize {
    place + run(bytes, place, |byte| byte != b'\n' && byte != b'\r')
}

/// After the closing quote of a string or identifier whose opening quote is at `place`. A doubled quote belongs to it.
pub(super) fn end_of_quoted(bytes: &[u8], place: usize) -> Option<usize> {
    let quote = *bytes.get(place)?;
    let mut place = place + 1;
    loop {
        place += run(bytes, place, |byte| byte != quote) + 1;
        if place > bytes.len() {
            return None;
        }
        if bytes.get(place) != Some(&quote) {
            return Some(place);
        }
        place += 1;
    }
}

/// After the closing quote of an `E'…'` string whose opening quote is at `place`.
///
/// A string goes on in a following quote after white space with a line feed, and keeps its kind (`quotecontinue` in
/// scan.l); in such a part a backslash escapes too.
pub(super) fn end_of_escape_string(bytes: &[u8], place: usize) -> Option<usize> {
    let mut place = place + 1;
    loop {
        place += run(bytes, place, |byte| byte != b'\'' && byte != b'\\');
        match bytes.get(place)? {
            b'\\' => place += 2,
            _ if bytes.get(place + 1) == Some(&b'\'') => place += 2,
            _ => match continuation(bytes, place + 1) {
                Some(quote) => place = quote + 1,
                None => return Some(place + 1),
            },
        }
    }
}

/// After the closing tag of a dollar-quoted string; `None` when the dollar at `place` begins no opening tag.
pub(super) fn end_of_dollar_quote(bytes: &[u8], place: usize) -> Option<DollarQuote> {
    let name_end = match bytes.get(place + 1)? {
        b'$' => place + 1,
        byte if CLASSES[*byte as usize] == Class::Letter => {
            place + 1 + run(bytes, place + 1, |byte| byte != b'$' && IN_WORD[byte as usize])
        }
        _ => return None,
    };
    if bytes.get(name_end) != Some(&b'$') {
        return None;
    }
    let tag = &bytes[place..=name_end];
    let mut search = name_end + 1;
    loop {
        search += run(bytes, search, |byte| byte != b'$');
        match bytes.get(search..search + tag.len()) {
            None => return Some(DollarQuote::Unterminated { tag_end: name_end + 1 }),
            Some(candidate) if candidate == tag => return Some(DollarQuote::Ends(search + tag.len())),
            Some(_) => search += 1,
        }
    }
}

/// How a dollar-quoted string ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DollarQuote {
    /// After its closing tag, at this place.
    Ends(usize),
    /// Not at all.
    Unterminated {
        /// After the opening tag.
        tag_end: usize,
    },
}

/// After the end of the block comment whose `/*` is at `place`. Block comments nest.
pub(super) fn end_of_block_comment(bytes: &[u8], place: usize) -> Option<usize> {
    let mut place = place + 2;
    let mut depth = 1_usize;
    loop {
        place += run(bytes, place, |byte| byte != b'*' && byte != b'/');
        match bytes.get(place..place + 2)? {
            b"*/" => {
                place += 2;
                depth -= 1;
                if depth == 0 {
                    return Some(place);
                }
            }
            b"/*" => {
                place += 2;
                depth += 1;
            }
            _ => place += 1,
        }
    }
}

/// After the line that ends the rows of a `COPY`, which are searched from a line's end on.
pub(super) fn end_of_rows(bytes: &[u8], line_end: usize) -> Option<usize> {
    let mut place = line_end;
    loop {
        place += bytes.get(place..)?.iter().position(|byte| *byte == b'\\')?;
        let on_line_start = bytes.get(place.checked_sub(1)?) == Some(&b'\n');
        match bytes.get(place + 1..)? {
            [b'.'] | [b'.', b'\n', ..] | [b'.', b'\r', b'\n', ..] if on_line_start => return Some(place + 2),
            _ => place += 1,
        }
    }
}

/// The place of the next token at or after `place`: white space and comments are passed over.
pub(super) fn next_token(bytes: &[u8], place: usize) -> Option<usize> {
    let mut place = place;
    loop {
        place = end_of_space(bytes, place);
        match bytes.get(place..)? {
            [] => return None,
            [b'-', b'-', ..] => place = end_of_line_comment(bytes, place),
            [b'/', b'*', ..] => place = end_of_block_comment(bytes, place)?,
            _ => return Some(place),
        }
    }
}

/// The place of the quote that continues a string which was closed before `place`.
fn continuation(bytes: &[u8], place: usize) -> Option<usize> {
    let mut place = place;
    let mut line_feed = false;
    loop {
        let space_end = end_of_space(bytes, place);
        line_feed |= bytes
            .get(place..space_end)?
            .iter()
            .any(|byte| matches!(byte, b'\n' | b'\r'));
        place = space_end;
        match bytes.get(place..)? {
            [b'\'', ..] if line_feed => return Some(place),
            [b'-', b'-', ..] => place = end_of_line_comment(bytes, place),
            _ => return None,
        }
    }
}

/// Number of bytes from `place` on that satisfy the condition.
#[inline]
fn run(bytes: &[u8], place: usize, condition: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(place..).unwrap_or_default();
    rest.iter().position(|byte| !condition(*byte)).unwrap_or(rest.len())
}

static CLASSES: [Class; 256] = classes();
static IN_WORD: [bool; 256] = in_word();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Letter,
            b'\'' => Class::Quote,
            b'"' => Class::DoubleQuote,
            b'$' => Class::Dollar,
            b'-' => Class::Dash,
            b'/' => Class::Slash,
            b'(' => Class::Open,
            b')' => Class::Close,
            b',' => Class::Comma,
            b';' => Class::Semicolon,
            b'\\' => Class::Backslash,
            0 => Class::Null,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
}

const fn in_word() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | 0x80..);
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_quote_does_not_end_a_string() {
        assert_eq!(end_of_quoted(b"'a''b' c", 0), Some(6));
        assert_eq!(end_of_quoted(b"\"a\"\"b\"", 0), Some(6));
        assert_eq!(
            end_of_quoted(b"'a\\' c", 0),
            Some(4),
            "a backslash is an ordinary character"
        );
        assert_eq!(end_of_quoted(b"'a''", 0), None);
        assert_eq!(end_of_quoted(b"'", 0), None);
    }

    #[test]
    fn a_backslash_escapes_in_an_escape_string_and_in_its_continuation() {
        assert_eq!(end_of_escape_string(br"'a\'b' c", 0), Some(6));
        assert_eq!(end_of_escape_string(br"'a''b\\' c", 0), Some(8));
        assert_eq!(end_of_escape_string(b"'a' -- x\n 'b\\'c' d", 0), Some(16));
        assert_eq!(
            end_of_escape_string(br"'a' 'b\'", 0),
            Some(3),
            "no line feed, no continuation"
        );
        assert_eq!(end_of_escape_string(br"'a\'", 0), None);
        assert_eq!(end_of_escape_string(br"'a\", 0), None);
    }

    #[test]
    fn a_dollar_quote_ends_with_its_own_tag() {
        assert_eq!(
            end_of_dollar_quote(b"$a$ $b$ $ $A$ $a$ x", 0),
            Some(DollarQuote::Ends(17))
        );
        assert_eq!(end_of_dollar_quote(b"$$$$", 0), Some(DollarQuote::Ends(4)));
        assert_eq!(
            end_of_dollar_quote(b"$a$ $a", 0),
            Some(DollarQuote::Unterminated { tag_end: 3 })
        );
        assert_eq!(end_of_dollar_quote(b"$1$ $1$", 0), None, "a parameter");
        assert_eq!(end_of_dollar_quote(b"$a b$", 0), None);
        assert_eq!(end_of_dollar_quote(b"$", 0), None);
    }

    #[test]
    fn block_comments_nest() {
        assert_eq!(end_of_block_comment(b"/* /* */ */ x", 0), Some(11));
        assert_eq!(end_of_block_comment(b"/***/ x", 0), Some(5));
        assert_eq!(end_of_block_comment(b"/*/ x", 0), None);
        assert_eq!(end_of_block_comment(b"/* /* */", 0), None);
    }

    #[test]
    fn the_next_token_lies_behind_comments() {
        assert_eq!(next_token(b" -- a\n/* b */ c", 0), Some(14));
        assert_eq!(next_token(b" -- a", 0), None);
    }
}
