//! A proxy between the application and its store, which counts how often something is asked and answered. It reads nothing of what
//! is said: a turn is what goes one way without a break, and what then comes back.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Passes connections on. What it does ends with the program.
pub struct Proxy {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    turns: AtomicUsize,
    connections: AtomicUsize,
}

/// How often something was asked since, and on how many new connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub turns: usize,
    pub connections: usize,
}

impl Proxy {
    /// One in front of the server at this address.
    pub fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let counting = counts.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
                counting.connections.fetch_add(1, Ordering::SeqCst);
                pass_on(client, server, &counting);
            }
        });
        Self { address, counts }
    }

    /// Where the application finds it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What is counted while this is done. One thing at a time, or the turns of several are mixed.
    pub fn count<T>(&self, what: impl FnOnce() -> T) -> (Counted, T) {
        let before = self.counted();
        let done = what();
        let after = self.counted();
        let counted = Counted {
            turns: after.turns - before.turns,
            connections: after.connections - before.connections,
        };
        (counted, done)
    }

    /// Waits until nothing was asked for a while, for questions that nobody waits for.
    pub fn wait_until_idle(&self) {
        let mut before = None;
        while before != Some(self.counted()) {
            before = Some(self.counted());
            thread::sleep(Duration::from_millis(30));
        }
    }

    fn counted(&self) -> Counted {
        Counted {
            turns: self.counts.turns.load(Ordering::SeqCst),
            connections: self.counts.connections.load(Ordering::SeqCst),
        }
    }
}

/// Passes both directions of one connection on, until either end hangs up.
fn pass_on(client: TcpStream, server: TcpStream, counts: &Arc<Counts>) {
    // Questions must not wait for one another's acknowledgement.
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let is_asked = Arc::new(AtomicBool::new(false));
    let (asked, counts) = (is_asked.clone(), counts.clone());
    let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        copy(there.0, there.1, || {
            if !asked.swap(true, Ordering::SeqCst) {
                counts.turns.fetch_add(1, Ordering::SeqCst);
            }
        });
    });
    thread::spawn(move || copy(server, client, || is_asked.store(false, Ordering::SeqCst)));
}

/// Each piece is noted before it is passed on, so that whoever has the answer knows it counted.
fn copy(mut from: TcpStream, mut to: TcpStream, note: impl Fn()) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        note();
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
