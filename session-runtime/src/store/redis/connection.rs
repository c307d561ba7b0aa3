//! The connection to Redis: made when it is first needed, shared by all requests, and made anew when it was lost. Knows
//! neither sessions nor scripts.
//!
//! The driver's own manager of connections fails the first question after a loss, and answers it with what an earlier
//! attempt to connect has met. Here a connection that the server has closed is told from a living one before it is asked
//! (RESP3: the driver says when it ends), and a question that may be asked twice is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, ErrorKind, IntoConnectionInfo,
    ProtocolVersion, PushInfo, PushKind, RedisError, RedisResult, Value,
};

use super::error::store_error;
use super::script;
use crate::store::StoreError;

/// For how long one question is asked, connecting included. It is less than the layer's own limit, so that the log says
/// what was tried.
const LIMIT: Duration = Duration::from_millis(1800);

/// For how long a connection is tried, so that one that was lost can be made anew within the limit.
const CONNECT: Duration = Duration::from_millis(1000);

/// For how long a connection may leave bytes unacknowledged. A request that is given up by its own limit tells nobody that
/// the server was silent.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const VANISHED: Duration = Duration::from_secs(5);

/// How many questions may wait to be written.
const BUFFER: usize = 1024;

/// What Redis is asked.
pub(super) enum Question {
    /// One that is answered the same when it is asked again, since its first answer was lost.
    Repeatable(Asked),
    /// One that must not happen twice.
    Once(Asked),
}

/// A script or a command.
pub(super) enum Asked {
    Script(script::Question),
    Command(Cmd),
}

/// What Redis answers.
pub(super) struct Answer {
    pub(super) reply: Value,
    /// Whether the question was asked twice, so that it may have happened before.
    pub(super) was_repeated: bool,
}

/// The way to a server.
pub(super) struct Connection {
    client: Client,
    link: Mutex<Option<Link>>,
    /// Whoever has it connects, and the others wait for what comes of that.
    connecting: tokio::sync::Mutex<()>,
}

/// One connection, as long as it lasts.
#[derive(Clone)]
struct Link {
    connection: MultiplexedConnection,
    is_closed: Arc<AtomicBool>,
}

impl Connection {
    /// The way to the server of this address. It is not gone yet.
    pub(super) fn to(url: &str) -> RedisResult<Self> {
        let info: ConnectionInfo = url.into_connection_info()?;
        let settings = info
            .redis_settings()
            .clone()
            .set_protocol(ProtocolVersion::RESP3);
        let info = info
            .set_redis_settings(settings)
            .set_tcp_settings(tcp_settings());
        Ok(Self {
            client: Client::open(info)?,
            link: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
        })
    }

    /// Where the server is, without user name and password.
    pub(super) fn address(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    /// What the server answers.
    pub(super) async fn ask(&self, question: Question) -> Result<Answer, StoreError> {
        let mut used = None;
        let answer = tokio::time::timeout(LIMIT, self.answer(&question, &mut used)).await;
        match answer {
            Ok(answer) => answer.map_err(|error| store_error(&error, &self.address())),
            Err(_) => {
                // Whoever is silent may be gone without a word.
                if let Some(link) = used {
                    self.forget(&link);
                }
                Err(StoreError::TimedOut { limit: LIMIT })
            }
        }
    }

    async fn answer(&self, question: &Question, used: &mut Option<Link>) -> RedisResult<Answer> {
        let (asked, is_repeatable) = match question {
            Question::Repeatable(asked) => (asked, true),
            Question::Once(asked) => (asked, false),
        };
        let mut was_repeated = false;
        loop {
            let link = used.insert(self.link().await?);
            match asked.send(link.connection.clone()).await {
                Ok(reply) => {
                    return Ok(Answer {
                        reply,
                        was_repeated,
                    });
                }
                Err(error) => {
                    let is_lost = error.is_connection_dropped();
                    if is_lost {
                        self.forget(link);
                    }
                    if !is_lost || was_repeated || !is_repeatable {
                        return Err(error);
                    }
                    was_repeated = true;
                }
            }
        }
    }

    /// The connection that there is, or a new one.
    async fn link(&self) -> RedisResult<Link> {
        if let Some(link) = self.current() {
            return Ok(link);
        }
        let _turn = self.connecting.lock().await;
        if let Some(link) = self.current() {
            return Ok(link);
        }
        let link = self.connect().await?;
        *self.lock() = Some(link.clone());
        Ok(link)
    }

    async fn connect(&self) -> RedisResult<Link> {
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = is_closed.clone();
        let note = move |push: PushInfo| {
            if push.kind == PushKind::Disconnection {
                closed.store(true, Ordering::Release);
            }
            Ok::<_, RedisError>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(None)
            .set_pipeline_buffer_size(BUFFER)
            .set_push_sender(note);
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        // The driver's limit is for the socket alone: a server that accepts and says nothing is one that is not there.
        let connection = tokio::time::timeout(CONNECT, connection).await;
        let connection = connection.unwrap_or_else(|_| {
            let silence = format!("no connection within {} s", CONNECT.as_secs());
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

/// Small questions are sent at once, and a server that vanished without a word is found out soon.
fn tcp_settings() -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    let settings = settings.set_user_timeout(VANISHED);
    settings
}

impl Asked {
    async fn send(&self, mut connection: MultiplexedConnection) -> RedisResult<Value> {
        match self {
            Self::Script(script) => script.invoke_async(&mut connection).await,
            Self::Command(command) => command.query_async(&mut connection).await,
        }
    }
}
