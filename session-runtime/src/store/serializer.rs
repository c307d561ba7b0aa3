//! Between a session and the text of its cookie: signed or sealed as the configuration says, with the payload that the
//! configuration's format writes. It knows lifetimes and asks no clock; where a cookie comes from it does not know.

use std::fmt;

use crate::session::tree::Tree;
use crate::session::{Delta, Format, Permanence, Saved, Snapshot, created};
use crate::signing::{AgeError, TokenError, Verified};

use super::lifetimes::Lifetimes;
use super::protection::Protection;

/// Reads and writes a session's cookie outside any request, as a command-line tool does, or a service of another kind
/// that is given the cookie's value. Flask's word for it is the session interface's signing serializer.
///
/// [`SessionConfig::serializer`](crate::SessionConfig::serializer) makes one.
///
/// ```
/// use session_runtime::{SessionConfig, signing::SecretKey};
///
/// let serializer = SessionConfig::new(SecretKey::generate()).serializer();
/// let cookie = serializer.encode(r#"{"user_id": 12345}"#, 1_700_000_000)?;
/// let session = serializer.decode(&cookie)?;
/// assert_eq!(session.json(), r#"{"user_id":12345}"#);
/// assert_eq!(session.signed_at(), 1_700_000_000);
/// assert!(session.check_age(1_700_000_000 + 60).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CookieSerializer {
    protection: Protection,
    format: &'static dyn Format,
    lifetimes: Lifetimes,
}

impl CookieSerializer {
    pub(crate) fn new(
        protection: Protection,
        format: &'static dyn Format,
        lifetimes: Lifetimes,
    ) -> Self {
        Self {
            protection,
            format,
            lifetimes,
        }
    }

    /// Opens a cookie's value: checks the signature, and that the payload is one that opens a session. Its age is asked of
    /// the result.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] says how far it came.
    pub fn decode(&self, cookie: &str) -> Result<Decoded, DecodeError> {
        let Verified { payload, signed_at } = self.protection.verify(cookie.as_bytes())?;
        let mut snapshot = Snapshot::default();
        self.read(payload.clone(), signed_at, &mut snapshot)?;
        let json = String::from_utf8(payload).map_err(|_| DecodeError::Unreadable { signed_at })?;
        Ok(Decoded {
            json,
            signed_at,
            permanence: Permanence::loaded(&snapshot),
            created: created(&snapshot, &Delta::default()),
            lifetimes: self.lifetimes,
        })
    }

    /// The cookie's value for a session with these members, signed as of `at`, in unix seconds. The values are taken as they
    /// are kept: in Flask's settings an object like `{" t":[1,2]}` is a tag.
    ///
    /// The size is not judged: what a browser keeps depends on the cookie's name.
    ///
    /// # Errors
    ///
    /// [`EncodeError`] if no reader would open the session.
    pub fn encode(&self, json: &str, at: u64) -> Result<String, EncodeError> {
        let mut snapshot = Snapshot::parse(json.into()).map_err(|_| EncodeError::NoSession)?;
        let tree = Tree::parse(json);
        if !matches!(tree, Tree::Object(_)) {
            return Err(EncodeError::NoSession);
        }
        if !tree.is_plain_json() {
            return Err(EncodeError::PythonOnly);
        }
        if !self.format.accept(&mut snapshot) {
            return Err(EncodeError::WrongTag);
        }
        let cookie = self.sign(&self.format.spelled(&tree), at, "", 0);
        // A token is ASCII.
        Ok(String::from_utf8(cookie).unwrap_or_default())
    }

    /// Opens a cookie's value that is alive `now`, which is asked of those that are ours alone. What does not open leaves an
    /// empty session in `snapshot`.
    pub(super) fn open(
        &self,
        cookie: &[u8],
        now: impl FnOnce() -> u64,
        snapshot: &mut Snapshot,
    ) -> Result<(), OpenError> {
        let verified = match self.protection.verify(cookie) {
            Ok(verified) => verified,
            Err(error) => return Err(DecodeError::from(error).into()),
        };
        let loaded = self.load(verified, now, snapshot);
        if loaded.is_err() {
            *snapshot = Snapshot::default();
        }
        loaded
    }

