//! The table held against a file in the repository, so that a reviewer sees what a change does to the session.
//!
//! The file says what each route declares, in an order that does not depend on how the routes are put together, and without
//! line numbers, which move. Knows files and tables, and no request.

mod changes;
mod record;

use std::path::Path;
use std::{fs, io};

use self::changes::changes;
use self::record::File;
use super::table::RouteTable;

/// The variable that accepts what the routes do now.
const VARIABLE: &str = "SESSION_CONTRACT";
const ACCEPT: &str = "accept";

/// What `assert_contract!` calls.
///
/// # Panics
///
/// The file does not say what the routes do, cannot be read, or cannot be written.
#[track_caller]
#[expect(clippy::panic, reason = "it is an assertion of a test")]
pub fn check_contract(table: &RouteTable, folder: &str, package: &str, file: impl AsRef<Path>) {
    let file = file.as_ref();
    let path = Path::new(folder).join(file);
    let checked = match std::env::var_os(VARIABLE) {
        None => compare(table, &path),
        Some(value) if value == ACCEPT => accept(table, &path),
        Some(value) => Err(Disagreement::Variable(value.to_string_lossy().into_owned())),
    };
    if let Err(disagreement) = checked {
        panic!(
            "{}",
            disagreement.explain(&file.display().to_string(), &command(package))
        );
    }
}

/// The one command that accepts.
fn command(package: &str) -> String {
    // The test harness calls a thread by its test; run by one thread, it is `main`.
    let thread = std::thread::current();
    let test = thread.name().filter(|name| *name != "main");
    let test = test.map(|test| format!(" {test}")).unwrap_or_default();
    format!("{VARIABLE}={ACCEPT} cargo test -p {package}{test}")
}

/// Why a table and a file do not agree.
#[derive(Debug)]
enum Disagreement {
    Differs(Vec<String>),
    Missing,
    Unreadable(String),
    Unwritable(io::Error),
    Variable(String),
}

impl Disagreement {
    fn explain(&self, file: &str, command: &str) -> String {
        match self {
            Self::Differs(changes) => format!(
                "{file} no longer says what the routes do:\n\n  {}\n\nIf this is meant, accept it: {command}",
                changes.join("\n  ")
            ),
            Self::Missing => {
                format!(
                    "{file} does not exist yet; make it and add it to the repository: {command}"
                )
            }
            Self::Unreadable(why) => format!(
                "{file} cannot be read as a contract: {why}; if nobody else's change is lost by that, write it anew: {command}"
            ),
            Self::Unwritable(error) => format!(
                "{file} cannot be written: {error}; its path is relative to the package's folder, which must be writable"
            ),
            Self::Variable(value) => format!(
                "{VARIABLE} is `{value}`, and only `{ACCEPT}` is known; to accept what the routes do now: {command}"
            ),
        }
    }
}

fn compare(table: &RouteTable, path: &Path) -> Result<(), Disagreement> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Disagreement::Missing),
        Err(error) => return Err(Disagreement::Unreadable(error.to_string())),
    };
    let accepted: File =
        serde_json::from_str(&text).map_err(|error| Disagreement::Unreadable(error.to_string()))?;
    let changes = changes(&accepted, &File::of(table));
    if changes.is_empty() {
        Ok(())
    } else {
        Err(Disagreement::Differs(changes))
    }
}

fn accept(table: &RouteTable, path: &Path) -> Result<(), Disagreement> {
    let unwritable = Disagreement::Unwritable;
    let mut text =
        serde_json::to_string_pretty(&File::of(table)).map_err(|error| unwritable(error.into()))?;
    text.push('\n');
    fs::write(path, text).map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_misspelt_is_refused_with_the_command() {
        let refused = Disagreement::Variable("acept".to_owned());
        assert_eq!(
            refused.explain("c.json", "SESSION_CONTRACT=accept cargo test -p shop"),
            "SESSION_CONTRACT is `acept`, and only `accept` is known; to accept what the routes do now: \
             SESSION_CONTRACT=accept cargo test -p shop"
        );
    }
}
