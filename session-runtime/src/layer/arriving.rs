//! A request on its way through the layer, and the session that is for it. It does not know where the request goes.
//!
//! The session is made when somebody gets to see the request, and put into its extensions when that is somebody who may look
//! for it there. Where nobody does, that is spared: axum fills the map of extensions, so that it would have to grow.

use std::sync::Arc;

use axum::body::Body;
use http::Request;
use http::request::Parts;

use super::attached::Attached;
use super::backend::Backend;

/// A request that no extractor has seen yet.
pub struct Arriving<'l, B = Body> {
    request: Request<B>,
    layer: Option<Passed<'l>>,
}

/// The layer that a request has passed.
struct Passed<'l> {
    backend: &'l Arc<Backend>,
    attached: &'l mut Option<Attached>,
}

impl<'l, B> Arriving<'l, B> {
    /// A request that has passed the layer. Its session is left in `attached`, where one is made.
    pub(super) fn through(
        backend: &'l Arc<Backend>,
        request: Request<B>,
        attached: &'l mut Option<Attached>,
    ) -> Self {
        Self {
            request,
            layer: Some(Passed { backend, attached }),
        }
    }

    /// A request whose session, if there is one, is in its extensions.
    pub(crate) fn alone(request: Request<B>) -> Self {
        Self {
            request,
            layer: None,
        }
    }

    /// The request as everybody may see it.
    pub(crate) fn into_request(self) -> Request<B> {
        let Self { mut request, layer } = self;
        if let Some(layer) = layer {
            let attached = layer.attach(&request).clone();
            request.extensions_mut().insert(attached);
        }
        request
    }

    /// The request as nobody may see it who looks for its session, and the session, unless that is in the extensions.
    pub(crate) fn into_parts(self) -> (Parts, Option<&'l Attached>) {
        let Self { request, layer } = self;
        let attached = layer.map(|layer| layer.attach(&request));
        let (parts, _) = request.into_parts();
        (parts, attached)
    }
}

impl<'l> Passed<'l> {
    fn attach<B>(self, request: &Request<B>) -> &'l Attached {
        self.attached.insert(Attached::of(request, self.backend))
    }
}
