//! Runs every statement against a store, and collects which of them do not hold.

use super::faulty::{Fault, Faulty};

macro_rules! spawned {
    ($make:expr; $($idea:ident { $($statement:ident)* })*) => {
        vec![$($((
            stringify!($statement),
            tokio::spawn(session_runtime::testing::store_suite::$idea::$statement($make)),
        ),)*)*]
    };
}

/// The statements that a store with this fault fails, and what is said about each.
pub(super) async fn failures(fault: Option<Fault>) -> Vec<(&'static str, String)> {
    let statements = session_runtime::__each_store_statement! { (spawned) Faulty::new(fault) };
    let mut failures = Vec::new();
    for (name, statement) in statements {
        if let Err(failed) = statement.await {
            let panic = failed.into_panic();
            let sentence = panic.downcast_ref::<String>().cloned();
            failures.push((name, sentence.unwrap_or_default()));
        }
    }
    failures
}
