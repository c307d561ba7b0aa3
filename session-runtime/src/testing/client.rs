//! The client: one visitor's browser, and the application that runs in the test's own process.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use http::Method;

use crate::clock::Clock;
use crate::layer::{SessionConfig, SessionLayer};
use crate::signing::SecretKey;

use super::jar::CookieJar;
use super::request::TestRequest;

/// A visitor of the application under test: it sends requests, keeps cookies, and can be given a session.
///
/// The application runs in process, without a socket, and sees a browser on `https://localhost`. Clones are the same
/// visitor; [`another`](Self::another) is a second one. Requests borrow nothing, so that they can run at the same time and in
/// tasks; cookies are kept in the order in which the responses arrive.
///
/// See [the module](super) for a whole test.
#[derive(Clone)]
pub struct TestClient {
    pub(super) application: Arc<Application>,
    cookies: CookieJar,
}

pub(super) struct Application {
    pub(super) router: Router,
    /// The layer that is in the router, too.
    pub(super) sessions: SessionLayer,
    clock: Clock,
}

impl TestClient {
    /// A visitor without cookies, of the application that `application` makes around the given layer. The layer has the
    /// default configuration and a key of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use session_runtime::{Session, testing::TestClient};
    ///
    /// async fn index(session: Session) -> String {
    ///     format!("{:?}", session.keys())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|sessions| Router::new().route("/", get(index)).layer(sessions));
    /// assert_eq!(client.get("/").await.text(), "[]");
    /// # }
    /// ```
    pub fn new(application: impl FnOnce(SessionLayer) -> Router) -> Self {
        Self::with_config(SessionConfig::new(SecretKey::generate()), application)
    }

    /// Like [`new`](Self::new), with the application's own configuration. Only its clock is replaced, by the
    /// [`clock`](Self::clock) of this client.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::Router;
    /// use serde_json::json;
    /// use session_runtime::{SessionConfig, signing::SecretKey, testing::TestClient};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), session_runtime::ConfigError> {
    /// let config = SessionConfig::new(SecretKey::generate()).login_key("account")?;
    /// let client = TestClient::with_config(config, |sessions| Router::new().layer(sessions));
    /// client.login("ada").await;
    /// assert_eq!(client.session().await, json!({ "account": "ada" }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_config(
        config: SessionConfig,
        application: impl FnOnce(SessionLayer) -> Router,
    ) -> Self {
        let clock = Clock::manual(Clock::system().now());
        let sessions = SessionLayer::new(config.clock(clock.clone()));
        Self {
            cookies: CookieJar::new(clock.clone()),
            application: Arc::new(Application {
                router: application(sessions.clone()),
                sessions,
                clock,
            }),
        }
    }

    /// Another visitor of the same application, without cookies. Both share the clock.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use serde_json::json;
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let ada = TestClient::new(|sessions| Router::new().layer(sessions));
    /// let bob = ada.another();
    /// ada.login(1).await;
    /// assert_eq!(bob.session().await, json!({}));
    /// # }
    /// ```
    #[must_use]
    pub fn another(&self) -> Self {
        Self {
            application: self.application.clone(),
            cookies: CookieJar::new(self.application.clock.clone()),
        }
    }

    /// The clock of the application's sessions and of the cookies. It stands at the time when the client was made, until a
    /// test moves it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use serde_json::json;
    /// # use session_runtime::testing::TestClient;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let client = TestClient::new(|sessions| Router::new().layer(sessions));
    /// client.login(12345).await;
    /// client.clock().advance(Duration::from_secs(400 * 24 * 3600));
    /// assert_eq!(client.session().await, json!({}));
    /// # }
    /// ```
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.application.clock
    }

    /// The cookies that this visitor has, ours and others.
    #[must_use]
    pub fn cookies(&self) -> &CookieJar {
        &self.cookies
    }

    /// Forgets the cookies that end with the browser; a permanent session stays.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use serde_json::json;
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let client = TestClient::new(|sessions| Router::new().layer(sessions));
    /// client.login(12345).await;
    /// client.restart_browser();
    /// assert_eq!(client.session().await, json!({}));
    /// # }
    /// ```
    pub fn restart_browser(&self) {
        self.cookies.end_with_browser();
    }
}

/// Requests. Each of them is sent when it is awaited.
impl TestClient {
    /// A `GET` request.
    ///
    /// # Panics
    ///
    /// Those of [`request`](Self::request), as for all methods here.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::{Router, routing::get};
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|sessions| Router::new().route("/", get("Hello")).layer(sessions));
    /// let response = client.get("/").header("accept", "text/html").await;
    /// assert_eq!(response.status(), 200);
    /// # }
    /// ```
    #[track_caller]
    pub fn get(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::GET, path)
    }

    /// A `POST` request.
    #[track_caller]
    pub fn post(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::POST, path)
    }

    /// A `PUT` request.
    #[track_caller]
    pub fn put(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::PUT, path)
    }

    /// A `PATCH` request.
    #[track_caller]
    pub fn patch(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::PATCH, path)
    }

    /// A `DELETE` request.
    #[track_caller]
    pub fn delete(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::DELETE, path)
    }

    /// A `HEAD` request.
    #[track_caller]
    pub fn head(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::HEAD, path)
    }

    /// An `OPTIONS` request.
    #[track_caller]
    pub fn options(&self, path: impl AsRef<str>) -> TestRequest {
        self.request(Method::OPTIONS, path)
    }

    /// A request for a path of the application, with its query if it has one.
    ///
    /// # Panics
    ///
    /// If `path` does not begin with `/`, or is not percent-encoded where it must be.
    #[track_caller]
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> TestRequest {
        TestRequest::new(self.clone(), method, path.as_ref())
    }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient")
            .field("cookies", &self.cookies)
            .field("clock", self.clock())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::routing::any;
    use serde_json::json;

    use crate::session::{Result, Session};

    use super::*;

    async fn visit(session: Session) -> Result<String> {
        let visits = session.get("visits")?.unwrap_or(0) + 1;
        session.set("visits", visits)?;
        Ok(visits.to_string())
    }

    fn client() -> TestClient {
        TestClient::new(|sessions| Router::new().route("/visit", any(visit)).layer(sessions))
    }

    #[tokio::test]
    async fn a_visitor_keeps_its_session_from_request_to_request() {
        let client = client();
        assert_eq!(client.get("/visit").await.text(), "1");
        assert_eq!(client.post("/visit").await.text(), "2");
        assert_eq!(client.session().await, json!({"visits": 2}));
    }

    #[tokio::test]
    async fn two_visitors_share_the_application_and_the_clock_but_no_cookie() {
        let ada = client();
        let bob = ada.another();
        ada.get("/visit").await;
        assert_eq!(bob.get("/visit").await.text(), "1");
        bob.clock().advance(Duration::from_secs(400 * 24 * 3600));
        assert_eq!(ada.get("/visit").await.text(), "1");
    }

    #[tokio::test]
    async fn a_clone_is_the_same_visitor() {
        let client = client();
        client.clone().get("/visit").await;
        assert_eq!(client.session().await, json!({"visits": 1}));
    }

    #[test]
    #[should_panic(expected = "`visit` is no path of the application")]
    fn a_test_that_gives_no_path_is_told_so() {
        let _ = client().get("visit");
    }
}
