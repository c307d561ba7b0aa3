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
    /// What it holds began too long ago, however young the token is.
    #[error(
        "it began {} s ago and lives for {} s at the most: a new one is needed",
        age.as_secs(),
        lifetime.as_secs()
    )]
    Ended {
        /// How long ago it began.
        age: Duration,
        /// How long it was to live at the most.
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
pub(super) fn encode_into(at: u64, text: &mut Vec<u8>) {
    let at = at.min(LAST_SECOND);
    encoding::encode_into(&at.to_be_bytes()[MAX_BYTES - len(at)..], text);
}

/// How many characters [`encode_into`] appends.
pub(super) fn encoded_len(at: u64) -> usize {
    encoding::encoded_len(len(at.min(LAST_SECOND)))
}

/// How many bytes are left without the leading zeros.
fn len(at: u64) -> usize {
    MAX_BYTES - at.leading_zeros() as usize / 8
}

/// Reads what [`encode_into`] writes; nothing if it is no time, or one after the year 9999.
///
/// Leading zero bytes are accepted up to eight bytes in all, as itsdangerous does: other signers
/// pad, and only whoever holds the key can.
pub(super) fn decode(text: impl AsRef<[u8]>) -> Option<u64> {
    let text = text.as_ref();
    // Digit by digit: what is quick with long texts takes longer to begin with one.
    if text.len() > encoding::encoded_len(MAX_BYTES) || text.len() % 4 == 1 {
        return None;
    }
    let mut bits: u128 = 0;
    for &character in text {
        bits = bits << 6 | u128::from(encoding::digit(character)?);
    }
    // What the last character says beyond the last byte must be nothing.
    let spare = 6 * text.len() % 8;
    if (bits.trailing_zeros() as usize) < spare {
        return None;
    }
    let at = u64::try_from(bits >> spare).ok()?;
    (at <= LAST_SECOND).then_some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encode(at: u64) -> String {
        let mut text = Vec::new();
        encode_into(at, &mut text);
        String::from_utf8(text).unwrap()
    }

    fn base64(bytes: &[u8]) -> String {
        encoding::encode(bytes)
    }

    #[test]
    fn a_time_is_written_as_itsdangerous_writes_it() {
        for (at, text) in [
            (0, ""),
            (1, "AQ"),
            (255, "_w"),
            (256, "AQA"),
            (1_700_000_000, "ZVPxAA"),
            (LAST_SECOND, "Ov_0QX8"),
        ] {
            assert_eq!(encode(at), text);
            assert_eq!(decode(text), Some(at));
        }
    }

    #[test]
    fn a_time_after_the_year_9999_is_neither_written_nor_read() {
        assert_eq!(encode(u64::MAX), encode(LAST_SECOND));
        assert_eq!(decode(base64(&(LAST_SECOND + 1).to_be_bytes())), None);
        assert_eq!(decode(base64(&[0xFF; 8])), None);
    }

    #[test]
    fn leading_zeros_are_read_up_to_eight_bytes() {
        assert_eq!(decode(base64(&[0, 0, 0, 0, 0, 0, 1, 0])), Some(256));
        assert_eq!(decode(base64(&[0, 0, 0, 0, 0, 0, 0, 1, 0])), None);
    }

    #[test]
    fn what_is_no_base64_is_no_time() {
        for text in [
            "ZVPxAA==",
            "ZVPx A",
            "ZVPxAB",
            "Z",
            "\u{e9}\u{e9}",
            "ZVPxAA\n",
        ] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_age_equal_to_the_lifetime_is_alive_and_one_more_is_not() {
        let (lifetime, none) = (Duration::from_secs(60), Duration::ZERO);
        assert_eq!(check_age(1_000, 1_060, lifetime, none), Ok(()));
        assert_eq!(
            check_age(1_000, 1_061, lifetime, none),
            Err(AgeError::Expired {
                age: Duration::from_secs(61),
                lifetime
            })
        );
    }

    #[test]
    fn a_leeway_does_not_prolong_a_lifetime() {
        let leeway = Duration::from_secs(30);
        assert!(check_age(1_000, 1_061, Duration::from_secs(60), leeway).is_err());
    }

    #[test]
    fn a_token_from_the_future_counts_within_the_leeway_only() {
        let (lifetime, leeway) = (Duration::from_secs(60), Duration::from_secs(5));
        assert_eq!(check_age(1_005, 1_000, lifetime, leeway), Ok(()));
        assert_eq!(
            check_age(1_006, 1_000, lifetime, leeway),
            Err(AgeError::FromTheFuture {
                by: Duration::from_secs(6)
            })
        );
        assert!(check_age(1_001, 1_000, lifetime, Duration::ZERO).is_err());
    }

    #[test]
    fn a_lifetime_of_nothing_lasts_for_the_second_it_was_signed_in() {
        assert!(check_age(7, 7, Duration::ZERO, Duration::ZERO).is_ok());
        assert!(check_age(7, 8, Duration::ZERO, Duration::ZERO).is_err());
    }

    proptest! {
        #[test]
        fn every_time_up_to_the_year_9999_is_read_back(at in 0..=LAST_SECOND) {
            prop_assert_eq!(decode(encode(at)), Some(at));
        }

        #[test]
        fn a_time_is_read_as_any_base64_is(text in "[A-Za-z0-9_=+-]{0,13}", zeros in "A{0,7}") {
            for text in [&text, &format!("{zeros}{text}")] {
                let mut buffer = [0; MAX_BYTES];
                let bytes = encoding::decode_onto(text, &mut buffer);
                let at = bytes.map(|bytes| bytes.iter().fold(0, |at, &byte| at << 8 | u64::from(byte)));
                prop_assert_eq!(decode(text), at.filter(|&at| at <= LAST_SECOND), "{}", text);
            }
        }

        #[test]
        fn judging_an_age_never_panics(signed_at: u64, now: u64, lifetime: u64, leeway: u64) {
            let _ = check_age(
                signed_at,
                now,
                Duration::from_secs(lifetime),
                Duration::from_secs(leeway),
            );
        }
    }
}
