//! Sessions in Redis through TLS, against real servers with certificates of the tests' own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test panics"
)]

#[path = "common/authority.rs"]
mod authority;
#[path = "redis/nodes.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod nodes;
#[path = "redis/questions.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod questions;
#[path = "redis/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod server;
#[path = "redis/tls.rs"]
mod tls;
