//! A request as a test puts it together. It knows how a client speaks HTTP, and nothing of sessions.

use std::fmt;
use std::pin::Pin;

use axum::body::{Body, to_bytes};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::client::TestClient;
use super::redirect;
use super::response::TestResponse;
use super::wrong;

/// As many as browsers follow.
const MAX_REDIRECTS: usize = 20;

/// A request that is sent when it is awaited. Made by [`TestClient::get`] and its like.
///
/// # Examples
///
/// ```
/// use axum::{Router, http::HeaderMap, routing::put};
/// use session_runtime::testing::TestClient;
///
/// async fn echo(headers: HeaderMap, body: String) -> String {
///     format!("{:?} {body}", headers["content-type"])
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let client = TestClient::new(|_| Router::new().route("/", put(echo)));
/// let response = client.put("/").json(["tea"]).await;
/// assert_eq!(response.text(), r#""application/json" ["tea"]"#);
/// let response = client.put("/").header("content-type", "text/csv").body("a,b").await;
/// assert_eq!(response.text(), r#""text/csv" a,b"#);
/// # }
/// ```
#[must_use = "a request is sent when it is awaited"]
pub struct TestRequest {
    client: TestClient,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
    follows_redirects: bool,
}

impl TestRequest {
    #[track_caller]
    pub(super) fn new(client: TestClient, method: Method, path: &str) -> Self {
        let uri = path.parse().ok().filter(|_| path.starts_with('/'));
        let Some(uri) = uri else {
            wrong(&format_args!(
                "`{path}` is no path of the application: it must begin with `/`, and be percent-encoded"
            ));
        };
        Self {
            client,
            method,
            uri,
            headers: HeaderMap::from_iter([(HOST, HeaderValue::from_static("localhost"))]),
            body: Body::empty(),
            follows_redirects: false,
        }
    }

    /// Sets a header, in place of what it was. A `Cookie` header goes instead of the jar's cookies.
    ///
    /// # Panics
    ///
    /// If the name or the value cannot be a header's.
    #[track_caller]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => self.headers.insert(name, value),
            _ => wrong(&format_args!("`{name}: {value}` is no HTTP header")),
        };
        self
    }

    /// Sets the body. What it is, a `Content-Type` header must say.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a form's fields as the body, in this order, as a browser sends them.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::{Router, routing::post};
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|_| Router::new().route("/", post(async |body: String| body)));
    /// let response = client.post("/").form([("name", "Ada & Bob"), ("age", "36")]).await;
    /// assert_eq!(response.text(), "name=Ada+%26+Bob&age=36");
    /// # }
    /// ```
    pub fn form<N: AsRef<str>, V: AsRef<str>>(
        self,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let fields: Vec<_> = fields
            .into_iter()
            .map(|(name, value)| format!("{}={}", encoded(name.as_ref()), encoded(value.as_ref())))
            .collect();
        self.with_type("application/x-www-form-urlencoded")
            .body(fields.join("&"))
    }

    /// Sets a value as the body, as JSON.
    ///
    /// # Panics
    ///
    /// If the value cannot be written as JSON.
    #[track_caller]
    pub fn json(self, value: impl Serialize) -> Self {
        match serde_json::to_vec(&value) {
            Ok(json) => self.with_type("application/json").body(json),
            Err(error) => wrong(&format_args!(
                "the request's body cannot be written as JSON: {error}"
            )),
        }
    }

    /// Follows redirects within the application, as a browser does, and gives the last response.
    ///
    /// A redirect to another host, and one that asks for the body again (307 or 308 to a `POST`), is given as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::{Router, response::Redirect, routing::{get, post}};
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|sessions| {
    ///     Router::new()
    ///         .route("/login", post(async || Redirect::to("/")))
    ///         .route("/", get("Welcome"))
    ///         .layer(sessions)
    /// });
    /// assert_eq!(client.post("/login").await.location(), Some("/"));
    /// assert_eq!(client.post("/login").follow_redirects().await.text(), "Welcome");
    /// # }
    /// ```
    pub fn follow_redirects(mut self) -> Self {
        self.follows_redirects = true;
        self
    }

    /// Sends the request and reads the response. Awaiting the request does the same.
    ///
    /// # Panics
    ///
    /// If the body ends with an error, if what the response stored cannot be had from the session's store, or if redirects
    /// do not end. A panic of the application comes through.
    pub async fn send(self) -> TestResponse {
        let (response, body) = self.stream().await;
        match to_bytes(body, usize::MAX).await {
            Ok(body) => response.with_body(body),
            Err(error) => wrong(&format_args!(
                "the response's body ended with an error: {error}"
            )),
        }
    }

    /// Sends the request and waits for the response's head only: the body comes beside it, for one that streams or fails,
    /// and the response's own is empty.
    ///
    /// # Panics
    ///
    /// As [`send`](Self::send), but for the body.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::{Router, routing::get};
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), axum::Error> {
    /// # let client = TestClient::new(|_| Router::new().route("/events", get("data: 1\n\n")));
    /// let (response, body) = client.get("/events").stream().await;
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(axum::body::to_bytes(body, 1024).await?, "data: 1\n\n");
    /// # Ok(()) }
    /// ```
    pub async fn stream(self) -> (TestResponse, Body) {
        let Self {
            client,
            mut method,
            mut uri,
            mut headers,
            mut body,
            follows_redirects,
        } = self;
        for _ in 0..=MAX_REDIRECTS {
            let mut request = Request::new(std::mem::take(&mut body));
            *request.method_mut() = method.clone();
            *request.uri_mut() = uri.clone();
            request.headers_mut().clone_from(&headers);
            let (response, body) = client.exchange(request).await;
            let next = redirect::next(&method, &uri, headers.get(HOST), &response);
            let Some((next_method, next_uri)) = next.filter(|_| follows_redirects) else {
                return (response, body);
            };
            if next_method != method {
                headers.remove(CONTENT_TYPE);
                headers.remove(CONTENT_LENGTH);
            }
            (method, uri) = (next_method, next_uri);
        }
        wrong(&format_args!(
            "the application redirects without end, at last to `{uri}`"
        ))
    }

    fn with_type(mut self, content_type: &'static str) -> Self {
        let content_type = HeaderValue::from_static(content_type);
        self.headers.insert(CONTENT_TYPE, content_type);
        self
    }
}

