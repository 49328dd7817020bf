//! What a file looks like, whole, and the laws that every file keeps.

use super::*;
use crate::emit::sample::Sample;
use expect_test::expect_file;

#[test]
fn the_files_of_the_sample_read_well() {
    let sample = Sample::new();
    let texts = migrations(&sample.input())
        .into_iter()
        .map(|file| format!("==> {} <==\n{}\n", file.name, file.text));
    expect_file!["../sample/files.txt"].assert_eq(&texts.collect::<String>());
}

#[test]
fn a_file_is_one_transaction_or_begins_with_its_mark() {
    let sample = Sample::new();
    for file in migrations(&sample.input()) {
        let begins = file.text.matches("\nBEGIN;\n").count();
        let commits = file.text.ends_with("\nCOMMIT;\n");
        if file.text.starts_with(NO_TRANSACTION) {
            assert!(begins == 0 && !commits, "{}", file.text);
        } else {
            assert_eq!((begins == 1, commits), (begins == 1, begins == 1), "{}", file.text);
        }
    }
}

#[test]
fn an_empty_plan_has_no_files() {
    let plan = crate::plan::Plan::default();
    let input = Input {
        plan: &plan,
        ladders: &[],
        name: "x",
        first_number: 1,
        version: 14,
        hazards: &[],
        options: &crate::emit::plan_json::Options::default(),
    };
    assert!(migrations(&input).is_empty());
    assert!(super::super::documents(&input).is_empty());
}
