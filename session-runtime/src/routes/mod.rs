//! Annotated handlers as an application: `routes![]` collects them, the table shows them, `url_for!` finds them.
//!
//! This is the floor on which a contract meets axum's router. It does not know what a session is; it puts the layer around
//! the routes and leaves the rest to it.

mod handler;
mod key_types;
mod lookup;
#[expect(
    clippy::module_inception,
    reason = "the routes are what this floor is named for"
)]
mod routes;
mod sentence;
mod table;
mod url;

pub use handler::{Answer, AsyncFn, Extract, Fronts, LastParameter, Parameter};
pub use key_types::{KeyTypes, key_slots};
pub use lookup::url_for;
pub use routes::{CallWithSessionsToMakeARouterOfIt, HasSessions, Routes, RoutesWithoutSessions};
pub use table::{Route, RouteTable};
pub use url::{Shown, UrlError, UrlValue, check_url, display};
