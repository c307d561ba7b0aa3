//! The rounds in several processes, one after the other. Where a process has its memory moves what the same program takes by some
//! per cent, for as long as it runs; over many processes that is an outlier like others.

use std::io::{IsTerminal as _, stderr};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::evaluate::Samples;
use crate::measure::measure;
use crate::options::Options;

/// What one process tells of one contender. They are in the order of the options.
#[derive(Serialize, Deserialize)]
struct Part {
    nanoseconds: Vec<Vec<f64>>,
    allocations: Vec<f64>,
}

/// Measures in as many processes as the options say.
///
/// # Errors
///
/// A process does not end well: a contender does not do its work, perhaps.
pub(crate) fn measure_in_processes(options: &Options) -> Result<Vec<Samples>, Error> {
    if options.processes == 1 {
        return measure(options);
    }
    let mut all: Vec<Samples> = options
        .contenders
        .iter()
        .map(|contender| Samples {
            contender,
            nanoseconds: vec![Vec::new(); options.work.len()],
            allocations: Vec::new(),
        })
        .collect();
    let is_watched = stderr().is_terminal();
    for number in 0..options.processes {
        if is_watched {
            eprint!("\rprocess {} of {} ", number + 1, options.processes);
        }
        for (samples, part) in all.iter_mut().zip(in_process(options, number)?) {
            for (column, more) in samples.nanoseconds.iter_mut().zip(part.nanoseconds) {
                column.extend(more);
            }
            samples.allocations = part.allocations;
        }
    }
    if is_watched {
        eprintln!();
    }
    Ok(all)
}

/// What a process prints that measures a part.
///
/// # Errors
///
/// Those of [`measure`].
pub(crate) fn part(options: &Options) -> Result<String, Error> {
    let parts: Vec<Part> = measure(options)?
        .into_iter()
        .map(|samples| Part {
            nanoseconds: samples.nanoseconds,
            allocations: samples.allocations,
        })
        .collect();
    Ok(serde_json::to_string(&parts)?)
}

fn in_process(options: &Options, number: usize) -> Result<Vec<Part>, Error> {
    let names = |names: Vec<&str>| names.join(",");
    let work = options.work.iter().map(|work| work.name()).collect();
    let contenders = options.contenders.iter().map(|contender| contender.id);
    let output = Command::new(std::env::current_exe()?)
        .args(["--part", "--processes", "1"])
        .args(["--only", &names(work)])
        .args(["--contenders", &names(contenders.collect())])
        .args(["--rounds", &options.rounds_in(number).to_string()])
        .args([
            "--seed",
            &options.seed.wrapping_add(number as u64).to_string(),
        ])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("process {number} ended with {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
