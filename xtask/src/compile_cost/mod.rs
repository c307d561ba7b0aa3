//! `cargo xtask compile-cost`: what the attributes cost who compiles them.
//!
//! Two programs are written that do the same: one with annotated handlers, one
//! with plain axum handlers and the `Session` extractor. Both are compiled
//! beside each other, several times, and their CPU seconds are compared. Nothing
//! here is a test: numbers say something only on a machine that does nothing
//! else.

mod cpu;
mod program;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{fs, io};

use crate::workspace::Workspace;
use crate::{Error, command};
use program::Style;

/// More than this, and the attributes cost too much.
const GOAL: f64 = 1.4;

/// How much is compiled, and how often.
struct Options {
    handlers: usize,
    rounds: usize,
}

pub(crate) fn run(arguments: &[String], workspace: &Workspace) -> Result<(), Error> {
    let options = Options::parse(arguments)?;
    let programs = Style::BOTH.map(|style| Program::new(style, workspace));
    for program in &programs {
        program.write(options.handlers, workspace)?;
    }
    println!(
        "{} handlers, medians of {} rounds, CPU seconds of cargo and what it starts\n",
        options.handlers, options.rounds
    );
    println!(
        "{:<12} {:>9} {:>9} {:>6}",
        "", "annotated", "plain", "ratio"
    );
    for subcommand in ["check", "build"] {
        // Dependencies are compiled once, and not measured.
        for program in &programs {
            program.compile(subcommand, workspace)?;
        }
        let mut seconds = [Vec::new(), Vec::new()];
        for _ in 0..options.rounds {
            for (program, seconds) in programs.iter().zip(&mut seconds) {
                program.forget(workspace)?;
                seconds.push(program.compile(subcommand, workspace)?);
            }
        }
        let [annotated, plain] = seconds.map(median);
        let ratio = annotated / plain;
        let verdict = if ratio <= GOAL {
            ""
        } else {
            "  above the goal"
        };
        println!("cargo {subcommand:<6} {annotated:>9.2} {plain:>9.2} {ratio:>6.2}{verdict}");
    }
    println!("\nThe goal is a ratio of at most {GOAL}.");
    Ok(())
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Error> {
        let mut options = Self {
            handlers: 1000,
            rounds: 3,
        };
        let mut arguments = arguments.iter();
        while let Some(name) = arguments.next() {
            let number = match name.as_str() {
                "--handlers" => &mut options.handlers,
                "--rounds" => &mut options.rounds,
                other => {
                    return Err(format!(
                        "compile-cost does not know `{other}`; there is --handlers N and --rounds N"
                    )
                    .into());
                }
            };
            let value = arguments.next().and_then(|value| value.parse().ok());
            *number = value
                .filter(|value| *value > 0)
                .ok_or_else(|| format!("`{name}` wants a number above 0"))?;
        }
        Ok(options)
    }
}

/// One of the two programs, as a package of its own.
struct Program {
    style: Style,
    folder: PathBuf,
}

impl Program {
    fn new(style: Style, workspace: &Workspace) -> Self {
        Self {
            style,
            folder: workspace.target.join("compile-cost").join(style.name()),
        }
    }

    fn write(&self, handlers: usize, workspace: &Workspace) -> Result<(), Error> {
        let source = self.folder.join("src");
        remove(&source)?;
        fs::create_dir_all(&source)?;
        fs::write(
            self.folder.join("Cargo.toml"),
            self.style.manifest(&workspace.root),
        )?;
        // What the project is built with, and nothing newer.
        fs::copy(
            workspace.root.join("Cargo.lock"),
            self.folder.join("Cargo.lock"),
        )?;
        for (name, text) in self.style.sources(handlers) {
            fs::write(source.join(name), text)?;
        }
        Ok(())
    }

    /// Compiles what is not compiled yet, and gives the CPU seconds that it took.
    fn compile(&self, subcommand: &str, workspace: &Workspace) -> Result<f64, Error> {
        let before = cpu::of_children()?;
        let mut cargo = workspace.cargo();
        cargo.args([subcommand, "--quiet", "--manifest-path"]);
        cargo.arg(self.folder.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(self.target());
        cargo.stdout(Stdio::null());
        command::output(&mut cargo)?;
        Ok(cpu::of_children()? - before)
    }

    /// Makes cargo compile the program again, and nothing of what it depends on.
    fn forget(&self, workspace: &Workspace) -> Result<(), Error> {
        let mut cargo = workspace.cargo();
        cargo.args(["clean", "--quiet", "--package", self.style.name()]);
        cargo
            .arg("--manifest-path")
            .arg(self.folder.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(self.target());
        command::output(&mut cargo)?;
        Ok(())
    }

    /// One for both: their dependencies are the same.
    fn target(&self) -> PathBuf {
        self.folder.with_file_name("target")
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, Error> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn without_options_it_is_a_thousand_handlers_in_three_rounds() {
        let options = parse("").unwrap();
        assert_eq!((options.handlers, options.rounds), (1000, 3));
        let options = parse("--rounds 5 --handlers 20").unwrap();
        assert_eq!((options.handlers, options.rounds), (20, 5));
    }

    #[test]
    fn an_option_that_is_not_known_or_has_no_number_is_an_error() {
        for line in ["--round 5", "--rounds", "--rounds x", "--handlers 0"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_median_is_not_moved_by_one_round_that_was_disturbed() {
        assert!((median(vec![2.0, 90.0, 1.0]) - 2.0).abs() < f64::EPSILON);
    }
}
