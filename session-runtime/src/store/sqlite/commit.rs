//! Applying what a request has changed, a row a value. Every condition is looked at before anything is written.

use rusqlite::Connection;

use super::ending::end_session;
use super::fault::Fault;
use super::row::{self, SessionRow, number, touch};
use crate::store::{Commit, Committed, LeaseId, Renewal, SessionId, Take, Taken};

/// Applies what a request has changed.
pub(super) fn commit(connection: &Connection, commit: &Commit) -> Result<Committed, Fault> {
    let id = commit.id;
    let Some(row) = SessionRow::alive(connection, id, commit.now)? else {
        return Ok(Committed::Gone);
    };
    if row.record.generation != commit.generation {
        return Ok(Committed::Superseded);
    }
    if commit.lease.is_some_and(|lease| !row.is_leased_as(lease)) {
        return Ok(Committed::LeaseLost);
    }
    for (name, expected) in &commit.expected {
        if row::get(connection, id, name)? != *expected {
            return Ok(Committed::Conflict { name: name.clone() });
        }
    }
    if commit.clear {
        row::clear(connection, id)?;
    }
    for name in &commit.remove {
        row::remove(connection, id, name)?;
    }
    row::set(connection, id, &commit.set)?;
    if let Some(names) = commit.ends_with_only
        && !has_others(connection, id, names)?
    {
        end_session(connection, id, commit.now, commit.grace)?;
        return Ok(Committed::Ended);
    }
    if let Some(lease) = commit.lease {
        release(connection, id, lease)?;
    }
    if let Some(user) = &commit.user {
        let mut statement =
            connection.prepare_cached("UPDATE session SET user = ?2 WHERE id = ?1")?;
        statement.execute((id.as_bytes(), user))?;
    }
    if let Some(label) = &commit.label {
        let mut statement =
            connection.prepare_cached("UPDATE session SET label = ?2 WHERE id = ?1")?;
        statement.execute((id.as_bytes(), label))?;
    }
    if let Some(renewal) = &commit.renewal {
        renew(connection, id, renewal, commit.now)?;
    }
    if let Some(life) = &commit.life {
        touch(connection, id, life, commit.now)?;
    }
    Ok(Committed::Applied)
}

/// Removes values and returns them.
pub(super) fn take(connection: &Connection, take: Take) -> Result<Taken, Fault> {
    match SessionRow::alive(connection, take.id, take.now)? {
        None => return Ok(Taken::Gone),
        Some(row) if row.record.generation != take.generation => return Ok(Taken::Superseded),
        Some(_) => {}
    }
    let mut values = Vec::new();
    for name in take.names {
        if let Some(json) = row::remove(connection, take.id, &name)? {
            values.push((name, json));
        }
    }
    Ok(Taken::Values(values))
}

/// Gives a lease back.
pub(super) fn release(connection: &Connection, id: SessionId, lease: LeaseId) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "UPDATE session SET lease = NULL, leased_until = NULL WHERE id = ?1 AND lease = ?2",
    )?;
    statement.execute((id.as_bytes(), lease.as_bytes()))?;
    Ok(())
}

fn renew(connection: &Connection, id: SessionId, renewal: &Renewal, now: u64) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "UPDATE session SET superseded_secret = secret, superseded_at = ?3, superseded_keeps_user = ?4,
                            secret = ?2, generation = generation + 1
         WHERE id = ?1",
    )?;
    statement.execute((
        id.as_bytes(),
        renewal.secret.as_bytes(),
        number(now),
        renewal.keeps_user,
    ))?;
    Ok(())
}

/// Whether the session has values of other names than these.
fn has_others(connection: &Connection, id: SessionId, names: &[&str]) -> Result<bool, Fault> {
    let mut statement = connection.prepare_cached("SELECT name FROM value WHERE session = ?1")?;
    let mut rows = statement.query([id.as_bytes()])?;
    while let Some(row) = rows.next()? {
        if !names.contains(&row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
