//! Opening a session: most often one look at the file, which waits for no writer. Only what extends a life or gives a lease is
//! written.

use rusqlite::Connection;

use super::fault::Fault;
use super::row::{SessionRow, Standing, number, touch};
use crate::store::{Open, Opened, Refresh};

/// What a look at the file has said.
pub(super) enum Look {
    Answer(Opened),
    /// The session's life is to be extended, which takes the right to write.
    IsDue,
}

/// Whether it is known beforehand that something is to be written, so that no look is worth while.
pub(super) fn writes(open: &Open) -> bool {
    open.lease.is_some() || open.refresh == Refresh::EachRequest
}

/// Loads a session, if that is all there is to do.
pub(super) fn look(connection: &Connection, open: &Open) -> Result<Look, Fault> {
    let Some(row) = SessionRow::find(connection, open.id)? else {
        return Ok(Look::Answer(Opened::Unknown));
    };
    match row.standing(open) {
        Standing::Alive { is_due: true } => Ok(Look::IsDue),
        standing => answer(connection, row, &standing).map(Look::Answer),
    }
}

/// Loads a session, and extends and leases it as is asked.
pub(super) fn open(connection: &Connection, open: &Open) -> Result<Opened, Fault> {
    let Some(mut row) = SessionRow::find(connection, open.id)? else {
        return Ok(Opened::Unknown);
    };
    let standing = row.standing(open);
    if let Standing::Alive { is_due } = standing {
        if let Some((lease, until)) = open.lease {
            let mut statement = connection
                .prepare_cached("UPDATE session SET lease = ?2, leased_until = ?3 WHERE id = ?1")?;
            statement.execute((open.id.as_bytes(), lease.as_bytes(), number(until)))?;
        }
        if is_due {
            touch(connection, open.id, &row.life, open.now)?;
            row.record.touched_at = open.now;
            row.record.expires_at = row.life.expires_at(open.now);
        }
    }
    answer(connection, row, &standing)
}

fn answer(connection: &Connection, row: SessionRow, standing: &Standing) -> Result<Opened, Fault> {
    Ok(match standing {
        Standing::Unknown => Opened::Unknown,
        Standing::Ended => Opened::Ended,
        Standing::Leased => Opened::Leased,
        Standing::Superseded { is_readable: false } => Opened::Superseded { readable: None },
        Standing::Superseded { is_readable: true } => Opened::Superseded {
            readable: Some(row.load(connection, false)?),
        },
        Standing::Alive { is_due } => Opened::Alive(row.load(connection, *is_due)?),
    })
}
