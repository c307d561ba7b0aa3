//! What is answered, read. Knows which fields a session has, and nothing of how it was asked.

use redis::Value as Reply;

use super::kept_life::KeptLife;
use super::keys::{holds_until, value_of};
use crate::store::{Committed, Loaded, Opened, Record, SessionId, StoreError, Taken, Value};

/// An entry that a user's index should have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) user: String,
    pub(super) until: u64,
}

/// The fields of a record by themselves, in the order in which [`record`] reads them.
pub(super) const RECORD: [&str; 4] = ["ended", "life", "user", "label"];

/// Whether the session was created. One that was asked for again may have been by the first question already.
pub(super) fn created(reply: Reply, was_repeated: bool) -> Result<(), StoreError> {
    let mut words = Words::of(reply)?;
    match words.first.as_str() {
        "created" => Ok(()),
        "exists" => match words.number()? {
            1 if was_repeated => Ok(()),
            _ => Err(StoreError::Exists),
        },
        other => Err(unexpected(other)),
    }
}

/// All fields of a session, or none if there is no such session.
pub(super) fn fields(reply: Reply) -> Result<Fields, StoreError> {
    match reply {
        Reply::Map(pairs) => Fields::of_pairs(pairs),
        reply => Fields::of(reply),
    }
}

/// What became of an open, and whether the index is to be told.
pub(super) fn opened(reply: Reply, id: SessionId) -> Result<(Opened, Option<Due>), StoreError> {
    let mut words = Words::of(reply)?;
    let opened = match words.first.as_str() {
        "unknown" => Opened::Unknown,
        "leased" => Opened::Leased,
        "ended" => Opened::Ended,
        "superseded" => Opened::Superseded {
            readable: match words.rest.next() {
                Some(fields) => Some(Fields::of(fields)?.loaded(id, false)?),
                None => None,
            },
        },
        "alive" => {
            let touched = words.number()? == 1;
            let is_index_due = words.number()? == 1;
            let fields = Fields::of(words.next()?)?;
            let idle = needed(fields.life)?.idle;
            let loaded = fields.loaded(id, touched)?;
            let user = loaded.record.user.clone().filter(|_| is_index_due);
            let due = user.map(|user| Due {
                user,
                until: holds_until(loaded.record.expires_at, idle),
            });
            return Ok((Opened::Alive(loaded), due));
        }
        other => return Err(unexpected(other)),
    };
    Ok((opened, None))
}

pub(super) fn taken(reply: Reply) -> Result<Taken, StoreError> {
    let mut words = Words::of(reply)?;
    Ok(match words.first.as_str() {
        "gone" => Taken::Gone,
        "superseded" => Taken::Superseded,
        "values" => Taken::Values(Fields::of(words.next()?)?.values),
        other => return Err(unexpected(other)),
    })
}

/// Whether an ordinary commit was applied.
pub(super) fn applied(reply: Reply) -> Result<bool, StoreError> {
    match reply {
        Reply::Int(done) => Ok(done == 1),
        _ => Err(unexpected("no number")),
    }
}

/// What became of a commit, and what the index is to be told.
pub(super) fn committed(reply: Reply) -> Result<(Committed, Option<Due>), StoreError> {
    let mut words = Words::of(reply)?;
    let committed = match words.first.as_str() {
        "gone" => Committed::Gone,
        "superseded" => Committed::Superseded,
        "lease_lost" => Committed::LeaseLost,
        "ended" => Committed::Ended,
        "conflict" => {
            let field = bytes(words.next()?)?;
            let name = text(value_of(&field).unwrap_or(&field).to_vec())?;
            Committed::Conflict { name }
        }
        "applied" => {
            let due = match words.rest.next() {
                None => None,
                Some(user) => Some(Due {
                    user: text(bytes(user)?)?,
                    until: holds_until(words.number()?, words.number()?),
                }),
            };
            return Ok((Committed::Applied, due));
        }
        other => return Err(unexpected(other)),
    };
    Ok((committed, None))
}

/// Whether a session was ended that was alive, and whose it was.
pub(super) fn ended(reply: Reply) -> Result<(bool, Option<String>), StoreError> {
    let mut words = Words::of(reply)?;
    match words.first.as_str() {
        "gone" => Ok((false, None)),
        "ended" => {
            let user = words.rest.next().map(bytes).transpose()?;
            Ok((true, user.map(text).transpose()?))
        }
        other => Err(unexpected(other)),
    }
}

/// What the fields of [`RECORD`] say, if it is of a session that has not ended.
pub(super) fn record(reply: Reply, id: SessionId) -> Result<Option<Record>, StoreError> {
    let values = items(reply)?;
    let mut fields = Fields::default();
    for (name, value) in RECORD.iter().zip(values) {
        match value {
            Reply::Nil => {}
            value => fields.add(name.as_bytes(), bytes(value)?)?,
        }
    }
    if fields.is_ended || fields.life.is_none() {
        return Ok(None);
    }
    fields.loaded(id, false).map(|loaded| Some(loaded.record))
}

