//! A handler's declaration as the gate, the routes and their table read it: what is text in it is taken apart here.
//!
//! What may be declared is said by `contract`. Nothing here knows a request.

use std::fmt;

use super::contract::{Contract, GuardInfo, Options};
use super::key_use::{Access, KeyUse};
use super::login::LoginRequired;
use crate::session::Named;

/// The declaration of a contract, all of it in one place.
pub(crate) trait Declaration: Contract {
    /// The declaration.
    const INFO: &'static Info = &Info::of::<Self>();
}

impl<C: Contract> Declaration for C {}

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

impl Named for Info {
    fn name(&self) -> &str {
        self.name()
    }
}

/// The letters at the beginning of a declaration, by their places: it has routes, is public, is exempt from the cross-origin check, and
/// has one guard, which wants a login and nothing more.
const FLAGS: [u8; 4] = *b"rpcl";

impl Info {
    /// The declaration of a contract.
    #[must_use]
    pub const fn of<C: Contract>() -> Self {
        Self {
            text: C::TEXT,
            guards: C::GUARDS,
            keys: const { &C::KEYS }.as_slice(),
            options: C::OPTIONS,
        }
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

    /// Whether it has a route. A handler that is wired by hand has none.
    #[must_use]
    pub const fn is_routed(&self) -> bool {
        has_flag(self.text, 0)
    }

    /// `#[public]`: anyone may call it, on purpose.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        has_flag(self.text, 1)
    }

    /// `#[csrf_exempt]`.
    #[must_use]
    pub const fn is_csrf_exempt(&self) -> bool {
        has_flag(self.text, 2)
    }

    /// One field, and what stands behind it.
    const fn field(&self, number: usize) -> (&'static str, &'static str) {
        field(self.text, number)
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
        self.options.lock || self.keys.iter().any(|key| key.access() == Access::Update)
    }

    /// Whether the declaration shows that the session of a request may come out changed. A `Session` parameter can
    /// change it too, and shows only at commit.
    pub(crate) fn changes_session(&self) -> bool {
        self.options.change() || self.keys.iter().any(|key| key.access() != Access::Read)
    }
}

const fn has_flag(text: &str, at: usize) -> bool {
    text.as_bytes()[at] == FLAGS[at]
}

/// The guards of a declaration that says nothing of them but its text.
pub(super) const fn guards(text: &str) -> &'static [GuardInfo] {
    const LOGIN: &[GuardInfo] = &[GuardInfo::login(LoginRequired)];
    if has_flag(text, 3) { LOGIN } else { &[] }
}

/// A handler's name, by the text of its declaration.
pub(crate) const fn name(text: &'static str) -> &'static str {
    field(text, 0).0
}

const fn field(text: &'static str, number: usize) -> (&'static str, &'static str) {
    let (mut all, mut at) = (split(text.split_at(FLAGS.len()).1, 0), 0);
    while at < number {
        all = split(all.1, 0);
        at += 1;
    }
    all
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Arity0, Open, reads, takes, updates, writes};

    fn declared(keys: &'static [KeyUse], options: Options) -> Info {
        Info::made_up("----h\0m\0f\x001\0", keys, options)
    }

    struct Cart;

    impl Contract for Cart {
        const TEXT: &'static str =
            "rpc-cart\0shop::cart\0src/a b.rs\x00120\0GET /cart\0POST /cart/{id}\0";
        const OPTIONS: Options = Options::new().renew();
        type Front = (Open, Arity0);
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
        const TEXT: &'static str = "----by_hand\0m\0f\x001\0";
        type Front = (Open, Arity0);
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
        const READ: &[KeyUse] = &[reads::<u8>("k", 0)];
        assert!(!declared(READ, Options::new()).changes_session());
        assert!(!declared(READ, Options::new().read_only()).changes_session());
    }

    #[test]
    fn every_other_access_and_option_is_a_change() {
        const UPDATE: &[KeyUse] = &[updates::<u8>("k", 0)];
        const TAKE: &[KeyUse] = &[takes::<u8>("k", 0)];
        const WRITE: &[KeyUse] = &[writes::<u8>("k", 0)];
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
}
