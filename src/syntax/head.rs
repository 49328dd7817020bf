//! What the words of a statement say about where it ends.
//!
//! Knows the three kinds of statements whose end is not simply the next semicolon: routines with an SQL-standard body,
//! and `COPY … FROM stdin`, which rows follow. The rules for routines are those of psql (`src/fe_utils/psqlscan.l`), made
//! stricter: a body needs `ATOMIC`. Sees words only, and only those outside parentheses.

/// What the words read so far say about where the statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// No word yet.
    Nothing,
    /// `CREATE`.
    Create,
    /// `CREATE OR`.
    CreateOr,
    /// `CREATE OR REPLACE`.
    CreateOrReplace,
    /// `CREATE [OR REPLACE] FUNCTION | PROCEDURE`: a body may follow.
    Routine,
    /// A routine, then `BEGIN`: a body if `ATOMIC` follows.
    RoutineBegin,
    /// In the body of a routine, in so many nested `BEGIN` and `CASE`: no semicolon ends the statement.
    Body(usize),
    /// `COPY`.
    Copy,
    /// `COPY … FROM`.
    CopyFrom,
    /// `COPY … FROM stdin`: rows follow the statement.
    CopyFromStdin,
    /// Nothing that has a bearing on where it ends.
    Plain,
}

impl Head {
    /// The head after one more word.
    pub(super) fn after(self, word: &[u8]) -> Head {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword.as_bytes());
        match self {
            Head::Nothing if is("create") => Head::Create,
            Head::Nothing if is("copy") => Head::Copy,
            Head::Create if is("or") => Head::CreateOr,
            Head::CreateOr if is("replace") => Head::CreateOrReplace,
            Head::Create | Head::CreateOrReplace if is("function") || is("procedure") => Head::Routine,
            Head::Nothing | Head::Create | Head::CreateOr | Head::CreateOrReplace => Head::Plain,
            Head::RoutineBegin if is("atomic") => Head::Body(1),
            Head::Routine | Head::RoutineBegin if is("begin") => Head::RoutineBegin,
            Head::Routine | Head::RoutineBegin => Head::Routine,
            Head::Body(depth) if is("case") => Head::Body(depth + 1),
            Head::Body(depth) if is("end") && depth > 1 => Head::Body(depth - 1),
            Head::Body(_) if is("end") => Head::Routine,
            Head::Copy if is("from") => Head::CopyFrom,
            Head::CopyFrom if is("stdin") => Head::CopyFromStdin,
            Head::CopyFrom => Head::Plain,
            Head::Body(_) | Head::Copy | Head::CopyFromStdin | Head::Plain => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(words: &str) -> Head {
        words
            .split(' ')
            .fold(Head::Nothing, |head, word| head.after(word.as_bytes()))
    }

    #[test]
    fn a_body_needs_a_routine_and_atomic() {
        assert_eq!(after("CREATE OR REPLACE PROCEDURE p BEGIN ATOMIC"), Head::Body(1));
        assert_eq!(
            after("create function begin f"),
            Head::Routine,
            "a function may be called begin"
        );
        assert_eq!(after("create table t begin atomic"), Head::Plain);
        assert_eq!(after("begin atomic"), Head::Plain);
    }

    #[test]
    fn case_has_its_own_end() {
        assert_eq!(
            after("create function f begin atomic select case when x end"),
            Head::Body(1)
        );
        assert_eq!(
            after("create function f begin atomic select case when x end end"),
            Head::Routine
        );
    }

    #[test]
    fn rows_follow_only_a_copy_from_stdin() {
        assert_eq!(after("COPY t FROM STDIN WITH csv"), Head::CopyFromStdin);
        assert_eq!(after("COPY t FROM PROGRAM stdin"), Head::Plain);
        assert_eq!(after("COPY t TO stdout"), Head::Copy);
    }
}
