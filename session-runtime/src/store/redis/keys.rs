//! Under which keys and in which fields Redis has what. Knows no question and no connection.
//!
//! A session is one hash, `session:` and its id, so that a script needs one key and Cluster one slot. A value is the field
//! `v:` and its name; the other fields are what is known of the session besides. Which sessions a user has stands in a
//! sorted set of its own, `session-user:` and the user's hash, scored with the second until which an entry holds.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::{RedisWrite, ToRedisArgs};
use sha2::{Digest as _, Sha256};

use crate::store::{Life, SessionId};

/// What stands before a value's name. The script of a commit knows it too.
const VALUE: &str = "v:";

/// The names of keys, which begin with what the application has set.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    prefix: String,
}

impl Keys {
    pub(super) fn with_prefix(prefix: &str) -> Self {
        let mut prefix = prefix.to_owned();
        if !prefix.is_empty() {
            prefix.push(':');
        }
        Self { prefix }
    }

    pub(super) fn session(&self, id: SessionId) -> String {
        let mut key = String::with_capacity(self.prefix.len() + 30);
        key.push_str(&self.prefix);
        key.push_str("session:");
        // A string takes all that is written.
        let _ = write!(key, "{id}");
        key
    }

    /// Keys of no session, one in a cluster's first slot and one in its last.
    pub(super) fn ends(&self) -> [String; 2] {
        ["{3560}", "{39296}"].map(|tag| format!("{}session:{tag}", self.prefix))
    }

    /// A user's index. A user may be any JSON text, of any length, and need not stand in the name of a key for all to see.
    pub(super) fn user(&self, user: &str) -> String {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(user));
        format!("{}session-user:{hash}", self.prefix)
    }
}

/// The field of the value of this name.
pub(super) struct Field<'n>(pub(super) &'n str);

impl ToRedisArgs for Field<'_> {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        out.write_arg_fmt(format_args!("{VALUE}{}", self.0));
    }
}

/// The value whose field it is, if it is one's.
pub(super) fn value_of(field: &[u8]) -> Option<&[u8]> {
    field.strip_prefix(VALUE.as_bytes())
}

/// The last second that is kept exactly: a script counts in floating point numbers. It is in 285 million years.
pub(super) const LAST_SECOND: u64 = (1 << 53) - 1;

/// A time, or a number of seconds, as a script can count with it.
pub(super) fn seconds(number: u64) -> u64 {
    number.min(LAST_SECOND)
}

/// Until when an entry of a user's index holds for a session of this life: as long again as the session lives, because a
/// session lives on by itself, and its entry only when somebody extends that too.
pub(super) fn holds_until(expires_at: u64, idle: u64) -> u64 {
    seconds(expires_at.saturating_add(idle))
}

/// The same for a life that begins now.
pub(super) fn holds_for(life: &Life, now: u64) -> u64 {
    holds_until(life.expires_at(now), life.idle)
}

#[cfg(test)]
mod tests {
    use super::super::slot::{SLOTS, slot_of};
    use super::*;

    #[test]
    fn two_applications_with_prefixes_of_their_own_share_no_key() {
        let id = SessionId::from_bytes([7; 16]);
        let (plain, shop) = (Keys::with_prefix(""), Keys::with_prefix("shop"));
        assert_eq!(plain.session(id), "session:BwcHBwcHBwcHBwcHBwcHBw");
        assert_eq!(shop.session(id), "shop:session:BwcHBwcHBwcHBwcHBwcHBw");
        assert_ne!(plain.user("1"), shop.user("1"));
        assert_ne!(plain.user("1"), plain.user("\"1\""));
    }

    #[test]
    fn the_keys_of_no_session_are_at_the_ends_of_a_cluster() {
        for keys in [Keys::default(), Keys::with_prefix("shop")] {
            let slots = keys.ends().map(|key| slot_of(&key));
            assert_eq!(slots, [0, SLOTS - 1]);
        }
    }

    #[test]
    fn a_field_tells_a_value_from_what_is_known_besides() {
        let fields = [Field("secret"), Field("v:a")].map(|field| field.to_redis_args().concat());
        assert_eq!(value_of(&fields[0]), Some(&b"secret"[..]));
        assert_eq!(value_of(&fields[1]), Some(&b"v:a"[..]));
        assert_eq!(value_of(b"secret"), None);
    }
}
