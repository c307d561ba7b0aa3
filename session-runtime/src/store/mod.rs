//! Where sessions are kept between requests. A store loads a snapshot and commits a delta; it knows what a session is and
//! no HTTP.

mod cookie;

pub(crate) use cookie::{CommitError, CookieChange, CookieStore, Loaded, Refresh, Rules};
