//! No clause is lost: whatever token of a statement is left out or replaced by another, the reader refuses what stands
//! there then, or the difference is told. What means the same is listed; the live lane asks a server whether it does.

mod common;

use expect_test::expect_file;

#[test]
fn no_clause_is_lost() {
    let found = common::clauses::find();
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
    // So many that a test of nothing would be seen.
    assert!(found.told > 2_000, "{} are told", found.told);
    assert!(found.refused > 500, "{} are refused", found.refused);
    let mut list = String::new();
    for silent in found.silent {
        list += &format!("{}\n    {}\n", silent.clause.statement, silent.change);
    }
    expect_file!["./silence/same.txt"].assert_eq(&list);
}
