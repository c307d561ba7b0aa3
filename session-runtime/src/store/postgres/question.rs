//! What the database is asked: the statements, and the parameters that several of them have in common. Knows no connection.

use std::borrow::Cow;

use super::text;
use crate::store::Value;

/// A statement, which each connection prepares once.
pub(super) struct Question {
    /// By which a connection finds it again.
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
    /// Whether doing it twice is as good as once, so that it may be asked again where the answer was lost.
    pub(super) is_repeatable: bool,
}

pub(super) const CREATE: Question = Question {
    name: "create",
    sql: include_str!("questions/create.sql"),
    is_repeatable: false,
};
pub(super) const LOOK: Question = Question {
    name: "look",
    sql: include_str!("questions/look.sql"),
    is_repeatable: true,
};
pub(super) const LOOK_BATCH: Question = Question {
    name: "look_batch",
    sql: include_str!("questions/look_batch.sql"),
    is_repeatable: true,
};
pub(super) const LEASE: Question = Question {
    name: "lease",
    sql: include_str!("questions/lease.sql"),
    is_repeatable: false,
};
pub(super) const LEASE_BATCH: Question = Question {
    name: "lease_batch",
    sql: include_str!("questions/lease_batch.sql"),
    is_repeatable: false,
};
pub(super) const OPEN: Question = Question {
    name: "open",
    sql: include_str!("questions/open.sql"),
    is_repeatable: true,
};
/// The same statement, but whoever asks again would find the lease taken, by himself.
pub(super) const OPEN_LEASED: Question = Question {
    is_repeatable: false,
    ..OPEN
};
pub(super) const TAKE: Question = Question {
    name: "take",
    sql: include_str!("questions/take.sql"),
    is_repeatable: false,
};
pub(super) const APPLY: Question = Question {
    name: "apply",
    sql: include_str!("questions/apply.sql"),
    is_repeatable: false,
};
pub(super) const APPLY_BATCH: Question = Question {
    name: "apply_batch",
    sql: include_str!("questions/apply_batch.sql"),
    is_repeatable: false,
};
pub(super) const COMMIT: Question = Question {
    name: "commit",
    sql: include_str!("questions/commit.sql"),
    is_repeatable: false,
};
pub(super) const RELEASE: Question = Question {
    name: "release",
    sql: include_str!("questions/release.sql"),
    is_repeatable: true,
};
/// Says whether the session was alive, which the second time it is not.
pub(super) const END: Question = Question {
    name: "end",
    sql: include_str!("questions/end.sql"),
    is_repeatable: false,
};
pub(super) const SESSIONS_OF: Question = Question {
    name: "sessions_of",
    sql: include_str!("questions/sessions_of.sql"),
    is_repeatable: true,
};
/// Says how many there were.
pub(super) const END_SESSIONS_OF: Question = Question {
    name: "end_sessions_of",
    sql: include_str!("questions/end_sessions_of.sql"),
    is_repeatable: false,
};
pub(super) const PURGE: Question = Question {
    name: "purge",
    sql: include_str!("questions/purge.sql"),
    is_repeatable: true,
};

/// Names and values, as a statement wants them: one array each.
pub(super) struct Columns<'a> {
    pub(super) names: Vec<Cow<'a, str>>,
    pub(super) values: Vec<Option<Cow<'a, str>>>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(values: &'a [Value]) -> Self {
        values
            .iter()
            .map(|(name, value)| (text::kept(name), Some(text::kept(value))))
            .collect()
    }

    /// Those that have a value.
    pub(super) fn of_present(values: &'a [(String, Option<String>)]) -> Self {
        let present = |(name, value): &'a (String, Option<String>)| {
            Some((text::kept(name), Some(text::kept(value.as_deref()?))))
        };
        values.iter().filter_map(present).collect()
    }

    pub(super) fn of_optional(values: &'a [(String, Option<String>)]) -> Self {
        values
            .iter()
            .map(|(name, value)| (text::kept(name), value.as_deref().map(text::kept)))
            .collect()
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Option<Cow<'a, str>>)> for Columns<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Option<Cow<'a, str>>)>>(pairs: I) -> Self {
        let (names, values) = pairs.into_iter().unzip();
        Self { names, values }
    }
}

/// Seconds, or a count, as PostgreSQL has them. What is longer than a hundred thousand million years is cut there, so that
/// the sum of two is still a number.
pub(super) fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).map_or(i64::MAX / 2, |seconds| seconds.min(i64::MAX / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_two_times_is_never_too_large() {
        assert_eq!(seconds(1_700_000_000), 1_700_000_000);
        assert!(
            seconds(u64::MAX)
                .checked_add(seconds(u64::MAX - 1))
                .is_some()
        );
    }
}
