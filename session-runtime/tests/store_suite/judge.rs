//! Runs statements against a store, and collects which of them do not hold.

use super::faulty::{Fault, Faulty};

macro_rules! wanted {
    ($make:expr; $($idea:ident { $($statement:ident)* })*) => {
        |is_wanted: &dyn Fn(&str) -> bool| {
            let mut statements = Vec::new();
            $($(if is_wanted(stringify!($statement)) {
                let statement = session_runtime::testing::store_suite::$idea::$statement($make);
                statements.push((stringify!($statement), tokio::spawn(statement)));
            })*)*
            statements
        }
    };
}

/// Those of the wanted statements that a store with this fault fails, and what is said about each.
pub(super) async fn failures(
    fault: Option<Fault>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<(&'static str, String)> {
    let spawn = session_runtime::__each_store_statement! { (wanted) Faulty::new(fault) };
    let mut failures = Vec::new();
    for (name, statement) in spawn(is_wanted) {
        if let Err(failed) = statement.await {
            let panic = failed.into_panic();
            let sentence = panic.downcast_ref::<String>().cloned();
            failures.push((name, sentence.unwrap_or_default()));
        }
    }
    failures
}
