//! The attributes, with their documentation. What they expand to is made in `session-macros`; what it means is said here,
//! where the examples run.

/// Serves an async function on `GET`.
///
/// The path is axum's: `/users/{id}` has a parameter, `/files/{*path}` takes the rest. It is checked when compiled.
/// `HEAD` is answered with the same handler, as axum does, and changes nothing in the session.
///
/// The function stays an axum handler: extractors work as always, and
/// [`axum::routing::get`](https://docs.rs/axum/latest/axum/routing/method_routing/fn.get.html) takes it as well as
/// [`routes!`](crate::routes) does. Several route attributes on one function are several routes. What it does with the
/// session is said on its parameters; see [`macro@session`].
///
/// It is a free function, at the top of a module or in another function: beside it stands a type of its name, and in an `impl` the
/// compiler says that a struct is not supported there.
///
/// ```
/// use axum::extract::Path;
/// use session_runtime::prelude::*;
///
/// #[get("/users/{id}")]
/// async fn user(Path(id): Path<u64>, #[session] user_id: Option<u64>) -> String {
///     if user_id == Some(id) { "That is you".to_owned() } else { format!("User {id}") }
/// }
///
/// let routes = routes![user];
/// # let _: session_runtime::Routes<()> = routes;
/// ```
///
/// # Beside attributes of other crates
///
/// Attributes of other crates stand above or below. One that names parameters stands above all of ours, as
/// `#[tracing::instrument(skip(cart), fields(user = ?user_id))]` does: further down, those with `#[session]` are locals of the
/// function. `#[axum::debug_handler]` stands below one of ours; above all of them it takes a session value for an extractor.
///
/// # OpenAPI
///
/// utoipa's `#[utoipa::path(..)]` may stand anywhere among the attributes; with the feature `utoipa`, `SessionSecurity` adds what the
/// guards mean for a client. With the feature `aide` a handler may stand in aide's `api_route`, and `ApiRouter::layer` takes the
/// [`SessionLayer`](crate::SessionLayer); routes that aide is not to describe are merged, as `routes![..].with_sessions(..)`.
///
/// # Under another name
///
/// A framework that re-exports this crate, or a dependency under another name, is told to the attributes with `crate = path`, as
/// serde and tokio have it; the path may stand in quotes. One is enough for a function: on its route attribute, or on the
/// topmost where it has none. [`routes!`](crate::routes) and [`url_for!`](crate::url_for) find their crate by themselves. In
/// a framework's `macro_rules!` the path begins with `$crate`.
///
/// ```
/// mod framework {
///     pub use session_runtime as session;
/// }
/// use framework::session::{get, login_required, routes};
///
/// #[login_required]
/// #[get("/account", crate = framework::session)]
/// async fn account() {}
/// # let _: session_runtime::Routes<()> = routes![account];
/// ```
pub use session_macros::get;

/// Serves an async function on `POST`; see [`get`](macro@get).
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[post("/visits")]
/// async fn visit(#[session(default)] visits: &mut u32) -> String {
///     *visits += 1;
///     format!("visit {visits}")
/// }
/// # let _: session_runtime::Routes<()> = routes![visit];
/// ```
pub use session_macros::post;

/// Serves an async function on `PUT`; see [`get`](macro@get).
pub use session_macros::put;

/// Serves an async function on `PATCH`; see [`get`](macro@get).
pub use session_macros::patch;

/// Serves an async function on `DELETE`; see [`get`](macro@get).
pub use session_macros::delete;

/// Serves an async function on `HEAD`; see [`get`](macro@get). Its changes to the session are dropped.
pub use session_macros::head;

/// Serves an async function on `OPTIONS`; see [`get`](macro@get).
pub use session_macros::options;

/// Serves an async function on every method; see [`get`](macro@get).
pub use session_macros::any;

/// Serves an async function on several methods; see [`get`](macro@get).
///
/// ```
/// use axum::http::Method;
/// use session_runtime::prelude::*;
///
/// #[route("/basket", methods(GET, POST))]
/// async fn basket(method: Method) -> String {
///     format!("{method} was asked for")
/// }
/// # let _: session_runtime::Routes<()> = routes![basket];
/// ```
pub use session_macros::route;

