//! The cookie store: the session itself, signed, is what the visitor keeps. It judges signatures and ages, decides when a
//! cookie must be sent again, and knows neither how a cookie travels nor who asks.

use std::time::Duration;

use crate::session::{Delta, Permanence, Snapshot, created};

use super::MOST_VALUES;
use super::lifetimes::Lifetimes;
use super::refresh::Refresh;
use super::serializer::{CookieSerializer, OpenError};

/// Reads and writes sessions that are kept in the visitor's cookie.
#[derive(Clone)]
pub(crate) struct CookieStore {
    serializer: CookieSerializer,
    rules: Rules,
}

/// When and how large cookies are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) refresh: Refresh,
    /// What the cookie's name and value may have in bytes, together.
    pub(crate) max_size: usize,
    /// Whether a session that has no value but is permanent is kept, as Flask does.
    pub(crate) keeps_empty: bool,
}

/// What the response must do to the cookie.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CookieChange {
    Keep,
    Set {
        /// What stands before the value, and the value.
        line: Vec<u8>,
        /// When it expires, in unix seconds; `None` if with the browser.
        expires: Option<u64>,
    },
    Remove,
}

/// The session cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommitError {
    /// The cookie would be larger than browsers keep.
    #[error(
        "the cookie would have {size} bytes and browsers keep {limit}; its largest keys are {keys}"
    )]
    TooLarge {
        size: usize,
        limit: usize,
        keys: String,
    },
}

impl CookieStore {
    pub(crate) fn new(serializer: CookieSerializer, rules: Rules) -> Self {
        Self { serializer, rules }
    }

    /// Whether a session must say when it began.
    pub(crate) fn needs_creation(&self) -> bool {
        self.lifetimes().absolute.is_some()
    }

    /// Whether every response must send a permanent session anew, also where nobody looked at it.
    pub(crate) fn refreshes_each_request(&self) -> bool {
        self.rules.refresh == Refresh::EachRequest
    }

    /// Opens the cookie that was signed last, of those of the visitor's that are valid `now`, in unix seconds; of several
    /// signed in one second the one that the browser sends last, which it has had for the shortest time. Browsers send an old
    /// cookie of the name before a new one, as after a change of its Domain, and while the old one counted no login would
    /// help. Of very many only the first are looked at. `reject` is told why the others open nothing.
    ///
    /// It does all at once what [`look_at`](Self::look_at) does with one after another.
    pub(crate) fn open<V: AsRef<str>>(
        &self,
        values: impl IntoIterator<Item = V>,
        now: impl Fn() -> u64,
        mut reject: impl FnMut(OpenError),
    ) -> Option<Snapshot> {
        let mut newest = Newest::default();
        for value in values.into_iter().take(MOST_VALUES) {
            if let Err(error) = self.look_at(value.as_ref().as_bytes(), &mut newest, &now) {
                reject(error);
            }
        }
        newest.opened()
    }

    /// Looks at one more of the visitor's cookies. One that is no text is passed over and does not count: nobody made it whose
    /// keys are to be compared.
    ///
    /// # Errors
    ///
    /// Why it opens no session.
    pub(crate) fn look_at(
        &self,
        value: &[u8],
        newest: &mut Newest,
        now: impl FnOnce() -> u64,
    ) -> Result<(), OpenError> {
        let is_text = || str::from_utf8(value).is_ok();
        // Hardly ever is there more than one, and that opens a session: it is asked of the first only if that opens none.
        let is_first = !std::mem::replace(&mut newest.has_begun, true);
        if newest.seen == MOST_VALUES || !is_first && !is_text() {
            return Ok(());
        }
        if is_first {
            // In its place, where there is nothing yet.
            return match self.serializer.open(value, now, &mut newest.snapshot) {
                Err(_) if !is_text() => Ok(()),
                opened => {
                    newest.seen += 1;
                    opened
                }
            };
        }
        newest.seen += 1;
        let mut snapshot = Snapshot::default();
        self.serializer.open(value, now, &mut snapshot)?;
        let saved_at = |snapshot: &Snapshot| snapshot.saved().map(|saved| saved.at);
        if saved_at(&snapshot) >= saved_at(&newest.snapshot) {
            newest.snapshot = snapshot;
        }
        Ok(())
    }

