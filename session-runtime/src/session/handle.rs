//! The handle on one request's session: what was loaded, what changed, and a few flags that are independent of each
//! other. It is opened once and closed once; who does that, and with what, it does not know.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::OnceCell;

use super::delta::Delta;
use super::format::Format;
use super::permanence::{self, Permanence};
use super::reserved::is_reserved;
use super::snapshot::Snapshot;
use super::{AsKey, Result, SessionError, raw};

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
    read_only: bool,
}

/// What a session needs to know of the application.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The key that is there, and not null, exactly when somebody is logged in.
    pub(crate) login_key: Cow<'static, str>,
    /// Where a stranger's browser is sent.
    pub(crate) login_page: Option<String>,
    /// How values are written.
    pub(crate) format: &'static dyn Format,
}

struct Shared {
    settings: Arc<Settings>,
    opened: OnceCell<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    snapshot: Snapshot,
    delta: Delta,
    flags: Closed,
    /// What is extracted from now on cannot change the session.
    read_only: bool,
    committed: bool,
    handler: Option<Cow<'static, str>>,
    /// What was taken for the whole request.
    taken: BTreeMap<&'static str, Option<Arc<str>>>,
}

/// What is known of a session when its request ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Closed {
    /// A value, a key or the login was asked for, or something was changed: the response depends on the cookie.
    pub(crate) looked: bool,
    /// The secret, or what stands in for it, must change.
    pub(crate) renewed: bool,
    /// A guard let the request through: what it answers is nobody else's.
    pub(crate) guarded: bool,
    /// The handler panicked.
    pub(crate) abandoned: bool,
    /// What the answer must be instead of the handler's.
    pub(crate) failure: Option<SessionError>,
}

impl Session {
    /// The value under `key`, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`] if the value does not read as `T`, nor through the key's
    /// [`migrate`](crate::Key::migrate).
    pub fn get<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        let mut state = self.lock();
        state.flags.looked = true;
        state.read(&key, self.format())
    }

    /// Sets the value under `key`. Setting what is already there changes nothing, and nothing is sent.
    ///
    /// # Errors
    ///
    /// [`SessionError::Unserializable`], [`SessionError::Reserved`], [`SessionError::ReadOnly`] or
    /// [`SessionError::Committed`]; the session is then as it was.
    pub fn set<T: Serialize>(&self, key: impl AsKey<T>, value: T) -> Result<()> {
        let value = raw::write(key.name(), &value, self.format())?;
        self.put(key.name(), value)
    }

    /// Removes the value under `key` and returns it, or `None` if there is none.
    ///
    /// Of parallel requests each may get the value; [`take`](Self::take) gives it to one of them.
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`], and then the value stays; [`SessionError::Reserved`], [`SessionError::ReadOnly`] or
    /// [`SessionError::Committed`].
    pub fn pop<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        let mut state = self.change(key.name())?;
        let value = state.read(&key, self.format())?;
        state.remove(key.name());
        Ok(value)
    }

    /// Removes the value under `key` and returns it to one of parallel requests; the others get `None`.
    ///
    /// In a cookie session there is nothing that parallel requests share, so it is the same as [`pop`](Self::pop).
    ///
    /// # Errors
    ///
    /// Those of [`pop`](Self::pop).
    pub async fn take<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        self.pop(key)
    }

    /// Whether there is a value under `key`, of whatever type.
    #[must_use]
    pub fn contains<T>(&self, key: impl AsKey<T>) -> bool {
        self.look().get(key.name()).is_some()
    }

    /// The value under `key`, which is set to `value` if there is none.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get) and of [`set`](Self::set).
    pub fn set_default<T: Serialize + DeserializeOwned>(
        &self,
        key: impl AsKey<T>,
        value: T,
    ) -> Result<T> {
        let mut state = self.lock();
        state.flags.looked = true;
        if let Some(present) = state.read(&key, self.format())? {
            return Ok(present);
        }
        drop(state);
        let json = raw::write(key.name(), &value, self.format())?;
        self.put(key.name(), json)?;
        Ok(value)
    }

    /// Removes everything, permanence included. The visitor's cookie is then deleted, unless something is set afterwards.
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    pub fn clear(&self) -> Result<()> {
        let mut state = self.changeable()?;
        let State {
            snapshot, delta, ..
        } = &mut *state;
        delta.clear(snapshot);
        Ok(())
    }

    /// Whether the session has no value. What the session keeps for itself does not count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let state = self.look();
        state.delta.leaves_nothing(&state.snapshot)
    }

    /// The names of all values. What the session keeps for itself is not among them.
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

    /// Makes the session outlive the browser, for as long as the configuration says
    /// ([`permanent_lifetime`](crate::SessionConfig::permanent_lifetime)), or end with it. It is Flask's
    /// `session.permanent`.
    ///
    /// A session that is permanent for a time of its own ([`set_lifetime`](Self::set_lifetime)) keeps that time.
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`] or [`SessionError::Committed`].
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
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    pub fn set_lifetime(&self, lifetime: Duration) -> Result<()> {
        self.changeable()?.set_permanence(Permanence::Own(lifetime));
        Ok(())
    }

    /// Whether the session outlives the browser.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.look().permanence() != Permanence::Browser
    }

    /// Gives the session a new secret and keeps its values. To be called where the visitor's rights change, as at login,
    /// so that a cookie that somebody else planted or saw is worth nothing.
    ///
    /// A cookie session has no secret of its own: it is signed and sent anew.
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    pub fn renew(&self) -> Result<()> {
        self.changeable()?.flags.renewed = true;
        Ok(())
    }

    /// Whether this request has changed the session so far.
    #[must_use]
    pub fn is_modified(&self) -> bool {
        let state = self.lock();
        state.flags.renewed || !state.delta.is_empty()
    }
}

