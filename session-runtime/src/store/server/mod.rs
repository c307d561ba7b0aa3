//! Sessions that are kept on the server: the visitor's cookie names one and proves the right to it, a store keeps the
//! values. This knows how a session lives in a store, and neither which store that is nor how a cookie travels.

mod changes;
mod credential;
mod dynamic;
mod error;
mod lease;
mod long_lived;
mod protocol;
mod purging;
mod queue;
mod sessions;
mod shown;
mod visit;

pub use credential::{LeaseId, NoSessionId, SecretHash, SessionId};
pub use error::StoreError;
pub use protocol::{
    Commit, Committed, Ending, Life, Loaded, NewSession, Open, Opened, Record, Renewal,
    SessionStore, Take, Taken, Value, is_due,
};

pub(crate) use changes::Changes;
pub(crate) use dynamic::DynStore;
#[cfg(all(test, any(feature = "postgres", feature = "redis")))]
pub(crate) use dynamic::size;
pub(crate) use sessions::{GRACE, Patience, ServerSessions};
pub(crate) use visit::{Decision, Telling, Visit};