    /// Whether one of the values was made by this store, however old it is.
    pub(crate) fn has_made_any<V: AsRef<str>>(&self, values: impl IntoIterator<Item = V>) -> bool {
        values
            .into_iter()
            .take(MOST_VALUES)
            .any(|value| self.serializer.decode(value.as_ref()).is_ok())
    }

    /// Opens a session that `earlier` has made, as [`open`](Self::open) does, in the format of this store and to be saved here.
    /// An empty one is none.
    ///
    /// What this store made is judged by its own lifetimes, whatever name it comes under: who captured a cookie must not gain a
    /// longer life by it. And what began too long ago has ended here too.
    pub(crate) fn take_over<V: AsRef<str>>(
        &self,
        earlier: &Self,
        values: impl IntoIterator<Item = V>,
        now: u64,
        reject: impl FnMut(OpenError),
    ) -> Option<Snapshot> {
        let values = values
            .into_iter()
            .take(MOST_VALUES)
            .filter(|value| !self.has_made_but_ended(value.as_ref(), now));
        let snapshot = earlier.open(values, || now, reject)?;
        let created = created(&snapshot, &Delta::default());
        let is_alive = self.lifetimes().check_creation(created, now).is_ok();
        if snapshot.is_empty() || !is_alive {
            return None;
        }
        snapshot.moved(earlier.serializer.format(), self.serializer.format())
    }

    fn has_made_but_ended(&self, value: &str, now: u64) -> bool {
        let decoded = self.serializer.decode(value);
        decoded.is_ok_and(|session| session.check_age(now).is_err())
    }

    /// Whether the request that ends has anything to save. Without a change a session is saved again only if its life
    /// must be extended.
    pub(crate) fn must_commit(&self, commit: &CookieCommit<'_>) -> bool {
        commit.renewed
            || !commit.delta.is_empty()
            || commit.snapshot.is_moved()
            || self.is_refresh_due(commit)
    }

    /// What becomes of the cookie when the request ends at `now`, in such a line.
    pub(crate) fn commit(
        &self,
        commit: &CookieCommit<'_>,
        now: u64,
        frame: &Frame<'_>,
    ) -> Result<CookieChange, CommitError> {
        let CookieCommit {
            snapshot, delta, ..
        } = *commit;
        if self.is_nothing_left(snapshot, delta) {
            let is_emptied = !snapshot.is_empty() && !delta.is_empty();
            return Ok(if is_emptied {
                CookieChange::Remove
            } else {
                CookieChange::Keep
            });
        }
        let payload = delta.apply(snapshot, self.serializer.format());
        let expires = match Permanence::of(snapshot, delta) {
            Permanence::Browser => None,
            permanence => {
                let created = created(snapshot, delta);
                Some(self.lifetimes().end(permanence, created, now))
            }
        };
        let spare = frame.attributes + expires.map_or(0, |_| frame.expires);
        let line = self.serializer.sign(&payload, now, frame.lead, spare);
        let size = line.len() - "=".len();
        if size > self.rules.max_size {
            let keys = largest_keys(snapshot, delta);
            return Err(CommitError::TooLarge {
                size,
                limit: self.rules.max_size,
                keys,
            });
        }
        Ok(CookieChange::Set { line, expires })
    }

    fn is_nothing_left(&self, snapshot: &Snapshot, delta: &Delta) -> bool {
        if self.rules.keeps_empty {
            delta.names(snapshot).next().is_none()
        } else {
            delta.leaves_nothing(snapshot)
        }
    }

    /// Whether a session that was loaded so, and changed so at `changed_at`, lives at `now`.
    pub(crate) fn is_alive(
        &self,
        snapshot: &Snapshot,
        delta: &Delta,
        changed_at: u64,
        now: u64,
    ) -> bool {
        let loaded = snapshot.saved().filter(|_| delta.is_empty());
        let saved_at = loaded.map_or(changed_at, |saved| saved.at);
        let times = (saved_at, || created(snapshot, delta));
        let check = self
            .lifetimes()
            .check(Permanence::of(snapshot, delta), times, now);
        !delta.leaves_nothing(snapshot) && check.is_ok()
    }

