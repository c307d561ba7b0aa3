//! What a session is called in a list of its user's sessions. It is none of the session's values: where the session comes from
//! keeps it beside them, if that is a place that has such lists.

use super::Session;
use super::state::State;
use crate::session::{Result, SessionError};

/// How many characters a label has at the most.
const MOST_CHARACTERS: usize = 200;

impl Session {
    /// Says what the session is called in a list of its user's sessions
    /// ([`StoredSessions::of_user`](crate::StoredSessions::of_user)), such as "Firefox on Linux": a text for people, of 200
    /// characters at the most. The empty text removes it. It is saved with what else the request changes, stays when the
    /// session is [renewed](Self::renew), and goes with [`clear`](Self::clear). A label alone makes no session of an empty one.
    ///
    /// In a cookie session it does nothing: nobody can list those, and a handler that sets a label works with both.
    ///
    /// ```
    /// use axum::http::HeaderMap;
    /// use session_runtime::prelude::*;
    ///
    /// #[post("/login")]
    /// async fn login(session: Session, headers: HeaderMap) -> Result<&'static str> {
    ///     // Once the password is known to be right.
    ///     session.set("user_id", 12345)?;
    ///     let agent = headers.get("user-agent").and_then(|value| value.to_str().ok());
    ///     session.set_label(match agent {
    ///         Some(agent) if agent.contains("Firefox/") => "Firefox",
    ///         _ => "another browser",
    ///     })?;
    ///     Ok("welcome")
    /// }
    /// # let _: Routes = routes![login];
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::LabelTooLong`], [`SessionError::ReadOnly`] or [`SessionError::Committed`]; the label is then as it was.
    pub fn set_label(&self, label: &str) -> Result<()> {
        let length = label.chars().count();
        if length > MOST_CHARACTERS {
            let limit = MOST_CHARACTERS;
            return Err(SessionError::LabelTooLong { length, limit });
        }
        let mut state = self.changeable()?;
        self.note_label(&mut state, (!label.is_empty()).then_some(label));
        Ok(())
    }

    /// What the session is called in a list of its user's sessions, as far as this request goes. `None` in a cookie session.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// assert_eq!(testing::session().label(), None);
    /// ```
    #[must_use]
    pub fn label(&self) -> Option<String> {
        let changed = self.look().label().cloned();
        changed.unwrap_or_else(|| self.shared.origin.as_ref()?.label())
    }

    /// Notes a change, if it is one.
    pub(super) fn note_label(&self, state: &mut State, label: Option<&str>) {
        if let Some(origin) = &self.shared.origin {
            let is_changed = origin.label().as_deref() != label;
            state.rare().label = is_changed.then(|| label.map(str::to_owned));
        }
    }
}
