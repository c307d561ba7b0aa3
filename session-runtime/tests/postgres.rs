//! Sessions in a real PostgreSQL, which the tests start for themselves.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[path = "postgres/ask.rs"]
mod ask;
#[path = "postgres/concurrency.rs"]
mod concurrency;
#[path = "postgres/connections.rs"]
mod connections;
#[path = "postgres/database.rs"]
mod database;
#[path = "postgres/durability.rs"]
mod durability;
#[path = "postgres/model.rs"]
mod model;
#[path = "postgres/purging.rs"]
mod purging;
#[path = "postgres/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod server;
#[path = "postgres/standings.rs"]
mod standings;
#[path = "postgres/suite.rs"]
mod suite;
#[path = "postgres/together.rs"]
mod together;
