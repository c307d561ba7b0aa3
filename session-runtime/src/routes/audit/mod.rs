//! Smells in what routes declare: what is seldom meant, and what nobody sees in one handler alone.
//!
//! It judges the table only. What a `Session` parameter does at run time it cannot see, so each finding can be allowed.

mod finding;
mod slip;

use std::borrow::Cow;

pub use self::finding::Finding;
use self::slip::is_slip;
use super::table::{Route, RouteTable};
use crate::gate::{Access, GuardInfo};

/// What [`RouteTable::audit`] looks for, where an application's own settings differ from the defaults.
///
/// ```
/// use session_runtime::{Audit, assert_audit_clean, prelude::*};
///
/// #[get("/visits")]
/// async fn visit(#[session(default)] visits: &mut u32) -> String {
///     *visits += 1;
///     format!("visit {visits}")
/// }
///
/// let routes: Routes = routes![visit];
/// // That a GET counts visits is meant.
/// assert_audit_clean!(routes, Audit::new().allow("get_writes GET /visits"));
/// ```
#[derive(Clone, Debug)]
pub struct Audit {
    login_key: Cow<'static, str>,
    login_page: bool,
    allowed: Vec<Cow<'static, str>>,
}

/// Flask's messages are written and read through functions that take the whole session.
const FLASHES: &str = "_flashes";

impl RouteTable {
    /// What is seldom meant in these routes, in their order; none if all is well. [`assert_audit_clean!`](crate::assert_audit_clean)
    /// is this as a test, and [`Audit`] has settings for it.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[post("/basket")]
    /// async fn add(#[session] basket: Option<Vec<u64>>) {}
    ///
    /// let routes: Routes = routes![add];
    /// let names: Vec<_> = routes.table().audit().iter().map(|finding| finding.name()).collect();
    /// assert_eq!(names, ["never_written basket", "open_unsafe POST /basket"]);
    /// ```
    #[must_use]
    pub fn audit(&self) -> Vec<Finding> {
        Audit::new().findings(self)
    }
}

impl Audit {
    /// The login key is `user_id`, no login page is known, and nothing is allowed.
    #[must_use]
    pub fn new() -> Self {
        Self {
            login_key: Cow::Borrowed("user_id"),
            login_page: false,
            allowed: Vec::new(),
        }
    }

    /// The application's [`login_key`](crate::SessionConfig::login_key).
    #[must_use]
    pub fn login_key(self, key: impl Into<Cow<'static, str>>) -> Self {
        Self {
            login_key: key.into(),
            ..self
        }
    }

    /// The application has a [`login_page`](crate::SessionConfig::login_page): the login key is written there, even if that
    /// is not among these routes.
    #[must_use]
    pub fn has_login_page(self) -> Self {
        Self {
            login_page: true,
            ..self
        }
    }

    /// Allows one finding on purpose, by its [`name`](Finding::name). A name that is no finding becomes one.
    #[must_use]
    pub fn allow(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.allowed.push(name.into());
        self
    }

    /// What is seldom meant in these routes and not allowed here.
    #[must_use]
    pub fn findings(&self, table: &RouteTable) -> Vec<Finding> {
        let routes: Vec<_> = table.routes().collect();
        let no_login = self.no_login(&routes);
        let mut findings = self.key_findings(&routes);
        if no_login.is_some() {
            // It says the same, and more.
            findings.retain(|finding| {
                !matches!(finding, Finding::NeverWritten { key, .. } if *key == self.login_key)
            });
        }
        findings.extend(routes.iter().filter_map(|route| self.change_by_get(route)));
        findings.extend(routes.iter().filter_map(open_unsafe));
        findings.extend(no_login);
        let names: Vec<_> = findings.iter().map(Finding::name).collect();
        let unused = self
            .allowed
            .iter()
            .filter(|allowed| names.iter().all(|name| name != *allowed));
        let unused: Vec<_> = unused
            .map(|name| Finding::NothingToAllow { name: name.clone() })
            .collect();
        findings.retain(|finding| !self.allowed.contains(&finding.name().into()));
        findings.extend(unused);
        findings
    }

