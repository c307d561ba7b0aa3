//! Whether the public API of session-runtime names only its own types and those
//! of a list.
//!
//! A foreign type in a signature ties our major version to that crate's. The
//! list, with the reason for each line, is `xtask/external-types.toml`.

use crate::workspace::Workspace;
use crate::{Error, command, tools};

const ALLOWED: &str = "xtask/external-types.toml";

pub(crate) fn check(workspace: &Workspace) -> Result<(), Error> {
    let mut cargo = tools::CARGO_CHECK_EXTERNAL_TYPES.install_for_nightly(workspace)?;
    cargo.arg("--all-features");
    cargo.arg("--config").arg(workspace.root.join(ALLOWED));
    cargo.current_dir(workspace.folder("session-runtime")?);
    command::run(&mut cargo).map_err(|error| {
        format!(
            "{error}. Keep the type out of the API, or add it to {ALLOWED} with the reason; if \
             rustdoc's JSON could not be read, the nightly toolchain and the version of the tool \
             in xtask/src/tools.rs do not go together"
        )
        .into()
    })
}
