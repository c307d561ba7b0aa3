//! What the layer's tests share: sending one request, and reading what was logged.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{AsHeaderName, COOKIE, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode, request::Builder};
use tower::ServiceExt;
use tracing::subscriber::DefaultGuard;

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

/// What is logged on this thread while it lives.
pub struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    _guard: DefaultGuard,
}

impl Log {
    pub fn new() -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let writer = Writer(text.clone());
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            text,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.text.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone)]
struct Writer(Arc<Mutex<Vec<u8>>>);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
