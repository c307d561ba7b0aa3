//! Stores that do one thing wrong, as stores in use do. Each is the one in memory, which is asked, or whose answer is told,
//! a little otherwise.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Committed, Ending, LeaseId, Life, MemoryStore, NewSession, Open, Opened, Record,
    SecretHash, SessionId, SessionStore, StoreError, Take, Taken, Value,
};
use tokio::task::yield_now;

/// What a store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    OverwritesWholeRecords,
    RevivesEndedSessions,
    TakesInTwoSteps,
    CommitsInSteps,
    ComparesBeforeItCommits,
    LeasesInTwoSteps,
    RewritesJson,
    FoldsNames,
    DropsNulls,
    ExpiresASecondEarly,
    NeverExtends,
    AlwaysExtends,
    ForgetsThatSecretsAreSuperseded,
    ShowsSupersededSessions,
    IgnoresGenerations,
    IgnoresExpectedValues,
    IgnoresLeases,
    LetsLostLeasesCommit,
    LosesExpiredLeases,
    KeepsLeasesAfterCommits,
    LetsAnyoneRelease,
    IgnoresLabels,
    LosesLabelsWithRenewals,
    ListsOldLabels,
    IgnoresLogins,
    AdoptsIds,
    OverwritesOnCreation,
    OpensForAnySecret,
    ListsNewestFirst,
    EndsTheKeptSession,
    EndsTheNewest,
    PurgesWithoutLimit,
    LeavesNoTombstone,
    KeepsEmptySessions,
    ExtendsWithEachCommit,
}

pub(super) struct Faulty {
    memory: MemoryStore,
    secrets: Mutex<HashMap<SessionId, SecretHash>>,
    /// The last lease of each session that was given, and its last second.
    leases: Mutex<HashMap<SessionId, (LeaseId, u64)>>,
    /// What each session was called when it was created.
    labels: Mutex<HashMap<SessionId, Option<String>>>,
    fault: Option<Fault>,
}

impl Faulty {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        Self {
            memory: MemoryStore::new(),
            secrets: Mutex::default(),
            leases: Mutex::default(),
            labels: Mutex::default(),
            fault,
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// The values of a living session, as whoever has its secret sees them.
    async fn values(&self, id: SessionId, now: u64) -> Option<(Vec<Value>, u64)> {
        let secret = *self.secrets.lock().unwrap().get(&id)?;
        let open = Open {
            id,
            secret,
            refresh: Refresh::Never,
            lease: None,
            grace: Duration::ZERO,
            now,
        };
        match self.memory.open(open).await.unwrap() {
            Opened::Alive(loaded) => Some((loaded.values, loaded.record.generation)),
            _ => None,
        }
    }

    fn values_as_kept(&self, values: Vec<Value>) -> Vec<Value> {
        let kept = values
            .into_iter()
            .filter_map(|(name, value)| match self.fault {
                Some(Fault::RewritesJson) => {
                    let parsed = serde_json::from_str::<serde_json::Value>(&value);
                    Some((name, parsed.map_or(value, |parsed| parsed.to_string())))
                }
                Some(Fault::FoldsNames) => Some((name.trim().to_lowercase(), value)),
                Some(Fault::DropsNulls) if value == "null" => None,
                _ => Some((name, value)),
            });
        kept.collect()
    }
}

impl SessionStore for Faulty {
    async fn create(&self, mut session: NewSession) -> Result<(), StoreError> {
        let (id, secret) = (session.id, session.secret);
        session.values = self.values_as_kept(session.values);
        if self.has(Fault::IgnoresLabels) {
            session.label = None;
        }
        let (values, label) = (session.values.clone(), session.label.clone());
        let now = session.now;
        let created = self.memory.create(session).await;
        if created == Err(StoreError::Exists) && self.has(Fault::OverwritesOnCreation) {
            let mut overwriting = commit_of_nothing(id, now);
            (overwriting.clear, overwriting.set) = (true, values);
            self.memory.commit(overwriting).await?;
            return Ok(());
        }
        if created.is_ok() {
            self.secrets.lock().unwrap().insert(id, secret);
            self.labels.lock().unwrap().insert(id, label);
        }
        created
    }

