//! Ending sessions: one, those of a user, and those whose time has passed.

use std::time::Duration;

use rusqlite::Connection;

use super::fault::Fault;
use super::row::{self, RECORD, SessionRow, number, record};
use crate::store::{Ending, Record, SessionId};

/// Ends a session if it is alive, and says whether it was.
pub(super) fn end(
    connection: &Connection,
    id: SessionId,
    now: u64,
    grace: Duration,
) -> Result<bool, Fault> {
    let is_alive = SessionRow::alive(connection, id, now)?.is_some();
    if is_alive {
        end_session(connection, id, now, grace)?;
    }
    Ok(is_alive)
}

/// Ends a living session, of which a tombstone stays.
pub(super) fn end_session(
    connection: &Connection,
    id: SessionId,
    now: u64,
    grace: Duration,
) -> Result<(), Fault> {
    row::clear(connection, id)?;
    let mut statement = connection.prepare_cached(
        "UPDATE session SET ended = 1, expires_at = ?2, user = NULL, label = NULL, lease = NULL, leased_until = NULL
         WHERE id = ?1",
    )?;
    let until = now.saturating_add(grace.as_secs());
    statement.execute((id.as_bytes(), number(until)))?;
    Ok(())
}

/// The living sessions of a user, the oldest first.
pub(super) fn sessions_of(
    connection: &Connection,
    user: &str,
    now: u64,
) -> Result<Vec<Record>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {RECORD} FROM session WHERE user = ?1 AND expires_at >= ?2 AND ended = 0
         ORDER BY created_at, id"
    ))?;
    let records = statement.query_map((user, number(now)), record)?;
    Ok(records.collect::<Result<_, _>>()?)
}

/// Ends the sessions of a user, but those that are kept, and says how many those were.
pub(super) fn end_sessions_of(connection: &Connection, ending: &Ending) -> Result<u64, Fault> {
    let mut records = sessions_of(connection, &ending.user, ending.now)?;
    records.retain(|record| Some(record.id) != ending.except);
    let kept = usize::try_from(ending.keep_newest).unwrap_or(usize::MAX);
    records.truncate(records.len().saturating_sub(kept));
    for record in &records {
        end_session(connection, record.id, ending.now, ending.grace)?;
    }
    Ok(records.len() as u64)
}

/// Whether there is a session or a tombstone whose time has passed.
pub(super) fn has_expired(connection: &Connection, now: u64) -> Result<bool, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM session WHERE expires_at < ?1 LIMIT 1")?;
    Ok(statement.exists([number(now)])?)
}

/// Removes so many of them, the longest expired first, and says how many those were.
pub(super) fn purge(connection: &Connection, now: u64, limit: u32) -> Result<u64, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM session WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2",
    )?;
    let ids = statement
        .query_map((number(now), limit), |row| {
            Ok(SessionId::from_bytes(row.get(0)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut statement = connection.prepare_cached("DELETE FROM session WHERE id = ?1")?;
    for id in &ids {
        row::clear(connection, *id)?;
        statement.execute([id.as_bytes()])?;
    }
    Ok(ids.len() as u64)
}
