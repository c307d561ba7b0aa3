//! The tools of the release check: built from crates.io in a fixed version,
//! under the target folder, so that nothing of the user's own is replaced.

use std::env;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Error, command};

/// A cargo subcommand, published as the crate `cargo-…`.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

pub(crate) const CARGO_DENY: Tool = Tool {
    name: "deny",
    version: "0.20.2",
};

/// Reads rustdoc's JSON, whose format changes with the nightly toolchain: a
/// version of this goes with nightlies of some months.
pub(crate) const CARGO_CHECK_EXTERNAL_TYPES: Tool = Tool {
    name: "check-external-types",
    version: "0.5.0",
};

impl Tool {
    /// Installs the tool unless it is there, and gives back `cargo TOOL`.
    pub(crate) fn install(&self, workspace: &Workspace) -> Result<Command, Error> {
        let mut cargo = workspace.cargo();
        self.prepare(workspace, &mut cargo)?;
        Ok(cargo)
    }

    /// Like [`install`](Self::install), for a tool that runs under the nightly
    /// toolchain.
    pub(crate) fn install_for_nightly(&self, workspace: &Workspace) -> Result<Command, Error> {
        let mut cargo = workspace.nightly_cargo()?;
        self.prepare(workspace, &mut cargo)?;
        Ok(cargo)
    }

    fn prepare(&self, workspace: &Workspace, cargo: &mut Command) -> Result<(), Error> {
        let folder = workspace.target.join("release-tools");
        let mut install = workspace.cargo();
        install.args(["install", "--quiet", "--locked"]);
        install.arg("--root").arg(&folder);
        install.arg("--target-dir").arg(folder.join("build"));
        install.arg(format!("cargo-{}@{}", self.name, self.version));
        command::run(&mut install)?;

        let mut folders = vec![folder.join("bin")];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        cargo.env("PATH", env::join_paths(folders)?).arg(self.name);
        Ok(())
    }
}
