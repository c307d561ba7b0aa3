//! One server, and the connection to it: made when it is first needed, shared by all requests, and made anew when it was lost.
//! Knows no other server.
//!
//! The driver's own manager of connections fails the first question after a loss, and answers it with what an earlier
//! attempt to connect has met. Here a connection that the server has closed is told from a living one before it is asked
//! (RESP3: the driver says when it ends), and an attempt answers those alone who have waited for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, ErrorKind, PushInfo, PushKind,
    RedisError, RedisResult, Value,
};

use super::question::Asked;
use super::refusal::Place;

/// After which silence a server may be gone without a word.
const SILENCE: Duration = Duration::from_millis(500);

/// How many questions may wait to be written.
const BUFFER: usize = 1024;

/// A server.
pub(super) struct Node {
    info: ConnectionInfo,
    /// For how long a connection is tried.
    patience: Duration,
    link: Mutex<Option<Link>>,
    /// Whoever has it connects, and the others wait for what comes of that: here is what has come of the last attempt that
    /// failed, and when.
    connecting: tokio::sync::Mutex<Option<(Instant, RedisError)>>,
    /// Whether somebody has waited for it in vain.
    is_doubted: AtomicBool,
}

/// Why a server has not answered a question.
pub(super) enum Failure {
    /// There was no connection, so that it did not happen.
    Unconnected(RedisError),
    /// The connection was lost, and what became of the question is not known.
    Lost(RedisError),
    /// The server has answered with an error.
    Refused(RedisError),
}

/// One connection, as long as it lasts.
#[derive(Clone)]
struct Link {
    connection: MultiplexedConnection,
    is_closed: Arc<AtomicBool>,
}

impl Node {
    pub(super) fn new(info: ConnectionInfo, patience: Duration) -> Self {
        Self {
            info,
            patience,
            link: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            is_doubted: AtomicBool::new(false),
        }
    }

    /// Where it is, without user name and password.
    pub(super) fn address(&self) -> String {
        self.info.addr().to_string()
    }

    /// The same in two, if it is not a socket in the file system.
    pub(super) fn place(&self) -> Option<Place> {
        match self.info.addr() {
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
                Some(Place {
                    host: host.clone(),
                    port: *port,
                })
            }
            _ => None,
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.current().is_some()
    }

    /// Whether somebody has waited for it in vain since this was last asked.
    pub(super) fn was_silent(&self) -> bool {
        self.is_doubted.swap(false, Ordering::Relaxed)
    }

    /// What the server answers; `is_asking` where another has sent us here for a key that is not its own yet.
    pub(super) async fn ask(&self, asked: &Asked, is_asking: bool) -> Result<Value, Failure> {
        let mut watch = Watch::on(self);
        let link = self.link().await;
        let link = link.inspect_err(|_| watch.is_over = true);
        let link = watch.link.insert(link.map_err(Failure::Unconnected)?);
        let connection = link.connection.clone();
        let answer = if is_asking {
            Box::pin(asked.send_asking(connection)).await
        } else {
            asked.send(connection).await
        };
        let failure = match answer {
            Ok(reply) => Ok(reply),
            // A server that was made a replica may be behind a name or an address that is another server's by now.
            Err(error) if error.code() == Some("READONLY") => {
                self.forget(link);
                Err(Failure::Refused(error))
            }
            Err(error) if error.code().is_some() => Err(Failure::Refused(error)),
            Err(error) => {
                self.forget(link);
                Err(Failure::Lost(error))
            }
        };
        watch.is_over = true;
        failure
    }

    /// The connection that there is, or a new one.
    async fn link(&self) -> RedisResult<Link> {
        match self.current() {
            Some(link) => Ok(link),
            // Boxed, since it is large, rare, and else a part of every question's future.
            None => Box::pin(self.new_link()).await,
        }
    }

    /// A new connection, if nobody else has just made one.
    async fn new_link(&self) -> RedisResult<Link> {
        let began = Instant::now();
        let mut failed = self.connecting.lock().await;
        if let Some(link) = self.current() {
            return Ok(link);
        }
        match &*failed {
            Some((at, error)) if *at >= began => return Err(error.clone()),
            _ => {}
        }
        match self.connect().await {
            Ok(link) => {
                *self.lock() = Some(link.clone());
                Ok(link)
            }
            Err(error) => {
                *failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn connect(&self) -> RedisResult<Link> {
        #[cfg(feature = "redis-tls")]
        if matches!(self.info.addr(), ConnectionAddr::TcpTls { .. }) {
            super::tls::choose_cryptography();
        }
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = is_closed.clone();
        let note = move |push: PushInfo| {
            if push.kind == PushKind::Disconnection {
                closed.store(true, Ordering::Release);
            }
            Ok::<_, RedisError>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.patience))
            .set_response_timeout(None)
            .set_pipeline_buffer_size(BUFFER)
            .set_push_sender(note);
        let client = Client::open(self.info.clone())?;
        let connection = client.get_multiplexed_async_connection_with_config(&config);
        // The driver's limit is for the socket alone: a server that accepts and says nothing is one that is not there.
        let connection = tokio::time::timeout(self.patience, connection).await;
        let connection = connection.unwrap_or_else(|_| {
            let silence = format!("no connection within {} s", self.patience.as_secs_f32());
            Err((ErrorKind::Io, "timed out", silence).into())
        })?;
        Ok(Link {
            connection,
            is_closed,
        })
    }

    fn current(&self) -> Option<Link> {
        let link = self.lock();
        link.as_ref()
            .filter(|link| !link.is_closed.load(Ordering::Acquire))
            .cloned()
    }

    /// Lets go of a connection, if no other has taken its place.
    fn forget(&self, lost: &Link) {
        self.lock()
            .take_if(|link| Arc::ptr_eq(&link.is_closed, &lost.is_closed));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Link>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks whether a question is given up, by whatever limit, after the server has been silent for long.
struct Watch<'a> {
    node: &'a Node,
    link: Option<Link>,
    since: Instant,
    is_over: bool,
}

impl<'a> Watch<'a> {
    fn on(node: &'a Node) -> Self {
        Self {
            node,
            link: None,
            since: Instant::now(),
            is_over: false,
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if self.is_over || self.since.elapsed() < SILENCE {
            return;
        }
        if let Some(link) = &self.link {
            self.node.forget(link);
        }
        self.node.is_doubted.store(true, Ordering::Relaxed);
    }
}
