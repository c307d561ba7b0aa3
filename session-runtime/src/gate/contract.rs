//! What a handler declares, as constants: its routes, its guards, the keys it uses and what it does to the session.
//!
//! The attributes write a [`Contract`] beside each handler. The gate enforces it, the route table shows it. Everything
//! here is data that exists before the first request; nothing here knows one.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::guard::Guard;
use super::info::guards;
use super::keys::Keys;
use super::login::LoginRequired;

/// What an annotated handler declares. Written by the route attributes, never by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler with one of our attributes",
    label = "no `#[get(\"/path\")]`, `#[login_required]` or `#[session]` stands on this",
    note = "put a route on the function, `#[get(\"/path\")]` for example"
)]
pub trait Contract: Sized + 'static {
    /// What is text, or can be said in text, as [`Info::of`](super::Info::of) reads it: a constant of a single literal costs the compiler next to
    /// nothing, and one that is put together as much as a function. So the rest is written where there is some.
    const TEXT: &'static str;
    /// Its guards, in the order in which they speak.
    const GUARDS: &'static [GuardInfo] = guards(Self::TEXT);
    /// The session keys that its parameters name, in their order, and how each is read.
    const KEYS: Keys = Keys::None;
    /// What it does to the session as a whole.
    const OPTIONS: Options = Options::new();
    /// [`Guarded`] or [`Gated`] if the function got a gate as its first parameter, [`Open`] if it was left as it was; and how
    /// many parameters it has.
    type Front;
}

/// The function begins with its gate, which asks such guards.
#[derive(Debug)]
pub struct Behind<Guards>(PhantomData<Guards>);

/// The function begins with its gate, and there is no guard but the login guard.
pub type Gated = Behind<BuiltIn>;

/// The function begins with its gate, and there are guards of the application's own.
pub type Guarded = Behind<Own>;

/// No guard, or the login guard.
#[derive(Debug)]
pub struct BuiltIn;

/// Guards of the application's own, and perhaps the login guard.
#[derive(Debug)]
pub struct Own;

/// The function declares nothing that a gate would have to enforce.
#[derive(Debug)]
pub struct Open;

/// One guard, as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardInfo(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Login(LoginRequired),
    Own(Cow<'static, str>),
}

impl GuardInfo {
    /// `#[login_required]`, with its options.
    #[must_use]
    pub const fn login(guard: LoginRequired) -> Self {
        Self(Kind::Login(guard))
    }

    /// `#[guard(IsOwner)]`, by what stands in the parentheses.
    #[must_use]
    pub const fn own(name: &'static str) -> Self {
        Self(Kind::Own(Cow::Borrowed(name)))
    }

    /// A guard around a group.
    pub(crate) fn of<S, G: Guard<S> + 'static>(guard: &G) -> Self {
        match (guard as &dyn Any).downcast_ref() {
            Some(login) => Self(Kind::Login(*login)),
            None => Self(Kind::Own(guard.name())),
        }
    }

    pub(crate) const fn as_login(&self) -> Option<&LoginRequired> {
        match &self.0 {
            Kind::Login(login) => Some(login),
            Kind::Own(_) => None,
        }
    }

    /// Whether it wants a login.
    pub(crate) const fn is_login(&self) -> bool {
        self.as_login().is_some()
    }

    /// Whether it asks something that only the user knows: a role, a permission.
    pub(crate) const fn needs_user(&self) -> bool {
        match self.as_login() {
            Some(login) => login.needs_user(),
            None => false,
        }
    }

    /// The page of its own where it sends a stranger.
    pub(crate) fn login_page(&self) -> Option<&'static str> {
        self.as_login()?.page()
    }
}

impl fmt::Display for GuardInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Login(login) => f.write_str(&Guard::<()>::name(login)),
            Kind::Own(name) => f.write_str(name),
        }
    }
}

/// What a route does to the session as a whole: `#[session(permanent, lifetime = "15m", renew, clear, read_only, lock)]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    pub(crate) permanent: bool,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) renew: bool,
    pub(crate) clear: bool,
    pub(crate) read_only: bool,
    pub(crate) lock: bool,
}

impl Options {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            permanent: false,
            lifetime: None,
            renew: false,
            clear: false,
            read_only: false,
            lock: false,
        }
    }

    /// The cookie outlives the browser.
    #[must_use]
    pub const fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// The session's own lifetime, in seconds.
    #[must_use]
    pub const fn lifetime(mut self, seconds: u64) -> Self {
        self.lifetime = Some(Duration::from_secs(seconds));
        self
    }

    /// A new secret for the same session.
    #[must_use]
    pub const fn renew(mut self) -> Self {
        self.renew = true;
        self
    }

    /// The session is emptied before the handler runs.
    #[must_use]
    pub const fn clear(mut self) -> Self {
        self.clear = true;
        self
    }

    /// The handler only looks.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// No other request that locks the session, or has a `&mut` value of it, runs at the same time.
    #[must_use]
    pub const fn lock(mut self) -> Self {
        self.lock = true;
        self
    }

    pub(super) fn change(&self) -> bool {
        self.lock || self.permanent || self.lifetime.is_some() || self.renew || self.clear
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut say = |f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>| {
            f.write_str(separator)?;
            separator = ", ";
            f.write_fmt(what)
        };
        if self.permanent {
            say(f, format_args!("permanent"))?;
        }
        if let Some(lifetime) = self.lifetime {
            say(f, format_args!("lifetime {}s", lifetime.as_secs()))?;
        }
        if self.renew {
            say(f, format_args!("renew"))?;
        }
        if self.clear {
            say(f, format_args!("clear"))?;
        }
        if self.read_only {
            say(f, format_args!("read_only"))?;
        }
        if self.lock {
            say(f, format_args!("lock"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_read_as_they_are_written() {
        assert_eq!(Options::new().to_string(), "");
        let all = Options::new()
            .permanent()
            .lifetime(900)
            .renew()
            .clear()
            .read_only()
            .lock();
        assert_eq!(
            all.to_string(),
            "permanent, lifetime 900s, renew, clear, read_only, lock"
        );
    }
}
