//! Annotated handlers on their way to becoming a `Router`: each with its routes, and all with one table.
//!
//! [`Routes`] holds an axum router and keeps it back until it is known what the sessions come from. It must not know what
//! a session is.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter, any, on};
use tower::layer::util::Stack;

use super::handler::{Answer, AsyncFn, Extract, Fronts, Wired};
use super::lookup::LendTable;
use super::table::{Entry, RouteTable, joined, takes_session};
use crate::gate::{Contract, RouteInfo};
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
    router: Router<S>,
    entries: Vec<Entry>,
    next: PhantomData<Next>,
}

/// Never made: it says what to do, where the compiler names a type that does not fit.
#[derive(Debug)]
pub enum CallWithSessionsToMakeARouterOfIt {}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            entries: Vec::new(),
            next: PhantomData,
        }
    }

    /// What `routes![]` calls for each name in its list.
    #[doc(hidden)]
    #[track_caller]
    pub fn __add<C, H, Parameters, Via>(mut self, handler: H) -> Self
    where
        C: Contract,
        H: AsyncFn<Parameters> + Clone + Send + Sync + 'static,
        H::Future: Send,
        <H::Future as Future>::Output: Answer,
        Parameters: Extract<S, Via> + Fronts<C, C::Front> + 'static,
        Via: 'static,
    {
        let handler = Wired::new(handler);
        self = self.with_entries([Entry {
            prefix: String::new(),
            info: C::INFO,
            contract: TypeId::of::<C>(),
            takes_session: takes_session::<Parameters>(),
        }]);
        for route in C::INFO.routes {
            self.router = self
                .router
                .route(route.path, method_router(route, handler.clone()));
        }
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
    pub fn nest(mut self, prefix: &str, inner: Self) -> Self {
        let entries = inner.entries.into_iter().map(|entry| Entry {
            prefix: joined(prefix, &entry.prefix),
            ..entry
        });
        self = self.with_entries(entries);
        self.router = self.router.nest(prefix, inner.router);
        self
    }

    /// Takes in other routes.
    ///
    /// # Panics
    ///
    /// Where two handlers would answer the same method on the same path.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        self = self.with_entries(other.entries);
        self.router = self.router.merge(other.router);
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
    pub fn with_sessions(self, sessions: SessionLayer) -> Router<S> {
        // One layer made of two: axum boxes the service once for each.
        self.router.layer(Stack::new(
            sessions,
            LendTable::new(RouteTable::new(self.entries)),
        ))
    }

    /// The router, for an application that puts the [`SessionLayer`] around it elsewhere.
    pub fn without_sessions(self) -> Router<S> {
        self.router
            .layer(LendTable::new(RouteTable::new(self.entries)))
    }

    /// Appends, unless two routes clash. axum finds that too, but cannot name the handlers.
    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "two handlers for one route is a mistake in the program, as it is in axum"
    )]
    fn with_entries(mut self, more: impl IntoIterator<Item = Entry>) -> Self {
        for entry in more {
            if let Some(clash) = self.entries.iter().find_map(|other| other.clash(&entry)) {
                panic!("{clash}");
            }
            self.entries.push(entry);
        }
        self
    }
}

fn method_router<S, H, Parameters, Via>(
    route: &RouteInfo,
    handler: Wired<H, Parameters, Via>,
) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Wired<H, Parameters, Via>: axum::handler::Handler<(), S>,
    Parameters: 'static,
    Via: 'static,
{
    let filter = match route.method {
        "GET" => MethodFilter::GET,
        "HEAD" => MethodFilter::HEAD,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        "OPTIONS" => MethodFilter::OPTIONS,
        "TRACE" => MethodFilter::TRACE,
        "CONNECT" => MethodFilter::CONNECT,
        _ => return any(handler),
    };
    on(filter, handler)
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

/// What [`Routes`] would have if it had sessions. Nothing implements it: it is the bound whose failure says what to do.
#[diagnostic::on_unimplemented(
    message = "these routes have no session layer yet",
    label = "call `.with_sessions(SessionLayer::new(..))` first; it makes a `Router`",
    note = "if the layer is added elsewhere, call `.without_sessions()`"
)]
pub trait HasSessions<S> {
    #[doc(hidden)]
    fn router(self) -> Router<S>;
}

/// What one would call on the `Router` that this is not yet.
#[doc(hidden)]
impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub fn with_state<S2>(self, state: S) -> Router<S2>
    where
        Self: HasSessions<S>,
    {
        HasSessions::router(self).with_state(state)
    }

    pub fn route(self, path: &str, method_router: MethodRouter<S>) -> Router<S>
    where
        Self: HasSessions<S>,
    {
        HasSessions::router(self).route(path, method_router)
    }

    pub fn layer<L>(self, _: L) -> Router<S>
    where
        Self: HasSessions<S>,
    {
        HasSessions::router(self)
    }

    pub fn fallback<H>(self, _: H) -> Router<S>
    where
        Self: HasSessions<S>,
    {
        HasSessions::router(self)
    }

    pub fn into_make_service(self) -> Router<S>
    where
        Self: HasSessions<S>,
    {
        HasSessions::router(self)
    }
}

impl<S> From<Routes<S>> for Router<S>
where
    Routes<S>: HasSessions<S>,
{
    fn from(routes: Routes<S>) -> Self {
        HasSessions::router(routes)
    }
}
