//! What the rows of an answer mean. Knows no connection, and decides nothing: the statements have.

use std::collections::HashMap;

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::text;
use crate::store::{Committed, Loaded, Opened, Record, SessionId, StoreError, Taken, Value};

/// Nothing where the session is alive, and its life is due to be extended.
pub(super) fn looked(rows: &[Row]) -> Result<Option<Opened>, StoreError> {
    match rows
        .first()
        .map(|row| column(row, "standing"))
        .transpose()?
    {
        Some("due") => Ok(None),
        _ => opened(rows).map(Some),
    }
}

pub(super) fn opened(rows: &[Row]) -> Result<Opened, StoreError> {
    let Some(row) = rows.first() else {
        return Ok(Opened::Unknown);
    };
    Ok(match column::<&str>(row, "standing")? {
        "unknown" => Opened::Unknown,
        "ended" => Opened::Ended,
        "superseded" => Opened::Superseded { readable: None },
        "readable" => Opened::Superseded {
            readable: Some(loaded(row)?),
        },
        "leased" => Opened::Leased,
        "alive" => Opened::Alive(loaded(row)?),
        other => return Err(unreadable("standing", other)),
    })
}

pub(super) fn taken(rows: &[Row], names: Vec<String>) -> Result<Taken, StoreError> {
    let Some(row) = rows.first() else {
        return Ok(Taken::Gone);
    };
    Ok(match column::<&str>(row, "outcome")? {
        "gone" => Taken::Gone,
        "superseded" => Taken::Superseded,
        "taken" => {
            let mut values: HashMap<_, _> = values(row)?.into_iter().collect();
            let take = |name| values.remove_entry(&name);
            Taken::Values(names.into_iter().filter_map(take).collect())
        }
        other => return Err(unreadable("outcome", other)),
    })
}

pub(super) fn committed(rows: &[Row]) -> Result<Committed, StoreError> {
    let Some(row) = rows.first() else {
        return Ok(Committed::Gone);
    };
    Ok(match column::<&str>(row, "outcome")? {
        "applied" => Committed::Applied,
        "ended" => Committed::Ended,
        "gone" => Committed::Gone,
        "superseded" => Committed::Superseded,
        "lease_lost" => Committed::LeaseLost,
        "conflict" => Committed::Conflict {
            name: text::read(column(row, "conflict")?),
        },
        other => return Err(unreadable("outcome", other)),
    })
}

pub(super) fn record(row: &Row) -> Result<Record, StoreError> {
    let id: [u8; 16] = column::<&[u8]>(row, "sid")?
        .try_into()
        .map_err(|error| unreadable("sid", error))?;
    Ok(Record {
        id: SessionId::from_bytes(id),
        generation: number(row, "generation")?,
        user: column::<Option<String>>(row, "user_id")?.map(text::read),
        label: column::<Option<String>>(row, "label")?.map(text::read),
        created_at: number(row, "created_at")?,
        touched_at: number(row, "touched_at")?,
        expires_at: number(row, "expires_at")?,
    })
}

/// At which place in a batch the question stands that this answers, counted from 0.
pub(super) fn place(row: &Row) -> Result<usize, StoreError> {
    let place = number(row, "place")?;
    usize::try_from(place.wrapping_sub(1)).map_err(|error| unreadable("place", error))
}

fn loaded(row: &Row) -> Result<Loaded, StoreError> {
    Ok(Loaded {
        values: values(row)?,
        record: record(row)?,
        touched: column(row, "touched")?,
    })
}

/// An object of strings, each of them the JSON text of a value.
fn values(row: &Row) -> Result<Vec<Value>, StoreError> {
    let data: HashMap<String, String> = serde_json::from_str(column(row, "data")?)
        .map_err(|error| unreadable("data", error.classify()))?;
    Ok(data
        .into_iter()
        .map(|(name, value)| (text::read(name), text::read(value)))
        .collect())
}

fn number(row: &Row, name: &str) -> Result<u64, StoreError> {
    column::<i64>(row, name)?
        .try_into()
        .map_err(|error| unreadable(name, error))
}

fn column<'a, T: FromSql<'a>>(row: &'a Row, name: &str) -> Result<T, StoreError> {
    row.try_get(name).map_err(|error| unreadable(name, error))
}

/// `what` is never a session's value.
fn unreadable(column: &str, what: impl std::fmt::Debug) -> StoreError {
    StoreError::Incompatible {
        reason: format!("the column {column} of session_runtime_sessions: {what:?}"),
    }
}
