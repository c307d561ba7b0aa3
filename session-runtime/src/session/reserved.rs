//! The keys that the session keeps for itself.

/// Hidden from an application's `keys`, and not to be set by it.
const RESERVED: [&str; 4] = ["_permanent", "_created", "_epoch", "_fresh"];

pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}
