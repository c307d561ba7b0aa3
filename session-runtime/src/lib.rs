//! Sessions you declare on axum handlers.

mod clock;
mod gate;
mod layer;
mod routes;
mod session;
pub mod signing;
mod store;
pub mod testing;

pub use clock::Clock;
pub use layer::{
    ConfigError, CookieSettings, Refusal, ResponseFuture, SessionConfig, SessionLayer,
    SessionService, Sessions,
};
pub use session::{AsKey, Key, Result, Session, SessionError};
pub use store::Refresh;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
