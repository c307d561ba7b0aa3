//! A request on its way through the layer, and the session that is for it. It does not know where the request goes.
//!
//! The session is put into the request's extensions when somebody gets to see the request who may look for it there. Where
//! nobody does, that is spared: axum fills the map of extensions, so that it would have to grow.

use axum::body::Body;
use http::Request;
use http::request::Parts;

use super::attached::Attached;

/// A request that no extractor has seen yet.
pub struct Arriving<'l, B = Body> {
    request: Request<B>,
    attached: Option<&'l Attached>,
}

impl<'l, B> Arriving<'l, B> {
    pub(super) fn with(request: Request<B>, attached: &'l Attached) -> Self {
        Self {
            request,
            attached: Some(attached),
        }
    }

    /// A request whose session, if there is one, is in its extensions.
    pub(crate) fn alone(request: Request<B>) -> Self {
        Self {
            request,
            attached: None,
        }
    }

    /// The request as everybody may see it.
    pub(crate) fn into_request(self) -> Request<B> {
        let Self {
            mut request,
            attached,
        } = self;
        if let Some(attached) = attached {
            request.extensions_mut().insert(attached.clone());
        }
        request
    }

    /// The request as nobody may see it who looks for its session, and the session, unless that is in the extensions.
    pub(crate) fn into_parts(self) -> (Parts, Option<&'l Attached>) {
        let (parts, _) = self.request.into_parts();
        (parts, self.attached)
    }
}