/// Lets only those through who are logged in.
///
/// Logged in means that the session has a value under the login key, which is `user_id` unless
/// [`SessionConfig::login_key`](crate::SessionConfig::login_key) names another, and that the value is not null. The check
/// comes before every extractor, so a stranger's body is not read, and it holds wherever the attribute stands: above or
/// below `#[get]`, under another name, behind `cfg_attr`, and for a function that is wired by hand.
///
/// A stranger's browser that asks for a page is sent to the login page with 303, which gets the way back as `next`.
/// Everything else, such as `fetch`, an `EventSource` or an API client, gets 401; htmx gets 401 with `HX-Redirect`. The
/// login page is `redirect` here, or [`SessionConfig::login_page`](crate::SessionConfig::login_page); without either
/// everybody gets 401. An `OPTIONS` request passes to a handler that serves nothing else, so that it can answer a browser's
/// CORS preflight, which has no cookies. What a guarded route answers carries `Cache-Control: no-store`, unless the handler
/// set the header.
///
/// | option | whom it lets through |
/// | --- | --- |
/// | `redirect = "/signin"` | anyone who is logged in; a stranger's browser is sent to this page |
/// | `fresh` | who gave the password in this session; others are sent to the login page again, or answered 401 |
/// | `fresh(within = "10m")` | the same, and no longer ago than this |
/// | `role = "admin"` | who has this role ([`AuthUser::has_role`](crate::AuthUser::has_role)); others are answered 403 |
/// | `permission = "post.edit"` | who has this permission ([`AuthUser::has_permission`](crate::AuthUser::has_permission)) |
///
/// Each stands alone or with the others, and then all must hold. A role or a permission needs a layer that loads users
/// ([`SessionLayer::with_users`](crate::SessionLayer::with_users)). With such a layer the user is loaded behind every
/// `#[login_required]`, and one who is gone, or whose [`epoch`](crate::AuthUser::epoch) is higher by now, is logged out.
///
/// An attribute of another crate that throws away the attributes below it throws this one away too; put this one above
/// it.
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/users")]
/// #[login_required(role = "admin", fresh(within = "10m"))]
/// async fn users() {}
///
/// let routes: session_runtime::Routes<()> = routes![users];
/// assert!(routes.table().to_string().contains("login (fresh within 600s, role admin)"));
/// ```
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/account")]
/// #[login_required(redirect = "/login")]
/// async fn account(#[session] user_id: u64) -> String {
///     format!("The account of user {user_id}")
/// }
/// # let _: session_runtime::Routes<()> = routes![account];
/// ```
pub use session_macros::login_required;

/// Puts a guard of the application's own in front of a handler; see [`Guard`](crate::Guard).
///
/// In the parentheses stands the guard as a constant value: `IsOwner`, `HasRole("admin")`, `Limit { per_minute: 5 }`,
/// `Limit::per_minute(5)`. Several in one attribute, or several attributes, are asked in the order in which they are written,
/// after the login guard, wherever that stands. The value is made once for all requests: a guard can count in it.
///
/// Like `#[login_required]` it holds wherever it stands, under another name, behind `cfg_attr`, and for a function that is
/// wired by hand. The route table shows it as it is written. A guard whose state is not the router's does not compile.
///
/// ```
/// use axum::http::{StatusCode, request::Parts};
/// use session_runtime::{Guard, ReadOnlySession, prelude::*, testing::TestClient};
///
/// struct HasRole(&'static str);
///
/// impl<S: Sync> Guard<S> for HasRole {
///     type Refusal = StatusCode;
///
///     async fn check(
///         &self,
///         session: &ReadOnlySession,
///         _: &mut Parts,
///         _: &S,
///     ) -> Result<(), StatusCode> {
///         match session.get::<String>("role") {
///             Ok(Some(role)) if role == self.0 => Ok(()),
///             _ => Err(StatusCode::FORBIDDEN),
///         }
///     }
/// }
///
/// #[get("/admin")]
/// #[login_required]
/// #[guard(HasRole("admin"))]
/// async fn admin() -> &'static str {
///     "the admin's page"
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let client = TestClient::new(|sessions| routes![admin].with_sessions(sessions));
/// assert_eq!(client.get("/admin").await.status(), 401);
/// client.set_session(serde_json::json!({ "user_id": 1, "role": "writer" })).await;
/// assert_eq!(client.get("/admin").await.status(), 403);
/// client.set_session(serde_json::json!({ "user_id": 1, "role": "admin" })).await;
/// assert_eq!(client.get("/admin").await.text(), "the admin's page");
/// # });
/// ```
pub use session_macros::guard;

/// Says on purpose that anyone may call this route. [`routes![strict; …]`](crate::routes) wants it on every route that has
/// no guard. A router of elsewhere is called public by
/// [`Routes::nest_public`](crate::RoutesWithoutSessions::nest_public).
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/")]
/// #[public]
/// async fn index() -> &'static str {
///     "Welcome"
/// }
/// # let _: session_runtime::Routes<()> = routes![strict; index];
/// ```
pub use session_macros::public;

