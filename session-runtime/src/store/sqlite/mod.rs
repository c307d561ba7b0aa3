//! Sessions in a file of SQLite's: for an application on one machine, of one process or of several. This room knows the file;
//! what becomes of a session it is told.

mod commit;
mod crew;
mod ending;
mod fault;
mod file;
mod log;
mod opening;
mod question;
mod row;
mod schema;
mod transaction;

use std::fmt;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use self::crew::Crew;
use self::file::SessionFile;
use self::opening::Look;
use super::server::{
    Commit, Committed, Ending, LeaseId, NewSession, Open, Opened, Record, SessionId, SessionStore,
    StoreError, Take, Taken,
};

/// For how long a question waits for another process, unless it is said otherwise: less than the store's time-out, so that the
/// log has the cause.
const BUSY_TIMEOUT: Duration = Duration::from_millis(1500);

/// How many threads read, at the most and at the least.
const READERS: (usize, usize) = (2, 8);

/// How many sessions are purged at once. Others write in between.
const PURGED_AT_ONCE: u32 = 500;

/// Sessions in a file, with SQLite built in (feature `sqlite`, which needs a C compiler when it is built).
///
/// The file and its tables are made where they are missing, when the store is [prepared](SessionStore::prepare) or first
/// asked. Only its owner may read a file that is made so. The file is the sessions' own: one that holds another program's
/// tables, or those of a version that this one does not know, is refused with [`StoreError::Incompatible`].
///
/// ```
/// use session_runtime::{SessionConfig, SessionLayer, signing::SecretKey, store::SqliteStore};
///
/// # let path = std::env::temp_dir().join(format!("sessions-new-{}.sqlite", std::process::id()));
/// let config = SessionConfig::new(SecretKey::generate()).store(SqliteStore::new(path));
/// let sessions = SessionLayer::new(config);
/// ```
///
/// # Several processes
///
/// Any number of processes of one machine may use the file at the same time, and lose nothing of each other's. It has to be
/// on a local disk: SQLite's write-ahead log does not work on a network file system. Beside the file are two others, with
/// `-wal` and `-shm` at the end of their names, which belong to it: copy all three or, better, let
/// `sqlite3 FILE "VACUUM INTO 'COPY'"` make the copy.
///
/// # What a crash may lose
///
/// Nothing that a response has acknowledged, when the process is killed or panics. A power cut or a crash of the operating
/// system may lose the last commits, never more than what has been written since SQLite last wrote its log back, and damages
/// nothing: the sessions are then as they were a moment before. [`synchronous_full`](Self::synchronous_full) loses nothing then
/// either.
///
/// # Costs
///
/// Opening a session reads, and waits for no writer. One at a time writes, in all processes; what several requests of
/// one process want written at the same time is written together. SQLite's log is written back into the file by a thread of
/// its own, beside the requests; under steady writing it grows to some tens of megabytes before it begins anew. The file does
/// not shrink when sessions end, but their room is used again.
pub struct SqliteStore {
    readers: Crew,
    writer: Crew,
}

impl SqliteStore {
    /// Sessions in the file at this path. Nothing is opened yet, so that nothing can fail here.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::of(SessionFile {
            path: path.into(),
            waits_for_disk: false,
            busy_timeout: BUSY_TIMEOUT,
        })
    }

    /// Lets each commit wait until the disk has it (SQLite's `synchronous = FULL`, where it is `NORMAL` without this setting),
    /// so that a power cut loses nothing that a response has acknowledged. It makes a change cost what the disk takes, often some
    /// milliseconds. Requests that come at the same time share that.
    ///
    /// ```
    /// # use session_runtime::store::{SessionStore, SqliteStore};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("sessions-full-{}.sqlite", std::process::id()));
    /// let store = SqliteStore::new(&path).synchronous_full();
    /// store.prepare().await?;
    /// # drop(store);
    /// # std::fs::remove_file(path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn synchronous_full(self) -> Self {
        Self::of(SessionFile {
            waits_for_disk: true,
            ..self.file()
        })
    }

    /// For how long a question waits until another process lets the file go, 1.5 s without this setting. After that it fails,
    /// and the request that needs its session is answered 503. More than
    /// [`SessionConfig::store_timeout`](crate::SessionConfig::store_timeout) is of no use.
    ///
    /// ```
    /// use std::time::Duration;
    /// use session_runtime::store::SqliteStore;
    ///
    /// let store = SqliteStore::new("sessions.sqlite").busy_timeout(Duration::from_millis(500));
    /// ```
    #[must_use]
    pub fn busy_timeout(self, timeout: Duration) -> Self {
        Self::of(SessionFile {
            busy_timeout: timeout,
            ..self.file()
        })
    }

    fn of(file: SessionFile) -> Self {
        let (fewest, most) = READERS;
        let readers =
            available_parallelism().map_or(fewest, |cores| cores.get().clamp(fewest, most));
        Self {
            readers: Crew::readers(file.clone(), readers),
            writer: Crew::writer(file),
        }
    }

    fn file(&self) -> SessionFile {
        self.writer.file().clone()
    }
}

impl SessionStore for SqliteStore {
    async fn prepare(&self) -> Result<(), StoreError> {
        self.writer
            .ask(|connection| schema::content(connection).map(drop))
            .await
    }

    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        self.writer
            .ask(move |connection| row::insert(connection, &session))
            .await
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        if !opening::writes(&open) {
            let question = open.clone();
            let look = self
                .readers
                .ask(move |connection| opening::look(connection, &question))
                .await?;
            if let Look::Answer(answer) = look {
                return Ok(answer);
            }
        }
        self.writer
            .ask(move |connection| opening::open(connection, &open))
            .await
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        self.writer
            .ask(move |connection| commit::take(connection, take))
            .await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        self.writer
            .ask(move |connection| commit::commit(connection, &commit))
            .await
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        self.writer
            .ask(move |connection| commit::release(connection, id, lease))
            .await
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        self.writer
            .ask(move |connection| ending::end(connection, id, now, grace))
            .await
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        self.readers
            .ask(move |connection| ending::sessions_of(connection, &user, now))
            .await
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        self.writer
            .ask(move |connection| ending::end_sessions_of(connection, &ending))
            .await
    }

    async fn purge(&self, now: u64, limit: u32) -> Result<u64, StoreError> {
        let has_expired = move |connection: &_| ending::has_expired(connection, now);
        let mut purged = 0;
        let mut left = limit;
        while left > 0 && self.readers.ask(has_expired).await? {
            let batch = left.min(PURGED_AT_ONCE);
            purged += self
                .writer
                .ask(move |connection| ending::purge(connection, now, batch))
                .await?;
            left -= batch;
        }
        Ok(purged)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.writer.file();
        f.debug_struct("SqliteStore")
            .field("path", &file.path)
            .field("busy_timeout", &file.busy_timeout)
            .finish_non_exhaustive()
    }
}
