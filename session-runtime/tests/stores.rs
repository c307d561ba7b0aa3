//! The store in memory does what every store must do; and what the layer tells and asks a store beside the values: what a
//! session is called, and to remove what has expired.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test panics"
)]

#[path = "common/log.rs"]
mod log;
mod stores {
    mod labels;
    mod memory;
    mod observed;
    mod purging;
}
