//! Waiting for what another program does: asked again and again, and given up with a sentence.

use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// Returns as soon as `holds` does; `what` completes the sentence "waited in vain for …".
#[track_caller]
pub fn until(mut holds: impl FnMut() -> bool, what: impl FnOnce() -> String) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {}", what());
        thread::sleep(Duration::from_millis(20));
    }
}
