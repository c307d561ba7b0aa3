//! The gate: the one parameter in front of an annotated handler, and the order in which it does its work.
//!
//! Being an extractor it runs before every other, so nothing of a stranger's body is read, and a handler that is wired by
//! hand is as protected as one in `routes![]`.

use std::fmt;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::contract::{Access, Contract, Info};
use super::guard;
use crate::layer::{Attached, Refusal, is_fetched_ahead};
use crate::session::{Session, SessionError};

/// The proof that what a handler declared holds for this request.
///
/// The attributes put it in front of the handler's parameters. It is named in a program's own code only where a test calls
/// a handler, see [`for_test`](Self::for_test).
///
/// As an extractor it looks for the session's layer, refuses a prefetch of what would change the session, opens the
/// session, asks the guards, and reads the values of the `#[session]` parameters, in this order. Each can refuse the
/// request, and then no other extractor runs and the body is not read.
pub struct Gate<C: Contract> {
    session: Session,
    bindings: C::Bindings,
}

impl<C: Contract> Gate<C> {
    /// Passes the gate without a request, to call a handler in a unit test. Guards are asked and values are read as in a
    /// request.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[post("/visit")]
    /// #[login_required]
    /// async fn visit(#[session(default)] visits: &mut u32) -> String {
    ///     *visits += 1;
    ///     format!("visit {visits}")
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let session = session_runtime::testing::session();
    /// assert!(Gate::<visit>::for_test(&session).is_err(), "nobody is logged in");
    ///
    /// session.set("user_id", 1)?;
    /// assert_eq!(visit(Gate::for_test(&session)?).await, "visit 1");
    /// assert_eq!(session.get("visits")?, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the request would have been refused with. Without a request nobody can be redirected, so a stranger is always
    /// [`Refusal::LoginRequired`].
    pub fn for_test(session: &Session) -> Result<Self, Refusal> {
        guard::admit_without_request(C::INFO.guards, session)?;
        Ok(Self {
            bindings: C::bind(session)?,
            session: session.clone(),
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
    pub async fn enter(self) -> (C::Bindings, Session) {
        if let Err(error) = begin(&self.session, C::INFO) {
            self.session.fail(error);
            std::future::pending::<()>().await;
        }
        (self.bindings, self.session)
    }
}

impl<S: Sync, C: Contract> FromRequestParts<S> for Gate<C> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let session = pass(parts, C::INFO)?;
        Ok(Self {
            bindings: C::bind(&session)?,
            session,
        })
    }
}

impl<C: Contract> fmt::Debug for Gate<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate<{}>", C::INFO.name)
    }
}

/// What is the same for every contract, so that it is compiled once.
fn pass(parts: &Parts, info: &'static Info) -> Result<Session, Refusal> {
    let attached = Attached::find(parts, || info.name.into())?;
    // The browser asks again when somebody clicks, so nothing is lost by refusing, and nothing happens too early.
    if info.changes_session() && is_fetched_ahead(parts) {
        return Err(Refusal::Prefetch);
    }
    let session = attached.open(&parts.headers);
    session.set_handler_with(|| info.name.into());
    guard::admit(info, &session, parts)?;
    if info.options.read_only {
        session.set_read_only();
    }
    Ok(session)
}

fn begin(session: &Session, info: &Info) -> Result<(), SessionError> {
    let options = &info.options;
    // Taken before the session is cleared, and cleared before it is made permanent, which clearing would undo.
    for key in info.keys.iter().filter(|key| key.access() == Access::Take) {
        session.remove(key.name())?;
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
