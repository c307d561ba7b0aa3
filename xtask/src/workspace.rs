//! Where the workspace lies, and what cargo says about its packages.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::Error;
use crate::command;

/// The workspace this program was built from.
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where cargo builds, and where the tools of the parts are kept.
    pub(crate) target: PathBuf,
    metadata: Value,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self, Error> {
        let mut cargo = cargo();
        cargo.args(["metadata", "--format-version", "1", "--no-deps"]);
        cargo.arg("--manifest-path");
        cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"));
        let metadata: Value = serde_json::from_str(&command::output(&mut cargo)?)
            .map_err(|error| format!("`cargo metadata` printed no JSON: {error}"))?;
        Ok(Self {
            root: text(&metadata, "workspace_root")?.into(),
            target: text(&metadata, "target_directory")?.into(),
            metadata,
        })
    }

    /// Cargo, to be run at the workspace's root.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = cargo();
        cargo.current_dir(&self.root);
        cargo
    }

    /// Cargo of the nightly toolchain, to be run at the workspace's root.
    ///
    /// It cannot be `cargo +nightly`: inside a `cargo` command, `cargo` is the
    /// toolchain's own, which does not know rustup's `+`.
    pub(crate) fn nightly_cargo(&self) -> Result<Command, Error> {
        let mut probe = Command::new("rustup");
        probe.args(["run", "nightly", "cargo", "--version"]);
        command::output(&mut probe).map_err(|error| {
            format!(
                "this part needs a nightly toolchain; install one with \
                 `rustup toolchain install nightly` ({error})"
            )
        })?;
        let mut cargo = Command::new("rustup");
        cargo.args(["run", "nightly", "cargo"]);
        cargo.current_dir(&self.root);
        // Left in place these would bring back the toolchain that runs us.
        for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
            cargo.env_remove(name);
        }
        Ok(cargo)
    }

    /// The names of the features of `package`, without `default`, sorted.
    pub(crate) fn features(&self, package: &str) -> Result<Vec<String>, Error> {
        let features = self.package(package)?["features"].as_object();
        let features = features.ok_or("`cargo metadata` lists no features")?;
        let mut names: Vec<_> = features
            .keys()
            .filter(|n| *n != "default")
            .cloned()
            .collect();
        names.sort();
        Ok(names)
    }

    /// The folder of `package`.
    pub(crate) fn folder(&self, package: &str) -> Result<PathBuf, Error> {
        let manifest = PathBuf::from(text(self.package(package)?, "manifest_path")?);
        let folder = manifest.parent().ok_or("a manifest lies in no folder")?;
        Ok(folder.to_owned())
    }

    /// The oldest Rust that the workspace says it supports, as in
    /// `rust-version`.
    pub(crate) fn rust_version(&self) -> Result<&str, Error> {
        text(self.package("session-runtime")?, "rust_version")
    }

    fn package(&self, name: &str) -> Result<&Value, Error> {
        self.metadata["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|package| package["name"] == name)
            .ok_or_else(|| format!("the workspace has no package `{name}`").into())
    }

    #[cfg(test)]
    pub(crate) fn for_test() -> Self {
        Self {
            root: PathBuf::new(),
            target: PathBuf::new(),
            metadata: serde_json::json!({ "packages": [{
                "name": "session-runtime",
                "manifest_path": "/w/session-runtime/Cargo.toml",
                "rust_version": "1.95",
                "features": { "redis": [], "default": ["encrypted"], "encrypted": [] },
            }] }),
        }
    }
}

/// The cargo that runs us, or the one on the path when started by hand.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, Error> {
    value[key]
        .as_str()
        .ok_or_else(|| format!("`cargo metadata` says nothing about `{key}`").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_this_was_built_from_is_found() {
        let workspace = Workspace::load().unwrap();
        assert!(workspace.root.join("xtask/src/workspace.rs").is_file());
        assert_eq!(
            workspace.folder("session-runtime").unwrap(),
            workspace.root.join("session-runtime")
        );
    }

    #[test]
    fn features_are_sorted_and_default_is_not_one_of_them() {
        let features = Workspace::for_test().features("session-runtime").unwrap();
        assert_eq!(features, ["encrypted", "redis"]);
    }

    #[test]
    fn an_unknown_package_is_an_error_that_names_it() {
        let error = Workspace::for_test().features("sesion").unwrap_err();
        assert_eq!(error.to_string(), "the workspace has no package `sesion`");
    }
}
