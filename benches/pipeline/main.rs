//! What the stages cost over schemas of 10 to 10,000 tables, in CPU time and in memory, beside what PostgreSQL's parser by
//! itself takes for the same texts: `cargo bench` prints a table, `cargo bench -- 1000` that of one size, `cargo bench -- FROM TO`
//! that of two files.
//!
//! Machines differ, so the figures to look at are the ratios, measured in the same run. `parse` is pg_query's parse of both
//! whole texts; `compile` is the whole way from two texts to proved files, and its parts stand below it. `read one` reads
//! only what is wanted, and is compared with the parse of that text alone. Each measurement runs in a process of its own,
//! whose CPU time and peak memory the kernel says (so this runs on Linux only); the best of several runs counts.

mod schema;

use schema::{State, schema};
use std::env;
use std::fs;
use std::hint::black_box;
use std::process::Command;
use underpin::catalog::hashing::HashSet;
use underpin::dialect::postgres::lower::{LowerOptions, lower};
use underpin::dialect::postgres::read::{ReadOptions, read_pair, read_script};
use underpin::emit::{Input, documents, migrations, plan_json};
use underpin::pair::Pair;
use underpin::plan::{order, schedule};
use underpin::source::{SourceId, Sources};
use underpin::{Compared, CompileOptions, compare, compile, syntax};

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// So often is each measurement made.
const RUNS: usize = 3;

/// How Linux counts the time of processes, on all its architectures that matter (`USER_HZ`).
const TICKS_A_SECOND: f64 = 100.0;

/// What is smaller is measured in several rounds, up to so many bytes.
const ROUND_BYTES: usize = 5_000_000;

/// The limits: the whole way to parsing both texts, reading to parsing the same text, bytes of memory per byte read
/// beyond what any run may take.
const COMPILE_RATIO: f64 = 1.5;
const READ_RATIO: f64 = 2.0;
const BYTES_PER_BYTE: f64 = 10.0;
const FREE_BYTES: f64 = 100e6;

/// One measurement of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measured {
    Parse,
    ReadOne,
    Compile,
    Stages,
}

const MEASURED: [(&str, Measured); 4] = [
    ("--parse", Measured::Parse),
    ("--read-one", Measured::ReadOne),
    ("--compile", Measured::Compile),
    ("--stages", Measured::Stages),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let measured = arguments
        .first()
        .and_then(|name| MEASURED.iter().find(|(known, _)| known == name));
    match (measured, arguments.as_slice()) {
        (Some((_, measured)), [_, named @ ..]) => measure(*measured, named),
        (None, []) => SIZES.iter().for_each(|tables| report(&[tables.to_string()])),
        (_, named) => report(named),
    }
}

/// The texts to measure with: so many tables, or two files.
fn texts(named: &[String]) -> (String, String) {
    match named {
        [from, to] => {
            let read = |path: &String| fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            (read(from), read(to))
        }
        [number] => {
            let tables = number
                .parse()
                .unwrap_or_else(|_| panic!("{number} is no number of tables"));
            (schema(tables, State::Is), schema(tables, State::Wanted))
        }
        _ => panic!("a number of tables or two files were expected"),
    }
}

/// Figures of one process: named CPU times in seconds, and the peak memory in bytes under `peak`.
type Figures = Vec<(String, f64)>;

fn report(named: &[String]) {
    let best = |name: &str| (0..RUNS).map(|_| run(name, named)).reduce(best_of).unwrap_or_default();
    let (parse, read, whole, stages) = (best("--parse"), best("--read-one"), best("--compile"), best("--stages"));
    let bytes = get(&parse, "bytes");
    println!(
        "\n{}: {:.2} MB of text on both sides together",
        named.join(" "),
        bytes / 1e6
    );
    println!("{:<28}{:>12}{:>10}{:>14}", "", "CPU", "ratio", "peak memory");
    let both = get(&parse, "from") + get(&parse, "to");
    let line = |name: &str, seconds: f64, ratio: f64, peak: Option<f64>, limit: &str| {
        let peak = peak.map_or(String::new(), |peak| format!("{:.1} MB", peak / 1e6));
        println!("{name:<28}{:>9.2} ms{ratio:>10.2}{peak:>14}{limit}", seconds * 1e3);
    };
    line("parse", both, 1.0, Some(get(&parse, "peak")), "");
    let limit = format!("   at most {READ_RATIO}");
    let seconds = get(&read, "read");
    line(
        "read one",
        seconds,
        seconds / get(&parse, "to"),
        Some(get(&read, "peak")),
        &limit,
    );
    let memory = (bytes * BYTES_PER_BYTE + FREE_BYTES) / 1e6;
    let limit = format!("   at most {COMPILE_RATIO} and {memory:.1} MB");
    let seconds = get(&whole, "compile");
    line("compile", seconds, seconds / both, Some(get(&whole, "peak")), &limit);
    for (name, seconds) in stages.iter().filter(|(name, _)| name != "peak" && name != "bytes") {
        line(&format!("  {name}"), *seconds, seconds / both, None, "");
    }
}

fn get(figures: &Figures, name: &str) -> f64 {
    figures
        .iter()
        .find(|(known, _)| known == name)
        .map_or(f64::NAN, |(_, value)| *value)
}

