//! The Python environment of the tests beside a real Flask.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Error, command, debian};

/// Of what the environment consists, from the workspace's root.
const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// The oldest Python that everything in [`REQUIREMENTS`] runs on.
const OLDEST: (u32, u32) = (3, 10);

/// The interpreter of an environment under the target folder that holds what
/// `tests/python/requirements.txt` asks for. It is made at first use, and again
/// when that file has changed or the interpreter under it is gone.
pub(crate) fn environment(workspace: &Workspace) -> Result<PathBuf, Error> {
    let wanted = workspace.root.join(REQUIREMENTS);
    let wanted_text = fs::read_to_string(&wanted)
        .map_err(|error| format!("{} cannot be read: {error}", wanted.display()))?;
    let folder = workspace.target.join("python");
    let python = interpreter_in(&folder);
    // Copied in last, so it also says that the installation came to its end.
    let installed = folder.join("installed-requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted_text)
        && version_of(&python).is_ok()
    {
        return Ok(python);
    }
    let system = find_python()?;
    println!("making a Python environment in {}", folder.display());
    make_environment(&system, &folder)?;
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    command::run(pip.arg("--requirement").arg(&wanted)).map_err(|error| {
        format!(
            "the Python packages in {REQUIREMENTS} could not be installed: {error}. \
             Without access to a package index, pass `--skip flask`"
        )
    })?;
    fs::write(&installed, wanted_text)?;
    Ok(python)
}

fn make_environment(system: &Path, folder: &Path) -> Result<(), Error> {
    if !has_venv(system) {
        debian::install(&["python3-venv"]).map_err(|reason| {
            format!(
                "{} lacks the module venv, and {reason}; install it (on Debian and Ubuntu: \
                 `apt-get install python3-venv`) or pass `--skip flask`",
                system.display()
            )
        })?;
    }
    let mut venv = Command::new(system);
    command::run(venv.args(["-m", "venv", "--clear"]).arg(folder))
}

/// Debian ships `venv` without what it needs to put pip into an environment.
fn has_venv(python: &Path) -> bool {
    command::output(Command::new(python).args(["-c", "import venv, ensurepip"])).is_ok()
}

fn find_python() -> Result<PathBuf, Error> {
    let mut seen = Vec::new();
    for name in ["python3", "python"] {
        match version_of(Path::new(name)) {
            Ok(version) if version >= OLDEST => return Ok(name.into()),
            Ok((major, minor)) => seen.push(format!("`{name}` is Python {major}.{minor}")),
            Err(_) => seen.push(format!("`{name}` does not run")),
        }
    }
    Err(format!(
        "this part needs Python {}.{} or newer, but {}; \
         install one or pass `--skip flask`",
        OLDEST.0,
        OLDEST.1,
        seen.join(" and ")
    )
    .into())
}

fn version_of(python: &Path) -> Result<(u32, u32), Error> {
    parse_version(&command::output(Command::new(python).arg("--version"))?)
}

/// Reads `Python 3.11.2`.
fn parse_version(text: &str) -> Result<(u32, u32), Error> {
    text.strip_prefix("Python ")
        .and_then(|version| {
            let mut numbers = version.split('.');
            let major = numbers.next()?.parse().ok()?;
            let minor = numbers.next()?.parse().ok()?;
            Some((major, minor))
        })
        .ok_or_else(|| format!("`{text}` is not the version of a Python").into())
}

fn interpreter_in(environment: &Path) -> PathBuf {
    if cfg!(windows) {
        environment.join("Scripts").join("python.exe")
    } else {
        environment.join("bin").join("python")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_and_compared_by_number() {
        assert_eq!(parse_version("Python 3.11.2").unwrap(), (3, 11));
        assert_eq!(parse_version("Python 3.15.0a1").unwrap(), (3, 15));
        assert!(parse_version("Python 3.9.18").unwrap() < OLDEST);
        assert!(parse_version("Python 2.7.18").unwrap() < OLDEST);
        assert!(parse_version("Python 3.10.0").unwrap() >= OLDEST);
    }

    #[test]
    fn what_is_no_version_is_an_error() {
        for text in ["", "Python", "Python three", "pyenv: python3: not found"] {
            let error = parse_version(text).unwrap_err().to_string();
            assert!(error.contains("is not the version of a Python"), "{error}");
        }
    }
}
