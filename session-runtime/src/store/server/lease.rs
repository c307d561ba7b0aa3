//! The short right to update a session: one request has it at a time. Those of one process queue for it here, and the one
//! whose turn it is asks the store until it gets it.

use std::time::Duration;

use super::credential::LeaseId;
use super::queue::Turn;

/// The first pause between two questions for a lease that another process has, and the longest one.
const PAUSES: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(50));

/// A lease that a request has.
pub(super) struct Lease {
    pub(super) id: LeaseId,
    /// Whoever waits in this process comes next when this is dropped, which is after the store knows.
    _turn: Turn,
}

impl Lease {
    pub(super) fn new(id: LeaseId, turn: Turn) -> Self {
        Self { id, _turn: turn }
    }
}

/// How long to wait before a lease is asked for again: longer each time, and not the same for any two, so that processes do not keep step.
pub(super) fn pauses(seed: LeaseId) -> impl Iterator<Item = Duration> {
    let (first, longest) = PAUSES;
    let mut parts = seed.as_bytes().to_vec().into_iter().cycle();
    std::iter::successors(Some(first), move |last| Some((*last * 3 / 2).min(longest))).map(
        move |pause| {
            let part = parts.next().unwrap_or_default();
            pause / 2 + pause * u32::from(part) / 256
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_are_never_nothing() {
        let seed = LeaseId::from_bytes([0, 255, 3, 100, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
        let pauses: Vec<_> = pauses(seed).take(200).collect();
        assert!(pauses.iter().all(|pause| *pause >= PAUSES.0 / 2));
        assert!(pauses.iter().all(|pause| *pause <= PAUSES.1 * 3 / 2));
        assert!(pauses[0] < PAUSES.0 * 2);
    }
}
