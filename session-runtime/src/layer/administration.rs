//! What an application does with sessions that are not the present request's: lists those of a user, and ends them.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::clock::Clock;
use crate::session::{Settings, Text};
use crate::store::{Ending, GRACE, Record, ServerSessions, SessionId, StoreError};

/// The sessions in a layer's store, for a page that shows a user's sessions and for jobs. Made by
/// [`SessionLayer::stored_sessions`](crate::SessionLayer::stored_sessions); clones share everything.
///
/// A user is the value under the [login key](crate::SessionConfig::login_key); with
/// [`flask_login`](crate::SessionConfig::flask_login), which keeps texts alone, 7 is the same user as "7". In a handler whose error
/// is [`SessionError`](crate::SessionError), `?` makes a [`StoreError`] an answer 503.
///
/// ```
/// use session_runtime::testing::TestClient;
/// use session_runtime::{SessionConfig, signing::SecretKey, store::MemoryStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
/// let mut stored = None;
/// let client = TestClient::with_config(config, |sessions| {
///     stored = sessions.stored_sessions();
///     axum::Router::new().layer(sessions)
/// });
/// let stored = stored.expect("the configuration has a store");
///
/// client.login(7).await;
/// client.another().login(7).await;
/// assert_eq!(stored.of_user(&7).await?.len(), 2);
/// assert_eq!(stored.end_all_of_user(&7).await?, 2);
/// assert_eq!(client.session().await, serde_json::json!({}));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct StoredSessions {
    sessions: Arc<ServerSessions>,
    clock: Clock,
    settings: Arc<Settings>,
}

impl StoredSessions {
    pub(super) fn new(
        sessions: Arc<ServerSessions>,
        clock: Clock,
        settings: Arc<Settings>,
    ) -> Self {
        Self {
            sessions,
            clock,
            settings,
        }
    }

    /// Makes what the store keeps sessions in, or checks that it is what this version expects: a start that fails says more
    /// than a first request that does.
    ///
    /// # Errors
    ///
    /// The store cannot be reached, or holds something else.
    pub async fn prepare(&self) -> Result<(), StoreError> {
        self.sessions.store().prepare().await
    }

    /// The living sessions of a user, the oldest first. What is known of them lets nobody in. A session's
    /// [label](Record::label) is what the application has called it with [`Session::set_label`](crate::Session::set_label).
    ///
    /// # Errors
    ///
    /// The store cannot be asked.
    pub async fn of_user(&self, user: &impl Serialize) -> Result<Vec<Record>, StoreError> {
        let user = self.user(user)?;
        let now = self.clock.now();
        let sessions = self.sessions.store().sessions_of(user, now);
        self.sessions.within_limit(sessions).await
    }

    /// Ends one session, and says whether it was alive. From then on it is nobody's: a request that is under way does not
    /// bring it back.
    ///
    /// An id is no secret, and proves nothing: what a form names must be among those [of the user](Self::of_user) who sends it.
    ///
    /// # Errors
    ///
    /// The store cannot be asked.
    pub async fn end(&self, id: SessionId) -> Result<bool, StoreError> {
        let end = self.sessions.store().end(id, self.clock.now(), GRACE);
        self.sessions.within_limit(end).await
    }

    /// Ends all sessions of a user, and says how many those were: "log out everywhere".
    ///
    /// A browser that [remembers](crate::Session::remember) the login restores it in a new session, unless the user's
    /// [`epoch`](crate::AuthUser::epoch) has been raised as well.
    ///
    /// # Errors
    ///
    /// The store cannot be asked.
    pub async fn end_all_of_user(&self, user: &impl Serialize) -> Result<u64, StoreError> {
        self.end_of_user(user, None).await
    }

    /// Ends the sessions of a user but this one ([`Session::id`](crate::Session::id)), and says how many those were: what a
    /// changed password asks for. Logins that browsers remember need a higher epoch, as with
    /// [`end_all_of_user`](Self::end_all_of_user).
    ///
    /// # Errors
    ///
    /// The store cannot be asked.
    pub async fn end_others_of_user(
        &self,
        user: &impl Serialize,
        except: SessionId,
    ) -> Result<u64, StoreError> {
        self.end_of_user(user, Some(except)).await
    }

    /// Removes at most `limit` sessions whose time has passed, and says how many those were: for a job that does what is
    /// otherwise done now and then ([`SessionConfig::purge_interval`](crate::SessionConfig::purge_interval)). A store that
    /// forgets by itself has nothing to do. It takes as long as the store does.
    ///
    /// # Errors
    ///
    /// The store cannot be asked.
    pub async fn purge(&self, limit: u32) -> Result<u64, StoreError> {
        self.sessions.store().purge(self.clock.now(), limit).await
    }

    async fn end_of_user(
        &self,
        user: &impl Serialize,
        except: Option<SessionId>,
    ) -> Result<u64, StoreError> {
        let ending = Ending {
            user: self.user(user)?,
            except,
            keep_newest: 0,
            grace: GRACE,
            now: self.clock.now(),
        };
        let ended = self.sessions.store().end_sessions_of(ending);
        self.sessions.within_limit(ended).await
    }

    /// The user as the session keeps it.
    fn user(&self, user: &impl Serialize) -> Result<String, StoreError> {
        let plain = Text::of(user).map_err(|error| StoreError::Failed {
            reason: format!("the user cannot be written as JSON: {error}"),
        })?;
        Ok(self.settings.user(plain))
    }
}

impl fmt::Debug for StoredSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSessions").finish_non_exhaustive()
    }
}
