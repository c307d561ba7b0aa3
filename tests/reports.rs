//! What users of other libraries ran into, as tests of this one. Each says which public report it retells.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../session-runtime/tests/common/log.rs"]
mod log;

#[path = "reports/cookies.rs"]
mod cookies;
#[path = "reports/extractors.rs"]
mod extractors;
#[path = "reports/flash.rs"]
mod flash;
#[path = "reports/in_place.rs"]
mod in_place;
#[path = "reports/kept.rs"]
mod kept;
#[path = "reports/keys.rs"]
mod keys;
#[path = "reports/lifetime.rs"]
mod lifetime;
#[path = "reports/nesting.rs"]
mod nesting;
#[path = "reports/streaming.rs"]
mod streaming;
#[path = "reports/unit_tests.rs"]
mod unit_tests;
