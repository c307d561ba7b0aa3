//! Sessions in Redis, for an application that runs in several processes. Here stands which question becomes which script or
//! command, and how a user's index is kept beside the sessions. It knows no cookie.
//!
//! From the ground up: `slot` says where in a cluster a key is, `topology` and `refusal` read what nodes say about it,
//! `question` is what is sent, `node` one server and the connection to it, `cluster` which node has what, and `connection`
//! whom a question is put to and how often.

mod address;
mod cluster;
mod connection;
mod error;
mod kept_life;
mod keys;
mod node;
mod opening;
mod question;
mod refusal;
mod reply;
mod script;
mod slot;
#[cfg(feature = "redis-tls")]
mod tls;
mod topology;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

pub use self::address::RedisAddressError;
use self::connection::Connection;
use self::keys::{Keys, holds_for};
use self::question::{Answer, Asked, Question};
use self::reply::Due;
use super::server::{
    Commit, Committed, Ending, LeaseId, NewSession, Open, Opened, Record, SessionId, SessionStore,
    StoreError, Take, Taken,
};
use crate::store::Refresh;

/// How many questions about one user's sessions are on their way at a time.
const AT_A_TIME: usize = 128;

/// Sessions in Redis, or in Valkey: they outlive the application, and all of its processes share them. Redis is one server or
/// a cluster.
///
/// It connects when it is first asked, and again by itself when the connection was lost. A question that is not answered within
/// 1.8 seconds, connecting included, is an error; `?timeout=SECONDS` in the [address](Self::new) sets another limit. Redis 6 or
/// newer is needed.
///
/// A question is asked again within that time where the server has certainly not done it: it is starting, it is a replica
/// by now, or the key is another node's. One whose answer was lost is asked again only if that changes nothing; what takes
/// a value or writes one is then an error, since it may have happened.
///
/// Each session is one hash, of a key that begins with `session:`. Its values, its user and its label can be read there by whoever
/// may read Redis, but nothing in it logs anybody in. Redis forgets a session a few minutes after its last second, and needs no
/// purge. Let it evict nothing (`maxmemory-policy noeviction`), or visitors are logged out when it is full. What it
/// loses in a crash is lost: with `appendonly yes` that is at most the last second, with `appendfsync always` nothing.
///
/// In a cluster each session is one node's, and so is each user's list. When a master dies, its sessions and the logins of its
/// lists' users are answered 503, and no others, until a replica is in its place; nothing has to be started again, and nobody is logged out. How long that takes is the cluster's to say: measured with
/// Redis 7.0, three masters and 60 writers, one master killed, it was 17.9 s with the default `cluster-node-timeout` of 15000,
/// 8.0 s with 5000 and 2.2 to 2.8 s with 1000. Sessions of other masters were never refused; while the replica was elected they
/// waited 1.1 s at most.
///
/// What a master has acknowledged and not yet handed to a replica is lost with its machine, and so is what one acknowledges that
/// is cut off from the others: a login or a write of that moment is then gone, and a session that was ended in it lives on.
/// Where a process alone was killed, none of some 100,000 acknowledged writes to its sessions was lost; where its replica had been
/// cut off for three seconds before, all 6,822 of those were. With `min-replicas-to-write 1` on the masters none was: a
/// master without a replica that was heard within `min-replicas-max-lag` refuses to write, which is a 503.
///
/// Which sessions a user has stands in a sorted set, which is not written in the same step as the session. A login writes both at
/// the same time, and fails unless both are written. What an entry says is checked against the session whenever a
/// user's sessions are listed or ended, so that an entry too many does no harm; one that is missing comes back when the
/// session's life is next extended.
///
/// ```no_run
/// use session_runtime::{SessionConfig, SessionLayer, signing::SecretKey, store::RedisStore};
///
/// let store = RedisStore::new("redis://127.0.0.1:6379/0")?;
/// let config = SessionConfig::new(SecretKey::generate()).store(store);
/// let sessions = SessionLayer::new(config);
/// # Ok::<_, session_runtime::store::RedisAddressError>(())
/// ```
#[derive(Clone)]
pub struct RedisStore {
    connection: Arc<Connection>,
    keys: Keys,
}

