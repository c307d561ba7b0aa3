//! The gate: the one parameter in front of an annotated handler, and the order in which it does its work.
//!
//! Being an extractor it runs before every other, so nothing of a stranger's body is read, and a handler that is wired by
//! hand is as protected as one in `routes![]`.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use super::admission::{Admission, Asks, admit_at_once, open};
use super::admitting::Admitting;
use super::contract::Contract;
use super::info::{Declaration, Info};
use super::key_use::{Access, KeyUse};
use super::values::Values;
use crate::layer::{Arriving, Refusal};
use crate::session::{Session, SessionError};

/// The proof that what a handler declared holds for this request.
///
/// The attributes put it in front of the handler's parameters. It is named in a program's own code only where a test calls
/// a handler, see [`for_test`](Self::for_test).
///
/// As an extractor it looks for the session's layer, refuses a prefetch of what would change the session, opens the
/// session, asks the guards, the login guard first, and reads the values of the `#[session]` parameters, in this order. Each can refuse the
/// request, and then no other extractor runs and the body is not read.
pub struct Gate<C: Contract> {
    session: Session,
    values: Values,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> Gate<C> {
    /// The gate with the values that the session holds.
    pub(super) fn bound(session: Session) -> Result<Self, Refusal> {
        Ok(Self {
            values: Values::read(C::INFO, &session)?,
            session,
            contract: PhantomData,
        })
    }

    /// Begins the handler: does what the route's options say to the session, and removes what is taken. It happens here and
    /// not at the gate, so that a request which a later extractor refuses eats no flash message.
    ///
    /// The gate lives on as long as the handler runs, and with it a handle on the session, so that a panic is noticed.
    ///
    /// What fails becomes the answer ([`SessionError`]) and nothing is saved, whatever the handler returns.
    #[doc(hidden)]
    pub fn enter(&mut self) {
        if let Err(error) = begin(&self.session, C::INFO) {
            self.session.fail(error);
        }
    }

    /// Begins the handler, and hands out its first value.
    #[doc(hidden)]
    pub fn first_value<T: 'static>(&mut self) -> T {
        self.enter();
        self.next_value()
    }

    /// The value of the next parameter.
    #[doc(hidden)]
    pub fn next_value<T: 'static>(&mut self) -> T {
        self.values.next(C::INFO, &self.session)
    }

    /// The gate of a request that goes through it without waiting, where its handler takes nothing else of it, and no value
    /// could refuse it.
    pub(crate) fn passed(arriving: &mut Arriving<'_>) -> Option<Self> {
        let values = Values::unread(C::INFO)?;
        Some(Self {
            session: admit_at_once(C::INFO, arriving)?,
            values,
            contract: PhantomData,
        })
    }

    /// The way of a request through the gate, where the handler takes nothing else of it.
    pub(crate) fn passing<S: Send + 'static>(arriving: &mut Arriving<'_>, state: S) -> Passing<C>
    where
        C::Front: Asks<C, S>,
    {
        Passing {
            admitting: <C::Front as Asks<C, S>>::admit(arriving, state),
            contract: PhantomData,
        }
    }

    /// Takes from a store what the handler takes, before it begins. In a cookie session there is nothing to wait for.
    #[doc(hidden)]
    pub fn take(self) -> Taking<C> {
        Taking {
            taking: self.session.is_shared().then(|| {
                let session = self.session.clone();
                Box::pin(async move { take(&session, C::INFO).await }) as _
            }),
            gate: Some(self),
        }
    }
}

/// A gate that takes from a store what the handler takes, in one round trip.
///
/// A take that the store did not confirm must not reach the handler: this future then fails the session and never completes,
/// and the layer, which looks at the session whenever the handler is pending, drops the handler and answers.
///
/// It is no async function, because the compiler looks into the future of one again for each handler that awaits it.
pub struct Taking<C: Contract> {
    taking: Option<Pin<Box<dyn Future<Output = Taken> + Send>>>,
    gate: Option<Gate<C>>,
}

/// Whether the values were still what the gate has read; nothing where no store was asked.
type Taken = Result<Option<bool>, SessionError>;

impl<C: Contract> Future for Taking<C> {
    type Output = Gate<C>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Gate<C>> {
        let taken = match &mut self.taking {
            Some(taking) => ready!(taking.as_mut().poll(cx)),
            None => Ok(None),
        };
        self.taking = None;
        let Some(mut gate) = self.gate.take() else {
            return Poll::Pending;
        };
        let bound = taken.and_then(|taken| {
            if taken == Some(false) {
                // Another request was quicker, so the values are not what the gate has read.
                gate.values = Values::read(C::INFO, &gate.session).map_err(unbound)?;
            }
            Ok(())
        });
        match bound {
            Ok(()) => Poll::Ready(gate),
            Err(error) => {
                gate.session.fail(error);
                Poll::Pending
            }
        }
    }
}

impl<C: Contract> fmt::Debug for Taking<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Taking<{}>", C::INFO.name())
    }
}

impl<S: Sync, C: Contract> FromRequestParts<S> for Gate<C>
where
    C::Front: Asks<C, S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let session = open(parts, None, C::INFO).await?;
        let mut admission = Admission::new(C::INFO, &session, parts, state);
        <C::Front as Asks<C, S>>::ask(&mut admission).await?;
        Self::bound(session).map_err(IntoResponse::into_response)
    }
}

/// A request on its way through a gate.
pub(crate) struct Passing<C> {
    admitting: Admitting,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> Future for Passing<C> {
    /// The handler's parameters.
    type Output = Result<(Gate<C>,), Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let session = ready!(Pin::new(&mut self.admitting).poll(cx))?;
        // Not before this is polled: what a default is made of may ask for an address, and knows the router only here.
        let gate = Gate::bound(session).map_err(IntoResponse::into_response)?;
        Poll::Ready(Ok((gate,)))
    }
}

impl<C: Contract> fmt::Debug for Gate<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate<{}>", C::INFO.name())
    }
}

/// Takes from a store what the handler takes, all of it at once.
async fn take(session: &Session, info: &Info) -> Taken {
    let names: Vec<_> = taken(info).collect();
    session.take_from_origin(&names).await
}

fn taken(info: &Info) -> impl Iterator<Item = &'static str> {
    let takes = info.keys.iter().filter(|key| key.access() == Access::Pop);
    takes.map(KeyUse::name)
}

/// What a session error is that a binding made a refusal of.
fn unbound(refusal: Refusal) -> SessionError {
    match refusal {
        Refusal::Session(error) => error,
        other => SessionError::Unavailable {
            reason: other.to_string(),
        },
    }
}

fn begin(session: &Session, info: &Info) -> Result<(), SessionError> {
    let options = &info.options;
    // Taken before the session is cleared, and cleared before it is made permanent, which clearing would undo.
    for name in taken(info) {
        session.forget_taken(name);
        session.discard(name)?;
    }
    if options.clear {
        session.clear()?;
    }
    if options.renew {
        session.renew()?;
    }
    if options.permanent {
        session.set_permanent(true)?;
    }
    if let Some(lifetime) = options.lifetime {
        session.set_lifetime(lifetime)?;
    }
    Ok(())
}
