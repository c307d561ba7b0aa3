//! How far off the server is, by how soon it has answered of late, and so how many statements of a kind are best under way.
//! Knows no statement.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// For each of these one statement is under way. Who has just missed one waits about as long for the next. Whatever is nearer has
/// one: a second would be sent while the first waits for the disk, and would have to wait for the disk after it.
const STEP: Duration = Duration::from_micros(500);

/// How many statements of a kind are under way at most, however long they take: as many as there are connections.
pub(super) const MOST_UNDER_WAY: usize = 16;

/// The quickest answer of late, in nanoseconds; 0 before the first.
#[derive(Default)]
pub(super) struct Distance(AtomicU64);

impl Distance {
    /// Notes how long an answer took that had to wait for no disk. What took longer was kept waiting by something else, and counts
    /// little, but it does: the server may be another one by now.
    pub(super) fn note(&self, took: Duration) {
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let quickest = self.0.load(Ordering::Relaxed);
        let now = if quickest == 0 || took < quickest {
            took
        } else {
            quickest + (took - quickest) / 64
        };
        self.0.store(now, Ordering::Relaxed);
    }

    pub(super) fn under_way(&self) -> usize {
        let quickest = Duration::from_nanos(self.0.load(Ordering::Relaxed));
        let steps = quickest.as_micros() / STEP.as_micros();
        usize::try_from(steps).map_or(MOST_UNDER_WAY, |steps| steps.clamp(1, MOST_UNDER_WAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_is_under_way_to_a_server_nearby_and_more_to_one_far_off() {
        let distance = Distance::default();
        assert_eq!(distance.under_way(), 1);
        distance.note(Duration::from_millis(3));
        assert_eq!(distance.under_way(), 6);
        distance.note(Duration::from_micros(200));
        assert_eq!(distance.under_way(), 1);
        distance.note(Duration::MAX);
        assert_eq!(distance.under_way(), MOST_UNDER_WAY);
    }

    #[test]
    fn a_slow_answer_among_quick_ones_moves_no_server() {
        let distance = Distance::default();
        for took in [200, 30_000, 200, 250].map(Duration::from_micros) {
            distance.note(took);
        }
        assert_eq!(distance.under_way(), 1);
        for _ in 0..200 {
            distance.note(Duration::from_millis(2));
        }
        assert_eq!(distance.under_way(), 3);
    }
}
