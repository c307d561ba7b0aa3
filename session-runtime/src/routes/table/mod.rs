//! The table of an application's routes: what is where, behind which guard, and which session keys it uses.
//!
//! It is made of contracts and the prefixes of nests. It knows no request; `url` asks it for addresses, `audit` and
//! `contract` hold it against what a team wants. How it is shown stands in rooms of its own, and changes nothing here.

mod command;
mod json;
mod svg;
mod text;
mod type_name;

use std::any::TypeId;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

pub use command::CommandError;
pub(super) use json::{KeyRecord, OptionsRecord};
pub(super) use type_name::takes_session;

#[cfg(feature = "utoipa")]
use crate::gate::RouteInfo;
use crate::gate::{Contract, GuardInfo, Info, KeyUse, Options};

/// All routes of an application, in the order in which they were declared. Cheap to clone.
///
/// Shown as text it is aligned; where one line a route would be wider than 100 columns, lists go on in the lines below.
/// `{:#}` adds where each handler stands:
///
/// ```text
/// METHOD  PATH      HANDLER  GUARDS  SESSION             OPTIONS
/// GET     /login    login    -       set user_id: u64    permanent
/// GET     /account  account  login   update visits: u32  -
/// ```
///
/// It can be drawn, [`to_svg`](Self::to_svg), held against a file, [`assert_contract!`](crate::assert_contract), and
/// searched for smells, [`audit`](Self::audit). With serde it is written, as JSON for example, under these names:
///
/// | field of each of `routes` | |
/// | --- | --- |
/// | `method`, `path` | a method in capitals, or `ANY`; the path in axum's syntax, with the prefix of a nest |
/// | `handler`, `module`, `file`, `line` | where it stands |
/// | `guards` | a list of texts, as in the table |
/// | `public`, `csrf_exempt` | whether it says `#[public]`, `#[csrf_exempt]` |
/// | `keys` | a list, each with `name`, `access` (`read`, `update`, `pop`, `set`) and `type` |
/// | `takes_session` | whether it has a `Session` parameter, and so may use any key at run time |
/// | `options` | what it says of the whole session, only what it says: `permanent`, `renew`, `clear`, `read_only` and `lock` are `true`, `lifetime` is in seconds |
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/account")]
/// #[login_required]
/// async fn account(#[session] visits: Option<u32>) {}
///
/// let routes: Routes = routes![account];
/// let table = routes.table();
/// for route in table.routes() {
///     assert_eq!((route.method(), route.path(), route.is_guarded()), ("GET", "/account", true));
///     assert_eq!(route.keys()[0].type_name(), "u32");
/// }
/// let json = serde_json::to_value(&table)?;
/// assert_eq!(json["routes"][0]["keys"][0]["access"], "read");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct RouteTable {
    pub(super) entries: Arc<[Entry]>,
}

/// One handler, and the prefix under which it was nested.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) prefix: String,
    pub(super) info: &'static Info,
    pub(super) contract: TypeId,
    /// The guards of the groups around it, the outermost first.
    pub(super) guards: Vec<GuardInfo>,
    pub(super) takes_session: bool,
}

/// One line of a [`RouteTable`].
#[derive(Clone)]
pub struct Route {
    method: &'static str,
    path: String,
    info: &'static Info,
    /// The guards of the groups around it, the outermost first.
    groups: Vec<GuardInfo>,
    takes_session: bool,
}

impl RouteTable {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        Self {
            entries: entries.into(),
        }
    }

    /// One for each method and path.
    pub fn routes(&self) -> impl Iterator<Item = Route> {
        self.entries.iter().flat_map(|entry| {
            entry.routes().map(|(method, path)| Route {
                method,
                path,
                info: entry.info,
                groups: entry.guards.clone(),
                takes_session: entry.takes_session,
            })
        })
    }

    /// The path of a handler's first route, with the prefix of its nest.
    pub(super) fn path_of<C: Contract>(&self) -> Option<String> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.contract == TypeId::of::<C>())?;
        entry.routes().next().map(|(_, path)| path)
    }
}

impl Entry {
    pub(super) fn routes(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.info
            .routes()
            .map(|route| (route.method, joined(&self.prefix, route.path)))
    }
}

impl Entry {
    /// Why this handler and another cannot be in one router, if they cannot.
    pub(super) fn clash(&self, other: &Self) -> Option<String> {
        if self.is_router() || other.is_router() {
            return None;
        }
        let pairs = self
            .routes()
            .flat_map(|mine| other.routes().map(move |theirs| (mine.clone(), theirs)));
        pairs.filter(|((_, a), (_, b))| shape(a) == shape(b)).find_map(|((method, a), (other_method, b))| {
            if a != b {
                Some(format!("{a} of {self} and {b} of {other} are one path; call its parameters the same in both"))
            } else if method == other_method {
                Some(format!("{method} {a} has two handlers: {self} and {other}; remove one of the routes"))
            } else {
                None
            }
        })
    }
}

/// In the place of a contract, for a router that has none.
struct PublicRouter;

impl Entry {
    /// A router of elsewhere that was declared public where this is called from.
    #[track_caller]
    pub(super) fn of_public_router(path: String) -> Self {
        let caller = Location::caller();
        // Made once for each router of a program, which lasts as long as the program.
        let (file, line) = (caller.file(), caller.line());
        let text = format!("rp--(router)\0\0{file}\0{line}\0ANY {path}\0");
        let info = Box::leak(Box::new(Info::made_up(text.leak(), &[], Options::new())));
        Self {
            prefix: String::new(),
            info,
            contract: TypeId::of::<PublicRouter>(),
            guards: Vec::new(),
            takes_session: false,
        }
    }

