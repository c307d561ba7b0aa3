//! The example's processes on one store.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{Server, example};
use crate::store::{Place, Store};

/// Processes of the example that share a store.
pub struct Site {
    // They end before the store does. What they print can be read by one thread at a time.
    servers: Mutex<Vec<Server>>,
    addresses: Vec<String>,
    place: Place,
    arguments: &'static [&'static str],
    next: AtomicUsize,
}

impl Site {
    /// As many processes as the store can have.
    pub fn on(store: Store) -> Self {
        Self::at(store.open(), &[])
    }

    /// Processes on this store, with these arguments besides.
    pub fn at(place: Place, arguments: &'static [&'static str]) -> Self {
        let servers: Vec<_> = (0..place.processes)
            .map(|_| start(&place, arguments))
            .collect();
        let address = |server: &Server| server.address().to_owned();
        Self {
            addresses: servers.iter().map(address).collect(),
            servers: Mutex::new(servers),
            place,
            arguments,
            next: AtomicUsize::new(0),
        }
    }

    /// Kills the first process, on Unix with SIGKILL.
    pub fn kill_first(&mut self) {
        drop(self.servers.get_mut().unwrap().remove(0));
    }

    /// Starts another process in place of the first, which was killed.
    pub fn replace_first(&mut self) {
        let server = start(&self.place, self.arguments);
        self.addresses[0] = server.address().to_owned();
        self.servers.get_mut().unwrap().insert(0, server);
    }

    /// The processes' addresses.
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// Each process in its turn.
    pub fn address(&self) -> &str {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        &self.addresses[number % self.addresses.len()]
    }
}

fn start(place: &Place, arguments: &[&str]) -> Server {
    let mut command = example("server-side");
    for variable in ["SECRET_KEY_FALLBACKS", "SESSION_STORE", "RUST_LOG"] {
        command.env_remove(variable);
    }
    command
        .args(["--store", &place.address])
        .args(arguments)
        .env("PORT", "0")
        .env("SESSION_COOKIE_SECURE", "false")
        .env("SECRET_KEY", "1e2c81d14f9f4cf5a8a9e2a9d5b7d3f0");
    Server::start(&mut command)
}