impl IntoFuture for TestRequest {
    type Output = TestResponse;
    type IntoFuture = Pin<Box<dyn Future<Output = TestResponse> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for TestRequest {
    /// Shows no header and no body, which may hold what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestRequest")
            .field("method", &self.method)
            .field("uri", &self.uri)
            .finish_non_exhaustive()
    }
}

/// A form's text (URL standard, section 5.2).
fn encoded(text: &str) -> String {
    const IN_FORM: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b' ')
        .remove(b'*')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_');
    utf8_percent_encode(text, IN_FORM)
        .to_string()
        .replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll};

    use axum::body::Bytes;
    use axum::response::Redirect;
    use axum::routing::{get, post};
    use axum::{Form, Json, Router};
    use http_body::Frame;
    use serde_json::{Value, json};

    use crate::session::{Result, Session};

    use super::*;

    #[tokio::test]
    async fn axum_reads_the_form_and_the_json_that_are_sent() {
        let client = TestClient::new(|_| {
            Router::new()
                .route("/form", post(async |Form(form): Form<Value>| Json(form)))
                .route("/json", post(async |Json(json): Json<Value>| Json(json)))
        });
        let fields = [("name", "Ada & Bob"), ("k%y=", "ü+\n")];
        let form = client.post("/form").form(fields).await;
        assert_eq!(
            form.json::<Value>().unwrap(),
            json!({"name": "Ada & Bob", "k%y=": "ü+\n"})
        );
        let json = client.post("/json").json(["a"]).await;
        assert_eq!(json.text(), r#"["a"]"#);
    }

    #[tokio::test]
    async fn a_header_is_set_in_place_of_the_client_s_own() {
        let host = async |headers: HeaderMap| format!("{:?}", headers[HOST]);
        let client = TestClient::new(|_| Router::new().route("/", get(host)));
        assert_eq!(client.get("/").await.text(), r#""localhost""#);
        let response = client.get("/").header(HOST, "a.example").await;
        assert_eq!(response.text(), r#""a.example""#);
    }

    #[tokio::test]
    async fn redirects_are_followed_with_the_cookies_of_each() {
        let login = async |session: Session| -> Result<Redirect> {
            session.set("user_id", 1)?;
            Ok(Redirect::to("../keys"))
        };
        let keys = async |session: Session| session.keys().join(" ");
        let client = TestClient::new(|sessions| {
            Router::new()
                .route("/a/login", post(login))
                .route("/keys", get(keys))
                .layer(sessions)
        });
        let response = client.post("/a/login").form([("name", "ada")]);
        assert_eq!(response.follow_redirects().await.text(), "user_id");
    }

    #[tokio::test]
    #[should_panic(expected = "redirects without end, at last to `/`")]
    async fn redirects_without_end_are_said() {
        let home = async || Redirect::to("/");
        let client = TestClient::new(|_| Router::new().route("/", get(home)));
        client.get("/").follow_redirects().await;
    }

    /// A body that fails where there is an error, and never ends otherwise.
    struct Endless(Option<std::io::Error>);

    impl http_body::Body for Endless {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
            match self.0.take() {
                Some(error) => Poll::Ready(Some(Err(error))),
                None => Poll::Pending,
            }
        }
    }

    #[tokio::test]
    async fn a_body_without_end_is_given_as_it_comes() {
        let endless = async || Body::new(Endless(None));
        let client = TestClient::new(|_| Router::new().route("/", get(endless)));
        let (response, _) = client.get("/").stream().await;
        assert_eq!(response.status(), 200);
    }

    #[tokio::test]
    #[should_panic(expected = "the response's body ended with an error: the disk is gone")]
    async fn a_body_that_fails_is_said() {
        let failing = async || Body::new(Endless(Some(std::io::Error::other("the disk is gone"))));
        let client = TestClient::new(|_| Router::new().route("/", get(failing)));
        client.get("/").await;
    }

    #[test]
    #[should_panic(expected = "`a b: c` is no HTTP header")]
    fn a_test_that_gives_no_header_is_told_so() {
        let client = TestClient::new(|_| Router::new());
        let _ = client.get("/").header("a b", "c");
    }
}
