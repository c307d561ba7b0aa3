//! What a session keeps of a login beside the login key: how fresh it is, and the user's epoch at that time; and the user
//! whom this request has loaded. It knows no user's type, and not where one comes from.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use super::rights::Rights;
use super::state::State;
use super::{Session, Settings, raw};
use crate::session::delta::Delta;
use crate::session::snapshot::Snapshot;
use crate::session::{FRESH, Result, Text};

/// The user's number at the login. It is left out while it is 0.
const EPOCH: &str = "_epoch";

/// The browser that logged in, where Flask-Login's keys are used; and what else of a login Flask-Login keeps.
const IDENTIFIER: &str = "_id";
const OF_FLASK_LOGIN: [&str; 3] = [IDENTIFIER, "_remember", "_remember_seconds"];

/// Whether a session notes something of a login under this name.
pub(crate) fn is_of_login(name: &str, login_key: &str) -> bool {
    name == login_key || name == FRESH || name == EPOCH || OF_FLASK_LOGIN.contains(&name)
}

/// A user of a type that only a floor above knows.
pub(crate) type LoadedUser = Arc<dyn Any + Send + Sync>;

/// How recently the password was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// In an earlier session, or nobody knows.
    Stale,
    /// In this session, at a time that nobody noted.
    Fresh,
    /// In this session, at this unix second.
    FreshAt(u64),
}

impl Freshness {
    /// Whether the password was given in this session, and no more than `within` seconds before `now`.
    pub(crate) fn is_within(self, within: Option<u64>, now: u64) -> bool {
        match (self, within) {
            (Self::Stale, _) | (Self::Fresh, Some(_)) => false,
            (Self::Fresh | Self::FreshAt(_), None) => true,
            (Self::FreshAt(at), Some(within)) => now.saturating_sub(at) <= within,
        }
    }
}

impl Session {
    /// Notes that the user with this id, as plain JSON, is logged in. Everything of an earlier login is gone.
    pub(crate) fn begin_login(&self, id: Text, fresh_at: Option<u64>, epoch: u64) -> Result<()> {
        let is_flask_login = self.shared.settings.flask_login.is_some();
        let mut id = self.shared.settings.login_id(id);
        raw::keep(&self.shared.settings.login_key, &mut id, self.format())?;
        let mut state = self.changeable()?;
        let State {
            snapshot,
            delta,
            flags,
            ..
        } = &mut *state;
        delta.set(snapshot, &self.shared.settings.login_key, id);
        delta.set(snapshot, FRESH, fresh(fresh_at, is_flask_login));
        match epoch {
            0 => delta.remove(snapshot, EPOCH),
            epoch => delta.set(snapshot, EPOCH, epoch.to_string().into()),
        }
        flags.renewed = true;
        state.forget_user();
        state.note_browser();
        Ok(())
    }

    /// Changes the login as nobody has asked for. Where that is all that a request changes, it is no matter if another has been
    /// quicker.
    pub(crate) fn change_unasked(&self, change: impl FnOnce(&Self) -> Result<()>) -> Result<()> {
        let login_key = &self.shared.settings.login_key;
        let is_asked = {
            let state = self.lock();
            state.is_modified() && !state.is_changed_unasked(login_key)
        };
        change(self)?;
        if !is_asked {
            let mut state = self.lock();
            let user = state.get(login_key).map(Text::from);
            state.rare().unasked = Some(user);
        }
        Ok(())
    }

    /// Forgets how fresh a login is, and of which epoch, where a value is to be the login's and is somebody else's, or nobody's.
    pub(super) fn note_other_login(
        &self,
        (snapshot, delta): (&Snapshot, &mut Delta),
        key: &str,
        value: Option<&Text>,
    ) {
        let is_others = || delta.get(snapshot, key) != value.map(|value| &**value);
        if key == self.shared.settings.login_key && is_others() {
            delta.remove(snapshot, FRESH);
            delta.remove(snapshot, EPOCH);
        }
    }

