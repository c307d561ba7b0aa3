//! The session of a response that goes on after its head: a stream of events, a WebSocket. The session was saved when the
//! head was ready, so what is asked and changed here goes to the store by itself.

use std::fmt;
use std::time::Duration;

use axum::extract::FromRequestParts;
use http::Method;
use http::request::Parts;
use serde::Serialize;

use crate::session::{AsKey, HandlerName, Notes, Result, Session, SessionError};

use super::attached::Attached;
use super::extract::route;
use super::passage::is_fetched_ahead;
use super::refusal::Refusal;

/// How often [`SessionHandle::ended`] asks the store.
const CHECK_EVERY: Duration = Duration::from_secs(3);

/// A handle on the session for what goes on after the response's head: server-sent events, a WebSocket, a task.
///
/// It is an extractor, and a cheap handle: clones are the same session. Nothing that it does extends the session's life, so
/// an open socket keeps no idle session alive.
///
/// ```
/// use session_runtime::{SessionHandle, prelude::*};
///
/// #[get("/events")]
/// #[login_required]
/// async fn events(session: SessionHandle) -> String {
///     tokio::spawn(async move {
///         // What is to stop when the visitor logs out, in this tab or another.
///         session.ended().await;
///     });
///     "open".to_owned()
/// }
/// # let _: Routes = routes![events];
/// ```
///
/// The session is over for a handle when it was ended or has expired, and when somebody else has logged in, or the user out, in
/// it. A renewal that keeps the user does not end it; several renewals within three seconds may, which costs the browser
/// a reconnection. A user's [epoch](crate::AuthUser::epoch) is not asked: where it is raised, end the user's sessions too
/// ([`StoredSessions::end_all_of_user`](crate::StoredSessions::end_all_of_user)).
///
/// # In a cookie session
///
/// The server keeps nothing, so it cannot know of a logout: the session is over when the cookie that the visitor brought, or
/// that this response has set, is too old. [`set`](Self::set) is refused, because no cookie can be sent any more.
#[derive(Clone)]
pub struct SessionHandle {
    session: Session,
    attached: Attached,
    /// When the request was there, in unix seconds.
    began_at: u64,
    discards: Discards,
}

/// Whether changes count.
#[derive(Clone, Copy)]
enum Discards {
    No,
    /// A `HEAD` request, whose changes are dropped.
    Head,
    /// A page that is fetched ahead of time, which changes nothing.
    FetchedAhead,
}

impl SessionHandle {
    /// Whether the session is alive, and still this user's. A visitor without a session has none that is.
    ///
    /// ```
    /// use session_runtime::{SessionHandle, prelude::*};
    ///
    /// #[post("/long-job")]
    /// async fn long_job(session: SessionHandle) -> Result<&'static str> {
    ///     Ok(match session.revalidate().await? {
    ///         true => "go on",
    ///         false => "stop",
    ///     })
    /// }
    /// # let _: Routes = routes![long_job];
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::Unavailable`] if the store does not say within
    /// [`store_timeout`](crate::SessionConfig::store_timeout). The session may well be alive.
    pub async fn revalidate(&self) -> Result<bool> {
        if let Some(is_alive) = self.attached.is_alive_on_server().await? {
            return Ok(is_alive);
        }
        // What is not in the store yet, as the response's head is not ready, is there as far as this request goes.
        let is_stored = self.attached.has_store() && self.session.is_closed();
        Ok(!is_stored && self.attached.is_alive_in_cookie(self.began_at))
    }

    /// Waits until the session is over: at most 3 s longer than that, and what the store takes to answer.
    ///
    /// A store that does not answer ends no session: this waits on, and asks again. It needs tokio's timer.
    ///
    /// ```
    /// use session_runtime::{SessionHandle, prelude::*};
    ///
    /// # async fn serve() {}
    /// #[get("/socket")]
    /// async fn socket(session: SessionHandle) {
    ///     tokio::spawn(async move {
    ///         tokio::select! {
    ///             () = session.ended() => {}
    ///             () = serve() => {}
    ///         }
    ///     });
    /// }
    /// # let _: Routes = routes![socket];
    /// ```
    pub async fn ended(&self) {
        // What fails is logged.
        while self.revalidate().await.unwrap_or(true) {
            tokio::time::sleep(CHECK_EVERY).await;
        }
    }

    /// Sets the value under `key` in the store, at once. What the handler's [`Session`] holds stays as it was loaded.
    ///
    /// Who is logged in cannot be changed so: the visitor would need another cookie.
    ///
    /// ```
    /// use session_runtime::{SessionHandle, prelude::*};
    ///
    /// #[get("/socket")]
    /// async fn socket(session: SessionHandle) {
    ///     tokio::spawn(async move { session.set("last_message", 17).await });
    /// }
    /// # let _: Routes = routes![socket];
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::Superseded`] if the session is over; [`SessionError::Committed`] in a cookie session, for a visitor
    /// without a session, and for the login key; [`SessionError::Unserializable`], [`SessionError::Reserved`],
    /// [`SessionError::ReadOnly`] or [`SessionError::Unavailable`].
    pub async fn set<T: Serialize>(&self, key: impl AsKey<T>, value: T) -> Result<()> {
        let name = key.name();
        let text = self.session.written(name, &value)?;
        match self.discards {
            Discards::No => {}
            Discards::Head => return Ok(()),
            Discards::FetchedAhead => {
                return Err(SessionError::Unavailable {
                    reason: "a page that is fetched ahead of time changes nothing".to_owned(),
                });
            }
        }
        let is_login = name == self.session.settings().login_key;
        if !is_login && self.attached.set_on_server(name, &text).await? {
            return Ok(());
        }
        let handler = self.session.handler();
        Err(SessionError::Committed { handler })
    }
}

/// Opens the session of the innermost layer. Without a layer the answer is 500, and the log says what to add.
impl<S: Sync> FromRequestParts<S> for SessionHandle {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let attached = Attached::find(parts, || route(parts))?.clone();
        let is_fetched_ahead = is_fetched_ahead(&parts.method, &parts.headers);
        let note = |notes: &mut Notes<'_>| {
            notes.looked();
            notes.handler(|| HandlerName::Text(route(parts)));
        };
        let session = attached
            .open(&parts.headers, is_fetched_ahead, false, note)
            .await?;
        Ok(Self {
            session,
            began_at: attached.now(),
            attached,
            discards: match is_fetched_ahead {
                true => Discards::FetchedAhead,
                false if parts.method == Method::HEAD => Discards::Head,
                false => Discards::No,
            },
        })
    }
}

impl fmt::Debug for SessionHandle {
    /// Shows no value, as a session does not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionHandle").finish_non_exhaustive()
    }
}
