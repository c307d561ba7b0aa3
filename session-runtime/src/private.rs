//! What the macros' output names, and nothing else. It is no part of the public interface: it changes with the macros, and
//! both are always of one version.

pub use crate::gate::{
    Access, Admission, AskedWithoutRequest, Asks, Behind, BuiltIn, Contract, Gated, GuardInfo,
    Guarded, Held, Info, KeyUse, Open, Options, Own, OwnGuards, ReadValue, RouteInfo, RouteInfos,
    Take, Taking, Update, UpdateValue, Values, WriteValue, all, check_key, hold, read,
    read_default, read_option, read_result, slot, take, take_default, take_option, update,
    update_default, update_option,
};
pub use crate::layer::Refusal;
pub use crate::routes::{
    Answer, AsyncFn, CallWithSessionsToMakeARouterOfIt, Extract, ExtractBehind, Fronts, HasTable,
    InOrder, IsAround, KeyTypes, LastParameter, Order, Parameter, Reads, ReadsNoBody,
    RoutesWithoutSessions, Shown, UrlValue, check_audit, check_contract, check_url, display,
    key_slots, url_for,
};
pub use crate::session::{Key, ReadOnly};
pub use axum::response::Response;
pub use session_macros::{__contract, routes, url_for};