    /// Notes that nobody is logged in.
    pub(crate) fn end_login(&self) -> Result<()> {
        let mut state = self.changeable()?;
        let mut keys = vec![&*self.shared.settings.login_key, FRESH, EPOCH];
        if self.shared.settings.flask_login.is_some() {
            keys.extend(OF_FLASK_LOGIN);
        }
        if keys.iter().all(|key| state.get(key).is_none()) {
            return Ok(());
        }
        keys.iter().for_each(|key| state.remove(key));
        state.flags.renewed = true;
        state.forget_user();
        Ok(())
    }

    /// Notes that the password was given, at this unix second.
    pub(crate) fn set_fresh_at(&self, at: u64) -> Result<()> {
        let mut state = self.changeable()?;
        let State {
            snapshot,
            delta,
            flags,
            ..
        } = &mut *state;
        let is_flask_login = self.shared.settings.flask_login.is_some();
        delta.set(snapshot, FRESH, fresh(Some(at), is_flask_login));
        flags.renewed = true;
        state.note_browser();
        Ok(())
    }

    /// Notes that the login is not fresh any more.
    pub(crate) fn set_stale(&self) -> Result<()> {
        let mut state = self.changeable()?;
        let State {
            snapshot, delta, ..
        } = &mut *state;
        delta.set(snapshot, FRESH, fresh(None, true));
        Ok(())
    }

    /// Notes that the login is this browser's.
    pub(crate) fn adopt_login(&self) -> Result<()> {
        self.changeable()?.note_browser();
        Ok(())
    }

    /// The browser that logged in, as Flask-Login notes it.
    pub(crate) fn browser_of_login(&self) -> Option<Text> {
        self.look().get(IDENTIFIER).map(Text::from)
    }

    /// Who is logged in: the id as plain JSON, in one spelling, since it is compared with ids from elsewhere.
    pub(crate) fn login_id(&self) -> Option<Text> {
        let id = self.plain(&self.shared.settings.login_key);
        let id = id.filter(|id| &**id != "null")?;
        let spelled = match raw::spelled(&id) {
            Cow::Borrowed(_) => None,
            Cow::Owned(spelled) => Some(spelled.into()),
        };
        Some(spelled.unwrap_or(id))
    }

    pub(crate) fn freshness(&self) -> Freshness {
        match self.look().get(FRESH) {
            None | Some("false") => Freshness::Stale,
            Some("true") => Freshness::Fresh,
            Some(at) => at.parse().map_or(Freshness::Stale, Freshness::FreshAt),
        }
    }

    /// The user's epoch at the login.
    pub(crate) fn login_epoch(&self) -> u64 {
        let state = self.look();
        state
            .get(EPOCH)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    }

    /// Whether the login of the user with this id, as plain JSON, may be restored that is remembered beyond the session.
    pub(crate) async fn may_restore(&self, id: &Text) -> Result<bool> {
        let Some(origin) = &self.shared.origin else {
            return Ok(true);
        };
        origin
            .may_restore(self.shared.settings.user(id.clone()))
            .await
    }

    /// A handle that may change the session, for what happens to a login whatever the handler may do.
    pub(crate) fn for_the_library(&self) -> Self {
        self.with_rights(Rights::default())
    }

    /// The user whom this request has loaded for the login with this id.
    pub(crate) fn user(&self, id: &Text) -> Option<LoadedUser> {
        let state = self.lock();
        let (of, user) = state.rare.as_ref()?.user.as_ref()?;
        (of == id).then(|| user.clone())
    }

    pub(crate) fn set_user(&self, id: Text, user: LoadedUser) {
        self.lock().rare().user = Some((id, user));
    }
}

impl Settings {
    /// A user's id, as plain JSON, as it stands under the login key.
    fn login_id(&self, id: Text) -> Text {
        match self.flask_login {
            Some(_) => as_text(id),
            None => id,
        }
    }

    /// The user with this id, as plain JSON: what stands under the login key, in the one spelling by which a store knows them.
    pub(crate) fn user(&self, id: Text) -> String {
        let id = self.login_id(id);
        raw::spelled(&self.format.write(&id)).into_owned()
    }
}

impl State {
    /// Notes in Flask-Login's setting which browser the login is made in.
    fn note_browser(&mut self) {
        let rare = self.rare.as_ref();
        if let Some(identifier) = rare.and_then(|rare| rare.identifier.clone()) {
            self.delta.set(&self.snapshot, IDENTIFIER, identifier);
        }
    }
}

