//! A login that is remembered beyond its session: whom, and what becomes of that when the request ends. It knows no cookie:
//! one is behind this.

use std::fmt;

use super::Text;

/// Reads what remembers a login.
pub(crate) trait Recall: fmt::Debug + Send + Sync {
    /// Whom the token remembers, if it is ours and not too old.
    fn recall(&self, token: &str) -> Option<Remembered>;
}

/// Whose login is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remembered {
    /// The user's id, as plain JSON.
    pub(crate) id: Text,
    /// The user's epoch at the login.
    pub(crate) epoch: u64,
}

/// What becomes of what the visitor's browser remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RememberOrder {
    /// It remembers whoever is logged in when the request ends.
    Set,
    /// It remembers nobody.
    Clear,
    /// It remembers nobody else than who is logged in when the request ends.
    KeepOwn,
}