    async fn open(&self, mut open: Open) -> Result<Opened, StoreError> {
        match self.fault {
            Some(Fault::ExpiresASecondEarly) => open.now += 1,
            Some(Fault::NeverExtends) => open.refresh = Refresh::Never,
            Some(Fault::AlwaysExtends) => open.refresh = Refresh::EachRequest,
            Some(Fault::ForgetsThatSecretsAreSuperseded) => open.grace = Duration::MAX,
            Some(Fault::IgnoresLeases) => open.lease = None,
            Some(Fault::OpensForAnySecret) => {
                let secrets = self.secrets.lock().unwrap();
                open.secret = secrets.get(&open.id).copied().unwrap_or(open.secret);
            }
            Some(Fault::LeasesInTwoSteps) if open.lease.is_some() => {
                let held = self.leases.lock().unwrap().get(&open.id).copied();
                if held.is_some_and(|(_, until)| open.now <= until) {
                    return Ok(Opened::Leased);
                }
                yield_now().await;
                let lease = open.lease.take().unwrap();
                self.leases.lock().unwrap().insert(open.id, lease);
            }
            _ => {}
        }
        let (id, now, lease) = (open.id, open.now, open.lease);
        let opened = self.memory.open(open).await?;
        if let (Opened::Alive(_), Some(lease)) = (&opened, lease) {
            self.leases.lock().unwrap().insert(id, lease);
        }
        Ok(match opened {
            Opened::Superseded { readable: None } if self.has(Fault::ShowsSupersededSessions) => {
                let secret = self.secrets.lock().unwrap()[&id];
                let open = Open {
                    id,
                    secret,
                    refresh: Refresh::Never,
                    lease: None,
                    grace: Duration::ZERO,
                    now,
                };
                self.memory.open(open).await?
            }
            Opened::Ended if self.has(Fault::LeavesNoTombstone) => Opened::Unknown,
            other => other,
        })
    }

    async fn take(&self, mut take: Take) -> Result<Taken, StoreError> {
        if self.has(Fault::TakesInTwoSteps)
            && let Some((values, _)) = self.values(take.id, take.now).await
        {
            yield_now().await;
            let taken = self.memory.take(take.clone()).await?;
            let found = values
                .into_iter()
                .filter(|(name, _)| take.names.contains(name));
            return Ok(match taken {
                Taken::Values(_) => Taken::Values(found.collect()),
                other => other,
            });
        }
        if self.has(Fault::FoldsNames) {
            take.names = take
                .names
                .iter()
                .map(|name| name.trim().to_lowercase())
                .collect();
        }
        self.memory.take(take).await
    }

