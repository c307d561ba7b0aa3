//! Questions to a store, with what a test does not care about filled in.

use std::time::Duration;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, LeaseId, Life, NewSession, Open, SecretHash, SessionId, Take,
};

/// Now, as the tests' questions say it.
pub const NOW: u64 = 1_800_000_000;

pub const GRACE: Duration = Duration::from_secs(30);

pub const SECRET: SecretHash = SecretHash::from_bytes([3; 32]);

pub const LIFE: Life = Life {
    idle: 1000,
    ends_at: None,
};

pub fn id(number: u8) -> SessionId {
    SessionId::from_bytes([number; 16])
}

pub fn lease(number: u8) -> LeaseId {
    LeaseId::from_bytes([number; 16])
}

pub fn pair(name: impl ToString, value: impl ToString) -> (String, String) {
    (name.to_string(), value.to_string())
}

pub fn new(number: u8) -> NewSession {
    NewSession {
        id: id(number),
        secret: SECRET,
        values: vec![pair("a", 1)],
        user: None,
        label: None,
        life: LIFE,
        now: NOW,
    }
}

pub fn new_of(number: u8, user: &str) -> NewSession {
    NewSession {
        user: Some(user.to_owned()),
        ..new(number)
    }
}

pub fn open(number: u8) -> Open {
    Open {
        id: id(number),
        secret: SECRET,
        refresh: Refresh::Never,
        lease: None,
        grace: GRACE,
        now: NOW,
    }
}

pub fn take(number: u8, name: &str) -> Take {
    Take {
        id: id(number),
        generation: 0,
        names: vec![name.to_owned()],
        now: NOW,
    }
}

pub fn commit(number: u8) -> Commit {
    Commit::new(id(number), 0, GRACE, NOW)
}