/// Says on purpose that other sites' pages may send requests to this route, as for a webhook or a public API.
///
/// The route table shows it. Cross-site requests are held off by the cookie's `SameSite` alone so far: there is no further
/// check that this would switch off.
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[post("/webhook")]
/// #[csrf_exempt]
/// async fn webhook() {}
///
/// let routes: Routes = routes![webhook];
/// assert!(routes.table().to_string().contains("csrf_exempt"));
/// ```
pub use session_macros::csrf_exempt;

/// Says what a route, or one of its parameters, does with the session.
///
/// # On a function
///
/// | option | what it does when the handler starts |
/// | --- | --- |
/// | `permanent` | makes the session outlive the browser |
/// | `lifetime = "15m"` | makes it outlive the browser for this time: a number with `s`, `m`, `h` or `d` |
/// | `renew` | gives the session a new secret, as at login |
/// | `clear` | empties the session |
/// | `read_only` | refuses every change when compiled: a `session: Session` parameter is a [`ReadOnlySession`](crate::ReadOnlySession), without `set`. It is known by its name; under another (`use Session as S`), and taken by middleware, it refuses when it happens |
/// | `lock` | in a [store](crate::store), lets no other handler run for this session that says `lock` or has a `&mut` value. A cookie session cannot be locked: [`with_sessions`](crate::RoutesWithoutSessions::with_sessions) then panics and says so |
///
/// # On a parameter
///
/// | parameter | what it does |
/// | --- | --- |
/// | `#[session] name: Option<T>` | reads the key `name`; `None` if it is missing or does not fit |
/// | `#[session] name: T` | reads; if it is missing the request is refused before the handler runs |
/// | `#[session] name: Result<T, SessionError>` | reads, and gives the reason if it cannot |
/// | `#[session(default)] name: T`, `#[session(default = expr)] name: T` | reads, or takes the default |
/// | `#[session(default)] name: &mut T`, `#[session] name: &mut Option<T>` | reads; written back if it changed, when the handler has finished |
/// | `#[session(pop)] name: Option<T>` | reads and removes in one step; in a [store](crate::store), as [`Session::take`](crate::Session::take) does: of parallel requests one gets the value |
/// | `#[session(set)] name: Slot<T>` | writes, with `name.set(value)` |
/// | `#[session(key = "uid")]`, `#[session(key = USER_ID)]` | any of these under another key; a [`Key`](crate::Key) must be of the same type |
///
/// A `session: Session` parameter beside them does the same at run time. What `#[session(pop)]` does is
/// [`Session::take`](crate::Session::take) there; each of parallel requests may get what it [`pop`](crate::Session::pop)s.
///
/// ```
/// use session_runtime::prelude::*;
///
/// const USER_ID: Key<u64> = Key::new("user_id");
///
/// #[post("/login")]
/// #[session(renew, permanent)]
/// async fn login(#[session(set, key = USER_ID)] user: Slot<u64>) -> Result<Redirect> {
///     user.set(12345)?;
///     Ok(Redirect::to("/"))
/// }
///
/// #[post("/logout")]
/// async fn logout(#[session(pop, key = USER_ID)] user: Option<u64>) -> String {
///     format!("Good bye, {user:?}")
/// }
/// # let _: session_runtime::Routes<()> = routes![login, logout];
/// ```
pub use session_macros::session;

/// Makes [`Routes`](crate::Routes) of handlers that have a route attribute.
///
/// `routes![strict; …]` also wants each of them to be guarded or `#[public]`, by an attribute of its own: the guard of a group
/// is not known yet when the list is compiled. A list that a group's guard covers goes without `strict`, and a test asks
/// [`RouteTable`](crate::RouteTable), which knows both:
///
/// ```
/// use session_runtime::{LoginRequired, prelude::*};
///
/// #[get("/users")]
/// async fn users() {}
///
/// #[get("/login")]
/// #[public]
/// async fn login() {}
///
/// fn app() -> Routes {
///     let admin = routes![users].guarded(LoginRequired);
///     routes![strict; login].nest("/admin", admin)
/// }
///
/// // #[test]
/// fn whoever_may_call_a_route_it_is_said() {
///     for route in app().table().routes() {
///         assert!(route.is_guarded() || route.is_public(), "{}", route.path());
///     }
/// }
/// # whoever_may_call_a_route_it_is_said();
/// ```
///
/// Two handlers that keep types of different size or alignment under one session key do not compile in one list. Types
/// that differ otherwise, or stand in two lists, end the program with a sentence when the routes are put together.
///
/// ```
/// use session_runtime::{prelude::*, signing::SecretKey};
///
/// #[get("/")]
/// async fn index() -> &'static str {
///     "Welcome"
/// }
///
/// let config = SessionConfig::new(SecretKey::generate());
/// let app: axum::Router = routes![index].with_sessions(SessionLayer::new(config));
/// ```
#[macro_export]
macro_rules! routes {
    ($($handlers:tt)*) => {
        $crate::__private::routes!(($crate) $($handlers)*)
    };
}