    /// Whether it is a router of elsewhere, of which only axum knows what is in it.
    fn is_router(&self) -> bool {
        self.contract == TypeId::of::<PublicRouter>()
    }

    /// Why this handler cannot stand in a layer that loads no users, if it cannot.
    pub(super) fn wants_users(&self) -> Option<String> {
        let mut guards = self.guards.iter().chain(self.info.guards);
        let guard = guards.find(|guard| guard.needs_user())?;
        Some(format!(
            "{self} is behind `{guard}`, and these sessions load no users who could have it; write `.with_sessions(SessionLayer::new(config).with_users(loader))`"
        ))
    }

    /// Why this handler cannot be in front of sessions that nobody can hold, if it cannot.
    pub(super) fn wants_lock(&self) -> Option<String> {
        self.info.options.lock.then(|| {
            format!(
                "{self} says `#[session(lock)]`, and a session in a cookie cannot be locked; keep sessions in a store (`SessionConfig::store`), or drop `lock`"
            )
        })
    }

    /// Why this handler cannot stand in the groups around it, if it cannot.
    pub(super) fn contradiction(&self) -> Option<String> {
        let guard = self.guards.first().filter(|_| self.info.is_public())?;
        Some(format!(
            "{self} is public and stands in a group that the guard `{guard}` is in front of; put it beside the group, or do not call it public"
        ))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, module) = (self.info.name(), self.info.module());
        let (file, line) = self.info.place();
        if self.is_router() {
            return write!(f, "the router ({file}:{line})");
        }
        write!(f, "`{module}::{name}` ({file}:{line})")
    }
}

impl Route {
    /// `GET`, `POST` and so on, or `ANY`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method
    }

    /// The path in axum's syntax, with the prefix of a nest.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The handler's name.
    #[must_use]
    pub fn handler(&self) -> &str {
        self.info.name()
    }

    /// The module in which the handler stands.
    #[must_use]
    pub fn module(&self) -> &str {
        self.info.module()
    }

    /// The file and the line of the handler's name.
    #[must_use]
    pub fn place(&self) -> (&str, u32) {
        self.info.place()
    }

    /// Whether a guard stands before the handler.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.guard_infos().next().is_some()
    }

    /// Whether the handler says `#[public]`.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.info.is_public()
    }

    /// Whether the handler says `#[csrf_exempt]`.
    #[must_use]
    pub fn is_csrf_exempt(&self) -> bool {
        self.info.is_csrf_exempt()
    }

    /// Whether anyone may call it, and nothing says that this is meant: no guard, and no `#[public]`.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.is_guarded() && !self.is_public()
    }

    /// Its guards, as the table shows them.
    pub fn guards(&self) -> impl Iterator<Item = String> {
        self.guard_infos().map(ToString::to_string)
    }

    /// The session keys that the handler's parameters name.
    #[must_use]
    pub fn keys(&self) -> &[KeyUse] {
        self.info.keys
    }

    /// Whether the handler has a [`Session`](crate::Session) parameter, and so may use any key at run time. One that is inside
    /// another extractor is not seen.
    #[must_use]
    pub fn takes_session(&self) -> bool {
        self.takes_session
    }

    /// What the handler says of the session as a whole, as the table shows it: `permanent, lifetime 900s`.
    #[must_use]
    pub fn options(&self) -> String {
        self.info.options.to_string()
    }

    /// In the order in which they are asked.
    pub(super) fn guard_infos(&self) -> impl Iterator<Item = &GuardInfo> + Clone {
        self.groups.iter().chain(self.info.guards)
    }

    /// Whether its guards are asked. Where there is nothing but `OPTIONS`, a browser asks without cookies, and is let through.
    #[cfg(feature = "utoipa")]
    pub(super) fn asks_guards(&self) -> bool {
        let serves_more = |route: RouteInfo| route.method != "OPTIONS";
        self.is_guarded() && self.info.routes().any(serves_more)
    }

    pub(super) fn session_options(&self) -> &Options {
        &self.info.options
    }

    /// The handler with its module, which tells two handlers of one name apart.
    pub(super) fn qualified_handler(&self) -> String {
        format!("{}::{}", self.info.module(), self.info.name())
    }
}

impl fmt::Debug for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes()).finish()
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.info.name())
    }
}

/// A path under a prefix, as axum's `nest` joins them: the root of a nest is the prefix itself.
pub(super) fn joined(prefix: &str, path: &str) -> String {
    if prefix.is_empty() {
        path.to_owned()
    } else if prefix.ends_with('/') {
        format!("{prefix}{}", path.trim_start_matches('/'))
    } else if path == "/" {
        prefix.to_owned()
    } else if path == "*" {
        format!("{prefix}/*")
    } else {
        format!("{prefix}{path}")
    }
}

/// A path without the names of its parameters: what decides which requests it gets.
pub(super) fn shape(path: &str) -> String {
    let mut inside = false;
    let named = |c: &char| {
        let keep = !inside || matches!(c, '*' | '}');
        inside = (inside || *c == '{') && *c != '}';
        keep
    };
    path.chars().filter(named).collect()
}