    fn lifetimes(&self) -> &Lifetimes {
        self.serializer.lifetimes()
    }

    fn is_refresh_due(&self, commit: &CookieCommit<'_>) -> bool {
        let Some(saved) = commit.snapshot.saved() else {
            return false;
        };
        let permanence = || Permanence::of(commit.snapshot, commit.delta);
        match self.rules.refresh {
            Refresh::EachRequest => permanence() != Permanence::Browser,
            Refresh::AfterTenth => {
                // A lifetime of 0 is no life to extend.
                let is_due = |tenfold| tenfold >= self.lifetimes().of(permanence());
                saved.ago > 0 && is_due(Duration::from_secs(saved.ago.saturating_mul(10)))
            }
            Refresh::Never => false,
        }
    }
}

/// The session that counts, of those that the cookies open which have been looked at.
#[derive(Default)]
pub(crate) struct Newest {
    /// Never saved, if there is none.
    pub(crate) snapshot: Snapshot,
    /// How many texts have been looked at.
    seen: usize,
    /// Whether anything has been.
    has_begun: bool,
}

impl Newest {
    /// Whether one of the cookies opens a session.
    pub(crate) fn is_found(&self) -> bool {
        self.snapshot.saved().is_some()
    }

    fn opened(self) -> Option<Snapshot> {
        self.is_found().then_some(self.snapshot)
    }
}

/// What stands around the cookie's value in its line, so that the line is written once and in its place.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// What stands before the value: the name and `=`.
    pub(crate) lead: &'a str,
    /// How many bytes follow it.
    pub(crate) attributes: usize,
    /// And how many more where the cookie outlives the browser.
    pub(crate) expires: usize,
}

/// What a commit is decided on.
#[derive(Clone, Copy)]
pub(crate) struct CookieCommit<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) delta: &'a Delta,
    pub(crate) renewed: bool,
}

