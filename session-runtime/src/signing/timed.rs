//! The time in a token: how it is written, how it is read, and when it is too long ago.
//!
//! Knows neither keys nor payloads, and asks no clock: every moment is handed in, in whole seconds
//! since the beginning of 1970, UTC.

use std::time::Duration;

use super::encoding;

/// The last second of the year 9999, UTC.
///
/// Python's `datetime` ends there: a correctly signed later time makes Flask answer 500 for as long
/// as the browser keeps the cookie. Such a time is never written here and never accepted.
pub(super) const LAST_SECOND: u64 = 253_402_300_799;

/// Bytes of a `u64`, the longest time that itsdangerous reads.
const MAX_BYTES: usize = size_of::<u64>();

/// Checks that what was signed at `signed_at` still counts at `now`; all in seconds since 1970.
///
/// A `lifetime` counts in whole seconds, as in Flask (`PERMANENT_SESSION_LIFETIME`): an age equal to
/// it is alive, one second more is not. A token from the future is accepted up to `leeway`, because
/// the clocks of two hosts differ; Flask itself allows none. The leeway never prolongs a lifetime.
///
/// # Errors
///
/// [`AgeError::Expired`] if more than `lifetime` has passed since `signed_at`, and
/// [`AgeError::FromTheFuture`] if `signed_at` is later than `now` by more than `leeway`.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{AgeError, check_age};
/// use std::time::Duration;
///
/// let (hour, leeway) = (Duration::from_secs(3600), Duration::from_secs(5));
/// let signed_at = 1_700_000_000;
///
/// assert!(check_age(signed_at, signed_at + 3600, hour, leeway).is_ok());
/// assert!(matches!(
///     check_age(signed_at, signed_at + 3601, hour, leeway),
///     Err(AgeError::Expired { .. }),
/// ));
/// assert!(check_age(signed_at, signed_at - 5, hour, leeway).is_ok());
/// assert!(matches!(
///     check_age(signed_at, signed_at - 6, hour, leeway),
///     Err(AgeError::FromTheFuture { .. }),
/// ));
/// ```
pub fn check_age(
    signed_at: u64,
    now: u64,
    lifetime: Duration,
    leeway: Duration,
) -> Result<(), AgeError> {
    match now.checked_sub(signed_at) {
        Some(age) if age > lifetime.as_secs() => Err(AgeError::Expired {
            age: Duration::from_secs(age),
            lifetime,
        }),
        Some(_) => Ok(()),
        None => {
            let by = Duration::from_secs(signed_at.saturating_sub(now));
            if by > leeway {
                Err(AgeError::FromTheFuture { by })
            } else {
                Ok(())
            }
        }
    }
}

/// Why a token's time does not count any more, or not yet.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::AgeError;
/// use std::time::Duration;
///
/// let error = AgeError::Expired {
///     age: Duration::from_secs(61),
///     lifetime: Duration::from_secs(60),
/// };
/// assert_eq!(error.to_string(), "it was signed 61 s ago and lives for 60 s: a new one is needed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgeError {
    /// It has outlived its lifetime.
    #[error(
        "it was signed {} s ago and lives for {} s: a new one is needed",
        age.as_secs(),
        lifetime.as_secs()
    )]
    Expired {
        /// How long ago it was signed.
        age: Duration,
        /// How long it was to live.
        lifetime: Duration,
    },
    /// It was signed later than now.
    #[error(
        "it was signed {} s in the future: the clocks of two hosts differ, set them or allow a larger leeway",
        by.as_secs()
    )]
    FromTheFuture {
        /// How much later than now.
        by: Duration,
    },
}

/// Appends `at` in base64: big-endian, without leading zero bytes, so that 1970 itself is empty.
///
/// A moment after the year 9999 is written as its last second.
pub(super) fn encode_into(at: u64, text: &mut String) {
    let bytes = at.min(LAST_SECOND).to_be_bytes();
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    encoding::encode_into(&bytes[zeros..], text);
}

/// Reads what [`encode_into`] writes; nothing if it is no time, or one after the year 9999.
///
/// Leading zero bytes are accepted up to eight bytes in all, as itsdangerous does: other signers
/// pad, and only whoever holds the key can.
pub(super) fn decode(text: &str) -> Option<u64> {
    let mut buffer = [0; MAX_BYTES];
    let bytes = encoding::decode_onto(text, &mut buffer)?;
    let at = bytes
        .iter()
        .fold(0, |at: u64, &byte| at << 8 | u64::from(byte));
    (at <= LAST_SECOND).then_some(at)
}
