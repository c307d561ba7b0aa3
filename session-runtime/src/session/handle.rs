//! The handle on one request's session: what was loaded, what changed, and a few flags that are independent of each
//! other. It is opened once and closed once; who does that, and with what, it does not know.

mod label;
mod life;
mod lifecycle;
mod loan;
mod login;
mod notes;
mod remember;
mod rights;
mod state;

pub(crate) use lifecycle::Brought;
pub(crate) use loan::Lent;
pub(crate) use login::is_of_login;
pub(crate) use notes::{HandlerName, Named, Notes};
pub(crate) use state::Closed;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::rights::Rights;
use self::state::State;
use super::format::Format;
use super::reserved::is_reserved;
use super::{
    AsKey, Origin, Recall, RememberOrder, Result, SessionError, SessionProtection, Text, raw,
};
use crate::clock::Clock;

/// The session of one request: a dictionary of JSON values that lives as long as the visitor's cookie.
///
/// It is an extractor, which opens the session, and a cheap handle: clones are the same session. Values are named by a
/// [`Key<T>`](crate::Key) or by a string. Changes are kept here until the response's head is ready and are then saved all
/// at once; whatever the response's status is. After a panic, and for a `HEAD` request, nothing is saved. A change that
/// comes after the response's head, as from a streaming body, is a [`SessionError::Committed`].
///
/// ```
/// use session_runtime::prelude::*;
///
/// const USER_ID: Key<u64> = Key::new("user_id");
///
/// #[get("/")]
/// async fn index(session: Session) -> Result<String> {
///     Ok(match session.get(USER_ID)? {
///         Some(id) => format!("Logged in as user {id}"),
///         None => "Not logged in".to_owned(),
///     })
/// }
/// ```
///
/// Three things are told apart when a value is read: `Ok(None)` is a value that is missing, [`SessionError::WrongType`] is
/// one that does not fit, and [`SessionError::Unavailable`] is a session that cannot be had.
pub struct Session {
    shared: Arc<Shared>,
    rights: Rights,
}

/// What a session needs to know of the application.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The key that is there, and not null, exactly when somebody is logged in.
    pub(crate) login_key: Cow<'static, str>,
    /// Where a stranger's browser is sent.
    pub(crate) login_page: Option<String>,
    /// How values are written.
    pub(crate) format: &'static dyn Format,
    /// By which a login ages.
    pub(crate) clock: Clock,
    /// Where users are loaded from, if the application has said so: for the floor that knows.
    pub(crate) users: Option<Arc<dyn Any + Send + Sync>>,
    /// Reads what remembers a login, if anything does.
    pub(crate) recall: Option<Arc<dyn Recall>>,
    /// Logins are noted as Flask-Login does, and so protected.
    pub(crate) flask_login: Option<SessionProtection>,
}

struct Shared {
    settings: Arc<Settings>,
    /// Where parallel requests share the session, if they do.
    origin: Option<Arc<dyn Origin>>,
    state: Mutex<State>,
}

