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
use super::passage::{Passage, is_fetched_ahead};
use crate::session::{Notes, Session};

/// A request that no extractor has seen yet. It stays where it is until somebody takes it: it is large, and each move of it
/// has to wait for the one before. So is this handed on by reference, and empty once the request has been taken.
pub struct Arriving<'l, B = Body> {
    request: &'l mut Option<Request<B>>,
    layer: Option<Passed<'l>>,
}

/// The layer that a request has passed.
struct Passed<'l> {
    backend: &'l Arc<Backend>,
    outer: Option<Arc<Attached>>,
    passage: &'l mut Option<Passage>,
}

impl<'l, B> Arriving<'l, B> {
    /// A request that has passed the layer, and `outer` before. Its session is left in `passage`, where one is made.
    pub(super) fn through(
        backend: &'l Arc<Backend>,
        request: &'l mut Option<Request<B>>,
        outer: Option<Arc<Attached>>,
        passage: &'l mut Option<Passage>,
    ) -> Self {
        Self {
            request,
            layer: Some(Passed {
                backend,
                outer,
                passage,
            }),
        }
    }

    /// A request whose session, if there is one, is in its extensions.
    pub(crate) fn alone(request: &'l mut Option<Request<B>>) -> Self {
        Self {
            request,
            layer: None,
        }
    }

    /// Whether a browser fetches the page ahead of time.
    pub(crate) fn is_fetched_ahead(&self) -> bool {
        let request = self.request.as_ref();
        request.is_some_and(|request| is_fetched_ahead(request.method(), request.headers()))
    }

    /// Opens the session, where the layer has just been passed, nothing is waited for, and nobody else gets to see the request.
    /// `note` says for what it is opened; what is fetched ahead of time must not change it.
    pub(crate) fn open_at_once(&mut self, note: impl FnOnce(&mut Notes<'_>)) -> Option<Session> {
        let request = self.request.as_ref()?;
        let layer = self.layer.as_mut()?;
        if !layer.backend.opens_at_once() {
            return None;
        }
        let passage = Passage::begin(layer.passage, request, layer.backend);
        let session = passage.open_alone(request, layer.backend, note);
        self.layer = None;
        Some(session)
    }

    /// The request as everybody may see it.
    pub(crate) fn take_request(&mut self) -> Request<B> {
        let mut request = taken(self.request);
        if let Some(layer) = self.layer.take() {
            let attached = layer.attach(&request);
            request.extensions_mut().insert(attached);
        }
        request
    }

    /// The request as nobody may see it who looks for its session, and the session, unless that is in the extensions.
    pub(crate) fn take_parts(&mut self) -> (Parts, Option<Attached>) {
        let request = taken(self.request);
        let attached = self.layer.take().map(|layer| layer.attach(&request));
        let (parts, _) = request.into_parts();
        (parts, attached)
    }
}

fn taken<B>(request: &mut Option<Request<B>>) -> Request<B> {
    match request.take() {
        Some(request) => request,
        None => unreachable!("whoever takes a request takes what shows where it is, too"),
    }
}

impl Passed<'_> {
    fn attach<B>(self, request: &Request<B>) -> Attached {
        let passage = Passage::begin(self.passage, request, self.backend);
        Attached::new(passage.clone(), self.backend, self.outer)
    }
}
