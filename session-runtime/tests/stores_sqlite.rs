//! Sessions in a file of SQLite's: what several handles and processes do to one file, what a crash leaves, which files are
//! refused, and that it answers as the reference in memory does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test panics")]

mod sqlite {
    pub(crate) mod crash;
    pub(crate) mod files;
    pub(crate) mod parallel;
    pub(crate) mod purging;
    pub(crate) mod reference;
    mod suite;
}

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Committed, LeaseId, Life, Loaded, NewSession, Open, Opened, SecretHash, SessionId,
    SessionStore, SqliteStore, Value,
};

/// When it is.
pub(crate) const NOW: u64 = 1_700_000_000;

/// For how long tombstones stay.
pub(crate) const GRACE: Duration = Duration::from_secs(30);

/// A folder for one test, which is removed with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-sqlite-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// The sessions' file in it.
    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("sessions.sqlite")
    }

    pub(crate) fn store(&self) -> SqliteStore {
        store(&self.file())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A store that is as patient as a test on a busy machine needs it.
pub(crate) fn store(path: &Path) -> SqliteStore {
    SqliteStore::new(path).busy_timeout(Duration::from_secs(30))
}

pub(crate) fn id(number: u8) -> SessionId {
    SessionId::from_bytes([number; 16])
}

pub(crate) fn secret(number: u8) -> SecretHash {
    SecretHash::from_bytes([number; 32])
}

pub(crate) fn lease(number: u8) -> LeaseId {
    LeaseId::from_bytes([number; 16])
}

pub(crate) fn value(name: impl Into<String>, json: impl Into<String>) -> Value {
    (name.into(), json.into())
}

/// A session of this number, whose id and secret are of it.
pub(crate) fn session(number: u8) -> NewSession {
    NewSession {
        id: id(number),
        secret: secret(number),
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

pub(crate) fn opening(number: u8) -> Open {
    Open {
        id: id(number),
        secret: secret(number),
        refresh: Refresh::AfterTenth,
        lease: None,
        grace: GRACE,
        now: NOW,
    }
}

pub(crate) fn change(number: u8) -> Commit {
    Commit::new(id(number), 0, GRACE, NOW)
}

/// Sets one value of a session.
pub(crate) async fn set(store: &SqliteStore, number: u8, name: &str, json: &str) {
    let commit = Commit {
        set: vec![value(name, json)],
        ..change(number)
    };
    assert_eq!(store.commit(commit).await, Ok(Committed::Applied));
}

/// The session of this number, which is alive.
pub(crate) async fn load(store: &SqliteStore, number: u8) -> Loaded {
    match store.open(opening(number)).await.unwrap() {
        Opened::Alive(mut loaded) => {
            loaded.values.sort();
            loaded
        }
        other => panic!("{other:?}"),
    }
}

/// A runtime as an application has it.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap()
}
