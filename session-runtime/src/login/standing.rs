//! Who makes this request: nobody, or a user, who is loaded at most once.

use std::sync::Arc;

use super::loader::Users;
use super::protection::protect;
use super::user::AnyUser;
use crate::layer::Refusal;
use crate::session::{RememberOrder, Session};

/// Who makes a request.
pub(crate) enum Standing {
    /// Nobody is logged in.
    Stranger,
    /// Somebody is, and the layer knows no users.
    Unknown,
    /// This user.
    User(Arc<dyn AnyUser>),
}

/// Looks who makes the request. A login that has ended, because the user is gone or has a higher epoch by now, is removed from
/// the session. Where nobody is logged in, the login that is remembered is restored.
pub(crate) async fn standing(session: &Session) -> Result<Standing, Refusal> {
    protect(session)?;
    let Some(id) = session.login_id() else {
        return restored(session).await;
    };
    let Some(users) = users(session) else {
        return Ok(Standing::Unknown);
    };
    if let Standing::User(user) = known_standing(session) {
        return Ok(Standing::User(user));
    }
    match users.load(&id).await? {
        Some(user) if session.login_epoch() >= user.epoch() => {
            session.set_user(id, Arc::new(Known(user.clone())));
            Ok(Standing::User(user))
        }
        ended => {
            tracing::debug!(name: "session.login_ended", user_exists = ended.is_some(), "a session's login has ended");
            let writable = session.for_the_library();
            writable.change_unasked(Session::end_login)?;
            restored(session).await
        }
    }
}

/// Who is remembered, and now logged in again, but not fresh. Who is gone or has a higher epoch by now is forgotten.
async fn restored(session: &Session) -> Result<Standing, Refusal> {
    let Some(remembered) = session.remembered() else {
        return Ok(Standing::Stranger);
    };
    if !session.may_restore(&remembered.id).await? {
        tracing::debug!(name: "session.login_not_restored", "a request that was on its way when its session ended is not logged in again");
        return Ok(Standing::Stranger);
    }
    let user = match users(session) {
        None => None,
        Some(users) => match users.load(&remembered.id).await? {
            Some(user) if remembered.epoch >= user.epoch() => Some(user),
            _ => {
                let session = session.for_the_library();
                session.order_remember(RememberOrder::Clear)?;
                return Ok(Standing::Stranger);
            }
        },
    };
    let writable = session.for_the_library();
    writable
        .change_unasked(|session| session.begin_login(remembered.id, None, remembered.epoch))?;
    tracing::debug!(name: "session.login_restored", "a login was restored from the cookie that remembers it");
    Ok(match (user, session.login_id()) {
        (Some(user), Some(id)) => {
            session.set_user(id, Arc::new(Known(user.clone())));
            Standing::User(user)
        }
        _ => Standing::Unknown,
    })
}

/// The same without loading anybody.
pub(crate) fn known_standing(session: &Session) -> Standing {
    let Some(id) = session.login_id() else {
        return Standing::Stranger;
    };
    let user = session.user(&id);
    match user.as_ref().and_then(|user| user.downcast_ref::<Known>()) {
        Some(Known(user)) => Standing::User(user.clone()),
        None => Standing::Unknown,
    }
}

/// What the session keeps of the user for this request.
pub(super) struct Known(pub(super) Arc<dyn AnyUser>);

/// The loader of the session's layer.
pub(super) fn users(session: &Session) -> Option<&Users> {
    session.settings().users.as_ref()?.downcast_ref()
}
