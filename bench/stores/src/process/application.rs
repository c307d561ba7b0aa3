//! An application in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::CpuTime;
use crate::Error;
use crate::application::{Keeping, SERVE};

/// A running application. It ends with this value; and with this program, since it then reads the end of its input.
pub(crate) struct Application {
    process: Child,
    address: SocketAddr,
}

impl Application {
    /// This program as the application.
    pub(crate) async fn start(keeping: Keeping<'_>) -> Result<Self, Error> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(SERVE).args(keeping.arguments());
        Self::run(command).await
    }

    /// The peer's program, with a store's address.
    pub(crate) async fn start_peer(program: &Path, store: &str) -> Result<Self, Error> {
        let mut command = Command::new(program);
        command.arg(store);
        Self::run(command).await
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn cpu_time(&self) -> Result<CpuTime, Error> {
        CpuTime::of_family(self.process.id())
    }

    async fn run(command: Command) -> Result<Self, Error> {
        // The store's server may be behind a proxy that is a task of this thread.
        tokio::task::spawn_blocking(|| Self::run_and_wait(command)).await?
    }

    fn run_and_wait(mut command: Command) -> Result<Self, Error> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{command:?} does not start: {error}"))?;
        let mut line = String::new();
        let output = process.stdout.take().map(BufReader::new);
        if let Some(mut output) = output {
            output.read_line(&mut line)?;
        }
        match line.trim().parse() {
            Ok(address) => Ok(Self { process, address }),
            Err(_) => {
                let _ = process.kill();
                let status = process.wait()?;
                Err(format!("{command:?} does not serve: {status}").into())
            }
        }
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
