//! What a handler declares, as constants: its routes, its guards, the keys it uses and what it does to the session.
//!
//! The attributes write a [`Contract`] beside each handler. The gate enforces it, the route table shows it. Everything
//! here is data that exists before the first request; nothing here knows one.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::guard::Guard;
use super::login::LoginRequired;
use super::values::{Values, hold};
use crate::layer::Refusal;
use crate::session::{Session, is_reserved};

/// What an annotated handler declares. Written by the route attributes, never by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler with one of our attributes",
    label = "no `#[get(\"/path\")]`, `#[login_required]` or `#[session]` stands on this",
    note = "put a route on the function, `#[get(\"/path\")]` for example"
)]
pub trait Contract: Sized + Send + Sync + 'static {
    /// What is text, or can be said in text, as [`Info::of`] reads it: a constant of a single literal costs the compiler next to
    /// nothing, and one that is put together as much as a function. So the rest is written where there is some.
    const TEXT: &'static str;
    /// Its guards, in the order in which they speak.
    const GUARDS: &'static [GuardInfo] = &[];
    /// The session keys that its parameters name.
    const KEYS: &'static [KeyUse] = &[];
    /// What it does to the session as a whole.
    const OPTIONS: Options = Options::new();
    /// [`Guarded`] or [`Gated`] if the function got a gate as its first parameter, [`Open`] if it was left as it was.
    type Front;
    /// Reads the values of the handler's `#[session]` parameters, in their order. Written where there are some.
    ///
    /// # Errors
    ///
    /// A value that the handler cannot do without is missing or does not fit.
    fn bind(_: &Session) -> Result<Values, Refusal> {
        hold::<()>(())
    }
}

/// The declaration of a contract, all of it in one place.
pub(crate) trait Declaration: Contract {
    /// The declaration.
    const INFO: &'static Info = &Info::of::<Self>();
}

impl<C: Contract> Declaration for C {}

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

/// A handler's declaration.
///
/// What is text stays text until somebody asks for it, which is seldom in a request. To take it apart in a constant is work for
/// the compiler's interpreter, which is slow: only the letters at its beginning are looked at there.
#[derive(Debug)]
pub struct Info {
    /// A letter for each flag, or `-` in its place, and fields that each end with a zero, which no name, no path and no file
    /// has: name, module, file, line, and the routes.
    text: &'static str,
    /// Its guards, in the order in which they speak.
    pub guards: &'static [GuardInfo],
    /// The session keys that its parameters name.
    pub keys: &'static [KeyUse],
    /// What it does to the session as a whole.
    pub options: Options,
}

/// The letters at the beginning of a declaration, by their places: it has routes, is public, and is exempt from the cross-origin check.
const FLAGS: [u8; 3] = *b"rpc";

impl Info {
    /// The declaration of a contract.
    #[must_use]
    pub const fn of<C: Contract>() -> Self {
        Self {
            text: C::TEXT,
            guards: C::GUARDS,
            keys: C::KEYS,
            options: C::OPTIONS,
        }
    }

    /// What of a declaration is compared in a list of handlers. Each constant that is not looked at is one less to evaluate, a
    /// default too.
    #[must_use]
    pub const fn listed<C: Contract>() -> Self {
        Self::made_up(C::TEXT, C::KEYS, Options::new())
    }

    /// A declaration that is made up as the program runs, or in a test.
    pub(crate) const fn made_up(
        text: &'static str,
        keys: &'static [KeyUse],
        options: Options,
    ) -> Self {
        Self {
            text,
            guards: &[],
            keys,
            options,
        }
    }

    const fn has_flag(&self, at: usize) -> bool {
        self.text.as_bytes()[at] == FLAGS[at]
    }

    /// Whether it has a route. A handler that is wired by hand has none.
    #[must_use]
    pub const fn is_routed(&self) -> bool {
        self.has_flag(0)
    }

