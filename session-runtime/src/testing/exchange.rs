//! One exchange of a request and a response between the client and the application: cookies go out, cookies come in, and
//! what the response stored is told.

use axum::body::Body;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Request};
use tower::Service;

use crate::layer::Visiting;

use super::client::TestClient;
use super::received::ReceivedCookie;
use super::response::{Stored, TestResponse};
use super::{values, wrong};

impl TestClient {
    /// Sends one request with the cookies that the jar has for it, and takes the response's. The body is not read yet.
    pub(super) async fn exchange(&self, mut request: Request<Body>) -> (TestResponse, Body) {
        let path = request.uri().path().to_owned();
        let cookies = self.cookies().header(&path);
        if !cookies.is_empty() && !request.headers().contains_key(COOKIE) {
            request.headers_mut().insert(COOKIE, header_value(&cookies));
        }
        // A router is always ready.
        let Ok(response) = self.application.router.clone().call(request).await;
        let (head, body) = response.into_parts();
        let stored = self.receive(&head.headers, &path).await;
        (TestResponse::new(head, stored), body)
    }

    /// Takes the response's cookies, and tells what it stored. Where it sets the session's cookie and removes an old one
    /// of that name, for another path or domain, it is what it set.
    async fn receive(&self, headers: &HeaderMap, path: &str) -> Stored {
        let name = self.application.sessions.cookie_name();
        let mut stored = Stored::Nothing;
        let mut set = None;
        for line in headers.get_all(SET_COOKIE) {
            if let Some(cookie) = self.keep(line, path)
                && cookie.name == name
            {
                if cookie.is_expired(self.clock().now()) {
                    stored = Stored::Removed;
                } else {
                    set = Some(format!("{name}={}", cookie.value));
                }
            }
        }
        match set {
            None => stored,
            Some(cookie) => Stored::Values(values(&self.open(&cookie).await.session)),
        }
    }

    /// The session that a request with these cookies has.
    pub(super) async fn open(&self, cookies: &str) -> Visiting {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, header_value(cookies));
        let visiting = self.application.sessions.load(&headers).await;
        visiting.unwrap_or_else(|refusal| wrong(&refusal))
    }

    /// Takes a cookie as a browser does: one that is refused is only logged.
    fn keep(&self, line: &HeaderValue, path: &str) -> Option<ReceivedCookie> {
        let line = String::from_utf8_lossy(line.as_bytes());
        match self.cookies().receive(&line, path) {
            Ok(cookie) => Some(cookie),
            Err(refused) => {
                tracing::warn!(name: "session.test_cookie_refused", %refused, "a browser would not keep a cookie");
                None
            }
        }
    }
}

fn header_value(cookies: &str) -> HeaderValue {
    // Not `from_str`: foreign cookies may be of other scripts, and browsers send them as they came.
    HeaderValue::from_bytes(cookies.as_bytes()).unwrap_or_else(|_| {
        wrong(&"the client's cookies cannot be sent: what was given to `cookies().set(..)` has control characters")
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use axum::Router;
    use axum::extract::Path;
    use axum::routing::{any, get};
    use serde_json::json;
    use tokio::sync::Barrier;

    use crate::session::{Result, Session};

    use super::*;

    async fn visit(session: Session) -> Result<()> {
        session.set_default("visits", 1).map(|_| ())
    }

    async fn keys(session: Session) -> String {
        session.keys().join(" ")
    }

    /// Answers with the cookies it got.
    async fn echo(headers: HeaderMap) -> String {
        let cookie = headers.get(COOKIE).map_or(&b""[..], HeaderValue::as_bytes);
        String::from_utf8_lossy(cookie).into_owned()
    }

    /// Sets a cookie that is no session's.
    async fn foreign(Path(value): Path<String>) -> [(&'static str, String); 1] {
        [("set-cookie", format!("foreign={value}"))]
    }

    fn client() -> TestClient {
        TestClient::new(|sessions| {
            Router::new()
                .route("/visit", any(visit))
                .route("/keys", get(keys))
                .route("/echo", get(echo))
                .route("/foreign/{value}", get(foreign))
                .layer(sessions)
        })
    }

    #[tokio::test]
    async fn a_response_says_what_it_stored() {
        let client = client();
        let head = client.head("/visit").await;
        assert_eq!(*head.stored(), Stored::Nothing);
        let visit = client.get("/visit").await;
        assert_eq!(*visit.stored(), Stored::Values(json!({"visits": 1})));
        assert_eq!(visit.set_cookie().len(), 1);
        assert_eq!(*client.get("/keys").await.stored(), Stored::Nothing);
    }

    #[tokio::test]
    async fn a_twin_that_is_removed_does_not_hide_what_was_stored() {
        let client = client();
        let name = client.application.sessions.cookie_name();
        let twin = format!("{name}=; Path=/old; Max-Age=0; Secure");
        client.login(1).await;
        let new = format!(
            "{name}={}; Path=/; Secure",
            client.cookies().get(name).unwrap()
        );
        let mut headers = HeaderMap::new();
        for line in [&new, &twin] {
            headers.append(SET_COOKIE, HeaderValue::from_str(line).unwrap());
        }
        let stored = client.receive(&headers, "/").await;
        assert_eq!(stored, Stored::Values(json!({"user_id": 1})));
    }

    #[tokio::test]
    async fn foreign_cookies_are_kept_too_and_sent_where_they_belong() {
        let client = client();
        client.get("/foreign/1").await;
        client.cookies().add("other=2; Path=/").unwrap();
        assert_eq!(client.get("/echo").await.text(), "other=2");
        assert_eq!(client.cookies().header("/foreign/2"), "foreign=1; other=2");
    }

    #[tokio::test]
    async fn a_cookie_of_another_script_is_sent_as_it_came() {
        let client = client();
        client.cookies().add("name=字").unwrap();
        assert_eq!(client.get("/echo").await.text(), "name=字");
    }

    #[tokio::test]
    #[should_panic(expected = "the client's cookies cannot be sent")]
    async fn a_cookie_with_control_characters_is_said() {
        let client = client();
        client.cookies().set("a", "1\n2");
        client.get("/echo").await;
    }

    #[tokio::test]
    async fn a_cookie_header_of_the_test_goes_instead_of_the_jar() {
        let client = client();
        client.login(1).await;
        let response = client.get("/echo").header("cookie", "a=1").await;
        assert_eq!(response.text(), "a=1");
    }

    #[tokio::test]
    async fn of_requests_at_one_time_the_response_that_arrives_last_counts() {
        let both_here = Arc::new(Barrier::new(2));
        let client = TestClient::new(|sessions| {
            let together = move |session: Session, body: String| async move {
                session.set(&body, true)?;
                both_here.wait().await;
                if body == "slow" {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Ok::<_, crate::SessionError>(())
            };
            Router::new().route("/", any(together)).layer(sessions)
        });
        let slow = tokio::spawn(client.post("/").body("slow").into_future());
        client.post("/").body("quick").await;
        assert_eq!(client.session().await, json!({"quick": true}));
        slow.await.unwrap();
        assert_eq!(client.session().await, json!({"slow": true}));
    }
}
