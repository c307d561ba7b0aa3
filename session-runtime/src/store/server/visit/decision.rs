//! The end of a request's dealings: what the store is told, which is decided at once while nothing else changes the session,
//! and then told.

use std::borrow::Cow;

use super::{Standing, Visit, no_randomness};
use crate::session::{Permanence, RESERVED, SessionError, created};
use crate::store::server::changes::Changes;
use crate::store::server::credential::{Credential, SessionId};
use crate::store::server::protocol::{
    Commit, Committed, Ending, Life, NewSession, Opened, Record, Renewal,
};
use crate::store::server::sessions::GRACE;
use crate::store::{CookieChange, Refresh};

/// What comes of a request's changes.
pub(crate) enum Decision {
    /// There is nothing to tell the store, and this becomes of the cookie.
    Done(CookieChange),
    /// The store is to be told.
    Tell(Telling),
}

/// What the store is to be told, and what becomes of the cookie where it does it. It waits with the response, and so its
/// parts are boxed.
pub(crate) struct Telling {
    step: Step,
    cookie: CookieChange,
}

enum Step {
    /// Nothing is changed: the cookie is sent if the secret is still the session's.
    Confirm(Box<Credential>),
    End(SessionId),
    Create(Box<NewSession>, Box<After>),
    Commit {
        commit: Box<Commit>,
        after: Box<After>,
        /// What is told instead where another request was quicker, as where a login form is sent twice: who has given the password
        /// is logged in all the same.
        instead: Option<Box<Telling>>,
    },
}

/// What is so when a step is done.
struct After {
    credential: Credential,
    record: Record,
    /// Somebody has logged in, so that there may be one session of theirs too many.
    logs_in: bool,
}

impl Visit {
    /// Decides what the store is told of these changes. `lead` is what the cookie's line begins with.
    ///
    /// # Errors
    ///
    /// [`SessionError::Superseded`]: another request was quicker.
    pub(crate) fn decide(
        &self,
        changes: &Changes<'_>,
        lead: &str,
    ) -> Result<Decision, SessionError> {
        match self.standing() {
            Standing::Stranger => self.decide_creation(changes, lead),
            Standing::Former if !changes.is_any() => Ok(Decision::Done(CookieChange::Keep)),
            // Whoever logs in now is a new session, and none of what was.
            Standing::Former if changes.logs_in() => self.decide_creation(changes, lead),
            Standing::Former => Err(SessionError::Superseded),
            Standing::Alive {
                credential,
                record,
                touched,
            } if !changes.is_any() => {
                let outlives = changes.permanence_before() != Permanence::Browser;
                if !touched || !outlives {
                    return Ok(Decision::Done(CookieChange::Keep));
                }
                let cookie = set(lead, &credential, Some(record.expires_at));
                if self.lock().was_opened_last {
                    return Ok(Decision::Done(cookie));
                }
                let step = Step::Confirm(Box::new(credential));
                Ok(Decision::Tell(Telling { step, cookie }))
            }
            Standing::Alive {
                credential,
                record,
                touched,
            } => self.decide_commit(changes, lead, credential, record, touched),
        }
    }

    /// Tells the store what was decided, and returns what becomes of the cookie. The lease that the request may have is still
    /// to be [released](Self::release).
    ///
    /// # Errors
    ///
    /// Nothing was saved: another request was quicker, or the store failed.
    pub(crate) async fn tell(&self, telling: Telling) -> Result<CookieChange, SessionError> {
        let Telling { step, cookie } = telling;
        let outcome = match step {
            // Another request may have renewed the session since this one has opened it. Then the browser has another cookie,
            // and this one would take its place, and be worth nothing when the grace is over.
            Step::Confirm(credential) => {
                let opened = self.look(&credential).await;
                opened.map(|opened| match opened {
                    Opened::Alive(_) => cookie,
                    _ => CookieChange::Keep,
                })
            }
            Step::End(id) => self.end(id).await.map(|_| {
                self.give_up();
                CookieChange::Remove
            }),
            Step::Create(session, after) => self.create(session, after).await.map(|()| cookie),
            Step::Commit {
                commit,
                after,
                instead,
            } => match (self.commit(commit, after, cookie).await, instead) {
                (Err(SessionError::Superseded), Some(instead)) => {
                    self.release().await;
                    Box::pin(self.tell(*instead)).await
                }
                (outcome, _) => outcome,
            },
        };
        self.sessions.purge_if_due(&self.clock);
        outcome
    }

