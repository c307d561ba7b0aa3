//! Sessions that a store keeps: what holds of them for a visitor, over HTTP and in one process.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the helpers of a test fail it"
)]

#[path = "server_side/app.rs"]
mod app;
#[path = "server_side/lifetimes.rs"]
mod lifetimes;
#[path = "server_side/parallel.rs"]
mod parallel;
#[path = "server_side/secrets.rs"]
mod secrets;
mod site;
#[path = "server_side/users.rs"]
mod users;