impl RedisStore {
    /// A store in the Redis of this address. It does not connect yet.
    ///
    /// | address | what it is |
    /// | --- | --- |
    /// | `redis://[user:password@]host[:port][/database]` | a server |
    /// | `redis+unix:///path/to/socket` | the same through a socket in the file system |
    /// | `redis+cluster://[user:password@]host[:port][,host[:port]]` | a cluster, by some of its nodes |
    /// | `rediss://…`, `rediss+cluster://…` | the same through TLS (feature `redis-tls`) |
    ///
    /// `valkey` may stand for `redis`, and `valkeys` for `rediss`. Of a cluster one node that answers is enough, and two or three are
    /// safer: the others are found through it, at the addresses that they announce.
    ///
    /// `?timeout=SECONDS` sets for how long a question is asked before it is an error, as `timeout=5` or `timeout=0.5`; without it
    /// that is 1.8 s. A connection is tried for five ninths of it. Of this limit and
    /// [`SessionConfig::store_timeout`](crate::SessionConfig::store_timeout), which is 2 s without a setting, the shorter one counts:
    /// who wants to wait longer sets both, this one a little less, so that the log says what was tried.
    ///
    /// With TLS the server's certificate must be of the name or the number in the address, in a cluster of those that the
    /// nodes announce (`cluster-announce-hostname`), and signed by somebody whom the system trusts. These options say
    /// otherwise, and are called as in redis-py:
    ///
    /// | option | what it names |
    /// | --- | --- |
    /// | `?ssl_ca_certs=FILE` | certificates, in the format PEM, of those who may sign instead |
    /// | `?ssl_certfile=FILE&ssl_keyfile=FILE` | who we are, for a server that asks (`tls-auth-clients`) |
    ///
    /// The files are read now. Where the application has not chosen a `CryptoProvider` for its process by the first connection,
    /// it is ring.
    ///
    /// # Errors
    ///
    /// [`RedisAddressError`] if the address is malformed, or a file that it names holds something else.
    pub fn new(url: &str) -> Result<Self, RedisAddressError> {
        Ok(Self {
            connection: Arc::new(Connection::to(address::read(url)?)),
            keys: Keys::default(),
        })
    }

    /// The same store with keys that begin with this text and a colon. Applications that share a database need one each,
    /// or what ends the sessions of a user in one ends those of the user of the same name in the other. In a cluster, what stands in
    /// braces in it decides alone where the keys are: all on one node.
    ///
    /// ```
    /// use session_runtime::store::RedisStore;
    ///
    /// let store = RedisStore::new("redis://127.0.0.1")?.with_prefix("shop");
    /// # Ok::<_, session_runtime::store::RedisAddressError>(())
    /// ```
    #[must_use]
    pub fn with_prefix(mut self, prefix: &str) -> Self {
        self.keys = Keys::with_prefix(prefix);
        self
    }

    /// Asks what may be asked again where the answer was lost.
    async fn ask(&self, question: Asked) -> Result<Answer, StoreError> {
        self.connection.ask(Question::Repeatable(question)).await
    }

    async fn ask_once(&self, question: Asked) -> Result<Answer, StoreError> {
        self.connection.ask(Question::Once(question)).await
    }

    /// Notes under the user that the session is theirs. It is on its way while the session itself is written.
    fn note(&self, due: &Due, id: SessionId, now: u64) -> tokio::task::JoinHandle<Noted> {
        let question = script::index(&self.keys, &due.user, id, due.until, now);
        let store = self.clone();
        tokio::spawn(async move { store.ask(question).await.map(drop) })
    }

