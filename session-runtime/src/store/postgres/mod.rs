//! Sessions in PostgreSQL: for an application that is several processes and has a database already. This says what each
//! question of [`SessionStore`] becomes, one statement and one round trip each; it knows no cookie and no request.
//!
//! To open and to commit are asked in short where they are what they mostly are, and the long statement only where the short one
//! has no answer: whatever may be, judged in one statement, costs the server two and three times as much. Short ones that come at
//! the same time go together.
// The statements are files in questions/, each the whole of what is decided and done. Plain statements, and no functions in
// the database: then versions of ours that run side by side need to agree on the table only.

mod address;
mod answer;
mod batch;
mod batching;
mod connection;
mod database;
mod distance;
mod encryption;
mod failure;
mod ordinary;
mod pool;
mod question;
mod schema;
mod text;
#[cfg(feature = "postgres-tls")]
mod tls;

use std::fmt;
use std::time::Duration;

use tokio_postgres::types::ToSql;

pub use self::address::PostgresAddressError;
use self::batch::Batches;
use self::connection::Connections;
use self::database::Database;
use self::question::{Columns, seconds};
use super::server::{
    Commit, Committed, Ending, LeaseId, NewSession, Open, Opened, Record, SessionId, SessionStore,
    StoreError, Take, Taken,
};

/// Sessions in PostgreSQL, version 13 or newer, for any number of processes.
///
/// It connects when it is first asked, and again whenever it has to: a server that is restarted is found again, and a
/// connection that the server has closed meanwhile costs no request. A question that the server refuses because it shuts
/// down is asked once more elsewhere; one whose answer was lost is an error, since it may have been done.
///
/// Requests that ask at the same time are answered together: who asks while another is waiting for its answer waits for that
/// too, a millisecond at most, and all who have waited go in one statement, with one round trip and one wait for the disk. A
/// session that somebody else has locked keeps none of them waiting. Where the server is some way off, more of these are under way
/// at a time.
///
/// # The database
///
/// [`prepare`](SessionStore::prepare) makes two tables, `session_runtime_sessions` and `session_runtime_schema`, where a
/// new table goes by default: the first schema of the role's `search_path`. The role that starts the application for the first
/// time, or in a new version, has to be allowed to make them; afterwards `SELECT`, `INSERT`, `UPDATE` and `DELETE` are enough. An
/// older version of this crate works on beside a newer one, unless the newer has changed the tables so that it cannot, which
/// is then [`StoreError::Incompatible`].
///
/// The table has the hash of each session's secret, so that whoever reads it can log in as nobody. The values in it can be
/// read.
///
/// A standby is refused, since it answers with what was true a while ago: where the address has several hosts, say
/// `target_session_attrs=read-write`.
///
/// Behind PgBouncer use version 1.21 or newer with `max_prepared_statements`, and `pool_mode = session` where the
/// default isolation of the database is not `read committed`.
///
/// Applications that share a database need a schema each, or what ends the sessions of a user in one ends those of the user
/// of the same name in the other: `postgres://app@localhost/app?options=-c%20search_path%3Dshop`, where the schema `shop`
/// exists.
///
/// Sessions whose time has passed are removed now and then
/// ([`SessionConfig::purge_interval`](crate::SessionConfig::purge_interval)), by one of the processes at a time: an advisory lock
/// says whose turn it is, and the others do not wait for it.
///
/// # Encryption
///
/// A connection is encrypted where the address demands it, and then the server proves who it is. It takes the feature
/// `postgres-tls`, without which such an address is refused. The server's certificate is judged by the authorities in the file
/// `sslrootcert`, in PEM, or by the system's.
///
/// | `sslmode` | connection | the server's certificate |
/// | --- | --- | --- |
/// | none, `disable`, `allow`, `prefer` | not encrypted | |
/// | `require`, `verify-full` | encrypted, or none | signed by an authority, for the host of the address (`subjectAltName`) |
/// | `verify-ca` | encrypted, or none | signed by an authority in `sslrootcert`, for whatever host |
///
/// Two of them are stricter than they are to PostgreSQL's own clients. `require` believes no server that only says who it is:
/// whoever sits in between says so too. And `allow` and `prefer`, with which a client may be talked out of encryption, do not
/// begin with it. Certificates are read when the store is made; those of the client are not used.
///
/// `postgres://app@db.internal/app?sslmode=verify-full&sslrootcert=%2Fetc%2Fssl%2Fdb-ca.pem` is an address with all of it. The
/// server's Unix socket (`postgres://user@%2Fvar%2Frun%2Fpostgresql/database`) does not leave the machine and is never encrypted.
///
/// ```no_run
/// use session_runtime::store::PostgresStore;
/// use session_runtime::{SessionConfig, SessionLayer, signing::SecretKey};
///
/// let store = PostgresStore::new("postgres://app:password@db.internal/app")?.max_connections(8);
/// let sessions = SessionLayer::new(SessionConfig::new(SecretKey::generate()).store(store));
/// # Ok::<_, session_runtime::store::PostgresAddressError>(())
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    database: Database,
    batches: Batches,
}

