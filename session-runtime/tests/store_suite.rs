//! What the statements about stores are worth: a store that does one thing wrong fails those that say so, and the one that it
//! was before it went wrong fails none.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test panics")]

mod store_suite {
    mod faulty;
    mod judge;
    mod statements;
}
