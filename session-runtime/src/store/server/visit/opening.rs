//! The beginning of a request's dealings: which of the visitor's cookies names a session, what may be read of it, and the
//! lease, for which requests wait.

use std::time::Duration;

use tokio::time::Instant;

use super::{Standing, Visit, give_back, no_randomness};
use crate::session::{FRESH, SessionError, Snapshot};
use crate::store::server::credential::{Credential, LeaseId, SessionId};
use crate::store::server::lease::{Lease, pauses};
use crate::store::server::protocol::{Open, Opened, Record};
use crate::store::server::sessions::GRACE;
use crate::store::{MOST_VALUES, Refresh};

/// How many cookies of our name are asked for: the present one, and an old one of another scope.
const MOST_CREDENTIALS: usize = 2;

/// How long a question that nobody waits for any more may still be on its way. What takes it back must not overtake it.
const ON_ITS_WAY: Duration = Duration::from_millis(50);

impl Visit {
    /// Loads the session that these cookies say, and leases it if that is asked for.
    ///
    /// # Errors
    ///
    /// [`SessionError::Unavailable`]: the store, or another request that holds the session for too long.
    pub(crate) async fn open<V: AsRef<str>>(
        &self,
        values: impl Iterator<Item = V>,
        leases: bool,
    ) -> Result<Snapshot, SessionError> {
        let mut former = None;
        for credential in credentials(values) {
            match self.ask(&credential, leases).await? {
                Opened::Alive(loaded) if self.has_ended(&loaded.record) => {
                    Box::pin(self.end(credential.id)).await?;
                }
                Opened::Alive(loaded) => {
                    if loaded.touched {
                        self.sessions.purge_if_due(&self.clock);
                    }
                    let snapshot = Snapshot::of_values(&loaded.values);
                    // It may be opened a second time, for its lease.
                    let touched = loaded.touched || self.is_touched();
                    self.stand(credential, loaded.record, touched);
                    return Ok(snapshot);
                }
                Opened::Superseded {
                    readable: Some(loaded),
                } => {
                    let mut snapshot = Snapshot::of_values(&loaded.values);
                    // Somebody else may have given the password since.
                    snapshot.replace(FRESH, None);
                    former = Some((snapshot, None));
                }
                Opened::Superseded { readable: None } => {
                    former = Some((Snapshot::default(), Some(credential.id)));
                }
                Opened::Ended => {
                    former = former.or_else(|| Some((Snapshot::default(), Some(credential.id))));
                }
                Opened::Unknown | Opened::Leased => {
                    tracing::info!(name: "session.cookie_rejected", session = %credential.id, "a session cookie names no session, or one that has expired");
                }
            }
        }
        Ok(former.map_or_else(Snapshot::default, |(snapshot, lost)| {
            let mut state = self.lock();
            state.standing = Standing::Former;
            state.lost = lost;
            snapshot
        }))
    }

    /// Whether the session began too long ago, as where the configuration has a new absolute lifetime.
    pub(in crate::store::server) fn has_ended(&self, record: &Record) -> bool {
        let created = Some(record.created_at);
        let lifetimes = &self.sessions.lifetimes;
        lifetimes.check_creation(created, self.clock.now()).is_err()
    }

    async fn ask(&self, credential: &Credential, leases: bool) -> Result<Opened, SessionError> {
        match leases {
            false => self.ask_once(credential, None).await,
            // Boxed, since most requests want none.
            true => Box::pin(self.ask_for_lease(credential)).await,
        }
    }