/// For the layer and the gate.
impl Session {
    /// A session that is not opened yet.
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        let shared = Shared {
            settings,
            opened: OnceCell::new(),
            state: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
            read_only: false,
        }
    }

    /// A session that is open, outside any request.
    pub(crate) fn opened(settings: Arc<Settings>, snapshot: Snapshot) -> Self {
        let state = State {
            snapshot,
            ..State::default()
        };
        let shared = Shared {
            settings,
            opened: OnceCell::new_with(Some(())),
            state: Mutex::new(state),
        };
        Self {
            shared: Arc::new(shared),
            read_only: false,
        }
    }

    /// Loads the session, once: whoever comes second waits and finds it loaded.
    pub(crate) async fn open<E>(
        &self,
        load: impl Future<Output = Result<Snapshot, E>>,
    ) -> Result<Self, E> {
        let load = async { load.await.map(|snapshot| self.lock().snapshot = snapshot) };
        self.shared.opened.get_or_try_init(|| load).await?;
        Ok(Self {
            shared: self.shared.clone(),
            read_only: self.lock().read_only,
        })
    }

    pub(crate) fn is_opened(&self) -> bool {
        self.shared.opened.initialized()
    }

    /// Ends changing. What has happened is returned; the values stay readable.
    pub(crate) fn close(&self) -> Closed {
        let mut state = self.lock();
        state.committed = true;
        state.flags.clone()
    }

    /// Shows what was loaded and what changed.
    pub(crate) fn inspect<R>(&self, see: impl FnOnce(&Snapshot, &Delta) -> R) -> R {
        let state = self.lock();
        see(&state.snapshot, &state.delta)
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Whether somebody is logged in: the login key is there and not null.
    pub(crate) fn is_logged_in(&self) -> bool {
        self.look()
            .get(&self.shared.settings.login_key)
            .is_some_and(|value| value != "null")
    }

    /// The value under `key`, as plain JSON.
    pub(crate) fn raw(&self, key: &str) -> Option<Box<RawValue>> {
        let state = self.look();
        // What only Python writes (`NaN`) is no JSON value, and reads as a value of another type.
        state.get(key).map(|kept| {
            serde_json::from_str(&self.format().read(kept))
                .unwrap_or_else(|_| RawValue::NULL.to_owned())
        })
    }

    /// The value under `key`, as it is kept.
    pub(crate) fn kept(&self, key: &str) -> Option<String> {
        self.look().get(key).map(str::to_owned)
    }

    /// Sets what is kept under `key`.
    pub(crate) fn set_kept(&self, key: &str, value: Box<RawValue>) -> Result<()> {
        self.put(key, raw::check(key, value)?)
    }

    pub(crate) fn remove(&self, key: &str) -> Result<()> {
        self.change(key)?.remove(key);
        Ok(())
    }

    /// Removes what is kept under `key` and returns it, to everyone who asks in this request: who comes second gets the
    /// same, whatever was set meanwhile.
    pub(crate) fn take_for_request(&self, key: &'static str) -> Result<Option<Arc<str>>> {
        if let Some(taken) = self.look().taken.get(key) {
            return Ok(taken.clone());
        }
        let mut state = self.change(key)?;
        let taken: Option<Arc<str>> = state.get(key).map(Arc::from);
        state.remove(key);
        state.taken.insert(key, taken.clone());
        Ok(taken)
    }

    /// Makes `error` the answer, whatever the handler returns; nothing is saved. The first error counts.
    pub(crate) fn fail(&self, error: SessionError) {
        self.lock().flags.failure.get_or_insert(error);
    }

    /// What was said with [`fail`](Self::fail).
    pub(crate) fn failure(&self) -> Option<SessionError> {
        self.lock().flags.failure.clone()
    }

    /// Whoever extracts the session from now on cannot change it.
    pub(crate) fn set_read_only(&self) {
        self.lock().read_only = true;
    }

    /// The answer is for this visitor alone.
    pub(crate) fn set_guarded(&self) {
        let mut state = self.lock();
        state.flags.guarded = true;
        state.flags.looked = true;
    }

    /// Names the handler in errors and warnings, if it has no name yet: the first one is the more exact one.
    pub(crate) fn set_handler_with(&self, name: impl FnOnce() -> Cow<'static, str>) {
        self.lock().handler.get_or_insert_with(name);
    }

    /// The handler's name.
    pub(crate) fn handler(&self) -> String {
        self.lock().handler().to_owned()
    }

    fn put(&self, key: &str, value: Box<RawValue>) -> Result<()> {
        let mut state = self.change(key)?;
        let State {
            snapshot, delta, ..
        } = &mut *state;
        delta.set(snapshot, key, value);
        Ok(())
    }

    fn format(&self) -> &'static dyn Format {
        self.shared.settings.format
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What can panic while the lock is held is the application's reading of a value, which changes nothing.
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
        if self.read_only {
            return Err(SessionError::ReadOnly {
                handler: state.handler().to_owned(),
            });
        }
        if state.committed {
            let handler = state.handler().to_owned();
            tracing::warn!(name: "session.changed_too_late", handler, "the session was changed after the response had begun; nothing is saved");
            return Err(SessionError::Committed { handler });
        }
        Ok(state)
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

impl State {
    fn get(&self, name: &str) -> Option<&str> {
        self.delta.get(&self.snapshot, name)
    }

    fn read<T: DeserializeOwned>(
        &self,
        key: &impl AsKey<T>,
        format: &dyn Format,
    ) -> Result<Option<T>> {
        self.get(key.name())
            .map(|text| raw::read(key, text, format))
            .transpose()
    }

    fn remove(&mut self, name: &str) {
        self.delta.remove(&self.snapshot, name);
    }

    fn permanence(&self) -> Permanence {
        Permanence::of(&self.snapshot, &self.delta)
    }

    fn set_permanence(&mut self, permanence: Permanence) {
        match permanence.to_json() {
            Some(json) => self.delta.set(&self.snapshot, permanence::KEY, json),
            None => self.delta.remove(&self.snapshot, permanence::KEY),
        }
    }

    fn handler(&self) -> &str {
        self.handler.as_deref().unwrap_or("the handler")
    }
}

impl Clone for Session {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            read_only: self.read_only,
        }
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Key;
    use crate::session::PlainJson;

    const VISITS: Key<u32> = Key::new("visits");

    fn session(json: &str) -> Session {
        let settings = Settings {
            login_key: "user_id".into(),
            login_page: None,
            format: &PlainJson,
        };
        Session::opened(
            Arc::new(settings),
            Snapshot::parse(json.as_bytes().to_vec()).unwrap(),
        )
    }

    fn saved(session: &Session) -> String {
        session.inspect(|snapshot, delta| delta.apply(snapshot, &PlainJson))
    }

    #[test]
    fn missing_and_of_another_type_are_told_apart() {
        let session = session(r#"{"visits":"many"}"#);
        assert_eq!(session.get::<u32>("none"), Ok(None));
        let error = session.get(VISITS).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the session's `visits` is of another type (a string where `u32` is expected); read it as what it is, or give its `Key` a `migrate`"
        );
        assert!(!error.to_string().contains("many"), "the value is not told");
    }

    #[test]
    fn a_key_and_its_name_are_the_same_value() {
        let session = session("{}");
        session.set(VISITS, 3).unwrap();
        assert_eq!(session.get("visits"), Ok(Some(3_u32)));
        assert_eq!(session.pop::<u32>(String::from("visits")), Ok(Some(3)));
        assert!(!session.contains(VISITS));
    }

    #[test]
    fn a_value_as_deep_as_can_be_set_can_be_loaded_again() {
        let nested = |levels: usize| {
            (1..levels).fold(serde_json::json!([]), |inner, _| serde_json::json!([inner]))
        };
        let session = session(r#"{"user_id":1}"#);
        let deepest = (1..400)
            .take_while(|levels| session.set("deep", nested(*levels)).is_ok())
            .last();
        assert!(deepest > Some(300), "{deepest:?}");
        let loaded = self::session(&saved(&session));
        assert_eq!(loaded.keys(), ["user_id", "deep"]);
    }

    #[test]
    fn popping_a_value_of_another_type_leaves_it_there() {
        let session = session(r#"{"visits":"many"}"#);
        assert!(session.pop(VISITS).is_err());
        assert!(session.contains(VISITS));
        assert!(!session.is_modified());
    }

    #[test]
    fn a_default_is_set_only_where_nothing_is() {
        let session = session(r#"{"visits":3}"#);
        assert_eq!(session.set_default(VISITS, 0), Ok(3));
        assert!(!session.is_modified());
        assert_eq!(
            session.set_default("name", "anonymous".to_owned()),
            Ok("anonymous".to_owned())
        );
        assert_eq!(saved(&session), r#"{"visits":3,"name":"anonymous"}"#);
    }

    #[test]
    fn setting_what_is_there_changes_nothing() {
        let session = session(r#"{"visits":3,"_permanent":true}"#);
        session.set(VISITS, 3).unwrap();
        session.set_permanent(true).unwrap();
        assert!(!session.is_modified());
    }

    #[test]
    fn what_the_session_keeps_for_itself_is_hidden_and_not_to_be_set() {
        let session = session(r#"{"_permanent":true,"_epoch":4}"#);
        assert!(session.is_empty());
        assert_eq!(session.keys(), Vec::<String>::new());
        let error = session.set("_epoch", 5).unwrap_err();
        assert_eq!(
            error,
            SessionError::Reserved {
                key: "_epoch".to_owned()
            }
        );
        assert!(session.pop::<bool>("_permanent").is_err());
    }

    #[test]
    fn permanence_is_switched_on_and_off() {
        let session = session("{}");
        assert!(!session.is_permanent());
        session.set_permanent(true).unwrap();
        assert!(session.is_permanent());
        session.set_lifetime(Duration::from_secs(600)).unwrap();
        session.set_permanent(true).unwrap();
        assert_eq!(saved(&session), r#"{"_permanent":600}"#);
        session.set_permanent(false).unwrap();
        assert_eq!(saved(&session), "{}");
        assert!(!session.is_modified());
    }

    #[test]
    fn after_the_commit_values_are_read_and_changes_are_errors() {
        let session = session(r#"{"visits":3}"#);
        session.set_handler_with(|| "index".into());
        session.close();
        assert_eq!(session.get(VISITS), Ok(Some(3)));
        let committed = SessionError::Committed {
            handler: "index".to_owned(),
        };
        assert_eq!(session.set(VISITS, 4), Err(committed.clone()));
        assert_eq!(session.pop(VISITS), Err(committed.clone()));
        assert_eq!(session.clear(), Err(committed.clone()));
        assert_eq!(session.renew(), Err(committed));
    }

    #[tokio::test]
    async fn a_read_only_handle_refuses_every_change_and_older_handles_do_not() {
        let outer = session(r#"{"visits":3}"#);
        outer.set_read_only();
        let inner = outer
            .open(async { Ok::<_, SessionError>(Snapshot::default()) })
            .await
            .unwrap();
        assert_eq!(inner.get(VISITS), Ok(Some(3)));
        assert!(matches!(
            inner.set(VISITS, 4),
            Err(SessionError::ReadOnly { .. })
        ));
        assert!(matches!(
            inner.take(VISITS).await,
            Err(SessionError::ReadOnly { .. })
        ));
        assert_eq!(outer.set(VISITS, 4), Ok(()));
    }

    #[test]
    fn a_value_that_is_no_json_is_an_error_and_changes_nothing() {
        let session = session("{}");
        let map = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(matches!(
            session.set("map", map),
            Err(SessionError::Unserializable { .. })
        ));
        assert!(!session.is_modified());
    }

    #[test]
    fn a_migration_reads_what_an_earlier_version_wrote() {
        const CART: Key<Vec<String>> =
            Key::new("cart").migrate(|old| Some(vec![old.as_str()?.to_owned()]));
        assert_eq!(
            session(r#"{"cart":"tea"}"#).get(CART),
            Ok(Some(vec!["tea".to_owned()]))
        );
        assert_eq!(
            session(r#"{"cart":["tea"]}"#).get(CART),
            Ok(Some(vec!["tea".to_owned()]))
        );
        assert!(session(r#"{"cart":1}"#).get(CART).is_err());
    }

    #[test]
    fn nothing_of_the_content_is_in_the_debug_text() {
        assert_eq!(
            format!("{:?}", session(r#"{"visits":3}"#)),
            "Session { .. }"
        );
    }

    #[derive(Clone, Debug)]
    enum Call {
        Set(&'static str, u8),
        Pop(&'static str),
        Permanent(bool),
        Clear,
        Renew,
    }

    fn calls() -> impl Strategy<Value = Vec<Call>> {
        let key = prop_oneof![Just("a"), Just("b"), Just("c")];
        let call = prop_oneof![
            (key.clone(), 0..3_u8).prop_map(|(key, value)| Call::Set(key, value)),
            key.prop_map(Call::Pop),
            any::<bool>().prop_map(Call::Permanent),
            Just(Call::Clear),
            Just(Call::Renew),
        ];
        prop::collection::vec(call, 0..12)
    }

    fn run(session: &Session, calls: &[Call]) {
        for call in calls {
            match call {
                Call::Set(key, value) => session.set(*key, *value).unwrap(),
                Call::Pop(key) => drop(session.pop::<u8>(*key).unwrap()),
                Call::Permanent(permanent) => session.set_permanent(*permanent).unwrap(),
                Call::Clear => session.clear().unwrap(),
                Call::Renew => session.renew().unwrap(),
            }
        }
    }

    proptest! {
        #[test]
        fn a_renewal_is_kept_whatever_else_is_called_and_changes_no_value(calls in calls()) {
            let with = session(r#"{"a":1,"b":2}"#);
            run(&with, &calls);
            let without = session(r#"{"a":1,"b":2}"#);
            let others: Vec<_> = calls.iter().filter(|call| !matches!(call, Call::Renew)).cloned().collect();
            run(&without, &others);
            prop_assert_eq!(saved(&with), saved(&without));
            let renews = calls.iter().any(|call| matches!(call, Call::Renew));
            prop_assert_eq!(with.close().renewed, renews);
        }

        #[test]
        fn what_calls_leave_is_what_a_map_would_hold(calls in calls()) {
            let session = session(r#"{"a":1,"b":2}"#);
            run(&session, &calls);
            let mut map = BTreeMap::from([("a", 1), ("b", 2)]);
            let mut permanent = false;
            for call in &calls {
                match call {
                    Call::Set(key, value) => drop(map.insert(key, *value)),
                    Call::Pop(key) => drop(map.remove(key)),
                    Call::Permanent(yes) => permanent = *yes,
                    Call::Clear => { map.clear(); permanent = false; }
                    Call::Renew => {}
                }
            }
            prop_assert_eq!(session.is_permanent(), permanent);
            prop_assert_eq!(session.is_empty(), map.is_empty());
            for key in ["a", "b", "c"] {
                prop_assert_eq!(session.get(key).unwrap(), map.get(key).copied());
            }
        }
    }
}
