//! The peer's program, which is built by cargo since it is in a workspace of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Error;

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/Cargo.toml");

/// Where the program is.
pub(crate) struct Peer(PathBuf);

impl Peer {
    /// Builds it as this program was built, which the first time takes some minutes.
    pub(crate) fn build() -> Result<Self, Error> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--locked", "--manifest-path", MANIFEST]);
        build.arg("--message-format=json-render-diagnostics");
        // There cargo finds where everything is built.
        build.current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let output = build
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("`cargo build` of {MANIFEST} ended with {}", output.status).into());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        executable(&text)
            .map(Self)
            .ok_or_else(|| "cargo has built the peer's program and not said where".into())
    }

    pub(crate) fn program(&self) -> &Path {
        &self.0
    }
}

/// The program that cargo's messages name; there is one.
fn executable(messages: &str) -> Option<PathBuf> {
    messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_the_one_that_cargo_names() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"reason\":\"compiler-artifact\",\"executable\":\"/target/release/peer\"}\n\
                        {\"reason\":\"build-finished\",\"success\":true}";
        assert_eq!(executable(messages), Some("/target/release/peer".into()));
        assert_eq!(executable("{\"reason\":\"build-finished\"}"), None);
    }
}
