//! `#[login_required]` and `#[guard]` protect wherever they stand, under whatever name, and however the handler is wired.
//!
//! Each handler answers with its own name, so that a test can tell that a user reaches it and a stranger does not.

#![deny(warnings)]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[path = "order/disguises.rs"]
mod disguises;
#[path = "order/foreign.rs"]
mod foreign;
#[path = "order/own_guards.rs"]
mod own_guards;
#[macro_use]
#[path = "order/permutations.rs"]
mod permutations;
#[path = "order/roles.rs"]
mod roles;
#[path = "order/verbs.rs"]
mod verbs;
#[path = "order/visit.rs"]
mod visit;
#[path = "order/ways_round.rs"]
mod ways_round;
#[path = "order/wiring.rs"]
mod wiring;
