//! One connection: it is made, knows its prepared statements, and is thrown away when it is no good any more. Taking one
//! out of the pool asks the server nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};
#[cfg(feature = "postgres-tls")]
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::Failure;
use super::question::Question;

/// Said to the server once a connection. The statements count on seeing, after they have waited for a row, what has become of
/// it; and none of them is long enough to be worth compiling. The first is refused by a standby, which would answer with a
/// session that has been ended since. Each statement is planned once, and finds rows by an index: what else PostgreSQL would
/// choose for a table that is small, or that it knows nothing of yet, it would keep when the table has grown.
const SETTINGS: &str = "SET transaction_read_only = off; SET default_transaction_isolation = 'read committed'; SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// What makes connections, for the pool.
#[derive(Clone)]
pub(super) struct Connections {
    pub(super) config: Config,
    /// What encrypts them, if they are to be.
    #[cfg(feature = "postgres-tls")]
    tls: Option<MakeRustlsConnect>,
}

impl Connections {
    pub(super) fn unencrypted(config: Config) -> Self {
        Self {
            config,
            #[cfg(feature = "postgres-tls")]
            tls: None,
        }
    }

    #[cfg(feature = "postgres-tls")]
    pub(super) fn encrypted(config: Config, tls: MakeRustlsConnect) -> Self {
        Self {
            config,
            tls: Some(tls),
        }
    }

    /// Where the servers are, without a user's name and password.
    pub(super) fn servers(&self) -> String {
        let ports = self.config.get_ports();
        let server = |(index, host): (usize, &Host)| {
            // One port is that of all hosts.
            let port = ports.get(index).or(ports.first()).unwrap_or(&5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(path) => format!("{}, port {port}", path.display()),
            }
        };
        let hosts = self.config.get_hosts().iter().enumerate();
        hosts.map(server).collect::<Vec<_>>().join(", ")
    }

    async fn connect(&self) -> Result<Connection, Error> {
        #[cfg(feature = "postgres-tls")]
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await?;
            return Connection::begun(client, connection).await;
        }
        let (client, connection) = self.config.connect(NoTls).await?;
        Connection::begun(client, connection).await
    }

    #[cfg(all(test, feature = "postgres-tls"))]
    pub(super) fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }
}

/// A connection that the pool has.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    /// Ends with the connection, and says whether the server was the one who took leave, with nothing under way.
    driver: JoinHandle<bool>,
    /// Whether a question was begun that has no answer, as when whoever asked did not wait for it: the next one would wait
    /// behind it.
    is_asking: bool,
}

impl Connection {
    /// One that has just been made, as it is to be.
    async fn begun<S, T>(
        client: Client,
        connection: tokio_postgres::Connection<S, T>,
    ) -> Result<Self, Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let driver = tokio::spawn(async move {
            let end = connection.await;
            end.is_err_and(|error| error.as_db_error().is_some())
        });
        client.batch_execute(SETTINGS).await?;
        Ok(Self {
            client,
            statements: HashMap::new(),
            driver,
            is_asking: false,
        })
    }

    /// Asks, and waits for the answer.
    pub(super) async fn ask(
        &mut self,
        question: &'static Question,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Failure> {
        self.is_asking = true;
        let statement = self.prepared(question).await?;
        let answer = match self.client.query(&statement, parameters).await {
            Err(error) if error.is_closed() && self.was_taken_leave_of().await => {
                Err(Failure::NothingDone(error))
            }
            Err(error) => Err(Failure::of(error)),
            Ok(rows) => Ok(rows),
        };
        self.is_asking = matches!(answer, Err(Failure::NothingDone(_) | Failure::Lost(_)));
        answer
    }

    /// For what is no single question. Unless it [finishes](Self::finish) the connection is thrown away.
    pub(super) fn begin(&mut self) -> &mut Client {
        self.is_asking = true;
        &mut self.client
    }

    pub(super) fn finish(&mut self) {
        self.is_asking = false;
    }

    /// To prepare is to do nothing yet, so the question may be asked elsewhere where the connection ends meanwhile.
    async fn prepared(&mut self, question: &'static Question) -> Result<Statement, Failure> {
        match self.statements.entry(question.name) {
            Entry::Occupied(known) => Ok(known.get().clone()),
            Entry::Vacant(place) => match self.client.prepare(question.sql).await {
                Ok(statement) => Ok(place.insert(statement).clone()),
                Err(error) => Err(match Failure::of(error) {
                    Failure::Lost(error) => Failure::NothingDone(error),
                    other => other,
                }),
            },
        }
    }

    /// Whether the connection, which is closed, was closed by a server that said so while nothing was under way. Then the
    /// question was never sent.
    async fn was_taken_leave_of(&mut self) -> bool {
        (&mut self.driver).await.unwrap_or(false)
    }
}

impl Manager for Connections {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection, Error> {
        // The way to a connection takes kilobytes while it is gone, which each question would have room for.
        Box::pin(self.connect()).await
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Error> {
        if connection.is_asking || connection.client.is_closed() {
            return Err(RecycleError::message("the connection is no good any more"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_with_their_ports_and_without_a_password() {
        for (address, servers) in [
            (
                "postgres://app:hunter2@db.internal/shop",
                "db.internal:5432",
            ),
            (
                "postgres://app:hunter2@a:6000,b:6001/shop",
                "a:6000, b:6001",
            ),
            ("host=a,b port=6000", "a:6000, b:6000"),
            ("host=/run/postgresql", "/run/postgresql, port 5432"),
        ] {
            let config = address.parse().unwrap();
            assert_eq!(Connections::unencrypted(config).servers(), servers);
        }
    }
}