/// When the password was given. Flask-Login notes only that it was.
fn fresh(at: Option<u64>, is_flask_login: bool) -> Text {
    match at {
        None => "false".into(),
        Some(_) if is_flask_login => "true".into(),
        Some(at) => at.to_string().into(),
    }
}

/// An id as Flask-Login keeps it, which knows texts only.
fn as_text(id: Text) -> Text {
    if id.starts_with('"') {
        return id;
    }
    Text::of(&*id).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_fresh_until_its_time_is_over() {
        let at = Freshness::FreshAt(1_000);
        assert!(at.is_within(None, 9_999));
        assert!(at.is_within(Some(600), 1_600));
        assert!(!at.is_within(Some(600), 1_601));
        assert!(Freshness::Fresh.is_within(None, 0));
        assert!(
            !Freshness::Fresh.is_within(Some(600), 0),
            "nobody noted when"
        );
        assert!(!Freshness::Stale.is_within(None, 0));
    }

    #[test]
    fn a_logout_of_nobody_is_no_change() {
        let session = crate::testing::session();
        session.end_login().unwrap();
        assert!(!session.is_modified());
    }

    #[test]
    fn a_login_notes_what_it_must_and_a_logout_leaves_the_rest() {
        let session = crate::testing::session();
        session.set("cart", 3).unwrap();
        session.begin_login("7".into(), Some(50), 2).unwrap();
        assert_eq!(session.login_id().as_deref(), Some("7"));
        assert_eq!(session.freshness(), Freshness::FreshAt(50));
        assert_eq!(session.login_epoch(), 2);
        session.begin_login("8".into(), None, 0).unwrap();
        assert_eq!(session.freshness(), Freshness::Stale);
        assert_eq!(session.login_epoch(), 0, "it was the other user's");
        session.end_login().unwrap();
        assert!(session.is_modified());
        assert_eq!(session.login_id(), None);
        assert_eq!(session.get("cart"), Ok(Some(3)));
        assert!(!session.has(FRESH) && !session.has(EPOCH));
    }

    #[test]
    fn what_was_noted_of_a_login_is_not_somebody_elses_however_he_has_come() {
        let ways: [fn(&Session) -> Result<()>; 5] = [
            |session| session.set("user_id", 8),
            |session| session.pop::<u64>("user_id").map(drop),
            |session| session.set("user_id", None::<u64>),
            |session| session.discard("user_id"),
            |session| {
                let (_, lent) = session.lend::<u64>("user_id");
                session.take_back("user_id", &lent, "8".into())
            },
        ];
        for way in ways {
            let session = crate::testing::session();
            session.begin_login("7".into(), Some(50), 2).unwrap();
            session.set("user_id", 7).unwrap();
            assert_eq!(session.freshness(), Freshness::FreshAt(50));
            assert_eq!(session.login_epoch(), 2);
            way(&session).unwrap();
            assert_eq!(session.freshness(), Freshness::Stale);
            assert_eq!(session.login_epoch(), 0);
        }
    }

    #[test]
    fn what_nobody_has_asked_for_is_that_alone() {
        let restore = |session: &Session| session.begin_login("7".into(), None, 1);
        let is_unasked = |session: &Session| session.lock().is_changed_unasked("user_id");
        let asked: [fn(&Session) -> Result<()>; 4] = [
            |session| session.set("cart", 3),
            |session| session.set("user_id", 8),
            |session| session.begin_login("7".into(), Some(50), 1),
            Session::end_login,
        ];
        for ask in asked {
            let session = crate::testing::session();
            assert!(!is_unasked(&session));
            session.change_unasked(restore).unwrap();
            assert!(is_unasked(&session));
            ask(&session).unwrap();
            assert!(!is_unasked(&session));
        }
        let session = crate::testing::session();
        session.set("cart", 3).unwrap();
        session.change_unasked(restore).unwrap();
        assert!(!is_unasked(&session), "the cart was asked for");
        let session = crate::testing::session();
        session.change_unasked(restore).unwrap();
        session.change_unasked(Session::end_login).unwrap();
        assert!(is_unasked(&session), "both were not");
    }
}
