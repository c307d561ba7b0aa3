//! Where a session comes from, as far as a handle on it must ask there while the request runs. Knows no store: one is
//! behind this.

use std::pin::Pin;

use super::Result;

/// Where parallel requests share a session.
pub(crate) trait Origin: Send + Sync {
    /// What the session is called there, if it is there.
    fn id(&self) -> Option<String>;

    /// What the application calls it there.
    fn label(&self) -> Option<String>;

    /// Removes values there and returns those that were there: of parallel requests one gets each.
    fn take(&self, names: Vec<String>) -> Taking<'_>;

    /// Whether this user, whose login is remembered, may be logged in again: not where the visitor's session has just been ended,
    /// or renewed for somebody else.
    fn may_restore(&self, user: String) -> Asking<'_>;
}

/// Whether something is so.
pub(crate) type Asking<'a> = Pin<Box<dyn Future<Output = Result<bool>> + Send + 'a>>;

/// The values that were taken, by name.
pub(crate) type Taking<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<(String, String)>>> + Send + 'a>>;
