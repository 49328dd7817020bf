//! Files that hold both directions of a migration: what of them leads forward.
//!
//! Knows the marks of the tools that write such files. The way back is blanked, not cut, so that every place in the text
//! stays where it was. A text without marks is all forward.
//!
//! | tool | forward | back |
//! |---|---|---|
//! | dbmate | `-- migrate:up` | `-- migrate:down` |
//! | goose | `-- +goose Up` | `-- +goose Down` |
//! | sql-migrate | `-- +migrate Up` | `-- +migrate Down` |
//! | rambler | `-- rambler up` | `-- rambler down` |
//! | tern | what stands above the mark | `---- create above / drop below ----` |

use std::ops::Range;

use crate::source::SourceId;
use crate::syntax;

/// A tool's marks, as [`comment`] gives them.
struct Tool {
    name: &'static str,
    up: &'static str,
    down: &'static str,
}

const TOOLS: [Tool; 4] = [
    Tool {
        name: "dbmate",
        up: "migrate:up",
        down: "migrate:down",
    },
    Tool {
        name: "goose",
        up: "+goose up",
        down: "+goose down",
    },
    Tool {
        name: "sql-migrate",
        up: "+migrate up",
        down: "+migrate down",
    },
    Tool {
        name: "rambler",
        up: "rambler up",
        down: "rambler down",
    },
];

const TERN: &str = "---- create above / drop below ----";

/// goose puts the environment's variables into the text after this mark.
const SUBSTITUTION: &str = "+goose envsub on";

/// Why what leads forward cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// Where.
    pub place: Range<usize>,
    /// One line.
    pub message: String,
    /// What to do.
    pub hint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

struct Mark {
    /// The mark's line.
    line: Range<usize>,
    tool: &'static str,
    direction: Direction,
}

/// The text with blanks in the place of what leads back; nothing when there is nothing to blank.
///
/// # Errors
/// Marks that leave open what leads forward.
pub fn forward(text: &str) -> Result<Option<String>, Unclear> {
    // Most texts are long and hold no mark at all.
    let signs = ["migrate:", "+goose", "+migrate", "-- rambler", "--rambler", TERN];
    if !signs.iter().any(|sign| text.contains(sign)) {
        return Ok(None);
    }
    let marks = marks(text)?;
    let Some(first) = marks.first() else {
        return Ok(None);
    };
    let unclear = |mark: &Mark, message: String, hint: &str| {
        Err(Unclear {
            place: mark.line.clone(),
            message,
            hint: hint.to_owned(),
        })
    };
    if let Some(other) = marks.iter().find(|mark| mark.tool != first.tool) {
        let message = format!("marks of {} and of {} stand in one file", first.tool, other.tool);
        return unclear(other, message, "Keep the marks of the tool that runs the file.");
    }
    let is_tern = first.tool == "tern";
    if !is_tern && !marks.iter().any(|mark| mark.direction == Direction::Up) {
        let message = format!("the file holds {}'s way back and no way forward", first.tool);
        return unclear(first, message, "Put the mark of the way forward before its statements.");
    }
    let before = text.get(..first.line.start).unwrap_or_default();
    if !is_tern && !syntax::split(SourceId(0), before).value.statements.is_empty() {
        let message = format!("statements stand before the first mark of {}", first.tool);
        return unclear(
            first,
            message,
            "Put them below the mark of the direction that they belong to.",
        );
    }
    let ends = marks.iter().skip(1).map(|mark| mark.line.start).chain([text.len()]);
    let backward: Vec<Range<usize>> = marks
        .iter()
        .zip(ends)
        .filter(|(mark, _)| mark.direction == Direction::Down)
        .map(|(mark, end)| mark.line.end..end)
        .collect();
    Ok((!backward.is_empty()).then(|| blank(text, &backward)))
}

fn marks(text: &str) -> Result<Vec<Mark>, Unclear> {
    let mut marks = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let Some(comment) = comment(line) else { continue };
        if comment == SUBSTITUTION {
            return Err(Unclear {
                place: range.start..range.start + line.trim_end().len(),
                message: "goose would put variables of its environment into the text".to_owned(),
                hint: "Give a dump of the result instead.".to_owned(),
            });
        }
        let mut add = |tool, direction| {
            marks.push(Mark {
                line: range.clone(),
                tool,
                direction,
            });
        };
        if line.trim_end() == TERN {
            add("tern", Direction::Down);
        }
        for tool in &TOOLS {
            if is_mark(&comment, tool.up) {
                add(tool.name, Direction::Up);
            } else if is_mark(&comment, tool.down) {
                add(tool.name, Direction::Down);
            }
        }
    }
    Ok(marks)
}

/// What a line says that is a comment from its first letter on: in lower case, one blank between words.
fn comment(line: &str) -> Option<String> {
    let words: Vec<&str> = line.strip_prefix("--")?.split_whitespace().collect();
    Some(words.join(" ").to_ascii_lowercase())
}

/// A mark may be followed by options: `-- migrate:up transaction:false`.
fn is_mark(comment: &str, mark: &str) -> bool {
    comment
        .strip_prefix(mark)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The text with blanks in these stretches; ends of lines stay.
fn blank(text: &str, stretches: &[Range<usize>]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for stretch in stretches {
        result.push_str(&text[done..stretch.start]);
        // A letter of several bytes becomes as many blanks.
        result.extend(text[stretch.clone()].bytes().map(|byte| match byte {
            b'\n' => '\n',
            _ => ' ',
        }));
        done = stretch.end;
    }
    result.push_str(&text[done..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_forward_is_left_and_places_stay() {
        let text = "-- migrate:up transaction:false\nA;\n-- migrate:down\nDROP é;\n";
        assert_eq!(
            forward(text).unwrap().unwrap(),
            "-- migrate:up transaction:false\nA;\n-- migrate:down\n        \n"
        );
        let again = "-- rambler up\nA;\n-- rambler down\nB;\n-- rambler up\nC;\n";
        assert_eq!(
            forward(again).unwrap().unwrap(),
            "-- rambler up\nA;\n-- rambler down\n  \n-- rambler up\nC;\n"
        );
        let tern = format!("A;\n{TERN}\nB;\n");
        assert_eq!(forward(&tern).unwrap().unwrap(), format!("A;\n{TERN}\n  \n"));
        assert_eq!(forward("-- +goose Up\nA;\n").unwrap(), None);
        assert_eq!(forward("A; -- see migrate:down\n").unwrap(), None);
    }

    #[test]
    fn what_is_unclear_is_refused_at_its_place() {
        for text in [
            "-- +goose Down\nA;\n",
            "A;\n-- +migrate Up\nB;\n-- +migrate Down\nC;\n",
            "-- migrate:up\nA;\n-- +goose Down\nB;\n",
            "-- +goose Up\n-- +goose ENVSUB ON\nA;\n",
        ] {
            assert!(forward(text).is_err(), "{text}");
        }
    }
}
