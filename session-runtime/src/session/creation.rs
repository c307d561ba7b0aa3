//! When a session began, for those that end a set time after that whatever the visitor does. Knows the reserved key that
//! says so, and no clock.

use super::{Delta, Snapshot};

/// The reserved key. It is there where the configuration has an absolute lifetime.
const KEY: &str = "_created";

/// When the session began, in unix seconds, if it says so.
pub(crate) fn created(snapshot: &Snapshot, delta: &Delta) -> Option<u64> {
    delta.get(snapshot, KEY)?.parse().ok()
}

/// Notes that the session begins at `now`, in unix seconds, unless it has begun already or there is none.
pub(crate) fn note_creation(snapshot: &Snapshot, delta: &mut Delta, now: u64) {
    if created(snapshot, delta).is_none() && !delta.leaves_nothing(snapshot) {
        delta.set(snapshot, KEY, now.to_string().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_noted_once_and_anew_after_clearing() {
        let loaded = Snapshot::parse(br#"{"a":1}"#.to_vec()).unwrap();
        let mut delta = Delta::default();
        note_creation(&loaded, &mut delta, 100);
        note_creation(&loaded, &mut delta, 200);
        assert_eq!(created(&loaded, &delta), Some(100));
        delta.clear(&loaded);
        note_creation(&loaded, &mut delta, 300);
        assert_eq!(created(&loaded, &delta), None, "there is no session");
        delta.set(&loaded, "a", "2".into());
        note_creation(&loaded, &mut delta, 400);
        assert_eq!(created(&loaded, &delta), Some(400));
    }
}
