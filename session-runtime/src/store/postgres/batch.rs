//! What several questions in short form become: a statement with an array for each parameter, in which each question has a
//! place. It knows what a question and an answer mean, and not when a batch is made.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio_postgres::Row;

use super::batching::{Batch, Batching};
use super::database::Database;
use super::distance::Distance;
use super::ordinary::due_by;
use super::question::{self, seconds};
use super::{answer, text};
use crate::store::{Commit, LeaseId, Open, Opened, SecretHash, SessionId, StoreError};

/// The batches of one store.
#[derive(Clone)]
pub(super) struct Batches {
    pub(super) looks: Arc<Batching<Looks>>,
    pub(super) leases: Arc<Batching<Leases>>,
    pub(super) applies: Arc<Batching<Applies>>,
}

impl Batches {
    pub(super) fn new(database: &Database) -> Self {
        let distance = Arc::<Distance>::default();
        Self {
            looks: Batching::new(Looks(database.clone()), distance.clone()),
            leases: Batching::new(Leases(database.clone()), distance.clone()),
            applies: Batching::new(Applies(database.clone()), distance),
        }
    }
}

/// Sessions that are opened without a lease.
pub(super) struct Looks(Database);

pub(super) struct Look {
    id: SessionId,
    secret: SecretHash,
    due_by: i64,
    grace: i64,
    now: i64,
}

impl Look {
    pub(super) fn of(open: &Open) -> Self {
        Self {
            id: open.id,
            secret: open.secret,
            due_by: due_by(open),
            grace: seconds(open.grace.as_secs()),
            now: seconds(open.now),
        }
    }
}

impl Batch for Looks {
    type Question = Look;
    type Answer = Result<Option<Opened>, StoreError>;
    const WAITS_FOR_DISK: bool = false;

    async fn ask(&self, looks: Vec<Look>) -> Result<Vec<Option<Self::Answer>>, StoreError> {
        let rows = self
            .0
            .ask(
                &question::LOOK_BATCH,
                &[
                    &column(&looks, |look| &look.id.as_bytes()[..]),
                    &column(&looks, |look| &look.secret.as_bytes()[..]),
                    &column(&looks, |look| look.due_by),
                    &column(&looks, |look| look.grace),
                    &column(&looks, |look| look.now),
                ],
            )
            .await?;
        let rows = in_places(looks.len(), rows)?;
        Ok(rows
            .iter()
            .map(|row| Some(answer::looked(row.as_slice())))
            .collect())
    }
}

/// Sessions that are opened with a lease.
pub(super) struct Leases(Database);

pub(super) struct Lease {
    id: SessionId,
    secret: SecretHash,
    due_by: i64,
    lease: LeaseId,
    until: i64,
    now: i64,
}

impl Lease {
    pub(super) fn of(open: &Open, lease: LeaseId, until: u64) -> Self {
        Self {
            id: open.id,
            secret: open.secret,
            due_by: due_by(open),
            lease,
            until: seconds(until),
            now: seconds(open.now),
        }
    }
}

impl Batch for Leases {
    type Question = Lease;
    type Answer = Result<Opened, StoreError>;
    const WAITS_FOR_DISK: bool = false;

    async fn ask(&self, leases: Vec<Lease>) -> Result<Vec<Option<Self::Answer>>, StoreError> {
        let rows = self
            .0
            .ask(
                &question::LEASE_BATCH,
                &[
                    &column(&leases, |lease| &lease.id.as_bytes()[..]),
                    &column(&leases, |lease| &lease.secret.as_bytes()[..]),
                    &column(&leases, |lease| lease.due_by),
                    &column(&leases, |lease| &lease.lease.as_bytes()[..]),
                    &column(&leases, |lease| lease.until),
                    &column(&leases, |lease| lease.now),
                ],
            )
            .await?;
        let rows = in_places(leases.len(), rows)?;
        let opened = |row: &Option<Row>| row.is_some().then(|| answer::opened(row.as_slice()));
        Ok(rows.iter().map(opened).collect())
    }
}

/// Ordinary commits.
pub(super) struct Applies(Database);

pub(super) struct Apply {
    id: SessionId,
    generation: i64,
    now: i64,
    set: String,
    lease: Option<LeaseId>,
    expected: Option<String>,
}

impl Apply {
    /// Whether a batch can have this commit, which is an ordinary one: a statement has arrays of texts, and none of lists of them.
    pub(super) fn takes(commit: &Commit) -> bool {
        commit.remove.is_empty() && commit.expected.iter().all(|(_, value)| value.is_some())
    }

    pub(super) fn of(commit: &Commit) -> Self {
        let set = commit.set.iter().map(|(name, value)| (&**name, &**value));
        let expected = &commit.expected;
        let present = expected
            .iter()
            .filter_map(|(name, value)| Some((&**name, value.as_deref()?)));
        Self {
            id: commit.id,
            generation: seconds(commit.generation),
            now: seconds(commit.now),
            set: object(set),
            lease: commit.lease,
            expected: (!expected.is_empty()).then(|| object(present)),
        }
    }
}

impl Batch for Applies {
    type Question = Apply;
    type Answer = ();
    const WAITS_FOR_DISK: bool = true;

    async fn ask(&self, applies: Vec<Apply>) -> Result<Vec<Option<()>>, StoreError> {
        let rows = self
            .0
            .ask(
                &question::APPLY_BATCH,
                &[
                    &column(&applies, |apply| &apply.id.as_bytes()[..]),
                    &column(&applies, |apply| apply.generation),
                    &column(&applies, |apply| apply.now),
                    &column(&applies, |apply| &*apply.set),
                    &column(&applies, |apply| {
                        apply.lease.as_ref().map(|lease| &lease.as_bytes()[..])
                    }),
                    &column(&applies, |apply| apply.expected.as_deref()),
                ],
            )
            .await?;
        let rows = in_places(applies.len(), rows)?;
        Ok(rows.iter().map(|row| row.is_some().then_some(())).collect())
    }
}

/// One parameter of each question.
fn column<'a, Q, T>(questions: &'a [Q], parameter: impl Fn(&'a Q) -> T) -> Vec<T> {
    questions.iter().map(parameter).collect()
}

/// Names and values as the text of an object, of which the last of a name counts.
fn object<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let kept = values.map(|(name, value)| (text::kept(name), text::kept(value)));
    let object: BTreeMap<Cow<'_, str>, Cow<'_, str>> = kept.collect();
    serde_json::to_string(&object).unwrap_or_default()
}

/// The row for each place.
fn in_places(places: usize, rows: Vec<Row>) -> Result<Vec<Option<Row>>, StoreError> {
    let mut found: Vec<Option<Row>> = (0..places).map(|_| None).collect();
    for row in rows {
        let place = answer::place(&row)?;
        if let Some(found) = found.get_mut(place) {
            *found = Some(row);
        }
    }
    Ok(found)
}
