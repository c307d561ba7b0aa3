//! A moment as people read it.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Seconds since 1970, shown as in RFC 3339, which ends with the year 9999; later ones are shown as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Utc(pub(crate) u64);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = i64::try_from(self.0)
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .and_then(|moment| moment.format(&Rfc3339).ok());
        match text {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} s after 1970", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_as_rfc_3339_has_it() {
        assert_eq!(Utc(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Utc(1_700_000_000).to_string(), "2023-11-14T22:13:20Z");
        assert_eq!(Utc(253_402_300_799).to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn after_the_year_9999_only_the_seconds_are_shown() {
        assert_eq!(
            Utc(253_402_300_800).to_string(),
            "253402300800 s after 1970"
        );
        assert_eq!(
            Utc(u64::MAX).to_string(),
            format!("{} s after 1970", u64::MAX)
        );
    }
}
