//! Telling a path on this site from an address that leads elsewhere.

/// The address itself if it is a path on this site, with or without a query.
///
/// For a login handler that follows `next`: what a query or a form says is anybody's, and browsers read more than one
/// spelling as another host (`//host`, `/\host`, and either with tabs and line feeds in between, which they drop).
///
/// ```
/// use session_runtime::local_path;
///
/// assert_eq!(local_path("/account?tab=2"), Some("/account?tab=2"));
/// for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "account", ""] {
///     assert_eq!(local_path(elsewhere), None);
/// }
/// ```
#[must_use]
pub fn local_path(address: &str) -> Option<&str> {
    is_local_path(address.as_bytes()).then_some(address)
}

/// The same, also in a constant.
pub(crate) const fn is_local_path(address: &[u8]) -> bool {
    if !matches!(address, [b'/', ..]) || matches!(address, [_, b'/' | b'\\', ..]) {
        return false;
    }
    let mut at = 0;
    while at < address.len() {
        if address[at] == b' ' || address[at].is_ascii_control() {
            return false;
        }
        at += 1;
    }
    true
}
