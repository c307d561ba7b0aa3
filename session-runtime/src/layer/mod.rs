//! The tower layer: it finds its own cookie, opens the session when somebody looks at it, and commits it once, when the
//! response's head is ready. Everything that a response says of the session, it says here.
//!
//! This floor knows HTTP, the session and its store. It must not know of handlers, guards and routes.

mod administration;
mod arriving;
mod attached;
mod backend;
mod browser;
mod config;
mod cookie;
mod cookie_attributes;
mod earlier;
mod ending;
mod extract;
mod future;
mod headers;
#[expect(
    clippy::module_inception,
    reason = "a file a role: the layer, its service, its future"
)]
mod layer;
mod local_path;
mod long_lived;
mod passage;
mod percent;
mod refusal;
mod remember;
mod rendering;
mod service;
mod serving;

pub use administration::StoredSessions;
pub use config::{
    Compression, ConfigError, CookieSettings, SameSite, SecretKeyFileError, SessionConfig,
    UnknownSameSite,
};
pub use cookie_attributes::CookieAttributes;
pub use extract::Sessions;
pub use future::ResponseFuture;
pub use layer::SessionLayer;
pub use local_path::local_path;
pub use long_lived::SessionHandle;
pub use refusal::Refusal;
pub use service::SessionService;

pub(crate) use arriving::Arriving;
pub(crate) use attached::Attached;
pub(crate) use layer::Visiting;
pub(crate) use local_path::is_local_path;
pub(crate) use passage::is_fetched_ahead;
pub(crate) use percent::NOT_UNRESERVED;
pub(crate) use serving::Serving;
