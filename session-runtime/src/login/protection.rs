//! What becomes of a login whose session comes from another browser, in Flask-Login's setting.

use crate::session::{RememberOrder, Result, Session, SessionProtection};

/// Ends a login that is another browser's, or makes it stale. Where nobody is logged in there is nothing to protect.
pub(super) fn protect(session: &Session) -> Result<()> {
    let settings = session.settings();
    let (Some(protection), Some(browser)) = (settings.flask_login, session.identifier()) else {
        return Ok(());
    };
    let Some(id) = session.login_id() else {
        return Ok(());
    };
    let noted = session.browser_of_login();
    if protection == SessionProtection::Off || noted.as_ref() == Some(&browser) {
        return Ok(());
    }
    let session = session.for_the_library();
    if protection == SessionProtection::Basic || session.is_permanent() {
        return session.set_stale();
    }
    // Flask-Login has restored it from the remember cookie that the browser still brings, and notes no browser then.
    let is_restored = noted.is_none()
        && !session.is_fresh()
        && session
            .remembered()
            .is_some_and(|remembered| remembered.id == id);
    if is_restored {
        return session.adopt_login();
    }
    tracing::debug!(name: "session.login_protected", "a session's login has ended: it came from another browser");
    session.change_unasked(Session::end_login)?;
    session.order_remember(RememberOrder::Clear)
}
