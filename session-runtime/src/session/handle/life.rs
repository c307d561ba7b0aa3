//! How long a session lives, as the application says it: with the browser, or for a time of its own, and with a new secret. When a
//! life has ended is judged elsewhere.

use std::time::Duration;

use super::Session;
use crate::session::Result;
use crate::session::permanence::Permanence;

impl Session {
    /// Makes the session outlive the browser, for as long as the configuration says
    /// ([`permanent_lifetime`](crate::SessionConfig::permanent_lifetime)), or end with it. It is Flask's
    /// `session.permanent`.
    ///
    /// A session that is permanent for a time of its own ([`set_lifetime`](Self::set_lifetime)) keeps that time.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set_permanent(true)?;
    /// assert!(session.is_permanent());
    /// session.set_permanent(false)?;
    /// assert!(!session.is_permanent());
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`](crate::SessionError::ReadOnly) or [`SessionError::Committed`](crate::SessionError::Committed).
    pub fn set_permanent(&self, permanent: bool) -> Result<()> {
        let mut state = self.changeable()?;
        match (permanent, state.permanence()) {
            (true, Permanence::Browser) => state.set_permanence(Permanence::Configured),
            (false, Permanence::Configured | Permanence::Own(_)) => {
                state.set_permanence(Permanence::Browser)
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes the session outlive the browser, for `lifetime` from the last time its cookie is sent. Whole seconds count,
    /// and at least one.
    ///
    /// ```
    /// use session_runtime::testing;
    /// use std::time::Duration;
    ///
    /// let session = testing::session();
    /// session.set_lifetime(Duration::from_secs(15 * 60))?;
    /// assert!(session.is_permanent());
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`](crate::SessionError::ReadOnly) or [`SessionError::Committed`](crate::SessionError::Committed).
    pub fn set_lifetime(&self, lifetime: Duration) -> Result<()> {
        self.changeable()?.set_permanence(Permanence::Own(lifetime));
        Ok(())
    }

    /// Whether the session outlives the browser.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// assert!(!testing::session().is_permanent());
    /// ```
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.look().permanence() != Permanence::Browser
    }

    /// Gives the session a new secret and keeps its values. To be called where the visitor's rights change, as at login,
    /// so that a cookie that somebody else planted or saw is worth nothing.
    ///
    /// A cookie session has no secret of its own: it is signed and sent anew.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set("user_id", 12345)?;
    /// session.renew()?;
    /// assert_eq!(session.get("user_id")?, Some(12345));
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`](crate::SessionError::ReadOnly) or [`SessionError::Committed`](crate::SessionError::Committed).
    #[doc(alias = "cycle_id")]
    pub fn renew(&self) -> Result<()> {
        self.changeable()?.flags.renewed = true;
        Ok(())
    }
}
