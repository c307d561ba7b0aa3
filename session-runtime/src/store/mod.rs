//! Where sessions are kept between requests. A store loads a snapshot and commits a delta; it knows what a session is and
//! no HTTP.

mod cookie;
mod lifetimes;
mod protection;
mod refresh;
mod rejection;
mod serializer;

pub use refresh::Refresh;
pub use serializer::{CookieSerializer, DecodeError, Decoded, EncodeError};

pub(crate) use cookie::{Commit, CommitError, CookieChange, CookieStore, Frame, Rules};
pub(crate) use lifetimes::Lifetimes;
pub(crate) use protection::Protection;
pub(crate) use serializer::OpenError;
