//! What a session is to somebody who brings a secret, judged from its fields as they were read: the ordinary case, in which nothing
//! is written. Knows no connection and no script; `lua/open.lua` judges by the same rules where something is.

use super::keys::seconds;
use super::reply::{Fields, needed};
use crate::store::{Life, Open, Opened, StoreError, is_due};

/// What the question is answered with, or nothing where the session's life is to be extended first.
pub(super) fn judge(fields: Fields, open: &Open) -> Result<Option<Opened>, StoreError> {
    let (now, grace) = (seconds(open.now), seconds(open.grace.as_secs()));
    let secret = Some(open.secret.as_bytes().as_slice());
    let is_present = fields.secret.as_deref() == secret;
    let is_old = fields.old.as_deref() == secret;
    let Some(kept) = fields.life.filter(|life| now <= life.expires_at) else {
        return Ok(Some(Opened::Unknown));
    };
    if fields.is_ended {
        let is_its_own = is_present || is_old;
        let opened = if is_its_own {
            Opened::Ended
        } else {
            Opened::Unknown
        };
        return Ok(Some(opened));
    }
    if is_old && now.saturating_sub(needed(fields.old_at)?) <= grace {
        let readable = match fields.old_reads {
            true => Some(fields.loaded(open.id, false)?),
            false => None,
        };
        return Ok(Some(Opened::Superseded { readable }));
    }
    if !is_present {
        return Ok(Some(Opened::Unknown));
    }
    let life = Life {
        idle: kept.idle,
        ends_at: None,
    };
    if is_due(open.refresh, kept.touched_at, &life, now) {
        return Ok(None);
    }
    let loaded = fields.loaded(open.id, false)?;
    Ok(Some(Opened::Alive(loaded)))
}
