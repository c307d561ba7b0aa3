//! The tables, and whether a file has them. Knows no session.
//!
//! A session's values are rows of their own, so that two requests which write different ones lose nothing. What is looked for
//! besides a session by its id has an index: the sessions of a user, and those whose time has passed.

use rusqlite::Connection;

use super::fault::Fault;
use super::transaction::Transaction;
use crate::store::StoreError;

/// The version of the tables below, in the file's `user_version`.
const VERSION: i32 = 1;

/// Says in the file's header whose it is: the letters `sess`.
const APPLICATION: i32 = 0x7365_7373;

/// Ids, hashes and leases are bytes. Times are unix seconds, and the largest integer is never. `user` and `json` are JSON text,
/// kept byte for byte. A session that has ended keeps its row until `expires_at`, and `ended` is 1.
const TABLES: &str = "
CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    secret BLOB NOT NULL,
    superseded_secret BLOB,
    superseded_at INTEGER,
    superseded_keeps_user INTEGER,
    user TEXT,
    label TEXT,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    idle INTEGER NOT NULL,
    ends_at INTEGER,
    lease BLOB,
    leased_until INTEGER,
    ended INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_user ON session (user, created_at) WHERE user IS NOT NULL;
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE TABLE value (
    session BLOB NOT NULL,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
";

/// What a file holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing yet.
    Nothing,
    /// The tables of this version.
    Sessions,
}

/// Looks at what a file holds.
///
/// # Errors
///
/// [`StoreError::Incompatible`] if that is neither nothing nor what this version has made.
pub(super) fn content(connection: &Connection) -> Result<Content, Fault> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i32>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    match (application, version, tables) {
        (APPLICATION, VERSION, _) => Ok(Content::Sessions),
        (0, 0, 0) => Ok(Content::Nothing),
        (APPLICATION, _, _) => Err(incompatible(format!(
            "its tables are of version {version}, and this library knows version {VERSION}; use the one that made the file, or another file"
        ))),
        _ => Err(incompatible(
            "the file is another program's database; give the sessions a file of their own"
                .to_owned(),
        )),
    }
}

/// Makes the tables, unless another process was quicker.
pub(super) fn create(connection: &Connection) -> Result<(), Fault> {
    let transaction = Transaction::write(connection)?;
    if content(connection)? == Content::Nothing {
        connection.execute_batch(TABLES)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

fn incompatible(reason: String) -> Fault {
    StoreError::Incompatible { reason }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_ours_after_its_tables_are_made_and_not_before() {
        let connection = Connection::open_in_memory().unwrap();
        assert_eq!(content(&connection).unwrap(), Content::Nothing);
        create(&connection).unwrap();
        assert_eq!(content(&connection).unwrap(), Content::Sessions);
        create(&connection).unwrap();
    }

    #[test]
    fn every_question_but_for_one_session_has_an_index() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        let plan = |sql: &str| {
            connection
                .query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [], |row| {
                    row.get::<_, String>(3)
                })
                .unwrap()
        };
        let of_user = plan("SELECT id FROM session WHERE user = 'a' ORDER BY created_at, id");
        assert!(
            of_user.contains("INDEX session_of_user (user=?)"),
            "{of_user}"
        );
        let expired = plan("SELECT id FROM session WHERE expires_at < 7 LIMIT 9");
        assert!(
            expired.contains("INDEX session_by_expiry (expires_at<?)"),
            "{expired}"
        );
    }
}
