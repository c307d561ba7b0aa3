//! Applications of axum.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri};
use http_body_util::BodyExt as _;

use super::InProcess;
use crate::visit::{Answer, Visit};

/// The router as `axum::serve` calls it: with its handlers made ready once, and not for each request.
pub(crate) fn served(router: Router) -> Router {
    router.with_state(())
}

impl InProcess for Router {
    type Request = Request<Body>;
    type Response = Response<Body>;

    fn requests(&self, visit: &Visit) -> impl Fn() -> Request<Body> {
        let method = Method::from_bytes(visit.method.as_bytes()).expect("a method of HTTP");
        let uri = Uri::from_static(visit.path);
        let headers: HeaderMap = visit
            .headers()
            .into_iter()
            .map(|(name, value)| {
                let value = HeaderValue::try_from(value).expect("a header's value");
                (HeaderName::from_static(name), value)
            })
            .collect();
        move || {
            let mut request = Request::new(Body::empty());
            *request.method_mut() = method.clone();
            *request.uri_mut() = uri.clone();
            // Values share their bytes, as they do when they come from one buffer of a connection.
            *request.headers_mut() = headers.clone();
            request
        }
    }

    async fn call(&mut self, request: Request<Body>) -> Response<Body> {
        match tower::Service::call(self, request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn read(response: Response<Body>) -> Answer {
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        let headers = headers.collect();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await;
        let body = body.expect("a body that is in memory").to_bytes();
        Answer {
            status,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
