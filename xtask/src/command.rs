//! Running other programs: each is shown before it runs, and a failure is a
//! sentence with the command line in it.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use crate::Error;

/// Runs `command` with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let line = show(command);
    println!("$ {line}");
    let status = command
        .status()
        .map_err(|error| not_started(&line, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}` ended with {status}").into())
    }
}

/// Runs `command` unseen and gives back what it printed; on failure the error
/// holds what it had to say.
pub(crate) fn output(command: &mut Command) -> Result<String, Error> {
    let line = show(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(&line, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{line}` ended with {}: {}", output.status, said.trim()).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as one could type it: the variables set for it, the program by
/// its file name, the arguments.
fn show(command: &Command) -> String {
    let mut line = String::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            let value = quoted(&value.to_string_lossy());
            let _ = write!(line, "{}={value} ", name.to_string_lossy());
        }
    }
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    line.push_str(&program.to_string_lossy());
    for argument in command.get_args() {
        let _ = write!(line, " {}", quoted(&argument.to_string_lossy()));
    }
    line
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

fn not_started(line: &str, error: &std::io::Error) -> Error {
    format!("`{line}` could not be started: {error}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_could_be_typed() {
        let mut command = Command::new("/usr/lib/rust/bin/cargo");
        command.args(["doc", "--no-deps"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(
            show(&command),
            "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps"
        );
    }

    #[test]
    fn a_program_that_is_missing_is_an_error_that_names_it() {
        let error = run(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        let error = error.to_string();
        assert!(
            error.starts_with("`no-such-program-anywhere` could not be started"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_failing_program_is_an_error_with_what_it_said() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo no space left >&2; exit 3"]);
        let error = output(&mut command).unwrap_err().to_string();
        assert!(error.ends_with("exit status: 3: no space left"), "{error}");
    }
}