    /// Loads what was verified. What does not open may be there in part.
    fn load(
        &self,
        Verified { payload, signed_at }: Verified,
        now: impl FnOnce() -> u64,
        snapshot: &mut Snapshot,
    ) -> Result<(), OpenError> {
        self.read(payload, signed_at, snapshot)?;
        let now = now();
        let permanence = Permanence::loaded(snapshot);
        let created = || created(snapshot, &Delta::default());
        self.lifetimes
            .check(permanence, (signed_at, created), now)?;
        snapshot.set_saved(Saved {
            at: signed_at,
            ago: now.saturating_sub(signed_at),
        });
        Ok(())
    }

    /// The cookie's value for a payload, with `lead` before it and room for `spare` bytes after it.
    pub(super) fn sign(&self, payload: &str, at: u64, lead: &str, spare: usize) -> Vec<u8> {
        self.protection.protect(lead, spare, payload.as_bytes(), at)
    }

    pub(super) fn format(&self) -> &'static dyn Format {
        self.format
    }

    pub(super) fn lifetimes(&self) -> &Lifetimes {
        &self.lifetimes
    }

    /// Reads the session that a payload opens.
    fn read(
        &self,
        payload: Vec<u8>,
        signed_at: u64,
        snapshot: &mut Snapshot,
    ) -> Result<(), DecodeError> {
        let is_read = snapshot.load(payload).is_ok() && self.format.accept(snapshot);
        is_read
            .then_some(())
            .ok_or(DecodeError::Unreadable { signed_at })
    }
}

impl fmt::Debug for CookieSerializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieSerializer").finish_non_exhaustive()
    }
}

/// A cookie whose signature is right and whose payload opens a session.
#[derive(Clone)]
pub struct Decoded {
    json: String,
    signed_at: u64,
    permanence: Permanence,
    created: Option<u64>,
    lifetimes: Lifetimes,
}

impl Decoded {
    /// The payload as it was signed, byte for byte: an object, or `null`, which is an empty session. Tags are kept, and so
    /// is what only Python writes, such as `NaN`.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// When it was signed, in unix seconds.
    #[must_use]
    pub fn signed_at(&self) -> u64 {
        self.signed_at
    }

    /// Whether the session lives at `now`, in unix seconds, by the configuration's lifetimes and its own.
    ///
    /// # Errors
    ///
    /// [`AgeError::Expired`], [`AgeError::Ended`] by the absolute lifetime, or [`AgeError::FromTheFuture`].
    pub fn check_age(&self, now: u64) -> Result<(), AgeError> {
        let times = (self.signed_at, || self.created);
        self.lifetimes.check(self.permanence, times, now)
    }
}

impl fmt::Debug for Decoded {
    /// Shows no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded")
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}

/// Why a cookie opens no session, however young it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The text is not one of ours, or cannot be read.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The signature is right, but the payload is no session.
    #[error(
        "it is correctly signed, but its payload is no session: look for what else signs with this key and salt"
    )]
    Unreadable {
        /// When it was signed, in unix seconds.
        signed_at: u64,
    },
}

/// Why a text cannot become a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// It is no JSON object, or one that Flask would not read.
    #[error(
        "a session is a JSON object, nested at most 320 levels deep and with no number of more than 4,300 digits: give one such as {{\"user_id\": 1}}"
    )]
    NoSession,
    /// Python's JSON knows it, JSON does not.
    #[error("NaN, Infinity and lone surrogates are no JSON: leave them out")]
    PythonOnly,
    /// A tag of Flask's has content that Flask cannot read.
    #[error(
        "an object with one of Flask's tags as its only key has content that the tag cannot have, or is the whole session: mend it, or escape it with the tag \" di\""
    )]
    WrongTag,
}

