//! A Redis server of one contender's own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::folder::Folder;
use super::guardian::Guardian;
use super::{free_port, wait_until};
use crate::Error;

pub(crate) struct Redis {
    process: Child,
    port: u16,
    _guardian: Guardian,
    folder: Folder,
}

impl Redis {
    pub(crate) fn start() -> Result<Self, Error> {
        let folder = Folder::new()?;
        let port = free_port()?;
        let redis = Self {
            process: run(&folder, port)?,
            port,
            _guardian: Guardian::new(folder.path(), "pid", "KILL")?,
            folder,
        };
        redis.wait()?;
        Ok(redis)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts it again after it was killed, on the same port and with what it has kept.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        self.process = run(&self.folder, self.port)?;
        self.wait()
    }

    fn wait(&self) -> Result<(), Error> {
        wait_until("redis-server", || is_answering(self.port).unwrap_or(false))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(folder: &Folder, port: u16) -> Result<Child, Error> {
    let process = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"])
        .current_dir(folder.path())
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("redis-server does not start ({error}); install it (on Debian: `apt-get install redis-server`), or leave it out with `--stores`"))?;
    std::fs::write(folder.path().join("pid"), process.id().to_string())?;
    Ok(process)
}

fn is_answering(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"+PONG\r\n")
}
