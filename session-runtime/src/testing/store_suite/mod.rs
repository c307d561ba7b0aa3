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

pub mod concurrency;
pub mod creation;
pub mod deltas;
pub mod endings;
mod handles;
pub mod histories;
pub mod history;
pub mod leases;
pub mod lifecycle;
pub mod lifetimes;
mod parallel;
pub mod purging;
pub mod renewals;
mod subject;
pub mod takes;
pub mod users;
pub mod values;

pub use handles::Handles;

use crate::store::SessionStore;

/// Makes a test of each statement about a store of sessions.
///
/// The argument names, or is, an async function without parameters that makes a handle on the store. Each test calls it once,
/// and then [`prepare`](crate::store::SessionStore::prepare). Handles may share one database or have one each.
///
/// The tests are `#[tokio::test]`s that run on several threads, so the crate that uses this depends on tokio with the
/// features `macros` and `rt-multi-thread`. Every test is named as its [statement](mod@crate::testing::store_suite) is; two
/// suites go in two modules.
///
/// What several processes do to one database is tried by [`Handles`](crate::testing::store_suite::Handles).
///
/// ```
/// mod memory {
///     use session_runtime::store::MemoryStore;
///     use session_runtime::testing::store_suite;
///
///     async fn store() -> MemoryStore {
///         MemoryStore::new()
///     }
///
///     store_suite!(store);
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
            values {
                values_come_back_byte_for_byte
                names_come_back_byte_for_byte
                a_name_may_hold_the_character_zero
                values_of_64_kilobytes_come_back
                five_hundred_values_come_back
                a_null_is_a_value
                an_object_is_replaced_and_not_merged
                users_and_labels_come_back_byte_for_byte
            }
            deltas {
                a_commit_changes_what_it_names_and_nothing_else
                deltas_of_different_keys_merge
                a_commit_that_changes_nothing_is_applied
                clear_removes_every_value_and_then_others_are_set
                user_and_label_change_where_the_commit_says_so
                a_commit_is_applied_where_values_are_as_expected
                a_commit_conflicts_where_a_value_is_not_as_expected
                expected_values_are_compared_byte_for_byte
                a_session_ends_where_nothing_that_counts_is_left
                a_session_stays_where_something_that_counts_is_left
                an_emptied_session_stays_where_no_end_is_asked_for
            }
            lifetimes {
                a_session_lives_until_its_last_second_and_not_longer
                an_expired_session_stays_expired
                each_request_extends_a_life_where_it_is_to
                a_life_is_extended_after_a_tenth_of_it_and_not_before
                no_request_extends_a_life_where_none_is_to
                no_session_lives_longer_than_it_may_at_all
                a_commit_may_give_a_session_another_life
                a_commit_extends_no_life_unless_it_says_so
            }
            renewals {
                a_renewed_session_has_a_new_secret_and_the_next_generation
                a_renewed_session_keeps_its_label
                a_login_is_applied_with_its_renewal
                a_superseded_secret_is_known_for_the_grace_and_not_longer
                a_superseded_secret_reads_where_the_user_stayed
                a_superseded_secret_reads_nothing_where_the_user_changed
                a_superseded_secret_neither_extends_nor_leases
                only_the_last_superseded_secret_is_known
                what_began_before_a_renewal_is_not_applied
                a_conflicting_renewal_leaves_the_secret
            }
            leases {
                a_leased_session_is_leased_to_nobody_else
                a_lease_lasts_until_its_last_second_and_not_longer
                a_leased_session_is_read_without_its_lease
                a_lease_hinders_no_commit_and_no_take_that_need_none
                a_commit_gives_its_lease_back
                a_lease_is_given_back_by_whoever_has_it
                a_lease_that_expired_and_nobody_wanted_is_good
                a_lease_that_expired_and_was_taken_over_is_lost
                a_lease_that_was_taken_over_and_given_back_is_lost
                a_renewal_gives_its_lease_back
            }
            takes {
                a_take_returns_and_removes_what_was_there
                a_second_take_gets_nothing
                a_take_of_what_is_not_there_gets_nothing
                what_is_set_after_a_take_is_taken_by_the_next
                a_commit_conflicts_with_a_take_of_what_it_expects
                a_take_ends_no_session_and_extends_none
            }
            endings {
                an_ended_session_stays_ended
                a_tombstone_stays_for_the_grace_and_not_longer
                a_tombstone_outlasts_the_life_that_was_left
                a_tombstone_knows_the_last_two_secrets
                a_leased_session_can_be_ended
                an_expired_session_is_not_ended
                the_end_of_one_session_leaves_others_alone
            }
            users {
                the_sessions_of_a_user_are_listed_oldest_first
                only_the_sessions_of_that_user_are_listed_and_ended
                a_user_without_sessions_has_none
                a_session_moves_with_its_login
                a_label_that_has_changed_is_in_the_list
                a_session_whose_life_was_extended_is_listed_and_ended
                all_sessions_of_a_user_end_at_once
                all_sessions_of_a_user_end_but_the_one_that_is_kept
                the_oldest_sessions_of_a_user_end_and_the_newest_stay
                the_kept_session_is_not_one_of_the_newest
                expired_sessions_of_a_user_do_not_count
            }
            purging {
                a_purge_removes_what_has_passed_and_no_more_than_its_limit
            }
            concurrency {
                sixty_four_parallel_writers_of_different_keys_keep_sixty_four
                parallel_removals_and_writes_keep_what_each_has_said
                of_parallel_takes_one_gets_the_value
                parallel_takes_of_different_values_each_get_theirs
                reads_beside_a_take_do_not_eat_the_value
                parallel_updates_under_a_lease_lose_none
                parallel_updates_of_an_expected_value_lose_none
                updates_and_writers_of_other_keys_keep_both
                of_parallel_requests_for_a_lease_one_gets_it
                an_expired_lease_is_taken_over_once
                a_reader_sees_a_commit_whole_or_not_at_all
                extending_a_life_loses_no_commit
                preparing_at_the_same_time_is_harmless
            }
            lifecycle {
                of_parallel_renewals_one_is_applied
                writers_beside_a_renewal_are_applied_or_told
                of_parallel_creations_of_one_id_one_succeeds
                of_parallel_ends_one_ended_the_session
                an_end_among_other_requests_is_never_undone
                the_end_of_a_users_sessions_beside_logins_loses_none
            }
            histories {
                what_parallel_requests_are_answered_has_an_order
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    macro_rules! names {
        ($make:expr; $($idea:ident { $($statement:ident)* })*) => {
            [$($(concat!(stringify!($idea), "::", stringify!($statement)),)*)*]
        };
    }

    #[test]
    fn every_statement_is_a_test() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/testing/store_suite");
        let mut written = BTreeSet::new();
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let idea = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let statements = text
                .lines()
                .filter_map(|line| line.strip_prefix("pub async fn "));
            for statement in statements.filter(|_| idea != "mod") {
                let (name, _) = statement.split_once('<').unwrap();
                written.insert(format!("{idea}::{name}"));
            }
        }
        let listed = __each_store_statement! { (names) () };
        let listed: BTreeSet<_> = listed.into_iter().map(str::to_owned).collect();
        assert!(listed.len() > 90);
        assert_eq!(written, listed);
    }
}
