//! The lower bounds that our manifests promise: the oldest Rust, and the oldest
//! version of each dependency.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Error, command};

/// Builds the workspace with the `rust-version` that it states.
pub(crate) fn rust(workspace: &Workspace) -> Result<(), Error> {
    let version = workspace.rust_version()?;
    let current = command::output(workspace.cargo().arg("--version"))?;
    let mut cargo = if is_release_of(&current, version) {
        println!("Rust {version} is what runs this: {current}");
        workspace.cargo()
    } else {
        let mut cargo = Command::new("rustup");
        cargo.args(["run", "--install", version, "cargo"]);
        cargo.current_dir(&workspace.root);
        cargo
    };
    cargo.args(["check", "--workspace", "--all-targets", "--all-features"]);
    command::run(&mut cargo)
}

/// Builds the crates with every dependency of theirs at the oldest version
/// that their manifests accept.
///
/// It happens in a copy, since it rewrites `Cargo.lock`. Only direct
/// dependencies are turned back: what others promise about theirs is not ours
/// to keep.
pub(crate) fn dependencies(workspace: &Workspace) -> Result<(), Error> {
    let copy = workspace.target.join("oldest-dependencies");
    let sources = copy.join("sources");
    if sources.exists() {
        fs::remove_dir_all(&sources)?;
    }
    copy_sources(&workspace.root, &sources, &workspace.target)?;

    let mut update = workspace.nightly_cargo()?;
    update.current_dir(&sources);
    command::run(update.args(["update", "-Z", "direct-minimal-versions"]))?;

    let mut check = workspace.cargo();
    check.current_dir(&sources);
    check.args(["check", "--locked", "--all-features"]);
    check.args([
        "--package",
        "session-cli",
        "--package",
        "session-macros",
        "--package",
        "session-runtime",
    ]);
    command::run(check.arg("--target-dir").arg(copy.join("build")))
}

/// Copies `from` to `to` without hidden folders and without the target folder.
fn copy_sources(from: &Path, to: &Path, target: &Path) -> Result<(), Error> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        if name.to_string_lossy().starts_with('.') || path == target {
            continue;
        }
        if path.is_dir() {
            copy_sources(&path, &to.join(name), target)?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Whether `cargo 1.95.0 (f2d3ce0bd 2026-03-21)` belongs to Rust `1.95`.
fn is_release_of(cargo_version: &str, rust_version: &str) -> bool {
    let number = cargo_version.split_whitespace().nth(1).unwrap_or_default();
    number
        .strip_prefix(rust_version)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_told_from_its_neighbours() {
        assert!(is_release_of("cargo 1.95.0 (f2d3ce0bd 2026-03-21)", "1.95"));
        assert!(is_release_of("cargo 1.95.0", "1.95.0"));
        assert!(!is_release_of("cargo 1.95.1", "1.95.0"));
        assert!(!is_release_of("cargo 1.950.0", "1.95"));
        assert!(!is_release_of("cargo 1.96.0", "1.95"));
        assert!(!is_release_of("", "1.95"));
    }

    #[test]
    fn a_copy_leaves_out_hidden_folders_and_the_target_folder() {
        let root = std::env::temp_dir().join(format!("xtask-copy-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        for folder in ["crate/src", ".git", "target"] {
            fs::create_dir_all(from.join(folder)).unwrap();
            fs::write(from.join(folder).join("file"), "text").unwrap();
        }
        copy_sources(&from, &to, &from.join("target")).unwrap();
        let copied = |path: &str| to.join(path).exists();
        let found = (copied("crate/src/file"), copied(".git"), copied("target"));
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, (true, false, false));
    }
}
