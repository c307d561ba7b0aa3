//! Sessions that you declare on axum handlers.
//!
//! A session is a dictionary that lives as long as a visitor's cookie. A handler says in attributes what it does with it:
//!
//! ```
//! use session_runtime::prelude::*;
//! use session_runtime::testing::TestClient;
//!
//! #[get("/")]
//! async fn index(#[session] user_id: Option<u64>) -> String {
//!     match user_id {
//!         Some(id) => format!("Logged in as user {id}"),
//!         None => "Not logged in".to_owned(),
//!     }
//! }
//!
//! #[post("/login")]
//! #[session(renew, permanent)]
//! async fn login(#[session(set)] user_id: Slot<u64>) -> Result<Redirect> {
//!     user_id.set(12345)?;
//!     Ok(Redirect::to(&url_for!(index)))
//! }
//!
//! #[post("/logout")]
//! async fn logout(#[session(pop)] user_id: Option<u64>) -> Redirect {
//!     println!("good bye, {user_id:?}");
//!     Redirect::to(&url_for!(index))
//! }
//!
//! fn app(sessions: SessionLayer) -> axum::Router {
//!     routes![index, login, logout].with_sessions(sessions)
//! }
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let client = TestClient::new(app);
//! client.post("/login").await;
//! assert_eq!(client.get("/").await.text(), "Logged in as user 12345");
//! # });
//! ```
//!
//! The behaviour is that of Flask's sessions. By default the session is the cookie itself: signed, so that its owner can
//! read it and not alter it, `Secure`, `HttpOnly` and `SameSite=Lax`. With [`SessionConfig::flask`] real Flask reads our
//! cookies and we read Flask's.
//!
//! # Where to look
//!
//! - What may stand on a handler and its parameters: [`macro@session`], [`macro@get`], [`macro@login_required`],
//!   [`macro@guard`].
//! - What a handler does with the session at run time: [`Session`], [`Key`].
//! - Users, roles, and passwords that were given recently: [`UserLoader`], [`CurrentUser`], [`Session::login`].
//! - Sessions on the server, and which stores there are: [`SessionConfig::store_at`], [`store`]; streams that end with their session:
//!   [`SessionHandle`].
//! - Settings, from code, from the environment and from a file: [`SessionConfig`].
//! - Adding sessions to a router that exists: [`SessionLayer`].
//! - Changing keys, name or format of the cookie in production: [`guide::cookie_changes`].
//! - Testing an application: [`testing`].
//! - What its routes do to the session, as a table, a picture, and a file that a reviewer reads: [`RouteTable`],
//!   [`assert_contract!`]; and what is strange in that: [`assert_audit_clean!`].
//! - Values and messages that are shared with a Flask application: [`flask`].
//! - The signed text by itself: [`signing`].
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `sqlite`, `redis`, `postgres` | `store::SqliteStore`, `store::RedisStore`, `store::PostgresStore` |
//! | `redis-tls`, `postgres-tls` | encrypted connections to them; they build ring, and need a C compiler for that |
//! | `encrypted` | `SessionConfig::encrypted`, which hides the content of cookies from whoever holds them, and `signing::TokenSealer` |
//! | `aide` | gates, sessions and the current user in handlers that aide describes, with the 401 and 403 of their own guards (aide 0.15) |
//! | `utoipa` | `SessionSecurity`, which adds the session's cookie and the guards' 401 and 403 to an OpenAPI document (utoipa 6) |
//!
//! None is on by default, and none changes what happens without it.
//!
//! # What a cookie session cannot do
//!
//! The server keeps nothing, so it can neither list sessions nor end one of them: a cookie that was copied before a logout
//! works until it expires, or until the user's [`epoch`](AuthUser::epoch) is raised, which ends all of a user's sessions. Two requests that run at the same time both start from the cookie that the browser sent, and
//! the answer that arrives last wins. The cookie's content can be read by whoever has it, unless it is encrypted (feature
//! `encrypted`), and it holds about 4 KB.
//!
//! # Events
//!
//! What an operator should know of is logged through `tracing` under these names, never with a cookie's or a key's text:
//!
//! | event | level | when |
//! | --- | --- | --- |
//! | `session.cookie_rejected` | warn, info | a cookie is altered, signed with another key, from the future, malformed, or names no session of a store's |
//! | `session.cookie_expired` | debug | a session has outlived its lifetime |
//! | `session.moved` | debug | a session was read from a cookie of earlier settings ([`also_read`](SessionConfig::also_read)) |
//! | `session.earlier_rejected` | debug | a cookie opens no session by the earlier settings either |
//! | `session.changed_too_late` | warn | a handler changed the session after the response had begun |
//! | `session.abandoned` | warn | a panic was caught inside the layer, and the request's changes are dropped |
//! | `session.value_mismatch` | warn | a value does not fit its type, once a key |
//! | `session.value_missing` | info | a handler needs a value that the session does not have; the request is a 400 |
//! | `session.conflict` | warn | a handler writes a key that it holds as `&mut`, or that another request has written meanwhile, or holds the session for longer than its lease; nothing is saved, and the request is a 409 |
//! | `session.refused` | error | an answer of ours is a 500 |
//! | `session.layer_missing`, `session.nested_twice` | error | a route has no layer, or two of one cookie name |
//! | `session.store_failed` | error | a [store] did not answer, or answered with an error; the request is a 503 |
//! | `session.store_full` | warn | a [`MemoryStore`](store::MemoryStore) has forgotten a session to make room |
//! | `session.store_migrated` | info | a store has brought its tables to this version |
//! | `session.purged` | debug | expired sessions were removed from a store ([`purge_interval`](SessionConfig::purge_interval)) |
//! | `session.purge_failed` | warn | they could not be; it is tried again after the interval |
//! | `session.log_not_written_back` | warn | the log of a file of `SqliteStore`'s grows because it could not be written back |
//! | `session.not_refreshed` | warn | a session's life could not be extended |
//! | `session.test_cookie_refused` | warn | a [`testing`] client dropped a cookie as a browser would |
//! | `session.login_ended` | debug | a user is gone, or has raised the epoch, and the session is logged out |
//! | `session.login_protected` | debug | a login came from another browser, and Flask-Login's session protection has ended it ([`flask_login`](SessionConfig::flask_login)) |
//! | `session.login_restored` | debug | a remembered login was restored ([`Session::remember`]) |
//! | `session.login_not_restored` | debug | it was not, since the request had been on its way when its session ended |
//! | `session.not_remembered` | error | a login is not remembered, since its cookie would be larger than browsers keep |
//! | `session.user_unavailable` | error | the application's [`UserLoader`] failed |
//! | `session.key_generated` | warn | [`SessionConfig::development`] made a key of its own |

mod clock;
mod debug_as_display;
mod gate;
mod layer;
mod login;
mod macros;
mod routes;
mod session;
pub mod store;

pub mod flask;
pub mod guide;
pub mod prelude;
pub mod signing;
pub mod testing;

#[doc(inline)]
pub use clock::Clock;
pub use gate::{Access, Gate, Guard, KeyUse, LoginRequired, Slot};
pub use layer::{
    Compression, ConfigError, CookieAttributes, CookieSettings, Refusal, ResponseFuture, SameSite,
    SecretKeyFileError, SessionConfig, SessionHandle, SessionLayer, SessionService, Sessions,
    StoredSessions, UnknownSameSite, local_path,
};
pub use login::{AuthUser, CurrentUser, UserLoader};
pub use macros::*;
#[cfg(feature = "utoipa")]
pub use routes::SessionSecurity;
pub use routes::{
    Audit, CallWithSessionsToMakeARouterOfIt, CommandError, Finding, Route, RouteTable, Routes,
    RoutesWithoutSessions, UrlError,
};
pub use session::{AsKey, Key, ReadOnlySession, Result, Session, SessionError};
pub use store::refresh::Refresh;
pub use store::serializer::{CookieSerializer, DecodeError, Decoded, EncodeError};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
