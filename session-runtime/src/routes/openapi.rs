//! What the guards mean for a client, added to an OpenAPI document of utoipa.
//!
//! It compares the document's paths with those of the route table. It adds, and never takes away: what the author of the
//! document wrote stays.

use std::fmt;

use utoipa::Modify;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem, RefOr, ResponseBuilder};

use super::table::{Route, RouteTable, shape};
use crate::gate::refusals;
use crate::layer::SessionLayer;

/// Adds to a document of [utoipa](https://docs.rs/utoipa) what guards and session mean for a client. With the feature `utoipa`.
///
/// The document gets a security scheme, an API key in the session's cookie (`session`, or what [`scheme`](Self::scheme)
/// says). Each operation whose route is guarded, by an attribute of its own or by a group around it, gets
///
/// - the requirement of that scheme, unless the operation says `security(..)` itself,
/// - a response 401 where a login is wanted, and 403 where a guard of the application's own is asked, unless the operation
///   describes them itself.
///
/// An operation belongs to the route that would answer its method and path, parameters by whatever name; for a document of a
/// nested part, take the table of that part. `#[utoipa::path(..)]` may stand anywhere among the attributes of a handler. It is a
/// `Modify`, so that it is used in the same way on what utoipa-axum's `split_for_parts` gives.
///
/// ```
/// use session_runtime::{SessionSecurity, prelude::*, signing::SecretKey};
/// use utoipa::{Modify, OpenApi};
///
/// #[get("/account")]
/// #[login_required]
/// #[utoipa::path(get, path = "/account", responses((status = 200, body = String)))]
/// async fn account(#[session] user_id: u64) -> String {
///     format!("The account of user {user_id}")
/// }
///
/// #[derive(OpenApi)]
/// #[openapi(paths(account))]
/// struct Document;
///
/// let sessions = SessionLayer::new(SessionConfig::new(SecretKey::generate()));
/// let routes: Routes = routes![account];
///
/// let mut document = Document::openapi();
/// SessionSecurity::of(routes.table(), &sessions).modify(&mut document);
///
/// let account = document.paths.paths["/account"].get.as_ref().ok_or("no account")?;
/// assert!(account.responses.responses.contains_key("401"));
/// let scheme = serde_json::to_value(&document)?["components"]["securitySchemes"]["session"].take();
/// assert_eq!(scheme["in"], "cookie");
/// assert_eq!(scheme["name"], "__Host-session");
/// # let _app: axum::Router = routes.with_sessions(sessions);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SessionSecurity {
    table: RouteTable,
    cookie: String,
    scheme: String,
}

impl SessionSecurity {
    /// That of the routes in `table`, whose session is in the cookie of `sessions`.
    #[must_use]
    pub fn of(table: RouteTable, sessions: &SessionLayer) -> Self {
        Self {
            table,
            cookie: sessions.cookie_name().to_owned(),
            scheme: "session".to_owned(),
        }
    }

    /// Calls the security scheme otherwise than `session`.
    #[must_use]
    pub fn scheme(self, name: impl Into<String>) -> Self {
        Self {
            scheme: name.into(),
            ..self
        }
    }

    fn describe(&self, operation: &mut Operation, route: &Route) {
        let requirement = SecurityRequirement::new(&self.scheme, [""; 0]);
        operation.security.get_or_insert_with(|| vec![requirement]);
        for (status, description) in refusals(route.guard_infos()) {
            let response = ResponseBuilder::new().description(description).build();
            let responses = &mut operation.responses.responses;
            responses
                .entry(status.to_string())
                .or_insert(RefOr::T(response));
        }
    }
}

impl Modify for SessionSecurity {
    fn modify(&self, document: &mut OpenApi) {
        let cookie = ApiKeyValue::with_description(&*self.cookie, "The session");
        let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(&*self.scheme, scheme);
        let routes: Vec<_> = self.table.routes().collect();
        for (path, item) in &mut document.paths.paths {
            let served = serving(&routes, path);
            for (method, operation) in operations(item) {
                if let Some(route) = answering(&served, method)
                    && route.asks_guards()
                {
                    self.describe(operation, route);
                }
            }
        }
    }
}

impl fmt::Debug for SessionSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionSecurity")
            .field("scheme", &self.scheme)
            .field("cookie", &self.cookie)
            .finish_non_exhaustive()
    }
}

/// The routes of one path. The root of a nested part is `/admin` in a router and `/admin/` in a document, so that a slash at the
/// end counts only where it tells two paths apart.
fn serving<'r>(routes: &'r [Route], path: &str) -> Vec<&'r Route> {
    let among = |is_it: &dyn Fn(&str) -> bool| {
        let found = routes.iter().filter(|route| is_it(&template(route.path())));
        found.collect::<Vec<_>>()
    };
    let path = template(path);
    let found = among(&|template| template == path);
    if found.is_empty() {
        let path = path.trim_end_matches('/');
        among(&|template| template.trim_end_matches('/') == path)
    } else {
        found
    }
}

/// The route that answers `method`, among those of one path.
fn answering<'r>(served: &[&'r Route], method: &str) -> Option<&'r Route> {
    let by = |name: &str| served.iter().find(|route| route.method() == name).copied();
    let by_get = || (method == "HEAD").then(|| by("GET")).flatten();
    by(method).or_else(by_get).or_else(|| by("ANY"))
}

/// OpenAPI does not tell a parameter that takes the rest of a path from others.
fn template(path: &str) -> String {
    shape(path).replace('*', "")
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let operations = [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("OPTIONS", &mut item.options),
        ("HEAD", &mut item.head),
        ("PATCH", &mut item.patch),
        ("TRACE", &mut item.trace),
    ];
    let operations = operations.into_iter();
    operations.filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
