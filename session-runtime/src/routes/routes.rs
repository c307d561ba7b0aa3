//! Annotated handlers on their way to becoming a `Router`: each with its routes, and all with one table.
//!
//! [`Routes`] keeps what was added, and makes a router of it when it is known what stands around each handler. It must not
//! know what a session is.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;

use super::async_fn::AsyncFn;
use super::calling::{Annotated, Handle};
use super::handler::{Answer, Fronts};
use super::key_types::Declared;
use super::lending::LendTable;
use super::place::{self, Around};
use super::surroundings::Surroundings;
use super::table::{Entry, RouteTable, joined, takes_session};
use crate::gate::{Contract, Declaration, GroupGuard, Guard, GuardInfo};
use crate::layer::SessionLayer;

/// Annotated handlers that have no session layer yet. `routes![a, b]` makes it, [`with_sessions`](RoutesWithoutSessions::with_sessions)
/// makes a `Router` of it.
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/")]
/// async fn index(#[session] user_id: Option<u64>) -> String {
///     format!("{user_id:?}")
/// }
///
/// fn app(sessions: SessionLayer) -> axum::Router {
///     let routes: Routes = routes![index];
///     println!("{}", routes.table());
///     routes.with_sessions(sessions)
/// }
/// ```
pub type Routes<S = ()> = RoutesWithoutSessions<S, CallWithSessionsToMakeARouterOfIt>;

/// [`Routes`], under the name by which the compiler shows it. Its second parameter is there to be read in an error message.
#[must_use = "call `.with_sessions(..)` to make a `Router` of it"]
pub struct RoutesWithoutSessions<S, Next> {
    nodes: Vec<Node<S>>,
    /// The guards of this group, the first that was added first.
    guards: Vec<Arc<dyn GroupGuard<S>>>,
    /// The same, as the table shows them.
    infos: Vec<GuardInfo>,
    entries: Vec<Entry>,
    keys: Declared,
    next: PhantomData<Next>,
}

/// What was added, in its order. It becomes a router when all guards around it are known.
enum Node<S> {
    Handler(Box<dyn Handle<S>>),
    Nest(String, Routes<S>),
    Merge(Routes<S>),
    NestPublic(String, Router<S>),
    MergePublic(Router<S>),
}

