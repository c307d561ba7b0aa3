//! The keys that the session keeps for itself.

/// Hidden from an application's `keys`, and not to be set by it.
pub(crate) const RESERVED: [&str; 4] = ["_permanent", "_created", "_epoch", "_fresh"];

/// When the password was given, in unix seconds; `false` where it was not given in this session. Flask-Login writes `true`.
pub(crate) const FRESH: &str = "_fresh";

/// Whether the session keeps this key for itself; also in a constant, where slices cannot be compared.
pub(crate) const fn is_reserved(name: &str) -> bool {
    let mut at = 0;
    while at < RESERVED.len() {
        if is_same(name.as_bytes(), RESERVED[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether two texts are the same, in a constant.
pub(crate) const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_own_keys_are_reserved_and_no_others() {
        for name in RESERVED {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["", "permanent", "_permanents", "user_id"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