    fn decide_creation(&self, changes: &Changes<'_>, lead: &str) -> Result<Decision, SessionError> {
        if changes.leaves_nothing() {
            // What was in a cookie of earlier settings would else be back with the next request.
            return Ok(Decision::Done(match changes.snapshot.is_moved() {
                true => CookieChange::Remove,
                false => CookieChange::Keep,
            }));
        }
        let now = self.clock.now();
        let credential = Credential::generate().map_err(no_randomness)?;
        let (permanence, life) = self.life(changes, now);
        let expires_at = life.expires_at(now);
        let user = changes.user().map(Cow::into_owned);
        let label = changes.label.cloned().flatten();
        let record = Record {
            id: credential.id,
            generation: 0,
            user: user.clone(),
            label: label.clone(),
            created_at: now,
            touched_at: now,
            expires_at,
        };
        let session = NewSession {
            id: credential.id,
            secret: credential.hash(),
            values: changes.values(),
            user,
            label,
            life,
            now,
        };
        let outlives = permanence != Permanence::Browser;
        let cookie = set(lead, &credential, outlives.then_some(expires_at));
        let after = After {
            credential,
            record,
            logs_in: true,
        };
        Ok(Decision::Tell(Telling {
            step: Step::Create(Box::new(session), Box::new(after)),
            cookie,
        }))
    }

    fn decide_commit(
        &self,
        changes: &Changes<'_>,
        lead: &str,
        mut credential: Credential,
        mut record: Record,
        touched: bool,
    ) -> Result<Decision, SessionError> {
        let leaves_nothing = changes.leaves_nothing();
        if changes.delta.is_cleared() && leaves_nothing {
            return Ok(Decision::Tell(Telling {
                step: Step::End(credential.id),
                cookie: CookieChange::Remove,
            }));
        }
        let now = self.clock.now();
        let (permanence, life) = self.life(changes, record.created_at);
        let is_life_changed = permanence != changes.permanence_before();
        let is_login_changed = changes.is_login_changed();
        let renews = changes.renewed || is_login_changed;
        let extends = is_life_changed || renews || self.sessions.refresh == Refresh::Never;
        let mut commit = Commit {
            lease: self.lock().lease.as_ref().map(|lease| lease.id),
            expected: changes.expected(),
            clear: changes.delta.is_cleared(),
            set: changes.set(),
            remove: changes.removed(),
            label: changes.label.cloned(),
            life: extends.then_some(life),
            ends_with_only: leaves_nothing.then_some(&RESERVED),
            ..Commit::new(credential.id, record.generation, GRACE, now)
        };
        if renews {
            credential = Credential::renewed(credential.id).map_err(no_randomness)?;
            record.generation += 1;
            commit.renewal = Some(Renewal {
                secret: credential.hash(),
                keeps_user: !is_login_changed,
            });
        }
        if is_login_changed {
            record.user = changes.user().map(Cow::into_owned);
            commit.user = Some(record.user.clone());
        }
        if let Some(label) = changes.label {
            record.label = label.clone();
        }
        if extends {
            record.touched_at = now;
            record.expires_at = life.expires_at(now);
        }
        let outlives = permanence != Permanence::Browser;
        let is_sent = renews || is_life_changed || outlives && (touched || extends);
        let cookie = if is_sent {
            set(lead, &credential, outlives.then_some(record.expires_at))
        } else {
            CookieChange::Keep
        };
        let after = After {
            credential,
            logs_in: is_login_changed && record.user.is_some(),
            record,
        };
        let step = Step::Commit {
            commit: Box::new(commit),
            after: Box::new(after),
            instead: self.instead(changes, lead)?,
        };
        Ok(Decision::Tell(Telling { step, cookie }))
    }

