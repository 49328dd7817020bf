//! The golden lane: every folder of `golden/` is one test of what the program writes, byte by byte.
//!
//! `BLESS=1 cargo test --test golden NAME` takes what is written now as what is expected; refused where `CI` is set.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use common::{Case, Scratch, files_below, plan};
use libtest_mimic::{Arguments, Failed, Trial};
use similar::TextDiff;

/// What to do with a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Report it.
    Compare,
    /// Take what is written as expected.
    Bless,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mode = match std::env::var_os("BLESS") {
        Some(_) if std::env::var_os("CI").is_some() => {
            eprintln!("BLESS is refused where CI is set: what is expected is decided by people");
            return ExitCode::FAILURE;
        }
        Some(_) => Mode::Bless,
        None => Mode::Compare,
    };
    let trials = match common::cases() {
        Ok(cases) => cases
            .into_iter()
            .map(|case| Trial::test(case.name.clone(), move || check(&case, mode)))
            .collect(),
        Err(words) => vec![Trial::test("cases_can_be_read", move || Err(Failed::from(words)))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(case: &Case, mode: Mode) -> Result<(), Failed> {
    let scratch = Scratch::new();
    let out = scratch.path().join("out");
    let run = plan(case, &out, &[]);
    if run.exit != case.settings.exit {
        return Err(format!(
            "{}\nexit code {} instead of {}\n{}",
            case.settings.sentence, run.exit, case.settings.exit, run.stderr
        )
        .into());
    }
    let mut rest = run.stderr.as_str();
    for wanted in &case.settings.stderr {
        let Some(place) = rest.find(wanted) else {
            return Err(format!(
                "not in the standard error, or not in this order: {wanted}\n{}",
                run.stderr
            )
            .into());
        };
        rest = &rest[place + wanted.len()..];
    }
    match mode {
        Mode::Compare => compare(case, &out),
        Mode::Bless => bless(case, &out),
    }
}

fn compare(case: &Case, out: &Path) -> Result<(), Failed> {
    let got = files_below(out);
    let expected = files_below(&case.file("expected"));
    let names: BTreeSet<&String> = got.keys().chain(expected.keys()).collect();
    let mut report = String::new();
    for name in names {
        let (old, new) = (expected.get(name), got.get(name));
        if old == new {
            continue;
        }
        let text = |bytes: Option<&Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let header = |side: Option<&Vec<u8>>, label: &str| match side {
            Some(_) => format!("{label}/{name}"),
            None => "/dev/null".to_owned(),
        };
        let (old_text, new_text) = (text(old).unwrap_or_default(), text(new).unwrap_or_default());
        let difference = TextDiff::from_lines(&old_text, &new_text);
        report += &difference
            .unified_diff()
            .context_radius(3)
            .header(&header(old, "expected"), &header(new, "written"))
            .to_string();
    }
    if report.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\n{report}\nto take what is written as expected: BLESS=1 cargo test --test golden {}",
        case.settings.sentence, case.name
    )
    .into())
}

fn bless(case: &Case, out: &Path) -> Result<(), Failed> {
    let expected = case.file("expected");
    if expected.exists() {
        fs::remove_dir_all(&expected)?;
    }
    for (name, bytes) in files_below(out) {
        let file = expected.join(name);
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}
