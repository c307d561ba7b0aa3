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

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
