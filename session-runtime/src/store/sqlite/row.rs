//! A session's row, and its values' rows. Knows how they are written, and what may be done with a session that is in such a
//! state; not who asks.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::fault::Fault;
use crate::store::{
    LeaseId, Life, Loaded, NewSession, Open, Record, SecretHash, SessionId, StoreError, Value,
    is_due,
};

/// A session, or what is left of one, without its values.
pub(super) struct SessionRow {
    pub(super) record: Record,
    pub(super) life: Life,
    secret: SecretHash,
    superseded: Option<Superseded>,
    lease: Option<(LeaseId, u64)>,
    ended: bool,
}

/// The secret before, and what may still be done with it.
struct Superseded {
    secret: SecretHash,
    at: u64,
    keeps_user: bool,
}

/// What a session is for whoever opens it.
pub(super) enum Standing {
    Unknown,
    Ended,
    Superseded { is_readable: bool },
    Leased,
    Alive { is_due: bool },
}

/// The columns of [`record`], in its order.
pub(super) const RECORD: &str = "id, generation, user, label, created_at, touched_at, expires_at";

impl SessionRow {
    pub(super) fn find(connection: &Connection, id: SessionId) -> Result<Option<Self>, Fault> {
        let mut statement = connection.prepare_cached(
            "SELECT id, generation, user, label, created_at, touched_at, expires_at,
                    idle, ends_at, secret, superseded_secret, superseded_at, superseded_keeps_user,
                    lease, leased_until, ended
             FROM session WHERE id = ?1",
        )?;
        Ok(statement
            .query_row([id.as_bytes()], Self::read)
            .optional()?)
    }

    /// The session, if it is alive.
    pub(super) fn alive(
        connection: &Connection,
        id: SessionId,
        now: u64,
    ) -> Result<Option<Self>, Fault> {
        let row = Self::find(connection, id)?;
        Ok(row.filter(|row| !row.ended && now <= row.record.expires_at))
    }

    /// What the session is for whoever asks this.
    pub(super) fn standing(&self, open: &Open) -> Standing {
        let now = open.now;
        if now > self.record.expires_at {
            return Standing::Unknown;
        }
        let is_present = self.secret == open.secret;
        let superseded = self
            .superseded
            .as_ref()
            .filter(|superseded| superseded.secret == open.secret);
        if self.ended {
            // A tombstone stays no longer than the grace.
            return if is_present || superseded.is_some() {
                Standing::Ended
            } else {
                Standing::Unknown
            };
        }
        match superseded {
            Some(superseded) if now.saturating_sub(superseded.at) <= open.grace.as_secs() => {
                Standing::Superseded {
                    is_readable: superseded.keeps_user,
                }
            }
            _ if !is_present => Standing::Unknown,
            _ if open.lease.is_some() && self.lease.is_some_and(|(_, until)| now <= until) => {
                Standing::Leased
            }
            _ => Standing::Alive {
                is_due: is_due(open.refresh, self.record.touched_at, &self.life, now),
            },
        }
    }

    /// Whether this is the lease that was given last, and is not given back.
    pub(super) fn is_leased_as(&self, lease: LeaseId) -> bool {
        self.lease.is_some_and(|(held, _)| held == lease)
    }

