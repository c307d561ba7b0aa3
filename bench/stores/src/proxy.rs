//! A proxy before a store's server that counts round trips, and can be some way off. It knows no protocol: a turn begins when the
//! application sends something after it has been sent something, so that what is sent together is one turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::Error;

/// A proxy. Its connections live as long as the runtime.
pub(crate) struct Proxy {
    port: u16,
    turns: Arc<AtomicU64>,
}

impl Proxy {
    /// On a free port, before this one. Each piece takes so long either way, and up to a millisecond more, which is how exact
    /// timers are.
    pub(crate) async fn before(server: u16, distance: Duration) -> Result<Self, Error> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let turns = Arc::new(AtomicU64::new(0));
        let counter = turns.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, distance, counter.clone()));
            }
        });
        Ok(Self { port, turns })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many turns there have been on all connections.
    pub(crate) fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }
}

async fn pass(
    client: TcpStream,
    server: u16,
    distance: Duration,
    turns: Arc<AtomicU64>,
) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let is_waiting = Arc::new(AtomicBool::new(false));
    let waits = is_waiting.clone();
    tokio::spawn(copy(from_server, to_client, distance, move || {
        waits.store(false, Ordering::Relaxed);
    }));
    copy(from_client, to_server, distance, move || {
        if !is_waiting.swap(true, Ordering::Relaxed) {
            turns.fetch_add(1, Ordering::Relaxed);
        }
    })
    .await
}

/// Copies until the end, and tells of each piece when it sets out.
async fn copy(
    mut from: OwnedReadHalf,
    to: OwnedWriteHalf,
    distance: Duration,
    tell: impl Fn(),
) -> std::io::Result<()> {
    let (way, arriving) = mpsc::unbounded_channel();
    tokio::spawn(deliver(arriving, to));
    loop {
        let mut piece = vec![0; 16 << 10];
        let read = from.read(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        piece.truncate(read);
        tell();
        // Nobody waits for it any more where this fails.
        let _ = way.send((Instant::now() + distance, piece));
    }
}

/// Hands pieces over when their time has come, and ends when there are no more.
async fn deliver(
    mut arriving: mpsc::UnboundedReceiver<(Instant, Vec<u8>)>,
    mut to: OwnedWriteHalf,
) -> std::io::Result<()> {
    while let Some((arrival, piece)) = arriving.recv().await {
        if arrival > Instant::now() {
            sleep_until(arrival).await;
        }
        to.write_all(&piece).await?;
    }
    to.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_sent_before_an_answer_is_one_turn() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = listener.local_addr().unwrap().port();
        let proxy = Proxy::before(server, Duration::ZERO).await.unwrap();
        let mut client = TcpStream::connect(("127.0.0.1", proxy.port()))
            .await
            .unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        let mut letter = [0];
        for turn in 1..=3 {
            for _ in 0..2 {
                client.write_all(b"?").await.unwrap();
                server.read_exact(&mut letter).await.unwrap();
            }
            for _ in 0..2 {
                server.write_all(b"!").await.unwrap();
                client.read_exact(&mut letter).await.unwrap();
            }
            assert_eq!(proxy.turns(), turn);
        }
    }

    #[tokio::test]
    async fn a_question_takes_the_way_there_and_the_answer_the_way_back() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = listener.local_addr().unwrap().port();
        let distance = Duration::from_millis(20);
        let proxy = Proxy::before(server, distance).await.unwrap();
        let mut client = TcpStream::connect(("127.0.0.1", proxy.port()))
            .await
            .unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        let mut letter = [0];
        let begun = Instant::now();
        client.write_all(b"?").await.unwrap();
        server.read_exact(&mut letter).await.unwrap();
        server.write_all(b"!").await.unwrap();
        client.read_exact(&mut letter).await.unwrap();
        assert!(begun.elapsed() >= 2 * distance);
    }
}
