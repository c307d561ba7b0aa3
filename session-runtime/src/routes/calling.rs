//! A handler that is called: first its parameters, then the function. Its own types are forgotten here, and what stands around it
//! is not known.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::response::Response;
use pin_project_lite::pin_project;

use super::async_fn::AsyncFn;
use super::handler::{Answer, Fronts};
use crate::gate::{Contract, Declaration, Info};
use crate::layer::Arriving;

/// A handler whose own types are forgotten. So what axum, tower and the sessions make of a handler is compiled once for each
/// state, and not again for each handler.
pub(super) trait Handle<S>: Send + Sync {
    fn info(&self) -> &'static Info;

    /// Runs it behind its gate. What stands around it is not its business.
    fn handle(&self, arriving: &mut Arriving<'_>, state: S) -> Handling;
}

/// A handler at work.
pub(super) type Handling = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

/// A function and its contract.
pub(super) struct Annotated<C, H, Parameters, Via> {
    function: H,
    signature: Signature<C, Parameters, Via>,
}

/// What is known of a function beside itself.
type Signature<C, Parameters, Via> = PhantomData<fn() -> (C, Parameters, Via)>;

impl<C, H, Parameters, Via> Annotated<C, H, Parameters, Via> {
    pub(super) fn new(function: H) -> Self {
        Self {
            function,
            signature: PhantomData,
        }
    }
}

impl<C, H: Clone, Parameters, Via> Clone for Annotated<C, H, Parameters, Via> {
    fn clone(&self) -> Self {
        Self::new(self.function.clone())
    }
}

impl<S, C, H, Parameters, Via> Handle<S> for Annotated<C, H, Parameters, Via>
where
    S: Send + Sync + 'static,
    C: Contract,
    H: AsyncFn<C::Front, Parameters>,
    H::Future: Send,
    <H::Future as Future>::Output: Answer,
    Parameters: Fronts<C, C::Front, S, Via> + 'static,
    Via: 'static,
{
    fn info(&self) -> &'static Info {
        C::INFO
    }

    fn handle(&self, arriving: &mut Arriving<'_>, state: S) -> Handling {
        match Parameters::at_once(arriving) {
            Some(parameters) => Box::pin(Answering {
                handler: self.function.clone().call(parameters),
            }),
            None => Box::pin(Calling::Extracting {
                extraction: Parameters::extract(arriving, state),
                function: Some(self.clone()),
            }),
        }
    }
}

pin_project! {
    /// First the parameters, then the handler. As an async block it would keep room for both, and for what is moved from
    /// the one to the other: more than allocators are quick with.
    ///
    /// What it is, is said in a word of its own: else the compiler finds room in a byte of the futures, and moves them by
    /// that and by the rest, at an odd place, which the processor waits for.
    #[project = CallingProjection]
    #[repr(usize)]
    enum Calling<E, H, F> {
        Extracting { #[pin] extraction: E, function: Option<H> },
        Running { #[pin] answering: Answering<F> },
    }
}

pin_project! {
    /// A handler that has its parameters.
    struct Answering<F> {
        #[pin]
        handler: F,
    }
}

impl<F: Future> Future for Answering<F>
where
    F::Output: Answer,
{
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = self.project().handler.poll(cx);
        answer.map(Answer::answer).map(Ok)
    }
}

impl<E, C, H, Parameters, Via> Future for Calling<E, Annotated<C, H, Parameters, Via>, H::Future>
where
    C: Contract,
    E: Future<Output = Result<Parameters, Response>>,
    H: AsyncFn<C::Front, Parameters>,
    <H::Future as Future>::Output: Answer,
{
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let handler = match self.as_mut().project() {
                CallingProjection::Extracting {
                    extraction,
                    function,
                } => match ready!(extraction.poll(cx)) {
                    Ok(parameters) => match function.take() {
                        Some(annotated) => annotated.function.call(parameters),
                        None => return Poll::Pending,
                    },
                    Err(refusal) => return Poll::Ready(Ok(refusal)),
                },
                CallingProjection::Running { answering } => return answering.poll(cx),
            };
            let answering = Answering { handler };
            self.set(Self::Running { answering });
        }
    }
}
