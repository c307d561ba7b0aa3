//! The questions that the tests ask most, with what does not matter to them filled in.

use std::time::Duration;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Life, Loaded, NewSession, Open, Opened, PostgresStore, SecretHash, SessionId,
    SessionStore, Value,
};

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const GRACE: Duration = Duration::from_secs(30);

pub(crate) fn id(number: u32) -> SessionId {
    SessionId::from_bytes(u128::from(number).to_be_bytes())
}

pub(crate) fn secret(byte: u8) -> SecretHash {
    SecretHash::from_bytes([byte; 32])
}

pub(crate) fn value(name: impl ToString, value: impl ToString) -> Value {
    (name.to_string(), value.to_string())
}

pub(crate) fn new_session(id: SessionId) -> NewSession {
    NewSession {
        id,
        secret: secret(1),
        values: Vec::new(),
        user: None,
        label: None,
        life: Life {
            idle: 3600,
            ends_at: None,
        },
        now: NOW,
    }
}

pub(crate) fn open(id: SessionId) -> Open {
    Open {
        id,
        secret: secret(1),
        refresh: Refresh::AfterTenth,
        lease: None,
        grace: GRACE,
        now: NOW,
    }
}

pub(crate) fn commit(id: SessionId) -> Commit {
    Commit::new(id, 0, GRACE, NOW)
}

/// A session that is alive.
pub(crate) async fn load(store: &PostgresStore, id: SessionId) -> Loaded {
    match store.open(open(id)).await.unwrap() {
        Opened::Alive(loaded) => loaded,
        other => panic!("{other:?}"),
    }
}
