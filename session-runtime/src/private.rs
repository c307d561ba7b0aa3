//! What the macros' output names, and nothing else. It is no part of the public interface: it changes with the macros, and
//! both are always of one version.

pub use crate::__declare as declare;
pub use crate::gate::{
    Admission, AskedWithoutRequest, Asks, Behind, BuiltIn, Contract, Gated, GuardInfo, Guarded,
    Info, KeyUse, Open, Options, Otherwise, Own, OwnGuards, ReadValue, RouteInfo, RouteInfos,
    Taking, Update, UpdateValue, WriteValue, check_key, reads, reads_default, reads_option,
    reads_or, reads_result, takes, takes_default, takes_option, takes_or, updates, updates_default,
    updates_option, updates_or, writes,
};
pub use crate::layer::Refusal;
pub use crate::routes::{
    Answer, AsyncFn, CallWithSessionsToMakeARouterOfIt, Extract, ExtractBehind, Fronts, HasTable,
    InOrder, IsAround, KeyTypes, LastParameter, Order, Ordered, Parameter, Reads, ReadsNoBody,
    RoutesWithoutSessions, Shown, UrlValue, check_audit, check_contract, check_url, display,
    url_for,
};
pub use crate::session::ReadOnly;
pub use axum::response::Response;
pub use session_macros::{__contract, routes, url_for};
