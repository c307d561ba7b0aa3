//! What can go wrong at the file, told without a value of a session: SQLite's own word and what to do about it.

use std::path::Path;
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// Why a question has no answer. The driver's errors go no further than this, since its types are in no public interface.
#[derive(Debug)]
pub(super) enum Fault {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl Fault {
    /// What the application is told of it.
    pub(super) fn tell(self, path: &Path, busy_timeout: Duration) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Sqlite(error) => tell(&error, path, busy_timeout),
        }
    }

    /// Whether somebody else is using the file, so that it is worth asking again.
    pub(super) fn is_busy(&self) -> bool {
        match self {
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ),
            Self::Store(_) => false,
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn tell(error: &rusqlite::Error, path: &Path, busy_timeout: Duration) -> StoreError {
    let path = path.display();
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        // The driver could not make sense of a column. Its text may hold what stands there.
        return StoreError::Incompatible {
            reason: format!(
                "a row of {path} is not as this library writes them; is it another program's?"
            ),
        };
    };
    // SQLite's text for the code, and not for the statement.
    match failure.code {
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly => {
            StoreError::Unreachable {
                reason: format!(
                    "{failure}: {path}; is its folder there, and may this process write the file and its folder?"
                ),
            }
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Failed {
            reason: format!(
                "another process has kept {path} locked for {} s; does one write a lot, or hold a transaction open?",
                busy_timeout.as_secs_f32()
            ),
        },
        ErrorCode::NotADatabase => StoreError::Incompatible {
            reason: format!("{path} is no SQLite database; give the sessions a file of their own"),
        },
        ErrorCode::DatabaseCorrupt => StoreError::Failed {
            reason: format!(
                "{path} is damaged; restore it, or remove it with its -wal and -shm to begin anew"
            ),
        },
        _ => StoreError::Failed {
            reason: format!("{failure}: {path}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_of_a_row_is_in_an_error() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let read = connection.query_row("SELECT 'hunter2'", [], |row| row.get::<_, i64>(0));
        let written = connection
            .execute_batch("CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES ('hunter2')");
        for error in [read.map(drop).unwrap_err(), written.unwrap_err()] {
            let told = Fault::from(error).tell(Path::new("s.db"), Duration::ZERO);
            let told = format!("{told} {told:?}");
            assert!(told.contains("s.db"), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
