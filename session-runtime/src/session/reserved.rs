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
pub(crate) const fn is_same(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    while let [a1, a2, a3, a4, more_a @ ..] = a
        && let [b1, b2, b3, b4, more_b @ ..] = b
    {
        if *a1 != *b1 || *a2 != *b2 || *a3 != *b3 || *a4 != *b4 {
            return false;
        }
        (a, b) = (more_a, more_b);
    }
    while let [a1, more_a @ ..] = a
        && let [b1, more_b @ ..] = b
    {
        if *a1 != *b1 {
            return false;
        }
        (a, b) = (more_a, more_b);
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

    #[test]
    fn texts_are_the_same_where_every_letter_is() {
        for length in 0..10 {
            let text = &b"0123456789"[..length];
            assert!(is_same(text, text));
            for at in 0..length {
                let mut other = text.to_vec();
                other[at] = b'x';
                assert!(!is_same(text, &other), "{length}, {at}");
            }
            assert!(!is_same(text, b"0123456789"));
        }
    }
}
