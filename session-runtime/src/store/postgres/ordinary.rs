//! The short forms of opening and committing: each for what a session mostly is, or has no answer, and then the long form has.
//! They are asked alone, or in a [batch](super::batch).

use std::collections::HashSet;

use super::batch::{Apply, Lease, Look};
use super::batching::Arrival;
use super::question::{self, Columns, seconds};
use super::{PostgresStore, answer, text};
use crate::store::{Commit, LeaseId, Open, Opened, Refresh, StoreError};

impl PostgresStore {
    /// Opens a session as most are opened. Nothing where more is to be done, or to be told.
    pub(super) async fn ordinary(&self, open: &Open) -> Result<Option<Opened>, StoreError> {
        match open.lease {
            _ if open.refresh == Refresh::EachRequest => Ok(None),
            None => self.look(open).await,
            Some((lease, until)) => self.lease(open, lease, until).await,
        }
    }

    /// Opens a session without changing it. Nothing where its life is due to be extended.
    async fn look(&self, open: &Open) -> Result<Option<Opened>, StoreError> {
        let looks = &self.batches.looks;
        let _turn = match looks.arrive(None, Look::of(open)).await? {
            Arrival::Answered(answer) => return answer,
            Arrival::Alone(turn) => Some(turn),
            Arrival::Apart => None,
        };
        let rows = self
            .database
            .ask(
                &question::LOOK,
                &[
                    &&open.id.as_bytes()[..],
                    &&open.secret.as_bytes()[..],
                    &due_by(open),
                    &seconds(open.grace.as_secs()),
                    &seconds(open.now),
                ],
            )
            .await?;
        answer::looked(&rows)
    }

    /// Opens a session that is alive, and leases it. Nothing where it is anything else, or its life is due to be extended.
    async fn lease(
        &self,
        open: &Open,
        lease: LeaseId,
        until: u64,
    ) -> Result<Option<Opened>, StoreError> {
        let leases = &self.batches.leases;
        let question = Lease::of(open, lease, until);
        let _turn = match leases.arrive(Some(open.id), question).await? {
            Arrival::Answered(answer) => return answer.map(Some),
            Arrival::Alone(turn) => Some(turn),
            Arrival::Apart => None,
        };
        let rows = self
            .database
            .ask(
                &question::LEASE,
                &[
                    &&open.id.as_bytes()[..],
                    &&open.secret.as_bytes()[..],
                    &due_by(open),
                    &&lease.as_bytes()[..],
                    &seconds(until),
                    &seconds(open.now),
                ],
            )
            .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        answer::opened(&rows).map(Some)
    }

    /// Applies an ordinary commit, and says whether it could.
    pub(super) async fn apply(&self, commit: &Commit) -> Result<bool, StoreError> {
        let turn = if Apply::takes(commit) {
            let applies = &self.batches.applies;
            let question = Apply::of(commit);
            match applies.arrive(Some(commit.id), question).await? {
                Arrival::Answered(()) => return Ok(true),
                Arrival::Alone(turn) => Some(turn),
                Arrival::Apart => None,
            }
        } else {
            None
        };
        let removed: Vec<_> = commit.remove.iter().map(|name| text::kept(name)).collect();
        let set = Columns::of(&commit.set);
        let expected = Columns::of_present(&commit.expected);
        let absent = commit.expected.iter().filter(|(_, value)| value.is_none());
        let absent: Vec<_> = absent.map(|(name, _)| text::kept(name)).collect();
        let applied = self
            .database
            .count(
                &question::APPLY,
                &[
                    &&commit.id.as_bytes()[..],
                    &seconds(commit.generation),
                    &seconds(commit.now),
                    &removed,
                    &set.names,
                    &set.values,
                    &commit.lease.as_ref().map(|lease| &lease.as_bytes()[..]),
                    &expected.names,
                    &expected.values,
                    &absent,
                ],
            )
            .await?;
        drop(turn);
        Ok(applied > 0)
    }
}

/// A session is due from one second on, which is compared with this one.
pub(super) fn due_by(open: &Open) -> i64 {
    match open.refresh {
        Refresh::EachRequest => i64::MAX,
        Refresh::AfterTenth => seconds(open.now),
        Refresh::Never => i64::MIN,
    }
}

/// Whether a commit sets and removes values and does nothing else.
pub(super) fn is_ordinary(commit: &Commit) -> bool {
    commit.is_ordinary() && is_each_named_once(&commit.expected)
}

/// What is expected twice is two things, of which an object has one.
fn is_each_named_once(expected: &[(String, Option<String>)]) -> bool {
    let mut names = HashSet::new();
    expected.iter().all(|(name, _)| names.insert(name))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::SessionId;

    #[test]
    fn what_is_expected_twice_is_judged_one_after_the_other() {
        let expecting = |names: &[&str]| {
            let expected = |name: &&str| ((*name).to_owned(), Some(names.len().to_string()));
            let mut commit = Commit::new(SessionId::from_bytes([0; 16]), 0, Duration::ZERO, 0);
            commit.expected = names.iter().map(expected).collect();
            commit
        };
        assert!(is_ordinary(&expecting(&["a", "b"])));
        assert!(!is_ordinary(&expecting(&["a", "b", "a"])));
    }
}
