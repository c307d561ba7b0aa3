//! How long sessions live: one lifetime for those that end with the browser, one for those that outlive it, unless a
//! session has one of its own.

use std::time::Duration;

use crate::session::Permanence;
use crate::signing::{AgeError, check_age};

/// The lifetimes of a configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    pub(crate) permanent: Duration,
    pub(crate) browser: Duration,
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

    /// Whether a session lives at `now` that was saved at `saved_at`, both in unix seconds.
    pub(crate) fn check(
        &self,
        permanence: Permanence,
        saved_at: u64,
        now: u64,
    ) -> Result<(), AgeError> {
        check_age(saved_at, now, self.of(permanence), self.clock_leeway)
    }
}
