//! `"15m"`: a whole number and a unit.

use std::fmt::Write;

/// The units, each with its seconds and the words that people write for it.
const UNITS: [(char, u64, &[&str]); 4] = [
    ('s', 1, &["s", "sec", "secs", "second", "seconds"]),
    ('m', 60, &["m", "min", "mins", "minute", "minutes"]),
    ('h', 3_600, &["h", "hr", "hrs", "hour", "hours"]),
    ('d', 86_400, &["d", "day", "days"]),
];

/// A century.
const LONGEST: u64 = 36_500 * 86_400;

/// Reads `"90s"`, `"15m"`, `"12h"` or `"31d"` as seconds; the error is a sentence with the mend in it.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let Some((_, length, _)) = UNITS.iter().find(|(letter, ..)| unit.chars().eq([*letter])) else {
        return Err(wrong(text));
    };
    let Ok(number) = number.parse::<u64>() else {
        return Err(if number.is_empty() {
            wrong(text)
        } else {
            too_long(text)
        });
    };
    match number.checked_mul(*length) {
        Some(0) => Err(format!(
            "\"{text}\" is no time at all; write at least \"1s\""
        )),
        // Later sums with a Unix time must not overflow either.
        Some(seconds) if seconds <= LONGEST => Ok(seconds),
        _ => Err(too_long(text)),
    }
}

fn too_long(text: &str) -> String {
    format!("\"{text}\" is too long a time; the longest is \"36500d\", a century")
}

fn wrong(text: &str) -> String {
    let mut sentence = format!("\"{text}\" is no duration");
    let _ = match meant(text) {
        Some(meant) => write!(sentence, "; did you mean \"{meant}\"?"),
        None => write!(
            sentence,
            "; write a whole number and a unit (s, m, h or d), as in \"15m\""
        ),
    };
    sentence
}

/// "15 minutes" is "15m".
fn meant(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return None;
    }
    let (letter, ..) = UNITS
        .iter()
        .find(|(.., words)| words.contains(&unit.trim()))?;
    Some(format!("{number}{letter}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_are_seconds() {
        for (text, expected) in [
            ("90s", 90),
            ("15m", 900),
            ("12h", 43_200),
            ("31d", 2_678_400),
        ] {
            assert_eq!(seconds(text), Ok(expected));
        }
    }

    #[test]
    fn words_for_units_are_understood_and_the_right_form_is_said() {
        for (text, meant) in [
            ("15 minutes", "15m"),
            ("2 H", "2h"),
            ("1 day", "1d"),
            (" 90s", "90s"),
            ("5min", "5m"),
        ] {
            assert_eq!(
                seconds(text),
                Err(format!(
                    "\"{text}\" is no duration; did you mean \"{meant}\"?"
                ))
            );
        }
    }

    #[test]
    fn what_is_no_duration_gets_the_rule() {
        for text in ["", "m", "15", "-5m", "1.5h", "1h30m", "15w", "fifteen"] {
            let error = seconds(text).unwrap_err();
            assert!(error.ends_with("(s, m, h or d), as in \"15m\""), "{error}");
        }
    }

    #[test]
    fn nothing_and_for_ever_are_refused() {
        assert!(seconds("0m").unwrap_err().contains("no time at all"));
        for text in [
            "99999999999999999999s",
            "18446744073709551615d",
            "36501d",
            "18446744073709551615s",
        ] {
            assert!(seconds(text).unwrap_err().contains("too long"), "{text}");
        }
    }
}