    /// Keys that are read or written only. Who takes the whole session is taken to log in, as that is how it is done, and
    /// not to write any other key.
    fn key_findings(&self, routes: &[Route]) -> Vec<Finding> {
        let mut keys: Vec<&'static str> = Vec::new();
        for key in routes.iter().flat_map(|route| route.keys()) {
            if !keys.contains(&key.name()) && key.name() != FLASHES {
                keys.push(key.name());
            }
        }
        let guarded = routes.iter().any(has_login_guard);
        let perhaps = handlers_among(routes, Route::takes_session);
        let meant = |key, does: fn(Access) -> bool| {
            let is_used = |other: &&str| routes.iter().any(|route| uses(route, other, does));
            let mut slips = keys.iter().filter(|other| is_slip(key, other));
            slips.find(|other| is_used(other)).copied()
        };
        let finding = |key: &'static str| {
            let who =
                |does: fn(Access) -> bool| handlers_among(routes, |route| uses(route, key, does));
            let (readers, writers) = (who(reads), who(writes));
            let read = !readers.is_empty() || (guarded && key == self.login_key);
            let logs_in =
                key == self.login_key && (self.login_page || perhaps.iter().any(may_write));
            if writers.is_empty() && !logs_in {
                let perhaps = perhaps.iter().filter(|route| may_write(route));
                Some(Finding::NeverWritten {
                    key,
                    readers,
                    meant: meant(key, writes),
                    perhaps: perhaps.cloned().collect(),
                })
            } else if !read {
                Some(Finding::NeverRead {
                    key,
                    writers,
                    meant: meant(key, reads),
                    perhaps: perhaps.clone(),
                })
            } else {
                None
            }
        };
        keys.iter().copied().filter_map(finding).collect()
    }

    /// To pop a message is what a page does that shows it; to pop the login is a logout.
    fn change_by_get(&self, route: &Route) -> Option<Finding> {
        let changed = route.keys().iter().filter(|key| match key.access() {
            Access::Read => false,
            Access::Pop => key.name() == self.login_key,
            Access::Update | Access::Set => true,
        });
        let keys: Vec<_> = changed.map(|key| key.name()).collect();
        if keys.is_empty() && !route.session_options().clear {
            return None;
        }
        let route = route.clone();
        match route.method() {
            "GET" | "ANY" => Some(Finding::GetWrites { route, keys }),
            "HEAD" => Some(Finding::HeadWrites { route, keys }),
            _ => None,
        }
    }

    fn no_login(&self, routes: &[Route]) -> Option<Finding> {
        let written = routes
            .iter()
            .any(|route| uses(route, &self.login_key, writes) || may_write(route));
        if written || self.login_page {
            return None;
        }
        let stuck = |route: &&Route| {
            route
                .guard_infos()
                .any(|guard| guard.is_login() && guard.login_page().is_none())
        };
        let guarded: Vec<_> = routes.iter().filter(stuck).cloned().collect();
        (!guarded.is_empty()).then(|| Finding::NoLogin {
            key: self.login_key.clone(),
            guarded,
        })
    }
}

/// What `assert_audit_clean!` calls.
///
/// # Panics
///
/// There are findings; all of them are in the message.
#[track_caller]
#[expect(clippy::panic, reason = "it is an assertion of a test")]
pub fn check_audit(table: &RouteTable, audit: &Audit) {
    let findings = audit.findings(table);
    if findings.is_empty() {
        return;
    }
    let lines: String = findings
        .iter()
        .map(|finding| format!("  [{}] {finding}\n", finding.name()))
        .collect();
    panic!(
        "the audit of the routes found:\n\n{lines}\nWhat is meant can be allowed by the text in brackets: \
         `assert_audit_clean!(routes, Audit::new().allow(\"{}\"))`",
        findings[0].name()
    );
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

fn open_unsafe(route: &Route) -> Option<Finding> {
    // RFC 9110, section 9.2.1.
    let safe = matches!(route.method(), "GET" | "HEAD" | "OPTIONS" | "TRACE");
    (!safe && route.is_open()).then(|| Finding::OpenUnsafe {
        route: route.clone(),
    })
}

/// A handler with several routes is one of them.
fn handlers_among(routes: &[Route], choose: impl Fn(&Route) -> bool) -> Vec<Route> {
    // Functions of several modules may have one name, and those that a macro makes one line.
    let same = |a: &Route, b: &Route| {
        (a.place(), a.qualified_handler()) == (b.place(), b.qualified_handler())
    };
    let mut handlers: Vec<Route> = Vec::new();
    for route in routes.iter().filter(|route| choose(route)) {
        if !handlers.iter().any(|other| same(other, route)) {
            handlers.push(route.clone());
        }
    }
    handlers
}

fn may_write(route: &Route) -> bool {
    route.takes_session() && !route.session_options().read_only
}

fn has_login_guard(route: &Route) -> bool {
    route.guard_infos().any(GuardInfo::is_login)
}

fn uses(route: &Route, key: &str, does: fn(Access) -> bool) -> bool {
    let mut keys = route.keys().iter();
    keys.any(|used| used.name() == key && does(used.access()))
}

fn reads(access: Access) -> bool {
    access != Access::Set
}

fn writes(access: Access) -> bool {
    matches!(access, Access::Update | Access::Set)
}