    /// Asks for a session, and waits for its lease.
    async fn ask_for_lease(&self, credential: &Credential) -> Result<Opened, SessionError> {
        let deadline = Instant::now() + self.sessions.patience.wait;
        let turn = tokio::time::timeout_at(deadline, self.sessions.queue.wait(credential.id)).await;
        let turn = turn.map_err(|_| self.held_too_long())?;
        let id = LeaseId::generate().map_err(no_randomness)?;
        let mut wanted = Wanted {
            visit: self,
            session: credential.id,
            lease: Some(Lease::new(id, turn)),
            is_asked_for: false,
        };
        for pause in pauses(id) {
            wanted.is_asked_for = true;
            let opened = self.ask_once(credential, Some(id)).await?;
            wanted.is_asked_for = false;
            match opened {
                Opened::Leased if Instant::now() + pause > deadline => break,
                Opened::Leased => tokio::time::sleep(pause).await,
                Opened::Alive(loaded) => {
                    self.lock().lease = wanted.lease.take();
                    return Ok(Opened::Alive(loaded));
                }
                other => return Ok(other),
            }
        }
        Err(self.held_too_long())
    }

    async fn ask_once(
        &self,
        credential: &Credential,
        lease: Option<LeaseId>,
    ) -> Result<Opened, SessionError> {
        let now = self.clock.now();
        let until = now.saturating_add(self.sessions.patience.lease.as_secs().max(1));
        let open = Open {
            id: credential.id,
            secret: credential.hash(),
            refresh: if self.extends {
                self.sessions.refresh
            } else {
                Refresh::Never
            },
            lease: lease.map(|lease| (lease, until)),
            grace: GRACE,
            now,
        };
        self.sessions.ask(self.sessions.store().open(open)).await
    }

    fn held_too_long(&self) -> SessionError {
        let seconds = self.sessions.patience.wait.as_secs_f32();
        SessionError::Unavailable {
            reason: format!("other requests have held it for {seconds} s"),
        }
    }
}

/// A lease that the store may have given without our knowing: the answer came too late, or the visitor hung up before it came, as
/// whoever clicks twice does. Nobody else would get it until it expires, and so it is given back.
struct Wanted<'v> {
    visit: &'v Visit,
    session: SessionId,
    lease: Option<Lease>,
    /// Whether there is a question without an answer.
    is_asked_for: bool,
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        if self.is_asked_for
            && let Some(lease) = self.lease.take()
        {
            give_back(&self.visit.sessions, self.session, lease, ON_ITS_WAY);
        }
    }
}

/// What the visitor's cookies say, without what says the same twice. What no store has ever issued is not asked for, and of
/// very many only the first are looked at.
fn credentials<V: AsRef<str>>(values: impl Iterator<Item = V>) -> Vec<Credential> {
    let mut credentials: Vec<Credential> = Vec::new();
    for value in values.take(MOST_VALUES) {
        match Credential::read(value.as_ref()) {
            None => {
                tracing::info!(name: "session.cookie_rejected", "a session cookie is malformed");
            }
            Some(credential) => {
                let is_known = credentials
                    .iter()
                    .any(|known| known.id == credential.id && known.hash() == credential.hash());
                if !is_known {
                    credentials.push(credential);
                }
            }
        }
        if credentials.len() == MOST_CREDENTIALS {
            break;
        }
    }
    credentials
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn of_very_many_cookies_only_the_first_are_looked_at() {
        let looked_at = Cell::new(0);
        let credential = Credential::generate().unwrap().write();
        for value in ["malformed", &credential] {
            looked_at.set(0);
            let values = std::iter::repeat_n(value, 4_000);
            credentials(values.inspect(|_| looked_at.set(looked_at.get() + 1)));
            assert_eq!(looked_at.get(), MOST_VALUES);
        }
    }

    #[test]
    fn a_credential_is_asked_for_once_and_no_more_than_two_are() {
        let values: Vec<_> = (0..3)
            .map(|_| Credential::generate().unwrap().write())
            .collect();
        let twice = [&values[0], &values[0], &values[1], &values[2]];
        let credentials = credentials(twice.into_iter());
        let found: Vec<_> = credentials.iter().map(Credential::write).collect();
        assert_eq!(found, values[..2]);
    }
}
