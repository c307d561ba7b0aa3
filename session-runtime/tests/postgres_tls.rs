//! Sessions in PostgreSQL through TLS, against real servers with certificates of the tests' own.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that cannot go on fails"
)]

#[path = "postgres/ask.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod ask;
#[path = "common/authority.rs"]
mod authority;
#[path = "postgres/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod server;
#[path = "postgres/tls.rs"]
mod tls;
