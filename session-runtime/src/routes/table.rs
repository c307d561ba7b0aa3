//! The table of an application's routes: what is where, behind which guard, and which session keys it uses.
//!
//! It is made of contracts and the prefixes of nests. It knows no request; `url` asks it for addresses.

use std::any::TypeId;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use crate::gate::{Contract, GuardInfo, Info, KeyUse, Options, RouteInfo};

/// All routes of an application, in the order in which they were declared. Cheap to clone.
///
/// Shown as text it is one line a route:
///
/// ```text
/// METHOD  PATH      HANDLER  GUARDS  SESSION        OPTIONS
/// GET     /login    login    -       write user_id  permanent
/// GET     /account  account  login   update visits  -
/// ```
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/account")]
/// #[login_required]
/// async fn account() {}
///
/// let routes: Routes = routes![account];
/// let table = routes.table();
/// for route in table.routes() {
///     assert_eq!((route.method(), route.path(), route.is_guarded()), ("GET", "/account", true));
/// }
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
}

/// One line of a [`RouteTable`].
#[derive(Clone)]
pub struct Route {
    method: &'static str,
    path: String,
    info: &'static Info,
    /// The guards of the groups around it, the outermost first.
    groups: Vec<GuardInfo>,
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
            .routes
            .iter()
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
        let info = Box::leak(Box::new(Info {
            name: "(router)",
            module: "",
            file: caller.file(),
            line: caller.line(),
            routes: Box::leak(Box::new([RouteInfo {
                method: "ANY",
                path: path.leak(),
            }])),
            guards: &[],
            keys: &[],
            public: true,
            csrf_exempt: false,
            options: Options::new(),
        }));
        Self {
            prefix: String::new(),
            info,
            contract: TypeId::of::<PublicRouter>(),
            guards: Vec::new(),
        }
    }

    /// Whether it is a router of elsewhere, of which only axum knows what is in it.
    fn is_router(&self) -> bool {
        self.contract == TypeId::of::<PublicRouter>()
    }

    /// Why this handler cannot stand in the groups around it, if it cannot.
    pub(super) fn contradiction(&self) -> Option<String> {
        let guard = self.guards.first().filter(|_| self.info.public)?;
        Some(format!(
            "{self} is public and stands in a group that the guard `{guard}` is in front of; put it beside the group, or do not call it public"
        ))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Info {
            name,
            module,
            file,
            line,
            ..
        } = self.info;
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
        self.info.name
    }

    /// The module in which the handler stands.
    #[must_use]
    pub fn module(&self) -> &str {
        self.info.module
    }

    /// The file and the line of the handler's name.
    #[must_use]
    pub fn place(&self) -> (&str, u32) {
        (self.info.file, self.info.line)
    }

    /// Whether a guard stands before the handler.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.guard_infos().next().is_some()
    }

    /// Whether the handler says `#[public]`.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.info.public
    }

    /// Whether the handler says `#[csrf_exempt]`.
    #[must_use]
    pub fn is_csrf_exempt(&self) -> bool {
        self.info.csrf_exempt
    }

    /// The session keys that the handler's parameters name, each with `read`, `update`, `take` or `write`.
    pub fn keys(&self) -> impl Iterator<Item = (&str, String)> {
        self.info
            .keys
            .iter()
            .map(|key| (key.name(), key.access().to_string()))
    }

    /// The guards in the order in which they are asked.
    fn guard_infos(&self) -> impl Iterator<Item = &GuardInfo> {
        self.groups.iter().chain(self.info.guards)
    }

    fn cells(&self) -> [String; COLUMNS] {
        let mut guards = list(self.guard_infos().map(GuardInfo::to_string));
        if self.info.public {
            guards = "public".to_owned();
        }
        let mut options = self.info.options.to_string();
        if self.info.csrf_exempt {
            options = list(
                [options, "csrf_exempt".to_owned()]
                    .into_iter()
                    .filter(|option| !option.is_empty()),
            );
        }
        [
            self.method.to_owned(),
            self.path.clone(),
            self.info.name.to_owned(),
            guards,
            list(self.info.keys.iter().map(KeyUse::to_string)),
            options,
        ]
    }
}

const COLUMNS: usize = 6;

impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["METHOD", "PATH", "HANDLER", "GUARDS", "SESSION", "OPTIONS"].map(str::to_owned);
        let mut lines: Vec<_> = std::iter::once(head)
            .chain(self.routes().map(|route| route.cells()))
            .collect();
        for cell in lines.iter_mut().flatten().filter(|cell| cell.is_empty()) {
            cell.push('-');
        }
        let width = |column: usize| {
            lines
                .iter()
                .map(|line| line[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: [usize; COLUMNS] = std::array::from_fn(width);
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            let [first @ .., last] = line;
            for (cell, width) in first.iter().zip(widths) {
                write!(f, "{cell:width$}  ")?;
            }
            f.write_str(last)?;
        }
        Ok(())
    }
}

impl fmt::Debug for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes()).finish()
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.info.name)
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
fn shape(path: &str) -> String {
    let mut inside = false;
    let named = |c: &char| {
        let keep = !inside || matches!(c, '*' | '}');
        inside = (inside || *c == '{') && *c != '}';
        keep
    };
    path.chars().filter(named).collect()
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
