//! A proxy before a store's server that counts round trips. It knows no protocol: a turn begins when the application sends
//! something after it has been sent something, so that what is sent together is one turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::Error;

/// A proxy. Its connections live as long as the runtime.
pub(crate) struct Proxy {
    port: u16,
    turns: Arc<AtomicU64>,
}

impl Proxy {
    /// On a free port, before this one.
    pub(crate) async fn before(server: u16) -> Result<Self, Error> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let turns = Arc::new(AtomicU64::new(0));
        let counter = turns.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, counter.clone()));
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

async fn pass(client: TcpStream, server: u16, turns: Arc<AtomicU64>) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let is_waiting = Arc::new(AtomicBool::new(false));
    let waits = is_waiting.clone();
    tokio::spawn(copy(from_server, to_client, move || {
        waits.store(false, Ordering::Relaxed);
    }));
    copy(from_client, to_server, move || {
        if !is_waiting.swap(true, Ordering::Relaxed) {
            turns.fetch_add(1, Ordering::Relaxed);
        }
    })
    .await
}

/// Copies until the end, and tells of each piece before it is passed on.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    tell: impl Fn(),
) -> std::io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        tell();
        to.write_all(&piece[..read]).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_sent_before_an_answer_is_one_turn() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy = Proxy::before(listener.local_addr().unwrap().port())
            .await
            .unwrap();
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
}
