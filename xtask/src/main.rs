//! `cargo xtask`: everything that the project checks, behind two commands, and
//! what compiling costs.
//!
//! This file knows the command line and nothing of what the parts do. `test` and
//! `release` list the parts of their command; the other modules are what parts
//! are made of.

mod browser;
mod command;
mod compile_cost;
mod debian;
mod features;
mod oldest;
mod public_api;
mod python;
mod release;
mod report;
mod selection;
mod servers;
mod suite;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use selection::Selection;
use suite::Suite;
use workspace::Workspace;

/// What went wrong and what to do about it, as one text for the person at the
/// terminal.
type Error = Box<dyn std::error::Error>;

const USAGE: &str = "\
Usage: cargo xtask <COMMAND> [OPTIONS]

Commands:
  test            what has to pass before a change lands
  release-check   what has to pass before a release; installs its own tools
  compile-cost    what the attributes cost who compiles them; no check

Options of the first two:
  --list                list the parts and stop
  --only PART[,PART]    run these parts alone
  --skip PART[,PART]    run all parts but these

Options of the last:
  --handlers N          how many handlers each program has (1000)
  --rounds N            how often each is compiled (3)
";

const COMMANDS: [&Suite; 2] = [&test::SUITE, &release::SUITE];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Error> {
    let Some((command, options)) = arguments.split_first() else {
        return Err(format!("no command given\n\n{USAGE}").into());
    };
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        print!("{USAGE}");
        return Ok(());
    }
    if command == "compile-cost" {
        return compile_cost::run(options, &Workspace::load()?);
    }
    let suite = find_suite(command)?;
    match Selection::parse(options, suite)? {
        Selection::List => {
            print!("{}", suite.listing());
            Ok(())
        }
        Selection::Run(parts) => suite.run(&parts, &Workspace::load()?),
    }
}

fn find_suite(command: &str) -> Result<&'static Suite, Error> {
    COMMANDS
        .into_iter()
        .find(|suite| suite.command == command)
        .ok_or_else(|| format!("there is no command `{command}`\n\n{USAGE}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn both_commands_are_found_by_name() {
        assert_eq!(find_suite("test").unwrap().command, "test");
        assert_eq!(
            find_suite("release-check").unwrap().command,
            "release-check"
        );
    }

    #[test]
    fn an_unknown_command_is_answered_with_the_usage() {
        let error = run(&arguments("tests")).unwrap_err().to_string();
        assert!(error.contains("there is no command `tests`"), "{error}");
        assert!(error.contains("release-check"), "{error}");
    }

    #[test]
    fn no_command_is_answered_with_the_usage() {
        let error = run(&[]).unwrap_err().to_string();
        assert!(error.contains("Usage: cargo xtask"), "{error}");
    }

    #[test]
    fn help_is_no_error_wherever_it_stands() {
        run(&arguments("--help")).unwrap();
        run(&arguments("test --help")).unwrap();
    }

    #[test]
    fn part_names_are_unique_and_can_be_typed_on_a_command_line() {
        for suite in COMMANDS {
            for (n, part) in suite.parts.iter().enumerate() {
                let typable = part
                    .name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-');
                assert!(typable, "{}", part.name);
                let twin = suite.parts[..n].iter().any(|p| p.name == part.name);
                assert!(!twin, "{} stands twice", part.name);
            }
        }
    }
}
