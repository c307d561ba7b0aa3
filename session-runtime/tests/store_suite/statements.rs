//! Which statements fail because of which fault. A statement that no faulty store fails would prove nothing.

use std::collections::BTreeSet;

use super::faulty::Fault;
use super::judge::failures;

/// What a store does wrong, and statements that fail because of it. Others do too.
const FAULTS: &[(Fault, &[&str])] = &[
    (
        Fault::OverwritesWholeRecords,
        &[
            "what_parallel_requests_are_answered_has_an_order",
            "sixty_four_parallel_writers_of_different_keys_keep_sixty_four",
            "parallel_removals_and_writes_keep_what_each_has_said",
            "updates_and_writers_of_other_keys_keep_both",
            "writers_beside_a_renewal_are_applied_or_told",
            "extending_a_life_loses_no_commit",
        ],
    ),
    (
        Fault::RevivesEndedSessions,
        &[
            "what_parallel_requests_are_answered_has_an_order",
            "an_ended_session_stays_ended",
            "a_leased_session_can_be_ended",
            "all_sessions_of_a_user_end_at_once",
            "of_parallel_ends_one_ended_the_session",
            "an_end_among_other_requests_is_never_undone",
        ],
    ),
    (
        Fault::LeavesNoTombstone,
        &[
            "a_tombstone_stays_for_the_grace_and_not_longer",
            "a_tombstone_knows_the_last_two_secrets",
        ],
    ),
    (
        Fault::TakesInTwoSteps,
        &[
            "what_parallel_requests_are_answered_has_an_order",
            "of_parallel_takes_one_gets_the_value",
        ],
    ),
    (
        Fault::CommitsInSteps,
        &[
            "a_commit_conflicts_where_a_value_is_not_as_expected",
            "a_reader_sees_a_commit_whole_or_not_at_all",
        ],
    ),
    (
        Fault::ComparesBeforeItCommits,
        &[
            "what_parallel_requests_are_answered_has_an_order",
            "parallel_updates_of_an_expected_value_lose_none",
        ],
    ),
    (
        Fault::LeasesInTwoSteps,
        &[
            "of_parallel_requests_for_a_lease_one_gets_it",
            "an_expired_lease_is_taken_over_once",
        ],
    ),
    (
        Fault::RewritesJson,
        &[
            "values_come_back_byte_for_byte",
            "expected_values_are_compared_byte_for_byte",
        ],
    ),
    (Fault::FoldsNames, &["names_come_back_byte_for_byte"]),
    (Fault::DropsNulls, &["a_null_is_a_value"]),
    (
        Fault::ExpiresASecondEarly,
        &[
            "a_session_lives_until_its_last_second_and_not_longer",
            "no_session_lives_longer_than_it_may_at_all",
            "a_superseded_secret_is_known_for_the_grace_and_not_longer",
            "a_lease_lasts_until_its_last_second_and_not_longer",
            "a_tombstone_stays_for_the_grace_and_not_longer",
        ],
    ),
    (
        Fault::NeverExtends,
        &[
            "each_request_extends_a_life_where_it_is_to",
            "a_life_is_extended_after_a_tenth_of_it_and_not_before",
            "a_session_whose_life_was_extended_is_listed_and_ended",
        ],
    ),
    (
        Fault::AlwaysExtends,
        &[
            "a_life_is_extended_after_a_tenth_of_it_and_not_before",
            "no_request_extends_a_life_where_none_is_to",
        ],
    ),
    (
        Fault::ExtendsWithEachCommit,
        &["a_commit_extends_no_life_unless_it_says_so"],
    ),
    (
        Fault::ForgetsThatSecretsAreSuperseded,
        &["a_superseded_secret_is_known_for_the_grace_and_not_longer"],
    ),
    (
        Fault::ShowsSupersededSessions,
        &["a_superseded_secret_reads_nothing_where_the_user_changed"],
    ),
    (
        Fault::IgnoresGenerations,
        &[
            "what_parallel_requests_are_answered_has_an_order",
            "what_began_before_a_renewal_is_not_applied",
            "of_parallel_renewals_one_is_applied",
        ],
    ),
    (
        Fault::IgnoresExpectedValues,
        &[
            "what_parallel_requests_are_answered_has_an_order",
            "a_commit_conflicts_where_a_value_is_not_as_expected",
            "a_commit_conflicts_with_a_take_of_what_it_expects",
        ],
    ),
    (
        Fault::IgnoresLeases,
        &[
            "a_leased_session_is_leased_to_nobody_else",
            "of_parallel_requests_for_a_lease_one_gets_it",
        ],
    ),
    (
        Fault::LetsLostLeasesCommit,
        &[
            "a_lease_that_expired_and_was_taken_over_is_lost",
            "a_lease_that_was_taken_over_and_given_back_is_lost",
        ],
    ),
    (
        Fault::LosesExpiredLeases,
        &["a_lease_that_expired_and_nobody_wanted_is_good"],
    ),
    (
        Fault::KeepsLeasesAfterCommits,
        &[
            "a_commit_gives_its_lease_back",
            "a_renewal_gives_its_lease_back",
        ],
    ),
    (
        Fault::LetsAnyoneRelease,
        &["a_lease_is_given_back_by_whoever_has_it"],
    ),
    (
        Fault::IgnoresLabels,
        &[
            "a_created_session_is_opened_as_it_was_created",
            "user_and_label_change_where_the_commit_says_so",
            "a_renewed_session_keeps_its_label",
            "a_label_that_has_changed_is_in_the_list",
        ],
    ),
    (
        Fault::LosesLabelsWithRenewals,
        &["a_renewed_session_keeps_its_label"],
    ),
    (
        Fault::ListsOldLabels,
        &["a_label_that_has_changed_is_in_the_list"],
    ),
    (
        Fault::IgnoresLogins,
        &[
            "a_login_is_applied_with_its_renewal",
            "a_session_moves_with_its_login",
        ],
    ),
    (
        Fault::AdoptsIds,
        &["of_an_unknown_id_nothing_is_known_and_nothing_is_made"],
    ),
    (
        Fault::OverwritesOnCreation,
        &[
            "a_known_id_is_not_created_again",
            "the_id_of_an_ended_session_is_not_created_again",
            "of_parallel_creations_of_one_id_one_succeeds",
        ],
    ),
    (
        Fault::OpensForAnySecret,
        &[
            "a_wrong_secret_opens_nothing_and_changes_nothing",
            "a_secret_opens_no_other_session",
            "only_the_last_superseded_secret_is_known",
        ],
    ),
    (
        Fault::ListsNewestFirst,
        &["the_sessions_of_a_user_are_listed_oldest_first"],
    ),
    (
        Fault::EndsTheKeptSession,
        &[
            "all_sessions_of_a_user_end_but_the_one_that_is_kept",
            "the_kept_session_is_not_one_of_the_newest",
        ],
    ),
    (
        Fault::EndsTheNewest,
        &["the_oldest_sessions_of_a_user_end_and_the_newest_stay"],
    ),
    (
        Fault::PurgesWithoutLimit,
        &["a_purge_removes_what_has_passed_and_no_more_than_its_limit"],
    ),
    (
        Fault::KeepsEmptySessions,
        &["a_session_ends_where_nothing_that_counts_is_left"],
    ),
];

#[tokio::test]
async fn a_sound_store_fails_no_statement() {
    assert_eq!(failures(None, &|_| true).await, []);
}

#[tokio::test]
async fn a_faulty_store_fails_the_statements_about_its_fault() {
    for (fault, statements) in FAULTS {
        let failures = failures(Some(*fault), &|name| statements.contains(&name)).await;
        let failed: BTreeSet<_> = failures.iter().map(|(name, _)| *name).collect();
        let right: BTreeSet<_> = statements.iter().copied().collect();
        assert_eq!(failed, right, "{fault:?}");
        for (statement, sentence) in &failures {
            assert!(
                sentence.starts_with("the store "),
                "{fault:?} fails {statement} with {sentence:?}"
            );
        }
    }
}