/// Never made: it says what to do, where the compiler names a type that does not fit.
#[derive(Debug)]
pub enum CallWithSessionsToMakeARouterOfIt {}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes.
    pub fn new() -> Self {
        Self {
            nodes: Vec::new(),
            guards: Vec::new(),
            infos: Vec::new(),
            entries: Vec::new(),
            keys: Declared::default(),
            next: PhantomData,
        }
    }

    /// What `routes![]` calls for each name in its list. The contract is inferred: a type that is written out at a call is
    /// checked a second time with all that the call asks of it.
    #[doc(hidden)]
    #[track_caller]
    pub fn __add<C, Front, H, Parameters, Via>(mut self, _: PhantomData<C>, handler: H) -> Self
    where
        C: Contract<Front = Front>,
        H: AsyncFn<Front, Parameters>,
        H::Future: Send,
        <H::Future as Future>::Output: Answer,
        Parameters: Fronts<C, Front, S, Via> + 'static,
        Via: 'static,
    {
        self = self.with_entries([Entry {
            prefix: String::new(),
            info: C::INFO,
            contract: TypeId::of::<C>(),
            guards: Vec::new(),
            takes_session: takes_session::<Parameters>(),
        }]);
        let handler = Annotated::<C, H, Parameters, Via>::new(handler);
        self.nodes.push(Node::Handler(Box::new(handler)));
        self
    }

    /// Puts `inner` under a prefix, as [`Router::nest`] does.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[get("/profile")]
    /// async fn profile() {}
    ///
    /// let routes: Routes = Routes::new().nest("/user", routes![profile]);
    /// assert_eq!(routes.table().url_for::<profile>(&[])?, "/user/profile");
    /// # Ok::<(), session_runtime::UrlError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Where `Router::nest` does: the prefix is empty or `/`, does not begin with `/`, or has a wildcard. Also where two
    /// handlers would answer the same.
    #[track_caller]
    pub fn nest(mut self, prefix: &str, mut inner: Self) -> Self {
        // The router is made later; what is wrong with the prefix is to be said here.
        refuse(wrong_prefix(prefix));
        drop(Router::<S>::new().nest(prefix, Router::new()));
        let entries = std::mem::take(&mut inner.entries);
        self = self.with_entries(entries.into_iter().map(|entry| Entry {
            prefix: joined(prefix, &entry.prefix),
            ..entry
        }));
        self.nodes.push(Node::Nest(prefix.to_owned(), inner));
        self
    }

    /// Takes in other routes.
    ///
    /// # Panics
    ///
    /// Where two handlers would answer the same method on the same path.
    #[track_caller]
    pub fn merge(mut self, mut other: Self) -> Self {
        let entries = std::mem::take(&mut other.entries);
        self = self.with_entries(entries);
        self.nodes.push(Node::Merge(other));
        self
    }

    /// Puts a router of elsewhere under a prefix and says that it is public: static files, the API of another crate.
    ///
    /// What is in it is not known here, so that the table has one row for all of it, marked `public`. Nothing of it is
    /// guarded. The sessions are there for it as for the other routes.
    ///
    /// ```
    /// use axum::routing::get as serve;
    /// use session_runtime::prelude::*;
    ///
    /// #[get("/account")]
    /// #[login_required]
    /// async fn account() {}
    ///
    /// let files = axum::Router::new().route("/logo.svg", serve(|| async { "<svg/>" }));
    /// let routes: Routes = routes![strict; account].nest_public("/static", files);
    /// for route in routes.table().routes() {
    ///     assert!(route.is_guarded() || route.is_public());
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// Where [`Router::nest`] does, and in a group that a guard is in front of: what is public stands beside it.
    #[track_caller]
    pub fn nest_public(mut self, prefix: &str, router: Router<S>) -> Self {
        drop(Router::<S>::new().nest(prefix, Router::new()));
        self = self.with_entries([Entry::of_public_router(joined(prefix, "/{*rest}"))]);
        self.nodes.push(Node::NestPublic(prefix.to_owned(), router));
        self
    }

    /// Takes in a router of elsewhere, with paths of its own, and says that it is public: a health check of another crate.
    ///
    /// In the table its path is `*`, since a router does not tell which it has; [`nest_public`](Self::nest_public) says more.
    ///
    /// ```
    /// use axum::routing::get as serve;
    /// use session_runtime::prelude::*;
    ///
    /// let health = axum::Router::new().route("/health", serve(|| async { "ok" }));
    /// let routes: Routes = routes![].merge_public(health);
    /// assert!(routes.table().routes().all(|route| route.is_public()));
    /// ```
    ///
    /// # Panics
    ///
    /// In a group that a guard is in front of. When the router is made, where [`Router::merge`] does: two handlers would answer
    /// the same.
    #[track_caller]
    pub fn merge_public(mut self, router: Router<S>) -> Self {
        self = self.with_entries([Entry::of_public_router("*".to_owned())]);
        self.nodes.push(Node::MergePublic(router));
        self
    }

    /// Puts a guard in front of the whole group: every route here, whether it was added before or is added afterwards, and
    /// those of the groups nested or merged into this one.
    ///
    /// The guards of the outermost group are asked first, those of one group in the order in which they were added, and then
    /// those of the handler itself. A path that the group does not have stays 404, and a method that a path does not serve
    /// stays 405: no guard is asked there. A handler that serves `OPTIONS` and nothing else is open, so that it can answer a
    /// browser's preflight. Routes that are added to the finished router are outside the group. The table shows the guard on
    /// each row; [`routes![strict; …]`](crate::routes) looks at the
    /// handlers alone and does not see it.
    ///
    /// ```
    /// use session_runtime::{LoginRequired, prelude::*};
    ///
    /// #[get("/users")]
    /// async fn users() {}
    ///
    /// #[get("/orders")]
    /// async fn orders() {}
    ///
    /// let admin: Routes = routes![users].guarded(LoginRequired).merge(routes![orders]);
    /// assert!(admin.table().routes().all(|route| route.is_guarded()));
    /// ```
    ///
    /// # Panics
    ///
    /// A route of the group says `#[public]`: one of the two is a mistake. Routes that are open to everyone stand beside the
    /// group.
    #[track_caller]
    pub fn guarded<G: Guard<S> + 'static>(mut self, guard: G) -> Self {
        let info = GuardInfo::of(&guard);
        for entry in &mut self.entries {
            entry.guards.insert(self.infos.len(), info.clone());
            refuse(entry.contradiction());
        }
        self.infos.push(info);
        self.guards.push(Arc::new(guard));
        self
    }

    /// The table of all routes, to be shown or asked for addresses.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        RouteTable::new(self.entries.clone())
    }

    /// The router, each of its routes with sessions.
    ///
    /// Routes that are added to the router afterwards are outside the layer; a handler of ours among them answers 500 and
    /// logs what to add.
    ///
    /// # Panics
    ///
    /// A route asks for a role or a permission, and the layer loads no users
    /// ([`with_users`](SessionLayer::with_users)).
    #[track_caller]
    pub fn with_sessions(self, sessions: SessionLayer) -> Router<S> {
        if !sessions.has_users() {
            refuse(self.entries.iter().find_map(Entry::wants_users));
        }
        if !sessions.can_lock() {
            refuse(self.entries.iter().find_map(Entry::wants_lock));
        }
        let each_request = sessions.refreshes_each_request();
        let surroundings = Surroundings::Sessions(sessions, LendTable::new(self.table()));
        if each_request {
            // Then a page that nobody serves extends the session's life too.
            surroundings.around_router(self.into_router(&[], &Surroundings::Nothing))
        } else {
            self.into_router(&[], &surroundings)
        }
    }

    /// The router, for an application that puts the [`SessionLayer`] around it elsewhere.
    #[track_caller]
    pub fn without_sessions(self) -> Router<S> {
        let surroundings = Surroundings::Table(LendTable::new(self.table()));
        self.into_router(&[], &surroundings)
    }

    /// The routes behind the guards of the groups around them.
    #[track_caller]
    fn into_router(
        self,
        outer: &[Arc<dyn GroupGuard<S>>],
        surroundings: &Surroundings,
    ) -> Router<S> {
        let around = Arc::new(Around {
            groups: outer.iter().cloned().chain(self.guards).collect(),
            surroundings: surroundings.clone(),
        });
        let groups = &around.groups;
        let mut router = Router::new();
        for node in self.nodes {
            router = match node {
                Node::Handler(handler) => place::route(router, handler, &around),
                Node::Nest(prefix, inner) => router.nest(
                    &prefix,
                    inner.into_router(groups, &surroundings.under(&prefix)),
                ),
                Node::Merge(other) => router.merge(other.into_router(groups, surroundings)),
                Node::NestPublic(prefix, public) => {
                    router.nest(&prefix, surroundings.under(&prefix).around_router(public))
                }
                Node::MergePublic(public) => router.merge(surroundings.around_router(public)),
            };
        }
        router
    }

    /// Appends what is now inside the group, unless two routes clash. axum finds that too, but cannot name the handlers.
    #[track_caller]
    fn with_entries(mut self, more: impl IntoIterator<Item = Entry>) -> Self {
        for mut entry in more {
            let own = self.infos.iter().cloned();
            entry.guards.splice(0..0, own);
            refuse(entry.contradiction());
            refuse(self.keys.add(&entry));
            refuse(self.entries.iter().find_map(|other| other.clash(&entry)));
            self.entries.push(entry);
        }
        self
    }
}

/// What of a prefix axum refuses without a sentence.
fn wrong_prefix(prefix: &str) -> Option<String> {
    if !prefix.is_empty() && !prefix.starts_with('/') {
        return Some(format!(
            "the prefix `{prefix}` does not begin with `/`; write `/{prefix}`"
        ));
    }
    if prefix.contains("//") {
        let mut meant = prefix.to_owned();
        while meant.contains("//") {
            meant = meant.replace("//", "/");
        }
        return Some(format!(
            "the prefix `{prefix}` has two `/` in a row, which browsers may read as another host; write `{meant}`"
        ));
    }
    let mut segments = prefix.split('/');
    let parameter = segments.find_map(|segment| segment.strip_prefix(':'))?;
    Some(format!(
        "the prefix `{prefix}` has a parameter as axum 0.7 wrote it; write `{{{parameter}}}`"
    ))
}

/// Ends the program where it contradicts itself, as axum does where two handlers have one route.
#[track_caller]
#[expect(
    clippy::panic,
    reason = "a mistake in the program, found when its router is put together"
)]
fn refuse(mistake: Option<String>) {
    if let Some(sentence) = mistake {
        panic!("{sentence}");
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.entries.iter().map(ToString::to_string))
            .finish()
    }
}