    /// The session with its values.
    pub(super) fn load(self, connection: &Connection, touched: bool) -> Result<Loaded, Fault> {
        let mut statement =
            connection.prepare_cached("SELECT name, json FROM value WHERE session = ?1")?;
        let values = statement
            .query_map([self.record.id.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Loaded {
            values,
            record: self.record,
            touched,
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let superseded = match row.get::<_, Option<[u8; 32]>>(10)? {
            None => None,
            Some(secret) => Some(Superseded {
                secret: SecretHash::from_bytes(secret),
                at: read_number(row.get(11)?),
                keeps_user: row.get(12)?,
            }),
        };
        let lease = match row.get::<_, Option<[u8; 16]>>(13)? {
            None => None,
            Some(lease) => Some((LeaseId::from_bytes(lease), read_number(row.get(14)?))),
        };
        Ok(Self {
            record: record(row)?,
            life: Life {
                idle: read_number(row.get(7)?),
                ends_at: row.get::<_, Option<_>>(8)?.map(read_number),
            },
            secret: SecretHash::from_bytes(row.get(9)?),
            superseded,
            lease,
            ended: row.get(15)?,
        })
    }
}

/// Reads [`RECORD`].
pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: SessionId::from_bytes(row.get(0)?),
        generation: read_number(row.get(1)?),
        user: row.get(2)?,
        label: row.get(3)?,
        created_at: read_number(row.get(4)?),
        touched_at: read_number(row.get(5)?),
        expires_at: read_number(row.get(6)?),
    })
}

/// Keeps a new session.
pub(super) fn insert(connection: &Connection, session: &NewSession) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO session (id, generation, secret, user, label, created_at, touched_at, expires_at, idle, ends_at, ended)
         VALUES (:id, 0, :secret, :user, :label, :now, :now, :expires_at, :idle, :ends_at, 0)
         ON CONFLICT DO NOTHING",
    )?;
    let inserted = statement.execute(named_params! {
        ":id": session.id.as_bytes(),
        ":secret": session.secret.as_bytes(),
        ":user": session.user,
        ":label": session.label,
        ":now": number(session.now),
        ":expires_at": number(session.life.expires_at(session.now)),
        ":idle": number(session.life.idle),
        ":ends_at": session.life.ends_at.map(number),
    })?;
    if inserted == 0 {
        return Err(StoreError::Exists.into());
    }
    set(connection, session.id, &session.values)
}

/// Sets values, whatever they were.
pub(super) fn set(connection: &Connection, id: SessionId, values: &[Value]) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO value (session, name, json) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET json = excluded.json",
    )?;
    for (name, json) in values {
        statement.execute((id.as_bytes(), name, json))?;
    }
    Ok(())
}

/// What a value is.
pub(super) fn get(
    connection: &Connection,
    id: SessionId,
    name: &str,
) -> Result<Option<String>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT json FROM value WHERE session = ?1 AND name = ?2")?;
    Ok(statement
        .query_row((id.as_bytes(), name), |row| row.get(0))
        .optional()?)
}

/// Removes a value, and says what it was.
pub(super) fn remove(
    connection: &Connection,
    id: SessionId,
    name: &str,
) -> Result<Option<String>, Fault> {
    let mut statement = connection
        .prepare_cached("DELETE FROM value WHERE session = ?1 AND name = ?2 RETURNING json")?;
    Ok(statement
        .query_row((id.as_bytes(), name), |row| row.get(0))
        .optional()?)
}

/// Removes all values of a session.
pub(super) fn clear(connection: &Connection, id: SessionId) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached("DELETE FROM value WHERE session = ?1")?;
    statement.execute([id.as_bytes()])?;
    Ok(())
}

/// Extends a session's life.
pub(super) fn touch(
    connection: &Connection,
    id: SessionId,
    life: &Life,
    now: u64,
) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "UPDATE session SET touched_at = ?2, expires_at = ?3, idle = ?4, ends_at = ?5 WHERE id = ?1",
    )?;
    statement.execute((
        id.as_bytes(),
        number(now),
        number(life.expires_at(now)),
        number(life.idle),
        life.ends_at.map(number),
    ))?;
    Ok(())
}

/// A number as SQLite keeps it, which has no larger ones than this; the largest of ours and the largest of its stand for each other.
pub(super) fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read_number(number: i64) -> u64 {
    match number {
        i64::MAX => u64::MAX,
        // Nobody has written a negative one.
        number => u64::try_from(number).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_never_comes_is_kept() {
        for seconds in [0, 1, 1_700_000_000, u64::MAX] {
            assert_eq!(read_number(number(seconds)), seconds);
        }
    }
}