    /// `#[public]`: anyone may call it, on purpose.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.has_flag(1)
    }

    /// `#[csrf_exempt]`.
    #[must_use]
    pub const fn is_csrf_exempt(&self) -> bool {
        self.has_flag(2)
    }

    /// One field, and what stands behind it.
    const fn field(&self, number: usize) -> (&'static str, &'static str) {
        let (mut all, mut at) = (split(self.text.split_at(FLAGS.len()).1, 0), 0);
        while at < number {
            all = split(all.1, 0);
            at += 1;
        }
        all
    }

    /// The function's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.field(0).0
    }

    /// The module it stands in.
    pub(crate) fn module(&self) -> &'static str {
        self.field(1).0
    }

    /// The file it stands in, as the compiler names it, and the line of its name.
    pub(crate) fn place(&self) -> (&'static str, u32) {
        let line = self.field(3).0;
        (self.field(2).0, line.parse().unwrap_or_default())
    }

    /// Its routes.
    pub(crate) const fn routes(&self) -> RouteInfos {
        RouteInfos(self.field(3).1)
    }

    /// Whether it is said who may call it. Asked by `routes![strict; …]`.
    #[must_use]
    pub const fn is_decided(&self) -> bool {
        self.is_public() || !self.guards.is_empty()
    }

    /// Whether no other request may update the session while the handler runs.
    pub(crate) fn leases_session(&self) -> bool {
        self.options.lock || self.keys.iter().any(|key| key.access == Access::Update)
    }

    /// Whether the declaration shows that the session of a request may come out changed. A `Session` parameter can
    /// change it too, and shows only at commit.
    pub(crate) fn changes_session(&self) -> bool {
        self.options.change() || self.keys.iter().any(|key| key.access != Access::Read)
    }
}

/// What stands before a separator, and what behind it. All of the text, if there is none in it.
const fn split(text: &'static str, separator: u8) -> (&'static str, &'static str) {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] == separator {
            let (before, rest) = text.split_at(at);
            return (before, rest.split_at(1).1);
        }
        at += 1;
    }
    (text, "")
}

/// The routes of one handler, as text: a method, a space, a path and a zero for each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RouteInfos(&'static str);

impl RouteInfos {
    /// The first, and those behind it.
    #[must_use]
    pub const fn split_first(self) -> Option<(RouteInfo, Self)> {
        if self.0.is_empty() {
            return None;
        }
        let (route, rest) = split(self.0, 0);
        let (method, path) = split(route, b' ');
        Some((RouteInfo { method, path }, Self(rest)))
    }
}

impl Iterator for RouteInfos {
    type Item = RouteInfo;

    fn next(&mut self) -> Option<RouteInfo> {
        let (route, rest) = self.split_first()?;
        *self = rest;
        Some(route)
    }
}

impl fmt::Debug for RouteInfos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// One route: a method in capitals, `ANY` for all of them, and a path in axum's syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteInfo {
    /// `GET`, `POST` and so on, or `ANY`.
    pub method: &'static str,
    /// The path as the attribute has it, without the prefix of a nest.
    pub path: &'static str,
}

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

/// A session key that a handler's parameter names; [`Route::keys`](crate::Route::keys) gives them.
///
/// ```
/// use session_runtime::{Access, prelude::*};
///
/// #[get("/")]
/// async fn index(#[session(pop)] notice: Option<String>) {}
///
/// let routes: Routes = routes![index];
/// for route in routes.table().routes() {
///     let [notice] = route.keys() else { unreachable!() };
///     assert_eq!((notice.name(), notice.access()), ("notice", Access::Take));
///     assert_eq!(notice.to_string(), "take notice");
/// }
/// ```
#[derive(Clone, Copy)]
pub struct KeyUse {
    name: &'static str,
    access: Access,
    size: usize,
    align: usize,
    // Pointers, as neither can be compared or read in a constant.
    type_id: fn() -> TypeId,
    type_name: fn() -> &'static str,
}

