//! What the layer's tests share: sending one request, and reading what was logged.

mod log;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{AsHeaderName, COOKIE, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode, request::Builder};
use tower::ServiceExt;

#[allow(unused_imports, reason = "each test program uses a part")]
pub use log::Log;

/// A response with its body read.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// All values of a header, joined as HTTP joins them.
    pub fn header(&self, name: impl AsHeaderName) -> String {
        let values: Vec<_> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect();
        values.join(" | ")
    }

    /// The `Cookie` header that a browser would send next: the names and values of what was set.
    pub fn cookie(&self) -> String {
        let pair =
            |line: &http::HeaderValue| line.to_str().unwrap().split(';').next().unwrap().to_owned();
        let pairs: Vec<_> = self.headers.get_all(SET_COOKIE).iter().map(pair).collect();
        pairs.join("; ")
    }
}

pub async fn send(app: &Router, request: Builder) -> Answer {
    let response = app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

pub async fn get(app: &Router, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path);
    send(
        app,
        if cookie.is_empty() {
            request
        } else {
            request.header(COOKIE, cookie)
        },
    )
    .await
}
