//! Ending a server also where this program is killed before it can.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::Error;

/// A process that ends another, if there is one, and removes its folder as soon as this value is dropped, or this program has ended.
pub(super) struct Guardian(Child);

impl Guardian {
    /// Of a folder alone, which processes that end with this program write to.
    pub(super) fn of_folder(folder: &Path) -> Result<Self, Error> {
        Self::run(folder, r#"cat >&2; sleep 0.2; rm -rf "$0""#, [])
    }

    /// Of the process whose id is in the first line of this file in the folder by then, which gets this signal.
    pub(super) fn new(folder: &Path, pid_file: &str, signal: &str) -> Result<Self, Error> {
        // It waits until the process is gone, so that nothing is written to a folder that has been removed.
        let script = r#"cat >&2
            process=$(head -n 1 "$1")
            kill -s "$2" "$process"
            while kill -0 "$process" && [ $((n += 1)) -lt 100 ]; do sleep 0.05; done
            rm -rf "$0""#;
        Self::run(folder, script, [pid_file, signal])
    }

    fn run<const N: usize>(
        folder: &Path,
        script: &str,
        arguments: [&str; N],
    ) -> Result<Self, Error> {
        let guardian = Command::new("sh")
            .args(["-c", script])
            .arg(folder)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Who stops this program at the terminal leaves it to the guardian.
            .process_group(0)
            .spawn()?;
        Ok(Self(guardian))
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
