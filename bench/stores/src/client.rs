//! Somebody who visits an application over one connection that is kept, with a jar for one cookie. It knows no library and no
//! store.

use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{COOKIE, HOST, HeaderMap, HeaderValue, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Error;

/// A cookie that names no session: what the base line is sent, so that its requests are as long as the others'.
pub(crate) const NO_SESSION: &str =
    "__Host-session=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A visitor.
pub(crate) struct Visitor {
    connection: SendRequest<Empty<Bytes>>,
    host: HeaderValue,
    jar: Jar,
}

/// The cookie that a visitor has, as it stands in the request's header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Jar(Option<HeaderValue>);

/// What an application has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

impl Visitor {
    /// A new one, without a cookie.
    pub(crate) async fn arrive(address: SocketAddr) -> Result<Self, Error> {
        Self::with(address, Jar::default()).await
    }

    /// The same visitor, over another connection.
    pub(crate) async fn with(address: SocketAddr, jar: Jar) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            connection: sender,
            host: HeaderValue::try_from(address.to_string())?,
            jar,
        })
    }

    /// The cookie as it is by now.
    pub(crate) fn jar(&self) -> Jar {
        self.jar.clone()
    }

    /// Asks, and keeps the cookie that is set. An answer of any status is no error.
    pub(crate) async fn ask(&mut self, method: Method, path: &str) -> Result<Answer, Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.host.clone());
        if let Some(cookie) = &self.jar.0 {
            request = request.header(COOKIE, cookie.clone());
        }
        self.connection.ready().await?;
        let answer = self
            .connection
            .send_request(request.body(Empty::new())?)
            .await?;
        let status = answer.status();
        self.jar.keep(answer.headers());
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    /// What a page says. Another status than 200 is an error.
    pub(crate) async fn read(&mut self, method: Method, path: &str) -> Result<String, Error> {
        let answer = self.ask(method, path).await?;
        if answer.status == StatusCode::OK {
            return Ok(answer.body);
        }
        Err(format!("{path} answered {}: {}", answer.status, answer.body).into())
    }
}

impl Jar {
    /// With this cookie in it.
    pub(crate) fn of(cookie: &'static str) -> Self {
        Self(Some(HeaderValue::from_static(cookie)))
    }

    /// As a browser does: the cookie is replaced, or deleted where its time has passed.
    pub(crate) fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap_or_default();
            let (cookie, attributes) = line.split_once(';').unwrap_or((line, ""));
            let is_deleted = attributes
                .split(';')
                .any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
            self.0 = HeaderValue::from_str(cookie).ok().filter(|_| !is_deleted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(line: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(SET_COOKIE, line.parse().unwrap());
        headers
    }

    #[test]
    fn a_cookie_is_kept_until_it_is_deleted() {
        let mut jar = Jar::default();
        jar.keep(&set("id=7; Path=/; Secure"));
        assert_eq!(jar, Jar::of("id=7"));
        jar.keep(&HeaderMap::new());
        assert_eq!(jar, Jar::of("id=7"));
        jar.keep(&set("id=; Path=/; Max-Age=0"));
        assert_eq!(jar, Jar::default());
    }
}
