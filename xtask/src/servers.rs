//! The servers that stores are tried against: Redis, and PostgreSQL. The tests
//! start their own, on free ports and in folders of their own; here is only
//! seen to it that the programs are there.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::{Error, debian};

/// A program that the tests start, and Debian's package that has it.
const PROGRAMS: [(&str, &str); 2] = [("redis-server", "redis-server"), ("initdb", "postgresql")];

/// Installs what is missing, where the machine is one to do that on.
pub(crate) fn find_or_install() -> Result<(), Error> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(&missing).map_err(|reason| {
        let packages = missing.join(" ");
        format!(
            "the tests of the stores lack {}, and {reason}; install them (on Debian: `apt-get \
             install {packages}`), or pass `--skip test`",
            missing.join(" and ")
        )
    })?;
    Ok(())
}

fn missing() -> Vec<&'static str> {
    let folders = folders();
    let is_there = |program: &str| folders.iter().any(|folder| folder.join(program).is_file());
    PROGRAMS
        .iter()
        .filter(|(program, _)| !is_there(program))
        .map(|(_, package)| *package)
        .collect()
}

/// Those of the path, and Debian's of each version of PostgreSQL, which are not
/// on it.
fn folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    env::split_paths(&path)
        .chain(versions.flatten().map(|version| version.path().join("bin")))
        .collect()
}
