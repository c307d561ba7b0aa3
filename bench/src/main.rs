//! What a request with a session costs in CPU time and allocations: this project beside its peers, on the same work.
//!
//! This file knows the command line and where the tables go. `contenders` is who is measured, `proof` what each must
//! show before, `measure` the method, `processes` where it is at work, `evaluate` what comes out of it.

mod app;
mod contenders;
mod cost;
mod data;
mod evaluate;
mod measure;
mod options;
mod processes;
mod proof;
mod statistics;
mod table;
mod visit;
mod work;

use std::process::ExitCode;

use options::{Command, Options};

/// What went wrong and what to do about it, as one text for the person at the terminal.
type Error = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    match Command::parse(lexopt::Parser::from_env())? {
        Command::Measure(options) => report(&options),
        Command::Part(options) => {
            println!("{}", processes::part(&options)?);
            Ok(())
        }
        Command::List => {
            println!("{}", options::listing());
            Ok(())
        }
        Command::Help => {
            println!("{}", options::USAGE);
            Ok(())
        }
    }
}

fn report(options: &Options) -> Result<(), Error> {
    if cfg!(debug_assertions) {
        eprintln!("warning: this build is not optimised; add --release");
    }
    eprintln!("seed {}", options.seed);
    let rows = evaluate::evaluate(&processes::measure_in_processes(options)?);
    let tables = table::markdown(&options.work, &rows);
    println!("{tables}");
    if let Some(file) = &options.write {
        let text = format!(
            "# What a request costs\n\nMeasured on {}, over {} rounds in {} processes. How, and how to do it \
             again: [README.md](README.md).\n\n{tables}",
            machine(),
            options.rounds,
            options.processes,
        );
        std::fs::write(file, text)
            .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        eprintln!("written to {}", file.display());
    }
    Ok(())
}

/// The kind of machine, in words that say nothing of whose it is.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let architecture = std::env::consts::ARCH.replace('_', "-");
    let mut text = format!("{cores} cores, {architecture}");
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("sha") && std::arch::is_x86_feature_detected!("avx2") {
        text.push_str(" with SHA and AVX2 instructions");
    }
    text
}
