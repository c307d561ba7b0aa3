//! Which table `url_for!` asks: the one of the router that serves the request, else the only one in the process.
//!
//! The router lends its table to each request it serves, together with the prefix at which the router itself is nested,
//! which only a request shows. So several routers in one process, and one router nested twice, each give right addresses.

use std::fmt;
use std::sync::{Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use axum::extract::OriginalUri;
use http::Request;
use tokio::task::futures::TaskLocalFuture;
use tower::{Layer, Service};

use super::table::RouteTable;
use super::url::{UrlError, fill};
use crate::gate::{Contract, Declaration};

tokio::task_local! {
    static LENT: Lent;
}

/// Every table that a router was made of, for addresses that are wanted where no request is served.
static TABLES: Mutex<Vec<Weak<[super::table::Entry]>>> = Mutex::new(Vec::new());

/// What a request is lent.
#[derive(Clone)]
pub(super) struct Lent {
    table: RouteTable,
    mount: Box<str>,
}

/// What `url_for!` calls once its parameters are checked.
///
/// # Panics
///
/// No router of this process has the handler, or, outside a request, several have it in different places.
#[track_caller]
#[expect(
    clippy::panic,
    reason = "a route that no router has is a mistake in the program; `RouteTable::url_for` returns it"
)]
pub fn url_for<C: Contract>(values: &[(&str, &dyn fmt::Display)]) -> String {
    match find::<C>(values) {
        Ok(address) => address,
        Err(error) => panic!("url_for!: {error}"),
    }
}

fn find<C: Contract>(values: &[(&str, &dyn fmt::Display)]) -> Result<String, UrlError> {
    let lent = LENT.try_with(|lent| {
        lent.table
            .path_of::<C>()
            .map(|path| fill(C::INFO.name(), &lent.mount, &path, values))
    });
    match lent {
        Ok(Some(address)) => address,
        // Not served by us, or by a router that does not have the handler: a sibling may.
        Ok(None) | Err(_) => fill(C::INFO.name(), "", &path_in_process::<C>()?, values),
    }
}

/// The handler's path, if all routers that have it agree on it.
fn path_in_process<C: Contract>() -> Result<String, UrlError> {
    let handler = C::INFO.name();
    let tables: Vec<_> = TABLES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .filter_map(Weak::upgrade)
        .collect();
    let mut paths = tables
        .into_iter()
        .filter_map(|entries| RouteTable { entries }.path_of::<C>());
    let first = paths.next().ok_or(UrlError::NotRouted { handler })?;
    match paths.find(|path| *path != first) {
        Some(second) => Err(UrlError::Several {
            handler,
            first,
            second,
        }),
        None => Ok(first),
    }
}

/// Lends the router's table to each request.
#[derive(Clone, Debug)]
pub(super) struct LendTable {
    table: RouteTable,
    /// How many segments a request's path has lost between the router and here, where groups are nested.
    depth: usize,
}

impl LendTable {
    pub(super) fn new(table: RouteTable) -> Self {
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        tables.retain(|table| table.strong_count() > 0);
        tables.push(std::sync::Arc::downgrade(&table.entries));
        Self { table, depth: 0 }
    }

    /// The same for what is nested under `prefix`.
    pub(super) fn under(&self, prefix: &str) -> Self {
        let segments = prefix.split('/').filter(|segment| !segment.is_empty());
        Self {
            depth: self.depth + segments.count(),
            ..self.clone()
        }
    }

    /// What a request is lent that comes here.
    pub(super) fn lend<B>(&self, request: &Request<B>) -> Lent {
        Lent {
            table: self.table.clone(),
            mount: without_last(self.depth, mount(request)).into(),
        }
    }
}

impl Lent {
    /// Lends this to whatever `future` does.
    pub(super) fn scope<F: Future>(self, future: F) -> TaskLocalFuture<Self, F> {
        LENT.scope(self, future)
    }
}

impl<S> Layer<S> for LendTable {
    type Service = Lending<S>;

    fn layer(&self, inner: S) -> Lending<S> {
        Lending {
            inner,
            table: self.clone(),
        }
    }
}

/// A service that lends its router's table to each request.
#[derive(Clone, Debug)]
pub(super) struct Lending<S> {
    inner: S,
    table: LendTable,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for Lending<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = TaskLocalFuture<Lent, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let lent = self.table.lend(&request);
        lent.scope(self.inner.call(request))
    }
}

/// A path without its last `segments`.
fn without_last(segments: usize, path: &str) -> &str {
    (0..segments).fold(path, |path, _| {
        path.rsplit_once('/').map_or("", |(before, _)| before)
    })
}

/// What the client's address has before the path that is seen here.
fn mount<B>(request: &Request<B>) -> &str {
    let Some(original) = request.extensions().get::<OriginalUri>() else {
        return "";
    };
    let (original, seen) = (original.0.path(), request.uri().path());
    if original.len() == seen.len() {
        return "";
    }
    match original.strip_suffix(seen) {
        Some(mount) => mount,
        // The root of a nest at `/app` is `/app`, and the router sees `/`.
        None if seen == "/" => original,
        None => "",
    }
}
