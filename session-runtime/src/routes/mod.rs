//! Annotated handlers as an application: `routes![]` collects them, the table shows them, `url_for!` finds them.
//!
//! This is the floor on which a contract meets axum's router. It does not know what a session is; it puts the layer around
//! the routes and leaves the rest to it.

mod async_fn;
mod audit;
mod calling;
mod contract;
mod handler;
mod has_table;
mod key_types;
mod lending;
mod lookup;
mod missing_layer;
#[cfg(feature = "utoipa")]
mod openapi;
mod parameter_order;
mod place;
mod registry;
#[expect(
    clippy::module_inception,
    reason = "the routes are what this floor is named for"
)]
mod routes;
mod sentence;
mod surroundings;
mod table;
mod url;

pub use async_fn::{AsyncFn, NoParameters, Unlike};
pub use audit::{Audit, Finding, check_audit};
pub use contract::check_contract;
pub use handler::{Answer, Extract, ExtractBehind, Fronts, LastParameter, Parameter};
pub use has_table::HasTable;
pub use key_types::KeyTypes;
pub use lookup::url_for;
pub use missing_layer::IsAround;
#[cfg(feature = "utoipa")]
pub use openapi::SessionSecurity;
pub use parameter_order::{InOrder, Order, Ordered, Reads, ReadsNoBody};
pub use routes::{CallWithSessionsToMakeARouterOfIt, Routes, RoutesWithoutSessions};
pub use table::{CommandError, Route, RouteTable};
pub use url::{Shown, UrlError, UrlValue, check_url, display};
