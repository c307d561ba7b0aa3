//! The cookie on its way in and out: finding ours in a request's headers, and writing ours into a response's. It knows
//! names, values and attributes, and not what a value means.

mod request;
mod response;

pub(super) use request::{Pair, pairs, values};
pub(super) use response::{SetCookie, quoted};
