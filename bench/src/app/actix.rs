//! Applications of actix-web.

use actix_http::Request;
use actix_web::body::{self, MessageBody};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::{InProcess, finish};
use crate::visit::{Answer, Visit};

/// An actix-web application that is ready to be called.
pub(crate) struct Actix<S> {
    service: S,
}

impl<S> Actix<S> {
    /// Takes what [`init_service`](actix_web::test::init_service) makes of an `App`.
    pub(crate) fn new(service: impl Future<Output = S>) -> Self {
        Self {
            service: finish(service),
        }
    }
}

impl<S, B> InProcess for Actix<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    type Request = Request;
    type Response = ServiceResponse<B>;

    fn requests(&self, visit: &Visit) -> impl Fn() -> Self::Request {
        let method = Method::from_bytes(visit.method.as_bytes()).expect("a method of HTTP");
        let (path, headers) = (visit.path, visit.headers());
        move || {
            let mut request = TestRequest::with_uri(path).method(method.clone());
            for (name, value) in &headers {
                request = request.append_header((*name, value.as_str()));
            }
            request.to_request()
        }
    }

    async fn call(&mut self, request: Self::Request) -> Self::Response {
        match self.service.call(request).await {
            Ok(response) => response,
            Err(error) => panic!("a middleware failed: {error}"),
        }
    }

    async fn read(response: Self::Response) -> Answer {
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        let headers = headers.collect();
        let status = response.status().as_u16();
        let Ok(body) = body::to_bytes(response.into_body()).await else {
            panic!("a body that is in memory can be read");
        };
        Answer {
            status,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
