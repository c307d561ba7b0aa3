//! What every store of sessions must do, as tests: statements about [`SessionStore`], each of which holds or does not.
//!
//! Whoever keeps sessions in a store of his own runs it through [`store_suite!`](macro@super::store_suite), which makes a test
//! of each statement. The stores of this crate pass the same ones. A statement is also a function here, to be called by
//! itself; where it does not hold, it panics with a sentence that says what the store did wrong.
//!
//! ```
//! use session_runtime::store::MemoryStore;
//! use session_runtime::testing::store_suite;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! store_suite::creation::a_known_id_is_not_created_again(MemoryStore::new()).await;
//! # }
//! ```
//!
//! # What a statement needs
//!
//! Each has ids and users of its own, so that all may run at the same time on one database that others use too. They
//! speak of times after the present, because a store may forget by its own clock as well.
//! Nothing is removed at the end: what is left behind expires within hours.
// A statement knows the trait and no store.

pub mod creation;
mod subject;

use crate::store::SessionStore;

/// Makes a test of each statement about a store of sessions.
///
/// The argument names, or is, an async function without parameters that makes a handle on the store. Each test calls it once,
/// and then [`prepare`](crate::store::SessionStore::prepare). Handles may share one database or have one each.
///
/// The tests are `#[tokio::test]`s that run on several threads, so the crate that uses this depends on tokio with the
/// features `macros` and `rt-multi-thread`. Every test is named as its [statement](mod@super::store_suite) is; two
/// suites go in two modules.
///
/// ```
/// use session_runtime::store::MemoryStore;
/// use session_runtime::testing::store_suite;
///
/// mod memory {
///     async fn store() -> session_runtime::store::MemoryStore {
///         session_runtime::store::MemoryStore::new()
///     }
///
///     session_runtime::testing::store_suite!(store);
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __store_suite {
    ($make:expr $(,)?) => {
        $crate::__each_store_statement! { ($crate::__store_suite_tests) $make }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_suite_tests {
    ($make:expr; $($idea:ident { $($statement:ident)* })*) => {$($(
        #[::tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $statement() {
            let store = $crate::testing::store_suite::prepared(($make)().await).await;
            $crate::testing::store_suite::$idea::$statement(store).await;
        }
    )*)*};
}

/// Hands the names of all statements, and what else it is given, to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __each_store_statement {
    (($($with:tt)*) $make:expr) => {
        $($with)*! { $make;
            creation {
                a_created_session_is_opened_as_it_was_created
                a_session_needs_neither_values_nor_a_user
                a_known_id_is_not_created_again
                the_id_of_an_ended_session_is_not_created_again
                of_an_unknown_id_nothing_is_known_and_nothing_is_made
                a_wrong_secret_opens_nothing_and_changes_nothing
                a_secret_opens_no_other_session
            }
        }
    };
}

/// Makes what a store keeps its sessions in, as an application does before the first one.
#[doc(hidden)]
pub async fn prepared<S: SessionStore>(store: S) -> S {
    subject::answered("prepare", store.prepare()).await;
    store
}