/// The sessions that an index names.
pub(super) fn ids(reply: Reply) -> Result<Vec<SessionId>, StoreError> {
    let id = |item| {
        text(bytes(item)?)?
            .parse()
            .map_err(|_| unexpected("a session's id"))
    };
    items(reply)?.into_iter().map(id).collect()
}

/// An answer of a script: a word that says what happened, and what belongs to it.
struct Words {
    first: String,
    rest: std::vec::IntoIter<Reply>,
}

impl Words {
    fn of(reply: Reply) -> Result<Self, StoreError> {
        let mut rest = items(reply)?.into_iter();
        let first = rest.next().ok_or_else(|| unexpected("nothing"))?;
        Ok(Self {
            first: text(bytes(first)?)?,
            rest,
        })
    }

    fn next(&mut self) -> Result<Reply, StoreError> {
        self.rest.next().ok_or_else(|| unexpected("too little"))
    }

    fn number(&mut self) -> Result<u64, StoreError> {
        match self.next()? {
            Reply::Int(number) => {
                u64::try_from(number).map_err(|_| unexpected("a negative number"))
            }
            other => number(&bytes(other)?),
        }
    }
}

/// The fields of a session.
#[derive(Default)]
pub(super) struct Fields {
    values: Vec<Value>,
    pub(super) secret: Option<Vec<u8>>,
    /// The secret before, and since when it is that.
    pub(super) old: Option<Vec<u8>>,
    pub(super) old_at: Option<u64>,
    /// Whether whoever has the secret before may read the session.
    pub(super) old_reads: bool,
    pub(super) is_ended: bool,
    pub(super) life: Option<KeptLife>,
    user: Option<String>,
    label: Option<String>,
}

impl Fields {
    /// Reads what stands pair by pair.
    fn of(reply: Reply) -> Result<Self, StoreError> {
        let mut items = items(reply)?.into_iter();
        Self::of_pairs(std::iter::from_fn(|| Some((items.next()?, items.next()?))))
    }

    fn of_pairs(pairs: impl IntoIterator<Item = (Reply, Reply)>) -> Result<Self, StoreError> {
        let mut fields = Self::default();
        for (field, value) in pairs {
            fields.add(&bytes(field)?, bytes(value)?)?;
        }
        Ok(fields)
    }

    fn add(&mut self, field: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        if let Some(name) = value_of(field) {
            self.values.push((text(name.to_vec())?, text(value)?));
            return Ok(());
        }
        match field {
            b"ended" => self.is_ended = true,
            b"user" => self.user = Some(text(value)?),
            b"label" => self.label = Some(text(value)?),
            b"life" => self.life = Some(life(&value)?),
            b"secret" => self.secret = Some(value),
            b"old" => self.old = Some(value),
            b"old_at" => self.old_at = Some(number(&value)?),
            b"old_reads" => self.old_reads = value == b"1",
            // Leases and the like, which the scripts alone look at.
            _ => {}
        }
        Ok(())
    }

    pub(super) fn loaded(self, id: SessionId, touched: bool) -> Result<Loaded, StoreError> {
        let life = needed(self.life)?;
        Ok(Loaded {
            values: self.values,
            record: Record {
                id,
                generation: life.generation,
                user: self.user,
                label: self.label,
                created_at: life.created_at,
                touched_at: life.touched_at,
                expires_at: life.expires_at,
            },
            touched,
        })
    }
}

/// A field that every session has which is not malformed.
pub(super) fn needed<T>(field: Option<T>) -> Result<T, StoreError> {
    field.ok_or_else(|| unexpected("a session without all of its fields"))
}

fn items(reply: Reply) -> Result<Vec<Reply>, StoreError> {
    match reply {
        Reply::Array(items) => Ok(items),
        _ => Err(unexpected("no list")),
    }
}

fn bytes(reply: Reply) -> Result<Vec<u8>, StoreError> {
    match reply {
        Reply::BulkString(bytes) => Ok(bytes),
        _ => Err(unexpected("no text")),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|_| unexpected("a text that is not UTF-8"))
}

fn life(bytes: &[u8]) -> Result<KeptLife, StoreError> {
    std::str::from_utf8(bytes)
        .ok()
        .and_then(KeptLife::read)
        .ok_or_else(|| unexpected("no life"))
}

fn number(bytes: &[u8]) -> Result<u64, StoreError> {
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| unexpected("no number"))
}

/// Says what was found, and never a value.
fn unexpected(found: &str) -> StoreError {
    StoreError::Incompatible {
        reason: format!("Redis answered with {found} where a session was asked for"),
    }
}
