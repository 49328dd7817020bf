//! A schema as one script: statements with a line between those of different objects, and nothing around them.

/// Lets routines be made before what their bodies name, as in a dump.
const BODIES_UNCHECKED: &str = "SET check_function_bodies = off;\n";

/// The text of statements in groups; empty without any.
pub fn script<'a>(groups: impl Iterator<Item = &'a [String]>, makes_routines: bool) -> String {
    let mut text = String::new();
    if makes_routines {
        text += BODIES_UNCHECKED;
    }
    for group in groups {
        if !text.is_empty() {
            text.push('\n');
        }
        for statement in group {
            text += statement;
            text += ";\n";
        }
    }
    text
}