    /// A session of its own for whoever gives the password, of what the request itself has set: what was in the session may be
    /// somebody else's by then, or have ended.
    fn instead(
        &self,
        changes: &Changes<'_>,
        lead: &str,
    ) -> Result<Option<Box<Telling>>, SessionError> {
        if !changes.gives_password() {
            return Ok(None);
        }
        let snapshot = changes.of_the_login();
        let changes = Changes {
            snapshot: &snapshot,
            ..*changes
        };
        Ok(match self.decide_creation(&changes, lead)? {
            Decision::Tell(telling) => Some(Box::new(telling)),
            Decision::Done(_) => None,
        })
    }

    async fn create(
        &self,
        session: Box<NewSession>,
        after: Box<After>,
    ) -> Result<(), SessionError> {
        let created = self.sessions.store().create(*session);
        self.sessions.ask(created).await?;
        self.become_so(after).await;
        Ok(())
    }

    async fn commit(
        &self,
        commit: Box<Commit>,
        after: Box<After>,
        cookie: CookieChange,
    ) -> Result<CookieChange, SessionError> {
        let committed = self.sessions.store().commit(*commit);
        match self.sessions.ask(committed).await? {
            Committed::Applied => {
                // The store has taken it back.
                self.lock().lease = None;
                self.become_so(after).await;
                Ok(cookie)
            }
            Committed::Ended => {
                self.give_up();
                Ok(CookieChange::Remove)
            }
            Committed::Gone | Committed::Superseded => Err(SessionError::Superseded),
            Committed::LeaseLost => Err(SessionError::LeaseLost),
            Committed::Conflict { name } => Err(SessionError::Conflict { key: name }),
        }
    }

    async fn become_so(&self, after: Box<After>) {
        let After {
            credential,
            record,
            logs_in,
        } = *after;
        let login = record.user.clone().filter(|_| logs_in);
        let id = record.id;
        self.stand(credential, record, false);
        if let Some(user) = login {
            // Boxed, since few changes are logins.
            Box::pin(self.end_oldest(user, id)).await;
        }
    }

    /// Ends the oldest sessions of a user who has logged in once more than is allowed.
    async fn end_oldest(&self, user: String, except: SessionId) {
        let Some(most) = self.sessions.most_per_user else {
            return;
        };
        let ending = Ending {
            user,
            except: Some(except),
            keep_newest: most.get() - 1,
            grace: GRACE,
            now: self.clock.now(),
        };
        // The login is done. What fails is logged, and the next login ends them.
        let ended = self.sessions.store().end_sessions_of(ending);
        let _ = self.sessions.ask(ended).await;
    }

    /// How long the session lives that was created then in the store. One that has come from a cookie of earlier settings says itself
    /// when it began.
    fn life(&self, changes: &Changes<'_>, created_at: u64) -> (Permanence, Life) {
        let lifetimes = &self.sessions.lifetimes;
        let permanence = Permanence::of(changes.snapshot, changes.delta);
        let began_at = || {
            let began_at = created(changes.snapshot, changes.delta);
            began_at.map_or(created_at, |began_at| began_at.min(created_at))
        };
        let life = Life {
            idle: lifetimes.of(permanence).as_secs(),
            ends_at: lifetimes
                .absolute
                .map(|absolute| began_at().saturating_add(absolute.as_secs())),
        };
        (permanence, life)
    }
}

fn set(lead: &str, credential: &Credential, expires: Option<u64>) -> CookieChange {
    CookieChange::Set {
        line: [lead, &credential.write()].concat().into_bytes(),
        expires,
    }
}
