//! The processes that are measured: servers of stores, and applications. Each ends with the value that stands for it, and with
//! this program, however that ends. They know nothing of what is measured.

mod application;
mod cpu;
mod folder;
mod guardian;
mod peer;
mod postgres;
mod redis;
mod server;
mod signal;
mod sqlite;

pub(crate) use application::Application;
pub(crate) use cpu::CpuTime;
pub(crate) use peer::Peer;
pub(crate) use server::Server;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::Error;

/// For how long a process may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A port that nobody listens on, for a server that wants to be told one.
fn free_port() -> Result<u16, Error> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Asks until the answer is yes.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) -> Result<(), Error> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("{what} did not answer within {PATIENCE:?}").into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
