//! What users of other libraries ran into with sessions in a store, as tests of this one. Each says which public report it
//! retells.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[path = "store_reports/append.rs"]
mod append;
#[path = "store_reports/flash.rs"]
mod flash;
#[path = "store_reports/outage.rs"]
mod outage;
#[path = "store_reports/renewal.rs"]
mod renewal;
