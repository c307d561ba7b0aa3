//! Sessions in Redis, against a real `redis-server`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test panics"
)]

mod application;
mod cluster;
mod failover;
mod lists;
mod lost;
mod nodes;
mod opening;
mod outage;
mod parallel;
mod questions;
mod round_trips;
mod server;
mod suite;
mod values;
