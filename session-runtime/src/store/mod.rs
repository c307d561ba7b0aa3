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
pub(crate) mod refresh;
mod rejection;
pub(crate) mod serializer;
mod server;

pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresAddressError, PostgresStore};
pub use server::{
    Commit, Committed, Ending, LeaseId, Life, Loaded, NewSession, NoSessionId, Open, Opened,
    Record, Renewal, SecretHash, SessionId, SessionStore, StoreError, Take, Taken, Value, is_due,
};

pub(crate) use cookie::{CommitError, CookieChange, CookieCommit, CookieStore, Frame, Rules};
pub(crate) use lifetimes::Lifetimes;
pub(crate) use protection::Protection;
pub(crate) use refresh::Refresh;
pub(crate) use serializer::{CookieSerializer, OpenError};
pub(crate) use server::{Changes, DynStore, Patience, ServerSessions, Visit};
