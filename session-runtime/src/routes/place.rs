//! A handler in its place: its routes in axum's router, the guards of the groups around it, and what the router was given. How a
//! handler is called it does not know.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, any, on};
use pin_project_lite::pin_project;

use super::calling::{Handle, Handling};
use super::surroundings::{Surrounded, Surroundings};
use crate::gate::{GroupGuards, ask_groups};
use crate::layer::Arriving;

/// What is around a handler: the guards of its groups, and what the router was given.
pub(super) struct Around<S> {
    pub(super) groups: GroupGuards<S>,
    pub(super) surroundings: Surroundings,
}

/// Adds a handler's routes, behind the guards of its groups.
pub(super) fn route<S: Clone + Send + Sync + 'static>(
    mut router: Router<S>,
    handler: Box<dyn Handle<S>>,
    around: &Arc<Around<S>>,
) -> Router<S> {
    let info = handler.info();
    let wired = Wired(Arc::new(Place {
        handler,
        around: around.clone(),
    }));
    for route in info.routes() {
        let method_router = match method_filter(route.method) {
            Some(filter) => on(filter, wired.clone()),
            None => any(wired.clone()),
        };
        router = router.route(route.path, method_router);
    }
    router
}

/// The method of a route; none for any.
fn method_filter(method: &str) -> Option<MethodFilter> {
    Some(match method {
        "GET" => MethodFilter::GET,
        "HEAD" => MethodFilter::HEAD,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        "OPTIONS" => MethodFilter::OPTIONS,
        "TRACE" => MethodFilter::TRACE,
        "CONNECT" => MethodFilter::CONNECT,
        _ => return None,
    })
}

/// A handler as axum's [`Handler`], with what is around it. The guards of its groups stand here and not in a layer, so that a
/// path or a method that nobody serves is answered as it would be without them.
struct Wired<S>(Arc<Place<S>>);

/// A handler in its place.
struct Place<S> {
    handler: Box<dyn Handle<S>>,
    around: Arc<Around<S>>,
}

impl<S> Clone for Wired<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Send + Sync + 'static> Handler<(), S> for Wired<S> {
    type Future = InPlace<S>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let Around {
            groups,
            surroundings,
        } = &*self.0.around;
        let surrounded = surroundings.surround(request, |arriving| {
            if groups.is_empty() {
                self.0.handler.handle(arriving, state)
            } else {
                let request = arriving.take_request();
                Box::pin(handle_behind_groups(self.0.clone(), request, state))
            }
        });
        InPlace {
            surrounded,
            place: self.0,
        }
    }
}

pin_project! {
    /// A request that a handler in its place serves. It keeps the place, which axum has shared with it.
    struct InPlace<S> {
        #[pin]
        surrounded: Surrounded<Handling>,
        place: Arc<Place<S>>,
    }
}

impl<S> Future for InPlace<S> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let this = self.project();
        this.surrounded.poll(&this.place.around.surroundings, cx)
    }
}

/// Runs the handler, once the guards of all groups have let the request through.
async fn handle_behind_groups<S: Send + Sync>(
    place: Arc<Place<S>>,
    request: Request,
    state: S,
) -> Result<Response, Infallible> {
    let (mut parts, body) = request.into_parts();
    let info = place.handler.info();
    match ask_groups(&place.around.groups, info, &mut parts, &state).await {
        Ok(()) => {
            // Not to be kept while the handler is waited for.
            let handling = {
                let mut request = Some(Request::from_parts(parts, body));
                let mut arriving = Arriving::alone(&mut request);
                place.handler.handle(&mut arriving, state)
            };
            handling.await
        }
        Err(refusal) => Ok(refusal),
    }
}
