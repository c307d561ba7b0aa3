//! What the macros' output names, and nothing else. It is no part of the public interface: it changes with the macros, and
//! both are always of one version.

pub use crate::__declare as declare;
pub use crate::gate::{
    Admission, Arity0, Arity1, Arity2, Arity3, Arity4, Arity5, Arity6, Arity7, Arity8, Arity9,
    Arity10, Arity11, Arity12, Arity13, Arity14, Arity15, Arity16, ArityUnknown,
    AskedWithoutRequest, Asks, Behind, BuiltIn, Contract, Gated, GuardInfo, Guarded, Info, Keys,
    Open, Options, Otherwise, Own, OwnGuards, ReadValue, RouteInfo, RouteInfos, Taking, Update,
    UpdateValue, WriteValue, check_key, reads, reads_default, reads_option, reads_or, reads_result,
    takes, takes_default, takes_option, takes_or, updates, updates_default, updates_option,
    updates_or, writes,
};
pub use crate::layer::Refusal;
pub use crate::routes::{
    Answer, AsyncFn, CallWithSessionsToMakeARouterOfIt, Extract, ExtractBehind, Fronts, HasTable,
    InOrder, IsAround, KeyTypes, LastParameter, NoParameters, Order, Ordered, Parameter, Reads,
    ReadsNoBody, RoutesWithoutSessions, Shown, Unlike, UrlValue, check_audit, check_contract,
    check_url, display, url_for,
};
pub use crate::session::ReadOnly;
pub use axum::response::Response;
pub use session_macros::{__contract, routes, url_for};
