//! How long a session lives: with the browser, or for a set time. Knows the reserved key that says so, and no clock.

use std::time::Duration;

use super::{Delta, Snapshot, Text};

/// The reserved key. Flask keeps the same one, and reads any truthy value as permanent.
pub(super) const KEY: &str = "_permanent";

/// Whether the session outlives the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permanence {
    /// It ends with the browser.
    Browser,
    /// It outlives the browser, for as long as the configuration says.
    Configured,
    /// It outlives the browser, for a time of its own.
    Own(Duration),
}

impl Permanence {
    pub(crate) fn of(snapshot: &Snapshot, delta: &Delta) -> Self {
        Self::from_json(delta.get(snapshot, KEY))
    }

    /// That of a session that nothing has changed.
    pub(crate) fn loaded(snapshot: &Snapshot) -> Self {
        Self::from_json(snapshot.get(KEY))
    }

    /// Reads the value under [`KEY`]: a number of seconds is a lifetime of its own, anything else counts as Python
    /// counts it.
    fn from_json(text: Option<&str>) -> Self {
        match text {
            None | Some("false" | "null" | "0" | "0.0" | "\"\"" | "[]" | "{}") => Self::Browser,
            Some(text) => text.parse().map_or(Self::Configured, |seconds| {
                Self::Own(Duration::from_secs(seconds))
            }),
        }
    }

    /// What stands under [`KEY`], or `None` where nothing should.
    pub(super) fn to_json(self) -> Option<Text> {
        match self {
            Self::Browser => None,
            Self::Configured => Some("true".into()),
            // Less than a second would round to 0, which reads as "ends with the browser".
            Self::Own(lifetime) => Some(lifetime.as_secs().max(1).to_string().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for permanence in [
            Permanence::Browser,
            Permanence::Configured,
            Permanence::Own(Duration::from_secs(600)),
        ] {
            assert_eq!(
                Permanence::from_json(permanence.to_json().as_deref()),
                permanence
            );
        }
    }

    #[test]
    fn what_python_calls_false_ends_with_the_browser() {
        for text in ["false", "null", "0", "0.0", "\"\"", "[]", "{}"] {
            assert_eq!(
                Permanence::from_json(Some(text)),
                Permanence::Browser,
                "{text}"
            );
        }
        for text in ["true", "\"yes\"", "[0]", "-1", "1.5"] {
            assert_eq!(
                Permanence::from_json(Some(text)),
                Permanence::Configured,
                "{text}"
            );
        }
    }
}
