//! How long something lasts, as a configuration file says it.

use std::time::Duration;

/// The units, each with its seconds.
const UNITS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];

/// A century.
const LONGEST: u64 = 36_500 * 86_400;

/// What [`read`] takes, for a sentence.
pub(super) const TAKES: &str = "seconds as a number, or a text of a whole number and a unit (s, m, h or d), as in \"15m\"; \
                                a century at the most";

/// Reads `15m` as `#[session(lifetime = "15m")]` does; and, as where an environment variable stands behind it, a number
/// without a unit as seconds.
pub(super) fn read(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let (_, seconds) = UNITS
        .iter()
        .find(|(name, _)| *name == unit || unit.is_empty())?;
    from_seconds(number.parse::<u64>().ok()?.checked_mul(*seconds)?)
}

/// Whole seconds, so that Flask and we mean the same.
pub(super) fn from_seconds(seconds: u64) -> Option<Duration> {
    (seconds <= LONGEST).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_are_read_as_the_attribute_reads_them() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("12h", 43_200),
            ("31d", 2_678_400),
            ("36500d", LONGEST),
            ("3600", 3600),
            ("0", 0),
        ] {
            assert_eq!(read(text), Some(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in [
            "",
            "m",
            "s",
            "-5m",
            "1.5h",
            "1h30m",
            "15w",
            "15 m",
            "15M",
            "fifteen",
            "+5",
            "36501d",
            "18446744073709551615d",
            "99999999999999999999",
            "99999999999999999999s",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(from_seconds(u64::MAX), None);
    }
}
