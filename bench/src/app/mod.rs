//! A contender's application, called in process: requests are made before the clock starts, and a response is dropped
//! before it stops.

mod actix;
mod axum;

pub(crate) use self::axum::served;
pub(crate) use actix::Actix;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::cost;
use crate::visit::{Answer, Visit};

/// Requests that run before those that are measured, so that the code and the branches are warm, whoever came before.
const WARM_UP: usize = 8;

/// An application, whatever it is made with.
pub(crate) trait App {
    /// Answers one request, for a proof.
    fn answer(&mut self, visit: &Visit) -> Answer;

    /// CPU time in nanoseconds for each of `requests` like this one.
    fn nanoseconds(&mut self, visit: &Visit, requests: usize) -> f64;

    /// Allocations for each of `requests` like this one.
    fn allocations(&mut self, visit: &Visit, requests: usize) -> f64;
}

/// A framework's way to be called, which makes an [`App`].
pub(crate) trait InProcess {
    type Request;
    type Response;

    /// Makes requests, of a kind that can be made quickly.
    fn requests(&self, visit: &Visit) -> impl Fn() -> Self::Request;

    async fn call(&mut self, request: Self::Request) -> Self::Response;

    async fn read(response: Self::Response) -> Answer;
}

impl<T: InProcess> App for T {
    fn answer(&mut self, visit: &Visit) -> Answer {
        let request = self.requests(visit)();
        let response = finish(self.call(request));
        finish(T::read(response))
    }

    fn nanoseconds(&mut self, visit: &Visit, requests: usize) -> f64 {
        let mut batch = warmed_up(self, visit, requests);
        let time = cost::cpu_time(|| {
            for request in batch.drain(..) {
                drop(finish(self.call(request)));
            }
        });
        time.as_secs_f64() * 1e9 / requests as f64
    }

    fn allocations(&mut self, visit: &Visit, requests: usize) -> f64 {
        let mut batch = warmed_up(self, visit, requests);
        let count = cost::allocations(|| {
            for request in batch.drain(..) {
                drop(finish(self.call(request)));
            }
        });
        count as f64 / requests as f64
    }
}

/// A batch of requests, made after some like them were answered.
fn warmed_up<T: InProcess>(app: &mut T, visit: &Visit, requests: usize) -> Vec<T::Request> {
    let make = app.requests(visit);
    let mut batch: Vec<_> = (0..WARM_UP + requests).map(|_| make()).collect();
    drop(make);
    for request in batch.drain(requests..) {
        drop(finish(app.call(request)));
    }
    batch
}

/// Runs a future that waits for nothing, without a runtime whose cost would be in each number.
fn finish<F: Future>(future: F) -> F::Output {
    const MOST_POLLS: usize = 1_000;
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..MOST_POLLS {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!(
        "a contender waits for something outside its request, which cannot be measured in process"
    );
}
