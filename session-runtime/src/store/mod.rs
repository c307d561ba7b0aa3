//! Where sessions are kept between requests: in the visitor's cookie, or on the server.
//!
//! Without further words the cookie holds the session. [`SessionConfig::store`](crate::SessionConfig::store) keeps it in one
//! of the stores here, or in one of an application's own, which implements [`SessionStore`]. Handlers do not change.
// A store loads a snapshot and commits a delta; it knows what a session is and no HTTP.

mod cookie;
mod lifetimes;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod protection;
#[cfg(feature = "redis")]
mod redis;
pub(crate) mod refresh;
mod rejection;
pub(crate) mod serializer;
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresAddressError, PostgresStore};
#[cfg(feature = "redis")]
pub use redis::{RedisAddressError, RedisStore};
pub use server::{
    Commit, Committed, Ending, LeaseId, Life, Loaded, NewSession, NoSessionId, Open, Opened,
    Record, Renewal, SecretHash, SessionId, SessionStore, StoreError, Take, Taken, Value, is_due,
};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

pub(crate) use cookie::{
    CommitError, CookieChange, CookieCommit, CookieStore, Frame, Newest, Rules,
};
pub(crate) use lifetimes::Lifetimes;
pub(crate) use protection::Protection;
pub(crate) use refresh::Refresh;
pub(crate) use serializer::{CookieSerializer, OpenError};
#[cfg(all(test, any(feature = "postgres", feature = "redis")))]
pub(crate) use server::size;
pub(crate) use server::{
    Changes, Decision, DynStore, GRACE, Patience, ServerSessions, Telling, Visit,
};

/// How many cookies of one name are tried. A browser has one for each path and domain for which it was ever set; each costs
/// an HMAC for every key, or a question to the store, and a line in the log, and a header has room for thousands.
pub(crate) const MOST_VALUES: usize = 16;
