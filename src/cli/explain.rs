//! `underpin explain`: what a code means.
//!
//! Knows how the table of codes is shown; what it says stands in `diagnostic::codes`.

use crate::diagnostic::{Code, UnknownCode};

/// Width to which sentences are broken, in characters.
const WIDTH: usize = 80;

/// Says what a code means, given its number (`U0504`) or its name (`table-rewrite`): meaning, bad and good example, and
/// for a hazard how to allow it. The text ends with a line feed.
///
/// Errors: there is no such code.
pub fn explain(code: &str) -> Result<String, UnknownCode> {
    let code: Code = code.trim().parse()?;
    let mut text = format!("{}: {}\n\n{}\n", heading(code), code.title(), wrap(code.meaning()));
    text.push_str(&format!(
        "\nInstead of\n\n{}\nwrite\n\n{}",
        indent(code.bad()),
        indent(code.good())
    ));
    if code.is_hazard() {
        let name = code.name();
        text.push_str(&format!(
            "\nTo allow it, give\n\n    --allow {name}\n\nor write at the element\n\n"
        ));
        text.push_str(&format!(
            "    -- underpin: allow {name} because 'why it is right here'\n"
        ));
    }
    Ok(text)
}

/// All codes with their titles, one a line.
pub fn list() -> String {
    let width = Code::ALL.iter().map(|code| heading(*code).len()).max().unwrap_or(0);
    Code::ALL
        .iter()
        .map(|code| format!("{:width$}  {}\n", heading(*code), code.title()))
        .collect()
}

fn heading(code: Code) -> String {
    format!("{} {}", code.number(), code.name())
}

fn indent(example: &str) -> String {
    example.lines().map(|line| format!("    {line}\n")).collect()
}

/// Breaks sentences into lines of at most `WIDTH` characters.
fn wrap(sentences: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in sentences.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_hazard_is_explained_with_the_way_to_allow_it() {
        expect![[r#"
            U0505 table-lock-scan: a table is scanned under a lock that shuts out others

            All rows are read while writers, or readers too, wait.

            Instead of

                ALTER TABLE orders ADD CHECK (total >= 0);

            write

                ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total >= 0) NOT VALID;
                ALTER TABLE orders VALIDATE CONSTRAINT total_check;

            To allow it, give

                --allow table-lock-scan

            or write at the element

                -- underpin: allow table-lock-scan because 'why it is right here'
        "#]]
        .assert_eq(&explain("table-lock-scan").unwrap());
        assert_eq!(explain("u0505"), explain("table-lock-scan"));
    }

    #[test]
    fn every_code_is_explained_in_short_lines_and_listed() {
        for code in Code::ALL {
            let text = explain(code.number()).unwrap();
            assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{text}");
        }
        assert_eq!(list().lines().count(), Code::ALL.len());
        assert!(
            wrap(Code::TableRewrite.meaning())
                .lines()
                .all(|line| line.chars().count() <= WIDTH)
        );
    }

    #[test]
    fn an_unknown_code_is_an_error() {
        assert_eq!(explain("U9999"), Err(UnknownCode("U9999".into())));
    }
}