    async fn commit(&self, mut commit: Commit) -> Result<Committed, StoreError> {
        let kept = commit.clone();
        commit.set = self.values_as_kept(commit.set);
        match self.fault {
            Some(Fault::OverwritesWholeRecords) => {
                let values = self.values(commit.id, commit.now).await;
                if let Some((values, _)) = values {
                    yield_now().await;
                    let mut values: HashMap<_, _> = values.into_iter().collect();
                    if commit.clear {
                        values.clear();
                    }
                    for name in commit.remove.drain(..) {
                        values.remove(&name);
                    }
                    values.extend(commit.set);
                    (commit.clear, commit.set) = (true, values.into_iter().collect());
                }
            }
            Some(Fault::CommitsInSteps) if commit.set.len() > 1 => {
                for value in commit.set.drain(..) {
                    let mut one = commit_of_nothing(commit.id, commit.now);
                    (one.generation, one.set) = (commit.generation, vec![value]);
                    self.memory.commit(one).await?;
                    yield_now().await;
                }
            }
            Some(Fault::ComparesBeforeItCommits) => {
                if let Some((values, _)) = self.values(commit.id, commit.now).await {
                    let values: HashMap<_, _> = values.into_iter().collect();
                    for (name, expected) in commit.expected.drain(..) {
                        if values.get(&name) != expected.as_ref() {
                            return Ok(Committed::Conflict { name });
                        }
                    }
                    yield_now().await;
                }
            }
            Some(Fault::IgnoresExpectedValues) => commit.expected.clear(),
            Some(Fault::IgnoresLeases | Fault::KeepsLeasesAfterCommits) => commit.lease = None,
            Some(Fault::LosesExpiredLeases) if commit.lease.is_some() => {
                let held = self.leases.lock().unwrap().get(&commit.id).copied();
                if held.is_some_and(|(_, until)| commit.now > until) {
                    return Ok(Committed::LeaseLost);
                }
            }
            Some(Fault::LeasesInTwoSteps) if commit.lease.is_some() => {
                let held = self.leases.lock().unwrap().remove(&commit.id);
                if held.map(|(held, _)| held) != commit.lease.take() {
                    return Ok(Committed::LeaseLost);
                }
            }
            Some(Fault::IgnoresLabels) => commit.label = None,
            Some(Fault::LosesLabelsWithRenewals) if commit.renewal.is_some() => {
                commit.label = commit.label.or(Some(None));
            }
            Some(Fault::IgnoresLogins) => commit.user = None,
            Some(Fault::KeepsEmptySessions) => commit.ends_with_only = None,
            Some(Fault::ExtendsWithEachCommit) => {
                let life = Life {
                    idle: 3600,
                    ends_at: None,
                };
                commit.life = commit.life.or(Some(life));
            }
            _ => {}
        }
        let renewed = commit.renewal.map(|renewal| renewal.secret);
        let id = commit.id;
        let committed = self.memory.commit(commit).await?;
        let committed = match committed {
            Committed::Superseded if self.has(Fault::IgnoresGenerations) => {
                let found = self.values(id, kept.now).await;
                let generation = found.map_or(0, |(_, generation)| generation);
                self.memory.commit(Commit { generation, ..kept }).await?
            }
            Committed::LeaseLost if self.has(Fault::LetsLostLeasesCommit) => {
                self.memory
                    .commit(Commit {
                        lease: None,
                        ..kept
                    })
                    .await?
            }
            Committed::Gone if self.has(Fault::AdoptsIds) => {
                let session = NewSession {
                    id,
                    secret: SecretHash::from_bytes([0; 32]),
                    values: kept.set,
                    user: None,
                    label: None,
                    life: Life {
                        idle: 3600,
                        ends_at: None,
                    },
                    now: kept.now,
                };
                match self.memory.create(session).await {
                    Ok(()) => Committed::Applied,
                    Err(_) => Committed::Gone,
                }
            }
            other => other,
        };
        if committed == Committed::Applied
            && let Some(secret) = renewed
        {
            self.secrets.lock().unwrap().insert(id, secret);
        }
        Ok(committed)
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        let held = self.leases.lock().unwrap().get(&id).copied();
        let lease = match held {
            Some((held, _)) if self.has(Fault::LetsAnyoneRelease) => held,
            _ => lease,
        };
        self.memory.release(id, lease).await
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        if self.has(Fault::RevivesEndedSessions)
            && let Some((_, generation)) = self.values(id, now).await
        {
            // Removes all that is in it, so that whoever commits next fills it again.
            let mut emptied = commit_of_nothing(id, now);
            (emptied.clear, emptied.user, emptied.generation) = (true, Some(None), generation);
            self.memory.commit(emptied).await?;
            return Ok(true);
        }
        self.memory.end(id, now, grace).await
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        let mut records = self.memory.sessions_of(user, now).await?;
        if self.has(Fault::ListsNewestFirst) {
            records.reverse();
        }
        if self.has(Fault::ListsOldLabels) {
            let labels = self.labels.lock().unwrap();
            for record in &mut records {
                record.label = labels.get(&record.id).cloned().flatten();
            }
        }
        Ok(records)
    }

    async fn end_sessions_of(&self, mut ending: Ending) -> Result<u64, StoreError> {
        match self.fault {
            Some(Fault::EndsTheKeptSession) => ending.except = None,
            Some(Fault::EndsTheNewest) if ending.keep_newest > 0 => {
                let records = self.memory.sessions_of(ending.user, ending.now).await?;
                let kept = ending.keep_newest as usize;
                for record in records.iter().skip(kept) {
                    self.memory.end(record.id, ending.now, ending.grace).await?;
                }
                return Ok(records.len().saturating_sub(kept) as u64);
            }
            _ => {}
        }
        self.memory.end_sessions_of(ending).await
    }

    async fn purge(&self, now: u64, limit: u32) -> Result<u64, StoreError> {
        let limit = if self.has(Fault::PurgesWithoutLimit) {
            u32::MAX
        } else {
            limit
        };
        self.memory.purge(now, limit).await
    }
}

fn commit_of_nothing(id: SessionId, now: u64) -> Commit {
    Commit::new(id, 0, Duration::ZERO, now)
}
