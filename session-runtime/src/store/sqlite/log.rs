//! The write-ahead log of the file: when what stands in it is written back into the file, and by whom. Knows no session and no
//! question.
//!
//! SQLite would do it in the commit that makes the log long enough, which then takes as long as the disk does, and so do all
//! that wait behind it. Here a thread of its own does it beside the writer. But the log only begins anew when nothing was
//! written while it was written back, so under steady writing the writer does the rest, and much more rarely. What a crash may
//! lose is as it was: SQLite waits until the disk has the log before it writes any of it back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use rusqlite::Connection;

use super::fault::Fault;
use super::file::SessionFile;

/// After how many pages more the log is written back, as SQLite does it: 4 MB.
const SOME: i32 = 1_000;

/// How many pages there are in the log when the writer itself writes back what is left: 32 MB.
const MANY: i32 = 8_000;

/// How many pages there are, of those in the log, that the writer does not write back alone, as where somebody still reads
/// what was before.
const MORE: i32 = 250;

/// The log, as the one thread sees it that writes.
pub(super) struct Log {
    pages: Arc<AtomicI32>,
    last: i32,
    wakes_at: i32,
    writes_back_at: i32,
    writer_back: WriterBack,
}

impl Log {
    pub(super) fn of(file: &SessionFile) -> Self {
        Self {
            pages: Arc::default(),
            last: 0,
            wakes_at: SOME,
            writes_back_at: MANY,
            writer_back: WriterBack {
                file: file.clone(),
                wakes: None,
            },
        }
    }

    /// Lets this connection write to the log and nowhere else.
    pub(super) fn watch(&self, connection: &mut Connection) -> Result<(), Fault> {
        let pages = self.pages.clone();
        connection.wal_hook(Some(move |_: &mut _, now| {
            pages.store(now, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(())
    }

    /// Looks at the log after something was committed, when those who waited for that have been told.
    pub(super) fn look(&mut self, connection: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.last {
            self.wakes_at = SOME;
            self.writes_back_at = MANY;
        }
        self.last = pages;
        if pages >= self.writes_back_at {
            // Where the other one is still at it, the next commit asks again.
            if write_back(connection).is_ok_and(|done| done) {
                self.writes_back_at = pages.saturating_add(MORE);
            }
        } else if pages >= self.wakes_at {
            self.wakes_at = pages.saturating_add(SOME);
            self.writer_back.wake();
        }
    }
}

/// The thread that writes the log back. It starts when there is something to do, and ends when this is dropped.
struct WriterBack {
    file: SessionFile,
    wakes: Option<SyncSender<()>>,
}

impl WriterBack {
    fn wake(&mut self) {
        if self.wakes.is_none() {
            self.wakes = start(&self.file);
        }
        if let Some(wakes) = &self.wakes
            && let Err(TrySendError::Disconnected(())) = wakes.try_send(())
        {
            self.wakes = None;
        }
    }
}

/// Without a thread the writer does it all, at [`MANY`].
fn start(file: &SessionFile) -> Option<SyncSender<()>> {
    let (wakes, woken) = sync_channel(1);
    let file = file.clone();
    std::thread::Builder::new()
        .name("session-sqlite-log".to_owned())
        .spawn(move || serve(&file, &woken))
        .ok()?;
    Some(wakes)
}

fn serve(file: &SessionFile, woken: &Receiver<()>) {
    let mut connection = None;
    while woken.recv().is_ok() {
        let done = match connection.take().map_or_else(|| file.connect(), Ok) {
            Ok(open) => {
                let done = write_back(&open);
                connection = done.is_ok().then_some(open);
                done
            }
            Err(fault) => Err(fault),
        };
        if let Err(fault) = done {
            let error = file.tell(fault);
            tracing::warn!(name: "session.log_not_written_back", %error, "SQLite's write-ahead log could not be written back into the file; it is tried again when more is in it");
        }
    }
}

/// Writes back what nobody needs any more, and waits for no other connection. Says whether it did, and not somebody else at
/// this time.
fn write_back(connection: &Connection) -> Result<bool, Fault> {
    let mut statement = connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?;
    let is_busy: bool = statement.query_row([], |row| row.get(0))?;
    Ok(!is_busy)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;

    /// A file of a test's own, which is removed with it.
    struct File(SessionFile);

    impl File {
        fn new(name: &str) -> Self {
            let name = format!("session-log-{name}-{}.sqlite", std::process::id());
            Self(SessionFile {
                path: std::env::temp_dir().join(name),
                waits_for_disk: false,
                busy_timeout: Duration::from_secs(30),
            })
        }

        fn beside(&self, ending: &str) -> PathBuf {
            let mut path = self.0.path.clone().into_os_string();
            path.push(ending);
            path.into()
        }

        /// How many bytes are in the file, or in its log.
        fn size(&self, ending: &str) -> u64 {
            std::fs::metadata(self.beside(ending)).unwrap().len()
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(self.beside(ending));
            }
        }
    }

    /// So many pages and a few.
    fn write(connection: &Connection, log: &mut Log, pages: i32) {
        for _ in 0..pages / 100 {
            connection
                .execute("INSERT OR REPLACE INTO value VALUES (randomblob(16), 'a', hex(zeroblob(200 * 1024)))", [])
                .unwrap();
            connection.execute("DELETE FROM value", []).unwrap();
            log.look(connection);
        }
    }

    fn opened(file: &File) -> (Connection, Log) {
        let mut connection = file.0.connect().unwrap();
        let log = Log::of(&file.0);
        log.watch(&mut connection).unwrap();
        (connection, log)
    }

    #[test]
    fn a_commit_writes_nothing_back() {
        let file = File::new("commit");
        let (connection, mut log) = opened(&file);
        log.wakes_at = i32::MAX;
        let before = file.size("");
        write(&connection, &mut log, 2 * SOME);
        assert!(log.last > SOME, "{}", log.last);
        assert_eq!(file.size(""), before);
    }

    #[test]
    fn the_log_is_written_back_beside_the_writer_and_begins_anew() {
        let file = File::new("beside");
        let (connection, mut log) = opened(&file);
        write(&connection, &mut log, 2 * SOME);
        // For as long as a test may take that has failed.
        for _ in 0..3_000 {
            std::thread::sleep(Duration::from_millis(10));
            log.writer_back.wake();
            write(&connection, &mut log, 100);
            if log.last < SOME {
                return;
            }
        }
        panic!("there are {} pages in the log", log.last);
    }

    #[test]
    fn the_log_is_bounded_where_nobody_but_the_writer_writes_it_back() {
        let file = File::new("bound");
        let (connection, mut log) = opened(&file);
        log.wakes_at = i32::MAX;
        for _ in 0..4 {
            write(&connection, &mut log, MANY / 2);
            log.wakes_at = i32::MAX;
        }
        let most = u64::try_from(MANY + MORE).unwrap() * 4_200;
        assert!(file.size("-wal") < most, "{}", file.size("-wal"));
    }
}
