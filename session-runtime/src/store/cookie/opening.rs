//! What a visitor's cookies open: which of several counts, how many are looked at, and what is taken over from earlier
//! settings. It saves nothing.

use crate::session::{Delta, Snapshot, created};
use crate::store::MOST_VALUES;
use crate::store::serializer::OpenError;

use super::CookieStore;

impl CookieStore {
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
        let mut snapshot = Snapshot::default();
        let mut newest = Newest::in_place(&mut snapshot);
        for value in values.into_iter().take(MOST_VALUES) {
            if let Err(error) = self.look_at(value.as_ref().as_bytes(), &mut newest, &now) {
                reject(error);
            }
        }
        newest.is_found().then_some(snapshot)
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
        newest: &mut Newest<'_>,
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
            return match self.serializer.open(value, now, newest.snapshot) {
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
        if saved_at(&snapshot) >= saved_at(newest.snapshot) {
            *newest.snapshot = snapshot;
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
}

/// The session that counts, of those that the cookies open which have been looked at.
pub(crate) struct Newest<'s> {
    /// Never saved, if there is none.
    pub(crate) snapshot: &'s mut Snapshot,
    /// How many texts have been looked at.
    seen: usize,
    /// Whether anything has been.
    has_begun: bool,
}

impl<'s> Newest<'s> {
    /// None yet; it is written where there is an empty one.
    pub(crate) fn in_place(snapshot: &'s mut Snapshot) -> Self {
        Self {
            snapshot,
            seen: 0,
            has_begun: false,
        }
    }

    /// Whether one of the cookies opens a session.
    pub(crate) fn is_found(&self) -> bool {
        self.snapshot.saved().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::for_test::{HOUR, NOW, open, signed, store, token};
    use super::*;
    use crate::store::Refresh;

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
        let mut snapshot = Snapshot::default();
        let mut newest = Newest::in_place(&mut snapshot);
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
}