/// Why a cookie opens no session now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Age(#[from] AgeError),
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::flask::TaggedJson;
    use crate::session::PlainJson;
    use crate::signing::{SecretKey, TokenSigner};

    fn serializer(format: &'static dyn Format) -> CookieSerializer {
        let lifetimes = Lifetimes {
            permanent: Duration::from_secs(600),
            browser: Duration::from_secs(60),
            absolute: None,
            clock_leeway: Duration::ZERO,
        };
        CookieSerializer::new(
            Protection::Signed(TokenSigner::new(SecretKey::generate())),
            format,
            lifetimes,
        )
    }

    fn written(format: &'static dyn Format, json: &str) -> String {
        let serializer = serializer(format);
        let cookie = serializer.encode(json, 0).unwrap();
        serializer.decode(&cookie).unwrap().json().to_owned()
    }

    #[test]
    fn plain_json_loses_its_spaces_and_nothing_else() {
        assert_eq!(
            written(
                &PlainJson,
                " { \"b\" : 100000000000000000001 , \"a\" : [ 1e5 , \"\\u5b57 字\" ] } "
            ),
            r#"{"b":100000000000000000001,"a":[1e5,"\u5b57 字"]}"#
        );
    }

    #[test]
    fn flasks_format_writes_as_flask_does_and_keeps_tags() {
        assert_eq!(
            written(
                &TaggedJson,
                r#"{"b": {" t": [1, "字"]}, "a": {" di": {" t__": 1}}}"#
            ),
            r#"{"a":{" di":{" t__":1}},"b":{" t":[1,"\u5b57"]}}"#
        );
    }

    #[test]
    fn what_no_reader_would_open_is_not_written() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(320), "]".repeat(320));
        for (json, error) in [
            ("[1]", EncodeError::NoSession),
            ("null", EncodeError::NoSession),
            ("{\"a\":1}x", EncodeError::NoSession),
            (&deep, EncodeError::NoSession),
            (r#"{"a":NaN}"#, EncodeError::PythonOnly),
            (r#"{"a":[-Infinity]}"#, EncodeError::PythonOnly),
            (r#"{"a":"\ud800"}"#, EncodeError::PythonOnly),
            (r#"{"\udfff":1}"#, EncodeError::PythonOnly),
            (r#"{"a":{" b":"YQ"}}"#, EncodeError::WrongTag),
            (r#"{" t":[1,2]}"#, EncodeError::WrongTag),
        ] {
            assert_eq!(
                serializer(&TaggedJson).encode(json, 0),
                Err(error),
                "{json}"
            );
        }
    }

    #[test]
    fn a_sessions_age_is_judged_by_its_own_lifetime_first() {
        let serializer = serializer(&PlainJson);
        for (json, lifetime) in [
            (r#"{"a":1}"#, 60),
            (r#"{"_permanent":true}"#, 600),
            (r#"{"_permanent":5}"#, 5),
        ] {
            let cookie = serializer.encode(json, 1000).unwrap();
            let session = serializer.decode(&cookie).unwrap();
            assert!(session.check_age(1000 + lifetime).is_ok(), "{json}");
            assert!(session.check_age(1001 + lifetime).is_err(), "{json}");
        }
    }

    #[test]
    fn no_value_and_no_key_is_in_a_debug_text() {
        let serializer = serializer(&PlainJson);
        let cookie = serializer.encode(r#"{"name":"Ada"}"#, 0).unwrap();
        let session = serializer.decode(&cookie).unwrap();
        assert!(!format!("{serializer:?} {session:?}").contains("Ada"));
    }

    #[test]
    fn another_signer_makes_no_cookie_of_ours() {
        let cookie = serializer(&PlainJson).encode("{}", 0).unwrap();
        assert_eq!(
            serializer(&PlainJson).decode(&cookie).unwrap_err(),
            DecodeError::Token(TokenError::BadSignature)
        );
    }
}
