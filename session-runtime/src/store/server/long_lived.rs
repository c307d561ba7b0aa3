//! What is asked of a store for a response that goes on after its head: whether the session is still the visitor's, and
//! single changes. None of it extends the session's life.

use super::protocol::{Commit, Committed, Opened, Record};
use super::sessions::GRACE;
use super::visit::{Standing, Visit};
use crate::session::{Result, SessionError};

impl Visit {
    /// Whether the session that the request had is alive, and the same user's; `None` if it had none in the store.
    ///
    /// # Errors
    ///
    /// [`SessionError::Unavailable`]: it is not known.
    pub(crate) async fn is_alive(&self) -> Result<Option<bool>> {
        let (credential, record) = match self.standing() {
            Standing::Stranger => return Ok(None),
            Standing::Former => return Ok(Some(false)),
            Standing::Alive {
                credential, record, ..
            } => (credential, record),
        };
        let is_alive = match self.look(&credential).await? {
            Opened::Alive(loaded) => !self.has_ended(&loaded.record),
            Opened::Superseded {
                readable: Some(loaded),
            } => {
                self.follow(record.generation, loaded.record.generation);
                true
            }
            // The secret may be one of before a renewal that was seen here while it was still known.
            Opened::Unknown => self.is_listed(record).await?,
            Opened::Leased | Opened::Superseded { readable: None } | Opened::Ended => false,
        };
        if !is_alive {
            self.give_up();
        }
        Ok(Some(is_alive))
    }

    /// Sets one value in the session at once; says whether there is a session in the store to set it in.
    ///
    /// # Errors
    ///
    /// [`SessionError::Superseded`] if the session is over; [`SessionError::Unavailable`].
    pub(crate) async fn set_at_once(&self, name: &str, value: &str) -> Result<bool> {
        // A renewal that has not been seen yet makes it one more.
        for _ in 0..2 {
            let record = match self.standing() {
                Standing::Stranger => return Ok(false),
                Standing::Former => break,
                Standing::Alive { record, .. } => record,
            };
            match self.commit_one(&record, name, value).await? {
                Committed::Applied | Committed::Ended => return Ok(true),
                Committed::Superseded if self.is_alive().await? == Some(true) => {}
                _ => break,
            }
        }
        Err(SessionError::Superseded)
    }

    async fn commit_one(&self, record: &Record, name: &str, value: &str) -> Result<Committed> {
        let commit = Commit {
            set: vec![(name.to_owned(), value.to_owned())],
            ..Commit::new(record.id, record.generation, GRACE, self.now())
        };
        self.sessions()
            .ask(self.sessions().store().commit(commit))
            .await
    }

    /// Whether the store lists the session among its user's, and has renewed it no more often than is known here. Once more,
    /// and it may have been another user's in between.
    async fn is_listed(&self, record: Record) -> Result<bool> {
        let Some(user) = record.user else {
            return Ok(false);
        };
        let listed = self.sessions().store().sessions_of(user, self.now());
        let listed = self.sessions().ask(listed).await?;
        Ok(listed.iter().any(|other| {
            other.id == record.id && other.generation == record.generation && !self.has_ended(other)
        }))
    }
}
