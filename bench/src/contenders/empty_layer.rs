//! A layer that only inserts an extension: what axum charges for any layer that could hold a session.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use tower::Service;
use tower::layer::layer_fn;

use super::{Contender, Role, axum_alone};
use crate::app::served;

pub(super) const CONTENDER: Contender = Contender {
    id: "empty-layer",
    name: "an empty layer that inserts one extension",
    role: Role::EmptyLayer,
    base_line: axum_alone::ID,
    app: || {
        let marker = Marker(Arc::new(()));
        let layer = layer_fn(move |inner| Insert {
            inner,
            marker: marker.clone(),
        });
        Box::new(served(axum_alone::router().layer(layer)))
    },
};

#[derive(Clone)]
struct Marker(
    #[expect(dead_code, reason = "nobody asks for it, as on an untouched route")] Arc<()>,
);

#[derive(Clone)]
struct Insert<S> {
    inner: S,
    marker: Marker,
}

impl<S: Service<Request>> Service<Request> for Insert<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        request.extensions_mut().insert(self.marker.clone());
        self.inner.call(request)
    }
}