impl PostgresStore {
    /// A store at this address: `postgres://user:password@host:port/database`, with the options of PostgreSQL's own
    /// addresses, such as `?connect_timeout=1` in seconds, or several hosts (`host1,host2`) with
    /// `?target_session_attrs=read-write`. It connects later, so a server that is down is no error here.
    ///
    /// It uses at most 16 connections, and waits for a new one at most 1.5 seconds.
    ///
    /// ```
    /// use session_runtime::store::PostgresStore;
    ///
    /// assert!(PostgresStore::new("postgres://app@localhost/app").is_ok());
    /// let error = PostgresStore::new("mysql://app:hunter2@localhost/app").unwrap_err();
    /// assert!(!error.to_string().contains("hunter2"));
    /// ```
    ///
    /// # Errors
    ///
    /// [`PostgresAddressError`] if that is no such address, or demands what this program cannot do.
    pub fn new(address: &str) -> Result<Self, PostgresAddressError> {
        Ok(Self::of(address::read(address)?, pool::CONNECTIONS))
    }

    /// How many connections it uses at most, and at least one. PostgreSQL allows 100 altogether unless it is told otherwise.
    #[must_use]
    pub fn max_connections(self, limit: usize) -> Self {
        let connections = self.database.pool().manager().clone();
        Self::of(connections, limit.max(1))
    }

    fn of(connections: Connections, limit: usize) -> Self {
        let database = Database::new(pool::new(connections, limit));
        let batches = Batches::new(&database);
        Self { database, batches }
    }
}

/// The long form of one question.
impl PostgresStore {
    /// Commits what may be more than values.
    async fn commit_any(&self, commit: &Commit) -> Result<Committed, StoreError> {
        let expected = Columns::of_optional(&commit.expected);
        let set = Columns::of(&commit.set);
        let removed: Vec<_> = commit.remove.iter().map(|name| text::kept(name)).collect();
        let ends_with_only: Option<Vec<_>> = commit
            .ends_with_only
            .map(|names| names.iter().map(|name| text::kept(name)).collect());
        let user = commit.user.as_ref().and_then(Option::as_deref);
        let label = commit.label.as_ref().and_then(Option::as_deref);
        let rows = self
            .database
            .ask(
                &question::COMMIT,
                &[
                    &&commit.id.as_bytes()[..],
                    &seconds(commit.generation),
                    &commit.lease.as_ref().map(|lease| &lease.as_bytes()[..]),
                    &expected.names,
                    &expected.values,
                    &commit.clear,
                    &removed,
                    &set.names,
                    &set.values,
                    &ends_with_only,
                    &commit.user.is_some(),
                    &user.map(text::kept),
                    &commit.label.is_some(),
                    &label.map(text::kept),
                    &commit
                        .renewal
                        .as_ref()
                        .map(|renewal| &renewal.secret.as_bytes()[..]),
                    &commit.renewal.map(|renewal| renewal.keeps_user),
                    &commit.life.map(|life| seconds(life.idle)),
                    &commit.life.and_then(|life| life.ends_at).map(seconds),
                    &seconds(commit.grace.as_secs()),
                    &seconds(commit.now),
                ],
            )
            .await?;
        answer::committed(&rows)
    }
}