/// The path of a handler's route, as Flask's `url_for`.
///
/// Path parameters are given by name and percent-encoded; what the path does not have becomes the query. A parameter that
/// is missing does not compile. The path knows where the routes are nested. Outside a request it is that of the process's
/// only `routes![]`.
///
/// # Panics
///
/// In a request, where a prefix has a parameter, `nest("/{tenant}", ..)`, and it is not given. Outside a request, where the
/// process has no routes with this handler or has it in several places. A job or a mail that needs a path takes it from
/// [`Routes::url_for`](crate::RoutesWithoutSessions::url_for) or [`RouteTable::url_for`](crate::RouteTable::url_for), which
/// return an error instead.
///
/// ```
/// use session_runtime::{prelude::*, testing::TestClient};
///
/// #[get("/users/{id}")]
/// async fn user() -> String {
///     url_for!(user, id = "a b", page = 2)
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let client = TestClient::new(|sessions| routes![user].with_sessions(sessions));
/// assert_eq!(client.get("/users/1").await.text(), "/users/a%20b?page=2");
/// # });
/// ```
#[macro_export]
macro_rules! url_for {
    ($($handler:tt)*) => {
        $crate::__private::url_for!(($crate) $($handler)*)
    };
}

/// Asserts that the [audit](crate::RouteTable::audit) of routes finds nothing, or nothing but what is allowed.
///
/// It takes [`Routes`](crate::Routes) or a [`RouteTable`](crate::RouteTable), and, where the defaults do not fit, an
/// [`Audit`](crate::Audit).
///
/// # Panics
///
/// With all findings: each a sentence with the handler, its file and line, the mend, and the name by which it can be allowed.
///
/// ```
/// use session_runtime::{Audit, assert_audit_clean, prelude::*};
///
/// #[post("/login")]
/// #[public]
/// async fn login(#[session(set)] user_id: Slot<u64>) {}
///
/// #[get("/visits")]
/// #[login_required]
/// async fn visits(#[session(default)] visits: &mut u32) {}
///
/// fn app() -> Routes {
///     routes![login, visits]
/// }
///
/// // #[test]
/// fn nothing_in_the_routes_is_strange() {
///     assert_audit_clean!(app(), Audit::new().allow("get_writes GET /visits"));
/// }
/// # nothing_in_the_routes_is_strange();
/// ```
#[macro_export]
macro_rules! assert_audit_clean {
    ($routes:expr $(,)?) => {
        $crate::assert_audit_clean!($routes, $crate::Audit::new())
    };
    ($routes:expr, $audit:expr $(,)?) => {
        $crate::__private::check_audit(&$crate::__private::HasTable::route_table(&$routes), &$audit)
    };
}

/// Asserts that routes do what a file in the repository says, so that a change of what they do to the session is seen in
/// review.
///
/// The file's path is relative to the package's folder. It is JSON, sorted by path and method; what handler serves a route,
/// its guards, its keys with their types and its options stand there, and no line number. `SESSION_CONTRACT=accept cargo
/// test` writes it; a failure names the command in full. It takes [`Routes`](crate::Routes) or a
/// [`RouteTable`](crate::RouteTable).
///
/// ```text
/// session-contract.json no longer says what the routes do:
///
///   GET /admin/export is now open; it was guarded by login
///   POST /visit now pops `notice`: String
///   GET /old is gone
///
/// If this is meant, accept it: SESSION_CONTRACT=accept cargo test -p shop the_contract_holds
/// ```
///
/// # Panics
///
/// The file does not say what the routes do, does not exist or cannot be read, or `SESSION_CONTRACT` is something else than
/// `accept`.
///
/// ```no_run
/// use session_runtime::{assert_contract, prelude::*};
///
/// #[get("/")]
/// #[public]
/// async fn index(#[session] user_id: Option<u64>) {}
///
/// fn app() -> Routes {
///     routes![index]
/// }
///
/// // #[test]
/// fn the_contract_holds() {
///     assert_contract!("session-contract.json", app());
/// }
/// # the_contract_holds();
/// ```
#[macro_export]
macro_rules! assert_contract {
    ($file:expr, $routes:expr $(,)?) => {
        $crate::__private::check_contract(
            &$crate::__private::HasTable::route_table(&$routes),
            ::core::env!("CARGO_MANIFEST_DIR"),
            ::core::env!("CARGO_PKG_NAME"),
            $file,
        )
    };
}