/// The smaller of each figure.
fn best_of(one: Figures, other: Figures) -> Figures {
    one.into_iter()
        .zip(other)
        .map(|((name, one), (_, other))| (name, one.min(other)))
        .collect()
}

/// Runs a measurement in a process of its own.
fn run(name: &str, named: &[String]) -> Figures {
    let program = env::current_exe().expect("the program's own path");
    let output = Command::new(program)
        .arg(name)
        .args(named)
        .output()
        .expect("the measurement runs");
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}

/// Measures and prints a figure a line.
fn measure(measured: Measured, named: &[String]) {
    let mut sources = Sources::new();
    let (is, wanted) = texts(named);
    let from = sources.add("from.sql", is);
    let to = sources.add("to.sql", wanted);
    let bytes = sources.text(from).len() + sources.text(to).len();
    forget_peak();
    // Small schemas are over before the clock has moved.
    let rounds = (ROUND_BYTES / bytes.max(1)).max(1);
    let mut stages = Stages {
        rounds,
        seconds: Vec::new(),
    };
    for _ in 0..rounds {
        match measured {
            Measured::Parse => {
                stages.run("from", || parse(sources.text(from)));
                stages.run("to", || parse(sources.text(to)));
            }
            Measured::ReadOne => stages.run("read", || drop(black_box(read_script(&sources, &[to], read_options())))),
            Measured::Compile => stages.run("compile", || {
                let compiled = compile(&sources, &[from], &[to], &options());
                assert!(compiled.value.is_some(), "{:?}", compiled.diagnostics.first());
                drop(black_box(compiled));
            }),
            Measured::Stages => compile_apart(&sources, from, to, &mut stages),
        }
    }
    for (name, seconds) in &stages.seconds {
        println!("{name} {seconds}");
    }
    println!("peak {}\nbytes {bytes}", peak());
}

fn parse(text: &str) {
    let parsed = pg_query::parse(text, pg_query::ParserOptions::default());
    assert!(parsed.is_ok(), "{:?}", parsed.err());
    drop(black_box(parsed));
}

/// The way from two texts to files, stage by stage; what follows is what `compile` does but for hazards and the proof.
fn compile_apart(sources: &Sources, from: SourceId, to: SourceId, stages: &mut Stages) {
    stages.run("split", || {
        drop(black_box(syntax::split(from, sources.text(from))));
        drop(black_box(syntax::split(to, sources.text(to))));
    });
    stages.run("read both", || {
        drop(black_box(read_pair(sources, Pair::new(&[from], &[to]), read_options())));
    });
    let compared = stages.run("read both and compare", || compare(sources, &[from], &[to], &options()));
    let Some(compared) = compared.value else {
        panic!("{:?}", compared.diagnostics.first())
    };
    let ladders = stages.run("lower", || lowered(&compared));
    let plan = stages.run("order", || order(&ladders).map(|ordered| schedule(&ordered)));
    let Ok(plan) = plan else { panic!("{:?}", plan.err()) };
    let input = Input {
        plan: &plan,
        ladders: &ladders,
        name: "bench",
        first_number: 1,
        version: options().version,
        hazards: &[],
        options: &plan_json::Options::default(),
    };
    stages.run("emit", || drop(black_box((migrations(&input), documents(&input)))));
}

fn lowered(compared: &Compared) -> Vec<underpin::plan::Ladder> {
    let options = LowerOptions {
        version: options().version,
        small_table_rows: None,
        allowed: HashSet::default(),
    };
    let catalogs = Pair::new(&compared.renamed, &compared.snapshots.to.catalog);
    let origins = &compared.snapshots.to.origins;
    lower(catalogs, &compared.changes, &compared.intent, origins, &options).value
}

fn options() -> CompileOptions {
    CompileOptions {
        version: 17,
        name: "bench".to_owned(),
        ..CompileOptions::default()
    }
}

fn read_options() -> ReadOptions {
    ReadOptions {
        version: options().version,
        unmodelled: options().unmodelled,
        ..ReadOptions::default()
    }
}

/// CPU times by stage, each the mean of all rounds.
struct Stages {
    rounds: usize,
    seconds: Vec<(&'static str, f64)>,
}

impl Stages {
    fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let begin = cpu_seconds();
        let result = work();
        let seconds = (cpu_seconds() - begin) / self.rounds as f64;
        match self.seconds.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += seconds,
            None => self.seconds.push((name, seconds)),
        }
        result
    }
}

/// The CPU time of this process so far, user's and system's, that of threads which have ended included: texts are read on
/// a thread of their own.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").expect("Linux");
    // The name of the program, in parentheses, may hold spaces; then `utime` and `stime` are the 12th and 13th field.
    let fields = text.rsplit(')').next().into_iter().flat_map(str::split_whitespace);
    let ticks: Vec<f64> = fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    assert_eq!(ticks.len(), 2, "two numbers of ticks");
    ticks.iter().sum::<f64>() / TICKS_A_SECOND
}

/// Begins to measure the peak memory anew.
fn forget_peak() {
    // Where it is forbidden the peak counts what making the texts took as well.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory this process has held, in bytes.
fn peak() -> f64 {
    let text = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.expect("the peak in kB") * 1024.0
}
