//! What stands between a request and an annotated handler: the contract it declared, the gate that enforces it, its
//! guards, and the values it is handed.
//!
//! This floor knows the session and the layer that attached it. It does not know how a route got its path.

mod admission;
mod admitting;
mod binding;
mod contract;
mod for_test;
#[expect(
    clippy::module_inception,
    reason = "the gate is what this floor is named for"
)]
mod gate;
mod guard;
mod info;
mod login;
#[cfg(any(feature = "aide", feature = "utoipa"))]
mod openapi;
mod update;
mod value;
mod values;

pub use admission::{Admission, Asks, OwnGuards};
pub use binding::{
    Slot, Take, read, read_default, read_option, read_result, slot, take, take_default, take_option,
};
pub use contract::{
    Access, Behind, BuiltIn, Contract, Gated, GuardInfo, Guarded, KeyUse, Open, Options, Own,
    check_key,
};
pub use for_test::AskedWithoutRequest;
pub use gate::{Gate, Taking};
pub use guard::Guard;
pub use info::{Info, RouteInfo, RouteInfos};
pub use login::LoginRequired;
pub use update::{Update, update, update_default, update_option};
pub use value::{ReadValue, UpdateValue, WriteValue};
pub use values::{Held, Values, all, hold};

pub(crate) use admission::{GroupGuard, GroupGuards, ask_groups};
pub(crate) use info::Declaration;
#[cfg(feature = "utoipa")]
pub(crate) use openapi::refusals;
