//! Several statements that happen wholly or not at all. Knows neither tables nor sessions.

use rusqlite::Connection;

use super::fault::Fault;

/// What has begun, and is undone unless it is committed.
pub(super) struct Transaction<'c>(&'c Connection);

impl<'c> Transaction<'c> {
    /// One that changes something. It waits for its turn at the beginning: a transaction that has read and then wants to write
    /// fails where another has written meanwhile.
    pub(super) fn write(connection: &'c Connection) -> Result<Self, Fault> {
        Self::begin(connection, "BEGIN IMMEDIATE")
    }

    /// One that sees the file as it is now, whatever is written meanwhile, and hinders nobody.
    pub(super) fn read(connection: &'c Connection) -> Result<Self, Fault> {
        Self::begin(connection, "BEGIN")
    }

    fn begin(connection: &'c Connection, sql: &str) -> Result<Self, Fault> {
        run(connection, sql)?;
        Ok(Self(connection))
    }

    /// Does `part`, and undoes it alone if it fails.
    pub(super) fn part<T>(
        &self,
        part: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        run(self.0, "SAVEPOINT part")?;
        let done = part(self.0);
        if done.is_err() && self.is_open() {
            run(self.0, "ROLLBACK TO part")?;
        }
        if self.is_open() {
            run(self.0, "RELEASE part")?;
        }
        done
    }

    /// Whether it has not come to an end by itself, as it does where the disk is full.
    pub(super) fn is_open(&self) -> bool {
        !self.0.is_autocommit()
    }

    pub(super) fn commit(self) -> Result<(), Fault> {
        run(self.0, "COMMIT")
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_open() {
            // What fails here is undone when the connection is closed.
            let _ = run(self.0, "ROLLBACK");
        }
    }
}

fn run(connection: &Connection, sql: &str) -> Result<(), Fault> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    fn rows(connection: &Connection) -> Vec<i64> {
        let mut statement = connection.prepare("SELECT a FROM t ORDER BY a").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn connection() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        connection
    }

    #[test]
    fn what_is_not_committed_has_not_happened() {
        let connection = connection();
        let transaction = Transaction::write(&connection).unwrap();
        connection.execute("INSERT INTO t VALUES (1)", []).unwrap();
        drop(transaction);
        assert_eq!(rows(&connection), [] as [i64; 0]);
        let transaction = Transaction::write(&connection).unwrap();
        connection.execute("INSERT INTO t VALUES (2)", []).unwrap();
        transaction.commit().unwrap();
        assert_eq!(rows(&connection), [2]);
    }

    #[test]
    fn a_part_that_fails_is_undone_and_the_others_stay() {
        let connection = connection();
        let insert = |number: i64, outcome: Result<(), Fault>| {
            move |connection: &Connection| {
                connection.execute("INSERT INTO t VALUES (?1)", [number])?;
                outcome
            }
        };
        let transaction = Transaction::write(&connection).unwrap();
        transaction.part(insert(1, Ok(()))).unwrap();
        let failed = transaction.part(insert(2, Err(StoreError::Exists.into())));
        assert!(failed.is_err());
        transaction.part(insert(3, Ok(()))).unwrap();
        transaction.commit().unwrap();
        assert_eq!(rows(&connection), [1, 3]);
    }
}
