//! One request on its way past the guards: which of them are asked, in which order, and when one is left out.
//!
//! The login guard is asked first, wherever it was written: a stranger is told to log in before anything else is judged.
//! This knows no guard but that one.

use std::pin::Pin;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::Method;
use http::request::Parts;

use super::admitting::Admitting;
use super::contract::{Contract, Gated, GuardInfo, Guarded};
use super::guard::Guard;
use super::info::{Declaration, Info};
use crate::layer::{Arriving, Attached, Refusal, is_fetched_ahead};
use crate::session::{HandlerName, Notes, ReadOnlySession, Session};

/// A request that asks to be let through.
pub struct Admission<'r, S> {
    session: &'r Session,
    parts: &'r mut Parts,
    state: &'r S,
    /// A browser asks with `OPTIONS`, and without cookies, whether it may ask. A handler that is there for this alone may
    /// answer; one that serves other methods too would do for a stranger what it does for a user.
    is_for_options_alone: bool,
}

/// The guards of the application's own that a handler names in `#[guard(..)]`.
pub trait OwnGuards<S> {
    /// Asks each in its order.
    fn ask(admission: &mut Admission<'_, S>) -> impl Future<Output = Result<(), Response>> + Send;
}

/// How much there is to ask in front of a handler of the contract `C`.
pub trait Asks<C, S> {
    /// Opens the session of a request that has just arrived, and asks.
    #[doc(hidden)]
    fn admit(arriving: &mut Arriving<'_>, state: S) -> Admitting
    where
        S: Send + 'static;

    #[doc(hidden)]
    fn ask(admission: &mut Admission<'_, S>) -> impl Future<Output = Result<(), Response>> + Send;
}

impl<'r, S: Sync> Admission<'r, S> {
    pub(super) fn new(
        info: &Info,
        session: &'r Session,
        parts: &'r mut Parts,
        state: &'r S,
    ) -> Self {
        Self {
            is_for_options_alone: parts.method == Method::OPTIONS
                && info.is_routed()
                && info.routes().all(|route| route.method == "OPTIONS"),
            session,
            parts,
            state,
        }
    }

    /// Asks one guard.
    ///
    /// # Errors
    ///
    /// What it answers instead of the handler.
    pub async fn ask<G: Guard<S>>(&mut self, guard: &G) -> Result<(), Response> {
        if self.is_for_options_alone && !G::ASKED_AT_OPTIONS {
            return Ok(());
        }
        guard
            .check(&ReadOnlySession::of(self.session), self.parts, self.state)
            .await
            .map_err(IntoResponse::into_response)
    }
}

impl<C: Contract, S: Sync, Arity> Asks<C, S> for (Gated, Arity) {
    fn admit(arriving: &mut Arriving<'_>, state: S) -> Admitting
    where
        S: Send + 'static,
    {
        admit_gated(C::INFO, arriving, state)
    }

    fn ask(admission: &mut Admission<'_, S>) -> impl Future<Output = Result<(), Response>> + Send {
        ask_login_guards(C::INFO, admission)
    }
}

impl<C: Contract + OwnGuards<S>, S: Sync, Arity> Asks<C, S> for (Guarded, Arity) {
    fn admit(arriving: &mut Arriving<'_>, state: S) -> Admitting
    where
        S: Send + 'static,
    {
        // Its own guards get to see the request, and may look for the session in it.
        let (mut parts, _) = arriving.take_request().into_parts();
        Admitting::waits(async move {
            let session = open(&parts, None, C::INFO).await?;
            let mut admission = Admission::new(C::INFO, &session, &mut parts, &state);
            <Self as Asks<C, S>>::ask(&mut admission).await?;
            Ok(session)
        })
    }

    async fn ask(admission: &mut Admission<'_, S>) -> Result<(), Response> {
        ask_login_guards(C::INFO, admission).await?;
        <C as OwnGuards<S>>::ask(admission).await
    }
}

/// The same for every contract, so that it is compiled once.
fn admit_gated<S: Send + Sync + 'static>(
    info: &'static Info,
    arriving: &mut Arriving<'_>,
    state: S,
) -> Admitting {
    if let Some(session) = admit_at_once(info, arriving) {
        return Admitting::done(session);
    }
    let (mut parts, attached) = arriving.take_parts();
    Admitting::waits(async move {
        let session = open(&parts, attached.as_ref(), info).await?;
        let mut admission = Admission::new(info, &session, &mut parts, &state);
        ask_login_guards(info, &mut admission).await?;
        Ok(session)
    })
}

/// Lets the request through, where neither a guard nor a store is waited for and nothing refuses it.
pub(super) fn admit_at_once(info: &'static Info, arriving: &mut Arriving<'_>) -> Option<Session> {
    if !info.guards.is_empty() || info.changes_session() && arriving.is_fetched_ahead() {
        return None;
    }
    arriving.open_at_once(noting(info))
}

/// The same for every contract, so that it is compiled once.
async fn ask_login_guards<S: Sync>(
    info: &Info,
    admission: &mut Admission<'_, S>,
) -> Result<(), Response> {
    for login in info.guards.iter().filter_map(GuardInfo::as_login) {
        // Boxed, since what it waits in is large, and is else a part of every handler's future.
        Box::pin(admission.ask(login)).await?;
    }
    Ok(())
}

/// The guards of the groups around a handler, the outermost first.
pub(crate) type GroupGuards<S> = Arc<[Arc<dyn GroupGuard<S>>]>;

/// A guard whose type is forgotten, since a group holds several.
pub(crate) trait GroupGuard<S>: Send + Sync {
    fn ask<'a>(&'a self, admission: &'a mut Admission<'_, S>) -> Asking<'a>;
}

type Asking<'a> = Pin<Box<dyn Future<Output = Result<(), Response>> + Send + 'a>>;

impl<S: Sync, G: Guard<S>> GroupGuard<S> for G {
    fn ask<'a>(&'a self, admission: &'a mut Admission<'_, S>) -> Asking<'a> {
        Box::pin(admission.ask(self))
    }
}

/// Asks the guards of the groups around a handler, which may itself have no gate.
pub(crate) async fn ask_groups<S: Sync>(
    guards: &GroupGuards<S>,
    info: &'static Info,
    parts: &mut Parts,
    state: &S,
) -> Result<(), Response> {
    let session = open(parts, None, info).await?;
    session.set_guarded();
    let mut admission = Admission::new(info, &session, parts, state);
    for guard in guards.iter() {
        guard.ask(&mut admission).await?;
    }
    Ok(())
}

/// What comes before the guards, and is the same for every contract, so that it is compiled once. The session is in the
/// request's extensions if it is not given.
pub(super) async fn open(
    parts: &Parts,
    attached: Option<&Attached>,
    info: &'static Info,
) -> Result<Session, Response> {
    let opened = async {
        let attached = match attached {
            Some(attached) => attached,
            None => Attached::find(parts, || info.name().into())?,
        };
        // The browser asks again when somebody clicks, so nothing is lost by refusing, and nothing happens too early.
        let is_fetched_ahead = is_fetched_ahead(&parts.method, &parts.headers);
        if info.changes_session() && is_fetched_ahead {
            return Err(Refusal::Prefetch);
        }
        let leases = info.leases_session();
        let opened = attached.open(&parts.headers, is_fetched_ahead, leases, noting(info));
        Ok(opened.await?)
    };
    opened.await.map_err(Refusal::into_response)
}

/// What is noted where the session is opened.
fn noting(info: &'static Info) -> impl FnOnce(&mut Notes<'_>) {
    move |notes: &mut Notes<'_>| {
        notes.handler(|| HandlerName::KnownBy(info));
        if !info.guards.is_empty() {
            notes.guarded();
        }
        if info.options.read_only {
            notes.read_only();
        }
    }
}
