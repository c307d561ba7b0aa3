//! What time it is: the one place that asks the operating system, so that a test can move it.
//!
//! Knows nothing of sessions; it hands out whole seconds, the unit in which a signed token counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A clock that can be handed around and, for tests, moved.
///
/// Clones share one time: what one of them is set to, all of them show. [`Clock::system`] is what
/// a server runs on; [`Clock::manual`] stands still until it is moved.
///
/// # Examples
///
/// ```
/// use session_runtime::Clock;
/// use std::time::Duration;
///
/// let clock = Clock::manual(1_700_000_000);
/// let same = clock.clone();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(same.now(), 1_700_000_060);
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    source: Source,
    /// Added to the source, wrapping, so that a clock can also be moved back.
    shift: AtomicU64,
}

#[derive(Debug)]
enum Source {
    System,
    /// The time is in the shift alone.
    Manual,
}

impl Clock {
    /// The operating system's clock.
    ///
    /// A system clock set before 1970 reads as 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::Clock;
    ///
    /// assert!(Clock::system().now() > 1_700_000_000);
    /// ```
    #[must_use]
    pub fn system() -> Self {
        Self::new(Source::System, 0)
    }

    /// A clock that stands at `unix_seconds` until it is moved.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::Clock;
    ///
    /// assert_eq!(Clock::manual(1_700_000_000).now(), 1_700_000_000);
    /// ```
    #[must_use]
    pub fn manual(unix_seconds: u64) -> Self {
        Self::new(Source::Manual, unix_seconds)
    }

    /// Whole seconds since the beginning of 1970, UTC, rounded down.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::Clock;
    ///
    /// assert_eq!(Clock::manual(7).now(), 7);
    /// ```
    #[must_use]
    pub fn now(&self) -> u64 {
        let shift = self.shared.shift.load(Ordering::Relaxed);
        self.shared.source.seconds().wrapping_add(shift)
    }

    /// Moves this clock, and every clone of it, forward by the whole seconds of `by`.
    ///
    /// A system clock runs on from there; a manual one stands still again.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::Clock;
    /// use std::time::Duration;
    ///
    /// let clock = Clock::manual(100);
    /// clock.advance(Duration::from_secs(3600));
    /// assert_eq!(clock.now(), 3700);
    /// ```
    pub fn advance(&self, by: Duration) {
        self.shared.shift.fetch_add(by.as_secs(), Ordering::Relaxed);
    }

    /// Sets this clock, and every clone of it, to `unix_seconds`, which may lie in its past.
    ///
    /// A system clock runs on from there; a manual one stands still there.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::Clock;
    ///
    /// let clock = Clock::manual(100);
    /// clock.set(50);
    /// assert_eq!(clock.now(), 50);
    /// ```
    pub fn set(&self, unix_seconds: u64) {
        let shift = unix_seconds.wrapping_sub(self.shared.source.seconds());
        self.shared.shift.store(shift, Ordering::Relaxed);
    }

    fn new(source: Source, shift: u64) -> Self {
        Self {
            shared: Arc::new(Shared {
                source,
                shift: AtomicU64::new(shift),
            }),
        }
    }
}

impl Default for Clock {
    /// The system's clock.
    fn default() -> Self {
        Self::system()
    }
}

impl Source {
    fn seconds(&self) -> u64 {
        match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
            Self::Manual => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_clock_move_together() {
        let clock = Clock::manual(1_000);
        let clone = clock.clone();
        clone.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), 1_005);
        clock.set(3);
        assert_eq!(clone.now(), 3);
    }

    #[test]
    fn parts_of_a_second_do_not_count() {
        let clock = Clock::manual(1_000);
        clock.advance(Duration::from_millis(999));
        assert_eq!(clock.now(), 1_000);
    }

    #[test]
    fn a_system_clock_runs_on_from_where_it_was_set() {
        let clock = Clock::system();
        clock.set(1_700_000_000);
        assert!((1_700_000_000..1_700_000_060).contains(&clock.now()));
        clock.advance(Duration::from_secs(1_000));
        assert!((1_700_001_000..1_700_001_060).contains(&clock.now()));
    }

    #[test]
    fn two_system_clocks_are_not_one() {
        let (moved, other) = (Clock::system(), Clock::system());
        moved.set(5);
        assert!(other.now() > 1_700_000_000);
    }
}
