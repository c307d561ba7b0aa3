//! Connections to one file, as they are to be: in WAL mode, patient with other processes, with the tables there. Knows no
//! session.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::fault::Fault;
use super::schema::{self, Content};
use crate::store::StoreError;

/// How often a lock is asked for. SQLite's own pauses grow to 100 ms, so that of two busy processes one gets hardly a turn.
const PAUSE: Duration = Duration::from_micros(500);

/// The log is cut to this size after it has grown larger, as in a flood of writes.
const MOST_LOG_BYTES: i64 = 64 << 20;

/// How many statements stay prepared, which is all there are.
const STATEMENTS: usize = 48;

/// A file that sessions are kept in.
#[derive(Clone, Debug)]
pub(super) struct SessionFile {
    pub(super) path: PathBuf,
    /// Whether each commit waits until the disk has it.
    pub(super) waits_for_disk: bool,
    /// How long to wait for another process.
    pub(super) busy_timeout: Duration,
}

impl SessionFile {
    /// Opens the file, and makes it and its tables if they are missing. The connection belongs to this thread.
    pub(super) fn connect(&self) -> Result<Connection, Fault> {
        self.check_path()?;
        make_private(&self.path);
        let since = Instant::now();
        loop {
            // A process that turns the log on, or that recovers it, has the file for itself, and SQLite does not always wait.
            match self.try_connect() {
                Err(fault) if fault.is_busy() && since.elapsed() < self.busy_timeout => {
                    std::thread::sleep(PAUSE);
                }
                outcome => return outcome,
            }
        }
    }

    pub(super) fn tell(&self, fault: Fault) -> StoreError {
        fault.tell(&self.path, self.busy_timeout)
    }

    fn try_connect(&self) -> Result<Connection, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags)?;
        PATIENCE.set(self.busy_timeout);
        connection.busy_handler(Some(is_patient))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Before anything is altered: the file may be somebody else's.
        let content = schema::content(&connection)?;
        turn_log_on(&connection)?;
        let synchronous = if self.waits_for_disk {
            "FULL"
        } else {
            "NORMAL"
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection
            .pragma_update_and_check(None, "journal_size_limit", MOST_LOG_BYTES, |_| Ok(()))?;
        if content == Content::Nothing {
            schema::create(&connection)?;
        }
        Ok(connection)
    }

    /// Refuses what SQLite takes for something else than a file.
    fn check_path(&self) -> Result<(), StoreError> {
        let path = self.path.as_os_str();
        if path.is_empty() || path == ":memory:" {
            return Err(StoreError::Unreachable {
                reason: format!(
                    "`{}` is no file's path; MemoryStore keeps sessions without a file",
                    self.path.display()
                ),
            });
        }
        Ok(())
    }
}

/// Readers then see the file as it was, and wait for no writer.
fn turn_log_on(connection: &Connection) -> Result<(), Fault> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    Err(StoreError::Unreachable {
        reason: format!(
            "SQLite cannot keep a write-ahead log here (mode {mode}); put the file on a local disk"
        ),
    }
    .into())
}

/// Makes the file, if it is not there, so that other users of the machine cannot read it. SQLite's other files have the same mode.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // SQLite says what is wrong, and better.
    drop(options.open(path));
}

thread_local! {
    /// How long this thread waits for a lock, and since when it does. SQLite's callback has nothing else to know it by.
    static PATIENCE: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    static WAITS_SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// SQLite asks this, with the number of times it has asked for the same lock, whether to ask once more.
fn is_patient(times: i32) -> bool {
    if times == 0 {
        WAITS_SINCE.set(Some(Instant::now()));
    }
    let is_patient = WAITS_SINCE
        .get()
        .is_some_and(|since| since.elapsed() < PATIENCE.get());
    if is_patient {
        std::thread::sleep(PAUSE);
    }
    is_patient
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_waits_for_the_disk_if_it_is_to() {
        let path = std::env::temp_dir().join(format!("session-disk-{}.sqlite", std::process::id()));
        for (waits_for_disk, expected) in [(false, 1), (true, 2)] {
            let file = SessionFile {
                path: path.clone(),
                waits_for_disk,
                busy_timeout: Duration::from_secs(5),
            };
            let connection = file.connect().unwrap();
            let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
            assert_eq!(number("PRAGMA synchronous").unwrap(), expected);
            let mode: String = connection
                .query_row("PRAGMA journal_mode", [], |row| row.get(0))
                .unwrap();
            assert_eq!(mode, "wal");
        }
        std::fs::remove_file(path).unwrap();
    }
}
