//! A response as a test looks at it: what it says, and what it stored.

use std::fmt;

use axum::body::Bytes;
use http::header::{LOCATION, SET_COOKIE};
use http::response::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The response to a [`TestRequest`](super::TestRequest). Its body has been read.
///
/// # Examples
///
/// ```
/// use axum::{Router, response::Redirect, routing::get};
/// use session_runtime::testing::TestClient;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let client = TestClient::new(|_| Router::new().route("/old", get(async || Redirect::permanent("/new"))));
/// let response = client.get("/old").await;
/// assert_eq!(response.status(), 308);
/// assert_eq!(response.location(), Some("/new"));
/// assert_eq!(response.header("vary"), None);
/// assert_eq!(response.text(), "");
/// # }
/// ```
pub struct TestResponse {
    head: Parts,
    body: Bytes,
    stored: Stored,
}

/// What a response stored in the visitor's session.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// It sent no session cookie, or one that browsers refuse. A session that is kept in its cookie is then what it was. One in
    /// a store may have changed under the cookie that it had: [`TestClient::session`](super::TestClient::session) shows it.
    Nothing,
    /// The session holds these values now, an object, as [`values`](super::values) shows them.
    Values(Value),
    /// It deleted the session's cookie.
    Removed,
}

impl TestResponse {
    pub(super) fn new(head: Parts, stored: Stored) -> Self {
        Self {
            head,
            body: Bytes::new(),
            stored,
        }
    }

    pub(super) fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// A header's first value; `None` if there is none, or if it is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// Where a redirect leads: the `Location` header, as it is.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header(LOCATION.as_str())
    }

    /// The `Set-Cookie` lines, as they are. Those that are no text are left out.
    #[must_use]
    pub fn set_cookie(&self) -> Vec<&str> {
        self.head
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .collect()
    }

    /// What this response stored in the session.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use serde_json::json;
    /// use session_runtime::{Session, testing::{Stored, TestClient}};
    ///
    /// async fn login(session: Session) -> session_runtime::Result<()> {
    ///     session.set("user_id", 12345)
    /// }
    ///
    /// async fn logout(session: Session) -> session_runtime::Result<()> {
    ///     session.clear()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|sessions| {
    ///     Router::new().route("/login", get(login)).route("/logout", get(logout)).layer(sessions)
    /// });
    /// let login = client.get("/login").await;
    /// assert_eq!(*login.stored(), Stored::Values(json!({ "user_id": 12345 })));
    /// assert_eq!(*client.get("/login").await.stored(), Stored::Nothing);
    /// assert_eq!(*client.get("/logout").await.stored(), Stored::Removed);
    /// # }
    /// ```
    #[must_use]
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// The whole body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The whole body as text. What is not UTF-8 shows as `U+FFFD`.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The whole body, read as JSON.
    ///
    /// # Errors
    ///
    /// If it is no JSON, or not that of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for TestResponse {
    /// Shows no header, since one is the session's cookie.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestResponse")
            .field("status", &self.head.status)
            .finish_non_exhaustive()
    }
}
