//! Removing what has expired, now and then and beside the requests. A store that forgets by itself has nothing to do when it
//! is asked, and of several processes the store lets one remove at a time. This knows when, and not what a request is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::sessions::{ServerSessions, within};
use crate::clock::Clock;

/// How many sessions are removed by one question, so that none takes long and others come in between.
const BATCH: u32 = 500;

/// How long such a question may take. Nobody waits for it, so that it may be more than a request's.
const LIMIT: Duration = Duration::from_secs(10);

/// How long the store is left to others at the least before it is asked for more.
const PAUSE: Duration = Duration::from_millis(10);

/// How many questions are asked in a row. What is left is removed the next time.
const MOST_BATCHES: usize = 1_000;

/// Stands for the time of the next purge while one is under way.
const UNDER_WAY: u64 = u64::MAX;

/// When expired sessions are to be removed.
pub(super) struct Purging {
    /// How many seconds after a purge the next may begin; `None` is never.
    interval: Option<u64>,
    /// The unix second from which on the next may begin.
    due_at: AtomicU64,
}

impl Purging {
    /// The first may begin at once: a process may live for less than the interval.
    pub(super) fn new(interval: Option<Duration>) -> Self {
        Self {
            interval: interval.map(|interval| interval.as_secs().max(1)),
            due_at: AtomicU64::new(0),
        }
    }

    /// Whether one is due, which from now on is under way: of those who ask at the same time it is one's.
    fn begins(&self, now: u64) -> bool {
        let due_at = self.due_at.load(Ordering::Relaxed);
        self.interval.is_some()
            && due_at <= now
            && self
                .due_at
                .compare_exchange(due_at, UNDER_WAY, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    fn ended(&self, now: u64) {
        let next = now.saturating_add(self.interval.unwrap_or_default());
        // A clock at the end of time must not look like a purge that never ends.
        self.due_at
            .store(next.min(UNDER_WAY - 1), Ordering::Relaxed);
    }
}

impl ServerSessions {
    /// Lets a task of its own remove what has expired, if that is due. Nobody waits for it, and what fails is logged.
    pub(super) fn purge_if_due(self: &Arc<Self>, clock: &Clock) {
        if !self.purging.begins(clock.now()) {
            return;
        }
        let purge = Purge {
            sessions: Arc::downgrade(self),
            clock: clock.clone(),
        };
        // Without a runtime nobody can ask the store.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(purge.run());
        }
    }
}

/// A purge that is under way, until it is dropped. It ends soon after the layer is gone.
struct Purge {
    sessions: Weak<ServerSessions>,
    clock: Clock,
}

impl Purge {
    async fn run(self) {
        let mut removed = 0;
        for _ in 0..MOST_BATCHES {
            let began = Instant::now();
            let Some(sessions) = self.sessions.upgrade() else {
                break;
            };
            let batch = sessions.store().purge(self.clock.now(), BATCH);
            let batch = within(LIMIT, batch).await;
            drop(sessions);
            match batch {
                Ok(batch) => {
                    removed += batch;
                    if batch < u64::from(BATCH) {
                        break;
                    }
                }
                Err(error) => {
                    tracing::warn!(name: "session.purge_failed", %error, "expired sessions could not be removed from the store; it is tried again later");
                    break;
                }
            }
            // Half of the time is the others'.
            sleep(began.elapsed().max(PAUSE)).await;
        }
        if removed > 0 {
            tracing::debug!(name: "session.purged", removed, "expired sessions were removed from the store");
        }
    }
}

impl Drop for Purge {
    fn drop(&mut self) {
        if let Some(sessions) = self.sessions.upgrade() {
            sessions.purging.ended(self.clock.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purge_is_due_at_once_and_then_once_an_interval() {
        let purging = Purging::new(Some(Duration::from_secs(300)));
        assert!(purging.begins(1_000));
        assert!(!purging.begins(9_000), "one is under way");
        purging.ended(1_010);
        assert!(!purging.begins(1_309));
        assert!(purging.begins(1_310));
    }

    #[test]
    fn no_purge_is_ever_due_without_an_interval() {
        let purging = Purging::new(None);
        assert!(!purging.begins(0));
        assert!(!purging.begins(u64::MAX));
    }

    #[test]
    fn at_the_end_of_time_another_purge_can_begin() {
        let purging = Purging::new(Some(Duration::ZERO));
        assert!(purging.begins(u64::MAX));
        purging.ended(u64::MAX);
        assert!(purging.begins(u64::MAX));
    }
}