impl Session {
    /// The value under `key`, or `None` if there is none.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// assert_eq!(session.get::<u64>("user_id")?, None);
    /// session.set("user_id", "Ada")?;
    /// assert!(session.get::<u64>("user_id").is_err(), "a text is there");
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`] if the value does not read as `T`, nor through the key's
    /// [`migrate`](crate::Key::migrate).
    pub fn get<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        self.look().read(&key, self.format())
    }

    /// Sets the value under `key`. Setting what is already there changes nothing, and nothing is sent.
    ///
    /// A name that a visitor chooses may be that of any value, and of the login: put a prefix in front of it.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set("user_id", 12345)?;
    /// assert_eq!(session.get("user_id")?, Some(12345));
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::Unserializable`], [`SessionError::Reserved`], [`SessionError::ReadOnly`] or
    /// [`SessionError::Committed`]; the session is then as it was.
    #[doc(alias = "insert")]
    pub fn set<T: Serialize>(&self, key: impl AsKey<T>, value: T) -> Result<()> {
        let value = raw::write(key.name(), &value, self.format())?;
        self.put(key.name(), value)
    }

    /// Removes the value under `key` and returns it, or `None` if there is none.
    ///
    /// Of parallel requests each may get the value, in a store too: `pop` removes it when the response is ready, while
    /// `#[session(pop)]` on a parameter, and [`take`](Self::take), remove it in the store at once and give it to one of them.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set("notice", "saved")?;
    /// assert_eq!(session.pop::<String>("notice")?.as_deref(), Some("saved"));
    /// assert_eq!(session.pop::<String>("notice")?, None);
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`], and then the value stays; [`SessionError::Reserved`], [`SessionError::ReadOnly`] or
    /// [`SessionError::Committed`].
    #[doc(alias = "remove")]
    pub fn pop<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        let mut state = self.change(key.name())?;
        let value = state.read(&key, self.format())?;
        self.replace(&mut state, key.name(), None);
        Ok(value)
    }

    /// Removes the value under `key` and returns it to one of parallel requests; the others get `None`.
    ///
    /// In a cookie session there is nothing that parallel requests share, so it is the same as [`pop`](Self::pop). In a
    /// store the value is gone at once: it stays taken if the handler then fails or is given up.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[get("/")]
    /// async fn index(session: Session) -> Result<String> {
    ///     let notice: Option<String> = session.take("notice").await?;
    ///     Ok(notice.unwrap_or_default())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`pop`](Self::pop), and [`SessionError::Superseded`] or [`SessionError::Unavailable`]; the value is then not
    /// taken.
    pub async fn take<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        // What does not fit is not asked for, and stays.
        self.change(key.name())?.read(&key, self.format())?;
        if self.take_from_origin(&[key.name()]).await?.is_none() {
            return self.pop(key);
        }
        let value = self.look().read(&key, self.format());
        match &value {
            Ok(_) => self.forget_taken(key.name()),
            // Another request has put another type there since.
            Err(_) => self.put_taken_back(key.name()),
        }
        value
    }

    /// Whether there is a value under `key`, a [`Key`](crate::Key) or a string, of whatever type.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// assert!(!session.contains("user_id"));
    /// session.set("user_id", 12345)?;
    /// assert!(session.contains("user_id"));
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, key: impl AsRef<str>) -> bool {
        self.look().get(key.as_ref()).is_some()
    }

    /// The value under `key`, which is set to `value` if there is none.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// assert_eq!(session.set_default("theme", "dark".to_owned())?, "dark");
    /// assert_eq!(session.set_default("theme", "light".to_owned())?, "dark");
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get) and of [`set`](Self::set).
    pub fn set_default<T: Serialize + DeserializeOwned>(
        &self,
        key: impl AsKey<T>,
        value: T,
    ) -> Result<T> {
        let state = self.look();
        if let Some(present) = state.read(&key, self.format())? {
            return Ok(present);
        }
        drop(state);
        let json = raw::write(key.name(), &value, self.format())?;
        self.put(key.name(), json)?;
        Ok(value)
    }

    /// Removes everything, permanence included. The visitor's cookie is then deleted, unless something is set afterwards, and
    /// so is the one that [remembers](Self::remember) a login.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set("user_id", 12345)?;
    /// session.clear()?;
    /// assert!(session.is_empty());
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    #[doc(alias = "flush")]
    #[doc(alias = "purge")]
    pub fn clear(&self) -> Result<()> {
        let mut state = self.changeable()?;
        let State {
            snapshot,
            delta,
            flags,
            ..
        } = &mut *state;
        delta.clear(snapshot);
        flags.remember = Some(RememberOrder::Clear);
        self.note_label(&mut state, None);
        Ok(())
    }

    /// Whether the session has no value. What the session keeps for itself does not count.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set_permanent(true)?;
    /// assert!(session.is_empty(), "no value of the application's");
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let state = self.look();
        state.delta.leaves_nothing(&state.snapshot)
    }

    /// The names of all values. What the session keeps for itself is not among them.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// session.set("user_id", 12345)?;
    /// session.set_permanent(true)?;
    /// assert_eq!(session.keys(), ["user_id"]);
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let state = self.look();
        state
            .delta
            .names(&state.snapshot)
            .filter(|name| !is_reserved(name))
            .map(str::to_owned)
            .collect()
    }

    /// What the session is called in its [store](crate::store): not a secret, and good to name it in a list of the user's
    /// sessions. `None` where the session is in a cookie, or not in the store yet.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// assert_eq!(testing::session().id(), None);
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.shared.origin.as_ref()?.id()
    }

    /// Whether this request has changed the session so far.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// assert!(!session.is_modified());
    /// session.set("user_id", 12345)?;
    /// assert!(session.is_modified());
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    #[must_use]
    pub fn is_modified(&self) -> bool {
        self.lock().is_modified()
    }
}

impl Session {
    fn put(&self, key: &str, value: Text) -> Result<()> {
        self.replace(&mut *self.change(key)?, key, Some(value));
        Ok(())
    }

    /// Sets what stands under a key, or removes it.
    fn replace(&self, state: &mut State, key: &str, value: Option<Text>) {
        self.note_other_login((&state.snapshot, &mut state.delta), key, value.as_ref());
        match value {
            Some(value) => state.set(key, value),
            None => state.remove(key),
        }
    }

    /// The text of a value for whoever sets it elsewhere, after the request.
    pub(crate) fn written<T: Serialize>(&self, key: &str, value: &T) -> Result<Text> {
        if is_reserved(key) {
            return Err(SessionError::Reserved {
                key: key.to_owned(),
            });
        }
        if self.rights == Rights::ReadOnly {
            return Err(SessionError::ReadOnly {
                handler: self.handler(),
            });
        }
        raw::write(key, value, self.format())
    }

    fn format(&self) -> &'static dyn Format {
        self.shared.settings.format
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What can panic while the lock is held is how the application reads and writes a value, which changes nothing.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        state.flags.looked = true;
        state
    }

    fn changeable(&self) -> Result<MutexGuard<'_, State>> {
        let state = self.look();
        self.check_changeable(&state)?;
        Ok(state)
    }

    fn check_changeable(&self, state: &State) -> Result<()> {
        if self.rights == Rights::ReadOnly {
            return Err(SessionError::ReadOnly {
                handler: state.handler().to_owned(),
            });
        }
        if state.committed {
            let handler = state.handler().to_owned();
            tracing::warn!(name: "session.changed_too_late", handler, "the session was changed after the response had begun; nothing is saved");
            return Err(SessionError::Committed { handler });
        }
        Ok(())
    }

    fn change(&self, key: &str) -> Result<MutexGuard<'_, State>> {
        if is_reserved(key) {
            return Err(SessionError::Reserved {
                key: key.to_owned(),
            });
        }
        self.changeable()
    }
}

impl Clone for Session {
    fn clone(&self) -> Self {
        self.with_rights(self.rights)
    }
}

impl Drop for Session {
    /// A handle that is dropped by a panic gives the request's changes up, even if something catches the panic inside the
    /// layer and answers.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.lock().flags.abandoned = true;
        }
    }
}

impl fmt::Debug for Session {
    /// Shows no value: what is in a session is nobody's business but the application's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