impl KeyUse {
    /// A use of the key `name`, which holds a `T`. Written by the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new<T: 'static>(name: &'static str, access: Access) -> Self {
        Self {
            name,
            access,
            size: size_of::<T>(),
            align: align_of::<T>(),
            type_id: TypeId::of::<T>,
            type_name: std::any::type_name::<T>,
        }
    }

    /// The key's name in the session.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What the handler does with it.
    #[must_use]
    pub const fn access(&self) -> Access {
        self.access
    }

    /// The type of its value as [`std::any::type_name`] has it, for people to read.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        (self.type_name)()
    }

    /// Whether the type is the same as that of another use, as far as a constant can tell: by its size and its alignment.
    pub(crate) const fn may_be_as(&self, other: &Self) -> bool {
        self.size == other.size && self.align == other.align
    }

    /// Whether the type is the same as that of another use.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        (self.type_id)() == (other.type_id)()
    }

    /// How many bytes a value has in memory.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }
}

impl fmt::Debug for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}: {}", self.type_name())
    }
}

impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.access, self.name)
    }
}

/// What a handler does with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// `#[session] name: Option<T>`.
    Read,
    /// `#[session(default)] name: &mut T`: read, changed, written back.
    Update,
    /// `#[session(pop)] name: Option<T>`: read and removed.
    Take,
    /// `#[session(set)] name: Slot<T>`.
    Write,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Update => "update",
            Self::Take => "take",
            Self::Write => "write",
        })
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

    fn change(&self) -> bool {
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

/// Refuses, when compiled, a key constant that names what the session keeps for itself.
///
/// # Panics
///
/// If it does, which the compiler shows as an error.
#[expect(clippy::panic, reason = "a panic in a constant is a compiler error")]
pub const fn check_key(name: &str) {
    if is_reserved(name) {
        panic!("this key's name is one that the session keeps for itself; choose another");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(keys: &'static [KeyUse], options: Options) -> Info {
        Info::made_up("---h\0m\0f\x001\0", keys, options)
    }

    struct Cart;

    impl Contract for Cart {
        const TEXT: &'static str =
            "rpccart\0shop::cart\0src/a b.rs\x00120\0GET /cart\0POST /cart/{id}\0";
        const OPTIONS: Options = Options::new().renew();
        type Front = Open;
    }

    #[test]
    fn a_declaration_is_read_from_its_text() {
        let info = Info::of::<Cart>();
        assert_eq!(
            (info.name(), info.module(), info.place()),
            ("cart", "shop::cart", ("src/a b.rs", 120))
        );
        assert!(info.is_routed() && info.is_public() && info.is_csrf_exempt());
        assert!(info.options.renew);
        assert!(info.guards.is_empty() && info.keys.is_empty());
        let routes: Vec<_> = info
            .routes()
            .map(|RouteInfo { method, path }| (method, path))
            .collect();
        assert_eq!(routes, [("GET", "/cart"), ("POST", "/cart/{id}")]);
    }

    struct ByHand;

    impl Contract for ByHand {
        const TEXT: &'static str = "---by_hand\0m\0f\x001\0";
        type Front = Open;
    }

    #[test]
    fn what_is_not_said_is_not_declared() {
        let info = Info::of::<ByHand>();
        assert_eq!((info.name(), info.place().1), ("by_hand", 1));
        assert!(!info.is_routed() && !info.is_public() && !info.is_csrf_exempt());
        assert!(info.routes().split_first().is_none());
    }

    #[test]
    fn only_reading_changes_nothing() {
        const READ: &[KeyUse] = &[KeyUse::new::<u8>("k", Access::Read)];
        assert!(!declared(READ, Options::new()).changes_session());
        assert!(!declared(READ, Options::new().read_only()).changes_session());
    }

    #[test]
    fn every_other_access_and_option_is_a_change() {
        const UPDATE: &[KeyUse] = &[KeyUse::new::<u8>("k", Access::Update)];
        const TAKE: &[KeyUse] = &[KeyUse::new::<u8>("k", Access::Take)];
        const WRITE: &[KeyUse] = &[KeyUse::new::<u8>("k", Access::Write)];
        for keys in [UPDATE, TAKE, WRITE] {
            assert!(declared(keys, Options::new()).changes_session());
        }
        let new = Options::new();
        for options in [
            new.permanent(),
            new.lifetime(1),
            new.renew(),
            new.clear(),
            new.lock(),
        ] {
            assert!(declared(&[], options).changes_session());
        }
    }

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