impl SessionStore for PostgresStore {
    async fn prepare(&self) -> Result<(), StoreError> {
        self.database.prepare().await
    }

    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        let values = Columns::of(&session.values);
        let user = session.user.as_deref().map(text::kept);
        let label = session.label.as_deref().map(text::kept);
        let created = self
            .database
            .count(
                &question::CREATE,
                &[
                    &&session.id.as_bytes()[..],
                    &&session.secret.as_bytes()[..],
                    &values.names,
                    &values.values,
                    &user,
                    &label,
                    &seconds(session.now),
                    &seconds(session.life.idle),
                    &session.life.ends_at.map(seconds),
                ],
            )
            .await?;
        if created == 0 {
            return Err(StoreError::Exists);
        }
        Ok(())
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        if let Some(opened) = self.ordinary(&open).await? {
            return Ok(opened);
        }
        let lease = open.lease.as_ref().map(|(lease, _)| &lease.as_bytes()[..]);
        let question = if lease.is_none() {
            &question::OPEN
        } else {
            &question::OPEN_LEASED
        };
        let rows = self
            .database
            .ask(
                question,
                &[
                    &&open.id.as_bytes()[..],
                    &&open.secret.as_bytes()[..],
                    &ordinary::due_by(&open),
                    &lease,
                    &open.lease.map(|(_, until)| seconds(until)),
                    &seconds(open.grace.as_secs()),
                    &seconds(open.now),
                ],
            )
            .await?;
        answer::opened(&rows)
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        let names: Vec<_> = take.names.iter().map(|name| text::kept(name)).collect();
        let rows = self
            .database
            .ask(
                &question::TAKE,
                &[
                    &&take.id.as_bytes()[..],
                    &seconds(take.generation),
                    &names,
                    &seconds(take.now),
                ],
            )
            .await?;
        answer::taken(&rows, take.names)
    }

    fn commit(&self, commit: Commit) -> impl Future<Output = Result<Committed, StoreError>> + Send {
        let is_ordinary = ordinary::is_ordinary(&commit);
        // No `async fn`, whose future would hold the commit twice.
        async move {
            if is_ordinary && self.apply(&commit).await? {
                return Ok(Committed::Applied);
            }
            Box::pin(self.commit_any(&commit)).await
        }
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        let parameters: [&(dyn ToSql + Sync); 2] = [&&id.as_bytes()[..], &&lease.as_bytes()[..]];
        self.database.ask(&question::RELEASE, &parameters).await?;
        Ok(())
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        let (now, grace) = (seconds(now), seconds(grace.as_secs()));
        let ended = self
            .database
            .count(&question::END, &[&&id.as_bytes()[..], &now, &grace])
            .await?;
        Ok(ended > 0)
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        let parameters: [&(dyn ToSql + Sync); 2] = [&text::kept(&user), &seconds(now)];
        let rows = self
            .database
            .ask(&question::SESSIONS_OF, &parameters)
            .await?;
        rows.iter().map(answer::record).collect()
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        self.database
            .count(
                &question::END_SESSIONS_OF,
                &[
                    &text::kept(&ending.user),
                    &ending.except.as_ref().map(|id| &id.as_bytes()[..]),
                    &i64::from(ending.keep_newest),
                    &seconds(ending.now),
                    &seconds(ending.grace.as_secs()),
                ],
            )
            .await
    }

    async fn purge(&self, now: u64, limit: u32) -> Result<u64, StoreError> {
        let (now, limit) = (seconds(now), i64::from(limit));
        self.database.count(&question::PURGE, &[&now, &limit]).await
    }
}

impl fmt::Debug for PostgresStore {
    /// Without the address, which may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("connections", &self.database.pool().status().size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::size::assert_futures_are_allocated_quickly;

    #[test]
    fn what_waits_for_an_answer_is_allocated_quickly() {
        let store = PostgresStore::new("postgres://app@localhost/app").unwrap();
        assert_futures_are_allocated_quickly(&store);
    }
}
