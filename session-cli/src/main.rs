//! `sessionctl`: makes secret keys, and reads and writes session cookies of session-runtime and of Flask, one or many.
//!
//! This file joins the parts. `arguments` is the command line, `settings` what a cookie is signed with; `decode`, `encode`
//! and `keygen` are the commands, and `json_lines` runs the first two over many lines. How cookies work is session-runtime's to
//! know.

mod arguments;
mod cookie_text;
mod decode;
mod encode;
mod failure;
mod input;
mod json_lines;
mod keygen;
mod line;
mod obeyed;
mod outcome;
mod rejection;
mod report;
mod settings;
mod unverified;
mod utc;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use failure::Failure;

fn main() -> ExitCode {
    match run(Arguments::read()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_closed_pipe() {
                report::line(&failure);
            }
            failure.exit_code().into()
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Encode(arguments) => encode::run(arguments),
        Command::Decode(arguments) => decode::run(arguments),
    }
}