    /// Takes a session that has ended from its user's list, where nobody waits for it: an entry too many does no harm.
    fn unlist(&self, user: Option<String>, id: SessionId) {
        let Some(user) = user else { return };
        let command = Asked::command("ZREM", self.keys.user(&user)).with(id.to_string());
        let connection = self.connection.clone();
        tokio::spawn(async move {
            let _ = connection.ask(Question::Repeatable(command)).await;
        });
    }

    async fn end_if_of(
        &self,
        id: SessionId,
        now: u64,
        grace: Duration,
        of: Option<&str>,
    ) -> Result<bool, StoreError> {
        let question = script::end(&self.keys, id, now, grace, of);
        let (was_alive, user) = reply::ended(self.ask(question).await?.reply)?;
        self.unlist(user, id);
        Ok(was_alive)
    }

    /// Opens a session as it is, or answers nothing where its life is to be extended.
    async fn look_up(&self, open: &Open) -> Result<Option<Opened>, StoreError> {
        let command = Asked::command("HGETALL", self.keys.session(open.id));
        let answer = self.connection.ask(Question::Repeatable(command)).await?;
        opening::judge(reply::fields(answer.reply)?, open)
    }

    async fn record(&self, id: SessionId) -> Result<Option<Record>, StoreError> {
        let command = Asked::command("HMGET", self.keys.session(id)).with(&reply::RECORD);
        let answer = self.connection.ask(Question::Repeatable(command)).await?;
        reply::record(answer.reply, id)
    }

    /// Commits what may be more than values.
    fn commit_any(
        &self,
        commit: &Commit,
    ) -> impl Future<Output = Result<Committed, StoreError>> + Send {
        let (id, now) = (commit.id, commit.now);
        let is_login = matches!(commit.user, Some(Some(_)));
        let early = match (&commit.user, &commit.life) {
            (Some(Some(user)), Some(life)) => Some(Due {
                user: user.clone(),
                until: holds_for(life, now),
            }),
            _ => None,
        };
        let question = script::commit(&self.keys, commit);
        // Of the commit itself nothing waits for the answer.
        async move {
            let early = early.map(|due| self.note(&due, id, now));
            let answer = self.ask_once(question).await?;
            let (committed, due) = reply::committed(answer.reply)?;
            let Some(due) = due else {
                return Ok(committed);
            };
            match early {
                Some(_) => arrived(early).await?,
                None => {
                    let noted = self.note(&due, id, now);
                    if is_login {
                        arrived(Some(noted)).await?;
                    }
                }
            }
            Ok(committed)
        }
    }
}

/// How many items a list of an ordinary commit has at most. Lua has room for some thousands.
const MOST_ITEMS: usize = 400;

type Noted = Result<(), StoreError>;

