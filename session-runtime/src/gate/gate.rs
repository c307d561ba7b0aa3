//! The gate: the one parameter in front of an annotated handler, and the order in which it does its work.
//!
//! Being an extractor it runs before every other, so nothing of a stranger's body is read, and a handler that is wired by
//! hand is as protected as one in `routes![]`.

use std::fmt;
use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use super::admission::{Admission, Asks, open};
use super::contract::{Access, Contract, Info, KeyUse, Values};
use crate::layer::{Arriving, Attached, Refusal};
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
            values: C::bind(&session)?,
            session,
            contract: PhantomData,
        })
    }

    /// Begins the handler: does what the route's options say to the session, removes what is taken, and hands out the
    /// values. It happens here and not at the gate, so that a request which a later extractor refuses eats no flash message.
    ///
    /// The handle that comes with them lives as long as the handler runs, so that a panic is noticed.
    ///
    /// What fails becomes the answer ([`SessionError`]) and nothing is saved, whatever the handler returns. It is async for
    /// stores, where all takes are one round trip. A take that the store did not confirm must not reach the handler: this
    /// future then fails the session and never completes, and the layer, which looks at the session whenever the handler is
    /// pending, drops the handler and answers.
    #[doc(hidden)]
    pub async fn enter<T: 'static>(mut self) -> (T, Session) {
        if let Err(error) = self.begin().await {
            self.session.fail(error);
            std::future::pending::<()>().await;
        }
        match self.values.downcast() {
            Ok(values) => (*values, self.session),
            // The macro writes the types twice, and both times the same.
            Err(_) => std::future::pending().await,
        }
    }

    /// What [`pass`](Self::pass) needs where the handler takes nothing but its gate.
    pub(crate) fn parts_for_guards<S>(arriving: Arriving) -> (Parts, Option<Attached>)
    where
        C::Front: Asks<C, S>,
    {
        if <C::Front as Asks<C, S>>::SHOWS_REQUEST {
            (arriving.into_request().into_parts().0, None)
        } else {
            arriving.into_parts()
        }
    }

    /// Opens the session, which is in the request's extensions if it is not given, asks the guards and reads the values.
    pub(crate) async fn pass<S: Sync>(
        parts: &mut Parts,
        attached: Option<&Attached>,
        state: &S,
    ) -> Result<Self, Response>
    where
        C::Front: Asks<C, S>,
    {
        let session = open(parts, attached, C::INFO)
            .await
            .map_err(IntoResponse::into_response)?;
        let mut admission = Admission::new(C::INFO, &session, parts, state);
        <C::Front as Asks<C, S>>::ask(&mut admission).await?;
        Self::bound(session).map_err(IntoResponse::into_response)
    }

    async fn begin(&mut self) -> Result<(), SessionError> {
        let taken = take(&self.session, C::INFO).await?;
        if taken == Some(false) {
            // Another request was quicker, so the values are not what the gate has read.
            self.values = C::bind(&self.session).map_err(unbound)?;
        }
        begin(&self.session, C::INFO)
    }
}

impl<S: Sync, C: Contract> FromRequestParts<S> for Gate<C>
where
    C::Front: Asks<C, S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        Self::pass(parts, None, state).await
    }
}

impl<C: Contract> fmt::Debug for Gate<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate<{}>", C::INFO.name)
    }
}

/// Takes from a store what the handler takes, all of it at once.
async fn take(session: &Session, info: &Info) -> Result<Option<bool>, SessionError> {
    if !session.is_shared() {
        return Ok(None);
    }
    let names: Vec<_> = taken(info).collect();
    session.take_from_origin(&names).await
}

fn taken(info: &Info) -> impl Iterator<Item = &'static str> {
    let takes = info.keys.iter().filter(|key| key.access() == Access::Take);
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
        session.remove(name)?;
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
