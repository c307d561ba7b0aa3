//! Where sessions are kept between requests. A store loads a snapshot and commits a delta; it knows what a session is and
//! no HTTP.

mod cookie;

pub use cookie::Refresh;
pub(crate) use cookie::{Commit, CommitError, CookieChange, CookieStore, Rules};
