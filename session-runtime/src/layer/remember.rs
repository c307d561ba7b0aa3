//! The cookie that remembers a login beyond its session: it holds the user's id, and with ours the epoch, and is signed apart
//! from sessions. Whether a login is restored from it is decided elsewhere.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::HeaderValue;
use serde_json::value::RawValue;

use super::cookie::{self, Pair, SetCookie};
use crate::clock::Clock;
use crate::flask::RememberSigner;
use crate::session::{Closed, Recall, RememberOrder, Remembered, Session, Text};
use crate::signing::check_age;
use crate::store::Protection;

/// Reads the cookie, and writes it.
#[derive(Clone)]
pub(crate) struct Remember {
    cookie: SetCookie,
    tokens: Tokens,
    lifetime: Duration,
    max_size: usize,
}

/// How the cookie's value is made.
#[derive(Clone)]
pub(super) enum Tokens {
    /// A token over the id and the epoch, which holds its age.
    Ours {
        protection: Protection,
        clock: Clock,
        leeway: Duration,
    },
    /// Flask-Login's own, over the id alone.
    FlaskLogin {
        signer: Box<RememberSigner>,
        reserved: ReservedIds,
    },
}

/// The ids that Flask-Login's token is not made of. It is the id's HMAC-SHA512 under the secret key itself, and where sessions are
/// signed with that digest, that may be something else as well: whoever may choose an id would have made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReservedIds {
    None,
    /// The salt, of which the key that signs sessions is made so; and those of other layers that may have the same secret key.
    Salts {
        own: String,
        usual: &'static str,
    },
    /// What has a point in it: the text of a session's cookie, which is signed so.
    Tokens,
}

impl Remember {
    pub(super) fn new(
        cookie: SetCookie,
        tokens: Tokens,
        lifetime: Duration,
        max_size: usize,
    ) -> Self {
        Self {
            cookie,
            tokens,
            lifetime,
            max_size,
        }
    }

    /// The cookie's value, if that is it.
    #[inline]
    pub(super) fn token(&self, cookie: Pair<'_>) -> Option<String> {
        let name = self.cookie.name();
        if !cookie.may_be(name) {
            return None;
        }
        cookie.value_of(name).map(Cow::into_owned)
    }

    /// The `Set-Cookie` that a request's end needs, if any.
    pub(super) fn line(
        &self,
        session: &Session,
        closed: &Closed,
        now: impl FnOnce() -> u64,
    ) -> Option<HeaderValue> {
        let order = closed.flags.remember;
        if order == Some(RememberOrder::Set)
            && let Some(id) = session.login_id()
        {
            return self.set(id, session.login_epoch(), now());
        }
        let is_asked = order.is_some() || closed.is_login_changed;
        if !is_asked || !closed.has_remember_token {
            return None;
        }
        let is_kept = match (order, session.login_id()) {
            (Some(RememberOrder::KeepOwn), Some(id)) => session
                .remembered()
                .is_some_and(|remembered| remembered.id == id),
            (None, Some(_)) => true,
            // However somebody has logged out: the login must not come back with the next request.
            _ => false,
        };
        if is_kept { None } else { self.cookie.remove() }
    }

    fn set(&self, id: Text, epoch: u64, now: u64) -> Option<HeaderValue> {
        let value = match &self.tokens {
            Tokens::Ours { protection, .. } => {
                let payload = format!("[{},{epoch}]", &*id);
                protection.protect("", 0, payload.as_bytes(), now)
            }
            Tokens::FlaskLogin { signer, reserved } => {
                let id = text_of(&id);
                if reserved.has(&id) {
                    tracing::error!(name: "session.not_remembered", "a login is not remembered: with this id, and sessions signed with SHA-512, the cookie would be as good as the key; give sessions another digest");
                    return None;
                }
                let token = signer.sign(&id);
                cookie::quoted(&token).into_owned().into_bytes()
            }
        };
        let size = self.cookie.name().len() + value.len();
        if size > self.max_size {
            let limit = self.max_size;
            tracing::error!(name: "session.not_remembered", size, limit, "a login is not remembered: its cookie would be larger than browsers keep; give users a shorter id");
            return None;
        }
        let line = [self.cookie.frame().lead.as_bytes(), &value].concat();
        let expires = now.saturating_add(self.lifetime.as_secs());
        self.cookie.finish(line, Some(expires))
    }
}

impl ReservedIds {
    fn has(&self, id: &str) -> bool {
        match self {
            Self::None => false,
            Self::Salts { own, usual } => id == own || id.starts_with(usual),
            Self::Tokens => id.contains('.'),
        }
    }
}

impl Recall for Remember {
    fn recall(&self, token: &str) -> Option<Remembered> {
        match &self.tokens {
            Tokens::Ours {
                protection,
                clock,
                leeway,
            } => {
                let verified = protection.verify(token.as_bytes()).ok()?;
                check_age(verified.signed_at, clock.now(), self.lifetime, *leeway).ok()?;
                let (id, epoch): (Box<RawValue>, u64) =
                    serde_json::from_slice(&verified.payload).ok()?;
                let id = Text::from(id.get());
                Some(Remembered { id, epoch })
            }
            // Flask-Login knows no epoch: it is that of a user who has never raised one.
            Tokens::FlaskLogin { signer, .. } => Some(Remembered {
                id: Text::of(signer.verify(token)?).ok()?,
                epoch: 0,
            }),
        }
    }
}

/// The id as Flask-Login keeps it: the text itself, or what is written of a number.
fn text_of(id: &str) -> String {
    serde_json::from_str(id).unwrap_or_else(|_| id.to_owned())
}

impl fmt::Debug for Remember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remember")
            .field("cookie", &self.cookie.name())
            .finish_non_exhaustive()
    }
}