impl SessionStore for RedisStore {
    async fn prepare(&self) -> Result<(), StoreError> {
        // One server that has both ends of the slots is no part of a cluster, or all of it.
        for key in self.keys.ends() {
            let command = Asked::command("EXISTS", key);
            self.connection.ask(Question::Repeatable(command)).await?;
        }
        Ok(())
    }

    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        let NewSession { id, now, life, .. } = session;
        let noted = session.user.as_ref().map(|user| {
            let due = Due {
                user: user.clone(),
                until: holds_for(&life, now),
            };
            self.note(&due, id, now)
        });
        let answer = self.ask(script::create(&self.keys, &session)).await?;
        reply::created(answer.reply, answer.was_repeated)?;
        arrived(noted).await
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        // A script costs the server several times as much as a command: it is asked where something is to be written.
        let is_written = open.lease.is_some() || open.refresh == Refresh::EachRequest;
        if !is_written && let Some(opened) = self.look_up(&open).await? {
            return Ok(opened);
        }
        let answer = self.ask(script::open(&self.keys, &open)).await?;
        let (opened, due) = reply::opened(answer.reply, open.id)?;
        if let Some(due) = due {
            // Nobody waits for it. If it is lost, the next one says the same.
            drop(self.note(&due, open.id, open.now));
        }
        Ok(opened)
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        let answer = self.ask_once(script::take(&self.keys, &take)).await?;
        reply::taken(answer.reply)
    }

    fn commit(&self, commit: Commit) -> impl Future<Output = Result<Committed, StoreError>> + Send {
        let is_ordinary = commit.is_ordinary() && is_short(&commit);
        let ordinary = is_ordinary.then(|| script::apply(&self.keys, &commit));
        // No `async fn`, whose future would hold the commit twice.
        async move {
            if let Some(question) = ordinary {
                let answer = self.ask_once(question).await?;
                if reply::applied(answer.reply)? {
                    return Ok(Committed::Applied);
                }
            }
            Box::pin(self.commit_any(&commit)).await
        }
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        self.ask(script::release(&self.keys, id, lease))
            .await
            .map(drop)
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        self.end_if_of(id, now, grace, None).await
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        let command = Asked::command("ZRANGEBYSCORE", self.keys.user(&user));
        let question = Question::Repeatable(command.with(now).with("+inf"));
        let ids = reply::ids(self.connection.ask(question).await?.reply)?;
        let store = self.clone();
        let records = for_each(ids, move |id| {
            let store = store.clone();
            async move { store.record(id).await }
        });
        let mut records: Vec<_> = records
            .await?
            .into_iter()
            .flatten()
            .filter(|record| record.user.as_ref() == Some(&user) && now <= record.expires_at)
            .collect();
        records.sort_unstable_by_key(|record| (record.created_at, record.id));
        Ok(records)
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        let Ending {
            user,
            except,
            keep_newest,
            grace,
            now,
        } = ending;
        let records = self.sessions_of(user.clone(), now).await?;
        let mut others: Vec<_> = records
            .into_iter()
            .map(|record| record.id)
            .filter(|id| Some(*id) != except)
            .collect();
        let kept = usize::try_from(keep_newest).unwrap_or(usize::MAX);
        others.truncate(others.len().saturating_sub(kept));
        let store = self.clone();
        let ended = for_each(others, move |id| {
            let (store, user) = (store.clone(), user.clone());
            async move { store.end_if_of(id, now, grace, Some(&user)).await }
        });
        Ok(ended.await?.into_iter().map(u64::from).sum())
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("address", &self.connection.address())
            .finish_non_exhaustive()
    }
}

/// Whether a script passes each list of the commit on in one piece.
fn is_short(commit: &Commit) -> bool {
    let lists = [commit.set.len(), commit.remove.len(), commit.expected.len()];
    lists.into_iter().all(|items| items <= MOST_ITEMS)
}

/// Waits for an entry of the index, if one is on its way.
async fn arrived(noted: Option<tokio::task::JoinHandle<Noted>>) -> Result<(), StoreError> {
    match noted {
        None => Ok(()),
        // It is only ever given up with the runtime that it runs in.
        Some(noted) => noted.await.unwrap_or_else(|error| {
            Err(StoreError::Failed {
                reason: format!("the user's list was not written: {error}"),
            })
        }),
    }
}

/// Asks the same of each session, many at a time.
async fn for_each<T, F>(
    ids: Vec<SessionId>,
    ask: impl Fn(SessionId) -> F,
) -> Result<Vec<T>, StoreError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    let mut answers = Vec::with_capacity(ids.len());
    let mut asking = JoinSet::new();
    let mut ids = ids.into_iter();
    loop {
        while asking.len() < AT_A_TIME
            && let Some(id) = ids.next()
        {
            asking.spawn(ask(id));
        }
        match asking.join_next().await {
            None => return Ok(answers),
            Some(Ok(answer)) => answers.push(answer?),
            Some(Err(error)) => {
                return Err(StoreError::Failed {
                    reason: format!("a question about a session was given up: {error}"),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::size::assert_futures_are_allocated_quickly;

    #[test]
    fn what_waits_for_an_answer_is_allocated_quickly() {
        let store = RedisStore::new("redis://127.0.0.1").unwrap();
        assert_futures_are_allocated_quickly(&store);
    }
}
