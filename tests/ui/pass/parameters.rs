//! Parameters in every order that axum takes, and a body extractor wherever it may stand.

#![deny(warnings)]

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRef, FromRequestParts, Path, Query, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use session_runtime::prelude::*;

#[derive(Clone)]
struct App {
    db: Db,
}

#[derive(Clone)]
struct Db;

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Self {
        app.db.clone()
    }
}

/// An extractor that needs the state, and one that is there for this state alone.
struct User;

impl<S: Send + Sync> FromRequestParts<S> for User
where
    Db: FromRef<S>,
{
    type Rejection = ();

    async fn from_request_parts(_: &mut axum::http::request::Parts, _: &S) -> std::result::Result<Self, ()> {
        Ok(Self)
    }
}

struct Tenant<'t>(&'t str);

impl FromRequestParts<App> for Tenant<'static> {
    type Rejection = ();

    async fn from_request_parts(_: &mut axum::http::request::Parts, _: &App) -> std::result::Result<Self, ()> {
        Ok(Self("a"))
    }
}

#[post("/a")]
async fn session_after_the_body(Json(a): Json<u8>, #[session] user_id: Option<u64>, #[session(set)] last: Slot<u8>) -> Result<()> {
    let _ = user_id;
    last.set(a)
}

#[post("/b/{id}")]
#[login_required]
async fn many(
    State(_): State<Db>,
    Path(_): Path<u8>,
    _: Query<u8>,
    _: Option<Path<u8>>,
    _: User,
    _: Tenant<'_>,
    (_, _): (Method, HeaderMap),
    session: Session,
    #[session] cart: Option<Vec<u8>>,
    _: std::result::Result<Bytes, axum::extract::rejection::BytesRejection>,
) {
    let _ = (session, cart);
}

#[route("/c", methods(GET, POST))]
#[get("/d")]
async fn whole_request(_: User, _: Request) {}

#[any("/e")]
async fn optional_body(_: User, _: Option<Json<u8>>) {}

#[get("/f")]
#[login_required]
async fn of_a_system(#[cfg(unix)] _: Method, #[cfg(not(unix))] _: HeaderMap, #[cfg(any())] _: Request, _: User, _: Request, #[cfg(any())] _: Method) {}

/// No handler: middleware has the whole request before the rest.
#[login_required]
async fn middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}

fn main() {
    let routes: Routes<App> = routes![session_after_the_body, many, whole_request, optional_body, of_a_system];
    drop(routes.without_sessions().layer(axum::middleware::from_fn(middleware)));
}