/// The three largest keys, for whoever has to make the session smaller.
fn largest_keys(snapshot: &Snapshot, delta: &Delta) -> String {
    let mut sizes: Vec<(usize, &str)> = delta
        .names(snapshot)
        .map(|name| (delta.get(snapshot, name).map_or(0, str::len), name))
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let named: Vec<String> = sizes
        .iter()
        .take(3)
        .map(|(size, name)| format!("`{name}` ({size} bytes)"))
        .collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::PlainJson;
    use crate::signing::{SecretKey, TokenSigner};
    use crate::store::Protection;

    const NOW: u64 = 1_700_000_000;
    const HOUR: u64 = 3600;

    fn store(refresh: Refresh) -> CookieStore {
        let lifetimes = Lifetimes {
            permanent: Duration::from_secs(10 * HOUR),
            browser: Duration::from_secs(HOUR),
            absolute: None,
            clock_leeway: Duration::from_secs(30),
        };
        let rules = Rules {
            refresh,
            max_size: 4096,
            keeps_empty: false,
        };
        let signed = Protection::Signed(TokenSigner::new(SecretKey::generate()));
        CookieStore::new(CookieSerializer::new(signed, &PlainJson, lifetimes), rules)
    }

    fn open<V: AsRef<str>>(
        store: &CookieStore,
        values: impl IntoIterator<Item = V>,
        now: u64,
    ) -> Snapshot {
        store.open(values, || now, |_| {}).unwrap_or_default()
    }

    fn token(store: &CookieStore, payload: &str) -> String {
        signed(store, payload, NOW)
    }

    fn signed(store: &CookieStore, payload: &str, at: u64) -> String {
        String::from_utf8(store.serializer.sign(payload, at, "", 0)).unwrap()
    }

    /// Whether a session saved at [`NOW`] is saved again when it is asked for at `now`.
    fn must_commit(store: &CookieStore, payload: &str, now: u64) -> bool {
        let commit = CookieCommit {
            snapshot: &open(store, [token(store, payload)], now),
            delta: &Delta::default(),
            renewed: false,
        };
        store.must_commit(&commit)
    }

    fn commit(
        store: &CookieStore,
        snapshot: &Snapshot,
        delta: &Delta,
    ) -> Result<CookieChange, CommitError> {
        let commit = CookieCommit {
            snapshot,
            delta,
            renewed: false,
        };
        let frame = Frame {
            lead: "session=",
            attributes: 0,
            expires: 0,
        };
        store.commit(&commit, NOW, &frame)
    }

    fn delta(snapshot: &Snapshot, name: &str, json: &str) -> Delta {
        let mut delta = Delta::default();
        delta.set(snapshot, name, json.into());
        delta
    }

    #[test]
    fn a_browser_session_and_a_permanent_one_have_lifetimes_of_their_own() {
        let store = store(Refresh::AfterTenth);
        for (payload, lifetime) in [
            (r#"{"a":1}"#, HOUR),
            (r#"{"a":1,"_permanent":true}"#, 10 * HOUR),
            (r#"{"a":1,"_permanent":60}"#, 60),
        ] {
            let cookie = token(&store, payload);
            assert!(
                !open(&store, [&cookie], NOW + lifetime).is_empty(),
                "{payload} lives"
            );
            assert!(
                open(&store, [&cookie], NOW + lifetime + 1).is_empty(),
                "{payload} has ended"
            );
        }
    }

    #[test]
    fn of_several_valid_cookies_the_one_signed_last_counts_in_any_order() {
        let store = store(Refresh::AfterTenth);
        let stranger = token(&self::store(Refresh::AfterTenth), r#"{"a":"stranger"}"#);
        let old = signed(&store, r#"{"a":"old"}"#, NOW - 1);
        let new = signed(&store, r#"{"a":"new"}"#, NOW);
        let future = signed(&store, r#"{"a":"future"}"#, NOW + 31);
        let mut cookies = [String::new(), "x".to_owned(), stranger, future, old, new];
        for _ in 0..cookies.len() {
            cookies.rotate_left(1);
            assert_eq!(open(&store, &cookies, NOW).get("a"), Some(r#""new""#));
        }
    }

    #[test]
    fn of_several_cookies_signed_in_one_second_the_last_counts() {
        let store = store(Refresh::AfterTenth);
        let cookies = [token(&store, r#"{"a":1}"#), token(&store, r#"{"a":2}"#)];
        assert_eq!(open(&store, &cookies, NOW).get("a"), Some("2"));
    }

    #[test]
    fn of_a_flood_of_cookies_only_the_first_are_looked_at() {
        let store = store(Refresh::AfterTenth);
        let valid = token(&store, r#"{"a":1}"#);
        let after = |others: usize| {
            let others = std::iter::repeat_n("e30.ZVPxAA.AAAA", others);
            open(&store, others.chain([valid.as_str()]), NOW)
        };
        assert!(!after(MOST_VALUES - 1).is_empty());
        assert!(after(MOST_VALUES).is_empty());
        let mut looked_at = 0;
        let flood = std::iter::repeat_with(|| looked_at += 1).map(|()| "x.x.x");
        open(&store, flood.take(100_000), NOW);
        assert_eq!(looked_at, MOST_VALUES);
    }

    #[test]
    fn of_cookies_that_are_no_text_any_number_is_passed_over() {
        let store = store(Refresh::AfterTenth);
        let valid = token(&store, r#"{"a":1}"#);
        let mut newest = Newest::default();
        let cookies = [&b"\xff"[..], b"\xff.ZVPxAA.AAAA"].repeat(MOST_VALUES);
        for cookie in cookies.into_iter().chain([valid.as_bytes(), b"\xff"]) {
            assert!(store.look_at(cookie, &mut newest, || NOW).is_ok());
        }
        assert_eq!(newest.snapshot.get("a"), Some("1"));
    }

    #[test]
    fn of_a_flood_of_ended_cookies_under_an_earlier_name_only_the_first_are_looked_at() {
        let (present, earlier) = (store(Refresh::AfterTenth), store(Refresh::AfterTenth));
        let ended = signed(&present, r#"{"a":1}"#, NOW - HOUR - 1);
        let mut looked_at = 0;
        let flood = std::iter::repeat_with(|| looked_at += 1).map(|()| ended.as_str());
        let taken_over = present.take_over(&earlier, flood.take(100_000), NOW, |_| {});
        assert!(taken_over.is_none());
        assert_eq!(looked_at, MOST_VALUES);
    }

    #[test]
    fn a_signed_payload_that_is_no_session_opens_an_empty_one() {
        let store = store(Refresh::AfterTenth);
        for payload in ["[1]", "null", "", "{", "\u{feff}{}"] {
            assert!(
                open(&store, [token(&store, payload)], NOW).is_empty(),
                "{payload}"
            );
        }
    }

    #[test]
    fn a_session_is_sent_again_after_a_tenth_of_its_life() {
        let store = store(Refresh::AfterTenth);
        for (payload, tenth) in [
            (r#"{"a":1}"#, HOUR / 10),
            (r#"{"a":1,"_permanent":true}"#, HOUR),
            (r#"{"a":1,"_permanent":60}"#, 6),
        ] {
            assert!(!must_commit(&store, payload, NOW + tenth - 1), "{payload}");
            assert!(must_commit(&store, payload, NOW + tenth), "{payload}");
        }
    }

    #[test]
    fn with_each_request_only_permanent_sessions_are_sent_again() {
        let store = store(Refresh::EachRequest);
        for (payload, sent) in [
            (r#"{"a":1}"#, false),
            (r#"{"a":1,"_permanent":true}"#, true),
        ] {
            assert_eq!(must_commit(&store, payload, NOW), sent, "{payload}");
        }
    }

    #[test]
    fn never_is_never() {
        let store = store(Refresh::Never);
        let payload = r#"{"a":1,"_permanent":true}"#;
        assert!(!must_commit(&store, payload, NOW + 10 * HOUR));
    }

    #[test]
    fn a_permanent_session_expires_a_lifetime_from_now_and_another_with_the_browser() {
        let store = store(Refresh::AfterTenth);
        let empty = Snapshot::default();
        let CookieChange::Set { expires, .. } =
            commit(&store, &empty, &delta(&empty, "a", "1")).unwrap()
        else {
            panic!()
        };
        assert_eq!(expires, None);
        let permanent = open(&store, [token(&store, r#"{"_permanent":true}"#)], NOW);
        let CookieChange::Set { expires, .. } =
            commit(&store, &permanent, &delta(&permanent, "a", "1")).unwrap()
        else {
            panic!()
        };
        assert_eq!(expires, Some(NOW + 10 * HOUR));
    }

    #[test]
    fn a_session_that_was_emptied_is_removed_and_one_that_never_was_is_left_alone() {
        let store = store(Refresh::AfterTenth);
        let empty = Snapshot::default();
        assert_eq!(
            commit(&store, &empty, &delta(&empty, "_permanent", "true")),
            Ok(CookieChange::Keep)
        );
        let loaded = open(&store, [token(&store, r#"{"a":1}"#)], NOW);
        let mut emptied = Delta::default();
        emptied.remove(&loaded, "a");
        assert_eq!(commit(&store, &loaded, &emptied), Ok(CookieChange::Remove));
    }

    #[test]
    fn a_cookie_that_browsers_would_drop_is_an_error_that_names_the_largest_keys() {
        let store = store(Refresh::AfterTenth);
        let loaded = open(
            &store,
            [token(&store, r#"{"small":1,"name":"some name"}"#)],
            NOW,
        );
        // Random text, which no compression makes smaller.
        let noise = format!(
            "\"{}\"",
            (0..160)
                .map(|_| String::from_utf8(SecretKey::generate().expose_secret().to_vec()).unwrap())
                .collect::<String>()
        );
        let error = commit(&store, &loaded, &delta(&loaded, "noise", &noise)).unwrap_err();
        let CommitError::TooLarge {
            size,
            limit,
            ref keys,
        } = error;
        assert!(size > limit, "{error}");
        assert_eq!(
            keys,
            "`noise` (10242 bytes), `name` (11 bytes), `small` (1 bytes)"
        );
    }
}
