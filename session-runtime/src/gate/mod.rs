//! What stands between a request and an annotated handler: the contract it declared, the gate that enforces it, its
//! guards, and the values it is handed.
//!
//! This floor knows the session and the layer that attached it. It does not know how a route got its path.

mod admission;
mod admitting;
mod arity;
mod binding;
mod contract;
mod declare;
mod for_test;
#[expect(
    clippy::module_inception,
    reason = "the gate is what this floor is named for"
)]
mod gate;
mod guard;
mod info;
mod key_use;
mod keys;
mod login;
#[cfg(any(feature = "aide", feature = "utoipa"))]
mod openapi;
mod update;
mod value;
mod values;

pub use admission::{Admission, Asks, OwnGuards};
pub use arity::{
    Arity0, Arity1, Arity2, Arity3, Arity4, Arity5, Arity6, Arity7, Arity8, Arity9, Arity10,
    Arity11, Arity12, Arity13, Arity14, Arity15, Arity16, ArityUnknown,
};
pub use binding::Slot;
pub use contract::{Behind, BuiltIn, Contract, Gated, GuardInfo, Guarded, Open, Options, Own};
pub use for_test::AskedWithoutRequest;
pub use gate::{Gate, Taking};
pub use guard::Guard;
pub use info::{Info, RouteInfo, RouteInfos};
pub use key_use::{
    Access, KeyUse, Otherwise, check_key, reads, reads_default, reads_option, reads_or,
    reads_result, takes, takes_default, takes_option, takes_or, updates, updates_default,
    updates_option, updates_or, writes,
};
pub use keys::Keys;
pub use login::LoginRequired;
pub use update::Update;
pub use value::{ReadValue, UpdateValue, WriteValue};

pub(crate) use admission::{GroupGuard, GroupGuards, ask_groups};
pub(crate) use info::{Declaration, name};
#[cfg(test)]
pub(crate) use key_use::mark;
#[cfg(feature = "utoipa")]
pub(crate) use openapi::refusals;
