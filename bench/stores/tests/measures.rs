//! The program measures, with the stores that need no server: this project's application is started, asked and ended.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A run in a temporary folder of its own.
struct Run {
    folder: PathBuf,
    output: Output,
}

impl Run {
    fn of(name: &str, line: &str) -> Self {
        let folder = folder(name);
        let output = program(&folder)
            .args(line.split_whitespace())
            .args([
                "--stores",
                "memory,sqlite",
                "--libraries",
                "session-runtime",
            ])
            .output()
            .unwrap();
        let run = Self { folder, output };
        assert!(run.output.status.success(), "{}", run.error());
        run
    }

    fn tables(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    fn error(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

/// A new one, for the program's files.
fn folder(name: &str) -> PathBuf {
    let name = format!("bench-stores-{name}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_session-bench-stores"));
    program.env("TMPDIR", folder);
    program
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn parallel_requests_lose_nothing_and_a_late_one_revives_nothing() {
    let run = Run::of("correct", "--only parallel,logout");
    let tables = run.tables();
    assert_eq!(tables.matches("| yes |").count(), 6, "{tables}");
    assert!(!tables.contains("**no**"), "{tables}");
}

#[test]
fn the_load_of_each_store_is_measured_beside_the_application_without_sessions() {
    let run = Run::of("load", "--only load --rounds 1 --slice 60 --connections 2");
    let tables = run.tables();
    for row in [
        "| memory, read |",
        "| SQLite, read and write |",
        "| SQLite, count |",
    ] {
        assert_eq!(tables.matches(row).count(), 2, "{row}: {tables}");
    }
    assert!(!tables.contains("were no 200"), "{tables}");
}

#[test]
fn a_purge_is_measured_until_nothing_is_left() {
    let run = Run::of("many", "--sessions 2500");
    let tables = run.tables();
    for store in ["memory", "SQLite"] {
        let row = format!("| {store} | 2500 | 3 | 1000 |");
        assert!(tables.contains(&row), "{row}: {tables}");
    }
}

#[test]
fn no_file_is_left_behind() {
    let run = Run::of("files", "--only logout");
    assert_eq!(files(&run.folder), 0);
}

#[test]
fn no_file_is_left_behind_by_a_run_that_is_killed() {
    let folder = folder("killed");
    let mut run = program(&folder)
        .args([
            "--only",
            "load",
            "--stores",
            "sqlite",
            "--libraries",
            "session-runtime",
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(run.stderr.take().unwrap()).lines();
    let has_begun = lines
        .map_while(Result::ok)
        .any(|line| line.starts_with("load: round 1"));
    assert!(has_begun);
    assert_eq!(files(&folder), 1);
    run.kill().unwrap();
    run.wait().unwrap();
    let begun = Instant::now();
    while files(&folder) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(50));
    }
    std::fs::remove_dir(folder).unwrap();
}
