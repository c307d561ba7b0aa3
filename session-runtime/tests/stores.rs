//! Our stores do what every store must do, and what has expired is removed from them beside the requests.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test panics"
)]

#[path = "common/log.rs"]
mod log;
mod stores {
    mod memory;
    mod purging;
}
