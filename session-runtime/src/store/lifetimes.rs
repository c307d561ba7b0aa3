//! How long sessions live: one lifetime for those that end with the browser, one for those that outlive it, unless a
//! session has one of its own; and one from its beginning, which nothing extends.

use std::time::Duration;

use crate::session::Permanence;
use crate::signing::{AgeError, check_age};

/// The lifetimes of a configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    pub(crate) permanent: Duration,
    pub(crate) browser: Duration,
    /// From the session's beginning.
    pub(crate) absolute: Option<Duration>,
    /// How far in the future a session may have been saved, as where two hosts' clocks differ.
    pub(crate) clock_leeway: Duration,
}

impl Lifetimes {
    pub(crate) fn of(&self, permanence: Permanence) -> Duration {
        match permanence {
            Permanence::Browser => self.browser,
            Permanence::Configured => self.permanent,
            Permanence::Own(lifetime) => lifetime,
        }
    }

    /// Whether a session lives at `now` that was saved at `saved_at` and began at `created`, in unix seconds.
    pub(crate) fn check(
        &self,
        permanence: Permanence,
        (saved_at, created): (u64, impl FnOnce() -> Option<u64>),
        now: u64,
    ) -> Result<(), AgeError> {
        if self.absolute.is_some() {
            self.check_creation(created(), now)?;
        }
        check_age(saved_at, now, self.of(permanence), self.clock_leeway)
    }

    /// Whether a session may live at `now` that began at `created`, in unix seconds.
    pub(crate) fn check_creation(&self, created: Option<u64>, now: u64) -> Result<(), AgeError> {
        match (self.absolute, created) {
            (Some(lifetime), Some(created)) if now.saturating_sub(created) > lifetime.as_secs() => {
                let age = Duration::from_secs(now.saturating_sub(created));
                Err(AgeError::Ended { age, lifetime })
            }
            _ => Ok(()),
        }
    }

    /// When a session ends that is saved at `now` and began at `created`, in unix seconds.
    pub(crate) fn end(&self, permanence: Permanence, created: Option<u64>, now: u64) -> u64 {
        let idle = now.saturating_add(self.of(permanence).as_secs());
        match (self.absolute, created) {
            (Some(absolute), Some(created)) => idle.min(created.saturating_add(absolute.as_secs())),
            _ => idle,
        }
    }
}
