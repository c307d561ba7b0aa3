//! Which router serves the request that a handler is at work on, and where that router is nested, which only a request shows.
//! It is lent to whatever the handler does, on whichever thread it is at the time. What is asked of it is not known here.
//!
//! tokio's task-local values would do the same, and share the table with each request, move it there and back, and drop it: 40
//! ns of each request, of which most ask for no address.

use std::cell::{Cell, RefCell};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::OriginalUri;
use http::Request;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use super::registry::{TableId, register};
use super::table::RouteTable;

thread_local! {
    /// What is lent to the handler that is at work on this thread.
    static LENT: Cell<Option<Lent>> = const { Cell::new(None) };
    /// The prefix at which its router is nested, if it is. By itself, as few are, and nothing of it is then touched.
    static MOUNT: RefCell<Box<str>> = RefCell::default();
}

#[derive(Clone, Copy)]
struct Lent {
    table: TableId,
    is_mounted: bool,
}

/// The table that is lent to whoever asks, and the prefix at which its router is nested.
pub(super) fn lent() -> Option<(TableId, Box<str>)> {
    let Lent { table, is_mounted } = LENT.get()?;
    let mount = is_mounted.then(|| MOUNT.with_borrow(Clone::clone));
    Some((table, mount.unwrap_or_default()))
}

/// Lends the router's table to each request.
#[derive(Clone, Debug)]
pub(super) struct LendTable {
    /// Kept, so that it can be found by its number.
    _table: RouteTable,
    id: TableId,
    /// How many segments a request's path has lost between the router and here, where groups are nested.
    depth: usize,
}

impl LendTable {
    pub(super) fn new(table: RouteTable) -> Self {
        Self {
            id: register(&table),
            _table: table,
            depth: 0,
        }
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
    pub(super) fn lend<B>(&self, request: &Request<B>) -> Loan {
        let mount = without_last(self.depth, mount(request));
        Loan {
            lent: Lent {
                table: self.id,
                is_mounted: !mount.is_empty(),
            },
            mount: mount.into(),
        }
    }
}

/// What one request is lent.
pub(super) struct Loan {
    lent: Lent,
    mount: Box<str>,
}

impl Loan {
    /// Lends this to whatever `future` does.
    pub(super) fn scope<F>(self, future: F) -> Borrower<F> {
        Borrower { loan: self, future }
    }

    /// Lends this until what is returned is dropped, also by a panic.
    fn begin(&mut self) -> Term<'_> {
        let before = LENT.replace(Some(self.lent));
        self.swap_mount();
        Term { loan: self, before }
    }

    fn swap_mount(&mut self) {
        if self.lent.is_mounted {
            MOUNT.with_borrow_mut(|mount| mem::swap(mount, &mut self.mount));
        }
    }
}

/// The time for which something is lent.
struct Term<'l> {
    loan: &'l mut Loan,
    before: Option<Lent>,
}

impl Drop for Term<'_> {
    fn drop(&mut self) {
        LENT.set(self.before);
        self.loan.swap_mount();
    }
}

pin_project! {
    /// A future to which something is lent whenever it is at work.
    pub(super) struct Borrower<F> {
        loan: Loan,
        #[pin]
        future: F,
    }
}

impl<F> Borrower<F> {
    /// Lends to the future while it is polled.
    pub(super) fn lend<R>(self: Pin<&mut Self>, poll: impl FnOnce(Pin<&mut F>) -> R) -> R {
        let this = self.project();
        let _term = this.loan.begin();
        poll(this.future)
    }
}

impl<F: Future> Future for Borrower<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.lend(|future| future.poll(cx))
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
    type Future = Borrower<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let loan = self.table.lend(&request);
        loan.scope(self.inner.call(request))
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use tokio::task::yield_now;

    use super::*;
    use crate::Routes;

    fn table() -> LendTable {
        let routes: Routes = Routes::new();
        LendTable::new(routes.table())
    }

    fn loan(table: &LendTable, mount: &str) -> Loan {
        let lent = Lent {
            table: table.id,
            is_mounted: !mount.is_empty(),
        };
        let mount = mount.into();
        Loan { lent, mount }
    }

    fn what(table: &LendTable, mount: &str) -> Option<(TableId, Box<str>)> {
        Some((table.id, mount.into()))
    }

    #[tokio::test]
    async fn requests_that_take_turns_on_a_thread_have_each_their_own() {
        let tables = [table(), table(), table()];
        let turns = ["", "/one", "/two"].map(|mount| {
            let tables = &tables;
            async move {
                for table in tables.iter().cycle().take(7) {
                    let mine = what(table, mount);
                    let turns = async {
                        assert_eq!(lent(), mine);
                        yield_now().await;
                        assert_eq!(lent(), mine);
                    };
                    loan(table, mount).scope(turns).await;
                    assert_eq!(lent(), None);
                }
            }
        });
        let [first, second, third] = turns;
        tokio::join!(first, second, third);
    }

    #[tokio::test]
    async fn a_router_that_serves_within_another_has_its_own_and_gives_back_the_others() {
        let (outer, inner) = (&table(), &table());
        for around in ["", "/outer"] {
            for within in ["", "/inner"] {
                let serving = async {
                    assert_eq!(lent(), what(outer, around));
                    let nested = async { assert_eq!(lent(), what(inner, within)) };
                    loan(inner, within).scope(nested).await;
                    assert_eq!(lent(), what(outer, around));
                };
                loan(outer, around).scope(serving).await;
            }
        }
    }

    #[test]
    fn a_panic_ends_what_was_lent() {
        let table = table();
        for mount in ["", "/mounted"] {
            let panics = AssertUnwindSafe(|| {
                let mut loan = loan(&table, mount);
                let _term = loan.begin();
                panic!("as a handler does");
            });
            assert!(catch_unwind(panics).is_err());
            assert_eq!(lent(), None);
            assert_eq!(&*MOUNT.take(), "");
        }
    }
}
