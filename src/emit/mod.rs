//! Plans as text: migration files, `plan.json` and the documents for people.
//!
//! Knows the plan. Makes no SQL of its own beyond a file's frame (BEGIN, COMMIT, timeouts), does no input or output, and
//! writes nothing volatile: no time, no version of the tool, no path.

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its path below the directory of migrations, with `/` between the parts.
    pub name: String,
    /// All of its text.
    pub text: String,
}
